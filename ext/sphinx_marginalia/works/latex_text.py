"""From the LaTeX in a field of a bibliography to the markup of CSL-JSON, or to words. Pure.

Styles of BibTeX read accents and braces, and print other commands: they get words. CSL has HTML for
italics, bold, small capitals and letters that are raised or lowered, and a class for words whose
capitals a style must not change (https://citeproc-js.readthedocs.io, markup).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What only sorts entries, in files made for BibTeX, and what is only space.
UNSEEN = re.compile(
    r"\{?\\(?:noop|[Ss]ort)\w*\s*\{[^{}]*\}\}?|\\(?:[hv]space|[hv]?phantom)\*?\s*\{[^{}]*\}"
)
#: A formula that is only a space, such as that between a number and its unit.
SPACE = re.compile(r"\$\s*\\(?:[,;:! ]|q?quad|(?:thin|med|thick)space)\s*\$")
#: Words in single quotation marks.
QUOTED = re.compile(r"(?<![\w`])`(?!`)((?:[^`']|'(?=\w))+)'(?![\w'])")
#: The characters that put an accent on the letter before, for LaTeX's commands.
COMBINING = dict(
    zip(
        "\"'`^~=.ubcdHkrv",
        "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0306\u0331\u0327\u0323\u030b\u0328\u030a\u030c",
        strict=True,
    )
)
#: What has to be read at all.
SPECIAL = re.compile(r"[\\{}$~`]|--|''")
#: A formula, whose braces are closed in it, down to the fourth level.
GROUP = reduce(
    lambda group, _level: rf"(?:\\.|[^\\${{}}]|\{{{group}*\}})", range(4), r"(?:\\.|[^\\${}])"
)
#: Words in braces that are closed in them, down to the third level.
BRACED = reduce(lambda inner, _level: rf"\{{(?:[^{{}}]|{inner})*\}}", range(2), r"\{[^{}]*\}")
FORMULA = re.compile(rf"(?<!\\)(\${GROUP}*\$)")
TOKEN = re.compile(
    rf"\${GROUP}*\$|"
    r"\\(?P<command>[a-zA-Z]+)(?:\s*\*(?=\{))?\s*(?P<open>\{)?|\\.|[{}]|---?|``|''|[^\\{}$`'-]+|.",
    re.DOTALL,
)
#: A letter with an accent, or one that has a name, where braces protect nothing.
LETTER = re.compile(
    r"\{\\(?:[\"'`^~=.]|[bcdHkrtuv](?![a-zA-Z]))\s*(?:\\?\w|\{\\?\w\s*\})\}"
    r"|\\(?:[\"'`^~=.]|[bcdHkrtuv](?![a-zA-Z]))\s*\{\\?\w\s*\}"
    r"|\\[\"'`^~=.](?=[^\x00-\x7f])\w"
    r"|\{\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)\s*\}"
)
#: The markup of CSL for commands of LaTeX.
MARKUP = {
    **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph"), ("<i>", "</i>")),
    **dict.fromkeys(("textbf", "mkbibbold"), ("<b>", "</b>")),
    **dict.fromkeys(("enquote", "mkbibquote"), ("“", "”")),
    "textsc": ('<span style="font-variant:small-caps;">', "</span>"),
    "textsuperscript": ("<sup>", "</sup>"),
    "textsubscript": ("<sub>", "</sub>"),
}
#: Braces that are printed, for styles of BibTeX, which cannot have them in a text.
PRINTED_BRACES = {r"\{": "\uff5b", r"\}": "\uff5d"}
#: For :meth:`str.translate`, when a style has written the text.
BRACES = str.maketrans("\uff5b\uff5d", "{}")
#: The same in words: quotation marks are no markup.
WORDS = {name: ("", "") if "<" in pair[0] else pair for name, pair in MARKUP.items()}
#: What commands write that the codec does not know; others of small letters only set what follows.
COMMANDS = {
    "slash": "/", "hyphen": "-", "emdash": "—", "endash": "–", "/": "", "!": "", "@": "",
    ",": "\u202f", ":": " ", ";": " ", "textquotesingle": "'", "textquoteright": "’",
    "textquotedbl": '"',
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textdollar": "$",
    "textasciitilde": "~", "textunderscore": "_", "textendash": "–", "textemdash": "—",
    "textless": "<", "textgreater": ">", "textbar": "|", "dots": "…",
    "textellipsis": "…", "texteuro": "€", "euro": "€", "textonehalf": "½", "textonequarter": "¼",
    "textthreequarters": "¾", "grqq": "“", "grq": "‘", "frqq": "»", "flqq": "«", "frq": "\u203a",
    "flq": "\u2039", "glq": "\u201a", "ng": "ŋ", "NG": "Ŋ",
    "le": "≤", "ge": "≥", "to": "→", "circ": "°", "checkmark": "✓",
}  # fmt: skip
#: A command that stands for a word, with a blank behind it that LaTeX prints.
BEFORE_BLANK = re.compile(r"(\\[a-zA-Z]+)\\(?= )")
#: A command up to the second thing in braces, which is the one that has words.
BEFORE_WORDS = re.compile(
    rf"\\(?:href|foreignlanguage|textcolor|texorpdfstring)\s*{BRACED}\s*(?=\{{)"
)
#: A number with a unit, of the package siunitx.
QUANTITY = re.compile(r"\\(?:SI|qty)\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
#: A formula between other signs than single dollars.
OTHER_FORMULA = re.compile(r"\\\((.+?)\\\)|\$\$(.+?)\$\$", re.DOTALL)
SIGNS = {"--": "–", "---": "—", "``": "“", "''": "”", "`": "‘", "'": "’"}

#: Letters that Unicode does not decompose.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def index_order(words: str) -> str:
    """Return what an index sorts *words* by: no case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", words.casefold()).translate(LETTERS)
    return "".join(letter for letter in letters if letter.isalnum() or letter.isspace()).strip()


