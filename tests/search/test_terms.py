"""Words of records: how they are told apart, counted and written down."""

from __future__ import annotations

import gzip
import hashlib
from itertools import accumulate, product
from pathlib import Path
from random import Random

import pytest

import sphinx_marginalia.search as package
from sphinx_marginalia.search.files import Hit, file_starts, index_scripts
from sphinx_marginalia.search.terms import Terms, base36, chunk_count, folded, postings, words

SYLLABLES = "ba con de fer gra hin jo kel lu mar nor pe qui ro ster tor ul ven wil za".split()
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
    ((first, lines),) = terms.chunks(1)
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
    chunks = terms.chunks(5)
    sizes = [len(lines) for _first, lines in chunks]
    assert max(sizes) - min(sizes) < 100
    assert [first for first, _lines in chunks] == sorted(first for first, _lines in chunks)
    assert all(lines.startswith(f"{first}\t") for first, lines in chunks)


def test_there_are_more_chunks_where_there_is_more_text() -> None:
    assert chunk_count([]) == 1
    assert chunk_count([("title", "word " * 20)]) == 1
    assert chunk_count([("title", "word " * 1000)] * 200) > 5


def test_a_project_without_words_has_one_empty_chunk() -> None:
    assert Terms([]).chunks(1) == [("\uffff", "")]


def test_a_word_of_every_other_text_is_indexed_in_titles_only() -> None:
    terms = Terms([(f"The well {n}", f"The rope {n}" if n % 2 else "A rope") for n in range(80)])
    assert terms.common == ["a", "rope", "the"]
    assert len(terms.entries["the"].titles) == 80
    assert terms.entries["the"].texts == {}


def test_a_common_word_makes_no_title_longer() -> None:
    terms = Terms([(f"The well {n}", "the rope") for n in range(80)])
    assert terms.lengths[0] == (2, 2)


def test_a_small_project_has_no_common_words() -> None:
    assert Terms([("The well", "the rope")] * 9).common == []


def test_the_engine_is_the_released_one() -> None:
    engine = (FOLDER / "marginalia-minisearch.js").read_bytes()
    _comment, _end, code = engine.partition(b"*/\n")
    assert hashlib.sha256(code).hexdigest() == (
        "866dbca5f19d755f871b794e965d630f8132ba237e9f39fa35b1775f29776b15"
    )
    assert "Luca Ongaro" in (FOLDER / "marginalia-minisearch.LICENSE.txt").read_text("utf-8")


# How much a reader loads


def compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9, mtime=0))


@pytest.mark.slow
def test_a_first_answer_on_a_thousand_pages_takes_200_kilobytes() -> None:
    random = Random(1)
    vocabulary = [
        "".join(parts) for parts in product(SYLLABLES, SYLLABLES, SYLLABLES, ("", *"snd"))
    ]
    random.shuffle(vocabulary)
    vocabulary = vocabulary[:60_000]
    weights = list(accumulate(1 / rank for rank in range(2, len(vocabulary) + 2)))

    def text(words: int) -> str:
        return " ".join(random.choices(vocabulary, cum_weights=weights, k=words))

    hits = [
        Hit("section", text(4), text(4), f"essay-{page}.html#part-{section}", text(400))
        for page in range(1000)
        for section in range(5)
    ]
    fields = [(hit.title, f"{hit.path} {hit.text}") for hit in hits]
    base = {"kindOf": [0] * len(hits), "texts": file_starts(hits)}
    records, *chunks = index_scripts(base, fields, chunk_count(fields))
    texts = "".join(map("".join, hits[: len(hits) // len(base["texts"])]))
    three_words = 3 * max(map(compressed, chunks))
    assert compressed(records) + three_words + 10 * compressed(texts) <= 200_000
