"""What the package imports: neither Sphinx nor an extension, and no module in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import marginalia_import

PACKAGE = Path(marginalia_import.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(module: Path) -> set[str]:
    """Return the names that *module* imports, also within functions and for types alone."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports {node.module} relatively"
            names.add(str(node.module))
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_imports_neither_sphinx_nor_an_extension(module: Path) -> None:
    packages = {name.partition(".")[0] for name in imports(module)}
    assert packages & {"sphinx", "docutils", "sphinx_marginalia", "sphinxcontrib"} == set()


def test_no_module_imports_itself_through_others() -> None:
    names = {f"marginalia_import.{module.stem}" for module in MODULES}
    graph = {f"marginalia_import.{module.stem}": imports(module) & names for module in MODULES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == names
