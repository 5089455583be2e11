r"""What a command is that stands for one character, and how TeX spaces it.

The tables are those of docutils, made from the list of the LaTeX package unicode-math. Here is what
they lack, and where the usual form is another.
"""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from docutils.utils.math import tex2unichar


class Kind(Enum):
    """What an atom is to its neighbours: the classes of *The TeXbook*, chapter 17."""

    ORDINARY = "ord"
    OPERATOR = "op"
    BINARY = "bin"
    RELATION = "rel"
    OPENING = "open"
    CLOSING = "close"
    PUNCTUATION = "punct"
    #: A fraction, or what is within ``\left`` and ``\right``.
    INNER = "inner"
    SPACE = "space"


class Symbol(NamedTuple):
    """A character and its class."""

    char: str
    kind: Kind


TABLES = {
    Kind.ORDINARY: tex2unichar.mathord | tex2unichar.mathalpha | tex2unichar.mathfence,
    Kind.OPERATOR: tex2unichar.mathop,
    Kind.BINARY: tex2unichar.mathbin,
    Kind.RELATION: tex2unichar.mathrel,
    Kind.OPENING: tex2unichar.mathopen,
    Kind.CLOSING: tex2unichar.mathclose,
    Kind.PUNCTUATION: tex2unichar.mathpunct,
}

#: By class, in the order of their characters.
OURS = {
    Kind.ORDINARY: {
        "hbar": "ℏ", "varnothing": "∅", "square": "□", "Box": "□", "blacksquare": "■",
        "triangle": "△", "triangledown": "▽", "vdots": "⋮", "dag": "†", "degree": "°",
        "ldots": "…", "cdots": "⋯", "dots": "…", "dotsc": "…", "dotso": "…", "dotsb": "⋯",
        "dotsm": "⋯", "dotsi": "⋯", "ddots": "⋱", "{": "{", "}": "}", "lq": "‘", "rq": "’",
        "nexist": "∄", "mathellipsis": "…", "bigcirc": "◯", "textdegree": "°", "i": "ı",
    },
    Kind.BINARY: {"setminus": "∖", "centerdot": "⋅", "And": "&", "ast": "∗"},
    Kind.RELATION: {
        "iff": "⟺", "perp": "⟂", "vcentcolon": ":", "dashrightarrow": "⇢", "dashleftarrow": "⇠",
        "colonequals": "≔", "nleqslant": "⩽̸", "ngeqslant": "⩾̸", "varpropto": "∝",
        "restriction": "↾",
        "eqsim": "≂", "ratio": "∶", "shortmid": "∣", "shortparallel": "∥",
    },
    Kind.OPENING: {"lvert": "|", "lVert": "‖", "{": "{", "lbrace": "{", "lang": "⟨"},
    Kind.CLOSING: {"rvert": "|", "rVert": "‖", "}": "}", "rbrace": "}", "rang": "⟩"},
    Kind.PUNCTUATION: {"colon": ":"},
}  # fmt: skip

SYMBOLS = {
    f"\\{name}": Symbol(char, kind)
    for tables in (TABLES, OURS)
    for kind, table in tables.items()
    for name, char in table.items()
    if name not in (" ", ":", ",", ";", "!")
}

#: Characters that are typed as they are. What is in none of the tables is a letter or ordinary.
TYPED = {
    "+": Symbol("+", Kind.BINARY),
    "-": Symbol("−", Kind.BINARY),
    "*": Symbol("∗", Kind.BINARY),
    "=": Symbol("=", Kind.RELATION),
    "<": Symbol("<", Kind.RELATION),
    ">": Symbol(">", Kind.RELATION),
    ":": Symbol(":", Kind.RELATION),
    "(": Symbol("(", Kind.OPENING),
    "[": Symbol("[", Kind.OPENING),
    ")": Symbol(")", Kind.CLOSING),
    "]": Symbol("]", Kind.CLOSING),
    "!": Symbol("!", Kind.CLOSING),
    "?": Symbol("?", Kind.CLOSING),
    ",": Symbol(",", Kind.PUNCTUATION),
    ";": Symbol(";", Kind.PUNCTUATION),
    "/": Symbol("/", Kind.ORDINARY),
    "|": Symbol("|", Kind.ORDINARY),
    ".": Symbol(".", Kind.ORDINARY),
    "@": Symbol("@", Kind.ORDINARY),
    '"': Symbol("″", Kind.ORDINARY),
    "`": Symbol("‘", Kind.ORDINARY),
    "~": Symbol("\u00a0", Kind.SPACE),
}
#: Characters of Unicode that a command stands for have the class of the command.
UNICODE = {symbol.char: symbol for symbol in SYMBOLS.values()} | {
    symbol.char: symbol for symbol in TYPED.values()
}

#: Upright words, with what TeX puts under or over them in displayed formulas.
FUNCTIONS = (
    "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh "
    "tan tanh"
).split()
LIMITS = {name: name for name in "det gcd inf lim max min Pr sup".split()} | {
    "limsup": "lim\u2009sup",
    "liminf": "lim\u2009inf",
    "injlim": "inj\u2009lim",
    "projlim": "proj\u2009lim",
}
#: Relations with more space than others.
SET_OFF = ("implies", "impliedby", "iff")
INTEGRALS = frozenset("∫∬∭⨌∮∯∰∱∲∳⨏⨖")

#: What ``\left``, ``\right``, ``\middle`` and ``\big`` can make large.
DELIMITERS = {
    **{char: char for char in "()[]|/"},
    "<": "⟨",
    ">": "⟩",
    ".": "",
    **{
        name: symbol.char
        for name, symbol in SYMBOLS.items()
        if symbol.kind in (Kind.OPENING, Kind.CLOSING)
    },
    **{f"\\{name}": char for name, char in tex2unichar.mathfence.items()},
    **{char: char for char in "⟨⟩⌊⌋⌈⌉‖⟦⟧"},
    "\\backslash": "\\",
    "\\uparrow": "↑",
    "\\downarrow": "↓",
    "\\updownarrow": "↕",
    "\\Uparrow": "⇑",
    "\\Downarrow": "⇓",
    "\\Updownarrow": "⇕",
}

#: Lengths in em.
SPACES = {
    "\\,": 3 / 18,
    "\\thinspace": 3 / 18,
    "\\:": 4 / 18,
    "\\>": 4 / 18,
    "\\medspace": 4 / 18,
    "\\;": 5 / 18,
    "\\thickspace": 5 / 18,
    "\\!": -3 / 18,
    "\\negthinspace": -3 / 18,
    "\\negmedspace": -4 / 18,
    "\\negthickspace": -5 / 18,
    "\\ ": 0.25,
    "\\space": 0.25,
    "\\enspace": 0.5,
    "\\quad": 1,
    "\\qquad": 2,
}
