"""The Nu HTML checker finds no error that is ours."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.java, pytest.mark.slow]


class ThemeFault(NamedTuple):
    """An error that a theme or another extension causes, not we."""

    #: What the checker's message holds.
    message: str
    #: What the piece of HTML that it shows holds.
    extract: str
    why: str


THEME_FAULTS = (
    ThemeFault("aria-level", 'class="caption" role="heading"', "captions of Furo's sidebar"),
    ThemeFault("aria-controls", "sd-tab-label", "sphinx-design's tabs"),
    ThemeFault("skipping 1 heading level", "<h3>", "headings of Alabaster's sidebar"),
    ThemeFault("Bad value “” for attribute “action”", "<form", "search page of the basic theme"),
)


@pytest.fixture(scope="session")
def errors(
    program: Callable[[str, str], str], unavailable: Callable[[str], str]
) -> Callable[[Path], list[str]]:
    """Check a folder of HTML, and return the errors that no theme has caused."""
    java = program("java", "default-jre-headless")
    jar = sites.NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        unavailable("vnu-jar is missing: npm ci --ignore-scripts --prefix tests/browser")

    def check(folder: Path) -> list[str]:
        command = [
            java,
            "-jar",
            jar,
            "--skip-non-html",
            "--errors-only",
            "--format",
            "json",
            folder,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = [
            f"{message['url'].rpartition('/')[2]}:{message.get('lastLine')}: {message['message']}: "
            f"{message.get('extract', '')}"
            for message in json.loads(done.stderr)["messages"]
        ]
        return [error for error in found if not is_a_themes(error)]

    return check


def is_a_themes(error: str) -> bool:
    return any(
        re.search(fault.message, error) and re.search(fault.extract, error)
        for fault in THEME_FAULTS
    )


def test_the_book_is_valid_html(html: Path, errors: Callable[[Path], list[str]]) -> None:
    found = errors(html)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_notes_in_every_container_are_valid_html(
    base: Path, errors: Callable[[Path], list[str]], theme: str
) -> None:
    found = errors(sites.torture(base, theme))
    assert not found, "\n".join(found)


def test_the_faults_of_themes_are_not_of_our_making() -> None:
    for fault in THEME_FAULTS:
        assert "marginalia" not in fault.message + fault.extract, fault
        assert fault.why, fault