def csl_text(text: str, *, is_title: bool = False) -> str:
    """Return the LaTeX in a field in the markup of CSL-JSON.

    :param is_title: keep what is in braces from a style that changes capitals
    """
    text = " ".join(_prepared(text).split())
    if not SPECIAL.search(text):
        return text
    braces = ('<span class="nocase">', "</span>") if is_title else ("", "")
    return _written(re.sub(r"(?<!\\)~", "\xa0", text), MARKUP, SIGNS, braces)


def bibtex_text(text: str) -> str:
    """Return the LaTeX in a field with letters and words for its commands, for styles of BibTeX.

    They read the braces that protect capitals, and what is a comment behind a bare ``%``.
    """
    text = FORMULA.sub(_in_braces, QUOTED.sub(r"‘\1’", _prepared(text).strip()))
    if "\\" in text:
        text = _written(text, WORDS, PRINTED_BRACES, ("{", "}"))
    return _escape_percent_signs(text)


def _prepared(text: str) -> str:
    """Return *text* without what nobody sees, and with each formula between single dollars."""
    text = UNSEEN.sub("", text)
    text = OTHER_FORMULA.sub(lambda tex: f"${(tex[1] or tex[2]).strip(' $')}$", text)
    return SPACE.sub("\u202f", text)


def _in_braces(formula: re.Match[str]) -> str:
    """Return a formula in braces: a style that lowers titles must not lower it.

    A price has a blank before its second dollar sign, so a formula must not have one.
    """
    tex = formula[1][1:-1]
    if re.search(r"[_^\\]", tex):
        tex = re.sub(r"(?<!\\)\s+\Z", "", tex.lstrip())
    if tex.count("{") != tex.count("}"):  # What reads it for the style wants each brace closed.
        tex = tex.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    return f"{{${tex}$}}"


