"""The directives of pauses and key ideas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import did_you_mean, sentence, warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.nodes import IS_TITLE, note_use
from sphinx_marginalia.pauses.nodes import (
    discussion,
    key_idea,
    key_idea_list,
    pause_and_think,
    pause_list,
)
from sphinx_marginalia.pauses.options import PauseProblem

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec


class TitledBlock(Directive):
    """A block whose argument is its title."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = {
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def titled_block(self, node_class: type[nodes.Element]) -> nodes.Element:
        """Return a node with the title, content, classes and name that the author wrote."""
        text = self.arguments[0] if self.arguments else ""
        children, messages = self.parse_inline(text)
        title = nodes.title(text, "", *children)
        self.set_source_info(title)
        block = node_class(self.block_text, title, *messages, classes=self.options.get("class", []))
        self.set_source_info(block)
        block += self.parse_content_to_nodes()
        self.add_name(block)
        note_use(self.env, node_class)
        return block


class PauseDirective(TitledBlock):
    """A question, something to think about, and perhaps a discussion."""

    known_options: ClassVar[OptionSpec] = {**TitledBlock.known_options, "open": directives.flag}

    def make_nodes(self) -> list[nodes.Node]:
        """Return the pause."""
        labels = ("Pause and think", _("Pause and think:"))
        # Every question begins with the label, so an author may write no more than that.
        is_label = _normalized("".join(self.arguments)) in map(_normalized, labels)
        if is_label:
            self.arguments = []
        pause = self.titled_block(pause_and_think)
        pause["open"] = "open" in self.options
        if not self.arguments and not is_label:
            message = "the pause has no question; write it after the name of the directive"
            warn(PauseProblem.PAUSE_WITHOUT_QUESTION, message, location=pause)
        return [pause]


def _normalized(words: str) -> str:
    return words.strip(" :.!?…\N{NO-BREAK SPACE}").casefold()


class DiscussionDirective(Directive):
    """What a pause says after its question."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = {"class": directives.class_option}

    def make_nodes(self) -> list[nodes.Node]:
        """Return the discussion; an argument replaces the word “Discussion”."""
        note_use(self.env, discussion)
        text = self.arguments[0] if self.arguments else _("Discussion")
        children, messages = self.parse_inline(text)
        title = nodes.paragraph(text, "", nodes.strong("", "", *children))
        title["classes"] = ["marginalia-discussion-title"]
        title[IS_TITLE] = True
        title["translatable"] = bool(self.arguments)
        block = discussion(self.block_text, title, *messages, classes=self.options.get("class", []))
        for node in (title, block):
            self.set_source_info(node)
        block += self.parse_content_to_nodes()
        if not self.content:
            message = (
                "the discussion has no text; write it between the fences in Markdown, "
                "or indent it by three spaces in reStructuredText"
            )
            warn(PauseProblem.EMPTY_DISCUSSION, message, location=block)
        return [block]


class KeyIdeaDirective(TitledBlock):
    """A term and its definition."""

    def make_nodes(self) -> list[nodes.Node]:
        """Return the key idea; warn if it has no term or no definition."""
        idea = self.titled_block(key_idea)
        if not self.arguments:
            message = "the key idea has no term; write it after the name of the directive"
            warn(PauseProblem.KEY_IDEA_WITHOUT_TERM, message, location=idea)
        elif len(idea) == 1:
            message = f"the key idea {self.arguments[0]!r} has no definition"
            warn(PauseProblem.EMPTY_KEY_IDEA, message, location=idea)
        return [idea]


class PauseListDirective(Directive):
    """A list of all questions of the book."""

    node_class: ClassVar[type[nodes.Element]] = pause_list
    known_options: ClassVar[OptionSpec] = {"exclude": directives.unchanged_required}

    def make_nodes(self) -> list[nodes.Node]:
        """Return an empty list, which ``FillLists`` fills when all documents have been read."""
        note_use(self.env, self.node_class)
        patterns = re.findall(r"[^\s,]+", self.options.get("exclude", ""))
        for pattern in dict.fromkeys(patterns):
            # One with wildcards may be for documents that come and go, such as drafts.
            if pattern not in self.env.found_docs and not re.search(r"[*?\[]", pattern):
                hint = did_you_mean(pattern, self.env.found_docs)
                message = sentence(f"option 'exclude': there is no document {pattern!r}", hint)
                self.report_option(message, "exclude")
        listing = self.node_class(exclude=patterns)
        self.set_source_info(listing)
        return [listing]


class KeyIdeaListDirective(PauseListDirective):
    """A list of all key ideas of the book, with their definitions."""

    node_class = key_idea_list
