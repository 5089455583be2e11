"""The table of contents of a whole site, read once for all pages of a build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.environment.adapters.toctree import TocTree

from sphinx_marginalia.navigation.branch import NOTHING, Branch, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.builders.html import StandaloneHTMLBuilder

#: Pages that are no documents and can be in a toctree.
GENERATED = ("genindex", "py-modindex", "search")
#: Stands between two labels while they are made HTML, all at once.
BETWEEN = "<!-- marginalia: next label -->"


@dataclass
class Part:
    """The links of one ``toctree`` of the root document, and its caption."""

    node: nodes.title | None
    entries: list[Entry]
    #: How many levels are shown; of 0 or less, all.
    depth: int
    #: The caption as HTML.
    label: Markup = NOTHING

    def shows(self, level: int) -> bool:
        """Return whether links of that level are shown."""
        return level <= self.depth or self.depth <= 0


class Table:
    """All parts, and where in them a document is."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self._entries_of: dict[str, list[Entry]] = {}
        for part in parts:
            for entry in walk(part.entries):
                self._entries_of.setdefault(entry.docname, []).append(entry)

    def branch(self, docname: str, limit: int) -> Branch:
        """Return what is open for a page.

        A document's sections are open with it, but only its title is what leads to it.
        """
        reached = self._entries_of.get(docname, []) if docname else []
        return Branch(reached, [entry for entry in reached if not entry.anchor], limit)


def read(builder: StandaloneHTMLBuilder, *, maxdepth: int = 0, **options: Any) -> Table:
    """Return what ``toctree(**options)`` of a page's context is for the whole site, with labels.

    :param maxdepth: the levels to show, instead of those that each ``toctree`` asks for
    :param options: further options of the templates' ``toctree``, without ``collapse``
    """
    table = resolve(builder, maxdepth=maxdepth, **options)
    _make_labels(builder, table.parts)
    return table


def resolve(builder: StandaloneHTMLBuilder, *, maxdepth: int = 0, **options: Any) -> Table:
    """Return the same without labels, which take as long again to make."""
    root = builder.config.root_doc
    documents = {
        builder.get_relative_uri(root, name): name for name in (*GENERATED, *builder.env.all_docs)
    }
    parts: list[Part] = []
    # Not env.master_doctree: the environment keeps that for ever, also when the document is edited.
    for toctree in builder.env.get_doctree(root).findall(addnodes.toctree):
        # All levels: a page that is too deep to be shown is still in the branch that is open.
        resolved = TocTree(builder.env).resolve(root, builder, toctree, maxdepth=-1, **options)
        depth = int(maxdepth) or toctree.get("maxdepth", -1)
        for node in resolved.children if resolved is not None else ():
            if isinstance(node, nodes.title):
                parts.append(Part(node, [], depth))
            else:
                if not parts or parts[-1].entries:
                    parts.append(Part(None, [], depth))
                _add_entries(parts[-1].entries, node, documents, None)
    return Table(parts)


def _add_entries(
    entries: list[Entry], node: nodes.Node, documents: Mapping[str, str], parent: Entry | None
) -> None:
    """Add an entry for each item of a list."""
    level = parent.level + 1 if parent else 1
    for item in node.children:
        link = next(item.findall(nodes.reference))
        anchor, address = link["anchorname"], link["refuri"]
        docname = documents.get(address.removesuffix(anchor), "")
        address = "" if docname else address
        entry = Entry(link, docname, anchor, address, parent, level, entries, len(entries))
        entries.append(entry)
        for child in item.children:
            if isinstance(child, nodes.bullet_list):
                _add_entries(entry.entries, child, documents, entry)


def _make_labels(builder: StandaloneHTMLBuilder, parts: Sequence[Part]) -> None:
    """Make titles and captions HTML in one go: to start a writer takes as long as ten of them."""
    labelled: list[Part | Entry] = [part for part in parts if part.node is not None]
    for part in parts:
        labelled += [entry for entry in walk(part.entries) if part.shows(entry.level)]
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


def walk(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield *entries* and all below them, one before those below it."""
    waiting = [*reversed(entries)]
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += reversed(entry.entries)
