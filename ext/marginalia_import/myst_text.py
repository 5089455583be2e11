"""Articles that are in MyST already: they stay as they are, but for a few directives and roles.

``margin``, ``aside`` and ``sidenote`` become ours, proofs and theorems of sphinx-proof admonitions.
What neither Sphinx nor MyST-Parser nor sphinx-design knows is reported, with its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import frontmatter
from marginalia_import.addresses import anchor_variants
from marginalia_import.crossrefs import Reference, define
from marginalia_import.myst import escape, shorten
from marginalia_import.myst_names import (
    ADMONITIONS,
    CODE,
    CODE_CELLS,
    KNOWN,
    PROOFS,
    RENAMED,
    ROLES,
    UNNUMBERED,
)
from marginalia_import.page import ArticlePage
from marginalia_import.pandoc_inline import InlineConverter, citation_targets
from marginalia_import.placeholders import Inline, Placeholders
from marginalia_import.report import Kind
from marginalia_import.syntax import Syntax
from marginalia_import.visible_text import without_markup

if TYPE_CHECKING:
    from marginalia_import.links import Links
    from marginalia_import.report import Report
    from marginalia_import.site import Article, Site

FENCE = re.compile(
    r"^(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*"
    r"(?:\{(?P<name>[\w:.+-]+)\}(?P<argument>.*)|(?P<info>[^\n]*))$"
)
ROLE = re.compile(r"\{(?P<name>[\w:.+-]+)\}(?P<ticks>`+)(?P<text>.+?)(?P=ticks)(?!`)", re.DOTALL)
OPTION = re.compile(r"^[ \t>]*:(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
BRACKET = re.compile(r"(?<![\w\]\\!])\[(?P<text>[^\[\]\n]*@[^\[\]\n]*)\](?![(\[:{])")
LINK = re.compile(r"\[\]\((?:#|<\#)(?P<id>[\w:.-]+)>?\)")
#: A span of code, or a role.
CODE_SPAN = re.compile(r"((?:\{[\w:.+-]+\})?(`+)(?!`)(?:.+?)(?<!`)\2(?!`))", re.DOTALL)


def convert_myst(site: Site, links: Links, article: Article, text: str, report: Report) -> str:
    """Return an article that is in MyST, with what only its old project knew converted."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front, body, line = frontmatter.read(text)
    page = ArticlePage(
        site,
        article,
        report,
        Placeholders(text),
        links,
        lambda *_, **__: "",
        lambda _page, buffer: buffer,
    )
    page.count("articles")
    converted = _Reader(page, body, line).read()
    head = text[: len(text) - len(body)]
    if front.error:
        page.report(Kind.FRONT_MATTER, f"front matter could not be read ({front.error})", 1)
    title = str(front.values.get("title") or "")
    first = re.match(r"\s*(?:\([\w:.-]+\)=\s*)?#[ \t]+([^\n]+)", body)
    is_same = first and anchor_variants(first[1])[0] == anchor_variants(title)[0]
    if title and not is_same and site.contents.facts.title_is_heading:
        if first:
            page.report(Kind.TITLE, "the first heading is kept below the title", line)
            converted = re.sub(r"(?m)^(#{1,5} )", r"#\1", converted)
        converted = f"# {escape(title)}\n\n{converted.lstrip()}"
    return head + converted


class MystSyntax(Syntax):
    """The MyST of another project."""

    def visible(self, text: str) -> str:
        return without_markup(text)


