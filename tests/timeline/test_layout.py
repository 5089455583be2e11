"""Where things go: whatever the milestones and the width, no two labels touch, and none leaves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.core.dates import Date
from sphinx_marginalia.core.drawing.text import Run, line_width, wrap
from sphinx_marginalia.core.drawing.text import width as width_of
from sphinx_marginalia.timeline.axis import LEAST, axis, spread
from sphinx_marginalia.timeline.dates import When, parse_when
from sphinx_marginalia.timeline.layout import (
    BAND,
    BOTH_SIDES,
    NARROWEST,
    SIZES,
    Drawing,
    Event,
    Label,
    layout,
)
from sphinx_marginalia.timeline.marks import mark_of

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=80
) | st.sampled_from(
    ["", "W" * 70, "i" * 200, "a word", "神经网络" * 12, "a very long title " * 8, "é\u0301" * 9]
)
STYLES = st.sampled_from(["", "emphasis", "strong", "literal"])
RUNS = st.lists(st.builds(Run, WORDS, STYLES, st.none() | st.integers(0, 3)), max_size=3)
DAYS = st.builds(Date, st.integers(1, 9999), st.none() | st.integers(1, 12), st.none()) | st.builds(
    Date, st.integers(2019, 2026), st.integers(1, 12), st.none() | st.integers(1, 28)
)


@st.composite
def whens(draw: st.DrawFn) -> When | None:
    """Invent a date, a range, or none."""
    one, other = draw(DAYS), draw(DAYS)
    if draw(st.integers(0, 9)) == 0:
        return None
    if draw(st.booleans()):
        return When(one, one)
    when = When(one, other)
    return When(other, one) if when.is_backwards else when


@st.composite
def timelines(draw: st.DrawFn) -> tuple[list[Event], list[str]]:
    """Invent milestones, in the order of their dates, and their groups."""
    groups = draw(st.lists(WORDS.filter(bool), max_size=20, unique=True))
    group = st.none() | st.integers(0, len(groups) - 1) if groups else st.none()
    one = st.builds(
        Event, whens(), st.sampled_from(["2024", "Mar 2024", "18 March 2024 – 2 May 2025"]), group,
        RUNS.map(tuple), RUNS.map(tuple),
    )  # fmt: skip
    events = draw(st.lists(one, min_size=1, max_size=25))
    # Many more of the same: the density of 200.
    events *= draw(st.sampled_from([1, 1, 2, 8]))
    events.sort(key=lambda event: (event.when is None, event.when.point if event.when else 0))
    return events, groups


def box(drawing: Drawing, label: Label) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom edge of what *label* takes up, with its mark."""
    widths = [
        line_width(line.runs, SIZES[line.kind][0], "title" if line.kind == "title" else "")
        for line in label.lines
    ]
    near, far = label.mark[0], label.lines[0].x if label.lines else label.mark[0]
    edges = [
        near - 6,
        near + 6,
        far - max(widths, default=0.0) if label.on_left else far + max(widths, default=0.0),
    ]
    return min(edges), label.y, max(edges), label.y + label.height


@pytest.mark.slow
@settings(max_examples=200)
@given(timelines(), st.integers(120, 1600))
def test_no_two_labels_overlap_and_none_leaves_the_frame(
    invented: tuple[list[Event], list[str]], width: int
) -> None:
    events, groups = invented
    drawing = layout(events, groups, width)
    assert drawing.width == max(width, NARROWEST)
    assert [label.event for label in drawing.labels] == list(range(len(events)))
    boxes = [box(drawing, label) for label in drawing.labels]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert right <= drawing.width
        assert top >= 0
        assert bottom <= drawing.height
    for on_left in (False, True):
        column = [
            b for b, label in zip(boxes, drawing.labels, strict=True) if label.on_left == on_left
        ]
        assert all(above[3] < below[1] for above, below in pairwise(column))
        for left, _, right, _ in column:
            # Beside the axis, not on it; so those of both sides do not touch either.
            assert right < drawing.left if on_left else left > drawing.left + BAND


