"""Whether a build is a release, and where its permanent addresses are. Pure: facts in, facts out.

Only a release can be cited: what a branch holds is something else tomorrow. Read the Docs tells in
variables what it builds (its manual, "Environment variable reference"); elsewhere git tells.
Neither is asked here, and no clock: who calls this has read them.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from sphinx_marginalia.cite_as.book.faults import Fault, did_you_mean
from sphinx_marginalia.permalinks.history import GitState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A tag that names a final release; others, as ``v1.0rc1``, are not offered to readers.
FINAL = re.compile(r"v?(\d+(?:\.\d+)*)", re.ASCII)
#: The versions of Read the Docs that are other names of one that moves.
MOVING = ("latest", "stable")


class Release(NamedTuple):
    """What was built."""

    #: ``release``, ``branch``, ``pull-request``, ``commit``, ``changed`` or ``unknown``.
    kind: str
    #: A sentence for readers.
    reason: str
    #: What addresses of this version hold, as ``v1.0``; nothing where it has no address that stays.
    version_name: str = ""
    #: The tag that was built, or nothing.
    tag: str = ""
    #: The tag of the newest final release, or nothing where none is known.
    newest: str = ""
    #: The address of this version with a slash at its end, where Read the Docs tells it.
    url_base: str = ""
    commit: str = ""
    #: The branch or the pull request that was built, or nothing.
    source: str = ""
    #: What does not fit together, for the author.
    faults: tuple[Fault, ...] = ()

    @property
    def is_release(self) -> bool:
        """Whether it can be cited."""
        return self.kind == "release"


def describe(environment: Mapping[str, str], git_state: GitState | None, version: str) -> Release:
    """Return what was built, from variables of the *environment*, from git, or not known.

    :param version: the version in ``CITATION.cff``; its tag is ``v`` and the version, or only that.
    """
    git = git_state or GitState()
    if environment.get("READTHEDOCS") == "True":
        release = _on_read_the_docs(environment, git)
    elif git_state is not None:
        release = _from_git(git, version)
    else:
        reason = "This is a draft: what it was built from is not known."
        release = Release("unknown", reason)
    faults = _mismatch(release, version)
    return release._replace(newest=newest(git.all_tags), faults=faults)


def newest(tags: Iterable[str]) -> str:
    """Return the tag of the newest final release among *tags*, or nothing."""
    finals = {tag: match[1] for tag in tags if (match := FINAL.fullmatch(tag))}
    return max(finals, key=lambda tag: (_numbers(finals[tag]), tag), default="")


def _numbers(version: str) -> list[int]:
    """Return the numbers of a version, such that 1.10 is after 1.9, and 1.0 is 1."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers


def _on_read_the_docs(environment: Mapping[str, str], git: GitState) -> Release:
    name = environment.get("READTHEDOCS_VERSION", "")
    built = environment.get("READTHEDOCS_GIT_IDENTIFIER", "") or name
    commit = environment.get("READTHEDOCS_GIT_COMMIT_HASH", "") or git.commit
    base = environment.get("READTHEDOCS_CANONICAL_URL", "")
    base = f"{base.rstrip('/')}/" if base else ""
    match environment.get("READTHEDOCS_VERSION_TYPE", ""):
        case "tag":
            # "stable" is the newest tag today: what is printed must name the tag.
            slug = _slug(built) if name in MOVING else name
            if base.endswith(f"/{name}/"):
                base = f"{base.removesuffix(f'{name}/')}{slug}/"
            return Release("release", f"This is release {built}.", slug, built, "", base, commit)
        case "external":
            reason = f"This is a draft, built from pull request {name}."
            return Release("pull-request", reason, name, "", "", base, commit, name)
        case "branch":
            reason = f"This is a draft, built from the branch {built}."
            return Release("branch", reason, name, "", "", base, commit, built)
    reason = "This is a draft: what it was built from is not known."
    return Release("unknown", reason, name, "", "", base, commit)


def _slug(tag: str) -> str:
    """Return what Read the Docs calls the version of a *tag*."""
    return re.sub(r"[^a-z0-9._-]+", "-", tag.lower()).lstrip("._-")


def _from_git(git: GitState, version: str) -> Release:
    short = git.commit[:10]
    tag = next((name for name in (f"v{version}", version) if version and name in git.tags), "")
    if tag:
        if git.clean:
            return Release("release", f"This is release {tag}.", tag, tag, commit=git.commit)
        reason = f"This is a draft: files were changed after release {tag}."
        return Release("changed", reason, commit=git.commit)
    if git.branch:
        reason = f"This is a draft, built from the branch {git.branch}."
        return Release("branch", reason, git.branch, commit=git.commit, source=git.branch)
    if short:
        return Release("commit", f"This is a draft, built from commit {short}.", commit=git.commit)
    return Release("unknown", "This is a draft: what it was built from is not known.")


def _mismatch(release: Release, version: str) -> tuple[Fault, ...]:
    if release.is_release and release.tag.removeprefix("v") != version:
        message = f"the tag is {release.tag}, but the version in CITATION.cff is {version!r}"
        return (Fault(f"{message}; write the version of the tag there, and tag again"),)
    return ()


def expand(template: str, fields: Mapping[str, str]) -> tuple[str, list[Fault]]:
    """Return the address that *template* makes with *fields*, with a slash at its end.

    ``https://example.org/en/{version}/`` is such a template. Values are percent-encoded (RFC 3986),
    slashes too: a tag ``book/1.0`` is one part of the path. With a fault, the address is nothing.
    """
    faults = []
    pieces = []
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        message = f"{template!r} has a brace without its partner; write {{version}}"
        return "", [Fault(message)]
    for text, field, form, conversion in parsed:
        pieces.append(text)
        if field is None:
            continue
        if field not in fields:
            hint = did_you_mean(field, fields)
            hint = hint or f"; use {', '.join(f'{{{name}}}' for name in sorted(fields))}"
            faults.append(Fault(f"{template!r}: unknown field {{{field}}}{hint}"))
        elif form or conversion:
            faults.append(Fault(f"{template!r}: write {{{field}}} with nothing behind the name"))
        else:
            pieces.append(quote(fields[field], safe=""))
    if not template.startswith(("https://", "http://")):
        faults.append(Fault(f"{template!r} must be an address that starts with https://"))
    return ("" if faults else f"{''.join(pieces).rstrip('/')}/"), faults
