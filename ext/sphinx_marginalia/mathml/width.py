"""About how wide a formula is.

No page can say for which formulas it has no room, without a script. An estimate by the characters
is right to about a fifth, which is enough to tell the few that are wider than a column of text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Widths in em: of a character, and of the space that an operator has at both sides.
CHARACTER = {"mi": 0.55, "mn": 0.5, "mo": 0.5, "mtext": 0.48}
OPERATOR = 0.55
SCRIPT = 0.7
#: What stands above each other, so that the widest counts.
STACKED = ("mfrac", "munder", "mover", "munderover")
SCRIPTS = ("msub", "msup", "msubsup")
ROOM = {"msqrt": 0.85, "mroot": 0.85, "mtd": 0.6, "mfrac": 0.2}
#: Class by the width from which it holds: beyond a phone, a column, and half as much again.
CLASSES = ((80, "marginalia-widest"), (55, "marginalia-wider"), (38, "marginalia-wide"))
ALWAYS_WIDE = tuple(name for _, name in CLASSES)
PHONE = 18


def width(element: Element) -> float:
    """Return the width of *element* in em."""
    tag = element.tag
    if tag in CHARACTER:
        spaced = tag == "mo" and element.get("lspace") != "0" and element.get("stretchy") is None
        return CHARACTER[tag] * len(element.text or "") + (OPERATOR if spaced else 0)
    if tag == "mspace":
        text = element.get("width", "0").removesuffix("em")
        return max(0.0, float(text))
    if tag == "mtable":
        return _table(element)
    inner = [width(child) for child in element if child.tag != "annotation"]
    if tag in STACKED:
        total = (
            max([inner[0], *(SCRIPT * part for part in inner[1:])]) if tag[1] != "f" else max(inner)
        )
    elif tag in SCRIPTS:
        total = inner[0] + SCRIPT * max(inner[1:])
    else:
        total = sum(inner) * (SCRIPT if element.get("scriptlevel") in ("1", "2") else 1)
    return total + ROOM.get(tag, 0)


def _table(table: Element) -> float:
    columns: dict[int, float] = {}
    for row in table:
        for number, cell in enumerate(row):
            columns[number] = max(columns.get(number, 0), width(cell))
    return sum(columns.values())


def look(math: Element, *, displayed: bool) -> str:
    """Return the class of a formula that may be too wide, or nothing.

    :param displayed: a formula within a line has to give way on a phone already
    """
    found = width(math)
    for least, name in CLASSES:
        if found > least:
            return name
    return "marginalia-long" if not displayed and found > PHONE else ""
