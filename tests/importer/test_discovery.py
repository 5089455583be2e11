"""What the importer finds in a site: articles, names and order, images, settings."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import yaml

from tests.importer.conftest import PICTURE, WORKS_JSON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.importer.conftest import Imported


def article(**front: Any) -> str:
    """Return an article with a front matter."""
    return f"---\n{yaml.safe_dump({'title': 'Stars', **front})}---\n\nThey shine.\n"


def settings(result: Imported) -> dict[str, Any]:
    """Return what the new ``conf.py`` sets."""
    values: dict[str, Any] = {}
    exec(result.read("conf.py"), values)
    return values


def contents(result: Imported) -> list[tuple[str, list[str]]]:
    """Return the tables of contents of the first page: the title and the documents of each."""
    page = result.read(f"{settings(result)['root_doc']}.md")
    tables = re.findall(r":::\{toctree\}\n:caption: (.*)\n:maxdepth: 1\n\n((?:/.*\n)*):::", page)
    return [(title, [name.lstrip("/") for name in names.split()]) for title, names in tables]


def reported_files(result: Imported, kind: str) -> list[str]:
    """Return the files of which something of a kind is reported."""
    return [entry.file for entry in result.report.lines() if entry.kind == kind]


# Names


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        (["search.md", "stars.md"], {"search-2.md", "stars.md"}, ["search.md"]),
        (["genindex.md", "modindex.md"], {"genindex-2.md", "modindex-2.md"}, ["genindex.md", "modindex.md"]),
        (["Search.md", "search-2.md"], {"Search-2.md", "search-2-2.md"}, ["Search.md", "search-2.md"]),
        (["Moon.md", "moon.md"], {"Moon.md", "moon-2.md"}, ["moon.md"]),
        (["moon.markdown", "moon.md"], {"moon.md", "moon-2.md"}, ["moon.md"]),
        (["sky/search.md", "moon.md"], {"sky/search.md", "moon.md"}, []),
        (["moon.md", "moon/index.md"], {"moon.md", "moon/index.md"}, []),
    ],
)  # fmt: skip
def test_an_article_whose_name_is_in_use_is_renamed(
    old: list[str], new: set[str], renamed: list[str], imported: Callable
) -> None:
    result = imported(dict.fromkeys(old, article()), dialect="eleventy")
    assert result.files == new
    assert reported_files(result, "name") == renamed


def test_links_lead_to_a_renamed_article(imported: Callable) -> None:
    result = imported(
        {"search.md": article(), "moon.md": "[a](/search/) [b](search.md)\n"}, dialect="eleventy"
    )
    assert "[a](search-2.md) [b](search-2.md)" in result.read("moon.md")


def test_two_posts_with_the_same_name_are_distinguished_by_date(imported: Callable) -> None:
    posts = {f"_posts/2021-05-0{day}-moon.md": article() for day in (1, 2)}
    result = imported(posts, dialect="tufte-jekyll")
    assert result.files == {"posts/moon.md", "posts/2021-05-02-moon.md"}
    assert reported_files(result, "name") == []


@pytest.mark.parametrize(
    "names", [["index"], ["contents"], ["index", "contents"], ["bibliography"], ["glossary"]]
)
def test_an_article_may_have_the_name_of_a_project_page(
    names: list[str], imported: Callable
) -> None:
    text = article(glossary=[{"term": "Parallax", "definition": "A shift."}])
    files = {f"{name}.md": text for name in ["moon", *names]}
    files["moon.md"] += '\nPeriods {% cite "leavitt1912" %}.\n'
    result = imported({**files, "references.json": WORKS_JSON}, dialect="eleventy", project=True)
    pages = "".join(result.read(path) for path in result.files if path.endswith(".md"))
    listed = {name for _, entries in contents(result) for name in entries}
    assert listed >= {"moon", *names}
    assert pages.count("They shine.") == len(files)
    assert pages.count(":::{bibliography}\n") == 1
    assert pages.count(":::{glossary}\n") == 1


# Which files


@pytest.mark.parametrize(
    ("config", "taken"),
    [
        ("", {"moon.md", "notes/a.md", "notes/deep/b.md"}),
        ("exclude: [notes]", {"moon.md"}),
        ("exclude: [notes/]", {"moon.md"}),
        ("exclude: notes/deep", {"moon.md", "notes/a.md"}),
        ('exclude: ["notes/*"]', {"moon.md"}),
        ("exclude: [notes/a.md, moon.md]", {"notes/deep/b.md"}),
        ("exclude: [moon]", {"moon.md", "notes/a.md", "notes/deep/b.md"}),
        ("exclude:", {"moon.md", "notes/a.md", "notes/deep/b.md"}),
    ],
)
def test_files_that_jekyll_excludes_are_skipped_and_reported(
    config: str, taken: set[str], imported: Callable
) -> None:
    paths = {"moon.md", "notes/a.md", "notes/deep/b.md"}
    result = imported(
        {**dict.fromkeys(paths, article()), "_posts/2021-05-01-sun.md": article(), "_config.yml": f"{config}\n"}
    )  # fmt: skip
    assert result.files == taken | {"posts/sun.md"}
    assert set(reported_files(result, "skipped")) == paths - taken


@pytest.mark.parametrize(
    ("config", "taken"),
    [
        ("collections: [essays]", set()),
        ("collections: [essays]\ninclude: [_pages]", {"pages/about.md"}),
        ("collections: [essays]\ninclude: _pages/", {"pages/about.md"}),
        ("collections: {essays: {output: true}, pages: {}}", {"pages/about.md"}),
    ],
)
def test_folders_that_jekyll_includes_are_converted(
    config: str, taken: set[str], imported: Callable
) -> None:
    result = imported(
        {"_essays/sun.md": article(), "_pages/about.md": article(), "_config.yml": f"{config}\n"}
    )
    assert result.files == taken | {"essays/sun.md"}
    assert reported_files(result, "skipped") == ([] if taken else ["_pages/about.md"])


@pytest.mark.parametrize(
    "config",
    ["[]", "5", "exclude: 5\ninclude: {a: b}", "collections: 5", "scholar: x\nbaseurl: 5", "a: b: c", "a: !!timestamp b"],
)  # fmt: skip
def test_meaningless_settings_are_ignored(config: str, imported: Callable) -> None:
    result = imported({"_posts/2021-05-01-sun.md": article(), "_config.yml": f"{config}\n"})
    assert result.files == {"posts/sun.md"}


@pytest.mark.parametrize("value", ["!!bool b", "!!timestamp b", "["])
def test_front_matter_that_yaml_cannot_read_is_reported(value: str, imported: Callable) -> None:
    result = imported({"moon.md": f"---\na: {value}\n---\nIt shines.\n"}, dialect="eleventy")
    assert "It shines." in result.read("moon.md")
    assert reported_files(result, "front-matter") == ["moon.md"]


@pytest.mark.parametrize("dialect", ["eleventy", "tufte-jekyll"])
def test_dead_links_and_pipes_are_skipped(dialect: str, tmp_path: Path, imported: Callable) -> None:
    site = tmp_path / "site"
    for folder in ("_posts", "_includes", "_bibliography"):
        (site / folder).mkdir(parents=True)
    for name in ("_posts/2021-05-01-pipe.md", "_includes/head.html", "pipe.bib", "pipe.png"):
        os.mkfifo(site / name)
    for name in ("_posts/2021-05-01-dead.md", "_bibliography/references.bib", "dead.png"):
        (site / name).symlink_to("nowhere")
    (site / "round").symlink_to(".")
    result = imported(
        {"_posts/2021-05-01-sun.md": article() + "![a](/pipe.png) ![b](/dead.png)\n"},
        dialect=dialect,
    )
    assert len(result.files) == 1
    assert len(reported_files(result, "unresolved-image")) == 2


# Pictures


def test_spaces_in_the_name_of_an_image_are_replaced(imported: Callable) -> None:
    result = imported(
        {
            "moon/index.md": "![a](<my  map.png>) ![b](my%20%20map.png) ![c](my-map.png)\n",
            "moon/my  map.png": PICTURE,
            "moon/my-map.png": PICTURE + b"another",
        },
        dialect="eleventy",
    )
    assert "![a](my-map.png) ![b](my-map.png) ![c](my-map-2.png)" in result.read("moon/index.md")
    assert (result.folder / "moon/my-map.png").read_bytes() == PICTURE
    assert (result.folder / "moon/my-map-2.png").read_bytes() == PICTURE + b"another"


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("mår", "mar"),
        ("moře 1", "more-1"),
        ("海", "file"),
        ("d'été", "d'ete"),
        ("5% #1?", "5-1-"),
        ("\uff0f\uff0e\uff0e\uff0fx", "-x"),
    ],
)
def test_an_image_has_a_name_whose_address_needs_no_encoding(
    name: str, new: str, imported: Callable
) -> None:
    result = imported(
        {
            "hugo.toml": "title = 'Sea'\n",
            "content/sea.md": f"![a](</a/{quote(name)}.png>) ![c](</a/{quote(new)}.png>)\n",
            f"static/a/{name}.png": PICTURE,
            f"static/a/{new}.png": PICTURE + b"another",
        }
    )
    text = result.read("sea.md")
    assert f"![a](static/a/{new}.png)" in text
    assert f"![c](static/a/{new}-2.png)" in text
    assert (result.folder / f"static/a/{new}.png").read_bytes() == PICTURE


def test_an_image_of_myst_has_such_a_name_besides_its_own(imported: Callable) -> None:
    article = (
        '# Sea\n\n![sø.png](sø.png "sø") ![b](<a b.png>) ![c](c.png) ![d](https://a.org/sø.png)\n\n'
        ":::{figure} sø.png\n:::\n"
    )
    names = ("sø", "s-", "a b", "c")
    files = {f"{name}.png": PICTURE + name.encode() for name in names}
    result = imported({"myst.yml": "project: {title: x}\n", "sea.md": article, **files})
    assert result.read("sea.md") == article.replace("(sø.png", "(s--2.png").replace(
        "<a b.png>", "a-b.png"
    )
    assert (result.folder / "s--2.png").read_bytes() == files["sø.png"]
    assert {f"{name}.png" for name in (*names, "s--2", "a-b")} <= result.files


# The project


def test_articles_in_folders_of_their_own_share_a_table_of_contents(imported: Callable) -> None:
    orders = {"moon": 3, "sun": 1, "stars": 2.5, "dust": None}
    files = {
        f"topics/{name}/index.md": article(**({"order": order} if order else {}))
        for name, order in orders.items()
    }
    files["topics/earth.md"] = article(order=2)
    result = imported(files, dialect="eleventy", project=True)
    assert contents(result) == [
        ("Articles", ["sun/index", "earth", "stars/index", "moon/index", "dust/index"])
    ]


def test_blocks_come_first_in_their_order_and_posts_by_their_dates(imported: Callable) -> None:
    files = {
        "sky/_block.json": '{"title": "The sky", "order": 2}',
        "sky/moon/index.md": article(order=2),
        "sky/sun/index.md": article(order=1),
        "maps/_block.json": '{"title": "Maps", "order": 1}',
        "maps/scale/index.md": article(),
        "about/index.md": article(),
    }
    assert contents(imported(files, dialect="eleventy", project=True)) == [
        ("Maps", ["maps/scale/index"]),
        ("The sky", ["sky/sun/index", "sky/moon/index"]),
        ("Articles", ["about/index"]),
    ]


@pytest.mark.parametrize(
    ("config", "title", "author"),
    [
        ("title: Skies\nauthor: Ada", "Skies", "Ada"),
        ("title: Skies\nauthor: {name: Ada}", "Skies", "Ada"),
        ("title: Skies", "Skies", "Skies"),
        ("", "site", "site"),
        ('title: "The sun\'s \\"path\\" {{ x }} \\\\ \\n über"', 'The sun\'s "path" {{ x }} \\ über', None),
    ],
)  # fmt: skip
def test_title_and_author_come_from_the_settings(
    config: str, title: str, author: str | None, imported: Callable
) -> None:
    files: Mapping[str, str] = {"_config.yml": f"{config}\n", "_posts/2021-05-01-sun.md": article()}
    values = settings(imported(files, dialect="tufte-jekyll", project=True))
    assert values["project"] == title
    assert values["author"] == values["copyright"] == (author or title)
    assert values["version"] == values["release"]
    assert "sphinxcontrib.bibtex" not in values["extensions"]
    assert "bibtex_cite_id" not in values


def test_works_in_the_bibliography_have_permanent_addresses(imported: Callable) -> None:
    files = {"moon.md": article(), "references.json": WORKS_JSON}
    values = settings(imported(files, dialect="eleventy", project=True))
    assert values["bibtex_cite_id"] == "ref-{key}"
    assert values["bibtex_bibfiles"] == ["references.bib"]
    assert "sphinxcontrib.bibtex" in values["extensions"]


def test_without_a_project_only_articles_and_what_they_need_are_written(imported: Callable) -> None:
    result = imported({"moon.md": article(), "sun.md": article()}, dialect="eleventy")
    assert result.files == {"moon.md", "sun.md"}
