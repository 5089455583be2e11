"""The schemas for editors accept what a build accepts, and reject what it warns about."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from sphinx_marginalia.articles import blocks, frontmatter
from sphinx_marginalia.articles.options import ArticleProblem
from sphinx_marginalia.cite_as.options import CiteAsProblem
from sphinx_marginalia.cite_as.page_metadata import read_page_metadata
from sphinx_marginalia.core.located import read_yaml
from sphinx_marginalia.ledger.options import LedgerProblem
from sphinx_marginalia.ledger.review_log import KEYS as REVIEW_KEYS
from sphinx_marginalia.ledger.review_log import read_log
from sphinx_marginalia.ledger.vocabulary import VERDICTS
from sphinx_marginalia.new.project import SCHEMAS, describe, files
from sphinx_marginalia.testing import build
from sphinx_marginalia.timeline import reading
from sphinx_marginalia.timeline.problems import TimelineProblem

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "_static" / "schemas"
FILES = {file.stem: json.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.json")}
#: Words that mean something to a reader, so that a test meets each rule.
WORDS = """
    beginner first Parallax 2 0 2.5 -1 1838 1838-02 1989-13 2013-12..2025-01 2024-03-18 1838.. kept
    supported lost javascript:alert(1) 10.5281/zenodo.1 doi
