r"""Text and names for BibTeX files. Pure.

BibTeX counts braces, also after a backslash, so no escape may contain a single one:
``{\textbraceleft}``. An escape in its own braces needs no space after it, and is one “special
character” for BibTeX, which changes no letter in it.

Zotero knows few of TeX's commands (the table of its translator ``BibTeX.js``) and prints the
others, but it takes away dollar signs, braces and backslashes before signs: it reads ``{$<$}`` and
``\{x\}``, and not ``{\textless}`` and ``{\textbraceleft}``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_marginalia.cite_as.reference import family_name, fold, is_family_first, spoken, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_marginalia.cite_as.reference import Name, Reference

_ESCAPES = {
    **{character: f"\\{character}" for character in "&%$#_"},
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    # In the old encoding of TeX's fonts these are other characters: ¡ ¿ —
    "<": "{$<$}",
    ">": "{$>$}",
    "|": "{$|$}",
}
#: A word; a special character; the first of two that TeX would print as one, as in ``--``.
_PIECE = re.compile(
    r"(?P<word>[^\s!-/:-@\[-`{-~]+)|(?P<special>[&%$#_\\{}~^<>|])"
    r"|(?P<pair>[-'`,])(?=(?P=pair))|(?P<before>[?!])(?=`)"
)
_SIGN = re.compile(r"\\[&%$#_]")
#: What cannot be between two dollar signs in a field: it would end the formula, or the line.
_NO_FORMULA = re.compile(r"(?<!\\)(?:\\\\)*(?:[$%#]|\\$)")
_NAMED_PART = re.compile(r"(family|given|prefix|suffix)(?=\s*=)")
#: Combining accents as TeX's commands, which all its fonts have.
_ACCENTS = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328",
        "`'^~=u.\"rHvdck",
        strict=True,
    )
)
_LETTERS = {
    letter: f"{{\\{command}}}"
    for letter, command in zip(
        "ßæÆœŒøØłŁÐðÞþŊŋ", "ss ae AE oe OE o O l L DH dh TH th NG ng".split(), strict=True
    )
}


def entry(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return an entry of the *fields* that are not empty.

    The month is one of BibTeX's own abbreviations, which have no braces.
    """
    lines = [
        f"  {name:<9} = {value if name == 'month' else f'{{{value}}}'},\n"
        for name, value in fields
        if value
    ]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def escape(text: str) -> str:
    """Return *text*, folded, as TeX prints it; for publishers and parts of names."""
    return _PIECE.sub(_escaped, fold(text))


@lru_cache(maxsize=256)  # every section names its book
def title(text: str, parts: tuple[str, ...] = ()) -> str:
    """Return *text*, folded and escaped, with its capitals protected word by word: ``{SAE}s``.

    Many styles set titles in lower case. They leave the first letter alone, so that a first word
    with no other capital needs no braces.

    :param parts: the title cut at its formulas, which are kept: text and TeX in turn
    """
    written = "".join(
        _formula(part) if number % 2 else _protected_text(part, first=number == 0)
        for number, part in enumerate(parts or (text,))
    ).strip()
    if not _is_paired(written.replace(r"{\textbraceleft}", "{").replace(r"{\textbraceright}", "}")):
        return written
    # A brace before a backslash would begin a “special character”, whose capitals are not safe.
    written = written.replace(r"{\textbraceleft}", r"\{").replace(r"{\textbraceright}", r"\}")
    return re.sub(r"\\\{(?=\\)", r"\\{{}", written)


@lru_cache(maxsize=256)  # most sections of a book have the same authors
def authors(names: tuple[Name, ...], *, ascii_accents: bool = False) -> str:
    r"""Return *names* as BibTeX reads them: ``von Family, Jr, Given``, joined by “and”.

    With *ascii_accents* Latin letters are written as ``{\'E}``. The classic program BibTeX cuts
    initials and labels byte by byte, and half a character of UTF-8 stops LaTeX. A given name of
    which it would cut such an initial becomes one part with its family name.
    """
    written = [
        _one_part(spoken(name))
        if is_family_first(name) or (ascii_accents and not _has_initials(name.given_names))
        else _name(name)
        for name in tidy(names)
    ]
    joined = " and ".join(written)
    return accented(joined) if ascii_accents else joined


def series(names: Iterable[Name]) -> str:
    """Return *names* as a text, in the order in which they are spoken."""
    *others, last = [accented(escape(spoken(name))) for name in names]
    return " and ".join(filter(None, (", ".join(others), last)))


def accented(text: str) -> str:
    r"""Return *text* with its accented Latin letters written as ``{\'E}``."""
    return text if text.isascii() else "".join(map(_accent, text))


def edition(reference: Reference) -> str:
    """Return version and section in words, for a note."""
    version = f"version {escape(reference.version)}" if reference.version else ""
    section = f"section {escape(reference.section)}" if reference.section else ""
    words = ", ".join(filter(None, (version, section)))
    return words[:1].upper() + words[1:]


