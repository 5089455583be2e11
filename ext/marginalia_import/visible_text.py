r"""The visible words of an article, in the old site's markup and in ours. Pure text, no files.

A few regular expressions remove markup and keep words. They share nothing with the converters.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+")
QUOTED = re.compile(r""""((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'""", re.DOTALL)
#: Line breaks in a string of Nunjucks; elsewhere they begin a name of TeX.
LINE_BREAKS = re.compile(r"(?<!\\)(?:(?:\\n){2,}|\\n(?=[^a-z]))")
#: An argument that names something: an id, a path, a key.
NAME = re.compile(r"\S*[-_./:]\S*|\S*\d\S*")
#: A named argument of a tag that shows no words.
SETTING = re.compile(
    r"""\b(?:class|id|style|loading|width|height|sizes|zoomable|path|src|url|file|href)
        \s*[=:]\s*(?:"[^"]*"|'[^']*')""",
    re.VERBOSE,
)
FRONT_MATTER = re.compile(
    r"\A(?:---\w*[ \t]*\n.*?^(?:---|\.\.\.)|\+\+\+[ \t]*\n.*?^\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
#: What shows no words, in the source and in the result.
HIDDEN = re.compile(
    r"""<(?P<opaque>script|style|head)\b(?:(?!<(?P=opaque)\b).)*?</(?P=opaque)\s*>
      | \]\(\s*(?:<[^<>\n]*>
          | (?:\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|\([^\s()]*\)|[^\s()])*+)
      | \{%[-+]?\s*end[\w-]*\s*[-+]?%\}
      | (?P<tag>\{%[-+]?\s*(?P<name>[\w.-]*)
          (?P<body>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!%\}|\{%)[^"'])*?)[-+]?%\})
      | \{%(?:(?!\{%).)*?%\}
      | \{\{(?:(?!\{\{).)*?\}\}
      | (?P<summary><summary>(?:\s|<[^<>]*>)*Pause\s+and\s+think\b)
      | <![a-zA-Z][^<>]*>
      | (?P<html></?[a-zA-Z][^<>]*>)
      | (?<=\])\[[^\[\]\n]*\]
      | ^[ \t>]*\[(?!\^)[^\[\]\n]+\]:[ \t]+(?:<[^<>\n]*>|[^\s()]+)
      | \[\^[^\[\]\s]+\]:?
      | (?P<pandoc>(?:^[ \t>]*:{3,}[ \t]*\{|(?<=[\w)\]`$ ])\{[ ]?(?=[.\#:=-]|[\w-]+=)
            |^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:`{3,}|~{3,})[ \t]*\{(?=[.=\w]))
          (?:"[^"\n]*"|'[^'\n]*'|[^{}"'\n])*(?<!\#)\})
      | ^[ \t]*[Tt]able:(?=[ \t])
      | ^\*\[[^\]\n]+\]:(?=[ \t])
      | !\[\[[^\[\]\n|]*\.\w{2,4}(?:\|\d+(?:x\d+)?)?(?=[|\]]) | \[\[[^\[\]|\n]*\|
      | ^[ \t]*(?:[-*+][ \t]+)?(?:>[ \t]*)+\[![\w-]+\|?[^\]\n]*\][-+]?
      | ^[ \t]*(?:knitr::)?include_graphics\([^\n]*\)[ \t]*$
      | ^[ \t>]*:{3,}[ \t]*[\w-]*[ \t]*$
      | ^[ \t]*(?:\#|//|%%)\|[ \t]*(?:(?:fig|tbl|lst)[.-]cap[ \t]*[:=]|[^\n]*$)
      | \\@ref\([^()\s]+\) | (?<![\w@.])-?@(?:sec|fig|tbl|eq|lst|thm|lem|cor|prp|cnj|def)-[\w-]+
      | \\label\{[^{}\n]*\} | \\(?:begin|end)\{(?:align|equation|gather|aligned|eqnarray)\*?\}
      | \(\\\#[\w:-]+\) | \(ref:[\w-]+\)
      | \{[.\#:][^{}\n]*(?<!\#)\}
      | \\(?:begin|end)\{\w+\*?\}
      | ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:`{3,}|~{3,})[ \t]*\{?[\w.+-]*\}?
          (?:[ \t]*\b(?:title|filename|caption)=)?
      | ^[ \t>]*:{3,}[ \t]*[\w-]+(?=[ \t]|$) | (?<=>[ ])\[!\w+\]
      | ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)+
    """,
    re.DOTALL | re.VERBOSE | re.MULTILINE,
)
#: What the importer itself writes.
WRITTEN = re.compile(
    r"^\([\w-]+\)=$|\{(?:ref|numref|eq)\}`[^`\n]*`|(?<![\\:]):{3,}\{[\w-]+\}|(?<![\\`])\{[\w:-]+\}(?=`)"
    r"|^[ \t>]*:(?!:|alt:)[\w-]+:(?=[ \t]|$)",
    re.MULTILINE,
)
#: The description of an image, in Markdown, in HTML or a tag, and in a figure.
DESCRIPTION = re.compile(
    r"""!\[((?:\\.|[^\[\]\\])*)\](?=[(\[])|\balt\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(\w+))"""
    r"""|\{%-?\s*image\s+["'][^"'\n]*["'],?\s*["']([^"'\n]*)["']|^[ \t>]*:alt:[ \t]*([^\n]*)$"""
    r"|!\[\[[^\[\]\n|]*\|([^\[\]\n]+)\]\]",
    re.MULTILINE | re.IGNORECASE,
)
#: Options of a directive that no reader sees.
HIDDEN_OPTION = re.compile(
    r"^[ \t>]*:(?:label|name|nonumber|icon|class|open|enumerated|context|tags):[^\n]*$"
    r"|\{(?:prf:)?(?:ref|numref|eq)\}`[^`\n]*`|\[\]\(#[^()\s]*\)",
    re.MULTILINE,
)
#: The attributes of Pandoc that readers see.
PANDOC_TITLE = re.compile(
    r"""\b(?:title|name|filename|(?:fig|tbl|lst)[.-](?:cap|alt))\s*=\s*(?:"([^"]*)"|'([^']*)')"""
)
#: Our own fences and attributes; those of the source would be escaped.
OURS = re.compile(r"^[ \t>]*:{3,}(?:\{[\w:-]+\}|[ \t]*$)|(?<=[\])])\{\.[\w .-]+\}", re.MULTILINE)
SHOWN_ATTRIBUTE = re.compile(r"""\b(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)

CODE = re.compile(
    r"""^(?P<indent>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})[^\n]*\n
          .*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)
      | (?<=\n\n)(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+
      | (?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)
      | <(?P<opaque>pre|script|style)\b(?:(?!<(?P=opaque)\b).)*?</(?P=opaque)\s*>
      | \{%-?\s*(?P<raw>raw|verbatim|highlight)\b.*?\{%-?\s*end(?P=raw)\s*-?%\}
      | \\begin\{(?P<env>(?:align|equation|gather|multline|eqnarray)\*?)\}
          (?:(?!\\begin\{(?P=env)\}).)*?\\end\{(?P=env)\}
      | \$\$.*?\$\$ | (?<![\\$])\$(?=[^\s$])[^$\n]+(?<![\s\\])\$(?!\d)
      | <!--(?:(?!<!--).)*?-->
    """,
    re.DOTALL | re.VERBOSE | re.MULTILINE,
)


def blank(match: re.Match[str]) -> str:
    """Return a blank and the line breaks of a match."""
    return " " + "\n" * match[0].count("\n")


def visible_words(text: str) -> Iterator[tuple[str, int]]:
    """Yield the visible words of a text, each with its line."""
    text = FRONT_MATTER.sub(blank, text, count=1)
    for number, line in enumerate(HIDDEN.sub(_visible_text, text).split("\n"), 1):
        for word in WORD.findall(unescape(line)):
            yield word, number


def _visible_text(match: re.Match[str]) -> str:
    """Return the visible words of markup, and as many lines as it has."""
    visible: list[str] = []
    if match["pandoc"]:
        visible = [a or b for a, b in PANDOC_TITLE.findall(match["pandoc"])]
        visible = [HIDDEN.sub(" ", text) for text in visible]
    elif match["html"]:
        visible = [a or b for a, b in SHOWN_ATTRIBUTE.findall(match["html"])]
    elif match["tag"]:
        texts = [a or b for a, b in QUOTED.findall(SETTING.sub("", match["body"]))]
        is_note = match["name"].endswith("note")
        visible = [
            LINE_BREAKS.sub("\n", text)
            for text in texts
            if re.search(r"\s", text.strip())
            or (is_note and len(texts) == 1 and not NAME.fullmatch(text))
        ]
        # Markup within a note, as a link, is read like the text around.
        visible = [" ".join(HIDDEN.sub(_visible_text, text).split()) for text in visible]
    return f" {' '.join(visible)} " + "\n" * match[0].count("\n")


def without_code(text: str) -> str:
    """Return a text without its front matter, code and formulas, and with all its lines."""
    return CODE.sub(blank, FRONT_MATTER.sub(blank, text, count=1))


def without_markup(text: str) -> str:
    """Return MyST without the markup that the importer would write itself."""
    return WRITTEN.sub(blank, HIDDEN_OPTION.sub("", text))


def without_additions(source: str, result: str) -> str:
    """Return *result* without what the importer adds: markup, and descriptions from captions."""
    descriptions = {_only_words(text) for match in DESCRIPTION.findall(source) for text in match}

    def authored(match: re.Match[str]) -> str:
        return match[0] if _only_words("".join(match.groups(""))) in descriptions else ""

    result = DESCRIPTION.sub(authored, result)
    return WRITTEN.sub(lambda match: match[0] if match[0] in source else blank(match), result)


def _only_words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(unescape(text)))
