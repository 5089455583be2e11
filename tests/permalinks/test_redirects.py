"""What was printed leads to the right text, whatever the author does to the book."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from sphinx.builders.html import StandaloneHTMLBuilder

from sphinx_marginalia import testing
from sphinx_marginalia.permalinks import validation
from sphinx_marginalia.testing import build
from tests.permalinks.books import ADDRESSES, CFF, PAGES, PUBLISHED, book, record, release

if TYPE_CHECKING:
    from bs4 import Tag

    from sphinx_marginalia.testing import Built

MOON = PAGES["moon.md"]
#: Eclipses are told of at the harbour now.
MOVED = {
    "moon.md": MOON.partition("(eclipse)=")[0],
    "sea/harbour.md": PAGES["sea/harbour.md"] + "\n(eclipse)=\n## Eclipses\n\nA shadow falls.\n",
}
MOVED_LOCK = {"eclipse": record("sea/harbour#eclipse", "Eclipses", was=["moon#eclipse"])}
#: Phases are called cycles.
RENAMED = {"moon.md": MOON.replace("(phases)=", "(cycles)=")}
RENAMED_LOCK = {
    "phases": record("moon#phases", successor="cycles"),
    "cycles": record("moon#cycles", "Phases"),
}
#: There is no page on the moon; what it told is at the harbour.
GONE = {
    "index.md": PAGES["index.md"].replace("moon\n", ""),
    "moon.md": None,
    "sea/harbour.md": PAGES["sea/harbour.md"]
    + "\n(moon)=\n## The moon\n\nIt rises.\n\n(phases)=\n### Phases\n\nA month has four.\n",
}
GONE_LOCK = {
    "moon": record("sea/harbour#moon", "The moon", was=["moon#moon"]),
    "phases": record("sea/harbour#phases", "Phases", was=["moon#phases"]),
    "eclipse": record("moon#eclipse", "Eclipses", reason="Its numbers were wrong."),
}


def page(built: Built, path: str) -> BeautifulSoup:
    file = built.out / path
    file = file / "index.html" if file.is_dir() else file
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def follow(built: Built, path: str) -> Tag:
    """Return what a reader without a script comes to who follows an old link."""
    file, _, fragment = path.partition("#")
    found = page(built, file)
    place = found.find(id=fragment) if fragment else found
    refresh = found.find("meta", attrs={"http-equiv": "refresh"})
    if refresh:
        target = str(refresh["content"]).partition("url=")[2]
        assert str(found.select("main p a")[0]["href"]) == target
    elif not fragment:
        assert found.main is not None
        return found.main
    else:
        assert place is not None, path
        if place.name == "section":
            return place
        if place.parent and place.parent.name == "section" and place.get_text() == "":
            return place.parent
        line = place.find_parent("li") or place
        link = line.find("a")
        if link is None or "://" in str(link["href"]):
            return line
        target = str(link["href"])
    folder = file.rpartition("/")[0]
    return follow(built, os.path.normpath(os.path.join(folder, target)))  # noqa: PTH118


def text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


# Nothing has happened


def test_each_name_has_a_short_address_that_leads_to_its_section(tmp_path: Path) -> None:
    built = book(tmp_path)
    assert built.warnings == ""
    for name in PUBLISHED:
        assert follow(built, f"s/{name}.html")["id"] == name


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_short_address_is_the_same_for_each_builder(builder: str, tmp_path: Path) -> None:
    built = book(tmp_path, builder)
    address = page(built, "s/quay.html").select_one("main a")
    assert address is not None
    ends = {"html": "../sea/harbour.html#quay", "dirhtml": "../sea/harbour/#quay"}
    assert address["href"] == ends[builder]


def test_a_builder_derived_from_html_writes_the_same_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OwnBuilder(StandaloneHTMLBuilder):
        name = "own-site"

    extension = ModuleType("own_site")
    extension.setup = lambda app: app.add_builder(OwnBuilder)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, extension.__name__, extension)
    built = book(tmp_path, "own-site", extensions=(*testing.EXTENSIONS, extension.__name__))
    assert "Ropes hold." in text(follow(built, "s/quay.html"))
    assert (built.out / "cite" / "quay.bib").is_file()


def test_without_a_lock_nothing_is_kept_and_no_name_is_asked_for(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\n## No name\n", "CITATION.cff": CFF}, tmp_path)
    assert built.warnings == ""
    assert not (built.out / "s").exists()
    assert page(built, "index.html").select("main .marginalia-cite, section .marginalia-cite") == []


def test_permalinks_alone_need_nothing_about_citing(tmp_path: Path) -> None:
    files = {**PAGES, "anchors.lock.json": json.dumps(PUBLISHED)}
    extensions = ("myst_parser", "sphinx_marginalia.permalinks")
    built = build(files, tmp_path, extensions=extensions)
    assert built.warnings == ""
    assert "Ropes hold." in text(follow(built, "s/quay.html"))
    anchors = json.loads((built.out / "anchors.json").read_text(encoding="utf-8"))
    assert anchors["book"] == {"title": "Test"}
    assert anchors["anchors"]["quay"] == {
        "title": "The quay", "short": "s/quay.html", "url": "sea/harbour.html#quay",
    }  # fmt: skip
    assert not (built.out / "cite").exists()


# Other words


def test_a_heading_with_other_words_keeps_its_links(tmp_path: Path) -> None:
    pages = {"moon.md": MOON.replace("## Phases", "## From new to full")}
    built = book(tmp_path, pages=pages)
    assert built.warnings == ""
    assert "From new to full" in text(follow(built, "s/phases.html"))
    assert "A month has four" in text(follow(built, "moon.html#phases"))


# Another name on the same page


@pytest.mark.parametrize("link", ["moon.html#phases", "s/phases.html", "s/cycles.html"])
def test_a_section_with_another_name_keeps_the_old_one(link: str, tmp_path: Path) -> None:
    built = book(tmp_path, pages=RENAMED, lock=RENAMED_LOCK)
    assert built.warnings == ""
    assert "A month has four." in text(follow(built, link))


def test_an_old_name_is_kept_in_an_epub_and_in_a_pdf(tmp_path: Path) -> None:
    epub = book(tmp_path, "epub", pages=RENAMED, lock=RENAMED_LOCK, copyright="2026", version="1.2")
    with ZipFile(next(epub.out.glob("*.epub"))) as archive:
        found = BeautifulSoup(archive.read("moon.xhtml"), "html.parser")
    assert found.find(id="phases") is not None
    latex = book(tmp_path, "latex", pages=RENAMED, lock=RENAMED_LOCK).read("*.tex")
    assert r"\label{\detokenize{moon:phases}}" in latex


# Another page


@pytest.mark.parametrize("link", ["moon.html#eclipse", "s/eclipse.html"])
def test_a_section_on_another_page_is_reached_from_the_old_one(link: str, tmp_path: Path) -> None:
    built = book(tmp_path, pages=MOVED, lock=MOVED_LOCK)
    assert built.warnings == ""
    assert "A shadow falls." in text(follow(built, link))


def test_the_old_page_says_where_a_section_is(tmp_path: Path) -> None:
    built = book(tmp_path, "text", pages=MOVED, lock=MOVED_LOCK)
    assert "Moved from here" in built.page("moon")
    assert "Eclipses in “The harbour”" in " ".join(built.page("moon").split())


def test_on_paper_one_line_names_the_pages_to_which_sections_have_moved(tmp_path: Path) -> None:
    harbour = f"{MOVED['sea/harbour.md']}\n(tides)=\n## Tides\n\nIt rises.\n"
    lock = {
        **MOVED_LOCK,
        "tides": record("sea/harbour#tides", "Tides", was=["moon#tides"]),
        "halo": record("moon#halo", "Halos", reason="Nobody saw one."),
    }
    pages = {**MOVED, "sea/harbour.md": harbour}
    built = book(tmp_path, "epub", pages=pages, lock=lock, copyright="2026", version="1.2")
    found = BeautifulSoup(built.read("moon.xhtml"), "html.parser")
    assert text(found.select_one("p.marginalia-moved")) == "Moved from here: The harbour"
    assert "Halos: removed. Nobody saw one." in text(found.select_one("ul.marginalia-moved"))
    assert all(found.find(id=old) is not None for old in ("eclipse", "tides", "halo"))
    tex = book(tmp_path / "pdf", "latex", pages=pages, lock=lock).read("*.tex")
    assert tex.count("Moved from here") == 1
    assert r"\label{\detokenize{moon:tides}}" in tex


@pytest.mark.parametrize("builder", ["singlehtml", "latex"])
def test_where_all_documents_are_one_a_section_that_moved_is_where_it_is(
    builder: str, tmp_path: Path
) -> None:
    lock = {"eclipse": record("sea/harbour#eclipse", "Eclipses", was=["index#eclipse"])}
    built = book(tmp_path, builder, pages=MOVED, lock=lock)
    assert built.warnings == ""


# No page any more


@pytest.mark.parametrize("link", ["moon.html#phases", "s/phases.html", "s/moon.html"])
def test_what_was_on_a_page_that_is_gone_is_reached(link: str, tmp_path: Path) -> None:
    built = book(tmp_path, pages=GONE, lock=GONE_LOCK)
    assert built.warnings == ""
    assert "A month has four." in text(follow(built, link))


@pytest.mark.parametrize("link", ["moon.html#eclipse", "s/eclipse.html"])
def test_a_section_that_is_gone_has_an_entry_that_says_why(link: str, tmp_path: Path) -> None:
    built = book(tmp_path, pages=GONE, lock=GONE_LOCK)
    assert "Its numbers were wrong." in text(follow(built, link))


RETIRED = {"eclipse": record("moon#eclipse", "Eclipses", reason="Wrong numbers.", last="v1.0")}
LAST = "https://tides.example/en/v1.0/s/eclipse.html"


@pytest.mark.parametrize(
    ("pages", "lock"),
    [(GONE, GONE_LOCK), ({"moon.md": MOVED["moon.md"]}, {})],
    ids=["page", "section"],
)
@pytest.mark.parametrize("link", ["moon.html#eclipse", "s/eclipse.html", "cite/eclipse.html"])
def test_a_section_that_is_gone_leads_to_the_last_release_that_has_it(
    link: str, pages: dict[str, str | None], lock: dict[str, Any], tmp_path: Path
) -> None:
    built = book(tmp_path, pages=pages, lock={**lock, **RETIRED})
    assert built.warnings == ""
    line = follow(built, link)
    assert "Wrong numbers." in text(line)
    (address,) = line.select("a")
    assert (address["href"], text(address)) == (LAST, "See it in version 1.0")


def test_a_name_that_led_to_a_section_that_is_gone_leads_to_its_last_release(
    tmp_path: Path,
) -> None:
    lock = {**RETIRED, "shadow": record("moon#shadow", "Shadows", successor="eclipse")}
    built = book(tmp_path, pages={"moon.md": MOVED["moon.md"]}, lock=lock)
    assert follow(built, "s/shadow.html").select("a")[0]["href"] == LAST


def test_where_the_address_of_a_release_is_unknown_its_version_is_named(tmp_path: Path) -> None:
    pages = {"moon.md": MOVED["moon.md"]}
    built = book(tmp_path, pages=pages, lock=RETIRED, cite_as_version_url="")
    for link in ("moon.html#eclipse", "s/eclipse.html"):
        line = follow(built, link)
        assert "See it in version 1.0" in text(line)
        assert line.select("a") == []


def test_a_short_page_offers_the_version_in_which_its_section_was_new(tmp_path: Path) -> None:
    built = book(tmp_path, lock={"quay": record("sea/harbour#quay", first="1.2.0")})
    links = {str(a["href"]): text(a) for a in page(built, "s/moon.html").select("main a")}
    assert links["https://tides.example/en/v1.0/s/moon.html"] == "As it was in version 1.0"
    # Of this version it would be the same text.
    assert len(page(built, "s/quay.html").select("main a")) == 1


def test_a_page_takes_the_place_of_a_deep_page(tmp_path: Path) -> None:
    pages = {
        "index.md": PAGES["index.md"].replace("sea/harbour\n", ""),
        "sea/harbour.md": None,
        "moon.md": MOON + "\n(harbour)=\n## The harbour\n\n(quay)=\n### The quay\n\nRopes hold.\n",
    }
    lock = {
        "harbour": record("moon#harbour", was=["sea/harbour#harbour"]),
        "quay": record("moon#quay", was=["sea/harbour#quay"]),
    }
    for builder, old in (("html", "sea/harbour.html"), ("dirhtml", "sea/harbour/index.html")):
        built = book(tmp_path / builder, builder, pages=pages, lock=lock)
        links = [str(a["href"]) for a in page(built, old).select("main li a")]
        ends = {"html": "../moon.html", "dirhtml": "../../moon/"}
        assert links == [f"{ends[builder]}#harbour", f"{ends[builder]}#quay"]


# Two in one


@pytest.mark.parametrize("link", ["moon.html#phases", "moon.html#eclipse", "s/eclipse.html"])
def test_two_sections_in_one_are_both_reached(link: str, tmp_path: Path) -> None:
    merged = MOON.partition("(phases)=")[0] + "(month)=\n## A month\n\nFour phases, one shadow.\n"
    lock = {
        "phases": record("moon#phases", successor="month"),
        "eclipse": record("moon#eclipse", successor="month"),
        "month": record("moon#month", "A month"),
    }
    built = book(tmp_path, pages={"moon.md": merged}, lock=lock)
    assert built.warnings == ""
    assert "Four phases, one shadow." in text(follow(built, link))


# What an author must not do


def test_a_build_without_a_locked_name_ends_with_an_error_when_all_is_written(
    tmp_path: Path,
) -> None:
    built = book(tmp_path, pages={"moon.md": MOON.replace("(phases)=\n", "")})
    assert built.status == 1
    assert (
        "moon.md:2: ERROR: the anchor 'phases' (“Phases”) is missing from moon;" in built.warnings
    )
    assert (tmp_path / "html" / "moon.html").is_file()


def test_a_build_with_a_broken_link_keeps_what_it_has_read(tmp_path: Path) -> None:
    book(tmp_path, pages={"moon.md": MOON.replace("(phases)=\n", "")})
    assert (tmp_path / "doctrees" / "html" / "environment.pickle").is_file()


def test_a_lock_that_cannot_be_read_is_an_error_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    lock = '{\n  "moon": {"at": "moon#moon"}\n  "sun": {}\n}'
    built = build({**PAGES, "anchors.lock.json": lock}, tmp_path)
    assert built.status == 1
    assert "anchors.lock.json:3: ERROR: anchors.lock.json: this is not JSON: " in built.warnings
    assert (built.out / "moon.html").is_file()


def test_a_name_cannot_be_deleted_from_the_lock_whatever_release_tags_look_like(
    tmp_path: Path,
) -> None:
    for tag in ("1.0", "v1.0"):
        records = json.dumps(PUBLISHED)
        release(tmp_path / tag / "source", {"anchors.lock.json": records}, tag)
        less = {name: record for name, record in PUBLISHED.items() if name != "phases"}
        files = {
            **PAGES,
            "moon.md": MOON.replace("(phases)=\n", ""),
            "anchors.lock.json": json.dumps(less),
        }
        built = build(files, tmp_path / tag)
        assert built.status == 1
        assert f"the record of 'phases' was deleted since {tag};" in built.warnings


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_page_that_was_renamed_is_replaced_once_the_lock_knows(
    builder: str, tmp_path: Path
) -> None:
    book(tmp_path, builder)
    pages = {
        "index.md": PAGES["index.md"].replace("moon\n", "luna\n"),
        "moon.md": None,
        "luna.md": MOON,
    }
    broken = book(tmp_path, builder, pages=pages, fresh=False)
    assert broken.status == 1
    assert "'moon' has moved here from 'moon#moon'" in broken.warnings
    names = ("moon", "phases", "eclipse")
    lock = {name: record(f"luna#{name}", was=[f"moon#{name}"]) for name in names}
    built = book(tmp_path, builder, pages=pages, lock=lock, fresh=False)
    assert (built.status, built.warnings) == (0, "")
    old = "moon.html" if builder == "html" else "moon/index.html"
    assert "It rises." not in (built.out / old).read_text(encoding="utf-8")
    assert "A month has four." in text(follow(built, f"{old}#phases"))


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_page_that_gets_its_old_name_back_takes_the_place_of_its_redirects(
    builder: str, tmp_path: Path
) -> None:
    names = ("moon", "phases", "eclipse")
    there = {
        "index.md": PAGES["index.md"].replace("moon\n", "luna\n"),
        "moon.md": None,
        "luna.md": MOON,
    }
    back = {"index.md": PAGES["index.md"], "luna.md": None, "moon.md": MOON}
    renamed = {name: record(f"luna#{name}", was=[f"moon#{name}"]) for name in names}
    reverted = {
        name: record(f"moon#{name}", was=[f"moon#{name}", f"luna#{name}"]) for name in names
    }
    book(tmp_path, builder)
    for _ in range(2):
        built = book(tmp_path, builder, pages=there, lock=renamed, fresh=False)
        assert "A month has four." in text(follow(built, f"{_page('moon', builder)}#phases"))
        built = book(tmp_path, builder, pages=back, lock=reverted, fresh=False)
        assert built.warnings == ""
        for old in ("moon", "luna"):
            assert "A month has four." in text(follow(built, f"{_page(old, builder)}#phases"))
        assert "It rises." in (built.out / _page("moon", builder)).read_text(encoding="utf-8")
        assert "It rises." not in (built.out / _page("luna", builder)).read_text(encoding="utf-8")


def _page(docname: str, builder: str) -> str:
    return f"{docname}.html" if builder == "html" else f"{docname}/index.html"


def test_the_error_names_the_id_the_page_and_the_remedy(tmp_path: Path) -> None:
    pages = {"moon.md": MOON.replace("(phases)=\n", "")}
    said = book(tmp_path, pages=pages, show_warning_types=True).warnings
    assert "'phases'" in said
    assert "moon" in said
    assert "write (phases)= " in said
    assert "--renamed phases=" in said
    assert "[marginalia.anchor_missing]" in said


def test_a_build_sees_that_only_the_lock_has_changed(tmp_path: Path) -> None:
    book(tmp_path)
    assert book(tmp_path, lock={"stars": record("moon#stars")}, fresh=False).status == 1


# Again, and many at once


def files(built: Built) -> dict[str, bytes]:
    return {
        path.relative_to(built.out).as_posix(): path.read_bytes()
        for path in sorted(built.out.rglob("*"))
        if path.is_file() and path.name not in {".buildinfo", "environment.pickle"}
    }


RETITLED = {"moon.md": MOON.replace("## Phases", "## The phases")}
EDITED = {"moon.md": MOON.replace("It rises.", "It rises and sets.")}
NUMBERED = {"index.md": PAGES["index.md"].replace("{toctree}", "{toctree}\n:numbered:")}
BY_ANOTHER = {"moon.md": f"---\nauthors: Grace Hopper\n---\n{MOON}"}
NO_PHASES = {"phases": record("moon#phases", reason="There are none.", last="v1.1")}


@pytest.mark.parametrize(
    ("pages", "lock"),
    [
        pytest.param(MOVED, MOVED_LOCK, id="moved"),
        pytest.param(RENAMED, RENAMED_LOCK, id="renamed"),
        pytest.param(RETITLED, {}, id="retitled"),
        pytest.param(EDITED, {}, id="edited"),
        pytest.param(NUMBERED, {}, id="numbered"),
        pytest.param(BY_ANOTHER, {}, id="by another author"),
        pytest.param({}, {}, id="untouched"),
    ],
)
def test_a_build_on_top_of_another_is_as_a_new_one(
    pages: dict[str, str | None], lock: dict[str, dict[str, object]], tmp_path: Path
) -> None:
    book(tmp_path / "again")
    again = book(tmp_path / "again", pages=pages, lock=lock, fresh=False)
    clean = book(tmp_path / "clean", pages=pages, lock=lock)
    assert files(again) == files(clean)


def test_a_new_edition_is_on_every_page_about_citing(tmp_path: Path) -> None:
    newer = CFF.replace("1.2.0\ndate-released: 2026-03-01", "1.3.0\ndate-released: 2026-09-01")
    book(tmp_path / "again")
    again = book(tmp_path / "again", cff=newer, fresh=False)
    assert files(again) == files(book(tmp_path / "clean", cff=newer))


def test_the_lock_is_read_again_when_it_or_a_heading_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[Path] = []
    read = validation.lock.read_file
    monkeypatch.setattr(
        validation.lock, "read_file", lambda path: (times.append(path), read(path))[1]
    )
    book(tmp_path)
    book(tmp_path, pages=EDITED, fresh=False)
    assert len(times) == 1
    book(tmp_path, pages=RETITLED, fresh=False)
    assert len(times) == 2
    book(tmp_path, pages=RETITLED, lock=NO_PHASES, fresh=False)
    assert len(times) == 3


def test_a_lock_that_cannot_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes, read_text = Path.read_bytes, Path.read_text

    def refuse(path: Path) -> None:
        if path.name == validation.lock.FILENAME:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", lambda path: (refuse(path), read_bytes(path))[1])
    monkeypatch.setattr(
        Path,
        "read_text",
        lambda path, *args, **more: (refuse(path), read_text(path, *args, **more))[1],
    )
    built = book(tmp_path)
    assert built.status == 1
    assert "anchors.lock.json cannot be read: Permission denied" in built.warnings


def test_a_lock_that_becomes_invalid_in_its_bytes_alone_is_reported(tmp_path: Path) -> None:
    lock = {**PUBLISHED, "moon": record("moon#moon", "The \ufffd moon")}
    assert book(tmp_path, lock=lock).status == 0
    file = tmp_path / "source" / "anchors.lock.json"
    text = file.read_text(encoding="utf-8").replace("\\ufffd", "\ufffd")
    file.write_text(text, encoding="utf-8")
    assert build({}, tmp_path, fresh=False).status == 0
    file.write_bytes(text.encode().replace(b"\xef\xbf\xbd", b"\xff"))
    again = build({}, tmp_path, fresh=False)
    assert "is not UTF-8" in again.warnings
    assert again.status == 1


def test_that_no_release_is_compared_with_is_said_in_each_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(validation.logger, "info", lambda text, *words: said.append(text % words))
    for _ in range(2):
        book(tmp_path, fresh=False)
    assert len(said) == 2
    assert "The comparison with the last release was skipped" in said[1]


def test_a_name_that_no_file_can_have_is_reported(tmp_path: Path) -> None:
    long = f"{'a' * 300}/b"
    built = book(tmp_path, lock={"x": record("moon#x", reason="Gone.", was=[f"{long}#x"])})
    assert f"{long}.html is not written: File name too long" in built.warnings


def test_what_is_wrong_is_reported_in_each_build_where_it_is_then(tmp_path: Path) -> None:
    pages = {"moon.md": MOON + "\n## Tides\n\nThey turn.\n"}
    lower = {
        "moon.md": MOON.replace("It rises.", "It rises.\n\nAnd sets.")
        + pages["moon.md"][len(MOON) :]
    }
    lines = [
        re.findall(r"moon\.md:(\d+): .*Tides", book(tmp_path, pages=each, fresh=False).warnings)
        for each in (pages, pages, lower)
    ]
    assert [len(each) for each in lines] == [1, 1, 1]
    assert int(lines[2][0]) == int(lines[1][0]) + 2 == int(lines[0][0]) + 2


def test_a_stub_takes_the_place_of_a_page_that_the_last_build_wrote(tmp_path: Path) -> None:
    book(tmp_path / "again")
    again = book(tmp_path / "again", pages=GONE, lock=GONE_LOCK, fresh=False)
    clean = book(tmp_path / "clean", pages=GONE, lock=GONE_LOCK)
    assert again.warnings == clean.warnings == ""
    # Sphinx leaves the words of a page that is gone in its index, and the state its name.
    others = {"searchindex.js", ".marginalia-html.json"}
    wanted = {name: text for name, text in files(clean).items() if name not in others}
    assert {name: text for name, text in files(again).items() if name in wanted} == wanted


def test_a_lock_that_says_more_is_seen_by_pages_that_are_untouched(tmp_path: Path) -> None:
    book(tmp_path)
    again = book(tmp_path, lock={"tide": record("moon#tide", reason="Left out.")}, fresh=False)
    assert "Left out." in text(follow(again, "moon.html#tide"))


@pytest.mark.slow
def test_many_processes_write_what_one_does(tmp_path: Path) -> None:
    many = {
        f"p{n}.md": f"---\norphan: true\n---\n\n(p{n})=\n# Page {n}\n\n(q{n})=\n## Part {n}\n"
        for n in range(24)
    }
    lock = {
        **{f"p{n}": record(f"p{n}#p{n}") for n in range(24)},
        **{f"q{n}": record(f"p{n}#q{n}", was=[f"p{(n + 1) % 24}#q{n}"]) for n in range(24)},
    }
    one = book(tmp_path / "one", pages=many, lock=lock)
    four = book(tmp_path / "four", pages=many, lock=lock, jobs=4)
    assert files(one) == files(four)


# What a site holds


def test_short_addresses_are_in_no_search_index_and_no_table_of_contents(tmp_path: Path) -> None:
    built = book(tmp_path)
    index = (built.out / "searchindex.js").read_text(encoding="utf-8")
    names = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["docnames"]
    assert names == ["index", "moon", "sea/harbour"]
    assert "s/moon" not in index
    assert "cite" not in json.loads(index[16:-1])["terms"]


def test_an_epub_has_no_short_addresses(tmp_path: Path) -> None:
    built = book(tmp_path, "epub", copyright="2026", version="1.2")
    with ZipFile(next(built.out.glob("*.epub"))) as archive:
        assert [name for name in archive.namelist() if name.startswith(("s/", "cite/"))] == []


# What is not ours


@pytest.mark.parametrize("old", ["search#x", "genindex#x", "old#x"])
def test_a_page_of_the_site_is_never_replaced(old: str, tmp_path: Path) -> None:
    lock = {"x": record("moon#x", reason="Gone.", was=[old])}
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "old.html").write_text("mine", encoding="utf-8")
    built = book(tmp_path, lock=lock, html_extra_path=[str(extra)])
    name = old.partition("#")[0]
    assert f"{name}.html is not written" in built.warnings
    assert "This page is no more" not in (built.out / f"{name}.html").read_text(encoding="utf-8")


def test_what_could_not_be_written_is_reported_in_each_build_until_it_can(tmp_path: Path) -> None:
    lock = {"x": record("moon#x", reason="Gone.", was=["old#x"])}
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "old.html").write_text("mine", encoding="utf-8")
    for fresh in (True, False):
        built = book(tmp_path, lock=lock, fresh=fresh, html_extra_path=[str(extra)])
        assert "old.html is not written" in built.warnings
    (extra / "old.html").unlink()
    (built.out / "old.html").unlink()
    built = book(tmp_path, lock=lock, fresh=False, html_extra_path=[str(extra)])
    assert built.warnings == ""
    assert "This page is no more" in (built.out / "old.html").read_text(encoding="utf-8")


def test_a_page_at_the_address_of_a_removed_one_has_its_redirects(tmp_path: Path) -> None:
    lock = {
        "phases": record("moon#phases", "Phases", was=["guide#phases"]),
        "guide": record("guide/index#guide", "Guide"),
    }
    pages: dict[str, str | None] = {
        "guide.md": "---\norphan: true\n---\nText.\n",
        "guide/index.md": "---\norphan: true\n---\n(guide)=\n# Guide\n",
    }
    assert book(tmp_path, "dirhtml", pages=pages, lock=lock).warnings == ""
    pages["guide.md"] = None
    again = book(tmp_path, "dirhtml", pages=pages, lock=lock, fresh=False)
    assert page(again, "guide").find(id="phases") is not None


def test_a_page_that_becomes_a_folder_is_not_replaced_by_its_stub(tmp_path: Path) -> None:
    pages = {
        "index.md": PAGES["index.md"].replace("moon\n", "moon/index\n"),
        "moon.md": None,
        "moon/index.md": MOON,
    }
    lock = {
        name: record(f"moon/index#{name}", was=[f"moon#{name}"])
        for name in ("moon", "phases", "eclipse")
    }
    built = book(tmp_path, "dirhtml", pages=pages, lock=lock)
    assert built.warnings == ""
    assert "A month has four." in (built.out / "moon" / "index.html").read_text(encoding="utf-8")
    assert "A month has four." in text(follow(built, "s/phases.html"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change"),
    [("../../evil", {}), ("evil", {"at": "/etc/evil#x"}), ("evil", {"at": ""}), ("evil", {"was": ["../x#y"]})],
)  # fmt: skip
def test_no_record_leads_out_of_the_site(name: str, change: dict[str, Any], tmp_path: Path) -> None:
    lock = {name: {**record("moon#evil", reason="r"), **change}}
    built = book(tmp_path / "a", lock=lock)
    assert built.status == 1
    assert "anchors.lock.json" in built.warnings
    assert not (built.out / "s").exists()
    assert list(tmp_path.rglob("*evil*")) == []
    silenced = ["marginalia.anchor_lock_file"]
    assert book(tmp_path / "b", lock=lock, suppress_warnings=silenced).status == 0
    assert list(tmp_path.rglob("*evil*")) == []


def test_an_old_id_cannot_hold_what_runs(tmp_path: Path) -> None:
    evil = 'moon#x"><script>alert(1)</script>'
    built = book(tmp_path, lock={"phases": record("moon#phases", was=[evil])})
    assert "must have a location" in built.warnings
    assert "alert(1)" not in built.page("moon")


def test_the_words_of_another_heading_do_not_take_an_old_id(tmp_path: Path) -> None:
    moon = MOVED["moon.md"] + "\n(shadows)=\n## Eclipse\n\nOf other planets.\n"
    lock = {**MOVED_LOCK, "shadows": record("moon#shadows", "Eclipse")}
    built = book(tmp_path, pages={**MOVED, "moon.md": moon}, lock=lock)
    assert built.warnings == ""
    assert "A shadow falls." in text(follow(built, "moon.html#eclipse"))


def test_an_old_id_that_an_author_gave_to_something_else_is_reported(tmp_path: Path) -> None:
    moon = MOVED["moon.md"] + "\n(eclipse-figure)=\n\n{#eclipse}\nA paragraph of another matter.\n"
    built = book(
        tmp_path, pages={**MOVED, "moon.md": moon}, lock=MOVED_LOCK,
        myst_enable_extensions=["attrs_block"],
    )  # fmt: skip
    assert (
        "old links lead to the id 'eclipse' (of 'eclipse'), which something else" in built.warnings
    )


@pytest.mark.parametrize("old", ["früher/übung x", "deep/er/page"])
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_stub_is_where_the_page_was(old: str, builder: str, tmp_path: Path) -> None:
    built = book(tmp_path, builder, lock={"quay": record("sea/harbour#quay", was=[f"{old}#quay"])})
    file = f"{old}.html" if builder == "html" else f"{old}/index.html"
    assert "Ropes hold." in text(follow(built, f"{file}#quay"))


def test_a_page_without_a_heading_keeps_old_links(tmp_path: Path) -> None:
    pages = {"moon.md": "It rises.\n"}
    lock = {
        name: record(f"sea/harbour#{name}", was=[f"moon#{name}"], reason="Left out.")
        for name in ("moon", "phases", "eclipse")
    }
    built = book(tmp_path, pages=pages, lock=lock)
    assert "Left out." in text(follow(built, "moon.html#phases"))


def test_what_has_no_use_any_more_is_taken_away(tmp_path: Path) -> None:
    built = book(tmp_path)
    assert (built.out / "cite" / "quay.bib").is_file()
    (tmp_path / "source" / "CITATION.cff").unlink()
    built = book(tmp_path, cff=None, fresh=False)
    assert not (built.out / "cite" / "quay.bib").exists()
    assert not (built.out / "citations.bib").exists()
    assert (built.out / "s" / "quay.html").is_file()
    (tmp_path / "source" / "anchors.lock.json").unlink()
    again = build(PAGES, tmp_path, fresh=False, **ADDRESSES)
    assert not (again.out / "s" / "quay.html").exists()
    assert not (again.out / "anchors.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["license: MIT", "orcid", "language"])
def test_pages_are_written_again_when_the_book_is_another(change: str, tmp_path: Path) -> None:
    cff, config = CFF, {}
    if change == "orcid":
        cff = CFF.replace(
            "given-names: Ada", "given-names: Ada\n    orcid: https://orcid.org/0000-0002-1825-0097"
        )
    elif change == "language":
        config = {"language": "de"}
    else:
        cff = CFF.replace("license: CC-BY-4.0", change)
    book(tmp_path / "again")
    again = book(tmp_path / "again", cff=cff, fresh=False, **config)
    clean = book(tmp_path / "clean", cff=cff, **config)
    of_sections = {
        p: t for p, t in files(clean).items() if p.startswith(("cite/", "s/", "citations"))
    }
    assert {p: t for p, t in files(again).items() if p in of_sections} == of_sections


def test_builders_with_one_folder_of_doctrees_each_see_a_change_of_the_lock(tmp_path: Path) -> None:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    def make(builder: str) -> None:
        with patch_docutils(), docutils_namespace():
            Sphinx(
                tmp_path / "source", None, tmp_path / builder, tmp_path / "doctrees" / "html", builder,
                {**testing.CONFIG, "extensions": list(testing.EXTENSIONS), **ADDRESSES},
                status=None, warning=None,
            ).build()  # fmt: skip

    book(tmp_path)
    book_lock = tmp_path / "source" / "anchors.lock.json"
    records = {**PUBLISHED, "tide": record("moon#tide", reason="Left out.")}
    book_lock.write_text(json.dumps(records), encoding="utf-8")
    make("text")
    make("html")
    assert "Left out." in (tmp_path / "html" / "moon.html").read_text(encoding="utf-8")
