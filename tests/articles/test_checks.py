"""What is wrong in front matter and among articles is reported with its line; the page is built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.articles.curriculum import Block, Curriculum, check, depths, ordered
from sphinx_marginalia.articles.frontmatter import Article, Prerequisite, Term, read
from sphinx_marginalia.articles.options import ArticleProblem
from sphinx_marginalia.core.located import read_yaml
from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, article, index
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.core.diagnostics import Diagnostic
    from sphinx_marginalia.testing import Built


def reported(built: Built) -> list[str]:
    """Return the warnings without their types and with paths that are the same everywhere."""
    text = built.warnings.replace(f"{built.app.srcdir}/", "")
    return [line.partition(" [marginalia.")[0] for line in text.splitlines()]


# One page

PAGE = {"title": "T", "description": "D."}


def reading(values: dict[str, Any]) -> tuple[Article, list[Diagnostic]]:
    """Read *values* as front matter: what JSON can say, YAML reads."""
    return read(read_yaml(json.dumps(values), ArticleProblem.METADATA_TYPE))


MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    "no title": ({"title": None}, ["the article has no title"]),
    "no description": ({"description": None}, ["the article has no description"]),
    "title a list": ({"title": ["T"]}, ["title must be a text, not ['T']"]),
    "difficulty near": (
        {"difficulty": "Beginner"},
        ["unknown difficulty 'Beginner'; did you mean 'beginner'?"],
    ),
    "difficulty": (
        {"difficulty": "hard"},
        ["unknown difficulty 'hard'; use one of beginner, intermediate, advanced"],
    ),
    "order a word": (
        {"order": "first"},
        ["order must be a whole number from 1, not 'first'"],
    ),
    "order with a foreign digit": (
        {"order": "²"},
        ["order must be a whole number from 1, not '²'"],
    ),
    "order true": ({"order": True}, ["order must be a whole number from 1, not True"]),
    "order of thousands of digits": (
        {"order": "5" * 5000},
        [f"order must be a whole number from 1, not '{'5' * 58}…"],
    ),
    "order nought": (
        {"order": 0},
        ["order must be a whole number from 1, not 0"],
    ),
    "prerequisites a number": (
        {"prerequisites": 3},
        ["prerequisites must be a list of documents, labels, or entries with title and url, not 3"],
    ),
    "prerequisite without address": (
        {"prerequisites": [{"title": "X", "url": " "}]},
        [
            "prerequisites must be a list of documents, labels, or entries with title and url, "
            "not {'title': 'X', 'url': ' '}"
        ],
    ),
    "glossary without definition": (
        {"glossary": [{"term": "Star"}]},
        ["glossary must be a list of entries with term and definition, not {'term': 'Star'}"],
    ),
    "key near": ({"ordre": 1}, ["unknown key 'ordre'; did you mean 'order'?"]),
    "key of somebody else": ({"orphan": True, "layout": "post"}, []),
}


@pytest.mark.parametrize(("values", "messages"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_wrong_in_front_matter_is_reported(
    values: dict[str, Any], messages: list[str]
) -> None:
    assert [each.message for each in reading(PAGE | values)[1]] == messages


def test_a_value_of_the_wrong_type_is_left_out_and_the_rest_is_kept() -> None:
    values = PAGE | {
        "description": ["D"],
        "prerequisites": ["stars", {"title": "X"}, {"title": "Light", "url": "/light/"}],
        "glossary": [{"term": "A", "definition": " b\nc "}, "x"],
    }
    read, _ = reading(values)
    assert (read.title, read.description) == ("T", "")
    assert read.prerequisites == (Prerequisite("stars", ""), Prerequisite("/light/", "Light"))
    assert read.glossary == (Term("A", "b c"),)


WRONG = """\
---
title: Another title
difficulty: beginer
dificulty: hard
block: frist
order: first
prerequisites:
  - star
  - {title: X}
  - later/hard
glossary:
  - term: Star
  - {term: Gas, definition: Hot.}
  - {term: gas, definition: Thin.}
