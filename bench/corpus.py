"""Synthetic essays, made from a seed, with the features that a contest switches on.

A contest is the same text on plain Sphinx and with our extensions, as ``contests.toml`` says. The
templates write each feature in two ways: with our role or directive, and in the same words with
what Sphinx and MyST have. A larger corpus begins with the pages of a smaller one.
"""

from __future__ import annotations

import re
import tomllib
from itertools import accumulate, product
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMON_WORDS = (
    "the of and to a in is that it for as with was on by be this are or from an which at not have "
    "has but they can we their one more than when what these will there if its no some into other"
).split()
SYLLABLES = (
    "ba con de fer gra hin jo kel lu mar nor pe qui ro ster tor ul ven wil za tri lam sec ond"
).split()
ENDINGS = ("", "s", "ed", "ing", "al", "tion")  # work for the stemmer of the search index
RARE_WORDS = ["".join(parts) for parts in product(SYLLABLES, SYLLABLES, ENDINGS)]
Random("vocabulary").shuffle(RARE_WORDS)
VOCABULARY = COMMON_WORDS + RARE_WORDS
# Zipf's law: the word of rank n occurs 1/n as often as the first.
CUMULATED_FREQUENCIES = list(accumulate(1 / rank for rank in range(2, len(VOCABULARY) + 2)))

#: Whether a variant is written with our roles and directives, by its name.
VARIANTS = {"plain": False, "marginalia": True}
HEADING = re.compile(r"^##? (.+)$", re.MULTILINE)


def read_tables(name: str) -> dict[str, Any]:
    """Return the tables of a file; ``default`` has the values that the others leave out."""
    tables = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    default = tables.pop("default")
    return {name: SimpleNamespace(**default | table) for name, table in tables.items()}


#: The same text in two variants, by the name of the contest.
CONTESTS = read_tables("contests")


def write_project(folder: Path, pages: int, contest: Any, *, ours: bool, theme: str = "") -> None:
    """Write ``conf.py``, an index, the pages and what they need into *folder*."""
    extensions = contest.extensions if ours else contest.plain_extensions
    bibtex = "sphinxcontrib.bibtex" in extensions
    values = {"contest": contest, "pages": pages, "ours": ours, "bibtex": bibtex, "theme": theme}
    names = ["conf.py", "index.md", *["works.bib"] * bibtex]
    names += ["lists.md"] * bool(contest.claims or bibtex)
    names += ["CITATION.cff", "anchors.lock.json"] * contest.anchors
    folder.mkdir(parents=True)
    for name in names:
        write(folder / name, name, values)
    for number in range(pages):
        text = _essay(number, contest, ours=ours, bibtex=bibtex)
        write(folder / f"{page(number)}.md", "essay.md", values | text)


def write(file: Path, template: str, values: dict[str, Any]) -> None:
    """Write a file from its template."""
    file.write_text(TEMPLATES.get_template(f"{template}.jinja").render(values), encoding="utf-8")


def _essay(number: int, contest: Any, *, ours: bool, bibtex: bool) -> dict[str, Any]:
    """Return the text of a page, its notes and its pauses.

    :param ours: whether it is written with our roles and directives
    :param bibtex: whether it cites with sphinxcontrib-bibtex; otherwise with links to the works
    """
    random = Random(f"features/{number}")
    notes = [sentence(random, 25) for _ in range(contest.notes)]
    cited = random.choices(works(number, contest), k=contest.citations)
    pauses = [(sentence(random, 12), sentence(random, 12)) for _ in range(contest.pauses)]
    gaps = [f"{{sidenote}}`{note}`" if ours else f"[^{n}]" for n, note in enumerate(notes, 1)]
    gaps += [f" {cite(work, bibtex=bibtex)}" for work in cited]
    random.shuffle(gaps)
    text = text_with_gaps(number, contest.words, len(gaps), contest.section).format(*gaps)
    title = HEADING.findall(text)[0]
    if contest.anchors:
        left = anchors(number, contest)
        text = HEADING.sub(lambda heading: f"({left.pop(0)[0]})=\n{heading[0]}", text)
    return {"number": number, "title": title, "text": text, "notes": notes, "pauses": pauses}


