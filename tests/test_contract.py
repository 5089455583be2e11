"""What every feature promises, whatever it is: alone, in every builder, in parallel, again.

A feature is described once, by a document in MyST and the same document in reStructuredText, and by
the words that a reader must find in whatever is made of it.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import sphinx_marginalia
from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.core.diagnostics import TYPE, Problem
from sphinx_marginalia.testing import build
from tests.citing.books import CFF, LOCK, record, release

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_marginalia.testing import Built

PACKAGE = Path(sphinx_marginalia.__file__).parent

# Each feature alone, in every builder

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


class Example(NamedTuple):
    """A document that holds everything of a feature, twice."""

    myst: str
    rst: str
    #: Words that stand in every output exactly once.
    once: tuple[str, ...]
    #: What is listed beside the feature.
    with_extensions: tuple[str, ...] = ()
    config: Mapping[str, Any] = {}


SIDENOTES = Example(
    myst="""\
# Heading{sidenote}`headingnote` of the page

A sentence{sidenote}`rolenote with *emphasis*, ``code`` and {math}`e = 1``, and
one{marginnote}`marginrole` beside it.

A paragraph before a directive.

:::{sidenote}
blockfirst

- blocklist

```python
blockcode = 1
```

| blockhead |
|-----------|
| blockcell |
:::

Another.

:::{marginnote}
marginblock

marginsecond
:::

| table head |
|------------|
| cell{sidenote}`tablenote` and cell{marginnote}`tablemargin` |

Term{sidenote}`termnote`
: Definition{sidenote}`definitionnote`

> Quotation{sidenote}`quotenote`

:::{note}
Box{sidenote}`boxnote`
:::

- a list
  - in a list{sidenote}`listnote`

Twice[^twice] referred[^twice] to, and by number[^9].

[^twice]: footnotetwice

[^9]: footnotenumber

    footnotesecond
""",
    rst="""\
Heading\\ :sidenote:`headingnote` of the page
============================================

A sentence\\ :sidenote:`rolenote with *emphasis*, \\`\\`code\\`\\` and :math:\\`e = 1\\``, and
one\\ :marginnote:`marginrole` beside it.

A paragraph before a directive.

.. sidenote::

   blockfirst

   - blocklist

   .. code-block:: python

      blockcode = 1

   =========  =========
   blockhead  other
   =========  =========
   blockcell  another
   =========  =========

Another.

.. marginnote::

   marginblock

   marginsecond

.. list-table::

   - * table head
     * other
   - * cell\\ :sidenote:`tablenote` and cell\\ :marginnote:`tablemargin`
     * more

Term\\ :sidenote:`termnote`
   Definition\\ :sidenote:`definitionnote`

..

   Quotation\\ :sidenote:`quotenote`

.. note::

   Box\\ :sidenote:`boxnote`

- a list

  - in a list\\ :sidenote:`listnote`

