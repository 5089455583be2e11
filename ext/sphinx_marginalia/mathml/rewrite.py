r"""TeX that the library does not know, in TeX that it knows.

The numbers of equations are Sphinx's, so every environment that has numbers becomes the one that
has none.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.macros import read_macros
from sphinx_marginalia.mathml.reader import CLOSE, OPEN, Reader, braced, put_in
from sphinx_marginalia.mathml.tokens import TexError, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Commands of LaTeX, amsmath and mathtools that others can stand for.
SAME = read_macros(
    {
        "mbox": [r"\text{#1}", 1],
        "hbox": [r"\text{#1}", 1],
        "ensuremath": [r"{#1}", 1],
        "strut": r"\vphantom{(}",
        "mathstrut": r"\vphantom{(}",
        "mathnormal": [r"\mathit{#1}", 1],
        "pmb": [r"\boldsymbol{#1}", 1],
        "dotsb": r"\cdots",
        "dotsc": r"\ldots",
        "dotsi": r"\cdots",
        "dotsm": r"\cdots",
        "dotso": r"\ldots",
        "varliminf": r"\mathop{\underline{\lim}}",
        "varlimsup": r"\mathop{\overline{\lim}}",
        "notag": "",
        "nonumber": "",
        "substack": [r"\begin{subarray}{c}#1\end{subarray}", 1],
    }
)
#: Environments by what stands for them; a star says nothing here.
ENVIRONMENTS = {
    "align": "aligned",
    "flalign": "aligned",
    "split": "aligned",
    "alignat": "aligned",
    "alignedat": "aligned",
    "gather": "gathered",
    "multline": "multline*",
    "smallmatrix": "subarray",
    "eqnarray": "darray",
    "equation": "",
}
#: Those with an argument that means nothing here, and columns for those that have none written.
COUNTED = ("alignat", "alignedat")
COLUMNS = {"smallmatrix": "c" * 10, "eqnarray": "rcl"}
TEXTS = frozenset(
    rf"\text{name}" for name in ("", "bf", "it", "rm", "sf", "tt", "up", "normal")
) | {r"\emph"}
LIMITS = {"_": r"\underset", "^": r"\overset"}
REFUSED = {
    **dict.fromkeys(
        (r"\label", r"\ref", r"\eqref"),
        "has no meaning here: give the formula a label of Sphinx, and use {eq}",
    ),
    **dict.fromkeys(
        (r"\newcommand", r"\renewcommand", r"\providecommand", r"\def", r"\gdef", r"\let"),
        "cannot stand in a formula; a command of yours goes into mathml_macros",
    ),
}
#: The library follows any depth, until the memory for it is used up and the build is gone.
DEEPEST = 100
LONGEST = 4000
#: For each bracket that is not closed, the library takes twice the time.
MOST_UNCLOSED = 12
BRACKETS = (
    (
        r"\{ \lbrace \lbrack \langle \lfloor \lceil \lvert \lVert \lgroup \llbracket \ulcorner "
        r"\mathopen"
    ),
    (
        r"\} \rbrace \rbrack \rangle \rfloor \rceil \rvert \rVert \rgroup \rrbracket \urcorner "
        r"\mathclose"
    ),
)
OPENING, CLOSING = (frozenset(names.split()) for names in BRACKETS)


def rewrite(tokens: Sequence[Token], end: int) -> list[Token]:
    r"""Return *tokens* as the library reads them; lines that ``\\`` separates become a table.

    :raises TexError: something has no meaning here, or is nested too deeply
    """
    found = list(_rewritten(Reader(tokens, end)))
    _refuse_depth(found)
    _refuse_unclosed(found)
    outside = {token.text for token in _outside(found)}
    if outside & {"&", r"\\"}:
        name = "aligned" if "&" in outside else "gathered"
        return [*_tex(rf"\begin{{{name}}}", 0), *found, *_tex(rf"\end{{{name}}}", end)]
    return found


def _tex(tex: str, at: int) -> list[Token]:
    return tokenize(tex, at)


def _rewritten(reader: Reader) -> Iterator[Token]:
    while reader:
        token = reader.take()
        if problem := REFUSED.get(token.text):
            message = f"{token.text} {problem}"
            raise TexError(message, token.at)
        if same := SAME.get(token.text):
            reader.put_back(_same(token, put_in(same, reader, token.at)))
        elif token.text in TEXTS:
            yield from _text(token, reader.argument())
        elif token.text in (r"\begin", r"\end"):
            yield from _environment(token, reader)
        elif token.text == r"\tag":
            yield from _tag(token, reader)
        elif token.text == r"\mathop":
            yield from _operator(token, reader)
        else:
            yield token
            if token.text == r"\\" and reader.peek() == "[":
                reader.option()  # how far apart lines are is for the style sheet


def _same(token: Token, body: list[Token]) -> list[Token]:
    plain = not body or body[0].text in (r"\begin", r"\mathop")
    return body if plain else braced(body, token.at)


def _environment(token: Token, reader: Reader) -> Iterator[Token]:
    written = "".join(part.text for part in reader.argument())
    name = written.removesuffix("*")
    meant = ENVIRONMENTS.get(name, written)
    begins = token.text == r"\begin"
    if not meant:
        yield Token(OPEN if begins else CLOSE, token.at)
        return
    yield from [token, *braced(_tex(meant, token.at), token.at)]
    if not begins:
        return
    if name in COUNTED:
        reader.argument()
    elif name in ("aligned", "gathered", "array"):
        reader.option()
    yield from braced(_tex(COLUMNS[name], token.at), token.at) if name in COLUMNS else ()


def _operator(token: Token, reader: Reader) -> Iterator[Token]:
    r"""Put what is below ``\mathop`` below it: the library puts it beside."""
    inner = list(_rewritten(Reader(reader.argument(), reader.end)))
    reader.skip_blanks()
    while reader.peek() in LIMITS:
        limit = reader.take()
        below = _rewritten(Reader(reader.argument(), reader.end))
        script = [Token(LIMITS[limit.text], limit.at), *braced([*below], limit.at)]
        inner = [*script, *braced(inner, token.at)]
        reader.skip_blanks()
    yield from [token, *braced(inner, token.at)]


def _tag(token: Token, reader: Reader) -> Iterator[Token]:
    before, behind = ("", "") if reader.take_if("*") else ("(", ")")
    text = reader.argument()
    shown = [Token(char, token.at) for char in before], [Token(char, token.at) for char in behind]
    yield Token(r"\qquad", token.at)
    yield from _text(Token(r"\text", token.at), [*shown[0], *text, *shown[1]])


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
            # Of a percent sign with a backslash the library takes the blank behind it as well.
            yield from [part, *braced([], part.at)]
        else:
            yield part
    if within:
        message = "the $ is not closed"
        raise TexError(message, token.at)
    yield Token(CLOSE, token.at)


def _outside(tokens: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth -= token.text in (CLOSE, r"\end")
        if depth <= 0:
            yield token
        depth += token.text in (OPEN, r"\begin")


def _refuse_unclosed(tokens: Sequence[Token]) -> None:
    unclosed = 0
    for token in tokens:
        if token.text in (OPEN, CLOSE):
            continue
        kind = unicodedata.category(token.text) if len(token.text) == 1 else ""
        unclosed += (token.text in OPENING or kind == "Ps") - (
            unclosed > 0 and (token.text in CLOSING or kind == "Pe")
        )
        if unclosed > MOST_UNCLOSED:
            message = "too many brackets are not closed"
            raise TexError(message, token.at)


def _refuse_depth(tokens: Sequence[Token]) -> None:
    """Stop where too much is open, or too many commands wait for an argument."""
    if len(tokens) > LONGEST:
        message = "it is too long"
        raise TexError(message, tokens[LONGEST].at)
    depth = waiting = 0
    for token in tokens:
        depth += token.text in (OPEN, "[", r"\begin", r"\left")
        depth -= token.text in (CLOSE, "]", r"\end", r"\right")
        if token.text not in (" ", OPEN):
            waiting = waiting + 1 if token.text[0] in "\\^_" else 0
        if max(depth, waiting) > DEEPEST:
            message = "it is nested too deeply"
            raise TexError(message, token.at)
