"""Small sites to import, and what came out of them."""

from __future__ import annotations

import contextlib
import hashlib
import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.cmd import build as sphinx_build

from marginalia_import import cli
from marginalia_import.importer import Options, import_site
from marginalia_import.rules.builtin import ELEVENTY, TUFTE_JEKYLL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from marginalia_import.report import Report

#: A PNG of one pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)

WORKS_JSON = """\
{
  "leavitt1912": {
    "title": "Periods of 25 Variable Stars in the Small Magellanic Cloud",
    "authors": "Leavitt, H. S., Pickering, E. C.",
    "year": 1912,
    "venue": "Harvard College Observatory Circular"
  },
  "galilei1610": {
    "title": "The Starry Messenger",
    "authors": "Galileo Galilei",
    "year": 1610
  }
}
"""
WORKS_BIB = """\
@article{leavitt1912,
  author = {Leavitt, Henrietta S. and Pickering, Edward C.},
  title = {Periods of 25 Variable Stars},
  year = {1912},
}
@book{galilei1610,
  author = {Galilei, Galileo},
  title = {The Starry Messenger},
  year = {1610},
}
"""
LAMPS = "---\ntitle: Lamps\n---\n\n## How far\n\nA lamp looks fainter from afar.\n"

#: A site of each dialect: another article, a picture, two works. The article to try is added.
SITES: dict[str, dict[str, str | bytes]] = {
    "eleventy": {
        "eleventy.config.js": 'export default { markdownTemplateEngine: "njk" };\n',
        "references.json": WORKS_JSON,
        "topics/lamps/index.md": LAMPS,
        "topics/stars/images/map.png": PICTURE,
    },
    "tufte-jekyll": {
        "_config.yml": "title: Skies\nbaseurl: /skies\n",
        "_bibliography/references.bib": WORKS_BIB,
        "_posts/2020-04-13-lamps.md": LAMPS,
        "assets/img/map.png": PICTURE,
    },
    "quarto": {
        "_quarto.yml": "bibliography: works.bib\n",
        "works.bib": WORKS_BIB,
        "lamps.qmd": LAMPS,
        "images/map.png": PICTURE,
    },
    "bookdown": {
        "_bookdown.yml": "book_filename: skies\n",
        "works.bib": WORKS_BIB,
        "index.Rmd": "---\ntitle: Skies\n---\n\nOf lamps and stars.\n",
        "lamps.Rmd": LAMPS,
        "images/map.png": PICTURE,
    },
    "myst": {
        "myst.yml": "version: 1\nproject:\n  title: Skies\n",
        "works.bib": WORKS_BIB,
        "lamps.md": LAMPS,
        "images/map.png": PICTURE,
    },
    "hugo": {
        "hugo.toml": 'title = "Skies"\n',
        "data/works.bib": WORKS_BIB,
        "content/lamps.md": LAMPS,
        "static/images/map.png": PICTURE,
    },
    "obsidian": {
        ".obsidian/app.json": "{}\n",
        "Lamps.md": LAMPS,
        "images/map.png": PICTURE,
    },
    "astro": {
        "astro.config.mjs": "import remarkMath from 'remark-math';\n",
        "src/data/works.bib": WORKS_BIB,
        "src/content/lamps.mdx": LAMPS,
        "src/content/images/map.png": PICTURE,
    },
}
#: The rules for tags, which the other dialects do not have.
BUILTIN_RULES = dict.fromkeys(SITES, ()) | {"eleventy": ELEVENTY, "tufte-jekyll": TUFTE_JEKYLL}
#: The article to try: its file in the site, and in what is made of that.
ARTICLE = {
    "eleventy": ("topics/stars/index.md", "stars/index.md"),
    "tufte-jekyll": ("_posts/2021-05-01-stars.md", "posts/stars.md"),
    "quarto": ("stars.qmd", "stars.md"),
    "bookdown": ("stars.Rmd", "stars.md"),
    "myst": ("stars.md", "stars.md"),
    "hugo": ("content/stars.md", "stars.md"),
    "obsidian": ("stars.md", "stars.md"),
    "astro": ("src/content/stars.mdx", "stars.md"),
}

#: An article in which nothing is left to decide, and one in which something is.
GOOD = '---\ntitle: Stars\n---\n\nThey shine {% cite "leavitt1912" %}.\n'
DOUBTFUL = GOOD + "\n{% mystery %} and [moons](/moons/)\n"


@dataclass(frozen=True)
class Imported:
    """What an import left behind."""

    report: Report
    folder: Path

    def read(self, path: str) -> str:
        """Return a file of the new project."""
        return (self.folder / path).read_text(encoding="utf-8")

    @property
    def files(self) -> set[str]:
        """All files of the new project, relative to it."""
        return {path for path, (digest, _) in tree(self.folder).items() if digest}


@dataclass(frozen=True)
class CommandResult:
    """What a command did."""

    code: int
    out: str
    err: str


def run_program(name: str, *arguments: object) -> CommandResult:
    """Run ``marginalia-import`` or ``sphinx`` as a shell does, in this process: that takes less."""
    main = {"marginalia-import": cli.main, "sphinx": sphinx_build.main}[name]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse, for arguments it does not know
            code = int(stop.code or 0)
    return CommandResult(code, out.getvalue(), err.getvalue())


def write_site(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a site."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Return what is in a folder: a digest of each file, nothing for folders, and the times."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.lstat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write a site, and return its folder."""
    return lambda files: write_site(tmp_path / "site", files)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A site in which nothing is left to decide."""
    return write_site(tmp_path / "site", {**SITES["eleventy"], ARTICLE["eleventy"][0]: GOOD})


@pytest.fixture
def doubtful(source: Path) -> Path:
    """A site with a tag of no rule and a link to nowhere."""
    return write_site(source, {ARTICLE["eleventy"][0]: DOUBTFUL})


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., Imported]:
    """Import files as a site: ``imported({"a/index.md": "…"}, dialect="eleventy")``."""

    def go(files: Mapping[str, str | bytes], **options: Any) -> Imported:
        folder = tmp_path / "new"
        report = import_site(Options(write_site(tmp_path / "site", files), folder, **options))
        return Imported(report, folder)

    return go


@pytest.fixture
def article(imported: Callable[..., Imported]) -> Callable[..., tuple[str, Imported]]:
    """Import an article in the small site of its dialect; return it in MyST, and all the rest."""

    def go(text: str, dialect: str = "eleventy", **options: Any) -> tuple[str, Imported]:
        source, target = ARTICLE[dialect]
        result = imported({**SITES[dialect], source: text}, **options)
        return result.read(target), result

    return go


@pytest.fixture
def command() -> Callable[..., CommandResult]:
    """Run the command: ``command(source, dest, "--strict")``."""
    return partial(run_program, "marginalia-import")
