"""Sites of MkDocs and books of mdBook, and folders of Markdown that belong to no generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marginalia_import.importer import guess_dialect
from sphinx_marginalia.testing import ANSI
from tests.importer.conftest import run_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = """\
site_name: Skies
site_author: Ada Reed
site_url: https://skies.org/
markdown_extensions:
  - pymdownx.mark
  - emoji: {index: !!python/name:emoji.index}
nav:
  - Home: index.md
  - On lamps:
    - Far lamps: lamps.md
    - Near: [near.md]
"""
HOME = "# Skies\n\nOf [lamps](lamps.md), [near](https://skies.org/near/) and ==stars==.\n"
MKDOCS: dict[str, str | bytes] = {
    "mkdocs.yml": SETTINGS,
    "README.md": "# About the repository\n",
    "docs/index.md": HOME,
    "docs/lamps.md": "# Lamps\n",
    "docs/near.md": "# Near lamps\n",
    "lamp.py": "lamp = 1\n",
}


def test_a_site_of_mkdocs_keeps_its_order_and_facts(imported: Callable) -> None:
    result = imported(MKDOCS, project=True)
    assert result.report.dialect == "markdown"
    assert "Of [lamps](lamps.md), [near](near.md) and [stars]{.mark}." in (result.read("index.md"))
    contents = result.read("contents.md")
    assert contents.index("/index") < contents.index(":caption: On lamps") < contents.index("/near")
    assert "Ada Reed" in result.read("conf.py")
    assert "readme.md" not in {name.lower() for name in result.files}


def test_a_book_of_mdbook_keeps_its_order_and_includes(imported: Callable) -> None:
    files = {
        "book.toml": '[book]\ntitle = "Skies"\nauthors = ["Ada Reed"]\n',
        "src/SUMMARY.md": "# Summary\n\n[Front](README.md)\n\n# Lamps\n\n- [Far](./lamps/far.md)\n",
        "src/README.md": "# Front\n",
        "src/lamps/far.md": "# Far\n\n```rust\n{{#include ../../lamp.rs}}\n```\n\n[No](/no)\n",
        "lamp.rs": "let a = 1;\nlet b = 2;\n",
    }
    result = imported(files, project=True)
    assert "```rust\nlet a = 1;\nlet b = 2;\n```" in result.read("lamps/far.md")
    assert ":caption: Lamps\n" in result.read("contents.md")
    places = [(e.line, e.kind) for e in result.report.entries if e.file.endswith("far.md")]
    assert places == [(7, "unresolved-link")]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            '!!! note "A *lamp*"\n\n    Look.\n\nAfter.',
            ":::{admonition} A *lamp*\n:class: note\n\nLook.\n:::",
        ),
        ("!!! quote\n    Look.\nAfter.", ":::{note}\nLook.\n:::\n\nAfter."),
        ("??? tip\n    Look.", ":::{dropdown} Tip\nLook.\n:::"),
        ("???+ tip\n    Look.", ":::{tip}\nLook.\n:::"),
        (
            '=== "One"\n\n    ```py\n    !!! note\n    ```\n\n=== "Two"\n\n    B.\n\nAfter.',
            "::::{tab-set}\n:::{tab-item} One\n```py\n!!! note\n```\n:::\n\n"
            ":::{tab-item} Two\nB.\n:::\n::::\n\nAfter.",
        ),
        (
            '- A list\n\n    === "One"\n\n        ``` sh\n        go\n        ```\n\n    After.',
            "- A list\n\n    ::::{tab-set}\n    :::{tab-item} One\n    ```sh\n    go\n    ```\n    :::\n"
            "    ::::\n\n    After.",
        ),
        ('=== "Empty"\n\nAfter.', ":::{tab-item} Empty\n%\n:::"),
        ('```py\n--8<-- "lamp.py"\n```', "```py\nlamp = 1\n```"),
        ('[Near](near.md){ .button title="x" }, go.', "[Near](near.md), go."),
        (
            '``` { .py .no-copy title="lamp.py" }\na = 1\n```',
            ":::{code-block} py\n:caption: lamp.py",
        ),
        ('``` title="lamps.txt"\na = 1\n```', "{code-block}\n:caption: lamps.txt"),
        ("```\n!!! note\n    Look.\n```", "```\n!!! note\n    Look.\n```"),
    ],
)
def test_an_article_becomes(text: str, made: str, imported: Callable, tmp_path: Path) -> None:
    result = imported({**MKDOCS, "docs/lamps.md": f"# Lamps\n\n{text}\n"}, project=True)
    assert made in result.read("lamps.md")
    assert [str(entry) for entry in result.report.entries if entry.kind == "lost-words"] == []
    build = run_program("sphinx", "-W", "-q", result.folder, tmp_path / "out")
    assert (ANSI.sub("", build.err), build.code) == ("", 0)


@pytest.mark.parametrize("name", ["no.py", "../secret.py"])
def test_a_snippet_that_cannot_be_read_is_reported(name: str, imported: Callable) -> None:
    result = imported({**MKDOCS, "docs/lamps.md": f'# Lamps\n\n--8<-- "{name}"\n'})
    entries = [str(entry) for entry in result.report.entries]
    assert f'docs/lamps.md:3 literal snippet stays as it is: --8<-- "{name}"' in entries


def test_the_dates_of_a_blog_may_be_a_mapping(imported: Callable) -> None:
    text = "---\ndate:\n  created: 2024-01-31\n  updated: 2024-02-02\n---\n# Lamps\n"
    written = imported({**MKDOCS, "docs/lamps.md": text}).read("lamps.md")
    assert "date: 2024-01-31\nupdated: 2024-02-02\n" in written.replace("'", "")


DOCUSAURUS: dict[str, str | bytes] = {
    "docusaurus.config.js": "export default { title: 'Skies', url: 'https://skies.org' };\n",
    "docs/far.md": "# Far\n\n## How far {#height}\n",
    "blog/2021-08-26-first/index.md": "---\ntitle: First\n---\n\nA.\n\n{/* truncate */}\n\nB.\n",
}


def test_a_site_of_docusaurus_is_read_as_mdx(imported: Callable, tmp_path: Path) -> None:
    text = """\
