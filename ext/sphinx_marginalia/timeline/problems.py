"""What can be wrong with timelines."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem

CYGNI = "- date: 1838\n  title: 61 Cygni\n"


def _timeline(milestones: str) -> str:
    return f":::{{timeline}}\n{milestones}:::"


class TimelineProblem(Problem):
    """Problems of timelines."""

    TIMELINE_FILE = (
        "The file of a timeline is missing, unreadable or outside the project. It is left out.",
        Example(_timeline(f":file: distance.yaml\n\n{CYGNI}")),
    )
    TIMELINE_DATA = (
        "A milestone is not valid YAML, or has no keys. All others are shown.",
        Example(_timeline(f"{CYGNI}- 1989 Hipparcos\n")),
    )
    TIMELINE_DATE = (
        "A milestone has no valid date, and comes last; or a range is reversed.",
        Example(_timeline(f"{CYGNI}- {{date: 1989-13, title: Hipparcos}}\n")),
    )
    TIMELINE_KEY = (
        "A milestone has an unknown key. Its value is not shown.",
        Example(_timeline(f"{CYGNI}  txt: the first distance\n")),
    )
    TIMELINE_TITLE = (
        "A milestone has no title. Its date and its text are shown.",
        Example(_timeline("- date: 1838\n  text: the first distance of a star\n")),
    )
    TIMELINE_LINK = (
        "A milestone links to an address that could run a script. It is shown without the link.",
        Example(_timeline(f"{CYGNI}  link: 'javascript:alert(1)'\n")),
    )
    TIMELINE_CITATION = (
        "A milestone cites a work that is not in the bibliography. The citation key is shown.",
        Example(
            _timeline(f"{CYGNI}  cite: besel1838\n"),
            config={
                "extensions": ["myst_parser", "sphinx_marginalia", "sphinxcontrib.bibtex"],
                "bibtex_bibfiles": ["works.bib"],
            },
            files={
                "works.bib": "@misc{bessel1838, author = {Bessel}, title = {On 61 Cygni}, year = {1838}}"
            },
        ),
    )
