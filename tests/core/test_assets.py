"""Style sheets and scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path


def assets_of(page: str) -> set[str]:
    return set(re.findall(r"_static/(marginalia[-\w]+\.(?:css|js))", page))


def test_a_page_has_the_style_sheets_and_scripts_it_has_a_use_for(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n```{toctree}\nnote\npause\nidea\n```\n",
        "note.md": "# N\n\nA note.{sidenote}`There.`\n",
        "pause.md": "# P\n\n:::{pause-and-think} Why?\n:::\n",
        "idea.md": "# I\n\n:::{key-idea} It\nThat.\n:::\n",
    }
    built = build(files, tmp_path)
    pauses = {"marginalia-pauses.css", "marginalia-pauses.js", "marginalia-print.js"}
    notes = {"marginalia-sidenotes.css", "marginalia-sidenotes.js"}
    assert assets_of(built.page("index")) == set()
    assert assets_of(built.page("note")) == notes
    assert assets_of(built.page("pause")) == pauses
    assert assets_of(built.page("idea")) == {"marginalia-pauses.css"}
    assert notes | pauses <= {file.name for file in (built.out / "_static").iterdir()}


def test_markup_of_a_users_own_counts(tmp_path: Path) -> None:
    raw = "# T\n\n```{raw} html\n<details class='marginalia-pause'></details>\n```\n"
    assert "marginalia-pauses.css" in assets_of(build({"index.md": raw}, tmp_path).page())


def test_a_style_sheet_of_a_users_comes_after_ours(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\nA note.{sidenote}`There.`\n", "_static/mine.css": ""}
    page = build(files, tmp_path, html_static_path=["_static"], html_css_files=["mine.css"]).page()
    assert page.index("marginalia-sidenotes.css") < page.index("mine.css")


def test_scripts_wait_for_the_page(tmp_path: Path) -> None:
    page = build({"index.md": "# T\n\nA note.{sidenote}`There.`\n"}, tmp_path).page()
    scripts = [
        line for line in page.splitlines() if "_static/marginalia" in line and "<script" in line
    ]
    assert scripts
    assert [line for line in scripts if "defer" not in line] == []


def test_a_file_of_the_users_with_the_same_name_wins(tmp_path: Path) -> None:
    files = {"index.md": "# T\n", "_static/marginalia-sidenotes.css": "/* mine */"}
    built = build(files, tmp_path, html_static_path=["_static"])
    assert (built.out / "_static" / "marginalia-sidenotes.css").read_text() == "/* mine */"
    assert (built.out / "_static" / "marginalia-pauses.css").read_text() != "/* mine */"


def test_a_folder_of_the_package_is_not_copied_whole(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path)
    copied = [
        file.name
        for file in (built.out / "_static").rglob("*")
        if file.suffix in {".py", ".sty", ".po"}
    ]
    assert copied == []
