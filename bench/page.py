"""The page of results: ratios in place of what stood between two marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.report import (
    VARIANTS,
    cpu_ratio,
    exponent,
    growing,
    line,
    memory_ratio,
    ratio_without_gc,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.measure import Series

#: Comments of MyST around the results of one contest.
MARKED = re.compile(r"(?ms)^% results of (?P<of>[\w-]+)\n(?P<results>.*?)^% end of results\n")
GROWTH = {"cpu": "CPU time", "written": "bytes written"}


def marks_in(file: Path) -> list[str]:
    """Return the names of the contests whose results have a place in *file*."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return [match["of"] for match in MARKED.finditer(text)]


def put_into(file: Path, of: str, results: str) -> None:
    """Put *results* between the marks of a contest in *file*."""

    def replaced(match: re.Match[str]) -> str:
        if match["of"] != of:
            return match[0]
        return f"% results of {of}\n\n{results}\n\n% end of results\n"

    text = file.read_text(encoding="utf-8")
    file.write_text(MARKED.sub(replaced, text), encoding="utf-8")


def ratios(all_measured: Sequence[Series]) -> str:
    """Return what two builds have in common on any machine, as Markdown: ratios and exponents."""
    return "\n".join(_lines(all_measured))


def _lines(all_measured: Sequence[Series]) -> Iterator[str]:
    yield line("pages", "build", "CPU time", "without gc", "memory")
    yield line("--:", ":--", "--:", "--:", "--:")
    for measured in all_measured:
        found = (cpu_ratio(measured), ratio_without_gc(measured), memory_ratio(measured))
        numbers = (f"{ratio.median:.2f}" for ratio in found)
        yield line(f"{measured.pages:,}", measured.stage.value, *numbers)
    if ends := growing(all_measured):
        small, large = ends
        yield ""
        yield line(f"growth from {small.pages:,} to {large.pages:,} pages", *VARIANTS)
        yield line(":--", "--:", "--:")
        for what, words in GROWTH.items():
            yield line(words, *(f"{exponent(small, large, name, what):.2f}" for name in VARIANTS))
