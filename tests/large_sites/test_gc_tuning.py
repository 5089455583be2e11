"""The garbage collector's settings: tuned during a build, and the same before and after."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.large_sites.gc_tuning import (
    MOST_FROZEN_BY_PYTHON,
    THRESHOLDS,
    Collector,
)
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE_SITES = "sphinx_marginalia.large_sites"
FILES = {"index.md": "# T\n\n```{toctree}\na\n```\n", "a.md": "# A\n\nWords.\n"}
#: Prints the thresholds within a build and after the files beside the site, and how much is frozen:
#: of what is there before the environment, of the environment, and when Python ends.
CONF = """
import atexit, gc

frozen = []

def say(app, docname, source):
    print(gc.get_threshold(), frozen[0] >= 1000, gc.get_freeze_count() > frozen[0])

def setup(app):
    app.connect("config-inited", lambda *_: frozen.append(gc.get_freeze_count()), priority=999)
    app.connect("build-finished", lambda *_: print(gc.get_threshold()), priority=950)
    # What was registered first is called last.
    atexit.register(lambda: print(gc.get_freeze_count() >= 1000))
    app.setup_extension("sphinx_marginalia.large_sites")
    app.connect("source-read", say)
"""


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    assert gc.get_threshold() == before


def test_the_collector_runs_less_often_during_a_build(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.rst").write_text("T\n=\n")
    command = [sys.executable, "-m", "sphinx", "-q", str(tmp_path), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{THRESHOLDS} True True", f"{THRESHOLDS}", "True"]


def test_its_settings_are_restored_when_the_build_has_ended(tmp_path: Path) -> None:
    before = gc.get_threshold()
    build(FILES, tmp_path, extensions=["myst_parser", LARGE_SITES])
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() < MOST_FROZEN_BY_PYTHON


def test_without_the_option_the_collector_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    relaxed: list[Collector] = []
    # A function, not the list's method: only a function becomes a method of the class.
    monkeypatch.setattr(Collector, "relax", lambda collector: relaxed.append(collector))  # noqa: PLW0108
    for is_on in (False, True):
        build(
            FILES,
            tmp_path,
            extensions=["myst_parser", LARGE_SITES],
            large_sites_gc_tuning=is_on,
        )
        assert bool(relaxed) is is_on


def test_its_settings_are_restored_when_the_build_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sphinx.builders.html.StandaloneHTMLBuilder.build", fail)
    before = gc.get_threshold()
    with pytest.raises(RuntimeError):
        build(FILES, tmp_path, extensions=["myst_parser", LARGE_SITES])
    assert gc.get_threshold() == before


def test_the_output_is_the_same(tmp_path: Path) -> None:
    pages = [
        build(FILES, tmp_path / name, extensions=["myst_parser", *more]).page("a")
        for name, more in (("with", [LARGE_SITES]), ("without", []))
    ]
    assert pages[0] == pages[1]


def test_of_two_builds_at_once_the_last_one_restores_the_settings() -> None:
    before = gc.get_threshold()
    collector = Collector()
    for _ in range(2):
        collector.relax()
    collector.restore()
    assert gc.get_threshold() == THRESHOLDS
    collector.restore()
    assert gc.get_threshold() == before


def test_objects_that_a_program_has_frozen_stay_frozen() -> None:
    collector = Collector()
    gc.freeze()
    try:
        collector.relax()
        collector.restore()
        assert gc.get_freeze_count() >= MOST_FROZEN_BY_PYTHON
    finally:
        gc.unfreeze()


def test_only_objects_from_before_the_first_build_are_frozen() -> None:
    # Later, the garbage of an earlier build would never be collected.
    collector = Collector()
    frozen = []
    for _ in range(2):
        collector.relax()
        frozen.append(gc.get_freeze_count() >= MOST_FROZEN_BY_PYTHON)
        collector.restore()
    assert frozen == [True, False]


def test_a_collector_that_freezes_nothing_freezes_no_environment() -> None:
    collector = Collector()
    for owns in (True, False):
        collector.relax()
        before, loaded = gc.get_freeze_count(), [[] for _ in range(10)]
        collector.freeze()
        is_frozen = gc.get_freeze_count() >= before + len(loaded)
        collector.restore()
        assert is_frozen is owns


def test_a_collector_that_is_switched_off_stays_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        Collector().relax()
        assert gc.get_threshold()[0] == 0
        assert gc.get_freeze_count() < MOST_FROZEN_BY_PYTHON
    finally:
        gc.set_threshold(*before)
