"""Every link of the built book leads somewhere, and every id is there once."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Attributes that name ids of the same page, one or several.
OF_IDS = (
    "for",
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "aria-owns",
    "aria-details",
)


@pytest.fixture(scope="session")
def pages(html: Path) -> list[Path]:
    # 404.html is written for one place on a server, whose name its links hold.
    return [file for file in sorted(html.rglob("*.html")) if file.name != "404.html"]


@cache
def soup_of(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@cache
def ids_in(file: Path) -> frozenset[str]:
    return frozenset(element["id"] for element in soup_of(file).select("[id]"))


def links_of(file: Path) -> Iterator[str]:
    """Yield the addresses within the book that *file* points to."""
    for attribute in ("href", "src"):
        for element in soup_of(file).select(f"[{attribute}]"):
            address = element[attribute]
            if not urlsplit(address).scheme and not address.startswith("//"):
                yield address


def is_broken(file: Path, address: str) -> bool:
    path, _, fragment = address.partition("#")
    target = (file.parent / unquote(path.partition("?")[0])).resolve() if path else file
    if not target.is_file():
        return True
    return bool(fragment) and target.suffix == ".html" and unquote(fragment) not in ids_in(target)


@pytest.mark.slow
def test_every_link_within_the_book_leads_somewhere(pages: list[Path]) -> None:
    broken = [
        f"{file.name}: {address}" for file in pages for address in links_of(file)
        if is_broken(file, address)
    ]  # fmt: skip
    assert broken == []


@pytest.mark.slow
def test_every_reference_to_an_id_has_one(pages: list[Path]) -> None:
    missing = [
        f"{file.name}: {attribute}={name}"
        for file in pages
        for attribute in OF_IDS
        for element in soup_of(file).select(f"[{attribute}]")
        for name in " ".join(element.get_attribute_list(attribute)).split()
        if name not in ids_in(file)
    ]
    assert missing == []


@pytest.mark.slow
def test_every_id_is_on_its_page_once(pages: list[Path]) -> None:
    for file in pages:
        counts = Counter(element["id"] for element in soup_of(file).select("[id]"))
        assert [id_ for id_, count in counts.items() if count > 1] == [], file.name
