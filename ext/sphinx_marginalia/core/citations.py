"""How a feature cites works without knowing what keeps them.

The feature ``works`` implements :class:`Bibliography` as a domain. Where a project has none, there
is nothing to cite with, and citation keys are shown as they are written.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.domains import Domain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxDirective

#: What to do where a project has no bibliography, as the end of a sentence.
REMEDY = 'add "sphinxcontrib.bibtex" and "sphinx_marginalia.works" to extensions in conf.py'


class CitedWork(NamedTuple):
    """A work that a document cites, as metadata name it."""

    title: str
    #: The address, and the DOI without ``https://doi.org/``; empty where the work has none.
    url: str = ""
    doi: str = ""


class Bibliography(Domain):
    """The works of a project, by citation key. Keys are compared with their case."""

    @property
    @abstractmethod
    def is_used(self) -> bool:
        """Whether the project has files of works."""

    @property
    @abstractmethod
    def keys(self) -> Collection[str]:
        """The keys of all works in the files of the bibliography."""

    @property
    @abstractmethod
    def files(self) -> Sequence[Path]:
        """The files of the bibliography."""

    @abstractmethod
    def cite(
        self, directive: SphinxDirective, keys: Sequence[str], line: int, *, parentheses: bool
    ) -> list[nodes.Node]:
        """Return a citation of the works *keys*, as if its role stood at *line*.

        :param keys: each in :attr:`keys`
        :param parentheses: whether the citation is in parentheses
        """

    @abstractmethod
    def cite_again(self, keys: Sequence[str], here: str) -> list[nodes.Node]:
        """Return a citation in the document *here* while its page is being written.

        It looks like any other, but no bibliography counts that page among those that cite.
        """

    @abstractmethod
    def cited_in(self, document: nodes.document) -> list[CitedWork]:
        """Return the works that *document* cites, whose references are resolved, each once."""

    @abstractmethod
    def fields(self, key: str) -> Mapping[str, str]:
        """Return the fields of a work, by their BibTeX names; its type is the field ``type``."""

    @abstractmethod
    def parse(self, text: str) -> Mapping[str, Mapping[str, str]]:
        """Return the fields of all works in the *text* of a file, by their keys.

        :raises ValueError: it cannot be read
        """

    @abstractmethod
    def fingerprints(self) -> Mapping[str, str]:
        """Return for each work a digest of what a citation of it shows."""

    @abstractmethod
    def depend(self) -> None:
        """Have the document being read read again when a file of the bibliography changes."""


def bibliography(env: BuildEnvironment) -> Bibliography | None:
    """Return the works that the project cites from, if it has a bibliography."""
    for domain in env.domains.values():
        if isinstance(domain, Bibliography) and domain.is_used:
            return domain
    return None


def cite(
    directive: SphinxDirective, keys: Sequence[str], line: int, *, parentheses: bool = False
) -> list[nodes.Node]:
    """Return a citation of *keys* for a directive; keys that no work has stay as they are.

    :param line: the line of the keys, for warnings
    """
    works = bibliography(directive.env)
    known = [key for key in keys if works and key in works.keys]
    citation = (
        works.cite(directive, known, line, parentheses=parentheses) if works and known else []
    )
    return _with_unknown(citation, [key for key in keys if key not in known])


def cite_again(env: BuildEnvironment, keys: Sequence[str], here: str) -> list[nodes.Node]:
    """Return a citation of *keys* in the document *here* while its page is written."""
    works = bibliography(env)
    known = [key for key in keys if works and key in works.keys]
    citation = works.cite_again(known, here) if works and known else []
    return _with_unknown(citation, [key for key in keys if key not in known])


def _with_unknown(citation: list[nodes.Node], unknown: Sequence[str]) -> list[nodes.Node]:
    rest = ", ".join(unknown)
    return [*citation, nodes.Text("; " if citation and rest else ""), nodes.Text(rest)]


def is_citation(node: nodes.Node) -> bool:
    """Return whether *node* is a citation before it is resolved, by the domain of its role."""
    return isinstance(node, nodes.Element) and node.get("refdomain") == "cite"
