"""The text of a note is translated with the sentence it is written in."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sphinx_marginalia.testing import build
from tests.sidenotes.reading import errors_in, notes, soup, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_marginalia.testing import Built


def translated(
    text: str, extension: str, messages: Mapping[str, str], folder: Path, **config: object
) -> Built:
    """Build *text* with the catalogue *messages*, in German."""
    catalogue = folder / "source" / "locales" / "de" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    po = "".join(
        f"msgid {quoted(id_)}\nmsgstr {quoted(text_)}\n\n" for id_, text_ in messages.items()
    )
    with (catalogue / "index.mo").open("wb") as file:
        write_mo(
            file,
            read_po(
                BytesIO(
                    f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n{po}'.encode()
                )
            ),
        )
    config = {"language": "de", "locale_dirs": ["locales"], "gettext_compact": False, **config}
    return build({f"index.{extension}": text}, folder, **config)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


ROLES = {
    "md": (
        "# T\n\nNobody has seen one{sidenote}`Not in the wild.`.\n",
        {"Nobody has seen one{sidenote}`Not in the wild.`.":
         "Niemand sah eines{sidenote}`Nicht in der *Wildnis*.`."},
    ),
    "rst": (
        "T\n=\n\nNobody has seen one\\ :sidenote:`Not in the wild.`.\n",
        {"Nobody has seen one\\ :sidenote:`Not in the wild.`.":
         "Niemand sah eines\\ :sidenote:`Nicht in der *Wildnis*.`."},
    ),
}  # fmt: skip


@pytest.mark.parametrize("extension", ROLES)
def test_a_role_is_translated_with_its_sentence(extension: str, tmp_path: Path) -> None:
    text, messages = ROLES[extension]
    built = translated(text, extension, messages, tmp_path)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["1 Nicht in der Wildnis."]
    assert "Niemand sah eines" in words(page)
    assert "Nobody" not in words(page)
    assert errors_in(page) == []


@pytest.mark.parametrize("extension", ROLES)
def test_what_translators_are_given_holds_the_note_once(extension: str, tmp_path: Path) -> None:
    text, messages = ROLES[extension]
    built = build({f"index.{extension}": text}, tmp_path, "gettext")
    pot = built.read("index.pot")
    ids = [message.id for message in read_po(BytesIO(pot.encode())) if message.id]
    assert ids == ["T", *messages]


BLOCKS = {
    "md": "# T\n\nText.\n\n:::{sidenote}\nFirst.\n\n- Second.\n:::\n",
    "rst": "T\n=\n\nText.\n\n.. sidenote::\n\n   First.\n\n   - Second.\n",
}


@pytest.mark.parametrize("extension", BLOCKS)
def test_the_blocks_of_a_directive_are_translated_each(extension: str, tmp_path: Path) -> None:
    messages = {"Text.": "Wort.", "First.": "Erstens.", "Second.": "Zweitens."}
    built = translated(BLOCKS[extension], extension, messages, tmp_path)
    assert built.warnings == ""
    assert [words(note) for note in notes(soup(built))] == ["1 Erstens. Zweitens."]


FOOTNOTES = {
    "md": ("# T\n\nText[^a] and[^b].\n\n[^a]: First.\n\n[^b]: Second.\n",
           {"Text[^a] and[^b].": "Wort[^a] und[^b].", "First.": "Erstens.", "Second.": "Zweitens."}),
    "rst": ("T\n=\n\nText [#a]_ and [#b]_.\n\n.. [#a] First.\n.. [#b] Second.\n",
            {"Text [#a]_ and [#b]_.": "Wort [#a]_ und [#b]_.", "First.": "Erstens.",
             "Second.": "Zweitens."}),
}  # fmt: skip


@pytest.mark.parametrize("extension", FOOTNOTES)
def test_footnotes_are_translated_and_then_become_notes(extension: str, tmp_path: Path) -> None:
    text, messages = FOOTNOTES[extension]
    built = translated(text, extension, messages, tmp_path, sidenotes_from_footnotes=True)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["1 Erstens.", "2 Zweitens."]
    assert errors_in(page) == []


HEADINGS = {
    "md": ("# Title{sidenote}`A note.`\n\nText.\n",
           {"Title{sidenote}`A note.`": "Titel{sidenote}`Anmerkung.`"}),
    "rst": ("Title\\ :sidenote:`A note.`\n==========================\n\nText.\n",
            {"Title\\ :sidenote:`A note.`": "Titel\\ :sidenote:`Anmerkung.`"}),
}  # fmt: skip


@pytest.mark.parametrize("extension", HEADINGS)
def test_a_note_in_a_heading_is_translated(extension: str, tmp_path: Path) -> None:
    text, messages = HEADINGS[extension]
    built = translated(text, extension, messages, tmp_path)
    page = soup(built)
    assert built.warnings == ""
    assert [words(note) for note in notes(page)] == ["1 Anmerkung."]
    assert page.title.string.startswith("Titel —")


@pytest.mark.parametrize("extension", ROLES)
def test_a_note_without_a_translation_stays(extension: str, tmp_path: Path) -> None:
    text, _ = ROLES[extension]
    built = translated(text, extension, {"Other.": "Anderes."}, tmp_path)
    assert built.warnings == ""
    assert [words(note) for note in notes(soup(built))] == ["1 Not in the wild."]


def test_the_words_of_the_interface_are_in_the_readers_language(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\nA{marginnote}`m` b{sidenote}`s`\n"}, tmp_path, language="de")
    page = soup(built)
    label = page.select_one('[role="doc-backlink"]')
    assert label is not None
    assert label["aria-label"] != "1, back to the text"
