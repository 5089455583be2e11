"""Each form of the old sites, as it was written and as it is in MyST.

The pairs are in ``golden/``, a file for each theme of a dialect: a title, what was written, what it
becomes, between lines of ``%%%``; then the lines and kinds of what is reported. A file of rules of
the same name is given to the importer, and ``…-key-ideas`` is converted with that option. All that
was written is also built, as one site of each dialect.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from marginalia_import.importer import Options, import_site
from marginalia_import.rules import custom as custom_rules
from sphinx_marginalia.testing import ANSI
from tests.importer.conftest import ARTICLE, BUILTIN_RULES, PICTURE, SITES, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marginalia_import.rules import Rule

GOLDEN = Path(__file__).parent / "golden"
PAIR = re.compile(
    r"(?P<title>.+)\n%%%\n(?P<written>(?s:.*?))^%%%\n(?P<expected>(?s:.*?))^%%%\n"
    r"(?P<reported>(?:\d+ [\w-]+\n)*)",
    re.MULTILINE,
)
#: What stands before an article that has no front matter of its own, and what becomes of that.
HEAD = "---\ntitle: Stars\n---\n"
HEADING = "(stars)=\n# Stars\n\n"


class Pair(NamedTuple):
    """One form, before and after."""

    file: Path
    title: str
    written: str
    expected: str
    #: ``line kind`` of each thing reported.
    reported: list[str]

    @property
    def dialect(self) -> str:
        """The dialect, after which the file is named."""
        return next(dialect for dialect in BUILTIN_RULES if self.file.stem.startswith(dialect))

    @property
    def name(self) -> str:
        """What no other pair is called."""
        return f"{self.dialect}: {self.title}"


def read(file: Path) -> Iterator[Pair]:
    """Yield the pairs of a file.

    :raises ValueError: something in it belongs to no pair
    """
    text = file.read_text(encoding="utf-8")
    if lost := PAIR.sub("", text).strip():
        message = f"{file.name}: {lost[:60]!r} is in no pair"
        raise ValueError(message)
    for match in PAIR.finditer(text):
        *parts, reported = match.groups()
        yield Pair(file, *parts, reported.splitlines())


PAIRS = [pair for file in sorted(GOLDEN.glob("*.md")) for pair in read(file)]


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair.name) for pair in PAIRS])
def test_an_example_converts_as_expected(pair: Pair, article: Callable) -> None:
    whole = pair.written.startswith(("---\n", "+++\n"))
    rules = pair.file.with_suffix(".toml")
    text, result = article(
        pair.written if whole else HEAD + pair.written,
        pair.dialect,
        key_ideas=pair.file.stem.endswith("key-ideas"),
        rules=tuple(custom_rules.read_rules(rules)) if rules.exists() else (),
    )
    before = 0 if whole else HEAD.count("\n")
    reported = [f"{e.line - before} {e.kind}" for e in result.report.lines() if "stars" in e.file]
    # What is in MyST already gets no label.
    heading = "# Stars\n\n" if pair.dialect == "myst" else HEADING
    assert (text if whole else text.partition(heading)[2]) == pair.expected
    assert reported == pair.reported


def test_titles_of_examples_are_unique() -> None:
    names = [pair.name for pair in PAIRS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("dialect", "tag"),
    [(dialect, rule.tag) for dialect, rules in BUILTIN_RULES.items() for rule in rules],
)
def test_every_rule_has_an_example(dialect: str, tag: str) -> None:
    written = re.compile(rf"\{{%-?\s*{tag}\b")
    assert any(written.search(pair.written) for pair in PAIRS if pair.dialect == dialect)


# What Sphinx says of them all

#: What no author writes, and some site holds all the same. It has no one right form, but it builds.
STRANGE = {
    "eleventy": [
        "{% box %}\n{% endbox %}\n\n{% box %}{% endbox %}\n",
        "Text[^a].\n\n[^a]: One.\n[^a]: Two.\n",
        "Text[^a].\n\n[^a]: See[^b].\n[^b]: See[^a].\n",
        "[^a]: Code:\n\n    ```python\n    x = 1\n    ```\n\n    - one\n",
        "- a\n\n  ---\n\n> b\n>\n> ---\n\n---\n",
        "# A\n\n#### B\n\n###### C\n\n# Stars\n\n##\n\n## {{ x }}\n",
        "{cite}`x` {ref}`y` {doc}`z` {{ x }} (x)= % y\n\n```{note}\nz\n```\n",
        "[a](b:c) [d](<e f>) [g]() [h](#) [i](?j) ![k]() ![](l) <m:n> [o](project:#p)\n",
        "<details><summary></summary></details>\n\n<figure></figure>\n\n<div>\n\n</p>\n",
        '| a |\n|---|\n| {% sidenote "b|c" %} {% cite "leavitt1912" %} |\n',
    ],
    "tufte-jekyll": [
        "a \\\\ b \\\\\n\n|a|\n|-|\n|{% sidenote 'x' 'a|b' %}|\n",
        "Noon\n: high\n\n    ```\n    x\n    ```\n\n    more{% sidenote 'x' 'y' %}\n",
        "{% math %}a\n\nb & c \\\\ d{% endmath %}\n\n$$\\begin{align}a\\end{align}$$\n",
        "{% epigraph '- a' '1. b' '> c' %}\n\n{% newthought '' %}\n\n{% fullwidth '' '' %}\n",
        "## {#}\n\n## A {#a b}\n\n## B {#a}\n\n{:.x}\n\n* TOC\n{:toc}\n",
    ],
    "quarto": [
        "::: {.callout-note}\nnever closed\n\n::: {#fig-empty}\n:::\n",
        ":::\n\n::: {.panel-tabset}\nno heading\n:::\n\n::: {}\n\n:::\n",
        "```{r}\n```\n\n```{python}\n#| label: fig-a\n#| fig-cap:\n```\n\n```{=html}\n<b>x</b>\n```\n",
        "[@leavitt1912; @nobody] @nobody -@leavitt1912 [see @] @fig- ^[ [a]{ []{.aside}\n",
        "$$ x $$ {#eq-a}\n\n$$\ny\n$$ {#eq-a}\n\n| a |\n|---|\n| ^[b|c] |\n\n: {#tbl-e}\n",
        "- ::: {.callout-tip}\n  in a list^[note]\n  :::\n\n> ::: {.aside}\n> quoted\n> :::\n",
        "## Noon\n\nText[^noon].\n\n[^noon]: High.\n",
    ],
    "myst": [
        "{aside}`` a ` b `` {prf:ref}`none` [@leavitt1912; @nobody] `{cite}`\n",
    ],
    "hugo": [
        "{{< sidenote >}}{{< /sidenote >}} {{< /tab >}} {{< details >}}{{< /details >}} {{< math >}}\n",
        '{{< sidenote "a" }} {{< figure >}} {{% notice %}}never closed {{< ref "none#a" >}}\n',
        "{{< notice note >}}\n{{< /notice >}}\n\n{{< tabs >}}\n{{< /tabs >}}\n\n{{< x >}}\n\n{{< /x >}}\n",
        '- {{< alert "one" >}}\n- {{< details "two" >}}\n  three\n  {{< /details >}}\n',
        '| a |\n|---|\n| {{< sidenote "b|c" >}} {{< cite "leavitt1912" >}} |\n',
    ],
    "obsidian": [
        "[[ ]] [[#]] [[none|]] ![[none.png]] ![[]] == == ==a== %% %%b%% [[stars#Noon]] ^a\n",
        "> [!note]\n\n> [!tip]- Folded\n> text\n> > [!warning]\n> > deep\n\n> [!x]\n",
        "- a %%b\nc%% d\n- [[Lamps]]\n\n| a |\n|---|\n| [[Lamps\\|b]] |\n",
    ],
    "astro": [
        "<Card>\n\n<Tip>\n\n</Card> </Tip> <Tip/> <Sidenote></Sidenote> <Image />\n",
        "<Details>\n\n```sh\n<Card>\n```\n\n</Details>\n\n- <Tip>a</Tip>\n\n> <Tip>\n> b\n> </Tip>\n",
        "{a} {b {c} } {'d'} { <Card/> } < > <a b={c} d> {/* e */}\n\nexport const f = 1\n",
        "| a |\n|---|\n| <Sidenote>b|c</Sidenote> <Card>d</Card> {e} |\n\n<Card.Top {...f}>g</Card.Top>\n",
    ],
    "bookdown": [
        "\\@ref() \\@ref(fig:none) (ref:none) \\index{a{b}c} \\(x\\) `r 1 + 1`\n",
        "# (PART) Part {-}\n\n# Two\n\n# Three {#three}\n\n\\begin{align}\na\n\\end{align}\n",
        "```{theorem}\n```\n\n```{r, fig.cap='A'}\n```\n\n```{block, type='note'}\ntext\n```\n",
    ],
}


def rules_of(dialect: str) -> tuple[Rule, ...]:
    """Return the rules of all files, but for those that take the place of one everybody has."""
    usual = {rule.tag for rule in BUILTIN_RULES[dialect]}
    files = sorted(GOLDEN.glob(f"{dialect}*.toml"))
    return tuple(
        rule for file in files for rule in custom_rules.read_rules(file) if rule.tag not in usual
    )


def one_site(dialect: str) -> dict[str, str | bytes]:
    """Return a site with an article for each pair, and for what is strange."""
    source, _ = ARTICLE[dialect]
    texts = [pair.written for pair in PAIRS if pair.dialect == dialect] + STRANGE[dialect]
    files = dict(SITES[dialect])
    for number, text in enumerate(texts):
        file = source.replace("stars", f"stars-{number}")
        files[file] = text if text.startswith(("---\n", "+++\n")) else HEAD + text
        if dialect == "eleventy":
            files[file.replace("index.md", "images/map.png")] = PICTURE
    return files


@pytest.mark.slow
@pytest.mark.parametrize("dialect", BUILTIN_RULES)
def test_all_examples_build_without_a_warning(dialect: str, tmp_path: Path) -> None:
    site, new = write_site(tmp_path / "site", one_site(dialect)), tmp_path / "new"
    import_site(Options(site, new, project=True, key_ideas=True, rules=rules_of(dialect)))
    warnings = io.StringIO()
    quick = {"html_theme": "basic", "html_copy_source": False}
    with patch_docutils(), docutils_namespace():
        places = (new, new, tmp_path / "html", tmp_path / "doctrees")
        Sphinx(*places, "html", quick, status=None, warning=warnings).build()
    text = ANSI.sub("", warnings.getvalue()).replace(f"{new}/", "")
    assert text == ""
