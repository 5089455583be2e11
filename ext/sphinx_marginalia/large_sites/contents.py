"""The table of contents of a site, of which is read what is open on the pages that are written.

Each page shows the links of the highest level, which are read once a build, and those below the
ones that lead to the page. These are read for several neighbours at once when a page needs them: so
a build that writes one page of a thousand reads little, and one that writes all reads each once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.environment.adapters.toctree import TocTree

from sphinx_marginalia.large_sites.branch import NOTHING, Branch, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.builders.html import StandaloneHTMLBuilder

#: Pages that are no documents and can be in a toctree.
GENERATED = ("genindex", "py-modindex", "search")
#: Stands between two labels while they are made HTML, all at once.
BETWEEN = "<!-- marginalia: next label -->"
#: So many are made at once: to start a writer takes as long as ten, and memory grows with each.
BATCH = 500
#: So many documents of the highest level are read at once with what is below them.
NEIGHBOURS = 50


@dataclass
class Part:
    """The links of one ``toctree`` of the root document, and its caption."""

    toctree: addnodes.toctree
    node: nodes.title | None
    #: How many levels are shown; of 0 or less, all.
    depth: int
    #: The caption as HTML.
    label: Markup = NOTHING
    #: The links of the highest level.
    entries: list[Entry] = field(default_factory=list)
    #: The documents among them of which is read what is below.
    read: set[str] = field(default_factory=set)

    def shows(self, level: int) -> bool:
        """Return whether links of that level are shown."""
        return level <= self.depth or self.depth <= 0


class Table:
    """All parts, and where in them a document is."""

    def __init__(
        self,
        builder: StandaloneHTMLBuilder,
        *,
        maxdepth: int = 0,
        labels: bool = True,
        **options: Any,
    ) -> None:
        """Read the highest level of what ``toctree(**options)`` of a page's context is.

        :param maxdepth: the levels to show, instead of those that each ``toctree`` asks for
        :param labels: whether links get a label; to make one takes as long as to read the link
        :param options: further options of the templates' ``toctree``, without ``collapse``
        """
        self._builder, self._options, self._has_labels = builder, options, labels
        self._root = builder.config.root_doc
        names = (*GENERATED, *builder.env.all_docs)
        self._documents = {builder.get_relative_uri(self._root, name): name for name in names}
        self._parents: defaultdict[str, list[str]] = defaultdict(list)
        for parent, children in builder.env.toctree_includes.items():
            for child in children:
                self._parents[child].append(parent)
        self._entries_of: defaultdict[str, list[Entry]] = defaultdict(list)
        self.parts: list[Part] = []
        # Not env.master_doctree: the environment keeps that for ever, also when it is edited.
        for toctree in builder.env.get_doctree(self._root).findall(addnodes.toctree):
            resolved = self._resolve(toctree, collapse=True)
            if resolved is not None:
                depth = int(maxdepth) or toctree.get("maxdepth", -1)
                self.parts.append(Part(toctree, resolved.next_node(nodes.title), depth))
                list(self._add(self.parts[-1].entries, resolved.children[-1], None))
        self._highest: defaultdict[str, list[tuple[Part, Entry]]] = defaultdict(list)
        self._part_of = {id(part.entries): number for number, part in enumerate(self.parts)}
        for part in self.parts:
            for entry in part.entries:
                self._highest[entry.docname].append((part, entry))
        if labels:
            _make_labels(builder, [part for part in self.parts if part.node is not None])
            _make_labels(builder, [entry for part in self.parts for entry in part.entries])

    def branch(self, docname: str, limit: int) -> Branch:
        """Return what is open for a page.

        A document's sections are open with it, but only its title is what leads to it.
        """
        if not docname:
            return Branch([], [], limit)
        for name in self._with_parents(docname):
            for part, entry in self._highest.get(name, ()):
                self._read_below(part, entry)
        # In the order of the table, whichever was read first.
        reached = sorted(self._entries_of.get(docname, ()), key=self._place)
        return Branch(reached, [entry for entry in reached if not entry.anchor], limit)

    def _with_parents(self, docname: str) -> Iterator[str]:
        """Yield a document, and all whose toctrees lead to it."""
        seen: set[str] = set()
        waiting = [docname]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                yield name
                waiting += self._parents.get(name, ())

    def _place(self, entry: Entry) -> tuple[int, ...]:
        """Return where an entry is: its part, and its index at each level."""
        places = [entry.place]
        while entry.parent is not None:
            entry = entry.parent
            places.append(entry.place)
        return (self._part_of[id(entry.siblings)], *reversed(places))

    def _read_below(self, part: Part, entry: Entry) -> None:
        """Read what is below an entry of the highest level and its neighbours."""
        if entry.docname in part.read:
            return
        start = entry.place - entry.place % NEIGHBOURS
        names = {near.docname: None for near in part.entries[start : start + NEIGHBOURS]}
        # What says ``self`` in the root document has nothing below it.
        known = self._builder.env.tocs.keys() - {self._root}
        wanted = [name for name in names if name in known and name not in part.read]
        part.read.update(names)
        toctree = part.toctree.copy()
        toctree["entries"] = [(None, name) for name in wanted]
        resolved = self._resolve(toctree, collapse=False)
        if resolved is None:
            return
        items: defaultdict[tuple[str, str], list[nodes.Node]] = defaultdict(list)
        for item, link in _items(resolved.children[-1]):
            docname, anchor, _address = self._leads(link)
            # Below a document may be another of the highest level, which has its own turn.
            if docname in wanted:
                items[docname, anchor].append(item)
        added: list[Entry] = []
        for key, found in items.items():
            above = [e for p, e in self._highest[key[0]] if p is part and e.anchor == key[1]]
            # A document that is listed twice has the same below it in both places.
            for one, item in zip(above, cycle(found), strict=False):
                added += self._add_below(one, item)
        if self._has_labels:
            _make_labels(self._builder, [one for one in added if part.shows(one.level)])
            for one in added:
                one.node = None

    def _resolve(self, toctree: addnodes.toctree, *, collapse: bool) -> nodes.Element | None:
        """Return what Sphinx makes of a toctree, on the page of the root document."""
        # All levels: a page that is too deep to be shown is still in the branch that is open.
        return TocTree(self._builder.env).resolve(
            self._root, self._builder, toctree, maxdepth=-1, collapse=collapse, **self._options
        )

    def _leads(self, link: nodes.reference) -> tuple[str, str, str]:
        """Return the document and the section that a link leads to, or else the address."""
        anchor, address = link["anchorname"], link["refuri"]
        docname = self._documents.get(address.removesuffix(anchor), "")
        return docname, anchor, "" if docname else address

    def _add(self, entries: list[Entry], node: nodes.Node, parent: Entry | None) -> Iterator[Entry]:
        """Add an entry for each item of a list, and yield each with all below it."""
        level = parent.level + 1 if parent else 1
        for item, link in _items(node):
            leads = (*self._leads(link), link["internal"])
            entry = Entry(link, *leads, parent, level, entries, len(entries))
            entries.append(entry)
            self._entries_of[entry.docname].append(entry)
            yield entry
            yield from self._add_below(entry, item)

    def _add_below(self, entry: Entry, item: nodes.Node) -> Iterator[Entry]:
        for child in item.children:
            if isinstance(child, nodes.bullet_list):
                yield from self._add(entry.entries, child, entry)


def _items(node: nodes.Node) -> Iterator[tuple[nodes.Node, nodes.reference]]:
    """Yield the items of a list with their links; Sphinx leaves hidden toctrees among them."""
    for item in node.children:
        link = item.next_node(nodes.reference)
        if isinstance(item, nodes.list_item) and link is not None:
            yield item, link


def _make_labels(builder: StandaloneHTMLBuilder, labelled: Sequence[Part | Entry]) -> None:
    """Make titles and captions HTML, and let go of what they were made of."""
    for start in range(0, len(labelled), BATCH):
        _make_some(builder, labelled[start : start + BATCH])


def _make_some(builder: StandaloneHTMLBuilder, labelled: Sequence[Part | Entry]) -> None:
    document = addnodes.compact_paragraph()
    for one in labelled:
        assert one.node is not None
        document += addnodes.compact_paragraph("", "", one.node.deepcopy(), toctree=True)
        document += nodes.raw("", BETWEEN, format="html")
    html = builder.render_partial(document)["fragment"]
    for one, made in zip(labelled, html.split(BETWEEN), strict=False):
        link = made.strip()
        # A caption is a paragraph with its classes; of a link, which differs by page, the inside.
        one.label = Markup(
            link if isinstance(one, Part) else link[link.index(">") + 1 : -len("</a>")]
        )
        one.node = None
