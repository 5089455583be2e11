"""The ways in: make on a fresh machine, the wheel in another project, Read the Docs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ext" / "sphinx_marginalia"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
READTHEDOCS = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text())
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())
CANONICAL = "https://sphinx-marginalia.readthedocs.io/en/latest/"

TARGETS = """
    html dirhtml singlehtml epub pdf text man gettext linkcheck live test lint bench lab figures import
    anchors review check lock
    clean
""".split()


def run(command: list[str] | str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command, or a line of shell, as if nothing of this test run were around it."""
    outer = re.compile(r"MAKE|MFLAGS|PYTEST|SPHINX|PYTHONPATH|VIRTUAL_ENV|READTHEDOCS")
    env = {name: value for name, value in os.environ.items() if not outer.match(name)}
    return subprocess.run(
        command,
        cwd=cwd,
        env=env | variables,
        shell=isinstance(command, str),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",  # TeX breaks its lines within letters
        check=False,
    )


def requirements() -> Iterator[Requirement]:
    """Everything that pyproject.toml asks for, in any extra and to build the package."""
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    for each in [*lists, PYPROJECT["build-system"]["requires"]]:
        yield from map(Requirement, each)


#: Everything that is needed, and what builds the book.
LOCKS = ("requirements.lock", "docs.lock")

# The Makefile


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """What make reads, in a folder of its own, and no program on PATH but a few and no Python."""
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    for command in "sh make sed cat head cksum grep df awk rm mkdir cp".split():
        found = shutil.which(command)
        assert found, command
        (tmp_path / "bin" / command).symlink_to(found)
    return tmp_path


def fake_python(folder: Path, name: str, version: str) -> None:
    """Put a Python there that knows -V, -m venv and a pip that fails with FAKE_PIP's words."""
    too_old = int(tuple(map(int, version.split("."))) < (3, 11))
    script = folder / "bin" / name
    script.write_text(f"""#!/bin/sh
case "$1 $2" in
    "-V ") echo "Python {version}" ;;
    "-c "*) echo "$0"; exit {too_old} ;;
    "-m venv") mkdir -p .venv/bin && [ -e .venv/bin/python ] || cp "$0" .venv/bin/python ;;
    "-m pip") [ -z "$FAKE_PIP" ] || {{ echo "$FAKE_PIP"; exit 1; }} ;;
esac
""")
    script.chmod(0o755)


def errors(output: str) -> list[str]:
    """Return the lines for people; make's own "*** Error" is not one."""
    assert "Traceback" not in output
    return [line for line in output.splitlines() if line.startswith("error: ")]


def test_make_alone_lists_every_target_with_a_sentence() -> None:
    result = run(["make"], ROOT)
    listed = dict(re.findall(r"^  (\w+) +(\S+ .+)$", result.stdout, re.MULTILINE))
    assert result.returncode == 0
    assert set(TARGETS) <= set(listed)


def test_the_readme_of_make_is_complete() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = " ".join(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)).split()
    assert set(TARGETS) | {"help", "venv", "docs", "tex"} == set(phony)


def test_an_old_python_gets_one_line(bare: Path) -> None:
    fake_python(bare, "python3", "3.10.9")
    result = run(["make", "html"], bare, PATH=str(bare / "bin"))
    (line,) = errors(result.stdout)
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in line
    assert "Python 3.10.9" in line
    assert "PYTHON=" in line


def test_no_python_gets_one_line(bare: Path) -> None:
    result = run(["make", "html"], bare, PATH=str(bare / "bin"))
    (line,) = errors(result.stdout)
    assert "this machine has no Python 3" in line


def test_a_named_python_that_is_too_old_is_named_in_the_line(bare: Path) -> None:
    fake_python(bare, "python3.13", "3.13.0")
    fake_python(bare, "old", "3.9.2")
    result = run(["make", "html", "PYTHON=bin/old"], bare, PATH=str(bare / "bin"))
    (line,) = errors(result.stdout)
    assert "PYTHON=bin/old is Python 3.9.2" in line


