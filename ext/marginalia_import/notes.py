"""Place notes: within their sentence, after their paragraph, or as footnotes of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import.markdown import NUMBER
from marginalia_import.myst import Directive, directive_block, escape_block_starts, role
from marginalia_import.placeholders import Note
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from marginalia_import.page import ArticlePage

#: The most characters of a note within a sentence; a longer one would hide the sentence around.
MAX_INLINE_LENGTH = 300
DEFINITION = re.compile(r"^[ \t>]*\[\^([^\]\s]+)\]:", re.MULTILINE)
REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
COMMENT = re.compile(r"^[ \t>]*%.*$", re.MULTILINE)
#: What has a number in a page: a sidenote, a reference to a footnote.
NUMBERED = re.compile(r"\{sidenote\}|\[\^([^\]\s]+)\](?!:)")


def read_footnotes(text: str) -> tuple[set[str], set[str]]:
    """Return the footnotes an article defines, and those that its text reaches.

    A footnote that only an unreached footnote refers to is not reached either.
    """
    if "[^" not in text:
        return set(), set()
    references: dict[str, set[str]] = {"": set()}
    current, after_blank = "", True
    for line in text.split("\n"):
        if definition := DEFINITION.match(line):
            current = definition[1]
            line = line[definition.end() :]
        elif line.strip() and not line.startswith(("    ", "\t", ">")):
            current = "" if after_blank else current
        after_blank = not line.strip()
        references.setdefault(current, set()).update(REFERENCE.findall(line))
    reached: set[str] = set()
    waiting = [*references.pop("")]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += references.get(name, ())
    return set(references), reached


def name_footnotes(text: str, defined: Collection[str]) -> str:
    """Return an article in which footnotes have numbers as names only where they are read so.

    For the old sites a number was a name: they counted all notes as they are read. MyST shows it.

    :param defined: the footnotes that the article defines
    """
    places: dict[str, int] = {}
    for match in NUMBERED.finditer(COMMENT.sub("", text)):
        places.setdefault(match[1] or f"[{match.start()}]", len(places) + 1)
    in_order = all(name in {f"{NUMBER}{n}", name.strip(NUMBER)} for name, n in places.items())
    prefix = "footnote-"
    while any(name.startswith(prefix) for name in defined):
        prefix += "-"
    return text.replace(NUMBER, "" if in_order else prefix)


@dataclass
class NotePlacement:
    """The notes of a text, and the footnotes that some of them become."""

    page: ArticlePage
    #: Whether the text is a note itself, which has no footnotes.
    within_note: bool = False
    #: Whether the present paragraph is that of a footnote.
    within_footnote: bool = False
    #: The definitions of the footnotes so far.
    footnotes: list[str] = field(default_factory=list)

    def place_notes(self, text: str, *, after_paragraph: bool) -> tuple[str, list[str]]:
        """Return a paragraph with its notes, and the blocks to write after it.

        :param after_paragraph: whether a paragraph precedes, to which a directive can belong
        """
        blocks: list[str] = []
        pattern = self.page.placeholders.pattern
        only_notes = not pattern.sub("", text).strip()

        def placed(match: re.Match[str]) -> str:
            note = self.page.placeholders.fragment(match[0])
            if not isinstance(note, Note):
                return match[0]
            if self.within_footnote:
                message = f"a {note.name} within a footnote is shown in brackets"
                self.page.report(Kind.NESTED_TAG, message, note.line)
                return f" ({' '.join(note.text.split())})"
            is_last = not text[match.end() :].strip()
            fits_after = is_last and (after_paragraph or not only_notes)
            if only_notes and note.name == "marginnote":
                fits_after = True
            short = not note.has_blocks and len(note.text) <= MAX_INLINE_LENGTH
            if short and not (only_notes and fits_after):
                return role(note.name, note.text)
            if fits_after:
                blocks.append(directive_block(Directive(note.name), _body(note)))
                return ""
            return self._place_long_note(note, blocks)

        new = pattern.sub(placed, text)
        return self.page.resolve(new.rstrip(" ") if blocks else new), blocks

    def _place_long_note(self, note: Note, blocks: list[str]) -> str:
        """Return what to write within the sentence for a note that is too long for it."""
        if note.name == "sidenote" and not self.within_note:
            return self.add_footnote(note)
        if not note.has_blocks:
            return role(note.name, note.text)
        self.page.report(Kind.MOVED_NOTE, "a margin note follows its paragraph", note.line)
        blocks.append(directive_block(Directive(note.name), note.text))
        return ""

    def add_footnote(self, note: Note) -> str:
        """Return the reference to a footnote, which is defined at the end of the article."""
        name = next(self.page.footnote_names)
        body = _body(note).replace("\n", "\n    ")
        self.footnotes.append(f"[^{name}]: " + re.sub(r"\n[ \t]+(?=\n)", "\n", body))
        return f"[^{name}]"


def _body(note: Note) -> str:
    """Return the text of a note as blocks: within a sentence its first character began no list."""
    return note.text if note.has_blocks else escape_block_starts(note.text)
