"""When a margin of a PDF is full."""

from __future__ import annotations

from sphinx_marginalia.sidenotes.latex import PAGE, TEXT_LINE, Backlog


def test_the_first_note_add_note() -> None:
    assert Backlog().add_note(200)


def test_notes_without_text_between_them_fill_a_page() -> None:
    backlog = Backlog()
    taken = sum(backlog.add_note(60) for _ in range(100))
    assert 0 < taken < 100
    assert backlog.lines <= PAGE


def test_text_makes_room_again() -> None:
    backlog = Backlog()
    while backlog.add_note(60):
        pass
    backlog.add_text(10 * TEXT_LINE)
    assert backlog.add_note(60)


def test_text_before_a_note_makes_no_room_for_later() -> None:
    backlog = Backlog()
    backlog.add_text(1000 * TEXT_LINE)
    assert backlog.lines == 0


def test_a_note_as_long_as_a_page_has_no_room() -> None:
    assert not Backlog().add_note(5000)
