"""What can be wrong with the works a book cites."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class WorksProblem(Problem):
    """Problems of the works a book cites."""

    UNCITED_WORK = (
        "Works are in a file that a bibliography is made of, and nothing cites them.",
        Example(
            "# Distances\n\n:::{bibliography}\n:all:\n:::",
            config={
                "extensions": ["myst_parser", "sphinx_marginalia", "sphinxcontrib.bibtex"],
                "bibtex_bibfiles": ["works.bib"],
                "works_report_uncited": True,
            },
            files={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
        ),
    )
