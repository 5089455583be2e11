r"""The works of a site: ``references.json`` as BibTeX, or its own BibTeX.

The writing is our own because pybtex escapes addresses when it writes them (``a\_b``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: What can stand in a key that a role takes apart at commas, and that BibTeX reads.
KEY = re.compile(r"[^\w.:/+-]")
OTHERS = re.compile(r"^(?:et\.?\s+al\.?|others|and\s+others|…|\.\.\.)$", re.IGNORECASE)
#: Words by which an author is known to be no person.
BODY = re.compile(
    r"\b(?:team|lab|labs|group|institute|university|collaboration|consortium|foundation|research|"
    r"project|inc|ltd|deepmind|openai|anthropic|google|meta|microsoft|organi[sz]ation|committee)\b",
    re.IGNORECASE,
)
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")
DOI = re.compile(r"doi\.org/(10\.\d{4,9}/\S+)")

#: The type of an entry by words of its venue, the first that fits.
VENUES = (
    ("phdthesis", "school", r"\bph\.?\s?d\.?\b|\bdissertation\b|\bdoctoral\b"),
    ("mastersthesis", "school", r"\bmaster'?s thesis\b"),
    # Journals whose names are those of meetings.
    (
        "article",
        "journal",
        (
            r"\btransactions\b|\bjournal\b|\bproc\.? natl\b|\bcommunications of\b|"
            r"\bproceedings of the (?:national academy|royal society)\b|"
            r"\bnotices\b|\bbulletin\b|\bmagazine\b|\bquarterly\b|\bastrophys|\bphysical review\b"
        ),
    ),
    ("misc", "howpublished", r"\barxiv\b|\bpreprint\b|\bbiorxiv\b"),
    (
        "inproceedings",
        "booktitle",
        (
            r"\b(?:neurips|nips|icml|iclr|acl|naacl|eacl|emnlp|coling|aaai|ijcai|cvpr|iccv|eccv|"
            r"colm|aistats|uai|kdd|chi|facct|interspeech)\b|\bproc(?:eedings|\.)|\bconference\b|"
            r"\bworkshop\b|\bsymposium\b"
        ),
    ),
    (
        "article",
        "journal",
        (
            r"\bnature\b|\bscience\b|\bjmlr\b|\btmlr\b|\btacl\b|\bpnas\b|"
            r"\bdistill\b|\bletters\b|\breviews?\b|\bannals\b|\bcomputational linguistics\b|"
            r"transformer circuits|\bcell\b|\bplos\b"
        ),
    ),
    ("book", "publisher", r"\bpress\b|\bpublish|\bbooks?\b|\bspringer\b|\bwiley\b|\bo'reilly\b"),
    ("techreport", "institution", r"\btechnical report\b|\btech report\b|\bsystem card\b"),
)


@dataclass
class Bibliography:
    """The works of a site."""

    #: BibTeX.
    text: str = ""
    #: The key in ``text`` by the key in the old site.
    keys: dict[str, str] = field(default_factory=dict)
    #: What could not be read, or was renamed: the old key, what happened.
    refused: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)


def from_json(records: Mapping[str, Any], taken: Collection[str] = ()) -> Bibliography:
    """Return the works of a ``references.json``: a record by key.

    :param taken: the keys of another bibliography, which count
    """
    found = Bibliography()
    entries: list[str] = []
    used = {key.lower() for key in taken}
    for old, record in records.items():
        if old in taken:
            found.refused.append((old, "another bibliography has it"))
            continue
        if not isinstance(record, dict) or not str(record.get("title") or "").strip():
            found.refused.append((old, "it has no title"))
            continue
        key = found.keys[old] = free_key(old, used)
        if key != old:
            found.renamed.append((old, key))
        entries.append(entry(key, record))
    found.text = "\n".join(entries)
    return found


def free_key(old: str, used: set[str]) -> str:
    """Return a key that BibTeX can hold and no other has; it does not tell case apart."""
    plain = KEY.sub("-", old.strip()).strip("-") or "work"
    number, key = 2, plain
    while key.lower() in used:
        key, number = f"{plain}-{number}", number + 1
    used.add(key.lower())
    return key


def entry(key: str, record: Mapping[str, Any]) -> str:
    """Return the BibTeX of a work.

    >>> print(entry("a", {"title": "On GPT-2", "authors": "Li, A., Wu, B., et al.", "year": 2020}))
    @misc{a,
      author = {Li, A. and Wu, B. and others},
      title = {On {GPT-2}},
      year = {2020},
    }
    <BLANKLINE>
    """
    venue = str(record.get("venue") or "").strip()
    url = str(record.get("url") or "").strip()
    kind, place = _kind(venue)
    fields = {
        "author": " and ".join(people(record.get("authors") or record.get("author"))),
        "title": protected(escaped(str(record["title"]))),
        place: escaped(venue),
        "year": escaped(str(record.get("year") or "").strip()),
        "url": re.sub(r"[\s{}\\]", "", url),
    }
    if number := ARXIV.search(url):
        fields.update(eprint=number[1], archiveprefix="arXiv")
    if doi := DOI.search(url):
        fields["doi"] = re.sub(r"[\s{}\\]", "", doi[1])
    known = {"title", "authors", "author", "year", "venue", "url"}
    for name, value in record.items():
        if name not in known and isinstance(value, str | int) and re.fullmatch(r"[a-z]+", name):
            plain = name in {"doi", "eprint", "isbn", "issn"}
            text = re.sub(r"[\s{}\\]", "", str(value)) if plain else escaped(str(value))
            fields.setdefault(name, text)
    lines = (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _kind(venue: str) -> tuple[str, str]:
    for kind, place, words in VENUES:
        if re.search(words, venue, re.IGNORECASE):
            return kind, place
    return "misc", "howpublished"


def people(authors: object) -> list[str]:
    """Return the names in a string or list of authors, each as BibTeX takes it.

    >>> people("Elhage, N., Hume, T., et al.")
    ['Elhage, N.', 'Hume, T.', 'others']
    >>> people("Neel Nanda, Lawrence Chan & Google DeepMind")
    ['Neel Nanda', 'Lawrence Chan', '{Google DeepMind}']
    """
    if isinstance(authors, list):
        return [name for item in authors for name in people(_one(item))]
    text = " ".join(str(authors or "").split())
    names: list[str] = []
    for part in re.split(r"\s*;\s*|\s*&\s*|,?\s+and\s+", text):
        names += _names([piece.strip() for piece in part.split(",") if piece.strip()])
    others = [name for name in names if name == "others"]
    return [name for name in names if name != "others"] + others[:1]


def _one(item: object) -> str:
    """Return one author of a list; a record has a given and a family name, or a name."""
    if isinstance(item, dict):
        family, given = item.get("family"), item.get("given")
        return f"{family}, {given}" if family and given else str(item.get("name") or family or "")
    return str(item)


def _names(pieces: list[str]) -> Iterator[str]:
    """Yield names from what stood between commas: a family name takes the given one behind it.

    That is one written as initials; or any, where all pieces are single words in pairs.
    """
    words = [piece for piece in pieces if not OTHERS.match(piece)]
    bodies = any(BODY.search(word) for word in words)
    pairs = len(words) % 2 == 0 and not bodies and all(" " not in word for word in words)
    position = 0
    while position < len(pieces):
        piece, closing = _cut(pieces[position])
        behind, closing_behind = (
            _cut(pieces[position + 1]) if position + 1 < len(pieces) else ("", 0)
        )
        position += 1
        if OTHERS.match(piece):
            yield "others"
            continue
        single = len(pieces) == 2 and " " not in piece and not bodies
        if behind and not OTHERS.match(behind) and (is_initials(behind) or pairs or single):
            yield escaped(f"{piece}, {behind}")
            position, closing = position + 1, closing_behind
        else:
            yield f"{{{escaped(piece)}}}" if BODY.search(piece) else escaped(piece)
        if closing:
            yield "others"


def _cut(piece: str) -> tuple[str, int]:
    """Return a name without ``et al.`` behind it, and how often that was there."""
    return re.subn(r"\s+et\.?\s+al\.?$", "", piece)


def is_initials(text: str) -> bool:
    """Whether given names are written as initials: ``N.``, ``A. N.``, ``J.-P.``, ``Ch.``."""
    parts = [part for part in re.split(r"[-\s.]+", text) if part]
    short = all(part[0].isupper() and len(part) <= 2 for part in parts)
    return bool(parts) and short and ("." in text or text.isupper())


def escaped(text: str) -> str:
    """Return text as BibTeX takes it: TeX's special signs escaped, braces left out."""
    text = text.replace("\\", r"\textbackslash ").replace("{", "").replace("}", "")
    return re.sub(r"([&%#$_])", r"\\\1", text)


