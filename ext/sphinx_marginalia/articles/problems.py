"""What can be wrong with the front matter of articles and their curriculum."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class ArticleProblem(Problem):
    """Problems of the front matter of articles and their curriculum."""

    UNKNOWN_PREREQUISITE = (
        "A prerequisite of an article is no document, label or web address. It is shown as text.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\nprerequisites: [paralax]\n"
            "---\n\n# Distances",
            files={"parallax.md": "# Parallax"},
        ),
    )
    CYCLIC_PREREQUISITE = (
        "Articles need each other, in a circle. None can be read first.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\nprerequisites: [parallax]\n"
            "---\n\n# Distances",
            files={
                "parallax.md": "---\ntitle: Parallax\ndescription: How far it is.\nprerequisites: [index]\n"
                "---\n\n# Parallax"
            },
        ),
    )
    HARDER_PREREQUISITE = (
        "A prerequisite is harder than the article that needs it.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\ndifficulty: beginner\n"
            "prerequisites: [parallax]\n---\n\n# Distances",
            files={
                "parallax.md": "---\ntitle: Parallax\ndescription: How far it is.\ndifficulty: advanced\n---\n"
                "\n# Parallax"
            },
        ),
    )
    UNKNOWN_BLOCK = (
        "An article is in a block that nothing defines. It comes behind all blocks.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\nblock: method\n---\n\n# Distances",
            config={"articles_blocks": {"methods": "Methods"}},
        ),
    )
    UNKNOWN_DIFFICULTY = (
        "The difficulty of an article is none of beginner, intermediate, advanced. It is left out.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\ndifficulty: beginer\n---\n\n"
            "# Distances"
        ),
    )
    ARTICLE_ORDER = (
        "The order of the articles in a block has a gap, or two articles have the same place.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\nblock: methods\norder: 2\n"
            "---\n\n# Distances"
        ),
    )
    DUPLICATE_TERM = (
        "A term is defined twice, in one article or in two. The glossary shows both definitions.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\norder: 1\n"
            "glossary: [{term: Parsec, definition: 3.26 light years.}]\n---\n\n# Distances",
            files={
                "parallax.md": "---\ntitle: Parallax\ndescription: How far it is.\norder: 2\n"
                "glossary: [{term: parsec, definition: A distance.}]\n---\n\n# Parallax"
            },
        ),
    )
    MISSING_METADATA = (
        "An article has no title or no description in its front matter.",
        Example("---\ntitle: Distances\norder: 1\n---\n\n# Distances"),
    )
    METADATA_TYPE = (
        "A value in the front matter has the wrong type. It is left out.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\norder: first\n---\n\n# Distances"
        ),
    )
    METADATA_KEY = (
        "A key in the front matter of an article is unknown, and much like one that is known.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\norder: 1\n"
            "dificulty: beginner\n---\n\n# Distances"
        ),
    )
    TITLE_MISMATCH = (
        "The title in the front matter of an article is not the heading of its page.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\norder: 1\n---\n\n"
            "# How far is a star?"
        ),
    )
    BLOCK_FILE = (
        "A file _block.yaml cannot be used as it is. Its block is named after its folder.",
        Example(
            "---\ntitle: Distances\ndescription: How far it is.\norder: 1\n---\n\n# Distances",
            files={"methods/_block.yaml": "Methods", "methods/parallax.md": "# Parallax"},
        ),
    )
