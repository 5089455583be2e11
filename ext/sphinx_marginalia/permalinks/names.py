"""Headings and their anchors: which names are valid, and which to suggest. Pure.

An anchor outlives the words of its heading, so it should name the topic, in letters that can be
typed from paper. Section numbers change with each version and are never part of it.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

#: The suffixes of files in reStructuredText.
RST = (".rst", ".rest")
NAME = re.compile(r"[a-z][a-z0-9-]*")
#: Headings down to this level have an anchor; 1 is the title of a page.
DEPTH = 3
#: A suggestion is cut at a word when it is longer.
LONGEST = 50
#: Titles that many pages have: the name of the page is put before them.
GENERAL = frozenset(
    """
    abstract acknowledgements acknowledgments appendix background bibliography conclusion
    conclusions contents definition definitions discussion example examples exercises faq
    further-reading future-work glossary history how-it-works index installation introduction
    limitations limits literature method methods motivation next next-steps notes objections
    open-questions outlook overview preface prerequisites questions references related-work results
    see-also setup sources start summary the-idea usage what-next
    """.split()
)
#: Windows does not allow these as names of files, with any suffix.
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
#: Latin letters that Unicode does not decompose.
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
APOSTROPHES = re.compile("['’ʼ]")  # noqa: RUF001  (the typographic ones)


class Heading(NamedTuple):
    """A heading of a document."""

    #: Its anchor: the id that its author wrote, or an empty text.
    id: str
    #: All ids that its author wrote. The first is ``id``; others may be old ones.
    names: tuple[str, ...]
    docname: str
    title: str
    #: 1 is the title of a page.
    level: int
    #: The path of its file, and the line.
    source: str
    line: int
    #: The label as it is written, where docutils makes another id of it: ``1st`` becomes ``st``.
    written: str = ""
    #: The title cut at its formulas, text and TeX in turn; empty where it has none.
    title_parts: tuple[str, ...] = ()

    @property
    def one_line_title(self) -> str:
        """The title without line breaks."""
        return " ".join(self.title.split())


def is_name(text: str) -> bool:
    """Return whether *text* can be an anchor."""
    return NAME.fullmatch(text) is not None and text not in DEVICES


def label(name: str, path: str) -> str:
    """Return the label *name* in the language of the file at *path*."""
    return f".. _{name}:" if path.lower().endswith(RST) else f"({name})="


def suggest(title: str, page: str, taken: Set[str]) -> str:
    """Return a name for the heading *title* that is not *taken*.

    It is never empty: where the title has no Latin letters, it is the name of the page.

    :param page: the document's name, such as ``methods/sae``
    """
    slug, prefix = _slug(title), _page_name(page)
    letters = [sum(map(str.isalpha, text)) for text in (title, slug)]
    words = slug if 2 * letters[1] >= letters[0] else ""  # most letters are Latin
    if not is_name(words) or words in taken or words in GENERAL or words in DEVICES:
        words = _joined(prefix, words)
    words = _cut(words)
    numbered = chain([words], (f"{words}-{number}" for number in count(2)))
    return next(name for name in numbered if name not in taken)


def propose(headings: Iterable[Heading], taken: Iterable[str]) -> list[tuple[Heading, str]]:
    """Return the headings without an anchor, each with one that is free.

    :param taken: anchors that are not those of *headings*, such as retired ones
    """
    headings = list(headings)
    used = {*taken, *(name for heading in headings for name in heading.names)}
    proposals = []
    for heading in headings:
        if not heading.id and heading.level <= DEPTH:
            name = suggest(heading.title, heading.docname, used)
            used.add(name)
            proposals.append((heading, name))
    return proposals


def _slug(text: str) -> str:
    """Return the ASCII letters and digits of *text*, with hyphens between words."""
    plain = APOSTROPHES.sub("", text).lower().translate(LETTERS)
    ascii_text = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", ascii_text.lower()))


def _page_name(page: str) -> str:
    """Return the last part of the document's name that has letters, and says something."""
    for part in reversed(page.split("/")):
        if (slug := _slug(part)) and slug != "index" and is_name(slug):
            return slug
    return "page" if page != "index" else "home"


def _joined(prefix: str, words: str) -> str:
    if not words or words == prefix or words.startswith(f"{prefix}-"):
        words = words or prefix
    else:
        words = f"{prefix}-{words}"
    return words if words not in DEVICES else f"{words}-page"


def _cut(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    head, hyphen, _ = words[: LONGEST + 1].rpartition("-")
    return head if hyphen else words[:LONGEST]
