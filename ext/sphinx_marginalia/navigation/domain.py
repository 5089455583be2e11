"""Which pages have a sidebar that changed since they were written."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains import Domain

from sphinx_marginalia.navigation.branch import Tree
from sphinx_marginalia.navigation.options import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Contents(NamedTuple):
    """Fingerprints of one document."""

    title: str
    #: Its table of contents, with the toctrees in it.
    whole: str


class NavigationDomain(Domain):
    """Fingerprints: of each document's own table of contents, and of each page's sidebar."""

    name = "marginalia-navigation"
    label = "navigation"
    data_version = 1
    initial_data: ClassVar[dict[str, Any]] = {"contents": {}, "sidebars": {}, "changes": 0}

    def clear_doc(self, docname: str) -> None:
        """Forget the table of contents of a document that is read again, or gone."""
        self.data["contents"].pop(docname, None)
        self.data["changes"] += 1

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over nothing: fingerprints are made when all documents are read."""

    def outdated_pages(self, builder: str) -> list[str]:
        """Return the documents whose sidebar has changed since this was last asked for *builder*.

        Where no document was read in between, nothing is looked at.
        """
        limit: int = LIMIT.value(self.env.config)
        made_from = (self.data["changes"], limit)
        before, old = self.data["sidebars"].get(builder, (None, {}))
        if before == made_from:
            return []
        new = dict(self._sidebars(limit)) if is_large(self.env) else {}
        self.data["sidebars"][builder] = (made_from, new)
        return sorted(name for name in self.env.all_docs if new.get(name) != old.get(name))

    def _sidebars(self, limit: int) -> Iterator[tuple[str, str]]:
        """Yield each document with the fingerprint of its sidebar."""
        tree = Tree(self.env.toctree_includes, self.env.config.root_doc)
        for docname in self.env.all_docs:
            way, beside = tree.shown_with(docname, limit)
            parts = [self._contents(above).whole for above in way if above in self.env.titles]
            parts += [
                name + self._contents(name).title for name in beside if name in self.env.titles
            ]
            yield docname, sha256(" ".join(parts).encode()).hexdigest()

    def _contents(self, docname: str) -> Contents:
        known: dict[str, Contents] = self.data["contents"]
        if docname not in known:
            title, whole = self.env.titles[docname].pformat(), self.env.tocs[docname].pformat()
            known[docname] = Contents(
                *(sha256(text.encode()).hexdigest() for text in (title, whole))
            )
        return known[docname]


def is_large(env: BuildEnvironment) -> bool:
    """Return whether a site has more documents than its sidebar shows."""
    limit: int = LIMIT.value(env.config)
    return len(env.all_docs) > limit


def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again (``env-get-updated``)."""
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return []
    domain = cast("NavigationDomain", env.domains[NavigationDomain.name])
    return domain.outdated_pages(app.builder.name)
