"""How far the notes in a margin lag behind the text.

LaTeX keeps the notes for which a margin has no room and puts them on later pages; when too many
wait it loses some, or never ends. The estimate is coarse on purpose: it only has to tell a page
that is full of notes from one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Characters in a line of the text and in a line of a note, and how high the latter is.
TEXT_LINE, NOTE_LINE, NOTE_HEIGHT = 65, 30, 0.8
#: Lines of a page.
PAGE = 45


@dataclass
class Backlog:
    """The lines by which notes lag behind the text, read from the beginning to the end."""

    lines: float = 0.0

    def pass_text(self, characters: int) -> None:
        """Go on by text, beside which waiting notes find room."""
        self.lines = max(0.0, self.lines - characters / TEXT_LINE)

    def has_room(self, characters: int) -> bool:
        """Return whether a note can join those that wait, and if so let it."""
        height = (characters / NOTE_LINE + 1) * NOTE_HEIGHT
        if self.lines + height > PAGE:
            return False
        self.lines += height
        return True
