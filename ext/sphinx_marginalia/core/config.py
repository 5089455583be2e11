"""Options, declared once: registration, validation and the page about them come from here."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


#: What a value has to be, in words.
EXPECTED = {
    bool: "True or False",
    str: "a text in quotes",
    int: "a whole number",
    dict: 'names with texts, as {"name": "text"}',
}


@dataclass(frozen=True)
class Option:
    """One value in ``conf.py``."""

    name: str
    default: str | bool | int | dict[str, str]
    #: What Sphinx does again when the value changes: ``env`` reads and writes, ``html`` writes.
    rebuild: Literal["env", "html", ""]
    #: One sentence, shown in the documentation.
    help: str
    #: The words a text value can be; empty where any value of the default's type will do.
    choices: tuple[str, ...] = ()
    #: The least that a number can be.
    least: int | None = None

    def problem(self, value: object) -> str | None:
        """Return what is wrong with *value* and what to write instead, or ``None``."""
        # True is an int for Python, but not for an author.
        if type(value) is not type(self.default):
            expected = EXPECTED[type(self.default)]
            return f"{self.name} = {value!r} in conf.py must be {expected}"
        if self.least is not None and isinstance(value, int) and value < self.least:
            return f"{self.name} = {value!r} in conf.py must be {self.least} or more"
        if self.choices and value not in self.choices:
            near = get_close_matches(str(value), self.choices, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(self.choices)}"
            return f"{self.name} = {value!r} in conf.py: {hint}"
        return None

    def value(self, config: Config) -> Any:
        """Return the value in force: the one in *config* if it is valid, else the default."""
        value = getattr(config, self.name)
        return self.default if self.problem(value) else value


def add_options(app: Sphinx, *options: Option) -> None:
    """Register *options* and check them when ``conf.py`` has been read."""
    for option in options:
        # Any type is let through here, because Sphinx's own check would warn a second time.
        app.add_config_value(option.name, option.default, option.rebuild, types=Any)
    app.connect("config-inited", partial(_check, options))


def _check(options: tuple[Option, ...], app: Sphinx, config: Config) -> None:
    for option in options:
        if problem := option.problem(getattr(config, option.name)):
            default = f"{option.default!r} is used"
            warn(Problem.OPTION_VALUE, f"{problem}; {default}", location=None)


def settings(app: Sphinx) -> str:
    """Return a digest of all that a build is asked for: values of ``conf.py``, and tags.

    What has no words of its own, as a function, counts by its name.
    """
    asked = [(value.name, _spelled_out(value.value)) for value in app.config]
    return fingerprint((sorted(asked), sorted(app.tags)))


def _spelled_out(value: object) -> object:
    match value:
        case dict():
            return sorted(
                (repr(_spelled_out(key)), _spelled_out(item)) for key, item in value.items()
            )
        case set() | frozenset():
            return sorted(repr(_spelled_out(item)) for item in value)
        case list() | tuple():
            return [_spelled_out(item) for item in value]
        case str() | int() | float() | None:
            return value
    return getattr(value, "__qualname__", type(value).__qualname__)
