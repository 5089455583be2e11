"""Citations by ``sphinxcontrib-bibtex``, where a project has it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.timeline.problems import TimelineProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils import nodes
    from sphinx.util.docutils import SphinxDirective

WITHOUT = "needs the extension sphinxcontrib.bibtex in conf.py"


def cite(directive: SphinxDirective, keys: Sequence[str], place: str) -> list[nodes.Node]:
    """Return a citation of the works *keys*, as ``cite:p`` makes one.

    A key that no file of works has is reported and left out, until one has it.

    :param place: file and line, for a warning
    """
    env = directive.env
    domain: Any = env.domains.get("cite")
    if domain is None:
        warn(
            TimelineProblem.TIMELINE_CITATION,
            f"to cite {', '.join(keys)} {WITHOUT}",
            location=place,
        )
        return []
    # pybtex takes capitals for small letters; a citation does not.
    known = {entry.key for entry in domain.bibdata.data.entries.values()}
    for key in keys:
        if key not in known:
            near = get_close_matches(key, sorted(known), 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            warn(
                TimelineProblem.TIMELINE_CITATION,
                f"no work has the key {key!r}{hint}",
                location=place,
            )
    found = [key for key in keys if key in known]
    if len(found) < len(keys):
        # Read again when the key may be there.
        for file in domain.bibdata.bibfiles:
            env.note_dependency(str(file))
    if not found:
        return []
    role = domain.role("p")
    made, _ = role("cite:p", "", ",".join(found), directive.lineno, directive.state.inliner, {}, [])
    return list(made)
