"""Whatever an author writes into a value: no traceback, no word lost, no script, no TeX."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sphinx_marginalia.testing import build
from tests.contract.builders import QUIET, WORKS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The documents of one build: a build takes much longer than a document.
DOCUMENTS = 5
PROJECTS = 5000 // DOCUMENTS

#: Each step of shrinking an example would be a build.
PROFILE: dict[str, Any] = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow],
}

#: Values that broke a reader, a page or a PDF somewhere, here or in another project.
ODD = st.sampled_from(
    [
        "²", "१२", "2024-02-30", "0000-00-00", "2024-13", "-1", "1e999", ".inf", ".nan", "0x1F",
        "9" * 400, "9" * 5000, "1_000", "1:30", "yes", "null", "~", "", " ", "''", '"', "'", "|",
        "[" * 600, "{" * 600, "[1, [2, {a: b}]]", "{a: {b: c}}", "&a [*a]", "*a", "!!python/name:os",
        "!!binary =", "? x", "- - - x", "# x", "%x", "@x", "`x`", "a: b: c", "\\ud800", '"\\ud800"',
        '"\\0"', '"\\a"', "\\", "\\x", "\u202e rtl", "\u0600", "\U0001f600", "\ufeff", "\xa0", "é" * 300,
        "javascript:alert(1)", "JaVa\tScript:alert(1)", " javascript:alert(1)", "data:text/html,alert(1)",
        "vbscript:alert(1)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;script&gt;",
        '" onmouseover="alert(1)', "]]>", "--><script>alert(1)</script>", "</title><script>alert(1)</script>",
        "\\input{fuzz}", "\\write18{fuzz}", "https://x.org/%}\\input{fuzz}{", "x}\\input{fuzz}", "^^5cinput{fuzz}",
        "$\\input{fuzz}$", "=HYPERLINK(1)", "+1", "@sum", "{{ config }}", "{% raw %}", "%(x)s", "%s", "|x|",
        "../../etc/passwd", "/etc/passwd", "C:\\x", "con.md", "a" * 300, "https://[::1", "http://", "//x.org",
        "#", "#x", "?", "mailto:", "x.md#y", "deep", "deep, deep", "nobody", "2024/2020", "1999--1990",
    ]
)  # fmt: skip
VALUES = ODD | st.text("az\\{}[]<>&\"'`:,%$#-", max_size=5)
ONE_LINE = VALUES.map(lambda text: " ".join(text.split()))
#: For what is parsed as Markdown, where an author can write HTML and TeX on purpose.
MARKUP = ONE_LINE.map(lambda text: re.sub("[<$]", "", text))
#: The options and keys that are.
PARSED = frozenset({"would-change", "title", "text"})


def _pair(name: str) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.just(name), MARKUP if name in PARSED else ONE_LINE)


def _options(names: str) -> st.SearchStrategy[str]:
    """Return lines of options, in Markdown."""
    pairs = st.lists(st.sampled_from(names.split()).flatmap(_pair), max_size=3).map(dict)
    return pairs.map(lambda given: "".join(f":{name}: {value}\n" for name, value in given.items()))


def _yaml(names: str) -> st.SearchStrategy[list[str]]:
    """Return lines of YAML, which may be none."""
    pairs = st.lists(st.sampled_from(names.split()).flatmap(_pair), max_size=5).map(dict)
    return pairs.map(lambda given: [f"{name}: {value}" for name, value in given.items()])


ARTICLE = "title description difficulty block order category prerequisites authors date updated doi"
CLAIM = "kind verdict scale evidence against reviewed would-change class claps"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a document with a value of each kind, and a word in each place for text."""
    front = "\n".join(draw(_yaml(f"{ARTICLE} glossary author tags")))
    items = draw(st.lists(_yaml("date title text link group cite claps"), max_size=3))
    timeline = "\n".join("- " + "\n  ".join(lines or ["title: keptmilestone"]) for lines in items)
    return f"""---
{front}
---

# Keptheading

Kepttext.{{sidenote}}`keptnote` Keptmore.

::::{{pause-and-think}} keptquestion {draw(MARKUP)}
{draw(_options("name class open claps"))}
keptthought

:::{{discussion}} {draw(MARKUP)}
{draw(_options("class claps"))}
keptdiscussion
:::
::::

:::{{key-idea}} keptterm
{draw(_options("name class claps"))}
keptdefinition
:::

:::{{claim}} {draw(MARKUP)}
{draw(_options(CLAIM))}
keptclaim
:::

:::{{sidenote}}
{draw(_options("name class claps"))}
keptblocknote
:::

```{{timeline}} keptcaption
{draw(_options("alt class name file claps"))}
- date: 2000
  title: keptevent
{timeline}
```

Keptend.
"""


