"""The text of an article that is in MyST: roles, citations and references. No directives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import.addresses import plain_path
from marginalia_import.crossrefs import REFERENCE_KEY
from marginalia_import.myst import shorten
from marginalia_import.myst.names import CITE, DOMAINS, ROLES
from marginalia_import.pandoc.inline import KEY, LOCATOR, InlineConverter, citation_targets
from marginalia_import.placeholders import Inline
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage

ROLE = re.compile(r"\{(?P<name>[\w:.+-]+)\}(?P<ticks>`+)(?P<text>.+?)(?P=ticks)(?!`)", re.DOTALL)
BRACKET = re.compile(r"(?<![\w\]\\!])\[(?P<text>[^\[\]\n]*@[^\[\]\n]*)\](?![(\[:{])")
#: A work in a role, with the words before and after it.
CITED = re.compile(r"(?:\{[^{}]+\}\s*)?[^{}\s,]+(?:\s*\{[^{}]+\})?")
#: ``@key`` within a sentence, no address and no reference to a figure or the like.
NARRATIVE = re.compile(
    rf"(?<![\w\\@/.:$-])(?!-?@\{{?{REFERENCE_KEY.pattern}){KEY.pattern}(?:{LOCATOR.pattern})?"
)
IMAGE = re.compile(
    r"(?P<before>!\[[^\[\]\n]*\]\()(?P<address><[^<>\n]+>|[^\s<>()]+)(?P<after>[^()\n]*\))"
)
LINK = re.compile(r"\[\]\((?:#|<\#)(?P<id>[\w:.-]+)>?\)")
#: A span of code, or a role.
CODE_SPAN = re.compile(r"((?:\{[\w:.+-]+\})?(`+)(?!`)(?:.+?)(?<!`)\2(?!`))", re.DOTALL)


class MystText:
    """Converts the text of one article."""

    def __init__(self, page: ArticlePage) -> None:
        self.page = page
        self.inline = InlineConverter(page)
        #: The source line with which the part begins that is converted.
        self.line = 1

    def convert(self, text: str, line: int) -> str:
        """Return text with roles, citations and references in the words of the new project."""
        # Code spans stay; a role is one too, with a name.
        out: list[str] = []
        position = 0
        for index, part in enumerate(CODE_SPAN.split(text)):
            if index % 3 == 2:
                continue
            self.page.line = self.line = line + text.count("\n", 0, position)
            position += len(part)
            if index % 3 == 1:
                match = ROLE.fullmatch(part)
                out.append(self.role(match) if match else part)
            else:
                part = BRACKET.sub(self.bracket, part)
                part = IMAGE.sub(self.image, NARRATIVE.sub(self.narrative, part))
                out.append(LINK.sub(self.link, part))
        return "".join(out)

    def set_line(self, match: re.Match[str]) -> None:
        self.page.line = self.line + match.string.count("\n", 0, match.start())

    def bracket(self, match: re.Match[str]) -> str:
        self.set_line(match)
        keys = self.page.site.citation_keys
        targets = citation_targets(match["text"])
        if not targets or not any(target.key in keys for target in targets):
            return match[0]
        fragment = self.inline.bracket(match["text"])
        return fragment.text if isinstance(fragment, Inline) else match[0]

    def narrative(self, match: re.Match[str]) -> str:
        self.set_line(match)
        result = self.inline.key(match.string, match)
        if result is None or not isinstance(result[0], Inline):
            return match[0]
        return f"{result[0].text}{match.string[result[1] : match.end()]}"

    def image(self, match: re.Match[str]) -> str:
        """Return an image by an address that needs no encoding, which MyST would not decode."""
        address = match["address"].strip("<>")
        file, _ = self.page.site.find_file(self.page.article, address)
        if not file or plain_path(file) == file:
            return match[0]
        new = self.page.site.copy_file(file, self.page.article)
        return f"{match['before']}{new}{match['after']}"

    def link(self, match: re.Match[str]) -> str:
        self.set_line(match)
        return self.page.refer(match["id"], match[0], keep_unknown=True)

    def role(self, match: re.Match[str]) -> str:
        """Return a role by the name that the new project knows."""
        name = match["name"]
        if name in {"aside", "margin"}:
            self.page.count("marginnotes")
            return f"{{marginnote}}{match['ticks']}{match['text']}{match['ticks']}"
        if name in {"ref", "numref", "prf:ref"}:
            text = match["text"].strip()
            has_words = text.endswith(">")
            words, _, target = text[:-1].rpartition("<") if has_words else ("", "", text)
            words = "" if re.search(r"%s|\{", words) else words.strip()  # for a number
            is_ours = name == "prf:ref"
            return self.page.refer(target, match[0], words=words, keep_unknown=not is_ours)
        if name == "button":
            self.page.report(Kind.MARKUP, f"a button becomes a link: {match['text']}")
            return match["text"]
        if name.startswith("cite") or CITE.fullmatch(name):
            return self.citation(name, match)
        if name not in ROLES and not name.startswith((*DOMAINS, "bdg", "octicon", "fa")):
            self.page.report(Kind.UNKNOWN_TAG, f"{{{name}}} has no rule: {shorten(match[0])}")
            return match[0].removeprefix(f"{{{name}}}")
        if name == "sidenote":
            self.page.count("sidenotes")
        return match[0]

    def citation(self, name: str, match: re.Match[str]) -> str:
        """Return a citation with commas between its keys, by a role that Sphinx has."""
        keys = re.sub(r"\s*[;,]\s*(?![^{}]*\})", ",", match["text"].strip(" \t\n;,"))
        if not all(map(CITED.fullmatch, re.split(r",(?![^{}]*\})", keys))):
            self.page.report(Kind.UNRESOLVED_CITATION, f"{shorten(match[0])} names no work")
            return match[0].removeprefix(f"{{{name}}}")
        self.page.count("citations")
        role = name if CITE.fullmatch(name) else "cite:t" if name == "citet" else "cite:p"
        return f"{{{role}}}{match['ticks']}{keys}{match['ticks']}"
