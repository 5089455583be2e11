"""Every block that a note's number can be in, and everything that a note can contain.

Each section of the book has one note, whose text is found again by words that occur nowhere else.
Not in it: captions of toctrees and lists of productions, which cannot contain notes. reStructuredText has more kinds of blocks than
Markdown; both become the same trees.
"""

from __future__ import annotations

from itertools import count, cycle, product
from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = "==== ====\nHead Head\n==== ====\nCell END\n==== ===="
CODE = ".. code-block:: python\n\n   code = {1: 'END'}  # % \\n"
#: ``MARK`` is where the number is, ``NEST`` a place for another container.
CONTAINERS = {
    "paragraph": "Words MARK go on.",
    "emphasis": "**Loud** *words* MARK go on.",
    "heading": "Heading MARK\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n\nText.",
    "bullet list": "* Item MARK\n\n  NEST\n* More\n\n  * Deeper",
    "numbered list": "1. Item MARK\n\n   NEST\n2. More",
    "term": "term MARK\n    Definition.",
    "term with classifier": "term MARK : classifier\n    Definition.",
    "definition": "term\n    Definition MARK.\n\n    NEST",
    "field name": ":field MARK: Body.",
    "field body": ":field: Body MARK.\n\n    NEST",
    "quotation": "Before.\n\n    Quotation MARK.\n\n    NEST\n\nAfter.",
    "attribution": "Before.\n\n    Quotation.\n\n    -- Author MARK\n\nAfter.",
    "epigraph": ".. epigraph::\n\n   Epigraph MARK.\n\n   -- Author",
    "pull quote": ".. pull-quote::\n\n   Quotation MARK.",
    "admonition title": ".. admonition:: Title MARK\n\n   Text.",
    "admonition": ".. admonition:: Title\n\n   Text MARK.\n\n   NEST",
    "warning": ".. warning::\n\n   Text MARK.\n\n   NEST",
    "seealso": ".. seealso::\n\n   Text MARK.",
    "version added": ".. versionadded:: 1.0\n   Text MARK.",
    "table cell": "==== ====\nHead Head\n==== ====\nCell Cell MARK\n==== ====",
    "table head": "==== ====\nHead Head MARK\n==== ====\nCell Cell\n==== ====",
    "table caption": ".. table:: Caption MARK\n\n   ==== ====\n   Head Head\n   ==== ====\n   Cell Cell\n   ==== ====",
    "csv table": '.. csv-table:: Caption\n   :header: "Head", "Head"\n\n   "Cell", "Cell MARK"',
    "list table": ".. list-table:: Caption\n   :header-rows: 1\n\n   * - Head\n     - Head MARK\n   * - Cell\n     - Cell\n\n       NEST",
    "long table": ".. list-table::\n   :class: longtable\n   :header-rows: 1\n\n   * - Head\n     - Head\n   * - Cell\n     - Cell MARK",
    "figure caption": ".. figure:: x.png\n\n   Caption MARK.",
    "figure in a line": ".. figure:: x.png\n   :align: right\n\n   Caption MARK.\n\n"
    + "Text. " * 99,
    "margin figure": ".. figure:: x.png\n   :figclass: margin\n\n   Caption MARK.",
    "margin table": ".. table:: Caption\n   :class: margin\n\n   ==== ====\n   Head Head\n   ==== ====\n   Cell MARK\n   ==== ====",
    "margin caption": ".. figure:: x.png\n   :figclass: margin-caption\n\n   Caption.\n\n   Legend MARK.",
    "legend": ".. figure:: x.png\n\n   Caption.\n\n   Legend MARK.",
    "sidebar": ".. sidebar:: Title\n\n   Text MARK.\n\nText.",
    "sidebar title": ".. sidebar:: Title MARK\n\n   Text.\n\nText.",
    "topic": ".. topic:: Title\n\n   Text MARK.",
    "topic title": ".. topic:: Title MARK\n\n   Text.",
    "rubric": ".. rubric:: Rubric MARK\n\nText.",
    "footnote": "Text [#f-ID]_.\n\n.. [#f-ID] Footnote MARK.",
    "footnote of a footnote": "Text [#f-ID]_.\n\n.. [#f-ID] Footnote [#g-ID]_.\n.. [#g-ID] Another MARK.",
    "sidenote": "Text :sidenote:`Sidenote MARK.`",
    "margin note": "Text :marginnote:`Margin note MARK.`",
    "dropdown title": ".. dropdown:: Title MARK\n\n   Text.",
    "dropdown": ".. dropdown:: Title\n\n   Text MARK.\n\n   NEST",
    "tab title": ".. tab-set::\n\n   .. tab-item:: Tab MARK\n\n      Text.",
    "tab": ".. tab-set::\n\n   .. tab-item:: Tab\n\n      Text MARK.\n\n      NEST",
    "card title": ".. card:: Title MARK\n\n   Text.",
    "card": ".. card:: Title\n\n   .. card-header::\n\n      Header\n\n   Text MARK.",
    "card footer": ".. card:: Title\n\n   Text.\n\n   .. card-footer::\n\n      Footer MARK",
    "grid": ".. grid:: 2\n\n   .. grid-item-card:: Title\n\n      Text MARK.\n\n   .. grid-item::\n\n      Text.",
    "pause": ".. pause-and-think:: Why?\n\n   Text MARK.\n\n   NEST",
    "pause's question": ".. pause-and-think:: Why MARK?\n\n   Text.",
    "discussion": ".. pause-and-think:: Why?\n\n   Text.\n\n   .. discussion::\n\n      Text MARK.\n\n      NEST",
    "key idea": ".. key-idea:: Idea ID\n\n   Text MARK.",
    "claim": ".. claim:: claim-ID\n   :verdict: not-established\n   :kind: position\n\n   Text MARK.",
    "timeline": ".. timeline:: Caption\n\n   - date: 1838\n     title: Star MARK",
    "timeline caption": ".. timeline:: Caption MARK\n\n   - date: 1838\n     title: Star",
    "line block": "| Line MARK\n| Line",
    "option list": "-a  Option MARK.\n-b  Option.",
    "code caption": ".. code-block:: python\n   :caption: Caption MARK\n\n   code = 1",
    "before a formula": "Text MARK.\n\n.. math:: a = b\n\nText.",
    "after a formula": ".. math:: a = b\n\nText MARK.",
    "only": ".. only:: latex\n\n   Text MARK.\n\n   NEST",
    "compound": ".. compound::\n\n   Text MARK:\n\n   NEST",
    "container": ".. container:: class\n\n   Text MARK.\n\n   NEST",
    "glossary term": ".. glossary::\n\n   term ID MARK\n      Definition.",
    "glossary": ".. glossary::\n\n   term ID\n      Definition MARK.",
    "description": ".. py:function:: f_ID()\n\n   Text MARK.\n\n   :param x: Parameter.",
    "parameter": ".. py:function:: g_ID()\n\n   :param x: Parameter MARK.\n   :param y: Another.\n",
    "parsed literal": ".. parsed-literal::\n\n   Text MARK.",
    "horizontal list": ".. hlist::\n\n   * Item MARK\n   * Item",
    "footer of a page": "Text.\n\n.. centered:: Words MARK",
}
#: Containers that reStructuredText does not allow in others.
ALONE = ("heading", "sidebar", "sidebar title", "topic", "topic title")
#: ``WORD`` and ``END`` become words that are found again.
CONTENTS = {
    "words": "WORD",
    "inline": "WORD *em* **strong** `link <https://example.org/a_b%20c#d>`_ $ % # & _ { } ~ ^ \\\\ < END",
    "citation": "WORD :cite:p:`work` END",
    "formula": "WORD :math:`\\frac{a_1}{b^2}` END",
    "inline code": "WORD ``a_b{c}%d#e&f~g^h\\i$j`` END",
    "paragraphs": "WORD\n\nAnother paragraph.\n\nEND",
    "list": "WORD\n\n* item\n* item\n\n  1. END",
    "code": f"WORD\n\n{CODE}",
    "captioned code": "WORD\n\n.. code-block:: python\n   :caption: Caption\n\n   code = {1: 'END'}",
    "table": f"WORD\n\n{TABLE}",
    "captioned table": f"WORD\n\n.. table:: Caption\n\n{indent(TABLE, '   ')}",
    "long table": "WORD\n\n.. list-table::\n   :class: longtable\n\n   * - Cell\n   * - END",
    "code and a table": f"WORD\n\n{CODE}\n\n==== ====\nCell Cell\n==== ====",
    "table and code": f"WORD\n\n==== ====\nCell Cell\n==== ====\n\n{CODE}",
    "code in a table": f"WORD\n\n.. list-table::\n\n   * - Cell\n\n{indent(CODE, '       ')}\n   * - Cell",
    "image": "WORD\n\n.. image:: x.png\n\nEND",
    "figure": "WORD\n\n.. figure:: x.png\n\n   Caption\n\n   END",
    "displayed formula": "WORD\n\n.. math:: a = b\n\nEND",
    "note": "WORD [#i-ID]_\n\n.. [#i-ID] END",
    "note with a note": "WORD [#i-ID]_\n\n.. [#i-ID] Inner [#j-ID]_\n.. [#j-ID] END",
    "quotation": "WORD\n\n    Quotation.\n\n    -- END\n\nText.",
    "admonition": "WORD\n\n.. note:: END",
    "definitions": "WORD\n\nterm\n    END",
    "fields": "WORD\n\n:field: END",
    "lines": "WORD\n\n| line\n| END",
    "rubric": "WORD\n\n.. rubric:: END",
    "pause": "WORD\n\n.. pause-and-think:: Why?\n\n   END",
    "dropdown": "WORD\n\n.. dropdown:: Title\n\n   END",
    "tabs": "WORD\n\n.. tab-set::\n\n   .. tab-item:: Tab\n\n      END",
    "literal": "WORD\n\n::\n\n   literal {block}\n   END\n\nText.",
    "doctest": "WORD\n\n>>> 1 + 1\n'END'",
    "long code": "WORD\n\n.. code-block:: python\n\n" + "   code = 1\n" * 70 + "   'END'",
    "long admonition": "WORD\n\n.. note::\n\n" + "   Paragraph.\n\n" * 40 + "   END",
}


