"""References for tests: ordinary ones, and ones that are invented from a seed.

Hypothesis would not do here: it mixes the strings of whatever modules are loaded into its examples,
so that a run of all tests would be another than a run of some.
"""

from __future__ import annotations

import string
from functools import cache
from random import Random
from typing import TYPE_CHECKING, TypeVar

from sphinx_marginalia.cite_as.reference import Name, Reference
from tests.cite_as.readers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Pieces of titles and names that break somebody's file format.
HOSTILE = (
    *r"\ { } {{ }} }{ {} $ $$ % %% & # _ ^ ~ ~~ @ = , ,, ; : ' '' ` `` - -- --- < > | * /".split(),
    *r"[ ] ( ) ! ? ?` !` << >> . .. … / // '- -' \\ \& \% \_ \# \$ \{ \} \' \" \^ \~ \- \/".split(),
    *"and AND And others Others von der Van y d' d’ l' O' Jr. III al. et n.d. in In".split(),
    *"family= given= prefix= suffix= family=x, given=y, useprefix=true family =".split(),
    *r"\begin{x} \end{x} \input{y} \url{x} \url{ \emph{x} \textbf \v{S} {\'e} \'{\i}".split(),
    *r"{\textbackslash} \textbraceleft {\textless} \texttt{ \par \relax \ss {\L} \c \"".split(),
    *r"^^M ^^? ~- \, \; \! \( \) \[ \] $x_i^2$ $\alpha$ %comment #1 ## &amp; <b> </script>".split(),
    *"@article{x, @comment @string{a=b} @preamble{x} @book(x, @incollection{ @string".split(),
    *"TY TY- ER AU UR <!-- --> \\u0000 \\n \\x00 \\N{x} %s %d {0} {x!r} ${x} :ref:`x` |x| **".split(),
    '"',
    '" # jan # "',
    "a and b",
    "and others",
    " and ",
    "}, url = {x",
    "},\n}\n\n@book{y,\n",
    "ER  - ",
    "TY  - JOUR",
    "\nAU  - x\r\n",
    "\r\n\r\n",
    "given = x, family=y, prefix=z",
    "% a comment\n",
    *"SAEs DeepMind iPhone x_i^2 C++ C# .NET 100% GPT-4o µm ŁØßœ ﬁ ǅ İ ẞ Ünïcödé".split(),
    *"數學 عربى עברית हिन्दी ไทย 한국어 각 “ ” ‘ ’ „ « » – — ―".split(),
    "e\u0301",
    "\u0301",
    *"\u212b \u2126 \u0131 \u017f \uff41\uff42 \uff0c \uff1b \uff1a \uff02 \u2010 \u2032 \xd7".split(),
    "a\u0323\u0307",
    "\u0344",
    "\u0f73",
    "👩\u200d👧",
    "\ud83d",
    "\u0600",
    "0",
    "a, b, c, d",
    "\u200b",
    "\u00ad",
    "\u202eabc\u202c",
    "\u2066",
    *"\x00|\x0b|\x1a|\x1b|\x7f|\x85|\xa0|\u2003|\u2028|\u3000|\ufeff|\ufdd0|\uffff".split("|"),
    "\U0001fffe",
    "\U0010fffd",
    "\U000e0041",
)
#: Words between them, as titles and names have them.
WORDS = (
    *"a the of in on features Features neurons Doe Anna Émile García Márquez Łukasz Müller".split(),
    *"What it can do: field assessment x 3.2 J. M. J.-P. Berg Superposition is section".split(),
)
#: Ranges of characters: all that can be typed, those with cases and accents, and all others.
#: Surrogates are in none of them.
RANGES = (
    (0x20, 0x7E),
    (0x20, 0x7E),
    (0x21, 0x2F),
    (0x00, 0xFF),
    (0xC0, 0x24F),
    (0x250, 0x7FF),
    (0x1E00, 0x206F),
    (0x800, 0xD7FF),
    (0xE000, 0xFFFF),
    (0x10000, 0x10FFFF),
)
PARTICLES = ("van der", "de", "Van", "d'", "d’", "y", "von und zu")
DATES = ("", "2026", "2026-03", "2026-03-05", "1999-12-31")
VERSIONS = ("", "1.2", "2026.1rc1", "v1_beta#2", "100%", "{1}", "1.2 “Žižek” & co.")
DOIS = ("", "", "10.5281/zenodo.1234567", "10.1000/a_b.c%d", "10.1002/(SICI)1097<1::AID>3.0.CO;2-#")
LANGUAGES = ("", "en", "pt-BR", "zh-Hant")
_HOST = string.ascii_lowercase
_PATH = (*string.ascii_letters, *string.digits, *"-._~!$&'()*+,;=:@//", "%20", "%C3%A9", "%7B")
_KEY = string.ascii_lowercase + string.digits + "-"

