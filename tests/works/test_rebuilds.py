"""Builds on top of others: what is not made again is as in a new build, and faults are told again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sphinxcontrib.bibtex.domain import BibtexDomain

from sphinx_marginalia.testing import Built, build
from sphinx_marginalia.works.lookup import _by_document

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
FILES = {
    "index.md": "# T\n\n```{toctree}\na\nworks\n```\n",
    "a.md": "# A\n\nSo {cite:t}`one,two`.\n\n:::{only} night\nAnd {cite:p}`three`.\n:::\n",
    "works.md": "# Works\n\n```{bibliography}\n:all:\n```\n",
}
BIB = {
    "one": "@misc{one, author={Lovelace, Ada and Byron, Annabella}, title={First}, year={2020}}\n",
    "two": "@misc{two, author={Berg, Jan}, title={Second}, year={2020}}\n",
    "three": "@misc{three, author={Berg, Jan}, title={Third}, year={2021}}\n",
}


def book(folder: Path, builder: str = "html", bib: dict[str, str] = BIB, **config: Any) -> Built:
    files = {**FILES, "works.bib": "".join(bib.values())}
    config = {
        "bibtex_bibfiles": [str(folder / "source" / "works.bib")],
        "bibtex_default_style": "marginalia",
        "bibtex_reference_style": "marginalia",
    } | config
    return build(files, folder, builder, extensions=EXTENSIONS, **config)


def pages(built: Built) -> dict[str, str]:
    return {name: built.page(name) for name in ("a", "works")}


@pytest.mark.parametrize(
    "changed",
    [
        {"two": BIB["two"].replace("Second", "Other")},
        {"three": BIB["three"].replace("2021", "2020")},
        {"one": BIB["one"].replace("Byron, Annabella", "King, William")},
    ],
    ids=["title", "letters", "second author"],
)
def test_pages_show_a_work_as_it_is_now(changed: dict[str, str], tmp_path: Path) -> None:
    book(tmp_path / "again")
    again = book(tmp_path / "again", bib=BIB | changed, fresh=False)
    clean = book(tmp_path / "clean", bib=BIB | changed)
    assert pages(again) == pages(clean)
    assert again.warnings == clean.warnings == ""


def test_a_work_that_is_gone_is_reported_where_it_is_cited(tmp_path: Path) -> None:
    left = {key: text for key, text in BIB.items() if key != "two"}
    book(tmp_path / "again")
    again = book(tmp_path / "again", bib=left, fresh=False)
    clean = book(tmp_path / "clean", bib=left)
    assert 'could not find bibtex key "two"' in again.warnings
    assert pages(again) == pages(clean)


@pytest.mark.slow
def test_each_builder_has_what_the_other_was_told(tmp_path: Path) -> None:
    def both(folder: Path, bib: dict[str, str], **options: Any) -> list[dict[str, str]]:
        return [pages(book(folder, name, bib, **options)) for name in ("dirhtml", "html")]

    changed = BIB | {"three": BIB["three"].replace("2021", "2020")}
    both(tmp_path / "again", BIB)
    assert both(tmp_path / "again", changed, fresh=False) == both(tmp_path / "clean", changed)


def test_what_is_wrong_in_an_entry_is_told_in_each_build(tmp_path: Path) -> None:
    nameless = BIB | {"four": "@article{four, author={No, Body}, year={2020}}\n"}
    first = book(tmp_path, bib=nameless).warnings
    assert "has no title" in first
    assert book(tmp_path, bib=nameless, fresh=False).warnings == first


@pytest.mark.slow
@pytest.mark.parametrize(
    "config",
    [{"html_link_suffix": ".x"}, {"html_file_suffix": ".htm"}],
    ids=str,
)
def test_files_for_programs_follow_the_settings(config: dict[str, Any], tmp_path: Path) -> None:
    book(tmp_path / "again")
    again = book(tmp_path / "again", fresh=False, **config)
    clean = book(tmp_path / "clean", **config)
    assert again.read("cited-by.json") == clean.read("cited-by.json")


def test_an_unchanged_project_formats_no_entry_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formatted: list[object] = []
    format_entries = BibtexDomain.get_formatted_entries

    def count(*args: Any) -> Any:
        formatted.append(args)
        return format_entries(*args)

    monkeypatch.setattr(BibtexDomain, "get_formatted_entries", count)
    book(tmp_path)
    assert formatted
    formatted.clear()
    book(tmp_path, fresh=False)
    assert formatted == []


CITING = "# {name}\n\nSo {{cite:t}}`one`, and {{cite:t}}`one`, {{cite:p}}`one`.\n"


def test_a_citation_leads_to_its_work_from_every_folder(tmp_path: Path) -> None:
    names = ("a", "b", "deep/c", "deep/d", "deep/own")
    pages = {f"{name}.md": CITING.format(name=name) for name in names}
    # What stands on a page itself is linked there.
    pages["deep/own.md"] += "\n```{bibliography}\n:filter: key == 'one'\n```\n"
    listed = "\n".join((*names, "works"))
    files = {"index.md": f"# T\n\n```{{toctree}}\n{listed}\n```\n", **pages}
    built = build(
        FILES | files | {"works.bib": "".join(BIB.values())},
        tmp_path,
        extensions=EXTENSIONS,
        bibtex_bibfiles=[str(tmp_path / "source" / "works.bib")],
        bibtex_cite_id="ref-{key}",
        suppress_warnings=["bibtex.duplicate_citation"],
    )
    assert built.warnings == ""
    links = {name: re.findall(r'href="([^"]*#ref-one)"', built.page(name)) for name in names}
    assert {name: set(found) for name, found in links.items()} == {
        "a": {"works.html#ref-one"},
        "b": {"works.html#ref-one"},
        "deep/c": {"../works.html#ref-one"},
        "deep/d": {"../works.html#ref-one"},
        "deep/own": {"#ref-one"},
    }
    assert all(len(found) >= 3 for found in links.values())


def test_an_unknown_work_is_reported_wherever_it_is_cited(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n```{toctree}\na\nb\nworks\n```\n",
        "a.md": "# A\n\n{cite:p}`one,none`, {cite:p}`one,none`\n",
        "b.md": "# B\n\n{cite:p}`one,none`\n",
        "works.md": FILES["works.md"],
        "works.bib": BIB["one"],
    }
    bib = [str(tmp_path / "source" / "works.bib")]
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles=bib)
    assert built.warnings.count('could not find bibtex key "none"') == 3


@pytest.mark.slow
def test_a_bibliography_chooses_the_works_that_it_does_without_us(tmp_path: Path) -> None:
    filters = (
        "cited",
        "True",
        "docname in docnames",
        "not cited",
        "{'a'} <= docnames",
        "year > '2020'",
    )
    shown = "\n\n".join(
        f"```{{bibliography}}\n:keyprefix: {'' if n % 2 else 'a-'}\n:list: bullet\n:filter: {chosen}\n\ntwo\n```"
        for n, chosen in enumerate(filters)
    )
    files = {
        "index.md": "# T\n\n```{toctree}\na\nb\n```\n",
        "a.md": f"# A\n\n{{cite:p}}`one,a-two` {{cite:p}}`one`\n\n{shown}\n",
        "b.md": f"# B\n\n{{cite:p}}`a-three`\n\n{shown}\n",
        "works.md": FILES["works.md"],
        "works.bib": "".join(BIB.values()),
    }
    bib = [str(tmp_path / "source" / "works.bib")]
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles=bib)
    domain: Any = built.app.env.domains["cite"]
    ours = {key: [*domain.get_filtered_entries(key)] for key in domain.bibliographies}
    theirs = {key: [*BibtexDomain.get_filtered_entries(domain, key)] for key in ours}
    assert ours == theirs
    assert len({len(entries) for entries in ours.values()}) > 2


def test_bibliographies_of_chapters_have_the_works_and_the_order_they_have_without_us(
    tmp_path: Path,
) -> None:
    files = {"index.md": "# T\n\n```{toctree}\nb\na\n```\n", "works.bib": "".join(BIB.values())}
    for name, cited in (("a", "three,one"), ("b", "two,one")):
        keys = ",".join(f"{name}-{key}" for key in cited.split(","))
        files[f"{name}.md"] = (
            f"# {name}\n\n{{cite:p}}`{keys}`\n\n```{{bibliography}}\n"
            f":keyprefix: {name}-\n:filter: docname in docnames\n```\n"
        )
    bib = [str(tmp_path / "source" / "works.bib")]
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles=bib)
    assert built.warnings == ""
    ours: Any = built.app.env.domains["cite"]
    theirs = BibtexDomain(built.app.env)
    ours._cited = _by_document(ours.citation_refs)
    docnames = ["index", "b", "a"]
    for key in ours.bibliographies:
        entries = [*ours.get_sorted_entries(key, docnames)]
        assert entries == [*theirs.get_sorted_entries(key, docnames)]
        assert len(entries) == 2
