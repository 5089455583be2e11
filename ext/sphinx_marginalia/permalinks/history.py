"""What git knows: the lock at the last release, and whether this is a release. No Sphinx.

Everything here may be missing (an archive has no history, a host clones only the last commits), so
each answer can be a sentence that says why there is none.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.project import GitError, git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The tags of releases.
TAGS = "v*"
#: With the commit and the branch, and without counting how far that is from another.
STATUS = ("--porcelain=v2", "--branch", "--no-ahead-behind", "--untracked-files=normal")
#: What to say of a tag: its name, and the commit, also where the tag is an object of its own.
TAG = "%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
VERSION = re.compile(r"(\d+(?:\.\d+)*)(.*)\Z", re.DOTALL)


class GitState(NamedTuple):
    """What git says of the sources."""

    #: The commit that is checked out.
    commit: str = ""
    #: The tags at this commit.
    tags: tuple[str, ...] = ()
    #: Whether no file that git knows differs from the commit.
    clean: bool = False
    #: The branch, or nothing.
    branch: str = ""
    #: All tags of the repository; none where the clone is shallow.
    all_tags: tuple[str, ...] = ()


class Released(NamedTuple):
    """A file as it was at a release."""

    #: The tag of the release; nothing where there is none to compare with.
    tag: str = ""
    #: The text of the file then.
    text: str = ""
    #: Why the check was skipped, as a sentence; nothing where it was not.
    skipped: str = ""


def released(root: Path, path: str, current: str = "", tags: str = TAGS) -> Released:
    """Return the file *path* as it was at the newest release whose file was another one.

    On the commit of a release, to compare the file with itself would find nothing, so an equal file
    is passed over for that of the release before.

    :param root: a folder in the work tree
    :param path: relative to *root*, with ``/``
    :param current: the text of the file now
    :param tags: a pattern for the names of release tags
    """
    try:
        newest_first = _releases(root, tags)
        if not newest_first:
            raise GitError(_why_no_tags(root, tags))
        found = Released(skipped=_skipped(f"{path} was in no release yet"))
        for tag in newest_first:
            text = _file(root, tag, path)
            if text is None:
                break
            found = Released(tag, text)
            if text != current:
                break
    except GitError as error:
        return Released(skipped=_skipped(str(error)))
    return found


def state(root: Path) -> GitState | None:
    """Return what git says of the work tree at *root*; nothing where it says nothing."""
    # One question for the work tree and one for the tags: to start git takes milliseconds.
    try:
        status = git(root, "status", *STATUS)
        tags = git(root, "for-each-ref", f"--format={TAG}", "refs/tags").splitlines()
    except GitError:
        return None
    headers = [line for line in status.splitlines() if line.startswith("# ")]
    about = dict(header.split(" ", 2)[1:] for header in headers)
    commit, branch = about["branch.oid"], about["branch.head"]
    if commit == "(initial)":
        return None
    commits = dict(line.split() for line in tags)
    return GitState(
        commit=commit,
        tags=tuple(name for name, tagged in commits.items() if tagged == commit),
        clean=len(status.splitlines()) == len(headers),
        branch="" if branch == "(detached)" else branch,
        all_tags=tuple(commits),
    )


def has_release(root: Path, version: str, tags: str = TAGS) -> bool:
    """Return whether *version* was released, as far as git knows."""
    try:
        return bool(git(root, "tag", "--list", tags.replace("*", version, 1)).strip())
    except GitError:
        return False


def by_version(tags: Iterable[str], pattern: str = TAGS) -> list[str]:
    """Return the *tags* of the *pattern* that name a version, the newest first.

    A version with letters behind its numbers comes before it (PEP 440, Semantic Versioning), unless
    they say that it came after: ``1.0rc1``, ``1.0``, ``1.0.post1``.
    """
    before = len(pattern.partition("*")[0])
    found = [
        (_version(match[1], match[2]), tag)
        for tag in tags
        if fnmatchcase(tag, pattern) and (match := VERSION.match(tag[before:]))
    ]
    return [tag for _, tag in sorted(found, reverse=True)]


def _version(numbers: str, rest: str) -> tuple[tuple[int, ...], int, list[tuple[int, str]]]:
    parts = [int(part) for part in numbers.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    rest = rest.lower().partition("+")[0].strip(".-_")
    order = 0 if not rest else 1 if rest.startswith(("post", "rev")) else -1
    words = re.findall(r"\d+|[a-z]+", rest)
    return tuple(parts), order, [(int(w), "") if w.isdigit() else (-1, w) for w in words]


def _releases(root: Path, tags: str) -> list[str]:
    """Return the releases that lead to this commit, the newest first."""
    git(root, "rev-parse", "--verify", "HEAD")
    return by_version(git(root, "tag", "--list", "--merged", "HEAD", tags).split(), tags)


def _why_no_tags(root: Path, tags: str) -> str:
    if git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        return f"this clone is shallow and knows no tag {tags}: run git fetch --unshallow --tags"
    return f"no tag {tags} leads to this commit"


def _skipped(why: str) -> str:
    return f"The check against the last release was skipped: {why}."


def _file(root: Path, tag: str, path: str) -> str | None:
    """Return the text of a file at a tag, or nothing where it was not there."""
    try:
        return git(root, "show", f"refs/tags/{tag}:./{path}")
    except GitError:
        return None
