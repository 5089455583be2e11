"""The files of the search, beside a site: each is a script that calls one function.

A script, and not JSON, because a browser loads one from a folder without a server too, and because
a policy such as ``script-src 'self'`` allows it. In ``_static/marginalia-search`` are:

``records.js``
    What a query needs to be ranked: the kind and the length of each record, and the words at which
    chunks begin. Loaded when a reader opens the search.
``terms-0.js``, ``terms-1.js``, …
    The chunks of the index; see :mod:`~sphinx_marginalia.search.terms`.
``texts-0.js``, ``texts-1.js``, …
    Titles, addresses and texts of records that follow each other. Loaded for the hits that are
    shown.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sphinx_marginalia
from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.index import HasPlaces, Place, domain_of
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.search.records import SearchDomain, completed
from sphinx_marginalia.search.terms import Terms, chunk_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FOLDER = "_static/marginalia-search"
#: The characters in a file of texts, before it is compressed to about a third.
TEXTS = 10_000
#: Between the names of what is around a section.
WITHIN = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


class Hit(NamedTuple):
    """A record as a reader sees it among the hits."""

    kind: str
    title: str
    #: The page and the sections around it.
    path: str
    #: From the root of the site.
    address: str
    text: str


class Site:
    """The records of a project, in reading order."""

    def __init__(self, app: Sphinx) -> None:
        self.env: BuildEnvironment = app.env
        self.builder: Any = app.builder
        self.domain = domain_of(self.env, SearchDomain)
        self.works = bibliography(self.env)
        self.parents = {
            child: parent
            for parent, children in sorted(self.env.toctree_includes.items(), reverse=True)
            for child in children
        }
        self._words: dict[tuple[str, str], str] = {}

    def records(self) -> list[Hit]:
        """Return all records."""
        places: dict[str, list[Place]] = {}
        for place in self.places():
            places.setdefault(place.docname, []).append(place)
        listed: list[Hit] = []
        for docname in {**self.domain.documents, **dict.fromkeys(sorted(places))}:
            if docname in self.env.found_docs and "nosearch" not in self.env.metadata[docname]:
                listed += self.sections(docname)
                listed += [self.hit(place) for place in places.get(docname, ())]
        return listed

    def sections(self, docname: str) -> Iterator[Hit]:
        """Yield the sections of a document."""
        for one in self.domain.records.get(docname, ()):
            if one.is_section:
                kind = _("section") if one.node_id else _("page")
                around = one.around if one.node_id else self.above(docname)
                title = self.completed(one.title)
                path = WITHIN.join(self.completed(each) for each in around)
                yield Hit(
                    kind, title, path, self.address(docname, one.node_id), self.completed(one.text)
                )

    def above(self, docname: str) -> tuple[str, ...]:
        """Return the title of the page whose table of contents has this one."""
        parent = self.parents.get(docname)
        if parent is None or parent == self.env.config.root_doc or parent not in self.env.titles:
            return ()
        return (self.env.titles[parent].astext(),)

    def places(self) -> Iterator[Place]:
        """Yield what domains know of terms, claims, works, and then their other objects."""
        known = set()
        for domain in self.env.domains.sorted():
            for place in domain.places() if isinstance(domain, HasPlaces) else ():
                known.add((place.docname, place.node_id))
                yield place
        texts = {
            (docname, one.node_id): one.text
            for docname, one in self.domain.in_reading_order()
            if not one.is_section
        }
        for domain in self.env.domains.sorted():
            for _name, title, kind, docname, node_id, priority in domain.get_objects():
                # Sphinx gives its terms the priority of what is not searched for.
                if (priority < 0 and kind != "term") or (docname, node_id) in known or not node_id:
                    continue
                known.add((docname, node_id))
                # A domain may have objects of a type that it does not declare.
                declared = domain.object_types.get(kind)
                # Those of Sphinx are translated lazily.
                word = str(domain.get_type_name(declared)) if declared else kind
                text = texts.get((docname, node_id), "")
                word = _("term") if kind == "term" else word
                yield Place(docname, node_id, word, str(title), text)

    def hit(self, one: Place) -> Hit:
        """Return the record of a place."""
        titles = self.env.titles
        path = titles[one.docname].astext() if one.docname in titles else ""
        address = self.address(one.docname, one.node_id)
        return Hit(one.kind, one.title, path, address, self.completed(one.text))

    def address(self, docname: str, node_id: str) -> str:
        """Return an address from the root of the site."""
        uri: str = self.builder.get_target_uri(docname)
        return f"{uri}#{node_id}" if node_id else uri

    def completed(self, text: str) -> str:
        """Return *text* with the words of its references."""
        return completed(text, self.words)

    def words(self, kind: str, target: str) -> str:
        """Return what a reference shows, if its source does not say it."""
        if (kind, target) not in self._words:
            self._words[kind, target] = self._find_words(kind, target)
        return self._words[kind, target]

    def _find_words(self, kind: str, target: str) -> str:
        if kind.startswith("cite:"):
            return self.works.words(kind[5:], target) if self.works else target
        if kind == "doc":
            title = self.env.titles.get(target)
            return title.astext() if title else target
        label = self.env.domains.standard_domain.labels.get(target.lstrip("#"))
        return str(label[2]) if label else ""  # those of Sphinx are translated lazily


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield the files of the search, beside a site with a page for each document."""
    if not makes_site(app.builder):
        return
    records = Site(app).records()
    kinds = list(dict.fromkeys(one.kind for one in records))
    starts = file_starts(records)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(records)], strict=True)):
        texts = [[kinds.index(one.kind), *one[1:]] for one in records[start:end]]
        name = f"{FOLDER}/texts-{number}.js"
        yield Publication((name,), texts, partial(_scripts, [("texts", number, texts)]))
    fields = [(one.title, f"{one.path} {one.text}") for one in records]
    count = chunk_count(fields)
    names = ["records", *(f"terms-{number}" for number in range(count))]
    base = {
        "version": fingerprint((sphinx_marginalia.__version__, records)),
        "kinds": kinds,
        "boosts": [_boost(kind) for kind in kinds],
        "kindOf": [kinds.index(one.kind) for one in records],
        "texts": starts,
        "words": words_of_interface(),
    }
    files = tuple(f"{FOLDER}/{name}.js" for name in names)
    yield Publication(files, (base, records), partial(index_scripts, base, fields, count))


