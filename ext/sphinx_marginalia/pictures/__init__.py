"""Pictures that have their room before they are there, and are loaded when they are needed.

A page without the sizes of its pictures jumps while it loads, and loads all of them at once. With
this extension every picture of a project has the width and height of its file, so that its room is
kept, and waits to be loaded until a reader comes near it, unless it may be on the first screen.

What an author says of a picture (``:width:``, ``:height:``, ``:scale:``, ``:loading:``) is kept. In
EPUB, PDF and other outputs nothing changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA
from sphinx_marginalia.core.assets import add_assets
from sphinx_marginalia.pictures.sizes import SIZED, size_pictures

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

HERE = Path(__file__).parent


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register what gives sizes, and the style that keeps a narrow picture in proportion."""
    add_assets(app, HERE / "marginalia-pictures.css", where=(SIZED,))
    app.connect("doctree-resolved", size_pictures)
    return METADATA
