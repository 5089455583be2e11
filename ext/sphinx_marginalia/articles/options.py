"""The options of articles in ``conf.py``, and what can be wrong with articles."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.core.options import Option

BLOCKS: Option = Option(
    "articles_blocks",
    default={},
    rebuild="env",
    help="The blocks of the curriculum in their order, each with its title: "
    '`{"methods": "Methods", "frontiers": "Frontiers"}`. If it is empty, the files `_block.yaml` '
    "in the folders of the sources define the blocks.",
)
WORDS_PER_MINUTE = Option(
    "articles_words_per_minute",
    default=230,
    rebuild="html",
    help="The reading speed that the reading time of an article is computed with.",
    minimum=1,
)
NEXT = Option(
    "articles_next",
    default=True,
    rebuild="html",
    help="Show a link to the next article of the curriculum at the end of each.",
)

OPTIONS = (BLOCKS, WORDS_PER_MINUTE, NEXT)


class ArticleProblem(Problem):
    """Problems of the front matter of articles and their curriculum."""

    UNKNOWN_PREREQUISITE = (
        "A prerequisite is not a document, a label or a web address. It is shown as text."
    )
    CYCLIC_PREREQUISITE = (
        "Articles require each other in a circle. A reader cannot start with any of them."
    )
    HARDER_PREREQUISITE = "A prerequisite is more difficult than the article that requires it."
    UNKNOWN_READING_TIME = (
        "A role `reading-time` names neither an article nor a block with articles. "
        "Nothing is shown."
    )
    UNKNOWN_BLOCK = "An article is in a block that is not defined. It is listed after all blocks."
    UNKNOWN_DIFFICULTY = (
        "The difficulty is not `beginner`, `intermediate` or `advanced`. It is left out."
    )
    ARTICLE_ORDER = (
        "The `order` of the articles in a block has a gap, or two articles have the same one."
    )
    DUPLICATE_TERM = "A term is defined more than once. The glossary shows all definitions."
    MISSING_METADATA = "An article has no `title` or no `description` in its front matter."
    FRONT_MATTER = (
        "Front matter is not YAML, has a key twice, or is not between two lines `---` at the top "
        "of the file. What cannot be read is left out."
    )
    METADATA_TYPE = "A value in the front matter has the wrong type. It is left out."
    METADATA_KEY = "A key in the front matter is unknown and similar to a known one. It is ignored."
    TITLE_MISMATCH = "The `title` in the front matter differs from the heading of the page."
    BLOCK_FILE = (
        "A file `_block.yaml` is invalid. Its folder is a block without the invalid values."
    )


PROBLEMS = ArticleProblem
