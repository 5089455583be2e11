r"""What becomes of TeX: formulas as they are written in essays, and hostile ones."""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from math_core import LatexError

from sphinx_marginalia.mathml.formula import LIBRARY, convert, suggestions
from sphinx_marginalia.mathml.tokens import Macro, TexError, tokenize
from sphinx_marginalia.mathml.tree import STYLES

LINES = Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").splitlines()
FORMULAS = [line for line in LINES if line and not line.startswith("% ")]

#: Formulas that are not converted: the library does not have the command.
NOT_CONVERTED = [
    r"\smash{\frac{1}{2}}",
    r"\rule{1em}{1em}",
    r"\llap{x} \mathrlap{y} z",
]

M = "{http://www.w3.org/1998/Math/MathML}"


def shown(
    tex: str, *, displayed: bool = True, macros: dict[str, Macro] | None = None
) -> ET.Element:
    """Return the ``<math>`` element of *tex*."""
    return ET.fromstring(convert(tex, macros or {}, displayed=displayed).mathml)


def short(tex: str, **options: object) -> str:
    """Return what is shown of *tex*, without the namespace, the annotation and attributes."""
    math = shown(tex, **options)  # type: ignore[arg-type]
    semantics = math[0]
    return _short(semantics[0])


def _short(element: ET.Element) -> str:
    tag = element.tag.removeprefix(M)
    inner = (element.text or "") + "".join(map(_short, element))
    return f"<{tag}>{inner}</{tag}>"


@cache
def commands() -> list[str]:
    """Return all tokens that occur in the formulas."""
    return sorted({token.text for formula in FORMULAS for token in tokenize(formula)})


# Formulas of essays


def test_there_are_more_than_three_hundred_formulas_and_none_twice() -> None:
    assert len(FORMULAS) == len(set(FORMULAS)) > 300


@pytest.mark.parametrize("tex", [tex for tex in FORMULAS if tex not in NOT_CONVERTED])
@pytest.mark.parametrize("displayed", [True, False])
def test_a_formula_is_shown(tex: str, displayed: bool) -> None:
    math = shown(tex, displayed=displayed)
    assert math.get("display") == ("block" if displayed else None)
    parts = list(math[0][0].iter())
    assert any((part.text or "").strip() or part.tag == f"{M}mspace" for part in parts)
    # A strict Content-Security-Policy refuses them.
    assert all("style" not in part.attrib for part in parts)


@pytest.mark.parametrize("tex", NOT_CONVERTED)
def test_a_known_failure_is_one_still(tex: str) -> None:
    with pytest.raises(TexError, match="unknown command"):
        convert(tex, {}, displayed=True)


@pytest.mark.parametrize("tex", [r"\frac{a}{b} < c & d", "a\n\n% why\n<b>"])
def test_the_tex_goes_with_the_formula_for_copying_and_reading(tex: str) -> None:
    math = shown(tex)
    annotation = math[0][1]
    assert annotation.text == tex
    assert annotation.get("encoding") == "application/x-tex"
    assert math.get("alttext") == " ".join(tex.split())


# What means what