Twice [#twice]_ referred [#twice]_ to, and by number [9]_.

.. [#twice] footnotetwice

.. [9] footnotenumber

   footnotesecond
""",
    once=tuple(
        """headingnote rolenote marginrole blockfirst blocklist blockcode blockhead blockcell
        marginblock marginsecond tablenote tablemargin termnote definitionnote quotenote boxnote
        listnote footnotetwice footnotenumber footnotesecond""".split()
    ),
    config={"sidenotes_from_footnotes": True},
)

PAUSES = Example(
    myst="""\
# Pauses

::::{pause-and-think} What is *askedfirst*?
:name: first
:class: special

pausebody

- pauselist

:::{discussion}
discussionbody

discussionsecond
:::
::::

:::{pause-and-think} And then?
:open:

openbody
:::

:::{key-idea} Probe
:name: probe

A classifier on activations.

ideasecond
:::

See {ref}`first` and {ref}`probe`.

:::{pause-list}
:::

:::{key-idea-list}
:::
""",
    rst="""\
Pauses
======

.. pause-and-think:: What is *askedfirst*?
   :name: first
   :class: special

   pausebody

   - pauselist

   .. discussion::

      discussionbody

      discussionsecond

.. pause-and-think:: And then?
   :open:

   openbody

.. key-idea:: Probe
   :name: probe

   A classifier on activations.

   ideasecond

See :ref:`first` and :ref:`probe`.

.. pause-list::

.. key-idea-list::
""",
    once=("pausebody", "pauselist", "discussionbody", "discussionsecond", "openbody"),
)

ARTICLES = Example(
    myst="""\
---
title: Stars
description: What a star is.
difficulty: beginner
block: sky
category: objects
order: 1
prerequisites:
  - title: Light
    url: https://example.org/light
glossary:
  - term: Star
    definition: A ball of gas that shines.
updated: 2026-11-01
---

# Stars

bodyword{abbr}`s (words)`, and a {term}`star`.

```python
codeword = 1
```

:::{learning-path}
:::

:::{article-glossary}
:::
""",
    rst="""\
:title: Stars
:description: What a star is.
:difficulty: beginner
:block: sky
:category: objects
:order: 1
:prerequisites: [{"title": "Light", "url": "https://example.org/light"}]
:glossary: [{"term": "Star", "definition": "A ball of gas that shines."}]
:updated: 2026-11-01

Stars
=====

bodyword\\ :abbr:`s (words)`, and a :term:`star`.

.. code-block:: python

   codeword = 1

.. learning-path::

.. article-glossary::
""",
    once=("bodyword", "codeword"),
    config={"articles_blocks": {"sky": "The sky"}, "linkcheck_ignore": [".*"]},
)

TIMELINE = Example(
    myst="""\
# Timelines

:::{timeline} The captiontext of a drawing.
:name: drawn
:alt: A drawing.

- date: 2020-03
  title: First
  text: with *emphasis*, `code` and {cite:p}`bell2021`
  cite: ada2020
  group: one
- date: 2021..2022-05
  title: Second
  link: https://example.org/
  group: another
:::

:::{timeline}
- date: 2023
  title: listedtitle
  text: listedtext with {math}`e = 1`
- date: 2024-01-31
  title: othertitle of *listed* ones
  text: othertext
:::

See {ref}`drawn`.

```{bibliography}
```
""",
    rst="""\
Timelines
=========

.. timeline:: The captiontext of a drawing.
   :name: drawn
   :alt: A drawing.

   - date: 2020-03
     title: First
     text: with *emphasis*, ``code`` and :cite:p:`bell2021`
     cite: ada2020
     group: one
   - date: 2021..2022-05
     title: Second
     link: https://example.org/
     group: another

.. timeline::

   - date: 2023
     title: listedtitle
     text: listedtext with :math:`e = 1`
   - date: 2024-01-31
     title: othertitle of *listed* ones
     text: othertext

See :ref:`drawn`.

.. bibliography::
""",
    # What is drawn stands in a page twice, of which one is shown.
    once=("listedtitle", "listedtext", "othertitle", "othertext"),
    with_extensions=("sphinxcontrib.bibtex",),
    config={"linkcheck_ignore": [".*"]},
)

CITING = Example(
    myst="""\
# Citing

Said {cite:p}`ada2020` and by {cite:t}`bell2021`, onceonly.

> Quoted {cite:p}`ada2020`.

```{bibliography}
```
""",
    rst="""\
Citing
======

Said :cite:p:`ada2020` and by :cite:t:`bell2021`, onceonly.

   Quoted :cite:p:`ada2020`.

.. bibliography::
""",
    once=("onceonly",),
    with_extensions=("sphinxcontrib.bibtex",),
    config={"bibtex_default_style": "marginalia", "bibtex_reference_style": "marginalia"},
)

LEDGER = Example(
    myst="""\
# Claims

:::{claim} first
:kind: capability
:verdict: supported
:scale: open-weights
:evidence: ada2020
:against: bell2021
:reviewed: 2026-11-20
:would-change: a *changeword* result

A sentence {cite:p}`ada2020`.

claimsecond
:::

:::{claim} second
:kind: position
:verdict: not-established
:class: special

Another sentence.
:::

See {claim}`first`, {claim}`the second <second>` and {ref}`claim-first`, onceonly.

:::{claim-table} The positions
:kind: position
:sort: verdict
:::

:::{claim-matrix}
:kind: position
:::

:::{claim-matrix}
:rows: kinds
:::

```{bibliography}
```
""",
    rst="""\
Claims
======

.. claim:: first
   :kind: capability
   :verdict: supported
   :scale: open-weights
   :evidence: ada2020
   :against: bell2021
   :reviewed: 2026-11-20
   :would-change: a *changeword* result

   A sentence :cite:p:`ada2020`.

   claimsecond

.. claim:: second
   :kind: position
   :verdict: not-established
   :class: special

   Another sentence.

See :claim:`first`, :claim:`the second <second>` and :ref:`claim-first`, onceonly.

.. claim-table:: The positions
   :kind: position
   :sort: verdict

.. claim-matrix::
   :kind: position

.. claim-matrix::
   :rows: kinds

.. bibliography::
""",
    once=("changeword", "onceonly"),
    with_extensions=("sphinxcontrib.bibtex",),
)

MATHML = Example(
    myst="""\
# Formulas

Inline {math}`inlineletter + 1` and:

```{math}
:label: eq

blockletter \\\\ otherletter
```

See {eq}`eq`.
""",
    rst="""\
Formulas
========

Inline :math:`inlineletter + 1` and:

.. math::
   :label: eq

   blockletter \\\\ otherletter

See :eq:`eq`.
""",
    once=(),
    config={"html_math_renderer": "mathml"},
)

PICTURES = Example(
    myst="""\
# Pictures

```{image} _pictures/dot.svg
:alt: pictureword
```

A sentence.
""",
    rst="""\
Pictures
========

.. image:: _pictures/dot.svg
   :alt: pictureword

A sentence.
""",
    once=(),
)
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><circle r="2"/></svg>'

NAVIGATION = Example(
    myst="# Navigation\n\n## Sectionword\n\nA sentence.\n",
    rst="Navigation\n==========\n\nSectionword\n-----------\n\nA sentence.\n",
    once=(),
    config={"navigation_limit": 1},
)
GARBAGE = Example(
    myst="# Garbage\n\nA sentence.\n", rst="Garbage\n=======\n\nA sentence.\n", once=()
)

ALL = (*FEATURES, *EXTRAS)
EXAMPLES = {
    "sphinx_marginalia.sidenotes": SIDENOTES,
    "sphinx_marginalia.pauses": PAUSES,
    "sphinx_marginalia.articles": ARTICLES,
    "sphinx_marginalia.timeline": TIMELINE,
    "sphinx_marginalia.permalinks": CITING,
    "sphinx_marginalia.ledger": LEDGER,
    "sphinx_marginalia.mathml": MATHML,
    "sphinx_marginalia.pictures": PICTURES,
    "sphinx_marginalia.navigation": NAVIGATION,
    "sphinx_marginalia.garbage": GARBAGE,
}


def test_every_feature_has_an_example() -> None:
    assert set(EXAMPLES) == set(ALL)


#: ``testing.build`` has values for MyST in any case.
UNKNOWN_VALUE = re.compile(
    r"WARNING: unknown config value '(myst|bibtex)_\w+' in override, ignoring\n"
)


def build_alone(feature: str, syntax: str, builder: str, folder: Path) -> Built:
    """Build the example of *feature*, with nothing else of this package in ``conf.py``."""
    example = EXAMPLES[feature]
    extensions = [*example.with_extensions, feature]
    if syntax == "md":
        extensions.insert(0, "myst_parser")
    text = example.myst if syntax == "md" else example.rst
    files = {f"index.{syntax}": text, "works.bib": WORKS, "_pictures/dot.svg": DOT}
    config = {**QUIET, **example.config}
    built = build(files, folder, builder, extensions=extensions, **config)
    return replace(built, warnings=UNKNOWN_VALUE.sub("", built.warnings))


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize(("feature", "syntax"), list(product(ALL, ("md", "rst"))))
def test_a_feature_alone_builds_without_a_warning_and_keeps_every_word(
    feature: str, syntax: str, builder: str, tmp_path: Path
) -> None:
    built = build_alone(feature, syntax, builder, tmp_path)
    assert built.warnings == ""
    if builder in OUTPUT:
        text = (built.out / OUTPUT[builder]).read_text(encoding="utf-8")
        assert {word: text.count(word) for word in EXAMPLES[feature].once} == dict.fromkeys(
            EXAMPLES[feature].once, 1
        )


@pytest.mark.parametrize("syntax", ["md", "rst"])
def test_footnotes_that_stay_footnotes_keep_every_word_beside_sidenotes(
    syntax: str, tmp_path: Path
) -> None:
    text = SIDENOTES.myst if syntax == "md" else SIDENOTES.rst
    built = build({f"index.{syntax}": text}, tmp_path)
    page = built.page()
    assert built.warnings == ""
    assert [word for word in SIDENOTES.once if page.count(word) != 1] == []


@pytest.mark.parametrize("feature", ALL)
def test_a_feature_does_not_stand_in_the_way_of_markdown_links(
    feature: str, tmp_path: Path
) -> None:
    files = {
        "index.md": "# A\n\nSee [](#there).\n\n```{toctree}\nb\n```\n",
        "b.md": "(there)=\n# There\n",
    }
    built = build(files, tmp_path, extensions=["myst_parser", feature])
    assert built.warnings == ""
    assert '<span class="std std-ref">There</span>' in built.page()


# Who imports whom


def imported_by(module: Path) -> set[str]:
    """Return the modules of this package that *module* imports, also within functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in names if name.startswith("sphinx_marginalia")}


def features_imported_by(folder: str) -> set[tuple[str, str]]:
    return {
        (module.name, feature)
        for module in (PACKAGE / folder).rglob("*.py")
        for name in imported_by(module)
        for feature in FEATURES
        if name == feature or name.startswith(f"{feature}.")
    }


def test_core_imports_no_feature() -> None:
    assert features_imported_by("core") == set()


@pytest.mark.parametrize("feature", ALL)
def test_a_feature_imports_no_other_feature(feature: str) -> None:
    imported = features_imported_by(feature.rpartition(".")[2])
    assert {name for _, name in imported} <= {feature}


# Warnings


def article(title: str = "T", **values: str) -> str:
    """Return a page whose front matter is complete, with *values* in it."""
    values = {"title": title, "description": "D.", "order": "1"} | values
    lines = [f"{key}: {value}" for key, value in values.items() if value]
    return "\n".join(["---", *lines, "orphan: true", "---", f"# {title}", ""])


KIND = ":kind: position"
BIBTEX = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"],
    "bibtex_bibfiles": ["works.bib"],
}


