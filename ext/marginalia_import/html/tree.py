"""Turn blocks of HTML into Markdown: paragraphs, lists, tables, quotations, code.

Used for HTML within an article, and for articles that are HTML pages. What Markdown cannot say, as
a figure, stays HTML for the passes that follow. Pure text, no files.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from marginalia_import.html import (
    BLOCK_ELEMENTS,
    CODE,
    EMPHASIS,
    Tree,
    parse_html,
    text_to_markdown,
)
from marginalia_import.lines import add_prefix
from marginalia_import.myst import code_block, code_span, escape, escape_block_starts

if TYPE_CHECKING:
    from collections.abc import Collection

#: Show no words, or only in a browser's window.
HIDDEN = frozenset("script style head template noscript".split())
LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|sourceCode )([\w+#-]+)")


def to_markdown(text: str, rules: Collection[str] = ()) -> str:
    """Return the Markdown for HTML, in which the elements with a rule stay HTML."""
    return "\n\n".join(block for _, block in _blocks(parse_html(text, rules)))


def inline_markdown(text: str) -> str:
    """Return the Markdown for HTML on one line."""
    return " ".join(_inline(parse_html(text).children).split())


def page_to_markdown(text: str, line: int, rules: Collection[str]) -> tuple[str, list[int]]:
    """Return the Markdown for a page of HTML, and for each of its lines that of the page.

    :param line: the line with which the HTML begins
    """
    blocks = _blocks(parse_html(text, rules))
    numbers = [line + start for start, block in blocks for _ in range(block.count("\n") + 2)]
    return "\n\n".join(block for _, block in blocks), [*numbers, line]


def _is_inline(child: Tree | str) -> bool:
    if isinstance(child, str):
        return True
    if child.tag in {"figure", "aside", "details", "pre", "table", *HIDDEN}:
        return False
    is_block = child.tag in BLOCK_ELEMENTS or child.tag in {"pre", "d-article", "d-title"}
    return not is_block and not any(not _is_inline(inner) for inner in child.children)


def _blocks(tree: Tree) -> list[tuple[int, str]]:
    """Return the blocks within an element, each with its line."""
    blocks: list[tuple[int, str]] = []
    line = tree.line
    for is_inline, group in groupby(tree.children, _is_inline):
        children = [*group]
        if is_inline:
            text = " ".join(_inline(children).split())
            starts = [child.line for child in children if isinstance(child, Tree)]
            if text:
                blocks.append((max(line, starts[0] if starts else 0), escape_block_starts(text)))
        else:
            for child in children:
                if isinstance(child, Tree) and child.tag not in HIDDEN:
                    blocks += _block(child)
                    line = max(line, child.line)
    return blocks


def _block(tree: Tree) -> list[tuple[int, str]]:
    """Return the blocks that an element becomes."""
    classes = tree.attributes.get("class", "")
    if tree.is_kept or (tree.tag == "div" and "id" in tree.attributes and not tree.children):
        return [(tree.line, tree.html())]
    match tree.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            name = tree.attributes.get("id", "")
            label = f" {{#{name}}}" if re.fullmatch(r"[\w:.-]+", name) else ""
            text = " ".join(_inline(tree.children).split())
            return [(tree.line, f"{'#' * int(tree.tag[1])} {text}{label}")] if text else []
        case "ul" | "ol" | "menu":
            return [(tree.line, _list(tree))]
        case "dl":
            return [(tree.line, _definitions(tree))]
        case "blockquote":
            text = "\n\n".join(block for _, block in _blocks(tree))
            return [(tree.line, "\n".join(add_prefix(text, "> ")))]
        case "pre":
            code = tree.find("code")
            classes = " ".join([classes, *(each.attributes.get("class", "") for each in code)])
            language = LANGUAGE.search(classes)
            return [(tree.line, code_block(tree.text, language[1] if language else ""))]
        case "table":
            table = _table(tree)
            return [(tree.line, table or tree.html())]
        case "hr":
            return [(tree.line, "***")]
        case _:
            return _blocks(tree)


def _list(tree: Tree) -> str:
    items: list[str] = []
    number = int(start) if (start := tree.attributes.get("start", "1")).isdigit() else 1
    for child in tree.children:
        if isinstance(child, str):
            if child.strip():
                items.append("- " + escape(" ".join(child.split())))
            continue
        marker = f"{number}. " if tree.tag == "ol" else "- "
        blocks = _blocks(child) if child.tag == "li" else _block(child)
        text = "\n\n".join(block for _, block in blocks)
        items.append("\n".join(add_prefix(text, marker)))
        number += 1
    return "\n".join(items)


def _definitions(tree: Tree) -> str:
    parts: list[str] = []
    for child in tree.find("dt", "dd"):
        text = "\n\n".join(block for _, block in _blocks(child))
        if child.tag == "dt":
            parts.append(f"\n{' '.join(text.split())}")
        else:
            parts.append("\n".join(add_prefix(text, ": ")).replace("\n\n  ", "\n\n  "))
    return "\n".join(parts).strip("\n")


def _table(tree: Tree) -> str:
    """Return a table of Markdown; empty if it has spans, blocks in cells or a table within."""
    rows = tree.find("tr")
    cells = [[c for c in row.children if isinstance(c, Tree)] for row in rows]
    flat = [cell for row in cells for cell in row]
    spans = any(c.attributes.get(n, "1") != "1" for c in flat for n in ("colspan", "rowspan"))
    if spans or not flat or tree.find("table") or any(not _is_cell(cell) for cell in flat):
        return ""
    texts = [[" ".join(_inline(_content(cell)).split()) for cell in row] for row in cells]
    width = max(map(len, texts))
    texts = [[*row, *[""] * (width - len(row))] for row in texts]
    has_head = all(cell.tag == "th" for cell in cells[0]) or bool(tree.find("thead"))
    head = texts.pop(0) if has_head else [""] * width
    lines = [head, ["---"] * width, *texts]
    table = "\n".join(f"| {' | '.join(row)} |" for row in lines)
    captions = [" ".join(_inline(caption.children).split()) for caption in tree.find("caption")]
    return "\n\n".join([*captions, table])


def _is_cell(cell: Tree) -> bool:
    """Whether a cell holds inline content, or one paragraph of it."""
    return all(_is_inline(child) for child in _content(cell))


def _content(cell: Tree) -> list[Tree | str]:
    inner = [child for child in cell.children if isinstance(child, Tree) or child.strip()]
    only = inner[0] if len(inner) == 1 else None
    return only.children if isinstance(only, Tree) and only.tag in {"p", "div"} else cell.children


def _inline(children: list[Tree | str]) -> str:
    """Return inline content as Markdown."""
    return "".join(
        text_to_markdown(child) if isinstance(child, str) else _inline_element(child)
        for child in children
    )


def _inline_element(tree: Tree) -> str:
    if tree.has_rule:
        return f"{tree.tags[0]}{_inline(tree.children)}{tree.tags[1]}"
    if tree.tag in HIDDEN:
        return ""
    if tree.tag in CODE:
        return code_span(tree.text)
    if tree.tag == "img":
        title = tree.attributes.get("title", "").replace('"', r"\"")
        alt, source = escape(tree.attributes.get("alt", "")), tree.attributes.get("src", "")
        return f"![{alt}](<{source}>{f' {chr(34)}{title}{chr(34)}' if title else ''})"
    if tree.tag in {"br", "wbr"}:
        return " "
    inner = _inline(tree.children)
    core = inner.strip()
    before, after = (inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :])
    if tree.tag == "a" and "href" in tree.attributes and core:
        return f"{before}[{core}](<{tree.attributes['href']}>){after}"
    if tree.tag in EMPHASIS and core:
        return f"{before}{EMPHASIS[tree.tag]}{core}{EMPHASIS[tree.tag]}{after}"
    is_markup = tree.tag in {"sub", "sup", "kbd", "abbr", "mark", "del", "s", "ins"}
    start, end = tree.tags if tree.is_kept or is_markup else ("", "")
    return f"{start}{inner}{end}"
