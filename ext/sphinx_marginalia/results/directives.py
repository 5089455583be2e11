"""The directive ``live-figure``: a figure that a script may replace by one to play with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.patches import Figure

from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import note_use
from sphinx_marginalia.results.domain import FILES, SUFFIXES, ResultsDomain, read_results
from sphinx_marginalia.results.numbers import Column, columns_at
from sphinx_marginalia.results.options import ResultError, ResultProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.util.typing import OptionSpec

#: Attributes of a live figure: the files that its script is made of and reads, and its table.
SCRIPTS, DATA, TABLE = "live_scripts", "live_data", "live_table"
#: More rows than anybody reads; the whole is in the file that is linked below the table.
MOST_ROWS = 200
SEPARATORS = re.compile(r"[,\n]")


class LiveFigureDirective(Directive, Figure):
    """A figure of docutils, with the files of its live form as attributes.

    In the tree::

        <figure ids="rise" live_data="…" live_scripts="…" live_table="…">
            <image uri="rise.svg">
            <caption>
                The tide rises.
    """

    known_options: ClassVar[OptionSpec] = {
        **(Figure.option_spec or {}),
        "script": directives.unchanged_required,
        "data": directives.unchanged_required,
        "table": directives.unchanged_required,
    }

    def make_nodes(self) -> list[nodes.Node]:
        """Return the figure; what is wrong with its live form leaves it a picture."""
        # What is left are options of the picture.
        names = {option: self.options.pop(option, "") for option in ("script", "data", "table")}
        made = Figure.run(self)
        figure = made[0]
        if isinstance(figure, nodes.figure):
            scripts = self._files("script", names["script"])
            data = self._files("data", names["data"])
            if scripts is not None and data is not None:
                domain = domain_of(self.env, ResultsDomain)
                figure[SCRIPTS] = [domain.published(file) for file in scripts]
                figure[DATA] = [domain.published(file) for file in data]
                figure[FILES] = [*figure[SCRIPTS], *figure[DATA]]
                note_use(self.env, FILES)
            figure[TABLE] = list(self._columns(names["table"], data or []))
        return made

    def _files(self, option: str, names: str) -> list[Path] | None:
        """Return the files that an option names, or ``None`` if one of them cannot be used."""
        domain = domain_of(self.env, ResultsDomain)
        files = []
        for name in _parts(names):
            is_result = option == "data" and not name.endswith(SUFFIXES[option])
            try:
                files.append(
                    domain.result_file(name) if is_result else domain.project_file(name, option)
                )
            except ResultError as error:
                self.report(ResultProblem.LIVE_FIGURE_FILE, str(error), option)
                return None
        return files

    def _columns(self, names: str, data: list[Path]) -> Iterator[Column]:
        """Yield the columns of the table: of each array the first one of its name in the data."""
        results = list(self._read(data)) if names else []
        for name in _parts(names):
            path, _equals, header = (part.strip() for part in name.partition("="))
            try:
                for column in columns_at(results, path, header):
                    yield self._shortened(column)
            except ResultError as error:
                self.report(error.problem, str(error), "table")

    def _read(self, data: list[Path]) -> Iterator[Any]:
        for file in data:
            if file.suffix == ".json":
                try:
                    yield read_results(file)
                except ResultError as error:
                    self.report(ResultProblem.LIVE_FIGURE_FILE, str(error), "data")

    def _shortened(self, column: Column) -> Column:
        count = len(column.cells)
        if count > MOST_ROWS:
            message = f"{column.header!r} has {count} values: the table shows the first {MOST_ROWS}"
            self.report(ResultProblem.LIVE_FIGURE_TABLE, message, "table")
        return column._replace(cells=column.cells[:MOST_ROWS])


def _parts(names: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(names) if part.strip()]