def text_with_gaps(seed: object, words: int, gaps: int, section: int = 400) -> str:
    """Return a text with so many ``{}``, evenly spread and each before a full stop.

    ``str.format`` fills the gaps with notes and citations.

    :param section: words of a section, each with a heading
    """
    random = Random(f"text/{seed}")
    blocks = [f"# {_words(random, 4).capitalize()}"]
    for start in range(0, words, section):
        blocks += _section(random, min(section, words - start))
    # Full stops end the sentences of paragraphs and occur nowhere else.
    *sentences, end = ("\n\n".join(blocks) + "\n").split(".")
    for gap in range(gaps):
        sentences[(2 * gap + 1) * len(sentences) // (2 * gaps)] += "{}"
    return ".".join([*sentences, end])


def _section(random: Random, words: int) -> Iterator[str]:
    """Yield a heading, a list and paragraphs, together so many words."""
    yield f"## {_words(random, 4).capitalize()}"
    yield "\n".join(f"- {_words(random, 10)}" for _ in range(4))
    left = words - 44
    while left > 0:
        end = max(0, left - random.randint(60, 110))
        sentences = []
        while left > end:
            length = min(left - end, random.randint(12, 24))
            sentences.append(sentence(random, length))
            left -= length
        yield " ".join(sentences)


def sentence(random: Random, words: int) -> str:
    """Return so many words as a sentence; one in four ends with an emphasis."""
    text = _words(random, words).capitalize()
    first, space, last = text.rpartition(" ")
    return f"{first} *{last}*." if space and random.random() < 0.25 else f"{text}."


def _words(random: Random, number: int) -> str:
    return " ".join(random.choices(VOCABULARY, cum_weights=CUMULATED_FREQUENCIES, k=number))


def claims(number: int, contest: Any) -> list[dict[str, Any]]:
    """Return the claims of a page."""
    random = Random(f"claims/{number}")
    return [
        {
            "name": f"{page(number)}-{n}",
            "text": sentence(random, 18),
            "kind": random.choice(["capability", "limitation", "position"]),
            "verdict": random.choice(["supported", "contested"]),
            "scale": random.choice(["toy", "small", "frontier"]),
            "evidence": random.choice(works(number, contest)),
            "against": random.choice(works(number, contest)),
            "change": sentence(random, 9),
        }
        for n in range(contest.claims)
    ]


def works(pages: int, contest: Any) -> list[dict[str, Any]]:
    """Return the works that the pages up to this number cite."""
    numbers = range(max(115, contest.works * pages))
    return [{"number": n, "key": f"work{n}", "year": 1970 + n % 50} for n in numbers]


def cite(work: dict[str, Any], *, bibtex: bool) -> str:
    """Return a citation: through sphinxcontrib-bibtex, or as a link in the same words."""
    template = "{{cite:p}}`{key}`" if bibtex else "{{ref}}`Author{number} {year} <{key}>`"
    return template.format(**work)


def page(number: int) -> str:
    """Return the name of a page, which is its anchor too."""
    return f"essay-{number:04}"


def anchors(number: int, contest: Any) -> list[tuple[str, str]]:
    """Return the permanent anchors of the sections of a page, with their headings."""
    headings = HEADING.findall(text_with_gaps(number, contest.words, 0, contest.section))
    return [(page(number) + f"-part-{n}" * bool(n), title) for n, title in enumerate(headings)]


# Blocks, values and comments have delimiters that neither MyST nor Eleventy has.
DELIMITERS = ("<%", "%>", "<<", ">>", "<#", "#>")
TEMPLATES = Environment(
    *DELIMITERS, trim_blocks=True, undefined=StrictUndefined, loader=PackageLoader("bench")
)
for function in (page, claims, works, cite, anchors):
    TEMPLATES.globals[function.__name__] = function
