"""What a reader reads: the words of an article of the old site, and of the page that was built of it.

The judge of the importer, so it shares nothing with it. An article of the old site is made a page as
its old generator did: the template's tags first, then Markdown, then HTML. Where the importer promises
to show what the old site ate (a comment, a tag without a rule), the judge wants to see it, too. Both
pages are then read by the same reader, which takes the notes out of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Set
    from pathlib import Path

    from bs4 import Tag


@dataclass(frozen=True)
class Words:
    """The words of an article, by where they stand."""

    #: The text without its notes. A formula is a word, without blanks; a citation is the keys of its works.
    text: list[str]
    #: The word before each sidenote, and its own.
    sidenotes: list[tuple[str, str]]
    #: Those of the margin notes. Not all of them have a mark in the text, so their order is their own.
    marginnotes: list[str]
    #: The blocks of code, to the letter.
    code: list[str]
    #: The files of the pictures, by their names.
    pictures: list[str]


@dataclass(frozen=True)
class OldSite:
    """What has to be known to read its articles as its readers did."""

    dialect: str
    #: The title of each work by its key.
    works: Mapping[str, str]
    #: The names of its files, without their folders.
    files: Set[str]
    #: What its own tags become: of one within a line the words; of a block the label, or nothing.
    inline: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def nunjucks(self) -> bool:
        return self.dialect == "eleventy"


class Thing(NamedTuple):
    """What was taken out of a text: its kind, and what is to be read in its place."""

    kind: str
    text: str


#: Around the number of a thing in a text. In private use, so that nothing makes anything of it.
OPEN, SHUT = "\ue000", "\ue001"
PLACE = re.compile(f"{OPEN}(\\d+){SHUT}")

#: How the two spell the same sign. A PDF or a page with `smartquotes` has the left, a source the right.
SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "--", "—": "---", "…": "..."})

BLOCKS = (
    "address aside blockquote br dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p "
    "pre section summary table tbody td th thead tr ul"
).split()


class Things:
    """What was taken out of a page."""

    def __init__(self) -> None:
        self.all: list[Thing] = []

    def keep(self, kind: str, text: str) -> str:
        """Return what stands for a thing in the text."""
        self.all.append(Thing(kind, text))
        return f"{OPEN}{len(self.all) - 1}{SHUT}"

    def put_back(self, text: str) -> str:
        """Return a text with everything but the notes in its place."""

        def shown(match: re.Match[str]) -> str:
            kind, inner = self.all[int(match[1])]
            if kind == "text":
                return self.put_back(inner)
            return f" ⟦{inner}⟧ " if kind == "cite" else match[0]

        return PLACE.sub(shown, text)

    def words(self, text: str, code: list[str], pictures: list[str]) -> Words:
        """Return the words of a text, with its notes beside it."""
        text = self.put_back(text)
        sidenotes: list[tuple[str, str]] = []
        marginnotes: list[str] = []
        before = ""
        for position, piece in enumerate(PLACE.split(text)):
            if position % 2 == 0:
                before += piece
                continue
            kind, inner = self.all[int(piece)]
            note = _spaced(self.put_back(inner))
            before = before.rstrip()  # the mark of a note stands at its word
            if kind == "sidenote":
                sidenotes.append((_spaced(before).rpartition(" ")[2], note))
            else:
                marginnotes.append(note)
        return Words(_spaced(before).split(), sidenotes, marginnotes, code, sorted(pictures))


def _spaced(text: str) -> str:
    return " ".join(text.translate(SIGNS).split())


def formula(tex: str) -> str:
    """Return a formula as a word."""
    return f"${''.join(tex.split())}$"


def text_of(page: Tag) -> str:
    """Return what is read in an element; what is in another block is another word."""
    for block in page.find_all(BLOCKS):
        block.insert_before(" ")
        block.insert_after(" ")
    return page.get_text()


def file_name(image: Tag) -> str:
    return str(image["src"]).rpartition("/")[2]


def code_of(page: Tag) -> list[str]:
    return [block.get_text().strip("\n") for block in page.find_all("pre")]


# The page that was built


def of_page(html: str, site: OldSite) -> Words:
    """Return the words of a page in HTML, without those of the theme."""
    page = BeautifulSoup(html, "html.parser").select_one('[role="main"]')
    assert page is not None
    things = Things()
    for theme in page.select(
        ".headerlink, .marginalia-works, .marginalia-pause-label, .marginalia-key-idea-label, "
        ".marginalia-note-backlink, .marginalia-note-unstyled, .marginalia-article, "
        ".marginalia-article-next, "
        ".sd-summary-state-marker"
    ):
        theme.decompose()
    for label in page.select(".admonition-title, .sd-summary-text"):
        if label.get_text() in site.blocks.values():
            label.decompose()
    for attribution in page.select(".attribution"):
        attribution.string = attribution.get_text().lstrip("—")
    for math in page.select(".math"):
        tex = re.sub(r"\\[()\[\]]|\\(?:begin|end)\{split\}", "", math.get_text())
        math.string = formula(tex)
    for citation in page.select(".bibtex-citation"):
        citation.replace_with(things.keep("cite", ",".join(_keys(citation, site))))
    code, pictures = code_of(page), [file_name(image) for image in page.select("img")]
    _take_notes(page, things)
    return things.words(text_of(page), code, pictures)


def _keys(citation: Tag, site: OldSite) -> list[str]:
    """Return the keys of the works that a citation names in its tooltips."""
    tips = [str(work["title"]) for work in citation.select("[title]")]
    return [key for tip in tips for key, title in site.works.items() if f" {title}." in f" {tip}"]


def _take_notes(page: Tag, things: Things) -> None:
    """Put each note where its mark is; one without a mark stays where it stands."""
    notes = {
        note["id"]: note for note in page.select(".marginalia-sidenote, .marginalia-marginnote")
    }
    for mark in page.select("a.marginalia-note-mark"):
        note = notes.pop(str(mark["href"])[1:], None)
        if note is not None:
            whole = mark.parent if mark.parent.name == "sup" else mark
            whole.replace_with(_kept(note, things))
            note.decompose()
    for note in notes.values():
        note.replace_with(_kept(note, things))


def _kept(note: Tag, things: Things) -> str:
    kind = "sidenote" if "marginalia-sidenote" in note["class"] else "marginnote"
    return things.keep(kind, text_of(note))


# The article of the old site


@cache
def markdown(*, definitions: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return parser.use(deflist_plugin) if definitions else parser


RAW_TAG = re.compile(r"\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}")
#: What is found in an article before its Markdown is read, the first that fits.
PIECES = r"""
    (?P<code> ^[ \t>]*(?P<fence>`{{3,}}|~{{3,}})[^\n]*\n .*? ^[ \t>]*(?P=fence)[ \t]*$
            | (?P<indented>(?<=\n\n)(?:[ ]{{4}}[^\n]*\n)+)
            | (?P<ticks>`+)(?!`) (?:(?!\n\n).)*? (?<!`)(?P=ticks)(?!`) )
  | \{{%-?\s*(?:raw|verbatim)\s*-?%\}} (?P<raw>.*?) \{{%-?\s*end(?:raw|verbatim)\s*-?%\}}
  | \{{%\s*highlight[^%]*%\}} (?P<highlight>.*?) \{{%\s*endhighlight\s*%\}}
  | \{{%\s*math\s*%\}} (?P<math>.*?) \{{%\s*endmath\s*%\}}
  | \{{%\s*m\s*%\}} (?P<m>.*?) \{{%\s*em\s*%\}}
  | \$\$ (?P<display>[^$]+) \$\$
  {dollars}
  | (?P<address>(?<=\]\()\{{\{{.*?\}}\}} | (?<=\]\()\{{%.*?%\}})
  | (?P<shown>\{{\#.*?\#\}} | \{{\{{.*?\}}\}})
  | (?P<before>\s*(?=\{{%-))? \{{%-? \s*(?P<name>\w+)\s* (?P<body>{body}) \s*-?%\}} (?P<after>(?<=-%\}})\s*)?
"""
DOLLARS = r"| \$(?=\S)(?P<inline>[^$\n]+)(?<!\s)\$(?!\d)"
STRINGS = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!%\})[^"'])*?"""


@cache
def pieces(nunjucks: bool) -> re.Pattern[str]:
    """Return what finds the pieces of a template; only in Nunjucks a string may hold ``%}``."""
    pattern = PIECES.format(
        dollars=DOLLARS if nunjucks else "", body=STRINGS if nunjucks else ".*?"
    )
    return re.compile(pattern, re.VERBOSE | re.DOTALL | re.MULTILINE)


def in_list(before: str) -> bool:
    """Whether an indented line behind a text goes on with a list, so that it is no code."""
    lines = (line for line in reversed(before.split("\n")) if line.strip() and line[:4].strip())
    return bool(re.match(r" {1,3}\S|(?:[-*+]|\d+[.)]) ", next(lines, "")))


def of_article(source: str, site: OldSite) -> Words:
    """Return the words of an article of the old site, its title first."""
    _, front, body = source.split("---\n", 2)
    title = str(yaml.safe_load(front)["title"])
    reader = _Article(site, body)
    html = reader.markdown.render(reader.resolved())
    page = BeautifulSoup(f"<h1>{title}</h1>\n{html}", "html.parser")
    reader.settle(page)
    return reader.things.words(text_of(page), code_of(page), reader.pictures)


class _Article:
    """One article while it is read."""

    def __init__(self, site: OldSite, body: str) -> None:
        self.site = site
        self.body = body
        self.things = Things()
        self.pictures: list[str] = []
        self.markdown = markdown(definitions=not site.nunjucks)
        self.footnotes = dict(re.findall(r"^\[\^(\w+)\]:[ ]*(.+)$", body, re.MULTILINE))
        self.closed = set(re.findall(r"\{%-?\s*end(\w+)", body))

    def resolved(self) -> str:
        """Return the Markdown that the template language left behind."""
        body = re.sub(r"^\[\^\w+\]:.*$", "", self.body, flags=re.MULTILINE)
        if not self.site.nunjucks:
            body = re.sub(r"^\* TOC\n\{:toc\}$", "", body, flags=re.MULTILINE)
            body = re.sub(r"\{:[^{}\n]*\}", "", body)
            body = re.sub(
                r'(<div[^>]*) markdown="1">(.*?)</div>',
                r"\1>\n\n\2\n\n</div>",
                body,
                flags=re.DOTALL,
            )
        return self.template(body)

    def template(self, text: str) -> str:
        text = pieces(self.site.nunjucks).sub(self.piece, text)
        return re.sub(r"\[\^(\w+)\]", self.footnote, text)

    def footnote(self, match: re.Match[str]) -> str:
        """Return a footnote as the sidenote that it becomes, if there is one."""
        text = self.footnotes.get(match[1])
        return match[0] if text is None else self.note("sidenote", text)

    def piece(self, match: re.Match[str]) -> str:
        """Return what the template language made of a piece."""
        found = match.groupdict()
        for math in ("math", "m", "display", "inline"):
            if found.get(math):
                return self.things.keep("text", formula(found[math]))
        if found["indented"] and in_list(match.string[: match.start()]):
            return self.template(found["indented"])
        if found["code"] or found["raw"]:
            return found["raw"] or RAW_TAG.sub("", found["code"])
        if found["highlight"]:
            return f"```\n{found['highlight'].strip(chr(10))}\n```"
        if found["address"]:
            return ""
        if found["shown"]:
            return self.things.keep("text", found["shown"])
        return self.tag(match[0].strip(), found["name"], found["body"])

    def tag(self, source: str, name: str, body: str) -> str:
        """Return what a tag showed; one of which that is not known is shown as it is."""
        if name in self.site.inline:
            return self.site.inline[name].format(*self.arguments(body))
        begun = name.removeprefix("end")
        if begun in self.site.blocks or begun in self.closed:
            return self.things.keep("text", body) if body and begun == name else ""
        if name == "bibliography":
            return ""
        shown = self.shown(name, self.arguments(body))
        return self.things.keep("text", source) if shown is None else shown

    def shown(self, name: str, words: list[str]) -> str | None:
        """Return what one of the tags that everybody has showed."""
        if not self.site.nunjucks and name in {"sidenote", "marginnote", "marginfigure"}:
            words = words[1:]
        if name == "cite":
            return self.citation(words)
        if not words:
            return None
        if name in {"sidenote", "marginnote"}:
            return self.note(name, words[0])
        match name:
            case "marginfigure" | "maincolumn" | "fullwidth":
                self.pictures.append(words[0].rpartition("/")[2])
                kind = "marginnote" if name == "marginfigure" else "text"
                return self.things.keep(kind, self.line(words[1]))
            case "newthought":
                return self.things.keep("text", self.line(words[0]))
            case "epigraph":
                text = f"{words[0]} {', '.join(words[1:])}"
                return self.things.keep("text", self.line(text))
        return None

    def citation(self, words: list[str]) -> str | None:
        """Return a citation, and behind it the place in the work, if its keys are known."""
        keys = list(takewhile(lambda word: not word.startswith("-"), words))
        if not all(key in self.site.works for key in keys):
            return None
        place = " ".join(word for word in words[len(keys) :] if not word.startswith("-"))
        citation = self.things.keep("cite", ",".join(keys))
        return f"{citation} ({place})" if place else citation

    def arguments(self, body: str) -> list[str]:
        """Return the words behind the name of a tag, as its template language reads them."""
        if self.site.nunjucks:
            strings = re.findall(
                r""" "((?:\\.|[^"\\])*)" | '((?:\\.|[^'\\])*)' """, body, re.VERBOSE
            )
            whole = (double or single for double, single in strings)
            return [re.sub(r"\\(.)", _escaped, text) for text in whole]
        words = re.findall(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+""", body)
        part = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)\"""")
        return [part.sub(lambda match: match[1] or match[2] or "", word) for word in words]

    def note(self, kind: str, text: str) -> str:
        """Return what stands for a note; what is in its text is read as in the article."""
        return self.things.keep(kind, self.line(text))

    def line(self, text: str) -> str:
        """Return what is read where a text is written as Markdown."""
        text = self.template(text)
        render = self.markdown.render if "\n\n" in text else self.markdown.renderInline
        html = render(text)
        return text_of(BeautifulSoup(html, "html.parser"))

    def settle(self, page: BeautifulSoup) -> None:
        """Take away what the new page says in another way."""
        first, *others = page.find_all("h1")
        for heading in others:
            if heading.get_text() == first.get_text():
                heading.decompose()
        for summary in page.select("details.pause-and-think > summary"):
            summary.string = re.sub(r"^\s*Pause and think:", "", summary.get_text())
        for term in page.select("blockquote > p:first-child > strong:first-child"):
            self.settle_term(term)
        for image in page.find_all("img"):
            self.settle_image(image)

    @staticmethod
    def settle_term(term: Tag) -> None:
        """Take the colon from a term that a quote defines: it has a line of its own now."""
        behind = term.next_sibling
        if term.get_text().endswith(":"):
            term.string = term.get_text().removesuffix(":")
        elif isinstance(behind, str) and behind.startswith(":"):
            behind.replace_with(behind[1:])

    def settle_image(self, image: Tag) -> None:
        """Put the caption of an image in its place; of one that is lost its description."""
        alone = image.parent.name == "p" and len(image.parent.contents) == 1
        if file_name(image) not in self.site.files:
            image.replace_with(str(image["alt"]))
            return
        self.pictures.append(file_name(image))
        if alone and image.get("title"):
            image.replace_with(self.line(str(image["title"])))


def _escaped(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])


def files_of(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}
