"""Words of records: how they are told apart, counted and written down."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import sphinx_marginalia.search as package
from sphinx_marginalia.search.terms import CHUNK, Terms, base36, folded, postings, words

FOLDER = Path(package.__file__).parent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A deep well", ["a", "deep", "well"]),
        ("well-known, or not?", ["well", "known", "or", "not"]),
        ("html_theme = 'furo'", ["html", "theme", "furo"]),
        ("Élan, ÜBER, naïve", ["elan", "uber", "naive"]),
        ("ﬁrst ²", ["first", "2"]),
        ("井戸", ["井戸"]),
        ("深い井戸", ["深い", "い井", "井戸"]),
        ("水", ["水"]),
        ("GPT模型の", ["gpt", "模型", "型の"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert sorted(words(text)) == sorted(expected)


def test_letters_lose_their_case_and_their_marks() -> None:
    assert folded("Ça va, Ωμέγα") == "ca va, ωμεγα"


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (35, "z"), (36, "10"), (46655, "zzz")])
def test_numbers_are_short(number: int, text: str) -> None:
    assert base36(number) == text
    assert int(text, 36) == number


def test_postings_are_differences_and_numbers_of_occurrences() -> None:
    assert postings({3: 1, 49: 1, 50: 2}) == "3 1a 1,2"
    assert postings({}) == ""


def test_a_line_of_a_chunk_has_titles_and_texts() -> None:
    terms = Terms([("Wells", "A well, a rope."), ("Ropes", "A rope.")])
    ((first, lines),) = terms.chunks()
    assert first == "a"
    assert lines.split("\n") == [
        "a\t\t0,2 1",
        "rope\t\t0 1",
        "ropes\t1\t",
        "well\t\t0",
        "wells\t0\t",
    ]
    assert terms.lengths == [(1, 3), (1, 2)]


def test_chunks_are_of_about_one_size_and_in_order() -> None:
    terms = Terms([("", " ".join(f"word{number}" for number in range(9000)))])
    chunks = list(terms.chunks())
    assert len(chunks) > 2
    assert all(len(lines) <= CHUNK for _first, lines in chunks)
    assert [first for first, _lines in chunks] == sorted(first for first, _lines in chunks)
    assert all(lines.startswith(f"{first}\t") for first, lines in chunks)


def test_a_word_of_every_other_text_is_indexed_in_titles_only() -> None:
    terms = Terms([(f"The well {n}", f"The rope {n}" if n % 2 else "A rope") for n in range(80)])
    assert terms.common == ["a", "rope", "the"]
    assert len(terms.entries["the"].titles) == 80
    assert terms.entries["the"].texts == {}


def test_a_small_project_has_no_common_words() -> None:
    assert Terms([("The well", "the rope")] * 9).common == []


def test_the_engine_is_the_released_one() -> None:
    engine = (FOLDER / "marginalia-minisearch.js").read_bytes()
    _comment, _end, code = engine.partition(b"*/\n")
    assert hashlib.sha256(code).hexdigest() == (
        "866dbca5f19d755f871b794e965d630f8132ba237e9f39fa35b1775f29776b15"
    )
    assert "Luca Ongaro" in (FOLDER / "marginalia-minisearch.LICENSE.txt").read_text("utf-8")
