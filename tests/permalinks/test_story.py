"""Three releases and more of one book, and every link that was ever printed, followed each time.

The output folder is kept from the first build to the last, as on a server that builds in place. No
script runs: a link leads on by an id, an entry with a link, or a meta refresh.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.permalinks.__main__ import main
from sphinx_marginalia.permalinks.lock import NOTE
from sphinx_marginalia.testing import build
from tests.permalinks.books import ADDRESSES, CFF, LOCK
from tests.permalinks.test_history import Repository
from tests.permalinks.test_redirects import follow, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx_marginalia.testing import Built

#: What each section says, by its name.
SAYS = {
    "home": "Water and light.",
    "moon": "It rises.",
    "phases": "A month has four.",
    "eclipse": "A shadow falls.",
    "harbour": "Ships lie.",
    "quay": "Ropes hold.",
    "stars": "They stand still.",
    "parallax": "They do not.",
    "tides": "Six hours up.",
    "tide-table": "Six hours down.",
    "distances": "Far away.",
    "ports": "Ships and ropes.",
}
WRONG, EARLY = "Its numbers were wrong.", "That was too early."
CONF = 'extensions = ["myst_parser", "sphinx_marginalia"]\n'


def page(*names: str, **renamed: str) -> str:
    """Return a page with sections; one that was renamed says what it said under its old name."""
    parts = []
    for level, name in enumerate(names):
        says = SAYS[renamed.get(name.replace("-", "_"), name)]
        parts.append(f"({name})=\n{'##' if level else '#'} The {name}\n\n{says}\n")
    return "\n".join(parts)


def index(*pages: str) -> str:
    return f"{page('home')}\n```{{toctree}}\n" + "\n".join(pages) + "\n```\n"


class Story:
    """A book in git that is built into one folder, and what was printed of its releases."""

    def __init__(self, folder: Path, git: str, builder: str) -> None:
        self.folder, self.builder = folder, builder
        self.source = folder / "source"
        self.git = Repository(self.source, git)
        #: The links of all releases, each with the section it was printed for.
        self.links: dict[str, str] = {}
        #: The site of each release, as it is still on the server under its tag.
        self.sites: dict[str, Built] = {}

    def write(self, **pages: str | None) -> None:
        """Write pages, or delete those that are ``None``; ``__`` is a slash."""
        for name, words in pages.items():
            file = self.source / f"{name.replace('__', '/')}.md"
            file.parent.mkdir(exist_ok=True)
            if words is None:
                file.unlink()
            else:
                file.write_text(words, encoding="utf-8")

    def lock(self, *arguments: str) -> int:
        return main(["lock", str(self.source), *arguments])

    def commit(self, subject: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)

    def build(self) -> Built:
        return build({}, self.folder, self.builder, fresh=not self.links, **ADDRESSES)

    def release(self, tag: str) -> Built:
        """Release what there is, and print its links."""
        self.commit(f"Release {tag}")
        self.git("tag", tag)
        built = self.build()
        # Sphinx reports a label that has moved to a page it reads before the old one.
        warnings = [line for line in built.warnings.splitlines() if "duplicate label" not in line]
        assert (built.status, warnings) == (0, [])
        site = built.out.with_name(f"site-{tag}")
        shutil.copytree(built.out, site)
        self.sites[tag] = replace(built, out=site)
        records = json.loads((self.source / LOCK).read_text(encoding="utf-8"))
        del records[NOTE]
        for name, record in records.items():
            if not {"reason", "successor"} & record.keys():
                docname, _, fragment = record["at"].partition("#")
                address = built.app.builder.get_target_uri(docname)
                self.links |= {f"{address}#{fragment}": name, f"s/{name}.html": name}
        return built

    def follow_all(self, built: Built, **now: str) -> None:
        """Follow every link ever printed: it leads to its words, or to those it has *now*."""
        assert self.links
        for link, name in self.links.items():
            says = now.get(name.replace("-", "_"), SAYS.get(name, ""))
            reached = follow(built, link)
            assert says in text(reached), link
            if says in (WRONG, EARLY):
                self._see_in_release(reached, name)

    def _see_in_release(self, reached: object, name: str) -> None:
        """Check that a retired section leads to a release in which its text is."""
        match = re.search(r'href="https://tides.example/en/([^/]+)/(s/[^"]+)"', str(reached))
        assert match, reached
        assert SAYS[name] in text(follow(self.sites[match[1]], match[2]))


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_link_of_every_release_leads_to_its_text_or_says_where_that_is(
    builder: str, tmp_path: Path, program: Callable[[str, str], str]
) -> None:
    story = Story(tmp_path, program("git", "git"), builder)
    for name, content in (
        ("conf.py", CONF), ("CITATION.cff", CFF), (".gitattributes", f"{LOCK} merge=union\n"),
    ):  # fmt: skip
        (story.source / name).write_text(content, encoding="utf-8")

    # 1.0: the first release.
    story.write(
        index=index("moon", "sea/harbour", "stars"),
        moon=page("moon", "phases", "eclipse"),
        sea__harbour=page("harbour", "quay"),
        stars=page("stars", "parallax"),
    )
    assert story.lock("--version", "1.0") == 0
    story.follow_all(story.release("1.0"))

    # 1.1: a page is renamed, a section is moved to another page, a label is changed.
    story.write(
        index=index("luna", "sea/harbour", "stars"),
        moon=None,
        luna=page("moon", "phases"),
        sea__harbour=page("harbour", "wharf", wharf="quay"),
        stars=page("stars", "parallax", "eclipse"),
    )
    assert story.build().status == 1
    assert story.lock("--version", "1.1", "--renamed", "quay=wharf") == 0
    quay = {"wharf": SAYS["quay"]}
    story.follow_all(story.release("v1.1"), **quay)

    # 2.0: two branches add neighbouring names; one splits a page, one removes a section.
    story.git("checkout", "-q", "-b", "split")
    story.write(
        index=index("luna", "sea/harbour", "stars", "distances"),
        stars=page("stars", "parallax"),
        distances=page("distances", "tide-table", "eclipse"),
    )
    assert story.lock("--version", "2.0") == 0
    story.commit("Split the stars")
    split = story.git("rev-parse", "HEAD")
    story.git("checkout", "-q", "-b", "remove", "main")
    story.write(luna=page("moon", "phases", "tides"), stars=page("stars", "eclipse"))
    assert story.lock("--version", "2.0", "--retire", "parallax", "--reason", WRONG) == 0
    story.commit("Remove parallax")
    story.git("checkout", "-q", "main")
    story.git("merge", "-q", "--no-edit", "split")
    story.git("merge", "-q", "--no-edit", "-X", "ours", "remove")
    story.write(stars=page("stars"))
    assert story.lock("--version", "2.0") == 0
    gone = {**quay, "parallax": WRONG}
    story.follow_all(story.release("v2.0"), **gone)

    # 3.0: the split is reverted, a page is deleted and its sections are merged into one.
    story.git("revert", "--no-edit", "-X", "theirs", split)
    story.write(stars=page("stars", "eclipse"), luna=page("moon", "phases", "tides"))
    assert story.lock() == 1
    retired = [f"--retire={name}" for name in ("distances", "tide-table")]
    assert story.lock("--version", "3.0", *retired, "--reason", EARLY) == 0
    story.write(
        index=index("luna", "stars"),
        sea__harbour=None,
        luna=page("moon", "phases", "tides", "ports"),
    )
    merged = [f"--renamed={name}=ports" for name in ("harbour", "wharf")]
    assert story.lock("--version", "3.0", *merged) == 0
    gone |= {"distances": EARLY, "tide_table": EARLY}
    gone |= dict.fromkeys(("harbour", "wharf", "quay"), SAYS["ports"])
    last = story.release("3.0")
    story.follow_all(last, **gone)

    # Nothing was lost since any release, and a build from scratch says the same.
    for tag in story.sites:
        lock = str(story.source / LOCK)
        assert main(["check", str(last.out), "--lock", lock, "--since", tag]) == 0
    shutil.rmtree(last.out)
    shutil.rmtree(tmp_path / "doctrees")
    clean = story.build()
    assert (clean.status, clean.warnings) == (0, "")
    story.follow_all(clean, **gone)
