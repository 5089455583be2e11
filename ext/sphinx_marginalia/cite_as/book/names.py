"""The names of people, taken apart as bibliographies need them. Pure.

The rules are BibTeX's ("BibTeXing", Patashnik 1988, section 4), which writers of papers know, and
three that it lacks: a suffix may stand last; "y" and "i" join two family names; a name in Han, kana
or hangul starts with the family.
"""

from __future__ import annotations

import re

from sphinx_marginalia.cite_as.formats.reference import Name
from sphinx_marginalia.cite_as.formats.text import family_name

#: Behind a name. "V" is left out: it is an initial more often.
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
#: Small words that can be the start of a whole name. Others there are a name, as in "bell hooks".
PARTICLES = frozenset(
    "af al av bin da de del della den der di dos du el ibn la le ten ter van vom von zu zum".split()
)
#: Between two family names.
JOINTS = {"y", "i", "e"}
#: Scripts in which the family name comes first: kana, Han, hangul, and the rest of Han. (To compile
#: a regular expression of the last takes longer than to import this package's largest module.)
FAMILY_FIRST = (
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uac00", "\ud7af"),
    ("\U00020000", "\U0003ffff"),
)
#: Between the names of a list in one text.
BETWEEN = re.compile(r"\s*;\s*|,?\s+(?:and|&)\s+")


def people(text: str, *, commas_between: bool = True) -> tuple[tuple[Name, ...], list[str]]:
    """Return the names in *text*, “Ada Lovelace and Babbage, Charles”, and what is not clear in it.

    Organisations have no form of their own here: who names one writes an entry with ``name``.

    :param commas_between: whether a comma may also have been meant to stand between two names.
    """
    names, doubts = [], []
    for part in BETWEEN.split(" ".join(text.split())):
        if part.strip(" ,"):
            name, doubt = person(part, commas_between=commas_between)
            names.append(name)
            doubts += [doubt] if doubt else []
    return tuple(names), doubts


def person(text: str, *, commas_between: bool = True) -> tuple[Name, str]:
    """Return the name of one person, and what is not clear in it, or nothing.

    A comma splits *text* as “Family, Given”, “Family, Jr., Given” or “Given Family, Jr.”.
    """
    pieces = [" ".join(piece.split()) for piece in text.split(",") if piece.strip()]
    suffix = next((piece for piece in pieces[1:] if _is_suffix(piece)), "")
    if suffix:
        pieces.remove(suffix)
    match pieces:
        case [whole]:
            return _in_order(whole.split(), suffix), ""
        case [family, given]:
            parts = _parted(family)
            two = commas_between and not suffix and " " in parts[1] and " " in given
            doubt = f"{text!r} can be one name or two; write a list, one name a line" if two else ""
            return _named(parts, given, suffix), doubt
    return Name(
        literal=" ".join(text.split())
    ), f"{text!r} has too many commas; write a list, one name a line"


def spoken(name: Name) -> str:
    """Return a name in the order in which it is spoken: “Martin Luther King Jr.”, “山田太郎”."""
    if _is_family_first(name.family):
        return f"{name.family}{name.given}"
    parts = (name.literal, name.given, family_name(name), name.suffix)
    return " ".join(part for part in parts if part)


def _is_family_first(name: str) -> bool:
    return any(first <= name[:1] <= last for first, last in FAMILY_FIRST)


def _is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in SUFFIXES


def _parted(family: str) -> tuple[str, str]:
    """Return the particle before a family name, and the name: “van der”, “Berg”."""
    words = family.split()
    count = 0
    while count < len(words) - 1 and words[count][0].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _in_order(words: list[str], suffix: str) -> Name:
    """Return the name whose *words* are written as they are spoken."""
    if len(words) > 2 and not suffix and _is_suffix(words[-1]):
        suffix = words.pop()
    if len(words) == 1 and not suffix:
        return Name(literal=words[0])
    if _is_family_first(words[0]):
        return _named(("", words[0]), " ".join(words[1:]), suffix)
    start = _family_starts(words)
    return _named(_parted(" ".join(words[start:])), " ".join(words[:start]), suffix)


def _family_starts(words: list[str]) -> int:
    """Return the place of the first word that belongs to the family name, particle included."""
    last = len(words) - 1
    if words[0] in PARTICLES:
        return 0
    if last > 2 and words[-2] in JOINTS:
        return last - 2
    small = (place for place in range(1, last) if words[place][0].islower())
    return next(small, last)


def _named(family: tuple[str, str], given: str, suffix: str) -> Name:
    return Name(family=family[1], given=given, particle=family[0], suffix=suffix)
