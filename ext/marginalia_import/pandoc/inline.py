r"""Inline markup of Pandoc: notes, spans, citations, references, sub- and superscript.

Code and formulas are placeholders already, and so is what this module converts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from marginalia_import import myst
from marginalia_import.attributes import ATTRIBUTE_LIST, Attributes, parse_attributes
from marginalia_import.crossrefs import REFERENCE_KEY
from marginalia_import.placeholders import Inline, Verbatim
from marginalia_import.report import Kind, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment

#: A key of a citation or the id of a reference.
KEY = re.compile(r"(?P<minus>-?)@(?:\{(?P<braced>[^{}\s]+)\}|(?P<key>[\w][\w:.#$%&+?<>~/-]*))")
ITEM = re.compile(rf"(?P<prefix>[^@]*?){KEY.pattern}(?P<suffix>[^@]*)", re.DOTALL)
LOCATOR = re.compile(r"[ \t]*\n?[ \t]*\[(?P<text>[^\[\]@]+)\](?![(\[{:])")
#: The classes of what belongs into the margin.
MARGIN = frozenset(
    {"aside", "column-margin", "marginnote", "margin", "margin-note", "marginfigure"}
)
#: The classes of what is wider than the text, https://quarto.org/docs/authoring/article-layout
WIDE = re.compile(r"column-(?:page|screen|body-outset)(?:-inset|-left|-right|-shaded)*|fullwidth")
NUMBERED_NOTE = frozenset({"sidenote"})
#: The classes that stay, for the style sheet.
KEPT_CLASSES = frozenset({"newthought", "smallcaps", "mark", "underline", "ul", "highlight"})
#: The id of a thing, before its caption.
BOOKDOWN_ID = re.compile(r"^\(\\#(?P<id>[\w:.-]+)\)[ \t]*")
INLINE_CODE = re.compile(r"^`+(?:\{(?P<name>r|python|julia|ojs)\}|r)\s+(?P<code>.*?)`+$", re.DOTALL)
#: The formats of raw text that is shown on web pages.
WEB = frozenset({"html", "html5", "html4"})
WORDS = re.compile(r"""^[\w.:]+\(\s*["']([^"'\n]*)["']\s*\)$""")


def wide_class(classes: Iterable[str]) -> str:
    """Return our class for what is wider than the text, if one of *classes* says so."""
    return "fullwidth" if any(map(WIDE.fullmatch, classes)) else ""


class Target(NamedTuple):
    """One work within a citation."""

    key: str
    prefix: str
    suffix: str
    without_author: bool


def citation_targets(text: str) -> list[Target]:
    """Return the works in ``see @a, p. 3; -@b``, or none if a part of it names no work.

    >>> [tuple(target) for target in citation_targets("see @a, p. 3; -@b")]
    [('a', 'see', 'p. 3', False), ('b', '', '', True)]
    """
    targets: list[Target] = []
    # A comma after a work separates it from the next; one before it belongs to its words.
    for part in re.sub(r"(@[^@;]*),(?=\s*-?@)", r"\1;", text).split(";"):
        match = ITEM.fullmatch(part.strip())
        if match is None:
            return []
        key = match["braced"] or match["key"]
        core = key.rstrip(".:?,") if not match["braced"] else key
        suffix = key[len(core) :] + match["suffix"]
        suffix = re.sub(r"^\s*,?\s*", "", suffix).replace("[", "").replace("]", "").strip()
        targets.append(Target(core, match["prefix"].strip(), suffix, match["minus"] == "-"))
    return targets


class InlineConverter:
    """Converts inline markup of one article."""

    def __init__(self, page: ArticlePage) -> None:
        self.page = page

    # Citations and references

    def bracket(self, text: str) -> Fragment | None:
        """Return what ``[…]`` with ``@`` is: a citation, references, or nothing of both."""
        targets = citation_targets(text)
        if not targets:
            return None
        if all(REFERENCE_KEY.fullmatch(target.key) for target in targets):
            return Inline("; ".join(self._prefixed_reference(target) for target in targets))
        keys = self.page.site.citation_keys
        missing = [target.key for target in targets if target.key not in keys]
        if missing:
            for key in missing:
                hint = did_you_mean(key, keys)
                message = f"[{text}]: {key!r} is in no bibliography{hint}"
                self.page.report(Kind.UNRESOLVED_CITATION, message)
            return None
        self.page.count("citations")
        return Inline(self._citation(targets))

    def _citation(self, targets: list[Target]) -> str:
        """Return the citation in brackets, with the words around each key."""
        keys = self.page.site.citation_keys
        parts: list[str] = []
        for target in targets:
            before = f"{{{self._plain(target.prefix)}}}" if target.prefix else ""
            after = f"{{{self._plain(target.suffix)}}}" if target.suffix else ""
            parts.append(f"{before}{keys[target.key]}{after}")
        year_only = len(targets) == 1 and targets[0].without_author
        if year_only and not (targets[0].prefix or targets[0].suffix):
            return f"{{cite:yearpar}}`{parts[0]}`"
        if any(target.without_author for target in targets):
            self.page.report(Kind.MARKUP, "-@ within a citation: the author is shown")
        return f"{{cite:p}}`{','.join(parts)}`"

    def _plain(self, text: str) -> str:
        """Return the words around a key: the role reads no markup, and no braces or commas."""
        restored = self.page.placeholders.restore(text)
        return re.sub(r"[{}`]", "", myst.plain_text(restored)) or "–"

    def _prefixed_reference(self, target: Target) -> str:
        source = f"{'-' * target.without_author}@{target.key}"
        reference = self.page.refer(
            target.key, source, number_only=bool(target.without_author or target.prefix)
        )
        words = [self.page.inline(target.prefix)] if target.prefix else []
        after = f", {self.page.inline(target.suffix)}" if target.suffix else ""
        return " ".join([*words, reference]) + after

    def key(self, text: str, match: re.Match[str]) -> tuple[Fragment, int] | None:
        """Return what ``@key`` within a sentence is, and the end of what it took of *text*."""
        braced, key = match["braced"], match["key"] or ""
        name = braced or key.rstrip(".:?/#$%&+<>~-")
        end = match.end() if braced else match.start("key") + len(name)
        if REFERENCE_KEY.fullmatch(name) and name not in self.page.site.citation_keys:
            reference = self.page.refer(
                name, match[0][: end - match.start()], number_only=bool(match["minus"])
            )
            return Inline(reference), end
        if name not in self.page.site.citation_keys:
            return None
        self.page.count("citations")
        new = self.page.site.citation_keys[name]
        locator = LOCATOR.match(text, end)
        if match["minus"]:
            return Inline(f"{{cite:year}}`{new}`"), end
        if locator:
            return Inline(f"{{cite:t}}`{new}{{{self._plain(locator['text'])}}}`"), locator.end()
        return Inline(f"{{cite:t}}`{new}`"), end

    # Notes and spans

    def note(self, name: str, text: str) -> Fragment:
        """Return a note with a text of the article."""
        self.page.count(f"{name}s")
        return self.page.note(name, text)

    def span(self, text: str, attributes: Attributes) -> Fragment:
        """Return what ``[text]{.class}`` is."""
        classes = {*attributes.classes}
        if classes & MARGIN:
            return self.note("marginnote", text)
        if classes & NUMBERED_NOTE:
            return self.note("sidenote", text)
        kept = sorted(classes & KEPT_CLASSES)
        others = [f".{name}" for name in attributes.classes if name not in KEPT_CLASSES]
        others += [f"{key}={value}" for key, value in attributes.values.items()]
        if others or attributes.identifier:
            identifier = f"#{attributes.identifier} " if attributes.identifier else ""
            message = f"{{: {identifier}{' '.join(others)}}} left out"
            self.page.report(Kind.ATTRIBUTES, message)
        inner = self.page.inline(text)
        return Inline(f"[{inner}]{{.{' .'.join(kept)}}}" if kept else inner)

    # Code

    def code(self, fragment: Fragment, after: str) -> tuple[Fragment | None, int]:
        """Return what a span of code is, and how many characters of *after* belong to it.

        ``r f("words")`` in backquotes is inline code of R, which the old site ran.
        """
        if not (isinstance(fragment, Verbatim) and fragment.is_code) or "\n\n" in fragment.text:
            return None, 0
        if match := INLINE_CODE.match(fragment.text):
            words = WORDS.match(match["code"].strip())
            shown = words[1] if words else myst.code_span(match["code"])
            self.page.report(Kind.EXPRESSION, f"inline code shows {shown}: {fragment.text}")
            if words:
                return Inline(myst.code_span(shown) if words[1] else ""), 0
            return Verbatim(shown, is_code=True), 0
        attributes = ATTRIBUTE_LIST.match(after)
        if attributes is None:
            return None, 0
        values = parse_attributes(attributes[0])
        if values.raw_format in WEB:
            return Verbatim(fragment.text.strip("`").strip()), attributes.end()
        if values.raw_format:
            message = f"{values.raw_format} is shown as code: {fragment.text}"
            self.page.report(Kind.RAW_FORMAT, message)
        return fragment, attributes.end()


def report_left_out(page: ArticlePage, values: Attributes, used: set[str]) -> None:
    """Report the attributes that were not used."""
    shown = [name for name in values.classes if name in MARGIN or wide_class([name])]
    others = [f".{name}" for name in values.classes if name not in shown]
    others += [f"{key}={value}" for key, value in values.values.items() if key not in used]
    if others:
        page.report(Kind.ATTRIBUTES, f"{{: {' '.join(others)}}} left out")


def table_caption(page: ArticlePage, text: str) -> tuple[str, dict[str, str]]:
    """Return the caption of a table in MyST, and the options with the label of its id."""
    attributes = re.search(r"[ \t]*(\{[^{}]*\})[ \t]*$", text)
    values = parse_attributes(attributes[1]) if attributes else Attributes()
    text = text[: attributes.start()] if attributes else text
    bookdown = BOOKDOWN_ID.match(text)
    text = text[bookdown.end() :] if bookdown else text
    identifier = values.identifier or (bookdown["id"] if bookdown else "")
    label = page.define(identifier, "table")
    report_left_out(page, Attributes("", (), values.values), set())
    return page.inline(text), {"name": label} if label else {}
