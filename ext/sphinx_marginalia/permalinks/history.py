"""What git knows: the lock at the last release, and whether this is a release.

Git may know nothing: an archive has no history, and a host may clone only the last commit. So each
answer can also be a sentence that says why there is none.

A tag is a release tag if it is a version, with or without ``v`` before it (PEP 440). Projects that
tag otherwise give a pattern: with ``book-*``, ``book-1.0`` is a release tag.
"""

from __future__ import annotations

from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import InvalidVersion, Version

from sphinx_marginalia.core.project import GitError, git
from sphinx_marginalia.permalinks import lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sphinx_marginalia.permalinks.lock import Record

#: With the commit and the branch, without counting commits; untracked files are not asked for: a
#: new file beside the sources does not change the release.
STATUS = ("--porcelain=v2", "--branch", "--no-ahead-behind", "--untracked-files=no")
#: What a book is made of, beside its documents, from the folder of ``conf.py``.
SOURCES = ("conf.py", "CITATION.cff", lock.FILENAME, "*.bib")
#: The name of a tag and its commit, also where the tag is an object of its own.
TAG = "%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"


class GitState(NamedTuple):
    """What git says of the sources."""

    #: The commit that is checked out.
    commit: str = ""
    #: The tags of this commit.
    tags: tuple[str, ...] = ()
    #: Whether no tracked source differs from the commit.
    clean: bool = False
    #: The branch, or an empty text.
    branch: str = ""
    #: All tags of the repository; none where the clone is shallow.
    all_tags: tuple[str, ...] = ()


class Released(NamedTuple):
    """A file as it was at a release."""

    #: The tag of the release; empty where there is none to compare with.
    tag: str = ""
    #: The text of the file.
    text: str = ""
    #: Why there is nothing to compare with, as a sentence.
    skipped: str = ""


def version_of(tag: str, pattern: str = "") -> Version | None:
    """Return the version that a release *tag* names, or ``None`` for any other tag.

    :param pattern: which tags are those of releases, as ``book-*``; by default all versions
    """
    if pattern and not fnmatchcase(tag, pattern):
        return None
    try:
        return Version(tag.removeprefix(pattern.partition("*")[0]) if pattern else tag)
    except InvalidVersion:
        return None


def is_tag_of(tag: str, version: str, pattern: str = "") -> bool:
    """Return whether *tag* is the release tag of *version*, which may be no version of PEP 440."""
    if not version:
        return False
    if tag in {version, f"v{version}"}:
        return True
    tagged = version_of(tag, pattern)
    return tagged is not None and tagged == version_of(version)


def newest_first(tags: Iterable[str], pattern: str = "") -> list[str]:
    """Return the release tags among *tags*, by their versions."""
    versions = [(version, tag) for tag in tags if (version := version_of(tag, pattern))]
    return [tag for _, tag in sorted(versions, reverse=True)]


def released(root: Path, path: str, current: str = "", pattern: str = "") -> Released:
    """Return the file *path* as it was at the last release at which it was different.

    On the commit of a release, a comparison of the file with itself would find nothing, so a
    release with the same file is skipped.

    :param root: a folder in the work tree
    :param path: relative to *root*, with ``/``
    :param current: the text of the file now
    :param pattern: see :func:`version_of`
    """
    try:
        git(root, "rev-parse", "--verify", "HEAD")
        tags = newest_first(git(root, "tag", "--list", "--merged", "HEAD").split(), pattern)
        if not tags:
            raise GitError(_why_no_tags(root, pattern))
        last = Released()
        for tag in tags:
            text = _file(root, tag, path)
            if text is None:
                break
            last = Released(tag, text)
            if text != current:
                break
        if not last.tag:
            raise GitError(f"{path} was in no release yet")
    except GitError as error:
        return Released(skipped=f"The comparison with the last release was skipped: {error}.")
    return last


