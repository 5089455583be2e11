"""Files that belong to an article of Quarto or bookdown: includes, child documents, frozen output.

The article becomes one text before it is converted, and each line of it remembers the line of the
article, so that the report names places in the old site. https://quarto.org/docs/authoring/includes
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

import yaml

from marginalia_import import frontmatter
from marginalia_import.frontmatter import FENCED
from marginalia_import.sites.discovery import file_inside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

INCLUDE = re.compile(r"^[ \t]*\{\{<\s*include\s+[\"']?([^\s\"'<>]+)[\"']?\s*>\}\}[ \t]*$")
#: A value of ``_variables.yml`` or of the front matter.
VARIABLE = re.compile(r"(?<!\{)\{\{<\s*(?P<kind>var|meta)\s+(?P<name>[\w.-]+)\s*>\}\}")
#: The cell that stands for child documents; its end is the next fence.
CHILD = re.compile(r"^[ \t]*(?P<fence>`{3,})\{r[^}\n]*\bchild\s*=\s*(?P<names>[^}\n]*)\}[ \t]*$")
NAME = re.compile(r"[\"']([^\"'\n]+\.\w+)[\"']")
FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
#: How deep includes may nest: one may include itself.
DEEPEST = 5


def expand(root: Path, path: str, text: str) -> tuple[str, list[int]]:
    """Return an article with its includes and its frozen output, and the line of each line.

    The lines are empty if nothing was added. A file that the site does not have stays named.
    """
    lines = [(line, number) for number, line in enumerate(text.split("\n"), 1)]
    includes = re.search(r"\{\{<\s*include|\bchild\s*=", text)
    expanded = _frozen(root, path, lines) or (
        _with_includes(root, path, lines, DEEPEST) if includes else lines
    )
    if expanded == lines:
        return _with_values(root, text), []
    text = "\n".join(line for line, _ in expanded)
    return _with_values(root, text), [number for _, number in expanded]


def _with_values(root: Path, text: str) -> str:
    """Return a text on as many lines with the values of its variables; unknown ones stay."""
    if not VARIABLE.search(text):
        return text
    file = file_inside(root, "_variables.yml")
    variables: object = None
    with suppress(yaml.YAMLError, ValueError, OSError):
        variables = frontmatter.load_yaml(file.read_text("utf-8")) if file else None
    sources = {"var": variables, "meta": frontmatter.read(text)[0].values}

    def value(match: re.Match[str]) -> str:
        found = sources[match["kind"]]
        for key in match["name"].split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return " ".join(str(found).split()) if isinstance(found, str | int | float) else match[0]

    return VARIABLE.sub(value, text)


def _with_includes(
    root: Path, path: str, lines: list[tuple[str, int]], depth: int
) -> list[tuple[str, int]]:
    """Return lines with those of the files that they include."""
    out: list[tuple[str, int]] = []
    fence = ""
    skipped = ""
    for line, number in lines:
        match = FENCE.match(line)
        if skipped:
            skipped = "" if match and match[1] == skipped else skipped
            continue
        include, child = INCLUDE.match(line), CHILD.match(line)
        names = [include[1]] if include else NAME.findall(child["names"]) if child else []
        texts = [] if fence or not depth else [_read(root, path, name) for name in names]
        if texts and all(text is not None for _, text in texts):
            for name, text in texts:
                inner = [(each, number) for each in (text or "").split("\n")]
                out += [("", number), *_with_includes(root, name, inner, depth - 1), ("", number)]
            skipped = child["fence"] if child else ""
            continue
        if match:
            fence = match[1] if not fence else "" if match[1].startswith(fence) else fence
        out.append((line, number))
    return out


def _read(root: Path, path: str, name: str) -> tuple[str, str | None]:
    """Return the path of an included file, and its text without front matter."""
    target = normpath(name.lstrip("/") if name.startswith("/") else join(dirname(path), name))
    file = None if target.startswith("..") else file_inside(root, target)
    if file is None:
        return target, None
    text = file.read_text("utf-8", "replace").replace("\r\n", "\n")
    return target, FENCED.sub("", text, count=1).strip("\n")


def _frozen(root: Path, path: str, lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the lines of an article as Quarto executed it, if it has not changed since."""
    stem = path.rsplit(".", 1)[0]
    file = file_inside(root, f"_freeze/{stem}/execute-results/html.json")
    try:
        frozen = json.loads(file.read_text("utf-8"))["result"]["markdown"] if file else ""
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not isinstance(frozen, str) or not frozen:
        return []
    name = stem.rpartition("/")[2]
    frozen = frozen.replace(f"]({name}_files/", f"](/_freeze/{stem}/")
    executed = frozen.replace("\r\n", "\n").split("\n")
    if not {*_prose(line for line, _ in lines)} <= {line.strip() for line in executed}:
        return []
    places: dict[str, list[int]] = {}
    for line, number in reversed(lines):
        places.setdefault(line, []).append(number)
    number = 1
    out: list[tuple[str, int]] = []
    for line in executed:
        later = places.get(line, [])
        if line.strip() and later and later[-1] >= number:
            number = later.pop()
        out.append((line, number))
    return out


def _prose(lines: Iterable[str]) -> list[str]:
    """Return the lines outside of front matter and code that have words, without blanks."""
    text = FENCED.sub("", "\n".join(lines), count=1)
    text = re.sub(r"^[ \t]*(`{3,}).*?^[ \t]*\1[ \t]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    kept = [line.strip() for line in text.split("\n") if re.search(r"\w", line)]
    return [line for line in kept if "`r " not in line and "{{<" not in line]
