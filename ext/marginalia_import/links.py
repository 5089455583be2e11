"""Links between articles: written when all headings of the site are known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from posixpath import dirname
from typing import TYPE_CHECKING

from marginalia_import import addresses
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.inline import Link
    from marginalia_import.page import ArticlePage
    from marginalia_import.report import Report
    from marginalia_import.site import Article, Site

#: Around the number of a name that is chosen later. Noncharacters: Unicode keeps them out of texts.
OPENING, CLOSING = "\ufdd0", "\ufdd1"
LATER = re.compile(f"{OPENING}(\\d+){CLOSING}")
#: The names that Sphinx gives to pages of its own, and those of the project's.
TAKEN = frozenset(
    {"genindex", "modindex", "py-modindex", "search", "bibliography", "contents", "glossary"}
)


@dataclass
class Heading:
    """A heading that can be linked to."""

    article: Article
    #: What the old site may have called it; the first is made from its text.
    anchors: list[str]
    name: str = ""


@dataclass(frozen=True)
class Wanted:
    """A link to a heading."""

    article: Article
    anchor: str
    #: The address to write where there is no such heading; empty for the page the link is on.
    otherwise: str
    #: What follows the address: a title, the closing bracket.
    tail: str
    file: str
    line: int


@dataclass
class Links:
    """The links and headings of the site."""

    site: Site
    #: By number: a heading that gets a name, or a link that needs one.
    later: list[Heading | Wanted] = field(default_factory=list)

    def heading(self, article: Article, anchors: list[str]) -> str:
        """Return what stands for the name of a heading until it has one."""
        return self._later(Heading(article, anchors))

    def written(self, page: ArticlePage, link: Link) -> str:
        """Return a link in MyST."""
        address = page.address(link.destination)
        tail = f"{addresses.title(link.title)})"
        return f"[{link.text}]({self.place(page, address, tail)}"

    def place(self, page: ArticlePage, address: str, tail: str = "") -> str:
        """Return the address to write, and *tail* behind it.

        An address that MyST would take for a document's is marked as none.
        """
        path, fragment = addresses.split(address)
        bases = tuple(base for base in self.site.settings.bases if "//" in base)
        if addresses.is_external(address) and not (bases and address.startswith(bases)):
            return self._plain(address, tail, known=bool(addresses.KNOWN_SCHEMES.match(address)))
        article = self.site.article(page.article, path) if path else page.article
        if article is not None and (path or fragment):
            page.count("links")
            document = ""
            if path:
                document = addresses.relative(article.target, dirname(page.article.docname))
            if not fragment:
                return self._plain(document, tail)
            line = page.line
            wanted = Wanted(article, fragment, document, tail, page.article.source, line)
            return self._later(wanted)
        found = self.site.file(page.article, path)
        if found.path is not None:
            page.count("links")
            return self._plain(self.site.take(found.path, page.article), tail)
        if found.outside:
            page.report(Kind.OUTSIDE, f"the link to {address} leads out of the site")
        else:
            page.report(Kind.LINK, f"{address or 'an empty address'} is not in the site")
        return self._plain(address or "#", tail, known=False)

    @staticmethod
    def _plain(address: str, tail: str, *, known: bool = True) -> str:
        return f"{addresses.encoded(address)}{tail}{'' if known or not tail else '{.external}'}"

    def _later(self, thing: Heading | Wanted) -> str:
        self.later.append(thing)
        return f"{OPENING}{len(self.later) - 1}{CLOSING}"

    # --- when all articles are read ---

    def resolve(self, report: Report) -> None:
        """Choose a name for each heading, and find the heading of each link."""
        headings = [thing for thing in self.later if isinstance(thing, Heading)]
        forms = Counter(addresses.name_for(heading.anchors[0]) for heading in headings)
        used = dict.fromkeys(TAKEN, 1)
        self.counted: Counter[tuple[str, str]] = Counter()
        self.by_anchor: dict[tuple[str, str], Heading] = {}
        for heading in headings:
            plain = addresses.name_for(heading.anchors[0])
            if not plain or forms[plain] > 1 or plain in TAKEN:
                own = addresses.name_for(heading.article.slug) or "article"
                plain = f"{own}-{plain or 'section'}"
            heading.name = _free(plain, used)
            self._register(heading)
        self.names = [self._name(thing, report) for thing in self.later]

    def _register(self, heading: Heading) -> None:
        for anchor in heading.anchors:
            for form in addresses.anchor_forms(anchor):
                number = self.counted[heading.article.docname, form]
                self.counted[heading.article.docname, form] += 1
                key = f"{form}-{number}" if number else form
                self.by_anchor[heading.article.docname, key] = heading

    def _name(self, thing: Heading | Wanted, report: Report) -> str:
        if isinstance(thing, Heading):
            return thing.name
        for form in addresses.anchor_forms(thing.anchor):
            if found := self.by_anchor.get((thing.article.docname, form)):
                return f"#{found.name}{thing.tail}"
        message = f"#{thing.anchor} is no heading of {thing.article.source}"
        report.add(Kind.LINK, thing.file, thing.line, message)
        if thing.otherwise:
            return self._plain(thing.otherwise, thing.tail)
        return self._plain(f"#{thing.anchor}", thing.tail, known=False)

    def finished(self, text: str) -> str:
        """Return *text* with the names that are known now."""

        def name(match: re.Match[str]) -> str:
            number = int(match[1])
            return self.names[number] if number < len(self.names) else match[0]

        return LATER.sub(name, text)


def _free(name: str, used: dict[str, int]) -> str:
    """Return a name that is not used yet; how often it was wanted is kept, not counted anew."""
    free = name
    while free in used:
        used[name] += 1
        free = f"{name}-{used[name]}"
    used[free] = 1
    return free
