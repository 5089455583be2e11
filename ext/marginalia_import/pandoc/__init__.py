r"""The Markdown of Pandoc, as Quarto and bookdown write it: cells, raw blocks, labelled formulas.

This module reads whole lines before the common conversion does: fences, formulas with an id,
headings, raw TeX. :mod:`~marginalia_import.pandoc.blocks` and
:mod:`~marginalia_import.pandoc.inline` rewrite the rest, with placeholders for code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from marginalia_import import myst
from marginalia_import.attributes import ATTRIBUTE_LIST, Attributes, parse_attributes
from marginalia_import.frontmatter import author_names
from marginalia_import.lines import strip_prefix
from marginalia_import.myst import Directive, directive_block
from marginalia_import.pandoc import lists
from marginalia_import.pandoc.blocks import ENVIRONMENTS, PandocRewriter
from marginalia_import.pandoc.cells import CellConverter, read_cell
from marginalia_import.pandoc.divs import THEOREM_CLASSES
from marginalia_import.pandoc.includes import expand
from marginalia_import.pandoc.inline import WEB
from marginalia_import.pandoc.tables import convert_tables, in_reading_order
from marginalia_import.placeholders import Block
from marginalia_import.report import Kind
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from pathlib import Path

    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment

FENCE = re.compile(
    r"^(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)"
    # knitr reads a header with a backquote, which CommonMark takes for a span of code.
    r"(?P<fence>~{3,}|`{3,}(?=[^`]*$|[ \t]*\{.*\}[ \t]*(?:`r ''`)?$))"
    r"(?P<info>.*?)(?P<shown>`r ''`)?$"
)
#: Where a comment begins and ends; what a span of code contains is none of them.
COMMENT_SIGNS = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|(?P<sign><!--|-->)")
PART = re.compile(
    r"^#[ \t]+\((?:PART|APPENDIX)\\?\*?\)[ \t]*(?P<title>.*?)[ \t]*(?:\{[^{}]*\})?[ \t]*$"
)
HEADING = re.compile(
    rf"^(?P<text>#{{1,6}}[ \t]+.*?)[ \t]*(?P<list>{ATTRIBUTE_LIST.pattern})[ \t]*#*[ \t]*$"
)
#: A command of TeX alone on its line, which only a PDF shows.
TEX_LINE = re.compile(r"^[ \t]*(?:\\[a-zA-Z]+\*?(?:\[[^\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\})*[ \t]*)+$")
ENVIRONMENT = re.compile(
    rf"^[ \t]*\\begin\{{(?P<name>(?:{'|'.join(ENVIRONMENTS)})\*?)\}}(?P<tex>.*?)"
    r"\\end\{(?P=name)\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
DOLLARS = re.compile(
    r"^(?P<prefix>[ \t>]*)\$\$(?P<tex>(?:\\.|[^$\\])+?)\$\$[ \t]*(?P<list>\{#[^{}\n]*\})?[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
BRACKETS = re.compile(
    r"^(?P<prefix>[ \t>]*)\\\[[ \t]*\n(?P<tex>(?:(?![ \t]*\n)[^\n]*\n)+?)"
    r"[ \t>]*\\\](?P<list>)[ \t]*$",
    re.MULTILINE,
)
PARENTHESES = re.compile(r"(?<!\\)\\\((?P<tex>[^`$\n]+?)\\\)")
LABEL = re.compile(r"\(\\#(eq:[\w:-]+)\)|\\label\{([^{}]+)\}")


class PandocSyntax(Syntax):
    """Pandoc's Markdown with the additions of Quarto or bookdown."""

    #: What precedes the ids of figures.
    figure_prefix = ""
    publishing = frozenset(
        "format output documentclass classoption geometry linkcolor execute editor knit engine "
        "bibliography csl link-citations site toc toc-depth number-sections header-includes "
        "biblio-style fontsize mainfont monofont papersize github-repo cover-image favicon url "
        "jupyter code-fold code-tools comments listing page-layout aliases image lang "
        "reference-location citation-location nocite filters theme css lof lot colorlinks "
        "always_allow_html params runtime sidebar webr freeze eval fig-cap-location".split()
    )
    reads_tags = False
    typographer = True
    definition_lists = True
    links_addresses = True

    def prepare(self, page: ArticlePage, body: str, line: int) -> str:
        if "::: {.cell" in body:
            message = "cells are shown as Quarto executed them: code that it hid is left out"
            page.report(Kind.CELL, message, line)
        return _LineReader(page, body, line, self.figure_prefix).read()

    def expand(self, root: Path, path: str, text: str) -> tuple[str, list[int]]:
        return expand(root, path, text)

    def visible(self, text: str) -> str:
        return lists.LABEL.sub("", in_reading_order(text))

    def rewrite(self, page: ArticlePage, buffer: Buffer, *, is_inline: bool) -> Buffer:
        return PandocRewriter(page, buffer, is_inline=is_inline).rewrite()

    def front_matter(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the entries with the authors as names, and a subtitle within the title."""
        values = super().front_matter(values)
        authors = values.pop("author", None) or values.pop("authors", None)
        if names := author_names(authors):
            values["author"] = names if len(names) > 1 else names[0]
        if subtitle := values.pop("subtitle", ""):
            values["title"] = f"{values.get('title', '')}: {subtitle}".removeprefix(": ")
        values = {key: value for key, value in values.items() if "`r " not in str(value)}
        for key in ("title", "description"):
            if isinstance(values.get(key), str):
                values[key] = re.sub(r"(\*\*?|`)(.+?)\1", r"\2", values[key])
        return values


class _LineReader:
    """One pass over the lines of an article. What it converts becomes placeholders."""

    def __init__(self, page: ArticlePage, body: str, line: int, figure_prefix: str) -> None:
        self.page = page
        self.body = body
        self.first_line = line
        self.cells = CellConverter(page, prefix=figure_prefix)
        #: The lines of formulas that stay as they are.
        self.formulas: set[int] = set()

    def read(self) -> str:
        """Return the text, on as many lines."""
        self.lines = self.body.split("\n")
        convert_tables(self.page, self.lines, self.first_line)
        fences = [*self.fences()]
        code = {number for start, end, _ in fences for number in range(start, end + 1)}
        self.cells.read_texts(self.lines, code)
        lists.convert_lists(self.lines, code)
        lists.convert_line_blocks(self.lines, code)
        text = [line if n not in code else "\0" for n, line in enumerate(self.lines)]
        formulas = self.read_formulas("\n".join(text)).split("\n")
        self.lines = [self.lines[n] if n in code else line for n, line in enumerate(formulas)]
        for start, end, match in fences:
            self.page.line = self.first_line + start
            self.read_fence(start, end, match)
        in_comment = False
        for number, line in enumerate(self.lines):
            signs = [sign for _, sign in COMMENT_SIGNS.findall(line) if sign]
            in_comment = signs[-1] == "<!--" if signs else in_comment
            if number not in code | self.formulas and not in_comment:
                self.page.line = self.first_line + number
                self.lines[number] = self.read_line(line)
        self.move_title_up()
        return "\n".join(self.lines)

    def fences(self) -> list[tuple[int, int, re.Match[str]]]:
        """Return first line, last line and opening of each fence."""
        fences: list[tuple[int, int, re.Match[str]]] = []
        number = 0
        while number < len(self.lines):
            match = FENCE.match(self.lines[number])
            start, number = number, number + 1
            if match is None:
                continue
            # One that is indented further is code, as Markdown has it.
            signs = f"{match['fence'][0]}{{{len(match['fence'])},}}"
            closing = re.compile(rf"^[ \t>]{{0,{len(match['prefix']) + 3}}}{signs}[ \t]*$")
            while number < len(self.lines) and not closing.match(self.lines[number]):
                number += 1
            fences.append((start, min(number, len(self.lines) - 1), match))
            number += 1
        return fences

    def replace(self, start: int, end: int, prefix: str, fragment: Fragment) -> None:
        """Put a placeholder in place of lines."""
        blank = re.sub(r"[^>]", " ", prefix).rstrip()
        self.lines[start] = prefix + self.page.placeholders.add(fragment)
        self.lines[start + 1 : end + 1] = [blank] * (end - start)

    def read_fence(self, start: int, end: int, match: re.Match[str]) -> None:
        """Convert a cell, raw block or block of code with attributes; other fences stay."""
        info = match["info"].strip()
        if match["shown"]:  # as knitr's own documentation shows a cell
            self.lines[start] = match[0].removesuffix(match["shown"])
        if match["shown"] or not info.startswith("{") or info.startswith("{{"):
            return
        indent = re.sub(r"[^ \t>]", " ", match["prefix"])
        code = strip_prefix("\n".join(["", *self.lines[start + 1 : end]]), indent).split("\n")[1:]
        header = info[1:].rpartition("}")[0] or info[1:]
        attributes = parse_attributes(header) if header.lstrip()[:1] in {".", "#", "="} else None
        if attributes and attributes.raw_format:
            self.read_raw(start, end, attributes.raw_format)
        elif attributes:
            self.replace(start, end, match["prefix"], self.plain_code(attributes, code))
        else:
            cell = read_cell(header, code)
            # Old versions of bookdown write callouts and theorems as cells.
            is_block = cell.language in {"block", "block2"}
            kind = cell.options.get("type", cell.language) if is_block else cell.language
            if is_block or kind in THEOREM_CLASSES:
                name = cell.options.get("name", "")
                identifier = f"#{cell.label} " if cell.label else ""
                self.lines[start] = f'{match["prefix"]}:::: {{.{kind} {identifier}name="{name}"}}'
                self.lines[end] = f"{indent}::::"
                return
            self.replace(start, end, match["prefix"], self.cells.convert(cell))

    def read_raw(self, start: int, end: int, raw_format: str) -> None:
        """Keep raw HTML; show what is written for another format as code."""
        if raw_format in WEB:
            self.lines[start] = self.lines[end] = ""
            return
        text = "\n".join(self.lines[start + 1 : end])
        self.page.report(Kind.RAW_FORMAT, f"{raw_format} is shown as code: {myst.shorten(text)}")
        language = {"tex": "latex"}.get(raw_format, raw_format)
        self.replace(start, end, "", Block(myst.code_block(text, self.page.language(language))))

    def plain_code(self, attributes: Attributes, code: list[str]) -> Fragment:
        """Return a block of code that has attributes, ``{.python filename="a.py"}``."""
        language, *others = [*attributes.classes, ""]
        values = dict(attributes.values)
        names = ("lst-cap", "caption", "filename")
        caption = next((values.pop(name) for name in names if values.get(name)), "")
        if left_out := [*filter(None, {*others} - {"cell-code"}), *values]:
            self.page.report(Kind.ATTRIBUTES, f"{{: {' '.join(left_out)}}} left out")
        language = self.page.language(language.lower().replace("sourcecode", ""))
        text = "\n".join(code)
        if not caption:
            return Block(myst.code_block(text, language), myst.code_span(text))
        label = self.page.define(attributes.identifier, "code")
        options = {"caption": self.page.inline(caption), **({"name": label} if label else {})}
        return Block(directive_block(Directive("code-block", language, options), text))

    # Formulas

    def read_formulas(self, text: str) -> str:
        """Return the text with placeholders for formulas that have an id or are environments."""

        def labelled(match: re.Match[str]) -> str:
            identifier = parse_attributes(match["list"] or "").identifier
            tex = match["tex"]
            environment = ENVIRONMENT.fullmatch(tex.strip())
            has_label = identifier or LABEL.search(tex)
            if "\0" in tex or re.search(r"\n[ \t>]*\n", tex):
                return match[0]
            if not (has_label or environment):
                first = text.count("\n", 0, match.start())
                self.formulas.update(range(first, first + match[0].count("\n") + 1))
                return match[0]
            return match["prefix"] + self.formula(match, tex, identifier)

        def environment(match: re.Match[str]) -> str:
            return match[0] if "\0" in match[0] else self.formula(match, match[0].strip(), "")

        def bracketed(match: re.Match[str]) -> str:
            return match["prefix"] + self.formula(match, match["tex"], "")

        text = ENVIRONMENT.sub(environment, DOLLARS.sub(labelled, BRACKETS.sub(bracketed, text)))
        return PARENTHESES.sub(r"$\g<tex>$", text) if self.cells.prefix else text

    def formula(self, match: re.Match[str], tex: str, identifier: str) -> str:
        r"""Return the placeholder of a formula, and as many lines as it had.

        A formula with a label is the directive ``math``; ``\begin{align}`` becomes ``aligned``.
        """
        self.page.line = self.first_line + match.string.count("\n", 0, match.start())
        if found := LABEL.search(tex):
            identifier = identifier or found[1] or found[2]
        tex = LABEL.sub("", re.sub(r"(?m)^[ \t>]*>", "", tex)).strip()
        tex = re.sub(r"\n[ \t]*(?=\n)", "", tex)
        inner = ENVIRONMENT.fullmatch(tex)
        label = self.page.define(identifier, "equation")
        if inner and not label:
            fragment: Fragment = Block(tex, myst.inline_math(inner["tex"]))
        else:
            fragment = Block(myst.equation(tex, label))
        return self.page.placeholders.add(fragment) + "\n" * match[0].count("\n")

    # Lines

    def read_line(self, line: str) -> str:
        """Return a line of text: a heading with its id alone, no part, no TeX."""
        if part := PART.match(line):
            self.page.report(Kind.CONTENTS, f"the part {part['title']!r} is in the contents")
            return ""
        if TEX_LINE.match(line):
            self.page.report(Kind.ATTRIBUTES, f"{line.strip()} left out")
            return ""
        if heading := HEADING.match(line):
            attributes = parse_attributes(heading["list"])
            classes = {*attributes.classes} - {"unnumbered", "unlisted"}
            if classes or attributes.values:
                self.page.report(Kind.ATTRIBUTES, f"{{: {attributes.description}}} left out")
            identifier = f" {{#{attributes.identifier}}}" if attributes.identifier else ""
            return f"{heading['text']}{identifier}"
        return line

    def move_title_up(self) -> None:
        """Move the first heading, the title, above the cells and comments before it."""
        cells: list[str] = []
        is_comment = False
        for number, line in enumerate(self.lines):
            is_comment = is_comment or line.lstrip().startswith("<!--")
            if re.match(r"#[ \t]+\S", line) and len(cells) * 2 <= number:
                above = [line, *(part for cell in cells for part in ("", cell))]
                if cells:
                    self.lines[: number + 1] = above + [""] * (number + 1 - len(above))
                return
            is_cell = self.page.placeholders.pattern.fullmatch(line.strip())
            if line.strip() and not is_comment and not is_cell:
                return
            is_comment = is_comment and "-->" not in line
            cells += [line] * bool(line.strip())