def index_scripts(base: dict[str, Any], fields: list[tuple[str, str]], count: int) -> list[str]:
    """Return the script with all that a query needs to be ranked, and those with its words."""
    terms = Terms(fields)
    chunks = terms.chunks(count)
    whole = base | {
        "lengths": terms.lengths,
        "common": terms.common,
        "chunks": [first for first, _lines in chunks],
    }
    calls = [("terms", number, lines) for number, (_first, lines) in enumerate(chunks)]
    return _scripts([("records", 0, whole), *calls])


def _boost(kind: str) -> float:
    """Return by how much the score of a kind of record is multiplied."""
    return {_("term"): 2.0, _("claim"): 1.1, _("page"): 1.3, _("work"): 0.8}.get(kind, 1.0)


def file_starts(records: Sequence[Hit]) -> list[int]:
    """Return the number of the first record in each file of texts."""
    starts, size = [0], 0
    for number, one in enumerate(records):
        length = sum(map(len, one))
        if size and size + length > TEXTS:
            starts.append(number)
            size = 0
        size += length
    return starts


def _scripts(calls: Sequence[tuple[str, int, object]]) -> list[str]:
    """Return a script for each of *calls*."""
    return [f"marginaliaSearch({','.join(map(_json, call))});\n" for call in calls]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def words_of_interface() -> dict[str, str]:
    """Return the words that the dialog shows, in the reader's language."""
    return {
        "search": _("Search"),
        "results": _("Results"),
        "one": _("1 result"),
        "many": _("{number} results"),
        "none": _("Nothing found"),
        "more": _("Search page"),
        "close": _("Close"),
        "choose": _("choose"),
        "open": _("open"),
        "failed": _("The search cannot be loaded."),
    }
