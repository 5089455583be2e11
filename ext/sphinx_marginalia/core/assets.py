"""Style sheets and scripts that stand beside the Python of a feature.

Each file is copied into ``_static`` on its own. It is put at the *front* of ``html_static_path``:
a file of the same name in the user's own folder is copied later and replaces it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def add_assets(app: Sphinx, *files: Path) -> None:
    """Put *files* (``.css`` or ``.js``) on every HTML page.

    Scripts are deferred: a page is whole before one runs.
    """
    for file in files:
        if file.suffix == ".js":
            app.add_js_file(file.name, loading_method="defer")
        else:
            app.add_css_file(file.name)
    app.connect("builder-inited", partial(_copy, files))


def ship_assets(app: Sphinx, *files: Path) -> None:
    """Copy *files* into ``_static`` without a link to them: for pages that are no documents."""
    app.connect("builder-inited", partial(_copy, files))


def add_theme_styles(app: Sphinx, folder: Path) -> None:
    """Put ``folder/<theme>.css`` on every page, for the theme in use and those it inherits from.

    What only one theme needs is kept in a file of that theme's name, away from the rest.
    """
    app.connect("builder-inited", partial(_add_theme_styles, folder))


def _copy(files: tuple[Path, ...], app: Sphinx) -> None:
    app.config.html_static_path[:0] = [str(file) for file in files]


def _add_theme_styles(folder: Path, app: Sphinx) -> None:
    if not isinstance(app.builder, StandaloneHTMLBuilder) or app.builder.name == "epub":
        return
    themes = [Path(directory).name for directory in app.builder.theme.get_theme_dirs()]
    for theme in reversed(themes):
        file = folder / f"marginalia-{theme}.css"
        if file.is_file():
            app.add_css_file(file.name)
            _copy((file,), app)
