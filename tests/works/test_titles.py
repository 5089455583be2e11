"""Citations in titles are words wherever another page shows the title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import Built, build

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
WORKS = "@article{deep, author={Ada, Ann}, title={A Deep Look}, journal={Looks}, year={2020}}\n"
FILES = {
    "works.bib": WORKS,
    "index.md": "# Book\n\n```{toctree}\nprobes\nworks\n```\n\n{ref}`section`, {ref}`pause`, [](#figure).",
    "probes.md": """
(page)=
# What {cite:t}`deep` asks

:::{pause-and-think} Is {cite:t}`deep` right
:name: pause
Think.
:::

(section)=
## Against {cite:t}`deep`

:::{figure} none.png
:name: figure
As {cite:t}`deep` has it.
:::
""",
    "works.md": "# Works\n\n```{bibliography}\n```\n",
}


def _build(folder: Path, *, fresh: bool = True, builder: str = "html", **files: str) -> Built:
    return build(
        {**FILES, **files},
        folder,
        builder,
        extensions=EXTENSIONS,
        bibtex_bibfiles=["works.bib"],
        bibtex_default_style="marginalia",
        bibtex_reference_style="marginalia",
        suppress_warnings=["image.not_readable"],
        fresh=fresh,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return _build(tmp_path_factory.mktemp("titles"))


def _texts(built: Built, selector: str, page: str = "index") -> list[str]:
    main = BeautifulSoup(built.page(page), "html.parser").select_one("[role=main]")
    assert main is not None
    return [" ".join(element.get_text().split()) for element in main.select(selector)]


def test_a_table_of_contents_shows_the_words(built: Built) -> None:
    assert _texts(built, ".toctree-wrapper a") == [
        "What Ada (2020) asks",
        "Against Ada (2020)",
        "Works",
    ]


def test_references_show_the_words(built: Built) -> None:
    assert _texts(built, "p > a") == [
        "Against Ada (2020)",
        "Is Ada (2020) right",
        "As Ada (2020) has it.",
    ]


def test_the_title_of_a_window_shows_the_words(built: Built) -> None:
    title = re.search("<title>(.*?) &", built.page("probes"))
    assert title is not None
    assert title[1] == "What Ada (2020) asks"


def test_another_year_changes_every_copy(tmp_path: Path) -> None:
    _build(tmp_path)
    again = _build(tmp_path, fresh=False, **{"works.bib": WORKS.replace("2020", "1843")})
    assert "2020" not in again.page()
    assert "Against Ada (1843)" in _texts(again, "p > a")
    assert "Against Ada (1843)" in _texts(again, ".toctree-wrapper a")


@pytest.mark.parametrize("role", ["cite", "cite:p"])
def test_the_role_without_a_domain_is_words_too(role: str, tmp_path: Path) -> None:
    probes = FILES["probes.md"].replace("{cite:t}", f"{{{role}}}")
    built = _build(tmp_path, **{"probes.md": probes})
    assert built.warnings == ""
    assert _texts(built, ".toctree-wrapper a")[0] == "What (Ada 2020) asks"
