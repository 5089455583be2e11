"""The command line: what it prints, what it reports, its exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from marginalia_import import cli
from marginalia_import.report import COUNTERS, SCHEMA, SCREEN, Kind
from tests.importer.conftest import ARTICLE, DOUBTFUL, GOOD, SITES, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Callable

LINE = re.compile(r"^[^\s:]+(?::\d+)? [a-z-]+ \S.*$")


# What it says


def test_the_report_goes_to_stdout_and_the_summary_to_stderr(
    doubtful: Path, tmp_path: Path, command: Callable
) -> None:
    result = command(doubtful, tmp_path / "new")
    lines = result.out.splitlines()
    assert result.code == 0
    assert [line for line in lines if not LINE.match(line)] == []
    assert [line.rsplit(" ", 1)[0] for line in lines if "stars" in line] == [
        "topics/stars/index.md:7 unresolved-link /moons/ is not in the",
        "topics/stars/index.md:7 unknown-tag mystery has no rule: {% mystery",
    ]
    assert "dialect: eleventy (guessed; change it with --dialect)\n" in result.err
    assert "2 articles, 1 citation, 1 unresolved, 1 unknown\n" in result.err


def test_the_dialect_option_is_not_called_a_guess(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    result = command(source, tmp_path / "new", "--dialect", "eleventy", "--project")
    assert "dialect: eleventy\n" in result.err
    assert f"build it: python -m sphinx {tmp_path / 'new'}" in result.err


def test_a_tag_without_a_rule_is_one_line_with_its_count_and_first_places(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    block = "{% aside %}\nOne.\n{% endaside %}\n\n"
    write_site(source, {"topics/stars/index.md": block * 3, "topics/lamps/index.md": block})
    lines = [line for line in command(source, tmp_path / "new").out.splitlines() if "aside" in line]
    assert lines == [
        "unknown-tag aside: 4 times in 2 files: topics/lamps/index.md:1, topics/stars/index.md:1,"
        " topics/stars/index.md:5, …"
    ]


def test_an_include_is_named_by_its_file(source: Path, tmp_path: Path, command: Callable) -> None:
    text = '{% include figure.html a="b" %} {% include figure.html %} {% include note.html %}\n'
    write_site(source, {"topics/stars/index.md": text})
    lines = command(source, tmp_path / "new").out.splitlines()
    assert [line.split(":")[0] for line in lines if "include figure" in line] == [
        "unknown-tag include figure.html"
    ]


def test_the_worst_comes_first_and_all_fits_on_a_screen(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    tags = " ".join(f"{{% tag{number} %}}" for number in range(SCREEN))
    text = (
        f'---\nlayout: x\n---\n[a](/b/) {tags}\n\n<figure><img src="images/map.png"'
        ' title="The words."><figcaption>A map</figcaption></figure>\n'
    )
    write_site(source, {"topics/stars/index.md": text})
    lines = command(source, tmp_path / "new").out.splitlines()
    assert [line.split()[1] for line in lines[:3]] == [
        "lost-words",
        "unresolved-link",
        "unknown-tag",
    ]
    assert lines[-1] == "… 5 more kinds of lines: --report FILE lists all"
    assert len(lines) == SCREEN


def test_a_long_tag_is_shortened_in_the_report(article: Callable) -> None:
    _, result = article('{% youtube "' + "moon " * 100 + '" %}\n')
    (entry,) = (entry for entry in result.report.lines() if entry.kind == "unknown-tag")
    assert entry.message.endswith("…")
    assert len(entry.message) < 120


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("eleventy", "A {{ far\n| round }}, [x]({{ far\n| url }}), ![x]({{ far\n| url }})\n"),
        ("eleventy", 'A {% cite\n"a\nb" %} and {# far\naway #} {% icon\n"sun" %}\n'),
        ("eleventy", "---\nlayout: |\n  a\n  b\n---\nA\n"),
        ("tufte-jekyll", "{% bibliography\n--cited %}\n\nA {% sidenote 'a' 'b' 'c\nd' %}\n"),
    ],
)
def test_a_report_entry_about_several_lines_is_one_line(
    dialect: str, text: str, article: Callable
) -> None:
    _, result = article(text, dialect)
    lines = [str(entry) for entry in result.report.lines()]
    assert lines
    assert [line for line in lines if "\n" in line] == []


def test_settings_that_cannot_be_read_are_reported_in_one_line(imported: Callable) -> None:
    result = imported({"_config.yml": 'title: "Sky\n', "_posts/2021-05-01-a.md": "A\n"})
    (line,) = (str(entry) for entry in result.report.lines() if entry.file == "_config.yml")
    assert line.startswith("_config.yml:1 front-matter could not be read: ")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("A{% sidenote 'b' %}", "2 articles, 1 sidenote\n"),
        ("A{% sidenote 'b' %} c{% sidenote 'd' %}", "2 articles, 2 sidenotes\n"),
    ],
)
def test_the_summary_counts_in_words(
    text: str, summary: str, source: Path, tmp_path: Path, command: Callable
) -> None:
    write_site(source, {ARTICLE["eleventy"][0]: f"---\ntitle: Stars\n---\n{text}\n"})
    assert summary in command(source, tmp_path / "new").err


def test_no_progress_bar_is_drawn_in_a_pipe(
    source: Path, tmp_path: Path, monkeypatch: Any, command: Callable
) -> None:
    monkeypatch.setattr(cli, "PROGRESS_DELAY", 0)
    assert "Importing" not in command(source, tmp_path / "new").err


def test_a_progress_bar_is_drawn_on_a_terminal(
    source: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(cli, "PROGRESS_DELAY", 0)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main([str(source), str(tmp_path / "new")]) == 0
    assert "Importing" in terminal.getvalue()


def test_an_address_longer_than_any_file_name_is_unresolved(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    long = "moon" * 100
    write_site(source, {ARTICLE["eleventy"][0]: f"[a]({long}) ![b]({long}.png) ![c](a%00b.png)\n"})
    result = command(source, tmp_path / "new")
    kinds = [line.split()[1] for line in result.out.splitlines() if long in line or "%00" in line]
    assert (result.code, sorted(kinds)) == (0, ["unresolved-image"] * 2 + ["unresolved-link"])


@pytest.mark.parametrize("dialect", SITES)
def test_a_dialect_is_guessed(dialect: str, article: Callable) -> None:
    _, result = article(GOOD, dialect)
    assert result.report.dialect == dialect


def test_a_site_may_be_one_file(source: Path, tmp_path: Path, command: Callable) -> None:
    result = command(source / "topics/lamps/index.md", tmp_path / "new", "--dialect", "eleventy")
    assert (result.code, result.out) == (0, "")
    assert os.listdir(tmp_path / "new") == ["index.md"]  # noqa: PTH208


def test_the_module_is_the_command(source: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "marginalia_import", source, tmp_path / "new"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "new/stars/index.md").is_file()


# The report


def test_the_json_report_has_all_counts_and_entries(
    doubtful: Path, tmp_path: Path, command: Callable
) -> None:
    result = command(doubtful, tmp_path / "new", "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert list(report) == ["schema", "dialect", "counts", "entries", "addresses"]
    assert (report["schema"], report["dialect"]) == (SCHEMA, "eleventy")
    assert list(report["counts"]) == list(COUNTERS)
    assert report["counts"] == {
        **dict.fromkeys(COUNTERS, 0), "articles": 2, "citations": 1, "unresolved": 1, "unknown": 1
    }  # fmt: skip
    assert sorted(result.out.splitlines()) == [
        "{file}:{line} {kind} {message}".format(**entry) for entry in report["entries"]
    ]


def test_the_json_report_leads_from_old_addresses_to_sections(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    command(source, tmp_path / "new", "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["addresses"] == {
        "/topics/lamps/": "lamps/index#lamps",
        "/topics/lamps/#how-far": "lamps/index#how-far",
        "/topics/stars/": "stars/index#stars",
    }


def test_a_project_has_a_redirect_from_each_old_address(imported: Callable) -> None:
    files = {"_config.yml": "title: Skies\n", "_posts/2021-05-01-lamps.md": GOOD}
    redirects = json.loads(imported(files, project=True).read("redirects.json"))
    assert {redirect["from_url"]: redirect["to_url"] for redirect in redirects} == {
        "/2021/05/01/lamps/": "/posts/lamps.html"
    }
    assert {redirect["type"] for redirect in redirects} == {"page"}


def test_the_report_may_be_written_into_the_new_folder(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    report = tmp_path / "new/report.json"
    assert command(source, tmp_path / "new", "--report", report).code == 0
    assert json.loads(report.read_text(encoding="utf-8"))["counts"]["articles"] == 2


def test_each_thing_is_counted(article: Callable) -> None:
    _, result = article(
        "---\ntitle: Stars\nglossary:\n- {term: Parallax, definition: A shift.}\n---\n"
        '{% sidenote "a" %}{% marginnote "b" %}{% cite "leavitt1912" %}{% cite "x" %}\n\n'
        '<details class="pause-and-think"><summary>Q</summary></details>\n\n'
        '![a](images/map.png "b")\n\n[a](/topics/lamps/) [b](#none) {{ x }}\n'
    )
    counts = result.report.to_json()["counts"]
    assert counts == {
        "articles": 2, "sidenotes": 1, "marginnotes": 1, "citations": 1, "pauses": 1, "figures": 1,
        "links": 2, "glossary_terms": 1, "unresolved": 2, "unknown": 1,
    }  # fmt: skip


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.label)
def test_a_kind_has_a_name_and_a_meaning(kind: Kind) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.label)
    assert kind.counter in {"", "unresolved", "unknown"}
    assert re.fullmatch(r"[A-Z].*\.", kind.value)


# How it ends


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (DOUBTFUL, 1), (GOOD + "\n{{ x }}\n", 1)])
def test_strict_exits_with_1_if_anything_is_unresolved_or_unknown(
    text: str, code: int, source: Path, tmp_path: Path, command: Callable
) -> None:
    write_site(source, {ARTICLE["eleventy"][0]: text})
    assert command(source, tmp_path / "new", "--strict").code == code
    assert command(source, tmp_path / "again").code == 0
    assert (tmp_path / "new/stars/index.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/none", "{tmp}/new"], "{tmp}/none does not exist: name a file or the folder of a site"),
        (["{tmp}/empty", "{tmp}/new"], "{tmp}/empty looks like no kind of site that is known: add --dialect"),
        (["{tmp}/empty", "{tmp}/new", "--dialect", "eleventy"], "{tmp}/empty contains no Markdown article of eleventy"),
        (["{tmp}/site", "{tmp}/full"], "{tmp}/full is not empty: name another folder, or add --force"),
        (["{tmp}/site", "{tmp}/file"], "{tmp}/file is a file: name a folder"),
        (["{tmp}/site", "{tmp}/file/new"], "{tmp}/file/new cannot be written: Not a directory"),
        (["{tmp}/site", "{tmp}/site"], "{tmp}/site is in {tmp}/site, which is only read: name a folder outside"),
        (["{tmp}/site", "{tmp}/site/docs"], "{tmp}/site/docs is in {tmp}/site, which is only read: name a folder outside"),
        (["{tmp}/site", "{tmp}/link/docs"], "{tmp}/link/docs is in {tmp}/site, which is only read: name a folder outside"),
        (["{tmp}/site/topics", "{tmp}", "--force"], "{tmp} contains {tmp}/site/topics, which is only read: name another folder"),
        (["{tmp}/site", "{tmp}/new", "--bibliography", "{tmp}/x.bib"], "{tmp}/x.bib does not exist: name a .bib or .json file"),
        (["{tmp}/site", "{tmp}/new", "--report", "{tmp}/x/y.json"], "there is no folder {tmp}/x for the report"),
    ],
)  # fmt: skip
def test_invalid_input_exits_with_2_and_a_message(
    arguments: list[str], message: str, source: Path, tmp_path: Path, command: Callable
) -> None:
    write_site(tmp_path, {"full/notes.txt": "mine", "file": "mine"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(source)
    before = tree(tmp_path)
    result = command(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (result.code, result.out, result.err) == (
        2,
        "",
        f"error: {message.format(tmp=tmp_path)}\n",
    )
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "arguments", [[], ["a"], ["a", "b", "--dialect", "gatsby"], ["a", "b", "--what"]]
)
def test_unknown_arguments_exit_with_2(arguments: list[str], command: Callable) -> None:
    result = command(*arguments)
    assert result.code == 2
    assert result.err.startswith("usage: marginalia-import ")


def test_a_file_that_is_not_utf8_is_reported_with_its_line(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    write_site(source, {"topics/stars/index.md": GOOD.encode() + b"caf\xe9\n"})
    result = command(source, tmp_path / "new")
    assert result.code == 2
    assert result.err.startswith("error: topics/stars/index.md:6 is not UTF-8: ")
    assert os.listdir(tmp_path) == ["site"]  # noqa: PTH208


# A preview


def test_a_preview_builds_the_project_and_serves_it_until_ctrl_c(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages: list[str] = []

    def serve(server: ThreadingHTTPServer) -> None:
        thread = Thread(target=server.handle_request)
        thread.start()
        with urlopen(f"http://127.0.0.1:{server.server_port}/page.html") as answer:
            pages.append(answer.read().decode())
        thread.join()
        raise KeyboardInterrupt

    def build(command: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        assert (Path(command[-2]) / "conf.py").is_file()
        (Path(command[-1]) / "page.html").write_text("A page.", encoding="utf-8")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", build)
    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", serve)
    assert cli.main([str(source), str(tmp_path / "new"), "--preview"]) == 0
    assert pages == ["A page."]
    assert "preview: http://127.0.0.1:" in capsys.readouterr().out


def test_a_preview_without_files_is_refused(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    result = command(source, tmp_path / "new", "--preview", "--dry-run")
    assert (result.code, result.out) == (2, "")
