"""A reference as text in APA 7 and Chicago 18 (author and date), always in English. Pure.

Rules: *Publication Manual of the APA*, 7th ed., chapters 8 and 9; *Chicago Manual of Style*, 18th
ed., chapters 8, 13 and 14, as the styles of CSL have them. Version and section are where an edition
would be. An address is printed as it is: readers of paper type it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.cite_as.reference import (
    date_parts,
    family_name,
    fold,
    is_family_first,
    spoken,
    tidy,
)
from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.cite_as.reference import Name, Reference


#: The end of a sentence, maybe in quotation marks.
_STOP = re.compile(r"[.!?…][”’\"']?\x03?$")
#: A quotation within a title.
_QUOTES = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
#: Around the title of a book, which is in italics. No text of a reference has control characters.
_BEGIN, _END = "\x02", "\x03"
#: Not capitalized in a title (Chicago 8.160): articles, conjunctions, prepositions of up to four
#: letters.
_SMALL = frozenset(
    "a an and as at but by down for from in into nor of off on onto or out over per so the till to"
    " up upon v via vs with yet".split()
)
#: A word of a title, and what ends a part of it.
_WORD = re.compile(r"(?<![\w.@/\\-])[a-z]+(?:[’'][a-z]+)?(?![\w@\\/]|\.\w|[’']\w)")
_PART_END = re.compile(r"(?:^|[:?!.—])\s*[“‘\"'(\[]*$")


class Run(NamedTuple):
    """A piece of a reference."""

    text: str
    #: Whether it is in italics.
    italic: bool


class InText(NamedTuple):
    """Citations in the text of a paper, with the number of the section."""

    #: As “(Author, 2026, Section 3.2)”. Where the book is by the same authors, APA lists the whole
    #: book and cites its section so.
    apa: str
    #: As “Author (2026, Section 3.2)”.
    apa_narrative: str
    #: As “(Author 2026, sec. 3.2)”.
    chicago: str
    #: As “Author (2026, sec. 3.2)”.
    chicago_narrative: str


def apa_runs(reference: Reference) -> list[Run]:
    """Return the entry for a list of references in APA style.

    A publisher who is the author is not named again (section 9.29).
    """
    names = tidy(reference.authors)
    version = f"Version {fold(reference.version)}" if reference.version else ""
    section = f"Section {fold(reference.section)}" if reference.section else ""
    details = ", ".join(filter(None, (version, section)))
    book = _italic(fold(reference.book)) + (f" ({details})" if details else "")
    title, *container = [book] if reference.whole else [fold(reference.title), book]
    year = f"({_year(reference)})"
    head = (_apa_list(names), year, title) if names else (title, year)
    editors = [spoken(_abbreviated(name)) for name in reference.other_authors]
    by = f"{_series(editors, '&')}, " if editors else ""
    publisher = fold(reference.publisher)
    if [name.literal for name in names] == [publisher]:
        publisher = ""
    within = (f"In {by}{book}" for book in container)
    return _runs(_sentences(*head, *within, publisher, _link(reference)))


def chicago_runs(reference: Reference) -> list[Run]:
    """Return the entry for a list of references in Chicago's author–date style."""
    names = tidy(reference.authors)
    book = _italic(_headline(fold(reference.book), reference.language))
    version = f"Version {fold(reference.version)}" if reference.version else ""
    if reference.whole:
        title, parts = book, [version]
    else:
        within = f"Section {fold(reference.section)} in" if reference.section else "In"
        others = _series([spoken(name) for name in reference.other_authors], "and")
        details = (f"{within} {book}", version, f"by {others}" if others else "")
        heading = _headline(fold(reference.title), reference.language, reference.title_parts[1::2])
        title, parts = _quoted(heading, stop="."), [", ".join(filter(None, details))]
    year = _year(reference)
    head = (_chicago_list(names), year, title) if names else (title, year)
    link = _link(reference)
    parts += [fold(reference.publisher), f"{link}." if link else ""]
    return _runs(_sentences(*head, *parts))


def in_text(reference: Reference) -> InText:
    """Return the citations in the text; a section without a number is named by its title.

    Without authors, both styles have the title in their place.
    """
    year = _year(reference)
    names = [name.literal or family_name(name) for name in tidy(reference.authors)]
    title = fold(reference.book) if reference.whole else _quoted(reference.title)
    apa_place = chicago_place = ""
    if reference.section:
        apa_place = f", Section {fold(reference.section)}"
        chicago_place = f", sec. {fold(reference.section)}"
    elif names and not reference.whole:
        apa_place, chicago_place = f", {title} section", f", under {title}"
    names_text = _short(names, "and") or title
    listed = f"{_short(names, '&') or title}, "
    if not names and not reference.whole:
        listed = f"{_quoted(reference.title, stop=',')} "
    undated = "," if year == "n.d." else ""  # Chicago divides two words, not a word and a number
    return InText(
        f"({listed}{year}{apa_place})",
        f"{names_text} ({year}{apa_place})",
        f"({names_text}{undated} {year}{chicago_place})",
        f"{names_text} ({year}{chicago_place})",
    )


