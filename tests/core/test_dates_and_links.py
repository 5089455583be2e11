"""Dates as exact as they are written; addresses that are safe."""

from __future__ import annotations

import datetime as dt

import pytest

from sphinx_marginalia.core.dates import Date, is_day, iso_date, parse_date
from sphinx_marginalia.core.links import encoded, is_allowed, latex_address, scheme_of

# Dates


@pytest.mark.parametrize(
    ("text", "date", "first", "last"),
    [
        ("2024", Date(2024), dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        (" 2024-02 ", Date(2024, 2), dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2024-3-8", Date(2024, 3, 8), dt.date(2024, 3, 8), dt.date(2024, 3, 8)),
        ("79", Date(79), dt.date(79, 1, 1), dt.date(79, 12, 31)),
    ],
)
def test_a_date_is_a_year_a_month_or_a_day(
    text: str, date: Date, first: dt.date, last: dt.date
) -> None:
    assert parse_date(text) == date
    assert (date.first, date.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-13", "2024-02-30", "0", "0000-01", "2024-", "2024-1-1-1", "20240318", "²",
     "2024/03/18", "9" * 5000, "١٢٣٤"],
)  # fmt: skip
def test_what_is_no_date_is_an_error_that_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date; write 2024, 2024-03|there is no"):
        parse_date(text)
    assert iso_date(text) == ""


def test_a_date_is_written_in_iso_8601() -> None:
    assert [iso_date(text) for text in ("2024", "2024-3", "2024-3-8", "79")] == [
        "2024", "2024-03", "2024-03-08", "",
    ]  # fmt: skip
    assert [is_day(text) for text in ("2024-03-08", "2024-3-8", "2024-03", "20240308")] == [
        True, False, False, False,
    ]  # fmt: skip


# Links


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "HTTP://example.org", "mailto:a@example.org", "page.html#x", "/a", "#x",
     "a/b:c", "?q=a:b", ""],
)  # fmt: skip
def test_web_and_relative_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
     "java\nscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x",
     "file:///etc/passwd", "blob:x", "view-source:x"],
)  # fmt: skip
def test_addresses_that_run_code_or_read_files_are_not(address: str) -> None:
    assert not is_allowed(address)
    assert scheme_of(address)


def test_an_address_is_percent_encoded_once() -> None:
    assert (
        encoded("https://example.org/a b/ü?q=%20#x") == "https://example.org/a%20b/%C3%BC?q=%20#x"
    )
    assert encoded('https://example.org/"<>`{}|\\^') == (
        "https://example.org/%22%3C%3E%60%7B%7D%7C%5C%5E"
    )


def test_no_tex_gets_through_an_address() -> None:
    hostile = "https://x.org/%}\\input{/etc/passwd}\\write18{id}{_&#$~^"
    written = latex_address(hostile)
    assert not set("{}^").intersection(written)
    # Every backslash stands before one of the characters that \href takes with it.
    assert {after[0] for after in written.split("\\")[1:]} <= set("%#&_$")
