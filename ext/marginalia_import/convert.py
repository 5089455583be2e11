"""Make MyST of one article."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from marginalia_import import frontmatter, kramdown
from marginalia_import.addresses import anchor_forms
from marginalia_import.assemble import Assembler
from marginalia_import.blocks import Blocks, Outline
from marginalia_import.markdown import code_lines, parse
from marginalia_import.marks import Marks
from marginalia_import.markup import escape
from marginalia_import.page import ArticlePage
from marginalia_import.report import Kind
from marginalia_import.structure import key_ideas, structured
from marginalia_import.template import scan

if TYPE_CHECKING:
    from marginalia_import.report import Report
    from marginalia_import.site import Article, Site

TAG_LINE = re.compile(r"^((?:[ \t]*>)* {0,3})\{%[^\n]*%\}[ \t]*$", re.MULTILINE)
FOOTNOTE = re.compile(r"^[ \t>]*\[\^([^\]\s]+)\]:", re.MULTILINE)
REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
FIRST_HEADING = re.compile(
    r"\A\s*(?:#[ \t]+(?P<atx>[^\n]+?)[ \t]*#*[ \t]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?:\n|\Z)"
)


def convert(site: Site, article: Article, text: str, report: Report, *, ideas: bool) -> str:
    """Return the article in MyST; the names of headings are still to be chosen.

    :param ideas: make a key idea of each quote that defines a term
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front, body, line = frontmatter.read(text)
    page = ArticlePage(site, article, report, Marks(text), inner_blocks)
    page.own_footnotes, page.referred_footnotes = footnotes(body)
    report.count("articles")
    values = Metadata(page, front).values()
    title, body, line = _title(page, front, body, line)
    outline = Outline()
    written = _blocks(page, body, line, ideas=ideas, outline=outline)
    if outline.moved:
        page.report(Kind.HEADINGS, "levels of headings moved below the title", line)
    name = site.links.heading(article, [article.slug])
    title = re.sub(r"(?<=\s)(#+)$", r"\\\1", title)
    head = f"({name})=\n# {title}"
    body = without_directives(page, f"{head}\n\n{written.strip(chr(10))}\n")
    return f"{frontmatter.write(values)}{body}"


def footnotes(text: str) -> tuple[set[str], set[str]]:
    """Return the footnotes that are defined, and those that a reader gets to from the text."""
    refers: dict[str, set[str]] = {"": set()}
    current, blank = "", True
    for line in text.split("\n"):
        if definition := FOOTNOTE.match(line):
            current = definition[1]
            line = line[definition.end() :]
        elif line.strip() and not line.startswith(("    ", "\t", ">")):
            current = "" if blank else current
        blank = not line.strip()
        refers.setdefault(current, set()).update(REFERENCE.findall(line))
    reached: set[str] = set()
    waiting = [*refers.pop("")]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += refers.get(name, ())
    return set(refers), reached


def without_directives(page: ArticlePage, text: str) -> str:
    """Return *text* with no fence of the old site that MyST would take for a directive.

    Our own blocks are between colons. Nothing else should be left; this makes sure of it.
    """
    lines = text.split("\n")
    for token in parse(text, definitions=True):
        if token.type == "fence" and token.map and token.info.lstrip().startswith("{"):
            line = lines[token.map[0]]
            lines[token.map[0]] = line[: line.rindex(token.markup) + len(token.markup)]
            page.report(Kind.LANGUAGE, f"code in {token.info.strip()!r} is shown without colours")
    return "\n".join(lines)


def _title(
    page: ArticlePage, front: frontmatter.FrontMatter, body: str, line: int
) -> tuple[str, str, int]:
    """Return the title in MyST, and the body without it with the line it begins on.

    The title is the one of the front matter; else the first heading, if it is of the first level
    and nothing stands before it; else the name of the file.
    """
    given = plain_title(page, front.values)
    first = FIRST_HEADING.match(body)
    heading = (first["atx"] or first["setext"]).strip() if first else ""
    same = anchor_forms(heading)[0] == anchor_forms(given)[0]
    if first and (not given or same):
        page.line = line + body[: first.end()].count("\n") - 1
        if given:
            page.report(Kind.TITLE, "the first heading is the title once more: left out")
        title = escape(given) if given else page.inline(heading)
        return title, body[first.end() :], line + first[0].count("\n")
    if given:
        return escape(given), body, line
    name = page.article.slug.replace("-", " ").replace("_", " ").strip() or "Untitled"
    page.report(Kind.TITLE, "no title: the name of the file is used", 1)
    return escape(name[:1].upper() + name[1:]), body, line