@pytest.mark.parametrize(
    ("pip_says", "line"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("No matching distribution found (from versions: none)", "no network"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", "no network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the file that requirements.lock names"),
        ("ERROR: something new", "installing requirements.lock did not work: ERROR: something new"),
    ],
)
def test_a_failed_install_gets_one_line_and_is_not_taken_for_finished(
    bare: Path, pip_says: str, line: str
) -> None:
    fake_python(bare, "python3.12", "3.12.1")
    path = str(bare / "bin")
    failed = run(["make", "venv"], bare, PATH=path, FAKE_PIP=pip_says)
    assert failed.returncode != 0
    assert [line in error for error in errors(failed.stdout)] == [True]

    assert "Setting up" in run(["make", "venv"], bare, PATH=path).stdout
    assert run(["make", "venv"], bare, PATH=path).stdout == ""


def test_without_a_network_a_reader_gets_one_line_after_one_try(bare: Path) -> None:
    fake_python(bare, "python3.12", "3.12.1")
    pip_says = "WARNING: Retrying after connection broken by 'NewConnectionError'"
    failed = run(["make", "html"], bare, PATH=str(bare / "bin"), FAKE_PIP=pip_says)
    (line,) = errors(failed.stdout)
    assert "no network" in line
    assert "Connect and run the same command again" in line
    assert (bare / ".venv-install.log").read_text().count(pip_says) == 1


def test_the_environment_follows_the_lock(bare: Path) -> None:
    fake_python(bare, "python3.12", "3.12.1")
    path = str(bare / "bin")
    run(["make", "venv"], bare, PATH=path)
    with (bare / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "up to date" in run(["make", "venv"], bare, PATH=path).stdout
    assert run(["make", "venv"], bare, PATH=path).stdout == ""


@pytest.mark.slow
def test_no_network_is_recognised_in_the_words_of_the_real_pip(bare: Path) -> None:
    result = run(
        ["make", "venv", f"PYTHON={sys.executable}"],
        bare,
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_RETRIES="0",
    )
    (line,) = errors(result.stdout)
    assert "no network" in line


# The lock and the metadata


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_hashes_and_no_place(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert not re.search(r"^--?[a-z]", lock, re.MULTILINE)
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def pinned(lock: str) -> dict[str, list[str]]:
    """Return the versions in a lock."""
    versions: dict[str, list[str]] = {}
    text = (ROOT / lock).read_text()
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    everything, book = map(pinned, LOCKS)
    unmet = [
        str(requirement)
        for requirement in requirements()
        if not (versions := everything.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(version) for version in versions)
    ]
    assert unmet == [], "run `make lock`"
    assert {name: everything[name] for name in book} == book
    assert {"sphinx", "furo", "uv", "hatchling"} <= book.keys()
    assert not {"pytest", "playwright", "mypy", "pypandoc-binary"} & book.keys()


def test_a_page_needs_no_more_than_what_builds_the_book(bare: Path) -> None:
    fake_python(bare, "python3.12", "3.12.1")
    path = str(bare / "bin")
    run(["make", "docs"], bare, PATH=path)
    assert "docs.lock" in (bare / ".venv" / ".stamp").read_text()
    assert run(["make", "docs"], bare, PATH=path).stdout == ""
    assert "up to date" in run(["make", "venv"], bare, PATH=path).stdout
    # What has everything has what builds the book.
    assert run(["make", "docs"], bare, PATH=path).stdout == ""


def test_the_version_is_the_same_everywhere() -> None:
    source = (PACKAGE / "__init__.py").read_text()
    (version,) = re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    assert CITATION["version"] == version
    assert CITATION["preferred-citation"]["version"] == version
    (release,) = re.findall(r'release = "(.+)"', (ROOT / "conf.py").read_text())
    assert release == version


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    # Without pip, which an environment made by uv does not have.
    result = run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT
    )
    assert result.returncode == 0, result.stdout
    (built,) = folder.iterdir()
    return built


def test_the_wheel_holds_both_packages_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    sources = {
        path.relative_to(PACKAGE.parent).as_posix()
        for package in (PACKAGE, PACKAGE.parent / "marginalia_import")
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == sources
    assert {".css", ".mo", ".po", ".pot", ".py", ".typed"} <= {
        Path(name).suffix or Path(name).name[2:] for name in names
    }


@pytest.mark.slow
def test_another_project_needs_the_wheel_and_two_lines(
    wheel: Path, tmp_path: Path, unavailable: Callable[[str], NoReturn]
) -> None:
    python = str(tmp_path / "venv" / "bin" / "python")
    # The versions of this environment, so that the test says something about our package only.
    constraints = tmp_path / "constraints.txt"
    installed = {each.name: each.version for each in distributions()}
    installed.pop("sphinx-marginalia", None)
    constraints.write_text("".join(f"{name}=={installed[name]}\n" for name in sorted(installed)))

    run([sys.executable, "-m", "venv", str(tmp_path / "venv")], tmp_path)
    pip = run([python, "-m", "pip", "install", str(wheel), "-c", str(constraints)], tmp_path)
    if "from versions: none" in pip.stdout:
        unavailable("the package index cannot be reached, and an empty environment needs Sphinx")
    assert pip.returncode == 0, pip.stdout

    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "conf.py").write_text(
        'project = "Another"\nextensions = ["sphinx_marginalia"]\n'
    )
    (tmp_path / "source" / "index.rst").write_text(
        "Home\n====\n\nA sentence.\\ :sidenote:`Said in the *margin*.`\n"
    )
    build = run([python, "-m", "sphinx", "-W", "-b", "html", "source", "site"], tmp_path)
    assert build.returncode == 0, build.stdout

    page = (tmp_path / "site" / "index.html").read_text()
    assert "Said in the <em>margin</em>." in page
    styles = [path.name for path in (tmp_path / "site" / "_static").rglob("marginalia*.css")]
    assert len(styles) > 5
    linked = {name for name in styles if name in page}
    assert linked == {"marginalia-sidenotes.css", "marginalia-alabaster.css"}


# Read the Docs


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, unavailable: Callable[[str], NoReturn]) -> Path:
    """Return a clone of the work tree: what git tracks or would track, and nothing built."""
    listed = run(["git", "ls-files", "-coz", "--exclude-standard"], ROOT)
    if listed.returncode:
        unavailable(f"this is not a git checkout: {listed.stdout.strip()}")
    folder = tmp_path_factory.mktemp("clone")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    identity = "-c user.name=test -c user.email=test@example.org"
    run(f"git init -q && git add -A && git {identity} commit -qm clone", folder)
    return folder


@pytest.fixture
def publish(clone: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Run the commands of a format as Read the Docs does; return the folder of its output."""
    output = tmp_path / "_readthedocs"
    variables = {
        # Read the Docs installs the clone; here its package is put before the installed one.
        "PYTHONPATH": str(clone / "ext"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "READTHEDOCS": "True",
        "READTHEDOCS_CANONICAL_URL": CANONICAL,
        "READTHEDOCS_GIT_COMMIT_HASH": "0" * 40,
        "READTHEDOCS_GIT_IDENTIFIER": "main",
        "READTHEDOCS_LANGUAGE": "en",
        "READTHEDOCS_OUTPUT": str(output),
        "READTHEDOCS_PROJECT": "sphinx-marginalia",
        "READTHEDOCS_VERSION": "latest",
        "READTHEDOCS_VERSION_NAME": "latest",
        "READTHEDOCS_VERSION_TYPE": "branch",
    }

    def commands(name: str) -> Path:
        for line in READTHEDOCS["build"]["jobs"]["build"][name]:
            result = run(line, clone, **variables)
            assert result.returncode == 0, f"{line}\n{result.stdout[-4000:]}"
        return output / name

    return commands


def only_file(folder: Path) -> str:
    (path,) = folder.iterdir()
    assert path.name.count(".") == 1
    return path.name


def test_read_the_docs_is_given_what_it_insists_on(clone: Path) -> None:
    jobs: dict[str, list[str]] = READTHEDOCS["build"]["jobs"]["build"]
    assert READTHEDOCS["sphinx"] == {"configuration": "conf.py"}
    assert set(jobs) == {"html", *READTHEDOCS["formats"]}
    assert [line for lines in jobs.values() for line in lines if "'" in line] == []
    assert list(clone.rglob("_build/html")) == []


def test_read_the_docs_installs_files_that_exist() -> None:
    steps: list[dict[str, Any]] = READTHEDOCS["python"]["install"]
    paths = [step.get("requirements") or step.get("path") for step in steps]
    assert paths == ["docs.lock", "."]
    assert all((ROOT / path).exists() for path in paths)


@pytest.mark.slow
def test_read_the_docs_html(publish: Callable[[str], Path]) -> None:
    page = (publish("html") / "index.html").read_text()
    assert re.findall(r'<link rel="canonical" href="([^"]+)"', page) == [f"{CANONICAL}index.html"]


@pytest.mark.slow
def test_read_the_docs_epub(publish: Callable[[str], Path]) -> None:
    assert only_file(publish("epub")) == "book.epub"


@pytest.mark.slow
@pytest.mark.latex
def test_read_the_docs_pdf(
    publish: Callable[[str], Path], program: Callable[[str, str], str]
) -> None:
    program(
        "latexmk",
        "latexmk texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended tex-gyre",
    )
    assert only_file(publish("pdf")) == "book.pdf"
