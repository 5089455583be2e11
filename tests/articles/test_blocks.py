"""Where the blocks of a curriculum are named and ordered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.articles.course import article, index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_marginalia.testing import Built

FOLDERS = {
    "index.md": index("late/one", "early/deep/two"),
    "late/one.md": article("One", order=1),
    "early/deep/two.md": article("Two", order=1),
}


def shown(built: Built) -> tuple[dict[str, str], list[str]]:
    """Return the title of each block by its name, in order, and the blocks of the articles."""
    found = json.loads(built.read("curriculum.json"))
    titles = {block["name"]: block["title"] for block in found["blocks"]}
    return titles, [entry["block"] for entry in found["articles"]]


def in_folders(files: Mapping[str, str], folder: Path, **config: Any) -> Built:
    return build({**FOLDERS, **files}, folder, **config)


def test_conf_py_names_the_blocks_and_their_order(tmp_path: Path) -> None:
    files = {
        "index.md": article("A", order=1, block="one"),
        "b.md": article("B", order=1, block="two").replace("---", "---\norphan: true", 1),
    }
    built = build(files, tmp_path, articles_blocks={"two": "Part two", "one": "Part one"})
    assert built.warnings == ""
    assert shown(built) == ({"two": "Part two", "one": "Part one"}, ["two", "one"])


def test_a_file_in_a_folder_makes_a_block_of_the_articles_in_it(tmp_path: Path) -> None:
    files = {
        "late/_block.yaml": "title: In the end\norder: 10\n",
        "early/_block.yaml": "title: At first\norder: '2'\n",
    }
    built = in_folders(files, tmp_path)
    assert built.warnings == ""
    assert shown(built) == ({"early": "At first", "late": "In the end"}, ["early", "late"])


def test_the_nearest_folder_counts_and_front_matter_more(tmp_path: Path) -> None:
    files = {
        "late/_block.yaml": "order: 1",
        "early/_block.yaml": "order: 2",
        "early/deep/_block.yaml": "order: 3",
        "late/one.md": article("One", order=1, block="early"),
    }
    built = in_folders(files, tmp_path)
    assert shown(built) == (
        {"late": "late", "early": "early", "deep": "deep"},
        ["early", "deep"],
    )


def test_two_folders_of_one_name_are_two_blocks(tmp_path: Path) -> None:
    files = {
        "index.md": index("a/methods/one", "b/methods/two"),
        "a/methods/_block.yaml": "order: 2",
        "a/methods/one.md": article("One", order=1),
        "b/methods/_block.yaml": "{title: Other methods, order: 1}",
        "b/methods/two.md": article("Two", order=1),
    }
    built = build(files, tmp_path)
    assert built.warnings == ""
    assert shown(built) == (
        {"b/methods": "Other methods", "a/methods": "methods"},
        ["b/methods", "a/methods"],
    )


def test_blocks_in_conf_py_are_all_there_are(tmp_path: Path) -> None:
    files = {"late/_block.yaml": "title: In the end", "late/one.md": article("One", order=1)}
    built = in_folders(files, tmp_path, articles_blocks={"x": "X"})
    assert shown(built) == ({"x": "X"}, ["", ""])


FILES = {
    "a text": (
        "late/_block.yaml",
        "In the end",
        "write title: and order: in this file, not 'In the end'",
    ),
    "no YAML": ("late/_block.yaml", "title: [", "this is not YAML:"),
    "order": ("late/_block.yaml", "order: soon", "order must be a number, not 'soon'"),
    "title": ("late/_block.yaml", "title: true", "title must be a text, not True"),
    "a foreign digit": ("late/_block.yaml", 'order: "²"', "order must be a number, not '²'"),
    "no such day": (
        "late/_block.yaml",
        "order: 2024-02-30",
        "order must be a number, not '2024-02-30'",
    ),
    "a huge number": (
        "late/_block.yaml",
        f"order: {'9' * 401}",
        f"order must be a number, not '{'9' * 58}…",
    ),
    "deep": (
        "late/_block.yaml",
        f"title: {'[' * 3000}",
        "values are nested too deeply to be read; put a text that begins with [ in quotes",
    ),
    "a misspelt key": (
        "late/_block.yaml",
        "titel: Late",
        "unknown key 'titel'; did you mean 'title'?",
    ),
    "another key": (
        "late/_block.yaml",
        "colour: blue",
        "unknown key 'colour'; use one of title, order",
    ),
    "a key twice": (
        "late/_block.yaml",
        "{order: 1, order: 2}",
        "the key 'order' is there twice, first in line 1; delete one of the two",
    ),
    "above all": (
        "_block.yaml",
        "title: All",
        "the root of the project cannot be a block; move the file into a folder",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_used_is_reported(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    built = in_folders({name: text}, tmp_path)
    (line,) = built.warnings.splitlines()
    assert line.startswith(f"{built.app.srcdir}/{name}:1: WARNING: {message}")
    assert line.endswith("[marginalia.block_file]")
    assert (built.out / "late" / "one.html").is_file()


def test_a_warning_has_the_line_of_the_value(tmp_path: Path) -> None:
    built = in_folders({"late/_block.yaml": "# By hand\ntitle: Late\norder: soon\n"}, tmp_path)
    assert f"{built.app.srcdir}/late/_block.yaml:3: WARNING: order must be" in built.warnings
    assert shown(built)[0] == {"late": "Late"}
