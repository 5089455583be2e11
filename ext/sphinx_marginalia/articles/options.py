"""The options of articles in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

BLOCKS: Option = Option(
    "articles_blocks",
    default={},
    rebuild="env",
    help="The blocks of the curriculum in their order, each with its title: "
    '`{"methods": "Methods", "frontiers": "Frontiers"}`. Where it is empty, the files '
    "`_block.yaml` in the folders of the sources say so.",
)
WORDS_PER_MINUTE = Option(
    "articles_words_per_minute",
    default=230,
    rebuild="html",
    help="How many words are read in a minute, for the reading time in an article's header.",
    minimum=1,
)
NEXT = Option(
    "articles_next",
    default=True,
    rebuild="html",
    help="Show a link to the next article of the curriculum at the end of each.",
)

OPTIONS = (BLOCKS, WORDS_PER_MINUTE, NEXT)
