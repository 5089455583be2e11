"""What pages keep so that old links lead on, in every builder and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.citing.anchors.forward import Kept
from sphinx_marginalia.citing.anchors.places import page_of
from sphinx_marginalia.citing.site.domain import SectionsDomain
from sphinx_marginalia.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.citing.anchors.forward import Forward


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
        for docname, body in self._documents():
            kept = domain.kept.get(docname, Kept())
            _add_aliases(body, kept)
            have = {node_id for node in body.findall(nodes.Element) for node_id in node["ids"]}
            entries = [entry for entry in kept.entries if entry.old not in have]
            if entries:
                body += [
                    nodes.rubric("", _("Moved from here"), classes=["marginalia-moved-title"]),
                    nodes.bullet_list(
                        "",
                        *(_entry(domain, docname, entry) for entry in entries),
                        classes=["marginalia-moved"],
                    ),
                ]

    def _documents(self) -> Iterator[tuple[str, nodes.Element]]:
        """Yield each document with the node that ends with it: its first section."""
        starts = [
            node
            for node in self.document.findall(nodes.Element)
            if "docname" in node.attributes and isinstance(node, addnodes.start_of_file)
        ]
        own = self.env.current_document.docname
        for docname, root in [(own, self.document), *((n["docname"], n) for n in starts)]:
            first = next((c for c in root.children if isinstance(c, nodes.section)), None)
            if first is not None:
                yield docname, first


def _add_aliases(body: nodes.Element, kept: Kept) -> None:
    """Give the sections their old ids too."""
    if not kept.aliases:
        return
    sections = {node_id: s for s in body.findall(nodes.section) for node_id in s["ids"]}
    for alias in kept.aliases:
        section = sections.get(alias.target)
        if section is not None and alias.old not in sections:
            section["ids"].append(alias.old)


def _entry(domain: SectionsDomain, docname: str, entry: Forward) -> nodes.list_item:
    """Return a line that has the old id, and a link or what became of it."""
    line = nodes.paragraph("", "", nodes.target("", "", ids=[entry.old]))
    if not entry.target:
        words = _("{title}: removed. {reason}").format(title=entry.title, reason=entry.reason)
        line += nodes.Text(words)
        return nodes.list_item("", line)
    section = domain.living.get(entry.target)
    title = section.heading.title if section else entry.title
    page = page_of(entry.at)
    line += addnodes.pending_xref(
        "",
        nodes.inline("", title),
        refdomain=SectionsDomain.name,
        reftype="section",
        reftarget=entry.target,
        refdoc=docname,
        refexplicit=True,
        todoc=page,
    )
    around = domain.page_title(page)
    if around and around != title:
        line += nodes.Text(" " + _("in “{page}”").format(page=around))
    return nodes.list_item("", line)
