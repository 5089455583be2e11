"""What every feature promises, whatever it is: alone, in both markups, in every builder."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.testing import build
from tests.contract.builders import BUILDERS, OUTPUT, QUIET, WORKS
from tests.contract.examples import DOT, EXAMPLES, SIDENOTES

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

ALL = (*FEATURES, *EXTRAS)


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
    files = {
        f"index.{syntax}": text,
        "works.bib": WORKS,
        "_pictures/dot.svg": DOT,
        **example.files,
    }
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


@pytest.mark.parametrize("builder", ["foreign", "formatless"])
@pytest.mark.parametrize("feature", ALL)
def test_a_builder_of_another_package_gets_nodes_that_docutils_has(
    feature: str, builder: str, tmp_path: Path
) -> None:
    example = EXAMPLES[feature]
    built = build(
        {"index.md": example.myst, "works.bib": WORKS, "_pictures/dot.svg": DOT, **example.files},
        tmp_path,
        builder,
        extensions=["myst_parser", *example.with_extensions, feature, "tests.contract.builders"],
        **{**QUIET, **example.config},
    )
    text = (built.out / "index.foreign").read_text(encoding="utf-8")
    assert [word for word in example.once if word not in text] == []


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
