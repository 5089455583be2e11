"""The formats of references, one module for each, and the list of those that are files. Pure.

``bibtex`` has BibTeX and BibLaTeX, ``csl`` CSL-JSON, ``ris`` RIS, ``prose`` APA and Chicago.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.cite_as.formats import bibtex, csl, ris

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx_marginalia.cite_as.reference import Reference


class Format(NamedTuple):
    """A format in which references can be downloaded."""

    title: str
    media_type: str
    #: The file with all references, beside the site.
    file: str
    #: Returns the text of a file with some references.
    render: Callable[[Sequence[Reference]], str]


#: The formats that are files, by the suffix of a section's file. Cite pages, files, links and the
#: directive ``how-to-cite`` are made from them.
FORMATS = {
    "bib": Format(
        "BibTeX",
        "application/x-bibtex",
        "citations.bib",
        lambda references: "\n".join(map(bibtex.render, references)),
    ),
    "biblatex.bib": Format(
        "BibLaTeX",
        "application/x-bibtex",
        "citations.biblatex.bib",
        lambda references: "\n".join(map(bibtex.render_biblatex, references)),
    ),
    "ris": Format(
        "RIS",
        "application/x-research-info-systems",
        "citations.ris",
        lambda references: "".join(map(ris.render, references)),
    ),
    "json": Format(
        "CSL-JSON",
        "application/vnd.citationstyles.csl+json",
        "citations.csl.json",
        lambda references: csl.dump(map(csl.item, references)),
    ),
}
