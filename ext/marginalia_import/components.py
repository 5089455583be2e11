"""The rules for components of MDX, by the names that authors give them.

A component becomes an element ``<jsx-sidenote jsx="Sidenote">`` (:mod:`marginalia_import.mdx`).
One that no rule knows leaves its content, and is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import html
from marginalia_import.html_tree import to_markdown
from marginalia_import.include_rules import CAPTIONS, figure
from marginalia_import.myst import Directive, callout, code_block, code_span, directive_block
from marginalia_import.myst_names import CALLOUTS
from marginalia_import.placeholders import Block, Inline
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, Rule, Tag, TagError

if TYPE_CHECKING:
    from marginalia_import.html import Element
    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page

#: The arguments that hold the text of a component without content.
TEXTS = ("content", "note", "text", "children", *CAPTIONS)
PREFIX = "jsx-"
#: A component of MDX, under the name that it has as an element.
COMPONENT = re.compile(r'<jsx-[\w-]+ jsx="([^"]*)"')


def note(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Sidenote>text</Sidenote>``, or ``<Sidenote text="…" />``.

    :raises TagError: it has no text
    """
    text = (tag.content or "").strip()
    text = text or next((tag.named[name] for name in TEXTS if tag.named.get(name)), "")
    if not text:
        raise TagError(f"{tag.named.get('jsx', tag.name)} has no text")
    name = "marginnote" if "margin" in tag.name else "sidenote"
    page.count(f"{name}s")
    return [page.note(name, text)]


def admonition(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Aside type="tip" title="…">``, or ``<Tip>``."""
    own = tag.name.strip("<>").removeprefix(PREFIX)
    kind = tag.named.get("type") or tag.named.get("variant") or tag.named.get("kind") or own
    kind = kind.lower() if kind.lower() in CALLOUTS else "note"
    return _around(callout(kind, page.inline(tag.named.get("title", ""))), tag, page)


def details(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Collapse title="…">``."""
    names = ("title", "summary", "label", "header")
    title = next((tag.named[name] for name in names if tag.named.get(name)), "Details")
    return _around(Directive("dropdown", page.inline(title)), tag, page)


def newthought(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<NewThought>words</NewThought>``."""
    return [Inline(f"[{page.inline(tag.content or '')}]{{.newthought}}")]


def picture(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Image src={photo} alt="…" />`` and ``<Figure>``; around an image it is a frame.

    :raises NoRuleError: it has neither an image nor content
    """
    try:
        return figure(tag, page)
    except NoRuleError:
        if not tag.content:
            raise
    text = "\n\n".join([tag.content, *(tag.named[n] for n in ["caption"] if n in tag.named)])
    return [Block(page.blocks(text), page.inline(text))]


def quote(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Blockquote author="…" source="…">``, or one that says it is an epigraph.

    :raises NoRuleError: it has no content
    """
    body = page.blocks(tag.content or "")
    if not body.strip():
        raise NoRuleError(f"{tag.name} has no content")
    authors = [tag.named[name] for name in ("author", "source", "cite") if tag.named.get(name)]
    by = [f"— {page.inline(', '.join(authors))}"] if authors else []
    text = "\n\n".join([body, *by])
    if "epigraph" in tag.name or "epigraph" in tag.named:
        return [Block(directive_block(Directive("epigraph"), text), text)]
    return [Block("\n".join(f"> {line}".rstrip() for line in text.split("\n")), text)]


def frame(tag: Tag, page: Page) -> list[Fragment] | None:
    """Leave the content of what only arranges it: ``<Steps>``, ``<FileTree title="…">``."""
    if not tag.content or not (title := tag.named.get("title")):
        return None
    parts = [f"**{page.inline(title)}**", page.blocks(tag.content)]
    return [Block("\n\n".join(parts), " ".join(parts))]


def titled(tag: Tag, page: Page) -> list[Fragment] | None:
    """Convert ``<Tabs>``, ``<TabItem label="…">`` and ``<Card title="…">``."""
    name = {"tabs": "tab-set", "tabitem": "tab-item"}.get(tag.name[5:-1], "card")
    title = tag.named.get("label") or tag.named.get("title") or ""
    if name == "card" and not title and tag.content:
        return None
    return _around(Directive(name, page.inline(title)), tag, page)


def link(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<LinkCard title="…" href="…" description="…" />`` and ``<LinkButton href="…">``.

    :raises NoRuleError: it leads nowhere
    """
    text, address = tag.named.get("title") or (tag.content or "").strip(), tag.named.get("href")
    if not text or not address:
        raise NoRuleError(f"{tag.name} has no address")
    more = tag.named.get("description")
    written = page.inline(f"[{text}](<{address}>)" + (f": {more}" if more else ""))
    return [Block(written, written)] if tag.own_line else [Inline(written)]


def text(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Badge text="…" />``."""
    return [Inline(page.inline(tag.named.get("text") or tag.content or ""))]


def code(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``<Code code="…" lang="…" />``.

    :raises NoRuleError: its code would have to be computed
    """
    if not tag.named.get("code"):
        raise NoRuleError(f"{tag.name} has no code")
    source = tag.named["code"]
    return [Block(code_block(source, page.language(tag.named.get("lang", ""))), code_span(source))]


def _around(directive: Directive, tag: Tag, page: Page) -> list[Fragment]:
    """Return a directive around the content.

    :raises NoRuleError: there is none
    """
    body = page.blocks(tag.content or "")
    if not body.strip():
        raise NoRuleError(f"{tag.name} has no content")
    return [Block(directive_block(directive, body), f"{directive.argument} {body}".strip())]


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
        rule.tag if rule else element.name,
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
    except NoRuleError:
        return unknown(tag, page) if "jsx" in element.attributes else None
    except TagError as error:
        return [page.show_as_code(source, Kind.BROKEN_TAG, str(error))]
    if result is None:
        return content
    if isinstance(result, Directive):
        page.line = line
        result = [Block(directive_block(result, page.blocks(content)), page.inline(content))]
    page.record_rule(rule.tag, source, result)
    return list(result)


def _rules(names: str, convert: object) -> list[Rule]:
    return [Rule(f"<{PREFIX}{name}>", convert) for name in names.split()]  # type: ignore[arg-type]


ASTRO = (
    *_rules("sidenote side-note sn footnote fn marginnote margin-note mn marginalia", note),
    *_rules("aside callout admonition alert notice infobox", admonition),
    *_rules(" ".join(sorted({*CALLOUTS} - {"abstract", "summary", "example"})), admonition),
    *_rules("details collapse collapsible accordion accordionitem spoiler toggle", details),
    *_rules("image img picture figure captionedimage", picture),
    *_rules("marginfigure margin-figure", picture),
    *_rules("newthought", newthought),
    *_rules("blockquote quote pullquote epigraph", quote),
    # Of Starlight, https://starlight.astro.build/components/using-components
    *_rules("steps cardgrid filetree fragment icon", frame),
    *_rules("tabs tabitem card", titled),
    *_rules("linkcard linkbutton", link),
    *_rules("badge", text),
    *_rules("code", code),
)