@cache
def plain_text(text: str, latex: str = "", *, letters: bool = True) -> str:
    """Return LaTeX as words, and formulas as they are written: pybtex takes their braces away.

    Cached, because to decode LaTeX is slow, and names are needed at each citation.

    :param latex: the LaTeX that *text* is from, if it has been read
    :param letters: write a letter for a formula that is one, a Greek one for example
    """
    # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
    from pybtex.richtext import Text  # noqa: PLC0415

    words = text if latex else str(Text.from_latex(text))
    for formula in FORMULA.findall(latex or text):
        read = str(Text.from_latex(formula))
        is_letter = not (letters or read.isascii())
        words = words.replace(read, formula) if "$" in read or is_letter else words
    return words


def _written(
    text: str,
    markup: Mapping[str, tuple[str, str]],
    signs: Mapping[str, str],
    braces: tuple[str, str],
) -> str:
    """Return *text* with *markup* and *signs* for LaTeX's, and *braces* for the outermost."""
    if "\\" in text:
        text = QUANTITY.sub(lambda one: f"{one[1]} {one[2].replace(chr(92), ' ').strip()}", text)
        parts = FORMULA.split(BEFORE_BLANK.sub(r"\1{}", BEFORE_WORDS.sub("", text)))
        parts[::2] = [re.sub(r"\\\\\*?", " ", part) for part in parts[::2]]  # the end of a line
        for _accent in range(2):  # A letter may have two.
            parts[::2] = [LETTER.sub(_letter, part) for part in parts[::2]]
        parts[::2] = [_decoded(part) for part in parts[::2]]
        text = "".join(parts)
    written: list[str] = []
    closing: list[str] = []
    for token in TOKEN.finditer(text):
        word = token[0]
        if token["open"]:
            before, after = markup.get(token["command"], (_sign(token["command"]), ""))
            written.append(before)
            closing.append(after)
        elif word == "{":
            before, after = braces if not closing else ("", "")
            written.append(before)
            closing.append(after)
        elif word == "}":
            written.append(closing.pop() if closing else "")
        elif word.startswith("\\") and word not in signs:
            sign = _sign(token["command"] or word[1:])
            # The blank behind a command belongs to it, and may be the only one between two words.
            is_between = not sign and word[-1:].isspace() and text[: token.start()][-1:].isalnum()
            written.append(" " if is_between else sign)
        else:
            written.append(signs.get(word, word))
    return "".join([*written, *reversed(closing)])


@cache
def _sign(command: str) -> str:
    r"""Return the word for a sign such as ``\TeX``; most commands only set what follows."""
    if command in COMMANDS:
        return COMMANDS[command]
    if command.isalpha():
        # Some write a sign of mathematics without dollars, or with ``text`` before.
        sign = _decoded(f"$\\{command.removeprefix('text')}$")
        if "$" not in sign:
            return sign
    sets = command.islower() or command.startswith("Make")
    return "" if sets else command


def _decoded(text: str) -> str:
    """Return *text* with letters and signs for the commands of LaTeX that write them."""
    # Imported here, to register the codec, because it is there only where pybtex is.
    import latexcodec  # noqa: F401, PLC0415

    decode = codecs.lookup("ulatex").decode
    # It would make another command of a backslash and the word behind it.
    text = _escape_percent_signs(text).replace(r"\textbackslash", "\N{SET MINUS}")
    decoded: str = decode(text, "ignore")[0]  # type: ignore[arg-type]  # its own type
    # It drops a blank at the start, which may be that behind a formula.
    return " " * (text[:1] == " ") + decoded


def _escape_percent_signs(text: str) -> str:
    r"""Escape each bare ``%``: behind it is a comment in LaTeX, which nobody means in a field."""
    return re.sub(r"(\\.)|%", lambda sign: sign[1] or r"\%", text)


def _letter(written: re.Match[str]) -> str:
    # An accent replaces the dot of these letters.
    dotted = re.sub(r"(?<=\W)\\([ij])(?=\W)", r"\1", re.sub(r"[{}]", " ", written[0]))
    letter = _decoded(dotted).strip()
    accented = re.fullmatch(r"\\(\W|\w)\s*(\w)", letter)
    if accented and accented[1] in COMBINING:
        # One that the codec does not know.
        return unicodedata.normalize("NFC", accented[2] + COMBINING[accented[1]])
    return letter
