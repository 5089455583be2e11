"""What a definition brings along when it is listed on another page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import EXTENSIONS, build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

LIST = "# List\n\n:::{key-idea-list}\n:::\n\n```{toctree}\nsub/a\nsub/b\n```\n"
GIF = "GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def book(idea: str, folder: Path, builder: str = "html", **config: object) -> Built:
    page = f"# A\n\n(lab)=\n## Lab\n\n:::::{{key-idea}} Term\n{idea}\n:::::\n"
    files = {"index.md": LIST, "sub/a.md": page, "sub/b.md": "# B\n", "sub/i.gif": GIF}
    return build(files, folder, builder, **config)


@pytest.mark.parametrize("builder", ["html", "latex", "epub"])
def test_a_picture_comes_along(builder: str, tmp_path: Path) -> None:
    quiet = {"version": "1", "copyright": "2026"}
    assert book("![alternative](i.gif)", tmp_path, builder, **quiet).warnings.count("gif") <= 2


def test_a_link_within_its_page_leads_back_to_that_page(tmp_path: Path) -> None:
    built = book("See [there](#lab).", tmp_path)
    (link,) = BeautifulSoup(built.page(), "html.parser").select("dd a")
    assert link["href"] == "sub/a.html#lab"


def test_a_relative_document_is_found_from_the_list(tmp_path: Path) -> None:
    built = book("See {doc}`b`.", tmp_path)
    (link,) = BeautifulSoup(built.page(), "html.parser").select("dd a")
    assert built.warnings == ""
    assert link["href"] == "sub/b.html"


def test_an_equation_keeps_its_number_in_its_place_only(tmp_path: Path) -> None:
    built = book("```{math}\n:label: eq\n\nx\n```", tmp_path, numfig=True)
    assert built.warnings == ""
    assert "(1)" not in built.page()


@pytest.mark.parametrize("note", ["{sidenote}`hidden`", "{marginnote}`hidden`"])
def test_a_note_stays_where_it_was_written(note: str, tmp_path: Path) -> None:
    idea = f"::::{{admonition}} Box\n:collapsible:\nText{note}.\n::::"
    assert "hidden" not in book(idea, tmp_path).page()


def test_a_question_that_is_left_out_of_the_book_is_not_listed(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n:::{pause-and-think} Shown?\nB\n:::\n\n"
        "::::{todo}\n:::{pause-and-think} Left out?\nB\n:::\n::::\n\n:::{pause-list}\n:::\n"
    }
    page = build(files, tmp_path, extensions=("sphinx.ext.todo", *EXTENSIONS)).page()
    assert "Shown?" in page
    assert "Left out?" not in page


def test_a_pause_in_a_list_of_to_dos_is_shown(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n::::{todo}\n:::{pause-and-think} Why?\nB\n:::\n::::\n\n"
        "```{todolist}\n```\n"
    }
    extensions = ("sphinx.ext.todo", *EXTENSIONS)
    page = build(files, tmp_path, extensions=extensions, todo_include_todos=True).page()
    assert page.count("Why?") == 2


@pytest.mark.parametrize("builder", ["html", "singlehtml", "latex", "text"])
def test_a_citation_in_a_question_is_words_and_never_its_key_in_the_list(
    builder: str, tmp_path: Path
) -> None:
    question = "What is wrong with {cite:t}`deep2020` and {cite:p}`deep2020`?"
    files = {
        "index.md": "# T\n\n:::{pause-list}\n:::\n\n```{toctree}\na\nworks\n```\n",
        "a.md": f"# A\n\n:::{{pause-and-think}} {question}\nB\n:::\n",
        "works.md": "# Works\n\n```{bibliography}\n```\n",
        "works.bib": "@misc{deep2020, author = {Ada, Alice and Bell, Bob}, title = {Deep},"
        " year = {2020}}\n",
    }
    config = {
        "extensions": ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"),
        "bibtex_bibfiles": ["works.bib"],
        "bibtex_default_style": "marginalia",
        "bibtex_reference_style": "marginalia",
    }
    built = build(files, tmp_path, builder, **config)
    assert built.warnings == ""
    if builder in {"latex", "text"}:
        listed = built.read("*.tex" if builder == "latex" else "index.txt")
        listed = " ".join(listed.partition("Pause and think")[0].split())
    else:
        (listing,) = BeautifulSoup(built.page(), "html.parser").select(".marginalia-pause-list")
        listed = listing.get_text()
    assert "What is wrong with Ada and Bell (2020) and (Ada and Bell 2020)?" in listed
    assert "deep2020" not in listed


ONLY = """\
# A

```{only} latex
:::{key-idea} Paper
Printed.
:::
:::{pause-and-think} Printed?
:::
```

:::{key-idea} Screen
Shown.
:::
:::{pause-and-think} Shown {nothing}`x`?
:::
"""


@pytest.mark.parametrize(("condition", "is_listed"), [("html", True), ("latex", False)])
def test_a_block_for_another_builder_is_not_listed(
    condition: str, is_listed: bool, tmp_path: Path
) -> None:
    page = ONLY.replace("latex", condition)
    files = {
        "index.md": f"{LIST}\n\n:::{{pause-list}}\n:::\n",
        "sub/a.md": page,
        "sub/b.md": "# B\n",
    }
    listed = build(files, tmp_path).page()
    assert ("Printed?" in listed, "Paper" in listed) == (is_listed, is_listed)
    assert "Screen" in listed
    assert "Shown" in listed
    assert "System Message" not in listed
