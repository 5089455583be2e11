"""What can be wrong with timelines."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class TimelineProblem(Problem):
    """Problems of timelines."""

    TIMELINE_FILE = (
        "The file of a timeline is not there, or not within the project, or cannot be read.",
        Example(":::{timeline}\n:file: distance.yaml\n\n- date: 1838\n  title: 61 Cygni\n:::"),
    )
    TIMELINE_DATA = (
        "The YAML of a timeline is none, or not of milestones. What can be read is shown.",
        Example(":::{timeline}\n- date: 1838\n  title: 61 Cygni\n- 1989 Hipparcos\n:::"),
    )
    TIMELINE_DATE = (
        "A milestone has no date, or one that cannot be, or ends before it begins. It comes last.",
        Example(
            ":::{timeline}\n- date: 1838\n  title: 61 Cygni\n"
            "- {date: 1989-13, title: Hipparcos}\n:::"
        ),
    )
    TIMELINE_KEY = (
        "A key of a milestone is unknown, or there twice. What stands behind it is not shown.",
        Example(":::{timeline}\n- date: 1838\n  title: 61 Cygni\n  txt: the first distance\n:::"),
    )
    TIMELINE_TITLE = (
        "A milestone has no title.",
        Example(":::{timeline}\n- date: 1838\n  text: the first distance of a star\n:::"),
    )
    TIMELINE_CITATION = (
        "A milestone cites a work that no file of works has. It is shown without that citation.",
        Example(
            ":::{timeline}\n- date: 1838\n  title: 61 Cygni\n  cite: besel1838\n:::",
            config={
                "extensions": ["myst_parser", "sphinx_marginalia", "sphinxcontrib.bibtex"],
                "bibtex_bibfiles": ["works.bib"],
            },
            files={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
        ),
    )
