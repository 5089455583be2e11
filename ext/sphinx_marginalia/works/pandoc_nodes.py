"""From what pandoc renders, which is JSON, to nodes of docutils.

The elements are those of pandoc's document model (https://pandoc.org/using-the-pandoc-api.html):
each has a type ``t`` and a content ``c``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_marginalia.core.links import is_allowed
from sphinx_marginalia.works.latex_text import BRACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    #: What pandoc calls inlines: words and markup, as in its JSON.
    Inlines = list[dict[str, Any]]
    #: Makes a link to the entry of a work, by its key, of some nodes.
    Link = Callable[[str, list[nodes.Node]], list[nodes.Node]]

#: The roles of sphinxcontrib-bibtex that cite in the text, that show only authors, or a year.
TEXTUAL = frozenset(("t", "ts", "ct", "cts"))
AUTHORS = frozenset("author authors authorpar authorpars cauthor cauthors".split())
YEARS = frozenset(("year", "yearpar"))
#: Those that show a citation without its brackets.
BARE = frozenset(("alp", "alps", "label", "year"))
BRACKETS = {"(": ")", "[": "]"}
#: The name that stands for the authors an entry does not name, until the entry is rendered.
OTHERS = "\ue000"
#: The address of an entry in what is rendered, before the key of the work.
ENTRY = "#ref-w-"
#: What may be between two names, and the letters of the longest word for “and”, and one.
SEPARATORS = " ,;/&+"
LONGEST_AND = 5
#: TeX between dollar signs, which begins and ends without a space (as in Markdown). pybtex puts one
#: behind a command.
FORMULA = re.compile(r"\$(?=\S)([^$]*(?:[^\s$]|\\[a-zA-Z]+\s))\$")
#: A letter or a digit.
WORD = re.compile(r"[^\W_]")
#: The address of a page, without the sign that ends a sentence.
ADDRESS = re.compile(r"(https?://\S+[^\s.,;)])")
MARKUP: dict[str, type[nodes.TextElement]] = {
    "Emph": nodes.emphasis,
    "Strong": nodes.strong,
    "Superscript": nodes.superscript,
    "Subscript": nodes.subscript,
}


def to_nodes(inlines: Inlines, link: Link) -> list[nodes.Node]:
    """Return what pandoc has rendered as nodes of docutils.

    :param link: makes a link to the entry of a work
    """
    made: list[nodes.Node] = []
    for inline in inlines:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind in {"Str", "Space", "SoftBreak", "LineBreak"}:
            text = content if kind == "Str" else " "
            if made and isinstance(made[-1], nodes.Text):
                made[-1] = nodes.Text(made[-1] + text)
            else:
                made.append(nodes.Text(text))
        elif kind in MARKUP:
            made.append(MARKUP[kind]("", "", *to_nodes(content, link)))
        elif kind == "Link":
            made += _link(content[2][0], to_nodes(content[1], link), link)
        elif isinstance(content, list):
            # Small capitals and spans, which have attributes first: the words without the markup.
            words = content if isinstance(content[0], dict) else content[-1]
            made += to_nodes(words, link)
        elif content:
            made.append(nodes.Text(content))
    return [part for node in made for part in _with_formulas(node)]


def _with_formulas(node: nodes.Node) -> list[nodes.Node]:
    return with_formulas(node) if isinstance(node, nodes.Text) and "$" in node else [node]


def with_formulas(text: str) -> list[nodes.Node]:
    """Return *text* with its formulas, which are TeX between dollar signs, as nodes."""
    parts = FORMULA.split(text)
    return [
        nodes.math(part, part.rstrip()) if number % 2 else nodes.Text(part.translate(BRACES))
        for number, part in enumerate(parts)
        if part
    ]


def words_of(inlines: Inlines) -> str:
    """Return what is rendered as words; formulas as TeX without dollar signs."""
    return "".join(node.astext() for node in to_nodes(inlines, lambda _key, words: words))


def cut_at_comma(words: list[nodes.Node]) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return what is before the first comma in *words*, and the rest with links for addresses."""
    first = words[0].astext() if words and isinstance(words[0], nodes.Text) else ""
    before, comma, after = first.partition(",")
    if not comma:
        return words, []
    rest: list[nodes.Node] = []
    for node in [nodes.Text(comma + after), *words[1:]]:
        rest += _with_links(node) if isinstance(node, nodes.Text) else [node]
    return [nodes.Text(before)], rest


