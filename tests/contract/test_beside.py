"""Other extensions beside ours: their blocks with our notes in them, and their blocks in ours.

An extension that is not installed is skipped; ``nox -s beside`` installs all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.contract.builders import OUTPUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.slow  # each page is built in a process of its own

#: What is around the blocks of the other extension, in both markups.
AROUND = """
A sentence{{sidenote}}`pagenote` about embers.

{block}

:::::::{{pause-and-think}} Why is it red?
It is hot.{{sidenote}}`pausenote`

{inner}
:::::::

:::::::{{key-idea}} Colour tells heat
A hot thing glows.{{sidenote}}`ideanote`
:::::::
"""
AROUND_RST = r"""
A sentence\ :sidenote:`pagenote` about embers.

.. pause-and-think:: Why is it red?

   It is hot.\ :sidenote:`pausenote`

.. key-idea:: Colour tells heat

   A hot thing glows.\ :sidenote:`ideanote`
"""
SETTINGS = {
    "project": "Embers",
    "author": "Ada",
    "version": "1",
    "copyright": "2026, Ada",
    "html_theme": "basic",
    "myst_enable_extensions": ["colon_fence"],
    "exclude_patterns": ["_*", "scripts"],
    "latex_documents": [("index", "test.tex", "Embers", "Ada", "manual")],
}
ALWAYS = ("pagenote", "pausenote", "ideanote")


class Beside(NamedTuple):
    """A page with blocks of another extension."""

    #: Its module, as ``conf.py`` lists it.
    extension: str
    files: Mapping[str, str]
    #: Words that every output has once.
    once: tuple[str, ...] = ()
    config: Mapping[str, Any] = {}
    #: What reads Markdown; it is loaded before.
    reader: str = "myst_parser"


def myst(block: str, inner: str = "", front: str = "") -> dict[str, str]:
    return {"index.md": f"{front}# Embers\n{AROUND.format(block=block, inner=inner)}"}


def rst(block: str) -> dict[str, str]:
    return {"index.rst": f"Embers\n======\n{AROUND_RST}\n{block}\n"}


def notebook(*cells: tuple[str, str]) -> str:
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": "python3", "display_name": "Python 3"},
                "language_info": {"name": "python", "pygments_lexer": "ipython3"},
                "orphan": True,
            },
            "cells": [
                {
                    "id": f"cell{n}",
                    "cell_type": kind,
                    "metadata": {"raw_mimetype": "text/restructuredtext"} if kind == "raw" else {},
                    "source": text,
                    **({"outputs": [], "execution_count": None} if kind == "code" else {}),
                }
                for n, (kind, text) in enumerate(cells)
            ],
        }
    )


DOCSTRINGS = '''
def glow(heat):
    r"""Return the colour.

    A line\\ :sidenote:`docnote` about glowing.

    Parameters
    ----------
    heat : int
        Of the ember.\\ :sidenote:`parameternote`

    Returns
    -------
    str
        A colour.\\ :sidenote:`returnnote`

    Notes
    -----
    More of it.\\ :marginnote:`noteofnotes`
    """
'''
DOCNOTES = ("docnote", "parameternote", "returnnote", "noteofnotes")
FRONT = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
"""
TABS = """
::::::{tabs}
:::::{tab} Red
Warm.{sidenote}`tabnote`

Term{sidenote}`termnote`
: A word.
:::::
:::::{tab} Black
Cold.[^old]
:::::
::::::

[^old]: oldnote
"""
TOGGLE = """
:::{admonition} Answer{sidenote}`titlenote`
:class: dropdown

Red.{sidenote}`answernote`
:::

:::{toggle}
Black.{marginnote}`togglenote`
:::
"""
EXERCISE = """
:::{exercise} Ash
:label: ash

What is left?{sidenote}`exercisenote`
:::

:::{solution} ash
:class: dropdown

Ash.{sidenote}`solutionnote`
:::

See {ref}`ash`.
"""
PROOF = """
:::{prf:theorem} Of embers
:label: embers

They glow.{sidenote}`theoremnote`

| a | b |
|---|---|
| c{sidenote}`cellnote` | d |
:::

:::{prf:proof}
Look.{marginnote}`proofnote`
:::

See {prf:ref}`embers`.
"""
TIPPY = """
See [](#ash) and {term}`Cinder`.

```{glossary}
Cinder
  What is left.{sidenote}`cindernote`
```

(ash)=
## Ash{sidenote}`headnote`
"""
NEEDS = r"""
.. req:: An ember
   :id: EMBER_1

   It glows.\ :sidenote:`neednote`

   * A point.\ :marginnote:`pointnote`

.. needtable::
"""
GALLERY = '''r"""
Embers in Python
================

A sentence\\ :sidenote:`gallerynote`.
"""

# %%
# A block.\\ :sidenote:`blocknote`
print("red")
'''
#: Sphinx reports files of these extensions in an EPUB, with or without ours.
FILES_OF_OTHERS = {"suppress_warnings": ["epub.unknown_project_files"]}
PAGES = {
    "myst-nb": Beside(
        "myst_nb",
        myst("```{code-cell}\n1 + 1\n```\n\nA line.{sidenote}`cellnote`", front=FRONT)
        | {"book.ipynb": notebook(("markdown", "# Book\n\nA{sidenote}`booknote`."), ("code", "1"))},
        ("cellnote",),
        {"nb_execution_mode": "off", "suppress_warnings": ["myst-nb.lexer"]},
        reader="",
    ),
    "sphinx-tabs": Beside(
        "sphinx_tabs.tabs",
        myst(TABS, "::::{tabs}\n:::{tab} In\nIt.{sidenote}`innernote`\n:::\n::::"),
        ("tabnote", "termnote", "innernote", "oldnote"),
    ),
    "togglebutton": Beside(
        "sphinx_togglebutton",
        myst(TOGGLE, TOGGLE.replace("note`", "inner`")),
        ("titlenote", "answernote", "togglenote", "titleinner", "answerinner", "toggleinner"),
    ),
    "exercise": Beside(
        "sphinx_exercise",
        myst(EXERCISE, ":::{exercise}\nWhy?{sidenote}`innernote`\n:::"),
        ("exercisenote", "solutionnote", "innernote"),
    ),
    "proof": Beside(
        "sphinx_proof",
        myst(PROOF, ":::{prf:remark}\nSo.{sidenote}`remarknote`\n:::"),
        ("theoremnote", "cellnote", "proofnote", "remarknote"),
    ),
    "tippy": Beside("sphinx_tippy", myst(TIPPY), ("headnote", "cindernote")),
    "thebe": Beside(
        "sphinx_thebe",
        myst("```{thebe-button}\n```\n\n:::{sidenote}\nblocknote\n\n```python\nred = 1\n```\n:::"),
        ("blocknote",),
        {"thebe_config": {"repository_url": "https://github.com/a/b"}},
    ),
    "gallery": Beside(
        "sphinx_gallery.gen_gallery",
        rst(".. toctree::\n\n   made/index")
        | {
            "scripts/GALLERY_HEADER.rst": "Gallery\n=======\n",
            "scripts/embers.py": GALLERY,
        },
        ("blocknote",),  # Its index shows the first sentence, too.
        {
            "sphinx_gallery_conf": {
                "examples_dirs": "scripts",
                "gallery_dirs": "made",
                "plot_gallery": False,
                "show_memory": False,
                "image_scrapers": (),
                "reset_modules": (),
            }
        },
    ),
    "numpydoc": Beside(
        "numpydoc",
        rst(".. autofunction:: embers_one.glow") | {"embers_one.py": DOCSTRINGS},
        DOCNOTES,
        {"numpydoc_show_class_members": False},
    ),
    "napoleon": Beside(
        "sphinx.ext.napoleon",
        rst(".. autofunction:: embers_two.glow") | {"embers_two.py": DOCSTRINGS},
        DOCNOTES,
    ),
    "needs": Beside("sphinx_needs", rst(NEEDS), ("neednote", "pointnote"), FILES_OF_OTHERS),
    "nbsphinx": Beside(
        "nbsphinx",
        {"index.ipynb": notebook(("raw", "Embers\n======\n" + AROUND_RST), ("code", "1 + 1"))},
        config={"nbsphinx_execute": "never", **FILES_OF_OTHERS},
    ),
}


