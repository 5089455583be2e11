"""How wide a text is at most, whatever the reader's font. Pure.

The widths are those of DejaVu Sans and of Verdana's kin, the widest of the usual sans-serif faces,
rounded up: in a narrower one a line ends early, and nothing ever runs over.
"""

from __future__ import annotations

from functools import cache
from unicodedata import category, east_asian_width

#: Hundredths of the size of the letters, and the characters that are no wider.
REGULAR = {
    30: "Iijl'",
    35: " \N{NO-BREAK SPACE},./:;\\|",
    40: "()-[]ft",
    45: "!r",
    50: '"*J`',
    55: "csz",
    60: "?L_kvxy",
    65: "$0123456789FTabdeghnopqu{}–",
    70: "ABEKPSVXYZ",
    75: "CNRU",
    80: "&DGHOQ",
    85: "#+<=>^w~",
    90: "M",
}
BOLD = {
    35: "'ijl \N{NO-BREAK SPACE}",
    40: ",./:;I\\|",
    45: "-f",
    50: "!()[]`rt",
    55: '"*',
    60: "J_csz",
    65: "?Lx",
    70: "$0123456789EFTaekovy–",
    75: "CPSYZbdghnpqu{}",
    80: "ABKRVX",
    85: "#+<=>DGHNU^~",
    90: "&OQ",
    95: "w",
    100: "M",
}
#: Of characters of no width, of those as wide as high, of emoji, and of all others.
NOTHING, FULL, PICTURE, ELSE = 0.0, 1.06, 1.45, {False: 1.05, True: 1.15}
OTHER_LETTER = {"Ll": {False: 0.75, True: 0.85}, "Lu": {False: 0.85, True: 0.98}}
MONOSPACED = 0.65


@cache
def _of(character: str, bold: bool) -> float:
    table = BOLD if bold else REGULAR
    for hundredths, characters in table.items():
        if character in characters:
            return hundredths / 100
    kind = category(character)
    if kind in {"Mn", "Me", "Cf"}:
        return NOTHING
    if east_asian_width(character) in "WF":
        return PICTURE if kind == "So" else FULL
    if kind in OTHER_LETTER and ord(character) < 0x250:
        return OTHER_LETTER[kind][bold]
    return PICTURE if kind in {"So", "Lt"} else ELSE[bold]


def width(text: str, size: float, style: str = "") -> float:
    """Return the width of *text* in letters of *size*.

    :param style: ``strong`` and ``title`` are bold, ``literal`` is monospaced
    """
    if style == "literal":
        return size * sum(max(MONOSPACED, _of(c, False) * (ord(c) > 0x24F)) for c in text)
    bold = style in {"strong", "title"}
    return size * sum(_of(character, bold) for character in text)
