"""Articles that are in MyST already: they stay as they are, but for a few directives and roles.

``margin``, ``aside`` and ``sidenote`` become ours, proofs and theorems of sphinx-proof admonitions.
What neither Sphinx nor MyST-Parser nor sphinx-design knows becomes code or a plain block, and is
reported with its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import frontmatter
from marginalia_import.addresses import anchor_variants
from marginalia_import.myst import code_span, escape, shorten
from marginalia_import.myst.names import (
    ADMONITIONS,
    CODE,
    CODE_CELLS,
    DOMAINS,
    GATES,
    KNOWN,
    PROOFS,
    RENAMED,
    UNNUMBERED,
)
from marginalia_import.myst.words import MystText
from marginalia_import.page import ArticlePage
from marginalia_import.placeholders import Placeholders
from marginalia_import.report import Kind
from marginalia_import.syntax import Syntax
from marginalia_import.visible_text import without_markup

if TYPE_CHECKING:
    from collections.abc import Collection

    from marginalia_import.links import Links
    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, Site

FENCE = re.compile(
    r"^(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*"
    r"(?:\{(?P<name>[\w:.+-]+)\}(?P<argument>.*)|(?P<info>[^\n]*))$"
)
OPTION = re.compile(r"^[ \t>]*:(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")


def convert_myst(site: Site, links: Links, article: Article, text: str, report: Report) -> str:
    """Return an article that is in MyST, with what only its old project knew converted."""
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

    reads_tags = False
    is_myst = True

    def visible(self, text: str) -> str:
        return without_markup(text)


class _Reader:
    """One pass over the lines of an article."""

    def __init__(self, page: ArticlePage, body: str, line: int) -> None:
        self.page = page
        self.lines = body.split("\n")
        self.first_line = line
        self.text = MystText(page)
        #: The fence and the name of each directive that is open.
        self.directives = [("", "")]
        self.is_javascript = page.site.contents.facts.title_is_heading

    def read(self) -> str:
        """Return the text with what was converted."""
        out: list[str] = []
        plain: list[str] = []
        #: The fence of the block of code that is open.
        code, directives = "", self.directives
        for number, line in enumerate(self.lines):
            match = None if code else FENCE.match(line)
            fence, last = match["fence"] if match else "", directives[-1][0]
            if code:
                out.append(line)
                if re.fullmatch(rf"[ \t>]*{code[0]}{{{len(code)},}}[ \t]*", line):
                    code = ""
            elif match is None:
                plain.append(line)
            elif match["name"]:
                self.flush(plain, out, number)
                code = self.open(match, number, out)
            elif not match["info"] and fence[0] == last[:1] and fence >= last:
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
            text = self.text.convert("\n".join(plain), self.first_line + end - len(plain))
            out += text.split("\n")
            plain.clear()

    # Directives

    def open(self, match: re.Match[str], number: int, out: list[str]) -> str:
        """Write the first lines of a directive, and return its fence if its content is code."""
        self.page.line = self.first_line + number
        out.append(self.directive(match, number))
        if not FENCE.match(out[-1].partition("\n")[0]):
            return ""  # it is gone, with its content
        if match["name"] in CODE:
            return match["fence"]
        self.directives.append((match["fence"], match["name"]))
        return ""

    def directive(self, match: re.Match[str], number: int) -> str:
        """Return the first line of a directive."""
        name, argument = match["name"], match["argument"].strip()
        opening = f"{match['prefix']}{match['fence']}"
        kind = name.removeprefix("prf:").lower().removesuffix("-start")
        if name in RENAMED:
            self.page.count("marginnotes")
        if kind in PROOFS and kind not in KNOWN:
            block = "rubric" if name.endswith("-start") else "admonition"
            return self.proof(f"{opening}{{{block}}}", kind, argument, number)
        if name == "tableofcontents" or name in GATES:
            if name not in GATES:
                message = "{tableofcontents} left out: the theme shows one"
                self.page.report(Kind.CONTENTS, message)
            self.remove(number, match["fence"])
            return ""
        if name in ADMONITIONS and self.is_javascript:
            return self.admonition(opening, name, argument, number)
        if name not in KNOWN | CODE_CELLS | {*RENAMED} and not name.startswith(DOMAINS):
            return self.unknown(match, argument, number)
        if self.is_javascript and name != "math":
            self.rename_labels(number)
        name, argument = self.renamed(name, argument, match["prefix"])
        return f"{opening}{{{name}}} {argument}".rstrip()

    def renamed(self, name: str, argument: str, prefix: str) -> tuple[str, str]:
        """Return a directive and its argument as Sphinx accepts them where it stands."""
        if name in RENAMED:
            return ("margin" if argument else RENAMED[name]), argument
        if name == "bibliography":
            return name, ""  # the works of all its files are in one
        if name == "sidebar" and (prefix or len(self.directives) > 1):
            # docutils has it only beside a whole section
            return ("admonition" if argument else "note"), argument
        if name == "card" and self.directives[-1][1] == "grid":
            return "grid-item-card", argument
        columns = argument.split()
        if name == "grid" and len(columns) in {2, 3}:  # sphinx-design knows one number, or four
            return name, " ".join([*columns, *columns[-1:] * 2][:4])
        return name, argument

    def unknown(self, match: re.Match[str], argument: str, number: int) -> str:
        """Return the first lines of a plain block for a directive without a rule, or its source."""
        name = match["name"]
        self.page.report(Kind.UNKNOWN_TAG, f"{{{name}}} has no rule: {shorten(argument)}")
        end = self.end(number, match["fence"])
        options = self.options(number, {"name", "class"})
        opening = f"{match['prefix']}{match['fence']}"
        if not any(line.strip(" \t>\0") for line in self.lines[number + 1 : end]):
            self.lines[number + 1 : end + 1] = ["\0"] * (end - number)
            return match["prefix"] + code_span(f"{{{name}}} {argument}")
        if name in CODE:
            return _opening(f"{opening}{{code-block}} text", [])
        classes = f"tag-{re.sub(r'[^a-z0-9]+', '-', name.lower())} {options.pop('class', '')}"
        lines = [f":{key}: {value}" for key, value in options.items()]
        words = ["", argument, ""] if argument else []
        return _opening(f"{opening}{{container}} {classes}".rstrip(), [*lines, *words])

    def end(self, number: int, fence: str) -> int:
        """Return the line that closes a directive."""
        closing = re.compile(rf"[ \t>]*{fence[0]}{{{len(fence)},}}[ \t]*")
        lines = range(number + 1, len(self.lines))
        return next((at for at in lines if closing.fullmatch(self.lines[at])), len(self.lines))

    def options(self, number: int, names: Collection[str]) -> dict[str, str]:
        """Remove the options below a directive, and return those with the *names*, ours."""
        options: dict[str, str] = {}
        for at in range(number + 1, len(self.lines)):
            option = OPTION.match(self.lines[at])
            if option is None:
                break
            key = {"label": "name"}.get(option["name"], option["name"])
            options[key] = option["value"].strip()
            if key not in names:
                message = f"{{:{key}: {options[key]}}} left out"
                self.page.report(Kind.ATTRIBUTES, message, self.first_line + at)
            self.lines[at] = "\0"
        return {key: options[key] for key in ("class", "name") if options.get(key)}

    def remove(self, number: int, fence: str) -> None:
        """Leave out the content of a directive, and the line that closes it."""
        end = self.end(number, fence)
        self.lines[number + 1 : end + 1] = [""] * len(self.lines[number + 1 : end + 1])

    def rename_labels(self, number: int) -> None:
        """Name a directive as Sphinx does: ``:name:`` instead of ``:label:``."""
        for at in range(number + 1, len(self.lines)):
            if OPTION.match(self.lines[at]) is None:
                return
            self.lines[at] = re.sub(r"^([ \t>]*):label:", r"\1:name:", self.lines[at])

    def admonition(self, opening: str, name: str, argument: str, number: int) -> str:
        """Return the first lines of an admonition, whose argument is its title in MyST."""
        kept = self.options(number, {"name", "class", "open", "icon"})
        if "dropdown" in kept.get("class", "").split():
            name, argument = "dropdown", argument or name.capitalize()
            kept.pop("class")
        elif argument and name != "admonition":
            kept["class"] = f"{name} {kept.get('class', '')}".strip()
            name = "admonition"
        lines = [f":{key}: {value}" for key, value in kept.items()]
        return _opening(f"{opening}{{{name}}} {argument}".rstrip(), lines)

    def proof(self, opening: str, kind: str, argument: str, number: int) -> str:
        """Return the first line of a theorem, and change the options below it."""
        heading = kind.capitalize()
        if kind == "solution":
            exercise = self.page.links.labels.get(argument)
            heading, argument = f"{heading} to {exercise.text}" if exercise else heading, ""
        elif kind not in UNNUMBERED:
            self.page.theorem_numbers[kind] += 1
            heading = f"{heading} {self.page.theorem_numbers[kind]}"
        values = self.options(number, {"name", "class", "nonumber"})
        options = [f":class: {kind}"]
        if "dropdown" in values.get("class", "").split() and opening.endswith("{admonition}"):
            opening, options = opening.replace("admonition", "dropdown"), []
        identifier = values.get("name", "")
        if label := self.page.define(identifier, "block", heading):
            options.append(f":name: {label}")
        title = f"{heading} ({argument})" if argument else heading
        return _opening(f"{opening} {title}", options)


def _opening(first: str, options: list[str]) -> str:
    """Return the first lines of a directive, in the list or quote that it is in."""
    prefix = re.match(r"[^`:~]*", first)
    indent = re.sub(r"[^ \t>]", " ", prefix[0]) if prefix else ""
    return "\n".join([first, *((indent + line).rstrip() for line in options)])
