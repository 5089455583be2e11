"""What every test may ask for."""

from __future__ import annotations

import gc
import logging
import os
import shutil
from copy import copy
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, NoReturn

import docutils.frontend
import hypothesis.internal.conjecture.providers
import jinja2
import pybtex.plugin
import pytest
import sphinx.locale
import sphinx.registry
import sphinx.theming
import sphinx.util.docutils
import sphinx.util.logging
import sphinxcontrib.bibtex.plugin
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable


def compiled_once(compile_template: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``Environment.compile`` of Jinja with a memory: each build has a new environment."""
    results: dict[object, Any] = {}

    def compile_(self: jinja2.Environment, source: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(source, str):
            return compile_template(self, source, *args, **options)
        switches = (self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline)
        key = (source, args, *options.items(), *self.extensions, *switches, str(self.autoescape))
        if key not in results:
            results[key] = compile_template(self, source, *args, **options)
        return results[key]

    return compile_


def defined_once(parser: Callable[..., Any]) -> Callable[..., Any]:
    """Return docutils' parser of options with a memory: each document has a new one."""
    results: dict[object, Any] = {}

    def parser_of(
        components: Any = (), defaults: Any = None, read_config_files: Any = False, **options: Any
    ) -> Any:
        if options:
            return parser(components, defaults, read_config_files, **options)
        kinds = tuple(one if isinstance(one, type) else type(one) for one in components)
        if kinds not in results:
            results[kinds] = parser(kinds)
        known = copy(results[kinds])
        known.defaults = {**known.defaults, **(defaults or {})}
        if read_config_files and not known.defaults["_disable_config"]:
            known.defaults |= known.get_standard_config_settings().__dict__
        return known

    return parser_of


# What two thousand small builds would each do again: search the installed packages, some of them
# ten times a build, make a hundred thousand records of Sphinx's for levels that no one reads,
# compile the templates of the theme, and define the options of docutils.
for module in (pybtex.plugin, sphinxcontrib.bibtex.plugin, sphinx.registry, sphinx.theming):
    module.entry_points = cache(metadata.entry_points)  # type: ignore[attr-defined]
logging.disable(logging.INFO)
sphinx.util.logging.SphinxLoggerAdapter.debug = lambda *_args, **_kwargs: None  # type: ignore[method-assign]
jinja2.Environment.compile = compiled_once(jinja2.Environment.compile)  # type: ignore[method-assign]
parser = defined_once(docutils.frontend.OptionParser)
docutils.frontend.OptionParser = sphinx.util.docutils.OptionParser = parser  # type: ignore[misc]
# A build makes many objects and few cycles.
gc.set_threshold(100_000, 20, 50)
# The programs that tests start are compiled once, also where nothing else is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The same examples in each run, on a machine that may be busy; `nightly` has many more.
settings.register_profile(
    "default",
    max_examples=200 if os.environ.get("CI") == "true" else 100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.register_profile(
    "nightly",
    settings.get_profile("default"),
    max_examples=2000,
    print_blob=True,
)
profile = os.environ.get("HYPOTHESIS_PROFILE", "default")
settings.load_profile(profile)
if profile == "default":
    # Hypothesis also tries the constants of all modules of ours that are imported: which they are
    # depends on the tests that the same process has run before.
    hypothesis.internal.conjecture.providers.is_local_module_file = lambda _path: False


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> None:
    """Forget the catalogs that the last build has loaded: Sphinx keeps them for the process."""
    sphinx.locale.translators.clear()


@pytest.fixture(scope="session")
def unavailable() -> Callable[[str], NoReturn]:
    """Skip the test with a reason, or fail it in CI, where nothing it needs may be missing."""
    return _unavailable


@pytest.fixture(scope="session")
def program() -> Callable[[str, str], str]:
    """Find a program by its command and the Debian packages that bring it."""

    def find(command: str, packages: str) -> str:
        return shutil.which(command) or _unavailable(
            f"{command} is missing: apt install --no-install-recommends {packages}"
        )

    return find
