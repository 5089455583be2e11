"""What holds for every site: no word is lost, the result is the same each time, nothing else is touched.

``HYPOTHESIS_PROFILE=nightly`` tries ten times as many sites.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from hypothesis import example, given, note, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

import marginalia_import
from marginalia_import import cli
from marginalia_import.importer import Options, import_site
from marginalia_import.report import InputError
from sphinx_marginalia.sidenotes.nodes import marginnote, marginnote_anchor
from sphinx_marginalia.testing import ANSI
from tests.importer.articles import DIALECTS, FILES, FRAGMENTS, OUTSIDE, Site, hostile, sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marginalia_import.report import Report


pytestmark = pytest.mark.slow

dialects = st.sampled_from(DIALECTS)
any_site = dialects.flatmap(sites)

COUNTED = ("sidenotes", "marginnotes", "citations", "pauses", "figures")
TOKEN = re.compile(r"\w+|[^\w\s]")
#: A line of the report: the file, its line where there is one, the kind, the message; or the kind,
#: the number of places, the first of them; or the number of the kinds for which there is no room.
ENTRY = re.compile(
    r"^(?:\S[^\n]*?(?::\d+)? [a-z]+(?:-[a-z]+)* \S|[a-z-]+[^\n]*: \d+ times in \d+ files?: \S|… \d)"
)


def tokens(text: str) -> list[str]:
    """Return the words and signs of a text."""
    return TOKEN.findall(text)


# --- what a reader sees ---


class _Shown(HTMLParser):
    """The text of a piece of HTML that a browser shows."""

    INLINE = frozenset("a b code em i kbd mark span strong sub sup wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden = tag in {"script", "style"}
        self.text.append("" if tag in self.INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False
        self.text.append("" if tag in self.INLINE else " ")

    def handle_data(self, data: str) -> None:
        self.text.append("" if self.hidden else data)


def shown_html(source: str) -> str:
    """Return what a browser shows of a piece of HTML."""
    reader = _Shown()
    reader.feed(source)
    reader.close()
    return "".join(reader.text)


class Seen:
    """The words of a document tree, in their order, those of its notes apart."""

    SILENT = (
        nodes.comment, nodes.image, nodes.label, nodes.target, nodes.footnote, marginnote, nodes.system_message,
    )  # fmt: skip

    def __init__(self, document: nodes.document) -> None:
        notes = {note["ids"][0]: note for note in document.findall(_is_note)}
        self.order: list[str] = []
        self.text = self.words(document)
        self.notes = [self.of_note(notes.pop(name)) for name in self.order if name in notes]
        self.notes += [self.of_note(note) for note in notes.values()]

    def of_note(self, note: nodes.Element) -> str:
        return " ".join(self.words(child) for child in note.children)

    def words(self, node: nodes.Node) -> str:
        """Return what is shown of *node*; of a note, only its place is kept."""
        if isinstance(node, nodes.Text):
            return str(node)
        assert isinstance(node, nodes.Element)
        if isinstance(node, nodes.footnote_reference | marginnote_anchor):
            self.order.append(node["refid"])
            return ""
        if isinstance(node, self.SILENT) or node.tagname in {
            "inline_decoration",
            "toctree",
            "index",
        }:
            return ""
        if isinstance(node, nodes.raw):
            return shown_html(node.astext()) if node["format"] == "html" else ""
        text = "".join(self.words(child) for child in node.children)
        return text if isinstance(node, nodes.Inline) else f" {text} "


def _is_note(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote | marginnote)


class Project:
    """A folder that is imported into again and again, and read by one Sphinx."""

    def __init__(self, folder: Path, dialect: str) -> None:
        self.source, self.target, self.dialect = folder / "site", folder / "new", dialect
        self.folder = folder
        self.report = self.imported(Site(dialect, (), FILES[dialect]))
        shutil.copytree(self.target, folder / "conf")
        self.warnings = io.StringIO()
        self.app = Sphinx(
            self.target,
            folder / "conf",
            folder / "out",
            folder / "doctrees",
            "dummy",
            confoverrides={"smartquotes": False},
            status=None,
            warning=self.warnings,
            freshenv=True,
        )
        logging.getLogger("sphinx").setLevel(logging.WARNING)
        self.seen: dict[str, Seen] = {}
        self.app.connect("doctree-read", self.see)

    def see(self, app: Sphinx, doctree: nodes.document) -> None:
        self.seen[app.env.docname] = Seen(doctree)

    def imported(self, site: Site) -> Report:
        """Import a site in the place of the one before."""
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.rmtree(self.target, ignore_errors=True)
        return import_site(Options(site.write(self.source), self.target, project=True))

    def read(self, site: Site) -> tuple[Report, str]:
        """Import a site and read all of it; return the report and the warnings."""
        report = self.imported(site)
        self.warnings.truncate(0)
        self.warnings.seek(0)
        for docname in [*self.app.env.all_docs]:
            self.app.env.clear_doc(docname)
        self.app.build(force_all=True)
        return report, ANSI.sub("", self.warnings.getvalue())


@pytest.fixture
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Project]]:
    """Two readers for all examples; what they register is gone when other tests build."""
    logger = logging.getLogger("sphinx")
    state = (logger.level, [*logger.handlers])
    with patch_docutils(), docutils_namespace():
        yield {name: Project(tmp_path_factory.mktemp("project"), name) for name in DIALECTS}
    logger.setLevel(state[0])
    logger.handlers[:] = state[1]


@given(site=any_site)
def test_the_words_and_notes_of_a_site_are_those_of_the_new_pages(
    projects: dict[str, Project], site: Site
) -> None:
    project = projects[site.dialect]
    report, warnings = project.read(site)
    for article in site.articles:
        seen = project.seen[article.docname]
        note((project.target / f"{article.docname}.md").read_text(encoding="utf-8"))
        assert tokens(seen.text) == tokens(article.shown)
        assert sorted(map(tokens, seen.notes)) == sorted(map(tokens, article.notes))
    expected = {name: sum(article.counts[name] for article in site.articles) for name in COUNTED}
    assert {name: report.counts[name] for name in COUNTED} == expected
    assert warnings == ""


# --- the same each time ---


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder with what is in them; of a link, where it leads."""
    return {
        path.relative_to(folder).as_posix(): (
            bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


class _Backwards:
    """What ``os.scandir`` gives, in the opposite order."""

    def __init__(self, entries: Any) -> None:
        with entries:
            self.entries = reversed([*entries])

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self.entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self.entries)

    def __enter__(self) -> _Backwards:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def other_order() -> Iterator[None]:
    """Have the operating system list folders in another order."""
    with pytest.MonkeyPatch.context() as patch:
        listdir, scandir = os.listdir, os.scandir
        patch.setattr(os, "listdir", lambda *path: listdir(*path)[::-1])
        patch.setattr(os, "scandir", lambda *path: _Backwards(scandir(*path)))
        yield


@given(site=any_site)
def test_an_import_is_the_same_each_time_and_in_each_order_of_the_files(
    tmp_path_factory: pytest.TempPathFactory, site: Site
) -> None:
    with folder(tmp_path_factory) as root:
        first = import_site(Options(site.write(root / "site"), root / "first", project=True))
        shutil.rmtree(root / "site")
        site.write(root / "site", backwards=True)
        with other_order():
            second = import_site(Options(root / "site", root / "second", project=True))
        assert snapshot(root / "second") == snapshot(root / "first")
        assert second.to_json() == first.to_json()


@contextmanager
def folder(factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder for one example."""
    root = factory.mktemp("example")
    try:
        yield root
    finally:
        shutil.rmtree(root)


def test_an_import_is_the_same_whatever_the_order_of_sets(tmp_path: Path) -> None:
    text = "".join(
        f"{{% tag{n} %}} {{% cite 'work{n}' %}} [x](/y{n}/) <b>x</b> ^x^\n\n" for n in range(30)
    )
    file = tmp_path / "site" / "moon.md"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    results = set()
    for seed in ("1", "2"):
        target = tmp_path / seed
        command = [
            sys.executable,
            "-m",
            "marginalia_import",
            str(file.parent),
            str(target),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [*command, "--project", "--dialect", "eleventy"],
            capture_output=True, text=True, env=environment, check=True,
        )  # fmt: skip
        results.add((done.stdout, repr(snapshot(target))))
    assert len(results) == 1


# --- nothing else is touched ---


class Watch:
    """What Python asks the operating system for while it is switched on."""

    WRITES = frozenset(
        "os.chmod os.chown os.link os.mkdir os.remove os.rename os.rmdir os.symlink os.truncate os.utime "
        "shutil.copyfile shutil.copymode shutil.copystat shutil.move shutil.rmtree".split()
    )
    READS = frozenset("os.listdir os.scandir os.chdir".split())
    NEVER = ("subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.posix_spawn")

    def __init__(self) -> None:
        self.on = False
        self.forget()

    def forget(self) -> None:
        self.read: list[Path] = []
        self.written: list[Path] = []
        self.other: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            path, _, flags = arguments
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
            self.note(path, self.written if writes else self.read)
        elif event in self.READS:
            self.note(arguments[0], self.read)
        elif event == "shutil.copyfile":
            self.note(arguments[0], self.read)
            self.note(arguments[1], self.written)
        elif event in self.WRITES:
            for path in arguments[:2]:
                self.note(path, self.written)
        elif event.startswith(self.NEVER):
            self.other.append(event)

    def note(self, path: object, found: list[Path]) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            found.append(Path(os.fsdecode(path)).resolve())


@pytest.fixture(scope="module")
def watch() -> Watch:
    # A hook cannot be taken away again; this one does nothing while it is off.
    found = Watch()
    sys.addaudithook(found)
    return found


def inside(path: Path, *folders: Path | str) -> bool:
    return any(path.is_relative_to(Path(folder).resolve()) for folder in folders)


@given(dialect=dialects, data=st.data())
def test_nothing_is_read_but_the_site_and_nothing_written_but_the_project(
    watch: Watch, tmp_path_factory: pytest.TempPathFactory, dialect: str, data: st.DataObject
) -> None:
    with folder(tmp_path_factory) as root:
        outside = root / "outside"
        outside.mkdir()
        for name in ("moon.md", "moon.png", "references.json", "references.bib", "_block.json"):
            (outside / name).write_text(OUTSIDE, encoding="utf-8")
        site = data.draw(hostile(dialect, outside)).write(root / "site")
        before = snapshot(root / "site"), snapshot(outside)
        watch.forget()
        watch.on = True
        try:
            with suppress(InputError):  # where its settings leave no article
                import_site(Options(site, root / "to" / "new", project=True))
        finally:
            watch.on = False
        python = (sys.prefix, sys.base_prefix, Path(marginalia_import.__file__).parent)
        assert [path for path in watch.read if not inside(path, site, root / "to", *python)] == []
        assert [path for path in watch.written if not inside(path, root / "to")] == []
        assert watch.other == []
        assert (snapshot(root / "site"), snapshot(outside)) == before
        assert not any(b"secret" in content for content in snapshot(root / "to").values())
        assert not any(path.is_symlink() for path in (root / "to").rglob("*"))


# --- any bytes ---

garbage = st.binary(max_size=200) | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(
    lambda found: "".join(found).encode("utf-8", "surrogatepass")
)
OPTIONS = st.sampled_from(("--strict", "--project", "--key-ideas", "--dry-run"))
PLACES = {
    "eleventy": (
        "eleventy.config.js", "package.json", "references.json", "clocks/_block.json", "works.bib", "clocks/new.md",
    ),
    "tufte-jekyll": ("_config.yml", "_bibliography/references.bib", "_posts/2020-01-03-new.md", "_includes/head.html"),
}  # fmt: skip


def command(*arguments: object) -> tuple[int, str, str]:
    """Run the command; return its status, its output and its messages."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


@given(dialect=dialects, data=st.data(), options=st.lists(OPTIONS, unique=True))
def test_any_bytes_end_in_a_project_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory,
    dialect: str,
    data: st.DataObject,
    options: list[str],
) -> None:
    found = data.draw(
        st.dictionaries(st.sampled_from(PLACES[dialect]), garbage, min_size=1, max_size=2)
    )
    front = data.draw(st.sampled_from((b"", b"---\n", b"---\ntitle: ")))
    with folder(tmp_path_factory) as root:
        site = Site(dialect, (), FILES[dialect]).write(root / "site")
        for path, content in found.items():
            (site / path).parent.mkdir(exist_ok=True)
            (site / path).write_bytes((front if path.endswith("new.md") else b"") + content)
        target, report = root / "new", root / "report.json"
        status, out, err = command(site, target, "--dialect", dialect, "--report", report, *options)
        if status == 2:
            assert re.match(r"error: \S", err)
            assert not target.exists()
        else:
            assert status in ({0, 1} if "--strict" in options else {0})
            assert target.exists() == ("--dry-run" not in options)
            counts = json.loads(report.read_text(encoding="utf-8"))["counts"]
            assert (status == 1) == (
                "--strict" in options and counts["unresolved"] + counts["unknown"] > 0
            )
            assert all(ENTRY.match(line) for line in out.split("\n")[:-1])


FILE_OPTIONS = st.sampled_from(("--rules x.toml", "--bibliography x.json", "--bibliography x.bib"))


@given(content=garbage, file=FILE_OPTIONS)
def test_any_bytes_of_a_file_of_options_end_in_a_project_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, file: str
) -> None:
    option, name = file.split()
    with folder(tmp_path_factory) as root:
        site = Site("eleventy", (), FILES["eleventy"]).write(root / "site")
        (root / name).write_bytes(content)
        status, _, err = command(site, root / "new", option, root / name)
        assert status == 0 or (status == 2 and re.match(r"error: \S", err))