KEPT = (
    "Keptheading Kepttext keptnote Keptmore keptthought keptdiscussion keptterm keptdefinition "
    "keptclaim keptblocknote Keptend"
).split()


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of a project with odd values in all of them."""
    pages = draw(st.lists(documents(), min_size=DOCUMENTS, max_size=DOCUMENTS))
    names = [f"b/page{number}" for number in range(DOCUMENTS)]
    record = st.dictionaries(st.sampled_from(["at", "first", "title", "was", "retired"]), ONE_LINE)
    lock = draw(st.dictionaries(ONE_LINE, record, max_size=3))
    cff = draw(_yaml("cff-version message title version date-released doi license url abstract"))
    people = draw(st.lists(_yaml("family-names given-names name orcid affiliation"), max_size=2))
    return {
        **{f"{name}.md": page for name, page in zip(names, pages, strict=True)},
        "index.md": "# Index\n\n```{toctree}\n" + "\n".join(names) + "\n```\n\n"
        "```{learning-path}\n```\n\n```{pause-list}\n```\n\n```{key-idea-list}\n```\n\n"
        "```{claim-table}\n```\n\n```{article-glossary}\n```\n\n```{bibliography}\n```\n",
        "b/_block.yaml": "\n".join(draw(_yaml("title order claps"))),
        "works.bib": WORKS,
        "anchors.lock.json": draw(st.just(json.dumps(lock)) | ODD),
        "CITATION.cff": "\n".join(
            [*cff, "authors:", *("- " + "\n  ".join(one or ["name: x"]) for one in people)]
        ),
    }


def _build(files: dict[str, str], builder: str) -> Sequence[str]:
    """Build, and return the text of the pages, or of the PDF's source."""
    folder = Path(mkdtemp())
    try:
        config = {**QUIET, "cite_as_version_url": "https://x.org/{version}/"}
        extensions = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
        built = build(files, folder, builder, extensions=extensions, **config)
        pattern = "b/*.html" if builder == "html" else "*.tex"
        return [file.read_text(encoding="utf-8") for file in sorted(built.out.glob(pattern))]
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@settings(max_examples=PROJECTS, **PROFILE)
@given(projects())
def test_odd_values_lose_no_word_and_make_no_script(files: dict[str, str]) -> None:
    pages = _build(files, "html")
    assert len(pages) == DOCUMENTS
    for page in pages:
        soup = BeautifulSoup(page, "html.parser")
        text = soup.get_text()
        assert [word for word in KEPT if word not in text] == [], text
        scripts = [one for one in soup.select("script:not([type])") if "alert" in one.get_text()]
        handlers = [one for one in soup.find_all() if any(name[:2] == "on" for name in one.attrs)]
        addresses = [str(one[name]) for name in ("href", "src") for one in soup.select(f"[{name}]")]
        live = [
            a for a in addresses if re.match(r"\W*(java|vb)?script:|\W*data:text", a, re.IGNORECASE)
        ]
        assert scripts + handlers + live == [], page


@pytest.mark.slow
@settings(max_examples=PROJECTS // 10, **PROFILE)
@given(projects())
def test_odd_values_lose_no_word_and_make_no_tex(files: dict[str, str]) -> None:
    (tex,) = _build(files, "latex")
    assert not re.search(r"(?<!\\textbackslash{})\\(input|write18)\s*\{fuzz", tex)
    assert [word for word in KEPT if tex.count(word) < DOCUMENTS] == []
