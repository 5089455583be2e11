"""Which pages have a sidebar that changed since they were written."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard

from sphinx.addnodes import toctree
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.domains import Domain

from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.large_sites.options import SIDEBAR, SIDEBAR_LIMIT
from sphinx_marginalia.large_sites.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from docutils import nodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class NavigationDomain(Domain):
    """Fingerprints: of all tables of contents, and of each page's sidebar."""

    name = "marginalia-navigation"
    label = "navigation"
    data_version = 1
    initial_data: ClassVar[dict[str, Any]] = {"contents": {}, "sidebars": {}}

    def clear_doc(self, docname: str) -> None:
        """Forget the table of contents of a document that is read again, or gone."""
        self.data["contents"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over nothing: fingerprints are made when all documents are read."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing here to refer to."""
        return []

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return a fingerprint of the sidebar of each page; cached as long as no heading changes."""
        if not has_sidebars(builder) or not is_large(self.env):
            return {}
        inputs = self._inputs()
        before, sidebars = self.data["sidebars"].get(builder.name, ("", {}))
        if before != inputs:
            sidebars = dict(self._sidebars(builder))
            self.data["sidebars"][builder.name] = (inputs, sidebars)
        return dict(sidebars)

    def _inputs(self) -> str:
        """Return a fingerprint of everything that sidebars depend on."""
        known: dict[str, str] = self.data["contents"]
        for docname in self.env.tocs.keys() - known.keys():
            known[docname] = fingerprint(self.env.tocs[docname].pformat())
        limit: int = SIDEBAR_LIMIT.value(self.env.config)
        return fingerprint((limit, sorted(known.items()), sorted(self.env.toc_secnumbers.items())))

    def _sidebars(self, builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
        """Yield each document with the fingerprint of its sidebar."""
        limit: int = SIDEBAR_LIMIT.value(self.env.config)
        tables = [Table(builder, maxdepth=-1, labels=False, **asked) for asked in self._options()]
        for docname in self.env.all_docs:
            shown = [
                (part.node and part.node.astext(), entry.told, len(entry.siblings))
                for contents in tables
                for part in contents.parts
                for entry in contents.branch(docname, limit).walk(part.entries)
            ]
            yield docname, fingerprint(shown)

    def _options(self) -> list[dict[str, bool]]:
        """Return what a theme may ask for that makes other lists."""
        toctrees = (found for toc in self.env.tocs.values() for found in find(toc, toctree))
        hides = any(found.get("hidden") for found in toctrees)
        return [
            {"includehidden": hidden, "titles_only": titles}
            for hidden, titles in product((True, False) if hides else (True,), (True, False))
        ]


def is_large(env: BuildEnvironment) -> bool:
    """Return whether a site has more documents than its sidebar shows, and a sidebar is wanted."""
    limit: int = SIDEBAR_LIMIT.value(env.config)
    return SIDEBAR.value(env.config) and len(env.all_docs) > limit


def has_sidebars(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether what *builder* makes is a site with a sidebar on each page."""
    return isinstance(builder, StandaloneHTMLBuilder) and not isinstance(
        builder, (SingleFileHTMLBuilder, Epub3Builder)
    )
