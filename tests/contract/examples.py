"""A document for each feature that uses all of it, in MyST and in reStructuredText."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK = json.dumps({"home": {"at": "index#home", "first": "1", "title": "Permalinks"}})
CFF = """\
cff-version: 1.2.0
message: Cite it.
title: Tides
authors:
  - family-names: Lovelace
    given-names: Ada
version: "1"
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
    #: Further files of the project, by name.
    files: Mapping[str, str] = {}


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
    with_extensions=("sphinxcontrib.bibtex", "sphinx_marginalia.works"),
    config={"linkcheck_ignore": [".*"]},
)

WORKS_CITED = Example(
    myst="""\
# Works

Said {cite:p}`ada2020` and by {cite:t}`bell2021`, onceonly.

> Quoted {cite:p}`ada2020`.

```{bibliography}
```
""",
    rst="""\
Works
=====

Said :cite:p:`ada2020` and by :cite:t:`bell2021`, onceonly.

   Quoted :cite:p:`ada2020`.

.. bibliography::
""",
    once=("onceonly",),
    with_extensions=("sphinxcontrib.bibtex", "sphinx_marginalia.works"),
    config={"bibtex_default_style": "marginalia", "bibtex_reference_style": "marginalia"},
)

PERMALINKS = Example(
    myst="(home)=\n# Permalinks\n\nA sentenceword.\n",
    rst=".. _home:\n\nPermalinks\n==========\n\nA sentenceword.\n",
    once=("sentenceword",),
    files={"anchors.lock.json": LOCK},
)

CITE_AS = Example(
    myst="(home)=\n# How to cite\n\nA sentenceword.\n\n```{how-to-cite}\n```\n",
    rst=".. _home:\n\nHow to cite\n===========\n\nA sentenceword.\n\n.. how-to-cite::\n",
    once=("sentenceword",),
    files={"anchors.lock.json": LOCK, "CITATION.cff": CFF},
    config={"cite_as_release": "release"},
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
    with_extensions=("sphinxcontrib.bibtex", "sphinx_marginalia.works"),
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

LARGE_SITES = Example(
    myst="""\
# Large sites

```{image} _pictures/dot.svg
:alt: pictureword
```

## Sectionword

A sentence.
""",
    rst="""\
Large sites
===========

.. image:: _pictures/dot.svg
   :alt: pictureword

Sectionword
-----------

A sentence.
""",
    once=(),
    config={"large_sites_sidebar_limit": 1},
)
RESULTS = Example(
    myst="""\
# Results

It rose to {result}`tides:rise:.0%`, onceonly.

:::{live-figure} _pictures/dot.svg
:name: fig-tides
:alt: A curve.
:script: tides.js
:data: tides
:table: hour

captionword
:::

See {ref}`the figure <fig-tides>`.
""",
    rst="""\
Results
=======

It rose to :result:`tides:rise:.0%`, onceonly.

.. live-figure:: _pictures/dot.svg
   :name: fig-tides
   :alt: A curve.
   :script: tides.js
   :data: tides
   :table: hour

   captionword

See :ref:`the figure <fig-tides>`.
""",
    once=("onceonly", "captionword"),
    files={
        "results/tides.json": json.dumps({"numbers": {"rise": 0.5}, "data": {"hour": [0, 6]}}),
        "tides.js": "export default () => {};\n",
    },
)
PREVIEWS = Example(
    myst="""\
# Previews

See {ref}`far` and {term}`rope`.

(far)=
## Sectionword

A sentence.

```{glossary}
rope
  definitionword
```
""",
    rst="""\
Previews
========

See :ref:`far` and :term:`rope`.

.. _far:

Sectionword
-----------

A sentence.

.. glossary::

   rope
      definitionword
""",
    once=("definitionword",),
)

SEARCH = Example(
    myst="""\
# Search

See {ref}`far`.

(far)=
## Sectionword

A sentence.

```{glossary}
rope
  definitionword
```
""",
    rst="""\
Search
======

See :ref:`far`.

.. _far:

Sectionword
-----------

A sentence.

.. glossary::

   rope
      definitionword
""",
    once=("definitionword",),
)
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><circle r="2"/></svg>'

EXAMPLES = {
    "sphinx_marginalia.sidenotes": SIDENOTES,
    "sphinx_marginalia.pauses": PAUSES,
    "sphinx_marginalia.articles": ARTICLES,
    "sphinx_marginalia.timeline": TIMELINE,
    "sphinx_marginalia.works": WORKS_CITED,
    "sphinx_marginalia.permalinks": PERMALINKS,
    "sphinx_marginalia.cite_as": CITE_AS,
    "sphinx_marginalia.ledger": LEDGER,
    "sphinx_marginalia.mathml": MATHML,
    "sphinx_marginalia.large_sites": LARGE_SITES,
    "sphinx_marginalia.results": RESULTS,
    "sphinx_marginalia.previews": PREVIEWS,
    "sphinx_marginalia.search": SEARCH,
}
