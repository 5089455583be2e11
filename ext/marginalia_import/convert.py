"""Convert one article to MyST: front matter, title, body."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from marginalia_import import frontmatter
from marginalia_import.addresses import anchor_variants, label_for
from marginalia_import.blocks import (
    HEADING_ID,
    BlockConverter,
    Outline,
    escape_heading_end,
    heading_words,
)
from marginalia_import.extensions import convert_extensions, read_abbreviations
from marginalia_import.html.blocks import convert_details_and_figures
from marginalia_import.html.elements import convert_elements
from marginalia_import.html.tree import page_to_markdown
from marginalia_import.myst import escape
from marginalia_import.notes import name_footnotes, read_footnotes
from marginalia_import.page import ArticlePage
from marginalia_import.parser import code_block_lines, parse_blocks
from marginalia_import.placeholders import Placeholders
from marginalia_import.report import Kind
from marginalia_import.sites.tufte_html import SUFFIXES, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marginalia_import.links import Links
    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, Site

TAG_LINE = re.compile(r"^((?:[ \t]*>)* {0,3})(?:\{%[^\n]*%\}|</?jsx-[^\n]*>)[ \t]*$", re.MULTILINE)
#: The end of an element before code, which kramdown does not read as a part of the element.
ELEMENT_END = re.compile(r"^ {0,3}</[a-zA-Z][\w-]*>[ \t]*$(?=\n {0,3}(?:```|~~~))", re.MULTILINE)
FIRST_HEADING = re.compile(
    r"\A(?P<before>(?:\s|<!--.*?-->)*+)"
    r"(?:#[ \t]+(?P<atx>[^\n]+?)[ \t]*#*[ \t]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?:\n|\Z)",
    re.DOTALL,
)
#: A tag alone on its line that only wraps sections; Sphinx writes its own.
WRAPPER = re.compile(r"^ {0,3}</?(?:article|section|main)>[ \t]*$", re.MULTILINE)
#: One with a class may mean something.
MEANT = re.compile(r"<(?:article|section|main)\s")
#: What every fence of a directive contains.
DIRECTIVE = re.compile(r"```\s*\{|~~~\s*\{")
BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
#: A blank line at the end of a quote.
QUOTE_END = re.compile(r"\n[ \t]*>[ \t>]*(?=\n[ \t]*(?:\n|\Z)|\Z)")


def convert_article(
    site: Site,
    links: Links,
    article: Article,
    text: str,
    report: Report,
    key_ideas: bool = False,
    numbers: Sequence[int] = (),
) -> str:
    """Return an article in MyST, with placeholders for the labels of headings.

    :param links: the links of all articles, to which those of this one are added
    :param key_ideas: turn each quotation that defines a term into a key idea
    :param numbers: the line of the source for each line of the text, if they differ
    """
    front, body, line = frontmatter.read(text)
    if article.source.endswith(SUFFIXES):
        body, facts, first = read_page(body)
        front.values = {**facts, **front.values}
        body, numbers = page_to_markdown(body, line + first - 1, site.element_rules)
        line = 1
    steps = (_convert_blocks, convert_elements)
    page = ArticlePage(site, article, report, Placeholders(text), links, *steps)
    page.line_numbers = [*numbers]
    page.abbreviations = read_abbreviations(page, body, line)
    page.defined_footnotes, page.used_footnotes = read_footnotes(body)
    links.footnotes.update(label_for(name) for name in page.defined_footnotes)
    page.count("articles")
    values = _convert_front_matter(page, front)
    body = _without_wrappers(page.syntax.prepare(page, body, line))
    title, body, line = _split_title(page, front.values, body, line)
    outline = Outline()
    converted = _convert_blocks(page, body, line, key_ideas=key_ideas, outline=outline)
    if outline.changed:
        page.report(Kind.HEADINGS, "heading levels changed: some were skipped", line)
    label = links.add_heading(article, [article.slug, *page.title_anchors])
    head = f"({label})=\n# {escape_heading_end(title)}\n\n"
    text = name_footnotes(f"{head}{converted.strip(chr(10))}\n", page.defined_footnotes)
    return f"{frontmatter.write(values)}{_without_directives(page, text)}"


def _without_wrappers(body: str) -> str:
    """Return an article, on as many lines, without the tags of HTML that only hold its sections."""
    lines = body.split("\n")
    if not WRAPPER.search(body) or MEANT.search(body):
        return body
    code = code_block_lines(body, definition_lists=False)
    inside = {number for start, end, _ in code for number in range(start, end)}
    return "\n".join(
        "" if WRAPPER.fullmatch(line) and number not in inside else line
        for number, line in enumerate(lines)
    )


def _without_directives(page: ArticlePage, text: str) -> str:
    """Return *text* with no fence of the old site that MyST would read as a directive.

    Our own directives have colons. No other should be left; this makes sure of it.
    """
    if not DIRECTIVE.search(text):
        return text
    lines = text.split("\n")
    for token in parse_blocks(text, definition_lists=True):
        if token.type == "fence" and token.map and token.info.lstrip().startswith("{"):
            line = lines[token.map[0]]
            lines[token.map[0]] = line[: line.rindex(token.markup) + len(token.markup)]
            page.report(Kind.LANGUAGE, f"code in {token.info.strip()!r} is not highlighted")
    return "\n".join(lines)


# The title


def _split_title(
    page: ArticlePage, values: dict[str, Any], body: str, line: int
) -> tuple[str, str, int]:
    """Return the title in MyST, and the body without it with its first source line.

    The title is that of the front matter; else a first-level heading at the beginning; else the
    name of the file.
    """
    title = plain_title(page, values)
    first = FIRST_HEADING.match(body)
    heading = (first["atx"] or first["setext"]).strip() if first else ""
    if identifier := HEADING_ID.search(heading):
        heading = heading[: identifier.start()]
        if page.syntax.publishing:
            page.title_anchors.append(identifier[1])
    repeats = anchor_variants(heading)[0] == anchor_variants(title)[0]
    if first and (not title or repeats):
        page.line = line + body[: first.end()].count("\n") - 1
        page.title_anchors.append(heading_words(page, heading))
        if title:
            words = "" if heading == title else f"{heading} "
            page.report(Kind.TITLE, f"the first heading repeats the title: {words}left out")
        myst = escape(title) if title else page.inline(heading)
        # Comments above stay, and so do the numbers of lines.
        lines = "\n" * first[0].count("\n", first.end("before"))
        return myst, first["before"] + lines + body[first.end() :], line
    if title:
        return escape(title), body, line
    name = page.article.slug.replace("-", " ").replace("_", " ").strip() or "Untitled"
    page.report(Kind.TITLE, "no title: the file name is used", 1)
    return escape(name[:1].upper() + name[1:]), body, line


def plain_title(page: ArticlePage, values: dict[str, Any]) -> str:
    """Return the title of the front matter as text; Jekyll's may contain HTML."""
    title = " ".join(str(values.get("title") or "").split())
    if page.syntax.kramdown:
        title = unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", title))
    return title


