"""Tufte-Jekyll's figures: ``maincolumn``, ``fullwidth``, and ``marginfigure`` with its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import.markup import words_of
from marginalia_import.rule import Rule, RuleError

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


#: The name of a file with an image.
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|pdf)$", re.IGNORECASE)


def main_column(tag: Tag, page: Page) -> list[Thing]:
    """Return a figure; the third argument is its width."""
    path, caption, options = _figure(tag.arguments, tag.name)
    return [page.figure(path, caption, options)]


def full_width(tag: Tag, page: Page) -> list[Thing]:
    """Return a figure as wide as the text, with a class for a theme that knows more room."""
    path, caption, options = _figure(tag.arguments, tag.name)
    return [page.figure(path, caption, {"width": "100%", **options, "figclass": "fullwidth"})]


def margin(tag: Tag, page: Page) -> list[Thing]:
    """Return a margin note that holds the image and its caption."""
    arguments = tag.arguments
    # Some sites leave out the name.
    named = not (
        arguments and IMAGE.search(arguments[0]) and not IMAGE.search((*arguments, "", "")[1])
    )
    path, caption, _ = _figure(arguments[1:] if named else arguments, tag.name)
    page.count("figures")
    picture = page.image(path, words_of(caption))
    words = page.inline(caption.strip())
    if tag.own_line and words:
        return [page.finished_note("marginnote", f"{picture}\n\n{words}")]
    return [page.finished_note("marginnote", f"{picture} {words}".rstrip())]


def _figure(arguments: list[str], name: str) -> tuple[str, str, dict[str, str]]:
    """Return the path, the caption and the options; a caption may be missing."""
    if not arguments or not arguments[0].strip():
        raise RuleError(f"{name} names no image")
    path, caption, width = [*arguments, "", ""][:3]
    options = {"width": width} if width.strip().rstrip("%px").isdigit() else {}
    extra = [caption] if options or not width else [caption, width]
    return path.strip(), " ".join([*extra, *arguments[3:]]).strip(), options


MAINCOLUMN = Rule("maincolumn", main_column, becomes="a `figure`")
FULLWIDTH = Rule("fullwidth", full_width, becomes="a `figure` with the class `fullwidth`")
MARGINFIGURE = Rule("marginfigure", margin, becomes="a margin note with the image")
