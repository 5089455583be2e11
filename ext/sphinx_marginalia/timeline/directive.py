"""``timeline``: milestones in YAML, as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.timeline.citations import cite
from sphinx_marginalia.timeline.links import link_to
from sphinx_marginalia.timeline.nodes import (
    milestone,
    milestone_text,
    milestone_title,
    timeline,
    timeline_figure,
)
from sphinx_marginalia.timeline.problems import TimelineProblem
from sphinx_marginalia.timeline.source import Source, sources
from sphinx_marginalia.timeline.words import in_words

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

    from sphinx_marginalia.timeline.reading import Milestone


class TimelineDirective(SphinxDirective):
    """Milestones, from YAML below the name of the directive or in a file."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        "file": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure; without a milestone, nothing."""
        found = [(entry, source) for source in sources(self) for entry in self._milestones(source)]
        file, line = self.get_source_info()
        if not found:
            message = "the timeline has no milestones"
            warn(TimelineProblem.TIMELINE_DATA, message, location=f"{file}:{line}")
            return []
        groups = [entry.group for entry, _ in found if entry.group]
        shown = timeline(groups=list(dict.fromkeys(groups)))
        for entry, source in sorted(found, key=lambda pair: _place(pair[0])):
            shown += self._item(entry, source)
        figure = timeline_figure("", shown, classes=["marginalia-timeline"])
        figure["classes"] += self.options.get("class", [])
        if "alt" in self.options:
            figure["alt"] = self.options["alt"]
        for node in (figure, shown):
            self.set_source_info(node)
        figure += self._caption()
        self.add_name(figure)
        return [figure]

    def _caption(self) -> list[nodes.Node]:
        text = self.options.get("caption") or " ".join(self.arguments)
        if not text:
            return []
        children, messages = self.parse_inline(text)
        caption = nodes.caption(text, "", *children)
        self.set_source_info(caption)
        return [caption, *messages]

    def _milestones(self, source: Source) -> list[Milestone]:
        """Return the milestones in *source*, with a warning for what is wrong in it."""
        try:
            # Comes with myst-parser, and is needed for timelines only.
            from sphinx_marginalia.timeline.reading import read  # noqa: PLC0415
        except ImportError:
            message = "a timeline cannot be read without PyYAML: pip install PyYAML"
            warn(TimelineProblem.TIMELINE_DATA, message, location=source.place(0))
            return []
        milestones, faults = read(source.text)
        for fault in faults:
            problem = TimelineProblem[f"TIMELINE_{fault.kind.upper()}"]
            warn(problem, fault.message, location=source.place(fault.line))
        return milestones

    def _item(self, entry: Milestone, source: Source) -> milestone:
        """Return the date of a milestone, and what was then."""
        date = in_words(entry.when, self.config.language) if entry.when else entry.date
        item = milestone("", nodes.term("", date, translatable=False), group=entry.group)
        if entry.when:
            item["date"] = entry.date
        if entry.group:
            item += nodes.classifier("", entry.group, translatable=False)
        item += nodes.definition("", *self._text(entry, source))
        for node in find(item, nodes.Element):
            node.source, node.line = source.file, source.start + entry.line
        return item

    def _text(self, entry: Milestone, source: Source) -> list[nodes.Node]:
        """Return what is said of a milestone, as “title: text (citation)”."""
        paragraph = nodes.paragraph(translatable=False)
        messages: list[nodes.Node] = []
        link = entry.link
        for kind, text in ((milestone_title, entry.title), (milestone_text, entry.text)):
            if text:
                children, problems = self.parse_inline(text)
                words: nodes.Element = nodes.inline(text, "", *children, translatable=True)
                if link:
                    words, link = link_to(self.env, link, words), ""
                if paragraph.children:
                    paragraph += nodes.Text(" " if entry.title[-1] in "?!:." else ": ")
                paragraph += kind("", "", words)
                messages += problems
        if entry.cite:
            made = cite(self, entry.cite, source.place(entry.cite_line))
            paragraph += [nodes.Text(" "), *made] if made and paragraph.children else made
        return [paragraph, *messages]


def _place(entry: Milestone) -> tuple[bool, float]:
    """Return what milestones are sorted by: those without a date come last."""
    return (entry.when is None, entry.when.point if entry.when else 0.0)
