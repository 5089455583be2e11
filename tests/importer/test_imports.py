"""What the package imports: neither Sphinx nor an extension, and no module in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
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


def test_the_modules_of_one_dialect_do_not_make_another_start_later() -> None:
    script = "import sys, marginalia_import.cli; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    dialects = {f"marginalia_import.{name}" for name in ("pandoc", "hugo", "mdx", "obsidian")}
    unneeded = {"http.server", "importlib.metadata", "jinja2", "pybtex", "tqdm"}
    assert {*done.stdout.split()} & (dialects | unneeded) == set()
