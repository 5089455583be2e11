"""Numbers in results, by their path, as a reader sees them.

Results are JSON of any shape. In those of an experiment, ``numbers`` has a mean under each name,
with the lowest and the highest value of several runs::

    {"numbers": {"rise": {"mean": 0.96, "low": 0.94, "high": 0.98}}, "data": {"hour": [0, 6]}}

Their names need no ``numbers.`` before them: ``rise`` is the mean, ``rise.range`` is “0.94–0.98”.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sphinx_marginalia.core.diagnostics import sentence, suggestion
from sphinx_marginalia.core.located import short_repr
from sphinx_marginalia.results.options import ResultError, ResultProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The part of Python's formats that is about numbers in a sentence.
FORMAT = re.compile(r"(?P<sign>[+ ]?)(?P<comma>,?)(?P<digits>(?:\.\d{1,2})?)(?P<kind>[defgEG%]?)")
#: Larger values are no numbers that anybody quotes, and some of them cannot be converted.
LARGEST = 1e300
#: Values of a table that are larger have no decimals; others have four digits.
ROUNDED_FROM = 10_000
#: Digits of the longest index of a list.
LONGEST_INDEX = 9
#: The ends of a spread, and the name of both together.
ENDS, RANGE = ("low", "high"), "range"


class Spread(NamedTuple):
    """The lowest and the highest of several values."""

    low: Any
    high: Any


def quote(results: Any, path: str, written: str = "") -> str:
    """Return the number at *path*, in the format that is *written*.

    :raises ResultError: there is no such number, or no such format
    """
    value = value_at(results, path)
    if isinstance(value, dict) and "mean" in value:
        value = value["mean"]
    if not isinstance(value, Spread):
        return number_text(_number(value, path), written)
    low, high = (number_text(_number(end, path), written) for end in value)
    if low == high:
        return low
    if "−" in low:
        return f"{low} – {high}"
    return f"{low.removesuffix('%') if high.endswith('%') else low}–{high}"


def value_at(results: Any, path: str, part: str = "numbers") -> Any:
    """Return the value at *path*: first in a *part* of the results, if they have it.

    :raises ResultError: there is none
    """
    inner = results.get(part) if isinstance(results, dict) else None
    if isinstance(inner, dict):
        results = {**results, **inner}
    return _descend(results, path, "")


def _descend(value: Any, path: str, parents: str) -> Any:
    """Return what is at *path* in *value*, which is itself at *parents*."""
    if not path:
        return value
    first, _dot, rest = path.partition(".")
    where = f"{parents}.{first}" if parents else first
    if isinstance(value, dict):
        for name, below in _divisions(path):
            if name in value:
                return _descend(value[name], below, f"{parents}.{name}" if parents else name)
        if path == RANGE and all(end in value for end in ENDS):
            return Spread(*(value[end] for end in ENDS))
    elif isinstance(value, list) and first.isdecimal() and len(first) <= LONGEST_INDEX:
        for item in value[int(first) : int(first) + 1]:
            return _descend(item, rest, where)
    hint = suggestion(first, value) if isinstance(value, dict) else ""
    hint = f"it has {len(value)} values" if isinstance(value, list) else hint
    message = f"there is no {first!r}" + (f" in {parents}" if parents else "")
    raise ResultError(ResultProblem.RESULT_NAME, sentence(message, hint))


def _divisions(path: str) -> Iterator[tuple[str, str]]:
    """Yield the first name of *path* and what is below it; a name may contain dots, and many do."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        yield ".".join(parts[:count]), ".".join(parts[count:])


def _number(value: Any, path: str) -> int | float:
    """Return *value* if it is a number.

    :raises ResultError: it is not
    """
    # True is an int for Python; NaN is neither more nor less than anything.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and -LARGEST < value < LARGEST:
        return cast("int | float", value)
    what = "beyond what can be written" if is_number else short_repr(value)
    if isinstance(value, dict):
        what = sentence("an object", suggestion("mean", value))
    elif isinstance(value, list):
        what = f"a list of {len(value)} values"
    raise ResultError(ResultProblem.RESULT_VALUE, f"{path} is not a number but {what}")


def number_text(value: int | float, written: str) -> str:
    """Return *value* in a format such as ``.1%``, with a minus sign and without a negative zero.

    :raises ResultError: the format is invalid
    """
    match = FORMAT.fullmatch(written)
    if match is None:
        message = f"{written!r} is not a format of a number; write one such as .2f, .0%, .3g or d"
        raise ResultError(ResultProblem.RESULT_FORMAT, message)
    if match["kind"] == "d":
        if value != int(value) or match["digits"]:
            message = f"{value} is not a whole number; write a format such as .0f"
            raise ResultError(ResultProblem.RESULT_FORMAT, message)
        value = int(value)
    elif match["kind"] or match["digits"]:
        value = float(value)
    zero = "z" if isinstance(value, float) else ""
    text = format(value, f"{match['sign']}{zero}{match['comma']}{match['digits']}{match['kind']}")
    return text.replace("-", "−", 1) if text.startswith("-") else text


class Column(NamedTuple):
    """A column of a table, as a reader sees it."""

    header: str
    cells: list[str]


def columns_at(several: Sequence[Any], path: str, header: str = "") -> list[Column]:
    """Return the array at *path* in the first of *several* results that have it, as columns.

    It is a list of values, of lists or of objects, or an object of lists.

    :param header: the name of the column; without one, that of the array
    :raises ResultError: none has it, or it is not an array
    """
    value, problem = None, ResultProblem.LIVE_FIGURE_TABLE
    error: ResultError | None = None
    for results in several:
        try:
            value = value_at(results, path, "data")
            break
        except ResultError as raised:
            error = error or raised
    else:
        raise ResultError(problem, str(error or f"there is no {path!r}: the figure has no data"))
    arrays = _arrays(value)
    if not arrays:
        raise ResultError(problem, f"{path} is not an array: {short_repr(value)}")
    header = header or readable(path.rpartition(".")[2])
    return [
        Column(f"{header} {readable(name)}".strip() if name else header, list(map(_cell, array)))
        for name, array in arrays.items()
    ]


def _arrays(value: Any) -> dict[str, list[Any]]:
    """Return the columns of an array by their names; a single one has none."""
    if isinstance(value, dict) and all(isinstance(array, list) for array in value.values()):
        return value
    if not isinstance(value, list) or not value:
        return {}
    if all(isinstance(item, dict) for item in value):
        names = dict.fromkeys(name for item in value for name in item)
        return {name: [item.get(name) for item in value] for name in names}
    if all(isinstance(item, list) for item in value):
        columns = zip_longest(*value)
        return {str(number): list(column) for number, column in enumerate(columns, start=1)}
    return {"": value}


def _cell(value: Any) -> str:
    if isinstance(value, float) and -LARGEST < value < LARGEST:
        return number_text(value, ".4g" if abs(value) < ROUNDED_FROM else ",.0f")
    return "" if value is None else str(value)


def readable(name: str) -> str:
    """Return a name of a program as words: ``refused_after`` as “refused after”."""
    return name.replace("_", " ")
