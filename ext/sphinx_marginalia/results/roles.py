"""The role ``result``: a number from a file of results, as text."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.results.domain import ResultsDomain, read_results
from sphinx_marginalia.results.numbers import quote
from sphinx_marginalia.results.options import ResultError, ResultProblem


class ResultRole(SphinxRole):
    """A number by its file and its path, with the format it is shown in.

    Before, in an author's text::

        {result}`tides:rise:.1%`

    After, in the tree::

        1.2%
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number; what cannot be quoted stays as it is written."""
        try:
            return [nodes.Text(self._quoted())], []
        except ResultError as error:
            warn(error.problem, str(error), location=self.get_location())
            return [nodes.literal(self.rawtext, self.text)], []

    def _quoted(self) -> str:
        name, path, written = (*(part.strip() for part in self.text.split(":", 2)), "", "")[:3]
        if not name or not path:
            message = "write the name of a file and that of a number, as in tides:rise"
            raise ResultError(ResultProblem.RESULT_FORMAT, message)
        file = domain_of(self.env, ResultsDomain).result_file(name)
        return quote(read_results(file), path, written)
