"""Which claims a table shows, and in which order. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.ledger.vocabulary import CHOICES, KINDS, SCALES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sphinx_marginalia.ledger.claims import Claim

    #: The document of a claim, and the claim.
    Placed = tuple[str, Claim]

#: What a table can be sorted by; ``order`` is that of the book.
SORTS = ("order", "verdict", "scale", "kind", "reviewed", "id")
#: What the rows of a matrix can be.
ROWS = ("claims", "kinds")


def selected(claims: Iterable[Placed], wanted: Mapping[str, Sequence[str]]) -> list[Placed]:
    """Return the claims that have one of the values wanted of each option.

    :param wanted: values by ``kind``, ``verdict``, ``scale``; keys of works by ``cites``. An option
        without values lets all pass.
    """
    return [
        placed
        for placed in claims
        if all(getattr(placed[1], name) in wanted[name] for name in CHOICES if wanted[name])
        and (not wanted["cites"] or set(wanted["cites"]).intersection(placed[1].keys))
    ]


def ordered(claims: Iterable[Placed], sort: str) -> list[Placed]:
    """Return the claims sorted; those that are equal stay in the order of the book."""
    if sort == "order":
        return list(claims)
    key = _KEYS[sort]
    return sorted(claims, key=lambda placed: key(placed[1]))


def place(names: Sequence[str], name: str) -> int:
    """Return the place of *name* among *names*; one that is not there comes last."""
    return names.index(name) if name in names else len(names)


_KEYS: dict[str, Callable[[Claim], tuple[object, ...]]] = {
    "verdict": lambda claim: (place(VERDICTS, claim.verdict),),
    "scale": lambda claim: (place(SCALES, claim.scale), place(VERDICTS, claim.verdict)),
    "kind": lambda claim: (place(KINDS, claim.kind),),
    # What was never reviewed is older than all.
    "reviewed": lambda claim: (claim.reviewed,),
    "id": lambda claim: (claim.name,),
}
