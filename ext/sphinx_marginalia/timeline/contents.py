"""From the nodes of a timeline to what a figure shows: events, and links by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from docutils import nodes

from sphinx_marginalia.core.citations import LINK_EDGE, is_resolved_citation
from sphinx_marginalia.core.drawing.text import NO_BREAK, Run
from sphinx_marginalia.core.nodes import find, html_inline
from sphinx_marginalia.timeline.dates import parse_when
from sphinx_marginalia.timeline.layout import Event
from sphinx_marginalia.timeline.nodes import milestone, milestone_text, milestone_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.timeline.nodes import timeline

#: What can be drawn besides text and links, with the style that it gives to its words.
STYLES: dict[type[nodes.Element], str] = {
    nodes.inline: "",
    html_inline: "",
    milestone_title: "",
    milestone_text: "",
    nodes.emphasis: "emphasis",
    nodes.title_reference: "emphasis",
    nodes.strong: "strong",
    nodes.literal: "literal",
    nodes.abbreviation: "",
}


class NotDrawableError(Exception):
    """A milestone contains more than a line of text: a note, a formula, a picture."""


class Contents(NamedTuple):
    """What a figure shows."""

    events: list[Event]
    groups: list[str]
    #: The links by their numbers: references or, in LaTeX, the starts of links to works.
    links: list[nodes.Element]

    def only_link(self, event: Event) -> int | None:
        """Return the one link in the texts of *event*, if there are not several."""
        links = {run.link for run in (*event.title, *event.text) if run.link is not None}
        return links.pop() if len(links) == 1 else None


def contents(items: timeline) -> Contents:
    """Return what a figure of *items* shows.

    :raises NotDrawableError: a milestone is not a line of text, and only a list can show it
    """
    milestones = find(items, milestone)
    # In the language of the reader, where it has a translation.
    names = {item["group"]: item[1].astext() for item in milestones if item["group"]}
    content = Contents([], [names[group] for group in items["groups"]], [])
    for item in milestones:
        term, definition = item[0], cast("nodes.Element", item[-1])
        if len(definition.children) != 1:
            raise NotDrawableError
        title: list[Run] = []
        text: list[Run] = []
        for child in cast("nodes.Element", definition[0]).children:
            runs = title if isinstance(child, milestone_title) else text
            runs += _runs(child, "", None, content.links)
        # Title and text are on lines of their own.
        if title and text and text[0].text in {": ", " "}:
            del text[0]
        group = items["groups"].index(item["group"]) if item["group"] else None
        when = parse_when(item["date"]) if "date" in item else None
        content.events.append(Event(when, term.astext(), group, tuple(title), tuple(text)))
    return content


def _runs(
    node: nodes.Node, style: str, link: int | None, links: list[nodes.Element]
) -> Iterator[Run]:
    """Yield the words in *node*, and add the links in it to *links*."""
    if isinstance(node, nodes.Text):
        yield Run(node.astext(), style, link)
        return
    assert isinstance(node, nodes.Element)
    if isinstance(node, nodes.reference):
        links.append(node)
        link = len(links) - 1
    elif type(node) not in STYLES:
        raise NotDrawableError
    style = STYLES.get(type(node), "") or style
    if is_resolved_citation(node):
        _keep_together(node)
    inside = link
    for child in node.children:
        # In LaTeX, the links of a citation are edges around a text.
        edge = child.get(LINK_EDGE) if isinstance(child, nodes.Element) else None
        if edge == "start":
            links.append(cast("nodes.Element", child))
            inside = len(links) - 1
        elif edge == "end":
            inside = link
        else:
            yield from _runs(child, style, inside, links)


def _keep_together(citation: nodes.Element) -> None:
    """Let no line end between the names and the year of a work: only between works."""
    for text in find(citation, nodes.Text):
        joined = re.sub(r"(?<![;,]) ", NO_BREAK, text.astext())
        text.parent.replace(text, nodes.Text(joined))
