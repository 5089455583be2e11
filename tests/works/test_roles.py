"""Mistyped citations: reported with what to write, and shown as they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

BIB = """
@misc{tides, author = {Doe, Jane}, title = {Tides}, year = 2020}
@misc{waves, author = {Roe, Ann}, title = {Waves}, year = 2021}
"""
CONFIG: dict[str, Any] = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"],
    "bibtex_bibfiles": ["works.bib"],
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
}


def cite(citation: str, folder: Path, builder: str = "html") -> Built:
    text = f"# T\n\nSo {citation} says.\n\n```{{bibliography}}\n:all:\n```\n"
    return build({"works.bib": BIB, "index.md": text}, folder, builder, **CONFIG)


#: What is typed, and what the warning says to write.
MALFORMED = {
    "tides waves": "tides,waves",
    "tides; waves": "tides,waves",
    "tides,": "tides",
    ",tides": "tides",
    "tides,,waves": "tides,waves",
    "tides{p. 4": "tides{p. 4}",
    "see tides, p. 4": "{see}tides{p. 4}",
    "see @tides": "{see}tides",
    "nobody at all": "{see}key{p. 4},key",
    "{}": "{see}key{p. 4},key",
}


@pytest.mark.parametrize("role", ["cite:p", "cite:t", "cite"])
@pytest.mark.parametrize("typed", MALFORMED)
def test_what_is_no_citation_is_reported_and_shown(typed: str, role: str, tmp_path: Path) -> None:
    built = cite(f"{{{role}}}`{typed}`", tmp_path)
    assert (
        f"index.md:3: WARNING: '{typed}' is no citation; write {{{role}}}`{MALFORMED[typed]}`"
    ) in built.warnings
    assert words(main(built).select_one("p")) == f"So {typed} says."


def test_a_citation_of_nothing_is_reported(tmp_path: Path) -> None:
    assert "is no citation; write {cite:p}`{see}key" in cite("{cite:p}` `", tmp_path).warnings


#: An unknown key, what the warning adds, and what is shown.
UNKNOWN = {
    "tidse": ("; did you mean 'tides'?", "tidse"),
    "@tides": ("; write `tides`", "@tides"),
    "tides;waves": ("; write `tides,waves`", "tides;waves"),
    "zzz": (" [bibtex", "zzz"),
    "{see}zzz{p. 4}": (" [bibtex", "see zzz, p. 4"),
    "waves,zzz,{see}tides{p. 4}": (" [bibtex", "(see Doe 2020, p. 4; Roe 2021), zzz"),
}


@pytest.mark.parametrize("builder", ["html", "latex"])
@pytest.mark.parametrize("typed", UNKNOWN)
def test_an_unknown_key_is_reported_and_shown(typed: str, builder: str, tmp_path: Path) -> None:
    added, shown = UNKNOWN[typed]
    built = cite(f"{{cite:p}}`{typed}`", tmp_path, builder)
    (line,) = built.warnings.splitlines()
    assert "index.md:3: WARNING: could not find bibtex key " in line
    assert f'"{added}' in line
    if builder == "html":
        assert words(main(built).select_one("p")) == f"So {shown} says."


def test_a_work_that_no_bibliography_lists_is_reported(tmp_path: Path) -> None:
    built = build({"works.bib": BIB, "index.md": "# T\n\n{cite:p}`tides`\n"}, tmp_path, **CONFIG)
    assert (
        '"tides"; no bibliography lists it: add one, change its filter, or remove its :list:'
        in built.warnings
    )
    assert words(main(built).select_one("p")) == "tides"
