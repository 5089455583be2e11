"""What a project has to have rendered in its citation style, and what has been.

Citations are recorded when their documents are read. When all are, works and citations are
rendered together (:mod:`csl`); :mod:`styled` puts them into the documents.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx import addnodes

from sphinx_marginalia.core.citations import is_citation
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.works.csl import (
    Cluster,
    Rendered,
    Renderer,
    StyleError,
    find_pandoc,
    find_style,
)
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.options import STYLE, WorksProblem
from sphinx_marginalia.works.pandoc_nodes import AUTHORS, TEXTUAL, YEARS, shown, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docutils import nodes
    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import Citation

    from sphinx_marginalia.works.csl import Inlines, Mode

    #: Makes a link to the entry of a work, by its key, of some nodes.
    Link = Callable[[str, list[nodes.Node]], list[nodes.Node]]

#: The name in the data of sphinxcontrib-bibtex's domain of a digest of what it has formatted.
INPUTS = "marginalia_inputs"
#: Where the works and citations of a build are kept, below the folder of the documents read.
FOLDER = "marginalia-citations"
#: How a role cites; the others do as ``p`` does.
MODES: dict[str, Mode] = {
    **dict.fromkeys(TEXTUAL | AUTHORS, "AuthorInText"),
    **dict.fromkeys(YEARS, "SuppressAuthor"),
}


class CitationsDomain(IndexDomain[Cluster]):
    """The citations of each document, for a style that has to know them all."""

    name = "marginalia-citations"
    label = "citations"

    def collect(self, document: nodes.document) -> list[Cluster]:
        """Return the citations of *document*, as they are written."""
        if not STYLE.value(self.env.config):
            return []
        return [
            cluster
            for xref in citations_in(document)
            for cluster in clusters_of(xref["reftype"], xref["reftarget"])
        ]


def citations_in(document: nodes.document) -> list[addnodes.pending_xref]:
    """Return the citations of *document* that show something and are not resolved yet."""
    references = find(document, addnodes.pending_xref)
    return [one for one in references if is_citation(one) and one["reftype"] != "empty"]


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
        is_numeric = self.renderer.style.kind != "author-date"
        if is_numeric and role in AUTHORS | YEARS:
            return [[_name(role, entries[cluster.targets[0].key])] for cluster in clusters]
        if self.renderer.is_for_notes and role not in TEXTUAL:
            return None
        keys = {key: entry.key for key, entry in entries.items()}
        texts = [self.rendered.citations.get(renamed(cluster, keys)) for cluster in clusters]
        if not all(texts):
            return None
        rendered: list[Inlines] = [shown(json.loads(text), role) for text in texts if text]
        if is_numeric and role in TEXTUAL and not self.renderer.is_for_notes:
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
        return words_of(shown(json.loads(text), "label"))

    def entry(self, key: str) -> Inlines:
        """Return the entry of a work in the bibliography; nothing if the style has none."""
        return json.loads(self.rendered.entries[key]) if key in self.rendered.entries else []

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each work in the bibliography."""
        return {key: number for number, key in enumerate(self.rendered.entries)}

    def fingerprint(self, key: str) -> tuple[object, ...]:
        """Return what pages show of a work."""
        alone = self.rendered.citations.get(single(key))
        return (self.renderer.style.text, self.rendered.entries.get(key), alone)


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


def prepare_style(app: Sphinx) -> None:
    """Find the style of the project before documents are read (``builder-inited``)."""
    works, name = domain_of(app.env, WorksDomain), STYLE.value(app.config)
    works.renderer = works.style = None
    if not name or not works.is_used:
        return
    try:
        find_pandoc()
        style = find_style(name, Path(app.confdir))
    except StyleError as error:
        warn(WorksProblem.STYLE_UNUSABLE, f"{STYLE.name} = {name!r}: {error}", None)
        return
    works.renderer = Renderer(style, app.config.language or "en", Path(app.doctreedir, FOLDER))


def render_works(app: Sphinx, env: BuildEnvironment) -> None:
    """Render all works and citations, if the project has a style (``env-updated``)."""
    works = domain_of(env, WorksDomain)
    if works.renderer is None:
        return
    try:
        works.style = CitationStyle(works.renderer, _rendered(env, works, works.renderer))
    except StyleError as error:
        message = f"{STYLE.name} = {STYLE.value(app.config)!r}: {error}"
        warn(WorksProblem.STYLE_UNUSABLE, message, None)


def _rendered(env: BuildEnvironment, works: WorksDomain, renderer: Renderer) -> Rendered:
    """Return all works and citations, rendered if something has changed since they were."""
    digests = sorted(domain_of(env, CitationsDomain).data["digests"].items())
    changes = works.bibtex.data.get(INPUTS)
    inputs = fingerprint((changes, digests, renderer.style.text, renderer.language, find_pandoc()))
    before, rendered = works.data["rendered"]
    if before != inputs or not changes:
        entries = {one.entry.key: one.entry for one in works.bibtex.citations}
        made = renderer.render(works.items(entries), _clusters(env, works))
        works.data["rendered"] = (inputs, made)
        return made
    assert isinstance(rendered, Rendered)
    return rendered


def _clusters(env: BuildEnvironment, works: WorksDomain) -> list[Cluster]:
    """Return all citations in reading order, and one of each work alone, for lists and labels."""
    keys = {one.key: one.entry.key for one in works.bibtex.citations}
    written = domain_of(env, CitationsDomain).in_reading_order()
    clusters = [renamed(cluster, keys) for _docname, cluster in written]
    alone = [single(key) for key in dict.fromkeys(keys.values())]
    return [one for one in clusters if all(target.key for target in one.targets)] + alone


def single(key: str) -> Cluster:
    """Return the citation of one work."""
    from sphinxcontrib.bibtex.citation_target import CitationTarget  # noqa: PLC0415

    return Cluster("NormalCitation", (CitationTarget(key, "", ""),))
