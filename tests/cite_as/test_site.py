"""What a built book tells of how to cite it, read as others read it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinx_marginalia.cite_as import version_and_date
from sphinx_marginalia.testing import build
from tests.cite_as import readers, zotero, zotero_import
from tests.permalinks.books import CFF, PAGES, book, record, release

ROOT = Path(__file__).parents[2]
HARBOUR = PAGES["sea/harbour.md"]


def head(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def meta(page: str, name: str) -> list[str]:
    return [str(tag["content"]) for tag in head(page).find_all("meta", attrs={"name": name})]


# A page


def test_zotero_saves_a_page_as_a_section_of_the_book(tmp_path: Path) -> None:
    built = book(tmp_path)
    item = zotero.save(
        built.page("sea/harbour"), "https://tides.example/en/latest/sea/harbour.html"
    )
    assert item.type == "bookSection"
    assert item.title == "The harbour"
    assert item.authors == (("Lovelace", "Ada"), ("The Clock Society", ""))
    assert item.book == "Tides & clocks"
    assert item.date == "2026/03/01"
    assert item.url == "https://tides.example/en/v1.2.0/s/harbour.html"
    assert item.edition == "Version 1.2.0"
    assert item.publisher == "Harbour Press"


def test_zotero_saves_the_home_page_as_the_book(tmp_path: Path) -> None:
    built = book(tmp_path, cite_as_pdf_url="https://tides.example/{version}/book.pdf")
    item = zotero.save(built.page("index"), "https://tides.example/en/latest/")
    assert (item.type, item.title) == ("book", "Tides & clocks")
    assert item.url == "https://tides.example/en/v1.2.0/"
    assert meta(built.page("index"), "citation_pdf_url") == [
        "https://tides.example/v1.2.0/book.pdf"
    ]
    assert meta(built.page("moon"), "citation_pdf_url") == []


def test_a_page_may_be_by_others_than_the_book(tmp_path: Path) -> None:
    front = '---\nauthors: [Henrietta Leavitt, "van der Waals, Johannes"]\ndoi: 10.5281/zenodo.1003150\n---\n\n'
    built = book(tmp_path, pages={"moon.md": front + PAGES["moon.md"]})
    assert built.warnings == ""
    authors = ["Leavitt, Henrietta", "van der Waals, Johannes"]
    assert meta(built.page("moon"), "citation_author") == authors
    assert meta(built.page("moon"), "citation_doi") == ["10.5281/zenodo.1003150"]
    assert meta(built.page("sea/harbour"), "citation_author") == [
        "Lovelace, Ada",
        "The Clock Society,",
    ]
    (entry,) = readers.pybtex((built.out / "cite" / "phases.bib").read_text(encoding="utf-8"))
    assert entry["authors"] == [("Leavitt", "Henrietta", ""), ("van der Waals", "Johannes", "")]


def test_authors_may_be_fields_of_restructuredtext(tmp_path: Path) -> None:
    page = ":authors: Henrietta Leavitt and Annie Cannon\n\n.. _moon:\n\nThe moon\n========\n\nIt rises.\n"
    lock = {name: record(f"moon#{name}", reason="Left out.") for name in ("phases", "eclipse")}
    built = book(tmp_path, pages={"moon.md": None, "moon.rst": page}, lock=lock)
    assert built.warnings == ""
    assert meta(built.page("moon"), "citation_author") == ["Leavitt, Henrietta", "Cannon, Annie"]


def test_a_page_is_reported_in_json_ld_as_a_chapter_of_the_book(tmp_path: Path) -> None:
    front = "---\ndate: 2025-01-02\nupdated: 2026-02\n---\n\n"
    built = book(tmp_path, pages={"moon.md": front + PAGES["moon.md"]})
    (script,) = head(built.page("moon")).find_all("script", type="application/ld+json")
    data = json.loads(script.string)
    assert (data["@type"], data["name"]) == ("Chapter", "The moon")
    assert (data["dateCreated"], data["dateModified"]) == ("2025-01-02", "2026-02")
    assert data["datePublished"] == "2026-03-01"
    assert (data["isPartOf"]["@type"], data["isPartOf"]["name"]) == ("Book", "Tides & clocks")


def test_the_works_that_a_page_cites_are_reported_with_their_addresses(tmp_path: Path) -> None:
    works = "@misc{li, title = {On {Tides}}, year = 2020, url = {https://example.org/li}}\n"
    moon = PAGES["moon.md"] + "\nAs {cite:t}`li` says.\n\n```{bibliography}\n```\n"
    built = book(
        tmp_path,
        pages={"moon.md": moon, "works.bib": works},
        extensions=["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"],
        bibtex_bibfiles=["works.bib"],
    )
    (script,) = head(built.page("moon")).find_all("script", type="application/ld+json")
    (cited,) = json.loads(script.string)["citation"]
    assert (cited["name"], cited["url"]) == ("On Tides", "https://example.org/li")


def test_what_a_page_says_of_itself_cannot_run(tmp_path: Path) -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    cff = CFF.replace('"Tides & clocks"', json.dumps(evil))
    pages = {
        "moon.md": PAGES["moon.md"].replace("# The moon", f"# {evil.replace('<', chr(92) + '<')}")
    }
    built = book(tmp_path, pages=pages, cff=cff, html_theme="basic")
    for path in sorted(built.out.rglob("*.html")):
        page = head(path.read_text(encoding="utf-8"))
        assert list(page.find_all(onerror=True)) == [], path
        texts = [tag.string or "" for tag in page.find_all("script") if tag.get("type") is None]
        assert [text for text in texts if "alert(1)" in text] == [], path


# Pages of sections


def test_the_page_of_a_section_is_left_out_of_search_engines(tmp_path: Path) -> None:
    built = book(tmp_path)
    for path in ("cite/phases.html", "s/phases.html"):
        assert meta((built.out / path).read_text(encoding="utf-8"), "robots") == ["noindex"]


def test_the_page_of_a_section_offers_what_it_says(tmp_path: Path) -> None:
    built = book(tmp_path)
    page = head((built.out / "cite" / "phases.html").read_text(encoding="utf-8"))
    links = page.select(".marginalia-cite-form a[download]")
    assert len(links) == 4
    for link in links:
        shown = link.find_parent("div").pre.get_text()
        file = (built.out / "cite" / str(link["href"])).read_bytes().decode()
        assert shown.split() == file.split()
    alternates = [str(link["href"]) for link in page.find_all("link", rel="alternate")]
    assert alternates == [
        "phases.bib",
        "phases.biblatex.bib",
        "phases.ris",
        "phases.json",
    ]


def test_a_draft_says_that_it_is_one_and_names_the_release(tmp_path: Path) -> None:
    files = {"README": "Tides."}
    release(tmp_path / "source", files, "v1.1.0")
    built = book(tmp_path, cite_as_release="draft")
    draft = head((built.out / "cite" / "quay.html").read_text(encoding="utf-8")).select_one(
        ".marginalia-cite-draft"
    )
    assert draft is not None
    assert "This is a draft." in draft.get_text()
    assert draft.a is not None
    assert (draft.a.get_text(), draft.a["href"]) == ("v1.1.0", "https://tides.example/en/v1.1.0/")
    released = book(tmp_path / "released")
    page = (released.out / "cite" / "quay.html").read_text(encoding="utf-8")
    assert head(page).select(".marginalia-cite-draft") == []


def test_a_release_whose_tag_has_no_v_is_at_the_address_of_its_tag(tmp_path: Path) -> None:
    release(tmp_path / "source", {"README": "Tides."}, "1.2.0")
    built = book(tmp_path, cite_as_release="auto")
    assert built.warnings == ""
    page = head((built.out / "cite" / "quay.html").read_text(encoding="utf-8"))
    assert page.select(".marginalia-cite-draft") == []
    assert page.select("#permalink")[0]["href"] == "https://tides.example/en/1.2.0/s/quay.html"


def test_the_words_of_the_pages_are_in_the_language_of_the_book(tmp_path: Path) -> None:
    built = book(tmp_path, language="de")
    page = head((built.out / "cite" / "quay.html").read_text(encoding="utf-8"))
    assert page.html["lang"] == "de"
    assert "Diesen Abschnitt zitieren" in page.get_text()


def test_a_formula_in_a_title_is_one_in_bib_files(tmp_path: Path) -> None:
    moon = PAGES["moon.md"].replace("## Phases", "## Why $E=mc^2$ and $\\{x\\}$ rise")
    built = book(tmp_path, pages={"moon.md": moon})
    for file in ("phases.bib", "phases.biblatex.bib"):
        text = (built.out / "cite" / file).read_text(encoding="utf-8")
        assert r"title     = {Why {$E=mc^2$} and {$\{x\}$} rise}" in text
    (entry,) = json.loads((built.out / "cite" / "phases.json").read_text(encoding="utf-8"))
    assert entry["title"] == r"Why E=mc^2 and \{x\} rise"


def test_a_reference_on_a_page_has_the_title_of_the_book_in_italics(tmp_path: Path) -> None:
    index = PAGES["index.md"] + "\n```{how-to-cite}\n```\n"
    built = book(tmp_path, pages={"index.md": index})
    page = head((built.out / "cite" / "phases.html").read_text(encoding="utf-8"))
    titles = [
        page.select_one(f"#{style} em").get_text() for style in ("apa", "book-apa", "chicago")
    ]
    assert titles == ["Tides & clocks", "Tides & clocks", "Tides & Clocks"]
    assert head(built.page("index")).select_one("blockquote em").get_text() == "Tides & clocks"


def test_the_typed_links_of_all_pages_are_in_one_file(tmp_path: Path) -> None:
    built = book(tmp_path)
    entries = json.loads((built.out / "linkset.json").read_text(encoding="utf-8"))["linkset"]
    base = "https://tides.example/en/v1.2.0/"
    pages = [entry["anchor"].removeprefix(base) for entry in entries]
    assert pages == ["index.html", "moon.html", "sea/harbour.html"]
    assert entries[2]["describedby"][0]["href"] == f"{base}cite/harbour.bib"
    link = head(built.page("sea/harbour")).find("link", rel="linkset")
    assert (link["href"], link["type"]) == ("../linkset.json", "application/linkset+json")


def test_a_numbered_book_has_the_numbers_of_its_sections_in_references(tmp_path: Path) -> None:
    index = PAGES["index.md"].replace("```{toctree}\n", "```{toctree}\n:numbered:\n\n")
    built = book(tmp_path, pages={"index.md": index})
    found = {entry["key"]: entry.get("section") for entry in csl(built.out)}
    assert found["test2026-phases"] == "1.1"
    assert found["test2026-quay"] == "2.1"


def csl(out: Path) -> list[readers.Record]:
    return list(
        map(readers.csl, json.loads((out / "citations.csl.json").read_text(encoding="utf-8")))
    )


PHASES = "(phases)=\n(cycles)=\n## Phases"


@pytest.mark.parametrize(
    ("labels", "cycles"),
    [
        (PHASES, {}),  # a label that is not in the lock yet, nearer to the heading
        (PHASES.replace("cycles", "old"), {"old": record("moon#old", successor="phases")}),
    ],
    ids=["new", "retired"],
)
def test_of_two_labels_a_section_is_cited_by_that_of_the_lock(
    labels: str, cycles: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    page = PAGES["moon.md"].replace("(phases)=\n## Phases", labels)
    built = book(tmp_path, pages={"moon.md": page}, lock=cycles)
    link = head(built.page("moon")).select_one("h2 a.marginalia-cite")
    assert link is not None
    assert link["href"] == "cite/phases.html"
    assert "phases" in built.read("cite/phases.bib")
    assert "refresh" not in built.read("cite/phases.html")


def test_a_process_that_builds_twice_cites_as_the_second_time(tmp_path: Path) -> None:
    built = book(tmp_path)
    source = tmp_path / "source"
    folders = (source, None, built.out, tmp_path / "doctrees", "html")
    options = {"extensions": ["myst_parser", "sphinx_marginalia"], "project": "Tides"}
    with patch_docutils(), docutils_namespace():
        app = Sphinx(*folders, options, status=None, warning=None)
        app.build()
        new = CFF.replace("version: 1.2.0", "version: 2.0.0")
        (source / "CITATION.cff").write_text(new, encoding="utf-8")
        app.build()
    assert "2.0.0" in built.read("cite/moon.ris")


def test_a_citation_file_that_cannot_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_text = Path.read_text

    def refuse(path: Path, *args: str, **more: str) -> str:
        if path.name == "CITATION.cff":
            raise PermissionError(13, "Permission denied")
        return read_text(path, *args, **more)

    monkeypatch.setattr(Path, "read_text", refuse)
    built = build({**PAGES, "CITATION.cff": ""}, tmp_path)
    assert "CITATION.cff cannot be read: Permission denied" in built.warnings


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("title: T\nversion: 1.10\ndate-released: 2030-01-31\n", ("1.10", "2030-01-31")),
        ("title: T\nversion: 1.10\ndate-released:\n", ("1.10", "")),
        ("title: T\ndate-released: 2030-02-31\n", ("", "")),
        ("title: Größe\nversion: 1.10\n", ("", "")),
        ("title: T: a\n", ("", "")),
        ("\ttitle: T\n", ("", "")),
        ("- title\n", ("", "")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_settings_can_have_version_and_date_from_any_citation_file(
    content: str | None, expected: tuple[str, str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "CITATION.cff").write_bytes(content.encode("latin-1"))
    assert version_and_date(str(tmp_path / "conf.py")) == expected


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        ("title: T\nauthors: [{name: Orléans}]\n", "2: WARNING: CITATION.cff is not UTF-8; save"),
        ("title: T: a\n", "1: WARNING: this is not YAML"),
        ("cff-version: 1.2.0\nauthors: [{name: A}]\n", "1: WARNING: title is missing"),
    ],
)
def test_what_is_wrong_in_a_citation_file_is_reported_once(
    content: str, warning: str, tmp_path: Path
) -> None:
    file = tmp_path / "source" / "CITATION.cff"
    file.parent.mkdir()
    file.write_bytes(content.encode("latin-1"))
    built = build({"index.md": "# T\n\nText.\n\n```{how-to-cite}\n```\n"}, tmp_path)
    assert built.warnings.startswith(f"{file}:{warning}")
    assert built.warnings.count("WARNING") == 1


# The whole book


@pytest.mark.parametrize("builder", ["html", "text"])
def test_the_reference_of_the_book_is_shown_where_it_is_asked_for(
    builder: str, tmp_path: Path
) -> None:
    index = PAGES["index.md"] + "\n```{how-to-cite}\n```\n"
    built = book(tmp_path, builder, pages={"index.md": index})
    assert built.warnings == ""
    words = " ".join(BeautifulSoup(built.page("index"), "html.parser").get_text().split())
    assert (
        "Lovelace, A., & The Clock Society. (2026). Tides & clocks (Version 1.2.0). Harbour Press."
        in words.replace("*", "")  # in plain text these are around italics
    )
    assert "@book{test2026," in words


def test_the_files_of_the_book_are_linked_from_a_page_in_a_folder(tmp_path: Path) -> None:
    built = book(tmp_path, pages={"sea/harbour.md": HARBOUR + "\n```{how-to-cite}\n```\n"})
    links = [
        str(a["href"]) for a in head(built.page("sea/harbour")).select("a[href*='citations.']")
    ]
    assert links == [f"../citations.{kind}" for kind in ("bib", "biblatex.bib", "ris", "csl.json")]
    assert all((built.out / "sea" / link).resolve().is_file() for link in links)


@pytest.mark.parametrize("builder", ["epub", "latex", "text"])
def test_an_output_that_knows_no_address_of_the_site_names_no_files_beside_it(
    builder: str, tmp_path: Path
) -> None:
    index = PAGES["index.md"] + "\n```{how-to-cite}\n```\n"
    nowhere = {"cite_as_version_url": "", "cite_as_newest_url": "", "nitpicky": True}
    built = book(
        tmp_path, builder, pages={"index.md": index}, copyright="2026", version="1", **nowhere
    )
    pattern = {"epub": "index.xhtml", "latex": "*.tex", "text": "index.txt"}[builder]
    assert built.warnings == ""
    assert "in one file" not in built.read(pattern)


def test_without_a_file_about_the_book_the_author_is_reported(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\nText.\n\n```{how-to-cite}\n```\n"}, tmp_path)
    assert "index.md:5: WARNING: there is no CITATION.cff beside conf.py" in built.warnings


def test_a_pdf_and_an_epub_print_the_address_under_the_titles_of_chapters(tmp_path: Path) -> None:
    latex = book(tmp_path, "latex").read("*.tex")
    assert latex.count("Permanent address:") == 3
    assert "https://tides.example/en/v1.2.0/s/harbour.html" in latex
    epub = book(tmp_path, "epub", copyright="2026", version="1.2")
    with ZipFile(next(epub.out.glob("*.epub"))) as archive:
        chapter = archive.read("sea/harbour.xhtml").decode()
    assert "https://tides.example/en/v1.2.0/s/harbour.html" in chapter
    assert "Permanent address:" not in book(tmp_path).page("moon")


def test_files_go_with_the_book(tmp_path: Path) -> None:
    book(tmp_path)
    (tmp_path / "source" / "CITATION.cff").unlink()
    again = book(tmp_path, cff=None, fresh=False)
    assert "citation_title" not in again.page("moon")
    assert 'marginalia-cite"' not in again.page("moon")


# This book


@cache
def this_book(folder: Path) -> Path:
    out = folder / "html"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-c",
        ".",
        "-b",
        "html",
        "-d",
        str(folder / "dt"),
    ]
    done = subprocess.run(
        [*command, "docs", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return this_book(tmp_path_factory.mktemp("this-book"))


@pytest.mark.slow
def test_every_section_of_this_book_is_exported_and_read_back_alike(site: Path) -> None:
    text = (site / "citations.bib").read_text(encoding="utf-8")
    wanted = csl(site)
    names = json.loads((site / "anchors.json").read_text(encoding="utf-8"))["anchors"]
    assert len(wanted) == 1 + sum("cite" in told for told in names.values()) > 250
    for read in (readers.pybtex, readers.bibtexparser2):
        for found, entry in zip(read(text), wanted, strict=True):
            same = ("key", "title", "authors", "book", "version", "url")
            assert {k: found.get(k) for k in same} == {k: entry.get(k) for k in same}
    ris = (site / "citations.ris").read_bytes().decode()
    for found, entry in zip(readers.rispy_records(ris), wanted, strict=True):
        same = ("title", "authors", "book", "version", "url", "date")
        assert {k: found.get(k) for k in same} == {k: entry.get(k) for k in same}


@pytest.mark.slow
def test_zotero_imports_every_section_of_this_book_alike(site: Path) -> None:
    entries = json.loads((site / "citations.csl.json").read_text(encoding="utf-8"))
    imports = {
        "citations.csl.json": zotero_import.from_csl,
        "citations.ris": zotero_import.from_ris,
        "citations.bib": zotero_import.from_bibtex,
        "citations.biblatex.bib": zotero_import.from_bibtex,
    }
    for file, read in imports.items():
        items = read((site / file).read_bytes().decode())
        for item, entry in zip(items, entries, strict=True):
            assert item.fields["title"] == entry["title"]
            names = [
                (name.get("literal") or name["family"], name.get("given", ""))
                for name in entry["author"]
            ]
            assert item.authors == names
            assert entry["URL"] in (item.fields.get("url"), item.notes.rpartition(" ")[2])


@pytest.mark.slow
def test_every_permanent_link_of_this_book_leads_somewhere(site: Path) -> None:
    command = [sys.executable, "-m", "sphinx_marginalia.permalinks", "check", str(site)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing is lost" in done.stdout


@pytest.mark.slow
def test_each_file_of_a_section_is_its_part_of_the_whole(site: Path) -> None:
    whole = (site / "citations.bib").read_text(encoding="utf-8")
    files = set((site / "cite").glob("*.bib"))
    biblatex = set((site / "cite").glob("*.biblatex.bib"))
    assert len(files) == 2 * len(biblatex)
    for file in files - biblatex:
        assert file.read_text(encoding="utf-8") in whole


@pytest.mark.slow
def test_a_reference_manager_finds_what_each_page_of_this_book_is(site: Path) -> None:
    described = json.loads((site / "linkset.json").read_text(encoding="utf-8"))["linkset"]
    assert len(described) > 30
    anchors = (entry["anchor"] for entry in described if entry["anchor"].endswith("/index.html"))
    base = min(anchors, key=len)
    for entry in described:
        page = (site / entry["anchor"].removeprefix(base.removesuffix("index.html"))).read_text(
            encoding="utf-8"
        )
        item = zotero.save(page, entry["anchor"])
        assert item.type == ("book" if entry["anchor"] == base else "bookSection")
        assert item.url == entry["cite-as"][0]["href"]
        assert item.edition.startswith("Version ")
        for link in entry["describedby"]:
            name = link["href"].removeprefix(base.removesuffix("index.html"))
            assert (site / name).is_file()


# What is no heading


def test_a_claim_is_kept_and_cited_like_a_section(tmp_path: Path) -> None:
    text = (
        "\n:::{claim} tides-late\n:kind: capability\n:verdict: not-established\n\n"
        "Tides come an *hour* late.\n:::\n"
    )
    lock = {"claim-tides-late": record("moon#claim-tides-late", "Tides come an hour late")}
    built = book(tmp_path, pages={"moon.md": PAGES["moon.md"] + text}, lock=lock)
    assert built.warnings == ""
    (link,) = head(built.page("moon")).select("#claim-tides-late p > .marginalia-cite")
    assert link["href"] == "cite/claim-tides-late.html"
    (entry,) = readers.pybtex(
        (built.out / "cite" / "claim-tides-late.bib").read_text(encoding="utf-8")
    )
    assert entry["title"] == "Tides come an hour late"
    assert entry["url"] == "https://tides.example/en/v1.2.0/s/claim-tides-late.html"


def test_a_claim_that_is_gone_breaks_the_build(tmp_path: Path) -> None:
    lock = {"claim-tides-late": record("moon#claim-tides-late", "Tides come an hour late")}
    built = book(tmp_path, lock=lock)
    assert "'claim-tides-late'" in built.warnings
    assert built.status == 1
