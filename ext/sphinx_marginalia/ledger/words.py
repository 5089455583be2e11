"""What claims are described with, in the reader's language."""

from __future__ import annotations

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.ledger.vocabulary import SIGNS


def kind(name: str) -> str:
    """Return a kind of claim in words."""
    return {
        "capability": _("capability"),
        "limitation": _("limitation"),
        "open-question": _("open question"),
        "position": _("position"),
    }.get(name, name)


def verdict(name: str) -> str:
    """Return a verdict in words."""
    return {
        "supported": _("supported"),
        "contested": _("contested"),
        "not-established": _("not established"),
        "refuted": _("refuted"),
    }.get(name, name)


def signed_verdict(name: str) -> str:
    """Return a verdict in words, with its sign before them."""
    return f"{SIGNS[name]} {verdict(name)}" if name in SIGNS else name


def scale(name: str) -> str:
    """Return in words how large the systems are that a claim is about."""
    return {
        "toy": _("toy models"),
        "small": _("small models"),
        "open-weights": _("open-weights models"),
        "frontier": _("frontier models"),
        "deployed": _("deployed systems"),
    }.get(name, name)


#: The words for what can be chosen, by option.
WORDS = {"verdict": signed_verdict, "scale": scale, "kind": kind}


def fact(name: str) -> str:
    """Return what stands before a fact of a claim."""
    return {
        "kind": _("Kind"),
        "verdict": _("Verdict"),
        "scale": _("Scale"),
        "reviewed": _("Reviewed"),
        "evidence": _("Evidence"),
        "against": _("Against"),
        "would-change": _("Would change"),
    }[name]
