"""The roles of sphinxcontrib-bibtex, which report what is no citation and show what was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinxcontrib.bibtex.citation_target import CitationTarget, parse_citation_targets
from sphinxcontrib.bibtex.roles import CiteRole

from sphinx_marginalia.core.diagnostics import did_you_mean, warn
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.options import WorksProblem

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.environment import BuildEnvironment

#: What is between the words of a citation, rightly or wrongly.
BETWEEN = re.compile(r"[\s,;{}@]+")


class TolerantCiteRole(CiteRole):
    """A role that cites; sphinxcontrib-bibtex's ends the build at a text that is no citation."""

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the citation, or the text as it was typed."""
        try:
            list(parse_citation_targets(self.target))
        except ValueError:
            works = domain_of(env, WorksDomain)
            better = proper(self.target, works.keys)
            write = f"{{{self.name}}}`{better or '{see}key{p. 4},key'}`"
            why = "" if better else ": words in braces, commas between works"
            message = f"'{self.text}' is no citation; write {write}{why}"
            warn(WorksProblem.CITATION_MALFORMED, message, self.get_location())
            return [nodes.Text(self.text)], []
        cited: tuple[list[nodes.Node], list[nodes.system_message]]
        cited = super().result_nodes(document, env, node, is_ref)  # type: ignore[no-untyped-call]
        return cited


def proper(text: str, keys: Set[str]) -> str:
    """Return the citation that *text* seems to mean; an empty text without a key in it."""
    cited = [word for word in BETWEEN.split(text) if word in keys]
    if len(cited) != 1:
        return ",".join(cited)
    before, after = (" ".join(part.split()).strip(" ,;{}@") for part in text.split(cited[0], 1))
    return as_written(CitationTarget(cited[0], before, after))


def hint(key: str, keys: Set[str]) -> str:
    """Return what to write for the unknown *key* of a work."""
    if key in keys:
        return "no bibliography lists it: add one, change its filter, or remove its :list:"
    better = proper(key, keys)
    return f"write `{better}`" if better else did_you_mean(key, keys)


def as_written(target: CitationTarget) -> str:
    """Return the citation of a work as an author writes it."""
    before, after = (f"{{{words}}}" if words else "" for words in (target.pre, target.post))
    return f"{before}{target.key}{after}"


def as_words(target: CitationTarget) -> str:
    """Return the citation of an unknown work as a reader sees it."""
    return f"{target.pre} {target.key}".lstrip() + (f", {target.post}" if target.post else "")