---
sidebar_position: 2
sidebar_label: Near
---

# Near lamps

import Tabs from "@theme/Tabs";

:::tip[A *lamp*]

Look [there](./far.md#height), [here](/docs/far) and [first](/blog/first).

:::

<Tabs>
<TabItem value="a" label="One">

Words.

</TabItem>
</Tabs>
"""
    result = imported({**DOCUSAURUS, "docs/near.md": text}, project=True)
    assert (
        result.read("near.md")
        == """\
---
order: 2
---

(near)=
# Near lamps

:::{admonition} A *lamp*
:class: tip

Look [there](#height), [here](far.md) and [first](2021-08-26-first/index.md).
:::

::::{tab-set}
:::{tab-item} One
Words.
:::
::::
"""
    )
    assert "date: '2021-08-26'" in result.read("2021-08-26-first/index.md")
    build = run_program("sphinx", "-W", "-q", result.folder, tmp_path / "out")
    assert (ANSI.sub("", build.err), build.code) == ("", 0)


def test_a_link_of_a_wiki_leads_to_a_page_in_any_dialect(article: Callable) -> None:
    written, _ = article("A [[lamps|far lamp]], [[Lamps]] and [[none]], `[[lamps]]`.\n", "hugo")
    assert "A [far lamp](lamps.md), [Lamps](lamps.md) and [[none]], `[[lamps]]`." in written


LESSON: dict[str, str | bytes] = {
    "config.yaml": "carpentry: lc\ntitle: Skies\nepisodes:\n- near.md\n- far.Rmd\n- no.md\n",
    "index.md": "---\nsite: sandpaper\n---\n\nWelcome.\n",
    "episodes/far.Rmd": "---\ntitle: Far\n---\n\n::: questions\n- How far?\n:::\n",
    "episodes/near.md": "---\ntitle: Near\n---\n\n::::: challenge\n\n## Look\n\nNow.\n\n:::: solution\n"
    "A lamp.\n::::\n:::::\n\n::: group-tab\n### One\nA.\n:::\n",
    "learners/setup.md": "---\ntitle: Setup\n---\n\nNothing.\n",
}


def test_a_lesson_of_the_carpentries_keeps_its_order(imported: Callable, tmp_path: Path) -> None:
    result = imported(LESSON, project=True)
    assert result.report.dialect == "carpentries"
    contents = result.read("contents.md")
    assert (
        contents.index("/episodes/near")
        < contents.index("/episodes/far")
        < contents.index(":caption: Learners")
    )
    near = result.read("episodes/near.md")
    assert "::::{admonition} Look\n:class: note\n\nNow.\n\n:::{admonition} Solution\n" in near
    assert ":::{tab-item} One\nA.\n:::" in near
    assert ":::{admonition} Questions\n" in result.read("episodes/far.md")
    assert [e.file for e in result.report.entries if e.kind == "skipped"] == ["episodes/no.md"]
    build = run_program("sphinx", "-W", "-q", result.folder, tmp_path / "out")
    assert (ANSI.sub("", build.err), build.code) == ("", 0)


def test_an_older_lesson_has_callouts_of_quotations(article: Callable) -> None:
    text = """\
---
title: Stars
---
> ## Try *this* {#try}
>
> ~~~
> x = 1
> ~~~
> {: .language-python}
>
> > ## Answer
> > A lamp.
> {: .solution}
{: .challenge}

~~~
a = 1
~~~
{: .python}
"""
    written, result = article(text, "tufte-jekyll")
    assert written.endswith("""\
::::{admonition} Try *this*
:class: note

~~~python
x = 1
~~~

:::{admonition} Answer
:class: solution

A lamp.
:::
::::

~~~python
a = 1
~~~
""")
    assert [e.kind for e in result.report.entries if e.kind in {"attributes", "lost-words"}] == []


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("Plain *words*.", "markdown"),
        ("See [[Lamps]] and ![[map.png]].", "obsidian"),
        ("`[[ -f lamp ]]` and\n\n```\nx[[1]] [[lamps]]\n```", "markdown"),
        ("As said [see @reed2001, p. 3].", "quarto"),
        ("![A map](map.png){#fig:map}", "quarto"),
        ("[@ada](https://lamps.org) wrote.", "markdown"),
    ],
)
def test_the_articles_tell_the_dialect_where_no_settings_do(
    text: str, dialect: str, site: Callable[..., Path]
) -> None:
    assert guess_dialect(site({"notes/lamps.md": f"# Lamps\n\n{text}\n"})) == dialect
