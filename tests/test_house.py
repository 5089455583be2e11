"""The rules of the house: who imports whom, which class is whose, and names that say something."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia import EXTRAS, FEATURES
from tests.contract.examples import EXAMPLES
from tests.contract.test_builders import build_alone
from tools import house

if TYPE_CHECKING:
    from pathlib import Path

EXT = house.PACKAGES
FEATURE_NAMES = [name.rpartition(".")[2] for name in (*FEATURES, *EXTRAS)]
#: The one exception: how to cite a section builds on its permalink.
ALLOWED = {"cite_as": {"permalinks"}}
COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->", re.DOTALL)
#: What the CSS classes of each feature begin with, after ``marginalia-``.
CLASSES = {
    "sidenotes": ("sidenote", "marginnote", "note"),
    "pauses": ("pause", "discussion", "key-idea"),
    "articles": ("article", "path", "term"),
    "timeline": ("timeline", "milestone"),
    "works": ("work", "citation", "cited-by"),
    "permalinks": ("permalink", "moved"),
    "cite_as": ("cite",),
    "ledger": ("claim", "ledger"),
    "mathml": ("math",),
    "large_sites": ("picture", "sidebar", "large-sites"),
    "results": ("live-figure",),
    "previews": ("preview",),
    "search": ("search",),
}


def modules(feature: str) -> list[Path]:
    return [module for module in house.modules() if f"sphinx_marginalia/{feature}/" in str(module)]


# Imports


@pytest.mark.parametrize("module", house.modules(), ids=house.name_of)
def test_a_module_that_calls_itself_pure_imports_neither_sphinx_nor_docutils(module: Path) -> None:
    docstring = ast.get_docstring(house.tree(module)) or ""
    if re.search(r"\bPure\.|\bPure:", docstring):
        packages = {name.partition(".")[0] for name in house.imported(module)}
        assert packages & {"sphinx", "docutils"} == set()


def features_imported_by(module: Path) -> set[str]:
    names = [name.split(".") for name in house.imported(module)]
    return {n[1] for n in names if n[0] == "sphinx_marginalia" and len(n) > 1} & {*FEATURE_NAMES}


@pytest.mark.parametrize("feature", ["core", *FEATURE_NAMES])
def test_a_feature_imports_core_and_no_other_feature(feature: str) -> None:
    assert modules(feature)
    imported = {(m.name, r) for m in modules(feature) for r in features_imported_by(m)}
    allowed = {feature, *ALLOWED.get(feature, ())}
    assert [pair for pair in sorted(imported) if pair[1] not in allowed] == []


def test_the_importer_imports_neither_sphinx_nor_an_extension() -> None:
    importer = [module for module in house.modules() if "marginalia_import/" in str(module)]
    assert importer
    imported = {name for module in importer for name in house.imported(module)}
    assert [
        n for n in sorted(imported) if re.match(r"(sphinx|docutils|sphinx_marginalia)\b", n)
    ] == []


def test_every_package_is_looked_at() -> None:
    packages = {path.parent.name for path in EXT.glob("*/__init__.py")}
    assert packages == {"sphinx_marginalia", "marginalia_import"}
    # ``new`` is a program; tests/new/test_new.py looks at its imports.
    looked_at = {*FEATURE_NAMES, "core", "locale", "new"}
    folders = {path.name for path in (EXT / "sphinx_marginalia").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == looked_at


def test_only_works_knows_sphinxcontrib_bibtex() -> None:
    knowing = {
        module.parent.relative_to(EXT / "sphinx_marginalia").parts[0]
        for module in house.modules()
        if "sphinx_marginalia/" in str(module) and module.parent != EXT / "sphinx_marginalia"
        for name in house.imported(module)
        if name.startswith(("pybtex", "sphinxcontrib"))
    }
    assert knowing == {"works"}


# Style


def styled_by(feature: str) -> set[str]:
    """Return the classes that the style sheets of a feature name, without ``marginalia-``."""
    sheets = (EXT / "sphinx_marginalia" / feature).rglob("*.css")
    texts = [COMMENT.sub("", sheet.read_text(encoding="utf-8")) for sheet in sheets]
    return {name for text in texts for name in re.findall(r"\.marginalia-([a-z0-9-]+)", text)}


@pytest.mark.parametrize("feature", FEATURE_NAMES)
def test_a_feature_styles_its_own_classes_and_no_other(feature: str) -> None:
    assert [
        name for name in sorted(styled_by(feature)) if not name.startswith(CLASSES[feature])
    ] == []


@pytest.mark.parametrize("feature", FEATURE_NAMES)
def test_the_classes_that_a_feature_writes_carry_its_name(feature: str, tmp_path: Path) -> None:
    built = build_alone(f"sphinx_marginalia.{feature}", "md", "html", tmp_path)
    page = COMMENT.sub("", built.page())
    lists = re.findall(r'class="([^"]*)"', page)
    written = {name for names in lists for name in re.findall(r"\bmarginalia-([a-z0-9-]+)", names)}
    # Timelines, claims and works cite; a citation is of the feature works.
    others = EXAMPLES[f"sphinx_marginalia.{feature}"].with_extensions
    allowed = (
        *CLASSES[feature],
        *(CLASSES["works"] if "sphinx_marginalia.works" in others else ()),
    )
    assert [name for name in sorted(written) if not name.startswith(allowed)] == []


# Names and sizes


def test_no_definition_is_named_by_a_word_that_says_nothing() -> None:
    assert house.vague_names() == []


def test_every_number_is_within_its_bound() -> None:
    assert [str(number) for number in house.numbers() if not number.is_met] == []
