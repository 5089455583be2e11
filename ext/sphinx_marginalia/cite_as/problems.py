"""What can be wrong with what is needed to cite a book."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class CiteAsProblem(Problem):
    """Problems of what is needed to cite a book."""

    CITATION_FILE = (
        "CITATION.cff is not as the format wants it. What is wrong is left out of citations.",
        Example(
            "# Distances",
            files={
                "CITATION.cff": "cff-version: 1.2.0\nmessage: Cite this book.\ntitle: Distances\n"
                "authors: [{family-names: Bessel, given-names: Friedrich}]\nlicence: CC-BY-4.0"
            },
        ),
    )
    CITATION_METADATA = (
        "The front matter of a page names its authors, date or DOI in a way that cannot be read.",
        Example(
            "---\nupdated: last spring\n---\n\n# Distances",
            files={
                "CITATION.cff": "cff-version: 1.2.0\nmessage: Cite this book.\ntitle: Distances\n"
                "authors: [{family-names: Bessel, given-names: Friedrich}]\n"
            },
        ),
    )
