"""The rules for the tags that everybody has, by dialect."""

from __future__ import annotations

from marginalia_import.rules import (
    addresses,
    bibliography,
    cite,
    comment,
    epigraph,
    figures,
    highlight,
    mathematics,
    newthought,
    notes,
    raw,
)

ELEVENTY = (
    notes.SIDENOTE,
    notes.MARGINNOTE,
    cite.RULE,
    newthought.RULE,
    comment.RULE,
    raw.RAW,
    raw.VERBATIM,
)

TUFTE_JEKYLL = (
    notes.SIDENOTE,
    notes.MARGINNOTE,
    figures.MARGINFIGURE,
    figures.MAINCOLUMN,
    figures.FULLWIDTH,
    newthought.RULE,
    epigraph.RULE,
    mathematics.DISPLAY,
    mathematics.INLINE,
    cite.RULE,
    bibliography.RULE,
    highlight.RULE,
    comment.RULE,
    raw.RAW,
    addresses.LINK,
    addresses.POST_URL,
)

RULES = {"eleventy": ELEVENTY, "tufte-jekyll": TUFTE_JEKYLL}
