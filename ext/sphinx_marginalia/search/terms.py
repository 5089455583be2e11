"""The words of records, counted and written down for MiniSearch. Pure: no Sphinx, no docutils.

MiniSearch runs in the browser, but its index is made here, so a build needs no JavaScript. A reader
loads the parts of it that have the words of a query: the words are sorted and cut into chunks, and
``marginalia-search-dialog.js`` puts the chunks it has loaded together to an index of MiniSearch.

A line of a chunk is a word, the records that have it in their title, and those that have it in
their text, separated by tabs. A record is the difference to the one before in base 36, with the
number of occurrences behind a comma if there is more than one::

    attention   3 1a    3,4 1 9,2
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The characters of records for which there is a chunk: it has a third of that, and compressed a
#: third of that again.
CHUNK = 120_000
#: A word in more than this part of all records says nothing where it is in a text, only in a title.
COMMON = 0.25
#: Below this number of records no word is common.
FEW = 40
WORD = re.compile(r"[^\W_]+")
#: Scripts that are written without spaces: Thai, Lao, Burmese, Khmer, kana, Han.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Entry(NamedTuple):
    """How often a word is in titles and in texts, by the number of the record."""

    titles: dict[int, int]
    texts: dict[int, int]


@cache
def _marks() -> dict[int, None]:
    """Return the marks above and below letters, to be removed."""
    return {code: None for code in range(0x300, 0x20000) if unicodedata.category(chr(code)) == "Mn"}


def folded(text: str) -> str:
    """Return *text* in lower case and without diacritics. The script does the same with a query."""
    text = text.lower()
    return text if text.isascii() else unicodedata.normalize("NFKD", text).translate(_marks())


def words(text: str) -> Iterator[str]:
    """Yield the words of *text*, folded; of scripts without spaces, each pair of characters."""
    for match in WORD.finditer(folded(text)):
        word = match[0]
        if word.isascii() or not UNSPACED.search(word):
            yield word
            continue
        end = 0
        for run in UNSPACED.finditer(word):
            yield from filter(None, [word[end : run.start()]])
            yield from pairs(run[0])
            end = run.end()
        yield from filter(None, [word[end:]])


def pairs(run: str) -> list[str]:
    """Return each pair of neighbours in *run*; the one character of a run of one."""
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]


class Terms:
    """The words of a sequence of records."""

    def __init__(self, records: Sequence[tuple[str, str]]) -> None:
        """Count the words of *records*, each a title and a text."""
        self.entries: dict[str, Entry] = {}
        #: The number of different words in the title and in the text of each record.
        self.lengths: list[tuple[int, int]] = []
        for number, fields in enumerate(records):
            counted = [Counter(words(field)) for field in fields]
            self.lengths.append((len(counted[0]), len(counted[1])))
            for field, counter in enumerate(counted):
                for word, times in counter.items():
                    entry = self.entries.get(word)
                    if entry is None:
                        entry = self.entries[word] = Entry({}, {})
                    entry[field][number] = times
        most = COMMON * len(records) if len(records) >= FEW else len(records)
        #: Words that are common in texts, which are indexed in titles only.
        self.common = sorted(word for word, entry in self.entries.items() if len(entry[1]) > most)
        for word in self.common:
            self.entries[word].texts.clear()
            # A title without them is as short as it sounds: “The well” is all about wells.
            for number in self.entries[word].titles:
                titles, texts = self.lengths[number]
                self.lengths[number] = titles - 1, texts

    def chunks(self, count: int) -> list[tuple[str, str]]:
        """Return the first word and the lines of *count* chunks of about one size.

        How many there are is known before a word is counted, and so are the names of files.
        """
        lines = [
            f"{word}\t{postings(entry.titles)}\t{postings(entry.texts)}"
            for word, entry in sorted(self.entries.items())
        ]
        parts: list[list[str]] = [[] for _number in range(count)]
        total, before = sum(map(len, lines)) or 1, 0
        for line in lines:
            parts[before * count // total].append(line)
            before += len(line)
        # A chunk that a long line has left empty is behind every word.
        first = [part[0].partition("\t")[0] if part else "\uffff" for part in parts]
        return list(zip(first, ["\n".join(part) for part in parts], strict=True))


def chunk_count(records: Sequence[tuple[str, str]]) -> int:
    """Return how many chunks the index of *records* should have."""
    return 1 + sum(len(part) for record in records for part in record) // CHUNK


def postings(records: dict[int, int]) -> str:
    """Return the records with a word, and how often each has it, as text."""
    parts, before = [], 0
    for number, times in records.items():
        parts.append(base36(number - before) + (f",{times}" if times > 1 else ""))
        before = number
    return " ".join(parts)


def base36(number: int) -> str:
    """Return *number* as JavaScript's ``toString(36)`` does."""
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return DIGITS[number] + digits
