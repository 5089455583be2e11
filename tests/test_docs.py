"""The pages about writing are true: examples build, names are explained, pages can be reached."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from html import unescape
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.articles.frontmatter import KEYS
from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.new.project import describe
from sphinx_marginalia.new.project import files as new_book
from sphinx_marginalia.testing import EXTENSIONS, build
from tools import reference_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
AUTHORING = DOCS / "authoring"
EXAMPLES = AUTHORING / "examples"
README = ROOT / "README.md"

#: Each patch for a package, and the release it is for.
PATCHES = re.findall(
    r"^## (\S+) ([\d.]+):.*?\{literalinclude\} (\S+)",
    (DOCS / "contributing" / "upstream.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)

# Examples

#: What an example needs in ``conf.py``.
CONFIG: dict[str, dict[str, Any]] = {
    "citation": {
        "extensions": (EXTENSIONS[0], "sphinxcontrib.bibtex", *EXTENSIONS[1:]),
        "bibtex_bibfiles": ["references.bib"],
        "bibtex_default_style": "marginalia",
        "bibtex_reference_style": "marginalia",
        "bibtex_cite_id": "ref-{key}",
    },
    "footnotes": {"sidenotes_from_footnotes": True},
    "formula": {
        "extensions": (*EXTENSIONS, "sphinx_marginalia.mathml"),
        "html_math_renderer": "mathml",
    },
}
CONFIG["live-figure"] = {"extensions": (*EXTENSIONS, "sphinx_marginalia.results")}
CONFIG["claim"] = CONFIG["claim-table"] = CONFIG["citation"]
DISTANCES = {"articles_blocks": {"distances": "How far is it?"}}
CONFIG |= dict.fromkeys(("article", "article-glossary", "learning-path"), DISTANCES)
#: What a reader must find, by the name of the example; the MyST and the RST form say the same.
WORDS: dict[str, tuple[str, ...]] = {
    "article": ("intermediate", "next door.", "Read first: Parallax", "a hundred times fainter"),
    "article-glossary": ("Parallax", "The angle by which", "From: Standard candles"),
    "claim": ("one part in a hundred", "contested", "near stars (contested)", "comes out twice"),
    "claim-table": ("Open questions and limits", "Far stars", "2 supported"),
    "citation": ("Olsson et al.", "Meng et al."),
    "first-page": ("Not quite.", "Think of a large forest", "has an edge", "Olbers", "on a star"),
    "footnotes": ("counted stars by eye", "a clerk keeps the tally"),
    "formula": ("the faster it recedes", "far stars are faint"),
    "fullwidth": ("exposure 300 s",),
    "key-idea": ("Parallax", "larger the shift", "Beyond some distance"),
    "key-idea-list": ("Light year", "travels in one year"),
    "learning-path": ("Standard candles", "intermediate · 1 min read", "How far is it?"),
    "live-figure": ("by which it seems to move",),
    "margin-caption": ("has room for a few sentences",),
    "margin-figure": ("half of the shift within a year", "Three near stars", "Proxima"),
    "marginnote": ("about eight minutes", "more than four years"),
    "pause": ("How old is what", "The galaxy is there now.", "What arrives tonight"),
    "pause-list": ("Is the Sun a typical star?", "All questions"),
    "pause-open": ("twice as far away", "The answer", "by a factor of four"),
    "sidenote": ("pen and paper", "Urbain Le Verrier", "did anyone look"),
    "sidenote-directive": ("agree on the distance", "parallax is geometry", "check each other"),
    "sidenote-markup": ("all that a line can", "emphasis", "another page"),
    "sidenote-table": ("Proxima Centauri", "is two stars"),
    "timeline": ("61 Cygni", "Hipparcos", "118,000 stars", "Gaia", "How far away the stars are"),
    "sidenote-twice": ("counted stars by eye", "a clerk keeps the tally"),
}
#: Articles, for an example that needs some: one to read first, and one that shows both.
COURSE = {
    "parallax.md": "---\norphan: true\ntitle: Parallax\ndescription: The nearest.\norder: 1\n"
    "difficulty: beginner\nblock: distances\nglossary:\n  - term: Parallax\n"
    "    definition: The angle by which a near star moves.\n---\n\n# Parallax\n",
    "candles.md": (EXAMPLES / "article.md")
    .read_text(encoding="utf-8")
    .replace("---", "---\norphan: true", 1),
}
#: Claims, for a table of them.
CLAIMS = "\n\n".join(
    [
        "---\norphan: true\n---\n\n# Claims",
        *(
            f":::{{claim}} {name}\n:kind: {kind}\n:verdict: {verdict}\n:scale: toy\n"
            ":evidence: olsson2022induction\n\nSo it is.\n:::"
            for name, kind, verdict in (
                ("near-stars", "capability", "supported"),
                ("bright-stars", "capability", "supported"),
                ("far-stars", "limitation", "not-established"),
            )
        ),
    ]
)
SHOWN = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".md", ".rst"})
OUTPUT = {"html": "index.html", "latex": "*.tex", "text": "index.txt"}


def test_every_example_says_what_a_reader_must_find() -> None:
    assert {path.stem for path in SHOWN} == set(WORDS)


@pytest.mark.parametrize("builder", OUTPUT)
@pytest.mark.parametrize("example", SHOWN, ids=lambda path: path.name)
def test_an_example_builds_alone_and_keeps_its_words(
    example: Path, builder: str, tmp_path: Path
) -> None:
    built = build(around(example), tmp_path, builder, **CONFIG.get(example.stem, {}))
    text = plain(built.read(OUTPUT[builder]))
    assert built.warnings == ""
    assert [words for words in WORDS[example.stem] if words not in text] == []


def around(example: Path) -> dict[str, str]:
    """Return the files of a project whose one page is *example*, and what that refers to."""
    files = {f"index{example.suffix}": example.read_text(encoding="utf-8")}
    if "writing-pauses" in files[f"index{example.suffix}"]:
        files["other.md"] = "---\norphan: true\n---\n\n(writing-pauses)=\n# Pauses\n"
    if example.stem.startswith("margin-"):
        files |= dict.fromkeys(("parallax.svg", "parallax.pdf"), "")
    if example.stem == "live-figure":
        files |= {"parallax.svg": "", "parallax.pdf": "", "parallax.js": ""}
        files["parallax.json"] = (AUTHORING / "parallax.json").read_text(encoding="utf-8")
    if example.stem == "article":
        files["parallax.md"] = COURSE["parallax.md"]
    if example.stem in {"learning-path", "article-glossary"}:
        files |= COURSE
    if example.stem == "claim-table":
        files["claims.md"] = CLAIMS
    if example.stem in {"citation", "claim", "claim-table"}:
        files["references.bib"] = (ROOT / "references.bib").read_text(encoding="utf-8")
    if example.stem == "claim":
        files["references.bib"] = new_book(describe("Stars", "Ada"))["references.bib"]
    if example.stem in {"citation", "claim", "claim-table"}:
        files["works.md"] = "---\norphan: true\n---\n\n# Works\n\n```{bibliography}\n```\n"
    return files


def plain(text: str) -> str:
    """Return *text* as it is read: without tags, LaTeX commands and line breaks."""
    text = unescape(re.sub(r"<[^>]*>", "", text))
    text = re.sub(r"\\\w+(\[[^]]*\])?|[{}*]", "", text)
    return " ".join(text.split())


def test_every_example_is_shown_on_a_page() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in AUTHORING.glob("*.md"))
    shown = set(re.findall(r"\{literalinclude\} examples/(\S+)", pages))
    assert shown == {path.name for path in EXAMPLES.iterdir()}


@pytest.mark.slow
def test_the_first_page_builds_with_the_command_and_settings_it_is_shown_with(
    tmp_path: Path,
) -> None:
    (tmp_path / "docs").mkdir()
    for name, source in {"conf.py": "conf.py", "index.md": "first-page.md"}.items():
        (tmp_path / "docs" / name).write_bytes((EXAMPLES / source).read_bytes())
    command = "python -m sphinx docs _site"
    assert command in (AUTHORING / "index.md").read_text(encoding="utf-8")
    run = subprocess.run(
        [sys.executable, *command.split()[1:], "-W"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "_site" / "index.html").is_file()


# Generated pages


@pytest.mark.slow
def test_pages_made_from_the_code_are_those_checked_in() -> None:
    stale = [
        path.name
        for path, text in reference_pages.pages().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run python tools/reference_pages.py"


# Names


@pytest.fixture(scope="module")
def authoring() -> str:
    """All that the pages about writing say."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(AUTHORING.rglob("*.md")))


