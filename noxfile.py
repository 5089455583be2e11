"""Everything without make, and with any versions: ``uvx nox -s html``, ``uvx nox --list``.

On Windows this is the way to build the book and to run the tests. The workflows run the same
sessions. ``-R`` runs a session again without installing anything.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["html"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
#: The newest Sphinx does not run on the oldest Python; uv would choose an older one without a word.
NEW = "3.13"
PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
#: The tests also build a wheel.
EVERYTHING = ["hatchling", "-e", f".[{','.join(PROJECT['optional-dependencies'])}]"]
#: Tests that need no program besides Python, and are fast.
FAST = ["-n", "auto", "-m", "not (slow or browser or latex or java)"]
#: Extensions that are tried beside ours, and what runs a notebook's cells.
BESIDE = [
    *("myst-nb", "nbsphinx", "ipykernel", "numpydoc", "sphinx-exercise", "sphinx-gallery"),
    *("sphinx-needs", "sphinx-proof", "sphinx-tabs", "sphinx-thebe", "sphinx-tippy"),
    "sphinx-togglebutton",
]
#: What the packages are built on, where it is developed.
DEVELOPMENT = {
    "sphinx": "https://github.com/sphinx-doc/sphinx/archive/master.tar.gz",
    "docutils": "https://repo.or.cz/docutils.git/snapshot/master.tar.gz#subdirectory=docutils",
    "myst-parser": "https://github.com/executablebooks/MyST-Parser/archive/master.tar.gz",
}


def install_locked(session: nox.Session, lock: str) -> None:
    """Install what *lock* names, and the packages of this repository in editable mode."""
    session.install("--require-hashes", "-r", lock)
    session.install("--no-deps", "-e", ".")


def run_tests(session: nox.Session) -> None:
    """Run the fast tests, or what is written after ``--``."""
    session.run("python", "-m", "pytest", *(session.posargs or FAST))


def lowest_versions() -> list[str]:
    """Return the lowest version that pyproject.toml allows of each package with a lower bound."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *extras["docs"], *extras["mathml"]]
    bounds = (re.match(r"([\w-]+)>=([\d.]+)", line) for line in lines)
    return sorted({f"{bound[1]}=={bound[2]}.*" for bound in bounds if bound})


@nox.session
def html(session: nox.Session) -> None:
    """Build the book into ``_site/html``."""
    install_locked(session, "docs.lock")
    folders = ["-d", "_site/.doctrees/html", "docs", "_site/html"]
    session.run("python", "-m", "sphinx", "-c", ".", "-b", "html", *session.posargs, *folders)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the fast tests with the locked versions of everything."""
    install_locked(session, "requirements.lock")
    run_tests(session)


@nox.session(python=PYTHONS[0])
def oldest(session: nox.Session) -> None:
    """Run the fast tests with the oldest versions that pyproject.toml allows."""
    session.install(*EVERYTHING, *lowest_versions())
    run_tests(session)


@nox.session(python=NEW)
def newest(session: nox.Session) -> None:
    """Run the fast tests with the newest versions that pyproject.toml allows."""
    session.install("--upgrade", *EVERYTHING)
    run_tests(session)


@nox.session(python=NEW)
def upstream(session: nox.Session) -> None:
    """Run the fast tests with the development versions of Sphinx, docutils and MyST."""
    session.install(*EVERYTHING)
    session.install("--no-deps", *(f"{name} @ {url}" for name, url in DEVELOPMENT.items()))
    run_tests(session)


@nox.session(python=PYTHONS[0])
def beside(session: nox.Session) -> None:
    """Build a page of each other extension with ours."""
    session.install(*EVERYTHING, *BESIDE)
    session.run("python", "-m", "pytest", "tests/contract/test_beside.py", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Build into ``dist/`` what a tag publishes, and try it: ``nox -s release -- v1.2.3``."""
    version = Path("ext/sphinx_marginalia/__init__.py").read_text("utf-8")
    version = re.search(r'^__version__ = "(.+)"', version, re.MULTILINE)[1]
    if session.posargs and session.posargs[0].removeprefix("v") != version:
        session.error(f"the tag is {session.posargs[0]}, but __version__ is {version}")
    if f"## {version}" not in Path("CHANGELOG.md").read_text("utf-8"):
        session.error(f"CHANGELOG.md has no section {version}")
    session.install("build", "twine", "hatchling")
    session.run("python", "-m", "build", "--outdir", "dist")
    wheel = f"dist/sphinx_marginalia-{version}-py3-none-any.whl"
    session.run("twine", "check", "--strict", wheel, f"dist/sphinx_marginalia-{version}.tar.gz")
    session.install(f"{wheel}[docs]")
    source = session.create_tmp()
    session.run("python", "-m", "sphinx_marginalia.new", "--yes", f"{source}/book")
    session.run("python", "-m", "sphinx", "-W", f"{source}/book", f"{source}/site")
