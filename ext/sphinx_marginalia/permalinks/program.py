"""What ``make anchors`` does: sources read, names written, the lock brought up to date.

All or nothing: where something is wrong that a person must decide, neither a source nor the lock is
written, so a slip of the pen in a name does not become a promise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.permalinks import changes, files, history, lock, sources
from sphinx_marginalia.permalinks.changes import Changes
from sphinx_marginalia.permalinks.faults import Kind, did_you_mean, errors
from sphinx_marginalia.permalinks.files import RefusedError
from sphinx_marginalia.permalinks.names import propose
from sphinx_marginalia.permalinks.places import standing
from sphinx_marginalia.permalinks.rules import against, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sphinx_marginalia.permalinks.faults import Fault
    from sphinx_marginalia.permalinks.lock import Heading, Record

    Collect = Callable[[Path, Path, Path], list[Heading]]

#: The version in a CITATION.cff, which only needs one line of it.
VERSION = re.compile(r"version[ \t]*:[ \t]*(?P<quote>[\"']?)(?P<version>[^\s\"'#]+)(?P=quote)")


class Job(NamedTuple):
    """What is asked."""

    sourcedir: Path
    #: The folder of ``conf.py``, and of the lock.
    confdir: Path
    doctreedir: Path
    version: str = ""
    #: Old names, each with the one that took over.
    renamed: tuple[tuple[str, str], ...] = ()
    retired: tuple[str, ...] = ()
    reason: str = ""
    #: Whether names are written above headings that have none.
    write_names: bool = False
    tags: str = history.TAGS

    @property
    def lock(self) -> Path:
        """The file of the lock."""
        return self.confdir / lock.FILENAME

    @property
    def project(self) -> tuple[Path, Path]:
        """The folders in which may be written."""
        return (self.confdir, self.sourcedir)


class Done(NamedTuple):
    """What was done, and what is wrong."""

    faults: list[Fault]
    changes: Changes
    #: Names that were written into sources.
    named: int = 0
    #: Whether the lock is another one now.
    written: bool = False
    #: Sentences that say what was skipped or looks odd.
    notes: tuple[str, ...] = ()


def run(job: Job, collect: Collect) -> Done:
    """Bring the lock up to date.

    :param collect: returns the headings of a project, from the folders of sources, ``conf.py`` and
        doctrees
    :raises RefusedError: what is asked makes no sense; nothing was written
    """
    _check(job)
    records, faults = lock.read_file(job.lock)
    if faults:
        return Done(faults, Changes(records))
    version = job.version or cited_version(job.confdir)
    headings = collect(job.sourcedir, job.confdir, job.doctreedir)
    records = _decided(job, records, headings)
    release = _last_release(job)
    done = _look(records, headings, version, release)
    if errors(done.faults):
        return done
    if job.write_names and (proposals := propose(headings, records)):
        _write_names(job, proposals)
        headings = collect(job.sourcedir, job.confdir, job.doctreedir)
        named = standing(headings).at.keys() & {name for _, name in proposals}
        done = _look(records, headings, version, release)._replace(named=len(named))
        if errors(done.faults):
            return done
    written = _write_lock(job, done.changes.records)
    return done._replace(written=written, notes=(*done.notes, *_odd_version(job, done, version)))


def _odd_version(job: Job, done: Done, version: str) -> list[str]:
    if not done.changes.added or not history.has_release(job.confdir, version, job.tags):
        return []
    return [f"New names are noted as first in {version}, which was released: see --version."]


def _check(job: Job) -> None:
    if not (job.confdir / "conf.py").is_file():
        raise RefusedError(f"no conf.py in {job.confdir}: name its folder with -c")
    if not job.sourcedir.is_dir():
        raise RefusedError(f"{job.sourcedir} is no folder: name that of the sources")
    files.target(job.lock, job.project)


def _decided(
    job: Job, records: dict[str, Record], headings: Sequence[Heading]
) -> dict[str, Record]:
    """Return the records with what the job says of names that are gone."""
    at = standing(headings).at
    for old, new in job.renamed:
        _check_gone(old, records, at, beside=new)
        if new not in at and new not in records:
            hint = did_you_mean(new, at) or "write it above the heading first"
            raise RefusedError(f"--renamed {old}={new}: no heading has the name {new!r}; {hint}")
        records = changes.rename(records, old, new)
    for old in job.retired:
        _check_gone(old, records, at)
        records = changes.retire(records, old, job.reason)
    return records


def _check_gone(
    old: str, records: Mapping[str, Record], at: Mapping[str, Heading], beside: str = ""
) -> None:
    """Refuse a name that was never locked, or that still stands at a heading of its own."""
    if old not in records:
        hint = did_you_mean(old, records) or "a name that is not locked can change freely"
        raise RefusedError(f"{old!r} is not in {lock.FILENAME}; {hint}")
    if old == beside or (old in at and at[old].id != beside):
        where = f"{at[old].source}:{at[old].line}" if old in at else "the command"
        raise RefusedError(f"{old!r} still stands in {where}: take it away there first")


class _Release(NamedTuple):
    """The lock at the last release."""

    tag: str = ""
    records: Mapping[str, Record] = MappingProxyType({})
    notes: tuple[str, ...] = ()


def _last_release(job: Job) -> _Release:
    current = job.lock.read_bytes().decode() if job.lock.is_file() else ""
    found = history.released(job.confdir, lock.FILENAME, current, job.tags)
    if found.skipped:
        return _Release(notes=(found.skipped,))
    records, faults = lock.read(found.text)
    if faults:
        return _Release(notes=(f"{lock.FILENAME} of {found.tag} cannot be read: not compared.",))
    return _Release(found.tag, records)


def _look(
    records: Mapping[str, Record], headings: Sequence[Heading], version: str, release: _Release
) -> Done:
    found = changes.update(records, headings, version)
    # Judged without the new names: one of them may be the missing one, with a slip of the pen.
    known = {name: found.records[name] for name in records}
    faults = [fault for fault in judge(known, headings) if fault.kind is not Kind.NEW]
    faults += against(release.records, found.records, release.tag)
    return Done(faults, found, notes=release.notes)


def _write_names(job: Job, proposals: Sequence[tuple[Heading, str]]) -> None:
    """Write names above their headings, file by file."""
    by_source: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for heading, name in proposals:
        by_source[heading.source].append((heading.line, name))
    titles = {name: heading.title for heading, name in proposals}
    paths = {source: _source(job, source) for source in by_source}
    for source, wanted in by_source.items():
        path = paths[source]
        text = path.read_bytes().decode()
        if (changed := sources.insert(text, path.suffix, wanted, titles)) != text:
            files.put(path, changed, job.project)


def _source(job: Job, source: str) -> Path:
    """Return the file of a source, which is named from the folder of ``conf.py``."""
    for folder in job.project:
        if (folder / source).is_file():
            return files.target(folder / source, job.project)
    raise RefusedError(f"{source} is no file in {job.confdir}: no names were written")


def _write_lock(job: Job, records: Mapping[str, Record]) -> bool:
    text = lock.write(records)
    if job.lock.is_file() and job.lock.read_bytes() == text.encode():
        return False
    files.put(job.lock, text, job.project)
    return True


def cited_version(confdir: Path) -> str:
    """Return the version that ``CITATION.cff`` gives.

    :raises RefusedError: there is none
    """
    try:
        text = (confdir / "CITATION.cff").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    for line in text.splitlines():
        if match := VERSION.match(line):
            return match["version"]
    raise RefusedError("new names need a version: give --version, or write it in CITATION.cff")
