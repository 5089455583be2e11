"""The benchmark compares like with like: the same words, the same notes, the same pages.

No test asserts a time: how long a build takes depends on the machine and on what else it does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from itertools import cycle
from pathlib import Path
from signal import SIGKILL

import pytest
from pyperf import BenchmarkSuite, Run

from bench import __main__ as command
from bench import builds, peers
from bench.corpus import CONTESTS, VARIANTS, text_with_gaps, write_project
from bench.measure import (
    COSTS,
    EDITED,
    FULL,
    UNCHANGED,
    BuildError,
    build,
    collect,
    edit,
    growth_table,
    ratio_table,
    sphinx_options,
    write_into,
)

ROOT = Path(__file__).resolve().parent.parent


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-zA-Z]+", text))


def body(html: str) -> str:
    """Return what a reader sees of the essay in a page of the theme ``basic``."""
    main = html.partition('<div class="body" role="main">')[2].partition('<div class="clearer">')[0]
    return re.sub(r"<[^>]*>", " ", main)


def projects(folder: Path, of: str, pages: int = 2) -> tuple[Path, Path]:
    """Write both variants of a contest and return their folders: plain, marginalia."""
    for name, ours in VARIANTS.items():
        write_project(folder / name, pages, CONTESTS[of], ours=ours)
    return folder / "plain", folder / "marginalia"


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def cost(seconds: float, task: str = FULL, pages: int = 70, gc: float = 0) -> Run:
    """Return a run of 50 MB that wrote a byte each millisecond."""
    about = {"name": f"{task}, {pages} pages", "task": task, "pages": pages, "gc_seconds": gc}
    about |= {"mem_max_rss": 50_000_000, "bytes_written": round(seconds * 1000)}
    return Run([seconds], metadata=about, collect_metadata=False)


# The corpus


@pytest.mark.parametrize("of", CONTESTS)
def test_a_corpus_is_the_same_each_time_and_begins_a_larger_one(of: str, tmp_path: Path) -> None:
    one, same, large = (projects(tmp_path / name, of, int(name[0])) for name in ("2", "2.", "3"))
    assert [*map(read, one)] == [*map(read, same)]
    for fewer, more in zip(map(read, one), map(read, large), strict=True):
        assert fewer["essay-0001.md"] == more["essay-0001.md"]
        locks = [json.loads(files.get("anchors.lock.json", "{}")) for files in (fewer, more)]
        assert locks[0].items() <= locks[1].items()


@pytest.mark.parametrize(
    ("asked", "section", "gaps"), [(800, 100, 0), (2000, 400, 3), (600, 300, 99)]
)
def test_a_page_has_the_words_sections_and_gaps_it_is_asked_for(
    asked: int, section: int, gaps: int
) -> None:
    text = text_with_gaps(0, asked, gaps, section)
    assert words(text).total() == asked + 4, "the title is extra"
    assert len(re.findall("^## ", text, re.MULTILINE)) == asked // section
    assert text.count("{}") == gaps
    assert "{}" not in re.sub(r"(\{\})+\.", ".", text), "each is before a full stop"
    assert text.format(*[""] * gaps) == text_with_gaps(0, asked, 0, section)


@pytest.mark.slow
def test_both_variants_show_the_same_words_and_notes(tmp_path: Path) -> None:
    pages = []
    for source in projects(tmp_path, "notes"):
        build(source, tmp_path / f"{source.name}-output", 2, FULL)
        page = tmp_path / f"{source.name}-output" / "html" / "essay-0001.html"
        pages.append(page.read_text(encoding="utf-8"))
    assert words(body(pages[0])) == words(body(pages[1]))
    assert [html.count('role="doc-noteref"') for html in pages] == [3, 3]


def test_everything_is_in_both_variants(tmp_path: Path) -> None:
    plain, ours = (read(folder)["essay-0001.md"] for folder in projects(tmp_path, "all"))
    for text in (ours, plain):
        assert text.startswith("---\ntitle: ")
        assert text.count("$") == 2 * 3
        assert text.count("(essay-0001-part-1)=") == 1
    assert ours.count("{cite:p}") == plain.count("{ref}") - 2 * 2 == 12
    assert ours.count("{sidenote}") == plain.count("[^") // 2 == 8
    assert ours.count("{pause-and-think}") == plain.count("{admonition}") == 2
    assert ours.count("{claim}") == plain.count("Would change\n") == 2


@pytest.mark.parametrize("of", ["articles", "notes", "permalinks"])
def test_projects_differ_in_our_markup_extensions_and_options_only(of: str, tmp_path: Path) -> None:
    plain, ours = map(read, projects(tmp_path, of))
    contest = CONTESTS[of]
    lines = ours.pop("conf.py").replace(f", *{contest.extensions}", ", *[]").splitlines()
    options = [f"{name} = {value!r}" for name, value in contest.options.items()]
    assert [line for line in lines if line not in options] == plain.pop("conf.py").splitlines()
    assert ours.keys() == plain.keys()
    assert ours == plain or of == "notes"


def test_of_twenty_anchors_one_has_moved_and_one_has_a_retired_anchor(tmp_path: Path) -> None:
    _, ours = projects(tmp_path, "permalinks", 20)
    lock = json.loads(read(ours)["anchors.lock.json"])
    successors = [record["successor"] for record in lock.values() if "successor" in record]
    assert len(lock) - len(successors) == 20 * 9 + 1
    assert sum("was" in record for record in lock.values()) == len(successors) == 9
    assert not [name for name in successors if "successor" in lock[name]]


# Builds


@pytest.mark.slow
@pytest.mark.parametrize("of", CONTESTS)
def test_every_contest_builds_without_a_warning(of: str, tmp_path: Path) -> None:
    for source in projects(tmp_path, of):
        measured = build(source, tmp_path / f"{source.name}-output", 2, FULL)
        assert all(value(measured) > 0 for value in COSTS.values())
        assert measured.get_metadata()["gc_seconds"] > 0


def test_the_variants_take_turns_with_each_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "build", lambda *arguments: arguments[3])
    monkeypatch.setattr("shutil.rmtree", lambda _: None)
    options = Namespace(of="notes", theme="alabaster", rebuild=True)
    programs, tasks = zip(*builds._builds(tmp_path, 1, 2, options), strict=True)
    assert programs == (*["plain"] * 3, *["marginalia"] * 3) * 2
    assert tasks == (FULL, UNCHANGED, EDITED) * 4
    for name in VARIANTS:
        assert read(tmp_path / name)["essay-0000.md"].endswith("Sentence 0.\n\nSentence 1.\n")


@pytest.mark.slow
def test_everything_builds_again_without_a_warning(tmp_path: Path) -> None:
    _, ours = projects(tmp_path, "all")
    runs = [build(ours, tmp_path / "output", 2, task) for task in (FULL, UNCHANGED)]
    edit(ours, "One sentence more.")
    runs.append(build(ours, tmp_path / "output", 2, EDITED))
    full, unchanged, edited = (run.get_metadata()["bytes_written"] for run in runs)
    # The sentence, and what the search index and the sources have of it.
    assert full == unchanged < edited < full + 2000


@pytest.mark.slow
def test_a_build_with_a_warning_or_too_few_pages_is_not_measured(tmp_path: Path) -> None:
    plain, _ = projects(tmp_path, "notes")
    with pytest.raises(BuildError, match="2 pages written, not 3"):
        build(plain, tmp_path / "output", 3, FULL)
    (plain / "essay-0000.md").write_text("# Essay\n\n{sidenote}`Unknown here.`\n")
    with pytest.raises(BuildError, match="sidenote"):
        build(plain, tmp_path / "output", 2, FULL)


def test_a_build_is_interrupted_when_it_has_written_a_page(tmp_path: Path) -> None:
    plain, ours = projects(tmp_path, "all")
    program = [sys.executable, "-m", "sphinx", *sphinx_options(plain, tmp_path / "output")]
    environment = {**os.environ, "BENCH_SIGNAL": str(int(SIGKILL))}
    done = subprocess.run(program, env=environment, capture_output=True, check=False)
    assert done.returncode == -SIGKILL
    assert [path.name for path in tmp_path.glob("output/html/*.html")] == ["essay-0000.html"]
    assert ":verdict: supported" in read(ours)["essay-0000.md"], "the edit changes it"


@pytest.mark.slow
@pytest.mark.parametrize("ours", [False, True])
def test_a_build_after_an_interrupted_one_equals_a_clean_build(ours: bool, tmp_path: Path) -> None:
    write_project(tmp_path / "source", 2, CONTESTS["all"], ours=ours)
    _, files = builds._interrupt(tmp_path / "source", 2, FULL, SIGKILL)
    assert {*files} <= {"searchindex.js"}, "Sphinx leaves pages out of its search index"


@pytest.mark.parametrize(("ours", "code"), [(["a"], 0), (["a", "b"], 1), ([], 0)])
def test_a_difference_that_plain_sphinx_does_not_have_fails(
    ours: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing = cycle([(1.0, ["a"]), (1.0, ours)])
    monkeypatch.setattr(builds, "_interrupt", lambda *_: next(differing))
    assert command.main(["interrupted", "--pages", "1"]) == code


# Other tools


@pytest.mark.parametrize("name", [name for name, tool in peers.TOOLS.items() if not tool.ours])
def test_other_tools_get_the_same_words_notes_and_citations(name: str, tmp_path: Path) -> None:
    first, tool = next(iter(peers.TOOLS.values())), peers.TOOLS[name]
    peers.write_essays(first, tmp_path / "ours", 2, tmp_path)
    peers.write_essays(tool, tmp_path / "theirs", 2, tmp_path)
    essays = (tmp_path / folder / "essay-0001.md" for folder in ("ours", "theirs"))
    ours, theirs = (essay.read_text(encoding="utf-8") for essay in essays)
    assert ours.count("{sidenote}") == theirs.count("[^") / 2 == 8
    cites = theirs.count("{cite:p}" if tool.citations else "(Author ")
    assert ours.count("{cite:p}") == cites == 12


@pytest.mark.slow
def test_tools_that_are_not_installed_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["peers", "--tools", str(tmp_path), "--pages", "1", "--repeat", "1"]
    assert command.main(options) == 0
    printed = capsys.readouterr()
    assert "left out: " in printed.err
    *_, ours, uncited, theirs = printed.out.splitlines()
    assert "| 1.00 | 1.00 | 1.00 | 1.00 |" in ours
    assert re.search(r"\|  \|( \d+\.\d\d \|){4} pages to cite", uncited)
    assert re.search(r"sphinx-book-theme [\d.]+ \|( \d+\.\d\d \|){4} the same, permanent", theirs)


# The report


def test_a_ratio_is_of_runs_that_followed_each_other() -> None:
    # The machine was ten times as slow for the second pair.
    suites = collect(zip(["a", "b"] * 3, map(cost, (1, 1.1, 10, 11, 1, 1.3)), strict=True))
    _, _, row = ratio_table(suites, ["CPU time", "bytes written"])
    assert row == "| 70 | full build | 1.10 | 1.10 | 1.10–1.30 |"


def test_a_ratio_is_reported_without_the_garbage_collector_too() -> None:
    suites = collect([("a", cost(10, gc=6)), ("b", cost(11, gc=6))])
    _, _, row = ratio_table(suites, [*COSTS])
    assert row.startswith("| 70 | full build | 1.10 | 1.25 | 1.00 | 1.10 |")
    assert [*growth_table(suites, [*COSTS])] == []


def test_growth_is_the_exponent_of_full_builds() -> None:
    runs = [("a", cost(1)), ("a", cost(5, EDITED)), ("a", cost(10, pages=700))]
    runs += [("b", cost(1)), ("b", cost(5, EDITED)), ("b", cost(100, pages=700, gc=90))]
    title, _, *rows = growth_table(collect(runs), [*COSTS])
    assert title == "\n| growth from 70 to 700 pages | a | b |"
    assert rows[:2] == ["| CPU time | 1.00 | 2.00 |", "| without gc | 1.00 | 1.00 |"]
    assert rows[2:] == ["| memory | 0.00 | 0.00 |", "| bytes written | 1.00 | 2.00 |"]


def test_new_results_replace_older_ones_and_say_when_and_with_what(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    before, after = "# T\n\n% results of all\n", "% end of results\n\n% results of live\n% end\n"
    page.write_text(f"{before}\nOld.\n\n{after}")
    write_into(page, "all", "New \\1.")
    assert page.read_text().startswith(f"{before}\nNew \\1.\n\nMeasured on 20")
    assert page.read_text().endswith(f".\n\n{after}")


def test_the_page_of_results_has_a_mark_for_each_command_that_writes_there() -> None:
    page = (ROOT / "docs" / "contributing" / "performance.md").read_text(encoding="utf-8")
    names = re.findall(r"(?ms)^% results of ([\w-]+)\n.*?^% end of results\n", page)
    assert names == ["all", "works", "apa", "live", "reader", "peers"]


# The command


@pytest.mark.slow
def test_the_command_prints_a_table_and_stores_runs_for_pyperf(tmp_path: Path) -> None:
    arguments = ["--pages", "1", "2", "--repeat", "1", "--json", str(tmp_path)]
    program = [sys.executable, "-m", "bench", *arguments]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\| 2 \| full build \| \d\.\d\d \|", done.stdout, re.MULTILINE)
    assert "| growth from 1 to 2 pages | plain | marginalia |" in done.stdout
    for name in VARIANTS:
        suite = BenchmarkSuite.load(str(tmp_path / f"{name}.json"))
        assert suite.get_benchmark_names() == ["full build, 1 pages", "full build, 2 pages"]


def test_the_command_writes_a_corpus_for_other_tools(tmp_path: Path) -> None:
    assert command.main(["--pages", "1", "--write", str(tmp_path)]) == 0
    assert (tmp_path / "marginalia" / "conf.py").is_file()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--pages", "0"], "--pages must ascend, and be above 0"),
        (["--pages", "700", "70"], "--pages must ascend"),
        (["importer", "--repeat", "0"], "above 0 as --repeat"),
        (["--json", "no-such-folder"], "there is no folder no-such-folder"),
        (["--page", "README.md"], "README.md has no mark for 'notes'"),
    ],
)
def test_the_command_refuses_what_it_cannot_measure(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert reason in capsys.readouterr().err
