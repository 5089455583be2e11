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


#: extension, two references, definitions
LABELS = {
    "numbers": ("md", "[^1]", "[^2]", "[^1]: First.\n\n[^2]: Second.\n"),
    "numbers in disorder": ("md", "[^2]", "[^1]", "[^2]: First.\n\n[^1]: Second.\n"),
    "names": ("md", "[^a]", "[^b]", "[^a]: First.\n\n[^b]: Second.\n"),
    "rst: numbers": ("rst", " [7]_", " [3]_", ".. [7] First.\n.. [3] Second.\n"),
    "rst: names": ("rst", " [#a]_", " [#b]_", ".. [#b] Second.\n.. [#a] First.\n"),
    "rst: no names": ("rst", " [#]_", " [#]_", ".. [#] First.\n.. [#] Second.\n"),
    "rst: name and number": ("rst", " [#a]_", " [1]_", ".. [#a] First.\n.. [1] Second.\n"),
    "rst: symbols": ("rst", " [*]_", " [*]_", ".. [*] First.\n.. [*] Second.\n"),
}
ORDERS = {
    "no translation": "",
    "same": "Wort{0} und{1} Ende.",
    "other": "Wort{1} und{0} Ende.",
    "one left out": "Wort{0} Ende.",
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_translated_references_have_the_numbers_and_links_of_footnotes(
    label: tuple[str, str, str, str], order: str, tmp_path: Path
) -> None:
    extension, one, other, definitions = label
    title = "# T" if extension == "md" else "T\n="
    text = f"Text{one} and{other} end."
    messages = {"First.": "Erstens.", "Second.": "Zweitens."}
    if order:
        messages[text] = order.format(one, other)
    page = f"{title}\n\n{text}\n\n{definitions}"
    built = [
        translated(page, extension, messages, tmp_path / "plain", extensions=["myst_parser"]),
        translated(page, extension, messages, tmp_path / "ours", sidenotes_from_footnotes=True),
    ]
    plain, ours = map(references, built)
    assert plain
    assert ours == plain
    assert set(errors_in(soup(built[1]))) <= set(errors_in(soup(built[0])))
    assert "Zweitens." in built[1].page()


def references(built: Built) -> list[tuple[str, str, str]]:
    """Return number, target and note of each reference of the page."""
    page = soup(built)
    read = []
    for mark in page.select('[role="doc-noteref"]'):
        note = page.find(id=str(mark["href"])[1:])
        assert note is not None
        read.append((mark.get_text().strip("[]"), str(mark["href"]), words(note).split()[-1]))
    return read


def test_a_reference_that_only_the_translation_has_leads_to_its_note(tmp_path: Path) -> None:
    text = "# T\n\nText[^1] and[^2].\n\n[^1]: First.\n\n[^2]: Second.\n"
    messages = {"Text[^1] and[^2].": "Wort[^1] und[^2] und[^1]."}
    built = translated(text, "md", messages, tmp_path, sidenotes_from_footnotes=True)
    assert [note for _, _, note in references(built)] == ["First.", "Second.", "First."]
    assert errors_in(soup(built)) == []


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
