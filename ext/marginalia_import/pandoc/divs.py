"""Divs of Pandoc, ``::: {.class}``, by their classes.

Callouts and theorems become admonitions, what is in the margin a margin note, sets of tabs those of
sphinx-design. Of a div that only says how its text is laid out the text stays; an unknown one
becomes a plain block.
"""

from __future__ import annotations

import re
from itertools import pairwise

from marginalia_import.attributes import ATTRIBUTE_LIST, Attributes, parse_attributes
from marginalia_import.crossrefs import THEOREMS
from marginalia_import.lines import Buffer
from marginalia_import.myst import Directive, callout, escape_block_starts, plain_text
from marginalia_import.myst.names import CALLOUTS
from marginalia_import.pandoc.inline import MARGIN, table_caption, wide_class
from marginalia_import.placeholders import Block, BlockEnd, BlockStart
from marginalia_import.report import Kind
from marginalia_import.rewriter import Rewriter

DIV = re.compile(
    r"^(?P<prefix>[ \t>]*(?:[-*+][ \t]+)?):{3,}[ \t]*(?P<open>\{.*\}|[\w.-]+)?[ \t]*:*[ \t]*$",
    re.MULTILINE,
)
HEADING = re.compile(
    r"^[ \t>]*(?P<signs>\#{1,6})[ \t]+(?P<text>.*?)[ \t]*"
    rf"(?:{ATTRIBUTE_LIST.pattern})?[ \t]*\#*[ \t]*$",
    re.MULTILINE,
)
#: What Quarto and the styles of bookdown write before the kind of a callout.
CALLOUT_PREFIX = re.compile(r"^(?:callout-|rmd)")
NOTICES = {"callout": "note", "infobox": "note"}
THEOREM_CLASSES = {name.lower(): name for name in (*THEOREMS.values(), "Proof")}
#: The classes whose block goes, while its text stays.
PLAIN = frozenset(
    "incremental nonincremental columns column content-visible content-hidden column-body hidden "
    "unnumbered fragment center".split()
)
TABS = frozenset({"panel-tabset", "tabset", "tab", "group-tab"})
#: What only says how wide a block is or how it looks, in the grid of Quarto.
LAYOUT = re.compile(r"grid|g-(?:col|start)(?:-\w+)*|border|rounded|text-(?:start|center|end)")
#: What Quarto writes around the output of a cell.
CELLS = frozenset(
    "cell cell-output cell-output-display cell-output-stdout cell-output-stderr".split()
)
CELL_CAPTIONS = ("tbl-cap", "fig-cap", "lst-cap")
#: The tags of Sphinx's builders by Quarto's names of formats.
FORMATS = {"pdf": "latex", "beamer": "latex"}
#: An image alone, as far as a line shows it.
ONE_IMAGE = re.compile(r"\s*!\[[^\n]*\]\([^\n]*\)(?:\{[^{}\n]*\})?\s*")

#: The start or end of an element in which Pandoc reads Markdown, and a line of that.
ELEMENT = re.compile(r" {0,3}</?(?:center|div)\b[^<>]*>[ \t]*")
TEXT_LINE = re.compile(r" {0,3}[^\s<]")


def set_apart(buffer: Buffer) -> Buffer:
    """Return the lines with a blank one after an element, so that MyST reads its Markdown."""
    pairs = [*zip(buffer.lines, buffer.source_lines, strict=True), ("", 0)]
    lines: list[str] = []
    sources: list[int] = []
    for (line, source), (following, _) in pairwise(pairs):
        is_apart = ELEMENT.fullmatch(line) and TEXT_LINE.match(following)
        lines += [line, *[""] * bool(is_apart)]
        sources += [source, *[source] * bool(is_apart)]
    return Buffer(lines=lines, source_lines=sources)


def condition_of(values: Attributes) -> str:
    """Return the condition of Sphinx for a div that only some formats show, or nothing."""
    is_hidden = "content-hidden" in values.classes
    conditions = [*values.values.items()]
    if len(conditions) != 1 or not (is_hidden or "content-visible" in values.classes):
        return ""
    key, value = conditions[0]
    name = value.partition(":")[0]
    if key not in {"when-format", "unless-format"} or not name.isidentifier():
        return ""
    name = FORMATS.get(name, name)
    return f"not {name}" if is_hidden == (key == "when-format") else name


