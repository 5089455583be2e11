"""One pass over text in Pandoc's Markdown: its images, tables, and what is within lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import.attributes import ATTRIBUTE_LIST, Attributes, parse_attributes
from marginalia_import.lines import Scanner
from marginalia_import.links import figure
from marginalia_import.markdown import (
    AUTOLINK,
    DESTINATION,
    HTML_TAG,
    read_destination,
)
from marginalia_import.myst import code_span, escape, inline_math, plain_text, role, unescape
from marginalia_import.pandoc.divs import DIV, DivRewriter, set_apart
from marginalia_import.pandoc.inline import (
    BOOKDOWN_ID,
    KEY,
    MARGIN,
    InlineConverter,
    report_left_out,
    wide_class,
)
from marginalia_import.placeholders import Block, BlockEnd, Inline, Verbatim
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage

TABLE = re.compile(
    r"^[ \t>]*\|?[^\n|]*\|[^\n]*\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)+$",
    re.MULTILINE,
)
CAPTION = re.compile(
    r"^[ \t>]*(?:[Tt]able)?:[ \t]+(?P<text>[^\n]+(?:\n(?![ \t]*\n|:{3}|\|)[^\n]+)*)$", re.MULTILINE
)
#: The shortcodes that show no words.
WITHOUT_WORDS = frozenset("pagebreak fa bi iconify".split())
#: The environments of TeX that are formulas.
ENVIRONMENTS = "equation align gather multline eqnarray alignat flalign".split()
WIDTH = re.compile(r"\d+(?:\.\d+)?(?:px|%)?")


class PandocRewriter(DivRewriter):
    """One pass over a text with placeholders."""

    blocks = frozenset({"div", "table", "caption"})

    def __init__(self, page: ArticlePage, buffer: Buffer, *, is_inline: bool) -> None:
        super().__init__(page, buffer, is_inline=is_inline)
        self.inline = InlineConverter(page)
        placeholder = page.placeholders.pattern.pattern
        special = re.compile(
            rf"""\\@ref\((?P<ref>[^()\s]+)\)
               | (?P<environment>\\begin\{{(?P<e>(?:{"|".join(ENVIRONMENTS)})\*?)\}}
                 [\s\S]*?\\end\{{(?P=e)\}})
               | (?P<index>\\[a-zA-Z]+\*?(?:\{{(?:[^{{}}\n]|\{{[^{{}}\n]*\}})*\}})+)
               | \\. | (?P<placeholder>{placeholder})
               | (?P<div>{DIV.pattern.replace("P<prefix>", ":").replace("P<open>", ":")})
               | (?P<table>{TABLE.pattern}) | (?P<caption>^[ \t>]*(?:[Tt]able)?:[ \t]+(?=\S))
               | (?P<note>\^\[) | (?P<bracket>!?\[)
               | (?P<shortcode>\{{\{{(?P<shown>\{{)?<.*?>\}}\}}(?(shown)\}}))
               | (?P<at>(?<![\w@./\\-])-?@(?=[\w{{])) | (?P<html><) | (?P<brace>\{{)
               | (?<![~\\])~(?P<sub>[^\s~\[\]]+)~(?!~) | (?<![\^\\\[])\^(?P<sup>[^\s^\[\]]+)\^""",
            re.VERBOSE | re.MULTILINE,
        )  # fmt: skip
        signs = rf"\n|\\|{page.placeholders.opening}|\^|\[|!(?=\[)|\{{|@|-(?=@)|<|~"
        self.special = Scanner(special, signs)

    def rewrite(self) -> Buffer:
        buffer = super().rewrite()
        return buffer if self.is_inline else set_apart(buffer)

    # Inline

    def read_ref(self, match: re.Match[str], end: int) -> int:
        number_only = ":" in match["ref"] and not match["ref"].startswith("eq:")
        self.write(Inline(self.page.refer(match["ref"], match[0], number_only=number_only)))
        return match.end()

    def read_index(self, match: re.Match[str], end: int) -> int:
        self.page.report(Kind.ATTRIBUTES, f"{match[0]} left out")
        return match.end()

    def read_environment(self, match: re.Match[str], end: int) -> int:
        """Write a formula that is an environment of TeX within a paragraph."""
        tex = re.sub(r"\n[ \t]*(?=\n)", "", match[0])
        self.write(Block(tex, inline_math(tex)))
        return match.end()

    def read_shortcode(self, match: re.Match[str], end: int) -> int:
        name, value = [*match[0][3:-3].split(), "shortcode", ""][:2]
        value = value.strip("\"'")
        if match["shown"]:
            self.write(Verbatim(code_span(match[0][1:-1]), is_code=True))
        elif name in WITHOUT_WORDS:
            self.page.report(Kind.ATTRIBUTES, f"{match[0]} left out")
        elif name == "kbd":
            self.write(Inline(role("kbd", value)))
        elif name == "video" and not re.search(r"[\s<>]", value):
            self.page.report(Kind.UNKNOWN_TAG, f"video has no rule: it becomes a link to {value}")
            self.write(Inline(self.page.inline(f"[{escape(value)}](<{value}>)")))
        else:
            message = f"{name} has no rule"
            self.write(self.page.show_as_code(match[0], Kind.UNKNOWN_TAG, message))
        return match.end()

    def read_placeholder(self, match: re.Match[str], end: int) -> int:
        fragment = self.page.placeholders.fragment(match[0])
        new, taken = self.inline.code(fragment, self.text[match.end() : match.end() + 200])
        if new is None:
            return match.start()
        self.write(new)
        return match.end() + taken

    def read_sub(self, match: re.Match[str], end: int) -> int:
        name = "sub" if match["sub"] else "sup"
        self.write(Inline(role(name, match[name].replace("\\ ", " "))))
        return match.end()

    read_sup = read_sub

    def read_brace(self, match: re.Match[str], end: int) -> int:
        """Leave out the attributes of a link."""
        return self.skipped.get(match.start(), match.start())

    def read_html(self, match: re.Match[str], end: int) -> int:
        """Skip a tag or an address, in which nothing is read."""
        skipped = HTML_TAG.match(self.text, match.start(), end) or AUTOLINK.match(
            self.text, match.start(), end
        )
        if skipped is None:
            return match.start()
        self.copy(match.start(), skipped.end())
        return skipped.end()

    def read_at(self, match: re.Match[str], end: int) -> int:
        key = KEY.match(self.text, match.start(), end)
        result = key and self.inline.key(self.text[:end], key)
        if not result:
            return match.start()
        self.write(result[0])
        return result[1]

    def read_bracket(self, match: re.Match[str], end: int) -> int:
        """Convert a span, citation, or image with attributes; a plain link stays as it is."""
        opening, is_image = match.end() - 1, match[0] == "!["
        closing = self.closing(opening, end)
        if closing < 0:
            return match.start()
        text = self.text[opening + 1 : closing]
        if destination := DESTINATION.match(self.text, closing + 1, end):
            attributes = ATTRIBUTE_LIST.match(self.text, destination.end(), end)
            after = attributes.end() if attributes else destination.end()
            values = parse_attributes(attributes[0] if attributes else "")
            if is_image:
                return self.image(match.start(), after, text, destination, values)
            if attributes:
                self.page.report(Kind.ATTRIBUTES, f"{{: {values.description}}} left out")
                self.skipped[attributes.start()] = attributes.end()
            return match.start()
        if attributes := ATTRIBUTE_LIST.match(self.text, closing + 1, end):
            self.write(self.inline.span(text, parse_attributes(attributes[0])))
            return attributes.end()
        if "@" in text and not is_image and self.text[closing + 1 : closing + 2] not in {"[", ":"}:
            citation = self.inline.bracket(text)
            if citation:
                self.write(citation)
                return closing + 1
            # What is in no bibliography stays as it is, and is reported once.
            self.copy(match.start(), closing + 1)
            return closing + 1
        return match.start()

    # Images and tables

    def image(
        self, start: int, end: int, text: str, destination: re.Match[str], values: Attributes
    ) -> int:
        """Write an image: alone in its paragraph it is a figure with a caption."""
        address, title = read_destination(destination)
        line_start = self.text.rfind("\n", 0, start) + 1
        before = self.text[:line_start].rstrip(" \t>")
        stop = self.text.find("\n", end)
        after = self.text[end:] if stop < 0 else self.text[end:stop]
        below = "" if stop < 0 else self.text[stop + 1 :].split("\n", 1)[0].strip(" \t>")
        alone = (
            not self.text[line_start:start].strip(" \t>")
            and not after.strip()
            and (
                not before or before.endswith("\n") or bool(DIV.search(before.rsplit("\n", 1)[-1]))
            )
            and (not below or below.startswith(":::"))
        )
        if self.is_inline or not alone or not text.strip() or self.in_margin:
            if not values.classes and not values.values and not values.identifier:
                return start
            report_left_out(self.page, values, {"fig-alt", "alt"})
            words = values.values.get("fig-alt") or plain_text(self.page.placeholders.restore(text))
            words = words or title
            self.write(Inline(self.page.image(unescape(address), words)))
            if self.in_margin and alone and text.strip():
                self.out.write(f"\n\n{text}")
            return end
        self.write(self.figure(unescape(address), text, values, title))
        return end

    def figure(self, address: str, text: str, values: Attributes, title: str = "") -> Block:
        """Return a figure with the text of an image as its caption."""
        page = self.page
        if bookdown := BOOKDOWN_ID.match(text):
            text = text[bookdown.end() :]
        identifier = values.identifier or (bookdown["id"] if bookdown else "")
        caption = page.inline(text)
        sizes = {name: values.values.get(name, "") for name in ["width", "height"]}
        options: dict[str, str] = {k: v for k, v in sizes.items() if WIDTH.fullmatch(v)}
        margin = "margin" if {*values.classes} & MARGIN else ""
        if name := self.figure_class or margin or wide_class(values.classes):
            options["figclass"] = name
        if (align := values.values.get("fig-align")) in {"left", "center", "right"}:
            options["align"] = align
        if label := page.define_figure(identifier, address):
            options["name"] = label
        report_left_out(self.page, values, {*options, "fig-alt", "alt", "fig-align", "width"})
        if title:
            page.report(Kind.ATTRIBUTES, f"the title {title!r} left out")
        alt = values.values.get("fig-alt") or values.values.get("alt") or ""
        return figure(page, address, caption, " ".join(alt.split()), options)

    def read_table(self, match: re.Match[str], end: int) -> int:
        """Wrap a table with a caption below."""
        stop = re.compile(
            r"\n[ \t>]*(?:\n|\Z)|\n(?=[ \t]*(?:[Tt]able)?:[ \t]|[ \t]*:::)|\Z"
        ).search(self.text, match.end(), end)
        table_end = stop.start() if stop else end
        below = CAPTION.match(self.text, self.skip_blank(table_end, end), end)
        if below is None:
            self.convert_rows(match.start(), table_end)
            return table_end
        self.open_table(below["text"])
        self.convert_rows(match.start(), table_end)
        self.write(BlockEnd())
        return below.end()

    def skip_blank(self, position: int, end: int) -> int:
        """Return the start of the next line that is not blank."""
        while position < end and self.text[position] in " \t>\n":
            position += 1
        return self.text.rfind("\n", 0, position) + 1

    def convert_rows(self, start: int, end: int) -> None:
        """Convert the rows of a table, of which the first would match again."""
        first = self.text.index("\n", start)
        second = self.text.find("\n", first + 1)
        second = end if second < 0 or second > end else second
        self.convert(start, first)
        self.copy(first, second)
        self.convert(second, end)

    def read_caption(self, match: re.Match[str], end: int) -> int:
        """Wrap the table below its caption; any other line with a colon stays."""
        caption = CAPTION.match(self.text, match.start(), end)
        if caption is None:
            return match.start()
        below = self.skip_blank(caption.end(), end)
        if not (table := TABLE.match(self.text, below, end)):
            return match.start()
        stop = re.compile(r"\n[ \t>]*\n").search(self.text, table.end(), end)
        table_end = stop.start() if stop else end
        self.open_table(caption["text"])
        self.convert_rows(table.start(), table_end)
        self.write(BlockEnd())
        return table_end
