"""Headings and their anchors: which names are valid, and which to suggest. Pure.

An anchor outlives the words of its heading, so it should name the topic, in letters that can be
typed from paper. Section numbers change with each version and are never part of it. Where a heading
has no Latin letters, a person chooses the name; it can be suggested where spelling is regular.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import chain, count, groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

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
    | dict(zip("əǝɛɔŋħŧɓɗɖƙƴƒɣʋ", "eeeonhtbddkyfgv", strict=True))
)
#: Cyrillic and Greek letters, by their common spelling (as in passports).
CYRILLIC = dict(zip("абвгдеёзийклмнопрстуфыэіґў", "abvgdeeziyklmnoprstufyeigu", strict=True))
CYRILLIC |= dict(zip("жхцчшщюяїєъь", "zh kh ts ch sh shch yu ya yi ye  ".split(" "), strict=True))
GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυω", "avgdeziiklmnxoprsstyo", strict=True))
GREEK |= {"θ": "th", "φ": "f", "χ": "ch", "ψ": "ps"}
SOUNDS = str.maketrans(CYRILLIC | GREEK)
HANGUL = re.compile("[가-힣]")
#: An id that docutils made of a label that has no Latin letters, or that it made elsewhere, too.
NUMBERED = re.compile(r"id\d+")
WORD = re.compile(r"[^\W\d_]+")
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
    #: For the first heading of a document: the names of links and blocks in it, which no label may
    #: have.
    reserved: tuple[str, ...] = ()
    #: The id that docutils has made of its title, which no other label of the document can have.
    slug: str = ""
    #: The title cut at its formulas, text and TeX in turn; empty where it has none.
    title_parts: tuple[str, ...] = ()
    #: The first id of its section, by which Sphinx knows its number.
    first_id: str = ""

    @property
    def one_line_title(self) -> str:
        """The title without line breaks."""
        return " ".join(self.title.split())

    @property
    def is_numbered(self) -> bool:
        """Whether docutils has numbered its id, which another heading can have tomorrow."""
        return bool(self.written and NUMBERED.fullmatch(self.id))


def is_name(text: str) -> bool:
    """Return whether *text* can be an anchor."""
    return NAME.fullmatch(text) is not None and text not in DEVICES


def label(name: str, path: str) -> str:
    """Return the label *name* in the language of the file at *path*."""
    return f".. _{name}:" if path.lower().endswith(RST) else f"({name})="


def suggest(title: str, page: str, *taken: Container[str]) -> str:
    """Return a name for the heading *title* that is not *taken*.

    It is empty where most words of the title cannot be spelled in Latin letters.

    :param page: the document's name, such as ``methods/sae``
    """
    words, prefix = _slug(title), _page_name(page)
    if _most(title, lambda word: not _slug(word)):
        return ""
    if not is_name(words) or _is_in(words, taken) or words in GENERAL:
        words = _joined(prefix, words)
    words = _cut(words)
    numbered = chain([words], (f"{words}-{number}" for number in count(2)))
    return next(name for name in numbered if not _is_in(name, taken))


def _is_in(name: str, several: Iterable[Container[str]]) -> bool:
    return any(name in one for one in several)


def needs_person(title: str) -> bool:
    """Return whether a person chooses the anchor of *title*: most words are not Latin.

    A word of Latin letters that have no spelling in ASCII counts among these.
    """
    return _most(title, lambda word: not (_is_latin(word[0]) and _slug(word)))


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _most(title: str, test: Callable[[str], bool]) -> bool:
    """Return whether *test* is true for most words of *title*.

    Letters without upper and lower case are words of their own: 新建 vector has three, because
    one Chinese character says as much as an English word.
    """
    words: list[str] = []
    for letters in WORD.findall(unicodedata.normalize("NFC", title)):
        for has_case, letter in groupby(letters, lambda one: one.lower() != one.upper()):
            run = "".join(letter)
            words += [run] if has_case else run
    return 2 * sum(map(test, words)) > len(words)


def propose(headings: Iterable[Heading], taken: Iterable[str]) -> list[tuple[Heading, str]]:
    """Return the headings without an anchor, each with one that is free, or an empty text.

    :param taken: anchors that are not those of *headings*, such as retired ones
    """
    headings = list(headings)
    used = {*taken, *(name for heading in headings for name in heading.names)}
    reserved: defaultdict[str, set[str]] = defaultdict(set)
    slugs: defaultdict[str, set[str]] = defaultdict(set)
    for heading in headings:
        reserved[heading.docname].update(heading.reserved)
        slugs[heading.docname].add(heading.slug)
    proposals = []
    for heading in headings:
        if not heading.id and heading.level <= DEPTH:
            page = heading.docname
            others = slugs[page] - {heading.slug}
            name = suggest(heading.title, page, used, reserved[page], others)
            used.add(name)
            proposals.append((heading, name))
    return proposals


def _slug(text: str) -> str:
    """Return the ASCII letters and digits of *text*, with hyphens between words."""
    plain = unicodedata.normalize("NFC", APOSTROPHES.sub("", text)).lower()
    # The name of “한” is HANGUL SYLLABLE HAN.
    plain = HANGUL.sub(lambda match: unicodedata.name(match[0]).split()[-1], plain)
    plain = unicodedata.normalize("NFKD", plain.translate(LETTERS).translate(SOUNDS))
    ascii_text = plain.translate(SOUNDS).encode("ascii", "ignore").decode()
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
