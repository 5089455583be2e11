"""What a project has to have rendered in its citation style, and what has been.

Citations are recorded when their documents are read. When all are, works and citations are
rendered together (:mod:`csl`); :mod:`styled` puts them into the documents.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx import addnodes

from sphinx_marginalia.core.citations import is_citation
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.outdated import stored
from sphinx_marginalia.works.citation_style import CitationStyle, clusters_of, renamed, single
from sphinx_marginalia.works.csl import Cluster, Rendered, Renderer, find_pandoc
from sphinx_marginalia.works.csl_styles import StyleError, find_style
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.options import STYLE, WorksProblem

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The name in the data of sphinxcontrib-bibtex's domain of a digest of what it has formatted.
INPUTS = "marginalia_inputs"
#: Where the works and citations of a build are kept, below the folder of the documents read.
FOLDER = "marginalia-citations"
#: How many files it has at least before some are removed.
KEPT = 200


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
        give_up(works, error)
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
        give_up(works, error)


def give_up(works: WorksDomain, error: StyleError) -> None:
    """Report that the style cannot be used, and show works without it in this build."""
    message = f"{STYLE.name} = {STYLE.value(works.env.config)!r}: {error}"
    warn(WorksProblem.STYLE_UNUSABLE, message, None)
    works.style = None


def prune_cache(app: Sphinx, error: Exception | None) -> None:
    """Keep the results of about two builds, for builds to come (``build-finished``)."""
    renderer = domain_of(app.env, WorksDomain).renderer if error is None else None
    if renderer is not None:
        renderer.prune(KEPT + 2 * len(app.env.all_docs))


def read_again(app: Sphinx, *_changes: object) -> list[str]:
    """Return all documents if citations are to be moved, or no more (``env-get-outdated``).

    The option may be the same, and the file of the style another, or pandoc new.
    """
    works = domain_of(app.env, WorksDomain)
    before = works.data.get("moves", (False, False))
    style = works.renderer and works.renderer.style
    works.data["moves"] = (style.kind == "note", style.is_raised) if style else (False, False)
    return [] if works.data["moves"] == before else list(app.env.all_docs)


def _rendered(env: BuildEnvironment, works: WorksDomain, renderer: Renderer) -> Rendered:
    """Return all works and citations, rendered if something has changed since they were."""
    digests = sorted(domain_of(env, CitationsDomain).data["digests"].items())
    changes = works.bibtex.data.get(INPUTS)
    inputs = (changes, digests, renderer.style.text, renderer.language, find_pandoc())
    if not changes:
        works.data.pop("rendered", None)

    def render() -> Rendered:
        entries = {one.entry.key: one.entry for one in works.bibtex.citations}
        return renderer.render(works.items(entries), _clusters(env, works))

    return stored(works.data, "rendered", inputs, render)


def _clusters(env: BuildEnvironment, works: WorksDomain) -> list[Cluster]:
    """Return all citations in reading order, and one of each work alone, for lists and labels."""
    keys = {one.key: one.entry.key for one in works.bibtex.citations}
    written = domain_of(env, CitationsDomain).in_reading_order()
    clusters = [renamed(cluster, keys) for _docname, cluster in written]
    alone = [single(key) for key in dict.fromkeys(keys.values())]
    known = [one for one in clusters if all(target.key for target in one.targets)]
    # After a note on the work its author has a short name, in a title as on the page of the title.
    is_for_notes = works.renderer is not None and works.renderer.is_for_notes
    return [*alone, *known] if is_for_notes else [*known, *alone]
