"""What is wrong with anchors, headings and old locations. Pure: a lock and headings in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sphinx_marginalia.core.diagnostics import Diagnostic, did_you_mean, sentence
from sphinx_marginalia.permalinks.changes import update
from sphinx_marginalia.permalinks.names import DEPTH, is_name, label, needs_person, propose, suggest
from sphinx_marginalia.permalinks.problems import PROGRAM
from sphinx_marginalia.permalinks.problems import PermalinkProblem as Problem
from sphinx_marginalia.permalinks.redirects import fragment_of, locate, page_of, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.names import Heading
    from sphinx_marginalia.permalinks.redirects import Locations, Targets

#: Stands for a name where none can be suggested.
TOPIC = "TOPIC"
RETIRE = f'{PROGRAM} --renamed {{0}}=NEW, or --retire {{0}} --reason "WHY"'


def check(records: Mapping[str, Record], headings: Sequence[Heading]) -> list[Diagnostic]:
    """Return what is wrong: first at the headings in their order, then in the lock by anchor."""
    locations, targets = locate(headings), resolve(records)
    at_headings = [
        *_invalid(headings, locations),
        *_duplicates(locations),
        *_nameless(headings, records),
        *_not_locked(records, headings, locations),
    ]
    return [
        *sorted(at_headings, key=lambda diagnostic: (diagnostic.source, diagnostic.line)),
        *_missing(records, headings, locations),
        *_successors(records, locations, targets),
        *_old_locations(records, locations),
    ]


def check_release(
    released: Mapping[str, Record], current: Mapping[str, Record], release: str
) -> list[Diagnostic]:
    """Return what was in the lock at a release and is not in the *current* one.

    :param release: the name of its tag
    """
    remedy = f"what was published stays in the lock file; run {PROGRAM} --since {release}"
    problem = Problem.ANCHOR_REMOVED
    diagnostics = []
    for name, record in sorted(released.items()):
        deleted = [f"the record of {name!r}"]
        if name in current:
            lost = [one for one in record.locations if one not in current[name].locations]
            deleted = [f"the location {location!r} of {name!r}" for location in lost]
        for what in deleted:
            message = f"{what} was deleted since {release}; {remedy}"
            diagnostics.append(Diagnostic(problem, message, name))
    return diagnostics


def _invalid(headings: Sequence[Heading], locations: Locations) -> Iterator[Diagnostic]:
    """Yield labels that are a different id in addresses, or that cannot be an anchor."""
    rule = "lower-case letters, digits and hyphens, beginning with a letter"
    for heading in headings:
        if not heading.id or heading.level > DEPTH:
            continue
        if not is_name(heading.id):
            better = suggest(heading.id, heading.docname, locations.first.keys())
            message = f"{heading.id!r} cannot be an anchor; use {rule}, such as {better!r}"
        elif heading.is_numbered:
            taken = locations.first.keys(), (heading.written,)
            better = suggest(heading.title, heading.docname, *taken) or TOPIC
            message = (
                f"the label {heading.written!r} has only a number in addresses, {heading.id!r}"
            )
            message = f"{message}; write {label(better, heading.source)} with a name of {rule}"
        elif heading.written:
            message = f"the label {heading.written!r} is {heading.id!r} in addresses"
            message = f"{message}; write a label of {rule}"
        else:
            continue
        yield _at(heading, Problem.ANCHOR_PATTERN, message, heading.id)


def _duplicates(locations: Locations) -> Iterator[Diagnostic]:
    for name, heading in locations.duplicates:
        other = locations.first[name]
        where = f"{other.source}:{other.line}"
        if where == f"{heading.source}:{heading.line}":
            where = f"the same file, which is also part of {other.docname}"
        message = f"the anchor {name!r} is used twice: here and in {where}; rename one of them"
        yield _at(heading, Problem.ANCHOR_USED_TWICE, message, name)


def _nameless(headings: Sequence[Heading], records: Mapping[str, Record]) -> Iterator[Diagnostic]:
    for heading, name in propose(headings, records):
        problem, written = Problem.ANCHOR_NAMELESS, label(name or TOPIC, heading.source)
        message = f"the heading “{heading.title}” has no anchor; "
        if needs_person(heading.title):
            problem = Problem.ANCHOR_LETTERS
            message += f"choose a name in Latin letters and write it above, as {written}"
        else:
            message += f"write {written} above it, or run {PROGRAM} --write-names"
        yield _at(heading, problem, message, name)


def _not_locked(
    records: Mapping[str, Record], headings: Sequence[Heading], locations: Locations
) -> Iterator[Diagnostic]:
    """Yield what the program would change: the sources are right, the lock is old."""
    changes = update(records, headings, "")
    for problem, names, words in (
        (Problem.ANCHOR_NEW, changes.added, "is not in the lock file yet"),
        (Problem.ANCHOR_REVIVED, changes.revived, "was retired and is in use again"),
    ):
        for name in names:
            message = f"the anchor {name!r} {words}; run {PROGRAM}"
            yield _at(locations.first[name], problem, message, name)
    for move in changes.moved:
        if move.id not in changes.revived:
            message = f"{move.id!r} has moved here from {move.old!r}; run {PROGRAM}"
            yield _at(locations.first[move.id], Problem.ANCHOR_MOVED, message, move.id)


def _missing(
    records: Mapping[str, Record], headings: Sequence[Heading], locations: Locations
) -> Iterator[Diagnostic]:
    unlocked: defaultdict[str, list[str]] = defaultdict(list)
    for name, heading in locations.first.items():
        if name not in records:
            unlocked[heading.docname].append(name)
    titles: dict[str, Heading] = {}
    for heading in headings:
        titles.setdefault(heading.docname, heading)
    for name, record in sorted(records.items()):
        if name in locations.first or record.retired:
            continue
        page = page_of(record.at)
        title = titles.get(page)
        where = f"is missing from {page}" if title else f"is gone with its page {page}"
        message = (
            f"the anchor {name!r} (“{record.title}”) {where}; write "
            f"{label(name, title.source if title else '')} above its heading again, or run "
            f"{RETIRE.format(name)}"
        )
        hint = did_you_mean(name, unlocked[page])
        yield _at(title, Problem.ANCHOR_MISSING, sentence(message, hint), name)


def _successors(
    records: Mapping[str, Record], locations: Locations, targets: Targets
) -> Iterator[Diagnostic]:
    problem = Problem.ANCHOR_SUCCESSOR
    for name in targets.gaps:
        successor = records[name].successor
        if successor in locations.first or name in locations.first:
            continue  # it is not in the lock yet, or is in use again
        hint = did_you_mean(successor, [*records, *locations.first])
        hint = hint or f"run {RETIRE.format(name)}"
        message = f"{name!r} was renamed to {successor!r}, which does not exist; {hint}"
        yield Diagnostic(problem, message, name)
    for circle in targets.circles:
        if not any(name in locations.first for name in circle):
            chain = " → ".join((*circle, circle[0]))
            message = f"successors lead in a circle: {chain}; run {RETIRE.format(circle[0])}"
            yield Diagnostic(problem, message, circle[0])


def _old_locations(records: Mapping[str, Record], locations: Locations) -> Iterator[Diagnostic]:
    problem = Problem.ANCHOR_OLD_PLACE
    owners: dict[str, str] = {}
    for name, record in sorted(records.items()):
        for location in record.old_locations:
            owner = owners.setdefault(location, name)
            if owner != name:
                message = (
                    f"the old location {location!r} belongs to {owner!r} and to {name!r}; a link "
                    "can lead to one only, so remove it from one record"
                )
                yield Diagnostic(problem, message, name)
    for location, name in owners.items():
        other = locations.first.get(fragment_of(location))
        if other and other.docname == page_of(location) and name not in other.names:
            message = (
                f"“{other.title}” is now at the old location {location!r} of {name!r}; give that "
                f"heading another label than {fragment_of(location)!r}"
            )
            yield _at(other, problem, message, name)


def _at(heading: Heading | None, problem: Problem, message: str, name: str) -> Diagnostic:
    """Return a diagnostic at *heading*, or at the record of *name* in the lock."""
    if heading is None:
        return Diagnostic(problem, message, name)
    return Diagnostic(problem, message, name, heading.line, heading.source)
