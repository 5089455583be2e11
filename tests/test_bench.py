"""The benchmark compares like with like: the same words, the same notes, the same pages.

No test asserts a time: how long a build takes depends on the machine and on what else it does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bench import citable, everything, runner
from bench.contests import CONTESTS, MARGINALIA, PLAIN, Variant, write_project
from bench.corpus import Shape, essays
from bench.hotspots import profile
from bench.measure import BuildError, Cost, Series, Stage, build, series
from bench.page import marks_in, put_into, ratios
from bench.report import (
    cpu_ratio,
    exponent,
    fastest_ratio,
    growing,
    ratio_without_gc,
    record,
    table,
)
from sphinx_marginalia.permalinks import lock
from sphinx_marginalia.testing import build as build_here

ROOT = Path(__file__).resolve().parent.parent
SMALL = Shape(pages=3, words=500)
CITING = CONTESTS["citing"]
WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def body(html: str) -> str:
    """Return what a reader sees of the essay in a page of the theme ``basic``."""
    main = html.partition('<div class="body" role="main">')[2].partition('<div class="clearer">')[0]
    return re.sub(r"<[^>]*>", " ", main)


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text))


def written(variant: Variant, shape: Shape) -> list[str]:
    return [variant.write(page) for page in essays(shape)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def costs(*cpu: float, gc: float = 0) -> list[Cost]:
    return [Cost(seconds, 50, gc, written=round(seconds * 1000)) for seconds in cpu]


def test_a_corpus_is_made_by_its_seed_alone() -> None:
    assert list(essays(SMALL)) == list(essays(SMALL))
    assert list(essays(SMALL)) != list(essays(Shape(3, 500, seed=2)))


def test_a_larger_corpus_begins_with_the_smaller_one() -> None:
    assert list(essays(Shape(5, 500)))[:3] == list(essays(SMALL))


@pytest.mark.parametrize("asked", [400, 500, 2000])
def test_a_page_has_the_words_it_is_asked_for(asked: int) -> None:
    for page in essays(Shape(3, asked)):
        assert words(page.text).total() == asked


@pytest.mark.parametrize(("asked", "sections"), [(800, 8), (2000, 8), (1000, 2)])
def test_a_page_has_the_sections_it_is_asked_for(asked: int, sections: int) -> None:
    for page in essays(Shape(3, asked, notes=0, sections=sections)):
        levels = re.findall(r"^(#+) ", page.text, re.MULTILINE)
        assert levels == ["#", "##", "###", "###", "##", "###", "###", "##"][:sections]
        assert words(page.text).total() == asked


@pytest.mark.parametrize("notes", [0, 1, 3, 200])
def test_a_page_has_the_notes_it_is_asked_for(notes: int) -> None:
    shape = Shape(1, 500, notes)
    (ours,), (plain,) = written(MARGINALIA, shape), written(PLAIN, shape)
    assert ours.count("{sidenote}`") == notes
    assert len(re.findall(r"^\[\^\d+\]: ", plain, re.MULTILINE)) == notes
    assert len(re.findall(r"\[\^\d+\](?!:)", plain)) == notes


def test_both_variants_have_the_same_words() -> None:
    for ours, plain in zip(written(MARGINALIA, SMALL), written(PLAIN, SMALL), strict=True):
        assert words(ours.replace("{sidenote}", "")) == words(plain)


def test_both_variants_show_the_same_words_and_notes(tmp_path: Path) -> None:
    shown = {}
    for variant in (PLAIN, MARGINALIA):
        files = {f"essay-{n}.md": text for n, text in enumerate(written(variant, SMALL))}
        index = "# Essays\n\n```{toctree}\n" + "\n".join(files) + "\n```\n"
        folder, extensions = tmp_path / variant.name, variant.extensions
        built = build_here({"index.md": index, **files}, folder, extensions=extensions)
        assert built.warnings == ""
        shown[variant] = [built.page(Path(name).stem) for name in files]
    for ours, plain in zip(shown[MARGINALIA], shown[PLAIN], strict=True):
        assert words(body(ours)) == words(body(plain))
        assert words(body(ours)).total() == SMALL.words + SMALL.notes * 25
        for html in (ours, plain):
            assert html.count('role="doc-noteref"') == SMALL.notes


def test_the_projects_differ_in_notes_and_our_extension_only(tmp_path: Path) -> None:
    for variant in (PLAIN, MARGINALIA):
        write_project(tmp_path / variant.name, SMALL, variant, "alabaster")
    names = [sorted(file.name for file in folder.iterdir()) for folder in tmp_path.iterdir()]
    assert names[0] == names[1]
    ours = (tmp_path / "marginalia" / "conf.py").read_text(encoding="utf-8")
    plain = (tmp_path / "plain" / "conf.py").read_text(encoding="utf-8")
    assert ours.replace(", 'sphinx_marginalia'", "") == plain
    index = [(tmp_path / name / "index.md").read_bytes() for name in ("plain", "marginalia")]
    assert index[0] == index[1]


def test_a_page_that_can_be_cited_has_a_name_above_each_heading() -> None:
    (page,) = essays(CITING.shape(1))
    lines = citable.with_names(page).splitlines()
    headings = [n for n, line in enumerate(lines) if line.startswith("#")]
    names = [lines[n - 1] for n in headings]
    assert names == ["(essay-0000)=", *(f"(essay-0000-part-{n})=" for n in range(1, 8))]
    without = [line for line in lines if line not in names]
    assert without == page.text.splitlines()


def test_of_twenty_names_one_has_moved_and_one_has_a_retired_name_beside_it() -> None:
    records, faults = lock.read(citable.files(CITING.shape(10))[lock.FILENAME])
    assert not faults
    living = {name for name, record in records.items() if not record.retired}
    assert len(living) == 10 * 8 + 1
    assert sum(bool(records[name].was) for name in living) == 4
    retired = records.keys() - living
    assert len(retired) == 4
    assert all(records[name].successor in living for name in retired)


def test_a_larger_lock_holds_the_smaller_one() -> None:
    small, large = (
        lock.read(citable.files(CITING.shape(pages))[lock.FILENAME])[0] for pages in (3, 5)
    )
    assert {name: large[name] for name in small} == small


def test_those_who_cite_differ_in_our_extension_and_its_settings_only(tmp_path: Path) -> None:
    for variant in (CITING.plain, CITING.marginalia):
        write_project(tmp_path / variant.name, CITING.shape(2), variant, "alabaster")
    plain, ours = (
        {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / name).iterdir()}
        for name in ("plain", "marginalia")
    )
    settings = "".join(f"{name} = {value!r}\n" for name, value in citable.SETTINGS)
    without = ours.pop("conf.py").replace(", 'sphinx_marginalia.citing'", "")
    assert without.removesuffix(settings) == plain.pop("conf.py")
    assert ours == plain
    assert {"CITATION.cff", "anchors.lock.json"} <= ours.keys()


def test_pages_that_can_be_cited_build_without_a_warning(tmp_path: Path) -> None:
    (measured,) = series(tmp_path, 3, "alabaster", 1, lambda _: None, CITING)
    assert len(measured.plain) == len(measured.marginalia) == 1


ALL = CONTESTS["all"].with_words(800)


def test_everything_is_in_both_variants() -> None:
    (page,) = essays(ALL.shape(1))
    ours, plain = ALL.marginalia.write(page), ALL.plain.write(page)
    for text in (ours, plain):
        assert text.count("$") == 2 * len(everything.FORMULAS)
        assert text.count("essay-0000-part-1)=") == 1
    assert ours.count("{cite:p}") == plain.count("{ref}") - 2 * everything.CLAIMS_A_PAGE
    assert ours.count("{sidenote}") == plain.count("[^") // 2 == 8
    assert ours.count("{pause-and-think}") == plain.count("{admonition}") == 2
    assert ours.count("{claim}") == plain.count("Would change\n") == 2


def test_everything_builds_again_without_a_warning(tmp_path: Path) -> None:
    stages = series(tmp_path, 3, "alabaster", 1, lambda _: None, ALL, [*Stage])
    assert [measured.stage for measured in stages] == [*Stage]
    full, unchanged, edited = (measured.marginalia[0] for measured in stages)
    assert full.written == unchanged.written
    # A sentence, and what the search index and the sources have of it.
    assert full.written < edited.written < full.written + 2000
    assert not [*tmp_path.glob("*/*-html")]


PAGE = (
    "# T\n\n% results of all\n\nOld.\n\n% end of results\n\n% results of live\n% end of results\n"
)


def test_results_take_the_place_of_older_ones(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(PAGE)
    assert marks_in(file) == ["all", "live"]
    put_into(file, "all", "New \\1.")
    assert file.read_text() == PAGE.replace("Old.", "New \\1.")
    assert marks_in(tmp_path / "none.md") == []


def test_a_page_is_told_ratios_only() -> None:
    told = ratios([Series(70, costs(10), costs(11)), Series(700, costs(100), costs(110))])
    assert "| 70 | full build | 1.10 | 1.10 | 1.00 |" in told
    assert "| CPU time | 1.00 | 1.00 |" in told
    assert "11" not in told.replace("1.10", "")


@pytest.mark.parametrize(("option", "of_all"), [([], 2), ([runner.WITHOUT_GC], 1)])
def test_what_the_garbage_collector_takes_is_noted(
    option: list[str], of_all: int, tmp_path: Path
) -> None:
    # What is asked for is always collected, the rest only where the collector is not switched off.
    program = (
        "import gc, sys\ngc.collect()\nprint(1 + gc.isenabled(), *sys.argv[1:])\nsys.exit(3)\n"
    )
    (tmp_path / "collects.py").write_text(program)
    command = [sys.executable, runner.__file__, *option, "gc.txt", "collects", "--an", "argument"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, f"{of_all} --an argument\n")
    assert float((tmp_path / "gc.txt").read_text()) > 0


def test_the_ratio_is_of_builds_that_ran_one_after_the_other() -> None:
    # The machine was ten times as slow for the second pair.
    measured = Series(70, costs(1, 10, 1), costs(1.1, 11, 1.3))
    ratio = cpu_ratio(measured)
    assert (ratio.median, ratio.lowest, ratio.highest) == pytest.approx((1.1, 1.1, 1.3))
    assert fastest_ratio(measured) == pytest.approx(1.1)


def test_a_ratio_is_told_without_the_garbage_collector_too() -> None:
    measured = Series(70, costs(10, gc=6), costs(11, gc=6))
    assert ratio_without_gc(measured).median == pytest.approx(1.25)
    assert "| 70 | full build | 1.100 | 1.100–1.100 | 1.100 | 1.250 |" in table([measured])
    (ratios,) = record([measured], {})["ratios"]
    assert ratios["cpu_without_gc"]["median"] == pytest.approx(1.25)


def test_growth_is_an_exponent() -> None:
    small, large = Series(70, costs(1), costs(1)), Series(700, costs(10), costs(100, gc=90))
    assert exponent(small, large, "plain") == pytest.approx(1)
    assert exponent(small, large, "marginalia") == pytest.approx(2)
    assert "| exponent of CPU seconds | 1.00 | 2.00 |" in table([small, large])
    assert "| exponent without gc | 1.00 | 1.00 |" in table([small, large])
    assert "| exponent of bytes written | 1.00 | 2.00 |" in table([small, large])


def test_growth_is_that_of_full_builds() -> None:
    full = Series(70, costs(1), costs(1)), Series(700, costs(10), costs(10))
    again = [replace(series, stage=Stage.UNCHANGED) for series in full]
    assert growing([full[0], again[0], full[1], again[1]]) == full
    assert growing(again) is None


def test_a_build_with_a_warning_is_not_measured(tmp_path: Path) -> None:
    source = tmp_path / "plain"
    write_project(source, SMALL, PLAIN, "alabaster")
    (source / "essay-0000.md").write_text("# Essay\n\n{sidenote}`Unknown here.`\n")
    with pytest.raises(BuildError, match="sidenote"):
        build(source, SMALL.pages)


def test_a_build_with_too_few_pages_is_not_measured(tmp_path: Path) -> None:
    source = tmp_path / "plain"
    write_project(source, SMALL, PLAIN, "alabaster")
    with pytest.raises(BuildError, match="3 pages written, not 4"):
        build(source, SMALL.pages + 1)


def test_a_profile_names_our_functions(tmp_path: Path) -> None:
    contest = CONTESTS["notes"].with_words(500)
    places = [spent.place for spent in profile(tmp_path, 3, "alabaster", contest)]
    assert any(re.fullmatch(r"sidenotes/transforms\.py:\d+ apply", place) for place in places)


def test_the_command_prints_a_ratio(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    done = run("--pages", "3", "--repeat", "1", "--json", str(file))
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\| 3 \| full build \| \d\.\d{3} \|", done.stdout, re.MULTILINE)
    (ratios,) = json.loads(file.read_text(encoding="utf-8"))["ratios"]
    assert ratios["cpu"]["median"] > 0


def test_the_command_fails_above_the_limit() -> None:
    done = run("--pages", "1", "--repeat", "1", "--limit", "0.001")
    assert done.returncode == 1, done.stderr
    assert "CPU ratio" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--pages", "0"], "0 is not above 0"),
        (["--pages", "700", "70"], "--pages must ascend"),
        (["--json", "no-such-folder/bench.json"], "there is no folder no-such-folder"),
    ],
)
def test_the_command_refuses_what_it_cannot_measure(arguments: list[str], reason: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
