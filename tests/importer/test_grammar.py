"""Readers of template syntax: arguments, tokens, addresses; and the time that adversarial input takes."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

import marginalia_import
from marginalia_import import addresses
from marginalia_import.importer import Options, import_site
from marginalia_import.rules import TagError, parse_liquid, parse_nunjucks, parse_shell
from marginalia_import.sites.site import ESCAPED_MATH
from marginalia_import.tokenizer import tokenize
from marginalia_import.tokens import Grammar, TokenKind
from tests.cost import calls
from tests.importer.conftest import write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(
        marginalia_import.__path__, f"{marginalia_import.__name__}."
    )
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


# Arguments


@pytest.mark.parametrize(
    ("written", "arguments"),
    [
        ("", []),
        ('"a"', ["a"]),
        ("'a'", ["a"]),
        ('""', [""]),
        ('"a", "b"', ["a", "b"]),
        ("\"a\" 'b'", ["a", "b"]),
        ('"a",', ["a"]),
        ('"it\'s"', ["it's"]),
        (r'"a \"b\""', ['a "b"']),
        (r"'it\'s'", ["it's"]),
        (r'"$\\alpha$"', [r"$\alpha$"]),
        (r'"\\\\"', [r"\\"]),
        (r'"a\nb\tc\rd"', ["a\nb\tc\rd"]),
        (r'"\d\*"', ["d*"]),
        ('"a\n\nb"', ["a\n\nb"]),
        ('"%} {{ x }}"', ["%} {{ x }}"]),
        ('5, -1.5, "a"', ["5", "-1.5", "a"]),
        ('text="a", "b"', ["a", "b"]),
    ],
)
def test_nunjucks_writes_strings_with_escapes(written: str, arguments: list[str]) -> None:
    assert parse_nunjucks(written) == arguments


@pytest.mark.parametrize(
    ("written", "arguments"),
    [(r'"$\alpha$", "a\n"', [r"$\alpha$", r"a\n"]), ("'a' \"b\"", ["a", "b"])],
)
def test_liquid_strings_have_no_escapes(written: str, arguments: list[str]) -> None:
    assert parse_liquid(written) == arguments


@pytest.mark.parametrize("read", [parse_nunjucks, parse_liquid])
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ('"a', "a quote is not closed"),
        ("'a\"", "a quote is not closed"),
        ('"a" b', "'b' is not a text in quotes"),
        ("page.title", "'page.title' is not a text in quotes"),
        ("x =", "'=' is not a text in quotes"),
    ],
)
def test_an_argument_that_is_not_a_literal_is_reported(read, written: str, reason: str) -> None:
    with pytest.raises(TagError, match=reason):
        read(written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", []),
        ("a  b\n\tc", ["a", "b", "c"]),
        ("'a b' \"c d\"", ["a b", "c d"]),
        ("''", [""]),
        ("a'b c'd", ["ab cd"]),
        (r"a\ b", ["a b"]),
        (r"'\alpha \'", [r"\alpha \ ".strip()]),
        (r'"\alpha \" \\ \$ \`"', [r'\alpha " \ $ `']),
        ("'a\nb'", ["a\nb"]),
        ("sn-1 assets/x.png", ["sn-1", "assets/x.png"]),
        ("“a b”", ["“a", "b”"]),
    ],
)
def test_words_are_split_as_a_shell_does(written: str, words: list[str]) -> None:
    assert parse_shell(written) == words


@pytest.mark.parametrize("written", ["'a", 'a "b', "it's", "'a\\'b'"])
def test_an_unclosed_quote_is_an_error_in_a_shell(written: str) -> None:
    with pytest.raises(TagError, match="a quote is not closed"):
        parse_shell(written)


# The pieces of a text

NUNJUCKS = Grammar(jekyll=False, verbatim_tags={"raw": "endraw"}, dollar_math=True)
LIQUID = Grammar(jekyll=True, verbatim_tags={"m": "em"}, dollar_math=False, math_signs=ESCAPED_MATH)


def pieces(text: str, grammar: Grammar = NUNJUCKS) -> list[tuple[str, str]]:
    """Return the pieces that are more than text, which with the rest are all of the text."""
    tokens = list(tokenize(text, grammar))
    assert "".join(token.source for token in tokens) == text
    assert [token.line for token in tokens] == [1 + text[: t.start].count("\n") for t in tokens]
    return [(t.kind.name, t.source) for t in tokens if t.kind is not TokenKind.TEXT]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a {% b 'c' %} d", [("TAG", "{% b 'c' %}")]),
        ("{%- b -%}{%b%}", [("TAG", "{%- b -%}"), ("TAG", "{%b%}")]),
        ("{% b\n 'c\n d' %}", [("TAG", "{% b\n 'c\n d' %}")]),
        ("{% b '%} \\' %}' %}", [("TAG", "{% b '%} \\' %}' %}")]),
        ("{% b 'open %} it's", [("TAG", "{% b 'open %}")]),
        ("{{ a['}}'] }}{# b #}", [("EXPRESSION", "{{ a['}}'] }}"), ("COMMENT", "{# b #}")]),
        ("## A {#b .c}\n\n{# d #}", [("COMMENT", "{# d #}")]),
        ("{% raw %}{% a %}{% endraw %}", [("TAG", "{% raw %}{% a %}{% endraw %}")]),
        ("{% raw %}{% a %}", [("TAG", "{% raw %}"), ("TAG", "{% a %}")]),
        ("{% open, {{ open, {# open", []),
        ("`{% a %}` ``b`c``", [("CODE_SPAN", "`{% a %}`"), ("CODE_SPAN", "``b`c``")]),
        ("{% a '`' %} `", [("TAG", "{% a '`' %}")]),
        ("` {% a '`' %}", [("TAG", "{% a '`' %}")]),
        ("`a\n\nb`", []),
        ("> `a\n>\n> b`", []),
        (r"\`a\` \$b$", []),
        (r"\{% a %}", [("TAG", "{% a %}")]),  # the template is read before the Markdown
        ("<!-- {% a %} $b$ -->", [("HTML_COMMENT", "<!-- {% a %} $b$ -->")]),
        ("$a$, $b_1$", [("MATH", "$a$"), ("MATH", "$b_1$")]),
        ("$5 or $6, $ a$, $b $, $c$7", []),
        ("$a\n\nb$", []),
        ("$`a`$ $b", [("CODE_SPAN", "`a`")]),
        ("$$\na\n\nb\n$$", [("DISPLAY_MATH", "$$\na\n\nb\n$$")]),
        ("a $$b$$ c", [("DISPLAY_MATH", "$$b$$")]),
        ("$$$ $$ $$", []),
    ],
)
def test_whatever_begins_first_is_a_token(text: str, found: list[tuple[str, str]]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% b '%}' %}", [("TAG", "{% b '%}")]),
        ("{# a #} $b$", []),
        ("{% m %}a {% b %}{% em %}", [("TAG", "{% m %}a {% b %}{% em %}")]),
        ("a $$b$$ c", [("MATH", "$$b$$")]),
        ("$$b$$", [("DISPLAY_MATH", "$$b$$")]),
        ("> $$\n> b\n> $$", [("DISPLAY_MATH", "$$\n> b\n> $$")]),
    ],
)
def test_liquid_is_read_by_its_own_rules(text: str, found: list[tuple[str, str]]) -> None:
    assert pieces(text, LIQUID) == found


def test_a_verbatim_tag_has_a_name_a_body_and_content() -> None:
    (tag,) = tokenize('{%- raw "a" , b -%} {{ x }} {%- endraw -%}', NUNJUCKS)
    assert (tag.name, tag.body, tag.content) == ("raw", '"a" , b', " {{ x }} ")


def test_a_code_block_is_one_token() -> None:
    tokens = tokenize("a\n```\n{% b %}\n```\n{% c %}\n", NUNJUCKS, [(1, 4, True)])
    found = [(token.kind, token.line) for token in tokens if token.kind is not TokenKind.TEXT]
    assert found == [(TokenKind.CODE_BLOCK, 2), (TokenKind.TAG, 5)]


@pytest.mark.parametrize("mark", ["{% a '", "{{ '", "$a ", "<!--", "{#", "$$", "{%- a ``"])
def test_unclosed_delimiters_take_linear_time(mark: str) -> None:
    few, many = (calls(lambda n=n: pieces(mark * n)) for n in (250, 2_000))
    assert many < 10 * few


def _converting(text: str, folder: Path) -> int:
    """Return how many calls it takes to convert an article."""
    site = write_site(folder, {"eleventy.config.js": "", "stars.md": text})
    options = Options(site, folder.with_name("new"), dry_run=True)
    assert import_site(options).counts["articles"] == 1  # and all modules are imported
    return calls(lambda: import_site(options))


@pytest.mark.parametrize("closing", ["", "]", "](x)", "][x]"])
@pytest.mark.parametrize("opening", ["[", "!["])
def test_nested_brackets_take_linear_time(opening: str, closing: str, tmp_path: Path) -> None:
    few, many = (opening * depth + closing * depth + "\n" for depth in (250, 2_000))
    assert _converting(many, tmp_path / "many") < 10 * _converting(few, tmp_path / "few")


@pytest.mark.parametrize(
    "text",
    [
        "<details>\n" * 1_000 + "</details>\n" * 1_000,
        "<div>\n" * 5_000 + "</div>\n" * 5_000,
        "<h2>" + "<i>" * 3_000 + "a" + "</i>" * 3_000 + "</h2>",
        "> " * 2_000 + "a",
        "- " * 2_000 + "a",
        "{% box %}" * 300 + "{% endbox %}" * 300,
        "\\\\" * 5_000,
    ],
    ids=lambda text: text[:9].strip(),
)
@pytest.mark.parametrize("dialect", ["eleventy", "tufte-jekyll"])
def test_deeply_nested_input_is_converted(dialect: str, text: str, article: Callable) -> None:
    made, _ = article(f"{text}\n\nThe end.\n", dialect)
    assert made.endswith("\nThe end.\n")


# Addresses


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("site.baseurl", ""),
        ("site.url | escape", ""),
        ("'/a' | relative_url", "/a"),
        ('"/a" | prepend: site.baseurl', "/a"),
        ("'/a/' | url", "/a/"),
        ("page.url", None),
        ("'/a' | sort", None),
    ],
)
def test_some_expressions_have_a_known_value(body: str, value: str | None) -> None:
    assert addresses.expression_value(body) == value


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", ""),
        ("index.html", ""),
        ("/a/", "a"),
        ("/a/index.md", "a"),
        ("/a/b.html", "a/b"),
        ("a/b.markdown", "a/b"),
        ("/a/myindex", "a/myindex"),
        ("/a.b/", "a.b"),
    ],
)
def test_a_page_key_has_no_optional_parts(path: str, key: str) -> None:
    assert addresses.page_key(path) == key


@pytest.mark.parametrize(
    ("folder", "path", "found"),
    [
        ("a/b", "c.png", "a/b/c.png"),
        ("a/b", "../c.png", "a/c.png"),
        ("a/b", "../../c.png", "c.png"),
        ("a/b", "../../../c.png", None),
        ("", "../c.png", None),
        ("", "/etc/passwd", None),
        ("a", "..c/d.png", "a/..c/d.png"),
        ("", "..c/d.png", "..c/d.png"),
    ],
)
def test_a_path_that_leaves_the_site_is_rejected(folder: str, path: str, found: str | None) -> None:
    assert addresses.join_inside(folder, path) == found


@pytest.mark.parametrize(
    ("address", "external"),
    [("https://a", True), ("mailto:a@b", True), ("//a", True), ("/a", False), ("#a:b", False)],
)
def test_an_address_of_another_site_has_a_scheme(address: str, external: bool) -> None:
    assert addresses.is_external(address) is external


def test_an_address_is_split_into_path_and_fragment() -> None:
    assert addresses.split_address("/a%20b/?c=d#e%20f") == ("/a b/", "e f")
