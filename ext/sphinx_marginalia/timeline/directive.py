"""``timeline``: milestones in YAML, as a figure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import docname_join

from sphinx_marginalia.core.citations import REMEDY, bibliography, cite, unknown_works
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.links import encoded, is_allowed, scheme_of
from sphinx_marginalia.core.located import unreadable
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.timeline.dates import in_words
from sphinx_marginalia.timeline.nodes import (
    milestone,
    milestone_text,
    milestone_title,
    timeline,
    timeline_figure,
)
from sphinx_marginalia.timeline.problems import TimelineProblem
from sphinx_marginalia.timeline.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.util.typing import OptionSpec

    from sphinx_marginalia.timeline.reading import Milestone

SUFFIX = re.compile(r"\.(?:md|rst|html)$")


class Source(NamedTuple):
    """A YAML text, and the file and the line it starts on."""

    text: str
    file: str
    line: int


class TimelineDirective(Directive):
    """Milestones, from YAML below the name of the directive or in a file."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = {
        "file": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def make_nodes(self) -> list[nodes.Node]:
        """Return the figure; without a milestone, what is written."""
        entries = list(self._milestones())
        if not entries:
            self._warn(TimelineProblem.TIMELINE_DATA, "the timeline has no milestones")
            text = "\n".join([*self.arguments, *self.content])
            return [nodes.literal_block(text, text, language="text")] if text else []
        items = timeline()
        # In the order in which they are first written.
        items["groups"] = list(dict.fromkeys(entry.group for entry, _ in entries if entry.group))
        for entry, file in sorted(entries, key=lambda pair: _position(pair[0])):
            items += self._item(entry, file)
        figure = timeline_figure("", items, classes=["marginalia-timeline"])
        figure["classes"] += self.options.get("class", [])
        if "alt" in self.options:
            figure["alt"] = self.options["alt"]
        for node in (figure, items):
            self.set_source_info(node)
        figure += self._caption()
        self.add_name(figure)
        return [figure]

    def _milestones(self) -> Iterator[tuple[Milestone, str]]:
        """Yield each milestone with its file, as they are written; report what is wrong."""
        for source in self._sources():
            milestones, diagnostics = read(source.text, source.line)
            for one in diagnostics:
                warn(one.problem, one.message, location=f"{source.file}:{one.line}")
            yield from ((entry, source.file) for entry in milestones)

    def _sources(self) -> Iterator[Source]:
        """Yield what is in ``:file:`` and what is below the directive."""
        if name := self.options.get("file"):
            yield from self._file(name)
        if any(line.strip() for line in self.content):
            file, line = self.content.items[0]
            _, directive_line = self.get_source_info()
            if line < directive_line - 1:
                # MyST counts the lines of a block from its own first line.
                line = directive_line + self.content_offset
            yield Source("\n".join(self.content), file, line + 1)

    def _file(self, name: str) -> Iterator[Source]:
        """Yield the text of the file *name*, if it is within the project."""
        relative, absolute = self.env.relfn2path(name)
        file = Path(absolute)
        message = ""
        if not file.resolve().is_relative_to(Path(self.env.srcdir).resolve()):
            message = f"the file {name!r} is not in the folder of the sources"
        else:
            self.env.note_dependency(relative)
            try:
                yield Source(file.read_text(encoding="utf-8-sig"), str(file), 1)
            except FileNotFoundError:
                message = f"there is no file {name!r}"
            except (OSError, UnicodeDecodeError) as error:
                message = f"the file {name!r} {unreadable(error)[0]}"
        if message:
            self._warn(TimelineProblem.TIMELINE_FILE, message)

    def _warn(self, problem: TimelineProblem, message: str) -> None:
        file, line = self.get_source_info()
        warn(problem, message, location=f"{file}:{line}")

    def _caption(self) -> list[nodes.Node]:
        text = self.options.get("caption") or " ".join(self.arguments)
        if not text:
            return []
        children, messages = self.parse_inline(text)
        caption = nodes.caption(text, "", *children)
        self.set_source_info(caption)
        return [caption, *messages]

    def _item(self, entry: Milestone, file: str) -> milestone:
        """Return a milestone: its date, its group, and what happened."""
        date = in_words(entry.when, self.config.language) if entry.when else entry.date
        item = milestone("", nodes.term("", date, translatable=False), group=entry.group)
        if entry.when:
            item["date"] = entry.date
        if entry.group:
            words = nodes.inline(entry.group, entry.group, translatable=True)
            item += nodes.classifier("", "", words, translatable=False)
        item += nodes.definition("", *self._body(entry, file))
        for node in find(item, nodes.Element):
            node.source, node.line = file, entry.line
        return item

    def _body(self, entry: Milestone, file: str) -> list[nodes.Node]:
        """Return what happened, as “title: text (citation)”."""
        paragraph = nodes.paragraph(translatable=False)
        messages: list[nodes.Node] = []
        link = entry.link
        for kind, text in ((milestone_title, entry.title), (milestone_text, entry.text)):
            if text:
                children, problems = self.parse_inline(text)
                words: nodes.Element = nodes.inline(text, "", *children, translatable=True)
                if link:
                    words, link = self._linked(words, link, f"{file}:{entry.line}"), ""
                if paragraph.children:
                    paragraph += nodes.Text(" " if entry.title[-1] in "?!:." else ": ")
                paragraph += kind("", "", words)
                messages += problems
        if entry.cite:
            paragraph += nodes.Text(" " if paragraph.children else "")
            paragraph += self._citation(entry, f"{file}:{entry.cite_line}")
        return [paragraph, *messages]

    def _linked(self, words: nodes.Element, link: str, location: str) -> nodes.Element:
        """Return *words* as a link to an address, a document or a label, if that is safe.

        Sphinx resolves what is not an address, and warns of what leads nowhere.
        """
        scheme = scheme_of(link)
        if not is_allowed(link):
            message = f"a milestone cannot link to {scheme}:; write a web address or a document"
            warn(TimelineProblem.TIMELINE_LINK, message, location=location)
            return words
        if scheme:
            return nodes.reference("", "", words, refuri=encoded(link))
        document = docname_join(self.env.docname, SUFFIX.sub("", link))
        is_document = not link.startswith("#") and document in self.env.found_docs
        target = f"/{document}" if is_document else link.lstrip("#").lower()
        return addnodes.pending_xref(
            "",
            words,
            refdomain="std",
            reftype="doc" if is_document else "ref",
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )

    def _citation(self, entry: Milestone, location: str) -> list[nodes.Node]:
        """Return a citation of the works of *entry*; report those that do not exist."""
        messages = list(unknown_works(self.env, entry.cite))
        if bibliography(self.env) is None:
            messages = [f"to cite {', '.join(entry.cite)}, {REMEDY}"]
        for message in messages:
            warn(TimelineProblem.TIMELINE_CITATION, message, location=location)
        # Its nodes get the line of the milestone, which may be in another file.
        return cite(self, entry.cite, self.lineno, parentheses=True)


def _position(entry: Milestone) -> tuple[bool, float]:
    """Return what milestones are sorted by: those without a date come last."""
    return (entry.when is None, entry.when.point if entry.when else 0.0)
