"""The permanent address of a chapter, printed under its title in PDF and EPUB."""

from __future__ import annotations

from typing import Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.cite_as.references import short_path
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.permalinks.domain import SectionsDomain


class PrintPermalinks(SphinxPostTransform):
    """Put the address under the title of each page: who reads paper can follow it."""

    # Before references are resolved (10), so that other transforms see an ordinary link.
    default_priority = 8
    builders = ("latex", "epub")

    def run(self, **kwargs: Any) -> None:
        """Put one under each title."""
        domain = cast("SectionsDomain", self.env.domains[SectionsDomain.name])
        facts, sections = domain.facts, domain.living
        if facts is None or not facts.version_url:
            return
        for section in find(self.document, nodes.section):
            name = next((node_id for node_id in section["ids"] if node_id in sections), "")
            if name and sections[name].heading.level == 1 and isinstance(section[0], nodes.title):
                address = f"{facts.version_url}{short_path(sections[name].heading.id)}"
                link = nodes.reference("", address, refuri=address, internal=False)
                words = nodes.Text(_("Permanent address:") + " ")
                line = nodes.paragraph("", "", words, link, classes=["marginalia-permalink"])
                section.insert(1, line)
