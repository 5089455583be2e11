"""The terms that articles define, and their registration with Sphinx."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.domains.std import StandardDomain

    from sphinx_marginalia.articles.curriculum import Curriculum


class Definition(NamedTuple):
    """A term as an article defines it."""

    term: str
    definition: str
    docname: str


def definitions(curriculum: Curriculum) -> dict[str, list[Definition]]:
    """Return all definitions by their terms in lower case, as Sphinx compares them; sorted."""
    collected: dict[str, list[Definition]] = {}
    for docname, article in curriculum.articles.items():
        for term, definition in article.glossary:
            entry = Definition(term, definition, docname)
            collected.setdefault(term.lower(), []).append(entry)
    return dict(sorted(collected.items()))


def term_ids(keys: Iterable[str]) -> dict[str, str]:
    """Return an id for each term: its words, with a digest of its spelling if they are ambiguous.

    It depends on the other terms as little as possible, because people link to it.
    """
    ids: dict[str, str] = {}
    for key in keys:
        words = f"term-{nodes.make_id(key)}".removesuffix("-")
        plain = re.fullmatch(r"[a-z][a-z0-9]*([ -][a-z0-9]+)*", key) and words not in ids.values()
        ids[key] = words if plain else f"{words}-{sha256(key.encode()).hexdigest()[:6]}"
    return ids


def register(
    standard: StandardDomain, page: str, terms: Mapping[str, list[Definition]]
) -> dict[str, tuple[str, str]]:
    """Register the terms of *page* with Sphinx, so that the role ``term`` finds them.

    A term of Sphinx's own ``glossary`` is left as it is, without the warning of Sphinx's method.

    :return: page and id of each term that was registered, as it is spelled
    """
    registered = {}
    lower = standard.data.setdefault("terms", {})
    for key, node_id in term_ids(terms).items():
        spelled = terms[key][0].term
        if key not in lower and ("term", spelled) not in standard.objects:
            registered[spelled] = standard.objects["term", spelled] = lower[key] = (page, node_id)
    return registered


def unregister(standard: StandardDomain, registered: Mapping[str, tuple[str, str]]) -> None:
    """Remove terms from Sphinx, which would take one of its own for a second definition."""
    lower = standard.data.get("terms", {})
    for spelled, target in registered.items():
        if standard.objects.get(("term", spelled)) == target:
            del standard.objects["term", spelled]
        if lower.get(spelled.lower()) == target:
            del lower[spelled.lower()]
