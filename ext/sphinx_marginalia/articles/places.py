"""Where a prerequisite leads: a document, a section, an address elsewhere."""

from __future__ import annotations

import posixpath
import re
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util import docname_join

from sphinx_marginalia.core.nodes import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.environment import BuildEnvironment

SUFFIX = re.compile(r"\.(?:md|rst|html)$")


class Place(NamedTuple):
    """Where a prerequisite leads."""

    #: Empty where it leads out of the project.
    docname: str
    #: The id of a section; empty for the whole document.
    node_id: str = ""
    #: The title of that section; empty where the document's is meant.
    title: str = ""
    #: The address, where it leads out of the project.
    uri: str = ""


class Lookup:
    """All that a prerequisite can lead to, when all documents are read."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.documents = env.found_docs
        standard = env.domains.standard_domain
        # The second are those of headings, with their titles. Sphinx has some for pages of its own.
        labels = [*standard.anonlabels.items(), *standard.labels.items()]
        self.labels = {name: Place(*found) for name, found in labels if found[0] in self.documents}
        self.by_slug: dict[str, list[str]] = {}
        for docname in self.documents:
            self.by_slug.setdefault(_slug(docname), []).append(docname)

    def place(self, docname: str, target: str) -> Place | None:
        """Return where *target*, written in *docname*, leads."""
        if re.match(r"https?://", target):
            return Place("", uri=target)
        path, _, section = target.partition("#")
        found = self._document(docname, path) if path else None
        if found is not None:
            return self._section(found, section) if section else Place(found)
        if not path or not section:
            return self._label(path or section)
        return None

    def near(self, target: str) -> str | None:
        """Return the document or label whose name is much like *target*."""
        names = sorted({*self.documents, *self.labels})
        return next(iter(get_close_matches(target, names, 1)), None)

    def _document(self, docname: str, path: str) -> str | None:
        for candidate in _candidates(docname, SUFFIX.sub("", path)):
            for name in (candidate, posixpath.join(candidate, "index")):
                if name in self.documents:
                    return name
        # The address that a page had on an older site ends as its name does here.
        found = self.by_slug.get(_slug(path.strip("/")), []) if path.startswith("/") else []
        return found[0] if len(found) == 1 else None

    def _section(self, docname: str, name: str) -> Place | None:
        """Return the section of *docname* with the label or id *name*."""
        label = self._label(name)
        if label is not None and label.docname == docname:
            return label
        for entry in find(self.env.tocs[docname], nodes.reference):
            if entry.get("anchorname") == f"#{name}":
                return Place(docname, name, entry.astext())
        return None

    def _label(self, name: str) -> Place | None:
        # Sphinx keeps labels in small letters.
        return self.labels.get(name) or self.labels.get(name.lower())


def _candidates(docname: str, path: str) -> Iterator[str]:
    """Yield the names that *path*, written in *docname*, can mean.

    From the root of the project, from the article, and from each folder around it: a folder of
    articles from elsewhere keeps the names that these had from their own root.
    """
    name = path.strip("/")
    yield name
    yield docname_join(docname, path)
    for folder in PurePosixPath(docname).parents:
        yield str(folder / name)


def _slug(docname: str) -> str:
    """Return the last part of an address, by which an older site knew a page."""
    return re.sub(r"/?index$", "", docname).rsplit("/", 1)[-1]
