"""``cited-by.json``: what programs are told of the sections that cite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx_marginalia.citing.citedby.domain import CitedByDomain
from sphinx_marginalia.citing.citedby.mentions import Mention, for_programs
from sphinx_marginalia.citing.options import CITED_BY

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_marginalia.citing.citedby.citations import Citing

FILE = "cited-by.json"


def write_cited_by(app: Sphinx, exception: Exception | None) -> None:
    """Write ``cited-by.json``; remove that of a former build where nothing is cited now."""
    if exception is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = cast("CitedByDomain", app.env.domains[CitedByDomain.name])
    if domain.is_written(Path(app.outdir, FILE)):
        return
    places = domain.places if CITED_BY.value(app.config) else {}
    works = {key: [_mention(app, *place) for place in places[key]] for key in places}
    file = Path(app.outdir, FILE)
    if works:
        text = json.dumps(for_programs(works), indent=2, ensure_ascii=False) + "\n"
        file.write_text(text, encoding="utf-8")
        domain.note_written(file)
    elif file.is_file() and _is_ours(file):
        file.unlink()


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


def _is_ours(file: Path) -> bool:
    """Return whether *file* is of a former build, and none that the project put there."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(found, dict) and found.keys() == for_programs({}).keys()
