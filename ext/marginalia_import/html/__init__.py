"""HTML in an article: its elements by their offsets, and as a tree. Pure text, no files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape as escape_html
from html import unescape
from html.parser import HTMLParser
from operator import attrgetter
from sys import maxsize
from typing import TYPE_CHECKING

from marginalia_import.myst import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
ATTRIBUTE = re.compile(r"""([\w:-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")

#: The elements that start an HTML block of Markdown (CommonMark 0.31, section 4.6).
BLOCK_ELEMENTS = (
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr "
    "html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search "
    "section summary table tbody td tfoot th thead title tr track ul"
).split()
#: In a group, so that a split keeps the tags.
BLOCK_TAG = re.compile(rf"(</?(?:{'|'.join(BLOCK_ELEMENTS)})\b{ATTRIBUTES}>)", re.IGNORECASE)
#: The elements whose content is no text to read.
OPAQUE = re.compile(r"<(script|style|pre|svg|textarea|math)\b", re.IGNORECASE)

EMPHASIS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "strong": "**", "b": "**"}
CODE = {"code", "tt", "samp"}
INLINE_ELEMENTS = {
    *EMPHASIS,
    *CODE,
    *"a abbr bdi bdo big br data del font img ins kbd label mark picture q s small".split(),
    *"source span strike sub sup time u wbr".split(),
}


def selectors(name: str, classes: str) -> list[str]:
    """Return the names under which an element may have a rule, the most particular first.

    >>> selectors("P", "a b")
    ['<p.a>', '<p.b>', '.a', '.b', '<p>']
    """
    names = classes.split()
    element = name.lower()
    return [
        *(f"<{element}.{each}>" for each in names),
        *(f".{each}" for each in names),
        f"<{element}>",
    ]


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, ``<img src="x" hidden>``, with entities decoded."""
    inner = re.sub(r"^</?[\w-]+", "", tag).rstrip("/>")
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(inner)
    }


VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: The open elements that the start of another one ends, up to the element that contains both.
ENDS: dict[str, tuple[set[str], set[str]]] = {
    "a": ({"a"}, set()),  # links do not nest (HTML, section 13.2.6.4.7)
    "li": ({"li", "p"}, {"ul", "ol"}),
    "dt": ({"dt", "dd", "p"}, {"dl"}),
    "dd": ({"dt", "dd", "p"}, {"dl"}),
    "tr": ({"tr", "td", "th", "p"}, {"table"}),
    "td": ({"td", "th", "p"}, {"tr", "table"}),
    "th": ({"td", "th", "p"}, {"tr", "table"}),
    **{
        name: ({"p"}, {"td", "th", "li", "dd", "blockquote", "aside"})
        for name in "p div ul ol dl table pre blockquote section figure hr h1 h2 h3".split()
    },
}
#: Stays HTML in Markdown.
KEPT = frozenset(
    "figure aside details iframe video audio svg object embed canvas math form d-code d-math"
    " d-footnote d-cite dt-fn dt-cite dt-code dt-math label input button".split()
)
#: What a figure shows, and what a script fills.
SHOWN = "img picture svg video audio iframe object embed canvas table pre figcaption".split()
#: The classes of elements that mean something.
MEANING = frozenset(
    "sidenote side-note marginnote margin-note newthought epigraph sidenote-number".split()
)
#: The deepest nesting of elements; what is within a deeper one follows it.
MAX_DEPTH = 100


@dataclass
class Tree:
    """An element with its content."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Tree | str] = field(default_factory=list)
    #: The line of its start tag, from 0.
    line: int = 0
    #: Whether a rule converts it.
    has_rule: bool = False

    def find(self, *tags: str) -> list[Tree]:
        """Return the descendants with one of these names, in order."""
        return [
            found
            for child in self.children
            if isinstance(child, Tree)
            for found in ([child] * (child.tag in tags) + child.find(*tags))
        ]

    @property
    def tag_names(self) -> set[str]:
        """The names of all elements within."""
        trees = [child for child in self.children if isinstance(child, Tree)]
        return {tree.tag for tree in trees}.union(*(tree.tag_names for tree in trees))

    @property
    def text(self) -> str:
        """All text within."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def is_kept(self) -> bool:
        """Whether it stays HTML. A figure without content, which a script draws, does not."""
        if self.tag == "figure" and not self.find(*SHOWN):
            return self.has_rule
        if self.has_rule or self.tag in KEPT:
            return True
        return bool(MEANING & {*self.attributes.get("class", "").split()})

    @property
    def tags(self) -> tuple[str, str]:
        """Its start tag and its end tag, which may be empty."""
        attributes = "".join(
            f' {name}="{escape_html(value)}"' for name, value in self.attributes.items()
        )
        return f"<{self.tag}{attributes}>", "" if self.tag in VOID else f"</{self.tag}>"

    def html(self) -> str:
        """Return the element as HTML."""
        return self.inner_html.join(self.tags)

    @property
    def inner_html(self) -> str:
        """Its content as HTML."""
        return "".join(
            escape_html(child, quote=False) if isinstance(child, str) else child.html()
            for child in self.children
        )


class _TreeBuilder(HTMLParser):
    """Build a tree; what HTML lets authors leave out is closed."""

    def __init__(self, rules: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.rules = rules
        self.root = Tree("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ended, around = ENDS.get(tag, (frozenset(), frozenset()))
        names = [element.tag for element in self.open]
        for number in range(len(names) - 1, 0, -1) if ended else ():
            if names[number] in around:
                break
            if names[number] in ended:
                del self.open[number:]
        values = {name: value or "" for name, value in attrs}
        has_rule = any(name in self.rules for name in selectors(tag, values.get("class", "")))
        element = Tree(tag, values, line=self.getpos()[0] - 1, has_rule=has_rule)
        self.open[-1].children.append(element)
        if tag not in VOID and len(self.open) < MAX_DEPTH:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1].tag == tag and tag in {"svg", "path", *KEPT}:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [element.tag for element in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse_html(text: str, rules: Collection[str] = ()) -> Tree:
    """Return the tree of a piece of HTML.

    :param rules: the names of the rules for elements, which stay HTML
    """
    builder = _TreeBuilder(rules)
    builder.feed(text)
    builder.close()
    return builder.root


def element_tags(names: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds the tags of elements with a rule; a rule for a class may mean any."""
    if not names:
        return None
    elements = {r"jsx-[\w-]+"} if any(name.startswith("<jsx-") for name in names) else set()
    elements |= {re.escape(name.strip("<>").partition(".")[0]) for name in names if name[0] == "<"}
    pattern = (
        "|".join(sorted(elements)) if all(name[0] == "<" for name in names) else r"[a-z][\w-]*"
    )
    return re.compile(
        rf"<(?P<end>/?)(?P<name>{pattern})(?=[\s/>])(?P<rest>{ATTRIBUTES})>", re.IGNORECASE
    )


@dataclass(frozen=True)
class Element:
    """An element of an article, by its offsets."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int
    #: The bounds of its content.
    inner_start: int
    inner_end: int


def match_tags(text: str, tags: Iterable[re.Match[str]]) -> Iterator[Element]:
    """Yield the elements of some tags in order of their ends, but those that are not closed."""
    stacks: dict[str, list[re.Match[str]]] = {}
    for match in tags:
        name = match["name"].lower()
        stack = stacks.setdefault(name, [])
        opening, inner_end = match, match.end()
        if match["end"]:
            if not stack:
                continue
            opening, inner_end = stack.pop(), match.start()
        elif name not in VOID and not match["rest"].endswith("/"):
            stack.append(match)
            continue
        values = attributes(text[opening.start() : opening.end()])
        yield Element(name, values, opening.start(), match.end(), opening.end(), inner_end)


def outermost(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield elements in order, but those within another one."""
    end = 0
    for element in sorted(elements, key=attrgetter("start")):
        if element.start >= end:
            yield element
            end = element.end


def find_elements(text: str, name: str, start: int = 0, end: int = maxsize) -> Iterator[Element]:
    """Return the outermost elements with a name, in order.

    :param start: the bounds of the text to search
    """
    pattern = rf"<(?P<end>/?)(?P<name>{name})\b(?P<rest>{ATTRIBUTES})>"
    tags = re.compile(pattern, re.IGNORECASE).finditer(text, start, end)
    return outermost(match_tags(text, tags))


#: What stays as it is in a text: formulas, and tags and expressions of a template.
MATH = re.compile(r"\\\((.+?)\\\)|(\$\$.+?\$\$)|\\\[(.+?)\\\]|(\{%.+?%\}|\{\{.+?\}\})", re.DOTALL)


def text_to_markdown(text: str) -> str:
    """Return text with its signs escaped, and its formulas between dollars."""
    parts: list[str] = []
    position = 0
    for match in MATH.finditer(text):
        inline, display, block, template = match.groups()
        parts.append(escape(text[position : match.start()]))
        tex = " ".join((inline or block or (display or "").strip("$")).split())
        parts.append(template or (f"${tex}$" if inline else f"$${tex}$$"))
        position = match.end()
    return "".join([*parts, escape(text[position:])])
