"""The form of each note: a role in the sentence, a directive behind it, or a footnote."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import.marks import Note
from marginalia_import.markup import Directive, block, escape_line_starts, role
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

#: A note of more characters is not written within the sentence.
LONG = 300


@dataclass
class Forms:
    """The notes of an article."""

    page: ArticlePage
    #: Whether the text is that of a note, in which there are no footnotes.
    within_note: bool = False
    #: Whether the text is that of a footnote, which is a note already.
    within_footnote: bool = False
    #: The footnotes so far, each as it is defined.
    footnotes: list[str] = field(default_factory=list)

    def settle(self, text: str, *, after_paragraph: bool) -> tuple[str, list[str]]:
        """Return a paragraph with its notes in their forms, and the blocks to put behind it.

        :param after_paragraph: another paragraph stands before, to which a note can belong
        """
        behind: list[str] = []
        pattern = self.page.marks.pattern
        alone = not pattern.sub("", text).strip()

        def written(match: re.Match[str]) -> str:
            thing = self.page.marks.things[int(match[1])]
            if not isinstance(thing, Note):
                return match[0]
            if self.within_footnote:
                message = f"a {thing.name} within a footnote stands in brackets"
                self.page.report(Kind.NESTED_TAG, message, thing.line)
                return f" ({' '.join(thing.text.split())})"
            last = not text[match.end() :].strip()
            fits = last and (after_paragraph or not alone)
            if alone and thing.name == "marginnote":
                fits = True
            short = not thing.blocks and len(thing.text) <= LONG
            if short and not (alone and fits):
                return role(thing.name, thing.text)
            if fits:
                behind.append(block(Directive(thing.name), _as_block(thing)))
                return ""
            return self._elsewhere(thing, behind)

        settled = pattern.sub(written, text)
        return self.page.settle(settled.rstrip(" ") if behind else settled), behind

    def _elsewhere(self, note: Note, behind: list[str]) -> str:
        """Return what stands in the sentence for a note that is too long for it."""
        if note.name == "sidenote" and not self.within_note:
            return self.footnote(note)
        if not note.blocks:
            return role(note.name, note.text)
        self.page.report(Kind.MOVED_NOTE, "a margin note stands behind its paragraph", note.line)
        behind.append(block(Directive(note.name), note.text))
        return ""

    def footnote(self, note: Note) -> str:
        """Return the reference to a note that is defined at the end of the article."""
        name = f"note-{self.page.next_footnote()}"
        body = _as_block(note).replace("\n", "\n    ")
        self.footnotes.append(f"[^{name}]: " + re.sub(r"\n[ \t]+(?=\n)", "\n", body))
        return f"[^{name}]"


def _as_block(note: Note) -> str:
    """Return the text of a note as a block: in a sentence its first sign began no list."""
    return note.text if note.blocks else escape_line_starts(note.text)
