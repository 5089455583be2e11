"""The metadata in the head of each page that has a permalink."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.cite_as import json_ld
from sphinx_marginalia.cite_as.domain import BookDomain
from sphinx_marginalia.cite_as.formats import FORMATS
from sphinx_marginalia.cite_as.metadata import Page, page_tags
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.permalinks.domain import SectionsDomain

if TYPE_CHECKING:
    from docutils import nodes
    from jinja2 import Template
    from sphinx.application import Sphinx

    from sphinx_marginalia.cite_as.edition import Edition
    from sphinx_marginalia.cite_as.reference import Reference

#: The file with the typed links of all pages, from the root of the site.
LINKSET = "linkset.json"
TEMPLATE = (
    "{% for name, values in tags %}\n<{{ name }}"
    # Not the filter xmlattr: it checks each name, which is ours, and takes twice as long.
    '{% for key, value in values.items() %} {{ key }}="{{ value }}"{% endfor %} />{% endfor %}'
    '\n<script type="application/ld+json">{{ data | safe }}</script>'
)


def add_metadata(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add what programs read: what the page is, who wrote it, and how it is cited."""
    edition = domain_of(app.env, BookDomain).edition
    if doctree is None or edition is None or not makes_site(app.builder):
        return
    described = describe(app, pagename)
    if described is None:
        return
    reference, page = described
    here, works = app.builder.get_target_uri(pagename), bibliography(app.env)
    page = page._replace(
        alternates={suffix: relative_uri(here, file) for suffix, file in page.alternates.items()},
        works=tuple(works.cited_works(doctree)) if works else (),
        linkset=relative_uri(here, LINKSET) if edition.version_url else "",
    )
    context["metatags"] = str(context.get("metatags") or "") + tags(edition, reference, page)


def describe(app: Sphinx, docname: str) -> tuple[Reference, Page] | None:
    """Return what a page is, and what is said about it; its files from the root of the site.

    A page whose title has no permalink is not described.
    """
    domain, sections = domain_of(app.env, BookDomain), domain_of(app.env, SectionsDomain)
    edition = domain.edition
    linked = sections.linked_in(docname).values()
    title = next((heading for heading in linked if heading.level == 1), None)
    if edition is None or title is None:
        return None
    if docname == app.config.root_doc:
        reference = edition.book_reference()
        files = {suffix: form.file for suffix, form in FORMATS.items()}
    else:
        reference = domain.reference_to(title) or edition.book_reference()
        files = {suffix: f"cite/{title.id}.{suffix}" for suffix in FORMATS}
    metadata = domain.page(docname)
    page = Page(alternates=files, created=metadata.date, updated=metadata.updated)
    return reference, complete(edition, page)


def complete(edition: Edition, page: Page) -> Page:
    """Return *page* with what the book says for all pages."""
    return page._replace(
        book_url=edition.version_url,
        book_doi=edition.book.doi,
        licence_url=edition.book.licence_url,
        pdf=edition.pdf_url,
    )


def tags(edition: Edition, reference: Reference, page: Page) -> str:
    """Return the elements for the head of a *page*, as HTML."""
    page = complete(edition, page)
    data = json_ld.json_ld_text(json_ld.json_ld(reference, page))
    words: str = _template().render(tags=page_tags(reference, page), data=data)
    return words


@cache
def _template() -> Template:
    return Environment(autoescape=True).from_string(TEMPLATE)
