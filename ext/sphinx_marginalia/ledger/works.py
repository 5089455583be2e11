"""The works that a claim names, as sphinxcontrib-bibtex knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils.parsers.rst.states import Inliner
    from sphinx.environment import BuildEnvironment

#: The role of sphinxcontrib-bibtex that shows authors and year, without brackets.
ROLE = "alp"


def is_read(env: BuildEnvironment) -> bool:
    """Return whether the project reads files of works."""
    return "cite" in env.domains


def entries(env: BuildEnvironment) -> Any:
    """Return all entries, by their keys."""
    cite: Any = env.domains["cite"]
    return cite.bibdata.data.entries


def files(env: BuildEnvironment) -> list[tuple[str, float]]:
    """Return the files of works, each with the time of its last change."""
    cite: Any = env.domains.get("cite")
    return [(str(name), file.mtime) for name, file in cite.bibdata.bibfiles.items()] if cite else []


def is_known(env: BuildEnvironment, key: str) -> bool:
    """Return whether there is an entry *key*, in just these letters."""
    if not is_read(env):
        return False
    found = entries(env)
    # pybtex takes capitals for small letters; a citation does not.
    return key in found and found[key].key == key


def as_shown(env: BuildEnvironment) -> list[tuple[object, ...]]:
    """Return what citations show of works: when that changes, they have to be written again."""
    if not is_read(env):
        return []
    cite: Any = env.domains["cite"]
    return [
        (one.citation_id, one.bibliography_key.docname, one.formatted_entry.label, one.entry)
        for one in cite.citations
    ]


def cite(
    env: BuildEnvironment, inliner: Inliner, keys: Sequence[str], line: int
) -> list[nodes.Node]:
    """Return *keys* as a citation, as if its role had been written; unknown ones as they are."""
    known = [key for key in keys if is_known(env, key)]
    shown: list[nodes.Node] = []
    if known:
        role = env.domains["cite"].role(ROLE)
        assert role is not None
        text = ",".join(known)
        shown, messages = role(f"cite:{ROLE}", text, text, line, inliner, {}, [])
        shown += messages
    rest = ", ".join(key for key in keys if key not in known)
    return [*shown, nodes.Text("; " if shown and rest else ""), nodes.Text(rest)]


def cite_again(env: BuildEnvironment, keys: Sequence[str], here: str) -> list[nodes.Node]:
    """Return *keys* as a citation in the document *here* while its page is written.

    It is shown like any other, but no bibliography takes that page for one that cites.
    """
    known = [key for key in keys if is_known(env, key)]
    rest = ", ".join(key for key in keys if key not in known)
    shown: list[nodes.Node] = []
    if known:
        target = ",".join(known)
        shown.append(
            addnodes.pending_xref(
                "",
                nodes.inline("", target),
                refdomain="cite",
                reftype=ROLE,
                reftarget=target,
                refdoc=here,
                refexplicit=False,
                refwarn=True,
            )
        )
    return [*shown, nodes.Text("; " if shown and rest else ""), nodes.Text(rest)]


def identifiers(env: BuildEnvironment, key: str) -> dict[str, str]:
    """Return DOI, arXiv identifier and address of a work, those of them that its entry has."""
    if not is_known(env, key):
        return {}
    fields = entries(env)[key].fields
    arxiv = fields.get("eprint", "") if fields.get("archiveprefix") == "arXiv" else ""
    found = {"doi": fields.get("doi", ""), "arxiv": arxiv, "url": fields.get("url", "")}
    return {name: value for name, value in found.items() if value}
