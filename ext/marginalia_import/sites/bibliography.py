"""Collect the bibliographies of a site as one BibTeX file that Sphinx can read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import first_unused
from marginalia_import.bibtex import bibtex_entry
from marginalia_import.report import Kind
from marginalia_import.sites.site import Bibliography

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from marginalia_import.report import Report

#: What a key cannot contain: BibTeX or the role ``cite``, which splits at commas, refuses it.
UNSAFE = re.compile(r"[^\w.:/+-]")
ENTRY = re.compile(r"^[ \t]*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^,\s]+)\s*,", re.MULTILINE)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def load_bibliographies(files: Iterable[tuple[Path, str]], report: Report) -> Bibliography:
    """Return the works of all files. Of two with the same key the first counts.

    :param files: each file with its name for the report
    """
    merged = Bibliography()
    for file, name in files:
        works = _load(file, name, report, merged.keys)
        for key, problem in works.problems:
            report.add(Kind.BIBLIOGRAPHY, name, 1, f"{key}: {problem}")
        for old, key in works.keys.items():
            if key != old:
                report.add(Kind.KEY, name, 1, f"{old!r} is renamed to {key!r}")
        merged.keys.update(works.keys)
        merged.text += works.text if not merged.text else f"\n{works.text}"
    return merged


def _load(file: Path, name: str, report: Report, existing: Collection[str]) -> Bibliography:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix != ".json":
            return from_bibtex(text, existing)
        records = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        report.add(Kind.BIBLIOGRAPHY, name, 1, f"could not be read: {error}")
        return Bibliography()
    if not isinstance(records, dict):
        report.add(Kind.BIBLIOGRAPHY, name, 1, "is not an object of works by key")
        return Bibliography()
    return from_json(records, existing)


def from_json(records: Mapping[str, Any], existing: Collection[str] = ()) -> Bibliography:
    """Return the works of a ``references.json``: a record by key.

    :param existing: the keys of other bibliographies, which take precedence
    """
    works = Bibliography()
    entries: list[str] = []
    used = {key.lower() for key in existing}
    for old, record in records.items():
        if old in existing:
            works.problems.append((old, "another bibliography has it"))
            continue
        if not isinstance(record, dict) or not str(record.get("title") or "").strip():
            works.problems.append((old, "it has no title"))
            continue
        key = works.keys[old] = _unique_key(old, used)
        entries.append(bibtex_entry(key, record))
    works.text = "\n".join(entries)
    return works


def _unique_key(old: str, used: set[str]) -> str:
    """Return a key that BibTeX accepts and no other work has; BibTeX ignores case."""
    plain = UNSAFE.sub("-", old.strip()).strip("-") or "work"
    key = first_unused(plain, lambda key: key.lower() in used)
    used.add(key.lower())
    return key


def from_bibtex(text: str, existing: Collection[str] = ()) -> Bibliography:
    """Return the works of a BibTeX file in a form that pybtex accepts.

    It refuses a second entry with the same key, which is left out. What is wrong with an entry is
    reported, with its line, by the build of the new project.

    :param existing: the keys of other bibliographies, which take precedence
    """
    works = Bibliography()
    parts: list[str] = []
    used = {key.lower() for key in existing}
    position = 0
    for match in ENTRY.finditer(text):
        entry_type, key = match["type"].lower(), match["key"]
        if entry_type in {"comment", "string", "preamble"} or match.start() < position:
            continue
        if key.lower() in used:
            parts.append(text[position : match.start()])
            position = _entry_end(text, match.start())
            works.problems.append((key, "defined twice; the first entry is kept"))
            continue
        used.add(key.lower())
        works.keys[key] = key
    works.text = "".join([*parts, text[position:]])
    return works


def _entry_end(text: str, start: int) -> int:
    """Return the end of an entry: after its closing brace, or where the next entry begins."""
    depth = 0
    for match in BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "}":
            return match.end()
    following = ENTRY.search(text, start + 1)
    return following.start() if following else len(text)