def released_records(
    confdir: Path, current: str, pattern: str = "", since: str = ""
) -> tuple[str, Mapping[str, Record], str]:
    """Return the tag of the last release, its lock, and why there is nothing to compare with.

    :param current: the text of the lock file now
    :param pattern: see :func:`version_of`
    :param since: another tag to compare with
    """
    if since:
        return since, records_at(confdir, since), ""
    last = released(confdir, lock.FILENAME, current, pattern)
    records, skipped = records_in(last)
    return last.tag, records, skipped


def records_in(last: Released) -> tuple[Mapping[str, Record], str]:
    """Return the records of a lock at a release, and why there is nothing to compare with."""
    records, diagnostics = lock.read(last.text) if last.tag else ({}, [])
    if diagnostics:
        return {}, f"{lock.FILENAME} of {last.tag} is invalid: not compared."
    return records, last.skipped


def last_releases(confdir: Path, names: Iterable[str], pattern: str = "") -> dict[str, str]:
    """Return the tag of the last release that has the section, for each of *names* that had one.

    :param pattern: see :func:`version_of`
    """
    wanted, last = set(names), dict[str, str]()
    with suppress(GitError):
        tags = git(confdir, "tag", "--list", "--merged", "HEAD").split() if wanted else ()
        for tag in newest_first(tags, pattern):
            records, _ = lock.read(_file(confdir, tag, lock.FILENAME) or "{}")
            current = {name for name in wanted if name in records and not records[name].retired}
            last |= dict.fromkeys(current, tag)
            wanted -= current
            if not wanted:
                break
    return last


def records_at(confdir: Path, tag: str, path: str = lock.FILENAME) -> dict[str, Record]:
    """Return the lock as it was at *tag*.

    :raises GitError: there is no such tag, or it has no lock that can be read
    """
    # A name that begins with a hyphen would be an option.
    text = _file(confdir, tag, path)
    if text is None:
        git(confdir, "rev-parse", "HEAD")  # says what is wrong where this is no repository
        raise GitError(f"there is no tag {tag!r} with {path}")
    records, diagnostics = lock.read(text)
    if diagnostics:
        raise GitError(f"{path} of {tag} is invalid: {diagnostics[0].message}")
    return records


def state(confdir: Path, sourcedir: Path) -> GitState:
    """Return what git says of a project: nothing where it is in no work tree.

    :param confdir: the folder of ``conf.py``
    :param sourcedir: the folder of the documents
    """
    root, sources = confdir, [*SOURCES, str(sourcedir.resolve())]
    # Two commands for everything: to start git takes milliseconds.
    try:
        status = git(root, "status", *STATUS, "--", *sources).splitlines()
        tags = git(root, "for-each-ref", f"--format={TAG}", "refs/tags").splitlines()
    except GitError:
        return GitState()
    headers = dict(line.split(" ", 2)[1:] for line in status if line.startswith("# "))
    commit, branch = headers["branch.oid"], headers["branch.head"]
    if commit == "(initial)":
        return GitState()
    commits = dict(line.split() for line in tags)
    return GitState(
        commit=commit,
        tags=tuple(name for name, tagged in commits.items() if tagged == commit),
        clean=all(line.startswith("# ") for line in status),
        branch="" if branch == "(detached)" else branch,
        all_tags=tuple(commits),
    )


def is_released(root: Path, version: str, pattern: str = "") -> bool:
    """Return whether there is a release tag for *version*."""
    try:
        tags = git(root, "tag", "--list").split()
    except GitError:
        return False
    return any(is_tag_of(tag, version, pattern) for tag in tags)


def _why_no_tags(root: Path, pattern: str) -> str:
    tag = f"tag {pattern}" if pattern else "release tag (as 1.0 or v1.0)"
    if git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        return f"this clone is shallow and has no {tag}: run git fetch --unshallow --tags"
    return f"no {tag} leads to this commit"


def _file(root: Path, tag: str, path: str) -> str | None:
    """Return the text of a file at a tag; ``None`` where it did not exist."""
    try:
        return git(root, "show", f"refs/tags/{tag}:./{path}")
    except GitError:
        return None
