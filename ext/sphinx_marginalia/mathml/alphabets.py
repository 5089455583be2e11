r"""Letters in the alphabets of mathematics: bold, script, double-struck and the rest.

MathML Core has no attribute for them: a bold W *is* the character U+1D416. Unicode has each
alphabet in one run, with holes where a letter was there before; Unicode's chart of the block
"Mathematical Alphanumeric Symbols" lists them.
"""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001, RUF003

from __future__ import annotations

NORMAL, ITALIC, BOLD, BOLD_ITALIC = "normal", "italic", "bold", "bold-italic"
SCRIPT, FRAKTUR, DOUBLE, SANS, MONO = "script", "fraktur", "double", "sans", "mono"

#: Where the runs of A, a, Α, α and 0 begin; 0 where an alphabet has none.
RUNS = {
    ITALIC: (0x1D434, 0x1D44E, 0x1D6E2, 0x1D6FC, 0),
    BOLD: (0x1D400, 0x1D41A, 0x1D6A8, 0x1D6C2, 0x1D7CE),
    BOLD_ITALIC: (0x1D468, 0x1D482, 0x1D71C, 0x1D736, 0x1D7CE),
    SCRIPT: (0x1D49C, 0x1D4B6, 0, 0, 0),
    FRAKTUR: (0x1D504, 0x1D51E, 0, 0, 0),
    DOUBLE: (0x1D538, 0x1D552, 0, 0, 0x1D7D8),
    SANS: (0x1D5A0, 0x1D5BA, 0, 0, 0x1D7E2),
    MONO: (0x1D670, 0x1D68A, 0, 0, 0x1D7F6),
}
FIRST = ("A", "a", "\u0391", "\u03b1", "0")
LENGTHS = (26, 26, 25, 25, 10)
#: The Greek letters that stand behind omega in the runs of Greek.
VARIANTS = "∂ϵϑϰϕϱϖ"

HOLES = {
    ITALIC: dict(zip("h", "ℎ", strict=True)),
    SCRIPT: dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    FRAKTUR: dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    DOUBLE: dict(zip("CHNPQRZΓΠΣγπ", "ℂℍℕℙℚℝℤℾℿ⅀ℽℼ", strict=True)),
}


def letter(char: str, alphabet: str) -> str:
    """Return *char* in *alphabet*, or as it is where that has no such letter."""
    if found := HOLES.get(alphabet, {}).get(char):
        return found
    starts = RUNS.get(alphabet, (0, 0, 0, 0, 0))
    for first, start, length in zip(FIRST, starts, LENGTHS, strict=True):
        offset = ord(char) - ord(first)
        if start and 0 <= offset < length:
            return chr(start + offset)
    if starts[3] and char in VARIANTS:
        return chr(starts[3] + 25 + VARIANTS.index(char))
    if char == "∇" and starts[3]:
        return chr(starts[3] - 1)
    return char
