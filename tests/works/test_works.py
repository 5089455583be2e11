"""What a page shows of the works it cites."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.domains import Domain

from sphinx_marginalia.core.citations import LINK_EDGE, bibliography, is_resolved_citation
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.testing import build
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built

EXTENSIONS = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
CONFIG: dict[str, Any] = {
    "extensions": EXTENSIONS,
    "bibtex_bibfiles": ["works.bib"],
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
}
WORKS = r"""
@article{deep, author = {Ada, Alice and Bell, Bob},
  title = {A {Deep} Look at {"}Quotes{"} {\& O'Hara} < 1}, journal = {Journal of {Looks}}, year = {2020}}
@inproceedings{accent, author = {M{\"u}ller, J{\"o}rg and Bell, Bob and Chen, Chen},
  title = {{\'E}tude na{\"\i}ve}, booktitle = {Proceedings \& Papers}, year = {2021}}
@misc{first, author = {Gao, Leo and Ada, Alice and Bell, Bob}, title = {Alpha}, year = {2025},
  eprint = {2501.00001}, archiveprefix = {arXiv}}
@misc{second, author = {Gao, Leo and Chen, Chen and Bell, Bob}, title = {Beta}, year = {2025},
  howpublished = {Blog}}
@online{team, author = {{The Team}}, title = {Home}, organization = {Org}, year = {2024},
  url = {https://example.org/a_b}}
@misc{undated, author = {Zed, Zoe}, title = {Undated}, howpublished = {Memo}}
"""
BIBLIOGRAPHY = "# Works\n\n```{bibliography}\n:all:\n```\n"


def book(text: str, folder: Path, builder: str = "html", **config: Any) -> Built:
    """Build a page that says *text*, and a bibliography."""
    files = {
        "index.md": f"# T\n\n{text}\n\n```{{toctree}}\nworks\n```\n",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    return build(files, folder, builder, **{**CONFIG, **config})


def citations(page: Tag) -> list[Tag]:
    """Return the links of the citations in the text of a page."""
    return page.select(".bibtex-citation a")


# Without a bibliography


def test_without_bibtex_a_page_is_as_it_was(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\nText.\n"}
    plain = build(files, tmp_path / "plain", extensions=["myst_parser"])
    ours = build(files, tmp_path / "ours", extensions=["myst_parser", "sphinx_marginalia.works"])
    assert ours.warnings == ""
    assert main(ours) == main(plain)


def test_a_page_that_cites_nothing_lists_nothing(tmp_path: Path) -> None:
    assert main(book("Text.", tmp_path)).select("details") == []


# What the list says

LISTED_AS = {
    "deep": 'A Deep Look at "Quotes" & O\'Hara < 1. Journal of Looks, 2020.',
    "accent": "Étude naïve. Proceedings & Papers, 2021.",
    "first": "Alpha. arXiv:2501.00001, 2025.",
    "second": "Beta. Blog, 2025.",
    "team": "Home. Org, 2024.",
    "undated": "Undated. Memo.",
}


@pytest.mark.parametrize("key", LISTED_AS)
def test_the_list_shows_title_venue_and_year(key: str, tmp_path: Path) -> None:
    built = book(f"Said {{cite:t}}`{key}`.", tmp_path)
    assert built.warnings == ""
    (entry,) = main(built).select("details.marginalia-works li")
    assert words(entry).endswith(f". {LISTED_AS[key]}")


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_citation_is_a_link_to_its_entry(builder: str, tmp_path: Path) -> None:
    built = book("Said {cite:p}`deep` and {cite:t}`accent`.", tmp_path, builder)
    links = BeautifulSoup(built.read("index.html"), "html.parser").select(".bibtex-citation a")
    assert len(links) == 2
    folder = built.out
    for link in links:
        path, _, fragment = str(link["href"]).partition("#")
        file = folder / path
        target = file / "index.html" if file.is_dir() else file
        assert BeautifulSoup(target.read_text(), "html.parser").find(id=fragment) is not None


def test_a_citation_links_within_a_single_page(tmp_path: Path) -> None:
    built = book("Said {cite:p}`deep`.", tmp_path, "singlehtml")
    page = main(built)
    (link,) = citations(page)
    assert page.find(id=str(link["href"]).rpartition("#")[2]) is not None


def test_a_citation_on_the_page_of_the_bibliography_links_within_it(tmp_path: Path) -> None:
    text = "# T\n\nSaid {cite:p}`deep`.\n\n```{bibliography}\n```\n"
    built = build({"index.md": text, "works.bib": WORKS}, tmp_path, **CONFIG)
    page = main(built)
    (link,) = citations(page)
    assert page.find(id=str(link["href"]).removeprefix("#")) is not None


def test_ids_of_entries_may_be_what_the_author_wants(tmp_path: Path) -> None:
    built = book("Said {cite:p}`deep`.", tmp_path, bibtex_cite_id="ref-{key}")
    assert [link["href"] for link in citations(main(built))] == ["works.html#ref-deep"]


# Author and year


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ("Ada, A.", "Ada"),
        ("Ada, A. and Bell, B.", "Ada and Bell"),
        ("Ada, A. and Bell, B. and Cole, C.", "Ada et al."),
        ("Ada, A. and Bell, B. and Cole, C. and Dahl, D.", "Ada et al."),
        ("Ada, A. and others", "Ada et al."),
    ],
)
def test_a_citation_names_two_authors_or_the_first(
    authors: str, shown: str, tmp_path: Path
) -> None:
    files = {
        "index.md": "# T\n\nSee {cite:p}`k`, and {cite:t}`k`.\n\n```{bibliography}\n```\n",
        "works.bib": f"@misc{{k, author = {{{authors}}}, title = {{Tides}}, year = 2024}}",
    }
    text = words(main(build(files, tmp_path, **CONFIG)))
    assert f"See ({shown} 2024), and {shown} (2024)." in text


def test_works_of_one_year_get_letters_in_the_order_of_the_bibliography(tmp_path: Path) -> None:
    built = book("By {cite:t}`second` and {cite:p}`first`.", tmp_path)
    assert words(main(built).select_one("p")) == "By Gao et al. (2025b) and (Gao et al. 2025a)."
    labels = [words(label) for label in main(built, "works").select(".label, span.label")]
    assert [label.strip("[]") for label in labels if "Gao" in label] == [
        "Gao et al. 2025a", "Gao et al. 2025b",
    ]  # fmt: skip


#: The first fields of works, in the order of their labels.
ORDERED = {
    "Abel 2020": "author = {{Abel}}",
    "Bureau of Ponds 2020": "author = {{Bureau of Ponds}}",
    "Cole 2020": "editor = {Cole, Ann}",
    "d'Ebb 2020": "author = {d'Ebb, Ann}",
    "“Ebb and Flow” 2020": 'title = "{“Ebb and Flow”}"',
    "Édouard 2019": r"author = {{\'E}douard, Ann}, year = 2019",
    "Édouard 2020a": "author = {Édouard, Zoe}, title = {A}",
    "Édouard 2020b": r"author = {{\'Edouard}, Zoe}, title = {B}",
    "Édouard 2020c": r"author = {{\'Edouard}, Zoe B.}, title = {A}",
    "Øre 2020": r"author = {{\O}re, Ann}",
    "Zorn 2020": "author = {Zorn, Ann}",
}


@pytest.mark.parametrize("kind", ["misc", "proceedings"])
def test_works_are_in_the_order_of_an_index(kind: str, tmp_path: Path) -> None:
    works = "".join(
        f"@{kind}{{k{number}, {fields}, year = 2020, title = {{Tides}}}}\n"
        for number, fields in reversed([*enumerate(ORDERED.values())])
    )
    keys = ",".join(f"k{number}" for number in range(len(ORDERED)))
    files = {"index.md": f"# T\n\n{{cite:p}}`{keys}`\n\n{BIBLIOGRAPHY}", "works.bib": works}
    page = main(build(files, tmp_path, **CONFIG, suppress_warnings=["marginalia"]))
    assert [words(label).strip("[]") for label in page.select("span.label")] == [*ORDERED]
    assert [words(link) for link in page.select("details a")] == [*ORDERED]


def test_a_letter_that_is_part_of_a_year_is_given_to_no_other_work(tmp_path: Path) -> None:
    works = "\n".join(
        f"@misc{{{key}, author={{Gao, Leo}}, title={{{key}}}, year={{{year}}}}}"
        for key, year in {"alpha": "2025", "beta": "2025", "gamma": "2025a"}.items()
    )
    files = {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n", "works.bib": works}
    built = build(files, tmp_path, **CONFIG)
    assert built.warnings == ""
    labels = [words(label).strip("[]") for label in main(built).select(".label, span.label")]
    assert labels == ["Gao 2025b", "Gao 2025c", "Gao 2025a"]


def test_a_prefix_of_labels_is_no_part_of_the_year(tmp_path: Path) -> None:
    bibliography = "```{bibliography}\n:labelprefix: X\n```\n"
    files = {"index.md": f"# T\n\n{{cite:p}}`deep`\n\n{bibliography}", "works.bib": WORKS}
    page = main(build(files, tmp_path, **CONFIG))
    assert words(page.select_one("p")) == "(Ada and Bell 2020)"


def test_works_that_are_alone_in_their_year_get_no_letter(tmp_path: Path) -> None:
    built = book("By {cite:t}`deep`, {cite:t}`accent`, {cite:t}`team`.", tmp_path)
    assert words(main(built).select_one("p")) == (
        "By Ada and Bell (2020), Müller et al. (2021), The Team (2024)."
    )


@pytest.mark.parametrize(
    ("address", "is_link"), [("https://example.org/a", True), ("javascript:alert(1)", False)]
)
def test_only_a_safe_address_is_a_link(address: str, is_link: bool, tmp_path: Path) -> None:
    entry = f"@online{{web, author = {{Ada}}, title = {{T}}, year = {{2020}}, url = {{{address}}}}}"
    files = {"index.md": f"# T\n\n{{cite:t}}`web`\n\n{BIBLIOGRAPHY}", "works.bib": entry}
    page = main(build(files, tmp_path, **CONFIG))
    assert address in words(page)
    assert [link["href"] for link in page.select(f'a[href="{address}"]')] == [address] * is_link


# The works cited


def test_a_page_ends_with_the_works_it_cites_in_the_order_of_their_labels(tmp_path: Path) -> None:
    text = "{cite:p}`team`, {cite:p}`deep`, {cite:p}`second`, {cite:p}`deep`."
    works = main(book(text, tmp_path)).select_one("details.marginalia-works")
    assert words(works.select_one("summary")) == "Works cited on this page (3)"
    assert [words(item) for item in works.select("li")] == [
        'Ada and Bell 2020. A Deep Look at "Quotes" & O\'Hara < 1. Journal of Looks, 2020.',
        "Gao et al. 2025b. Beta. Blog, 2025.",
        "The Team 2024. Home. Org, 2024.",
    ]


def test_the_works_cited_are_unfolded_for_paper(tmp_path: Path) -> None:
    built = book("As {cite:t}`deep` says.", tmp_path)
    assert "marginalia-print.js" in built.page()
    assert "marginalia-print.js" not in built.page("works")


def test_the_works_cited_are_links_to_their_entries(tmp_path: Path) -> None:
    built = book("{cite:p}`team,deep`.", tmp_path)
    targets = [str(link["href"]) for link in main(built).select(".marginalia-works a")]
    ids = {str(tag["id"]) for tag in main(built, "works").select("[id]")}
    assert len(targets) == 2
    assert {target.removeprefix("works.html#") for target in targets} <= ids


def test_the_list_of_works_comes_after_the_notes(tmp_path: Path) -> None:
    built = book("Said.{sidenote}```By {cite:t}`deep`.```", tmp_path)
    page = main(built)
    assert built.warnings == ""
    assert words(page.select_one("details.marginalia-works li")).startswith("Ada and Bell 2020.")
    assert page.select(".marginalia-works .marginalia-sidenote") == []


@pytest.mark.parametrize(
    "text",
    [
        "Said.{sidenote}```By {cite:t}`deep`.```",
        "Said.{marginnote}```By {cite:t}`deep`.```",
        "Said.\n\n:::{sidenote}\nBy {cite:t}`deep`.\n:::",
        "Said[^a].\n\n[^a]: By {cite:t}`deep`.",
        "| a |\n|---|\n| {cite:t}`deep` |",
        "## By {cite:t}`deep`\n\nText.",
        ":::{pause-and-think} What of {cite:t}`deep`?\nBody.\n:::",
        ":::{key-idea} Term\nSee {cite:t}`deep`.\n:::\n\n:::{key-idea-list}\n:::",
    ],
    ids=["note", "margin note", "directive", "footnote", "table", "heading", "question", "idea"],
)
def test_a_work_is_listed_wherever_it_is_cited(text: str, tmp_path: Path) -> None:
    built = book(text, tmp_path, sidenotes_from_footnotes=True)
    page = main(built)
    assert built.warnings == ""
    assert citations(page)
    assert (
        words(page.select_one("details.marginalia-works summary")) == "Works cited on this page (1)"
    )


# What other features ask


def test_a_citation_is_recognized_in_html_and_latex(tmp_path: Path) -> None:
    links = {"html": nodes.reference, "latex": nodes.FixedTextElement}
    for builder, kind in links.items():
        app = book("Said {cite:p}`deep`.", tmp_path, builder).app
        document = app.env.get_and_resolve_doctree("index", app.builder)
        (citation,) = filter(is_resolved_citation, find(document, nodes.inline))
        edges = [link.get(LINK_EDGE) for link in find(citation, kind)]
        assert edges == ([None] if builder == "html" else ["start", "end"])
        assert citation.astext() == "(Ada and Bell 2020)"


def test_a_page_knows_the_works_it_cites_each_once(tmp_path: Path) -> None:
    app = book("{cite:p}`team`, {cite:p}`deep,team`.", tmp_path).app
    document = app.env.get_and_resolve_doctree("index", app.builder)
    works = bibliography(app.env)
    assert works is not None
    cited = works.cited_works(document)
    assert [(work.title, work.url) for work in cited] == [
        ("Home", "https://example.org/a_b"),
        ('A Deep Look at "Quotes" & O\'Hara < 1', ""),
    ]


@pytest.mark.parametrize(
    ("kind", "target", "expected"),
    [
        ("p", "deep", "(Ada and Bell 2020)"),
        ("t", "deep", "Ada and Bell (2020)"),
        ("t", "first", "Gao et al. (2025a)"),
        ("p", "{see}deep{p. 3},accent", "(see Ada and Bell 2020, p. 3; Müller et al. 2021)"),
        ("p", "deep,nobody", "deep, nobody"),
    ],
)
def test_a_citation_in_words(kind: str, target: str, expected: str, tmp_path: Path) -> None:
    works = bibliography(book("{cite:p}`deep,accent,first,second`.", tmp_path).app.env)
    assert works is not None
    assert works.words(kind, target) == expected


# Options


def test_tooltips_are_those_of_sphinxcontrib_bibtex(tmp_path: Path) -> None:
    text = "Said {cite:p}`deep`."
    page = main(book(text, tmp_path / "a"))
    assert "Journal of Looks" in str(page.select_one("p a")["title"])
    # The list at the end says it already.
    assert page.select("details a[title]") == []
    page = main(book(text, tmp_path / "b", bibtex_tooltips=False))
    assert page.select("p a[title]") == []


def test_the_works_cited_can_be_turned_off(tmp_path: Path) -> None:
    page = main(book("Said {cite:p}`deep`.", tmp_path, works_page_list=False))
    assert page.select("details.marginalia-works") == []
    assert citations(page)


def test_the_words_of_the_interface_are_in_the_readers_language(tmp_path: Path) -> None:
    page = main(book("Said {cite:p}`deep`.", tmp_path, language="de"))
    summary = words(page.select_one("details.marginalia-works summary"))
    assert "1" in summary
    assert not summary.startswith("Works cited")


@pytest.mark.parametrize("builder", ["latex", "text", "man", "texinfo", "epub", "gettext"])
def test_other_builders_show_the_citation_as_it_is(builder: str, tmp_path: Path) -> None:
    built = book("Said {cite:p}`deep`.", tmp_path, builder, version="1", copyright="A")
    assert built.warnings == ""


def test_a_list_follows_a_change_of_the_work(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\nSaid {cite:p}`deep`.\n\n```{bibliography}\n```\n",
        "works.bib": WORKS,
    }
    build(files, tmp_path, fresh=False, **CONFIG)
    changed = {**files, "works.bib": WORKS.replace("Journal of {Looks}", "Another")}
    page = main(build(changed, tmp_path, fresh=False, **CONFIG))
    assert "Another, 2020" in words(page.select_one("details.marginalia-works"))


def test_a_list_on_another_page_follows_a_change_of_the_work(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\nSaid {cite:p}`deep`.\n\n```{toctree}\nworks\n```\n",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    build(files, tmp_path, fresh=False, **CONFIG)
    changed = {**files, "works.bib": WORKS.replace("Journal of {Looks}", "Another")}
    page = main(build(changed, tmp_path, fresh=False, **CONFIG))
    assert "Another, 2020" in words(page.select_one("details.marginalia-works"))


CLAIM = ":::{claim} c\n:kind: position\n:verdict: supported\n:evidence: deep\n\nSo.\n:::\n"
LISTED = {
    "key ideas": (":::{key-idea} Term\nSee {cite:t}`deep`.\n:::\n", ":::{key-idea-list}\n:::\n"),
    "claims": (CLAIM, ":::{claim-table}\n:::\n"),
    "claims that cite in their text": (
        CLAIM.replace("So.", "{cite:t}`deep`."),
        ":::{claim-table}\n:::\n",
    ),
}


@pytest.mark.parametrize("case", LISTED)
def test_a_list_follows_a_change_of_a_work_that_other_pages_cite(case: str, tmp_path: Path) -> None:
    text, listing = LISTED[case]
    files = {
        "index.md": "# T\n\n```{toctree}\na\nlist\nworks\n```\n",
        "a.md": f"# A\n\n{text}",
        "list.md": f"# List\n\n{listing}",
        "works.md": BIBLIOGRAPHY,
        "works.bib": WORKS,
    }
    build(files, tmp_path, fresh=False, **CONFIG)
    changed = {**files, "works.bib": WORKS.replace("Journal of {Looks}", "Another")}
    page = main(build(changed, tmp_path, fresh=False, **CONFIG), "list")
    assert "Another" in words(page.select_one("details.marginalia-works"))


def test_a_bibliography_follows_the_letter_of_a_label(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n{cite:t}`first`\n\n```{toctree}\na\nworks\n```\n",
        "a.md": "# A\n",
        "works.md": "# Works\n\n```{bibliography}\n```\n",
        "works.bib": WORKS,
    }
    built = build(files, tmp_path, fresh=False, **CONFIG)
    assert "Gao et al. 2025]" in words(main(built, "works"))
    built = build({**files, "a.md": "# A\n\n{cite:t}`second`\n"}, tmp_path, fresh=False, **CONFIG)
    assert "Gao et al. 2025b]" in words(main(built, "works"))


def test_a_domain_of_another_extension_may_have_the_name_of_that_of_citations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Quotations(Domain):
        name = "cite"
        label = "quotations"

    other = ModuleType("quotations")
    other.setup = lambda app: app.add_domain(Quotations)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quotations", other)
    extensions = ["myst_parser", "quotations", "sphinx_marginalia"]
    built = build({"index.md": "# T\n\nSo.{sidenote}`Why?`\n"}, tmp_path, extensions=extensions)
    assert "Why?" in built.page()
