"""The rules for shortcodes of Hugo and components of MDX, by the names that many sites give them.

Both are a name with arguments around a text: ``{{< sidenote >}}…{{< /sidenote >}}``,
``<Sidenote>…</Sidenote>``. A rule that returns a directive, or None, leaves the text in place.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from marginalia_import import myst
from marginalia_import.lines import add_prefix
from marginalia_import.myst import Directive, directive_block
from marginalia_import.myst.names import CALLOUTS
from marginalia_import.placeholders import Block, Inline
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, Rule, TagError, TagForm
from marginalia_import.rules.builtin import newthought
from marginalia_import.rules.includes import CAPTIONS, picture, shortcode_figure
from marginalia_import.rules.math_and_code import code, diagram, formula, highlight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag

    Converted = Sequence[Fragment] | Directive | None

#: The arguments that hold the text of a note without content.
TEXTS = ("content", "note", "text", "children", "body", "contents", *CAPTIONS)
VIDEOS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "instagram": "https://www.instagram.com/p/{}",
    **dict.fromkeys(("tweet", "twitter", "x"), "https://x.com/i/status/{}"),
}
#: The callouts whose name is their kind; some themes have two of the names for all kinds.
KINDS = {*CALLOUTS} - {"alert", "hint"}


# Notes


def note(tag: Tag, page: Page, kind: str) -> Converted:
    """Return a note; words that the old site showed in the sentence stay there.

    :raises TagError: it has no text
    """
    others = [] if tag.named else list(tag.arguments)
    text = (tag.content or "").strip()
    if not text:
        text = tag.argument(*TEXTS)
        words = [word for word in others if " " in word.strip()]
        if not text and others:
            text = others.pop(others.index(words[-1]) if words else -1)
    if not text.strip():
        raise TagError(f"{tag.name} has no text")
    anchor = tag.argument("anchor", "label", "for")
    if len(others) >= 3 and tag.content is not None:
        anchor = others.pop()  # position, id, and the words to which the note belongs
    visible = " ".join([*filter(None, [anchor]), *(word for word in others if " " in word)])
    left_out = [word for word in others if " " not in word]
    if len(left_out) > 1 or (visible and not anchor):
        message = f"{tag.name}: {' '.join(others)} left out or shown"
        page.report(Kind.EXTRA_ARGUMENT, message)
    page.count(f"{kind}s")
    before = [Inline(page.inline(visible))] if visible else []
    return [*before, page.note(kind, text)]


def margin_note(tag: Tag, page: Page) -> Converted:
    """Return a margin note; one with blocks is a directive around them."""
    if tag.own_line and "\n" in (tag.content or "").strip():
        page.count("marginnotes")
        return Directive("marginnote")
    return note(tag, page, "marginnote")


# Blocks


def details(tag: Tag, page: Page) -> Converted:
    """Return a dropdown."""
    names = ("title", "summary", "label", "header")
    title = tag.argument(*names, position=0) or "Details"
    return Directive("dropdown", page.inline(title))


def callout(tag: Tag, page: Page) -> Converted:
    """Return an admonition; its kind is the name of the tag or an argument.

    :raises TagError: it has no text
    """
    words = [] if tag.named else list(tag.arguments)
    kind = tag.argument("type", "variant", "style", "kind", "level", "context", "class", "color")
    if not kind and words and words[0].lower() in CALLOUTS and tag.name.lower() not in KINDS:
        kind = words.pop(0)
    names = (kind.lower(), tag.name.lower())
    kind = next((name for name in names if name in CALLOUTS), "note")
    texts = ("text",) if tag.content else ()
    title = tag.argument("title", "header", "heading", *texts)
    if not title and tag.content and words:
        title = words.pop(0)
    directive = myst.callout(kind, page.inline(title))
    if tag.content is not None:
        return directive
    text = tag.argument("text", "content", "body") or " ".join(words)
    if not text:
        raise TagError(f"{tag.name} has no text")
    body = myst.escape_block_starts(page.inline(text))
    return [Block(directive_block(directive, body), body)]


def tabs(tag: Tag, page: Page) -> Converted:
    """Return a set of tabs, whose titles may be its own argument, ``items="A,B"``."""
    page.tab_titles[:] = filter(None, re.split(r"\s*,\s*", tag.named.get("items", "")))
    return Directive("tab-set")


def tab(tag: Tag, page: Page) -> Converted:
    """Return one of a set of tabs."""
    title = tag.argument("label", "name", "title", "header", position=0)
    listed = page.tab_titles.pop(0) if page.tab_titles else "Tab"
    return Directive("tab-item", page.inline(title or listed))


def card(tag: Tag, page: Page) -> Converted:
    """Return ``<Card title="…">``, or a link; without a title only its content."""
    if tag.content is None:
        return link(tag, page)
    title = tag.argument("label", "title", "header")
    return Directive("card", page.inline(title)) if title else None


def epigraph(tag: Tag, page: Page) -> Converted:
    """Return a quotation with its author and source."""
    body, by = _quotation(tag, page)
    text = f"{body}\n\n-- {by}" if by else body
    return [Block(directive_block(Directive("epigraph"), text), f"{body} {by}".strip())]


def quote(tag: Tag, page: Page) -> Converted:
    """Return ``<Blockquote author="…" source="…">``, which may say that it is an epigraph."""
    if "epigraph" in tag.named:
        return epigraph(tag, page)
    body, by = _quotation(tag, page)
    text = f"{body}\n\n— {by}" if by else body
    return [Block("\n".join(add_prefix(text, "> ")), f"{body} {by}".strip())]


def _quotation(tag: Tag, page: Page) -> tuple[str, str]:
    """Return the words of a quotation, and its author and source.

    :raises NoRuleError: it has no words
    """
    body = page.blocks((tag.content or "").strip("\n"))
    if not body.strip():
        raise NoRuleError(f"{tag.name} has no content")
    author = tag.argument("author", "pre", position=0)
    source = tag.argument("source", "cite", "post", "title", position=1)
    return body, ", ".join(page.inline(name) for name in (author, source) if name)


def frame(tag: Tag, page: Page) -> Converted:
    """Leave the content of what only arranges it: ``<Steps>``, ``<FileTree title="…">``."""
    if tag.body:
        page.report(Kind.ATTRIBUTES, f"{{: {tag.name} {tag.body}}} left out")
    elif tag.content and (title := tag.named.get("title")):
        parts = [f"**{page.inline(title)}**", page.blocks(tag.content)]
        return [Block("\n\n".join(parts), " ".join(parts))]
    return None


def nothing(tag: Tag, page: Page) -> Converted:
    """Leave out ``<Icon name="star" />``."""
    return []


# Links and works


def reference(tag: Tag, page: Page) -> Converted:
    """Return the address of an article by its path, ``{{< ref "lamps.md#height" >}}``."""
    return [page.article_address(tag.argument("path", position=0), tag.source)]


def video(tag: Tag, page: Page) -> Converted:
    """Return a link to what a shortcode embeds."""
    name = tag.argument("id", "src") or "/".join(tag.arguments)
    title = tag.argument("title") or f"{tag.name} {name}"
    page.report(Kind.UNKNOWN_TAG, f"{tag.name} has no rule: it becomes a link to {name}")
    return [Inline(f"[{myst.escape(title)}]({VIDEOS[tag.name].format(name)})")]


def cite(tag: Tag, page: Page) -> Converted:
    """Return a citation.

    :raises NoRuleError: it has no key
    """
    keys = re.findall(r"[^,;\s]+", " ".join(tag.arguments))
    if not keys or "page" in tag.named:
        raise NoRuleError(f"{tag.name} has no key")
    return [page.citation(keys, tag.source)]


def link(tag: Tag, page: Page) -> Converted:
    """Return ``<LinkCard title="…" href="…" description="…" />`` or ``<LinkButton href="…">``.

    :raises NoRuleError: it leads nowhere
    """
    text = tag.argument("title", "text", "label") or (tag.content or "").strip()
    address = tag.argument("href", "link", "url", "relref", position=0)
    if not text or not address:
        raise NoRuleError(f"{tag.name} has no address")
    more = tag.argument("description", "subtitle")
    written = page.inline(f"[{text}](<{address}>)" + (f": {more}" if more else ""))
    return [Block(written, written)] if tag.own_line else [Inline(written)]


def badge(tag: Tag, page: Page) -> Converted:
    """Return ``<Badge text="…" />``."""
    words = tag.argument("text", "content", position=0)
    return [Inline(page.inline(words or tag.content or ""))]


# The names

#: What both have; some also have names for it that mean something else to the other.
BOTH: dict[Callable[[Tag, Page], Converted], str] = {
    partial(note, kind="sidenote"): "sidenote side-note sn footnote fn",
    margin_note: "marginnote margin-note mn marginalia",
    callout: "callout admonition notice infobox "
    + " ".join(sorted({*CALLOUTS} - {"abstract", "summary", "example"})),
    details: "details collapse collapsible spoiler expand accordion accordionitem fold toggle",
    newthought: "newthought",
    tabs: "tabs tabpane",
    tab: "tab tabitem",
}
SHORTCODES = {
    margin_note: "margin aside",
    callout: "box block message blockquote-alert pageinfo abstract summary example",
    shortcode_figure: "figure img image fig imgproc picture",
    epigraph: "quote blockquote epigraph",
    frame: "rawhtml html raw-html center columns column div steps section fullwidth cards",
    reference: "ref relref",
    video: " ".join(VIDEOS),
    cite: "cite",
    card: "card",
    link: "button btn",
    badge: "badge",
    nothing: "icon",
}
#: Those around code or a formula.
VERBATIM = {
    formula: "math katex latex mathjax tex inlinemath blockmath",
    highlight: "highlight",
    diagram: "mermaid",
}
#: Some are of Starlight, https://starlight.astro.build/components/using-components
COMPONENTS = {
    callout: "aside",
    picture: "image img picture figure captionedimage marginfigure margin-figure",
    quote: "blockquote quote pullquote",
    epigraph: "epigraph",
    frame: "steps cardgrid filetree fragment",
    nothing: "icon",
    card: "card",
    link: "linkcard linkbutton",
    badge: "badge",
    code: "code",
}


def _rules(names: Mapping[Any, str], tag: str, form: TagForm = TagForm.SINGLE) -> list[Rule]:
    pairs = ((name, convert) for convert, words in names.items() for name in words.split())
    return [Rule(tag.format(name), convert, form) for name, convert in pairs]


HUGO = (
    *_rules(BOTH, "{}"),
    *_rules(SHORTCODES, "{}"),
    *_rules(VERBATIM, "{}", TagForm.VERBATIM),
)
ASTRO = (*_rules(BOTH, "<jsx-{}>"), *_rules(COMPONENTS, "<jsx-{}>"))
