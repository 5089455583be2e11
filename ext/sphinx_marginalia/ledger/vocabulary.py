"""The words that a claim is described with. Pure.

A verdict says what the evidence shows, not what its author believes. Each has a sign beside its
word, because a colour alone tells nothing to those who cannot see it; all four signs are in the
fonts of every builder, LaTeX's too.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = ("capability", "limitation", "open-question", "position")
VERDICTS = ("supported", "contested", "not-established", "refuted")
#: From the smallest system to the ones in use: how far a result was shown to reach.
SCALES = ("toy", "small", "open-weights", "frontier", "deployed")
SIGNS = {"supported": "✓", "contested": "±", "not-established": "?", "refuted": "✕"}

#: What can be chosen, by option.
CHOICES = {"kind": KINDS, "verdict": VERDICTS, "scale": SCALES}
#: The options of a claim.
OPTIONS = (*CHOICES, "evidence", "against", "reviewed", "would-change", "class")

#: What stands between the names in an option.
BETWEEN = re.compile(r"[\s,;]+")


def names(written: str) -> list[str]:
    """Return the names in an option, each once; commas, semicolons and spaces stand between."""
    return list(dict.fromkeys(name for name in BETWEEN.split(written) if name))


def hint(written: str, known: Iterable[str]) -> str:
    """Return what to write instead: the one of *known* that is meant, or all where they are few."""
    choices = list(known)
    near = get_close_matches(written.lower(), choices, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of {', '.join(choices)}" if 0 < len(choices) <= 10 else ""


def in_words(claim_id: str) -> str:
    """Return an id as it is read: ``refusal-single-direction`` as “refusal single direction”."""
    return claim_id.replace("-", " ")
