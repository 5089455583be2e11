"""What the directives of all features share: a mistake in an option loses no text.

docutils replaces a whole directive by an error if an option is unknown or has an invalid value, and
Sphinx removes that error from the page. Here such an option is reported and left out::

    class EpigraphDirective(Directive):
        known_options = {"class": directives.class_option, "by": directives.unchanged}

        def make_nodes(self) -> list[nodes.Node]:
            return [epigraph("", *self.parse_content_to_nodes(), by=self.options.get("by", ""))]
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.core.diagnostics import CoreProblem, sentence, suggestion, warn
from sphinx_marginalia.core.located import NOT_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docutils import nodes
    from sphinx.util.typing import OptionSpec

    from sphinx_marginalia.core.diagnostics import Problem

#: Blanks, and the quotation marks that a word processor writes around a name.
QUOTES = " \t“”„‘’‚«»"  # noqa: RUF001


class _AnyOption(dict[str, Any]):
    """An option spec that accepts every name and every value."""

    def __missing__(self, name: str) -> Any:
        return directives.unchanged


class Directive(SphinxDirective):
    """Base of all directives: reports wrong options at their lines, and keeps everything else."""

    # With one name, because MyST reads no options for a directive whose spec is empty.
    option_spec: ClassVar[OptionSpec] = _AnyOption({"class": directives.unchanged})
    #: The options, each with a function that validates its value, as in an ``option_spec``.
    known_options: ClassVar[Mapping[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        """Return what :meth:`make_nodes` makes, with valid options only."""
        self.options = dict(self._valid_options())
        return self.make_nodes()

    @abstractmethod
    def make_nodes(self) -> list[nodes.Node]:
        """Return the nodes of the directive."""

    def _valid_options(self) -> Iterator[tuple[str, Any]]:
        for name, given in self.options.items():
            # MyST reads a quoted value as YAML, with its escapes.
            text = NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", given or "")
            if name == "name":
                # docutils would make targets of these that nothing can refer to.
                text = text.strip(QUOTES)
                if not text:
                    continue
            validate = self.known_options.get(name)
            if validate is None:
                hint = suggestion(name, self.known_options)
                self.report_option(sentence(f"unknown option {name!r}", hint), name)
                continue
            try:
                yield name, validate(text)
            except ValueError as error:
                self.report_option(f"option {name!r}: {error}", name)
                if validate is directives.flag:
                    yield name, None

    def report_option(self, message: str, option: str) -> None:
        """Warn of an invalid option."""
        self.report(CoreProblem.DIRECTIVE_OPTION, message, option)

    def report(self, problem: Problem, message: str, option: str = "") -> None:
        """Warn at the line of an option, or of the directive."""
        warn(problem, message, location=(self.env.current_document.docname, self.line_of(option)))

    def line_of(self, option: str) -> int:
        """Return the line that *option* is written in, or else that of the directive."""
        for number, line in enumerate(self.block_text.splitlines()):
            if option and line.strip().removeprefix(":").startswith(f"{option}:"):
                return self.lineno + number
        return self.lineno
