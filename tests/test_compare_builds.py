"""The tool that compares two builds of a project finds what a reader would miss."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tools import compare_builds

if TYPE_CHECKING:
    from pathlib import Path

CONF = """
project = "Embers"
extensions = ["nobody_has_this"]
html_theme = "basic"
"""
PAGE = """
Embers
======

Red [#]_ and black [#]_.

.. [#] Warm.
.. [#] Cold.
"""
#: An extension that drops a paragraph beside ours, and warns.
LOSSY = """
import logging

def setup(app):
    app.connect("doctree-resolved", lose)

def lose(app, document, docname):
    if "sphinx_marginalia" in app.extensions:
        document.children[0].children.pop()
        from sphinx.util.logging import getLogger
        getLogger(__name__).warning("ash", location=docname)
"""


def project(folder: Path, **files: str) -> str:
    for name, text in {"conf": CONF, **files}.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "index.rst").write_text(dedent(PAGE))
    return str(folder)


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "text"])
def test_a_project_that_loses_nothing(
    builder: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert compare_builds.main([project(tmp_path), "--builder", builder]) == 0
    first, *_, row = capfd.readouterr().out.splitlines()
    assert first == "not installed, left out: nobody_has_this"
    assert "| 0 | 0 | 0 | 0 | 0 -> 0 |" in row


@pytest.mark.slow
def test_words_that_are_lost_and_new_warnings_are_listed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    conf = f'import sys\nsys.path.insert(0, r"{tmp_path}")\n{CONF}\nextensions += ["lossy"]\n'
    assert compare_builds.main([project(tmp_path, conf=conf, lossy=LOSSY)]) == 1
    out = capfd.readouterr().out
    assert "index.html: word lost: Cold" in out
    assert "new warning: " in out
    assert "| 0 -> 1 |" in out


def test_names_that_are_new_in_each_build_are_no_words(tmp_path: Path) -> None:
    (tmp_path / "embers.tex").write_text(
        r"\label{1c6a26b4-3e15-41ea-a35d-1c6a26b4eb1d}Ash \emph{is}"
    )
    (page,) = compare_builds.pages_of(tmp_path).values()
    assert page.words == ["{", "}Ash", "{is}"]