def claim(**options: str) -> str:
    """Return a page with the claim ``star``, whose options are complete, with *options* in it."""
    options = {"verdict": "not-established"} | options
    lines = [KIND, *(f":{name}: {value}" for name, value in options.items())]
    return "\n".join(["# T", "", ":::{claim} star", *lines, "", "It is a star.", ":::", ""])


HOME = "(home)=\n# T\n"


def locked(**records: dict[str, Any]) -> str:
    """Return a lock with the record of the home page, and others."""
    return json.dumps({"home": record("index#home"), **records}, indent=1)


#: Every warning there is: what is written, and what a reader is told.
WARNINGS: dict[Problem, tuple[dict[str, str], dict[str, Any], str]] = {
    Problem.OPTION_VALUE: (
        {"index.md": "# T"},
        {"sidenotes_latex": "margins"},
        "WARNING: sidenotes_latex = 'margins' in conf.py: did you mean 'margin'?; 'margin' is used",
    ),
    Problem.EMPTY_NOTE: (
        {"index.md": "# T\n\nText.\n\n:::{sidenote}\n:::\n"},
        {},
        "index.md:5: WARNING: the sidenote has no text",
    ),
    Problem.NESTED_NOTE: (
        {"index.md": "# T\n\nA.\n\n:::{sidenote}\nOuter.{sidenote}`Inner.`\n:::\n"},
        {},
        "index.md:6: WARNING: a note stands in a note; its text joins the outer one",
    ),
    Problem.NOTE_WITHOUT_ANCHOR: (
        {"index.md": "# T\n\n:::{sidenote}\nA note.\n:::\n"},
        {},
        "index.md:3: WARNING: no text stands before the sidenote; put it behind a paragraph",
    ),
    Problem.MISPLACED_NOTE: (
        {"index.md": "# T\n\n[A link{sidenote}`A note.`](https://example.org)\n"},
        {},
        "index.md:3: WARNING: a note cannot stand in a link; it is put behind it",
    ),
    Problem.UNDEFINED_FOOTNOTE: (
        {"index.md": "# T\n\nA sentence.[^gone]\n"},
        {"sidenotes_from_footnotes": True},
        "index.md:3: WARNING: no footnote [^gone] is defined; write “[^gone]: its text”",
    ),
    Problem.UNUSED_FOOTNOTE: (
        {"index.md": "# T\n\nA sentence.\n\n[^lonely]: Nobody comes.\n"},
        {"sidenotes_from_footnotes": True},
        "index.md:5: WARNING: nothing refers to the footnote [lonely]",
    ),
    Problem.PAUSE_WITHOUT_QUESTION: (
        {"index.md": "# T\n\n:::{pause-and-think}\nBody.\n:::\n"},
        {},
        "index.md:3: WARNING: the pause has no question; write it behind the name of the directive",
    ),
    Problem.SPLIT_NOTE: (
        {"index.md": "# T\n\nA{sidenote}`see {ref}`x` y.\n"},
        {},
        "index.md:3: WARNING: the note ends at the backquote behind {ref}; "
        "put double backquotes round it",
    ),
    Problem.KEY_IDEA_WITHOUT_TERM: (
        {"index.md": "# T\n\n:::{key-idea}\nBody.\n:::\n"},
        {},
        "index.md:3: WARNING: the key idea has no term; write it behind the name of the directive",
    ),
    Problem.EMPTY_LIST: (
        {"index.md": "# T\n\n:::{pause-list}\n:::\n"},
        {},
        "index.md:3: WARNING: the pause-list is empty: there is nothing, "
        "or `exclude` leaves all of it out",
    ),
    Problem.STRAY_DISCUSSION: (
        {"index.md": "# T\n\n:::{discussion}\nBody.\n:::\n"},
        {},
        "index.md:3: WARNING: the discussion is in no pause-and-think block",
    ),
    Problem.EMPTY_KEY_IDEA: (
        {"index.md": "# T\n\n:::{key-idea} Probe\n:::\n"},
        {},
        "index.md:3: WARNING: the key idea 'Probe' has no definition",
    ),
    Problem.UNKNOWN_MATH: (
        {"index.md": "# T\n\nA formula $\\nosuch$.\n"},
        {"html_math_renderer": "mathml", "extensions": ["myst_parser", *EXTRAS]},
        "index.md:3: WARNING: the formula $\\nosuch$ is shown as TeX: unknown command \\nosuch; "
        "a command of yours goes into mathml_macros",
    ),
    Problem.UNKNOWN_PREREQUISITE: (
        {"index.md": article(prerequisites="[star]"), "stars.md": article("Stars", order="")},
        {},
        "index.md:5: WARNING: unknown prerequisite 'star'; did you mean 'stars'?",
    ),
    Problem.CYCLIC_PREREQUISITE: (
        {
            "index.md": article(prerequisites="[stars]"),
            "stars.md": article("Stars", prerequisites="[index]", order=""),
        },
        {},
        "index.md:5: WARNING: prerequisites in a circle: index → stars → index",
    ),
    Problem.HARDER_PREREQUISITE: (
        {
            "index.md": article(difficulty="beginner", prerequisites="[stars]"),
            "stars.md": article("Stars", difficulty="advanced", order=""),
        },
        {},
        "index.md:6: WARNING: the prerequisite stars is advanced, "
        "harder than this beginner article",
    ),
    Problem.UNKNOWN_BLOCK: (
        {"index.md": article(block="skys")},
        {"articles_blocks": {"sky": "The sky"}},
        "index.md:5: WARNING: unknown block 'skys'; did you mean 'sky'?",
    ),
    Problem.UNKNOWN_DIFFICULTY: (
        {"index.md": article(difficulty="beginer")},
        {},
        "index.md:5: WARNING: unknown difficulty 'beginer'; did you mean 'beginner'?",
    ),
    Problem.ARTICLE_ORDER: (
        {"index.md": article(block="sky", order="2")},
        {},
        "index.md:4: WARNING: order 2 in the block 'sky' leaves out 1",
    ),
    Problem.DUPLICATE_TERM: (
        {
            "index.md": article(glossary="[{term: Star, definition: It shines.}]"),
            "stars.md": article("Stars", glossary="[{term: star, definition: Gas.}]"),
        },
        {},
        "stars.md:5: WARNING: the term 'star' is defined in index too",
    ),
    Problem.MISSING_METADATA: (
        {"index.md": article(description="")},
        {},
        "index.md:1: WARNING: the article has no description",
    ),
    Problem.METADATA_TYPE: (
        {"index.md": article(order="first")},
        {},
        "index.md:4: WARNING: order must be a whole number from 1, not 'first'",
    ),
    Problem.METADATA_KEY: (
        {"index.md": article(dificulty="beginner")},
        {},
        "index.md:5: WARNING: unknown key 'dificulty'; did you mean 'difficulty'?",
    ),
    Problem.TITLE_MISMATCH: (
        {"index.md": article().replace("# T", "# Another")},
        {},
        "index.md:2: WARNING: the title 'T' is not that of the page, 'Another'",
    ),
    Problem.BLOCK_FILE: (
        {"index.md": article(), "sky/_block.yaml": "The sky", "sky/stars.md": article("Stars")},
        {},
        "sky/_block.yaml:1: WARNING: the file describes no block: "
        "write title and order in it (The sky)",
    ),
    Problem.UNCITED_WORK: (
        {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n", "works.bib": WORKS},
        {
            "extensions": ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"],
            "bibtex_bibfiles": ["works.bib"],
            "citing_report_uncited": True,
        },
        "works.bib:2: WARNING: nothing cites 2 of the works: ada2020 (works.bib:2), "
        "bell2021 (works.bib:8); cite them, or take them out of the file",
    ),
    Problem.CITATION_FILE: (
        {"index.md": "# T", "CITATION.cff": CFF.replace("license:", "licence:")},
        {},
        "CITATION.cff:11: WARNING: unknown key licence; did you mean 'license'?",
    ),
    Problem.CITATION_METADATA: (
        {"index.md": "---\ndate: soon\n---\n\n# T\n", "CITATION.cff": CFF},
        {},
        "index.md:2: WARNING: date must be a date, as 2026-11-23, not 'soon'",
    ),
    Problem.TAKEN_ADDRESS: (
        {
            "index.md": f"{HOME}\n```{{toctree}}\ns/home\n```\n",
            "s/home.md": "# A house\n",
            LOCK: locked(),
        },
        {"suppress_warnings": ["marginalia.anchor_nameless"]},
        "WARNING: s/home.html is not written, to which old links or citations lead: a file of the "
        "site has that name",
    ),
    Problem.ANCHOR_LOCK_FILE: (
        {"index.md": HOME, LOCK: locked(home=record("index#home", tilte="T"))},
        {},
        f"{LOCK}:6: WARNING: 'home' has the unknown key 'tilte'; did you mean 'title'?",
    ),
    Problem.ANCHOR_PATTERN: (
        {"index.md": f"{HOME}\n(1st)=\n## One\n", LOCK: locked(st=record("index#st"))},
        {},
        "index.md:5: WARNING: the name '1st' is 'st' in addresses: write that, in lower-case "
        "letters, digits and hyphens, a letter first",
    ),
    Problem.ANCHOR_USED_TWICE: (
        {
            "index.md": HOME,
            "b.rst": ":orphan:\n\n.. _home:\n\nB\n=\n",
            LOCK: locked(),
        },
        {},
        "b.rst:6: WARNING: the permanent name 'home' is used twice: here and in index.md:2; give one "
        "another",
    ),
    Problem.ANCHOR_NAMELESS: (
        {"index.md": f"{HOME}\n## No name\n", LOCK: locked()},
        {},
        "index.md:4: WARNING: the heading “No name” has no permanent name: write (no-name)= above "
        "it, or run make anchors",
    ),
    Problem.ANCHOR_NEW: (
        {"index.md": f"{HOME}\n(new)=\n## New\n", LOCK: locked()},
        {},
        "index.md:5: WARNING: the permanent name 'new' is not in the lock yet: run make anchors",
    ),
    Problem.ANCHOR_MISSING: (
        {"index.md": HOME, LOCK: locked(old=record("index#old", "Old"))},
        {},
        "index.md:2: WARNING: the permanent name 'old' (“Old”) is missing from index: write (old)= "
        "above its heading again, or run python -m sphinx_marginalia.permalinks lock --renamed old=NEW, "
        'or --retire old --reason "WHY"',
    ),
    Problem.ANCHOR_MOVED: (
        {"index.md": HOME, LOCK: locked(home=record("other#home"))},
        {},
        "index.md:2: WARNING: 'home' has moved here from 'other#home': run make anchors",
    ),
    Problem.ANCHOR_REVIVED: (
        {"index.md": HOME, LOCK: locked(home=record("index#home", reason="Gone."))},
        {},
        "index.md:2: WARNING: the permanent name 'home' was retired and is here again: run make "
        "anchors",
    ),
    Problem.ANCHOR_SUCCESSOR: (
        {"index.md": HOME, LOCK: locked(old=record("index#old", successor="hone"))},
        {},
        f"{LOCK}:7: WARNING: 'old' was retired for 'hone', which does not exist; did you mean 'home'?",
    ),
    Problem.ANCHOR_OLD_PLACE: (
        {
            "index.md": HOME,
            LOCK: locked(
                a=record("index#a", reason="So.", was=["p#q"]),
                b=record("index#b", reason="So.", was=["p#q"]),
            ),
        },
        {},
        f"{LOCK}:16: WARNING: the old place 'p#q' belongs to 'a' and to 'b': a link can lead to one "
        "only; take it out of one record",
    ),
    Problem.ANCHOR_REMOVED: (
        {"index.md": HOME, LOCK: locked()},
        {},
        f"{LOCK}:1: WARNING: the record of 'old' was removed since v1.0: take it back from there; "
        "what was published once stays in the lock (v1.0)",
    ),
    Problem.TIMELINE_FILE: (
        {"index.md": "# T\n\n:::{timeline}\n:file: years.yaml\n- {date: 2024, title: A}\n:::\n"},
        {},
        "index.md:3: WARNING: there is no file 'years.yaml'",
    ),
    Problem.TIMELINE_DATA: (
        {"index.md": "# T\n\n:::{timeline}\n- date: 2024\n  title: A\n- B\n:::\n"},
        {},
        "index.md:6: WARNING: a milestone has keys: write date: and title: before what they are",
    ),
    Problem.TIMELINE_DATE: (
        {
            "index.md": "# T\n\n:::{timeline}\n:file: years.yaml\n:::\n",
            "years.yaml": "\n- title: A\n  date: 2025..2024\n",
        },
        {},
        "years.yaml:3: WARNING: '2025..2024' ends before it begins; it is turned round",
    ),
    Problem.TIMELINE_KEY: (
        {"index.md": "# T\n\n:::{timeline}\n\n- date: 2024\n  title: A\n  grop: B\n:::\n"},
        {},
        "index.md:7: WARNING: unknown key 'grop'; did you mean 'group'?",
    ),
    Problem.TIMELINE_TITLE: (
        {
            "index.rst": "T\n=\n\n.. timeline::\n\n   - date: 2023\n     title: A\n   - date: 2024\n     text: B\n"
        },
        {},
        "index.rst:8: WARNING: the milestone has no title; its text is shown alone",
    ),
    Problem.TIMELINE_CITATION: (
        {
            "index.md": "# T\n\n:::{timeline}\n- {date: 2020, title: A, cite: ada202}\n:::\n",
            "works.bib": WORKS,
        },
        {
            "extensions": ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"],
            "bibtex_bibfiles": ["works.bib"],
        },
        "index.md:4: WARNING: no work has the key 'ada202'; did you mean 'ada2020'?",
    ),
    Problem.CLAIM_INCOMPLETE: (
        {"index.md": f"# T\n\n:::{{claim}}\n{KIND}\n:::\n"},
        {},
        "index.md:3: WARNING: the claim is not complete: write an id behind the name of the "
        "directive, :verdict:, a sentence",
    ),
    Problem.CLAIM_OPTION: (
        {"index.md": claim(scale="fronteer")},
        {},
        "index.md:6: WARNING: unknown scale 'fronteer'; did you mean 'frontier'?",
    ),
    Problem.CLAIM_DUPLICATE: (
        {"index.md": claim(), "b.md": f"---\norphan: true\n---\n{claim()}"},
        {},
        "b.md:6: WARNING: the claim 'star' is in index.md:3 too; give one another id",
    ),
    Problem.CLAIM_UNKNOWN: (
        {"index.md": f"{claim()}\nSee {{claim}}`stars`.\n"},
        {},
        "index.md:10: WARNING: there is no claim 'stars'; did you mean 'star'?",
    ),
    Problem.CLAIM_UNKNOWN_WORK: (
        {"index.md": claim(evidence="ada2021"), "works.bib": WORKS},
        BIBTEX,
        "index.md:6: WARNING: no work has the key 'ada2021'; did you mean 'ada2020'?",
    ),
    Problem.CLAIM_WORKS_UNREAD: (
        {"index.md": claim(evidence="ada2020")},
        {},
        "index.md:3: WARNING: the keys ada2020 are shown as they are: add sphinxcontrib.bibtex to "
        "extensions in conf.py",
    ),
    Problem.CLAIM_WITHOUT_EVIDENCE: (
        {"index.md": claim(verdict="supported")},
        {},
        "index.md:5: WARNING: the claim is supported and names no evidence: write keys behind "
        ":evidence:",
    ),
    Problem.CLAIM_UNOPPOSED: (
        {"index.md": claim(verdict="refuted")},
        {},
        "index.md:5: WARNING: the claim is refuted and nothing speaks against it: write keys behind "
        ":against:",
    ),
    Problem.CLAIM_DATE: (
        {"index.md": claim(reviewed="2026-11-24")},
        {"ledger_today": "2026-11-23"},
        "index.md:6: WARNING: the claim was reviewed on 2026-11-24, which is after 2026-11-23 "
        "(ledger_today)",
    ),
}

#: What the files said at the last release, where a warning is about that.
RELEASED = {Problem.ANCHOR_REMOVED: {LOCK: locked(old=record("index#old"))}}


def told(built: Built) -> list[str]:
    """Return the warnings of *built* with paths that are the same everywhere."""
    return built.warnings.replace(f"{built.app.srcdir}/", "").splitlines()


def test_every_warning_has_a_case() -> None:
    assert set(WARNINGS) == set(Problem)


@pytest.mark.parametrize("problem", Problem, ids=lambda problem: problem.subtype)
def test_a_warning_tells_where_and_what(problem: Problem, tmp_path: Path) -> None:
    files, config, warning = WARNINGS[problem]
    release(tmp_path / "source", RELEASED.get(problem, {}), "v1.0")
    built = build(files, tmp_path, may_fail=True, **config)
    expected = f"{warning} [marginalia.{problem.subtype}]"
    assert {line for line in told(built) if TYPE in line} == {expected}
    assert [
        line for line in told(built) if TYPE not in line and "duplicate label" not in line
    ] == []


@pytest.mark.parametrize("problem", Problem, ids=lambda problem: problem.subtype)
def test_a_warning_can_be_silenced_by_its_subtype(problem: Problem, tmp_path: Path) -> None:
    files, config, _ = WARNINGS[problem]
    silenced = [f"marginalia.{problem.subtype}", *config.get("suppress_warnings", ())]
    config = {**config, "suppress_warnings": silenced}
    release(tmp_path / "source", RELEASED.get(problem, {}), "v1.0")
    warnings = told(build(files, tmp_path, **config))
    assert [line for line in warnings if "duplicate label" not in line] == []


# One process or four, a folder or another, at once or bit by bit

N = 24
PAGE = """\
({name})=
# Page {name}{{sidenote}}`Heading note of {name}.`

Said{{sidenote}}``Note of {name}, see {{cite:p}}`ada2020`.`` and {{cite:t}}`bell2021`.{{marginnote}}`Beside.`

A footnote[^a] twice[^a].

[^a]: Footnote of {name}.

::::{{pause-and-think}} Question of {name}?
Think.{{sidenote}}`Within.`

:::{{discussion}}
Discuss {{ref}}`{name}`.
:::
::::

:::{{key-idea}} Idea of {name}
:name: idea-{name}

The definition of {name}, see {{ref}}`idea-p00`.
:::

:::{{claim}} claim-of-{name}
:kind: capability
:verdict: contested
:scale: frontier
:evidence: ada2020
:against: bell2021
:reviewed: 2026-11-20
:would-change: a better look at {name}

The claim of {name}.{{sidenote}}`Of a claim.`
:::

As {{claim}}`claim-of-p00` says.
"""
LISTS = """\
# Lists

:::{pause-list}
:::

:::{key-idea-list}
:::

:::{claim-table}
:::

:::{claim-matrix}
:::
"""
BIBLIOGRAPHY = "# Bibliography\n\n```{bibliography}\n```\n"
NAMES = [f"p{n:02}" for n in range(N)]
CORPUS = {
    "index.md": "\n".join(["# Book\n\n```{toctree}", *NAMES, "lists", "works", "```\n"]),
    "lists.md": LISTS,
    "works.md": BIBLIOGRAPHY,
    "works.bib": WORKS,
    **{f"{name}.md": PAGE.format(name=name) for name in NAMES},
}
WHOLE = {
    **QUIET,
    "extensions": ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"),
    "sidenotes_from_footnotes": True,
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
}

#: What is for Sphinx and not for a reader: ``.buildinfo`` is a hash of the configuration, and
#: ``environment.pickle`` and the doctrees hold sets and paths.
NOT_FOR_READERS = re.compile(r"\.buildinfo|\.doctrees/|environment\.pickle")


def output_of(built: Built) -> dict[str, bytes]:
    """Return every file that a reader may get, by its name."""
    files = {file.relative_to(built.out).as_posix(): file for file in built.out.rglob("*")}
    return {
        name: file.read_bytes()
        for name, file in sorted(files.items())
        if file.is_file() and not NOT_FOR_READERS.match(name)
    }


def differences(one: Built, other: Built) -> list[str]:
    """Return the names of the files that are not the same, or only in one of both."""
    a, b = output_of(one), output_of(other)
    return [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(CORPUS, tmp_path_factory.mktemp("one"), **WHOLE)


def test_a_book_builds_without_a_warning(one_process: Built) -> None:
    assert one_process.warnings == ""


def test_four_processes_write_the_same_html_as_one(one_process: Built, tmp_path: Path) -> None:
    four = build(CORPUS, tmp_path, jobs=4, **WHOLE)
    assert four.warnings == ""
    assert differences(four, one_process) == []


def test_four_processes_write_the_same_latex_as_one(tmp_path: Path) -> None:
    one = build(CORPUS, tmp_path / "one", "latex", **WHOLE)
    four = build(CORPUS, tmp_path / "four", "latex", jobs=4, **WHOLE)
    assert differences(one, four) == []


def test_two_folders_give_the_same_book(one_process: Built, tmp_path: Path) -> None:
    assert differences(build(CORPUS, tmp_path / "else" / "where", **WHOLE), one_process) == []


SMALL = ["p00", "p01", "p02"]
BOOK = {
    "index.md": "\n".join(["# Book\n\n```{toctree}", *SMALL, "lists", "works", "```\n"]),
    "lists.md": LISTS,
    "works.md": BIBLIOGRAPHY,
    "works.bib": WORKS,
    **{f"{name}.md": PAGE.format(name=name) for name in SMALL},
}


class Log:
    """What a build reads and writes."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.written: list[str] = []

    def setup(self, app: Any) -> dict[str, bool]:
        """Listen, as an extension."""
        app.connect("source-read", lambda app, docname, source: self.read.append(docname))
        app.connect("html-page-context", self._writes)
        return {"parallel_read_safe": True, "parallel_write_safe": True}

    def _writes(self, app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
        if doctree is not None:
            self.written.append(page)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """Be an extension ``reading_log`` that notes what is read and written."""
    import sys
    from types import ModuleType

    log = Log()
    module = ModuleType("reading_log")
    module.setup = log.setup  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "reading_log", module)
    return log


#: Sphinx itself, with no extension, does not write the neighbours of a page again whose title
#: changed, and keeps the words of the old title in the search index.
STALE = {"title": ("p00.html", "p02.html", "searchindex.js")}


def rebuild(files: Mapping[str, str], folder: Path, **config: Any) -> Built:
    return build(files, folder, fresh=False, **{**WHOLE, **config})


def test_a_build_without_changes_reads_and_writes_nothing(log: Log, tmp_path: Path) -> None:
    config = {"extensions": (*WHOLE["extensions"], "reading_log")}
    rebuild(BOOK, tmp_path, **config)
    assert sorted(log.read) == sorted(["index", *SMALL, "lists", "works"])
    log.read.clear()
    log.written.clear()
    rebuild(BOOK, tmp_path, **config)
    assert (log.read, log.written) == ([], [])


EDITS = {
    "question": ("Question of p01?", "Another question?"),
    "key idea": ("Idea of p01", "A better idea"),
    "definition": ("The definition of p01", "A better definition"),
    "title": ("# Page p01", "# Retitled"),
    "sidenote": ("Note of p01", "Another note"),
    "citation": (" and {cite:t}`bell2021`", ""),
    "pause removed": ("::::{pause-and-think}", "::::{note}"),
    "claim": ("The claim of p01", "Another claim"),
    "verdict": (":verdict: contested", ":verdict: refuted"),
    "evidence": (":evidence: ada2020", ":evidence: bell2021"),
    "claim removed": (":::{claim} claim-of-p01", ":::{key-idea} No claim"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_page_edited_and_built_again_is_a_clean_build(edit: str, tmp_path: Path) -> None:
    old, new = EDITS[edit]
    page = BOOK["p01.md"].replace(old, new)
    if edit == "pause removed":
        page = page.replace(":::{discussion}", ":::{tip}")
    edited = {**BOOK, "p01.md": page}
    assert edited != BOOK
    rebuild(BOOK, tmp_path / "edited")
    again = rebuild(edited, tmp_path / "edited")
    clean = rebuild(edited, tmp_path / "clean")
    assert [name for name in differences(again, clean) if name not in STALE.get(edit, ())] == []


def test_an_edit_that_changes_no_question_writes_its_page_only(log: Log, tmp_path: Path) -> None:
    config = {"extensions": (*WHOLE["extensions"], "reading_log")}
    rebuild(BOOK, tmp_path, **config)
    log.read.clear()
    log.written.clear()
    rebuild({**BOOK, "p01.md": BOOK["p01.md"].replace("Beside.", "Aside.")}, tmp_path, **config)
    assert log.read == ["p01"]
    assert "p02" not in log.written
    assert "lists" not in log.written


def test_a_deleted_page_takes_its_questions_and_ideas_with_it(tmp_path: Path) -> None:
    rebuild(BOOK, tmp_path)
    (tmp_path / "source" / "p01.md").unlink()
    without = {name: text for name, text in BOOK.items() if name != "p01.md"}
    without["index.md"] = BOOK["index.md"].replace("p01\n", "")
    page = rebuild(without, tmp_path).page("lists")
    assert "p00" in page
    assert "p01" not in page


def test_a_page_that_moves_in_the_contents_moves_in_the_lists(tmp_path: Path) -> None:
    rebuild(BOOK, tmp_path / "moved")
    moved = {**BOOK, "index.md": BOOK["index.md"].replace("p00\np01", "p01\np00")}
    page = rebuild(moved, tmp_path / "moved").page("lists")
    assert page.index("Question of p01?") < page.index("Question of p00?")
