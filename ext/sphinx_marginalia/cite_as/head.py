"""The metadata in the head of each page that has a permanent name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment
from sphinx.util.osutil import relative_uri

from sphinx_marginalia.cite_as import json_ld
from sphinx_marginalia.cite_as.metadata import Alternate, Page, Work, page_tags
from sphinx_marginalia.cite_as.references import (
    number_of,
    section_of,
    whole_book,
)
from sphinx_marginalia.core.citations import bibliography
from sphinx_marginalia.permalinks.domain import SITES, SectionsDomain

if TYPE_CHECKING:
    from docutils import nodes
    from jinja2 import Template
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.cite_as.book.page import PageFacts
    from sphinx_marginalia.cite_as.facts import Facts
    from sphinx_marginalia.cite_as.formats.reference import Reference

#: The media types of the files beside the page of a section.
TYPES = {
    "bib": ("application/x-bibtex", "BibTeX"),
    "ris": ("application/x-research-info-systems", "RIS"),
    "json": ("application/vnd.citationstyles.csl+json", "CSL-JSON"),
}
TAGS = (
    "{% for name, values in tags %}\n<{{ name }}"
    # Not the filter xmlattr: it looks at each name, which is ours, and takes twice as long.
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
    """Tell programs what the page is, who wrote it, and how it is cited."""
    domain = cast("SectionsDomain", app.env.domains[SectionsDomain.name])
    facts = domain.facts
    if doctree is None or facts is None or app.builder.name not in SITES:
        return
    top = next((s for s in domain.records.get(pagename, ()) if s.heading.level == 1), None)
    if top is None or top.heading.id not in domain.promised:
        return
    page = domain.page_facts(pagename)
    if pagename == app.config.root_doc:
        reference = whole_book(facts)
        names = "citations.bib", "citations.ris", "citations.csl.json"
        files = dict(zip(TYPES, names, strict=True))
    else:
        reference = section_of(facts, top.heading.id, top, number_of(app.env, top), page)
        files = {form: f"cite/{top.heading.id}.{form}" for form in TYPES}
    here = app.builder.get_target_uri(pagename)
    alternates = tuple(
        Alternate(relative_uri(here, path), *TYPES[form]) for form, path in files.items()
    )
    works = _works(app.env, doctree)
    words = tags(facts, reference, alternates, works=works, dates=page)
    context["metatags"] = str(context.get("metatags") or "") + words


def tags(
    facts: Facts,
    reference: Reference,
    alternates: tuple[Alternate, ...],
    *,
    works: tuple[Work, ...] = (),
    dates: PageFacts | None = None,
    hidden: bool = False,
) -> str:
    """Return the elements for the head of a page."""
    page = Page(
        alternates=alternates,
        works=works,
        book_url=facts.version_url,
        book_doi=facts.book.doi,
        licence_url=facts.book.licence_url,
        pdf=facts.pdf_url,
        created=dates.date if dates else "",
        updated=dates.updated if dates else "",
        hidden=hidden,
    )
    data = json_ld.json_ld_text(json_ld.json_ld(reference, page))
    words: str = _template().render(tags=page_tags(reference, page), data=data)
    return words


@cache
def _template() -> Template:
    return Environment(autoescape=True).from_string(TAGS)


def _works(env: BuildEnvironment, doctree: nodes.document) -> tuple[Work, ...]:
    """Return the works that a page cites, each once."""
    works = bibliography(env)
    cited = works.cited_works(doctree) if works else ()
    return tuple(Work(work.title, work.url, work.doi) for work in cited)