# The body


def _convert_blocks(
    page: ArticlePage,
    text: str,
    line: int,
    *,
    tags: bool = True,
    key_ideas: bool = False,
    outline: Outline | None = None,
) -> str:
    """Return blocks in MyST.

    :param line: the source line with which they begin
    :param tags: whether tags are read
    :param outline: the heading levels of the article; None for the text of a note
    """
    # A tag that fills its line is a line of its own, whatever Markdown makes of its arguments.
    without_tags = TAG_LINE.sub(r"\1", text) if tags else text
    if page.syntax.kramdown:
        without_tags = ELEMENT_END.sub("", without_tags)
    code = code_block_lines(without_tags, definition_lists=page.syntax.definition_lists)
    buffer = page.convert_templates(text, code, line=line, tags=tags)
    buffer = page.syntax.to_commonmark(page, buffer)
    buffer = convert_elements(page, convert_extensions(page, buffer, key_ideas=key_ideas))
    buffer = convert_details_and_figures(page, buffer)
    converted = BlockConverter(page, buffer, outline is None, outline or Outline()).convert()
    # Things that were taken out leave blank lines. Those in code are not in the text yet.
    converted = QUOTE_END.sub("", BLANK_LINES.sub("\n\n", converted))
    return page.placeholders.restore(converted)


# The front matter


def _convert_front_matter(page: ArticlePage, front: frontmatter.FrontMatter) -> dict[str, Any]:
    """Return the entries of the front matter that sphinx-marginalia reads."""
    if front.error:
        source = " ".join(front.source.split())
        message = f"front matter could not be read ({front.error}); left out: {source}"
        page.report(Kind.FRONT_MATTER, message, front.error_line)
    values: dict[str, Any] = {}
    publishing = frontmatter.PUBLISHING | page.syntax.publishing
    for key, value in page.syntax.front_matter(front.values).items():
        if key in publishing or key.casefold() in frontmatter.RESERVED:
            line = front.lines.get(key, 1)
            page.report(Kind.FRONT_MATTER, f"{key}: {value!r} left out", line)
        else:
            values[key] = value
    if "title" in values:
        values["title"] = plain_title(page, values)
    if page.article.block:
        values.setdefault("block", page.article.block)
    if page.article.date:
        values.setdefault("date", page.article.date)
    if isinstance(values.get("prerequisites"), list):
        line = front.lines.get("prerequisites", 1)
        values["prerequisites"] = [_prerequisite(page, i, line) for i in values["prerequisites"]]
    if isinstance(values.get("glossary"), list):
        _read_glossary(page, values["glossary"], front.lines.get("glossary", 1))
    return values


def _prerequisite(page: ArticlePage, item: Any, line: int) -> Any:
    """Return the document that a prerequisite names, or else the item as it is."""
    address = item.get("url") if isinstance(item, dict) else item
    if not isinstance(address, str) or not address.strip():
        return item
    if article := page.site.find_article(page.article, address.partition("#")[0]):
        return article.docname
    page.report(Kind.UNRESOLVED_PREREQUISITE, f"{address} is not in the site", line)
    return item


def _read_glossary(page: ArticlePage, items: list[Any], line: int) -> None:
    """Add the terms of the article to the glossary of the project."""
    for item in items:
        if isinstance(item, dict) and item.get("term") and item.get("definition"):
            page.count("glossary_terms")
            term, definition = str(item["term"]), " ".join(str(item["definition"]).split())
            text = page.inline(definition, tags=False)
            if other := page.site.define_term(term, text, page.article.docname):
                page.report(Kind.TERM, f"{term!r} is also defined in {other}", line)
