"""Articles of Quarto and bookdown: attributes, references, variables, blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "---\ntitle: Stars\n---\n\n"
FIGURE = ":::{figure} images/map.png\n:alt: A map\n:width: 70%\n:name: fig-map\n\nA map\n:::"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        # A list of attributes may have several lines, but no blank one.
        ('![A\nmap](images/map.png){#fig-map\nwidth="70%" fig-alt="A\nmap"}', FIGURE),
        ("[a word]{.one\n\ntwo}", "[a word]\\{.one\n\ntwo}"),
        # Braces without a sign are words of a heading.
        ("## The {set}\n\nWords.", "(the-set)=\n## The {set}"),
        ("::: {.panel-tabset}\n### {set}\n\nWords.\n:::", ":::{tab-item} {set}\nWords."),
        ("::: {.panel-tabset}\n### {.plain}\n\nWords.\n:::", ":::{tab-item} Tab\nWords."),
        # The references of pandoc-crossref.
        (
            "![A map](images/map.png){#fig:map}\n\nAs @fig:map and [-@fig:map] show.",
            "As {numref}`fig-map` and {numref}`{number} <fig-map>` show.",
        ),
        ("$$a = b$$ {#eq:one}\n\nBy [@eq:one; @eq:one].", "By {eq}`eq-one`; {eq}`eq-one`."),
        # What only says how wide a block is.
        ("::: {.grid}\n::: {.g-col-12 .g-col-md-4}\nWords.\n:::\n:::", "# Stars\n\nWords."),
        # The caption of a cell that Quarto has executed.
        (
            "::: {.cell tbl-cap='Ten *lamps*.'}\n::: {.cell-output}\n\n|a|\n|-|\n|1|\n\n:::\n:::",
            "Ten *lamps*.\n\n|a|\n|-|\n|1|",
        ),
        # A line of a formula is no command for a PDF.
        (
            "$$\n\\widehat{a}\n= \\begin{cases}\n1 \\\\\n\\end{cases}\n$$\n\n\\newpage\n",
            "\n$$\n\\widehat{a}\n= \\begin{cases}\n1 \\\\\n\\end{cases}\n$$\n",
        ),
        # Lines of a poem.
        (
            "| The lamp is *lit*,\n|   the sea is dark.\n|\n| End.\n\nWords.",
            "The lamp is *lit*,\\\n\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}the sea is dark.\n\nEnd.\n\nWords.",
        ),
        ("|a|b|\n|-|-|\n|1|2|", "|a|b|\n|-|-|\n|1|2|"),
        ("Words\n| that go on", "Words\n| that go on"),
        ("Write {{{< pagebreak >}}}.", "Write `{{< pagebreak >}}`."),
    ],
)
def test_an_article_becomes(text: str, made: str, article: Callable) -> None:
    written, result = article(f"{HEAD}{text}\n", "quarto")
    assert made in written
    assert [str(entry) for entry in result.report.entries if entry.kind == "lost-words"] == []


def test_a_cell_that_quarto_has_executed_is_no_news(article: Callable) -> None:
    text = "::: {.cell}\n\n```{.r .cell-code}\n1\n```\n\n::: {.cell-output .incremental}\nA.\n:::\n:::\n"
    _, result = article(HEAD + text, "quarto")
    left_out = [entry.message for entry in result.report.entries if entry.kind == "attributes"]
    assert left_out == ["{: .incremental} left out"]


VARIABLES = "[Mail](mailto:{{< var me.mail >}}), {{< var me.age >}}, {{< meta title >}}.\n"


def test_a_variable_of_the_site_has_its_value(imported: Callable) -> None:
    values = "me:\n  mail: ada@lamps.org\n  age: 7\n"
    files = {"_quarto.yml": "", "_variables.yml": values, "stars.qmd": HEAD + VARIABLES}
    assert "[Mail](mailto:ada@lamps.org), 7, Stars.\n" in imported(files).read("stars.md")


@pytest.mark.parametrize("values", ["me: [", "me: {}", "7"])
def test_a_variable_without_a_value_is_reported(values: str, imported: Callable) -> None:
    files = {"_quarto.yml": "", "_variables.yml": values, "stars.qmd": HEAD + VARIABLES}
    result = imported(files)
    assert "`{{< var me.age >}}`, Stars.\n" in result.read("stars.md")
    assert "unknown-tag" in {entry.kind for entry in result.report.entries}
