"""What pages keep so that old links lead on, in every builder and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.permalinks.domain import SectionsDomain
from sphinx_marginalia.permalinks.places import page_of
from sphinx_marginalia.permalinks.problems import PermalinkProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.permalinks.forward import Forward


class KeepOldNames(SphinxPostTransform):
    """Put old ids on the sections that have others now, and list what has moved elsewhere.

    Before::

        <section ids="backward-pass">

    After, where the lock says that the section was called ``backprop`` once, and that another,
    ``attention``, stands on another page now::

        <section ids="backward-pass backprop">
            …
            <rubric>
                Moved from here
            <bullet_list classes="marginalia-moved">
                <list_item>
                    <paragraph>
                        <target ids="attention">
                        <pending_xref>
    """

    # Before references are resolved (10): the entries are references.
    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """Keep what the lock says of each document that is in this one."""
        domain = cast("SectionsDomain", self.env.domains[SectionsDomain.name])
        if not domain.kept:
            return
        for docname, root in self._documents():
            kept = domain.kept.get(docname)
            if kept is not None:
                ids = _Ids(root, docname, domain)
                for alias in kept.aliases:
                    ids.add(alias)
                entries = [entry for entry in kept.entries if ids.free(entry)]
                if entries:
                    body = next((c for c in root.children if isinstance(c, nodes.section)), root)
                    body += _moved(domain, docname, entries)

    def _documents(self) -> Iterator[tuple[str, nodes.Element]]:
        """Yield each document that is in this one, with the node that holds it."""
        yield self.env.current_document.docname, self.document
        for start in find(self.document, addnodes.start_of_file):
            yield start["docname"], start


class _Ids:
    """The ids of a document, of which those of old links must be free."""

    def __init__(self, root: nodes.Element, docname: str, domain: SectionsDomain) -> None:
        self.domain, self.docname = domain, docname
        found = [node for node in find(root, nodes.Element) if node["ids"]]
        self.nodes = {node_id: node for node in found for node_id in node["ids"]}

    def add(self, alias: Forward) -> None:
        """Give the section that an old id leads to that id too."""
        section = self.nodes.get(alias.target)
        if section is not None and section is not self.nodes.get(alias.old) and self.free(alias):
            section["ids"].append(alias.old)
            self.nodes[alias.old] = section

    def free(self, entry: Forward) -> bool:
        """Return whether an old id is free, or can be.

        One that was made of the words of a heading is given up; what an author wrote is not.
        """
        holder = self.nodes.get(entry.old)
        if holder is None:
            return True
        if (holder.get("docname") or document_of(holder, self.docname)) != self.docname:
            return False  # documents are one page here, and the id leads into another of them
        if isinstance(holder, nodes.section):
            given = self.domain.given(self.docname, holder["ids"])
            if entry.old in given:
                return False  # the rules of the lock speak of that
            if given:
                holder["ids"].remove(entry.old)
                return True
        message = (
            f"the id {entry.old!r}, which old links have for {entry.id!r}, is that of something "
            "else here: give that another name"
        )
        warn(PermalinkProblem.ANCHOR_OLD_PLACE, message, location=holder)
        return False


def _moved(domain: SectionsDomain, docname: str, entries: list[Forward]) -> list[nodes.Element]:
    """Return the list of what was on a page once."""
    lines = [_entry(domain, docname, entry) for entry in entries]
    return [
        nodes.rubric("", _("Moved from here"), classes=["marginalia-moved-title"]),
        nodes.bullet_list("", *lines, classes=["marginalia-moved"]),
    ]


def _entry(domain: SectionsDomain, docname: str, entry: Forward) -> nodes.list_item:
    """Return a line that has the old id, and a link or what became of it."""
    line = nodes.paragraph("", "", nodes.target("", "", ids=[entry.old]))
    if not entry.target:
        words = _("{title}: removed. {reason}").format(title=entry.title, reason=entry.reason)
        line += nodes.Text(words)
        return nodes.list_item("", line)
    page = page_of(entry.at)
    title = domain.title(entry.target, page) or entry.title
    line += domain.reference(page, entry.target, [nodes.Text(title)], docname)
    around = domain.page_title(page)
    if around and around != title:
        line += nodes.Text(" " + _("in “{page}”").format(page=around))
    return nodes.list_item("", line)
