r"""The works of a site: ``references.json`` as BibTeX, or its own BibTeX.

The writing is our own because pybtex escapes addresses when it writes them (``a\_b``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What can stand in a key that a role takes apart at commas, and that BibTeX reads.
KEY = re.compile(r"[^\w.:/+-]")
#: Given names written as initials: ``N.``, ``A. N.``, ``J.-P.``.
INITIALS = re.compile(r"^(?:[A-Z]\.?(?:[-\s]?[A-Z]\.?)*|[A-Z][a-z]?\.(?:[-\s]?[A-Z][a-z]?\.)*)$")
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
            r"\bjournal\b|\btransactions\b|\bnature\b|\bscience\b|\bjmlr\b|\btmlr\b|\btacl\b|\bpnas\b|"
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


def from_json(records: Mapping[str, Any]) -> Bibliography:
    """Return the works of a ``references.json``: a record by key."""
    found = Bibliography()
    entries: list[str] = []
    used: set[str] = set()
    for old, record in records.items():
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
            fields.setdefault(name, escaped(str(value)))
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
    """Yield names from what stood between commas: a family name takes the initials behind it."""
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        trailing = re.sub(r"\s+et\.?\s+al\.?$", "", piece)
        if OTHERS.match(piece):
            yield "others"
            continue
        behind = pieces[position] if position < len(pieces) else ""
        cut = re.sub(r"\s+et\.?\s+al\.?$", "", behind)
        single = len(pieces) == 2 and " " not in piece and behind and not OTHERS.match(behind)
        if INITIALS.match(cut) or single:
            yield escaped(f"{piece}, {cut}")
            position += 1
            trailing, piece = cut, behind
        elif BODY.search(trailing):
            yield f"{{{escaped(trailing)}}}"
        else:
            yield escaped(trailing)
        if trailing != piece:
            yield "others"


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


ENTRY = re.compile(r"^[ \t]*@(\w+)\s*[{(]\s*([^,\s]+)\s*,", re.MULTILINE)


def from_bibtex(text: str) -> Bibliography:
    """Return the works of a BibTeX file without second entries of a key, which pybtex refuses."""
    found = Bibliography(text=text)
    seen: set[str] = set()
    cuts: list[tuple[int, int]] = []
    matches = list(ENTRY.finditer(text))
    for number, match in enumerate(matches):
        kind, key = match[1].lower(), match[2]
        if kind in {"comment", "string", "preamble"}:
            continue
        if key.lower() in seen:
            end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
            cuts.append((match.start(), end))
            found.refused.append((key, "it is there twice; the first is kept"))
            continue
        seen.add(key.lower())
        found.keys[key] = key
    for start, end in reversed(cuts):
        text = text[:start] + text[end:]
    found.text = text
    return found