class Cell(NamedTuple):
    """A note: what it is in, and what it contains."""

    #: The digits in its words: ``M…Z`` before its mark, ``W…Z`` in its text.
    name: str
    containers: tuple[str, ...]
    content: str
    source: str

    @property
    def title(self) -> str:
        """Return the heading of its section."""
        return f"{self.name} {' > '.join(self.containers)}: {self.content}"


def containers_with_contents() -> Iterator[Cell]:
    """Yield a note with every content in every container."""
    names = count(1000)
    for container, content in product(CONTAINERS, CONTENTS):
        yield _cell(str(next(names)), (container,), content)


def containers_in_containers() -> Iterator[Cell]:
    """Yield a note in every container in every container that can hold blocks."""
    names, contents = count(4000), cycle(CONTENTS)
    outer = [name for name, block in CONTAINERS.items() if "NEST" in block]
    for around, container in product(outer, CONTAINERS):
        if container not in ALONE:
            yield _cell(str(next(names)), (around, container), next(contents))


def _cell(name: str, containers: tuple[str, ...], content: str) -> Cell:
    block = ""
    for n, container in enumerate(reversed(containers)):
        mark = f"M{name}Z [#n-{name}]_" if n == 0 else ""
        block = _filled(CONTAINERS[container], f"{name}-{n}", mark, block)
    text = CONTENTS[content].replace("WORD", f"W{name}Z").replace("END", f"E{name}Z")
    text = text.replace("ID", name)
    note = f".. [#n-{name}] {indent(text, '   ').strip()}"
    return Cell(name, containers, content, f"{block}\n\n{note}\n")


