"""Numbers of a results file in the text: what an author writes, and what a reader gets."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.results.numbers import ResultError, quote
from sphinx_marginalia.testing import build
from tests.contract.builders import OUTPUT, QUIET

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

EXTENSIONS = ("myst_parser", "sphinx_marginalia.results")
#: As a laboratory writes it.
TIDES = {
    "experiment": "tides",
    "seeds": [0, 1, 2],
    "numbers": {
        "rise": {"mean": 0.0123, "low": 0.01, "high": 0.0149, "values": [0.01, 0.012, 0.0149]},
        "share": {"mean": 0.96, "low": 0.94, "high": 0.98, "values": [0.94, 0.96, 0.98]},
        "drift": {"mean": -0.2, "low": -0.31, "high": -0.1, "values": [-0.31, -0.19, -0.1]},
        "days": {"mean": 12.0, "low": 12, "high": 12, "values": [12, 12, 12]},
        "at_0.5_m": {"mean": 3.0, "low": 2.5, "high": 3.5, "values": [2.5, 3.0, 3.5]},
    },
    "data": {"hour": [0, 6, 12], "height": [0.4, 1.9, 0.5]},
}
#: A dash in LaTeX and Texinfo.
DASH = re.compile(r"[\\@]textendash\{\}")
#: Any other JSON.
PLAIN = {"model": {"layers": 2, "name": "Lab"}, "loss": [2.5, 1.25], "steps": 12000, "v1.2": 7}


@pytest.mark.parametrize(
    ("path", "written", "shown"),
    [
        ("rise", "", "0.0123"),
        ("rise", ".1%", "1.2%"),
        ("rise.mean", ".0%", "1%"),
        ("rise.low", "", "0.01"),
        ("rise.high", ".1e", "1.5e-02"),
        ("rise.values.1", "", "0.012"),
        ("share.range", "", "0.94–0.98"),
        ("share.range", ".0%", "94–98%"),
        ("share.range", ".0f", "1"),
        ("drift", "", "−0.2"),
        ("drift", ".0f", "0"),
        ("drift.range", ".1f", "−0.3 – −0.1"),
        ("days", "d", "12"),
        ("days", ".1f", "12.0"),
        ("at_0.5_m", "", "3.0"),
        ("at_0.5_m.range", ".1f", "2.5–3.5"),
        ("numbers.at_0.5_m.values.0", "", "2.5"),
        ("seeds.2", "", "2"),
        ("data.height.1", "", "1.9"),
    ],
)
def test_a_number_of_an_experiment_is_its_mean_or_what_the_path_names(
    path: str, written: str, shown: str
) -> None:
    assert quote(TIDES, path, written) == shown


@pytest.mark.parametrize(
    ("path", "written", "shown"),
    [
        ("model.layers", "", "2"),
        ("loss.1", ".1f", "1.2"),
        ("steps", ",", "12,000"),
        ("steps", "+.1e", "+1.2e+04"),
        ("v1.2", "", "7"),
    ],
)
def test_any_json_can_be_quoted(path: str, written: str, shown: str) -> None:
    assert quote(PLAIN, path, written) == shown


@pytest.mark.parametrize(
    ("path", "written", "problem", "message"),
    [
        ("rise.mena", "", "RESULT_NAME", "there is no 'mena' in rise; did you mean 'mean'?"),
        ("ries", "", "RESULT_NAME", "there is no 'ries'; did you mean 'rise'?"),
        ("rise.values.3", "", "RESULT_NAME", "there is no '3' in rise.values; it has 3 values"),
        ("rise.values", "", "RESULT_VALUE", "rise.values is not a number but a list of 3 values"),
        ("data", "", "RESULT_VALUE", "data is not a number but an object; use one of hour, height"),
        ("experiment", "", "RESULT_VALUE", "experiment is not a number but 'tides'"),
        ("rise", ".0x", "RESULT_FORMAT", "'.0x' is not a format of a number"),
        ("rise", ".999f", "RESULT_FORMAT", "'.999f' is not a format of a number"),
        ("rise", "d", "RESULT_FORMAT", "0.0123 is not a whole number"),
    ],
)
def test_what_cannot_be_quoted_is_explained(
    path: str, written: str, problem: str, message: str
) -> None:
    with pytest.raises(ResultError) as raised:
        quote(TIDES, path, written)
    assert raised.value.problem.name == problem
    assert message in str(raised.value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "9" * 400, "true", "null", '"3"'])
def test_what_is_no_number_that_can_be_written_is_none(text: str) -> None:
    with pytest.raises(ResultError, match="not a number"):
        quote({"odd": json.loads(text)}, "odd", ".2f")


# In documents

MYST = "# Tides\n\nIt rose by {result}`tides:rise:.1%` ({result}`tides:rise.range:.1%`).\n"
RST = "Tides\n=====\n\nIt rose by :result:`tides:rise:.1%` (:result:`tides:rise.range:.1%`).\n"


def tides(folder: Path, text: str = MYST, builder: str = "html", **options: Any) -> Built:
    """Build a page beside the results, and return it."""
    results = json.dumps(options.pop("results", TIDES))
    files = {"results/tides.json": results, **options.pop("files", {})}
    suffix = "md" if text.startswith("#") else "rst"
    options = {**QUIET, "extensions": EXTENSIONS, **options}
    options.pop("bibtex_bibfiles")
    return build({f"index.{suffix}": text, **files}, folder, builder, **options)


@pytest.mark.parametrize("text", [MYST, RST], ids=["md", "rst"])
@pytest.mark.parametrize("builder", [name for name in OUTPUT if name != "gettext"])
def test_a_number_is_plain_text_in_every_output(builder: str, text: str, tmp_path: Path) -> None:
    built = tides(tmp_path, text, builder)
    assert built.warnings == ""
    output = (built.out / OUTPUT[builder]).read_text(encoding="utf-8")
    words = "".join(DASH.sub("–", output).replace("\\", "").split())
    assert "Itroseby1.2%(1.0–1.5%)." in words


def test_translators_get_what_the_author_wrote(tmp_path: Path) -> None:
    assert "{result}`tides:rise:.1%`" in tides(tmp_path, builder="gettext").read("index.pot")


def test_a_number_can_be_in_a_heading_and_is_found_by_search(tmp_path: Path) -> None:
    built = tides(tmp_path, "# Up by {result}`tides:share:.0%`\n\nText.\n")
    assert "<title>Up by 96%" in built.page()
    assert '"Up by 96%"' in built.read("searchindex.js")


def test_the_folder_of_results_is_an_option(tmp_path: Path) -> None:
    files = {"runs/may/tides.json": '{"rise": 3}'}
    text = "# T\n\nIt is {result}`may/tides.json:rise`.\n"
    assert "It is 3." in tides(tmp_path, text, files=files, results_path="runs").page()


@pytest.mark.parametrize(
    ("text", "problem", "message"),
    [
        ("tide:rise", "result_file", "there are no results 'tide'; did you mean 'tides'?"),
        ("tides:ries", "result_name", "did you mean 'rise'?"),
        ("tides", "result_format", "write the name of a file and that of a number"),
        ("../secret:rise", "result_file", "'../secret' is not in the folder of results"),
        ("broken:rise", "result_file", "broken.json cannot be read: this is not JSON"),
        ("bytes:rise", "result_file", "bytes.json cannot be read"),
    ],
)
def test_a_mistake_is_reported_where_it_is_and_shown_as_it_is_written(
    text: str, problem: str, message: str, tmp_path: Path
) -> None:
    files = {"secret.json": '{"rise": "secret"}', "results/broken.json": '{"rise": '}
    (tmp_path / "source" / "results").mkdir(parents=True)
    (tmp_path / "source" / "results" / "bytes.json").write_bytes(b"\xff\xfe{")
    built = tides(tmp_path, f"# T\n\nIt is\n{{result}}`{text}`.\n", files=files)
    (warning,) = built.warnings.splitlines()
    assert re.search(r"index\.md:[34]: WARNING: ", warning)
    assert message in warning
    assert warning.endswith(f"[marginalia.{problem}]")
    assert f"{text}</span></code>" in built.page()


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"rise": 42}', encoding="utf-8")
    (tmp_path / "source" / "results").mkdir(parents=True)
    (tmp_path / "source" / "results" / "link.json").symlink_to(tmp_path / "secret.json")
    built = tides(tmp_path, "# T\n\nIt is {result}`link:rise`.\n")
    assert "'link' is not in the folder of results" in built.warnings
    assert "42" not in built.page()


def test_a_changed_result_changes_the_page_and_no_other(tmp_path: Path) -> None:
    files = {"other.md": "---\norphan: true\n---\n\n# Other\n"}
    before = tides(tmp_path, files=files)
    assert "1.2%" in before.page()
    other = (before.out / "other.html").stat().st_mtime_ns
    changed = {**TIDES, "numbers": {"rise": {"mean": 0.5, "low": 0.4, "high": 0.6}}}
    again = tides(tmp_path, files=files, results=changed, fresh=False)
    clean = tides(tmp_path / "clean", files=files, results=changed)
    assert "It rose by 50.0% (40.0–60.0%)." in again.page()
    assert again.page() == clean.page()
    assert (again.out / "other.html").stat().st_mtime_ns == other


def test_results_that_come_later_are_found(tmp_path: Path) -> None:
    text = "# T\n\nIt is {result}`late:rise`.\n"
    assert "there are no results 'late'" in tides(tmp_path, text).warnings
    again = tides(tmp_path, text, files={"results/late.json": '{"rise": 3}'}, fresh=False)
    assert again.warnings == ""
    assert "It is 3." in again.page()
