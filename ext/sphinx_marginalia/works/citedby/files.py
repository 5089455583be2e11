"""``cited-by.json``: what programs are told of the sections that cite."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.works.citedby.domain import CitedByDomain
from sphinx_marginalia.works.citedby.mentions import Mention, for_programs
from sphinx_marginalia.works.options import CITED_BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from sphinx_marginalia.works.citedby.citations import Citing

FILE = "cited-by.json"


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield ``cited-by.json``, where something is cited."""
    domain = domain_of(app.env, CitedByDomain)
    places = domain.places if CITED_BY.value(app.config) else {}
    works = {key: [_mention(app, *place) for place in places[key]] for key in places}
    if works:
        text = json.dumps(for_programs(works), indent=2, ensure_ascii=False) + "\n"
        yield Publication((FILE,), text, lambda: (text,))


def _mention(app: Sphinx, docname: str, citing: Citing) -> Mention:
    """Return what there is to tell of a section, with its number and its address."""
    domain = cast("CitedByDomain", app.env.domains[CitedByDomain.name])
    anchor = f"#{citing.node_id}" if citing.node_id else ""
    url = app.builder.get_target_uri(docname)
    # Where all documents are one page, each has an anchor itself.
    url = anchor or url if url.startswith("#") else url + anchor
    number = ".".join(map(str, _number(app, docname, "" if citing.is_page else anchor)))
    return domain.mention(docname, citing)._replace(number=number, url=url)


def _number(app: Sphinx, docname: str, anchor: str) -> tuple[int, ...]:
    """Return the number of a section; Sphinx keeps that of a page under an empty anchor."""
    numbers = app.env.toc_secnumbers
    if app.builder.name == "singlehtml":
        # It has put the numbers of all documents together.
        return numbers.get(app.config.root_doc, {}).get(f"{docname}/{anchor}", ())
    return numbers.get(docname, {}).get(anchor, ())
