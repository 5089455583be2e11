"""The terms that articles define, and how Sphinx is told of them."""

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


def definitions(found: Curriculum) -> dict[str, list[Definition]]:
    """Return all definitions by their terms in small letters, as Sphinx compares them; sorted."""
    collected: dict[str, list[Definition]] = {}
    for docname, article in found.articles.items():
        for term, definition in article.glossary:
            entry = Definition(term, definition, docname)
            collected.setdefault(term.lower(), []).append(entry)
    return dict(sorted(collected.items()))


def term_ids(keys: Iterable[str]) -> dict[str, str]:
    """Return an id for each term: words of it, and what tells it from others with these words.

    It depends on the other terms as little as can be, because people link to it.
    """
    ids: dict[str, str] = {}
    for key in keys:
        words = f"term-{nodes.make_id(key)}".removesuffix("-")
        plain = re.fullmatch(r"[a-z][a-z0-9]*([ -][a-z0-9]+)*", key) and words not in ids.values()
        ids[key] = words if plain else f"{words}-{sha256(key.encode()).hexdigest()[:6]}"
    return ids


def register(
    standard: StandardDomain, page: str, found: Mapping[str, list[Definition]]
) -> dict[str, tuple[str, str]]:
    """Register the terms *found* on *page* with Sphinx, so that the role ``term`` finds them.

    A term of Sphinx's own ``glossary`` stays where that says. Sphinx's method for noting a term
    would warn of it.

    :return: page and id of each that was told, as it is spelled
    """
    told = {}
    lower = standard.data.setdefault("terms", {})
    for key, node_id in term_ids(found).items():
        spelled = found[key][0].term
        if key not in lower and ("term", spelled) not in standard.objects:
            told[spelled] = standard.objects["term", spelled] = lower[key] = (page, node_id)
    return told


def unregister(standard: StandardDomain, told: Mapping[str, tuple[str, str]]) -> None:
    """Have Sphinx forget what it was told: it would take it for a second definition."""
    lower = standard.data.get("terms", {})
    for spelled, place in told.items():
        if standard.objects.get(("term", spelled)) == place:
            del standard.objects["term", spelled]
        if lower.get(spelled.lower()) == place:
            del lower[spelled.lower()]
