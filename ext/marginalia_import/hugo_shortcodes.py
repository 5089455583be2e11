"""What shortcodes become that many sites of Hugo have: notes, figures, callouts, tabs, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.myst import Directive, callout, directive_block
from marginalia_import.myst_names import CALLOUTS
from marginalia_import.placeholders import Block, BlockEnd, BlockStart, Expression, Inline, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rewriter import Rewriter
from marginalia_import.rules import TagError

if TYPE_CHECKING:
    from collections.abc import Callable

SIDENOTES = frozenset({"sidenote", "side-note", "sn", "footnote", "fn"})
MARGINNOTES = frozenset({"marginnote", "margin-note", "mn", "margin", "aside"})
FIGURES = frozenset({"figure", "img", "image", "fig", "imgproc", "picture"})
FORMULAS = frozenset({"math", "katex", "latex", "mathjax", "tex", "inlinemath", "blockmath"})
FOLDED = frozenset({"details", "expand", "collapse", "spoiler", "accordion", "fold", "collapsible"})
BOXES = frozenset(
    "callout notice alert admonition box block message blockquote-alert pageinfo".split()
)
QUOTES = frozenset({"quote", "blockquote", "epigraph"})
#: Shortcodes that only say how their content is laid out.
PLAIN = frozenset(
    {
        "rawhtml",
        "html",
        "raw-html",
        "center",
        "columns",
        "column",
        "div",
        "steps",
        "section",
        "fullwidth",
    }
)
VIDEOS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
}


@dataclass(frozen=True)
class Shortcode:
    """A shortcode with its content."""

    name: str
    body: str
    source: str
    #: The positional and the named arguments.
    arguments: list[str]
    named: dict[str, str]
    #: The bounds of its content; None without an end.
    content: tuple[int, int] | None
    own_line: bool

    def first(self, *names: str, position: int = -1, default: str = "") -> str:
        """Return the argument with one of these names, or at a position."""
        named = next((self.named[name] for name in names if name in self.named), None)
        if named is None and 0 <= position < len(self.arguments):
            return self.arguments[position]
        return default if named is None else named


class ShortcodeRewriter(Rewriter):
    """A rewriter that converts shortcodes by their names."""

    def content(self, code: Shortcode) -> str:
        """Return the content of a shortcode as it was written, with placeholders."""
        start, end = code.content or (0, 0)
        return self.text[start:end]

    def wrap(self, directive: Directive, start: int, end: int) -> None:
        """Write a directive around content; docutils refuses one without."""
        if self.is_inline:
            self.convert(start, end)
            return
        if not self.text[start:end].strip():
            if directive.argument and directive.name != "container":
                self.write(Block(f"**{directive.argument}**"))
            return
        self.write(BlockStart(directive))
        self.convert(start, end)
        self.write(BlockEnd())

    def by_name(self, code: Shortcode) -> bool:
        """Convert a shortcode that many sites have."""
        name = code.name
        converters: list[tuple[bool, Callable[[Shortcode], None]]] = [
            (name in SIDENOTES, lambda code: self.note("sidenote", code)),
            (name in MARGINNOTES and bool(code.content or code.body), self.margin),
            (name in FIGURES, self.figure),
            (name in FORMULAS, self.formula),
            (name in FOLDED and code.content is not None, self.details),
            (name in BOXES, self.callout),
            (name in CALLOUTS and bool(code.content or code.body), self.callout),
            (name == "highlight" and code.content is not None, self.highlight),
            (name in {"ref", "relref"}, self.reference),
            (name in VIDEOS, self.video),
            (name in {"tabs", "tabpane"} and code.content is not None, self.tabs),
            (name == "tab" and code.content is not None, self.tab),
            (name in QUOTES and code.content is not None, self.quote),
            (name in PLAIN and code.content is not None, self.plain),
            (name == "cite" and bool(code.arguments), self.cite),
            (name == "newthought", self.newthought),
            (name == "mermaid" and code.content is not None, self.diagram),
        ]
        for matches, convert in converters:
            if matches:
                convert(code)
                return True
        return False

    # Notes

    def note(self, kind: str, code: Shortcode) -> None:
        """Write a note; words that the old site showed in the sentence stay there."""
        text = self.content(code).strip()
        others = list(code.arguments)
        if code.content is None:
            text = code.first("content", "text", "note", "body", "contents")
            words = [word for word in others if " " in word.strip()]
            if not text and others:
                text = others.pop(others.index(words[-1]) if words else -1)
        if not text.strip():
            raise TagError(f"{code.name} has no text")
        anchor = code.first("anchor", "label", "for")
        if len(others) >= 3 and code.content is not None:
            anchor = others.pop()  # position, id, and the words to which the note belongs
        visible = " ".join([*filter(None, [anchor]), *(word for word in others if " " in word)])
        left_out = [word for word in others if " " not in word]
        if len(left_out) > 1 or (visible and not anchor):
            self.page.report(
                Kind.EXTRA_ARGUMENT, f"{code.name}: {' '.join(others)} left out or shown"
            )
        if visible:
            self.out.write(visible)
        self.page.count(f"{kind}s")
        fragment = self.page.note(kind, self.joined(text))
        if not code.own_line and kind == "sidenote":
            self.out.lines[-1] = self.out.lines[-1].rstrip(" \t")
        self.write(fragment)

    def margin(self, code: Shortcode) -> None:
        """Write a margin note; one with blocks is a directive around them."""
        if code.content and code.own_line and "\n" in self.content(code).strip():
            self.page.count("marginnotes")
            self.wrap(Directive("marginnote"), *code.content)
        else:
            self.note("marginnote", code)

    # Figures, formulas, code

    def figure(self, code: Shortcode) -> None:
        """Write a figure with all its words."""
        path = code.first("src", "link", "path", "url", "image", position=0)
        if not path:
            raise TagError(f"{code.name} names no image")
        words = [code.first("title"), code.first("caption", position=1), self.content(code).strip()]
        attribution = code.first("attr")
        if link := code.first("attrlink"):
            attribution = f"[{attribution or link}]({link})"
        caption = " ".join(text for text in [*words, attribution] if text)
        alt = code.first("alt", position=2)
        width, height = code.first("width"), code.first("height")
        lengths = {"width": width, "height": height}
        options = {
            key: value for key, value in lengths.items() if re.fullmatch(r"\d+(?:px|%)?", value)
        }
        if code.name == "marginfigure" or "margin" in code.first("class"):
            options["figclass"] = "margin"
        used = set("src link path url image title caption attr attrlink alt width height".split())
        others = [f"{key}={value}" for key, value in code.named.items() if key not in used]
        if others:
            self.page.report(Kind.ATTRIBUTES, f"{{: {' '.join(others)}}} left out")
        if not caption and not code.own_line:
            self.write(Inline(self.page.image(path, alt)))
            return
        options["alt"] = alt
        self.write(self.page.figure(path, caption, {k: v for k, v in options.items() if v}))

    def formula(self, code: Shortcode) -> None:
        """Write a formula: displayed if it has its lines for itself."""
        text = self.content(code) if code.content else code.first("tex", position=0)
        tex = self.page.placeholders.restore(text).strip()
        shown = tex.startswith(("$$", "\\[")) or "display" in code.body or code.name == "blockmath"
        tex = re.sub(r"^(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))$", "", tex).strip()
        if not tex:
            raise TagError(f"{code.name} has no formula")
        if re.match(r"\\begin\{(?:align|equation|gather|multline)", tex):
            self.write(Block(tex, myst.inline_math(tex)))
        elif shown or (code.own_line and code.name != "inlinemath"):
            self.write(Block(myst.display_math(tex), myst.inline_math(tex)))
        else:
            self.write(Verbatim(myst.inline_math(tex)))

    def raw(self, code: Shortcode) -> str:
        return self.page.placeholders.restore(self.content(code)).strip("\n")

    def highlight(self, code: Shortcode) -> None:
        language = self.page.language(code.arguments[0] if code.arguments else "")
        if code.arguments[1:] or code.named:
            self.page.report(Kind.ATTRIBUTES, f"{{: {code.body}}} left out")
        self.write(Block(myst.code_block(self.raw(code), language), myst.code_span(self.raw(code))))

    def diagram(self, code: Shortcode) -> None:
        self.page.report(Kind.CELL, "mermaid cell is shown as its text: a script drew it")
        self.write(Block(myst.code_block(self.raw(code), "text")))

    # Blocks

    def details(self, code: Shortcode) -> None:
        assert code.content
        title = code.first("title", "summary", position=0, default="Details")
        self.wrap(Directive("dropdown", self.page.inline(title)), *code.content)

    def callout(self, code: Shortcode) -> None:
        """Write an admonition; its kind is the name of the shortcode or an argument."""
        arguments = list(code.arguments)
        kind = code.first("type", "kind", "level", "context", "class", "color").lower()
        first = arguments[0].lower() if arguments else ""
        is_box = code.name in BOXES or (code.name == "hint" and first in CALLOUTS)
        if not kind and is_box and first and " " not in first:
            kind = arguments.pop(0).lower()
        kind = next((name for name in (kind, code.name) if name in CALLOUTS), "note")
        title = code.first("title", "header", "heading", "text" if code.content else "header")
        if not title and code.content and arguments:
            title = arguments.pop(0)
        directive = callout(kind, self.page.inline(title))
        if code.content is None:
            text = code.first("text", "content", "body") or " ".join(arguments)
            if not text:
                raise TagError(f"{code.name} has no text")
            body = myst.escape_block_starts(self.page.inline(text))
            self.write(Block(directive_block(directive, body), body))
            return
        self.wrap(directive, *code.content)

    def tabs(self, code: Shortcode) -> None:
        assert code.content
        self.wrap(Directive("tab-set"), *code.content)

    def tab(self, code: Shortcode) -> None:
        assert code.content
        title = code.first("name", "title", "header", "label", position=0, default="Tab")
        self.wrap(Directive("tab-item", self.page.inline(title)), *code.content)

    def quote(self, code: Shortcode) -> None:
        """Write a quotation with its author and source."""
        assert code.content
        names = [
            code.first("author", "pre", position=0),
            code.first("source", "cite", "post", "title", position=1),
        ]
        by = ", ".join(self.page.inline(name) for name in names if name)
        body = self.page.blocks(self.content(code).strip("\n"))
        text = f"{body}\n\n-- {by}" if by else body
        self.write(Block(directive_block(Directive("epigraph"), text), f"{body} {by}".strip()))

    def plain(self, code: Shortcode) -> None:
        assert code.content
        if code.body:
            self.page.report(Kind.ATTRIBUTES, f"{{: {code.name} {code.body}}} left out")
        self.convert(*code.content)

    # Links and works

    def reference(self, code: Shortcode) -> None:
        """Write the address of an article by its path."""
        path, _, fragment = code.first("path", position=0).partition("#")
        article = self.page.article if not path else None
        site = self.page.site
        if path:
            stem = (
                path.strip("/").removesuffix(".md").removesuffix("/_index").removesuffix("/index")
            )
            article = site.find_article(self.page.article, path)
            article = article or site.by_key.get(stem.lower()) or site.by_unique_slug.get(stem)
        address = f"/{article.url}" if article else path
        address = f"{address if path else ''}{'#' + fragment if fragment else ''}"
        fragment_of = Expression(code.source, address, self.page.line)
        self.out.write_inline(self.page.placeholders.add(fragment_of))

    def video(self, code: Shortcode) -> None:
        """Write a link to what a shortcode embeds."""
        name = "/".join(code.arguments) or code.first("id", "src")
        address = VIDEOS[code.name].format(name)
        title = code.first("title", default=f"{code.name} {name}")
        self.page.report(Kind.UNKNOWN_TAG, f"{code.name} has no rule: it becomes a link to {name}")
        self.write(Inline(f"[{myst.escape(title)}]({address})"))

    def cite(self, code: Shortcode) -> None:
        keys = [key for word in code.arguments for key in re.split(r"[,;\s]+", word) if key]
        self.write(self.page.citation(keys, code.source))

    def newthought(self, code: Shortcode) -> None:
        text = self.content(code).strip() or " ".join(code.arguments)
        self.write(Inline(f"[{self.page.inline(text)}]{{.newthought}}"))
