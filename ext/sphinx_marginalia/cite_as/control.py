"""Beside each heading that can be cited, a link to the page that says how."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import CITABLE, element, find, html_inline, inline_decoration
from sphinx_marginalia.permalinks.domain import CITE, SITES, SectionsDomain

#: A quotation mark, drawn: as text it would be found by each search.
MARK = "M2 3h4.5v4.5L4 13H2l1.5-4.5H2zm7 0h4.5v4.5L11 13H9l1.5-4.5H9z"


class OfferCitations(SphinxPostTransform):
    """Put a link behind the title of each section that has a permanent name, and citable block.

    The link is within the heading, as the permalink is that Sphinx puts there; it is no part of the
    title that search, the table of contents or ``<title>`` show.
    """

    # Before references are resolved (10): the link is one.
    default_priority = 8
    builders = SITES

    def run(self, **kwargs: Any) -> None:
        """Put one behind each title."""
        domain = cast("SectionsDomain", self.env.domains[SectionsDomain.name])
        if domain.facts is None:
            return
        living = domain.living_in(self.env.current_document.docname)
        for block in [node for node in find(self.document, nodes.Element) if node["ids"]]:
            name = next((node_id for node_id in block["ids"] if node_id in living), "")
            line = _line(block) if name else None
            if line is not None:
                heading = living[name].heading
                line += _link(heading.id, heading.title, domain.facts.release.is_release)


def _line(block: nodes.Element) -> nodes.Element | None:
    """Return the line that a link can stand behind: a title, or the first of a citable block."""
    if isinstance(block, nodes.section):
        return block[0] if isinstance(block[0], nodes.title) else None
    return block.next_node(nodes.paragraph) if CITABLE in block else None


def _link(name: str, title: str, is_release: bool) -> addnodes.pending_xref:
    """Return a reference to the page that tells how to cite the section *name*."""
    drawing = element(
        html_inline,
        "svg",
        element(html_inline, "path", d=MARK),
        viewBox="0 0 16 16",
        width="16",
        height="16",
        aria_hidden="true",
        focusable="false",
    )
    words = _("Cite this section") if is_release else _("Cite this section (a draft)")
    link = element(
        inline_decoration,
        "a",
        drawing,
        classes=["marginalia-cite"],
        title=words,
        aria_label=f"{words}: {title}",
    )
    return addnodes.pending_xref(
        "",
        link,
        refdomain=SectionsDomain.name,
        reftype=CITE,
        reftarget=name,
        refexplicit=True,
        refwarn=True,
    )