category: [a]
---

# The page

The text.
"""


EVERY_MISTAKE = [
    "page.md:1: WARNING: the article has no description",
    "page.md:2: WARNING: the title 'Another title' is not that of the page, 'The page'",
    "page.md:3: WARNING: unknown difficulty 'beginer'; did you mean 'beginner'?",
    "page.md:4: WARNING: unknown key 'dificulty'; did you mean 'difficulty'?",
    "page.md:5: WARNING: unknown block 'frist'; did you mean 'first'?",
    "page.md:6: WARNING: order must be a whole number from 1, not 'first'",
    "page.md:7: WARNING: prerequisites must be a list of documents, labels, or entries with "
    "title and url, not {'title': 'X'}",
    "page.md:7: WARNING: unknown prerequisite 'star'; did you mean 'stars'?",
    "page.md:11: WARNING: glossary must be a list of entries with term and definition, "
    "not {'term': 'Star'}",
    "page.md:11: WARNING: the term 'gas' is defined here twice",
    "page.md:15: WARNING: category must be a text, not ['a']",
    "later/hard.md:5: WARNING: order 3 in the block 'later' leaves out 1",
    "later/hard.md:6: WARNING: prerequisites in a circle: later/hard → page → later/hard",
]


def test_a_page_with_every_mistake_is_built_and_all_are_reported(tmp_path: Path) -> None:
    files = {
        "index.md": index("page", "stars", "later/hard"),
        "page.md": WRONG,
        "stars.md": "# Stars\n",
        "later/hard.md": article("Hard", block="later", order=3, prerequisites=["page"]),
    }
    built = build(files, tmp_path, **CONFIG)
    assert sorted(reported(built)) == sorted(EVERY_MISTAKE)
    assert words(main(built, "page")).endswith("The text.")


def test_a_mistake_in_restructuredtext_is_reported_at_its_field(tmp_path: Path) -> None:
    text = ":title: T\n:description: D.\n:order: first\n\nT\n=\n\nText.\n"
    built = build({"index.rst": text}, tmp_path)
    assert reported(built) == [
        "index.rst:3: WARNING: order must be a whole number from 1, not 'first'"
    ]


#: A heading, and a title in front matter that says the same.
TITLES = [
    ("A *deep* look", "A deep look"),
    ("“Deep” ‘look’", "\"Deep\" 'look'"),
    ("Stars{sidenote}`Bright ones.`", "Stars"),
    ("The {abbr}`LLM (model)`", "The LLM (model)"),
    ("About {math}`x`", "About {math}`x`"),
    ("About {doc}`other`", "About the other"),
    ("[1]", "[1]"),
]


def test_a_title_is_compared_as_it_is_read(tmp_path: Path) -> None:
    pages = {
        f"p{number}.md": article(title, order=1).replace(f"# {title}", f"# {heading}")
        for number, (heading, title) in enumerate(TITLES)
    }
    files = {"index.md": index("other", *pages), "other.md": "# Other\n", **pages}
    assert reported(build(files, tmp_path)) == []


def test_a_field_list_further_down_is_no_front_matter(tmp_path: Path) -> None:
    built = build({"index.rst": "Text first.\n\n:order: first\n\nT\n=\n"}, tmp_path)
    assert built.warnings == ""
    assert main(built).select(".marginalia-article") == []


def test_a_comment_may_stand_before_front_matter(tmp_path: Path) -> None:
    text = ".. By hand.\n\n:title: T\n:description: D.\n:order: 1\n\nT\n=\n"
    assert main(build({"index.rst": text}, tmp_path)).select_one(".marginalia-article")


# Among articles


def course(needs: dict[str, list[str]], **articles: Article) -> Curriculum:
    every = {name: articles.get(name, Article()) for name in [*needs, *articles]}
    return Curriculum([Block("a", "A")], ordered(every, [Block("a", "A")]), needs)


def messages(course: Curriculum) -> list[tuple[str, str]]:
    return [(each.source, each.message) for each in check(course)]


CIRCLES = {
    "none": ({"a": [], "b": ["a"], "c": ["a", "b"]}, []),
    "itself": ({"a": ["a"]}, [("a", "a → a")]),
    "two": ({"a": ["b"], "b": ["a"]}, [("a", "a → b → a")]),
    "two circles in one component are reported once": (
        {"a": ["b"], "b": ["c", "a"], "c": ["a"]},
        [("a", "a → b → a")],
    ),
    "two components": (
        {"a": ["b"], "b": ["a"], "c": ["d", "a"], "d": ["c"]},
        [("a", "a → b → a"), ("c", "c → d → c")],
    ),
    "beside one": ({"a": ["b"], "b": ["c"], "c": ["b"]}, [("b", "b → c → b")]),
}


@pytest.mark.parametrize(("needs", "circles"), CIRCLES.values(), ids=CIRCLES)
def test_a_circle_is_reported_once_at_its_first_article(
    needs: dict[str, list[str]], circles: list[tuple[str, str]]
) -> None:
    assert messages(course(needs)) == [
        (docname, f"prerequisites in a circle: {shown}") for docname, shown in circles
    ]


def test_a_thousand_articles_in_one_circle_do_not_hang() -> None:
    names = [f"{number:04}" for number in range(1000)]
    circle = course({name: [names[n - 1], names[n - 2]] for n, name in enumerate(names)})
    assert len(messages(circle)) == 1
    assert len(depths(circle)) == 1000


ORDERS = {
    "in order": ([1, 2, 3], []),
    "without": ([None, None], []),
    "a gap": ([1, 3], [("p1", "order 3 in the block 'a' leaves out 2")]),
    "not from one": ([2, 3], [("p0", "order 2 in the block 'a' leaves out 1")]),
    "twice": ([1, 1, 2], [("p1", "order 1 in the block 'a' is that of p0 too")]),
}


@pytest.mark.parametrize(("orders", "expected"), ORDERS.values(), ids=ORDERS)
def test_the_order_in_a_block_has_no_gap_and_no_place_twice(
    orders: list[int | None], expected: list[tuple[str, str]]
) -> None:
    articles = {
        f"p{number}": Article(block="a", order=order) for number, order in enumerate(orders)
    }
    assert messages(course({}, **articles)) == expected


def test_a_prerequisite_may_be_as_hard_as_its_article_and_no_harder() -> None:
    articles = {
        "easy": Article(difficulty="beginner"),
        "hard": Article(difficulty="advanced"),
        "same": Article(difficulty="advanced"),
    }
    found = course({"easy": ["hard"], "same": ["hard"], "hard": []}, **articles)
    assert messages(found) == [
        ("easy", "the prerequisite hard is advanced, harder than this beginner article")
    ]


def test_a_block_that_is_like_none_is_reported_with_all_there_are() -> None:
    found = course({}, p=Article(block="xyz"))
    assert messages(found) == [("p", "unknown block 'xyz'; use one of a")]


# What a prerequisite can be

PLACES = {
    "stars": "../stars.html",
    "stars.md": "../stars.html",
    "/stars": "../stars.html",
    "../stars": "../stars.html",
    "near": "near.html",
    "/topics/stars/": "../stars.html",
    "folder": "../folder/index.html",
    "Bright-Ones": "../stars.html#bright-ones",
    "#bright-ones": "../stars.html#bright-ones",
    "stars#bright-ones": "../stars.html#bright-ones",
    "stars#nameless": "../stars.html#nameless",
    "https://example.org/light": "https://example.org/light",
}


def test_a_prerequisite_is_a_document_a_label_or_an_address(tmp_path: Path) -> None:
    files = {
        "index.md": index("stars", "deep/page", "deep/near", "folder/index"),
        "stars.md": "# Stars\n\n(bright-ones)=\n## Bright ones\n\n## Nameless\n",
        "deep/near.md": "# Near\n",
        "folder/index.md": "# Folder\n",
        "deep/page.md": article("T", prerequisites=[*PLACES]),
    }
    built = build(files, tmp_path, myst_heading_anchors=2)
    links = main(built, "deep/page").select(".marginalia-article-read-first a")
    assert built.warnings == ""
    assert dict(zip(PLACES, [link["href"] for link in links], strict=True)) == PLACES
    assert words(links[0]) == "Stars"
    assert words(links[-2]) == "Nameless"


def test_articles_from_elsewhere_keep_the_names_from_their_own_root(tmp_path: Path) -> None:
    files = {
        "index.md": index("moved/a/one", "moved/b/two"),
        "moved/a/one.md": article("One", order=1),
        "moved/b/two.md": article("Two", prerequisites=["a/one"]),
    }
    built = build(files, tmp_path)
    assert built.warnings == ""
    assert words(main(built, "moved/b/two").select_one(".marginalia-article-read-first")) == (
        "Read first: One"
    )


def test_a_prerequisite_that_leads_nowhere_is_reported_and_shown_as_text(tmp_path: Path) -> None:
    files = {
        "index.md": article(
            "T", "```{toctree}\nstars\n```\n", prerequisites=["stras", "stars#none", "search"]
        ),
        "stars.md": "# Stars\n",
    }
    built = build(files, tmp_path)
    assert reported(built) == [
        "index.md:4: WARNING: unknown prerequisite 'stras'; did you mean 'stars'?",
        "index.md:4: WARNING: unknown prerequisite 'stars#none'; did you mean 'stars'?",
        "index.md:4: WARNING: unknown prerequisite 'search'; name a document or a label",
    ]
    shown = words(main(built).select_one(".marginalia-article-read-first"))
    assert shown == "Read first: stras, stars#none, search"


UNSAFE = ["javascript:alert(1)", "JAVA\tscript:alert(1)", "data:text/html,<b>", "vbscript:x"]


@pytest.mark.parametrize("builder", ["html", "latex"])
@pytest.mark.parametrize("url", UNSAFE)
def test_a_prerequisite_never_links_to_a_script(url: str, builder: str, tmp_path: Path) -> None:
    text = article("T", prerequisites=[{"title": "Light", "url": url}])
    built = build({"index.md": text}, tmp_path, builder)
    (line,) = reported(built)
    assert line.startswith("index.md:4: WARNING: unknown prerequisite")
    assert line.endswith(
        f"links to {url.split(':', maxsplit=1)[0].replace(chr(9), '').lower()}: are not allowed"
    )
    output = built.read("index.html" if builder == "html" else "*.tex")
    assert "Light" in output
    assert f'href="{url}' not in output
    assert r"\sphinxhref{" not in output


TEX = r"https://x.org/%}\input{/etc/passwd}\write18{id}{"


def test_the_address_of_a_prerequisite_is_no_command_of_latex(tmp_path: Path) -> None:
    text = article("T", prerequisites=[{"title": "Light", "url": TEX}])
    built = build({"index.md": text}, tmp_path, "latex")
    output = built.read("*.tex").partition(r"\begin{document}")[2]
    assert built.warnings == ""
    assert "x.org/" in output
    assert r"\input{/etc" not in output
    assert r"\write18" not in output


def test_a_list_in_restructuredtext_is_written_as_json(tmp_path: Path) -> None:
    fields = (
        ':title: T\n:description: D.\n:prerequisites: ["b", {"title": "Light", "url": "b"}]\n'
        ':glossary: [{"term": "Star", "definition": "Gas."}]\n'
    )
    files = {
        "index.rst": f"{fields}\nT\n=\n\n.. toctree::\n\n   b\n",
        "b.rst": "B\n=\n\n.. article-glossary::\n",
    }
    built = build(files, tmp_path)
    assert built.warnings == ""
    line = main(built).select_one(".marginalia-article-read-first")
    assert words(line) == "Read first: B, Light"
    assert words(main(built, "b").select_one("dt")).rstrip("¶") == "Star"


def test_a_list_in_restructuredtext_that_is_no_json_is_reported_at_its_field(
    tmp_path: Path,
) -> None:
    text = ':title: T\n:description: D.\n:prerequisites: ["b", {\n\nT\n=\n'
    (line,) = reported(build({"index.rst": text}, tmp_path))
    assert line.startswith("index.rst:3: WARNING: this is not YAML:")


# Front matter that MyST cannot read, or does not see

PAGE_TEXT = "\n# Moss\n\nGreen.\n"
UNREADABLE = {
    "a colon in a value": (
        "---\norder: 1\ndescription: Moss: a study\ntitle: Moss\n---\n",
        [(3, "put a text that contains a colon in quotes")],
        "1 min read",
    ),
    "a tab": ("---\norder: 1\n\ttitle: Moss\n---\n", [(3, "indent with spaces")], "1 min read"),
    "an open quotation mark": (
        "---\norder: 1\ncategory: plants\ntitle: 'Moss\n---\n",
        [(4, "close the quotation mark")],
        "plants · 1 min read",
    ),
    "a star": ("---\norder: 1\ntitle: *Moss*\n---\n", [(3, "in quotes")], "1 min read"),
    "a day that does not exist": (
        "---\norder: 1\ntitle: Moss\ndescription: D.\nupdated: 2026-02-31\n---\n",
        [(5, "'2026-02-31' cannot be read")],
        "D. 1 min read · updated 2026-02-31",
    ),
    "a list": ("---\n- Moss\n---\n", [(2, "write key: value in it")], ""),
    "nothing but broken lines": ("---\ntitle: Moss: a\n---\n", [(2, "in quotes")], ""),
    "a line separator": ("---\nlayout: a\u2028b\ntitle: x: 'y\n---\n", [(3, "not YAML")], ""),
    "not YAML on a page that is no article": (
        "---\ndescription: Moss: a study\nlayout: wide\n---\n",
        [(2, "put a text that contains a colon in quotes")],
        "",
    ),
    "capitals": (
        "---\nTitle: Moss\nBlock: plants\nAuthor: A\n---\n",
        [(2, "did you mean 'title'?"), (3, "did you mean 'block'?")],
        "",
    ),
    "TOML": ("+++\ntitle = 'Moss'\n+++\n", [(1, "write --- instead of +++")], ""),
    "an empty line above": (
        "\n \n---\nlayout: wide\ntitle: Moss\n---\n",
        [(3, "must begin on the first line")],
        "",
    ),
    "not closed": ("---\ntitle: Moss\norder: 1\n", [(1, "write --- on a line after")], ""),
}


@pytest.mark.parametrize(("front", "expected", "shown"), UNREADABLE.values(), ids=UNREADABLE)
def test_front_matter_that_cannot_be_read_is_reported(
    front: str, expected: list[tuple[int, str]], shown: str, tmp_path: Path
) -> None:
    built = build({"index.md": front + PAGE_TEXT}, tmp_path)
    lines = sorted(line for line in built.warnings.splitlines() if "[marginalia." in line)
    assert len(lines) == len(expected)
    for line, (number, message) in zip(lines, expected, strict=True):
        assert f"index.md:{number}: " in line
        assert message in line
    page = main(built)
    assert "Green." in words(page)
    header = page.select_one(".marginalia-article")
    assert (words(header) if header else "") == shown


FINE = {
    "none": "",
    "options of MyST alone": "---\nmyst:\n  enable_extensions: [tasklist]\n---\n",
    "a block break": "+++\n\nSo a = b.\n",
    "keys of others": "---\nlayout: wide\nAuthor: A\n---\n",
}


@pytest.mark.parametrize("front", FINE.values(), ids=FINE)
def test_nothing_is_said_of_pages_with_other_front_matter(front: str, tmp_path: Path) -> None:
    assert "[marginalia." not in build({"index.md": front + PAGE_TEXT}, tmp_path).warnings


def test_field_names_in_capitals_are_usual_in_restructuredtext(tmp_path: Path) -> None:
    built = build({"index.rst": ":Title: Moss\n:Author: A\n\nMoss\n====\n\nGreen.\n"}, tmp_path)
    assert built.warnings == ""
