r"""The Markdown of MDX: imports, expressions and components, as Astro's articles contain them.

Nothing of it is run. An import or a comment is left out, an expression is shown as code, and a
component becomes the element ``<jsx-sidenote jsx="Sidenote">``, which a rule converts
(:data:`~marginalia_import.rules.named.ASTRO`). What MDX allows: https://mdxjs.com/docs/what-is-mdx
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from marginalia_import.myst import shorten
from marginalia_import.report import Kind
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

CODE = (
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*(?:\n.*?^[ \t>]*(?P=fence)[`~]*[ \t]*$|.*\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|\\begin\{(?P<environment>\w+\*?)\}(?:(?!\\begin\{).)*?\\end\{(?P=environment)\}"
    r"|\$\$.*?\$\$|(?<![\\$])\$(?=[^\s$])[^$\n]+(?<![\s\\])\$(?!\d)"
)
SCRIPT = (
    r"^(?P<script>(?:import\b[^\n]*[\"'][^\n]*|export\s+(?:const|let|function|default|async|\{)[^\n]*"
    r"|import\s*\{[^\n]*)(?:\n(?![ \t]*\n)[^\n]+)*)"
)
PARTS = re.compile(
    rf"(?P<code>{CODE})|{SCRIPT}|(?P<comment>\{{/\*.*?\*/\}}|<!--.*?-->)"
    r"|(?P<escape>\\.|^[ \t>]*:::+\w[^\n]*|\{#[\w-]+\}[ \t]*$)"
    r"|(?P<tag></?(?=[A-Za-z>]))|(?P<expression>\{)",
    re.DOTALL | re.MULTILINE,
)
IMPORTED = re.compile(r"import\s+(\w+)\s+from\s+[\"']([^\"']+\.\w{2,4})[\"']")
NAME = re.compile(r"[A-Za-z][\w.:-]*")
ATTRIBUTE = re.compile(
    r"\s*(?:(?P<name>[\w:@.-]+)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|(?=\{)))?)?"
)
#: A text in JavaScript that needs no computing.
LITERAL = re.compile(
    r"""\s*(?:"([^"\\]*)"|'([^'\\]*)'|`((?:(?!\$\{)[^`\\])*)`|([\d.]+|true|false))\s*"""
)
#: A line of a list: its first, or one that continues it.
IN_LIST = re.compile(r"[ \t]|(?:[-*+]|\d+[.)])[ \t]")
QUOTES = re.compile(
    r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|/\*.*?\*/", re.DOTALL
)


@dataclass
class _Tag:
    """A tag of JSX or HTML, by its offsets."""

    name: str
    is_end: bool
    is_single: bool
    #: The values by name, as they are written; None for one without a value.
    values: dict[str, str | None]
    start: int
    end: int


class MdxSyntax(Syntax):
    """The Markdown of Astro: that of an article ``.mdx`` is MDX."""

    reads_tags = False
    links_addresses = True

    publishing = frozenset(
        "layout slug draft heroImage ogImage image sidebar template"
        " tableOfContents pagefind editUrl hero prev next banner".split()
    )
    renamed = MappingProxyType({"updatedDate": "updated", "pubDate": "date", "publishDate": "date"})

    #: The suffixes of articles in MDX.
    suffixes: tuple[str, ...] = (".mdx",)

    def prepare(self, page: ArticlePage, body: str, line: int) -> str:
        is_mdx = page.article.source.endswith(self.suffixes)
        return _Reader(page, body, line).read() if is_mdx else body

    def visible(self, text: str) -> str:
        """Return a source without its imports and comments."""

        def hidden(match: re.Match[str]) -> str:
            is_hidden = match["script"] or match["comment"]
            return "\n" * match[0].count("\n") if is_hidden else match[0]

        return PARTS.sub(hidden, text)


class DocusaurusSyntax(MdxSyntax):
    """The Markdown of Docusaurus, which reads all of it as MDX."""

    suffixes = (".md", ".mdx")
    publishing = MdxSyntax.publishing | frozenset(
        "id sidebar_label sidebar_class_name hide_title hide_table_of_contents pagination_next "
        "pagination_prev pagination_label custom_edit_url toc_min_heading_level keywords "
        "toc_max_heading_level displayed_sidebar unlisted".split()
    )
    renamed = MappingProxyType({"sidebar_position": "order", "last_update": "updated"})


