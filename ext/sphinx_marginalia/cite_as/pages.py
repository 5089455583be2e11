"""Files beside the pages of a site that say how its sections are cited.

For each section, ``cite/ID.html`` has its references and permalinks, and files for reference
managers are beside it. ``citations.bib`` and its like have all sections. The pages are made with
the template of short pages and not with the theme: a book can have thousands of sections.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from sphinx_marginalia.cite_as import head
from sphinx_marginalia.cite_as.domain import BookDomain
from sphinx_marginalia.cite_as.edition import draft_notice
from sphinx_marginalia.cite_as.formats import FORMATS, prose
from sphinx_marginalia.cite_as.metadata import Page, linkset
from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.permalinks.domain import SectionsDomain
from sphinx_marginalia.permalinks.pages import AnchorPages, environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from sphinx_marginalia.cite_as.edition import Edition
    from sphinx_marginalia.cite_as.reference import Reference

TEMPLATES = Path(__file__).parent / "templates"


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield all files, where the project has a lock and a ``CITATION.cff``."""
    domain, sections = domain_of(app.env, BookDomain), domain_of(app.env, SectionsDomain)
    edition = domain.edition
    if edition is None or not makes_site(app.builder) or not sections.lock:
        return
    pages = AnchorPages(app)
    renderer = _CitePages(edition, domain, pages)
    inputs = []
    for group in pages.groups:
        inputs.append((renderer.inputs, group.inputs))
        files = tuple(file for name in group.names for file in renderer.files(name))
        yield Publication(files, inputs[-1], partial(renderer.render, group.names))
    yield Publication(
        tuple(form.file for form in FORMATS.values()), inputs, partial(_all_sections, domain)
    )
    if edition.version_url:
        contexts = list(_contexts(app, edition.version_url))
        yield Publication((head.LINKSET,), contexts, lambda: [linkset(contexts)])


def _all_sections(domain: BookDomain) -> list[str]:
    """Return the files with the references of the book and of all sections."""
    assert domain.edition is not None
    references = [domain.edition.book_reference(), *domain.references.values()]
    return [form.render(references) for form in FORMATS.values()]


def _contexts(app: Sphinx, base: str) -> Iterator[tuple[str, Reference, Page]]:
    """Yield the address of each page in this version, and what is said about it."""
    for docname in sorted(app.env.found_docs):
        if described := head.describe(app, docname):
            reference, page = described
            files = {suffix: f"{base}{file}" for suffix, file in page.alternates.items()}
            address = f"{base}{app.builder.get_target_uri(docname)}"
            yield address, reference, page._replace(alternates=files)


class _CitePages:
    """Renders the pages about citing a section, and the files beside them."""

    def __init__(self, edition: Edition, domain: BookDomain, pages: AnchorPages) -> None:
        self.edition, self.domain, self.pages = edition, domain, pages
        self.book_apa = prose.apa_runs(edition.book_reference())
        # Escaped once, and not on each page.
        words = {f"w_{name}": escape(word) for name, word in _words().items()}
        self.shared = {**pages.shared, **words}
        release = edition.release
        if not release.is_release:
            self.shared |= {
                "draft": draft_notice(release),
                "released": edition.released_url if release.newest else "",
                "released_as": release.newest,
            }
        #: A fingerprint of what all pages depend on.
        self.inputs = fingerprint((edition.page_inputs, self.shared))
        self.template = environment(TEMPLATES).get_template("cite.html.jinja")

    def files(self, name: str) -> list[str]:
        """Return the paths of the page about an anchor, and of the files beside it.

        A retired anchor, or a second label, has only a page: that leads on.
        """
        suffixes = ("html", *FORMATS) if self._is_cited(name) else ("html",)
        return [f"cite/{name}.{suffix}" for suffix in suffixes]

    def render(self, names: Iterable[str]) -> list[str]:
        """Return the texts of :meth:`files` of all *names*."""
        return [text for name in names for text in self._render(name)]

    def _is_cited(self, name: str) -> bool:
        heading = self.pages.domain.linked.get(name)
        return heading is not None and heading.id == name

    def _render(self, name: str) -> list[str]:
        if not self._is_cited(name):
            heading = self.pages.domain.linked.get(self.pages.domain.targets[name].id)
            address = f"cite/{heading.id}.html" if heading else ""
            return [self.pages.redirect(name, address)]
        reference, address = self.domain.references[name], self.pages.address(name)
        texts = [form.render([reference]) for form in FORMATS.values()]
        links = {suffix: f"{name}.{suffix}" for suffix in FORMATS}
        titles = [form.title for form in FORMATS.values()]
        forms = zip(titles, links.values(), texts, strict=True)
        page = Page(alternates=links, hidden=True)
        path, _hash, anchor = address.partition("#")
        values: dict[str, Any] = {
            "head": head.tags(self.edition, reference, page),
            "title": reference.title,
            "number": reference.section,
            "address": address,
            "url": reference.url,
            "newest": reference.newest,
            "version": reference.version,
            "page_url": f"{self.edition.version_url}{path}",
            "anchor": anchor,
            "in_text": prose.in_text(reference),
            "apa": prose.apa_runs(reference),
            "chicago": prose.chicago_runs(reference),
            "book_apa": self.book_apa if reference.same_authors else [],
            "forms": list(forms),
        }
        return [self.template.render({**self.shared, **values}), *texts]


def _words() -> dict[str, str]:
    """Return the words of the pages in the language of the site."""
    return {
        "cite": _("Cite this section"),
        "links": _("Links that stay"),
        "this_version": _("This version"),
        "newest_version": _("The newest version"),
        "newest_release": _("The newest release is"),
        "lacks": _("The references below name the version in CITATION.cff, which may lack it."),
        "in_text": _("In the text"),
        "in_list": _("In the list of references"),
        "programs": _("For programs"),
        "same_authors": _(
            "By APA’s rules a book whose chapters are all by its authors is listed as a whole, and "
            "the section is named in the text."
        ),
        "book_apa": _("APA 7, the whole book"),
        "copy_it": _("Copy"),
        "copied": _("Copied"),
        "quotation": _("Words of the section to link to"),
        "quoted": _("Link to these words"),
        "back": _("Back to the section"),
    }