def registered(kind: str) -> set[str]:
    """Return the names that the features register as *kind*: ``directive`` or ``role``."""
    app = MagicMock()
    for feature in (*FEATURES, *EXTRAS):
        import_module(feature).setup(app)
    return {call.args[0] for call in getattr(app, f"add_{kind}").call_args_list}


@pytest.mark.parametrize(("kind", "some"), [("directive", "key-idea"), ("role", "marginnote")])
def test_every_directive_and_role_is_explained(kind: str, some: str, authoring: str) -> None:
    names = registered(kind)
    assert some in names
    assert [name for name in sorted(names) if f"{{{name}}}" not in authoring] == []
    assert [name for name in sorted(names) if f"`{name}`" not in authoring] == []  # and explained


@pytest.mark.parametrize("kind", ["directive", "role"])
def test_the_gallery_shows_every_directive_and_role(kind: str) -> None:
    gallery = (AUTHORING / "gallery.md").read_text(encoding="utf-8")
    shown = re.findall(r"\{literalinclude\} examples/(\S+)", gallery)
    sources = gallery + "".join((EXAMPLES / name).read_text(encoding="utf-8") for name in shown)
    names = registered(kind)
    assert names
    assert [name for name in sorted(names) if f"{{{name}}}" not in sources] == []