def protected(title: str) -> str:
    """Return a title whose capitals a style cannot lower; the first word's own is left to it.

    >>> protected("Toy Models of Superposition in GPT-2")
    'Toy {Models} of {Superposition} in {GPT-2}'
    """

    def word(match: re.Match[str]) -> str:
        text = match[0]
        first = match.start() == 0
        capitals = text[1:] if first else text
        return f"{{{text}}}" if any(sign.isupper() for sign in capitals) else text

    return re.sub(r"[^\s:,;!?()\"“”]+", word, title)


ENTRY = re.compile(r"^[ \t]*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^,\s]+)\s*,", re.MULTILINE)


def from_bibtex(text: str, types: Collection[str], taken: Collection[str] = ()) -> Bibliography:
    """Return the works of a BibTeX file as pybtex can use them.

    A second entry of a key, which it refuses, is taken out; a type without a style is ``misc``.

    :param types: the types that a style knows
    :param taken: the keys of another bibliography, which count
    """
    found = Bibliography()
    parts: list[str] = []
    seen = {key.lower() for key in taken}
    position = 0
    for match in ENTRY.finditer(text):
        kind, key = match["type"].lower(), match["key"]
        if kind in {"comment", "string", "preamble"} or match.start() < position:
            continue
        if key.lower() in seen:
            parts.append(text[position : match.start()])
            position = _end(text, match.start())
            found.refused.append((key, "it is there twice; the first is kept"))
            continue
        seen.add(key.lower())
        found.keys[key] = key
        if kind not in types:
            parts += [text[position : match.start("type")], "misc"]
            position = match.end("type")
            found.refused.append((key, f"its type {kind!r} has no style; it is 'misc' now"))
    found.text = "".join([*parts, text[position:]])
    return found


def _end(text: str, start: int) -> int:
    """Return where an entry ends: behind the brace that closes it."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "}":
            return match.end()
    return len(text)
