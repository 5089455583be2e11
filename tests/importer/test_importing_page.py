"""The documentation of the importer is true: examples convert as shown, tables are complete."""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from marginalia_import import cli
from marginalia_import.report import COUNTERS, SCHEMA, Kind
from marginalia_import.rules import custom as custom_rules
from marginalia_import.rules.custom import ENTRY_POINT_GROUP
from tests.importer.conftest import BUILTIN_RULES, run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marginalia_import.rules import Rule
    from tests.importer.conftest import CommandResult

AUTHORING = Path(__file__).parents[2] / "docs" / "authoring"
EXAMPLES = AUTHORING / "examples"
PAGE = (AUTHORING / "importing.md").read_text(encoding="utf-8")
PICTURE = AUTHORING.parent / "figures" / "essay.png"


def example(name: str) -> str:
    """Return a file that the page shows."""
    assert f"{{literalinclude}} examples/{name}\n" in PAGE
    return (EXAMPLES / name).read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    """Return the code blocks of the page in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE)


def rows(section: str) -> list[list[str]]:
    """Return the cells of the table in a section, without its head."""
    _, _, text = PAGE.partition(f"({section})=\n")
    text = re.split(r"(?m)^\([a-z-]+\)=$", text)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


#: What is around the article that the page shows, by dialect.
AROUND: dict[str, dict[str, str | bytes]] = {
    "eleventy": {
        "eleventy.config.js": 'export default { markdownTemplateEngine: "njk" };\n',
        "references.json": """{
          "bessel1838": {
            "title": "Bestimmung der Entfernung des 61sten Sterns des Schwans",
            "authors": "Friedrich Wilhelm Bessel",
            "year": 1838,
            "venue": "Astronomische Nachrichten"
          }
        }""",
        "topics/light-years/index.md": "---\ntitle: Light years\ndescription: A measure of far things.\norder: 1\n---\n\n"
        "## Why not kilometres\n\nNobody can picture a number of sixteen digits.\n",
        "topics/parallax/images/two-views.png": PICTURE.read_bytes(),
    },
    "tufte-jekyll": {
        "_config.yml": "title: Skies\nbaseurl: /skies\n",
        "_posts/2020-04-13-lamps.md": "---\ntitle: Lamps\n---\n\nFar lamps look faint.\n",
        "assets/img/transit.png": PICTURE.read_bytes(),
    },
}
#: The examples, and where in its site each stands, before and after.
ARTICLES = {
    "eleventy": ("import-eleventy", "topics/parallax/index.md", "parallax/index.md"),
    "tufte-jekyll": ("import-jekyll", "_posts/2021-05-01-transits.md", "posts/transits.md"),
}


def site_of(dialect: str) -> dict[str, str | bytes]:
    """Return the files of the site that the page is about."""
    name, source, _ = ARTICLES[dialect]
    return {**AROUND[dialect], source: example(f"{name}-before.txt")}


# The walk


@pytest.mark.parametrize("dialect", ARTICLES)
def test_the_example_articles_convert_as_shown(dialect: str, imported: Callable[..., Any]) -> None:
    name, _, target = ARTICLES[dialect]
    assert imported(site_of(dialect)).read(target) == example(f"{name}-after.txt")


def test_the_commands_print_what_is_shown_and_build_without_a_warning(
    site: Callable[[Mapping[str, str | bytes]], Path], tmp_path: Path
) -> None:
    site(site_of("eleventy")).rename(tmp_path / "old-site")
    rehearse, convert, build = (run_as_shown(command, tmp_path) for command in fenced("sh")[1:4])
    assert rehearse.out + rehearse.err == example("import-report.txt")
    assert rehearse.out == convert.out
    assert build.err == ""
    assert (tmp_path / "_site" / "parallax" / "index.html").is_file()


def run_as_shown(command: str, folder: Path) -> CommandResult:
    """Run a line of the page where the old site is."""
    program, *arguments = command.removeprefix("python -m ").split()
    with contextlib.chdir(folder):
        result = run_program(program, *arguments)
    assert result.code == 0
    return result


# The tables


def test_every_option_is_documented() -> None:
    options = {
        option
        for action in cli.parser()._actions
        for option in action.option_strings
        if option not in {"-h", "--help"}
    }
    assert "--dry-run" in options
    assert {name for name in re.findall(r"`(--[a-z-]+)", PAGE) if name != "--help"} == options


def test_every_kind_of_entry_is_documented() -> None:
    assert {row[0]: row[1:] for row in unmarked(rows("importing-kinds"))} == {
        kind.label: [kind.value, kind.counter] for kind in Kind
    }


def unmarked(table: list[list[str]]) -> list[list[str]]:
    """Return cells without the backquotes of what is set as code."""
    return [[cell.replace("`", "") for cell in row] for row in table]


@pytest.mark.parametrize("dialect", BUILTIN_RULES)
def test_every_tag_with_a_rule_is_documented(dialect: str) -> None:
    rules = BUILTIN_RULES[dialect]
    endings = {rule.end_tag for rule in rules}
    documented = {
        tag: row[1]
        for row in rows(f"importing-{dialect}")
        for tag in re.findall(r"\{% (include [a-z]+(?=\.)|\w+)", row[0])
        if tag not in endings
    }
    assert set(documented) == {rule.tag for rule in rules}
    assert [rule.tag for rule in rules if not documented[rule.tag].startswith(rule.becomes)] == []


def test_the_json_report_is_as_shown(
    site: Callable[[Mapping[str, str | bytes]], Path],
    command: Callable[..., Any],
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.json"
    command(site(site_of("eleventy")), tmp_path / "new", "--project", "--report", report)
    assert report.read_text(encoding="utf-8") == example("import-report.json")
    assert json.loads(report.read_text(encoding="utf-8"))["schema"] == SCHEMA
    assert f"`schema` is {SCHEMA}" in PAGE
    assert [name for name in COUNTERS if f"`{name}`" not in PAGE] == []


# A site's own tags


def test_the_file_of_rules_converts_as_shown(imported: Callable[..., Any]) -> None:
    rules = tuple(custom_rules.read_rules(EXAMPLES / "import-rules.toml"))
    assert example("import-rules.toml")
    assert body(imported, "import-rules-before.txt", rules) == example("import-rules-after.txt")


def test_every_key_and_field_of_a_rule_is_documented() -> None:
    shown = PAGE + example("import-rules.toml")
    used = [name for name in custom_rules.KEYS if f"\n{name} = " in shown or f"`{name}" in PAGE]
    assert used == list(custom_rules.KEYS)
    fields = set(re.findall(r"\{\w+\}", custom_rules.__doc__ or ""))
    assert {"{content}", "{first}"} <= fields
    assert [field for field in sorted(fields) if f"`{field}`" not in PAGE] == []


def test_an_installed_package_of_rules_converts_as_shown(
    imported: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project,) = (tomllib.loads(text) for text in fenced("toml"))
    install(project["project"], example("import_rules.py"), tmp_path / "packages")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    rules = tuple(custom_rules.load_rules(None))
    ((_, value),) = project["project"]["entry-points"][ENTRY_POINT_GROUP].items()
    module, _, name = value.partition(":")
    assert set(getattr(import_module(module), name)) <= set(rules)
    assert body(imported, "import-python-before.txt", rules) == example("import-python-after.txt")


def install(project: dict[str, Any], module: str, folder: Path) -> None:
    """Lay a package of one module into *folder* as pip does."""
    ((name, value),) = project["entry-points"][ENTRY_POINT_GROUP].items()
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{name} = {value}\n")
    (folder / f"{value.partition(':')[0]}.py").write_text(module, encoding="utf-8")


def body(imported: Callable[..., Any], name: str, rules: tuple[Rule, ...]) -> str:
    """Return what becomes of an example without a title, in an article that has one."""
    article = f"---\ntitle: Stars\n---\n\n{example(name)}"
    files = {"eleventy.config.js": AROUND["eleventy"]["eleventy.config.js"], "a.md": article}
    written = imported(files, rules=rules).read("a.md")
    return str(written.partition("# Stars\n\n")[2])


# A project that exists


def test_the_settings_for_an_existing_project_are_those_the_importer_writes(
    imported: Callable[..., Any],
) -> None:
    new = imported(site_of("eleventy"), project=True)
    shown, written = settings(fenced("python")[-1]), settings(new.read("conf.py"))
    assert {**shown, "bibtex_bibfiles": ["references.bib"]} == {
        name: written.get(name) for name in shown
    }


def settings(source: str) -> dict[str, Any]:
    """Return what a ``conf.py`` sets."""
    values: dict[str, Any] = {}
    exec(source, values)
    return {name: value for name, value in values.items() if not name.startswith("_")}


def test_articles_build_in_an_existing_project_with_these_settings(
    site: Callable[[Mapping[str, str | bytes]], Path], command: Callable[..., Any], tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    command(site(site_of("eleventy")), docs / "old-site")
    (docs / "conf.py").write_text(fenced("python")[-1], encoding="utf-8")
    toctree = "```{toctree}\n:glob:\n\nold-site/*/index\n```\n"
    index = f"# Skies\n\n{toctree}\n```{{bibliography}}\n```\n"
    (docs / "index.md").write_text(index, encoding="utf-8")
    assert run_as_shown("python -m sphinx docs _site", tmp_path).err == ""
    assert (tmp_path / "_site" / "old-site" / "parallax" / "index.html").is_file()
