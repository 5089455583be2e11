"""What a function costs, counted and not timed: the same on every machine.

What a regular expression does within one call is not seen; ``python -m bench adversarial`` times it.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def calls(function: Callable[[], object]) -> int:
    """Return how many calls *function* makes, of Python and of C."""
    counted: Counter[str] = Counter()

    def count(_frame: object, event: str, _argument: Any) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return counted["call"] + counted["c_call"]