def plain_title(page: ArticlePage, values: dict[str, Any]) -> str:
    """Return the title of the front matter; Jekyll prints it as HTML, so it may hold some."""
    title = " ".join(str(values.get("title") or "").split())
    if page.dialect == "tufte-jekyll":
        title = unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", title))
    return title


def _blocks(
    page: ArticlePage,
    text: str,
    line: int,
    *,
    tags: bool = True,
    ideas: bool = False,
    outline: Outline | None = None,
) -> str:
    """Return blocks in MyST.

    :param outline: the levels of the article's headings; None for the text of a note
    """
    site = page.site
    definitions = site.habits.definitions
    grammar = site.grammar if tags else site.grammar_without_tags
    # A line that is a tag is a line of its own, whatever Markdown would make of it.
    bare = TAG_LINE.sub(r"\1", text) if tags else text
    tokens = list(scan(text, grammar, code_lines(bare, definitions=definitions)))
    draft = Assembler(page, site.rules if tags else {}, page.marks, text, tokens).draft(line)
    if site.habits.attributes:
        draft = kramdown.adapted(page, draft)
    draft = structured(page, draft)
    if ideas:
        draft = key_ideas(page, draft)
    blocks = Blocks(page, draft, outline is None, outline or Outline())
    # Blank lines are left where things were taken out; those within code are not in the text yet.
    written = re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", blocks.written())
    # Nor does a quote end with a blank line of its own.
    written = re.sub(r"\n[ \t]*>[ \t>]*(?=\n[ \t]*(?:\n|\Z)|\Z)", "", written)
    return page.marks.restore(written)


def inner_blocks(page: ArticlePage, text: str, tags: bool) -> str:
    """Return the blocks of a note, or of text in which no tag is looked for."""
    return _blocks(page, text, page.line, tags=tags)


class Metadata:
    """The front matter of an article, as sphinx-marginalia knows it."""

    def __init__(self, page: ArticlePage, front: frontmatter.FrontMatter) -> None:
        self.page = page
        self.front = front

    def values(self) -> dict[str, Any]:
        """Return what is written into the new front matter."""
        front, article = self.front, self.page.article
        if front.error:
            words = " ".join(front.source.split())
            message = f"front matter could not be read ({front.error}); left out: {words}"
            self.page.report(Kind.FRONT_MATTER, message, front.error_line)
        values = {key: value for key, value in front.values.items() if self.kept(key, value)}
        if "title" in values:
            values["title"] = plain_title(self.page, values)
        if article.block and "block" not in values:
            values["block"] = article.block
        if article.date and "date" not in values:
            values["date"] = article.date
        if "prerequisites" in values:
            values["prerequisites"] = self.prerequisites(values["prerequisites"])
        if "glossary" in values:
            self.glossary(values["glossary"])
        return values

    def kept(self, key: str, value: Any) -> bool:
        """Whether an entry means something in the new project."""
        if key not in frontmatter.PLUMBING and key.casefold() not in frontmatter.RESERVED:
            return True
        line = self.front.lines.get(key, 1)
        self.page.report(Kind.FRONT_MATTER, f"{key}: {value!r} left out", line)
        return False

    def prerequisites(self, items: Any) -> Any:
        """Return each prerequisite as the document it names; what names none stays."""
        if not isinstance(items, list):
            return items
        return [self.prerequisite(item) for item in items]

    def prerequisite(self, item: Any) -> Any:
        address = item.get("url") if isinstance(item, dict) else item
        if not isinstance(address, str) or not address.strip():
            return item
        found = self.page.site.article(self.page.article, address.partition("#")[0])
        if found is not None:
            return found.docname
        line = self.front.lines.get("prerequisites", 1)
        self.page.report(Kind.PREREQUISITE, f"{address} is not in the site", line)
        return item

    def glossary(self, items: Any) -> None:
        """Note the terms of the article for the glossary of the project."""
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get("term") and item.get("definition"):
                self.page.count("glossary_terms")
                line = self.front.lines.get("glossary", 1)
                self.page.site.term(self.page, str(item["term"]), str(item["definition"]), line)
