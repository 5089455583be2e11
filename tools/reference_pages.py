"""Write the pages on options and warnings from the code.

    python tools/reference_pages.py

What they say is in the code: the options in each feature's ``options`` module, the warnings in
``core/warnings.py``. The message shown for a warning is the one a build gives for the example here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.core.diagnostics import TYPE, Problem
from sphinx_marginalia.testing import EXTENSIONS, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.options import Option

AUTHORING = Path(__file__).parent.parent / "docs" / "authoring"

COMMENT = "% Made from the code by tools/reference_pages.py. Change it there, then run that again."

REBUILD = {
    "env": "Sphinx reads all pages again when it changes.",
    "html": "Sphinx writes all pages again when it changes.",
    "": "",
}


class Slip(NamedTuple):
    """Something written wrongly, and the values in ``conf.py`` with which it is noticed."""

    source: str
    config: dict[str, Any] = {}
    syntax: str = "markdown"
    #: The other files that it takes.
    beside: dict[str, str] = {}
    #: What some of them said at the last release.
    released: dict[str, str] = {}


def _article(title: str, **values: str) -> str:
    """Return an article whose front matter is complete, with *values* in it."""
    values = {"title": title, "description": "How far it is.", **values}
    lines = (f"{key}: {value}" for key, value in values.items() if value)
    return "\n".join(["---", *lines, "---", "", f"# {title}"])


def _claim(verdict: str, kind: str = "capability", **options: str) -> str:
    """Return a claim."""
    options = {"kind": kind, "verdict": verdict, **options}
    lines = [f":{name}: {value}" for name, value in options.items() if value]
    return "\n".join([":::{claim} near-stars", *lines, "", "Some stars are near.", ":::"])


def _lock(**records: dict[str, Any]) -> str:
    """Return an ``anchors.lock.json`` with *records*."""
    first = {"first": "1.0", "title": "Distances"}
    return json.dumps({name: {**first, **record} for name, record in records.items()}, indent=2)


CITATION = """\
cff-version: 1.2.0
message: Cite this book.
title: Distances
authors: [{family-names: Bessel, given-names: Friedrich}]
"""
LOCK = "anchors.lock.json"
DISTANCES = "(distances)=\n# Distances"
CYGNI = "- date: 1838\n  title: 61 Cygni"
AT_HOME = {"at": "index#distances"}

SLIPS = {
    Problem.OPTION_VALUE: Slip("Text.", {"sidenotes_latex": "margins"}),
    Problem.EMPTY_NOTE: Slip("A sentence.\n\n:::{sidenote}\n:::"),
    Problem.NESTED_NOTE: Slip("A sentence.{sidenote}``A note.{sidenote}`Another.` ``"),
    Problem.SPLIT_NOTE: Slip("A sentence.{sidenote}`A note, see {ref}`here <home>`, goes on.`"),
    Problem.NOTE_WITHOUT_ANCHOR: Slip("# Title\n\n:::{sidenote}\nA note.\n:::"),
    Problem.MISPLACED_NOTE: Slip("A [link{sidenote}`A note.`](https://example.org)."),
    Problem.UNDEFINED_FOOTNOTE: Slip("A sentence [^eye]."),
    Problem.UNUSED_FOOTNOTE: Slip(
        "A sentence.\n\n[^eye]: A note.", {"sidenotes_from_footnotes": True}
    ),
    Problem.PAUSE_WITHOUT_QUESTION: Slip(":::{pause-and-think}\nThink of a forest.\n:::"),
    Problem.STRAY_DISCUSSION: Slip(":::{discussion}\nIt has an edge.\n:::"),
    Problem.KEY_IDEA_WITHOUT_TERM: Slip(":::{key-idea}\nThe larger the shift, the nearer.\n:::"),
    Problem.EMPTY_LIST: Slip(":::{pause-list}\n:::"),
    Problem.EMPTY_KEY_IDEA: Slip(":::{key-idea} Parallax\n:::"),
    Problem.UNKNOWN_MATH: Slip(r"A length: $\qty{3}{m}$.", {"html_math_renderer": "mathml"}),
    Problem.UNKNOWN_PREREQUISITE: Slip(
        _article("Distances", prerequisites="[paralax]"),
        beside={"parallax.md": "# Parallax"},
    ),
    Problem.CYCLIC_PREREQUISITE: Slip(
        _article("Distances", prerequisites="[parallax]"),
        beside={"parallax.md": _article("Parallax", prerequisites="[index]")},
    ),
    Problem.HARDER_PREREQUISITE: Slip(
        _article("Distances", difficulty="beginner", prerequisites="[parallax]"),
        beside={"parallax.md": _article("Parallax", difficulty="advanced")},
    ),
    Problem.UNKNOWN_BLOCK: Slip(
        _article("Distances", block="method"), {"articles_blocks": {"methods": "Methods"}}
    ),
    Problem.UNKNOWN_DIFFICULTY: Slip(_article("Distances", difficulty="beginer")),
    Problem.ARTICLE_ORDER: Slip(_article("Distances", block="methods", order="2")),
    Problem.DUPLICATE_TERM: Slip(
        _article(
            "Distances", order="1", glossary="[{term: Parsec, definition: 3.26 light years.}]"
        ),
        beside={
            "parallax.md": _article(
                "Parallax", order="2", glossary="[{term: parsec, definition: A distance.}]"
            )
        },
    ),
    Problem.MISSING_METADATA: Slip(_article("Distances", description="", order="1")),
    Problem.METADATA_TYPE: Slip(_article("Distances", order="first")),
    Problem.METADATA_KEY: Slip(_article("Distances", order="1", dificulty="beginner")),
    Problem.TITLE_MISMATCH: Slip(
        _article("Distances", order="1").replace("# Distances", "# How far is a star?")
    ),
    Problem.BLOCK_FILE: Slip(
        _article("Distances", order="1"),
        beside={"methods/_block.yaml": "Methods", "methods/parallax.md": "# Parallax"},
    ),
    Problem.UNCITED_WORK: Slip(
        "# Distances\n\n:::{bibliography}\n:all:\n:::",
        {
            "extensions": [*EXTENSIONS, "sphinxcontrib.bibtex"],
            "bibtex_bibfiles": ["works.bib"],
            "citing_report_uncited": True,
        },
        beside={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
    ),
    Problem.CITATION_FILE: Slip(
        "# Distances", beside={"CITATION.cff": f"{CITATION}licence: CC-BY-4.0"}
    ),
    Problem.CITATION_METADATA: Slip(
        "---\nupdated: last spring\n---\n\n# Distances", beside={"CITATION.cff": CITATION}
    ),
    Problem.TAKEN_ADDRESS: Slip(
        DISTANCES, beside={"s/distances.md": "# Some distances", LOCK: _lock(distances=AT_HOME)}
    ),
    Problem.ANCHOR_LOCK_FILE: Slip(
        DISTANCES, beside={LOCK: _lock(distances={**AT_HOME, "sucessor": "parallax"})}
    ),
    Problem.ANCHOR_PATTERN: Slip(
        "(61-cygni)=\n# Distances", beside={LOCK: _lock(cygni={"at": "index#cygni"})}
    ),
    Problem.ANCHOR_USED_TWICE: Slip(
        DISTANCES,
        beside={"parallax.md": "(distances)=\n# Parallax", LOCK: _lock(distances=AT_HOME)},
    ),
    Problem.ANCHOR_NAMELESS: Slip(
        f"{DISTANCES}\n\n## Parallax", beside={LOCK: _lock(distances=AT_HOME)}
    ),
    Problem.ANCHOR_NEW: Slip(
        f"{DISTANCES}\n\n(parallax)=\n## Parallax", beside={LOCK: _lock(distances=AT_HOME)}
    ),
    Problem.ANCHOR_MISSING: Slip(
        DISTANCES, beside={LOCK: _lock(distances=AT_HOME, parallax={"at": "index#parallax"})}
    ),
    Problem.ANCHOR_MOVED: Slip(
        DISTANCES, beside={LOCK: _lock(distances={"at": "stars#distances"})}
    ),
    Problem.ANCHOR_REVIVED: Slip(
        DISTANCES, beside={LOCK: _lock(distances={**AT_HOME, "reason": "It was wrong."})}
    ),
    Problem.ANCHOR_SUCCESSOR: Slip(
        DISTANCES,
        beside={
            LOCK: _lock(distances=AT_HOME, cygni={"at": "index#cygni", "successor": "distance"})
        },
    ),
    Problem.ANCHOR_OLD_PLACE: Slip(
        DISTANCES,
        beside={
            LOCK: _lock(
                distances={**AT_HOME, "was": ["stars#cygni"]},
                cygni={"at": "index#cygni", "successor": "distances", "was": ["stars#cygni"]},
            )
        },
    ),
    Problem.ANCHOR_REMOVED: Slip(
        DISTANCES,
        beside={LOCK: _lock(distances=AT_HOME)},
        released={LOCK: _lock(distances=AT_HOME, parallax={"at": "index#parallax"})},
    ),
    Problem.TIMELINE_FILE: Slip(f":::{{timeline}}\n:file: distance.yaml\n\n{CYGNI}\n:::"),
    Problem.TIMELINE_DATA: Slip(f":::{{timeline}}\n{CYGNI}\n- 1989 Hipparcos\n:::"),
    Problem.TIMELINE_DATE: Slip(
        f":::{{timeline}}\n{CYGNI}\n- {{date: 1989-13, title: Hipparcos}}\n:::"
    ),
    Problem.TIMELINE_KEY: Slip(f":::{{timeline}}\n{CYGNI}\n  txt: the first distance\n:::"),
    Problem.TIMELINE_TITLE: Slip(
        ":::{timeline}\n- date: 1838\n  text: the first distance of a star\n:::"
    ),
    Problem.TIMELINE_CITATION: Slip(
        f":::{{timeline}}\n{CYGNI}\n  cite: besel1838\n:::",
        {
            "extensions": [*EXTENSIONS, "sphinxcontrib.bibtex"],
            "bibtex_bibfiles": ["works.bib"],
        },
        beside={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
    ),
    Problem.CLAIM_INCOMPLETE: Slip(_claim("not-established", kind="")),
    Problem.CLAIM_OPTION: Slip(_claim("not-established", kind="capabilty")),
    Problem.CLAIM_DUPLICATE: Slip("\n\n".join([_claim("not-established")] * 2)),
    Problem.CLAIM_UNKNOWN: Slip(_claim("not-established") + "\n\nSee {claim}`near-star`."),
    Problem.CLAIM_UNKNOWN_WORK: Slip(
        _claim("supported", evidence="bessel1839"),
        {"extensions": [*EXTENSIONS, "sphinxcontrib.bibtex"], "bibtex_bibfiles": ["works.bib"]},
        beside={"works.bib": "@book{bessel1838, title = {On 61 Cygni}, year = {1838}}"},
    ),
    Problem.CLAIM_WORKS_UNREAD: Slip(_claim("supported", evidence="bessel1838")),
    Problem.CLAIM_WITHOUT_EVIDENCE: Slip(_claim("supported")),
    Problem.CLAIM_UNOPPOSED: Slip(_claim("refuted")),
    Problem.CLAIM_DATE: Slip(_claim("not-established", reviewed="2026-11-31")),
}

#: The language in which a file is shown, by the end of its name.
LANGUAGES = {".yaml": "yaml", ".cff": "yaml", ".json": "json", ".bib": "bibtex"}


def pages() -> dict[Path, str]:
    """Return the text of each generated page by its path."""
    return {
        AUTHORING / "options.md": _page(
            "Options of sphinx-marginalia in conf.py: name, default, choices, meaning.",
            "(writing-options)=\n# Options",
            "These values can be set in `conf.py`. None has to be. A value that cannot be used is "
            "reported as {ref}`option_value <warning-option-value>`, and the default holds.",
            *_options(),
        ),
        AUTHORING / "warnings.md": _page(
            "Every warning of sphinx-marginalia: what it means, an example, how to silence it.",
            "(writing-warnings)=\n# Warnings",
            f"Each warning ends with its type, `{TYPE}`, and a subtype that says what is wrong. "
            "The page is built all the same, and nothing you wrote is lost. To silence one kind, "
            "name it in `conf.py`:",
            f'```python\nsuppress_warnings = ["{TYPE}.{Problem.NESTED_NOTE.subtype}"]\n```',
            f'`"{TYPE}"` alone silences all of them. With `sphinx-build -W` a warning that is not '
            "silenced makes the build fail, which is what you want before you publish.",
            *_warnings(),
        ),
    }


def options_of(feature: str) -> tuple[Option, ...]:
    """Return the options of *feature*, which has none without a module ``options``."""
    if not find_spec(f"{feature}.options"):
        return ()
    options: tuple[Option, ...] = import_module(f"{feature}.options").OPTIONS
    return options


def _options() -> Iterator[str]:
    for feature in (*FEATURES, *EXTRAS):
        if options := options_of(feature):
            name = feature.rpartition(".")[2]
            yield f"(options-{name})=\n## {name.capitalize()}"
            yield from map(_option, options)


def _option(option: Option) -> str:
    choices = " or ".join(f"`{_literal(choice)}`" for choice in option.choices)
    parts = [option.help, choices and f"One of {choices}.", REBUILD[option.rebuild]]
    kind = type(option.default).__name__
    fields = f":type: `{kind}`\n:default: `{_literal(option.default)}`"
    text = "\n\n".join(part for part in parts if part)
    return f":::{{confval}} {option.name}\n{fields}\n\n{text}\n:::"


def _warnings() -> Iterator[str]:
    for problem in Problem:
        yield f"(warning-{problem.subtype.replace('_', '-')})=\n## {problem.subtype}"
        yield problem.meaning
        slip = SLIPS[problem]
        settings = "".join(f"{name} = {_literal(value)}\n" for name, value in slip.config.items())
        if settings:
            yield f"```python\n{settings}```"
        if problem is not Problem.OPTION_VALUE:
            yield f"```{slip.syntax}\n{slip.source}\n```"
        for name, source in slip.released.items():
            language = LANGUAGES.get(Path(name).suffix, slip.syntax)
            yield f"At the last release the file `{name}` said:\n\n```{language}\n{source}\n```"
        for name, source in slip.beside.items():
            language = LANGUAGES.get(Path(name).suffix, slip.syntax)
            yield f"and in the file `{name}`:\n\n```{language}\n{source}\n```"
        yield f"```text\n{message(problem)}\n```"


def message(problem: Problem) -> str:
    """Return the warning that a build gives for the example of *problem*."""
    slip = SLIPS[problem]
    with TemporaryDirectory() as folder:
        name = "index.rst" if slip.syntax == "rst" else "index.md"
        if slip.released:
            release(Path(folder, "source"), slip.released)
        config = {"extensions": (*EXTENSIONS, *EXTRAS), **slip.config}
        files = {name: slip.source, **slip.beside}
        built = build(files, Path(folder), may_fail=True, show_warning_types=True, **config)
        lines = built.warnings.replace(f"{built.app.srcdir}/", "").splitlines()
    (line,) = (line for line in lines if line.endswith(f"[{TYPE}.{problem.subtype}]"))
    return line


def release(folder: Path, files: dict[str, str]) -> None:
    """Make a git repository of *files* with the release 1.0."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "1.0"), ("tag", "v1.0")):
        subprocess.run(["git", "-C", str(folder), *author, *command], check=True)


def _literal(value: object) -> str:
    """Return *value* as it would be written in ``conf.py``."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        entries = (f"{_literal(key)}: {_literal(entry)}" for key, entry in value.items())
        return f"{{{', '.join(entries)}}}"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _page(description: str, *parts: str) -> str:
    front_matter = f"---\ndescription: {_literal(description)}\n---"
    return "\n\n".join([front_matter, COMMENT, *parts]) + "\n"


def main() -> int:
    """Write every page whose text has changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path} is new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
