"""Style sheets and scripts without what only their authors read.

Comments and indentation are a third of what a reader would load. Taking them away needs no parser
of CSS: outside strings, white space next to a brace or a semicolon means nothing, and elsewhere one
space says as much as many. Of a script only whole lines are taken away, and what lines begin with:
what is within a line, as a regular expression, would need a parser. Our scripts have no string over
several lines.
"""

from __future__ import annotations

import re

STRING = r'"(?:\\.|[^"\\])*"' + "|" + r"'(?:\\.|[^'\\])*'"
# Atomic: a comment ends where it ends, also where going on would find a brace.
SPACE = r"(?:\s|(?>/\*.*?\*/))"
TOKEN = re.compile(rf"(?P<string>{STRING})|{SPACE}*(?P<mark>[{{}};]){SPACE}*|{SPACE}+", re.DOTALL)


#: Comments that have their lines to themselves, and the white space that lines begin with.
LINES = re.compile(r"^\s*(?:/\*.*?\*/[ \t]*$|//[^\n]*$|(?=\S))\n?", re.DOTALL | re.MULTILINE)


def condense_script(script: str) -> str:
    """Return *script* without comments that have lines of their own, and without indentation."""
    return LINES.sub("", script)


def condense(css: str) -> str:
    """Return *css* without comments and white space that mean nothing, one rule a line."""
    return TOKEN.sub(_shortest, css).strip() + "\n"


def _shortest(match: re.Match[str]) -> str:
    if match["string"]:
        return match["string"]
    if match["mark"] == "}":
        return "}\n"
    return match["mark"] or " "