class DivRewriter(Rewriter):
    """A rewriter that converts divs."""

    #: Whether the text is that of a margin note, which has images but no figures.
    in_margin = False
    #: The class of the figures in the present div.
    figure_class = ""

    def read_div(self, match: re.Match[str], end: int) -> int:
        """Write a div with its content, and return the end of its last line."""
        opening = DIV.match(self.text, match.start(), end)
        assert opening
        if not opening["open"]:
            self.page.report(Kind.BROKEN_TAG, "::: closes no block: left out")
            return match.end()
        inner_end, after = self.find_end(match.end(), end)
        source = opening["open"].strip()
        values = parse_attributes(source if source.startswith("{") else f".{source}")
        self.copy(match.start(), opening.end("prefix"))
        self.by_class(values, match.end(), inner_end)
        return after

    def find_end(self, position: int, end: int) -> tuple[int, int]:
        """Return where the content of a div ends, and the end of the line that closes it."""
        depth = 1
        for match in DIV.finditer(self.text, position, end):
            depth += 1 if match["open"] else -1
            if depth == 0:
                return match.start(), match.end()
        self.page.report(Kind.BROKEN_TAG, "::: is not closed: its block ends with the text")
        return end, end

    def by_class(self, values: Attributes, start: int, end: int) -> None:
        """Write a div by its classes."""
        classes = values.classes
        kinds = (NOTICES.get(name) or CALLOUT_PREFIX.sub("", name) for name in classes)
        notice = next((kind for kind in kinds if kind in CALLOUTS), "")
        theorem = next((THEOREM_CLASSES[name] for name in classes if name in THEOREM_CLASSES), "")
        kind, _, rest = values.identifier.partition("-")
        if "refs" in {values.identifier, *classes}:
            self.page.report(Kind.LIST_OF_WORKS, "::: {#refs} left out")
        elif {*classes} & MARGIN:
            self.margin(start, end)
        elif theorem or (rest and kind in THEOREMS):
            self.theorem(theorem or THEOREMS[kind], values, start, end)
        elif notice:
            self.notice(notice, values, start, end)
        elif TABS & {*classes}:
            self.tabs(start, end)
        elif "epigraph" in classes:
            self.wrap(Directive("epigraph"), start, end)
        elif rest and kind in {"fig", "tbl", "lst"}:
            self.labelled(values, kind, start, end)
        elif wide_class(classes):
            if not self.is_figure(wide_class(classes), start, end):
                self.wrap(Directive("container", wide_class(classes)), start, end)
        else:
            self.other(values, start, end)

    def wrap(self, directive: Directive, start: int, end: int) -> None:
        """Write a directive around text; docutils refuses one without."""
        if not self.text[start:end].strip() and directive.name != "tab-item":
            label = f"({directive.options['name']})=\n" if "name" in directive.options else ""
            if directive.argument and directive.name != "container":
                self.write(Block(f"{label}**{directive.argument}**"))
            return
        self.write(BlockStart(directive))
        self.convert(start, end)
        self.write(BlockEnd())

    def div_title(self, values: Attributes, start: int, end: int, key: str) -> tuple[str, int]:
        """Return the title, from an attribute or a first heading, and where the text begins."""
        text = values.values.get(key, "")
        first = re.compile(r"\s*").match(self.text, start, end)
        heading = first and HEADING.match(self.text, first.end(), end)
        if not text and heading:
            return self.page.inline(heading["text"]), heading.end()
        return self.page.inline(text) if text else "", start

    def notice(self, name: str, values: Attributes, start: int, end: int) -> None:
        """Write a callout; one that is folded becomes a dropdown."""
        title, start = self.div_title(values, start, end, "title")
        options = {}
        if label := self.page.define(values.identifier, "block", plain_text(title) or name.title()):
            options["name"] = label
        if values.values.get("collapse") == "true":
            directive = Directive("dropdown", title or name.title(), options)
        else:
            directive = callout(name, title, options)
        self.wrap(directive, start, end)

    def theorem(self, name: str, values: Attributes, start: int, end: int) -> None:
        """Write a theorem with its number on the page, which only proofs do not have."""
        title, start = self.div_title(values, start, end, "name")
        heading = name
        if name not in {"Proof", "Remark", "Solution"}:
            numbers = self.page.theorem_numbers
            numbers[name] += 1
            heading = f"{name} {numbers[name]}"
        options = {"class": name.lower()}
        identifier = values.identifier
        if label := self.page.define(self.theorem_id(identifier, name), "block", heading):
            options["name"] = label
        argument = f"{heading} ({title})" if title else heading
        self.wrap(Directive("admonition", argument, options), start, end)

    def theorem_id(self, identifier: str, name: str) -> str:
        """Return the id that references use: bookdown adds the kind, ``thm:id``."""
        kinds = {full: short for short, full in THEOREMS.items()}
        if not identifier or identifier.partition("-")[0] in THEOREMS:
            return identifier
        return f"{kinds.get(name, name.lower())}:{identifier}"

    def is_figure(self, name: str, start: int, end: int) -> bool:
        """Write a single image as a figure with a class; return whether there is one."""
        text = self.text[start:end]
        if not ONE_IMAGE.fullmatch(text) or "![](" in text or "![]{" in text:
            return False
        self.figure_class = name
        self.convert(start, end)
        self.figure_class = ""
        return True

    def margin(self, start: int, end: int) -> None:
        """Write a margin note; a single image is a figure in the margin."""
        if self.is_figure("margin", start, end):
            return
        self.page.count("marginnotes")
        self.in_margin = True
        self.wrap(Directive("marginnote"), start, end)
        self.in_margin = False

    def tabs(self, start: int, end: int) -> None:
        """Write a set of tabs, one for each heading of the highest level."""
        headings = [*HEADING.finditer(self.text, start, end)]
        level = min((len(heading["signs"]) for heading in headings), default=0)
        tabs = [heading for heading in headings if len(heading["signs"]) == level]
        if not tabs:
            self.convert(start, end)
            return
        self.convert(start, tabs[0].start())
        self.write(BlockStart(Directive("tab-set")))
        ends = [*(tab.start() for tab in tabs[1:]), end]
        for tab, tab_end in zip(tabs, ends, strict=True):
            title = self.page.inline(tab["text"]) or "Tab"
            self.wrap(Directive("tab-item", title), tab.end(), tab_end)
        self.write(BlockEnd())

    def labelled(self, values: Attributes, kind: str, start: int, end: int) -> None:
        """Write a figure or table of several parts as a block to which references lead."""
        name = {"fig": "Figure", "tbl": "Table", "lst": "Listing"}[kind]
        text = self.text[start:end].strip()
        paragraphs = re.split(r"\n[ \t]*\n", text)
        if kind == "tbl" and len(paragraphs) == 2 and paragraphs[0].lstrip().startswith("|"):
            at = self.text.index(paragraphs[1], start)
            self.open_table(f"{paragraphs[1]} {{#{values.identifier}}}")
            self.convert(start, at)
            self.write(BlockEnd())
            return
        options = {}
        if label := self.page.define(values.identifier, "block", name):
            options["name"] = label
        self.report(values)
        name = f"{kind} {wide_class(values.classes)}".rstrip()
        self.write(BlockStart(Directive("container", name, options)))
        self.caption(values)
        self.convert(start, end)
        self.write(BlockEnd())

    def caption(self, values: Attributes) -> None:
        """Write the caption that a cell has as an attribute."""
        for name in CELL_CAPTIONS:
            if text := values.values.get(name):
                self.write(Block(escape_block_starts(self.page.inline(text))))

    def open_table(self, text: str) -> None:
        """Write the start of a table with a caption, which may contain its id."""
        self.write(BlockStart(Directive("table", *table_caption(self.page, text))))

    def other(self, values: Attributes, start: int, end: int) -> None:
        """Write a div that some formats show, only lays out its text, or that no rule knows."""
        if (condition := condition_of(values)) and not HEADING.search(self.text, start, end):
            self.wrap(Directive("only", condition), start, end)
            return
        known = PLAIN | CELLS
        unknown = [n for n in values.classes if n not in known and not LAYOUT.fullmatch(n)]
        if not unknown:
            self.report(values)
            self.write_nothing()
            self.caption(values)
            self.convert(start, end)
            return
        message = f"::: {{.{unknown[0]}}} has no rule: its content becomes a plain block"
        self.page.report(Kind.UNKNOWN_TAG, message)
        names = " ".join(re.sub(r"[^\w-]", "-", name) for name in unknown)
        self.wrap(Directive("container", names), start, end)

    def report(self, values: Attributes) -> None:
        """Report the attributes of a div that are left out."""
        classes = tuple(name for name in values.classes if name not in CELLS)
        others = {key: text for key, text in values.values.items() if key not in CELL_CAPTIONS}
        if left_out := Attributes("", classes, others).description:
            self.page.report(Kind.ATTRIBUTES, f"{{: {left_out}}} left out")
