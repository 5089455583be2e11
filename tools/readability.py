"""Measure how the pages read, and find the runs of words that they share with other texts.

    python -m tools.readability                           # all pages of docs/
    python -m tools.readability docs/index.md --at v0.1   # as it was then
    python -m tools.readability --shared FOLDER           # runs of nine words that stand there too

Prose is what a reader reads as sentences: paragraphs, list items, definitions, captions and notes,
without headings, tables, formulas and options. It is taken from the tokens of the MyST parser.
Printed are words, words a sentence, the share of sentences with more than 30 words, the share with
a passive, and citations per 100 words. With the package ``readability`` (Apache 2.0) installed, the
last column is the Flesch reading ease, which is higher for easier texts. The package counts
syllables by rule, so compare its numbers only with each other.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

ROOT = Path(__file__).parent.parent
PARSER = create_md_parser(
    MdParserConfig(enable_extensions={"attrs_inline", "colon_fence", "deflist", "dollarmath"}),
    RendererHTML,
)

#: Blocks without sentences, and directives whose body is none of a reader's prose.
SKIPPED = frozenset("heading table dt".split())
NO_PROSE = frozenset("math code-block toctree timeline tabularcolumns literalinclude".split())
NOTES = frozenset({"sidenote", "marginnote"})
DIRECTIVE = re.compile(r"\{([\w:-]+)\}")
TITLED = re.compile(r"(.*?)\s*<[^<>]*>", re.DOTALL)

WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
#: A sentence ends at a mark, behind which another sentence can begin.
END = re.compile(r"(?<=[.!?])(?P<quote>[”\"’)]*)\s+(?=[“\"‘(]*[A-Z0-9])")
ABBREVIATION = re.compile(r"(?:\b[A-Z]|\b(?:e\.g|i\.e|cf|vs|v|al|Dr|Fig|Eq|No|St))\.$")

#: Participles that do not end in -ed, of the verbs that this book uses.
IRREGULAR = (
    "been begun bound broken brought built bought caught chosen cut done drawn driven eaten felt "
    "fed found forgotten fought given gone grown heard held hidden hit kept known laid led learnt "
    "left lent let lost made meant met overtaken paid put read said seen sent set shaped shown "
    "shut sold sought spent split spoken spread struck sung sunk swept taken taught thought thrown "
    "told understood undone won worn written"
)
PASSIVE = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being)\s+(?:(?:not|never|also|only|still|then|often|thus|"
    rf"hardly|\w+ly)\s+){{0,2}}(?:being\s+)?(?:\w{{2,}}ed|{'|'.join(IRREGULAR.split())})\b",
    re.IGNORECASE,
)
#: Words in -ed that are no participles.
NO_PARTICIPLE = re.compile(r"\b(?:indeed|need|speed|seed|feed|breed|exceed|shed)$", re.IGNORECASE)
LONG = 30


class Prose(NamedTuple):
    """The sentences of a text, and the number of works it cites."""

    sentences: list[str]
    citations: int


class Measures(NamedTuple):
    """How a page reads."""

    words: int
    mean: float
    long: float
    passive: float
    citations: float
    flesch: float | None


# Prose


def read(text: str) -> Prose:
    """Return the prose of a page in MyST."""
    blocks, citations = [], 0
    for texts, keys in blocks_of(text):
        blocks += texts
        citations += keys
    return Prose([sentence for block in blocks for sentence in split(block)], citations)


def blocks_of(text: str) -> Iterator[tuple[list[str], int]]:
    """Yield the text of each block, its notes behind it, with the number of citations in it."""
    depth = 0
    for token in PARSER.parse(text):
        name, _, edge = token.type.rpartition("_")
        if name in SKIPPED:
            depth += {"open": 1, "close": -1}[edge]
        elif token.type == "inline" and not depth:
            yield inline(token.children or [])
        elif token.type in {"fence", "colon_fence"}:
            directive = DIRECTIVE.match(token.info)
            if directive and directive[1] not in NO_PROSE:
                yield from blocks_of(without_options(token.content))


def without_options(body: str) -> str:
    """Return the body of a directive behind its options."""
    lines = body.splitlines()
    while lines and re.match(r":[\w-]+:", lines[0]):
        del lines[0]
    return "\n".join(lines)


def inline(tokens: Sequence[Token]) -> tuple[list[str], int]:
    """Return the words of a line as they are printed, followed by its notes, and its citations."""
    words, notes, citations = "", [], 0
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                words += token.content
            case "softbreak" | "hardbreak":
                words += " "
            case "math_inline":
                words += "x"
            case "myst_role":
                role = token.meta["name"]
                if role in NOTES:
                    note, keys = inline(PARSER.parseInline(token.content)[0].children or [])
                    notes += note
                    citations += keys
                elif role.startswith("cite:"):
                    citations += len(token.content.split(","))
                    words += "Author" if role == "cite:t" else ""
                else:
                    titled = TITLED.fullmatch(token.content)
                    words += titled[1] if titled else token.content
    tidy = re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"\s+", " ", words)).strip()
    return [*([tidy] if WORD.search(tidy) else []), *notes], citations


def split(block: str) -> list[str]:
    """Return the sentences of a block of text."""
    sentences, start = [], 0
    for end in END.finditer(block):
        sentence = block[start : end.start()]
        if not ABBREVIATION.search(sentence):
            sentences.append(sentence + end["quote"])
            start = end.end()
    return [*sentences, block[start:]]


# Measures


def is_passive(sentence: str) -> bool:
    """Guess whether a sentence is passive: a form of *be* is followed by a participle."""
    return any(not NO_PARTICIPLE.search(match[0]) for match in PASSIVE.finditer(sentence))


def measure(text: str) -> Measures:
    """Measure one page."""
    sentences, citations = read(text)
    lengths = [len(WORD.findall(sentence)) for sentence in sentences]
    words, count = sum(lengths), max(len(sentences), 1)
    return Measures(
        words,
        words / count,
        sum(length > LONG for length in lengths) / count,
        sum(map(is_passive, sentences)) / count,
        100 * citations / max(words, 1),
        flesch(sentences),
    )


def flesch(sentences: Sequence[str]) -> float | None:
    """Return the Flesch reading ease by the package ``readability``, or None without it."""
    try:
        from readability import getmeasures  # noqa: PLC0415
    except ImportError:
        return None
    lines = [" ".join(WORD.findall(sentence)) for sentence in sentences]
    try:
        grades = getmeasures("\n".join(lines), lang="en")["readability grades"]
    except ValueError:  # no words
        return None
    return float(grades["FleschReadingEase"])


# Pages


def pages(root: Path, names: Sequence[str], revision: str | None) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page, of the working tree or of a revision of git."""
    for name in names or sorted(page_names(root, revision)):
        if revision is None:
            yield name, (root / name).read_text(encoding="utf-8")
        else:
            yield name, git(root, "show", f"{revision}:{name}")


