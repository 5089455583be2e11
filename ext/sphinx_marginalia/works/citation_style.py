"""The citation style of a project: what each role shows of what has been rendered."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.works.csl import Cluster
from sphinx_marginalia.works.pandoc_nodes import AUTHORS, TEXTUAL, YEARS, part_of_role, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import Citation

    from sphinx_marginalia.works.csl import Mode, Rendered, Renderer
    from sphinx_marginalia.works.pandoc_nodes import Inlines

#: How a role cites; the others do as ``p`` does.
MODES: dict[str, Mode] = {
    **dict.fromkeys(TEXTUAL | AUTHORS, "AuthorInText"),
    **dict.fromkeys(YEARS, "SuppressAuthor"),
}


def clusters_of(role: str, target: str) -> list[Cluster]:
    """Return what a style has to render for a citation: works in the text one by one."""
    # Imported here because a project may not have the package.
    from sphinxcontrib.bibtex.citation_target import parse_citation_targets  # noqa: PLC0415

    mode = MODES.get(role, "NormalCitation")
    targets = tuple(parse_citation_targets(target))
    if mode == "NormalCitation":
        return [Cluster(mode, targets)]
    return [Cluster(mode, (target,)) for target in targets]


class CitationStyle:
    """The style of a project, and what it has rendered for this build."""

    def __init__(self, renderer: Renderer, rendered: Rendered) -> None:
        self.renderer = renderer
        self.rendered = rendered

    def citation(self, role: str, target: str, cited: Sequence[Citation]) -> list[Inlines] | None:
        """Return what a role shows of the works *cited*, or ``None`` if the style has nothing."""
        entries = {one.key: one.entry for one in cited}
        clusters = clusters_of(role, target)
        kind = self.renderer.style.kind
        lacks_names = kind in {"numeric", "label"}
        if (lacks_names and role in AUTHORS) or (kind != "author-date" and role in YEARS):
            return [[_name(role, entries[cluster.targets[0].key])] for cluster in clusters]
        if self.renderer.is_for_notes and role not in TEXTUAL | AUTHORS:
            return None
        keys = {key: entry.key for key, entry in entries.items()}
        texts = [self.rendered.citations.get(renamed(cluster, keys)) for cluster in clusters]
        if not all(texts):
            return None
        rendered: list[Inlines] = [part_of_role(json.loads(text), role) for text in texts if text]
        if lacks_names and role in TEXTUAL:
            # A style that numbers works has no words for “as Doe [1] says”.
            for cluster, inlines in zip(clusters, rendered, strict=True):
                name = _name("author", entries[cluster.targets[0].key])
                inlines[:0] = [name, {"t": "Space"}]
        return rendered

    def words(self, role: str, target: str, cited: Sequence[Citation]) -> str:
        """Return a citation as words, for a title; an empty text if the style has nothing."""
        return ", ".join(map(words_of, self.citation(role, target, cited) or ()))

    def label(self, key: str) -> str:
        """Return what citations call a work; an empty text in a style for notes."""
        text = self.rendered.citations.get(single(key))
        if not text or self.renderer.is_for_notes:
            return ""
        return words_of(part_of_role(json.loads(text), "label"))

    def entry(self, key: str) -> Inlines:
        """Return the entry of a work in the bibliography; nothing if the style has none."""
        return json.loads(self.rendered.entries[key]) if key in self.rendered.entries else []

    @cached_property
    def _style(self) -> str:
        return fingerprint((self.renderer.style.text, self.renderer.language))

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each work in the bibliography."""
        return {key: number for number, key in enumerate(self.rendered.entries)}

    def fingerprint(self, key: str) -> tuple[object, ...]:
        """Return what pages show of a work."""
        alone = self.rendered.citations.get(single(key))
        return (self._style, self.rendered.entries.get(key), alone)


def _name(role: str, entry: Entry) -> dict[str, Any]:
    """Return the authors or the year of a work, for a style that has neither in citations."""
    # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
    from sphinx_marginalia.works.style import authors_of  # noqa: PLC0415

    words = str(entry.fields.get("year", "n.d.")) if role in YEARS else authors_of(entry)
    return {"t": "Str", "c": f"({words})" if role.endswith(("par", "pars")) else words}


def renamed(cluster: Cluster, keys: dict[str, str]) -> Cluster:
    """Return *cluster* with the keys of the file: a bibliography may have put a prefix before."""
    targets = (target._replace(key=keys.get(target.key, "")) for target in cluster.targets)
    return cluster._replace(targets=tuple(targets))


def single(key: str) -> Cluster:
    """Return the citation of one work."""
    from sphinxcontrib.bibtex.citation_target import CitationTarget  # noqa: PLC0415

    return Cluster("NormalCitation", (CitationTarget(key, "", ""),))
