"""Code cells of Quarto and R Markdown: what an article shows of code that nobody runs here.

A cell that only includes pictures becomes figures. The code of any other stays, with its caption
and label; the options and the missing output are reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import.attributes import parse_options, unquote
from marginalia_import.links import figure
from marginalia_import.myst import Directive, code_block, code_span, directive_block, plain_text
from marginalia_import.pandoc.inline import wide_class
from marginalia_import.placeholders import Block, Verbatim
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment

OPTION_LINE = re.compile(r"^[ \t]*(?:#|//|%%|--)\|[ \t]?(?P<text>.*)$")
YAML_OPTION = re.compile(r"(?P<key>[\w.-]+):[ \t]*(?P<value>.*)")
#: An option as R writes it, ``fig.cap = "A map",``.
R_OPTION = re.compile(r"[\w.-]+[ \t]*=")
#: The caption within code that prints a table; labs() is that of a drawing.
CODE_CAPTION = re.compile(r"""\bcaption\s*=\s*(?:"([^"]+)"|'([^']+)')""")
#: Code that does nothing but show pictures.
INCLUDE = re.compile(
    r"""(?:knitr::)?include_graphics\(\s*(?:path\s*=\s*)?
        (?P<paths>(?:c\(\s*)?(?:["'][^"'\n]+["']\s*,?\s*)+\)?)(?:,?\s*[\w.]+\s*=\s*[^()]*)?\s*\)""",
    re.VERBOSE,
)
PATH = re.compile(r"""["']([^"'\n]+)["']""")
#: A line that is a comment or loads a package.
NO_CODE = re.compile(r"^\s*(?:#.*|library\([\w.]+\)|require\([\w.]+\))?\s*$")
CAPTIONS = ("fig-cap", "tbl-cap", "lst-cap", "fig.cap", "cap")
#: The options that only say how the cell is run or numbered.
USED = frozenset(
    {*CAPTIONS, "label", "fig-alt", "out-width", "column", "fig-margin", "fig-align"}
    | {"fig-fullwidth"}
)
TEXT_DEFINITION = re.compile(r"^\(ref:(?P<name>[\w-]+)\)[ \t]+(?P<text>.+)$")
TEXT_REFERENCE = re.compile(r"\(ref:([\w-]+)\)")
#: The languages that draw a picture.
DIAGRAMS = frozenset({"mermaid", "dot", "tikz", "plantuml"})
#: Cells with ``echo: false`` or the like.
NO = frozenset({"false", "f", "no"})


@dataclass(frozen=True)
class Cell:
    """A cell as it was written."""

    language: str
    label: str
    options: dict[str, str]
    #: The code without the lines of options.
    code: str

    @property
    def caption(self) -> str:
        """The caption of its figure, table or listing."""
        if caption := next((self.options[key] for key in CAPTIONS if self.options.get(key)), ""):
            return caption
        table = None if "labs(" in self.code else CODE_CAPTION.search(self.code)
        return table[1] or table[2] if table else ""

    @property
    def is_table(self) -> bool:
        """Whether its output is a table."""
        return "tbl-cap" in self.options or not any(self.options.get(key) for key in CAPTIONS)

    @property
    def pictures(self) -> list[str]:
        """The paths of the pictures that it includes, if it does nothing else."""
        lines = [line for line in self.code.split("\n") if not NO_CODE.match(line)]
        match = INCLUDE.fullmatch("\n".join(lines).strip())
        return PATH.findall(match["paths"]) if match else []

    def is_off(self, option: str) -> bool:
        """Whether an option is false."""
        return self.options.get(option, "").lower() in NO


def read_cell(header: str, lines: list[str]) -> Cell:
    """Return the cell with a header such as ``r map, echo=FALSE`` and the lines of its fence."""
    language, label, options = parse_options(header)
    code = list(lines)
    key = ""
    while code and (match := OPTION_LINE.match(code[0])):
        code.pop(0)
        if R_OPTION.match(match["text"]):
            options.update(parse_options(f"r, {match['text'].rstrip(', ')}")[2])
        elif option := YAML_OPTION.fullmatch(match["text"]):
            key = option["key"].replace(".", "-")
            value = option["value"].strip()
            options[key] = "" if value in {"|", ">", "|-", ">-"} else unquote(value)
        elif key:
            options[key] = f"{options[key]} {match['text'].strip()}".strip()
    return Cell(language, label or options.get("label", ""), options, "\n".join(code))


