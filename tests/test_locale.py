"""The words of the interface: a template that holds all of them, and complete translations."""

from __future__ import annotations

import io
from pathlib import Path  # noqa: TC003  (pytest reads the annotations)
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from sphinx_marginalia.core import CATALOG, LOCALE
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = LOCALE.parent
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def words_in_the_code() -> set[str]:
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")])
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_the_template_holds_each_word_of_the_code_and_no_other() -> None:
    template = catalog(LOCALE / f"{CATALOG}.pot")
    assert {message.id for message in template if message.id} == words_in_the_code()


def test_there_is_a_translation() -> None:
    assert LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_complete(language: str) -> None:
    translated = catalog(LOCALE / language / "LC_MESSAGES" / f"{CATALOG}.po")
    missing = {
        word for word in words_in_the_code() if not (m := translated.get(word)) or not m.string
    }
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    translated = catalog(LOCALE / language / "LC_MESSAGES" / f"{CATALOG}.po")
    assert [error for _, errors in translated.check() for error in errors] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    compiled = io.BytesIO()
    write_mo(compiled, catalog(folder / f"{CATALOG}.po"))
    compiled.seek(0)
    with (folder / f"{CATALOG}.mo").open("rb") as file:
        shipped = read_mo(file)
    assert {m.id: m.string for m in shipped if m.id} == {
        m.id: m.string for m in read_mo(compiled) if m.id
    }, "run: pybabel compile -d ext/sphinx_marginalia/locale -D sphinx_marginalia"


def test_a_german_page_speaks_german(tmp_path: Path) -> None:
    text = "# Titel\n\n:::{pause-and-think} Warum?\nDarum.{sidenote}`Eben.`\n:::\n"
    page = build({"index.md": text}, tmp_path, language="de").page()
    assert "Innehalten und nachdenken:" in page
    assert 'aria-label="1, zurück zum Text"' in page
