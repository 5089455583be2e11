"""What the file beside a page says of each place that a link can lead to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.previews.data import part_of
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

EXTENSIONS = (
    "myst_parser",
    "sphinxcontrib.bibtex",
    "sphinx_marginalia",
    "sphinx_marginalia.mathml",
    "sphinx_marginalia.previews",
)
AUTHORS = " and ".join(f"Last{letter}, First{letter}" for letter in "ABCDEFGHIJKLMNOP")
WORKS = """\
@article{deep, title={A Deep Look at $n^2$}, author={Ada, Alice and Bell, Bob},
  journal={Journal of Wells}, year={2020}, doi={10.1/well}}
@article{many, title={By Many}, author={AUTHORS}, journal={Crowds}, year={2021}}
""".replace("AUTHORS", AUTHORS)
HOME = "# Home\n\nSee {doc}`wells`.\n"
WELLS = """\
---
title: Of wells
description: What a well is.
difficulty: beginner
block: hydrology
order: 1
category: method
glossary:
  - term: parsec
    definition: A long way.
---

# Of wells

How deep they are{sidenote}``A note with *stress* and {math}`d_1`.``, and {cite:p}`deep`.[^plain]

[^plain]: A plain footnote.

(ropes)=
## Of ropes{sidenote}`In the heading.`

- A list comes first.

A rope of length $l$ is <b onclick="alert(1)">raw</b> and {ref}`long <ropes>`.

The second paragraph.

### Of knots

:::{figure} rope.svg
:name: fig-rope
:alt: A rope

A rope in a well.

Its legend.
:::

```{math}
:label: eq-rope
l = 2 d
```

:::{claim} near-wells
:verdict: supported
:kind: position
:evidence: deep

Wells are near.
:::

:::{key-idea} Depth
How far down.
:::

```{table} Depths
:name: table-depths

| well | depth |
|------|-------|
| 1    | one   |
| 2    | two   |
| 3    | three |
| 4    | four  |
| 5    | five  |
| 6    | six   |
| 7    | seven |
```

```{code-block} python
:caption: Measure it
:name: code-rope

rope = 2
```

```{image} rope.svg
:name: image-rope
:alt: Only a picture
```

