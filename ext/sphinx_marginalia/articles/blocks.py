"""The blocks of a curriculum, which a project defines in ``conf.py`` or beside its articles."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sphinx_marginalia.articles.curriculum import Block
from sphinx_marginalia.articles.options import BLOCKS, ArticleProblem
from sphinx_marginalia.core.diagnostics import suggestion, warn
from sphinx_marginalia.core.located import read_yaml_file, short_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinx.environment import BuildEnvironment

FILE = "_block.yaml"
KEYS = ("title", "order")
#: The order of a block; ``2.5`` comes between two others.
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


def blocks(
    env: BuildEnvironment, report: Callable[..., None] = warn
) -> tuple[list[Block], dict[str, str]]:
    """Return the blocks in their order: from ``conf.py``, else from the files in the folders.

    :param report: called with each problem, its message and its location
    :return: the blocks, and the name of the block of each folder that has a file
    """
    configured = BLOCKS.value(env.config)
    if configured:
        return [Block(str(name), str(title)) for name, title in configured.items()], {}
    folders = {
        str(folder) for docname in env.found_docs for folder in PurePosixPath(docname).parents
    }
    files = {folder: Path(env.srcdir, folder, FILE) for folder in sorted(folders)}
    root = files.pop(".", None)
    if root is not None and root.is_file():
        message = "the root of the project cannot be a block; move the file into a folder"
        report(ArticleProblem.BLOCK_FILE, message, location=f"{root}:1")
    names = {folder: PurePosixPath(folder).name for folder, file in files.items() if file.is_file()}
    shared = Counter(names.values())
    # Of two folders with one name, each is called by its path.
    names = {folder: folder if shared[name] > 1 else name for folder, name in names.items()}
    in_order = sorted(_block(files[folder], name, report) for folder, name in names.items())
    return [block for _, block in in_order], names


def block_of(docname: str, folders: Mapping[str, str]) -> str:
    """Return the name of the block of the nearest folder around *docname*, if one has a file."""
    around = (str(folder) for folder in PurePosixPath(docname).parents)
    return next((folders[folder] for folder in around if folder in folders), "")


def _block(file: Path, name: str, report: Callable[..., None]) -> tuple[float, Block]:
    """Return the order and the block that a file describes."""
    located = read_yaml_file(file, ArticleProblem.BLOCK_FILE)
    value = located.value
    if not isinstance(value, dict | None):
        located.report(f"write title: and order: in this file, not {short_repr(value)}")
    for key in value if isinstance(value, dict) else ():
        if key not in KEYS:
            located.report(f"unknown key {key!r}; {suggestion(key, KEYS)}", key)
    order, title = located.text("order"), located.text("title")
    for key, is_valid, expected in (
        ("order", NUMBER.fullmatch(order), "a number"),
        ("title", title, "a text"),
    ):
        if not is_valid and located.get(key) not in (None, ""):
            written = short_repr(located.get(key))
            located.report(f"{key} must be {expected}, not {written}", key)
    for diagnostic in located.diagnostics:
        report(diagnostic.problem, diagnostic.message, location=f"{file}:{diagnostic.line}")
    position = float(order) if NUMBER.fullmatch(order) else float("inf")
    title = title or PurePosixPath(name).name
    return position, Block(name, title, str(file), located.line("title"))
