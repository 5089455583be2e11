"""What the library says of a mistake, in a sentence for authors."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from docutils.utils.math import tex2unichar

from sphinx_marginalia.mathml.rewrite import ENVIRONMENTS, SAME, TEXTS

UNKNOWN = re.compile(r'Unknown (command|environment) "(.*)"\.', re.DOTALL)
#: What is suggested. The library does not tell which commands it knows; the characters are those
#: that docutils knows.
COMMANDS = (
    "frac dfrac tfrac cfrac binom sqrt left right middle begin end text operatorname mathbb mathbf "
    "mathcal mathfrak mathit mathrm mathscr mathsf mathtt boldsymbol bm hat widehat tilde bar vec "
    "dot ddot overline underline overbrace underbrace overset underset stackrel xrightarrow "
    "xleftarrow sin cos tan log ln exp lim max min sup inf det dim ker arg gcd quad qquad ldots "
    "cdots vdots ddots pmod bmod not limits nolimits displaystyle textstyle boxed cancel phantom "
    "textcolor color hspace big Big bigg Bigg bigl bigr tag"
)
TABLES = (
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix array cases rcases dcases aligned gathered "
    "equation"
)


@cache
def known(kind: str) -> list[str]:
    """Return the commands, with their backslash, or the environments to suggest."""
    if kind == "environment":
        return [*TABLES.split(), *ENVIRONMENTS]
    tables = (table for name, table in vars(tex2unichar).items() if name.startswith("math"))
    characters = [name for table in tables for name in table if name.isalpha()]
    characters += [*SAME, *TEXTS]
    return [f"\\{name.removeprefix(chr(92))}" for name in (*COMMANDS.split(), *characters)]


def told(message: str) -> str:
    """Return *message* of the library with what was probably meant."""
    if not (match := UNKNOWN.fullmatch(message)):
        return message[:1].lower() + message[1:].removesuffix(".")
    kind, name = match.groups()
    meant = get_close_matches(name, known(kind), 1, 0.8)
    if meant:
        return f"unknown {kind} {name}; did you mean {meant[0]}?"
    hint = "; a command of yours goes into mathml_macros" if kind == "command" else ""
    return f"unknown {kind} {name}{hint}"