def test_every_option_is_explained(authoring: str) -> None:
    features = (*FEATURES, *EXTRAS)
    options = [option for feature in features for option in reference_pages.options_of(feature)]
    assert [
        option.name for option in options if f"{{confval}} {option.name}\n" not in authoring
    ] == []
    # And on the page of what it is for, not only in the list of all.
    assert [
        option.name for option in options if f"{{confval}}`{option.name}`" not in authoring
    ] == []


def test_every_warning_is_explained(authoring: str) -> None:
    assert [
        problem.subtype for problem in Problem if f"\n## {problem.subtype}\n" not in authoring
    ] == []


def test_every_key_of_front_matter_is_explained() -> None:
    page = (AUTHORING / "articles.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if not re.search(rf"(?m)^\|[^|]*`{key}`[^|]*\|", page)] == []


def test_every_key_of_the_curriculum_for_programs_is_explained(tmp_path: Path) -> None:
    page = (AUTHORING / "articles.md").read_text(encoding="utf-8")
    found = json.loads(
        build(COURSE | {"index.md": "# T\n"}, tmp_path, **DISTANCES).read("[a-z]*.json")
    )
    keys = [*found, *found["articles"][0]]
    assert "code_lines" in keys
    assert [key for key in keys if not re.search(rf"(?m)^\|[^|]*`{key}`[^|]*\|", page)] == []


def test_every_custom_property_that_is_explained_is_used() -> None:
    package = ROOT / "ext" / "sphinx_marginalia"
    styles = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.css"))
    named = {
        name
        for path in AUTHORING.glob("*.md")
        for name in re.findall(r"--marginalia-[a-z-]+", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if f"var({name}" not in styles] == []


# The pages of the book


def pages() -> Iterator[Path]:
    return (path for path in sorted(DOCS.rglob("*.md")) if path.parent != EXAMPLES)


def without_code(text: str) -> str:
    """Return *text* without fenced blocks: what is shown in one is no heading of the page."""
    return re.sub(r"(?ms)^(`{3,})[^`\n]*\n.*?^\1`*$", "", text)


def test_every_heading_of_the_first_two_levels_has_a_permanent_name() -> None:
    nameless = []
    for page in pages():
        lines = without_code(page.read_text(encoding="utf-8")).splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            if re.match(r"##? ", line) and not re.fullmatch(r"\([a-z][a-z0-9-]*\)=", before):
                nameless.append(f"{page.relative_to(DOCS)}: {line}")
    assert nameless == []


def test_every_permanent_name_is_lower_case_and_used_once() -> None:
    names = [
        name
        for page in pages()
        for name in re.findall(r"(?m)^\((.+)\)=$", without_code(page.read_text(encoding="utf-8")))
    ]
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9-]*", name)] == []
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_page_can_be_reached_from_the_table_of_contents() -> None:
    reached: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        text = page.read_text(encoding="utf-8")
        for toctree in re.findall(r"(?ms)^```\{toctree\}\n(.*?)^```$", text):
            names = (line for line in toctree.splitlines() if line and not line.startswith(":"))
            waiting.extend(page.parent / f"{name}.md" for name in names)
    assert {str(page.relative_to(DOCS)) for page in pages()} == {
        str(page.relative_to(DOCS)) for page in reached
    }


# README and CONTRIBUTING


@pytest.mark.parametrize(("package", "release", "patch"), PATCHES)
def test_a_patch_applies_to_the_release_it_is_for(
    package: str, release: str, patch: str, tmp_path: Path
) -> None:
    installed = distribution(package)
    if installed.version != release:
        pytest.skip(f"{package} {installed.version} is installed, and the patch is for {release}")
    file = DOCS / "contributing" / patch
    name = re.findall(r"^--- a/(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)[0]
    (tmp_path / name).parent.mkdir(parents=True)
    shutil.copy(str(installed.locate_file(name)), tmp_path / name)
    before = (tmp_path / name).read_bytes()
    subprocess.run(["git", "apply", str(file)], cwd=tmp_path, check=True)
    after = (tmp_path / name).read_bytes()
    assert after != before
    compile(after, name, "exec")


def test_every_patch_is_explained() -> None:
    patches = {f"upstream/{file.name}" for file in (DOCS / "contributing" / "upstream").iterdir()}
    assert {patch for _package, _release, patch in PATCHES} == patches


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/contributing/index.md"])
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    assert {"html", "test"} <= named
    assert named - targets == set()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_is_linked_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("language", "suffix"), [("markdown", ".md"), ("rst", ".rst")])
def test_an_example_of_the_readme_builds(language: str, suffix: str, tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    settings: dict[str, Any] = {}
    exec(fenced(text, "python"), settings)  # two lines of conf.py
    built = build(
        {f"index{suffix}": fenced(text, language)},
        tmp_path,
        extensions=settings["extensions"],
        myst_enable_extensions=settings["myst_enable_extensions"],
    )
    assert built.warnings == ""
    assert plain(built.page()).count("Not quite: the upper air glows a little.") == 1


def fenced(text: str, language: str) -> str:
    """Return the one block of *language* in a Markdown *text*."""
    (block,) = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)
    return str(block)


def test_the_picture_of_the_essay_is_small() -> None:
    assert (DOCS / "figures" / "essay.png").stat().st_size < 300_000


def test_every_theme_in_the_manual_has_a_small_picture() -> None:
    page = (AUTHORING / "sidenotes.md").read_text(encoding="utf-8")
    pictures = {path.name: path.stat().st_size for path in (AUTHORING / "themes").iterdir()}
    assert set(re.findall(r"!\[[^]]+, in [\w-]+\]\(themes/(\S+)\)", page)) == pictures.keys()
    assert max(pictures.values()) <= 25_000
