"""Write MyST: roles, directives, formulas, code, and text that must not be read as markup."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from marginalia_import.myst.names import CALLOUTS, SYNONYMS

#: The characters that Markdown or MyST may read as markup within a line.
SPECIAL = re.compile(r"([\\`*_{}\[\]<>$~|&])")
#: What starts a block: a heading, list, quote, fence or definition, and the blocks MyST adds.
BLOCK_START = re.compile(
    r"^(?P<space>[ \t]*)(?:(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)"
    r"|>|~~~|={3,}\s*$|-{3,}\s*$|%|\+\+\+|:::|:\s|\|))",
    re.MULTILINE,
)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
#: A formula that is one environment of amsmath, which MyST reads without dollars.
ENVIRONMENT = re.compile(
    r"\\begin\{(?P<name>(?:equation|multline|gather|align|alignat|flalign|eqnarray)\*?)\}"
    r"(?:(?!\\begin\{(?P=name)\}).)*\\end\{(?P=name)\}",
    re.DOTALL,
)
#: The environments that begin a formula, and so cannot be within one.
OUTER = re.compile(r"\\(begin|end)\{(?:(gather)|(?:fl)?align(?:at)?|eqnarray)\*?\}(?:\{\d+\})?")
#: Stands before a placeholder that becomes a role, so that a role around it has more backquotes.
ROLE = "\ufdd2"
BACKQUOTES = re.compile("`+")


def unescape(text: str) -> str:
    """Return *text* without the backslashes that Markdown removes."""
    return ESCAPED.sub(r"\1", text)


def shorten(text: str, length: int = 80) -> str:
    """Return *text* on one line of at most *length* characters, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def escape(text: str) -> str:
    r"""Return Markdown that shows *text* unchanged within a line.

    >>> escape("f*g* < $5")
    'f\\*g\\* \\< \\$5'
    """
    return SPECIAL.sub(r"\\\1", text)


def escape_block_starts(text: str) -> str:
    """Return *text* with a backslash before whatever would start a block on one of its lines."""

    def escaped(match: re.Match[str]) -> str:
        return f"{match['space']}{match['number'] or ''}\\"

    return BLOCK_START.sub(escaped, text)


def _backquotes(text: str, least: int = 1) -> str:
    """Return a run of backquotes that is longer than any within *text*."""
    longest = max((len(run) for run in BACKQUOTES.findall(text)), default=int(ROLE in text))
    return "`" * max(least, longest + 1)


def code_span(text: str) -> str:
    """Return *text* as a code span on one line."""
    text = " ".join(text.split()) or " "
    fence = _backquotes(text)
    padding = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def role(name: str, text: str) -> str:
    """Return a role around *text*, on one line.

    MyST ends the text at the first run of backquotes that is long enough, so the outer run is
    longer than any within. A space separates it from a backquote at either end.
    """
    text = " ".join(text.split())
    fence = _backquotes(text)
    left = " " if text.startswith("`") else ""
    right = " " if text.endswith("`") else ""
    return f"{{{name}}}{fence}{left}{text}{right}{fence}"


def code_block(text: str, language: str = "") -> str:
    """Return a fenced code block."""
    fence = _backquotes(text, least=3)
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def inline_math(tex: str) -> str:
    r"""Return a formula within a line: a role if it has dollars itself, ``\text{if $x$}``."""
    tex = " ".join(_inner_environments(tex).split())
    return role("math", tex) if re.search(r"(?<!\\)\$", tex) else f"${tex}$"


def _inner_environments(tex: str) -> str:
    """Return TeX whose environments may be in a formula: ``aligned`` instead of ``align*``."""
    tex = re.sub(r"\\(?:begin|end)\{(?:equation|displaymath)\*?\}", "", tex)
    return OUTER.sub(lambda match: f"\\{match[1]}{{{match[2] or 'align'}ed}}", tex)


def display_math(tex: str) -> str:
    """Return a displayed formula. It has no blank line, which TeX would refuse."""
    is_whole = ENVIRONMENT.fullmatch(tex.strip())
    tex = tex.strip() if is_whole else _inner_environments(tex)
    lines = [line.rstrip() for line in tex.strip("\n").split("\n") if line.strip()]
    return "\n".join(lines if is_whole else ["$$", *lines, "$$"])


@dataclass
class Directive:
    """A MyST directive without its fences and body."""

    name: str
    argument: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def opening(self, fence: str) -> list[str]:
        """Return the lines before the body: the fence with name and argument, then the options."""
        options = {name: " ".join(value.split()) for name, value in self.options.items()}
        first = f"{fence}{{{self.name}}} {' '.join(self.argument.split())}".rstrip()
        return [first, *(f":{name}: {_quoted(value)}".rstrip() for name, value in options.items())]

    def needs_blank_line(self, body: str) -> bool:
        """Whether MyST would read the start of *body* as an option unless a blank line precedes."""
        return bool(self.options) or re.match(r":(?!::)|---", body) is not None


def callout(kind: str, title: str = "", options: dict[str, str] | None = None) -> Directive:
    """Return the admonition for a kind of callout, which is its title if there is no other.

    >>> callout("success")
    Directive(name='admonition', argument='Success', options={'class': 'tip'})
    """
    kind = SYNONYMS.get(kind, kind)
    name = CALLOUTS.get(kind, kind)
    if kind == name and kind in CALLOUTS and not title:
        return Directive(kind, "", options or {})
    return Directive("admonition", title or kind.capitalize(), {"class": name, **(options or {})})


def _quoted(value: str) -> str:
    """Return the value of an option, in quotes if YAML would not read it as plain text."""
    if not re.search(r"(?:^|\s)#|^[\"'|>&*!%@`]", value):
        return value
    return json.dumps(value, ensure_ascii=False)


def colon_fence(body: str) -> str:
    """Return the colons for a directive around *body*: more than any fence within has."""
    inner = [len(run) for run in re.findall(r"^[ \t>]*(:{3,})", body, re.MULTILINE)]
    return ":" * (max(inner, default=2) + 1)


def directive_block(directive: Directive, body: str = "") -> str:
    """Return a whole directive with its fences."""
    fence = colon_fence(body)
    parts = directive.opening(fence)
    if body:
        parts += ["", body] if directive.needs_blank_line(body) else [body]
    return "\n".join([*parts, fence])


def equation(tex: str, label: str) -> str:
    """Return a displayed formula with a label, if that is not empty, for the role ``eq``."""
    # Sphinx breaks a formula at its line breaks by itself.
    tex = _inner_environments(re.sub(r"\\(?:begin|end)\{multline\*?\}", "", tex))
    tex = "\n".join(line for line in tex.split("\n") if line.strip())
    return directive_block(Directive("math", "", {"label": label} if label else {}), tex.strip())


def plain_text(markdown: str) -> str:
    """Return the words of inline Markdown, as the alternative text of an image needs them."""
    text = re.sub(r"\{%.*?%\}|</?[A-Za-z!][^>]*>|\{[\w:]+\}(?=`)", "", markdown, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(?:\*+|`+|\$+|(?<!\w)_+|_+(?!\w))", "", text)
    return " ".join(unescape(text).split())