def page_names(root: Path, revision: str | None) -> list[str]:
    """Return the pages of ``docs/``, without the examples."""
    if revision is None:
        names = [path.relative_to(root).as_posix() for path in (root / "docs").rglob("*.md")]
    else:
        names = git(root, "ls-tree", "-r", "--name-only", revision, "docs").splitlines()
    return [name for name in names if name.endswith(".md") and "/examples/" not in name]


def git(root: Path, *arguments: str) -> str:
    """Return what git prints."""
    run = subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, encoding="utf-8"
    )
    return run.stdout


# Shared runs


class PlainText(HTMLParser):
    """The text of a page in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def other_texts(folder: Path) -> Iterator[str]:
    """Yield the plain text of the Markdown, HTML and text files of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".mdx", ".rst", ".txt"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield re.sub(r"\]\([^()\s]*\)", " ", text)
        elif path.suffix in {".html", ".htm"}:
            parser = PlainText()
            parser.feed(path.read_text(encoding="utf-8", errors="replace"))
            yield parser.text


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without marks."""
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'", ""))


def shared(page: str, others: Sequence[str], length: int) -> Iterator[str]:
    """Yield the longest runs of at least *length* words that a page shares with other texts."""
    known = {tuple(run) for other in map(words_of, others) for run in windows(other, length)}
    words = words_of(" ".join(read(page).sentences))
    start, end = 0, -1
    for position, run in enumerate(windows(words, length)):
        if tuple(run) not in known:
            continue
        if position >= end:
            if end > 0:
                yield " ".join(words[start:end])
            start = position
        end = position + length
    if end > 0:
        yield " ".join(words[start:end])


def windows(words: Sequence[str], length: int) -> Iterator[Sequence[str]]:
    """Yield every run of *length* words."""
    for start in range(len(words) - length + 1):
        yield words[start : start + length]


# The command


def table(entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a line for each page, and one for all of them."""
    yield f"{'':42}  words  w/sent  >{LONG} w  passive  cit/100  Flesch"
    everything = ("all", "\n\n".join(text for _, text in entries))
    for name, text in (*entries, everything):
        m = measure(text)
        ease = "" if m.flesch is None else f"{m.flesch:8.0f}"
        yield (
            f"{name:42} {m.words:6} {m.mean:7.1f} {m.long:6.0%} {m.passive:8.0%}"
            f" {m.citations:8.1f}{ease}"
        )


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Print the measures of pages, or the runs that they share; return 1 if there are such runs."""
    parser = argparse.ArgumentParser(description="Measure how pages read.")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="default: all of docs/")
    parser.add_argument("--at", metavar="REVISION", help="measure them as they were")
    parser.add_argument("--shared", type=Path, metavar="FOLDER", help="find runs shared with it")
    parser.add_argument("--run", type=int, default=9, metavar="N", help="words of a run (9)")
    options = parser.parse_args(arguments)
    entries = list(pages(root, options.pages, options.at))
    if options.shared is None:
        print("\n".join(table(entries)))
        return 0
    others = list(other_texts(options.shared))
    runs = [(name, run) for name, text in entries for run in shared(text, others, options.run)]
    for name, run in runs:
        print(f"{name}: {run}")
    print(f"{len(runs)} runs of {options.run} words or more, in {len(others)} other texts")
    return 1 if runs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