@pytest.mark.slow
@settings(max_examples=200)
@given(timelines(), st.integers(120, 1600))
def test_lines_and_years_stand_below_each_other_and_the_legend_above_all(
    invented: tuple[list[Event], list[str]], width: int
) -> None:
    drawing = layout(*invented, width)
    for label in drawing.labels:
        baselines = [label.y, *(line.y for line in label.lines), label.y + label.height]
        assert all(one < other for one, other in pairwise(baselines))
    years = drawing.axis.pieces() if drawing.axis else []
    assert all(year.height >= LEAST - 0.001 for year in years)
    assert all(width_of(year.label, 12) <= BAND for year in years)
    tops = [label.y for label in drawing.labels] + [year.y for year in years]
    for number, entry in enumerate(drawing.legend):
        assert entry.mark[1] < min(tops)
        assert all(y + 4 < min(tops) for (_, y), _ in entry.lines)
        assert all(x + width_of(text, 12.5) <= drawing.width for (x, _), text in entry.lines)
        for other in drawing.legend[number + 1 :]:
            same_row = entry.mark[1] == other.mark[1]
            ends = max((x + width_of(text, 12.5) for (x, _), text in entry.lines), default=0)
            assert not same_row or ends < other.mark[0] - 6
            assert same_row or entry.lines[-1:] < other.lines[:1] or entry.mark[1] < other.mark[1]


@pytest.mark.slow
@settings(max_examples=200)
@given(timelines(), st.integers(120, 1600))
def test_lines_to_the_axis_run_beside_the_labels(
    invented: tuple[list[Event], list[str]], width: int
) -> None:
    events, groups = invented
    drawing = layout(events, groups, width)
    assert drawing.leaders.keys() == {n for n, event in enumerate(events) if event.when}
    for event, line in drawing.leaders.items():
        label = drawing.labels[event]
        xs = [x for x, _ in (*line.curve, *line.bracket)]
        ys = [y for _, y in (*line.curve, *line.bracket)]
        reach = sorted((label.edge, label.mark[0]))
        assert all(reach[0] <= x <= reach[1] for x in xs)
        assert all(-0.001 <= y <= drawing.height for y in ys)


@pytest.mark.parametrize("number", [3, 17, 200])
@pytest.mark.parametrize("width", [340, 560])
def test_a_crowd_in_one_month(number: int, width: int) -> None:
    events = [
        Event(parse_when("2025-03"), "Mar 2025", None, (Run(f"Milestone {n} " * 3),), ())
        for n in range(number)
    ]
    drawing = layout(events, [], width)
    assert len({(label.on_left, label.y) for label in drawing.labels}) == number
    assert drawing.height < 120 * number + 200
    assert {label.on_left for label in drawing.labels} == (
        {False, True} if width > 500 else {False}
    )


def test_a_wide_figure_has_labels_on_both_sides_as_high_as_each_other() -> None:
    events = [
        Event(parse_when(f"{year}-06"), str(year), None, (Run("A title"),), ())
        for year in range(2000, 2020)
    ]
    wide, narrow = layout(events, [], BOTH_SIDES), layout(events, [], BOTH_SIDES - 1)
    assert sum(label.on_left for label in wide.labels) == 10
    assert wide.height < 0.6 * narrow.height


def test_a_label_with_room_stands_at_its_date() -> None:
    events = [
        Event(parse_when(text), text, None, (Run("A title"),), ())
        for text in ("2001-06", "2005-06", "2009-06")
    ]
    for label in layout(events, [], 560).labels[1:2]:
        assert label.time is not None
        assert label.time.point == pytest.approx(label.mark[1], abs=1)


def test_the_same_milestones_have_the_same_drawing() -> None:
    events = [Event(parse_when("2001"), "2001", 0, (Run("A"),), (Run("b", "emphasis", 0),))]
    assert layout(events, ["g"], 560) == layout(list(events), ["g"], 560)


# Parts


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.floats(-500, 2000), st.floats(10, 200)), min_size=1, max_size=40),
    st.floats(0, 100),
    st.floats(0, 500),
)
def test_boxes_are_spread_in_order_within_the_frame(
    boxes: list[tuple[float, float]], top: float, more: float
) -> None:
    wanted, heights = [sorted(goal for goal, _ in boxes), [height for _, height in boxes]]
    bottom = top + sum(heights) + 14 * (len(heights) - 1) + more
    places = spread(wanted, heights, 14, top, bottom)
    assert places[0] >= top - 0.001
    assert places[-1] + heights[-1] <= bottom + 0.001
    for place, height, following in zip(places, heights, places[1:], strict=False):
        assert place + height + 14 <= following + 0.001


