r"""Rewrite TeX that the library does not know in TeX that it knows.

The numbers of equations are Sphinx's, so every environment that has numbers becomes the one that
has none.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.reader import CLOSE, OPEN, Reader, braced, expand_one
from sphinx_marginalia.mathml.tokens import TexError, Token, read_macros, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Commands of LaTeX, amsmath and mathtools that others can stand for.
SYNONYMS = read_macros(
    {
        "mbox": [r"\text{#1}", 1],
        "hbox": [r"\text{#1}", 1],
        "ensuremath": [r"{#1}", 1],
        **dict.fromkeys(("strut", "mathstrut"), r"\vphantom{(}"),
        "mathnormal": [r"\mathit{#1}", 1],
        "pmb": [r"\boldsymbol{#1}", 1],
        **dict.fromkeys(("dotsb", "dotsi", "dotsm"), r"\cdots"),
        **dict.fromkeys(("dotsc", "dotso"), r"\ldots"),
        "varliminf": r"\mathop{\underline{\lim}}",
        "varlimsup": r"\mathop{\overline{\lim}}",
        **dict.fromkeys(("notag", "nonumber"), ""),
        **{
            name: [rf"\begin{{{name}}}#1\end{{{name}}}", 1]
            for name in ("matrix", "pmatrix", "cases")
        },
        "substack": [r"\begin{subarray}{c}#1\end{subarray}", 1],
    }
)
#: What each environment becomes; a star has no meaning here.
ENVIRONMENTS = {
    **dict.fromkeys(("align", "flalign", "split", "alignat", "alignedat"), "aligned"),
    "gather": "gathered",
    "multline": "multline*",
    "smallmatrix": "subarray",
    "eqnarray": "darray",
    "equation": "",
}
#: Those with an argument that has no meaning here, and columns for those that declare none.
COUNTED = ("alignat", "alignedat")
COLUMNS = {"smallmatrix": "c" * 10, "eqnarray": "rcl"}
TEXT_COMMANDS = frozenset(
    rf"\text{name}" for name in ("", "bf", "it", "rm", "sf", "tt", "up", "normal")
) | {r"\emph"}
#: LaTeX's, and TeX's own.
LINE_ENDS = (r"\\", r"\cr")
LIMITS = {"_": r"\underset", "^": r"\overset"}
REFUSED = {
    **dict.fromkeys(
        (r"\label", r"\ref", r"\eqref"),
        "has no meaning here; give the formula a label in Sphinx, and refer to it with {eq}",
    ),
    **dict.fromkeys(
        (r"\newcommand", r"\renewcommand", r"\providecommand", r"\def", r"\gdef", r"\let"),
        "cannot be in a formula; define a command of your own in mathml_macros",
    ),
}
#: The library follows any depth until its stack is used up and the process dies.
DEEPEST = 100
LONGEST = 4000
#: Each bracket that is not closed doubles the library's time.
MOST_UNCLOSED = 12
OPENING = frozenset(
    r"\{ \lbrace \lbrack \langle \lfloor \lceil \lvert \lVert \lgroup \llbracket \ulcorner "
    r"\mathopen".split()
)
CLOSING = frozenset(
    r"\} \rbrace \rbrack \rangle \rfloor \rceil \rvert \rVert \rgroup \rrbracket \urcorner "
    r"\mathclose".split()
)


def rewrite(tokens: Sequence[Token], end: int) -> list[Token]:
    r"""Return *tokens* as the library reads them; lines that ``\\`` separates become a table.

    :raises TexError: something has no meaning here, or is nested too deeply
    """
    rewritten = list(_rewrite(Reader(tokens, end)))
    _check_depth(rewritten)
    _check_brackets(rewritten)
    outside = {token.text for token in _outside(rewritten)}
    if outside & {"&", r"\\"}:
        name = "aligned" if "&" in outside else "gathered"
        return [*tokenize(rf"\begin{{{name}}}", 0), *rewritten, *tokenize(rf"\end{{{name}}}", end)]
    return rewritten


def _rewrite(reader: Reader) -> Iterator[Token]:
    while reader:
        token = reader.pop()
        if problem := REFUSED.get(token.text):
            raise TexError(f"{token.text} {problem}", token.at)
        if synonym := SYNONYMS.get(token.text):
            body = expand_one(synonym, reader, token.at)
            is_group = bool(body) and body[0].text not in (r"\begin", r"\mathop")
            reader.push(braced(body, token.at) if is_group else body)
        elif token.text in TEXT_COMMANDS:
            yield from _text(token, reader.argument())
        elif token.text in (r"\begin", r"\end"):
            yield from _environment(token, reader)
        elif token.text in LINE_ENDS:
            yield from _line_end(token, reader)
        elif token.text == r"\tag":
            yield from _tag(token, reader)
        elif token.text == r"\mathop":
            yield from _operator(token, reader)
        else:
            yield token


def _line_end(token: Token, reader: Reader) -> Iterator[Token]:
    if token.text == r"\\" and reader.peek() == "[":
        reader.option()  # The style sheet decides on the space between lines.
    reader.skip_blanks()
    # The library would make an empty line of what ends the last one.
    if reader.peek() != r"\end":
        yield Token(r"\\", token.at)


def _environment(token: Token, reader: Reader) -> Iterator[Token]:
    typed = "".join(part.text for part in reader.argument())
    name = typed.removesuffix("*")
    environment = ENVIRONMENTS.get(name, typed)
    begins = token.text == r"\begin"
    if not environment:
        yield Token(OPEN if begins else CLOSE, token.at)
        return
    yield from [token, *braced(tokenize(environment, token.at), token.at)]
    if not begins:
        return
    if name in COUNTED:
        reader.argument()
    elif name in ("aligned", "gathered", "array"):
        reader.option()
    yield from braced(tokenize(COLUMNS[name], token.at), token.at) if name in COLUMNS else ()


def _operator(token: Token, reader: Reader) -> Iterator[Token]:
    r"""Put the limits of ``\mathop`` below and above it: the library puts them beside it."""
    inner = list(_rewrite(Reader(reader.argument(), reader.end)))
    reader.skip_blanks()
    while reader.peek() in LIMITS:
        limit = reader.pop()
        below = _rewrite(Reader(reader.argument(), reader.end))
        script = [Token(LIMITS[limit.text], limit.at), *braced([*below], limit.at)]
        inner = [*script, *braced(inner, token.at)]
        reader.skip_blanks()
    yield from [token, *braced(inner, token.at)]


def _tag(token: Token, reader: Reader) -> Iterator[Token]:
    has_parentheses = not reader.skip("*")
    words = reader.argument()
    if has_parentheses:
        words = [Token("(", token.at), *words, Token(")", token.at)]
    yield Token(r"\qquad", token.at)
    yield from _text(Token(r"\text", token.at), words)


def _text(token: Token, words: Sequence[Token]) -> Iterator[Token]:
    r"""Write ``\text{if $x$}`` as ``\text{if }x``."""
    opening = [token, Token(OPEN, token.at)]
    within = False
    yield from opening
    for number, part in enumerate(words, 1):
        if part.text == "$":
            within = not within
            yield Token(CLOSE, part.at)
            if within:
                yield Token(OPEN, part.at)
            elif number == len(words):
                return
            else:
                yield from opening
        elif part.text == "_" and not within:
            yield Token(r"\_", part.at)
        elif part.text == r"\%" and not within:
            # The library drops the blank after an escaped percent sign.
            yield from [part, *braced([], part.at)]
        else:
            yield part
    if within:
        raise TexError("the $ is not closed", token.at)
    yield Token(CLOSE, token.at)


def _outside(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth -= token.text in (CLOSE, r"\end")
        if depth <= 0:
            yield token
        depth += token.text in (OPEN, r"\begin")


def _check_brackets(tokens: Sequence[Token]) -> None:
    unclosed = 0
    for token in tokens:
        if token.text in (OPEN, CLOSE):
            continue
        kind = unicodedata.category(token.text) if len(token.text) == 1 else ""
        unclosed += (token.text in OPENING or kind == "Ps") - (
            unclosed > 0 and (token.text in CLOSING or kind == "Pe")
        )
        if unclosed > MOST_UNCLOSED:
            raise TexError("too many brackets are not closed", token.at)


def _check_depth(tokens: Sequence[Token]) -> None:
    """Refuse what opens too much, or where too many commands wait for an argument."""
    if len(tokens) > LONGEST:
        raise TexError("it is too long", tokens[LONGEST].at)
    depth = waiting = 0
    for token in tokens:
        depth += token.text in (OPEN, "[", r"\begin", r"\left")
        depth -= token.text in (CLOSE, "]", r"\end", r"\right")
        if token.text not in (" ", OPEN):
            waiting = waiting + 1 if token.text[0] in "\\^_" else 0
        if max(depth, waiting) > DEEPEST:
            raise TexError("it is nested too deeply", token.at)