def _with_links(text: str) -> list[nodes.Node]:
    parts = ADDRESS.split(text)
    return [
        nodes.reference(part, part, refuri=part) if number % 2 else nodes.Text(part)
        for number, part in enumerate(parts)
        if part
    ]


def _link(address: str, words: list[nodes.Node], link: Link) -> list[nodes.Node]:
    if address.startswith(ENTRY):
        return link(address.removeprefix(ENTRY), words)
    if not is_allowed(address):
        return words
    return [nodes.reference("", "", *words, refuri=address)]


def part_of_role(inlines: Inlines, role: str) -> Inlines:
    """Return the part of a citation that a role shows."""
    note = next((n for n, one in enumerate(inlines) if one["t"] == "Note"), None)
    if note:
        return _trimmed(inlines[:note])  # The note is a footnote of its own.
    if note == 0:
        content: Inlines = inlines[0]["c"][0]["c"]
        return content
    if role in AUTHORS:
        ends = (n for n, one in enumerate(inlines) if one["t"] in {"Link", "Superscript"})
        return _trimmed(inlines[: next(ends, len(inlines))])
    if role in BARE and len(inlines) > 1 and inlines[0]["t"] == inlines[-1]["t"] == "Str":
        first, last = inlines[0]["c"], inlines[-1]["c"]
        if first[:1] in BRACKETS and last.endswith(BRACKETS[first[0]]):
            start, end = ({"t": "Str", "c": words} for words in (first[1:], last[:-1]))
            return [start, *inlines[1:-1], end]
    return inlines


def _trimmed(inlines: Inlines) -> Inlines:
    """Return *inlines* without the space or the bracket that would be left at the end."""
    while inlines and (inlines[-1]["t"] == "Space" or inlines[-1].get("c") in tuple(BRACKETS)):
        inlines = inlines[:-1]
    return inlines


def numbered(inlines: Inlines) -> tuple[str, Inlines]:
    """Return the number of an entry, without brackets, and its text; no text without a word."""
    number, text = "", inlines
    if [inline["t"] for inline in inlines] == ["Span", "Span"]:
        margin = inlines[0]["c"]
        if "csl-left-margin" in margin[0][1]:
            label = "".join(one.get("c", " ") for one in margin[1] if one["t"] in {"Str", "Space"})
            number, text = label.strip().strip("[]()."), inlines[1]["c"][1]
    return number, text if WORD.search(words_of(text)) else []


def name_others(rendered: Any) -> None:
    """Write “et al.” for the authors that an entry does not name, in what pandoc has rendered.

    CSL has no word for them, so a name stands for them, behind a comma or a word such as “and”.
    """
    leaves = list(_leaves(rendered))
    for place, leaf in enumerate(leaves):
        if OTHERS in leaf.get("c", ""):
            before, _name, after = leaf["c"].partition(OTHERS)
            leaf["c"] = f"{before.rstrip(SEPARATORS)} et al.{after.removeprefix('.')}"
            if not after and place + 1 < len(leaves) and "c" in leaves[place + 1]:
                leaves[place + 1]["c"] = leaves[place + 1]["c"].removeprefix(".")
            back = place - 1
            while back >= 0 and not before and _is_between_names(leaves[back]):
                leaves[back].update({"t": "Str", "c": ""})
                back -= 1
            if back >= 0 and not before:
                leaves[back]["c"] = leaves[back]["c"].rstrip(SEPARATORS)


def _leaves(rendered: Any) -> Iterator[dict[str, Any]]:
    """Yield the words and spaces of pandoc's JSON, in order."""
    if isinstance(rendered, list):
        for part in rendered:
            yield from _leaves(part)
    elif isinstance(rendered, dict):
        if rendered.get("t") in {"Str", "Space"}:
            yield rendered
        else:
            yield from _leaves(rendered.get("c"))


def _is_between_names(leaf: dict[str, Any]) -> bool:
    word = leaf.get("c", "")
    return not word.strip(SEPARATORS) or (len(word) < LONGEST_AND and word.islower())
