"""The builders that every feature has to work in, and settings that keep them quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx

#: What a builder leaves behind for the document ``index`` and the folder of its output.
OUTPUT = {
    "html": "index.html",
    "dirhtml": "index.html",
    "singlehtml": "index.html",
    "epub": "index.xhtml",
    "latex": "test.tex",
    "text": "index.txt",
    "man": "test.1",
    "texinfo": "test.texi",
    "xml": "index.xml",
    "pseudoxml": "index.pseudoxml",
    "gettext": "index.pot",
}
BUILDERS = (*OUTPUT, "linkcheck")

QUIET: dict[str, Any] = {
    "version": "1",
    "release": "1",
    "copyright": "2026, Author",
    "latex_documents": [("index", "test.tex", "Test", "Author", "manual")],
    "texinfo_documents": [("index", "test", "Test", "Author", "test", "Test", "Essays")],
    "man_pages": [("index", "test", "Test", ["Author"], 1)],
    "bibtex_bibfiles": ["works.bib"],
    "gettext_additional_targets": ["literal-block"],
}

WORKS = """
@article{ada2020,
  author = {Ada, Alice and Bell, Bob},
  title = {A {Deep} Look},
  journal = {Journal of Looks},
  year = {2020},
}
@inproceedings{bell2021,
  author = {Bell, Bob},
  title = {Looking Again},
  booktitle = {Proceedings of Looking},
  year = {2021},
}
"""


class ForeignBuilder(Builder):
    """A builder of another package, whose translator finds a node by its own name only."""

    name = "foreign"
    format = "foreign"

    def get_outdated_docs(self) -> set[str]:
        """Return all documents."""
        return self.env.found_docs

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of the document: there are no links."""
        return docname

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Do nothing: there is no writer."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write the text of the nodes that docutils and Sphinx have, by their own names."""
        known = {*nodes.node_class_names, *(name for name in dir(addnodes))}
        for node in list(doctree.findall(nodes.Element)):
            if type(node).__name__ not in known and node.parent is not None:
                node.parent.remove(node)
        (self.outdir / f"{docname}.foreign").write_text(doctree.astext(), encoding="utf-8")


class FormatlessBuilder(ForeignBuilder):
    """One that names no format although it translates, such as the builder of rst2pdf."""

    name = "formatless"
    format = ""


def setup(app: Sphinx) -> None:
    """Register the builders."""
    app.add_builder(ForeignBuilder)
    app.add_builder(FormatlessBuilder)
