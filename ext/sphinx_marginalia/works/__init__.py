"""The works that a book cites: lists of works, the sections that cite a work, a style.

In a project that cites with ``sphinxcontrib-bibtex``:

* Each page ends with the works it cites, collected from its citations. (A ``bibliography`` on every
  page would make every build look through all entries for each page.)
* Each entry of the bibliography lists the sections that cite the work (:mod:`cited_by`). So does
  ``cited-by.json`` beside the site.
* ``bibtex_default_style = "marginalia"`` and ``bibtex_reference_style = "marginalia"`` are an
  author–year style in which two works of the same authors and year get letters: 2025a, 2025b
  (:mod:`style`).
* ``works_style = "apa"`` shows all of this in any style of CSL, with pandoc (:mod:`csl`,
  :mod:`rendering`, :mod:`styled`); in a style for notes each citation is a note
  (:mod:`citation_notes`).

Files of BibTeX and BibLaTeX are read tolerantly (:mod:`reading`, :mod:`biblatex`), and citations in
titles are words wherever another page shows the title (:mod:`titles`). A mistyped citation is
reported, and shown as it was typed (:mod:`roles`).

No other feature knows that package. They cite with :mod:`sphinx_marginalia.core.citations`, which
:class:`~domain.WorksDomain` implements.
"""

from __future__ import annotations

from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_marginalia.core import METADATA, add_catalog
from sphinx_marginalia.core.assets import PRINT_SCRIPT, add_assets
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import add_index_domain, domain_of
from sphinx_marginalia.core.nodes import add_elements
from sphinx_marginalia.core.options import add_options
from sphinx_marginalia.core.publish import add_publisher
from sphinx_marginalia.works.citation_notes import CiteInNotes, RenderCitationNotes
from sphinx_marginalia.works.cited_by import CitedByDomain, ListCitingSections, publications
from sphinx_marginalia.works.citing_sections import RecordFootnoteCitations
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.options import OPTIONS, OWN_STYLE, PROBLEMS, WorksProblem
from sphinx_marginalia.works.page_works import (
    FillCitationWords,
    ListWorks,
    MarkCitations,
    RenderFormulas,
)
from sphinx_marginalia.works.rendering import (
    CitationsDomain,
    prepare_style,
    prune_cache,
    read_again,
    render_works,
)
from sphinx_marginalia.works.styled import KeepEntriesInPlace, RenderBibliographies, ShortenLabels
from sphinx_marginalia.works.titles import CitingTitlesDomain, fill_titles

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

__all__ = ("OPTIONS", "PROBLEMS", "setup")

HERE = Path(__file__).parent
CLASSES = ("marginalia-works", "marginalia-cited-by")
#: The options of sphinxcontrib-bibtex that name a style, and their defaults.
BIBTEX_STYLES = {
    "bibtex_default_style": "alpha",
    "bibtex_tooltips_style": "",
    "bibtex_reference_style": "label",
    "bibtex_foot_reference_style": "foot",
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the works that are cited, and the sections that cite them."""
    add_catalog(app)
    add_options(app, *OPTIONS)
    add_assets(app, HERE / "marginalia-works.css", where=CLASSES)
    add_assets(app, PRINT_SCRIPT, where=CLASSES[:1])  # for the folded list of a page
    add_elements(app)
    app.add_domain(WorksDomain)
    add_index_domain(app, CitedByDomain)
    add_index_domain(app, CitingTitlesDomain)
    add_index_domain(app, CitationsDomain)
    app.add_transform(CiteInNotes)
    app.add_transform(RecordFootnoteCitations)
    for transform in (
        RenderBibliographies,
        KeepEntriesInPlace,
        ShortenLabels,
        RenderCitationNotes,
        ListCitingSections,
        RenderFormulas,
        FillCitationWords,
        MarkCitations,
        ListWorks,
    ):
        app.add_post_transform(transform)
    app.connect("config-inited", replace_bibtex_domain)
    app.connect("config-inited", check_files)
    app.connect("config-inited", check_styles)
    # Before sphinxcontrib-bibtex, which then finds that the files have been read.
    app.connect("builder-inited", read_files, priority=400)
    app.connect("builder-inited", prepare_style)
    app.connect("env-get-outdated", read_again)
    app.connect("build-finished", prune_cache)
    # After sphinxcontrib-bibtex, which selects the entries in a handler of the usual priority, 500.
    app.connect("env-updated", note_entries, priority=600)
    app.connect("env-updated", render_works, priority=600)
    app.connect("env-updated", fill_titles, priority=600)
    add_publisher(app, publications)
    return METADATA


def replace_bibtex_domain(app: Sphinx, config: Config) -> None:
    """Replace the domain of sphinxcontrib-bibtex by ours, if the project uses it."""
    if "sphinxcontrib.bibtex" in app.extensions:
        # Imported here because it needs that package, which a project may not have.
        from sphinx_marginalia.works.lookup import IndexedBibtexDomain  # noqa: PLC0415
        from sphinx_marginalia.works.roles import TolerantCiteRole  # noqa: PLC0415

        app.add_domain(IndexedBibtexDomain, override=True)
        app.add_role("cite", TolerantCiteRole(), override=True)


def check_files(app: Sphinx, config: Config) -> None:
    """Read a text for a list of files as one name, and each file once."""
    files = getattr(config, "bibtex_bibfiles", None)
    if isinstance(files, str):
        message = f'bibtex_bibfiles is no list; write bibtex_bibfiles = ["{files}"]'
        warn(WorksProblem.WORK_UNREAD, message, None)
        files = [files]
    if files:
        config.bibtex_bibfiles = list(dict.fromkeys(map(normpath, filter(None, files))))


def check_styles(app: Sphinx, config: Config) -> None:
    """Use the default for a style that is not installed: sphinxcontrib-bibtex ends the build."""
    if "sphinxcontrib.bibtex" in app.extensions:
        # Imported here because it needs that package, which a project may not have.
        from sphinx_marginalia.works.style import unknown_style  # noqa: PLC0415

        for option, default in BIBTEX_STYLES.items():
            name = getattr(config, option, default)
            is_there = name in {default, OWN_STYLE}  # To look one up is slow.
            if not is_there and (problem := unknown_style(name, "reference" in option)):
                message = f"{option} = {name!r} in conf.py: {problem}; {default!r} is used"
                warn(WorksProblem.STYLE_UNUSABLE, message, None)
                setattr(config, option, default)


def read_files(app: Sphinx) -> None:
    """Read the files of the bibliographies."""
    domain = domain_of(app.env, WorksDomain)
    if domain.is_used and app.config.bibtex_bibfiles:
        folder = Path(app.confdir)
        domain.read_files([(folder / name).resolve() for name in app.config.bibtex_bibfiles])


def note_entries(app: Sphinx, env: BuildEnvironment) -> None:
    """Let the domain know the entries of all bibliographies."""
    domain_of(env, WorksDomain).note_entries()
