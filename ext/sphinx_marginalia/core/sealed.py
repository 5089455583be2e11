"""Values that stay bytes until somebody asks for them.

The environment is read and saved in nearly every build, and most builds need the records of a few
documents. To make all objects and to save them again, only to leave them alone, takes more time and
memory in a large project than to write a page.
"""

from __future__ import annotations

import pickle
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = TypeVar("Value")


class Sealed(MutableMapping[str, Value]):
    """Values by a name. One that was set or asked for must not be changed, but replaced."""

    def __init__(self) -> None:
        self._sealed: dict[str, bytes] = {}
        self._open: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        """Return a value, unsealed when this is asked for the first time."""
        if name not in self._open:
            # Bytes of the environment, which was read in the same way.
            self._open[name] = pickle.loads(self._sealed[name])
        return self._open[name]

    def __setitem__(self, name: str, value: Value) -> None:
        """Keep a value, which is sealed when all is saved."""
        self._sealed.pop(name, None)
        self._open[name] = value

    def __delitem__(self, name: str) -> None:
        """Forget a value."""
        if name not in self:
            raise KeyError(name)
        self._sealed.pop(name, None)
        self._open.pop(name, None)

    def __contains__(self, name: object) -> bool:
        """Return whether there is a value, without a look at it."""
        return name in self._open or name in self._sealed

    def __iter__(self) -> Iterator[str]:
        """Yield the names: of what was saved, then of what is new."""
        yield from self._sealed
        yield from (name for name in self._open if name not in self._sealed)

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self._sealed.keys() | self._open.keys())

    def __getstate__(self) -> dict[str, bytes]:
        """Return all of it sealed, to be saved or sent to another process."""
        return {name: self._bytes(name) for name in self}

    def __setstate__(self, sealed: dict[str, bytes]) -> None:
        """Take what was saved."""
        self._sealed, self._open = sealed, {}

    def take(self, name: str, other: Sealed[Value]) -> None:
        """Take a value of another one over, sealed if it is so there."""
        self._open.pop(name, None)
        if name in other._sealed:
            self._sealed[name] = other._sealed[name]
        else:
            self[name] = other[name]

    def _bytes(self, name: str) -> bytes:
        if name in self._sealed:
            return self._sealed[name]
        return pickle.dumps(self._open[name], pickle.HIGHEST_PROTOCOL)
