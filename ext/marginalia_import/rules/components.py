"""Convert elements of HTML and components of MDX by rule.

A component becomes an element ``<jsx-sidenote jsx="Sidenote">`` (:mod:`marginalia_import.mdx`).
One that no rule knows leaves its content, and is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import html
from marginalia_import.html.tree import to_markdown
from marginalia_import.myst import Directive, directive_block
from marginalia_import.placeholders import Block
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, Rule, Tag, TagError

if TYPE_CHECKING:
    from marginalia_import.html import Element
    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page

PREFIX = "jsx-"
#: A component of MDX, under the name that it has as an element.
COMPONENT = re.compile(r'<jsx-[\w-]+ jsx="([^"]*)"')


def unknown(tag: Tag, page: Page) -> list[Fragment] | str:
    """Return the content of a component without a rule, with its title; else its code."""
    name = f"<{tag.named.get('jsx', '')}>"
    if tag.content is None or not tag.content.strip():
        return [page.show_as_code(tag.source, Kind.UNKNOWN_TAG, f"{name} has no rule")]
    page.report(Kind.UNKNOWN_TAG, f"{name} has no rule: its content becomes plain text")
    texts = [text for key, text in tag.named.items() if key != "jsx" and re.search(r"\w \w", text)]
    labels = [tag.named[key] for key in ("title", "label") if tag.named.get(key)]
    words = list(dict.fromkeys([*labels, *texts]))
    return "\n\n".join([*(f"**{text}**" for text in words), tag.content])


def _read_tag(
    page: ArticlePage,
    rule: Rule | None,
    element: Element,
    inner: str,
    source: str,
    *,
    own_line: bool,
) -> Tag:
    """Return an element as a tag, with its content in Markdown."""
    name = element.attributes.get("jsx", "")
    # Blank lines, and components, set Markdown apart.
    has_blocks = html.BLOCK_TAG.search(inner) and "\n\n" not in inner and not name
    content = (to_markdown(inner, page.site.element_rules) if has_blocks else inner).strip("\n")
    has_end = element.inner_end < element.end
    source = COMPONENT.sub(r"<\1", page.placeholders.restore(source))
    source = re.sub(r"</jsx-[\w-]+>$", f"</{name}>", source)
    return Tag(
        name or (rule.tag if rule else element.name),
        "",
        source,
        page.line,
        list,
        content if has_end else None,
        own_line,
        element.attributes,
    )


def rule_of(page: ArticlePage, element: Element) -> Rule | None:
    """Return the rule of the site for an element."""
    rules = page.site.element_rules
    if not rules:
        return None
    name = element.name.removeprefix(PREFIX)
    names = [*html.selectors(name, element.attributes.get("class", "")), f"<{element.name}>"]
    return next((rules[name] for name in names if name in rules), None)


def convert_by_rule(
    page: ArticlePage,
    rule: Rule | None,
    element: Element,
    inner: str,
    source: str,
    *,
    own_line: bool,
) -> str | list[Fragment] | None:
    """Return what a rule makes of an element; of a directive it is around the content."""
    tag = _read_tag(page, rule, element, inner, source, own_line=own_line)
    source, content = tag.source, tag.content or ""
    line = page.line
    try:
        if rule is None:
            return unknown(tag, page)
        result = rule.convert(tag, page)
        if result is None and tag.content is None:
            raise NoRuleError(f"{tag.name} has no content")
        if isinstance(result, Directive):
            page.line = line
            body = page.blocks(content)
            if not body.strip():
                raise NoRuleError(f"{tag.name} has no content")
            result = [Block(directive_block(result, body), f"{result.argument} {body}".strip())]
    except NoRuleError:
        return unknown(tag, page) if "jsx" in element.attributes else None
    except TagError as error:
        return [page.show_as_code(source, Kind.BROKEN_TAG, str(error))]
    if result is None:
        return content
    page.record_rule(rule.tag, source, result)
    return list(result)
