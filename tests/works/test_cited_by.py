"""Which sections a bibliography lists under each work, and the file for programs."""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import build
from tests.pages import main, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sphinx_marginalia.testing import Built

WORKS = """\
@article{deep, author = {Ada, Alice and Bell, Bob}, title = {A Deep Look},
  journal = {Journal of Looks}, year = {2020}}

@misc{Team_2024, author = {{The Team}}, title = {Home}, howpublished = {Blog}, year = {2024}}
@book{wide, author = {Chen, Chen}, title = {Wide}, publisher = {House}, year = {2019}}
"""
BIBLIOGRAPHY = "# Works\n\n```{bibliography}\n```\n"
CONFIG: dict[str, Any] = {
    "extensions": ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia", "only_cited_by"),
    "bibtex_bibfiles": ["works.bib"],
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
    "bibtex_cite_id": "ref-{key}",
    "copyright": "2026, Author",
    "version": "1",
}


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Be an extension ``only_cited_by``; return the list in which it records the pages written."""
    written: list[str] = []

    def see(app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
        if doctree is not None:
            written.append(page)

    def setup(app: Any) -> dict[str, bool]:
        app.setup_extension("sphinx_marginalia.works")
        app.connect("html-page-context", see)
        return {"parallel_read_safe": True, "parallel_write_safe": True}

    module = ModuleType("only_cited_by")
    module.setup = setup  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "only_cited_by", module)
    return written


def contents(*names: str, text: str = "") -> str:
    return "\n".join(["# Book", "", text, "", "```{toctree}", *names, "```", ""])


def book(text: str, folder: Path, builder: str = "html", **config: Any) -> Built:
    """Build a book of one essay, which says *text*, and a bibliography."""
    files = {
        "index.md": contents("essay", "works"),
        "essay.md": text,
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    return build(files, folder, builder, **{**CONFIG, **config})


def lines(built: Built, docname: str = "works") -> dict[str, str]:
    """Return what is said under each entry, by the key of its work."""
    found = {}
    for entry in main(built, docname).select(".citation"):
        line = entry.select_one(".marginalia-cited-by")
        found[str(entry["id"]).removeprefix("ref-")] = words(line) if line else ""
    return found


def cited_in(built: Built, docname: str = "works") -> dict[str, list[tuple[str, str]]]:
    """Return words and address of each link under each entry that has some."""
    return {
        str(entry["id"]).removeprefix("ref-"): [
            (words(link), str(link["href"])) for link in entry.select(".marginalia-cited-by a")
        ]
        for entry in main(built, docname).select(".citation")
        if entry.select_one(".marginalia-cited-by")
    }


# Where a citation can be

POSITIONS = {
    "a sentence": "Said {cite:p}`deep`.",
    "a sidenote": "Said.{sidenote}```By {cite:t}`deep`.```",
    "a margin note": "Said.{marginnote}```By {cite:t}`deep`.```",
    "a note of paragraphs": "Said.\n\n:::{sidenote}\nBy {cite:t}`deep`.\n\nMore.\n:::",
    "a footnote": "Said[^a].\n\n[^a]: By {cite:t}`deep`.",
    "a cell": "| a |\n|---|\n| {cite:t}`deep` |",
    "the caption of a table": "```{list-table} By {cite:t}`deep`\n* - a\n```",
    "the caption of a figure": "```{figure} https://example.org/a.png\n\nBy {cite:t}`deep`.\n```",
    "a quotation": "> Said.\n>\n> {cite:p}`deep`",
    "a list": "- a\n  - b {cite:p}`deep`",
    "a definition": "Term\n: By {cite:t}`deep`.",
    "a box": ":::{note}\nBy {cite:t}`deep`.\n:::",
    "a question": ":::{pause-and-think} What of {cite:t}`deep`?\nBody.\n:::",
    "a pause": ":::{pause-and-think} What?\nBody {cite:t}`deep`.\n:::",
    "a key idea": ":::{key-idea} Term\nSee {cite:t}`deep`.\n:::",
    "among others": "Said {cite:p}`{see}wide,deep{p. 3}`.",
    "a cite role of old": "Said {cite}`deep`.",
}
#: A reference at build time to a picture that is not there is none of our business.
NOT_FETCHED = re.compile(r".*nonlocal image URI.*\n|.*Could not fetch remote image.*\n")


@pytest.mark.parametrize("converted", [False, True], ids=["footnotes", "sidenotes"])
@pytest.mark.parametrize("case", POSITIONS)
def test_a_section_is_named_wherever_in_it_the_citation_is(
    case: str, converted: bool, tmp_path: Path
) -> None:
    text = f"# Essay\n\nIntroduction.\n\n## The section\n\n{POSITIONS[case]}\n"
    built = book(text, tmp_path, sidenotes_from_footnotes=converted)
    assert NOT_FETCHED.sub("", built.warnings) == ""
    assert cited_in(built)["deep"] == [("The section", "essay.html#the-section")]


def test_a_section_is_named_whose_heading_cites(tmp_path: Path) -> None:
    built = book("# Essay\n\n(here)=\n## After {cite:t}`deep`\n\nText.\n", tmp_path)
    assert built.warnings == ""
    assert cited_in(built)["deep"] == [("After Ada and Bell (2020)", "essay.html#here")]
    section = json.loads(built.read("cited-by.json"))["works"]["deep"][0]
    assert section["title"] == "After Ada and Bell (2020)"
    assert "After Ada and Bell (2020)" in book(
        "# Essay\n\n(here)=\n## After {cite:t}`deep`\n\nText.\n", tmp_path, "text"
    ).read("works.txt")


FOOTCITE = """\
# Essay

