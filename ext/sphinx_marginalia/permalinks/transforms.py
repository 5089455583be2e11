"""Old ids on pages, so that old links work in every builder and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import builder_of, makes_book
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import document_of, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.permalinks.domain import SectionsDomain
from sphinx_marginalia.permalinks.problems import PermalinkProblem
from sphinx_marginalia.permalinks.redirects import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.permalinks.redirects import Redirect


class AddOldIds(SphinxPostTransform):
    """Add old ids to sections that were renamed, and list the sections that are on other pages.

    Before::

        <section ids="backward-pass">

    After, where the lock says that ``backprop`` was renamed to ``backward-pass``, and that
    ``attention`` has moved to another page::

        <section ids="backward-pass backprop">
            …
            <rubric classes="marginalia-moved-title">
                Moved from here
            <bullet_list classes="marginalia-moved">
                <list_item>
                    <paragraph>
                        <target ids="attention">
                        <pending_xref>

    In a PDF and an EPUB one paragraph names the pages instead of the list.
    """

    default_priority = WriteStage.OLD_ANCHORS

    def run(self, **kwargs: Any) -> None:
        domain = domain_of(self.env, SectionsDomain)
        if not domain.redirects:
            return
        for docname, root in self._documents():
            if page := domain.redirects.get(docname):
                ids = _Ids(root, docname, domain)
                for alias in page.aliases:
                    ids.add(alias)
                entries = [entry for entry in page.entries if ids.make_free(entry)]
                if entries:
                    body = next((c for c in root.children if isinstance(c, nodes.section)), root)
                    body += _moved(domain, docname, entries, makes_book(builder_of(self.env)))

    def _documents(self) -> Iterator[tuple[str, nodes.Element]]:
        """Yield each document that is part of this one, with the node that contains it."""
        yield self.env.current_document.docname, self.document
        for start in find(self.document, addnodes.start_of_file):
            yield start["docname"], start


class _Ids:
    """The ids of a document. Those of old links must be free."""

    def __init__(self, root: nodes.Element, docname: str, domain: SectionsDomain) -> None:
        self.domain, self.docname = domain, docname
        elements = [node for node in find(root, nodes.Element) if node["ids"]]
        self.nodes = {node_id: node for node in elements for node_id in node["ids"]}

    def add(self, alias: Redirect) -> None:
        """Add an old id to the section that it leads to."""
        section = self.nodes.get(alias.target)
        if section is None or section is self.nodes.get(alias.old):
            return
        if self.make_free(alias):
            section["ids"].append(alias.old)
            self.nodes[alias.old] = section

    def make_free(self, redirect: Redirect) -> bool:
        """Return whether an old id is free now.

        An id made from the words of a heading is removed; one that an author wrote is not.
        """
        owner = self.nodes.get(redirect.old)
        if owner is None:
            return True
        if (owner.get("docname") or document_of(owner, self.docname)) != self.docname:
            return False  # all documents are one page, and the id leads to another of them
        if isinstance(owner, nodes.section):
            explicit = self.domain.explicit(self.docname, owner["ids"])
            if redirect.old in explicit:
                return False  # reported by the rules of the lock
            if explicit:
                owner["ids"].remove(redirect.old)
                return True
        message = (
            f"old links lead to the id {redirect.old!r} (of {redirect.id!r}), which something else "
            "on this page has; give that another label"
        )
        warn(PermalinkProblem.ANCHOR_OLD_PLACE, message, location=owner)
        return False


def _moved(
    domain: SectionsDomain, docname: str, entries: list[Redirect], as_summary: bool
) -> list[nodes.Element]:
    moved = [entry for entry in entries if entry.target]
    if as_summary and moved:
        removed = [_item(domain, docname, entry) for entry in entries if not entry.target]
        lists = [nodes.bullet_list("", *removed, classes=["marginalia-moved"])] if removed else []
        return [_summary(domain, docname, moved), *lists]
    items = [_item(domain, docname, entry) for entry in entries]
    return [
        nodes.rubric("", _("Moved from here"), classes=["marginalia-moved-title"]),
        nodes.bullet_list("", *items, classes=["marginalia-moved"]),
    ]


def _summary(domain: SectionsDomain, docname: str, entries: list[Redirect]) -> nodes.paragraph:
    """Return the pages that sections have moved to, in one paragraph.

    No link from outside leads into a PDF or an EPUB. Readers of an older copy find a section by its
    title, in the contents, and need to know that it has moved.
    """
    line = nodes.paragraph("", _("Moved from here") + ": ", classes=["marginalia-moved"])
    pages: dict[str, Redirect] = {}
    for entry in entries:
        line.insert(0, nodes.target("", "", ids=[entry.old]))
        pages.setdefault(page_of(entry.at), entry)
    for page, entry in pages.items():
        line += nodes.Text(", ") if entry is not entries[0] else []
        words = nodes.Text(domain.page_title(page) or entry.title)
        line += domain.reference(page, entry.target, [words], docname)
    return line


def _item(domain: SectionsDomain, docname: str, entry: Redirect) -> nodes.list_item:
    """Return a line with the old id, and a link or the reason for which the section was removed."""
    line = nodes.paragraph("", "", nodes.target("", "", ids=[entry.old]))
    if not entry.target:
        words = _("{title}: removed. {reason}").format(title=entry.title, reason=entry.reason)
        line += nodes.Text(words)
        release, address = domain.last_release(entry.id)
        if release:
            text = nodes.Text(release)
            link = nodes.reference("", "", text, refuri=address, internal=False)
            line += [nodes.Text(" "), link if address else text]
        return nodes.list_item("", line)
    page = page_of(entry.at)
    title = domain.title(entry.target, page) or entry.title
    line += domain.reference(page, entry.target, [nodes.Text(title)], docname)
    page_title = domain.page_title(page)
    if page_title and page_title != title:
        line += nodes.Text(" " + _("in “{page}”").format(page=page_title))
    return nodes.list_item("", line)
