"""Citations that are found by their key, and what is made of them once.

sphinxcontrib-bibtex looks through all works at each citation, and through all citations at each
work and each document; it formats a citation each time it is written, and makes the entries of all
bibliographies again at each build, also where nothing was read. What is found and what is made stay
its own: this only asks it for less.
"""

from __future__ import annotations

import ast
import logging
from contextlib import contextmanager
from copy import copy
from functools import cache, partial
from typing import TYPE_CHECKING

from pybtex.backends.plaintext import Backend as PlainText
from pybtex.plugin import register_plugin
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames

from sphinx_marginalia.core.outdated import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from docutils import nodes
    from pybtex.database import Entry
    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.directives import BibliographyKey
    from sphinxcontrib.bibtex.domain import Citation
    from sphinxcontrib.bibtex.roles import CitationRef

#: The place in the domain's data where it is kept what the entries were made of.
MADE_OF = "marginalia_made_of"


class CiteDomain(BibtexDomain):
    """The domain of sphinxcontrib-bibtex, in a hurry."""

    #: Whether, in this build, all entries are those of the last one.
    unchanged = False
    #: A digest of what they are made of.
    made_of = ""
    _by_key: tuple[list[Citation], dict[str, list[int]]] | None = None
    _formatted: dict[object, nodes.Element]
    _citing: Mapping[str, list[CitationRef]] | None = None
    #: The documents that have something to forget; None as long as nobody has looked.
    _held: set[str] | None = None

    def clear_doc(self, docname: str) -> None:
        """Forget *docname*; with a bibliography of it, that entries need not be made again."""
        if self._held is None:
            self._held = {ref.docname for ref in self.citation_refs}
            self._held |= {key.docname for key in self.bibliographies}
        if docname not in self._held:
            self._held.add(docname)  # It is about to be read.
            return
        before = len(self.citations)
        super().clear_doc(docname)
        if len(self.citations) != before:
            self.data.pop(MADE_OF, None)

    def env_updated(self) -> Iterable[str]:
        """Make the entries, if anything they are made of has changed since they were."""
        self.made_of = self._made_of()
        self.unchanged = self.data.get(MADE_OF) == self.made_of
        if self.unchanged:
            return []
        self._by_key = None
        self._citing = _by_key(self.citation_refs)
        with _heard() as said:
            updated = super().env_updated()
        self._citing = None
        # What is wrong is reported in each build, so it has to be found in each.
        self.data[MADE_OF] = None if said else self.made_of
        return updated

    def get_filtered_entries(
        self, bibliography_key: BibliographyKey
    ) -> Iterable[tuple[str, Entry]]:
        """Return the entries of a bibliography; each is chosen by the citations of it alone."""
        bibliography = self.bibliographies[bibliography_key]
        citing = _by_key(self.citation_refs) if self._citing is None else self._citing
        for entry in self.get_entries(bibliography.bibfiles):
            narrow = copy(self)
            key = bibliography.keyprefix + entry.key
            narrow.data = {**self.data, "citation_refs": citing.get(key, [])}
            narrow.get_entries = lambda _files, entry=entry: [entry]  # type: ignore[method-assign, misc]
            yield from BibtexDomain.get_filtered_entries(narrow, bibliography_key)

    def _made_of(self) -> str:
        """Return a digest of all that the choice, the order and the text of entries depend on."""
        config = self.env.config
        bibliographies = [
            (place, *map(_spelled_out, shown)) for place, shown in self.bibliographies.items()
        ]
        cited = [(ref.docname, ref.targets) for ref in self.citation_refs]
        made_of = (
            [(str(name), file.mtime) for name, file in self.bibdata.bibfiles.items()],
            bibliographies,
            sorted(cited, key=lambda pair: pair[0]),
            list(get_docnames(self.env)),  # type: ignore[no-untyped-call]
            (config.bibtex_tooltips, config.bibtex_tooltips_style, config.bibtex_default_style),
        )
        return fingerprint(made_of)

    def resolve_xref(  # type: ignore[override]  # as in the base class
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element:
        """Have a citation resolved among the works it names.

        One that says the same and leads to the same addresses, as from another page of the folder,
        is a copy of the first. What is unknown is reported wherever it is cited.
        """
        _register_plain_text()
        keys = {one.key for one in parse_citation_targets(target)}
        named = self._named(keys)
        narrow = copy(self)
        narrow.data = {**self.data, "citations": named}
        resolve = partial(BibtexDomain.resolve_xref, narrow, env, fromdocname, builder)
        shown = {
            citation.key
            for citation in named
            if self.bibliographies[citation.bibliography_key].list_ == "citation"
        }
        if builder.format != "html" or keys != shown:
            return resolve(typ, target, node, contnode)
        documents = {citation.bibliography_key.docname: None for citation in named}
        addresses = [
            (docname == fromdocname, builder.get_relative_uri(fromdocname, docname))
            for docname in documents
        ]
        made_of = (builder.name, typ, target, *addresses)
        if made_of not in self._formatted:
            self._formatted[made_of] = resolve(typ, target, node, contnode)
        return self._formatted[made_of].deepcopy()

    def _named(self, keys: Iterable[str]) -> list[Citation]:
        """Return the entries with these keys, in the order they have among all."""
        citations = self.citations
        if self._by_key is None or self._by_key[0] is not citations:
            places: dict[str, list[int]] = {}
            for place, citation in enumerate(citations):
                places.setdefault(citation.key, []).append(place)
            self._by_key, self._formatted = (citations, places), {}
        found = [place for key in keys for place in self._by_key[1].get(key, ())]
        return [citations[place] for place in sorted(found)]


@cache
def _register_plain_text() -> None:
    """Have pybtex find at once what sphinxcontrib-bibtex asks it for at every citation.

    It would read the metadata of every package that is installed: half of the time of a book that
    cites much.
    """
    register_plugin("pybtex.backends", "plaintext", PlainText, force=True)


def _by_key(references: Iterable[CitationRef]) -> Mapping[str, list[CitationRef]]:
    """Return the citations of each work by its key."""
    citing: dict[str, list[CitationRef]] = {}
    for reference in references:
        for key in {target.key for target in reference.targets}:
            citing.setdefault(key, []).append(reference)
    return citing


class _Listener(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record)


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """Collect what sphinxcontrib-bibtex warns of meanwhile, also where it is suppressed."""
    handler = _Listener(logging.WARNING)
    logger = logging.getLogger("sphinx.sphinxcontrib.bibtex")
    logger.addHandler(handler)
    try:
        yield handler.said
    finally:
        logger.removeHandler(handler)


def _spelled_out(value: object) -> object:
    """Return a part of a bibliography as it can be compared: its filter, the ids of its entries."""
    if isinstance(value, ast.AST):
        return ast.dump(value)
    if isinstance(value, dict):
        return [(key, entry["ids"]) for key, entry in value.items()]
    return value
