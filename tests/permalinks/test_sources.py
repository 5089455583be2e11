"""Names written into sources."""

from __future__ import annotations

import docutils.core
import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from myst_parser.docutils_ import Parser

from sphinx_marginalia.permalinks.names import label
from sphinx_marginalia.permalinks.sources import insert

MYST = {
    "above a heading": ("# One\n", [(1, "one")], "(one)=\n# One\n"),
    "above each, from lines of the text as it was": (
        "# One\n\n## Two\n\n### Three\n",
        [(1, "one"), (3, "two"), (5, "three")],
        "(one)=\n# One\n\n(two)=\n## Two\n\n(three)=\n### Three\n",
    ),
    "above an underlined heading of two lines": (
        "One\nand more\n========\n\nTwo\n---\n",
        [(1, "one"), (5, "two")],
        "(one)=\nOne\nand more\n========\n\n(two)=\nTwo\n---\n",
    ),
    "with an empty line where text stands right above": (
        "Text\n# One\n",
        [(2, "one")],
        "Text\n\n(one)=\n# One\n",
    ),
    "below a name that an author keeps": (
        "(old)=\n# One\n",
        [(2, "one")],
        "(old)=\n(one)=\n# One\n",
    ),
    "behind front matter": (
        "---\ntitle: One\n---\n\n# One\n",
        [(5, "one")],
        "---\ntitle: One\n---\n\n(one)=\n# One\n",
    ),
    "with the ends of lines of the file": (
        "Text\r\n\r\n# One\r\n",
        [(3, "one")],
        "Text\r\n\r\n(one)=\r\n# One\r\n",
    ),
    "with the ends of lines of an old Mac": ("A\r\r# One\r", [(3, "one")], "A\r\r(one)=\r# One\r"),
    "behind a byte order mark": ("\ufeff# One\n", [(1, "one")], "\ufeff(one)=\n# One\n"),
    "where the file ends without a newline": ("A\n\n# One", [(3, "one")], "A\n\n(one)=\n# One"),
    "where odd spaces are no ends of lines": (
        "a\u2028b\x0cc\x85d\n\n# One\n",
        [(3, "one")],
        "a\u2028b\x0cc\x85d\n\n(one)=\n# One\n",
    ),
    "not into a quote": ("> # One\n", [(1, "one")], "> # One\n"),
    "not into a quote that is underlined": ("> One\n> ===\n", [(1, "one")], "> One\n> ===\n"),
    "not into a list": ("- One\n  ---\n", [(1, "one")], "- One\n  ---\n"),
    "not above text": ("One\n\nTwo\n", [(1, "one"), (2, "two"), (3, "three")], "One\n\nTwo\n"),
    "not beyond the file": ("# One\n", [(0, "zero"), (9, "nine")], "# One\n"),
    "not where it stands already": ("(one)=\n# One\n", [(2, "one")], "(one)=\n# One\n"),
}

RST = {
    "above a title": ("One\n===\n", [(2, "one")], ".. _one:\n\nOne\n===\n"),
    "above an overline": (
        "Text\n\n===\nOne\n===\n",
        [(5, "one")],
        "Text\n\n.. _one:\n\n===\nOne\n===\n",
    ),
    "above a title whose overline is of another section": (
        "One\n===\nTwo\n---\n",
        [(2, "one"), (4, "two")],
        ".. _one:\n\nOne\n===\n\n.. _two:\n\nTwo\n---\n",
    ),
    "with an empty line below a name that an author keeps": (
        ".. _old:\n\nOne\n===\n",
        [(4, "one")],
        ".. _old:\n\n.. _one:\n\nOne\n===\n",
    ),
    "with the ends of lines of the file": (
        "One\r\n===\r\n",
        [(2, "one")],
        ".. _one:\r\n\r\nOne\r\n===\r\n",
    ),
    "behind a byte order mark": ("\ufeffOne\n===\n", [(2, "one")], "\ufeff.. _one:\n\nOne\n===\n"),
    "where docutils ends lines that others do not end": (
        "a\u2028b\x0cc\n\nOne\n===",
        [(5, "one")],
        "a\u2028b\x0cc\n\n.. _one:\n\nOne\n===",
    ),
    "not above text": ("One\n\nTwo\n", [(1, "one"), (3, "two")], "One\n\nTwo\n"),
    "not where it stands already": (
        ".. _one:\n\nOne\n===\n",
        [(4, "one")],
        ".. _one:\n\nOne\n===\n",
    ),
}
CASES = [
    pytest.param(suffix, *case, id=f"{suffix} {title}")
    for suffix, cases in ((".md", MYST), (".rst", RST))
    for title, case in cases.items()
]