## First

Said {footcite}`deep`.

## Second

Said {footcite:t}`Team_2024,deep`, and{sidenote}```in a note {footcite:p}`wide`.```

## Notes

```{footbibliography}
```
"""


@pytest.mark.parametrize("converted", [False, True], ids=["footnotes", "sidenotes"])
def test_a_citation_in_a_footnote_counts_where_its_number_is(
    converted: bool, tmp_path: Path
) -> None:
    files = {
        "index.md": contents("essay", "works"),
        "essay.md": FOOTCITE,
        "works.md": BIBLIOGRAPHY.replace("\n```\n", "\n:all:\n```\n"),
        "works.bib": WORKS,
    }
    built = build(files, tmp_path, **CONFIG, sidenotes_from_footnotes=converted)
    assert built.warnings == ""
    assert lines(built) == {
        "deep": "Cited in: First; Second",
        "team-2024": "Cited in: Second",
        "wide": "Cited in: Second",
    }


def test_a_footnote_counts_in_each_section_that_refers_to_it(tmp_path: Path) -> None:
    text = (
        "# Essay\n\n## One\n\nA[^n].\n\n## Two\n\nB.\n\n## Three\n\nC[^n].\n\n[^n]: {cite:t}`deep`"
    )
    assert lines(book(text, tmp_path)) == {"deep": "Cited in: One; Three"}


def test_a_footnote_in_a_footnote_counts_where_the_outer_number_is(tmp_path: Path) -> None:
    text = "# Essay\n\n## One\n\nA[^n].\n\n## Two\n\n[^n]: See[^m].\n\n[^m]: By {cite:t}`deep`."
    assert lines(book(text, tmp_path)) == {"deep": "Cited in: One"}


def test_footnotes_that_refer_to_each_other_do_not_stop_the_build(tmp_path: Path) -> None:
    text = "# Essay\n\n## One\n\nA[^n].\n\n[^n]: See[^m].\n\n[^m]: See[^n], {cite:t}`deep`."
    assert lines(book(text, tmp_path)) == {"deep": "Cited in: One"}


def test_restructured_text_is_read_as_well(tmp_path: Path) -> None:
    text = """\
Book
====

One
---

