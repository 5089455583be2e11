"""Mistakes that a parser accepts without a word: open fences, misspelt names, wrong options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_marginalia.core.fences import check_markdown
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from markdown_it.token import Token

NAMES = {"pause-and-think", "discussion", "key-idea"}


@pytest.fixture(scope="module")
def parse() -> Callable[[str], Sequence[Token]]:
    """Return MyST's parser, for blocks."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    config = MdParserConfig(enable_extensions={"colon_fence", "deflist"})
    return create_md_parser(config, RendererHTML).parse


OPEN = {
    "to the end of the page": (
        ":::{pause-and-think} Why?\n\nThink.\n\n## Next\n\nText.",
        [(1, "write ::: on a line after")],
    ),
    "with backquotes": (
        "Before.\n\n```{key-idea} Distance\nFar.\n\n## Next",
        [(3, "write ``` on a line after")],
    ),
    "in a list": (
        "* item\n\n  :::{pause-and-think} Why?\n  Think.\n\nAfter.",
        [(3, "write ::: on a line after")],
    ),
    "in a quotation": (
        "> :::{pause-and-think} Why?\n> Think.\n\nAfter.",
        [(1, "write ::: on a line after")],
    ),
    "code that takes a directive": (
        "Before.\n\n```py\n1\n\n:::{key-idea} Far\nSo.\n:::\n",
        [(3, "the code is not closed: what follows is in it")],
    ),
    "code block that takes a role": (
        "```{code-block} py\n1\n\nFar.{sidenote}`Very.`\n",
        [(1, "{code-block} is not closed: what follows is in it")],
    ),
    "within another directive": (
        "::::{pause-and-think} Why?\n:::{discussion}\nSo.\n::::\n",
        [(2, "write ::: on a line after")],
    ),
    "as long as what is in it": (
        ":::{pause-and-think} Why?\n:::{discussion}\nSo.\n:::\nMore.\n:::\n\nAfter.",
        [(2, "begin and end {pause-and-think} of line 1 with ::::")],
    ),
    "shorter than what is in it": (
        ":::{pause-and-think} Why?\n::::{note}\nSo.\n::::\nMore.\n:::\n",
        [(2, "begin and end {pause-and-think} of line 1 with :::::")],
    ),
    "twice, so that a stray line closes a stray line": (
        2 * ":::{note}\n:::{key-idea} Far\nSo.\n:::\nMore.\n:::\n\n",
        [(2, "{note} of line 1 with ::::"), (9, "{note} of line 8 with ::::")],
    ),
    "three deep": (
        "::::{note}\n:::{pause-and-think} Why?\n:::{discussion}\nSo.\n:::\n:::\n::::\n",
        [(3, "{pause-and-think} of line 2 with ::::")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), OPEN.values(), ids=OPEN)
def test_an_open_fence_is_reported_with_what_to_write(text, expected, parse) -> None:
    diagnostics = list(check_markdown(text, parse, NAMES, {"sidenote"}))
    assert [one.line for one in diagnostics] == [line for line, _ in expected]
    assert all(words in one.message for one, (_, words) in zip(diagnostics, expected, strict=True))


RIGHT = {
    "closed": ":::{pause-and-think} Why?\nThink.\n:::\n",
    "longer outside": "::::{pause-and-think} Why?\n:::{discussion}\nSo.\n:::\n::::\n",
    "of another kind": "```{pause-and-think} Why?\n:::{discussion}\nSo.\n:::\n```\n",
    "closed on the last line": ":::{key-idea} Far\nIt is far.\n:::",
    "empty": ":::{key-idea} Far\n:::",
    "in a list": "* item\n\n  :::{pause-and-think} Why?\n  Think.\n  :::\n\nAfter.",
    "an example in code": "````md\n:::{pause-and-think} Why?\nThink.\n````\n",
    "an example in a code block": "````{code-block} md\n:::{key-idea} Far\nThink.\n````\n",
    "open, and none of ours": ":::{note}\nThink.\n",
    "open code, and none of ours": ":::{key-idea} Far\nSo.\n:::\n\n```py\n1\n",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_nothing_is_said_of_fences_that_are_right(text, parse) -> None:
    assert not list(check_markdown(text, parse, NAMES))


FENCES = [
    *(":::{pause-and-think} Why?", "::::{key-idea} Far", ":::{note}", "~~~{key-idea} Near"),
    *("```py", "```", ":::", "::::", "~~~", "  :::", "Text.", "<!--", "-->", "$$"),
]


@given(lines=st.lists(st.sampled_from(FENCES), max_size=8))
def test_what_is_reported_is_a_line_that_begins_a_directive(lines: list[str], parse) -> None:
    for one in check_markdown("\n".join(lines), parse, NAMES):
        assert re.match(r"(:{3,}|~{3,})\{|```py", lines[one.line - 1])


def test_a_backquote_in_the_title_of_a_backquoted_fence_is_reported(parse) -> None:
    text = "Before.\n\n```{pause-and-think} Why{sidenote}`not`?\nThink.\n```\n"
    (diagnostic,) = check_markdown(text, parse, NAMES)
    assert diagnostic.line == 3
    assert "begin and end it with ::: or ~~~" in diagnostic.message


LOOKALIKES = {
    "two colons": ("::{key-idea} Far\nSo.\n::\n", [(1, "write :::{key-idea}")]),
    "one colon in a list": ("* a\n\n  :{key-idea} Far\n  So.\n", [(3, "write :::{key-idea}")]),
    "no braces": ("Before.\n\n:::discussion\nSo.\n:::\n", [(3, "write :::{discussion}")]),
    "a blank and no braces": ("::: key-idea Far\nSo.\n:::\n", [(1, "write :::{key-idea}")]),
    "no braces within another directive": (
        "::::{note}\n:::key-idea\nSo.\n:::\n::::\n",
        [(2, "write :::{key-idea}")],
    ),
    "a title without a blank": (":::{key-idea}Far\nSo.\n:::\n", [(1, "write :::{key-idea} Far")]),
    "blanks in a name": ("```{key idea} Far\nSo.\n```\n", [(1, "write ```{key-idea} Far")]),
    "blanks around a name": (":::{ key-idea }\nSo.\n:::\n", [(1, "write :::{key-idea}")]),
    "a title in braces": (":::{key-idea: Far}\nSo.\n:::\n", [(1, "write :::{key-idea} Far")]),
    "backquotes without braces": ("~~~key-idea\nSo.\n~~~\n", [(1, "write ~~~{key-idea}")]),
    "of reStructuredText": (
        "Far\n:sidenote:`Very.`\n\n.. key-idea:: Far\n\n   So.\n",
        [(2, ":sidenote:`…` is no role; write {sidenote}`…`"), (4, "write :::{key-idea}")],
    ),
    "blanks in a role": ("Far{ sidenote }`very`.", [(1, "write {sidenote}`…`")]),
    "other quotes": (
        'Far{sidenote}‘very’.\n\nFar{sidenote}"very" {sidenote}´very´',  # noqa: RUF001
        [(1, "write {sidenote}`…`"), (3, "write {sidenote}`…`"), (3, "write {sidenote}`…`")],
    ),
    "brackets": (
        "Far{sidenote}[very] far.{sidenote}(Very *far*.)",
        2 * [(1, "write {sidenote}`…`")],
    ),
    "no end of a role": ("`a`{sidenote}`Very.\n\nFar `b`", [(1, "the text of {sidenote} has no")]),
    "too few backquotes at the end": ("{sidenote}``Very`. `b`", [(1, "write {sidenote}`…`")]),
    "a bar in a table": ("| a | b |\n|---|---|\n| c{sidenote}`d | e` | f |", [(3, "\\| for |")]),
    "within HTML": (
        "<details>\n<p>Far{sidenote}`very`</p>\n\nSo{sidenote}`far`.\n",
        [(2, "{sidenote} is text within HTML")],
    ),
    "a blank after a role": ("`It\nis` \nfar.{sidenote} `Very.` {em}  `x`", [(3, "{sidenote}`…`")]),
}


@pytest.mark.parametrize(("text", "expected"), LOOKALIKES.values(), ids=LOOKALIKES)
def test_what_looks_like_a_directive_or_a_role_is_reported(text, expected, parse) -> None:
    diagnostics = list(check_markdown(text, parse, NAMES, {"sidenote"}))
    assert [one.line for one in diagnostics] == [line for line, _ in expected]
    assert all(words in one.message for one, (_, words) in zip(diagnostics, expected, strict=True))


NO_LOOKALIKES = {
    "right": ":::{key-idea} Far\nSo.{sidenote}`Very.`\n:::\n",
    "code": "```\n::{key-idea}\n```\n\nWrite `{sidenote} ` or ``{sidenote} `x` ``.",
    "another role in code": "`{sidenote}` `x` and `a` {sidenote}`b` `c`",
    "a definition": "Far\n: {sidenote}`Very.` So.\n:{sidenote}`Very.`\n",
    "others": "::{note}\n\n:::warning\n:::\n\n{em} `x`\n\n:key-idea: yes",
    "set in math": "$P_{sidenote}(x) + \\text{sidenote}[x]$ and {{sidenote}} and {sidenote}",
    "HTML beside a role": "<b>So</b>{sidenote}`far`.\n\n<!--\n{sidenote}`x`\n-->\n",
    "over two lines": "So{sidenote}`far\n away` {sidenote}``| `x` |``.",
    "words": "A key-idea: discussion, sidenote.",
}


@pytest.mark.parametrize("text", NO_LOOKALIKES.values(), ids=NO_LOOKALIKES)
def test_nothing_is_said_of_other_texts(text, parse) -> None:
    assert not list(check_markdown(text, parse, NAMES, {"sidenote"}))


FAR = "# Far\n\n:::{key-idea} Far\nSo.\n:::\n\n::: {key-idea} Near\nSo.\n:::\n"
ENABLED = "---\nmyst:\n  enable_extensions: [colon_fence]\n---\n"


@pytest.mark.parametrize(
    ("text", "extensions", "number"),
    [
        (FAR, [], 1),
        (FAR, ["colon_fence"], 0),
        (ENABLED + FAR, [], 0),
        (f"````\n{FAR}````\n", [], 0),
    ],
)
def test_three_colons_without_the_extension_are_reported_once_a_page(
    text, extensions, number, tmp_path: Path
) -> None:
    warnings = build({"index.md": text}, tmp_path, myst_enable_extensions=extensions).warnings
    assert warnings.count("index.md:3: WARNING: ::: begins no directive; add colon_fence") == number
    assert warnings.count("lookalike") == number


@pytest.mark.parametrize("far", ["far", "far.", "far;", "(far!)"])
def test_a_role_directly_after_text_is_reported_in_rst(far: str, tmp_path: Path) -> None:
    text = f"Far\n===\n\nIt is\n{far}:sidenote:`Very.`\n\nSo\\ :sidenote:`x` and ``a:sidenote:`` `x`.\n"
    warnings = build({"index.rst": text}, tmp_path).warnings
    assert warnings.count("index.rst:4: WARNING: :sidenote: is no role directly after text") == 1
    assert warnings.count("WARNING") == 1


def test_a_fence_that_myst_reads_as_a_directive_is_no_lookalike(tmp_path: Path) -> None:
    files = {"index.md": "# Far\n\n```key-idea Far\nSo.\n```\n"}
    built = build(files, tmp_path, myst_fence_as_directive=["key-idea"])
    assert built.warnings == ""


MISSPELT = {
    "a directive": (
        (3, 4),
        ":::{pause-and-thnk} Why?\nFar out.\n:::\n",
        ".. pause-and-thnk:: Why?\n\n   Far out.\n",
        "there is no directive 'pause-and-thnk'; did you mean 'pause-and-think'?",
    ),
    "in capitals": (
        (3, 4),
        "```{KeyIdea} Why?\nFar out.\n```\n",
        ".. KeyIdea:: Why?\n\n   Far out.\n",
        "did you mean 'key-idea'?",
    ),
    "a role": (
        (3, 4),
        "Far {sidnote}`out`. Why?\n",
        "Far :sidnote:`out`. Why?\n",
        "there is no role 'sidnote'; did you mean 'sidenote'?",
    ),
    "in a directive of others": (
        (4, 6),
        ":::{note}\nFar {marginote}`out`. Why?\n:::\n",
        ".. note::\n\n   Far :marginote:`out`. Why?\n",
        "did you mean 'marginnote'?",
    ),
    "an option": (
        (4, 5),
        ":::{key-idea} Why?\n:clas: wide\nFar out.\n:::\n",
        ".. key-idea:: Why?\n   :clas: wide\n\n   Far out.\n",
        "did you mean 'class'?",
    ),
}


@pytest.mark.parametrize("suffix", ["md", "rst"])
@pytest.mark.parametrize(("lines", "markdown", "rst", "hint"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_name_is_reported_and_read_as_what_was_meant(
    lines, markdown, rst, hint, suffix, tmp_path: Path
) -> None:
    text = f"# Near\n\n{markdown}" if suffix == "md" else f"Near\n====\n\n{rst}"
    built = build({f"index.{suffix}": text}, tmp_path, "text")
    line = lines[suffix == "rst"]
    assert re.findall(rf"index\.{suffix}:{line}: WARNING: .*{re.escape(hint)}", built.warnings)
    assert built.warnings.count("WARNING") == 1
    assert {"Why?", "out"} <= set(re.findall(r"[\w?]+", built.read("index.txt")))


def test_a_name_that_is_like_none_of_ours_gets_no_hint(tmp_path: Path) -> None:
    assert "did you mean" not in build({"index.md": "# Far\n\n{xyzzy}`So.`"}, tmp_path).warnings


@pytest.mark.parametrize(
    "option", [":clas: wide", ":class: !!!", ":open: yes", ":open: 1", ":name: a b", ":x:"]
)
@pytest.mark.parametrize("name", ["pause-and-think", "key-idea", "sidenote"])
def test_no_option_loses_the_text_of_its_directive(name, option, tmp_path: Path) -> None:
    text = f"Far\n===\n\nBefore.\n\n.. {name}:: Why\n   {option}\n\n   Because of this.\n"
    assert "Because of this." in build({"index.rst": text}, tmp_path).page()


@pytest.mark.parametrize("quoted", ["“far”", "‘far’", "„far“", " far "])
def test_quotation_marks_are_no_part_of_a_name(quoted: str, tmp_path: Path) -> None:
    text = f"# Near\n\n:::{{key-idea}} Far\n:name: {quoted}\n\nSo.\n:::\n\n{{ref}}`far <far>`\n"
    built = build({"index.md": text}, tmp_path)
    assert built.warnings == ""
    assert 'href="#far"' in built.page()


def test_a_flag_with_a_value_is_set(tmp_path: Path) -> None:
    built = build(
        {"index.rst": "Far\n===\n\n.. pause-and-think:: Why\n   :open: yes\n\n   So.\n"}, tmp_path
    )
    assert re.search(r"<details[^>]* open", built.page())
    assert ":5: WARNING: option 'open': no argument" in built.warnings


# Files


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
@pytest.mark.parametrize(("name", "jobs"), [("index.md", 1), ("far.md", 1), ("far.rst", 2)])
def test_a_file_in_another_encoding_is_reported_and_read(
    name: str, encoding: str, jobs: int, tmp_path: Path
) -> None:
    heading = ":orphan:\n\nFar\n===\n" if name.endswith("rst") else "# Far\n"
    files = {f"near{number}.md": "---\norphan: true\n---\n\n# Größe\n" for number in range(6)}
    files |= {"index.md": "# Near\n", name: f"{heading}\n4¼ “years”\n".encode(encoding)}
    built = build(files, tmp_path, jobs=jobs)
    (warning,) = (line for line in built.warnings.splitlines() if "toctree" not in line)
    assert f"{name}:" in warning
    assert "save it as UTF-8" in warning
    assert "4¼ “years”" in built.page(name.partition(".")[0])
    assert "Größe" in built.page("near1")


def test_an_encoding_of_the_project_stays(tmp_path: Path) -> None:
    built = build({"index.md": "# Größe\n".encode("cp1250")}, tmp_path, source_encoding="cp1250")
    assert "save it as UTF-8" not in built.warnings
    assert "Größe" in built.page()
