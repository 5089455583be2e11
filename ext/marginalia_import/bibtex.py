r"""Write a record of ``references.json`` as a BibTeX entry. Pure text, no files.

pybtex is not used to write: it escapes the underscores in addresses (``a\_b``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OTHERS = re.compile(r"^(?:et\.?\s+al\.?|others|and\s+others|…|\.\.\.)$", re.IGNORECASE)
#: Words that only the name of an organization contains.
ORGANIZATION = re.compile(
    r"\b(?:team|lab|labs|group|institute|university|collaboration|consortium|foundation|research|"
    r"project|inc|ltd|deepmind|openai|anthropic|google|meta|microsoft|organi[sz]ation|committee)\b",
    re.IGNORECASE,
)
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")
DOI = re.compile(r"doi\.org/(10\.\d{4,9}/\S+)")

FLAGS = re.IGNORECASE | re.VERBOSE
#: Entry type and field of a venue, and the words that identify it; the first match counts.
VENUES = (
    ("phdthesis", "school", r"\bph\.?\s?d\.?\b|\bdissertation\b|\bdoctoral\b"),
    ("mastersthesis", "school", r"\bmaster'?s[ ]thesis\b"),
    # Journals with the name of a conference.
    ("article", "journal", r"""
        \btransactions\b|\bjournal\b|\bproc\.?[ ]natl\b|\bcommunications[ ]of\b|\bnotices\b
        |\bproceedings[ ]of[ ]the[ ](?:national[ ]academy|royal[ ]society)\b|\bbulletin\b
        |\bmagazine\b|\bquarterly\b|\bastrophys|\bphysical[ ]review\b"""),
    ("misc", "howpublished", r"\barxiv\b|\bpreprint\b|\bbiorxiv\b"),
    ("inproceedings", "booktitle", r"""
        \b(?:neurips|nips|icml|iclr|acl|naacl|eacl|emnlp|coling|aaai|ijcai|cvpr|iccv|eccv|colm)\b
        |\b(?:aistats|uai|kdd|chi|facct|interspeech|proceedings|conference|workshop|symposium)\b
        |\bproc(?:eedings|\.)"""),
    ("article", "journal", r"""
        \b(?:nature|science|jmlr|tmlr|tacl|pnas|distill|letters|reviews?|annals|cell|plos)\b
        |\bcomputational[ ]linguistics\b|transformer[ ]circuits"""),
    ("book", "publisher", r"\bpress\b|\bpublish|\bbooks?\b|\bspringer\b|\bwiley\b|\bo'reilly\b"),
    ("techreport", "institution", r"\b(?:technical|tech)[ ]report\b|\bsystem[ ]card\b"),
    ("misc", "howpublished", ""),
)  # fmt: skip
#: What an address or an identifier cannot contain in BibTeX.
UNSAFE = re.compile(r"[\s{}\\]")


def bibtex_entry(key: str, record: Mapping[str, Any]) -> str:
    """Return the BibTeX entry of a work.

    Its type follows from the words of its venue.

    >>> record = {"title": "On GPT-2", "authors": "Li, A., Wu, B., et al.", "year": 2020}
    >>> print(bibtex_entry("a", record))
    @misc{a,
      author = {Li, A. and Wu, B. and others},
      title = {On {GPT-2}},
      year = {2020},
    }
    <BLANKLINE>
    """
    venue = str(record.get("venue") or "").strip()
    url = str(record.get("url") or "").strip()
    entry_type, venue_field = next(
        (kind, name) for kind, name, words in VENUES if re.search(words, venue, FLAGS)
    )
    fields = {
        "author": " and ".join(author_names(record.get("authors") or record.get("author"))),
        "title": protect_capitals(escape_bibtex(str(record["title"]))),
        venue_field: escape_bibtex(venue),
        "year": escape_bibtex(str(record.get("year") or "").strip()),
        "url": UNSAFE.sub("", url),
    }
    if number := ARXIV.search(url):
        fields.update(eprint=number[1], archiveprefix="arXiv")
    if doi := DOI.search(url):
        fields["doi"] = UNSAFE.sub("", doi[1])
    converted = {"title", "authors", "author", "year", "venue", "url"}
    for name, value in record.items():
        if name not in converted and isinstance(value, str | int) and re.fullmatch("[a-z]+", name):
            is_identifier = name in {"doi", "eprint", "isbn", "issn"}
            text = UNSAFE.sub("", str(value)) if is_identifier else escape_bibtex(str(value))
            fields.setdefault(name, text)
    lines = (f"  {name} = {{{value}}}," for name, value in fields.items() if value)
    return "\n".join([f"@{entry_type}{{{key},", *lines, "}", ""])


def author_names(authors: object) -> list[str]:
    """Return the names in a string or list of authors, each as BibTeX writes it.

    >>> author_names("Elhage, N., Hume, T., et al.")
    ['Elhage, N.', 'Hume, T.', 'others']
    >>> author_names("Neel Nanda, Lawrence Chan & Google DeepMind")
    ['Neel Nanda', 'Lawrence Chan', '{Google DeepMind}']
    """
    if isinstance(authors, list):
        return [name for item in authors for name in author_names(_author(item))]
    text = " ".join(str(authors or "").split())
    names: list[str] = []
    for part in re.split(r"\s*;\s*|\s*&\s*|,?\s+and\s+", text):
        names += _split_names([piece.strip() for piece in part.split(",") if piece.strip()])
    others = ["others"] if "others" in names else []
    return [name for name in names if name != "others"] + others


def _author(item: object) -> str:
    """Return one author of a list; a record has a family and a given name, or one name."""
    if isinstance(item, dict):
        parts = [item.get("family"), item.get("given")]
        return ", ".join(map(str, parts)) if all(parts) else str(item.get("name") or parts[0] or "")
    return str(item)


def _split_names(pieces: list[str]) -> Iterator[str]:
    """Yield the names in text that was split at commas.

    A piece is a family name if initials follow it, or if all pieces are single words in pairs.
    """
    words = [piece for piece in pieces if not OTHERS.match(piece)]
    organizations = any(ORGANIZATION.search(word) for word in words)
    single_words = all(" " not in word for word in words)
    in_pairs = single_words and len(words) % 2 == 0 and not organizations
    index = 0
    while index < len(pieces):
        name, et_al = _cut_et_al(pieces[index])
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        given_name, et_al_behind = _cut_et_al(following)
        index += 1
        if OTHERS.match(name):
            yield "others"
            continue
        single = len(pieces) == 2 and " " not in name and not organizations
        is_given_name = is_initials(given_name) or in_pairs or single
        if given_name and is_given_name and not OTHERS.match(given_name):
            yield escape_bibtex(f"{name}, {given_name}")
            index, et_al = index + 1, et_al_behind
        else:
            text = escape_bibtex(name)
            yield f"{{{text}}}" if ORGANIZATION.search(name) else text
        if et_al:
            yield "others"


def _cut_et_al(piece: str) -> tuple[str, int]:
    """Return a name without ``et al.`` at its end, and whether that was there."""
    return re.subn(r"\s+et\.?\s+al\.?$", "", piece)


def is_initials(text: str) -> bool:
    """Whether a given name is written as initials: ``N.``, ``A. N.``, ``J.-P.``, ``Ch.``."""
    parts = [part for part in re.split(r"[-\s.]+", text) if part]
    short = all(part[0].isupper() and len(part) <= 2 for part in parts)
    return bool(parts) and short and ("." in text or text.isupper())


def escape_bibtex(text: str) -> str:
    """Return text with TeX's special characters escaped, and without braces."""
    text = text.replace("\\", r"\textbackslash ").replace("{", "").replace("}", "")
    return re.sub(r"([&%#$_])", r"\\\1", text)


def protect_capitals(title: str) -> str:
    """Return a title whose capitals no style can lower, but for the first letter.

    >>> protect_capitals("Toy Models of Superposition in GPT-2")
    'Toy {Models} of {Superposition} in {GPT-2}'
    """

    def protected(match: re.Match[str]) -> str:
        word = match[0]
        letters = word[1:] if match.start() == 0 else word
        return f"{{{word}}}" if any(letter.isupper() for letter in letters) else word

    return re.sub(r"[^\s:,;!?()\"“”]+", protected, title)
