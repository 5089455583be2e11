"""Whether a build is a release, and what its addresses contain. Pure: facts in, facts out.

Only a release can be cited: a branch has another content tomorrow. Read the Docs says in variables
what it builds (its manual, "Environment variable reference"); elsewhere git says it. The caller has
read both.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from sphinx_marginalia.core.diagnostics import sentence, suggestion
from sphinx_marginalia.permalinks.history import is_tag_of, newest_first, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_marginalia.permalinks.history import GitState

#: The versions of Read the Docs that are other names of a version that changes.
MOVING = ("latest", "stable")


class Release(NamedTuple):
    """What was built."""

    #: ``release``, ``branch``, ``pull-request``, ``commit``, ``changed`` or ``unknown``.
    kind: str
    #: The name of this version in addresses, as ``v1.0``; empty where it has no permanent one.
    version_name: str = ""
    #: The tag that was built, or an empty text.
    tag: str = ""
    #: The tag of the newest final release; empty where none is known.
    newest: str = ""
    #: The address of this version with a slash at its end, where Read the Docs says it.
    url_base: str = ""
    commit: str = ""
    #: The branch or the pull request that was built, or an empty text.
    source: str = ""

    @property
    def is_release(self) -> bool:
        """Whether it can be cited."""
        return self.kind == "release"


def describe(environment: Mapping[str, str], git: GitState, version: str) -> Release:
    """Return what was built.

    :param environment: the environment variables
    :param git: what git says
    :param version: the version in ``CITATION.cff``
    """
    if environment.get("READTHEDOCS") == "True":
        release = _on_read_the_docs(environment, git)
    else:
        release = _from_git(git, version)
    return release._replace(newest=newest(git.all_tags))


def newest(tags: Iterable[str]) -> str:
    """Return the tag of the newest final release among *tags*, or an empty text."""
    for tag in newest_first(tags):
        version = version_of(tag)
        if version is not None and not version.is_prerelease:
            return tag
    return ""


def tag_like(newest: str, version: str) -> str:
    """Return a tag for *version* in the form of that of the *newest* release."""
    return version if newest[:1].isdigit() else f"v{version}"


def mismatch(release: Release, version: str) -> str:
    """Return what is wrong if the tag that was built is not that of *version*."""
    if not release.is_release or is_tag_of(release.tag, version):
        return ""
    message = f"the tag is {release.tag}, but the version in CITATION.cff is {version!r}"
    return f"{message}; write the version of the tag there, and tag again"


def _on_read_the_docs(environment: Mapping[str, str], git: GitState) -> Release:
    name = environment.get("READTHEDOCS_VERSION", "")
    built = environment.get("READTHEDOCS_GIT_IDENTIFIER", "") or name
    commit = environment.get("READTHEDOCS_GIT_COMMIT_HASH", "") or git.commit
    base = environment.get("READTHEDOCS_CANONICAL_URL", "")
    base = f"{base.rstrip('/')}/" if base else ""
    match environment.get("READTHEDOCS_VERSION_TYPE", ""):
        case "tag":
            # "stable" is the newest tag today: a permalink needs the tag.
            slug = _slug(built) if name in MOVING else name
            if base.endswith(f"/{name}/"):
                base = f"{base.removesuffix(f'{name}/')}{slug}/"
            return Release("release", slug, built, "", base, commit)
        case "external":
            return Release("pull-request", name, "", "", base, commit, name)
        case "branch":
            return Release("branch", name, "", "", base, commit, built)
    return Release("unknown", name, "", "", base, commit)


def _slug(tag: str) -> str:
    """Return what Read the Docs calls the version of a *tag*."""
    return re.sub(r"[^a-z0-9._-]+", "-", tag.lower()).lstrip("._-")


def _from_git(git: GitState, version: str) -> Release:
    if tag := next((name for name in git.tags if is_tag_of(name, version)), ""):
        if git.clean:
            return Release("release", tag, tag, commit=git.commit)
        return Release("changed", commit=git.commit)
    if git.branch:
        return Release("branch", git.branch, commit=git.commit, source=git.branch)
    return Release("commit" if git.commit else "unknown", commit=git.commit)


def expand(template: str, fields: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the address that *template* makes with *fields*, and what is wrong with it.

    ``https://example.org/en/{version}/`` is such a template. Values are percent-encoded (RFC 3986),
    slashes too: a tag ``book/1.0`` is one part of the path. An invalid template has no address.
    """
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return "", [f"{template!r} has an unmatched brace; write {{version}}"]
    problems, pieces = [], []
    for text, field, form, conversion in parsed:
        pieces.append(text)
        if field is None:
            continue
        if field not in fields:
            message = f"{template!r}: unknown field {{{field}}}"
            problems.append(sentence(message, suggestion(field, sorted(fields))))
        elif form or conversion:
            problems.append(f"{template!r}: write {{{field}}} with nothing after the name")
        else:
            pieces.append(quote(fields[field], safe=""))
    if not template.startswith(("https://", "http://")):
        problems.append(f"{template!r} must be an address that begins with https://")
    return ("" if problems else f"{''.join(pieces).rstrip('/')}/"), problems