def verbatim(text: str) -> str:
    """Return *text* for a field that is copied as it is, without characters that end the field."""
    return re.sub(r"[\s{}\\]", lambda match: f"%{ord(match[0]):02X}", fold(text))


def _escaped(match: re.Match[str]) -> str:
    if special := match["special"]:
        return _ESCAPES[special]
    return match[0] if match["word"] else f"{match[0]}{{}}"


def _formula(source: str) -> str:
    r"""Return a formula, in braces that protect its capitals; as text where it cannot be one."""
    source = fold(source)
    if not _is_paired(source):
        source = source.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    if not _is_paired(source) or _NO_FORMULA.search(source):
        return escape(source)
    return f"{{${source}$}}"


def _is_paired(text: str) -> bool:
    """Whether each brace in *text* has its partner, to BibTeX, which looks at no backslash."""
    depth = 0
    for sign in re.findall("[{}]", text):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _protected_text(text: str, *, first: bool) -> str:
    """Return a part of a title; spaces at its ends stay."""
    text = fold(f"-{text}-")[1:-1]
    text = text.lstrip() if first else text
    return _PIECE.sub(lambda match: _protected(match, first=first and match.start() == 0), text)


def _protected(match: re.Match[str], *, first: bool) -> str:
    word: str = match["word"]
    if not word:
        return _escaped(match)
    rest = word[1:] if first else word
    if rest == rest.lower():
        return word
    if len(word) > 2 and word.endswith("s") and word[:-1] == word[:-1].upper():
        return f"{{{word[:-1]}}}s"  # a plural: the “s” is no part of the capitals
    return f"{{{word}}}"


def _name(name: Name) -> str:
    """Return one name, with braces around what BibTeX could take for another part.

    To it a word in lower case before the last is a particle, a comma and “and” divide, and a name
    without a comma is cut at its spaces; biber leaves out an entry whose name is “0”, and one with
    three commas in a name, in braces or not. So a name without a given name, or with more commas,
    is one part, as it is spoken.
    """
    if not _is_particle(name.particle):
        name = name._replace(family=family_name(name), particle="")
    parts = (_family(name), _words(name.suffix), _words(name.given_names))
    written = ", ".join(filter(None, parts))
    if name.given_names and written.count(",") <= 2:
        return _unnamed(written)
    return _one_part(spoken(name))


def _has_initials(given_names: str) -> bool:
    """Whether BibTeX can cut a first letter from each of the names: one of ASCII, or a command."""
    firsts = (
        re.search(r"[A-Za-z]|[^\x00-\x7f]", word) for word in re.split(r"[\s~-]+", given_names)
    )
    return all(first is None or accented(first[0]).isascii() for first in firsts)


def _one_part(text: str) -> str:
    r"""Return *text* as a name of one part, in braces.

    The character before a brace must be ASCII where there are commas: biber looks for braces with
    ``\X``, to which a character such as U+0600 and the brace after it are one.
    """
    written = _unnamed(escape(text))
    return f"{{{written}{'' if written[-1:].isascii() or ',' not in written else '{}'}}}"


def _unnamed(written: str) -> str:
    """Return *written* so that biber does not read it as its list of named parts, ``family=…``."""
    return _NAMED_PART.sub(r"\1{}", written)


def _family(name: Name) -> str:
    family = _bare(name.family) if _is_family(name.family) else f"{{{escape(name.family)}}}"
    return f"{_bare(name.particle)} {family}" if name.particle else family


def _bare(words: str) -> str:
    r"""Return *words*, escaped, for a part of a name without braces around it.

    Between names bibtexparser 2 skips a backslash and the character after it, and loses both.
    """
    return _SIGN.sub(r"{\g<0>}", escape(words))


def _is_particle(words: str) -> bool:
    """Whether every reader takes *words*, before a family name, for a particle by itself."""
    return _undivided(words) and all(
        "a" <= word[0] <= "z" and word[-1] not in "'’-" for word in words.split()
    )


def _is_family(words: str) -> bool:
    """Whether every reader takes all *words* for the family name, and for nothing else."""
    parts = re.split("[ -]", words)  # BibTeX cuts at hyphens too: “d’Ab-Cd” would be a particle
    return _undivided(words) and (len(parts) == 1 or all("A" <= part[:1] <= "Z" for part in parts))


def _undivided(words: str) -> bool:
    """Whether nothing in *words* ends a name or a part of one."""
    return "," not in words and not {"and", "others"}.intersection(words.lower().split())


def _words(part: str) -> str:
    """Return a suffix or a given name, with braces around what would split it."""
    words = [f"{{{word}}}" if word.lower() == "and" else _bare(word) for word in part.split()]
    return " ".join(words).replace(",", "{,}")


def _accent(character: str) -> str:
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    letter, marks = (parts := unicodedata.normalize("NFD", character))[0], parts[1:]
    if marks not in _ACCENTS or not letter.isascii():
        return character
    command = _ACCENTS[marks]
    return f"{{\\{command}{f'{{{letter}}}' if command.isalpha() else letter}}}"
