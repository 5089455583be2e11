"""What the importer never does: write to the site, leave files half-written, read outside the site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from marginalia_import import __main__, cli, importer, project
from tests.importer.conftest import tree, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--project", "--force", "--strict")])
def test_the_site_is_only_read(
    options: tuple[str, ...], source: Path, tmp_path: Path, command: Callable
) -> None:
    before = tree(source)
    assert command(source, tmp_path / "new", *options).code == 0
    assert tree(source) == before


def test_a_dry_run_reports_the_same_and_writes_nothing(
    doubtful: Path, tmp_path: Path, command: Callable
) -> None:
    dry = command(doubtful, tmp_path / "new", "--dry-run", "--report", tmp_path / "dry.json")
    assert not (tmp_path / "new").exists()
    wet = command(doubtful, tmp_path / "new", "--report", tmp_path / "wet.json")
    assert dry.out == wet.out
    assert (tmp_path / "dry.json").read_bytes() == (tmp_path / "wet.json").read_bytes()
    assert "nothing was written\n" in dry.err


def test_force_moves_the_old_contents_to_a_backup(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    write_site(tmp_path, {"new/notes.txt": "mine", "new.old/notes.txt": "older"})
    assert command(source, tmp_path / "new", "--force").code == 0
    assert (tmp_path / "new.old/notes.txt").read_text() == "older"
    assert (tmp_path / "new.old-2/notes.txt").read_text() == "mine"
    assert not (tmp_path / "new/notes.txt").exists()
    assert (tmp_path / "new/stars/index.md").is_file()


def test_an_empty_folder_is_accepted_as_target(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    (tmp_path / "new").mkdir()
    assert command(source, tmp_path / "new").code == 0
    assert sorted(os.listdir(tmp_path)) == ["new", "site"]  # noqa: PTH208


@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt, MemoryError, OSError(28, "No space left", "x")]
)
@pytest.mark.parametrize("place", ["convert", "project.files"])
def test_an_interruption_leaves_everything_unchanged(
    stop: Any, place: str, source: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    def interrupted(*_: Any, **__: Any) -> str:
        raise stop

    write_site(tmp_path, {"new/notes.txt": "mine"})
    before = tree(tmp_path)
    module, name = (project, "project_files") if "." in place else (importer, "convert_article")
    monkeypatch.setattr(module, name, interrupted)
    with suppress(KeyboardInterrupt, MemoryError):
        cli.main([str(source), str(tmp_path / "new"), "--force", "--project"])
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("module", "name"),
    [(importer, "convert_article"), (project, "project_files"), (project, "write_file"), (cli, "write_atomically")],
)  # fmt: skip
def test_ctrl_c_prints_one_line_and_exits_with_130(
    module: Any, name: str, source: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    def interrupted(*_: Any, **__: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, name, interrupted)
    report = tmp_path / "report.json"
    arguments = [source, tmp_path / "new", "--project", "--report", report]
    monkeypatch.setattr(sys, "argv", ["marginalia-import", *map(str, arguments)])
    assert __main__.main() == 130
    assert capsys.readouterr() == ("", "interrupted\n")
    assert set(os.listdir(tmp_path)) - {"new"} == {"site"}  # noqa: PTH208
    assert (tmp_path / "new").exists() == (name == "write_atomically")


#: The module, also where the tests themselves ignore Ctrl-C, as jobs in the background do.
AS_A_PROGRAM = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("marginalia_import", run_name="__main__", alter_sys=True)
"""


def test_sigint_prints_one_line_and_exits_with_130(source: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "rules.toml"
    os.mkfifo(pipe)
    arguments = [source, tmp_path / "new", "--rules", pipe]
    command = [sys.executable, "-c", AS_A_PROGRAM, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process, pipe.open("wb"):  # opening waits until the program reads its rules
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("program", ["marginalia_import", "sphinx_marginalia.new"])
def test_a_report_that_nobody_reads_is_no_error(program: str, source: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [source] if program == "marginalia_import" else ["--yes"]
    command = [sys.executable, "-m", program, *arguments, tmp_path / "new"]
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, env=environment, check=False
    )
    os.close(writer)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
    assert (tmp_path / "new").is_dir()


def test_an_interruption_between_the_renames_restores_the_old_folder(
    source: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    write_site(tmp_path, {"new/notes.txt": "mine"})
    before = tree(tmp_path)
    rename = type(tmp_path).rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name.startswith(".new."):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cli.main([str(source), str(tmp_path / "new"), "--force"])
    assert tree(tmp_path) == before


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: Any) -> None:
    report = tmp_path / "report.json"
    report.write_text("older")
    monkeypatch.setattr(type(tmp_path), "replace", lambda *_: 1 / 0)
    with suppress(ZeroDivisionError):
        project.write_atomically(report, "newer")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"report.json": "older"}
    monkeypatch.undo()
    project.write_atomically(report, "newer")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"report.json": "newer"}


def test_a_second_import_writes_the_same_bytes(
    doubtful: Path, tmp_path: Path, command: Callable
) -> None:
    for name in ("new", "again"):
        assert command(doubtful, tmp_path / name, "--project").code == 0
    first, second = (
        {path: digest for path, (digest, _) in tree(tmp_path / name).items()}
        for name in ("new", "again")
    )
    assert first == second


def test_a_conf_py_of_the_site_is_neither_run_nor_used(imported: Callable, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')\n"
    result = imported(
        {
            "conf.py": trap,
            "a/conf.py": trap,
            "a/index.md": "[a](/conf.py) [b](conf.py)\n",
            "_block.json": "{}",
        },
        project=True,
    )
    assert not (tmp_path / "trap").exists()
    assert "extensions = [" in result.read("conf.py")
    assert {path for path in result.files if "conf.py" in path} >= {
        "conf.py",
        "files/conf.py.txt",
    }


@pytest.mark.parametrize(
    "written", ["![a]({})", "[a]({})", '<img src="{}">', '<figure><img src="{}"></figure>']
)
@pytest.mark.parametrize(
    "path",
    [
        "../../../secret.png",
        "/../secret.png",
        "%2e%2e/../../secret.png",
        "link.png",
        "/folder/secret.png",
    ],
)
def test_files_outside_the_site_are_not_read(
    written: str, path: str, tmp_path: Path, imported: Callable
) -> None:
    write_site(
        tmp_path, {"secret.png": "secret", "away/secret.png": "secret", "site/topics/a/x.md": "x"}
    )
    (tmp_path / "site/topics/a/link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "site/folder").symlink_to(tmp_path / "away")
    result = imported({"topics/a/index.md": written.format(path) + "\n"}, dialect="eleventy")
    assert [path for path in result.files if path.endswith(".png")] == []
    assert result.report.open_problems >= 1


def test_an_article_that_links_to_a_file_outside_is_not_read(
    tmp_path: Path, imported: Callable
) -> None:
    write_site(tmp_path, {"secret.md": "secret", "site/a/x.md": "x"})
    (tmp_path / "site/a/index.md").symlink_to(tmp_path / "secret.md")
    result = imported({"b/index.md": "b\n"}, dialect="eleventy")
    assert "secret" not in "".join(result.read(path) for path in result.files)
    assert ("a/index.md", "outside") in {(e.file, e.kind) for e in result.report.lines()}
