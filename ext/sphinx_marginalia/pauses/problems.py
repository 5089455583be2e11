"""What can be wrong with pauses and key ideas."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class PauseProblem(Problem):
    """Problems of pauses and key ideas."""

    PAUSE_WITHOUT_QUESTION = (
        "A pause-and-think block has no question after its name. Its body is shown all the same.",
        Example(":::{pause-and-think}\nThink of a forest.\n:::"),
    )
    STRAY_DISCUSSION = (
        "A discussion stands outside of a pause-and-think block. It is shown open, in its place.",
        Example(":::{discussion}\nIt has an edge.\n:::"),
    )
    KEY_IDEA_WITHOUT_TERM = (
        "A key idea has no term after its name. Its definition is shown all the same.",
        Example(":::{key-idea}\nThe larger the shift, the nearer.\n:::"),
    )
    EMPTY_KEY_IDEA = (
        "A key idea has a term and no definition. The term is shown alone.",
        Example(":::{key-idea} Parallax\n:::"),
    )
