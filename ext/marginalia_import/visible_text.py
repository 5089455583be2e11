r"""The visible words of an article, in the old site's markup and in ours. Pure text, no files.

A few regular expressions remove markup and keep words. They share nothing with the converters. Each
is tried only where it can match, which takes a tenth of the time of a search.
"""

from __future__ import annotations

import re
from html import unescape

from marginalia_import.lines import Scanner

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
HIDDEN = Scanner(
    re.compile(
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
      | (?P<html></?[a-zA-Z](?!\w*://)[^<>]*>)
      | (?<=\])\[[^\[\]\n]*\]
      | ^[ \t>]*\[(?!\^)[^\[\]\n]+\]:[ \t]+(?:<[^<>\n]*>|\{[{%][^\n]*[%}]\}|[^\s()]+)
      | \[\^[^\[\]\s]+\]:?
      | (?P<pandoc>(?:^[ \t>]*:{3,}[ \t]*\{|(?<=[\w)\]`$ ])\{[ ]?(?=[.\#:=-]|[\w-]+=)
            |^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:`{3,}|~{3,})[ \t]*\{[ ]?(?=[.=\w]))
          (?:"(?:[^"\n]|\n(?![ \t]*\n))*"|'(?:[^'\n]|\n(?![ \t]*\n))*'|[^{}"'\n]
            |\n(?![ \t]*\n))*(?<!\#)\})
      | ^[ \t]*[Tt]able:(?=[ \t])
      | ^\*\[[^\]\n]+\]:(?=[ \t])
      | !\[\[[^\[\]\n|]*\.\w{2,4}(?:\|\d+(?:x\d+)?)?(?=[|\]]) | \[\[[^\[\]|\n]*\|
      | ^[ \t]*(?:[-*+][ \t]+)?(?:>[ \t]*)+\[![\w-]+\|?[^\]\n]*\][-+]?
      | ^[ \t]*(?:knitr::)?include_graphics\([^\n]*\)[ \t]*$
      | ^[ \t>]*:{3,}[ \t]*[\w-]*[ \t]*$
      | ^[ \t]*(?:\#|//|%%)\|[ \t]*(?:(?:fig|tbl|lst)[.-]cap[ \t]*[:=]|[^\n]*$)
      | \\@ref\([^()\s]+\) | (?<![\w@.])-?@(?:(?:sec|fig|tbl|eq|lst|thm|lem|cor|prp|cnj|def)-[\w-]+
          |(?:sec|fig|tbl|eq|lst):[\w-]+)
      | \\(?:label|(?:eq)?ref)\{[^{}\n]*\}
      | \\(?:begin|end)\{(?:align|equation|gather|aligned|eqnarray)\*?\}
      | \(\\\#[\w:-]+\) | \(ref:[\w-]+\)
      | \{[.\#:][^{}\n]*(?<!\#)\}
      | \\(?:begin|end)\{\w+\*?\}
      | ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:`{3,}|~{3,})[ \t]*
          (?:(?P<info>[\w.+-][^`\n]*)$|\{?[\w.+-]*\}?)
      | ^[ \t>]*:{3,}[ \t]*[\w-]+(?=[ \t[{]|$) | (?<=>[ ])\[!\w+\]
      | ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)+
    """,
        re.DOTALL | re.VERBOSE | re.MULTILINE,
    ),
    r"\n(?=[ \t>]*(?:[\[:*+\-\d`~#/%]|[Tt]able:|knitr:|include_g))"
    r"|<(?=[a-zA-Z/!])|\{|\[|\](?=\()|\\|!(?=\[\[)|@|-(?=@)|\((?=\\|ref:)",
)
#: What the importer itself writes.
WRITTEN = Scanner(
    re.compile(
        r"^\([\w-]+\)=$|\{(?:ref|numref|eq)\}`[^`\n]*`|(?<![\\:]):{3,}\{[\w-]+\}|(?<![\\`])\{[\w:-]+\}(?=`)"
        r"|^[ \t>]*:(?!:|alt:)[\w-]+:(?=[ \t]|$)",
        re.MULTILINE,
    ),
    r"\n(?=\(|[ \t>]*:)|\{|:(?=::)",
)
#: The description of an image, in Markdown, in HTML or a tag, and in a figure.
DESCRIPTION = Scanner(
    re.compile(
        r"""!\[((?:\\.|[^\[\]\\])*)\](?=[(\[])|\balt\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(\w+))"""
        r"""|\{%-?\s*image\s+["'][^"'\n]*["'],?\s*["']([^"'\n]*)["']|^[ \t>]*:alt:[ \t]*([^\n]*)$"""
        r"|!\[\[[^\[\]\n|]*\|([^\[\]\n]+)\]\]",
        re.MULTILINE | re.IGNORECASE,
    ),
    r"\n(?=[ \t>]*:[aA])|!(?=\[)|a(?=[lL][tT])|A(?=[lL][tT])|\{(?=%)",
)
#: Options of a directive that no reader sees.
HIDDEN_OPTION = re.compile(
    r"^[ \t>]*:(?:label|name|nonumber|icon|class|open|enumerated|context|tags):[^\n]*$"
    r"|\{solution(?:-start)?\}[^\n]*|\{(?:prf:)?(?:ref|numref|eq)\}`[^`\n]*`|\[\]\(#[^()\s]*\)",
    re.MULTILINE,
)
#: The attributes of Pandoc that readers see.
PANDOC_TITLE = re.compile(
    r"""\b(?:title|name|filename|(?:fig|tbl|lst)[.-](?:cap|alt))\s*=\s*(?:"([^"]*)"|'([^']*)')"""
)
#: The words after the language of code that readers see; the others mark lines of it.
CODE_TITLE = re.compile(r"""\b(?:title|filename|caption)=(?:"([^"]*)"|'([^']*)')""")
#: Our own fences and attributes; those of the source would be escaped.
OURS = Scanner(
    re.compile(r"^[ \t>]*:{3,}(?:\{[\w:-]+\}|[ \t]*$)|(?<=[\])])\{\.[\w .-]+\}", re.MULTILINE),
    r"\n(?=[ \t>]*:::)|\{(?=\.)",
)
SHOWN_ATTRIBUTE = re.compile(r"""\b(?:alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)

CODE = Scanner(
    re.compile(
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
    ),
    r"\n(?=[ \t>\-*+\d`~])|`|<(?=[!ps])|\{(?=%)|\\(?=begin)|\$",
)


def blank(match: re.Match[str]) -> str:
    """Return a blank and the line breaks of a match."""
    return " " + "\n" * match[0].count("\n")


def visible_words(text: str) -> list[list[str]]:
    """Return the visible words of each line of a text."""
    # A page of HTML shows the code of HTML with entities, and its Markdown without.
    text = FRONT_MATTER.sub(blank, text, count=1).replace("&lt;", "<").replace("&gt;", ">")
    text = HIDDEN.replace(_visible_text, text)
    return [WORD.findall(unescape(line)) for line in text.split("\n")]


def _visible_text(match: re.Match[str]) -> str:
    """Return the visible words of markup, and as many lines as it has."""
    visible: list[str] = []
    if match["pandoc"]:
        visible = [a or b for a, b in PANDOC_TITLE.findall(match["pandoc"])]
        visible = [HIDDEN.replace(lambda _: " ", text) for text in visible]
    elif match["info"]:
        visible = [a or b for a, b in CODE_TITLE.findall(match["info"])]
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
        visible = [" ".join(HIDDEN.replace(_visible_text, text).split()) for text in visible]
    return f" {' '.join(visible)} " + "\n" * match[0].count("\n")


def without_code(text: str) -> str:
    """Return a text without its front matter, code and formulas, and with all its lines."""
    return CODE.replace(blank, FRONT_MATTER.sub(blank, text, count=1))


def without_markup(text: str) -> str:
    """Return MyST without the markup that the importer would write itself."""
    return WRITTEN.replace(blank, HIDDEN_OPTION.sub("", text))


def without_additions(source: str, result: str) -> str:
    """Return *result* without what the importer adds: markup, and descriptions from captions."""
    found = DESCRIPTION.find(source)
    descriptions = {_only_words(text) for match in found for text in match.groups("")}

    def authored(match: re.Match[str]) -> str:
        return match[0] if _only_words("".join(match.groups(""))) in descriptions else ""

    result = DESCRIPTION.replace(authored, result)
    return WRITTEN.replace(lambda match: match[0] if match[0] in source else blank(match), result)


def _only_words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(unescape(text)))
