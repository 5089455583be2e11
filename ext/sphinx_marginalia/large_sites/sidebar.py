"""What a theme gets when it asks for the table of contents."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.large_sites.domain import has_sidebars, is_large
from sphinx_marginalia.large_sites.options import SIDEBAR_LIMIT
from sphinx_marginalia.large_sites.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.builders.html import StandaloneHTMLBuilder

    from sphinx_marginalia.large_sites.branch import Entry

TEMPLATES = Path(__file__).parent / "templates"


class Sidebar:
    """The tables of contents of one application.

    A theme may ask for several, with other options. Each is read when it is first asked for: Sphinx
    writes one page before it starts further processes, which then have it.
    """

    def __init__(self) -> None:
        self._tables: dict[tuple[tuple[str, Any], ...], Table] = {}

    def forget(self, _app: Sphinx, _builder: Builder) -> None:
        """Forget what an earlier build of the same application read (``write-started``)."""
        self._tables.clear()

    def offer(
        self,
        app: Sphinx,
        pagename: str,
        _template: str,
        context: dict[str, Any],
        _doctree: nodes.document | None,
    ) -> None:
        """Give the templates of a page our table instead of Sphinx's (``html-page-context``)."""
        builder = app.builder
        if has_sidebars(builder) and "toctree" in context and is_large(builder.env):
            # A function: builders that write the context to a file leave out functions only.
            context["toctree"] = lambda **options: self.toctree(builder, pagename, **options)

    def toctree(
        self, builder: StandaloneHTMLBuilder, pagename: str, collapse: bool = True, **options: Any
    ) -> str:
        """Return the branch of a page as HTML, as a template expects it.

        :param collapse: has no effect: other branches are never open
        """
        options.setdefault("includehidden", False)
        if options.get("maxdepth") == "":
            del options["maxdepth"]
        asked = tuple(sorted(options.items()))
        if asked not in self._tables:
            self._tables[asked] = Table(builder, **options)
        page = _Page(builder, pagename, self._tables[asked])
        html: str = _template().render(page=page, parts=page.table.parts)
        return html


class _Page:
    """What the template asks about one page."""

    def __init__(self, builder: StandaloneHTMLBuilder, name: str, contents: Table) -> None:
        self.builder = builder
        self.name = name
        self.table = contents
        self.branch = contents.branch(name, SIDEBAR_LIMIT.value(builder.config))

    def address(self, entry: Entry) -> str:
        if not entry.docname:
            return entry.address
        return self.builder.get_relative_uri(self.name, entry.docname) + entry.anchor or "#"

    def all_of(self, entries: Sequence[Entry]) -> dict[str, str]:
        """Return a link to the page with the whole list."""
        parent = entries[0].parent
        docname = parent.docname if parent else self.builder.config.root_doc
        return {
            "address": self.builder.get_relative_uri(self.name, docname) or "#",
            "words": _("All %d entries") % len(entries),
        }


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("branch.html.jinja")
