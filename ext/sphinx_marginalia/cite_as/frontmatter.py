"""What the front matter of a page says about citing it, read while the page is parsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.transforms import SphinxTransform

from sphinx_marginalia.cite_as.book.page import page_facts
from sphinx_marginalia.cite_as.problems import CiteAsProblem
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.located import front_matter, read_front_matter
from sphinx_marginalia.permalinks.domain import SectionsDomain

#: The keys that tell how a page is cited.
KEYS = ("author", "authors", "date", "updated", "doi")


class NotePageFacts(SphinxTransform):
    """Note who wrote a page and when, where its front matter says so."""

    # Before docutils cuts a list of authors into pieces (340), and quotes are made smart.
    default_priority = 15

    def apply(self, **kwargs: Any) -> None:
        """Read the fields, which stay as they are."""
        fields = front_matter(self.document)
        if fields is None:
            return
        docname = self.env.current_document.docname
        source = Path(self.env.doc2path(docname))
        # Syntax errors are reported by others: MyST, and the feature articles.
        written = read_front_matter(fields, source, CiteAsProblem.CITATION_METADATA)
        values = {key: written.value[key] for key in KEYS if key in written.value}
        if not values:
            return
        facts, faults = page_facts(values)
        slips = [(fault.message, written.line(fault.key)) for fault in faults]
        domain_of(self.env, SectionsDomain).note_facts(docname, facts, slips)
