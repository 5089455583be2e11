"""The sidebar of a page: what a theme gets, and which pages have to be written again for it."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jinja2 import Environment, FileSystemLoader
from sphinx.addnodes import toctree
from sphinx.domains import Domain

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.outdated import fingerprint, stored
from sphinx_marginalia.large_sites.contents import Contents
from sphinx_marginalia.large_sites.options import SIDEBAR, SIDEBAR_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.large_sites.branch import Entry

TEMPLATES = Path(__file__).parent / "templates"


def is_branch_shown(env: BuildEnvironment) -> bool:
    """Return whether sidebars show branches: the option is on, and the site is large."""
    limit: int = SIDEBAR_LIMIT.value(env.config)
    return SIDEBAR.value(env.config) and len(env.all_docs) > limit


class SidebarDomain(Domain):
    """Fingerprints of sidebars: a title is shown in the sidebar of other pages.

    Both dictionaries in its data are caches of pure functions of the environment, because resolving
    all sidebars takes seconds on a large site. Neither says anything about the output:

    ``contents``
        By document, the fingerprint of its own table of contents.
    ``sidebar_cache``
        By name of a builder, a fingerprint of everything that sidebars depend on, and the
        fingerprints of the sidebars that were computed from that.
    """

    name = "marginalia-sidebars"
    label = "sidebar"
    data_version = 1
    initial_data: ClassVar[dict[str, Any]] = {"contents": {}, "sidebar_cache": {}}

    def clear_doc(self, docname: str) -> None:
        """Drop the fingerprint of a document that is read again, or removed."""
        self.data["contents"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: fingerprints are computed when all documents have been read."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing to refer to."""
        return []

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return the fingerprint of each page's sidebar (see ``core.outdated.ShowsOthers``)."""
        if not makes_site(builder) or not is_branch_shown(self.env):
            return {}
        cache: dict[str, Any] = self.data["sidebar_cache"]
        sidebars = stored(
            cache, builder.name, self._inputs(), lambda: dict(self._sidebars(builder))
        )
        return dict(sidebars)

    def _inputs(self) -> object:
        """Return everything that sidebars depend on."""
        contents: dict[str, str] = self.data["contents"]
        for docname in self.env.tocs.keys() - contents.keys():
            contents[docname] = fingerprint(self.env.tocs[docname].pformat())
        limit: int = SIDEBAR_LIMIT.value(self.env.config)
        numbers = sorted(self.env.toc_secnumbers.items())
        return limit, sorted(contents.items()), numbers

    def _sidebars(self, builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
        """Yield each document with the fingerprint of its sidebar."""
        limit: int = SIDEBAR_LIMIT.value(self.env.config)
        # The options of ``toctree()`` that change which entries a theme gets.
        toctrees = [node for toc in self.env.tocs.values() for node in find(toc, toctree)]
        has_hidden = any(node.get("hidden") for node in toctrees)
        values = product((True, False) if has_hidden else (True,), (True, False))
        tables = [
            Contents(builder, maxdepth=-1, labels=False, includehidden=hidden, titles_only=titles)
            for hidden, titles in values
        ]
        for docname in self.env.all_docs:
            visible = [
                (part.node and part.node.astext(), entry.appearance, len(entry.siblings))
                for contents in tables
                for part in contents.parts
                for entry in contents.branch(docname, limit).walk(part.entries)
            ]
            yield docname, fingerprint(visible)


class Sidebar:
    """The tables of contents of one application.

    A theme may ask for several, with different options. Each is resolved at the first request:
    Sphinx writes one page before it starts further processes, which then inherit it.
    """

    def __init__(self) -> None:
        self.contents: dict[tuple[tuple[str, Any], ...], Contents] = {}

    def replace_toctree(
        self,
        app: Sphinx,
        pagename: str,
        _template: str,
        context: dict[str, Any],
        _doctree: nodes.document | None,
    ) -> None:
        """Give the templates of a page our ``toctree`` for Sphinx's (``html-page-context``)."""
        builder = app.builder
        if makes_site(builder) and "toctree" in context and is_branch_shown(builder.env):
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
        key = tuple(sorted(options.items()))
        if key not in self.contents:
            self.contents[key] = Contents(builder, **options)
        page = _Page(builder, pagename, self.contents[key])
        html: str = _template().render(page=page, parts=page.contents.parts)
        return html


class _Page:
    """What the template needs to know about one page."""

    def __init__(self, builder: StandaloneHTMLBuilder, name: str, contents: Contents) -> None:
        self.builder = builder
        self.name = name
        self.contents = contents
        self.branch = contents.branch(name, SIDEBAR_LIMIT.value(builder.config))

    def address(self, entry: Entry) -> str:
        """Return the address of an entry, relative to the page."""
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
