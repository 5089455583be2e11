"""Shortcodes of Hugo: ``{{< name >}}`` and ``{{% name %}}``, with or without a content.

A shortcode is converted by its name. A rule of the author's takes precedence; one without a rule is
shown as code, and its content stays.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from marginalia_import import myst
from marginalia_import.attributes import VALUE, parse_arguments, read_arguments
from marginalia_import.hugo_shortcodes import (
    Shortcode,
    ShortcodeRewriter,
)
from marginalia_import.lines import fills_its_lines
from marginalia_import.myst import Directive
from marginalia_import.placeholders import Verbatim
from marginalia_import.report import Kind
from marginalia_import.rules import Tag, TagError
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage

SHORTCODE = (
    rf"\{{\{{(?P<sign>[<%])-?\s*(?P<close>/)?\s*(?P<name>[\w./-]+?)(?P<body>(?:\s(?:{VALUE}|"
    r"(?!/?\s*[>%]\}\})[^\"`])*?)?)\s*(?P<single>/)?\s*-?(?P=sign_end)\}\}"
).replace("(?P=sign_end)", "[>%]")
ESCAPED = re.compile(r"\{\{([<%])\s*/\*(.*?)\*/\s*[>%]\}\}", re.DOTALL)


class HugoSyntax(Syntax):
    """The Markdown of Hugo with its shortcodes."""

    links_addresses = True

    publishing = frozenset(
        "slug url aliases draft type linktitle linkTitle menu menus math katex mathjax toc cascade "
        "outputs expiryDate publishDate showtoc showToc tocopen ShowToc TocOpen featured_image "
        "featuredImage image images cover params resources weight lastmod summary hidden "
        "hideMeta comments disableShare searchHidden keywords markup isCJKLanguage sitemap "
        "headless translationKey bookToc bookHidden series_order noindex robotsNoIndex".split()
    )
    renamed = MappingProxyType({"lastmod": "updated", "summary": "description"})
    definition_lists = True

    def rewrite(self, page: ArticlePage, buffer: Buffer, *, is_inline: bool) -> Buffer:
        return HugoRewriter(page, buffer, is_inline=is_inline).rewrite()

    def front_matter(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the entries by our names; a weight of 0 is none."""
        values = super().front_matter(values)
        if isinstance(weight := values.pop("weight", None), int | float) and weight:
            values.setdefault("order", weight)
        authors = values.get("author", values.get("authors"))
        if isinstance(authors, list):
            values["author"] = [str(name) for name in authors]
            values.pop("authors", None)
        return values


class HugoRewriter(ShortcodeRewriter):
    """One pass over a text with shortcodes."""

    special = re.compile(rf"(?P<shortcode>{SHORTCODE})|(?P<escaped>\{{\{{[<%]\s*/\*)", re.DOTALL)

    def read(self, match: re.Match[str], end: int) -> int:
        if match["shortcode"]:
            return self.read_shortcode(match, end)
        return self.read_escaped(match, end)

    def read_escaped(self, match: re.Match[str], end: int) -> int:
        """Write a shortcode that is shown, not run."""
        escaped = ESCAPED.match(self.text, match.start(), end)
        if escaped is None:
            return match.start()
        sign = {"<": ">", "%": "%"}[escaped[1]]
        shown = f"{{{{{escaped[1]}{escaped[2]}{sign}}}}}"
        self.write(Verbatim(myst.code_span(shown), is_code=True))
        return escaped.end()

    def read_shortcode(self, match: re.Match[str], end: int) -> int:
        """Write what a shortcode becomes, and return the end of it or of its content."""
        name = match["name"].lower()
        if match["close"]:
            self.page.report(Kind.BROKEN_TAG, f"{name} is closed, but not open: left out")
            return match.end()
        closing = None if match["single"] else self.find_end(match, end)
        stop = closing.end() if closing else match.end()
        arguments, named = read_arguments(match["body"] or "")
        code = Shortcode(
            name, (match["body"] or "").strip(), self.text[match.start() : stop], arguments, named,
            (match.end(), closing.start()) if closing else None,
            not self.is_inline and fills_its_lines(self.text, match.start(), stop),
        )  # fmt: skip
        try:
            if not self.by_rule(code) and not self.by_name(code):
                self.unknown(code)
        except TagError as error:
            self.write(self.page.show_as_code(code.source, Kind.BROKEN_TAG, str(error)))
        return stop

    def find_end(self, match: re.Match[str], end: int) -> re.Match[str] | None:
        """Return the end tag of a shortcode, if it has one."""
        depth = 1
        for other in self.special.finditer(self.text, match.end(), end):
            if (other["name"] or "").lower() == match["name"].lower() and not other["single"]:
                depth += -1 if other["close"] else 1
                if depth == 0:
                    return other
        return None

    # Rules

    def by_rule(self, code: Shortcode) -> bool:
        """Convert a shortcode by a rule of the author's, if there is one."""
        rule = self.page.site.rules.get(code.name)
        if rule is None:
            return False
        content = self.content(code) if code.content else None
        tag = Tag(
            code.name,
            code.body,
            code.source,
            self.page.line,
            parse_arguments,
            content,
            code.own_line,
        )
        result = rule.convert(tag, self.page)
        if isinstance(result, Directive) and code.content:
            self.wrap(result, *code.content)
            return True
        for fragment in [] if isinstance(result, Directive) else result or []:
            self.write(fragment)
        return True

    def unknown(self, code: Shortcode) -> None:
        """Show a shortcode without a rule as code; its content stays."""
        message = f"{code.name} has no rule"
        if code.content is None:
            self.write(self.page.show_as_code(code.source, Kind.UNKNOWN_TAG, message))
            return
        arguments = f": {myst.shorten(code.body)} left out" if code.body else ""
        self.page.report(Kind.UNKNOWN_TAG, f"{message}{arguments}")
        if code.own_line and "\n" in code.source:
            self.wrap(
                Directive("container", f"tag-{re.sub(r'[^a-z0-9]+', '-', code.name)}"),
                *code.content,
            )
        else:
            self.convert(*code.content)
