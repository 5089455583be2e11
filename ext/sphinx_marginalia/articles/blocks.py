"""The blocks of a curriculum, as a project defines them: in ``conf.py`` or beside its articles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.articles.curriculum import Block
from sphinx_marginalia.articles.options import BLOCKS
from sphinx_marginalia.articles.problems import ArticleProblem
from sphinx_marginalia.core.diagnostics import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.environment import BuildEnvironment

FILE = "_block.yaml"


class Blocks(NamedTuple):
    """What a project says of its blocks."""

    #: In their order.
    blocks: list[Block]
    #: The name of the block of each folder that has a file.
    folders: dict[str, str]


def blocks(env: BuildEnvironment) -> Blocks:
    """Return the blocks: from ``conf.py``, else from the files in the folders."""
    configured = BLOCKS.value(env.config)
    if configured:
        return Blocks([Block(str(name), str(title)) for name, title in configured.items()], {})
    folders = {
        str(folder) for docname in env.found_docs for folder in PurePosixPath(docname).parents
    }
    files = {folder: Path(env.srcdir, folder, FILE) for folder in sorted(folders)}
    root = files.pop(".", None)
    if root is not None and root.is_file():
        message = "the folder of the whole project is no block; put the file in a folder in it"
        warn(ArticleProblem.BLOCK_FILE, message, location=f"{root}:1")
    names = _names(folder for folder, file in files.items() if file.is_file())
    found = sorted(_block(files[folder], name) for folder, name in names.items())
    return Blocks([block for _, block in found], names)


def block_of(docname: str, folders: Mapping[str, str]) -> str:
    """Return the name of the block of the nearest folder around *docname*, if one has a file."""
    around = (str(folder) for folder in PurePosixPath(docname).parents)
    return next((folders[folder] for folder in around if folder in folders), "")


def _names(folders: Iterable[str]) -> dict[str, str]:
    """Return a name for the block of each folder: the folder's, or its path where two share it."""
    found = list(folders)
    shared = Counter(PurePosixPath(folder).name for folder in found)
    return {
        folder: folder if shared[name] > 1 else name
        for folder in found
        for name in [PurePosixPath(folder).name]
    }


def _block(file: Path, name: str) -> tuple[float, Block]:
    """Return the order and the block that a file describes."""
    values = _values(file)
    order = values.get("order")
    if isinstance(order, str) and order.strip().isdigit():
        order = int(order)
    if order is not None and (isinstance(order, bool) or not isinstance(order, int | float)):
        message = f"order must be a number, not {order!r}"
        warn(ArticleProblem.BLOCK_FILE, message, location=f"{file}:1")
        order = None
    place = float("inf") if order is None else float(order)
    return place, Block(name, str(values.get("title") or PurePosixPath(name).name))


def _values(file: Path) -> dict[str, Any]:
    """Return what a file says; nothing, with a warning, where it cannot be read."""
    try:
        # Comes with myst-parser, and is needed for these files only.
        import yaml  # noqa: PLC0415
    except ImportError:
        message = "the file cannot be read without PyYAML: pip install PyYAML"
        warn(ArticleProblem.BLOCK_FILE, message, location=f"{file}:1")
        return {}
    values: Any
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        values = " ".join(str(error).split())
    if isinstance(values, dict):
        return values
    message = f"the file describes no block: write title and order in it ({values})"
    warn(ArticleProblem.BLOCK_FILE, message, location=f"{file}:1")
    return {}
