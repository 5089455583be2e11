"""How a feature cites works, and recognizes citations, without knowing what keeps the works.

The feature ``works`` implements :class:`Bibliography` as a domain. Where a project has none, there
is nothing to cite with, and citation keys are shown as they are written.

A citation passes through three forms. While documents are read it is a reference to be resolved
(:func:`is_citation`). From the stage ``CITATIONS`` on it is an element around one or more links
(:func:`is_resolved_citation`). In a title that is shown on another page it is a placeholder
(:func:`citation_words`), which becomes words: it will be part of a link.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.domains import Domain

from sphinx_marginalia.core.diagnostics import sentence, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxDirective

#: What to do where a project has no bibliography, as the end of a sentence.
REMEDY = 'add "sphinxcontrib.bibtex" and "sphinx_marginalia.works" to extensions in conf.py'


#: Attribute of a citation that is resolved.
RESOLVED = "resolved_citation"
#: Attribute of the nodes before and after the text of a link in LaTeX: ``start`` or ``end``.
LINK_EDGE = "citation_link"
#: Attribute of a placeholder: the kind of a citation and its target, as in ``["p", "deep, wide"]``.
WORDS_OF = "words_of_citation"


class Work(NamedTuple):
    """A work in the words a reader needs to recognize it, and its addresses."""

    #: What citations show, such as “Arditi et al. 2024”.
    label: str
    title: str
    #: Where and when it appeared, such as “Advances in Neural Information Processing, 2024”.
    published: str
    #: The address and the DOI in its entry; empty if there is none.
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
    def words(self, kind: str, target: str) -> str:
        """Return a citation as text, or its keys if one of them is unknown.

        :param kind: the name of its role
        :param target: the content of its role: keys, and what is written before and after them
        """

    @abstractmethod
    def cited_works(self, document: nodes.document) -> list[Work]:
        """Return the works that *document*, whose citations are resolved, cites: each once."""

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


def unknown_works(env: BuildEnvironment, keys: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with each of *keys* that no work has, if the project has a bibliography.

    The document being read is read again when a file of the bibliography changes.
    """
    works = bibliography(env)
    if works is None or not keys:
        return
    works.depend()
    for key in keys:
        if key not in works.keys:
            yield sentence(f"no work has the key {key!r}", suggestion(key, sorted(works.keys)))


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


def is_resolved_citation(node: nodes.Node) -> bool:
    """Return whether *node* is the element around the links of a citation.

    Its links are references. In LaTeX they are nodes with the attribute :data:`LINK_EDGE` before
    and after a text; their ``rawsource`` is what LaTeX reads.
    """
    return isinstance(node, nodes.Element) and RESOLVED in node


def citation_words(citation: nodes.Element) -> nodes.inline:
    """Return a placeholder for the words of an unresolved *citation*."""
    words = nodes.inline("", citation.astext())
    words[WORDS_OF] = [citation["reftype"], citation["reftarget"]]
    return words
