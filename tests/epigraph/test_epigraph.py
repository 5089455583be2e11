"""A third party can write a feature with core alone: nothing of the package is changed for it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build
from tests.contract.builders import BUILDERS, OUTPUT, QUIET
from tests.epigraph import epigraph
from tests.epigraph.epigraph import EpigraphProblem

if TYPE_CHECKING:
    from sphinx_marginalia.testing import Built

FEATURE = "tests.epigraph.epigraph"
MYST = """\
# Ghosts

:::{epigraph} *Hamlet*, act one
Stay, illusionword.
:::

:::{epigraph-list}
:::
"""
RST = """\
Ghosts
======

.. epigraph:: *Hamlet*, act one

   Stay, illusionword.

.. epigraph-list::
"""


#: Without the settings of others.
CONFIG = {name: value for name, value in QUIET.items() if not name.startswith("bibtex")}


def made(files: dict[str, str], folder: Path, builder: str = "html", **config: object) -> Built:
    extensions = ["myst_parser", FEATURE]
    return build(files, folder, builder, extensions=extensions, **{**CONFIG, **config})


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(("suffix", "text"), [("md", MYST), ("rst", RST)])
def test_the_feature_builds_without_a_warning_and_keeps_every_word(
    suffix: str, text: str, builder: str, tmp_path: Path
) -> None:
    built = made({f"index.{suffix}": text}, tmp_path, builder)
    assert built.warnings == ""
    if builder in OUTPUT:
        page = (built.out / OUTPUT[builder]).read_text(encoding="utf-8")
        # Once as it is written, and once in the list, which gettext and XML do not fill.
        assert page.count("illusionword") >= 1
        # Sphinx offers no attribution to translators.
        assert builder == "gettext" or "act one" in page


def test_it_has_its_own_element_style_and_option(tmp_path: Path) -> None:
    page = made({"index.md": MYST}, tmp_path, epigraph_dash="from").page()
    assert '<blockquote class="epigraph"' in page
    assert "epigraph.css" in page
    assert "from <em>Hamlet</em>" in page


def test_it_has_its_own_warning_which_can_be_suppressed(tmp_path: Path) -> None:
    problem = EpigraphProblem.EPIGRAPH_WITHOUT_SOURCE
    files = {"index.md": problem.example.source}
    assert made(files, tmp_path).warnings.endswith(
        "index.md:3: WARNING: the epigraph has no source; write it after the name of the directive "
        "[marginalia.epigraph_without_source]\n"
    )
    suppressed = ["marginalia.epigraph_without_source"]
    assert made(files, tmp_path, suppress_warnings=suppressed).warnings == ""


def test_its_list_and_its_file_follow_other_pages(tmp_path: Path) -> None:
    index = "# T\n\n```{toctree}\na\n```\n\n:::{epigraph-list}\n:::\n"
    files = {"index.md": index, "a.md": MYST.replace(":::{epigraph-list}\n:::\n", "")}
    made(files, tmp_path)
    files["a.md"] = files["a.md"].replace("illusionword", "ghostword")
    config = {"extensions": ["myst_parser", FEATURE], "fresh": False}
    again = build(files, tmp_path, **config, **CONFIG)  # type: ignore[arg-type]
    assert re.search(r'href="a.html#id\d+"><span>Stay, ghostword. ', again.page())
    assert json.loads(again.read("epigraphs.json")) == ["Stay, ghostword. — Hamlet, act one"]


def test_it_is_about_a_hundred_lines_and_imports_core_only() -> None:
    source = Path(epigraph.__file__).read_text(encoding="utf-8")
    assert len([line for line in source.splitlines() if line.strip()]) < 140
    imported = [
        node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sphinx_marginalia")
    ]
    assert imported
    assert [name for name in imported if not name.startswith("sphinx_marginalia.core")] == []
