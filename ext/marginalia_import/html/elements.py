"""Convert HTML elements that mean more than their looks: notes, citations, formulas, code.

They are those of Tufte CSS, of distill, and of plain HTML: ``<span class="sidenote">``,
``<d-cite key="…">``, ``<aside>``, ``<sub>``. What each becomes is in :data:`MEANINGS`; elements
without a meaning are left to the passes that follow.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from marginalia_import import html, myst
from marginalia_import.html import Tree, parse_html
from marginalia_import.html.tree import to_markdown
from marginalia_import.lines import (
    Buffer,
    continuation_prefix,
    fills_its_lines,
    prefix_of,
    strip_prefix,
)
from marginalia_import.myst import Directive, directive_block
from marginalia_import.placeholders import Block, Inline, Verbatim
from marginalia_import.rules.components import PREFIX, convert_by_rule, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marginalia_import.html import Element
    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment

    Convert = Callable[[ArticlePage, Element, str], str | list[Fragment] | None]

SIDENOTES = frozenset({"sidenote", "side-note"})
MARGIN_NOTES = frozenset({"marginnote", "margin-note"})
#: The elements of which a class makes a note; a toggle of Tufte CSS is what it is by its class.
NOTE_ELEMENTS = frozenset("span small aside div p".split())
TOGGLES = frozenset("margin-toggle sidenote-toggle sidenote-number".split())
NAMES = (
    "aside|label|input|span|small|div|p|section|sub|sup|kbd|abbr|mark|table|ul|ol|dl|blockquote"
    r"|(?:d|dt)-[a-z-]+"
)
MARKDOWN_QUOTE = re.compile(r"(?m)^[ \t]*>[^\n]*(?:\n[ \t]*>[^\n]*)*")
FOOTER = re.compile(r"<footer\b[^<>]*>.*?</footer>", re.DOTALL)
TAG = re.compile(rf"<(?P<end>/?)(?P<name>{NAMES})\b(?P<rest>{html.ATTRIBUTES})>", re.IGNORECASE)
#: The blocks that become Markdown where they have their lines for themselves.
BLOCKS = frozenset("table ul ol dl p blockquote".split())
#: The elements of distill around an article, of which only the content stays.
FRAMES = frozenset(
    "d-article d-title d-figure d-abstract d-appendix d-byline d-contents dt-article dt-appendix"
    " dt-byline".split()
)
#: The elements of distill that hold settings, or what the new project writes.
SETTINGS = frozenset(
    "d-front-matter d-bibliography d-footnote-list d-citation-list dt-bibliography".split()
)


def convert_elements(page: ArticlePage, buffer: Buffer) -> Buffer:
    """Return the lines with a placeholder for each element that has a meaning."""
    text = buffer.text
    rules = page.site.element_tags
    if not TAG.search(text) and not (rules and rules.search(text)):
        return buffer
    out = Buffer(buffer.source_lines[0])
    position = 0
    for element in _outermost(text, page):
        own_line = fills_its_lines(text, element.start, element.end)
        rule = rule_of(page, element)
        is_component = element.name.startswith(PREFIX)
        if element.name in BLOCKS and not own_line and not _is_note(element) and not rule:
            continue
        line = page.line = buffer.source_lines[text.count("\n", 0, element.start)]
        before = text[text.rfind("\n", 0, element.start) + 1 : element.start]
        prefix = continuation_prefix(prefix_of(before))
        inner = strip_prefix(text[element.inner_start : element.inner_end], prefix)
        convert = _meaning(element)
        if rule or is_component:
            source = strip_prefix(text[element.start : element.end], prefix)
            written = convert_by_rule(page, rule, element, inner, source, own_line=own_line)
        else:
            written = convert(page, element, inner) if convert else None
        if written is None:
            continue
        out.copy(text, buffer.source_lines, position, element.start)
        page.line = line
        _write(page, out, written, prefix, own_line=own_line)
        position = element.end
        while not written and not out.last_line.strip() and text[position : position + 1] == " ":
            position += 1
    out.copy(text, buffer.source_lines, position, len(text))
    return out


def _write(
    page: ArticlePage,
    out: Buffer,
    written: str | list[Fragment],
    prefix: str,
    *,
    own_line: bool,
) -> None:
    """Write what an element becomes: fragments, or Markdown, in which more may be converted."""
    if isinstance(written, str):
        lines = convert_elements(page, Buffer(page.line, written.split("\n"))).lines
        first, *rest = [*lines, ""] if own_line else lines
        if own_line and len(out.lines) > 1 and out.lines[-2].strip(" \t>"):
            start, out.lines[-1] = out.last_line, prefix.rstrip()
            out.new_line(start)
        out.write("\n".join([first, *((prefix + line).rstrip() for line in rest)]))
        return
    for fragment in written:
        if isinstance(fragment, Block) or own_line:
            out.write_block(page.placeholders.add(fragment))
            continue
        page.placeholders.write(fragment, out)


def _outermost(text: str, page: ArticlePage) -> Iterator[Element]:
    """Return the elements with a meaning, in order, without those within another one."""

    def is_meant(element: Element) -> bool:
        is_component = element.name.startswith(PREFIX)
        return is_component or bool(rule_of(page, element) or _meaning(element))

    return html.outermost(filter(is_meant, html.match_tags(text, _tags(text, page))))


def _tags(text: str, page: ArticlePage) -> list[re.Match[str]]:
    """Return the tags of elements that have a meaning or a rule, in order."""
    tags = {match.start(): match for match in TAG.finditer(text)}
    if rules := page.site.element_tags:
        tags |= {match.start(): match for match in rules.finditer(text)}
    return [tags[start] for start in sorted(tags)]


def _meaning(element: Element) -> Convert | None:
    """Return what converts an element, if it has a meaning."""
    name, classes = element.name, {*element.attributes.get("class", "").split()}
    if _is_note(element):
        return _note
    if name in {"label", "input", "span"} and classes & TOGGLES:
        return _toggle
    if name in {"div", "section"}:
        return _epigraph if "epigraph" in classes else None
    if name == "span":
        return _newthought if "newthought" in classes else None
    if name.startswith(("d-", "dt-")):
        frame = _frame if name in FRAMES else None
        return _nothing if name in SETTINGS else MEANINGS.get(name.partition("-")[2], frame)
    return MEANINGS.get(name) if name not in DISTILL else None


def _is_note(element: Element) -> bool:
    classes = {*element.attributes.get("class", "").split()}
    return element.name in NOTE_ELEMENTS and bool(classes & (SIDENOTES | MARGIN_NOTES))


# What each element becomes: Markdown, fragments, or None if it stays HTML


def _note(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    classes = {*element.attributes.get("class", "").split()}
    is_sidenote = classes & SIDENOTES or element.name in {"d-footnote", "dt-fn"}
    name = "sidenote" if is_sidenote else "marginnote"
    text = to_markdown(inner, page.site.element_rules) if html.BLOCK_TAG.search(inner) else inner
    if not text.strip():
        return []
    page.count(f"{name}s")
    return [page.note(name, text.strip())]


def _toggle(page: ArticlePage, element: Element, inner: str) -> list[Fragment] | None:
    """Remove the control by which Tufte CSS opens a note on a phone; a word in it stays."""
    return None if re.search(r"\w", unescape(inner)) else []


def _nothing(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    return []


def _frame(page: ArticlePage, element: Element, inner: str) -> str:
    return f"\n{inner}\n"


def _newthought(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    return [Inline(f"[{page.inline(inner)}]{{.newthought}}")] if inner.strip() else []


def _mark(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    return [Inline(f"[{page.inline(inner)}]{{.mark}}")] if inner.strip() else []


def _role(page: ArticlePage, element: Element, inner: str) -> list[Fragment] | None:
    """Return ``{sub}`…```; its text may have no markup."""
    has_markup = re.search(r"[<`\n*\\$]", inner) or page.placeholders.fragments_in(inner)
    if has_markup or not inner.strip():
        return None
    if element.name != "abbr":
        return [Inline(myst.role(element.name, unescape(inner)))]
    title = element.attributes.get("title", "")
    if not title or re.search(r"[()`]", inner + title):
        return None
    return [Inline(myst.role("abbr", f"{unescape(inner).strip()} ({title})"))]


def _citation(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    values = element.attributes
    keys = re.split(r"[,\s]+", values.get("key", "") or values.get("bibtex-key", ""))
    source = Tree(element.name, values).html()
    names = [key for key in keys if key]
    return [page.citation(names, source)] if names else []


def _formula(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    tex = unescape(page.placeholders.restore(inner)).strip().strip("$")
    if "block" in element.attributes:
        return [Block(myst.display_math(tex), myst.inline_math(tex))]
    return [Verbatim(myst.inline_math(tex))]


def _code(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    code = unescape(page.placeholders.restore(inner)).strip("\n")
    if "block" in element.attributes or "\n" in code:
        language = page.language(element.attributes.get("language", ""))
        return [Block(myst.code_block(code, language), myst.code_span(code))]
    return [Verbatim(myst.code_span(code), is_code=True)]


def _epigraph(page: ArticlePage, element: Element, inner: str) -> list[Fragment]:
    """Return an ``epigraph`` for each quotation; its footer is the attribution."""
    quotes: list[tuple[str, list[str]]] = []
    for quote in MARKDOWN_QUOTE.findall(inner):
        text = re.sub(r"(?m)^[ \t]*>[ \t]?", "", quote)
        quotes.append((FOOTER.sub("", text), FOOTER.findall(text)))
    if not quotes:
        tree = parse_html(inner)
        for part in tree.find("blockquote") or [tree]:
            footers = part.find("footer")
            part.children = [child for child in part.children if child not in footers]
            quotes.append((to_markdown(part.inner_html), [footer.html() for footer in footers]))
    blocks: list[Fragment] = []
    for text, authors in quotes:
        names = [page.inline(to_markdown(f"<div>{footer}</div>")) for footer in authors]
        text = page.blocks(text.strip()).strip("\n")
        lines = [text, *(f"\n-- {name}" for name in names)]
        blocks.append(Block(directive_block(Directive("epigraph"), "\n".join(lines)), text))
    return blocks


def _blocks(page: ArticlePage, element: Element, inner: str) -> str | None:
    """Return a paragraph, a table or a list in Markdown; what it cannot say stays HTML."""
    if element.name == "dl" and not page.syntax.definition_lists:
        return None
    start, end = Tree(element.name, element.attributes).tags
    markdown = to_markdown(f"{start}{inner}{end}", page.site.element_rules)
    return markdown if markdown and not markdown.startswith(start) else None


#: The converters by element; those of distill without ``d-`` or ``dt-`` before their names.
DISTILL: dict[str, Convert] = {
    "cite": _citation, "footnote": _note, "fn": _note, "math": _formula, "code": _code,
}  # fmt: skip
MEANINGS: dict[str, Convert] = {
    **DISTILL,
    **dict.fromkeys(("sub", "sup", "kbd", "abbr"), _role),
    **dict.fromkeys(BLOCKS, _blocks),
    "mark": _mark,
    "aside": _note,
}