class _Reader:
    """One pass over the text of an article."""

    def __init__(self, page: ArticlePage, body: str, line: int) -> None:
        self.page = page
        self.body = body
        self.first_line = line
        #: The images that the article imports, by name.
        self.images = {match[1]: match[2] for match in IMPORTED.finditer(body)}

    def read(self) -> str:
        """Return the text, on as many lines."""
        parts: list[str] = []
        position = 0
        tags = self.matched_tags()
        while match := PARTS.search(self.body, position):
            start, end = match.span()
            parts.append(self.body[position:start])
            self.page.line = self.first_line + self.body.count("\n", 0, start)
            written = match[0]
            if match["script"] or match["comment"]:
                self.page.report(Kind.SCRIPT, f"left out: {shorten(match[0])}")
                written = ""
            elif match["tag"]:
                if tag := tags.get(start):
                    written, end = self.tag(tag), tag.end
                elif tag := read_tag(self.body, start):
                    written, end = self.code(start, tag.end, "is not closed"), tag.end
            elif match["expression"] and (end := closing_brace(self.body, start)) < 0:
                end = match.end()
            elif match["expression"]:
                written = self.expression(start, end)
            lines = self.body.count("\n", start, end) - written.count("\n")
            parts.append(written + "\n" * lines)
            position = end
        parts.append(self.body[position:])
        return self.without_indents("".join(parts))

    def matched_tags(self) -> dict[int, _Tag]:
        """Return the tags by their places, without those that lack their other half."""
        tags: dict[int, _Tag] = {}
        stack: list[_Tag] = []
        position = 0
        while match := PARTS.search(self.body, position):
            position = match.end()
            if match["expression"]:
                position = max(position, closing_brace(self.body, match.start()))
            if not match["tag"] or not (tag := read_tag(self.body, match.start())):
                continue
            position = tag.end
            if tag.is_single or tag.name in {"br", "hr", "img", "input"}:
                tags[tag.start] = tag
            elif not tag.is_end:
                stack.append(tag)
            elif tag.name in [opening.name for opening in stack]:
                while (opening := stack.pop()).name != tag.name:
                    pass
                tags |= {opening.start: opening, tag.start: tag}
        return tags

    def tag(self, tag: _Tag) -> str:
        """Return a tag as HTML: its values are texts, and a component has a name of its own."""
        if not tag.name:
            return ""
        is_component = tag.name[0].isupper() or "." in tag.name
        name = f"jsx-{tag.name.lower().replace('.', '-')}" if is_component else tag.name
        if tag.is_end:
            return f"</{name}>"
        values = {"jsx": tag.name} if is_component else {}
        for key, source in tag.values.items():
            value = self.value(source)
            if value is None:
                self.page.report(Kind.EXPRESSION, f"in <{tag.name}>: {key}={source}")
            else:
                values[{"className": "class"}.get(key, key)] = value
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in values.items())
        single = "/" if tag.is_single else ""
        return f"<{name}{' '.join(attributes.splitlines())}{single}>"

    def value(self, source: str | None) -> str | None:
        """Return the value of an attribute; None if it would have to be computed."""
        if source is None:
            return "true"
        if source[0] != "{":
            return source[1:-1]
        inner = source[1:-1].strip()
        if literal := LITERAL.fullmatch(inner):
            return next(text for text in literal.groups() if text is not None)
        return self.images.get(inner.removesuffix(".src"))

    def expression(self, start: int, end: int) -> str:
        """Return the text of an expression, or its code where it would have to be computed."""
        literal = LITERAL.fullmatch(self.body[start + 1 : end - 1])
        if literal:
            return next(text for text in literal.groups() if text is not None)
        return self.code(start, end, "")

    def code(self, start: int, end: int, problem: str) -> str:
        source = self.body[start:end]
        kind = Kind.BROKEN_TAG if problem else Kind.EXPRESSION
        message = f"{source.strip('</>').split()[0]} {problem}" if problem else "in the text"
        return self.page.placeholders.add(self.page.show_as_code(source, kind, message))

    def without_indents(self, text: str) -> str:
        """Return the text without the indents of components: MDX has no indented code.

        A component in a list stays as far in it as its first line.
        """
        lines = text.split("\n")
        depth = outer = kept = 0
        for number, line in enumerate(lines):
            if not depth and re.match(r"\s*<jsx-", line):
                outer = len(line) - len(line.lstrip())
                above = next((each for each in reversed(lines[:number]) if each.strip()), "")
                kept = outer if IN_LIST.match(above) else 0
            ends = len(re.findall(r"</jsx-", line))
            depth_here = depth - (1 if re.match(r"\s*</jsx-", line) else 0)
            inside = max(depth_here, 0)
            if depth or re.match(r"\s*<jsx-", line):
                indent = rf"^(\s{{0,{kept}}})[ ]{{0,{outer - kept}}}(?: {{1,2}}|\t){{0,{inside}}}"
                lines[number] = re.sub(indent, r"\1", line)
            depth += len(re.findall(r"<jsx-[^<>]*[^/<>]>", line)) - ends
        return "\n".join(lines)


def read_tag(text: str, start: int) -> _Tag | None:
    """Return the tag that begins at *start*; None if it is none."""
    is_end = text.startswith("</", start)
    position = start + 1 + is_end
    name = NAME.match(text, position)
    position = name.end() if name else position
    values: dict[str, str | None] = {}
    while True:
        match = ATTRIBUTE.match(text, position)
        assert match is not None
        position = match.end()
        if text.startswith("{", position):
            end = closing_brace(text, position)
            if end < 0:
                return None
            values[match["name"] or "…"] = text[position:end]
            position = end
        elif match["name"]:
            values[match["name"]] = match["value"]
        else:
            break
    is_single = text.startswith("/", position)
    position += is_single
    if not text.startswith(">", position):
        return None
    return _Tag(name[0] if name else "", is_end, is_single, values, start, position + 1)


def closing_brace(text: str, start: int) -> int:
    """Return the end of the expression in braces that begins at *start*; -1 without one."""
    depth, position = 0, start
    while position < len(text):
        if quoted := QUOTES.match(text, position) if text[position] in "\"'`/" else None:
            position = quoted.end()
            continue
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        position += 1
        if depth == 0:
            return position
    return -1
