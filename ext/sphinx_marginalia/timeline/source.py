"""Where the milestones of a timeline are written: under its name, or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.timeline.problems import TimelineProblem

if TYPE_CHECKING:
    from sphinx.util.docutils import SphinxDirective


class Source(NamedTuple):
    """A YAML text, and where it is."""

    text: str
    #: The file, for people.
    file: str
    #: The line of its first line.
    start: int

    def place(self, line: int) -> str:
        """Return file and line of the *line*, from 0."""
        return f"{self.file}:{self.start + line}"


def sources(directive: SphinxDirective) -> list[Source]:
    """Return what *directive* has below it, and what is in its ``:file:``."""
    found = []
    if name := directive.options.get("file"):
        found.append(_of_file(directive, name))
    if any(line.strip() for line in directive.content):
        file, start = _begin(directive)
        found.append(Source("\n".join(directive.content), file, start))
    return [source for source in found if source]


def _begin(directive: SphinxDirective) -> tuple[str, int]:
    """Return the file and the line, from 1, that the content begins at."""
    file, line = directive.content.items[0]
    _, directive_line = directive.get_source_info()
    if line < directive_line - 1:
        # MyST counts the lines of a block from its own first line.
        line = directive_line + directive.content_offset
    return file, line + 1


def _of_file(directive: SphinxDirective, name: str) -> Source | None:
    """Return what is in the file *name*, if that is a text within the project."""
    env = directive.env
    relative, absolute = env.relfn2path(name)
    file = Path(absolute)
    if not file.resolve().is_relative_to(Path(env.srcdir).resolve()):
        _warn(directive, f"the file {name!r} is not in the folder of the sources")
        return None
    env.note_dependency(relative)
    try:
        return Source(file.read_text(encoding="utf-8-sig"), str(file), 1)
    except FileNotFoundError:
        _warn(directive, f"there is no file {name!r}")
    except (OSError, UnicodeDecodeError) as error:
        _warn(directive, f"the file {name!r} cannot be read ({error})")
    return None


def _warn(directive: SphinxDirective, message: str) -> None:
    file, line = directive.get_source_info()
    warn(TimelineProblem.TIMELINE_FILE, message, location=f"{file}:{line}")