def test_nothing_is_spread() -> None:
    assert spread([], [], 14, 0, 100) == []


@pytest.mark.slow
@settings(max_examples=200)
@given(RUNS, st.integers(60, 400))
def test_wrapping_keeps_every_letter_and_no_line_is_too_long(runs: list[Run], limit: int) -> None:
    lines = wrap(runs, limit, 14, "title")
    written = "".join(run.text for run in runs)
    shown = "".join(run.text for line in lines for run in line)
    assert "".join(written.split()) == "".join(shown.split())
    assert all(line_width(line, 14, "title") <= limit for line in lines)


def test_a_line_ends_at_a_blank_and_keeps_emphasis_and_links() -> None:
    runs = [Run("one two "), Run("three four", "emphasis"), Run(", "), Run("five", "", 0), Run(".")]
    lines = wrap(runs, 75, 12)
    assert ["".join(run.text for run in line) for line in lines] == [
        "one two",
        "three four,",
        "five.",
    ]
    assert lines[1] == (Run("three four", "emphasis"), Run(","))
    assert lines[2] == (Run("five", "", 0), Run("."))


def test_a_blank_that_is_not_to_be_broken_is_broken_rather_than_a_word() -> None:
    kept, broken = (
        wrap([Run("a Ada\N{NO-BREAK SPACE}2020")], 62, 12),
        wrap([Run("Verylongname\N{NO-BREAK SPACE}etal")], 110, 12),
    )
    assert [line[0].text for line in kept] == ["a", "Ada\N{NO-BREAK SPACE}2020"]
    assert [line[0].text for line in broken] == ["Verylongname", "etal"]


@pytest.mark.parametrize(
    ("dates", "height", "first", "last", "step"),
    [
        (["2020", "2026-05"], 200, 2020, 2027, 1),
        (["1838", "2025"], 300, 1820, 2040, 20),
        (["1", "9999"], 160, 0, 10000, 2000),
        (["2024-03"], 160, 2024, 2025, 1),
    ],
)
def test_the_pieces_of_the_axis_are_round_numbers_of_years(
    dates: list[str], height: float, first: int, last: int, step: int
) -> None:
    found = axis([parse_when(text).span for text in dates], 0, height)
    assert found is not None
    years = found.first, found.first + found.step * len(found.pieces()), found.step
    assert years == (first, last, step)


def test_quarters_are_equal_unless_the_labels_of_one_need_more() -> None:
    def heights(*labels: tuple[float, float]) -> list[float]:
        found = axis([(2000, 2003.5)], 10, 400, labels)
        assert found is not None
        return [piece.height for piece in found.pieces()]

    assert heights() == heights((2001.2, 25), (2001.9, 25)) == [100] * 4
    assert heights((2001.2, 40), (2001.9, 80)) == [80, 160, 80, 80]
    assert heights((2003.2, 900)) == [24, 24, 24, 906]


def test_in_a_crowded_year_a_label_is_near_its_date() -> None:
    days = [f"{year}-06" for year in range(2000, 2020)]
    days += [f"2020-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 15)]
    events = [Event(parse_when(day), day, None, (Run("A title"),), ()) for day in days]
    for width in (390, 560):
        for label in layout(events, [], width).labels:
            assert label.time is not None
            assert abs(label.time.point - label.mark[1]) < 80


def test_groups_differ_in_shape_and_not_only_in_colour() -> None:
    marks = [mark_of(group, 16) for group in range(16)]
    assert len({(mark.outline, mark.is_filled) for mark in marks}) == 16
    assert mark_of(None, 3).is_filled is False
    assert mark_of(None, 0).is_filled is True


def test_spaces_that_are_not_to_be_broken_can_be_longer_than_a_line() -> None:
    assert wrap([Run("\N{NO-BREAK SPACE}" * 90)], 60, 12) == []
