"""What can be wrong with timelines."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem


class TimelineProblem(Problem):
    """Problems of timelines."""

    TIMELINE_FILE = (
        "The file of a timeline is missing, unreadable or outside the project. It is left out."
    )
    TIMELINE_DATA = (
        "A milestone is not valid YAML, or has no keys. The others are shown. If there are none, "
        "the text is shown as it is written."
    )
    TIMELINE_DATE = "A milestone has no valid date, and comes last; or a range is reversed."
    TIMELINE_KEY = "A milestone has an unknown key. Its value is not shown."
    TIMELINE_TITLE = "A milestone has no title. Its date and its text are shown."
    TIMELINE_LINK = (
        "A milestone links to an address that could run a script. It is shown without the link."
    )
    TIMELINE_CITATION = (
        "A milestone cites a work that is not in the bibliography. The citation key is shown."
    )
