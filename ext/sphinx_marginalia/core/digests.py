"""Short texts that differ where what they were made of does."""

from __future__ import annotations

from hashlib import sha256

from docutils import nodes

#: Fields of records that say where to look when something is wrong, and that no list shows: a
#: sentence more moves all below it.
UNTOLD = frozenset({"line", "lines"})


def fingerprint(shown: object) -> str:
    """Return a digest of what Python's ``repr`` says of *shown*."""
    return sha256(repr(shown).encode()).hexdigest()


def spelled_out(value: object) -> str:
    """Return all that *value* says, also where it is a node or a sequence of nodes."""
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, (list, tuple)):
        names = getattr(value, "_fields", (None,) * len(value))
        told = (part for name, part in zip(names, value, strict=True) if name not in UNTOLD)
        return f"({''.join(map(spelled_out, told))})\n"
    return f"{value!r}\n"