@pytest.mark.parametrize(("suffix", "text", "wanted", "expected"), CASES)
def test_a_name_is_written(suffix: str, text: str, wanted: list, expected: str) -> None:
    assert insert(text, suffix, wanted) == expected


@pytest.mark.parametrize(("suffix", "text", "wanted", "expected"), CASES)
def test_what_was_written_is_not_written_again(
    suffix: str, text: str, wanted: list, expected: str
) -> None:
    assert insert(expected, suffix, wanted) == expected


def test_a_label_is_spelled_as_its_file_is() -> None:
    assert label("one", "docs/a.md") == "(one)="
    assert label("one", "docs/A.RST") == ".. _one:"


@pytest.mark.parametrize(
    ("title", "written"),
    [("One of many", True), ("Another of them", False), ("", True), ("One X y", False)],
)
def test_a_name_is_not_written_above_another_heading(title: str, written: bool) -> None:
    changed = insert("# *One* {of}`many`\n", ".md", [(1, "one")], {"one": title})
    assert changed.startswith("(one)=\n") == written


def test_a_file_that_is_called_as_it_likes_is_read_as_what_it_looks_like() -> None:
    assert insert(".. note::\n\nOne\n===\n", ".txt", [(4, "one")]) == (
        ".. note::\n\n.. _one:\n\nOne\n===\n"
    )
    assert insert("# One\n", ".inc", [(1, "one")]) == "(one)=\n# One\n"
    assert insert("One\n===\n", ".txt", [(1, "one")]) == "One\n===\n"  # it may be either


def sections(text: str, suffix: str) -> list[nodes.section]:
    document = docutils.core.publish_doctree(
        text,
        parser=Parser() if suffix == ".md" else None,
        settings_overrides={"report_level": 5, "doctitle_xform": False, "line_length_limit": 10**6},
    )
    return list(document.findall(nodes.section))


BLOCKS = {
    ".md": [
        "# A title\n", "## Below\n", "Set\next\n===\n", "Other\n---\n", "Text\n# Close\n", "- item\n",
        "> # quoted\n", "```\n# code\n```\n", ":::\n# fence\n:::\n", "Text\nin lines\n", "(kept)=\n",
        "| a |\n|---|\n| b |\n", "***\n", "    # code\n", "#\n", "% comment\n", "+++\n", "###### Six\n",
    ],
    ".rst": [
        "Title\n=====\n", "Below\n-----\n", "*****\nOver\n*****\n", "Text\nin lines\n", "- item\n",
        "::\n\n  Code\n  ====\n", "    Quoted\n", ".. _kept:\n", "-----\n", ".. note::\n\n   Text\n",
        "====  ====\na     b\n====  ====\n", "..\n   Comment\n   =======\n", "Ünïcode\n=======\n",
    ],
}  # fmt: skip


@pytest.mark.parametrize("suffix", [".md", ".rst"])
@settings(max_examples=120)
@given(data=st.data())
def test_the_sections_of_any_text_get_their_names_and_nothing_else_changes(
    suffix: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(BLOCKS[suffix]), max_size=7))
    text = "\n".join(chosen)
    before = sections(text, suffix)
    wanted = [(section.line or 0, f"name-{number}x") for number, section in enumerate(before)]
    after = insert(text, suffix, wanted)
    named = sections(after, suffix)
    assert [section[0].astext() for section in named] == [s[0].astext() for s in before]
    for number, section in enumerate(named):
        assert f"name-{number}x" in section["ids"]
    written = [line for line in after.split("\n") if not line.strip(".: _()=").startswith("name-")]
    assert [line for line in written if line] == [line for line in text.split("\n") if line]