def run(page: Beside, folder: Path, builder: str, extensions: list[str]) -> list[str]:
    """Build *page* with ``-W``, and return the texts that are written.

    In a process of its own: some extensions change what all projects of a process share.
    """
    for name, text in page.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    settings = {**SETTINGS, **page.config, "extensions": extensions}
    lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
    (folder / "conf.py").write_text("import sys\nsys.path.insert(0, '.')\n" + "".join(lines))
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder]
    done = subprocess.run(
        [*command, "-d", "_doctrees", ".", "_out"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    suffix = OUTPUT[builder].partition(".")[2]
    return [file.read_text("utf-8") for file in sorted((folder / "_out").rglob(f"*.{suffix}"))]


@pytest.mark.parametrize(
    ("builder", "first"), [("html", True), ("html", False), ("latex", False), ("epub", True)]
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_another_extension_keeps_our_notes(
    name: str, builder: str, first: bool, tmp_path: Path
) -> None:
    page = PAGES[name]
    if find_spec(page.extension.partition(".")[0]) is None:
        pytest.skip(f"{page.extension} is not installed: nox -s beside")
    others = [*filter(None, [page.reader]), "sphinx.ext.autodoc", page.extension]
    ours = ["sphinx_marginalia"]
    texts = run(page, tmp_path, builder, [*ours, *others] if first else [*others, *ours])
    once = dict.fromkeys((*ALWAYS, *page.once), 1)
    assert {word: sum(text.count(word) for text in texts) for word in once} == once