T = TypeVar("T")


class Inventor(Random):
    """Whoever makes up references: the same ones from the same seed.

    Only ``random()`` is asked, the one method that Python promises never to change.
    """

    def below(self, end: int) -> int:
        """Return a number from 0 to one less than *end*."""
        return int(self.random() * end)

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of *options*."""
        return options[self.below(len(options))]

    def some(self, invent: Callable[[], T], most: int) -> list[T]:
        """Return at most *most* of what *invent* makes up."""
        return [invent() for _ in range(self.below(most + 1))]

    def signs(self, options: Sequence[str], most: int) -> str:
        """Return one to *most* of *options* in a row."""
        return self.one_of(options) + "".join(self.some(lambda: self.one_of(options), most - 1))

    def character(self) -> str:
        """Return any character that a file can hold."""
        first, last = self.one_of(RANGES)
        return chr(first + self.below(last - first + 1))

    def piece(self) -> str:
        """Return what is hostile to a format, an ordinary word, or any characters."""
        return self.one_of(
            (self.one_of(HOSTILE), self.one_of(WORDS), "".join(self.some(self.character, 8)))
        )

    def text(self) -> str:
        """Return a text, maybe an empty one."""
        if self.below(4):
            return self.one_of(("", " ", " ")).join(self.some(self.piece, 6))
        return "".join(self.some(self.character, 40))

    def said(self) -> str:
        """Return a text that has something in it for people."""
        return next(text for text in iter(self.text, None) if plain(text))

    def name(self) -> Name:
        """Return a name: of a person, most often, or one that has no family name."""
        kind = self.below(4)
        if kind < 2:
            return Name(literal=self.said()) if kind else Name(given_names=self.text())
        return Name(
            family=self.said(),
            given_names=self.text(),
            particle=self.one_of(("", self.one_of(PARTICLES), self.text())),
            suffix=self.one_of(("", self.one_of(("Jr.", "III")), self.text())),
        )

    def key(self, number: int) -> str:
        """Return a key as projects have them, which ends with a *number* of its own."""
        word = self.signs(string.ascii_lowercase, 9)
        return f"{word}20{self.below(100):02}-{self.signs(_KEY, 20)}-{number}"

    def url(self) -> str:
        """Return a legal address."""
        path, anchor = "".join(self.some(lambda: self.one_of(_PATH), 30)), self.below(2)
        return f"https://{self.signs(_HOST, 9)}.org/{path}" + (
            f"#{self.signs('abcxyz_~?/-', 9)}" if anchor else ""
        )

    def reference(self, number: int) -> Reference:
        """Return a reference, every fourth of them to a whole book."""
        title = self.said() if self.below(4) else ""
        numbers = self.some(lambda: str(1 + self.below(30)), 3)
        return Reference(
            key=self.key(number),
            title=title,
            authors=tuple(self.some(self.name, 4)),
            book=self.said(),
            book_authors=tuple(self.some(self.name, 1)),
            version=self.one_of(VERSIONS),
            date=self.one_of(DATES),
            section=".".join([self.one_of("123456789AB"), *numbers]) if title else "",
            url=self.url(),
            publisher=self.text(),
            doi=self.one_of(DOIS),
            language=self.one_of(LANGUAGES),
        )


@cache
def invented(count: int = 500, seed: int = 2026) -> tuple[Reference, ...]:
    """Return *count* references, each with a key of its own, the same in every run."""
    inventor = Inventor(seed)
    return tuple(map(inventor.reference, range(count)))


#: Names as they are in the books of the world, by script: families, and names that go with them.
FAMILIES = (
    (
        "Doe|García Márquez|Müller|Łukasiewicz|Strauß|O’Neill|Dvořák|Smith-Jones|Şahin|Þórsson",
        "Jane|J. M.|Jean-Paul|Émile|Ægir|Şule|Žaneta|Martin Luther|Øystein",
    ),
    ("Nguyễn|Trần", "Văn Đức|Thị Ấn"),
    ("Иванов|Папанова", "Иван|Анна Мария"),
    ("Παπαδόπουλος", "Γιώργος"),
    ("王|欧阳", "小明|芳"),
    ("山田|たなか", "太郎|さくら"),
    ("김", "민준"),
    ("الخوارزمي", "محمد"),
)
ORGANISATIONS = (
    "Acme, Inc.",
    "The Clock Society",
    "R & D",
    "Plato",
    "欧洲核子研究组织",
    "100% Ltd.",
)
TITLES = (
    *"The measurement of SAEs GPT-4o 100% C# R&D x_i $5 and {braces} in école für 王 数学".split(),
    *"2^10 #1 a<b p>q u|v “Why” it’s DeepMind's Ωmega don't —".split(),
)
FORMULAS = ("E=mc^2", r"\alpha_i", r"\mathbb{R}^{n}", "O(n^2)", r"\{x, Y\}", "x_{max}")


class Publisher(Inventor):
    """Whoever publishes books such as there are: with names and titles of many languages."""

    def person(self) -> Name:
        """Return the name of an author."""
        if not self.below(5):
            return Name(literal=self.one_of(ORGANISATIONS))
        latin = self.below(2)
        families, given_names = FAMILIES[0] if latin else self.one_of(FAMILIES)
        return Name(
            self.one_of(families.split("|")),
            self.one_of(given_names.split("|")),
            self.one_of(("", "", "van der", "de la", "d’")) if latin else "",
            self.one_of(("", "", "", "Jr.", "III")) if latin else "",
        )

    def people(self) -> tuple[Name, ...]:
        """Return one to four authors, none of them twice."""
        return tuple(dict.fromkeys((self.person(), *self.some(self.person, 3))))

    def heading(self) -> tuple[str, tuple[str, ...]]:
        """Return a title, and its parts if it has a formula."""
        words = (self.one_of(TITLES), *self.some(lambda: self.one_of(TITLES), 5))
        if self.below(3):
            return " ".join(words), ()
        parts = (f"{' '.join(words)} ", self.one_of(FORMULAS), self.one_of(("", " again")))
        return "".join(parts), parts

    def published(self, number: int) -> tuple[Reference, ...]:
        """Return a book and three of its sections."""
        authors, title = self.people(), " ".join(self.some(lambda: self.one_of(TITLES), 4))
        book = Reference(
            key=f"book{number}",
            authors=authors,
            book=f"Book of {title}".strip(),
            book_authors=authors,
            version=self.one_of(("1.2", "0.1.0", "2026.1rc1", "3")),
            date=self.one_of(DATES[1:]),
            url=f"https://books.example/~b_{number}/en/v1/",
            publisher=self.one_of(("", "Acme & Sons", "Été")),
            language=self.one_of(("en", "de", "zh")),
        )
        return (book, *(self.section(book, place) for place in range(1, 4)))

    def section(self, book: Reference, place: int) -> Reference:
        """Return a section of *book*, every second one by others."""
        title, parts = self.heading()
        return book._replace(
            key=f"{book.key}-s{place}",
            title=title,
            title_parts=parts,
            authors=self.people() if self.below(2) else book.authors,
            section=f"{place}.{1 + self.below(12)}",
            url=f"{book.url}s/sec-{place}.html",
        )


@cache
def books(count: int, seed: int = 2026) -> tuple[Reference, ...]:
    """Return *count* books with their sections, the same in every run."""
    publisher = Publisher(seed)
    return tuple(one for number in range(count) for one in publisher.published(number))