@dataclass
class CellConverter:
    """Converts the cells of an article."""

    page: ArticlePage
    #: The captions that bookdown defines apart, ``(ref:name) text``.
    texts: dict[str, str] = field(default_factory=dict)
    #: The prefix of the ids of figures, ``fig:`` in bookdown.
    prefix: str = ""

    def read_texts(self, lines: list[str], code: Collection[int]) -> None:
        """Take the captions that bookdown writes apart out of the lines of an article.

        :param code: the numbers of the lines of code
        """
        name = ""
        for number, line in enumerate(lines):
            match = TEXT_DEFINITION.match(line) if number not in code else None
            name = match["name"] if match else name if line.strip() else ""
            if name:
                text = match["text"] if match else f"{self.texts[name]} {line.strip()}"
                self.texts[name], lines[number] = text, ""

    def convert(self, cell: Cell) -> Fragment:
        """Return what a cell becomes."""
        page = self.page
        others = sorted(set(cell.options) - USED)
        left_out = f"; options left out: {', '.join(others)}" if others else ""
        if cell.options.get("fig-alt") and not cell.pictures:
            left_out += f"; the missing picture is described: {cell.options['fig-alt']}"
        name = f"{cell.language or 'code'} cell"
        if cell.pictures:
            if others:
                page.report(Kind.CELL, f"{name} becomes a figure{left_out}")
            return self.figures(cell, cell.pictures)
        if "child" in cell.options:
            left_out += f"; the child document {cell.options['child']} is not included"
        if not cell.code.strip() and cell.caption:
            page.report(Kind.CELL, f"{name} has no code of its own{left_out}")
            return Block(self.missing(cell))
        if not cell.code.strip():
            page.report(Kind.CELL, f"{name} is empty{left_out}")
            return Verbatim("")
        if cell.is_off("include") or cell.options.get("purl") == "only":
            page.report(Kind.CELL, f"{name} that was hidden becomes a comment{left_out}")
            return Block("\n".join(f"% {line}".rstrip() for line in cell.code.split("\n")))
        no_output = "" if cell.is_off("eval") else " is shown without its output"
        page.report(Kind.CELL, f"{name}{no_output or ' was not run'}{left_out}")
        return Block(self.code(cell), code_span(cell.code))

    def code(self, cell: Cell) -> str:
        """Return the code, folded if the old site did not show it."""
        drawn = cell.language in DIAGRAMS
        language = "text" if drawn else self.page.language(cell.language.lower())
        caption = self.caption(cell)
        if not caption:
            shown = code_block(cell.code, language)
        else:
            label = self.page.define(self.identifier(cell), "code", plain_text(caption))
            options = {"caption": caption, **({"name": label} if label else {})}
            shown = directive_block(Directive("code-block", language, options), cell.code)
        if cell.is_off("echo"):
            return directive_block(Directive("dropdown", "Code"), shown)
        return shown

    def missing(self, cell: Cell) -> str:
        """Return the caption of a figure that code elsewhere draws."""
        options = {}
        name = "Table" if cell.is_table else "Figure"
        if label := self.page.define(self.identifier(cell), "block", name):
            options["name"] = label
        return directive_block(Directive("container", "cell", options), self.caption(cell))

    def caption(self, cell: Cell) -> str:
        """Return the caption in MyST."""
        text = TEXT_REFERENCE.sub(lambda match: self.texts.get(match[1], match[0]), cell.caption)
        return self.page.inline(text) if text else ""

    def identifier(self, cell: Cell) -> str:
        """Return the id by which references name what the cell shows."""
        label = cell.label.strip()
        if not label or not self.prefix:
            return label
        return f"{'tab:' if cell.is_table else self.prefix}{label}"

    def figures(self, cell: Cell, paths: list[str]) -> Block:
        """Return the pictures as figures; the first has the caption and the label."""
        caption = self.caption(cell)
        width = cell.options.get("out-width", "")
        options = {"width": width} if re.fullmatch(r"\d+(?:\.\d+)?(?:px|%)", width) else {}
        column = cell.options.get("column")
        if column == "margin" or cell.options.get("fig-margin", "") == "TRUE":
            options["figclass"] = "margin"
        elif wide_class([f"column-{column}"]) or cell.options.get("fig-fullwidth") == "TRUE":
            options["figclass"] = "fullwidth"
        if caption and (label := self.page.define_figure(self.identifier(cell), paths[0])):
            options["name"] = label
        alt = " ".join(cell.options.get("fig-alt", "").split())  # no Markdown
        blocks: list[str] = []
        for path in paths:
            blocks.append(figure(self.page, path, caption, alt, options).text)
            caption, options = "", {**options, "name": ""}
        return Block("\n\n".join(blocks))
