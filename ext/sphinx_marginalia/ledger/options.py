"""The options of the ledger in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

TODAY = Option(
    "ledger_today",
    default="",
    rebuild="env",
    help="The date of the release, as `2026-11-23`. A claim that says it was reviewed after that "
    "day is reported. Without it dates are not compared: a build does not look at the clock.",
)

OPTIONS = (TODAY,)
