"""Names of people, split into the parts that bibliographies need, and identifiers. Pure.

The rules are BibTeX's ("BibTeXing", Patashnik 1988, section 4), which authors of papers know, and
three more: a suffix may be last; "y" and "i" join two family names; a name in Han, kana or hangul
begins with the family name.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.cite_as.reference import FAMILY_FIRST, Name
from sphinx_marginalia.core.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The keys of an author in CFF 1.2.0 that are used, and those that are ignored.
PARTS = ("family-names", "given-names", "name-particle", "name-suffix", "name", "alias")
AUTHOR_KEYS = (*PARTS, "orcid", "affiliation")
IGNORED_KEYS = tuple(
    "address city country date-end date-start email fax location post-code region tel "
    "website".split()
)
#: With or without what people put before it.
DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE
)
ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.ASCII)
#: After a name. "V" is left out: it is more often an initial.
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
#: Words in lower case that can begin a whole name. Others are a name, as in "bell hooks".
PARTICLES = frozenset(
    "af al av bin da de del della den der di dos du el ibn la le ten ter van vom von zu zum".split()
)
#: Between two family names.
JOINTS = {"y", "i", "e"}
#: What separates the names of a list in one text.
BETWEEN = re.compile(r"\s*;\s*|,?\s+(?:and|&)\s+")


def people(text: str, *, commas_between: bool = True) -> tuple[tuple[Name, ...], list[str]]:
    """Return the names in *text*, “Ada Lovelace and Babbage, Charles”, and what is unclear in it.

    An organisation cannot be written so: it needs an entry with ``name``.

    :param commas_between: whether a comma may also have been meant to separate two names
    """
    names, doubts = [], []
    for part in BETWEEN.split(" ".join(text.split())):
        if part.strip(" ,"):
            name, doubt = person(part, commas_between=commas_between)
            names.append(name)
            doubts += [doubt] if doubt else []
    return tuple(names), doubts


def person(text: str, *, commas_between: bool = True) -> tuple[Name, str]:
    """Return the name of one person, and what is unclear in it.

    A comma splits *text* as “Family, Given”, “Family, Jr., Given” or “Given Family, Jr.”.
    """
    remedy = "write a list, one name a line"
    pieces = [" ".join(piece.split()) for piece in text.split(",") if piece.strip()]
    suffix = next((piece for piece in pieces[1:] if _is_suffix(piece)), "")
    if suffix:
        pieces.remove(suffix)
    match pieces:
        case [whole]:
            return _from_words(whole.split(), suffix), ""
        case [family, given_names]:
            parts = _split_particle(family)
            two = commas_between and not suffix and " " in parts[1] and " " in given_names
            doubt = f"{text!r} can be one name or two; {remedy}" if two else ""
            return Name(parts[1], given_names, parts[0], suffix), doubt
    name = Name(literal=" ".join(text.split()))
    return name, f"{text!r} has too many commas; {remedy}"


def cff_name(texts: Mapping[str, str]) -> Name | None:
    """Return the name in an entry with the keys of CFF; ``None`` if it has none.

    A person with a single name, or only an alias, has that as the whole name.
    """
    family, given_names, particle, suffix, name, alias = (texts.get(part, "") for part in PARTS)
    orcid, affiliation = find_orcid(texts.get("orcid", "")), texts.get("affiliation", "")
    if not name and not (family and (given_names or particle or suffix)):
        name = family or " ".join(part for part in (given_names, particle, suffix) if part) or alias
    if name:
        return Name(literal=name, orcid=orcid, affiliation=affiliation)
    return Name(family, given_names, particle, suffix, "", orcid, affiliation) if family else None


def entry_problems(entry: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield each key of an author in CFF that is unknown or has no valid value, and what to do."""
    keys = (*AUTHOR_KEYS, *IGNORED_KEYS)
    for key, value in entry.items():
        if key not in keys:
            hint = did_you_mean(str(key), keys) or f"use {', '.join(AUTHOR_KEYS)}"
            yield key, f"unknown key {key!r}; {hint}"
        elif key == "orcid" and isinstance(value, str) and value and not find_orcid(value):
            form = "https://orcid.org/0000-0002-1825-0097"
            yield key, f"orcid must be as {form}, not {value!r}"


def find_doi(text: str) -> str:
    """Return the DOI that *text* is, without the address of its resolver, or an empty text."""
    match = DOI.fullmatch(text)
    return match[1] if match else ""


def find_orcid(text: str) -> str:
    """Return the whole address of the ORCID that *text* is, or an empty text."""
    match = ORCID.fullmatch(text)
    return f"https://orcid.org/{match[1]}" if match else ""


def _is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in SUFFIXES


def _split_particle(family: str) -> tuple[str, str]:
    """Return the particle before a family name, and the name: “van der”, “Berg”."""
    words = family.split()
    particles = list(takewhile(lambda word: word[0].islower(), words[:-1]))
    return " ".join(particles), " ".join(words[len(particles) :])


def _from_words(words: list[str], suffix: str) -> Name:
    """Return the name whose *words* are in the order in which they are spoken."""
    if len(words) > 2 and not suffix and _is_suffix(words[-1]):
        suffix = words.pop()
    if len(words) == 1 and not suffix:
        return Name(literal=words[0])
    if any(first <= words[0][:1] <= last for first, last in FAMILY_FIRST):
        return Name(words[0], " ".join(words[1:]), "", suffix)
    start = _family_starts(words)
    particle, family = _split_particle(" ".join(words[start:]))
    return Name(family, " ".join(words[:start]), particle, suffix)


def _family_starts(words: list[str]) -> int:
    """Return the index of the first word of the family name, with its particle."""
    last = len(words) - 1
    if words[0] in PARTICLES:
        return 0
    if last > 2 and words[-2] in JOINTS:
        return last - 2
    small = (index for index in range(1, last) if words[index][0].islower())
    return next(small, last)
