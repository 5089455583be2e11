r"""Formulas on pages: their numbers and names, what is reported and where, and what is left alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import Built
from sphinx_marginalia.testing import build as build_project

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.mathml")

EQUATIONS = r"""
$$
a = b
$$ (eq-first)

```{math}
:label: eq-second

c &= d \\
e &= f

g = h
```

$$
i = j
$$

{eq}`eq-first`, {eq}`eq-second`, {eq}`eq-third`, {eq}`eq-included`.
"""
PAGES = {
    "index.md": f"# T\n{EQUATIONS}\n```{{include}} part.txt\n```\n\n```{{toctree}}\nother\n```\n",
    "other.md": "# Other\n\n$$\nk = l\n$$ (eq-third)\n\n{eq}`eq-first`.\n",
    "part.txt": "$$\nm = n\n$$ (eq-included)\n",
}


def build(files: dict[str, str], folder: Path, builder: str = "html", **config: Any) -> Built:
    """Build *files* with formulas as MathML."""
    values = {"html_math_renderer": "mathml", "exclude_patterns": ["*.txt"], **config}
    values.setdefault("extensions", EXTENSIONS)
    return build_project(files, folder, builder, **values)


def soup(built: Built, name: str = "index") -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(built.page(name), "html.parser")


# Numbers and names


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
@pytest.mark.parametrize("theme", ["basic", "furo", "alabaster"])
def test_each_id_is_there_once_and_each_reference_leads_to_one(
    builder: str, theme: str, tmp_path: Path
) -> None:
    built = build(PAGES, tmp_path, builder, html_theme=theme)
    assert built.warnings == ""
    page = soup(built)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {"equation-eq-first", "equation-eq-second", "equation-eq-included"} <= set(ids)
    targets = [str(link["href"]) for link in page.select('a[href*="equation-"]')]
    assert targets
    # Sphinx writes "#document-other#equation-…" where one page holds all documents.
    assert all(target.rpartition("#")[2] in ids for target in targets if target.startswith("#"))


def test_a_formula_with_a_label_has_a_number_and_one_without_has_none(tmp_path: Path) -> None:
    page = soup(build(PAGES, tmp_path))
    numbers = [block.select_one(".eqno") for block in page.select("div.math")]
    shown = [re.sub(r"[^\d]", "", number.get_text()) if number else "" for number in numbers]
    assert shown == ["1", "2", "", "3"]


def test_lines_and_formulas_that_a_blank_line_separates_stand_below_each_other(
    tmp_path: Path,
) -> None:
    page = soup(build(PAGES, tmp_path))
    assert len(page.select("#equation-eq-second .marginalia-math-lines > mtr")) == 3


# Nothing is needed to read them


def test_a_page_with_formulas_has_no_script_for_them(tmp_path: Path) -> None:
    with_formulas = soup(build(PAGES, tmp_path / "a"))
    without = soup(build({"index.md": "# T\n"}, tmp_path / "b"))
    scripts = [script.get("src") for script in with_formulas.select("script")]
    assert scripts == [script.get("src") for script in without.select("script")]


def test_a_strict_policy_finds_no_style_in_a_formula(tmp_path: Path) -> None:
    page = soup(build(PAGES, tmp_path))
    assert page.select("math")
    assert not page.select(".math[style], .math [style], .math script, .math style")


def test_only_a_formula_that_is_wider_than_a_column_stops_the_keyboard(tmp_path: Path) -> None:
    wide = " + ".join(["x"] * 60)
    page = soup(
        build({"index.md": f"# T\n\n$x$ ${wide}$\n\n$$\nx\n$$\n\n$$\n{wide}\n$$\n"}, tmp_path)
    )
    stops = [tag.name for tag in page.select(".math[tabindex], .math [tabindex]")]
    assert stops == ["span", "div"]


# What cannot be converted


LOCATIONS = [
    ("text\nand $\\nosuch$", 4),
    ("- item\n  - $\\nosuch$", 4),
    ("> quote\n> $\\nosuch$", 4),
    ("| a |\n|---|\n| $\\nosuch$ |", 5),
    ("$$\na = b \\\\\nc = \\nosuch\n$$", 5),
    ("```{math}\n:label: eq\n\na\n\n\\nosuch\n```", 8),
    ("Text.{sidenote}``A note\nwith {math}`\\nosuch` in it.``", 4),
    ("Text.\n\n:::{sidenote}\nBlock.\n\n$$\n\\nosuch\n$$\n:::", 9),
    ("Text[^f].\n\n[^f]: Note $\\nosuch$.", 5),
    ("Same $\\nosuchx$ before\n$\\nosuch$", None),
]


@pytest.mark.parametrize(("text", "line"), LOCATIONS, ids=[repr(text) for text, _ in LOCATIONS])
def test_a_warning_names_the_line(text: str, line: int | None, tmp_path: Path) -> None:
    built = build({"index.md": f"# T\n\n{text}\n"}, tmp_path)
    lines = re.findall(
        r"index\.md:(\d+): WARNING: the formula .*unknown command \\nosuch;", built.warnings
    )
    assert lines == [str(line or 4)]


def test_a_warning_names_the_line_of_a_file_in_another_encoding(tmp_path: Path) -> None:
    built = build({"index.md": "# Größe\n\ntext\nand $\\nosuch$\n".encode("cp1252")}, tmp_path)
    assert re.findall(r"index\.md:4: WARNING: the formula", built.warnings)


@pytest.mark.parametrize("tex", [r"\nosuch{x}", r"\frac{1", "x^a^b", r"\color{<b>}x", "<i>&amp;\\"])
def test_what_cannot_be_converted_is_shown_as_tex(tex: str, tmp_path: Path) -> None:
    built = build({"index.md": f"# T\n\n```{{math}}\n{tex}\n```\n"}, tmp_path)
    assert f"the formula ${tex}$ is shown as TeX" in built.warnings
    (code,) = soup(built).select(".math code")
    assert code.get_text() == tex


def test_no_error_of_ours_stops_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("sphinx_marginalia.mathml.renderer.convert", broken)
    built = build({"index.md": "# T\n\n$x^2$\n"}, tmp_path)
    assert (
        "index.md:3: WARNING: the formula $x^2$ is shown as TeX: RuntimeError: broken"
        in built.warnings
    )
    assert soup(built).select_one(".math code").get_text() == "x^2"  # type: ignore[union-attr]


def test_a_formula_of_html_is_no_html(tmp_path: Path) -> None:
    tex = r"\text{</math><script>alert(1)</script>} a<b>c"
    page = soup(build({"index.md": f"# T\n\n```{{math}}\n{tex}\n```\n"}, tmp_path))
    assert page.select("math")
    assert not page.select(".math script, .math b")


# Other outputs


@pytest.mark.parametrize("builder", ["latex", "text", "man", "gettext", "xml"])
def test_other_outputs_are_as_they_were(builder: str, tmp_path: Path) -> None:
    config = {"mathml_macros": {"RR": "x"}, "gettext_additional_targets": ["literal-block"]}
    names = {
        "latex_documents": [("index", "t.tex", "T", "A", "manual")],
        "man_pages": [("index", "t", "T", ["A"], 1)],
    }
    plain = build_project(PAGES, tmp_path / "a", builder, exclude_patterns=["*.txt"], **names)
    ours = build(PAGES, tmp_path / "b", builder, **config, **names)
    written = [
        {
            file.name: re.sub(r"/[ab]/|POT-Creation-Date.*", "", file.read_text(encoding="utf-8"))
            for file in sorted(built.out.rglob("*"))
            if file.suffix in (".tex", ".txt", ".1", ".pot", ".xml")
        }
        for built in (plain, ours)
    ]
    assert written[0]
    assert written[0] == written[1]
