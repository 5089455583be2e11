"""Count what the architecture page promises about the code, and say what breaks a rule.

    python tools/house.py

Prints one line for each number and exits with 1 if a bound is exceeded. The same checks run in
``tests/test_house.py``.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "ext"

#: Words that say nothing as the whole name of a function, class, parameter, attribute or module.
VAGUE = frozenset("found place told shown known given stand kept look take".split())

MOST_LINES, LONGEST_FUNCTION, SMALL, MOST_SMALL, LEAST_MEDIAN = 41_700, 40, 60, 0.10, 130


class Number(NamedTuple):
    """Something that is counted, and its bound."""

    name: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value is within its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "" if self.is_met else "   <- exceeded"
        return f"{self.name:38} {self.value:8,.10g}   {sign} {self.bound:,.10g}{mark}"


def modules() -> list[Path]:
    """Return all modules of the packages."""
    return sorted(PACKAGES.rglob("*.py"))


@cache
def tree(module: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def lines_of(module: Path) -> int:
    """Return the number of lines of a module."""
    return module.read_text(encoding="utf-8").count("\n")


def name_of(module: Path) -> str:
    """Return the dotted name of a module."""
    parts = module.relative_to(PACKAGES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Yield every function with its module."""
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef):
                yield module, node


def long_functions() -> list[str]:
    """Return the functions that are longer than allowed."""
    return [
        f"{name_of(module)}.{function.name}: {length} lines"
        for module, function in functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]


def vague_names() -> list[str]:
    """Return the definitions that are named by a word of :data:`VAGUE` alone."""
    names = [(name_of(module), module.stem) for module in modules()]
    for module in modules():
        for node in ast.walk(tree(module)):
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    names.append((name_of(module), node.name))
                case ast.arg():
                    names.append((name_of(module), node.arg))
                case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                    names.append((name_of(module), node.attr))
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names.append((name_of(module), name))
    return sorted(f"{module}: {name}" for module, name in names if name.strip("_") in VAGUE)


def classes_like(pattern: str) -> list[str]:
    """Return the classes whose name matches *pattern*."""
    return [
        f"{name_of(module)}.{node.name}"
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ClassDef) and re.search(pattern, node.name)
    ]


def date_parsers() -> list[str]:
    """Return the modules that build a date from a text themselves."""
    parser = re.compile(
        r"fromisoformat|strptime|\\d\{(?:1,)?4\}\)?\(\?:-|\bdt\.date\(int|\bdate\(int"
    )
    return [name_of(m) for m in modules() if parser.search(m.read_text(encoding="utf-8"))]


def import_circles() -> list[str]:
    """Return a circle of modules that import each other, also for type checkers, if there is one.

    A package's ``__init__`` does not count: it registers the rest.
    """
    names = {name_of(module): module for module in modules() if module.stem != "__init__"}
    graph = {name: imported(module) & names.keys() - {name} for name, module in names.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def imported(module: Path) -> set[str]:
    """Return the names that *module* imports anywhere, with and without their last part."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
            names.add(node.module)
    return names


def numbers() -> list[Number]:
    """Return everything that is counted."""
    sizes = [lines_of(module) for module in modules()]
    small = sum(size < SMALL for size in sizes) / len(sizes)
    return [
        Number("lines of the packages", sum(sizes), MOST_LINES),
        Number("files", len(sizes), 10_000),
        Number(f"files of fewer than {SMALL} lines, %", round(100 * small, 1), 100 * MOST_SMALL),
        Number("median file, lines", median(sizes), LEAST_MEDIAN, at_least=True),
        Number("longest file, lines", max(sizes), 320),
        Number(f"functions of more than {LONGEST_FUNCTION} lines", len(long_functions()), 0),
        Number("classes for something wrong", len(classes_like("Fault|Slip|Diagnostic$")), 1),
        Number("date parsers", len(date_parsers()), 1),
        Number("import circles", len(import_circles()), 0),
        Number("definitions with a vague name", len(vague_names()), 0),
    ]


def main() -> int:
    """Print the numbers, then what exceeds a bound."""
    counted = numbers()
    print("\n".join(map(str, counted)))
    lists = {
        "long functions": long_functions(),
        "classes for something wrong": classes_like("Fault|Slip|Diagnostic$"),
        "date parsers": date_parsers(),
        "import circles": import_circles(),
        "vague names": vague_names(),
    }
    for name, entries in lists.items():
        if len(entries) > (1 if name in {"classes for something wrong", "date parsers"} else 0):
            print(f"\n{name}:", *entries, sep="\n  ")
    return int(not all(number.is_met for number in counted))


if __name__ == "__main__":
    sys.exit(main())