def _filled(block: str, identity: str, mark: str, nested: str) -> str:
    """Return *block* with a mark, and in it *nested* if it has a place for a block."""
    space = next((line.partition("NEST")[0] for line in block.split("\n") if "NEST" in line), "")
    nested = indent(nested, space).strip()
    return block.replace("NEST", nested).replace("MARK", mark).replace("ID", identity)


#: LaTeX itself lets a crowd of figures and long footnotes run off a page.
NEW_PAGE = ".. raw:: latex\n\n   \\clearpage\n"


def book(cells: Sequence[Cell]) -> dict[str, str]:
    """Return the source files of a book with a chapter for every thirty *cells*."""
    files = {"works.bib": "@misc{work, author={Ada, Alice}, title={Work}, year={2020}}"}
    for n in range(0, len(cells), 30):
        sections = [
            f"{cell.title}\n{'-' * len(cell.title)}\n\nText.\n\n{cell.source}\n{NEW_PAGE}"
            for cell in cells[n : n + 30]
        ]
        files[f"chapter-{n:04}.rst"] = "Chapter\n=======\n\n" + "\n".join(sections)
    chapters = "\n".join(f"   {name[:-4]}" for name in files if name.endswith(".rst"))
    return {
        **files,
        "index.rst": f"Book\n====\n\n.. toctree::\n\n{chapters}\n\n.. bibliography::\n",
    }
