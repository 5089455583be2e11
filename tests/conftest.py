"""What every test may ask for."""

from __future__ import annotations

import logging
import os
import shutil
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, NoReturn

import pybtex.plugin
import pytest
import sphinx.locale
import sphinx.registry
import sphinx.theming
import sphinxcontrib.bibtex.plugin
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# What two thousand small builds would each do again: search the installed packages, some of them
# ten times a build, and make a hundred thousand records of Sphinx's for a level that no one reads.
for module in (pybtex.plugin, sphinxcontrib.bibtex.plugin, sphinx.registry, sphinx.theming):
    module.entry_points = cache(metadata.entry_points)  # type: ignore[attr-defined]
logging.disable(logging.DEBUG)

# The same examples in each run, on a machine that may be busy; `nightly` has ten times as many.
settings.register_profile(
    "default",
    max_examples=200,
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
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
