"""The log of reviews: when a claim was compared with the evidence, how, and what was found.

A project may keep a file of all reviews, ``reviews.yaml`` in the folder of its sources::

    - claim: near-stars
      date: 2026-11-20
      queries:
        - parallax of near stars
      finding: Two new lists of distances agree.
      works: [gaia2016]
      verdict: kept

Then the date of a claim is more than what its author writes: without an entry of that day it is
reported. Tables of claims show the entries. Pure, but for reading the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia.core.dates import is_day
from sphinx_marginalia.core.diagnostics import Diagnostic, sentence, suggestion
from sphinx_marginalia.core.located import read_yaml_file, short_repr
from sphinx_marginalia.ledger.options import LedgerProblem
from sphinx_marginalia.ledger.vocabulary import VERDICTS, split_names, split_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sphinx_marginalia.core.located import Located

KEYS = ("claim", "date", "queries", "finding", "works", "verdict")
REQUIRED = ("claim", "date", "finding", "verdict")
#: The verdict of a review that changed nothing.
KEPT = "kept"


class Review(NamedTuple):
    """An entry of the log."""

    claim: str
    #: The day, such as 2026-11-20.
    date: str
    #: What was searched for.
    queries: tuple[str, ...]
    finding: str
    #: Citation keys of the works that were found.
    works: tuple[str, ...]
    #: ``kept``, or the verdict that the claim got.
    verdict: str
    line: int


class ReviewLog(NamedTuple):
    """The reviews of each claim, the latest first, and what is wrong with the file."""

    reviews: dict[str, list[Review]]
    diagnostics: list[Diagnostic]


def read_log(file: Path) -> ReviewLog | None:
    """Return what *file* says, or ``None`` if there is no such file: the project has no log."""
    try:
        located = read_yaml_file(file, LedgerProblem.REVIEW_LOG)
    except (FileNotFoundError, ValueError):  # the latter for a name that no file can have
        return None
    entries = located.value
    if not isinstance(entries, list | None):
        located.report(f"the file must be a list of reviews, not {short_repr(entries)}")
        entries = None
    reviews: dict[str, list[Review]] = {}
    for index in range(len(entries or ())):
        review = _review(located, index)
        if review is not None:
            reviews.setdefault(review.claim, []).append(review)
    for of_claim in reviews.values():
        of_claim.sort(key=lambda review: (review.date, review.line), reverse=True)
    return ReviewLog(reviews, located.diagnostics)


def _review(located: Located, index: int) -> Review | None:
    """Return an entry, if it has what each must have."""
    entry = located.get(index)
    if not isinstance(entry, dict):
        expected = f"an entry must have the keys {', '.join(KEYS)}"
        located.report(f"{expected}, not {short_repr(entry)}", index)
        return None
    for key in entry:
        if key not in KEYS:
            message = sentence(f"unknown key {short_repr(key)}", suggestion(key, KEYS))
            located.report(message, index, key)
    for key in REQUIRED:
        if isinstance(entry.get(key), dict | list):
            located.report(f"{key} must be a text, not {short_repr(entry[key])}", index, key)
    texts = {key: located.text(index, key) for key in REQUIRED}
    missing = [f"{key}:" for key in REQUIRED if entry.get(key) in (None, "")]
    if missing:
        located.report(f"the entry is not complete: write {', '.join(missing)}", index)
    if texts["date"] and not is_day(texts["date"]):
        message = f"date must be a day such as 2026-11-23, not {texts['date']!r}"
        located.report(message, index, "date")
    if texts["verdict"] and texts["verdict"] not in (KEPT, *VERDICTS):
        hint = suggestion(texts["verdict"], (KEPT, *VERDICTS))
        message = sentence(f"unknown verdict {texts['verdict']!r}", hint)
        located.report(message, index, "verdict")
    if not is_day(texts["date"]) or texts["verdict"] not in (KEPT, *VERDICTS):
        return None
    queries = tuple(
        query for text in _texts(located, index, "queries") for query in split_queries(text)
    )
    works = tuple(name for text in _texts(located, index, "works") for name in split_names(text))
    line = located.line(index, "claim")
    return Review(queries=queries, works=works, line=line, **texts)


def _texts(located: Located, index: int, key: str) -> list[str]:
    """Return a list of texts, or one text as a list of one."""
    value: Any = located.get(index, key)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return [located.text(index, key, position) for position in range(len(value))]
    if isinstance(value, dict | list):
        expected = f"{key} must be a text or a list of texts"
        located.report(f"{expected}, not {short_repr(value)}", index, key)
    return [located.text(index, key)]


def log_diagnostics(
    log: ReviewLog, verdicts: Mapping[str, str], works: Collection[str] | None
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the log, also beside the claims and works of the project.

    :param verdicts: the verdict of each claim, by its id
    :param works: the keys of all works, or ``None`` if the project has no bibliography
    """
    yield from log.diagnostics
    for name, reviews in log.reviews.items():
        if name in verdicts:
            yield from _last_verdict(reviews, verdicts[name])
        for review in reviews:
            if name not in verdicts:
                yield _unknown(review, f"there is no claim {name!r}", suggestion(name, verdicts))
            for key in review.works:
                if works is not None and key not in works:
                    hint = suggestion(key, sorted(works))
                    yield _unknown(review, f"no work has the key {key!r}", hint)


def _unknown(review: Review, message: str, hint: str) -> Diagnostic:
    return Diagnostic(LedgerProblem.REVIEW_LOG, sentence(message, hint), line=review.line)


def _last_verdict(reviews: Sequence[Review], verdict: str) -> Iterator[Diagnostic]:
    last = next((review for review in reviews if review.verdict != KEPT), None)
    if last is not None and verdict and last.verdict != verdict:
        message = f"the last verdict in the log is {last.verdict}, but the claim is {verdict}"
        yield _unknown(last, message, "make them agree")


def unlogged(log: ReviewLog, name: str, reviewed: str, file: str) -> str:
    """Return what is wrong if *log* has no entry of the day when a claim was reviewed.

    :param name: the id of the claim
    :param file: the file of the log, for the message
    """
    if not reviewed or any(review.date == reviewed for review in log.reviews.get(name, ())):
        return ""
    return (
        f"the claim {name} was reviewed on {reviewed}, and {file} has no entry of that day; "
        "write one, or restore the date"
    )
