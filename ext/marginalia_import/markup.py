"""Write MyST: roles, directives, and text that is no markup. Pure text, no files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: What Markdown or MyST could take for markup in the middle of a line.
SPECIAL = re.compile(r"([\\`*_{}\[\]<>$~|&])")
#: What begins a block: a heading, a list, a quote, a fence, a definition, and what MyST adds.
LINE_START = re.compile(
    r"^(?P<space>[ \t]*)(?:(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)"
    r"|>|~~~|={3,}\s*$|-{3,}\s*$|%|\+\+\+|:::|:\s|\|))",
    re.MULTILINE,
)
#: The same for what only MyST takes for a block, where Markdown's own blocks are meant as such.
MYST_LINE_START = re.compile(
    r"^(?P<space> {0,3})(?=%|\+\+\+|:::|\([^()\n]+\)=[ \t]*$)", re.MULTILINE
)
DEFINITION = re.compile(r"^(?P<space> {0,3})(?=:[ \t])", re.MULTILINE)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
TICKS = re.compile("`+")


def unescaped(text: str) -> str:
    """Return *text* without the backslashes that Markdown takes away."""
    return ESCAPED.sub(r"\1", text)


def shortened(text: str, letters: int = 80) -> str:
    """Return *text* on one line for a message, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def escape(text: str) -> str:
    r"""Return Markdown that shows *text* as it is, within a line.

    >>> escape("f*g* < $5")
    'f\\*g\\* \\< \\$5'
    """
    return SPECIAL.sub(r"\\\1", text)


def escape_line_starts(text: str) -> str:
    """Return *text* so that no line of it begins a block."""

    def escaped(match: re.Match[str]) -> str:
        if match["number"]:
            return f"{match['space']}{match['number']}\\"
        return f"{match['space']}\\"

    return LINE_START.sub(escaped, text)


def code_span(text: str) -> str:
    """Return *text* as a code span, on one line, between as many backquotes as it needs."""
    text = " ".join(text.split()) or " "
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    # One backquote where none is within; a run of them has to be of another length.
    fence = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def role(name: str, text: str) -> str:
    """Return a role around *text*, which has become one line.

    MyST ends the text at the first run of backquotes that is long enough, so the run around it is
    longer than any within; blanks keep a backquote at either end apart.
    """
    text = " ".join(text.split())
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    left = " " if text.startswith("`") else ""
    right = " " if text.endswith("`") else ""
    return f"{{{name}}}{fence}{left}{text}{right}{fence}"


@dataclass
class Directive:
    """A block of MyST: its name, argument and options, without its fences."""

    name: str
    argument: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def head(self, colons: str) -> list[str]:
        """Return its first lines."""
        options = {name: " ".join(value.split()) for name, value in self.options.items()}
        first = f"{colons}{{{self.name}}} {' '.join(self.argument.split())}".rstrip()
        return [first, *(f":{name}: {_option(value)}".rstrip() for name, value in options.items())]

    def needs_blank(self, body: str) -> bool:
        """Whether a blank line has to be before *body*, which would be read as options else."""
        return bool(self.options) or re.match(r":(?!::)|---", body) is not None


def _option(value: str) -> str:
    """Return the value of an option, in quotes where a sign in it would begin a comment or more."""
    if not re.search(r"(?:^|\s)#|^[\"'|>&*!%@`]", value):
        return value
    escaped = value.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def colons(body: str) -> str:
    """Return the colons for a block around *body*: more than any fence of colons within has."""
    inner = [len(run) for run in re.findall(r"^[ \t>]*(:{3,})", body, re.MULTILINE)]
    return ":" * (max(inner, default=2) + 1)


def block(directive: Directive, body: str = "") -> str:
    """Return a whole block with its fences."""
    fence = colons(body)
    parts = directive.head(fence)
    if body:
        parts += ["", body] if directive.needs_blank(body) else [body]
    return "\n".join([*parts, fence])


def code_block(text: str, language: str = "") -> str:
    """Return a fenced code block, with a fence longer than any within."""
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def inline_math(tex: str) -> str:
    """Return a formula within a line."""
    return f"${' '.join(tex.split())}$"


def display_math(tex: str) -> str:
    """Return a formula on lines of its own; TeX allows no blank line in one."""
    lines = [line.rstrip() for line in tex.strip("\n").split("\n") if line.strip()]
    return "\n".join(["$$", *lines, "$$"])


def words_of(markdown: str) -> str:
    """Return the words of Markdown within a line, as the description of an image takes them."""
    text = re.sub(r"\{%.*?%\}|<[^>]*>", "", markdown, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(?:\*+|`+|\$+|(?<!\w)_+|_+(?!\w))", "", text)
    return " ".join(unescaped(text).split())
