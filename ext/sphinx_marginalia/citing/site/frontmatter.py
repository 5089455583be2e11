"""What the front matter of a page says about citing it, read while the page is parsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.citing.book.page import page_facts
from sphinx_marginalia.citing.site.domain import SectionsDomain
from sphinx_marginalia.core.frontmatter import front_matter, lines_of

#: The keys that tell how a page is cited.
KEYS = ("author", "authors", "date", "updated", "doi")


class NotePageFacts(SphinxTransform):
    """Note who wrote a page and when, where its front matter says so."""

    # Before docutils cuts a list of authors into pieces (340), and quotes are made smart.
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Read the fields, which stay as they are."""
        fields = front_matter(self.document)
        found = [field for field in fields or () if isinstance(field, nodes.field)]
        values = {f[0].astext(): f[1].astext() for f in found if f[0].astext() in KEYS}
        if not values:
            return
        docname = self.env.current_document.docname
        facts, faults = page_facts(values)
        written = lines_of(Path(self.env.doc2path(docname))) if faults else None
        lines = {field[0].astext(): field.line or 1 for field in found}
        lines |= {key: line for key, (line, _rest) in (written or {}).items()}
        slips = [(fault.message, lines.get(fault.key, 1)) for fault in faults]
        domain = cast("SectionsDomain", self.env.domains[SectionsDomain.name])
        domain.note_facts(docname, facts, slips)
