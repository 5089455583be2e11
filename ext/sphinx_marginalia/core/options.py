"""Options, declared once: registration, validation and the page about them come from here."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from sphinx_marginalia.core.diagnostics import CoreProblem, did_you_mean, suggestion, warn

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: The types an option can have, described for authors.
TYPES = {
    bool: "True or False",
    str: "a text in quotes",
    int: "a whole number",
    dict: 'names with texts, as {"name": "text"}',
}
#: How alike two names must be, from 0 to 1.
LIKENESS = 0.85


@dataclass(frozen=True)
class Option:
    """A value in ``conf.py``. Its type is that of its default."""

    name: str
    default: str | bool | int | dict[str, str]
    #: What Sphinx does again when the value changes: ``env`` reads and writes, ``html`` writes.
    rebuild: Literal["env", "html", ""]
    #: One sentence or two for the documentation, in MyST.
    help: str
    #: The allowed values of a text; empty where any will do.
    choices: tuple[str, ...] = ()
    #: The smallest allowed number.
    minimum: int | None = None

    def problem(self, value: object) -> str | None:
        """Return what is wrong with *value* and what to write instead, or ``None``."""
        written = f"{self.name} = {value!r} in conf.py"
        # True is an int for Python, but not for an author.
        if type(value) is not type(self.default) or not _has_texts(value):
            return f"{written} must be {TYPES[type(self.default)]}"
        if self.minimum is not None and isinstance(value, int) and value < self.minimum:
            return f"{written} must be {self.minimum} or more"
        if self.choices and value not in self.choices:
            return f"{written}: {suggestion(str(value), self.choices)}"
        return None

    def value(self, config: Config) -> Any:
        """Return the value in *config*, which is valid once ``conf.py`` has been read."""
        return getattr(config, self.name)


def add_options(app: Sphinx, *options: Option) -> None:
    """Register *options*, and validate them when ``conf.py`` has been read."""
    for option in options:
        # Sphinx's own type check would warn a second time.
        app.add_config_value(option.name, option.default, option.rebuild, types=Any)
    app.connect("config-inited", partial(_validate, options))


def _validate(options: tuple[Option, ...], app: Sphinx, config: Config) -> None:
    for option in options:
        if problem := option.problem(getattr(config, option.name)):
            warn(CoreProblem.OPTION_VALUE, f"{problem}; {option.default!r} is used", location=None)
            setattr(config, option.name, option.default)
    names = [option.name for option in options]
    file = app.confdir / "conf.py"
    for name, line in _assigned(file.read_bytes() if file.is_file() else b"").items():
        if name not in config and (hint := did_you_mean(name, names, cutoff=LIKENESS)):
            message = f"no extension has an option {name!r}; {hint}"
            warn(CoreProblem.OPTION_VALUE, message, location=f"{file}:{line}")


@lru_cache(maxsize=1)
def _assigned(source: bytes) -> dict[str, int]:
    """Return the names that *source*, a ``conf.py``, assigns outside functions, and their lines.

    Sphinx keeps none that is not registered.
    """
    blocks = [part for part in ast.parse(source).body if not isinstance(part, ast.FunctionDef)]
    names = [node for block in blocks for node in ast.walk(block) if isinstance(node, ast.Name)]
    return {node.id: node.lineno for node in names if isinstance(node.ctx, ast.Store)}


def _has_texts(value: object) -> bool:
    """Return whether all is text in *value* if it is a ``dict``."""
    return not isinstance(value, dict) or all(
        isinstance(part, str) for item in value.items() for part in item
    )
