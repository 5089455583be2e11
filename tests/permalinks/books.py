"""A small book that was published, and what its author does to it then."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

CFF = """\
cff-version: 1.2.0
message: Cite it.
title: "Tides & clocks"
type: software
authors:
  - family-names: Lovelace
    given-names: Ada
  - name: The Clock Society
version: 1.2.0
date-released: 2026-03-01
license: CC-BY-4.0
preferred-citation:
  type: book
  title: "Tides & clocks"
  authors:
    - family-names: Lovelace
      given-names: Ada
    - name: The Clock Society
  publisher: {name: Harbour Press}
"""
#: As it was published.
PAGES = {
    "index.md": "(home)=\n# Tides and clocks\n\n```{toctree}\nmoon\nsea/harbour\n```\n",
    "moon.md": "(moon)=\n# The moon\n\nIt rises.\n\n(phases)=\n## Phases\n\nA month has four.\n\n"
    "(eclipse)=\n## Eclipses\n\nA shadow falls.\n",
    "sea/harbour.md": "(harbour)=\n# The harbour\n\nShips lie.\n\n(quay)=\n## The quay\n\nRopes hold.\n",
}
ADDRESSES = {
    "cite_as_version_url": "https://tides.example/en/{version}/",
    "cite_as_newest_url": "https://tides.example/page/",
    "cite_as_release": "release",
}
LOCK = "anchors.lock.json"


def record(at: str, title: str = "T", **more: Any) -> dict[str, Any]:
    """Return a record of the lock."""
    return {"at": at, "first": "1.0", "title": title, **more}


#: What was published, by id.
PUBLISHED = {
    "home": record("index#home", "Tides and clocks"),
    "moon": record("moon#moon", "The moon"),
    "phases": record("moon#phases", "Phases"),
    "eclipse": record("moon#eclipse", "Eclipses"),
    "harbour": record("sea/harbour#harbour", "The harbour"),
    "quay": record("sea/harbour#quay", "The quay"),
}


def book(
    folder: Path,
    builder: str = "html",
    *,
    pages: dict[str, str | None] | None = None,
    lock: dict[str, dict[str, Any]] | None = None,
    cff: str | None = CFF,
    fresh: bool = True,
    jobs: int = 1,
    **config: Any,
) -> Built:
    """Build the book with some *pages* changed, or taken out with ``None``, and records changed."""
    files = {name: text for name, text in {**PAGES, **(pages or {})}.items() if text is not None}
    for name, text in (pages or {}).items():
        if text is None:
            (folder / "source" / name).unlink(missing_ok=True)
    files[LOCK] = json.dumps({**PUBLISHED, **(lock or {})}, indent=2)
    if cff is not None:
        files["CITATION.cff"] = cff
    return build(files, folder, builder, fresh=fresh, jobs=jobs, **{**ADDRESSES, **config})


def release(folder: Path, files: dict[str, str], tag: str) -> None:
    """Make a git repository of *files* with a release, if there are any."""
    if not files:
        return
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", tag), ("tag", tag)):
        subprocess.run(["git", "-C", str(folder), *author, *command], check=True)
