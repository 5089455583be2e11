"""Style sheets and scripts that stand beside the Python of a feature.

Each file is copied into ``_static`` on its own, without its comments. It is put at
the *front* of ``html_static_path``: a file of the same name in the user's own folder is copied
later and replaces it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_marginalia.core.condense import condense, condense_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

#: Sphinx sorts files by this; 500 is what those of a project get, which may restyle ours.
BEFORE_OTHERS = 490
#: What is made shorter, by its suffix.
CONDENSE = {".css": condense, ".js": condense_script}


def add_assets(app: Sphinx, *files: Path, where: Sequence[str] = ()) -> None:
    """Put *files* (``.css`` or ``.js``) on the HTML pages that have something of the feature.

    A reader should not load what a page has no use for. Scripts are deferred: a page is whole
    before one runs.

    :param where: words of which a page that needs the files holds at least one; names of classes,
        as a rule; without any, the files are on every page. They are looked for in the text of the
        page and not in its tree, since raw HTML and what others repeat from elsewhere count too.
    """
    app.connect("builder-inited", partial(_copy, files))
    app.connect("html-page-context", partial(_link, files, tuple(where)))


def ship_assets(app: Sphinx, *files: Path) -> None:
    """Copy *files* into ``_static`` without a link to them: for pages that are no documents."""
    app.connect("builder-inited", partial(_copy, files))


def add_theme_styles(app: Sphinx, folder: Path) -> None:
    """Put ``folder/<theme>.css`` on every page, for the theme in use and those it inherits from.

    What only one theme needs is kept in a file of that theme's name, away from the rest.
    """
    app.connect("builder-inited", partial(_add_theme_styles, folder))


def _link(
    files: tuple[Path, ...],
    where: tuple[str, ...],
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    """Link to *files* on the page that is about to be written, if it has one of *where*."""
    body = context.get("body", "")
    if where and not any(word in body for word in where):
        return
    for file in files:
        if file.suffix == ".js":
            app.add_js_file(file.name, loading_method="defer", priority=BEFORE_OTHERS)
        else:
            app.add_css_file(file.name, priority=BEFORE_OTHERS)


def _copy(files: tuple[Path, ...], app: Sphinx) -> None:
    if app.builder.format == "html":
        app.config.html_static_path[:0] = [str(_condensed(file, app)) for file in files]


def _condensed(file: Path, app: Sphinx) -> Path:
    """Return where *file* is as it is shipped, which is beside the doctrees."""
    shorten = CONDENSE.get(file.suffix)
    if shorten is None:
        return file
    shipped = Path(app.doctreedir) / "marginalia" / file.name
    shipped.parent.mkdir(parents=True, exist_ok=True)
    shipped.write_text(shorten(file.read_text(encoding="utf-8")), encoding="utf-8")
    return shipped


def _add_theme_styles(folder: Path, app: Sphinx) -> None:
    if not isinstance(app.builder, StandaloneHTMLBuilder) or app.builder.name == "epub":
        return
    themes = [Path(directory).name for directory in app.builder.theme.get_theme_dirs()]
    for theme in reversed(themes):
        file = folder / f"marginalia-{theme}.css"
        if file.is_file():
            app.add_css_file(file.name)
            _copy((file,), app)