```{confval} rope_length
:type: int

How long the rope is. Not a second one.
```
"""
END = "# End\n\n```{article-glossary}\n```\n\n```{bibliography}\n```\n"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"/>'
FILES = {
    "index.md": HOME,
    "wells.md": WELLS,
    "end.md": END + "\n{cite:p}`many`\n",
    "works.bib": WORKS,
    "rope.svg": PICTURE,
}
TREE = "\n```{toctree}\nwells\nend\n```\n"


def site(folder: Path, files: dict[str, str] | None = None, **options: Any) -> Built:
    texts = {**FILES, **(files or {})}
    texts["index.md"] += TREE
    config = {
        "bibtex_bibfiles": ["works.bib"],
        "bibtex_default_style": "marginalia",
        "bibtex_reference_style": "marginalia",
        "bibtex_cite_id": "ref-{key}",
        "html_math_renderer": "mathml",
    }
    return build(texts, folder, **{"extensions": EXTENSIONS, **config, **options})


def previews(built: Built, docname: str = "wells") -> dict[str, BeautifulSoup]:
    """Return what the file beside the page of *docname* has, by id."""
    data = json.loads((built.out / f"{docname}.previews.json").read_text(encoding="utf-8"))
    return {
        name: BeautifulSoup(data["previews"][number], "html.parser")
        for name, number in data["ids"].items()
    }


def words(soup: BeautifulSoup) -> str:
    for source in soup.select("annotation"):
        source.decompose()  # the TeX of a formula, which nobody sees
    return " ".join(soup.get_text().split())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = site(tmp_path_factory.mktemp("wells"))
    assert built.warnings == ""
    return built


# Kinds of places

SHOWN = {
    ("wells", ""): "Of wells How deep they are, and (Ada and Bell 2020).",
    ("wells", "of-wells"): "Of wells How deep they are, and (Ada and Bell 2020).",
    ("wells", "ropes"): "Of ropes A rope of length l is raw and long.",
    ("wells", "of-knots"): "Of knots",
    ("wells", "fig-rope"): "A rope in a well.",
    ("wells", "equation-eq-rope"): "(1)l=2d",
    ("wells", "claim-near-wells"): "Verdict ✓ supported Kind position Wells are near.",
    ("wells", "sidenote-1"): "A note with stress and d1.",
    ("wells", "confval-rope_length"): "rope_length How long the rope is. Not a second one.",
    ("wells", "code-rope"): "Measure it rope = 2",
    ("wells", "image-rope"): "",
    ("end", "term-parsec"): "parsec A long way. From: Of wells",
    ("end", "ref-deep"): "Alice Ada and Bob Bell. A Deep Look at n2. Journal of Wells, 2020. "
    "doi:10.1/well.",
}


@pytest.mark.parametrize(("docname", "name"), SHOWN)
def test_each_kind_of_place_shows_what_it_is(built: Built, docname: str, name: str) -> None:
    assert words(previews(built, docname)[name]) == SHOWN[docname, name]


def test_a_formula_is_a_formula(built: Built) -> None:
    shown = previews(built)
    for name in ("ropes", "equation-eq-rope", "sidenote-1"):
        assert shown[name].select_one("math"), name
    assert previews(built, "end")["ref-deep"].select_one("math")


def test_a_figure_has_its_picture(built: Built) -> None:
    picture = previews(built)["fig-rope"].select_one("img")
    assert picture is not None
    assert (picture["src"], picture["alt"]) == ("_images/rope.svg", "A rope")


def test_a_work_leads_on(built: Built) -> None:
    link = previews(built, "end")["ref-deep"].select_one("a")
    assert link is not None
    assert link["href"] == "https://doi.org/10.1/well"


def test_a_work_of_many_authors_has_its_title(built: Built) -> None:
    text = words(previews(built, "end")["ref-many"])
    assert "FirstA LastA, FirstB LastB" in text
    assert "…, and FirstP LastP." in text
    assert "FirstK" not in text
    assert "By Many" in text


def test_a_long_table_shows_its_first_rows(built: Built) -> None:
    table = previews(built)["table-depths"]
    assert "six" in words(table)
    assert "seven" not in words(table)


def test_a_plain_footnote_is_shown_too(tmp_path: Path) -> None:
    text = "# T\n\nA word.[^a]\n\n[^a]: The foot.\n"
    extensions = ("myst_parser", "sphinx_marginalia.previews")
    built = build({"index.md": text}, tmp_path, extensions=extensions)
    assert "The foot." in [words(soup) for soup in previews(built, "index").values()]


FOLDED = """\
# T

## A pause

:::::{pause-and-think} How deep?
:name: pause
Guess.
::::{discussion}
The answer.
::::
:::::

## A dropdown

:::{dropdown} How deep?
The answer.
:::

## An admonition

