"""The table of contents of a site, resolved only as far as the written pages show it.

Each page shows the links of the highest level, which are resolved once a build, and those below the
ones that lead to the page, which are resolved for several neighbours when a page needs them.
So a build of one page of a thousand resolves little, and one of all pages resolves each once.
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

from sphinx_marginalia.large_sites.branch import EMPTY, Branch, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.builders.html import StandaloneHTMLBuilder

#: Pages that are not documents and can be in a toctree.
GENERATED = ("genindex", "py-modindex", "search")
#: Separates labels that are rendered together.
SEPARATOR = "<!-- marginalia: next label -->"
#: Labels rendered together: starting a writer takes as long as ten labels, and each takes memory.
BATCH = 500
#: Entries of the highest level that are resolved together.
NEIGHBOURS = 10


@dataclass
class Part:
    """The links of one ``toctree`` of the root document, and its caption."""

    toctree: addnodes.toctree
    node: nodes.title | None
    #: The number of levels shown; 0 or less for all.
    depth: int
    #: The caption as HTML.
    label: Markup = EMPTY
    #: The links of the highest level.
    entries: list[Entry] = field(default_factory=list)
    #: The documents among them whose lower levels have been resolved.
    resolved: set[str] = field(default_factory=set)

    def includes(self, level: int) -> bool:
        """Return whether links of *level* are shown."""
        return level <= self.depth or self.depth <= 0


class Contents:
    """The table of contents of a site, in the parts that the root document has."""

    def __init__(
        self,
        builder: StandaloneHTMLBuilder,
        *,
        maxdepth: int = 0,
        labels: bool = True,
        **options: Any,
    ) -> None:
        """Resolve the highest level of what ``toctree(**options)`` in a template returns.

        :param maxdepth: the levels to show; 0 for those that each ``toctree`` asks for
        :param labels: whether to render labels, which takes as long as to resolve the links
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
        self._part_of: dict[int, int] = {}
        self._highest: defaultdict[str, list[tuple[Part, Entry]]] = defaultdict(list)
        # Not env.master_doctree, which the environment caches even after an edit.
        for toctree in builder.env.get_doctree(self._root).findall(addnodes.toctree):
            resolved = self._resolve(toctree, collapse=True)
            if resolved is not None:
                depth = int(maxdepth) or toctree.get("maxdepth", -1)
                part = Part(toctree, resolved.next_node(nodes.title), depth)
                list(self._add(part.entries, resolved.children[-1], None))
                for entry in part.entries:
                    self._highest[entry.docname].append((part, entry))
                self._part_of[id(part.entries)] = len(self.parts)
                self.parts.append(part)
        if labels:
            _add_labels(builder, [part for part in self.parts if part.node is not None])
            _add_labels(builder, [entry for part in self.parts for entry in part.entries])

    def branch(self, docname: str, limit: int) -> Branch:
        """Return the branch of a page.

        The entries of its sections are open as well, but only that of its title leads to it.
        """
        for name in self._with_parents(docname):
            for part, entry in self._highest.get(name, ()):
                self._resolve_below(part, entry)
        # In the order of the table, whichever was resolved first.
        reached = sorted(self._entries_of.get(docname, ()), key=self._position)
        return Branch(reached, [entry for entry in reached if not entry.anchor], limit)

    def _with_parents(self, docname: str) -> Iterator[str]:
        """Yield a document, and all documents whose toctrees lead to it."""
        seen: set[str] = set()
        waiting = [docname]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                yield name
                waiting += self._parents.get(name, ())

    def _position(self, entry: Entry) -> tuple[int, ...]:
        """Return the position of an entry: its part, and its index at each level."""
        highest, *below = reversed(entry.with_parents)
        return (self._part_of[id(highest.siblings)], highest.index, *(one.index for one in below))

    def _resolve_below(self, part: Part, entry: Entry) -> None:
        """Resolve what is below an entry of the highest level and its neighbours."""
        if entry.docname in part.resolved:
            return
        start = entry.index - entry.index % NEIGHBOURS
        names = {near.docname: None for near in part.entries[start : start + NEIGHBOURS]}
        # The entry ``self`` in the root document has nothing below it.
        documents = self._builder.env.tocs.keys() - {self._root}
        wanted = [name for name in names if name in documents and name not in part.resolved]
        part.resolved.update(names)
        toctree = part.toctree.copy()
        toctree["entries"] = [(None, name) for name in wanted]
        if (resolved := self._resolve(toctree, collapse=False)) is None:
            return
        items: defaultdict[tuple[str, str], list[nodes.Node]] = defaultdict(list)
        for item, link in _items(resolved.children[-1]):
            docname, anchor, _address = self._target(link)
            # Another document of the highest level, which has its own turn, may be below one.
            if docname in wanted:
                items[docname, anchor].append(item)
        added: list[Entry] = []
        for (docname, anchor), below in items.items():
            highest = [e for p, e in self._highest[docname] if p is part and e.anchor == anchor]
            # A document that is listed twice has the same entries below it in both positions.
            for one, item in zip(highest, cycle(below), strict=False):
                added += self._add_below(one, item)
        if self._has_labels:
            _add_labels(self._builder, [one for one in added if part.includes(one.level)])
            for one in added:
                one.node = None

    def _resolve(self, toctree: addnodes.toctree, *, collapse: bool) -> nodes.Element | None:
        """Return what Sphinx makes of a toctree, on the page of the root document."""
        # All levels: a page that is too deep to be shown still opens the branch it is in.
        return TocTree(self._builder.env).resolve(
            self._root, self._builder, toctree, maxdepth=-1, collapse=collapse, **self._options
        )

    def _target(self, link: nodes.reference) -> tuple[str, str, str]:
        """Return the document and the section that a link leads to, or else the address."""
        anchor, address = link["anchorname"], link["refuri"]
        docname = self._documents.get(address.removesuffix(anchor), "")
        return docname, anchor, "" if docname else address

    def _add(self, entries: list[Entry], node: nodes.Node, parent: Entry | None) -> Iterator[Entry]:
        """Add an entry for each item of a list, and yield each with all below it."""
        level = parent.level + 1 if parent else 1
        for item, link in _items(node):
            target = (*self._target(link), link["internal"])
            entry = Entry(link, *target, parent, level, entries, len(entries))
            entries.append(entry)
            self._entries_of[entry.docname].append(entry)
            yield entry
            yield from self._add_below(entry, item)

    def _add_below(self, entry: Entry, item: nodes.Node) -> Iterator[Entry]:
        for child in item.children:
            if isinstance(child, nodes.bullet_list):
                yield from self._add(entry.entries, child, entry)


def _items(node: nodes.Node) -> Iterator[tuple[nodes.Node, nodes.reference]]:
    """Yield the items of a list with their links, without the hidden toctrees among them."""
    for item in node.children:
        link = item.next_node(nodes.reference)
        if isinstance(item, nodes.list_item) and link is not None:
            yield item, link


def _add_labels(builder: StandaloneHTMLBuilder, entries: Sequence[Part | Entry]) -> None:
    """Render titles and captions as HTML, and drop their nodes."""
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        document = addnodes.compact_paragraph()
        for entry in batch:
            assert entry.node is not None
            document += addnodes.compact_paragraph("", "", entry.node.deepcopy(), toctree=True)
            document += nodes.raw("", SEPARATOR, format="html")
        html = builder.render_partial(document)["fragment"]
        for entry, rendered in zip(batch, html.split(SEPARATOR), strict=False):
            label = rendered.strip()
            if isinstance(entry, Entry):
                # Without the link itself, which differs from page to page.
                label = label[label.index(">") + 1 : -len("</a>")]
            entry.label = Markup(label)
            entry.node = None
