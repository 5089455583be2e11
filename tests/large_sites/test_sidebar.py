"""The sidebar: the markup of Sphinx, and only the branch a page is on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.large_sites import contents
from sphinx_marginalia.large_sites.sidebar import SidebarDomain
from sphinx_marginalia.testing import Built, build
from tests.large_sites.recorder import ALL_OPEN, BY_SPHINX, BY_US, OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("myst_parser", "sphinx_marginalia.large_sites")
LIMIT = 6


def chapter(name: str, pages: int = 4) -> dict[str, str]:
    """Return a page with others below it."""
    listed = "\n".join(f"p{n}" for n in range(pages))
    return {
        f"{name}/index.md": f"# Chapter `{name}` & *more*\n\n## One\n\n```{{toctree}}\n{listed}\n```\n\n## Two\n",
        **{
            f"{name}/p{n}.md": f"# Page {name}{n}\n\n## First\n\n### Deep\n\n## Second\n"
            for n in range(pages)
        },
    }


BOOK = {
    "index.md": """\
# Book

```{toctree}
:caption: "First & foremost"
:hidden:
self
a/index
b/index
```

```{toctree}
:caption: Second
:maxdepth: 2
:numbered:
c
A name <d>
Elsewhere <https://example.org/?a=1&b=2>
genindex
```
""",
    **chapter("a"),
    **chapter("b"),
    "c.md": "# C\n\n## C one\n\n### C deep\n",
    "d.md": "# D\n\n## D one\n",
    "lost.md": "---\norphan: true\n---\n# Lost\n",
}
PAGES = [*(name.removesuffix(".md") for name in BOOK), "genindex", "search"]


def flat(pages: int) -> dict[str, str]:
    """Return a book with one long list."""
    names = [f"p{n:03}" for n in range(pages)]
    index = "# Book\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    return {"index.md": index, **{f"{name}.md": f"# Title of {name}\n" for name in names}}


def build_site(files: dict[str, str], folder: Path, builder: str = "html", **config: Any) -> Built:
    config = {
        "extensions": EXTENSIONS,
        "large_sites_sidebar_limit": LIMIT,
        "html_theme": "alabaster",
    } | config
    built = build(files, folder, builder, **config)
    assert built.warnings == ""
    return built


def sidebar(html: str) -> BeautifulSoup:
    soup = BeautifulSoup(html, "html.parser").select_one(".sphinxsidebar, .sidebar-tree")
    assert soup is not None
    return soup


def links(html: str) -> list[str]:
    return [link.get_text() for link in sidebar(html).select("li[class^=toctree] > a")]


@pytest.fixture(scope="module", params=[("html", 50), ("html", 1), ("dirhtml", 50)], ids=str)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    builder, neighbours = request.param
    extensions = (*EXTENSIONS, "tests.large_sites.recorder")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "NEIGHBOURS", neighbours)
        return build_site(BOOK, tmp_path_factory.mktemp("book"), builder, extensions=extensions)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(OPTIONS)), ids=lambda n: str(OPTIONS[n]))
def test_a_branch_is_what_sphinx_makes_with_other_branches_collapsed(
    number: int, book: Built
) -> None:
    for page in PAGES:
        assert BY_US[page][number].split() == BY_SPHINX[page][number].split(), page


@pytest.mark.slow
def test_other_branches_stay_closed_where_a_theme_opens_all(book: Built) -> None:
    assert "Page a0" in ALL_OPEN["a/p1"]
    assert "Page b0" not in ALL_OPEN["a/p1"]


def test_the_sidebar_of_a_page_is_the_branch(book: Built) -> None:
    shown = links(book.page("b/p2"))
    assert "Page b1" in shown
    assert "Page a1" not in shown


def test_titles_keep_their_markup(book: Built) -> None:
    chapter = sidebar(book.page("c")).find("a", string=None, href=re.compile("a/"))
    assert (
        'Chapter <code class="docutils literal notranslate"><span class="pre">a</span></code> &amp; <em>more</em>'
        in str(chapter)
    )


def test_a_small_site_keeps_the_sidebar_of_its_theme(tmp_path: Path) -> None:
    with_it = build_site(BOOK, tmp_path / "with", large_sites_sidebar_limit=len(BOOK))
    without = build(BOOK, tmp_path / "without", extensions=("myst_parser",), html_theme="alabaster")
    for page in BOOK:
        name = page.removesuffix(".md")
        assert str(sidebar(with_it.page(name))) == str(sidebar(without.page(name)))


@pytest.mark.parametrize("theme", ["alabaster", "furo"])
def test_a_long_list_is_cut_around_the_page(theme: str, tmp_path: Path) -> None:
    built = build_site(flat(40), tmp_path, html_theme=theme)
    shown = links(built.page("p020"))
    assert shown == [f"Title of p0{n}" for n in range(17, 23)] + ["All 40 entries"]
    assert links(built.page("p039"))[:-1] == [f"Title of p0{n}" for n in range(34, 40)]
    everything = sidebar(built.page("p020")).select_one(".marginalia-sidebar-all > a")
    assert everything is not None
    assert everything["href"] == "index.html"
    assert len(sidebar(built.page("p020")).select("li.current")) == 1


def test_a_page_has_as_many_links_however_many_pages_there_are(tmp_path: Path) -> None:
    few, many = (links(build_site(flat(n), tmp_path / str(n)).page("p003")) for n in (20, 90))
    assert len(few) == len(many) == LIMIT + 1


@pytest.mark.parametrize("builder", ["json", "pickle"])
def test_builders_that_write_the_context_of_a_page_write_it(builder: str, tmp_path: Path) -> None:
    built = build_site(flat(9), tmp_path, builder)
    assert (built.out / f"p003.f{builder}").is_file()


def test_a_book_on_one_page_keeps_its_links(tmp_path: Path) -> None:
    built = build_site(flat(9), tmp_path, "singlehtml")
    assert [link for link in links(built.page()) if link.startswith("Title")] == [
        f"Title of p00{n}" for n in range(9)
    ]


# Again, and in parallel


def sidebars(built: Built, names: list[str]) -> dict[str, list[str]]:
    """Return the captions and links of each page, without what themes put beside them."""
    shown = "p.caption, li[class^=toctree]"
    return {name: [str(one) for one in sidebar(built.page(name)).select(shown)] for name in names}


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"p010.md": "# Another title\n"},
        {"p010.md": "# Title of p010\n\n## A section\n"},
        {"index.md": flat(21)["index.md"].replace("p010\n", "p010\nnew\n"), "new.md": "# New\n"},
        {"index.md": flat(21)["index.md"].replace("p010\n", "Otherwise <p010>\n")},
        {"index.md": "# Book\n\n```{toctree}\n:caption: Called\n" + "p010\np011\n" * 1 + "```\n"},
    ],
    ids=["title", "section", "added", "renamed", "caption"],
)
def test_pages_whose_sidebar_changed_are_written_again(
    change: dict[str, str], tmp_path: Path
) -> None:
    extra = {
        name: "---\norphan: true\n---\n" + text
        for name, text in flat(21).items()
        if name != "index.md"
    }
    files = {**flat(21), **extra}
    build_site(files, tmp_path / "again")
    again = build_site(files | change, tmp_path / "again", fresh=False)
    clean = build_site(files | change, tmp_path / "clean")
    names = [name.removesuffix(".md") for name in files]
    assert sidebars(again, names) == sidebars(clean, names)


def parts(*names: str) -> dict[str, str]:
    """Return a book with several lists in its root document."""
    pages = {name: [f"{name}{n:02}" for n in range(10)] for name in names}
    toctrees = [
        f"```{{toctree}}\n:caption: {name}\n" + "\n".join(pages[name]) + "\n```\n" for name in names
    ]
    files = {f"{page}.md": f"# Title of {page}\n" for listed in pages.values() for page in listed}
    return {"index.md": "# Book\n\n" + "\n".join(toctrees), **files}


TWO_SECTIONS = {
    "index.md": "# Book\n\n```{toctree}\nx\n```\n",
    "x.md": "# X\n\n## One\n\n```{toctree}\n"
    + "\n".join(f"p{n}" for n in range(10))
    + "\n```\n\n## Two\n\n```{toctree}\n"
    + "\n".join(f"q{n}" for n in range(10))
    + "\n```\n",
    **{f"{letter}{n}.md": f"# Title {letter}{n}\n" for letter in "pq" for n in range(10)},
}
TWICE = flat(12) | {"index.md": flat(12)["index.md"].replace("p003\n", "p003\np009\n")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "change"),
    [
        (parts("a", "b"), {"b02.md": "# Another\n"}),
        (TWO_SECTIONS, {"q5.md": "# Another\n"}),
        (TWICE, {"p006.md": "# Another\n"}),
        (BOOK, {"c.md": "# C\n\n# C second\n"}),
        (BOOK, {"a/p1.md": "# Another *title*\n"}),
        (BOOK, {"a/index.md": BOOK["a/index.md"].replace("## Two", "## Three")}),
    ],
    ids=["parts", "sections", "twice", "headings", "deep", "section"],
)
def test_every_sidebar_with_a_change_is_written_again(
    files: dict[str, str], change: dict[str, str], tmp_path: Path
) -> None:
    quiet = {"suppress_warnings": ["toc"]}
    build_site(files, tmp_path / "again", **quiet)
    again = build_site(files | change, tmp_path / "again", fresh=False, **quiet)
    clean = build_site(files | change, tmp_path / "clean", **quiet)
    names = [name.removesuffix(".md") for name in files]
    assert sidebars(again, names) == sidebars(clean, names)


def test_a_page_that_is_gone_is_in_no_sidebar(tmp_path: Path) -> None:
    files = parts("a", "b")
    quiet = {"suppress_warnings": ["toc"]}
    build_site(files, tmp_path / "again", **quiet)
    (tmp_path / "again" / "source" / "b02.md").unlink()
    left = {name: text for name, text in files.items() if name != "b02.md"}
    again = build(
        left,
        tmp_path / "again",
        fresh=False,
        extensions=EXTENSIONS,
        large_sites_sidebar_limit=LIMIT,
        html_theme="alabaster",
        **quiet,
    )
    clean = build(
        left,
        tmp_path / "clean",
        extensions=EXTENSIONS,
        large_sites_sidebar_limit=LIMIT,
        html_theme="alabaster",
        **quiet,
    )
    names = [name.removesuffix(".md") for name in left]
    assert sidebars(again, names) == sidebars(clean, names)


def test_a_page_with_many_sections_begins_with_the_first(tmp_path: Path) -> None:
    files = flat(9) | {"p003.md": "# Long\n\n" + "\n".join(f"## Part {n}\n" for n in range(30))}
    shown = links(build_site(files, tmp_path).page("p003"))
    assert [link for link in shown if link.startswith("Part")] == [
        f"Part {n}" for n in range(LIMIT)
    ]


def test_only_pages_whose_sidebar_changed_are_written_again(tmp_path: Path) -> None:
    files = flat(21)
    times = {
        page: page.stat().st_mtime_ns for page in build_site(files, tmp_path).out.glob("p*.html")
    }
    build_site(files | {"p010.md": "# Another title\n"}, tmp_path, fresh=False)
    written = {page.stem for page, time in times.items() if page.stat().st_mtime_ns != time}
    # Those that show it: three before it and three after. Sphinx itself writes the page.
    assert written == {f"p0{n:02}" for n in range(8, 14)}


def test_a_change_that_no_sidebar_shows_writes_one_page(tmp_path: Path) -> None:
    files = flat(21)
    times = {
        page: page.stat().st_mtime_ns for page in build_site(files, tmp_path).out.glob("p*.html")
    }
    build_site(files | {"p010.md": "# Title of p010\n\nMore words.\n"}, tmp_path, fresh=False)
    written = {page.stem for page, time in times.items() if page.stat().st_mtime_ns != time}
    assert written == {"p010"}


def test_only_the_neighbours_of_a_page_are_resolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "NEIGHBOURS", 10)
    files = flat(40) | {f"p{n:03}.md": f"# P{n}\n\n## One\n\n## Two\n" for n in range(40)}
    build_site(files, tmp_path)
    counts: list[int] = []
    add_labels = contents._add_labels
    monkeypatch.setattr(
        contents,
        "_add_labels",
        lambda builder, entries: (counts.append(len(entries)), add_labels(builder, entries)),
    )
    build_site(files | {"p017.md": files["p017.md"] + "\nMore.\n"}, tmp_path, fresh=False)
    # No caption, the highest level, and the sections of ten.
    assert counts == [0, 40, 20]


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["p003", "p017", "p039"])
def test_the_page_that_is_written_first_changes_nothing(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "NEIGHBOURS", 10)
    listed = "\n".join([*(f"p{n:03}" for n in range(40)), "p003", "p017"])
    sections = {f"p{n:03}.md": f"# P{n}\n\n## One\n\n### Deep\n" for n in range(40)}
    index = {"index.md": f"# Book\n\n```{{toctree}}\n{listed}\n```\n"}
    quiet = {"suppress_warnings": ["toc"]}
    files = index | sections
    build_site(files, tmp_path / "again", **quiet)
    files[f"{changed}.md"] += "\nMore.\n"
    again = build_site(files, tmp_path / "again", fresh=False, **quiet)
    clean = build_site(files, tmp_path / "clean", **quiet)
    assert sidebars(again, [changed]) == sidebars(clean, [changed])


def test_entries_lifted_from_a_page_are_resolved_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "NEIGHBOURS", 5)
    names = [f"s{n:02}" for n in range(9)]
    listed = "\n".join(names)
    # A toctree above the first heading is beside the page, not below it.
    files = {
        "index.md": "# Book\n\n```{toctree}\nx\n```\n",
        "x.md": f"```{{toctree}}\n{listed}\n```\n\n# X\n\n## Of x\n",
        **{f"{name}.md": f"# T{name}\n\n## Section of {name}\n" for name in names},
    }
    built = build_site(files, tmp_path, large_sites_sidebar_limit=10)
    for name in names:
        shown = [link for link in links(built.page(name)) if link.startswith("Section")]
        assert shown == [f"Section of {name}"]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["a/index.md", "c.md"])
def test_a_hidden_toctree_below_the_root_is_left_out(where: str, tmp_path: Path) -> None:
    files = BOOK | {where: f"{BOOK[where]}\n```{{toctree}}\n:hidden:\n/more\n```\n"}
    files["more.md"] = "# More\n\n## Of more\n"
    extensions = (*EXTENSIONS, "tests.large_sites.recorder")
    build_site(files, tmp_path, extensions=extensions)
    for name in ("index", "c", "more", "a/index", "a/p1"):
        assert BY_US[name] == BY_SPHINX[name]


@pytest.mark.slow
def test_four_processes_write_what_one_does(tmp_path: Path) -> None:
    one, four = (build_site(flat(40), tmp_path / str(n), jobs=n) for n in (1, 4))
    names = [*(f"p{n:03}" for n in range(40)), "index"]
    assert sidebars(one, names) == sidebars(four, names)


# The options


def test_without_the_option_every_page_has_the_sidebar_of_its_theme(tmp_path: Path) -> None:
    off = build_site(BOOK, tmp_path / "off", large_sites_sidebar=False)
    plain = build(BOOK, tmp_path / "plain", extensions=("myst_parser",), html_theme="alabaster")
    for page in BOOK:
        name = page.removesuffix(".md")
        assert str(sidebar(off.page(name))) == str(sidebar(plain.page(name)))


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False])
def test_switching_the_option_writes_every_sidebar_again(first: bool, tmp_path: Path) -> None:
    files = flat(20)
    names = [name.removesuffix(".md") for name in files]
    build_site(files, tmp_path / "again", large_sites_sidebar=first)
    again = build_site(files, tmp_path / "again", fresh=False, large_sites_sidebar=not first)
    clean = build_site(files, tmp_path / "clean", large_sites_sidebar=not first)
    assert sidebars(again, names) == sidebars(clean, names)


def test_fingerprints_are_cached_until_a_heading_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = flat(20)
    build_site(files, tmp_path)
    computed: list[str] = []
    compute = SidebarDomain._sidebars
    monkeypatch.setattr(
        SidebarDomain,
        "_sidebars",
        lambda domain, builder: (computed.append(builder.name), compute(domain, builder))[1],
    )
    files["p003.md"] += "\nMore words.\n"
    build_site(files, tmp_path, fresh=False)
    assert computed == []
    files["p003.md"] += "\n## A heading\n"
    build_site(files, tmp_path, fresh=False)
    assert computed == ["html"]


def test_the_limit_has_to_be_a_number(tmp_path: Path) -> None:
    built = build(flat(3), tmp_path, extensions=EXTENSIONS, large_sites_sidebar_limit=0)
    message = "large_sites_sidebar_limit = 0 in conf.py must be 1 or more; 50 is used"
    assert message in built.warnings
