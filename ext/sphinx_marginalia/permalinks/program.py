"""What the command ``lock`` does: read the sources, write labels, update the lock file.

All or nothing: where a person has to decide something, neither a source nor the lock is written, so
that a typing mistake in a label does not become a permanent anchor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.diagnostics import did_you_mean
from sphinx_marginalia.core.outdated import write_atomically
from sphinx_marginalia.permalinks import changes, history, lock, sources
from sphinx_marginalia.permalinks.changes import Changes
from sphinx_marginalia.permalinks.domain import read_headings
from sphinx_marginalia.permalinks.names import needs_person, propose
from sphinx_marginalia.permalinks.problems import PermalinkProblem, errors
from sphinx_marginalia.permalinks.redirects import locate
from sphinx_marginalia.permalinks.rules import check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sphinx_marginalia.core.diagnostics import Diagnostic
    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.names import Heading

#: The version in a CITATION.cff. One line of the file is all that is needed.
VERSION = re.compile(
    r"^version[ \t]*:[ \t]*(?P<quote>[\"']?)(?P<version>[^\s\"'#]+)(?P=quote)", re.MULTILINE
)


class RefusedError(ValueError):
    """A request that makes no sense; the message says why, and what to do."""


class Job(NamedTuple):
    """The arguments of the command."""

    sourcedir: Path
    #: The folder of ``conf.py`` and of the lock file.
    confdir: Path
    doctreedir: Path
    version: str = ""
    #: Old anchors, each with the one that replaces it.
    renamed: Sequence[tuple[str, str]] = ()
    retired: Sequence[str] = ()
    reason: str = ""
    #: Whether labels are written above headings that have none.
    write_names: bool = False
    #: The pattern of release tags.
    tags: str = ""
    #: The tag to restore records from; empty for the last release.
    since: str = ""

    @property
    def lock(self) -> Path:
        """The lock file."""
        return self.confdir / lock.FILENAME

    def contains(self, real: Path) -> bool:
        """Return whether the file *real*, no symbolic link, is in a folder of the project."""
        return any(real.is_relative_to(base.resolve()) for base in (self.confdir, self.sourcedir))

    def target(self, path: Path) -> Path:
        """Return the file that *path* is, with symbolic links followed.

        :raises RefusedError: it is outside the project
        """
        if self.contains(real := path.resolve()):
            return real
        raise RefusedError(f"{path} leads to {real}, outside of the project; nothing is written")

    def write(self, path: Path, text: str) -> None:
        """Write *text* to the file *path* atomically, with the permissions that the file has."""
        write_atomically(self.target(path), text.encode())


class Result(NamedTuple):
    """What the command did, and what is wrong."""

    diagnostics: Sequence[Diagnostic]
    changes: Changes
    #: The number of labels that were written into sources.
    labelled: int = 0
    #: Whether the lock file was changed; with errors, only by repairs.
    written: bool = False
    #: Sentences about what was skipped or looks odd.
    notes: tuple[str, ...] = ()


def run(job: Job) -> Result:
    """Update the lock file.

    :raises RefusedError: the request makes no sense; nothing was written
    """
    _check_folders(job)
    before, diagnostics, repairs = _read_lock(job)
    if diagnostics:
        return Result(diagnostics, Changes(before))
    version = job.version or cited_version(job.confdir)
    headings = read_headings(job.sourcedir, job.confdir, job.doctreedir)
    current = job.lock.read_bytes().decode() if job.lock.is_file() else ""
    tag, released, skipped = history.released_records(job.confdir, current, job.tags, job.since)
    before, restored = changes.restore(before, released, tag)
    repairs = [*repairs, *restored]
    records = _decide(job, before, headings)

    def update(headings: Sequence[Heading]) -> Result:
        updated = changes.update(records, headings, version)
        # Checked without the new anchors: one of them may be the missing one, misspelled.
        locked = {name: updated.records[name] for name in records}
        new = PermalinkProblem.ANCHOR_NEW
        diagnostics = [one for one in check(locked, headings) if one.problem is not new]
        return Result(diagnostics, updated, notes=(*repairs, *filter(None, [skipped])))

    result = update(headings)
    proposals = []
    if job.write_names and not errors(result.diagnostics):
        proposals = [pair for pair in propose(headings, records) if not needs_person(pair[0].title)]
    if proposals:
        _write_labels(job, proposals)
        headings = read_headings(job.sourcedir, job.confdir, job.doctreedir)
        labelled = locate(headings).first.keys() & {name for _, name in proposals}
        result = update(headings)._replace(labelled=len(labelled))
    if errors(result.diagnostics):
        # What was published is safe to write, whatever a person has to decide.
        return result._replace(written=bool(repairs) and _write(job, before))
    return _write_lock(job, result, version)


def _read_lock(job: Job) -> tuple[dict[str, Record], list[Diagnostic], list[str]]:
    """Return the records, what cannot be repaired in the file, and what was repaired."""
    records, diagnostics = lock.read_file(job.lock)
    if diagnostics:
        with suppress(OSError, UnicodeDecodeError):
            if any(sides := lock.scan(job.lock.read_bytes().decode()) or []):
                records, notes = changes.join(sides)
                return records, [], [f"{job.lock}:{diagnostics[0].line}: mended", *notes]
    return records, diagnostics, []


def _check_folders(job: Job) -> None:
    if not (job.confdir / "conf.py").is_file():
        raise RefusedError(f"no conf.py in {job.confdir}: name its folder with -c")
    if not job.sourcedir.is_dir():
        raise RefusedError(f"{job.sourcedir} is not a folder: name that of the sources")
    job.target(job.lock)


def cited_version(confdir: Path) -> str:
    """Return the version in ``CITATION.cff``.

    :raises RefusedError: there is none
    """
    with suppress(OSError, UnicodeDecodeError):
        if match := VERSION.search((confdir / "CITATION.cff").read_text("utf-8")):
            return match["version"]
    raise RefusedError("new anchors need a version: give --version, or write it in CITATION.cff")


def _decide(job: Job, records: dict[str, Record], headings: Sequence[Heading]) -> dict[str, Record]:
    """Return the records with what the arguments say of anchors that are gone."""
    at = locate(headings).first
    for old, new in job.renamed:
        _check_gone(old, records, at, new)
        if new not in at and new not in records:
            hint = did_you_mean(new, at) or "write it above the heading first"
            raise RefusedError(f"--renamed {old}={new}: no heading has the anchor {new!r}; {hint}")
        records = changes.rename(records, old, new)
    for old in job.retired:
        _check_gone(old, records, at)
        records = changes.retire(records, old, job.reason)
    unknown = [name for name, record in records.items() if record.reason and not record.last]
    for name, tag in history.last_releases(job.confdir, unknown, job.tags).items():
        records = {**records, name: records[name]._replace(last=tag)}
    return records


def _check_gone(
    old: str, records: Mapping[str, Record], at: Mapping[str, Heading], new: str = ""
) -> None:
    """Refuse an anchor that was never locked, or that a heading still has as its first label."""
    if old not in records:
        hint = did_you_mean(old, records) or "an anchor that is not locked can change freely"
        raise RefusedError(f"{old!r} is not in {lock.FILENAME}; {hint}")
    if old == new:
        raise RefusedError(f"--renamed {old}={new}: the names are the same")
    if old in at and at[old].id != new:
        where = f"{at[old].source}:{at[old].line}"
        raise RefusedError(f"{old!r} is still in {where}: remove it there first")


def _write_labels(job: Job, proposals: Sequence[tuple[Heading, str]]) -> None:
    by_source: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for heading, name in proposals:
        # What is included from elsewhere, as a README is, gets none of our labels.
        if ".." not in heading.source or job.contains((job.confdir / heading.source).resolve()):
            by_source[heading.source].append((heading.line, name))
    titles = {name: heading.title for heading, name in proposals}
    paths = {source: _source(job, source) for source in by_source}
    for source, labels in by_source.items():
        path = paths[source]
        text = path.read_bytes().decode()
        if (changed := sources.insert(text, path.suffix, labels, titles)) != text:
            job.write(path, changed)


def _source(job: Job, source: str) -> Path:
    """Return the file of a source, which is relative to one of the folders of the project."""
    for folder in (job.confdir, job.sourcedir):
        if (folder / source).is_file():
            return job.target(folder / source)
    raise RefusedError(f"there is no file {source} in {job.confdir}: no labels were written")


def _write_lock(job: Job, result: Result, version: str) -> Result:
    notes = result.notes
    if result.changes.added and history.is_released(job.confdir, version, job.tags):
        note = f"New anchors are recorded as new in {version}, which is released: see --version."
        notes = (*notes, note)
    return result._replace(written=_write(job, result.changes.records), notes=notes)


def _write(job: Job, records: Mapping[str, Record]) -> bool:
    """Write the lock file, and return whether it was another one."""
    text = lock.write(records)
    if is_new := not job.lock.is_file() or job.lock.read_bytes() != text.encode():
        job.write(job.lock, text)
    return is_new
