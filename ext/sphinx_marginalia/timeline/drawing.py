"""From the nodes of a timeline to what a figure is made of: events, and links by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from docutils import nodes

from sphinx_marginalia.core.nodes import find, html_inline
from sphinx_marginalia.timeline.dates import parse
from sphinx_marginalia.timeline.layout import Event
from sphinx_marginalia.timeline.nodes import milestone, milestone_text, milestone_title
from sphinx_marginalia.timeline.wrapping import NO_BREAK, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.timeline.nodes import timeline

#: What can be drawn besides text and links, with the style that it gives to the words in it.
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
    """A milestone holds what is no line of text: a note, a formula, a picture."""


class Contents(NamedTuple):
    """What a figure is made of."""

    events: list[Event]
    groups: list[str]
    #: The links by their numbers: a reference, or what sphinxcontrib-bibtex writes for LaTeX.
    links: list[nodes.Element]

    def only_link(self, event: Event) -> int | None:
        """Return the one link in the texts of *event*, where there are not several."""
        found = {run.link for run in (*event.title, *event.text) if run.link is not None}
        return found.pop() if len(found) == 1 else None


def contents(shown: timeline) -> Contents:
    """Return what a figure of *shown* is made of.

    :raises NotDrawableError: a part of it is no line of text, and only the list can show it
    """
    found = Contents([], list(shown["groups"]), [])
    for item in find(shown, milestone):
        term, definition = item[0], cast("nodes.Element", item[-1])
        if len(definition.children) != 1:
            raise NotDrawableError
        parts = list(_parts(cast("nodes.Element", definition[0]), found.links))
        title = tuple(run for is_title, run in parts if is_title)
        text = [run for is_title, run in parts if not is_title]
        if title and text and text[0].text in {": ", " "}:
            del text[0]
        group = found.groups.index(item["group"]) if item["group"] else None
        when = parse(item["date"]) if "date" in item else None
        if when and when.is_backwards:
            when = when.reversed()
        found.events.append(Event(when, term.astext(), group, title, tuple(text)))
    return found


def _parts(paragraph: nodes.Element, links: list[nodes.Element]) -> Iterator[tuple[bool, Run]]:
    """Yield the runs of a paragraph, each with whether it is of the title."""
    for child in paragraph.children:
        for run in _runs(child, "", None, links):
            yield isinstance(child, milestone_title), run


def _runs(
    node: nodes.Node, style: str, link: int | None, links: list[nodes.Element]
) -> Iterator[Run]:
    """Yield the words in *node*."""
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
    inside = link
    if "bibtex-citation" in node["classes"]:
        _keep_together(node)
    for child in node.children:
        # The class is known by its name only: sphinxcontrib-bibtex may not be installed.
        if isinstance(child, nodes.Element) and child.tagname == "raw_latex":
            opens = child.rawsource.endswith("{")
            if opens:
                links.append(child)
            inside = len(links) - 1 if opens else link
        else:
            yield from _runs(child, style, inside, links)


def _keep_together(citation: nodes.Element) -> None:
    """Let no line end between the names and the year of a work: only between works."""
    for text in find(citation, nodes.Text):
        joined = re.sub(r"(?<![;,]) ", NO_BREAK, text.astext())
        text.parent.replace(text, nodes.Text(joined))
