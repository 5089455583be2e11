"""Live figures: a picture everywhere, and on a web page a place for a script and the data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import sphinx
from bs4 import BeautifulSoup, Tag
from docutils import nodes

from sphinx_marginalia.results.numbers import Column, columns_at
from sphinx_marginalia.results.options import ResultError
from sphinx_marginalia.testing import build
from tests.contract.builders import QUIET
from tests.contract.examples import DOT
from tests.contract.test_rebuilds import differences

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

EXTENSIONS = ("myst_parser", "sphinx_marginalia.results")
TIDES = {"numbers": {}, "data": {"hour": [0, 6, 12], "height": [0.4, 1.93333333, 0.5]}}
SCRIPT = "export default (figure, [tides]) => figure.append(tides.data.hour.length);\n"
FIGURE = """\
# Tides

:::{live-figure} tides.svg
:name: fig-tides
:alt: A curve.
:script: scripts/tides.js, scripts/axis.js
:data: tides
:table: hour = Hour, height

The captionword.

The legendword.
:::

See {numref}`fig-tides`.
"""
FILES = {
    "index.md": FIGURE,
    "tides.svg": DOT,
    "scripts/tides.js": SCRIPT,
    "scripts/axis.js": "export const axis = 1;\n",
    "results/tides.json": json.dumps(TIDES),
}
CONFIG: dict[str, Any] = {
    **{name: value for name, value in QUIET.items() if name != "bibtex_bibfiles"},
    "extensions": EXTENSIONS,
    "numfig": True,
}


def live(folder: Path, builder: str = "html", *, text: str = FIGURE, **options: Any) -> Built:
    files = {**FILES, "index.md": text, **options.pop("files", {})}
    return build(files, folder, builder, **{**CONFIG, **options})


def figure_of(page: str) -> Tag:
    figure = BeautifulSoup(page, "html.parser").select_one("figure")
    assert figure is not None
    return figure


def without(option: str) -> str:
    return re.sub(rf":{option}: .*\n", "", FIGURE)


# The figure


def test_a_page_has_the_picture_a_place_to_draw_in_and_what_the_script_loads(
    tmp_path: Path,
) -> None:
    built = live(tmp_path)
    assert built.warnings == ""
    figure = figure_of(built.page())
    frame = figure.select_one(".marginalia-live-figure-frame")
    assert frame is not None
    assert [" ".join(part["class"]) for part in frame.find_all(recursive=False)] == [
        "marginalia-live-figure-picture",
        "marginalia-live-figure-canvas",
        "marginalia-live-figure-start",
        "marginalia-live-figure-data",
    ]
    assert (figure["id"], figure.img["alt"]) == ("fig-tides", "A curve.")  # type: ignore[index]
    assert re.fullmatch(
        r"_static/live-figures/scripts/tides\.js\?v=\w{8}", str(frame["data-script"])
    )
    (data,) = json.loads(str(frame["data-files"]))
    assert re.fullmatch(r"_static/live-figures/results/tides\.json\?v=\w{8}", data)
    canvas = frame.select_one(".marginalia-live-figure-canvas")
    assert canvas is not None
    assert (canvas["role"], canvas["aria-label"], canvas.get_text().strip()) == (
        "group",
        "A curve.",
        "",
    )


def test_the_caption_is_that_of_any_figure(tmp_path: Path) -> None:
    page = live(tmp_path).page()
    figure = figure_of(page)
    assert figure.figcaption is not None
    assert re.sub(r"\s+", " ", figure.figcaption.get_text()).strip() == (
        "Fig. 1 The captionword.¶ The legendword."
    )
    assert page.count("</figcaption>") == 1
    assert '<span class="std std-numref">Fig. 1</span>' in page


def test_a_figure_without_a_caption_is_valid(tmp_path: Path) -> None:
    text = "# T\n\n:::{live-figure} tides.svg\n:script: scripts/tides.js\n:::\n"
    page = live(tmp_path, text=text).page()
    assert "figcaption" not in page
    assert "marginalia-live-figure-data" not in page


def test_the_data_are_a_table_and_a_link(tmp_path: Path) -> None:
    details = figure_of(live(tmp_path).page()).details
    assert details is not None
    assert not details.has_attr("open")
    rows = [[cell.get_text().strip() for cell in row.select("th, td")] for row in details("tr")]
    assert rows == [["Hour", "height"], ["0", "0.4"], ["6", "1.933"], ["12", "0.5"]]
    (link,) = details.select("a")
    assert str(link["href"]).startswith("_static/live-figures/results/tides.json")


def test_files_are_published_with_their_folders(tmp_path: Path) -> None:
    built = live(tmp_path)
    folder = built.out / "_static" / "live-figures"
    assert (folder / "scripts" / "tides.js").read_text(encoding="utf-8") == SCRIPT
    assert json.loads((folder / "results" / "tides.json").read_text(encoding="utf-8")) == TIDES
    assert (folder / "scripts" / "axis.js").is_file()


@pytest.mark.parametrize(
    ("builder", "page", "start"),
    [
        ("dirhtml", "deep/page/index.html", "../../_static/live-figures/scripts/tides.js"),
        ("html", "deep/page.html", "../_static/live-figures/scripts/tides.js"),
        ("singlehtml", "index.html", "_static/live-figures/scripts/tides.js"),
    ],
)
def test_addresses_lead_to_the_files_from_every_page(
    builder: str, page: str, start: str, tmp_path: Path
) -> None:
    text = FIGURE.replace("{live-figure} tides", "{live-figure} /tides")
    files = {
        "index.md": "# Book\n\n```{toctree}\ndeep/page\n```\n",
        "deep/page.md": text.replace("scripts/", "/scripts/"),
    }
    built = live(tmp_path, builder, files=files)
    assert built.warnings == ""
    frame = figure_of((built.out / page).read_text(encoding="utf-8")).div
    assert frame is not None
    address = str(frame["data-script"])
    assert address.startswith(f"{start}?v=")
    assert (built.out / page).parent.joinpath(address.partition("?")[0]).is_file()


def test_bytes_from_another_folder_of_the_project_are_published(tmp_path: Path) -> None:
    (tmp_path / "source" / "docs").mkdir(parents=True)
    (tmp_path / "source" / "weights.bin").write_bytes(b"\xff\x00\x01")
    built = live(tmp_path, text=FIGURE.replace(":data: tides", ":data: tides, /weights.bin"))
    assert built.warnings == ""
    published = built.out / "_static" / "live-figures" / "weights.bin"
    assert published.read_bytes() == b"\xff\x00\x01"


@pytest.mark.parametrize("builder", ["epub", "latex", "text", "man", "texinfo", "xml"])
def test_other_outputs_have_the_figure_alone(builder: str, tmp_path: Path) -> None:
    text = FIGURE.replace("See {numref}`fig-tides`.", "")
    built = live(tmp_path, builder, text=text, files={"tides.svg": DOT})
    names = {file.name for file in built.out.rglob("*")}
    assert "tides.js" not in names
    assert "tides.json" not in names
    output = "".join(
        file.read_text(encoding="utf-8")
        for file in built.out.rglob("index.*")
        if file.suffix in {".xhtml", ".txt", ".xml"}
    )
    assert "marginalia-live-figure-" not in output
    assert builder in {"latex", "man", "texinfo"} or "captionword" in output


def test_a_picture_for_paper_is_chosen_as_for_any_figure(tmp_path: Path) -> None:
    text = FIGURE.replace("tides.svg", "tides.*")
    built = live(tmp_path, "latex", text=text, files={"tides.pdf": ""})
    assert r"\sphinxincludegraphics{{tides}.pdf}" in built.read("*.tex")


def test_scripts_and_styles_are_on_pages_with_a_live_figure_only(tmp_path: Path) -> None:
    files = {
        "index.md": FIGURE + "\n```{toctree}\nplain\nquiet\n```\n",
        "plain.md": "# Plain\n\nNothing.\n",
        "quiet.md": f"# Quiet\n\n{without('script').partition('# Tides')[2]}".replace(
            "fig-tides", "fig-quiet"
        ),
    }
    built = live(tmp_path, files=files)
    loaded = {
        name: re.findall(r"marginalia-results\.(\w+)", built.page(name))
        for name in ("index", "plain", "quiet")
    }
    assert loaded == {"index": ["css", "js"], "plain": [], "quiet": ["css"]}


def test_nothing_is_inline(tmp_path: Path) -> None:
    figure = str(figure_of(live(tmp_path).page()))
    assert re.search(r"<script|<style|\sstyle=|\son\w+=|data:image", figure) is None


# What is wrong


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("scripts/tides.js", "scripts/tide.js", "there is no file 'scripts/tide.js'"),
        ("scripts/tides.js", "../secret.js", "the file '../secret.js' is not in the project"),
        ("scripts/tides.js", "index.md", "'index.md' is none of the files that :script: can name"),
        (":data: tides", ":data: tide", "there are no results 'tide'; did you mean 'tides'?"),
        (":data: tides", ":data: conf.py", "there are no results 'conf.py'"),
        (":data: tides", ":data: ../secret.json", "is not in the project"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_a_picture(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (tmp_path / "secret.json").write_text("[]", encoding="utf-8")
    text = FIGURE.replace(old, new).replace(":table: hour = Hour, height\n", "")
    built = live(tmp_path, text=text)
    option = old.partition(" ")[0].strip(":") if old.startswith(":") else "script"
    line = text.splitlines().index(next(one for one in text.splitlines() if f":{option}:" in one))
    (warning,) = built.warnings.splitlines()
    assert f"index.md:{line + 1}: WARNING: " in warning
    assert message in warning
    assert warning.endswith("[marginalia.live_figure_file]")
    assert "data-script" not in built.page()
    assert "captionword" in built.page()
    assert not (built.out / "_static" / "live-figures").exists()


def test_an_array_that_is_not_there_is_left_out_of_the_table(tmp_path: Path) -> None:
    built = live(tmp_path, text=FIGURE.replace("height", "heigth"))
    (warning,) = built.warnings.splitlines()
    assert "index.md:8: WARNING: there is no 'heigth'; did you mean 'height'?" in warning
    assert warning.endswith("[marginalia.live_figure_table]")
    assert "<p>Hour</p>" in built.page()


def test_a_long_table_is_shortened_with_a_warning(tmp_path: Path) -> None:
    tides = {"data": {"hour": list(range(250)), "height": [1.5]}}
    built = live(tmp_path, files={"results/tides.json": json.dumps(tides)})
    assert "'Hour' has 250 values: the table shows the first 200" in built.warnings
    page = built.page()
    assert "<p>199</p>" in page
    assert "<p>200</p>" not in page


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        ([1, 2.34567, None, "low"], [("rise", ["1", "2.346", "", "low"])]),
        ([12345.678], [("rise", ["12,346"])]),
        ([[1, 2], [3]], [("rise 1", ["1", "3"]), ("rise 2", ["2", ""])]),
        ({"a_b": [1], "c": []}, [("rise a b", ["1"]), ("rise c", [])]),
        ([{"x": 1}, {"y": 2}], [("rise x", ["1", ""]), ("rise y", ["", "2"])]),
    ],
)
def test_an_array_of_any_shape_becomes_columns(value: Any, columns: list[Any]) -> None:
    wanted = [Column(*column) for column in columns]
    assert columns_at([{"data": {"rise": value}}], "rise") == wanted
    assert columns_at([{}, {"deep": {"rise": value}}], "deep.rise") == wanted


@pytest.mark.parametrize("value", [3, "text", [], {"a": 1}])
def test_what_is_no_array_is_none(value: Any) -> None:
    with pytest.raises(ResultError, match="rise is not an array"):
        columns_at([{"rise": value}], "rise")


# Builds


def test_incremental_and_clean_builds_are_equal_and_old_files_go(tmp_path: Path) -> None:
    live(tmp_path / "edited")
    changed = {"results/tides.json": json.dumps({"data": {"hour": [1], "height": [2]}})}
    text = FIGURE.replace(", scripts/axis.js", "")
    again = live(tmp_path / "edited", text=text, files=changed, fresh=False)
    clean = live(tmp_path / "clean", text=text, files=changed)
    # Sphinx 8 leaves words of the page as it was in its index.
    known = {"searchindex.js"} if sphinx.version_info < (9,) else set()
    assert set(differences(again, clean)) <= known
    assert not (again.out / "_static" / "live-figures" / "scripts" / "axis.js").exists()


def test_a_changed_script_has_a_new_address(tmp_path: Path) -> None:
    before = live(tmp_path).page()
    after = live(tmp_path, files={"scripts/tides.js": "export default 1;\n"}, fresh=False).page()
    addresses = [figure_of(page).div["data-script"] for page in (before, after)]  # type: ignore[index]
    assert addresses[0] != addresses[1]


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    names = [f"page{number}" for number in range(8)]
    files = {
        "index.md": "\n".join(["# Book\n\n```{toctree}", *names, "```\n"]),
        **{f"{name}.md": FIGURE.replace("fig-tides", f"fig-{name}") for name in names},
    }
    one = live(tmp_path / "one", files=files)
    two = live(tmp_path / "two", files=files, jobs=2)
    assert two.warnings == one.warnings == ""
    assert differences(one, two) == []


def test_the_figure_is_one_of_docutils_with_paths_of_the_project(tmp_path: Path) -> None:
    built = live(tmp_path)
    (figure,) = built.doctree().findall(nodes.figure)
    assert type(figure) is nodes.figure
    assert str(tmp_path) not in str(figure.attributes)
