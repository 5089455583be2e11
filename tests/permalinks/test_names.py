"""Which name is suggested for a heading."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.permalinks.names import (
    LONGEST,
    Heading,
    is_name,
    needs_person,
    propose,
    suggest,
)


@pytest.mark.parametrize("name", ["a", "superposition", "sae-2", "a--b-", "x9"])
def test_a_name_is_of_lower_case_letters_digits_and_hyphens(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("text", ["", "9a", "-a", "A", "a_b", "a.b", "a b", "é", "a\n", "数学"])
def test_nothing_else_is_a_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Superposition", "superposition"),
        ("What the field can’t do", "what-the-field-cant-do"),
        ("The IOI circuit, once more: a review", "the-ioi-circuit-once-more-a-review"),
        ("Café Größe Łódź Ærø", "cafe-grosse-lodz-aero"),
        ("ﬁne ² \N{BLACK-LETTER CAPITAL H}", "fine-2-h"),
        ("C++ & <tags> “quoted”", "c-tags-quoted"),
        ("K-sparse — and the rest…", "k-sparse-and-the-rest"),
        ("İstanbul and \N{LATIN SMALL LETTER DOTLESS I}spanak", "istanbul-and-ispanak"),
        ("Logic and 数学", "logic-and"),
    ],
)
def test_a_name_is_made_of_the_words_of_the_title(title: str, expected: str) -> None:
    assert suggest(title, "methods/sae", set()) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Introduction", "sae-introduction"),
        ("Further reading", "sae-further-reading"),
        ("2024 results", "sae-2024-results"),
        ("Con", "sae-con"),  # no file can have this name on Windows
        ("", "sae"),
        ("!?", "sae"),
    ],
)
def test_a_title_that_does_not_tell_sections_apart_gets_the_name_of_its_page(
    title: str, expected: str
) -> None:
    assert suggest(title, "methods/sae", set()) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("methods/index", "methods-summary"),
        ("index", "home-summary"),
        ("methods/数学", "methods-summary"),
        ("数学", "page-summary"),
        ("2024", "page-summary"),
        ("a b/Sparse_Auto", "sparse-auto-summary"),
    ],
)
def test_the_name_of_a_page_is_the_last_part_that_says_something(page: str, expected: str) -> None:
    assert suggest("Summary", page, set()) == expected


def test_a_title_that_is_the_name_of_its_page_is_not_said_twice() -> None:
    assert suggest("Methods", "methods", set()) == "methods"
    assert suggest("Methods", "book/methods/index", set()) == "methods"


def test_a_name_that_is_taken_gets_the_page_before_it_and_then_a_number() -> None:
    assert suggest("Circuits", "sae", {"circuits"}) == "sae-circuits"
    assert suggest("Circuits", "sae", {"circuits", "sae-circuits"}) == "sae-circuits-2"
    assert suggest("!", "sae", {"sae", "sae-2"}) == "sae-3"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Введение в чтение", "vvedenie-v-chtenie"),
        ("Щедрый съезд: Ёлки и Йод", "shchedryy-sezd-elki-i-yod"),
        ("Їжак є тут", "yizhak-ye-tut"),
        ("Μέθοδοι", "methodoi"),
        ("한글 제목", "hangeul-jemog"),
    ],
)
def test_a_name_is_suggested_where_a_title_can_be_spelled_in_latin_letters(
    title: str, expected: str
) -> None:
    for written in (title, unicodedata.normalize("NFD", title)):
        assert suggest(written, "index", set()) == expected
        assert needs_person(written)


@pytest.mark.parametrize(
    "title",
    ["数学", "数学 a", "新建 vector", "Rust 语言", "שלום עולם", "第一章の要約", "مقدمة", "हिन्दी"],
)
def test_elsewhere_no_name_is_suggested(title: str) -> None:
    assert suggest(title, "index", set()) == ""
    assert needs_person(title)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Ŋutinya", "nutinya"), ("Ƙasa da ɗaki", "kasa-da-daki"), ("Əsas mətnlər", "esas-metnler")],
)
def test_latin_letters_of_all_alphabets_are_spelled_in_ascii(title: str, expected: str) -> None:
    assert suggest(title, "index", set()) == expected
    assert not needs_person(title)


def test_latin_letters_that_cannot_be_spelled_in_ascii_need_a_person() -> None:
    assert suggest("ƕ ꜧ", "index", set()) == ""
    assert needs_person("ƕ ꜧ")


@pytest.mark.parametrize("title", ["Größe", "Logic and 数学", "2024", "!?", "", "数-Mengen"])
def test_a_title_in_latin_letters_needs_nobody_to_choose(title: str) -> None:
    assert not needs_person(title)


def test_a_long_name_ends_with_a_whole_word() -> None:
    title = "What mechanistic interpretability can and cannot do in practice"
    assert suggest(title, "x", set()) == "what-mechanistic-interpretability-can-and-cannot"
    assert len(suggest("a" * 80, "x", set())) == LONGEST


@settings(max_examples=300)
@given(
    st.text(max_size=80),
    st.text("ab/-9数.", min_size=1, max_size=12),
    st.sets(st.text("ab-2", max_size=4)),
)
def test_a_suggestion_is_always_a_name_that_is_free(title: str, page: str, taken: set) -> None:
    name = suggest(title, page, taken)
    if name == "":
        assert needs_person(title)
        return
    assert is_name(name)
    assert name not in taken
    assert len(name) <= LONGEST + 5
    assert not name.endswith("-")
    assert "--" not in name


def heading(name: str, title: str, level: int = 2, docname: str = "page") -> Heading:
    return Heading(name, (name,) if name else (), docname, title, level, f"{docname}.md", 1)


def test_no_name_is_offered_that_another_title_of_the_page_has_as_its_id() -> None:
    headings = [
        heading("", "Rust 语言")._replace(slug="rust"),
        heading("", "Rust")._replace(slug="id1"),
        heading("", "Cargo")._replace(slug="cargo"),
    ]
    assert [name for _, name in propose(headings, ())] == ["", "page-rust", "cargo"]


def test_no_name_is_offered_that_a_link_of_the_same_page_has() -> None:
    headings = [
        heading("page", "Page", level=1)._replace(reserved=("lenses",)),
        heading("", "Lenses"),
        heading("", "Lenses", docname="other"),
    ]
    assert [name for _, name in propose(headings, ())] == ["page-lenses", "lenses"]


def test_each_heading_without_a_name_is_offered_another_one() -> None:
    headings = [
        heading("", "Circuits"),
        heading("circuits", "Circuits in vision"),
        heading("", "Circuits"),
        heading("", "Gates", level=3),
        heading("", "Too deep", level=4),
    ]
    assert [name for _, name in propose(headings, {"gates"})] == [
        "page-circuits",
        "page-circuits-2",
        "page-gates",
    ]
