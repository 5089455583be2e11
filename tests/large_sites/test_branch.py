"""The part of a long list that a page shows."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_marginalia.large_sites import branch
from sphinx_marginalia.large_sites.branch import window


def test_the_examples_are_true() -> None:
    assert doctest.testmod(branch).failed == 0


@pytest.mark.parametrize(
    ("length", "current", "limit", "shown"),
    [
        (3, 1, 5, [0, 1, 2]),
        (9, None, 3, [0, 1, 2]),
        (9, 0, 3, [0, 1, 2]),
        (9, 4, 3, [3, 4, 5]),
        (9, 4, 4, [2, 3, 4, 5]),
        (9, 8, 3, [6, 7, 8]),
        (9, 4, 1, [4]),
        (0, None, 3, []),
    ],
)
def test_a_window_is_around_the_page(
    length: int, current: int | None, limit: int, shown: list[int]
) -> None:
    assert list(window(range(length), current, limit)) == shown


@given(st.integers(1, 60), st.integers(0, 59), st.integers(1, 60))
def test_a_window_holds_the_page_and_no_more_than_asked_for(
    length: int, current: int, limit: int
) -> None:
    current %= length
    shown = window(range(length), current, limit)
    assert current in shown
    assert len(shown) == min(limit, length)