MEANINGS = [
    ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
    (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    ("x^12", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>2</mn></mrow>"),
    ("1{,}000.5", "<mrow><mn>1</mn><mo>,</mo><mn>000.5</mn></mrow>"),
    ("f''", "<msup><mi>f</mi><mo>″</mo></msup>"),
    (r"\mathbf{W}", "<mi>𝐖</mi>"),
    (r"\mathrm{softmax}", "<mrow><mspace></mspace><mi>softmax</mi></mrow>"),
    (r"\mathbb{R}", "<mi>ℝ</mi>"),
    (r"\boldsymbol{\mu}", "<mi>𝝁</mi>"),
    (r"a \not= b", "<mrow><mi>a</mi><mo>≠</mo><mi>b</mi></mrow>"),
    (
        r"\log x",
        "<mrow><mrow><mspace></mspace><mi>log</mi></mrow><mo>\N{FUNCTION APPLICATION}</mo><mi>x</mi></mrow>",
    ),
    (r"\sum_i", "<munder><mo>∑</mo><mi>i</mi></munder>"),
    (r"\sum\nolimits_i", "<msub><mo>∑</mo><mi>i</mi></msub>"),
    (r"\int_0", "<msub><mo>∫</mo><mn>0</mn></msub>"),
    (
        r"\operatorname*{arg\,max}_x",
        "<munder><mrow><mspace></mspace><mi>arg\u2009max</mi></mrow><mi>x</mi></munder>",
    ),
    (
        r"\text{if $x$}",
        "<mrow><mtext>if\u00a0</mtext><mi>x</mi></mrow>",
    ),
    (r"\text{50\% ``of'' it}", "<mtext>50%\u00a0“of”\u00a0it</mtext>"),
    (r"a % never seen", "<mi>a</mi>"),
    (r"\left(x\right.", "<mrow><mo>(</mo><mi>x</mi><mo>\N{INVISIBLE SEPARATOR}</mo></mrow>"),
    (r"\bigr)^2", "<msup><mrow><mi></mi><mo>)</mo></mrow><mn>2</mn></msup>"),
    (r"{a \over b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    (
        r"\begin{matrix} a & b \end{matrix}",
        "<mstyle><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable></mstyle>",
    ),
    (
        r"a \\ b",
        "<mstyle><mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi></mtd></mtr></mtable></mstyle>",
    ),
]


@pytest.mark.parametrize(("tex", "expected"), MEANINGS, ids=[tex for tex, _ in MEANINGS])
def test_tex_means(tex: str, expected: str) -> None:
    assert short(tex) == expected


@pytest.mark.parametrize(("tex", "spaced"), [("a - b", True), ("a = -b", False), ("(-b)", False)])
def test_a_minus_is_a_sign_where_nothing_stands_before_it(tex: str, spaced: bool) -> None:
    (minus,) = (part for part in shown(tex).iter(f"{M}mo") if part.text == "−")
    assert (minus.get("lspace") != "0") is spaced


@pytest.mark.parametrize(
    ("tex", "same"),
    [
        (r"a &= b", r"\begin{aligned} a &= b \end{aligned}"),
        (r"\begin{equation} a \end{equation}", "a"),
        (r"\begin{align} a \\[4pt] b \end{align}", r"\begin{aligned} a \\ b \end{aligned}"),
        (r"\begin{aligned}[t] a \end{aligned}", r"\begin{aligned} a \end{aligned}"),
        (r"\mathop{A}_b c", r"\mathop{\underset{b}{A}} c"),
        (r"a \tag{1}", r"a \qquad \text{(1)}"),
        (r"\text{a_b}", r"\text{a\_b}"),
        (r"\begin{matrix} a \cr b \cr \end{matrix}", r"\begin{matrix} a \\ b \end{matrix}"),
        (r"\begin{cases} a \\ b \\[2pt] \end{cases}", r"\begin{cases} a \\ b \end{cases}"),
        (r"a \cr b", r"\begin{gathered} a \\ b \end{gathered}"),
        (r"\pmatrix{a & b \cr c & d}", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"),
        (r"f = \cases{1 & x \cr 0 & y}", r"f = \begin{cases} 1 & x \\ 0 & y \end{cases}"),
    ],
)
def test_what_the_library_does_not_know_is_written_in_what_it_knows(tex: str, same: str) -> None:
    assert short(tex) == short(same)


def unknown_styles(mathml: str) -> set[str]:
    """Return the declarations in what the library made for which there is no class."""
    found = set()
    for style in re.findall(r' style="([^"]*)"', mathml):
        for declaration in filter(None, re.sub(r"\s*([:;])\s*", r"\1", style).split(";")):
            name = declaration.partition(":")[0]
            if name in ("color", "margin-left", "width", "justify-items", "padding-bottom"):
                continue
            if declaration not in STYLES and f"{name}:" not in STYLES:
                found.add(declaration)
    return found


def test_every_style_of_the_library_has_a_class() -> None:
    found = set()
    for tex in FORMULAS:
        try:
            found |= unknown_styles(LIBRARY.convert_with_local_state(tex, displaystyle=True))
        except LatexError:
            continue
    assert not found


def test_the_two_signs_of_a_definition_stand_together() -> None:
    colon, equals = shown("a := b").iter(f"{M}mo")
    assert (colon.get("rspace"), equals.get("lspace")) == ("0", "0")


def test_an_array_has_its_columns_and_rules() -> None:
    cells = list(shown(r"\begin{array}{l|r} a & b \\ \hline \end{array}").iter(f"{M}mtd"))
    assert [cell.get("class") for cell in cells] == [
        "marginalia-math-left marginalia-math-line-end marginalia-math-line-below",
        "marginalia-math-right marginalia-math-line-below",
    ]


@pytest.mark.parametrize(
    ("tex", "width_class"),
    [
        ("x + y", ""),
        (" + ".join(["x"] * 30), "marginalia-math-wide"),
        (" + ".join([r"\frac{xy}{z}"] * 60), "marginalia-math-widest"),
        (rf"\frac{{{'x' * 60}}}{{{'y' * 60}}}", ""),
    ],
)
def test_a_formula_wider_than_a_column_of_text_has_a_class(tex: str, width_class: str) -> None:
    assert convert(tex, {}, displayed=True).width_class == width_class


# Mistakes

MISTAKES = [
    (r"\alhpa", r"unknown command \alhpa; did you mean '\alpha'?", 0),
    (r"x + \zzz", r"unknown command \zzz; define a command of your own in mathml_macros", 4),
    (r"\frac{a}{b", 'expected closing token "}", but reached end of input', 10),
    (r"\frac{a}", "expected argument but reached end of input", 8),
    ("a}", 'unmatched closing token: "}"', 1),
    ("x^a^b", "duplicate subscript or superscript", 3),
    (r"\left( x", r'expected closing token "\right", but reached end of input', 8),
    (r"\right)", r'unmatched closing token: "\right"', 0),
    (r"\left x \right)", r'there must be a parenthesis after "\left", but not found', 6),
    (r"\Gamam", r"unknown command \Gamam; did you mean '\Gamma'?", 0),
    (r"\gamam", r"unknown command \gamam; did you mean '\gamma'?", 0),
    (r"\begin{martix} a \end{martix}", "unknown environment martix; did you mean 'matrix'?", 0),
    (r"\begin{matrix} a", r'expected closing token "\end{...}", but reached end of input', 16),
    (r"\begin{array}{lq} a \end{array}", 'expected column specification, found "lq"', 13),
    (r"\text{\frac12}", "not valid in text mode", 6),
    (r"\hspace{3}", 'expected length with units, found "3"', 7),
    (r"\color{red;x}", 'unknown color "red;x"', 6),
    (
        r"x \label{eq}",
        r"\label has no meaning here; give the formula a label in Sphinx, and refer to it with {eq}",
        2,
    ),
    ("", "the formula is empty", 0),
    ("{}", None, 0),
    ("a\\", "a backslash is at the end", 1),
    ("a\x00", "the character U+0000 cannot be shown", 1),
]


@pytest.mark.parametrize(("tex", "message", "at"), MISTAKES, ids=[repr(m[0]) for m in MISTAKES])
def test_a_mistake_has_a_message_and_an_index(tex: str, message: str | None, at: int) -> None:
    if message is None:
        assert shown(tex) is not None
        return
    with pytest.raises(TexError) as raised:
        convert(tex, {}, displayed=True)
    assert (str(raised.value), raised.value.at) == (message, at)


# Hostile formulas

HOSTILE = [
    "a<b>c",
    r"\text{</math><script>alert(1)</script>}",
    "</annotation></math><script>alert(1)</script>",
    r"\mathrm{<img src=x onerror=alert(1)>}",
    r"\text{&lt;script&gt;}",
    '" onload="alert(1)',
    "]]><script>",
]


@pytest.mark.parametrize("tex", HOSTILE)
def test_what_looks_like_html_is_text(tex: str) -> None:
    try:
        made = convert(tex, {}, displayed=True).mathml
    except TexError:
        return
    names = {part.tag.removeprefix(M) for part in ET.fromstring(made).iter()}
    assert all(name.startswith(("m", "semantics", "annotation")) for name in names)
    assert "<script" not in made
    assert "<img" not in made


@pytest.mark.parametrize(
    "opening",
    [
        "{",
        "^{",
        r"\frac{1}",
        r"\frac1",
        r"\sqrt[",
        r"\mathop",
        r"\mathop{",
        "(",
        r"\bigl(",
        r"\langle ",
        r"\sqrt{",
        r"\text{",
        r"\left(",
        r"\hat",
        r"\begin{matrix}",
        r"\text{$",
    ],
)
def test_a_hostile_depth_is_refused(opening: str) -> None:
    with pytest.raises(TexError):
        convert(opening * 2000, {}, displayed=True)


@given(
    st.lists(
        st.sampled_from([*commands(), *suggestions("command"), r"\m", r"\r", "\n\n"]), max_size=12
    )
)
def test_any_row_of_tokens_is_shown_or_refused(tokens: list[str]) -> None:
    macros = {r"\m": Macro("#1#1", 1), r"\r": Macro(r"\r{#1#1}", 1)}
    try:
        made = convert(" ".join(tokens), macros, displayed=True).mathml
    except TexError:
        return
    ET.fromstring(made)


@given(st.text(max_size=40))
def test_any_text_is_shown_or_refused(text: str) -> None:
    try:
        ET.fromstring(convert(text, {}, displayed=False).mathml)
    except TexError:
        return
