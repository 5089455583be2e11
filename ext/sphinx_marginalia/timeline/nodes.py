"""What a timeline *is*, for every builder: a figure of a list of definitions."""

from __future__ import annotations

from docutils import nodes


class timeline_figure(nodes.figure):
    """A timeline with its caption. ``alt`` says in words what it shows."""


class timeline(nodes.definition_list):
    """The milestones, in the order of their dates. ``groups`` are the names of their groups."""


class milestone(nodes.definition_list_item):
    """A date, and what was then.

    ``date`` is as it is written, where it can be read; ``group`` is the name of its group.
    """


class milestone_title(nodes.strong):
    """The title of a milestone."""


class milestone_text(nodes.inline):
    """The text of a milestone."""
