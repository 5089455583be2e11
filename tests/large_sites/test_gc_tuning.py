"""The garbage collector's settings: others during a build, and the same before and after."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.garbage import FEW, THRESHOLDS, Collector
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GARBAGE = "sphinx_marginalia.garbage"
FILES = {"index.md": "# T\n\n```{toctree}\na\n```\n", "a.md": "# A\n\nWords.\n"}
#: Prints the thresholds within a build, and how much is frozen when Python ends.
CONF = """
import atexit, gc

def say(app, docname, source):
    print(gc.get_threshold(), gc.get_freeze_count() >= 1000)

def setup(app):
    # What was registered first is called last.
    atexit.register(lambda: print(gc.get_freeze_count() >= 1000))
    app.setup_extension("sphinx_marginalia.garbage")
    app.connect("source-read", say)
"""


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    assert gc.get_threshold() == before


def test_the_collector_looks_less_often_while_a_project_is_built(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.rst").write_text("T\n=\n")
    command = [sys.executable, "-m", "sphinx", "-q", str(tmp_path), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{THRESHOLDS} True", "True"]


def test_it_looks_as_before_when_the_build_is_over(tmp_path: Path) -> None:
    before = gc.get_threshold()
    build(FILES, tmp_path, extensions=["myst_parser", GARBAGE])
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() < FEW


def test_it_looks_as_before_when_the_build_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sphinx.builders.html.StandaloneHTMLBuilder.build", fail)
    before = gc.get_threshold()
    with pytest.raises(RuntimeError):
        build(FILES, tmp_path, extensions=["myst_parser", GARBAGE])
    assert gc.get_threshold() == before


def test_what_is_built_is_the_same(tmp_path: Path) -> None:
    pages = [
        build(FILES, tmp_path / name, extensions=["myst_parser", *more]).page("a")
        for name, more in (("with", [GARBAGE]), ("without", []))
    ]
    assert pages[0] == pages[1]


def test_of_two_builds_at_once_the_last_one_puts_all_back() -> None:
    before = gc.get_threshold()
    collector = Collector()
    for _ in range(2):
        collector.relax(None, None)  # type: ignore[arg-type]
    collector.restore(None, None)  # type: ignore[arg-type]
    assert gc.get_threshold() == THRESHOLDS
    collector.restore(None, None)  # type: ignore[arg-type]
    assert gc.get_threshold() == before


def test_what_a_program_has_frozen_itself_stays_frozen() -> None:
    collector = Collector()
    gc.freeze()
    try:
        collector.relax(None, None)  # type: ignore[arg-type]
        collector.restore(None, None)  # type: ignore[arg-type]
        assert gc.get_freeze_count() >= FEW
    finally:
        gc.unfreeze()


def test_only_what_was_there_before_the_first_build_is_frozen() -> None:
    # Later, what was left by a build before would never be found.
    collector = Collector()
    frozen = []
    for _ in range(2):
        collector.relax(None, None)  # type: ignore[arg-type]
        frozen.append(gc.get_freeze_count() >= FEW)
        collector.restore(None, None)  # type: ignore[arg-type]
    assert frozen == [True, False]


def test_a_collector_that_is_switched_off_stays_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        Collector().relax(None, None)  # type: ignore[arg-type]
        assert gc.get_threshold()[0] == 0
        assert gc.get_freeze_count() < FEW
    finally:
        gc.set_threshold(*before)
