"""Notes in Texinfo: each printed once, and none lost."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.sidenotes.nodes import sidenote


class LayOutTexinfoNotes(SphinxPostTransform):
    """Keep the footnotes that Texinfo cannot have.

    Sphinx's writer leaves out what a heading refers to, so such a note becomes a block behind its
    heading; and it prints a footnote at each number, so the second number becomes a plain one.
    """

    # After the silent references are replaced (155): only then they have words.
    default_priority = 300
    formats = ("texinfo",)

    def run(self, **kwargs: Any) -> None:
        """Look at each number of a sidenote."""
        notes = {(note["docname"], note["ids"][0]): note for note in find(self.document, sidenote)}
        seen: set[tuple[str, str]] = set()
        for mark in find(self.document, nodes.footnote_reference):
            key = (mark.get("docname", ""), mark.get("refid", ""))
            if key not in notes:
                continue
            if key in seen:
                mark.parent.replace(mark, nodes.superscript("", mark.astext()))
            elif any(isinstance(around, nodes.title) for around in ancestors(mark)):
                _put_behind(notes[key])
            seen.add(key)


def _put_behind(note: sidenote) -> None:
    label, *body = note.children
    number = nodes.paragraph("", f"[{label.astext()}]")
    note.parent.replace(note, nodes.block_quote("", number, *body))
