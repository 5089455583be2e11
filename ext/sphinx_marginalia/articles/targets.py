"""What prerequisites lead to: a document, a section, a web address."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util import docname_join

from sphinx_marginalia.core.diagnostics import did_you_mean
from sphinx_marginalia.core.links import encoded, is_allowed, scheme_of
from sphinx_marginalia.core.nodes import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

SUFFIX = re.compile(r"\.(?:md|rst|html)$")


class Target(NamedTuple):
    """What a prerequisite leads to."""

    #: Empty for a web address.
    docname: str
    #: The id of a section; empty for the whole document.
    node_id: str = ""
    #: The title of that section; empty for the whole document.
    title: str = ""
    uri: str = ""


class Targets:
    """Everything that a prerequisite can lead to, once all documents are read."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.documents = env.found_docs
        standard = env.domains.standard_domain
        # The second are the labels of headings, with titles. Sphinx has some for pages of its own.
        labels = [*standard.anonlabels.items(), *standard.labels.items()]
        self.labels = {name: Target(*item) for name, item in labels if item[0] in self.documents}
        self.by_slug: dict[str, list[str]] = {}
        for docname in self.documents:
            self.by_slug.setdefault(_slug(docname), []).append(docname)

    def resolve(self, docname: str, target: str) -> Target | None:
        """Return what *target*, written in *docname*, leads to, if anything."""
        if re.match(r"https?://", target):
            return Target("", uri=encoded(target))
        path, _, section = target.partition("#")
        document = self._document(docname, path) if path else None
        if document is not None:
            return self._section(document, section) if section else Target(document)
        if label := self._label(path or section) if not path or not section else None:
            return label
        is_address = scheme_of(target) and is_allowed(target)
        return Target("", uri=encoded(target)) if is_address else None

    def hint(self, target: str) -> str:
        """Return what to write instead of *target*, which leads to nothing."""
        if not is_allowed(target):
            return f"links to {scheme_of(target)}: are not allowed"
        names = sorted({*self.documents, *self.labels})
        return did_you_mean(target, names) or "name a document or a label"

    def _document(self, docname: str, path: str) -> str | None:
        for candidate in _candidates(docname, SUFFIX.sub("", path)):
            for name in (candidate, posixpath.join(candidate, "index")):
                if name in self.documents:
                    return name
        # The address of a page on an older site ends as the name of its document does here.
        same = self.by_slug.get(_slug(path.strip("/")), []) if path.startswith("/") else []
        return same[0] if len(same) == 1 else None

    def _section(self, docname: str, name: str) -> Target | None:
        """Return the section of *docname* with the label or id *name*."""
        label = self._label(name)
        if label is not None and label.docname == docname:
            return label
        for entry in find(self.env.tocs[docname], nodes.reference):
            if entry.get("anchorname") == f"#{name}":
                return Target(docname, name, entry.astext())
        return None

    def _label(self, name: str) -> Target | None:
        # Sphinx stores labels in lower case.
        return self.labels.get(name) or self.labels.get(name.lower())


def _candidates(docname: str, path: str) -> Iterator[str]:
    """Yield the names that *path*, written in *docname*, can mean.

    From the root of the project, from the article, and from each folder around it: articles that
    were moved here with their folder refer to each other from their own root.
    """
    name = path.strip("/")
    yield name
    yield docname_join(docname, path)
    for folder in PurePosixPath(docname).parents:
        yield str(folder / name)


def _slug(docname: str) -> str:
    """Return the last part of an address, which names a page on an older site."""
    return re.sub(r"/?index$", "", docname).rsplit("/", 1)[-1]