Said :cite:t:`deep` and :footcite:`wide`. [#n]_

Two
---

:cite:p:`Team_2024`

.. [#n] By :cite:t:`deep`.

.. footbibliography::

.. bibliography::
   :all:
"""
    built = build({"index.rst": text, "works.bib": WORKS}, tmp_path, **CONFIG)
    assert built.warnings == ""
    assert lines(built, "index") == {
        "deep": "Cited in: One",
        "team-2024": "Cited in: Two",
        "wide": "Cited in: One",
    }


# Which section


def test_the_innermost_section_is_named_and_each_once_in_reading_order(tmp_path: Path) -> None:
    text = """\
# Essay

{cite:p}`deep`.

## Outer

{cite:p}`deep`, {cite:t}`deep` and {cite:p}`wide`.

### Inner

{cite:p}`deep`.

## Silent

Nothing.
"""
    assert cited_in(book(text, tmp_path)) == {
        "deep": [
            ("Essay", "essay.html#essay"),
            ("Outer", "essay.html#outer"),
            ("Inner", "essay.html#inner"),
        ],
        "wide": [("Outer", "essay.html#outer")],
    }


def test_the_id_that_an_author_gave_is_linked(tmp_path: Path) -> None:
    text = "(essay)=\n# Essay\n\n(my-name)=\n## A long heading\n\n{cite:p}`deep`.\n"
    assert cited_in(book(text, tmp_path)) == {"deep": [("A long heading", "essay.html#my-name")]}


def test_above_the_first_heading_the_page_is_named_once(tmp_path: Path) -> None:
    text = "Above {cite:p}`deep`.\n\n# Essay\n\nBelow {cite:p}`deep`.\n"
    assert cited_in(book(text, tmp_path)) == {"deep": [("Essay", "essay.html")]}


def test_a_page_without_headings_is_named_by_its_document(tmp_path: Path) -> None:
    files = {
        "index.md": contents("works"),
        "loose.md": "---\norphan: true\n---\n\nSaid {cite:p}`deep`.\n",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    assert cited_in(build(files, tmp_path, **CONFIG)) == {"deep": [("loose", "loose.html")]}


def test_a_heading_keeps_its_emphasis_and_loses_its_notes(tmp_path: Path) -> None:
    text = "# E\n\n## An *odd* `name`{sidenote}`Note.`[^n]\n\n{cite:p}`deep`.\n\n[^n]: F.\n"
    built = book(text, tmp_path)
    line = main(built, "works").select_one(".marginalia-cited-by")
    assert words(line) == "Cited in: An odd name"
    assert [tag.name for tag in line.select("em, code, sup")] == ["em", "code"]


def test_a_formula_in_a_heading_is_shown_where_no_other_is(tmp_path: Path) -> None:
    built = book("# E\n\n## The $k$ features\n\n{cite:p}`deep`.\n", tmp_path)
    assert re.search("<script[^>]*mathjax", built.page("works"))
    plain = book("# E\n\n{cite:p}`deep`", tmp_path)
    assert not re.search("<script[^>]*mathjax", plain.page("works"))


def test_equal_titles_are_distinguished_by_their_pages(tmp_path: Path) -> None:
    files = {
        "index.md": contents("a", "b", "works"),
        "a.md": "# Probes\n\n## Setup\n\n{cite:p}`deep`.\n",
        "b.md": "# Patches\n\n## Setup\n\n{cite:p}`deep`.\n\n## Results\n\n{cite:p}`deep`.\n",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    built = build(files, tmp_path, **CONFIG)
    assert lines(built) == {"deep": "Cited in: Setup (Probes); Setup (Patches); Results"}


def test_sections_are_in_the_order_of_the_contents_and_other_pages_follow(tmp_path: Path) -> None:
    page = "# {}\n\n{{cite:p}}`deep`.\n"
    files = {
        "index.md": contents("b", "a", "works"),
        "a.md": page.format("A"),
        "b.md": page.format("B"),
        "0.md": "---\norphan: true\n---\n" + page.format("Zero"),
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    assert lines(build(files, tmp_path, **CONFIG)) == {"deep": "Cited in: B; A; Zero"}


# What is no citation


def test_the_works_listed_at_the_end_of_a_page_cite_nothing(tmp_path: Path) -> None:
    built = book("# Essay\n\n## One\n\n{cite:p}`deep`.\n\n## Last\n\nText.\n", tmp_path)
    assert "Works cited on this page (1)" in words(main(built, "essay"))
    assert lines(built) == {"deep": "Cited in: One"}


def test_the_bibliography_does_not_cite_its_own_works(tmp_path: Path) -> None:
    built = book("# Essay\n\n{cite:p}`deep`.\n", tmp_path)
    assert main(built, "works").select(".marginalia-works, .bibtex-citation") == []
    assert "Works" not in lines(built)["deep"]


def test_a_definition_that_is_repeated_in_a_list_is_cited_where_it_was_written(
    tmp_path: Path,
) -> None:
    text = "# Essay\n\n## One\n\n:::{key-idea} Term\nBy {cite:t}`deep`.\n:::\n\n## All\n\n:::{key-idea-list}\n:::\n"
    assert lines(book(text, tmp_path)) == {"deep": "Cited in: One"}


HIDDEN = {
    "empty": "Named {cite:empty}`deep`.",
    "another builder": "```{only} latex\n{cite:p}`deep`\n```",
    "a todo": "```{todo}\n{cite:p}`deep`\n```",
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_a_reader_does_not_see_is_not_named(case: str, tmp_path: Path) -> None:
    text = f"# Essay\n\n## One\n\n{HIDDEN[case]}\n\n## Two\n\n{{cite:p}}`deep`.\n"
    extensions = (*CONFIG["extensions"], "sphinx.ext.todo")
    built = book(text, tmp_path, extensions=extensions, todo_include_todos=False)
    assert built.warnings == ""
    assert lines(built) == {"deep": "Cited in: Two"}


def test_what_is_only_for_this_builder_is_named(tmp_path: Path) -> None:
    text = "# Essay\n\n```{only} html and not draft\n## One\n\n{cite:p}`deep`\n```\n"
    assert lines(book(text, tmp_path)) == {"deep": "Cited in: One"}


def test_a_broken_citation_is_named_nowhere(tmp_path: Path) -> None:
    built = book("# Essay\n\n{cite:p}`depe` and {cite:p}`wide`.\n", tmp_path)
    assert 'could not find bibtex key "depe"' in built.warnings
    assert lines(built) == {"wide": "Cited in: Essay"}
    assert list(json.loads(built.read("cited-by.json"))["works"]) == ["wide"]


# Bibliographies


def test_a_work_that_nothing_cites_has_no_line(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n{cite:p}`deep`.\n\n```{bibliography}\n:all:\n```\n",
        "works.bib": WORKS,
    }
    built = build(files, tmp_path, **CONFIG)
    assert lines(built, "index") == {"deep": "Cited in: T", "team-2024": "", "wide": ""}
    assert cited_in(built, "index") == {"deep": [("T", "#t")]}


@pytest.mark.parametrize("kind", ["bullet", "enumerated"])
def test_a_bibliography_that_is_a_list_names_sections_too(kind: str, tmp_path: Path) -> None:
    files = {
        "index.md": contents("works", "list", text="{cite:p}`deep`."),
        "works.md": BIBLIOGRAPHY,
        "list.md": f"# List\n\n```{{bibliography}}\n:list: {kind}\n```\n",
        "works.bib": WORKS,
    }
    built = build(files, tmp_path, **CONFIG)
    (line,) = main(built, "list").select("li .marginalia-cited-by")
    assert words(line) == "Cited in: Book"


def test_bibliographies_of_pages_name_the_sections_of_the_whole_book(tmp_path: Path) -> None:
    page = "# {0}\n\n{{cite:p}}`{0}-deep`.\n\n```{{bibliography}}\n:keyprefix: {0}-\n:labelprefix: {0}\n```\n"
    files = {
        "index.md": contents("a", "b"),
        "a.md": page.format("a"),
        "b.md": page.format("b"),
        "works.bib": WORKS,
    }
    # With the ids that sphinxcontrib-bibtex makes, which are the same on both pages.
    built = build(files, tmp_path, **{**CONFIG, "bibtex_cite_id": ""})
    assert built.warnings == ""
    assert [list(lines(built, name).values()) for name in "ab"] == [["Cited in: a; b"]] * 2


def test_the_line_can_be_left_out(tmp_path: Path) -> None:
    built = book("# Essay\n\n{cite:p}`deep`.\n", tmp_path, works_cited_by=False)
    assert lines(built) == {"deep": ""}
    assert not (built.out / "cited-by.json").exists()


def test_a_project_without_citations_is_as_it_was(tmp_path: Path) -> None:
    extensions = ("myst_parser", "sphinx_marginalia", "only_cited_by")
    built = build({"index.md": "# T\n\nText.\n"}, tmp_path, extensions=extensions)
    assert built.warnings == ""
    assert not (built.out / "cited-by.json").exists()


# In every builder

TWO = "# Essay\n\n{cite:p}`deep`.\n\n(here)=\n## The section\n\n{cite:p}`deep`.\n"


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub"])
def test_links_lead_to_the_sections(builder: str, tmp_path: Path) -> None:
    built = book(TWO, tmp_path, builder)
    assert built.warnings == ""
    page = {"dirhtml": "works/index.html", "singlehtml": "index.html", "epub": "works.xhtml"}
    name = page.get(builder, "works.html")
    found = BeautifulSoup(built.read(name), "html.parser").select(".marginalia-cited-by a")
    assert [words(link) for link in found] == ["Essay", "The section"]
    for link in found:
        path, _, fragment = str(link["href"]).partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        file = built.out / target
        file = file / "index.html" if file.is_dir() else file
        section = BeautifulSoup(file.read_text(), "html.parser").find(id=fragment)
        assert words(section.select_one("h1, h2, h3")).startswith(words(link))


def test_in_latex_each_line_is_a_paragraph_of_its_entry_with_links(tmp_path: Path) -> None:
    built = book(TWO, tmp_path, "latex")
    assert built.warnings == ""
    tex = built.read("*.tex")
    entry = tex.partition("{[}Ada and Bell 2020{]}")[2]
    _, _, line = entry.partition("\n\n")
    targets = re.findall(r"\\hyperref\[\\detokenize\{([^}]*)\}\]", line.partition("\n\n")[0])
    assert targets == ["essay::doc", "essay:here"]
    assert [target for target in targets if rf"\label{{\detokenize{{{target}}}}}" not in tex] == []


def test_in_latex_links_within_the_document_of_the_bibliography_have_a_label(
    tmp_path: Path,
) -> None:
    files = {
        "index.md": contents("a", text="{cite:p}`deep`."),
        "a.md": "# A\n\n## B\n\n{cite:p}`deep`.\n\n```{bibliography}\n```\n",
        "works.bib": WORKS,
    }
    tex = build(files, tmp_path, "latex", **CONFIG).read("*.tex")
    line = next(line for line in tex.splitlines() if "Cited in:" in line)
    targets = re.findall(r"\\hyperref\[\\detokenize\{([^}]*)\}\]", line)
    assert targets == ["index::doc", "a:b"]
    assert [target for target in targets if rf"\label{{\detokenize{{{target}}}}}" not in tex] == []


@pytest.mark.parametrize(
    ("builder", "file", "line"),
    [
        ("text", "works.txt", "Cited in: Essay; The section"),
        ("man", "*.1", "Cited in: Essay; The section"),
        ("texinfo", "*.texi", r"Cited in: @ref{\w+,,Essay}; @ref{\w+,,The section}"),
        ("xml", "works.xml", 'Cited in: <reference .*refuri="essay#essay"'),
    ],
)
def test_other_builders_name_the_sections(
    builder: str, file: str, line: str, tmp_path: Path
) -> None:
    built = book(TWO, tmp_path, builder)
    assert built.warnings == ""
    assert re.search(line, built.read(file))


def test_the_line_is_not_given_to_translators(tmp_path: Path) -> None:
    built = book(TWO, tmp_path, "gettext")
    assert built.warnings == ""
    assert "Cited in" not in "".join(file.read_text() for file in built.out.rglob("*.pot"))


def test_two_documents_for_latex_each_have_the_line_once(tmp_path: Path) -> None:
    documents = [("index", f"{name}.tex", name, "Author", "manual") for name in ("one", "two")]
    built = book(TWO, tmp_path, "latex", latex_documents=documents)
    assert [built.read(f"{name}.tex").count("Cited in:") for name in ("one", "two")] == [1, 1]


@pytest.mark.latex
@pytest.mark.slow
def test_in_a_pdf_the_line_is_under_its_entry(
    program: Callable[[str, str], str], tmp_path: Path
) -> None:
    latexmk = program("latexmk", "latexmk texlive-latex-recommended texlive-latex-extra")
    built = book(TWO.replace("## The", "## {cite:t}`wide` and the"), tmp_path, "latex")
    command = ["timeout", "90", latexmk, "-pdf", "-halt-on-error", "-interaction=nonstopmode"]
    subprocess.run([*command, "test.tex"], cwd=built.out, capture_output=True, check=True)
    text = subprocess.run(
        [program("pdftotext", "poppler-utils"), "-layout", built.out / "test.pdf", "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "undefined" not in (built.out / "test.log").read_text(errors="replace")
    entry = text[text.rindex("[Ada and Bell") :]
    assert re.match(
        r"\[Ada and Bell 2020\]\s+Alice Ada and Bob Bell\. A Deep Look\. Journal of Looks, 2020\."
        r"\s+Cited in: Essay; Chen \(2019\) and the section\n",
        entry,
    )


# For programs


def test_the_file_lists_works_with_sections_numbers_and_addresses(tmp_path: Path) -> None:
    files = {
        "index.md": contents("a", "works").replace("```{toctree}", "```{toctree}\n:numbered:"),
        "a.md": "# A *page*\n\n{cite:p}`wide`.\n\n## Setup\n\n{cite:p}`wide,deep`, {footcite}`Team_2024`.\n\n```{footbibliography}\n```\n",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
        "loose.md": "---\norphan: true\n---\nUp {cite:p}`deep`.\n\n# Loose\n",
    }
    setup = {"page": "a", "id": "setup", "title": "Setup", "number": "1.1", "url": "a.html#setup"}
    built = build(files, tmp_path, **CONFIG)
    text = built.read("cited-by.json")
    assert json.loads(text) == {
        "schema": 1,
        "works": {
            "Team_2024": [setup],
            "deep": [setup, {"page": "loose", "id": "", "title": "Loose", "url": "loose.html"}],
            "wide": [
                {"page": "a", "id": "a-page", "title": "A page", "number": "1", "url": "a.html#a-page"},
                setup,
            ],
        },
    }  # fmt: skip
    assert text.endswith("}\n")


ADDRESSES = {"html": "essay.html#here", "dirhtml": "essay/#here", "singlehtml": "#here"}


@pytest.mark.parametrize("builder", ADDRESSES)
def test_addresses_are_those_of_the_builder(builder: str, tmp_path: Path) -> None:
    found = json.loads(book(TWO, tmp_path, builder).read("cited-by.json"))
    assert found["works"]["deep"][1]["url"] == ADDRESSES[builder]


@pytest.mark.parametrize("builder", ["epub", "latex", "text", "xml"])
def test_the_file_is_written_beside_a_site_only(builder: str, tmp_path: Path) -> None:
    assert list(book(TWO, tmp_path, builder).out.rglob("cited-by.json")) == []


def test_the_file_is_removed_with_the_last_citation(tmp_path: Path) -> None:
    built = book(TWO, tmp_path)
    assert (built.out / "cited-by.json").is_file()
    book("# Essay\n", tmp_path, fresh=False)
    assert not (built.out / "cited-by.json").exists()


def test_a_file_of_that_name_that_is_the_projects_own_stays(tmp_path: Path) -> None:
    (tmp_path / "source" / "extra").mkdir(parents=True)
    (tmp_path / "source" / "extra" / "cited-by.json").write_text("{}")
    built = book("# Essay\n", tmp_path, html_extra_path=["extra"])
    assert built.read("cited-by.json") == "{}"


# What nothing cites


def test_works_that_nothing_cites_are_reported_in_one_warning(tmp_path: Path) -> None:
    built = book("# Essay\n\n{cite:p}`deep`.\n", tmp_path, works_report_uncited=True)
    where = tmp_path / "source" / "works.bib"
    assert built.warnings == (
        f"{where}:4: WARNING: nothing cites 2 of the works: Team_2024 (works.bib:4), "
        "wide (works.bib:5); cite them, or take them out of the file [marginalia.uncited_work]\n"
    )


CITED = {
    "in a sentence": "{cite:p}`wide`",
    "in a footnote": "{footcite}`wide`\n\n```{footbibliography}\n```",
    "by name": "{cite:empty}`wide`",
    "in a todo": "```{todo}\n{cite:p}`wide`\n```",
}


@pytest.mark.parametrize("case", CITED)
def test_a_work_that_is_cited_or_named_on_purpose_is_not_reported(
    case: str, tmp_path: Path
) -> None:
    text = f"# Essay\n\n{{cite:p}}`deep,Team_2024`\n\n{CITED[case]}\n"
    extensions = (*CONFIG["extensions"], "sphinx.ext.todo")
    built = book(text, tmp_path, extensions=extensions, works_report_uncited=True)
    assert built.warnings == ""


def test_works_that_nothing_cites_are_reported_only_if_a_project_asks(tmp_path: Path) -> None:
    assert book("# Essay\n\n{cite:p}`deep`.\n", tmp_path).warnings == ""


# In parallel, and again

NAMES = [f"p{n:02}" for n in range(24)]
ESSAY = """\
# Page {0}

Said {{cite:p}}`deep`.{{sidenote}}```By {{cite:t}}`wide`.```

## Setup

Said {{cite:t}}`deep` and {{footcite}}`Team_2024`.[^n]

[^n]: After {{cite:t}}`wide`.

```{{footbibliography}}
```
"""
LARGE = {
    "index.md": contents(*NAMES, "works"),
    **{f"{name}.md": ESSAY.format(name) for name in NAMES},
    "works.md": BIBLIOGRAPHY,
    "works.bib": WORKS,
}
#: Sphinx keeps words of former titles in the index of its search, and copies of removed sources.
NOT_OURS = re.compile(r"\.buildinfo|_sources/|searchindex\.js|.*\.pickle")


def differences(one: Built, other: Built) -> list[str]:
    def output(built: Built) -> dict[str, bytes]:
        files = {file.relative_to(built.out).as_posix(): file for file in built.out.rglob("*")}
        return {
            name: file.read_bytes()
            for name, file in files.items()
            if file.is_file() and not NOT_OURS.match(name)
        }

    a, b = output(one), output(other)
    return [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "latex"])
def test_four_processes_write_the_same_as_one(builder: str, tmp_path: Path) -> None:
    one = build(LARGE, tmp_path / "one", builder, **CONFIG)
    four = build(LARGE, tmp_path / "four", builder, jobs=4, **CONFIG)
    assert (one.warnings, four.warnings) == ("", "")
    assert differences(one, four) == []


BOOK = {
    "index.md": contents("a", "b", "c", "works", "own"),
    "a.md": "# A\n\n{cite:p}`deep`.\n\n## Setup\n\nText, {cite:p}`wide`. See {cite:p}`deep`.\n",
    "b.md": "# B\n\nText.\n\n## Setup\n\nText, {cite:p}`deep`.\n",
    "c.md": "# C\n\nText.\n",
    "works.md": BIBLIOGRAPHY,
    "own.md": "# Own\n\n```{bibliography}\n:list: bullet\n:filter: key == 'wide'\n```\n",
    "works.bib": WORKS,
}

#: What is edited: the page, what stands there, what shall stand there, and who shows that besides
#: the page itself and the table of contents.
EDITS = {
    "text": ("b", "Text.", "Other words.", []),
    "a section that cites gets another citation of the same": (
        "b", "Text, {cite:p}`deep`.", "By {cite:t}`deep`, {cite:p}`deep`.", [],
    ),
    "a citation is added": ("b", "Text.", "By {cite:t}`deep`.", ["works"]),
    "a citation of a work that was not shown": ("b", "Text.", "{cite:t}`Team_2024`.", ["works"]),
    "a citation is removed": ("b", "Text, {cite:p}`deep`.", "Text.", ["works"]),
    "the only citation is removed": ("a", ", {cite:p}`wide`", "", ["own", "works"]),
    "another work is cited": ("b", "{cite:p}`deep`", "{cite:p}`wide`", ["own", "works"]),
    "a section that cites is renamed": ("b", "## Setup", "## Methods", ["works"]),
    "a section gets a name": ("a", "## Setup", "(name)=\n## Setup", ["own", "works"]),
    "a section that does not cite is renamed": ("c", "# C", "# See", []),
    "a citation moves to another section": (
        "a", "{cite:p}`deep`.\n\n## Setup\n", "\n\n## Setup\n\n{cite:p}`deep`\n", ["works"],
    ),
    "a page in parentheses behind a section is renamed": ("b", "# B", "# Bees", ["works"]),
}  # fmt: skip
#: Sphinx itself does not write the neighbours of a page again whose title changed.
STALE = {
    "a section that does not cite is renamed": ["b.html", "works.html"],
    "a page in parentheses behind a section is renamed": ["a.html", "c.html"],
}


def again(files: Mapping[str, str], folder: Path) -> Built:
    return build(files, folder, fresh=False, **CONFIG)


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_a_page_edited_and_built_again_is_a_clean_build_and_no_page_is_written_for_nothing(
    edit: str, pages: list[str], tmp_path: Path
) -> None:
    name, old, new, shown_by = EDITS[edit]
    edited = {**BOOK, f"{name}.md": BOOK[f"{name}.md"].replace(old, new)}
    assert edited != BOOK
    again(BOOK, tmp_path / "again")
    pages.clear()
    built = again(edited, tmp_path / "again")
    assert sorted({*pages} - {"index", name}) == shown_by
    clean = again(edited, tmp_path / "clean")
    assert [page for page in differences(built, clean) if page not in STALE.get(edit, ())] == []


def test_a_build_without_changes_writes_nothing(pages: list[str], tmp_path: Path) -> None:
    again(BOOK, tmp_path)
    pages.clear()
    again(BOOK, tmp_path)
    assert pages == []


def test_a_build_of_another_format_in_between_hides_no_change(tmp_path: Path) -> None:
    again(BOOK, tmp_path)
    # As ``sphinx-build -M`` does it: one folder of doctrees for all builders.
    shared = tmp_path / "doctrees"
    (shared / "html").rename(shared / "text")
    edited = {**BOOK, "b.md": BOOK["b.md"].replace("## Setup", "## Methods")}
    build(edited, tmp_path, "text", fresh=False, **CONFIG)
    (shared / "text").rename(shared / "html")
    assert "Methods" in lines(again(edited, tmp_path))["deep"]


@pytest.mark.slow
def test_a_section_that_moves_to_another_page_is_linked_there(tmp_path: Path) -> None:
    section = "## Setup\n\nText, {cite:p}`deep`.\n"
    moved = {
        **BOOK,
        "b.md": BOOK["b.md"].replace(section, ""),
        "c.md": f"{BOOK['c.md']}\n{section}",
    }
    again(BOOK, tmp_path / "again")
    built = again(moved, tmp_path / "again")
    assert ("Setup (C)", "c.html#setup") in cited_in(built)["deep"]
    assert differences(built, again(moved, tmp_path / "clean")) == []


@pytest.mark.slow
def test_a_page_that_moves_in_the_contents_moves_in_the_lines(tmp_path: Path) -> None:
    moved = {**BOOK, "index.md": contents("b", "a", "c", "works", "own")}
    again(BOOK, tmp_path / "again")
    assert lines(again(BOOK, tmp_path / "again"))["deep"].startswith("Cited in: A;")
    built = again(moved, tmp_path / "again")
    assert lines(built)["deep"].startswith("Cited in: Setup (B); A;")


@pytest.mark.slow
def test_a_page_that_is_deleted_takes_its_citations_with_it(
    pages: list[str], tmp_path: Path
) -> None:
    files = {name: text for name, text in BOOK.items() if name != "a.md"}
    files["index.md"] = contents("b", "c", "works", "own")
    again(BOOK, tmp_path)
    (tmp_path / "source" / "a.md").unlink()
    pages.clear()
    built = again(files, tmp_path)
    assert lines(built) == {"deep": "Cited in: Setup"}
    assert main(built, "own").select(".marginalia-cited-by") == []
    assert json.loads(built.read("cited-by.json"))["works"].keys() == {"deep"}
