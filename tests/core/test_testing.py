"""The helper for tests, for this package and for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "xml"])
def test_the_helper_finds_the_output_of_a_page(builder: str, tmp_path: Path) -> None:
    assert "Words." in build({"index.md": "# T\n\nWords.\n"}, tmp_path, builder).page()


def test_the_helper_finds_one_file_or_says_how_many_there_are(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path)
    with pytest.raises(FileNotFoundError, match=r"0 files match 'no\.where'"):
        built.read("no.where")


def test_a_build_in_german_leaves_no_german_behind(tmp_path: Path) -> None:
    text = {"index.md": "# T\n\n:::{pause-and-think} Why?\nBody.\n:::\n"}
    build(text, tmp_path / "de", language="de")
    assert "Pause and think: " in build(text, tmp_path / "en").page()
