"""Style sheets, scripts and LaTeX packages that are files beside the Python of a feature.

Each file is copied into ``_static`` on its own. It is put at the *front* of ``html_static_path``: a
file of the same name in the project's own folder is copied later and replaces it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_marginalia.core.builders import makes_html, makes_web_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.config import Config

    from sphinx_marginalia.core.options import Option

#: A script that opens folded blocks for paper, for each feature that folds something.
PRINT_SCRIPT = Path(__file__).parent / "marginalia-print.js"
#: Sphinx sorts files by this. Those of a project get 500, and may restyle ours.
BEFORE_PROJECT = 490


def add_assets(
    app: Sphinx,
    *files: Path,
    where: Sequence[str] = (),
    when: Callable[[Builder], bool] = makes_html,
) -> None:
    """Put *files* (``.css`` or ``.js``) on the HTML pages that use the feature.

    A reader should not load files that the page has no use for. Scripts are deferred: a page is
    complete before one runs.

    :param where: texts of which a page with the files contains at least one, usually class names;
        by default the files are on every page. They are searched in the text of the page and not in
        its tree, because raw HTML and blocks repeated from elsewhere count too.
    :param when: whether a build has the files at all; by default every build of HTML has them
    """
    app.connect("builder-inited", partial(_copy, files, when))
    app.connect("html-page-context", partial(_link, files, tuple(where), when))


def ship_assets(app: Sphinx, *files: Path, when: Callable[[Builder], bool] = makes_html) -> None:
    """Copy *files* into ``_static`` without a link to them.

    For pages that are not documents, and for what a script loads later.
    """
    app.connect("builder-inited", partial(_copy, files, when))


def add_theme_styles(app: Sphinx, folder: Path) -> None:
    """Put ``folder/marginalia-<theme>.css`` on every page, for the theme and those it builds on.

    What only one theme needs is in a file of that theme's name, separate from the rest.
    """
    app.connect("builder-inited", partial(_add_theme_styles, folder))


def add_latex_package(app: Sphinx, name: str) -> None:
    """Load the LaTeX package *name*, once: Sphinx warns of one that is added twice."""
    if not app.registry.has_latex_package(name):
        app.add_latex_package(name)


def ship_latex_package(app: Sphinx, file: Path, *options: Option) -> None:
    """Load a LaTeX package that is a file of a feature, with the values of *options*."""
    app.connect("config-inited", partial(_add_latex_package, file, options))


def _add_latex_package(
    file: Path, options: tuple[Option, ...], app: Sphinx, config: Config
) -> None:
    config.latex_additional_files = [*config.latex_additional_files, str(file)]
    values = ",".join(option.value(config) for option in options) or None
    app.add_latex_package(file.stem, values, after_hyperref=True)


def _link(
    files: tuple[Path, ...],
    where: tuple[str, ...],
    when: Callable[[Builder], bool],
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    body = context.get("body", "")
    if not when(app.builder) or (where and not any(text in body for text in where)):
        return
    for file in files:
        if file.suffix == ".js":
            app.add_js_file(file.name, loading_method="defer", priority=BEFORE_PROJECT)
        else:
            app.add_css_file(file.name, priority=BEFORE_PROJECT)


def _copy(files: tuple[Path, ...], when: Callable[[Builder], bool], app: Sphinx) -> None:
    if when(app.builder):
        ours = [str(file) for file in files]
        app.config.html_static_path = [*ours, *app.config.html_static_path]


def _add_theme_styles(folder: Path, app: Sphinx) -> None:
    if not isinstance(app.builder, StandaloneHTMLBuilder) or not makes_web_pages(app.builder):
        return
    themes = [Path(directory).name for directory in app.builder.theme.get_theme_dirs()]
    for theme in reversed(themes):
        file = folder / f"marginalia-{theme}.css"
        if file.is_file():
            app.add_css_file(file.name)
            _copy((file,), makes_html, app)
