"""Each form of the old sites, as it was written and as it is in MyST.

The pairs are in ``golden/``, a file for each theme of a dialect: a title, what was written, what it
becomes, between lines of ``%%%``; then the lines and kinds of what is reported. A file of rules of
the same name is given to the importer, and ``…-key-ideas`` is converted with that option.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sphinx_marginalia.importer import own
from sphinx_marginalia.importer.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOLDEN = Path(__file__).parent / "golden"
PAIR = re.compile(
    r"(?P<title>.+)\n%%%\n(?P<written>(?s:.*?))^%%%\n(?P<expected>(?s:.*?))^%%%\n"
    r"(?P<reported>(?:\d+ [\w-]+\n)*)",
    re.MULTILINE,
)
#: What stands before an article that has no front matter of its own, and what becomes of that.
HEAD = "---\ntitle: Stars\n---\n"
HEADING = "(stars)=\n# Stars\n\n"


class Pair(NamedTuple):
    """One form, before and after."""

    file: Path
    title: str
    written: str
    expected: str
    #: ``line kind`` of each thing reported.
    reported: list[str]

    @property
    def dialect(self) -> str:
        """The dialect, after which the file is named."""
        return next(dialect for dialect in RULES if self.file.stem.startswith(dialect))

    @property
    def name(self) -> str:
        """What no other pair is called."""
        return f"{self.dialect}: {self.title}"


def read(file: Path) -> Iterator[Pair]:
    """Yield the pairs of a file.

    :raises ValueError: something in it belongs to no pair
    """
    text = file.read_text(encoding="utf-8")
    if lost := PAIR.sub("", text).strip():
        message = f"{file.name}: {lost[:60]!r} is in no pair"
        raise ValueError(message)
    for match in PAIR.finditer(text):
        *parts, reported = match.groups()
        yield Pair(file, *parts, reported.splitlines())


PAIRS = [pair for file in sorted(GOLDEN.glob("*.md")) for pair in read(file)]


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair.name) for pair in PAIRS])
def test_what_was_written_becomes(pair: Pair, article: Callable) -> None:
    whole = pair.written.startswith("---\n")
    rules = pair.file.with_suffix(".toml")
    text, result = article(
        pair.written if whole else HEAD + pair.written,
        pair.dialect,
        key_ideas=pair.file.stem.endswith("key-ideas"),
        rules=tuple(own.read(rules)) if rules.exists() else (),
    )
    before = 0 if whole else HEAD.count("\n")
    reported = [f"{e.line - before} {e.kind}" for e in result.report.lines() if "stars" in e.file]
    assert (text if whole else text.partition(HEADING)[2]) == pair.expected
    assert reported == pair.reported


def test_titles_differ() -> None:
    names = [pair.name for pair in PAIRS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("dialect", "tag"), [(dialect, rule.tag) for dialect, rules in RULES.items() for rule in rules]
)
def test_every_rule_has_a_pair(dialect: str, tag: str) -> None:
    written = re.compile(rf"\{{%-?\s*{tag}\b")
    assert any(written.search(pair.written) for pair in PAIRS if pair.dialect == dialect)
