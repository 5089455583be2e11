"""Shortcodes of Hugo: ``{{< name >}}`` and ``{{% name %}}``, with or without a content.

A shortcode is a tag, converted by the rule for its name (:mod:`marginalia_import.rules.named`). One
without a rule is shown as code, and its content stays.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from marginalia_import import myst
from marginalia_import.attributes import VALUE, parse_arguments, read_arguments
from marginalia_import.lines import (
    continuation_prefix,
    fills_its_lines,
    prefix_of,
    strip_prefix,
)
from marginalia_import.myst import Directive
from marginalia_import.placeholders import Block, BlockEnd, BlockStart, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rewriter import Rewriter
from marginalia_import.rules import NoRuleError, Rule, Tag, TagError, TagForm
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage

SHORTCODE = (
    rf"\{{\{{(?P<sign>[<%])-?\s*(?P<close>/)?\s*(?P<name>[\w./-]+?)(?P<body>(?:\s(?:{VALUE}|"
    r"(?!/?\s*[>%]\}\})[^\"`])*?)?)\s*(?P<single>/)?\s*-?(?P=sign_end)\}\}"
).replace("(?P=sign_end)", "[>%]")
SPECIAL = re.compile(rf"(?P<shortcode>{SHORTCODE})|(?P<escaped>\{{\{{[<%]\s*/\*)", re.DOTALL)
ESCAPED = re.compile(r"\{\{([<%])\s*/\*(.*?)\*/\s*[>%]\}\}", re.DOTALL)


class HugoSyntax(Syntax):
    """The Markdown of Hugo with its shortcodes."""

    reads_tags = False
    parse_arguments = staticmethod(parse_arguments)
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


class HugoRewriter(Rewriter):
    """One pass over a text with shortcodes."""

    special = SPECIAL

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
        rule = self.page.site.rules.get(name)
        body, source = (match["body"] or "").strip(), self.text[match.start() : stop]
        content = self.text[match.end() : closing.start()] if closing else None
        if rule and rule.form is TagForm.VERBATIM:
            restore = self.page.placeholders.restore
            prefix = continuation_prefix(prefix_of(self.out.last_line))
            body, content = restore(body), content and strip_prefix(restore(content), prefix)
        own_line = not self.is_inline and fills_its_lines(self.text, match.start(), stop)
        tag = Tag(
            name, body, source, self.page.line, parse_arguments, content, own_line,
            read_arguments(body)[1],
        )  # fmt: skip
        bounds = (match.end(), closing.start()) if closing else None
        try:
            if rule is None:
                raise NoRuleError(f"{name} has no rule")
            self.convert_tag(tag, rule, bounds)
        except NoRuleError:
            self.unknown(tag, bounds)
        except TagError as error:
            self.write(self.page.show_as_code(source, Kind.BROKEN_TAG, str(error)))
        return stop

    def find_end(self, match: re.Match[str], end: int) -> re.Match[str] | None:
        """Return the end tag of a shortcode, if it has one."""
        depth = 1
        for other in SPECIAL.finditer(self.text, match.end(), end):
            if (other["name"] or "").lower() == match["name"].lower() and not other["single"]:
                depth += -1 if other["close"] else 1
                if depth == 0:
                    return other
        return None

    def convert_tag(self, tag: Tag, rule: Rule, content: tuple[int, int] | None) -> None:
        """Write what a rule makes of a shortcode.

        :param content: the bounds of its content
        :raises NoRuleError: the rule needs a content
        """
        result = rule.convert(tag, self.page)
        if isinstance(result, Directive) or result is None:
            if content is None:
                raise NoRuleError(f"{tag.name} has no content")
            self.wrap(result, *content)
            return
        self.page.record_rule(rule.tag, tag.source, result)
        for fragment in result:
            self.write(fragment, own_line=tag.own_line)

    def wrap(self, directive: Directive | None, start: int, end: int) -> None:
        """Write a directive around content; docutils refuses one without."""
        if directive is None or self.is_inline:
            self.convert(start, end)
        elif self.text[start:end].strip():
            self.write(BlockStart(directive))
            self.convert(start, end)
            self.write(BlockEnd())
        elif directive.argument and directive.name != "container":
            self.write(Block(f"**{directive.argument}**"))

    def unknown(self, tag: Tag, content: tuple[int, int] | None) -> None:
        """Show a shortcode without a rule as code; its content stays."""
        message = f"{tag.name} has no rule"
        if content is None:
            self.write(self.page.show_as_code(tag.source, Kind.UNKNOWN_TAG, message))
            return
        arguments = f": {myst.shorten(tag.body)} left out" if tag.body else ""
        self.page.report(Kind.UNKNOWN_TAG, f"{message}{arguments}")
        is_block = tag.own_line and "\n" in tag.source
        name = f"tag-{re.sub(r'[^a-z0-9]+', '-', tag.name)}"
        self.wrap(Directive("container", name) if is_block else None, *content)