:::{admonition} How deep?
:class: dropdown
:name: admonition
The answer.
:::
"""


def test_what_is_folded_gives_no_answer_away(tmp_path: Path) -> None:
    extensions = ("sphinx_design", "sphinx_marginalia.pauses", *EXTENSIONS[::4])
    built = build({"index.md": FOLDED}, tmp_path, extensions=extensions)
    shown = previews(built, "index")
    assert words(shown["pause"]) == "How deep? Guess."
    assert words(shown["admonition"]) == "How deep?"
    assert words(shown["a-dropdown"]) == "A dropdown"
    for name, soup in shown.items():
        assert "answer" not in words(soup), name
        assert not soup.select("summary, details"), name


# Safe and short


def test_nothing_that_an_author_writes_becomes_a_script(tmp_path: Path) -> None:
    text = (
        "# T\n\nA [link](javascript:alert(1)), <img src=x onerror=alert(1)> and "
        "`<script>`.\n\n## S\n\n<script>alert(1)</script>\n\nText.\n"
    )
    built = build({"index.md": text}, tmp_path, extensions=("myst_parser", EXTENSIONS[-1]))
    for soup in previews(built, "index").values():
        assert soup.select("script, img, a, [onerror]") == []


def test_the_length_is_that_of_the_option(tmp_path: Path) -> None:
    text = f"# T\n\nStart {{math}}`{'x + ' * 30} x` {'word ' * 100}*end*.\n"
    built = site(tmp_path, {"wells.md": text}, previews_length=150)
    page = previews(built)[""]
    assert page.select_one("math")
    assert page.get_text().endswith("word…")
    assert page.select_one("em") is None


def test_a_page_with_many_places_has_several_files(tmp_path: Path) -> None:
    sections = "".join(f"## Section {n}\n\n{'word ' * 60}\n\n" for n in range(300))
    built = site(tmp_path, {"wells.md": f"# T\n\n{sections}"})
    count = json.loads(built.read("wells.previews.json"))["parts"]
    assert count > 1
    assert len(list(built.out.glob("wells.previews-*.json"))) == count
    for name in ("", "section-7", "section-250"):
        part = f"wells.previews-{part_of(name, count)}"
        assert name in json.loads(built.read(f"{part}.json"))["ids"]
    # And one again when it is short again.
    built = site(tmp_path, fresh=False)
    assert [file.name for file in built.out.glob("wells.previews*")] == ["wells.previews.json"]


# Where


def test_the_pages_do_not_change_but_for_the_script(built: Built, tmp_path: Path) -> None:
    without = site(tmp_path, extensions=EXTENSIONS[:-1])
    page = BeautifulSoup(built.page("wells"), "html.parser")
    for asset in page.select("[src*=marginalia-previews], [href*=marginalia-previews]"):
        asset.decompose()
    plain = BeautifulSoup(without.page("wells"), "html.parser")
    assert page.body == plain.body


@pytest.mark.parametrize("builder", ["epub", "singlehtml", "latex", "json"])
def test_other_formats_have_nothing_of_it(builder: str, tmp_path: Path) -> None:
    built = site(tmp_path, builder=builder)
    assert [path.name for path in built.out.rglob("*preview*")] == []


def test_folders_as_addresses_have_their_files_in_them(tmp_path: Path) -> None:
    built = site(tmp_path, builder="dirhtml")
    assert (built.out / "index.previews.json").is_file()
    assert (built.out / "wells" / "index.previews.json").is_file()


def test_an_old_document_leaves_no_previews(tmp_path: Path) -> None:
    built = site(tmp_path, {"gone.md": "---\norphan: true\n---\n# Gone\n"})
    assert (built.out / "gone.previews.json").is_file()
    (tmp_path / "source" / "gone.md").unlink()
    built = site(tmp_path, fresh=False)
    assert not (built.out / "gone.previews.json").exists()
    assert (built.out / "wells.previews.json").is_file()


def test_previews_follow_what_they_show(tmp_path: Path) -> None:
    site(tmp_path)
    changed = WORKS.replace("A Deep Look", "A Shallow Look")
    later = site(tmp_path, {"works.bib": changed}, fresh=False)
    assert "A Shallow Look" in words(previews(later, "end")["ref-deep"])


def test_the_words_are_in_the_language_of_the_book(tmp_path: Path) -> None:
    built = site(tmp_path, language="de")
    data = json.loads(built.read("wells.previews.json"))
    assert data["words"] == ["Dorthin", "Schließen"]


OTHERS = """\
.. _api:

Of code
=======

.. py:class:: Well

   A well.

   .. py:method:: dig()

      Dig it.

.. note:: With an interface:
   :name: digging

   .. py:function:: digging()

      Always.

   .. todo:: Ask the miller.
"""


def test_a_preview_has_the_blocks_of_other_extensions(tmp_path: Path) -> None:
    built = build(
        {"index.rst": OTHERS},
        tmp_path,
        extensions=["myst_parser", "sphinx.ext.todo", "sphinx_marginalia.previews"],
        todo_include_todos=True,
    )
    assert built.warnings == ""
    data = json.loads(built.read("index.previews.json"))
    shown = {name: data["previews"][number] for name, number in data["ids"].items()}
    assert "A well." in shown["Well"]
    assert "Dig it." in shown["Well.dig"]
    text = BeautifulSoup(shown["digging"], "html.parser").get_text()
    assert [words in text for words in ("digging()", "Todo", "Ask the miller.")] == 3 * [True]