def _italic(text: str) -> str:
    return f"{_BEGIN}{text}{_END}" if text else ""


def _runs(text: str) -> list[Run]:
    """Return *text* cut where italics begin and end."""
    pieces = re.split(f"[{_BEGIN}{_END}]", text)
    return [Run(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


def _headline(title: str, language: str, formulas: Sequence[str] = ()) -> str:
    """Return an English *title* with capitals as in a headline (Chicago 8.160).

    Words with a capital, digit or sign in them, and single letters, stay as they are.
    """
    if language and language.partition("-")[0].lower() != "en":
        return title
    last = max((match.start() for match in _WORD.finditer(title)), default=-1)
    last = last if not re.search(r"\w.*\s", title[last:]) else -1
    kept = [(title.find(formula), len(formula)) for formula in formulas if formula]

    def capitalized(match: re.Match[str]) -> str:
        word, place = match[0], match.start()
        if any(start <= place < start + length for start, length in kept):
            return word
        at_edge = place == last or _PART_END.search(title[:place])
        if not at_edge and (word in _SMALL or len(word) == 1):
            return word
        return word if len(word) == 1 and word != "a" else word[0].upper() + word[1:]

    return _WORD.sub(capitalized, title)


def _year(reference: Reference) -> str:
    return date_parts(reference.date).year or "n.d."


def _link(reference: Reference) -> str:
    """Return where it is; a DOI is preferred to an address (APA 9.34, Chicago too)."""
    return f"https://doi.org/{reference.doi}" if reference.doi else encoded(reference.url)


def _sentences(*parts: str) -> str:
    """Return *parts*, the last of which is a link: no full stop behind it, nor two in a row."""
    *sentences, link = parts
    stopped = [part if _STOP.search(part) else f"{part}." for part in sentences if part]
    return " ".join(filter(None, (*stopped, link)))


def _quoted(title: str, stop: str = "") -> str:
    """Return *title* in quotation marks, single ones inside; a *stop* goes before the last."""
    inside = _QUOTES.sub(lambda match: f"‘{match[1] or match[2]}’", fold(title))
    return f"“{inside}{'' if _STOP.search(inside) else stop}”"


def _series(names: Sequence[str], word: str) -> str:
    """Return *names* with *word* before the last, and a comma before it where there are three."""
    if len(names) < 3:
        return f" {word} ".join(names)
    return f"{', '.join(names[:-1])}, {word} {names[-1]}"


def _short(names: Sequence[str], word: str) -> str:
    return f"{names[0]} et al." if len(names) > 2 else f" {word} ".join(names)


def _apa_list(names: Sequence[Name]) -> str:
    """Return up to 20 names; of more the first 19 and the last (APA 9.8)."""
    written = [_inverted(_abbreviated(name)) for name in names]
    if len(written) > 20:
        return f"{', '.join(written[:19])}, . . . {written[-1]}"
    return ", & ".join(filter(None, (", ".join(written[:-1]), written[-1])))


def _chicago_list(names: Sequence[Name]) -> str:
    """Return up to six names; of more the first three (Chicago, new in its 18th edition)."""
    written = [_inverted(names[0]), *map(spoken, names[1:])]
    if len(written) > 6:
        return f"{', '.join(written[:3])}, et al."
    return ", and ".join(filter(None, (", ".join(written[:-1]), written[-1])))


def _inverted(name: Name) -> str:
    if is_family_first(name):
        return spoken(name)
    return name.literal or ", ".join(
        filter(None, (family_name(name), name.given_names, name.suffix))
    )


def _abbreviated(name: Name) -> Name:
    return name._replace(given_names=_initials(name.given_names))


def _initials(given_names: str) -> str:
    """Return “J.-P. R.” for “Jean-Paul R.”.

    A script without capitals has no initials: there the name stays whole.
    """
    initials = []
    for word in re.findall(r"(?:[^\s.]|\.-)+", unicodedata.normalize("NFC", given_names)):
        parts = [part[0] for part in word.split("-") if part]
        if any(letter.lower() == letter.upper() for letter in parts):
            return given_names
        initials.append("-".join(f"{letter}." for letter in parts))
    return " ".join(filter(None, initials))
