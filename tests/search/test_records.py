"""What a reader can find: sections, terms, claims, works and other objects, in any theme."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.domains import Domain

from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, COURSE

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

EXTENSIONS = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.search")
FOLDER = "_static/marginalia-search"
START = "marginaliaSearch("


def calls(site: Path, name: str) -> list[Any]:
    """Return the data of each file of the search whose name matches, in their order."""
    texts = [file.read_text(encoding="utf-8") for file in (site / FOLDER).glob(name)]
    assert all(text.startswith(START) for text in texts)
    found = [json.loads(f"[{text[len(START) : -3]}]") for text in texts]
    return [data for _kind, _number, data in sorted(found, key=lambda call: call[1])]


def records(site: Path) -> list[tuple[str, str, str, str, str]]:
    """Return the kind, title, path, address and text of each record."""
    (base,) = calls(site, "records.js")
    return [
        (base["kinds"][kind], *rest) for texts in calls(site, "texts-*.js") for kind, *rest in texts
    ]


def searchable(text: str, folder: Path, **options: Any) -> list[tuple[str, str, str, str, str]]:
    """Return the records of a site with one page."""
    options = {"extensions": EXTENSIONS} | options
    return records(build({"index.md": text}, folder, **options).out)


# Sections


def test_a_section_is_a_record_with_its_own_text(tmp_path: Path) -> None:
    text = (
        "# Wells\n\nA well is deep.\n\n## Ropes\n\nA rope is long.\n\n### Knots\n\nA knot holds.\n"
    )
    assert searchable(text, tmp_path) == [
        ("page", "Wells", "", "index.html", "A well is deep."),
        ("section", "Ropes", "Wells", "index.html#ropes", "A rope is long."),
        (
            "section",
            "Knots",
            "Wells \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Ropes",
            "index.html#knots",
            "A knot holds.",
        ),
    ]


def test_a_section_has_the_address_that_its_author_gave_it(tmp_path: Path) -> None:
    text = "# Wells\n\n(how-deep)=\n## Depth\n\nTen.\n"
    assert searchable(text, tmp_path)[1][3] == "index.html#how-deep"


def test_blocks_are_separated_by_spaces_and_words_are_not(tmp_path: Path) -> None:
    text = "# T\n\nHalf*way*.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n"
    assert searchable(text, tmp_path)[0][4] == "Halfway. one two a b c d"


def test_the_text_of_a_note_is_there_once_and_its_number_is_not(tmp_path: Path) -> None:
    text = "# Wells{sidenote}`Also pits.`\n\nA well{sidenote}`Deep.` is deep.\n"
    ((_kind, title, _path, _address, words),) = searchable(text, tmp_path)
    assert title == "Wells"
    assert words.split("Deep.")[0].endswith("A well is deep. ")
    assert words.count("Deep.") == words.count("Also pits.") == 1


def test_a_reference_is_the_title_that_it_shows(tmp_path: Path) -> None:
    text = "# T\n\nSee {ref}`rope` and {doc}`index`.\n\n(rope)=\n## A long rope\n\nSo.\n"
    assert searchable(text, tmp_path)[0][4] == "See A long rope and T."


def test_comments_formulas_and_hidden_blocks_have_no_words(tmp_path: Path) -> None:
    text = "# T\n\nOne.\n\n% comment\n\n$$\nx\n$$\n\n```{raw} html\n<p>Raw</p>\n```\n\n```{only} latex\nPaper.\n```\n"
    assert searchable(text, tmp_path)[0][4] == "One."


def test_a_page_has_the_page_above_it_as_its_path(tmp_path: Path) -> None:
    files = {
        "index.md": "# Home\n\n```{toctree}\nwells\n```\n",
        "wells.md": "# Wells\n\n```{toctree}\nropes\n```\n",
        "ropes.md": "# Ropes\n",
    }
    found = records(build(files, tmp_path, extensions=EXTENSIONS).out)
    assert [(title, path) for _kind, title, path, _address, _text in found] == [
        ("Home", ""), ("Wells", ""), ("Ropes", "Wells"),
    ]  # fmt: skip


def test_a_page_that_is_not_to_be_searched_has_no_records(tmp_path: Path) -> None:
    assert (
        searchable("---\nnosearch: true\n---\n# T\n\n```{glossary}\nrope\n  Long.\n```\n", tmp_path)
        == []
    )


# Terms, claims, works, objects


def kinds(found: list[tuple[str, str, str, str, str]]) -> list[tuple[str, ...]]:
    return [each for each in found if each[0] not in {"page", "section"}]


def test_a_term_of_a_glossary_is_a_record_with_its_definition(tmp_path: Path) -> None:
    text = "# T\n\n```{glossary}\nrope\n  What a bucket hangs on.\n```\n"
    assert kinds(searchable(text, tmp_path)) == [
        ("term", "rope", "T", "index.html#term-rope", "What a bucket hangs on."),
    ]


def test_a_term_that_an_article_defines_is_a_record_of_the_glossary(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, **CONFIG | {"extensions": EXTENSIONS})
    assert kinds(records(built.out)) == [
        ("term", "Parsec", "Terms", "terms.html#term-parsec", "3.26 light years."),
        ("term", "Star", "Terms", "terms.html#term-star", "A ball of gas."),
    ]


def test_a_claim_is_a_record_with_its_verdict(tmp_path: Path) -> None:
    text = "# T\n\n```{claim} ropes-hold\n:verdict: supported\n\nA rope holds a bucket.\n```\n"
    assert kinds(searchable(text, tmp_path)) == [
        (
            "claim",
            "ropes hold (supported)",
            "T",
            "index.html#claim-ropes-hold",
            "A rope holds a bucket.",
        ),
    ]


def test_a_work_is_a_record_of_the_bibliography(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\nSee {cite:p}`ada`.\n\n```{bibliography}\n```\n",
        "works.bib": "@book{ada, author = {Ada Rope}, title = {Wells}, publisher = {Pit}, year = 1990}",
    }
    built = build(
        files,
        tmp_path,
        extensions=("myst_parser", "sphinxcontrib.bibtex", *EXTENSIONS[1:]),
        bibtex_bibfiles=["works.bib"],
        bibtex_default_style="marginalia",
        bibtex_reference_style="marginalia",
        bibtex_cite_id="ref-{key}",
    )
    found = records(built.out)
    assert kinds(found) == [("work", "Wells", "T", "index.html#ref-ada", "Rope, Ada. Pit, 1990")]
    assert found[0][4] == "See (Rope 1990)."


def test_an_object_of_a_programming_interface_is_a_record(tmp_path: Path) -> None:
    text = "# T\n\n```{py:function} lower(rope)\n\nLower the bucket.\n```\n"
    ((_kind, *rest),) = kinds(searchable(text, tmp_path))
    assert rest == ["lower", "T", "index.html#lower", "Lower the bucket."]


def test_an_object_of_a_type_that_its_domain_does_not_declare_is_a_record(tmp_path: Path) -> None:
    class Tools(Domain):
        name = "tools"
        label = "Tools"

        def get_objects(self) -> list[tuple[str, str, str, str, str, int]]:
            return [("winch", "Winch", "tool", "index", "winch", 1)]

    extension = ModuleType("tools_of_wells")
    extension.setup = lambda app: app.add_domain(Tools)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, extension.__name__, extension)
        found = searchable("# T\n", tmp_path, extensions=(*EXTENSIONS, extension.__name__))
    assert kinds(found)[-1][:2] == ("tool", "Winch")


@pytest.mark.parametrize("link", ["{doc}`wells`", "{doc}`/sub/wells`", "[](wells.md)"])
def test_a_link_to_a_document_beside_the_page_has_its_title(link: str, tmp_path: Path) -> None:
    files = {
        "index.md": "# Home\n\n```{toctree}\nwells\nsub/a\nsub/wells\n```\n",
        "wells.md": "# Other wells\n",
        "sub/wells.md": "# Wells below\n",
        "sub/a.md": f"# A\n\nSee {link}.\n",
    }
    found = records(build(files, tmp_path, extensions=EXTENSIONS).out)
    assert "See Wells below." in [text for *_rest, text in found]


# Builds


def test_without_other_features_sections_are_found(tmp_path: Path) -> None:
    text = "Wells\n=====\n\nA well is deep.\n"
    built = build({"index.rst": text}, tmp_path, extensions=("sphinx_marginalia.search",))
    assert records(built.out) == [("page", "Wells", "", "index.html", "A well is deep.")]


def test_addresses_are_those_of_the_builder(tmp_path: Path) -> None:
    files = {"index.md": "# Home\n\n```{toctree}\nwells\n```\n", "wells.md": "# Wells\n"}
    found = records(build(files, tmp_path, "dirhtml", extensions=EXTENSIONS).out)
    assert [address for *_rest, address, _text in found] == ["", "wells/"]


@pytest.mark.parametrize("builder", ["singlehtml", "epub", "latex", "text", "htmlhelp"])
def test_other_builders_have_no_search_of_ours(builder: str, tmp_path: Path) -> None:
    config = {"epub_show_urls": "no", "version": "1", "copyright": "Nobody"}
    with_search = build({"index.md": "# T\n"}, tmp_path, builder, extensions=EXTENSIONS, **config)
    assert not list(with_search.out.rglob("marginalia-search*"))


MANY = {
    "index.md": "# Home\n\n```{toctree}\n:glob:\np*\n```\n",
    **{f"p{n}.md": f"# Page {n}\n\nSee {{ref}}`s{n - 1}`.\n\n(s{n})=\n## Section {n}\n\n{'rope ' * 600}\n" for n in range(1, 9)},
    "p0.md": "# Page 0\n\n(s0)=\n## Section 0\n\n```{glossary}\nrope\n  Long.\n```\n",
}  # fmt: skip


def files_of(built: Built) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in (built.out / FOLDER).iterdir()}


@pytest.mark.slow
def test_a_parallel_build_writes_the_same_files(tmp_path: Path) -> None:
    one = build(MANY, tmp_path / "one", extensions=EXTENSIONS)
    two = build(MANY, tmp_path / "two", extensions=EXTENSIONS, jobs=2)
    assert files_of(one) == files_of(two)
    assert len(files_of(one)) > 3


def test_a_later_build_writes_the_files_of_a_first_one(tmp_path: Path) -> None:
    build(MANY, tmp_path / "later", extensions=EXTENSIONS)
    changed = MANY | {
        "p0.md": "# Page 0\n\n(s0)=\n## Another title\n\nShort.\n",
        "p8.md": "# Page 8\n",
    }
    later = build(changed, tmp_path / "later", extensions=EXTENSIONS, fresh=False)
    first = build(changed, tmp_path / "first", extensions=EXTENSIONS)
    assert files_of(later) == files_of(first)
    assert any("See Another title." in text for text in files_of(later).values())


def test_files_of_a_site_that_became_smaller_are_removed(tmp_path: Path) -> None:
    before = files_of(build(MANY, tmp_path, extensions=EXTENSIONS))
    smaller = {
        "index.md": "# Home\n",
        **dict.fromkeys(
            (f"p{n}.md" for n in range(9)), "---\norphan: true\nnosearch: true\n---\n# P\n"
        ),
    }
    after = files_of(build(smaller, tmp_path, extensions=EXTENSIONS, fresh=False))
    assert set(after) < set(before)
    assert set(after) == {"records.js", "terms-0.js", "texts-0.js"}


def test_a_link_to_the_index_has_its_words_in_the_language_of_the_site(tmp_path: Path) -> None:
    text = "# Wells\n\nAll are in the {ref}`genindex`.\n"
    (page,) = searchable(text, tmp_path, language="de")
    assert page[4] == "All are in the Stichwortverzeichnis."


@pytest.mark.parametrize(
    "text",
    [
        ".. option:: --rope\n\n   Long.",
        ".. envvar:: ROPE\n\n   Long.",
        ".. program:: well\n\n.. option:: -r\n\n   Long.",
    ],
)
def test_objects_of_sphinx_are_found(text: str, tmp_path: Path) -> None:
    files = {"index.rst": f"Wells\n=====\n\n{text}\n"}
    built = build(files, tmp_path, extensions=EXTENSIONS)
    assert any(one[4] == "Long." for one in records(built.out))