class Steps:
    """How many lines of the importer's own code are run."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Steps:
        sys.settrace(self.call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def call(self, frame: Any, event: str, argument: object) -> Any:
        return self.line if "marginalia_import" in frame.f_code.co_filename else None

    def line(self, frame: Any, event: str, argument: object) -> Any:
        self.count += 1
        return self.line


def steps(text: str, root: Path, dialect: str) -> int:
    path = {"eleventy": "moon.md", "tufte-jekyll": "_posts/2020-01-02-moon.md"}[dialect]
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    with Steps() as counted:
        import_site(Options(root, root.with_name("new"), dialect=dialect, dry_run=True))
    return counted.count


@settings(max_examples=settings.default.max_examples // 2)
@given(
    dialect=dialects,
    unit=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=3)
    .map("".join)
    .filter(lambda unit: not re.search("[\ud800-\udfff]", unit)),
)
@example(dialect="eleventy", unit="<a href='/x/'>  \n")
@example(dialect="eleventy", unit="<a href='/x/'>  \n{% box %}")
def test_the_time_grows_linearly_with_the_text(
    tmp_path_factory: pytest.TempPathFactory, dialect: str, unit: str
) -> None:
    with folder(tmp_path_factory) as root:
        once = unit * (1500 // len(unit) + 1)
        assert steps(once + once, root, dialect) < 2.5 * steps(once, root, dialect) + 1000


RUNS = """
import sys
from pathlib import Path
from marginalia_import.importer import Options, import_site
root, dialect, path = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
for unit in sys.argv[4:]:
    print(repr(unit), flush=True)
    for start in ("", "a "):
        text = "---\\n---\\n" + start + unit * (10000 // len(unit))
        (root / path).write_text(text, encoding="utf-8", newline="")
        import_site(Options(root, root.with_name("new"), dialect=dialect, dry_run=True, key_ideas=True))
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_repeated_characters_take_linear_time(dialect: str, tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    units = [unit for unit in FRAGMENTS if re.fullmatch(r"[\n -~]+", unit)]
    command = [sys.executable, "-c", RUNS, str(root), dialect, "moon.md", *units]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired as late:
        reached = (late.stdout or b"").decode().splitlines()[-1]
        pytest.fail(f"10,000 signs of {reached} take for ever")
    assert done.returncode == 0, done.stderr
