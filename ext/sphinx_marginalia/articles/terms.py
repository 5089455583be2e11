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
    #: The term as it is written in the source.
    source: str


def definitions(curriculum: Curriculum) -> dict[str, list[Definition]]:
    """Return all definitions by their terms in lower case, as Sphinx compares them.

    The keys are those of the source, in every language; their order is that of the translations.
    """
    collected: dict[str, list[Definition]] = {}
    for docname, article in curriculum.articles.items():
        for term in article.glossary:
            entry = Definition(term.term, term.definition, docname, term.source)
            collected.setdefault(term.source.lower(), []).append(entry)
    return dict(sorted(collected.items(), key=lambda item: (item[1][0].term.lower(), item[0])))


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
    A translated term is found by its translations too, unless another term is written so.

    :return: page and id of each term that was registered, as it is spelled
    """
    registered = {}
    lower = standard.data.setdefault("terms", {})
    ids = term_ids(sorted(terms))
    written = [(terms[key][0].source, key) for key in ids]
    translations = [(entry.term, key) for key in ids for entry in terms[key]]
    for spelled, key in (*written, *translations):
        is_known = spelled.lower() in lower or ("term", spelled) in standard.objects
        if not is_known and (spelled.lower() == key or terms[key][0].source in registered):
            target = registered[spelled] = page, ids[key]
            standard.objects["term", spelled] = lower[spelled.lower()] = target
    return registered


def unregister(standard: StandardDomain, registered: Mapping[str, tuple[str, str]]) -> None:
    """Remove terms from Sphinx, which would take one of its own for a second definition."""
    lower = standard.data.get("terms", {})
    for spelled, target in registered.items():
        if standard.objects.get(("term", spelled)) == target:
            del standard.objects["term", spelled]
        if lower.get(spelled.lower()) == target:
            del lower[spelled.lower()]