""".split()


class Loader(yaml.SafeLoader):
    """YAML as editors read it: a date is a text."""


Loader.yaml_implicit_resolvers = {
    sign: [pair for pair in pairs if not pair[0].endswith("timestamp")]
    for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def errors(name: str, text: str) -> list[str]:
    """Return what an editor underlines in the YAML *text*."""
    value = yaml.load(text, Loader)
    return [error.message for error in Draft7Validator(FILES[name]).iter_errors(value)]


# What a build says of the same text


def of_front_matter(text: str, _: Path) -> list[str]:
    located = read_yaml(text, ArticleProblem.METADATA_TYPE)
    lines = dict.fromkeys(located.value, 1)
    found = [*read_page_metadata(located.value, lines).diagnostics, *frontmatter.read(located)[1]]
    return [each.message for each in found]


def of_block(text: str, folder: Path) -> list[str]:
    (folder / "_block.yaml").write_text(text, encoding="utf-8")
    problems: list[str] = []
    blocks._block(folder / "_block.yaml", "b", lambda _, message, **__: problems.append(message))
    return problems


def of_timeline(text: str, _: Path) -> list[str]:
    return [each.message for each in reading.read(text)[1]]


def of_reviews(text: str, folder: Path) -> list[str]:
    (folder / "reviews.yaml").write_text(text, encoding="utf-8")
    log = read_log(folder / "reviews.yaml")
    assert log is not None
    return [each.message for each in log.diagnostics]


READERS: dict[str, Callable[[str, Path], list[str]]] = {
    "front-matter": of_front_matter,
    "block": of_block,
    "timeline": of_timeline,
    "reviews": of_reviews,
}

# The schemas


def test_there_is_a_schema_for_each_reader_and_it_is_one() -> None:
    assert FILES.keys() == READERS.keys()
    for name, schema in FILES.items():
        Draft7Validator.check_schema(schema)
        assert schema["$id"] == f"{SCHEMAS}/{name}.json"


def test_a_schema_is_on_the_web_site_and_not_in_the_e_book() -> None:
    settings: dict[str, Any] = {}
    exec((ROOT / "conf.py").read_text("utf-8"), settings)
    assert str(FOLDER.parent.relative_to(ROOT)) in settings["html_static_path"]
    assert {f"_static/schemas/{name}.json" for name in FILES} <= {*settings["epub_exclude_files"]}


def test_a_schema_has_the_keys_and_words_of_its_reader() -> None:
    front_matter = FILES["front-matter"]["properties"]
    assert front_matter.keys() == set(frontmatter.KEYS)
    assert set(frontmatter.DIFFICULTIES) < set(front_matter["difficulty"]["enum"])
    assert FILES["block"]["properties"].keys() == {"title", "order"}
    milestone = FILES["timeline"]["items"]["anyOf"][1]
    assert milestone["properties"].keys() == set(reading.KEYS)
    review = FILES["reviews"]["items"]["properties"]
    assert review.keys() == set(REVIEW_KEYS)
    assert review["verdict"]["enum"] == ["kept", *VERDICTS]


def test_a_new_book_names_the_schemas_and_its_files_obey_them(tmp_path: Path) -> None:
    written = files(describe("Tides", "Ada"))
    named = set(re.findall(rf"{SCHEMAS}/([\w-]+)\.json", "".join(written.values())))
    assert named == FILES.keys()
    for path, text in written.items():
        for name in re.findall(rf"\$schema={SCHEMAS}/([\w-]+)\.json", text):
            if not path.endswith((".yaml", ".md")):
                continue
            data = text.split("---\n")[1] if path.endswith(".md") else text
            assert errors(name, data) == READERS[name](data, tmp_path) == []


SNIPPETS: dict[str, dict[str, Any]] = json.loads(
    files(describe("Tides", "Ada"))[".vscode/marginalia.code-snippets"]
)


def typed(body: list[str] | str) -> str:
    """Return what an author has who takes a snippet and presses Tab until its end."""
    text = body if isinstance(body, str) else "\n".join(body)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
    text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\}", r"\1", text)
    return text.replace("$0", "").replace("\\$", "$")


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_builds_as_it_is_typed(name: str, tmp_path: Path) -> None:
    snippet = SNIPPETS[name]
    assert snippet["scope"] == "markdown"
    assert snippet["description"]
    text = typed(snippet["body"])
    if not text.startswith("---"):
        text = f"# Title\n\nText.{text}" if name == "Sidenote" else f"# Title\n\n{text}"
    pages = {"index.md": f"{text}\n\n```{{bibliography}}\n```\n", "picture.svg": "<svg/>"}
    pages["references.bib"] = "@misc{key, author={A, B}, title={T}, year={1}, note={n}}\n"
    extensions = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
    built = build(
        pages, tmp_path, extensions=extensions, bibtex_bibfiles=["references.bib"], nitpicky=True
    )
    assert built.warnings == ""


def test_every_snippet_is_in_the_manual() -> None:
    page = (ROOT / "docs" / "authoring" / "editors.md").read_text("utf-8")
    table = page.partition("| type | to get |")[2].partition("\n\n")[0]
    listed = re.findall(r"`(\w+)`", re.sub(r"(?m)(^\| .*?) \| .*$", r"\1", table))
    assert sorted(listed) == sorted(snippet["prefix"] for snippet in SNIPPETS.values())


# The examples of the manual


def in_front(text: str) -> str:
    """Return the front matter of a page."""
    match = re.match(r"\s*---\n(.*?)\n---", text, re.DOTALL)
    return match[1] if match else ""


def test_the_files_of_this_book_obey_the_schemas(tmp_path: Path) -> None:
    docs = ROOT / "docs"
    texts = [("timeline", docs / "timeline.yaml"), ("reviews", docs / "reviews.yaml")]
    checked = [(name, path, path.read_text("utf-8")) for name, path in texts]
    checked.append(
        ("block", docs, (docs / "authoring" / "examples" / "block.yaml").read_text("utf-8"))
    )
    checked += [
        ("front-matter", path, in_front(path.read_text("utf-8")))
        for path in [*docs.rglob("*.md")]
        if in_front(path.read_text("utf-8"))
    ]
    assert len(checked) > 30
    assert [(path, found) for name, path, text in checked if (found := errors(name, text))] == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("front-matter", ArticleProblem.METADATA_TYPE),
        ("front-matter", ArticleProblem.MISSING_METADATA),
        ("front-matter", ArticleProblem.UNKNOWN_DIFFICULTY),
        ("block", ArticleProblem.BLOCK_FILE),
        ("timeline", TimelineProblem.TIMELINE_DATA),
        ("timeline", TimelineProblem.TIMELINE_DATE),
        ("timeline", TimelineProblem.TIMELINE_KEY),
        ("timeline", TimelineProblem.TIMELINE_TITLE),
    ],
    ids=str,
)
def test_the_example_of_a_warning_is_rejected(name: str, problem: Any) -> None:
    example = problem.example
    pages = [example.source, *example.files.values()]
    if name == "block":
        texts = [text for path, text in example.files.items() if path.endswith("_block.yaml")]
    elif name == "timeline":
        texts = [re.sub(r":::.*", "", example.source)]
    else:
        texts = [text for page in pages if (text := in_front(page))]
    assert texts
    assert any(errors(name, text) for text in texts)


def test_the_example_of_a_wrong_review_is_rejected(tmp_path: Path) -> None:
    written = LedgerProblem.REVIEW_LOG.example.files
    (text,) = (text for path, text in written.items() if path.endswith("reviews.yaml"))
    assert errors("reviews", text)
    assert of_reviews(text, tmp_path)


def test_wrong_metadata_for_citing_are_rejected(tmp_path: Path) -> None:
    assert CiteAsProblem.CITATION_METADATA
    for wrong in ("authors: 5", "authors: [{nam: Ada}]", "doi: mine", "authors: [[Ada]]"):
        assert errors("front-matter", wrong), wrong
        assert of_front_matter(wrong, tmp_path), wrong


# Anything

scalars = st.one_of(st.sampled_from([None, 1, 0, 2.5, -3, 1838]), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from("url title term definition from to name family-names".split()),
            inner,
            max_size=3,
        )
    ),
    max_leaves=4,
)


def entries(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), values, max_size=6)


TEXTS = {
    "front-matter": entries(*frontmatter.KEYS).map(
        lambda values: {"title": "Tides", "description": "Of tides.", **values}
    ),
    "block": entries("title", "order"),
    "timeline": st.lists(entries(*reading.KEYS), max_size=2),
    "reviews": st.lists(entries(*REVIEW_KEYS), max_size=2),
}


@pytest.mark.parametrize("name", TEXTS)
def test_whatever_a_build_accepts_an_editor_accepts(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(name)

    @given(value=TEXTS[name])
    @settings(max_examples=150, deadline=None)
    def compare(value: object) -> None:
        text = yaml.safe_dump(value)
        if not READERS[name](text, folder):
            assert errors(name, text) == []

    compare()
