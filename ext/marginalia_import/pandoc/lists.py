"""Lists of Pandoc that CommonMark does not have: letters, roman numbers, examples, lines of a poem.

An item of them becomes one of a list with dashes and keeps its sign, which the text may refer to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

ITEM = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<open>\(?)(?P<sign>[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5}|\d+)(?P<end>[.)])"
    r"(?P<space>[ \t]+)(?=\S)"
)
EXAMPLE = re.compile(r"^(?P<indent>[ \t>]*)\(@(?P<name>[\w-]*)\)(?=[ \t]+\S)")
#: The labels of examples, which no reader sees.
LABEL = re.compile(r"\(@[\w-]*\)")
NUMBERED = re.compile(r"^([ \t>]*)#([.)])(?=[ \t]+\S)")
#: What an item may follow without a blank line.
LIST = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]")
#: A line of a block of lines; one of a table has more bars.
LINE = re.compile(r"^(?P<indent>[ \t>]*)\|[ ]?(?P<space>[ ]*)(?P<text>[^|]*)$")
ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()


def convert_lists(lines: list[str], code: Collection[int]) -> None:
    """Write the items of such lists as CommonMark reads them.

    :param code: the numbers of the lines of code
    """
    examples: dict[str, int] = {}
    count = 0
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if number in code or (above.strip() and not LIST.match(above)):
            continue
        if match := EXAMPLE.match(line):
            count += 1
            examples.setdefault(match["name"], count)
            lines[number] = f"{match['indent']}- ({count}){line[match.end() :]}"
        elif match := NUMBERED.match(line):
            lines[number] = f"{match[1]}1{match[2]}{line[match.end() :]}"
        elif (match := ITEM.match(line)) and len(items := _items(lines, code, number, match)) > 1:
            for item in items:
                lines[item] = f"{match['indent']}- {lines[item][len(match['indent']) :]}"
    names = "|".join(re.escape(name) for name in examples if name)
    if not names:
        return
    reference = re.compile(rf"(`+)[^`].*?\1|\(@(?P<name>{names})\)")
    for number, line in enumerate(lines):
        if number not in code and "(@" in line:
            lines[number] = reference.sub(
                lambda match: f"({examples[match['name']]})" if match["name"] else match[0], line
            )


def convert_line_blocks(lines: list[str], code: Collection[int]) -> None:
    """Write the lines of a poem or an address, ``| text``, with breaks between them."""
    matches = {
        number: match
        for number, line in enumerate(lines)
        if number not in code and (match := LINE.match(line))
    }
    for number, match in matches.items():
        above = lines[number - 1] if number else ""
        if above.strip() and number - 1 not in matches:
            continue
        text = match["space"].replace(" ", "\N{NO-BREAK SPACE}") + match["text"].rstrip()
        following = matches.get(number + 1)
        has_break = bool(text.strip() and following and following["text"].strip())
        lines[number] = (match["indent"] + text + "\\" * has_break).rstrip()


def _items(lines: list[str], code: Collection[int], start: int, first: re.Match[str]) -> list[int]:
    """Return the lines of the items of the list that begins with *first*."""
    if first["sign"] not in {"a", "A", "i", "I"} and (first["open"], first["sign"]) != ("(", "1"):
        return []
    items = [start]
    for number in range(start + 1, len(lines)):
        match = None if number in code else ITEM.match(lines[number])
        following = _sign(first["sign"], len(items))
        if match and match.group("indent", "open", "sign", "end") == (
            first["indent"], first["open"], following, first["end"],
        ):  # fmt: skip
            items.append(number)
        elif lines[number].strip() and not lines[number - 1].strip():
            indent = re.match(r"[ \t>]*", lines[number])
            if indent and len(indent[0]) <= len(first["indent"]):
                break
    return items


def _sign(first: str, position: int) -> str:
    """Return the sign of an item at a position from 0."""
    if first == "1":
        return str(position + 1)
    if first.lower() == "i":
        sign = ROMAN[min(position, len(ROMAN) - 1)]
        return sign if first == "i" else sign.upper()
    return chr(ord(first) + min(position, 25))
