"""Dates, DOIs, ORCIDs and addresses in the one form that everything behind this uses. Pure."""

from __future__ import annotations

import datetime as dt
import re

#: A date as exact as it is known (ISO 8601).
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
#: With or without what people put before it.
DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE
)
ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.ASCII)
ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def date(text: str) -> str:
    """Return *text* if it is a year, a month ``2026-11`` or a day ``2026-11-23``, or nothing."""
    if match := DATE.fullmatch(text):
        year, month, day = match.groups("01")
        try:
            dt.date(int(year), int(month), int(day))
        except ValueError:
            return ""
        return text
    return ""


def doi(text: str) -> str:
    """Return the DOI in *text* without the address of its resolver, or nothing."""
    match = DOI.fullmatch(text)
    return match[1] if match else ""


def orcid(text: str) -> str:
    """Return the whole address of the ORCID in *text*, or nothing."""
    match = ORCID.fullmatch(text)
    return f"https://orcid.org/{match[1]}" if match else ""


def address(text: str) -> str:
    """Return *text* if it is an address of the web, or nothing."""
    return text if ADDRESS.fullmatch(text) else ""