class _Reader:
    """One pass over the lines of an article."""

    def __init__(self, page: ArticlePage, body: str, line: int) -> None:
        self.page = page
        self.lines = body.split("\n")
        self.first_line = line
        self.inline = InlineConverter(page)
        self.directives = [""]
        self.is_javascript = page.site.contents.facts.title_is_heading

    def read(self) -> str:
        """Return the text with what was converted."""
        out: list[str] = []
        plain: list[str] = []
        #: The fence of the block of code that is open, and those of the open directives.
        code, directives = "", self.directives
        for number, line in enumerate(self.lines):
            match = None if code else FENCE.match(line)
            fence = match["fence"] if match else ""
            if code:
                out.append(line)
                if re.fullmatch(rf"[ \t>]*{code[0]}{{{len(code)},}}[ \t]*", line):
                    code = ""
            elif match is None:
                plain.append(line)
            elif match["name"]:
                self.flush(plain, out, number)
                self.page.line = self.first_line + number
                out.append(self.directive(match, number))
                if match["name"] in CODE:
                    code = fence
                elif out[-1]:
                    directives.append(fence)
            elif not match["info"] and fence[0] == directives[-1][:1] and fence >= directives[-1]:
                directives.pop()
                self.flush(plain, out, number)
                out.append(line)
            else:
                self.flush(plain, out, number)
                out.append(line)
                code = fence if fence[0] != ":" else ""
        self.flush(plain, out, len(self.lines))
        return "\n".join(line for line in out if line != "\0")

    def flush(self, plain: list[str], out: list[str], end: int) -> None:
        """Write the lines of text that were read, but for those of options that are gone."""
        end -= plain.count("\0")
        plain[:] = [line for line in plain if line != "\0"]
        if plain:
            out += self.text("\n".join(plain), self.first_line + end - len(plain)).split("\n")
            plain.clear()

    # Directives

    def directive(self, match: re.Match[str], number: int) -> str:
        """Return the first line of a directive."""
        name, argument = match["name"], match["argument"].strip()
        opening = f"{match['prefix']}{match['fence']}"
        new = RENAMED.get(name, name)
        kind = name.removeprefix("prf:")
        if name in RENAMED and not argument:
            self.page.count("marginnotes")
        elif name in RENAMED:
            self.page.count("marginnotes")
            new = "margin"  # it has a title
        elif kind in PROOFS and kind not in KNOWN:
            return self.proof(opening, kind, argument, number)
        elif name == "bibliography":
            argument = ""  # the works of all its files are in one
        elif name == "sidebar" and (match["prefix"] or len(self.directives) > 1):
            # docutils has it only beside a whole section
            new = "admonition" if argument else "note"
        elif name == "tableofcontents":
            self.page.report(Kind.CONTENTS, "{tableofcontents} left out: the theme shows one")
            self.remove(number, match["fence"])
            return ""
        elif name in ADMONITIONS and self.is_javascript:
            return self.admonition(opening, name, argument, number)
        elif name not in KNOWN and name not in CODE_CELLS:
            self.page.report(Kind.UNKNOWN_TAG, f"{{{name}}} has no rule: {shorten(argument)}")
        if self.is_javascript and name != "math":
            self.rename_labels(number)
        return f"{opening}{{{new}}} {argument}".rstrip()

    def remove(self, number: int, fence: str) -> None:
        """Leave out the options of a directive, and the line that closes it."""
        for at in range(number + 1, len(self.lines)):
            closes = self.lines[at].strip() == fence
            self.lines[at] = ""
            if closes:
                return

    def rename_labels(self, number: int) -> None:
        """Name a directive as Sphinx does: ``:name:`` instead of ``:label:``."""
        for at in range(number + 1, len(self.lines)):
            if OPTION.match(self.lines[at]) is None:
                return
            self.lines[at] = re.sub(r"^([ \t>]*):label:", r"\1:name:", self.lines[at])

    def admonition(self, opening: str, name: str, argument: str, number: int) -> str:
        """Return the first lines of an admonition, whose argument is its title in MyST."""
        options: dict[str, str] = {}
        for at in range(number + 1, len(self.lines)):
            option = OPTION.match(self.lines[at])
            if option is None:
                break
            key = {"label": "name"}.get(option["name"], option["name"])
            options[key] = option["value"].strip()
            self.lines[at] = "\0"
        if others := {*options} - {"name", "class", "open", "icon"}:
            self.page.report(Kind.ATTRIBUTES, f"{{:{' '.join(sorted(others))}}} left out")
        kept = {key: options[key] for key in ("class", "name") if options.get(key)}
        if "dropdown" in kept.get("class", "").split():
            name, argument = "dropdown", argument or name.capitalize()
            kept.pop("class")
        elif argument and name != "admonition":
            kept["class"] = f"{name} {kept.get('class', '')}".strip()
            name = "admonition"
        lines = [f":{key}: {value}" for key, value in kept.items()]
        indent = re.sub(r"[^ \t>]", " ", re.match(r"[^`:~]*", opening)[0])  # type: ignore[index]
        return "\n".join(
            [f"{opening}{{{name}}} {argument}".rstrip(), *(indent + line for line in lines)]
        )

    def proof(self, opening: str, kind: str, argument: str, number: int) -> str:
        """Return the first line of a theorem, and change the options below it."""
        heading = kind.capitalize()
        if kind not in UNNUMBERED:
            self.page.theorem_numbers[kind] += 1
            heading = f"{heading} {self.page.theorem_numbers[kind]}"
        options = [f":class: {kind}"]
        for at in range(number + 1, len(self.lines)):
            option = OPTION.match(self.lines[at])
            if option is None:
                break
            if option["name"] in {"label", "name"}:
                label = define(self.page, option["value"].strip(), "block", heading)
                options += [f":name: {label}"] if label else []
            elif option["name"] not in {"nonumber", "class"}:
                self.page.report(Kind.ATTRIBUTES, f"{{:{option['name']}}} left out")
            self.lines[at] = "\0"
        title = f"{heading} ({argument})" if argument else heading
        return _opening(f"{opening}{{admonition}} {title}", options)

    # Text

    def text(self, text: str, line: int) -> str:
        """Return text with roles, citations and references in the words of the new project."""

        def at(match: re.Match[str]) -> None:
            self.page.line = line + match.string.count("\n", 0, match.start())

        def bracket(match: re.Match[str]) -> str:
            at(match)
            keys = self.page.site.citation_keys
            targets = citation_targets(match["text"])
            if not targets or not any(target.key in keys for target in targets):
                return match[0]
            fragment = self.inline.bracket(match["text"])
            return fragment.text if isinstance(fragment, Inline) else match[0]

        def link(match: re.Match[str]) -> str:
            at(match)
            return self.reference(match["id"], match[0])

        # Code spans stay; a role is one too, with a name.
        parts = CODE_SPAN.split(text)
        out: list[str] = []
        position = 0
        for index, part in enumerate(parts):
            if index % 3 == 2:
                continue
            before = text.count("\n", 0, position)
            position += len(part)
            self.page.line = line + before
            if index % 3 == 1:
                match = ROLE.fullmatch(part)
                out.append(self.role(match) if match else part)
            else:
                line_before, line = line, line + before
                part = BRACKET.sub(bracket, part)
                out.append(LINK.sub(link, part))
                line = line_before
        return "".join(out)

    def reference(self, identifier: str, source: str, *, keep_unknown: bool = True) -> str:
        """Return a placeholder for a reference, which stays as it is if MyST can resolve it."""
        page = self.page
        reference = Reference(
            page.article, identifier, source, page.line, keep_unknown=keep_unknown
        )
        return page.links.refer(reference)

    def role(self, match: re.Match[str]) -> str:
        """Return a role by the name that the new project knows."""
        name = match["name"]
        if name in {"aside", "margin"}:
            self.page.count("marginnotes")
            return f"{{marginnote}}{match['ticks']}{match['text']}{match['ticks']}"
        target = re.sub(r"^.*<(.*)>$", r"\1", match["text"].strip(), flags=re.DOTALL)
        if name == "prf:ref":
            return self.reference(target, match[0], keep_unknown=False)
        if name in {"ref", "numref"} and target == match["text"].strip():
            return self.reference(target, match[0])
        if name == "button":
            self.page.report(Kind.MARKUP, f"a button becomes a link: {match['text']}")
            return match["text"]
        if name not in ROLES and not name.startswith(("cite", "bdg", "py:", "octicon", "fa")):
            self.page.report(Kind.UNKNOWN_TAG, f"{{{name}}} has no rule: {shorten(match[0])}")
        if name == "sidenote" or name.startswith("cite"):
            self.page.count("sidenotes" if name == "sidenote" else "citations")
        return match[0]


def _opening(first: str, options: list[str]) -> str:
    """Return the first lines of a directive, in the list or quote that it is in."""
    prefix = re.match(r"[^`:~]*", first)
    indent = re.sub(r"[^ \t>]", " ", prefix[0]) if prefix else ""
    return "\n".join([first, *(indent + line for line in options)])
