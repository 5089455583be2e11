"""Small sites of further kinds: al-folio with distill, and pages of HTML with Tufte CSS.

Each has three articles in invented words. Beside them lies what the importer has to say of it:
`report.txt`, as it is printed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from marginalia_import import importer
from marginalia_import.importer import Options, import_site
from marginalia_import.myst.names import ADMONITIONS, CALLOUTS, SYNONYMS
from tests.importer.conftest import ARTICLE, run_program, write_site

if TYPE_CHECKING:
    from collections.abc import Callable

SITES = Path(__file__).parent / "sites"
#: The dialect of each site, and the counts of its report.
COUNTS = {
    "al-folio": (
        "tufte-jekyll",
        {"articles": 3, "sidenotes": 1, "marginnotes": 1, "citations": 3, "figures": 2},
    ),
    "tufte-html": (
        "tufte-html",
        {"articles": 3, "sidenotes": 2, "marginnotes": 1, "figures": 2, "links": 4},
    ),
}
each_site = pytest.mark.parametrize("name", COUNTS)


@each_site
def test_the_report_and_its_counts_are_as_expected(name: str, tmp_path: Path) -> None:
    result = run_program("marginalia-import", SITES / name, tmp_path / "new", "--project")
    assert result.out == (SITES / name / "report.txt").read_text(encoding="utf-8")
    report = import_site(Options(SITES / name, tmp_path / "none", dry_run=True))
    dialect, counts = COUNTS[name]
    assert report.dialect == dialect
    assert {key: report.counts[key] for key in counts} == counts
    assert [entry for entry in report.entries if entry.kind == "lost-words"] == []


@pytest.mark.parametrize("builder", ["html", "epub", "latex"])
@each_site
def test_the_new_project_builds_without_a_warning(name: str, builder: str, tmp_path: Path) -> None:
    import_site(Options(SITES / name, tmp_path / "new", project=True))
    result = run_program("sphinx", "-W", "-q", "-b", builder, tmp_path / "new", tmp_path / "out")
    assert (result.code, result.err) == (0, "")


def test_a_page_of_html_keeps_its_words_notes_and_links(tmp_path: Path) -> None:
    import_site(Options(SITES / "tufte-html", tmp_path / "new"))
    text = (tmp_path / "new/lamps.md").read_text(encoding="utf-8")
    assert "[A lamp is faint]{.newthought} from afar.{sidenote}`Its light is *spread*" in text
    assert "| small | 5 |" in text
    assert "hidden" not in text


def test_a_line_of_the_report_about_html_is_that_of_the_page(imported: Callable) -> None:
    page = '<html><body>\n<h1>Lamps</h1>\n\n<p>One.</p>\n<p>A <a href="/x/">lamp</a>.</p>\n</body>'
    tufte = page.replace("<body>", '<body><span class="sidenote">A note.</span>')
    report = imported({"lamps.html": tufte}).report
    assert [e.line for e in report.entries if e.kind == "unresolved-link"] == [5]


# Where a site is


@pytest.mark.parametrize("name", ["eleventy.config.ts", "eleventy.config.cjs", ".eleventy.js"])
def test_a_configuration_may_have_any_suffix(name: str, imported: Callable) -> None:
    assert imported({name: "", "lamps.md": "Lamps.\n"}).report.dialect == "eleventy"


def test_a_site_may_be_in_a_folder_of_the_repository(imported: Callable) -> None:
    result = imported({"README.md": "x", "docs/eleventy.config.js": "", "docs/lamps.md": "A.\n"})
    assert result.files == {"lamps.md"}


def test_a_site_is_not_left_for_an_old_one_within_it(imported: Callable) -> None:
    files = {
        "myst.yml": "project: {title: x}\n",
        "lamps.md": "# A\n",
        "old/_config.yml": "title: y",
    }
    assert imported(files).report.dialect == "myst"


def test_a_book_may_be_in_a_folder_of_the_repository(imported: Callable) -> None:
    files = {"README.md": "x", "book/_toc.yml": "root: lamps\n", "book/lamps.md": "# A\n"}
    assert "lamps.md" in imported(files).files


def test_a_package_tells_its_generator(tmp_path: Path) -> None:
    package = '{"devDependencies": {"@11ty/eleventy": "^3.0.0"}}'
    site = write_site(tmp_path / "site", {"package.json": package, "lamps.md": "A.\n"})
    assert importer.guess_dialect(site) == "eleventy"


@pytest.mark.parametrize("suffix", ["mdx", "qmd", "Rmd", "njk", "ipynb"])
def test_articles_of_other_generators_are_listed(suffix: str, imported: Callable) -> None:
    files = {"eleventy.config.js": "", "lamps.md": "A.\n", f"moon.{suffix}": "Moon.\n"}
    skipped = [entry.file for entry in imported(files).report.entries if entry.kind == "skipped"]
    assert skipped == [f"moon.{suffix}"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("404.md", "Nothing here."),
        ("tags.md", "---\nlayout: tags\n---\n{% for tag in tags %}{{ tag }}{% endfor %}"),
        ("search/index.md", '<form><input type="search"></form>'),
        ("blog.md", "---\npagination: {data: posts}\n---\n{{ posts }}"),
    ],
)
def test_pages_of_the_old_site_s_own_are_left_out(path: str, text: str, imported: Callable) -> None:
    result = imported({"eleventy.config.js": "", "lamps.md": "A.\n", path: text})
    assert result.files == {"lamps.md"}
    assert [entry.file for entry in result.report.entries if entry.kind == "skipped"] == [path]


# Addresses


def test_pages_keep_their_paths_where_only_posts_have_a_permalink(imported: Callable) -> None:
    files = {
        "_config.yml": "title: x\npermalink: /articles/:title\n",
        "one/index.md": "---\ntitle: One\n---\n[two](../two/) [three](/three/)\n",
        "two/index.md": "---\ntitle: Two\n---\n",
        "three.md": "---\ntitle: Three\n---\n",
    }
    text = imported(files).read("one/index.md")
    assert "[two](../two/index.md) [three](../three.md)" in text


def test_a_permalink_of_the_defaults_is_an_address(imported: Callable) -> None:
    values = "defaults:\n- scope: {type: posts}\n  values: {permalink: 'blog/:title/'}\n"
    files = {
        "_config.yml": values,
        "_posts/2021-01-02-moon.md": "---\ntitle: Moon\n---\n[sun](/blog/sun/)\n",
        "_posts/2021-01-03-sun.md": "---\ntitle: Sun\n---\n",
    }
    assert "[sun](sun.md)" in imported(files).read("posts/moon.md")


# Includes and plugins


def test_an_include_with_nothing_to_compute_is_its_text(imported: Callable) -> None:
    files = {
        "_config.yml": "title: x\n",
        "_includes/box.html": "{% if include.a %}*{{ include.a }}*{% else %}none{% endif %}",
        "_posts/2021-01-02-moon.md": "---\ntitle: Moon\n---\nA {% include box.html a='b' %} and"
        " {% include box.html %}.\n",
    }
    assert "A *b* and none." in imported(files).read("posts/moon.md")


def test_an_include_from_outside_the_site_is_not_read(imported: Callable, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    text = "---\ntitle: Moon\n---\n{% include ../../secret.html %}\n"
    result = imported({"_config.yml": "title: x\n", "_posts/2021-01-02-moon.md": text})
    assert "`{% include" in result.read("posts/moon.md")


MARKS = "==bright== H~2~O x^2^"


@pytest.mark.parametrize(
    ("plugins", "expected"),
    [
        (
            "markdown-it-mark markdown-it-sub markdown-it-sup",
            "[bright]{.mark} H{sub}`2`O x{sup}`2`",
        ),
        ("markdown-it-sub", "==bright== H{sub}`2`O x^2^"),
        ("", MARKS),
    ],
)
def test_marks_mean_what_the_plugins_of_the_site_say(
    plugins: str, expected: str, imported: Callable
) -> None:
    config = "".join(f'import x from "{name}";' for name in plugins.split())
    result = imported({"eleventy.config.js": config, "lamps.md": f"{MARKS}\n"})
    assert expected in result.read("lamps.md")


@pytest.mark.parametrize("dialect", ARTICLE)
def test_an_environment_of_tex_is_a_formula(dialect: str, article: Callable) -> None:
    formula = "\\begin{align}\n{{a}} &= [[1]] \\\\\nb^[c] &= \\mathbf{{d}}\n\\end{align}"
    text, result = article(f"---\ntitle: Stars\n---\nA\n\n{formula}\n\nB\n", dialect)
    assert f"A\n\n{formula}\n\nB\n" in text
    assert [str(e) for e in result.report.entries if e.file == ARTICLE[dialect][0]] == []


ABBREVIATIONS = """\
The LED, LEDs and `LED`: [LED](/LED/).^[An LED.]

*[LED]: light-emitting *diode*
"""


def test_an_abbreviation_has_its_meaning_wherever_it_occurs(imported: Callable) -> None:
    files = {"_config.yml": "title: x\n", "_posts/2021-01-02-moon.md": ABBREVIATIONS}
    result = imported(files)
    led = "{abbr}`LED (light-emitting *diode*)`"
    text = result.read("posts/moon.md")
    assert f"The {led}, LEDs and `LED`: [{led}](" in text
    assert "*[LED]" not in text
    assert "attributes" not in {entry.kind for entry in result.report.entries}


def test_abbreviations_mean_something_if_the_site_has_the_plugin(imported: Callable) -> None:
    config = 'import x from "markdown-it-abbr";'
    text = imported({"eleventy.config.js": config, "lamps.md": ABBREVIATIONS}).read("lamps.md")
    assert "The {abbr}`LED (light-emitting *diode*)`," in text


@pytest.mark.parametrize(
    ("head", "values"),
    [
        (
            "---js\n{ title: 'The \\'moon\\'', order: 3, /* x */ }\n---\n",
            ["The 'moon'", "order: 3"],
        ),
        ('---json\n{"title": "Moon", "tags": ["a"]}\n---\n', ["# Moon", "- a"]),
        ('+++\ntitle = "Moon"\n+++\n', ["# Moon"]),
        (
            "---js\n// a lamp\nconst title = 'A \\'moon\\'; b = c', order = 3; /* x */\n"
            'let tags = [\n  "a",\n];\nvar more = { x: `y`, };\nexport const z = 1 + 2\n---\n',
            ["# A 'moon'; b = c", "order: 3", "- a", "more:\n  x: y", "z: 1 + 2"],
        ),
        ("---js\nfunction f() { return 1; }\nconst title = 'Moon'\n---\n", ["# Moon"]),
        ("---javascript\n{title: `Moon`, date: '2020-01-02', }\n---\n", ["# Moon", "2020-01-02"]),
    ],
)
def test_front_matter_may_be_in_other_languages(
    head: str, values: list[str], imported: Callable
) -> None:
    text = imported({"eleventy.config.js": "", "lamps.md": f"{head}A.\n"}).read("lamps.md")
    assert [value for value in values if value not in text] == []


@pytest.mark.parametrize("written", ["{draft: true}", 'const title = "A";\nconst draft = true;'])
def test_a_draft_in_javascript_is_left_out(written: str, imported: Callable) -> None:
    files = {"eleventy.config.js": "", "moon.md": "A.\n", "sun.md": f"---js\n{written}\n---\nA.\n"}
    assert imported(files).files == {"moon.md"}


@pytest.mark.parametrize("dialect", ["eleventy", "astro", "hugo"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (":::tip[See *it*]\nTry.\n:::", ":::{admonition} See *it*\n:class: tip\n\nTry.\n:::"),
        (':::note{icon="lamp"}\nTry.\n:::', ":::{note}\nTry.\n:::"),
        (
            ':::caution[A [b](/nowhere) `c[1]`]{icon="lamp"}\nTry.\n:::',
            ":::{admonition} A [b](/nowhere){.external} `c[1]`\n:class: caution\n\nTry.\n:::",
        ),
        ("::: warning\nTry.\n:::", ":::{warning}\nTry.\n:::"),
        ("::: warning Mind it\n:::", ":::{warning} Mind it\n:class: warning\n:::"),
        ("::: warning\n:::", ""),
    ],
)
def test_a_container_has_its_title_in_brackets_or_without(
    written: str, expected: str, dialect: str, article: Callable
) -> None:
    text, result = article(f"---\ntitle: Stars\n---\n\nA.\n\n{written}\n\nB.\n", dialect)
    lines = "\n\n".join(filter(None, ["\nA.", expected, "B.\n"]))
    assert re.sub(r"\n{3,}", "\n\n", text).endswith(lines)
    kinds = {entry.kind for entry in result.report.entries if "stars" in entry.file}
    assert kinds <= {"attributes", "unresolved-link"}
    assert ("attributes" in kinds) == ("{" in written)


@pytest.mark.parametrize("kind", sorted(CALLOUTS))
@pytest.mark.parametrize(
    ("written", "dialect"),
    [
        (":::{kind}\nHot oil.\n:::", "eleventy"),
        ("> [!{kind}]\n> Hot oil.", "obsidian"),
        ('{{{{< callout type="{kind}" >}}}}\nHot oil.\n{{{{< /callout >}}}}', "hugo"),
        ('<Aside type="{kind}">\nHot oil.\n</Aside>', "astro"),
        ("::: callout-{kind}\nHot oil.\n:::", "quarto"),
        ("::: {{.rmd{kind}}}\nHot oil.\n:::", "bookdown"),
    ],
)
def test_a_kind_of_callout_is_the_same_in_all_dialects(
    kind: str, written: str, dialect: str, article: Callable
) -> None:
    text, _ = article(f"# Oil\n\n{written.format(kind=kind)}\n", dialect)
    kind = SYNONYMS.get(kind, kind)
    titled = f":::{{admonition}} {kind.capitalize()}\n:class: {CALLOUTS[kind]}\n\n"
    start = f":::{{{kind}}}\n" if kind in ADMONITIONS else titled
    assert text.endswith(f"{start}Hot oil.\n:::\n")


@pytest.mark.parametrize("dialect", ["eleventy", "hugo", "obsidian", "tufte-jekyll"])
def test_an_alert_may_be_folded_contain_code_and_another(dialect: str, article: Callable) -> None:
    text = "> [!NOTE]- A *lamp*\n> ```py\n> a = 1\n> ```\n> > [!tip]\n> > Look.\n>\n> End.\n"
    written, _ = article(f"---\ntitle: Stars\n---\n{text}", dialect)
    assert written.endswith(
        "::::{dropdown} A *lamp*\n```py\na = 1\n```\n\n:::{tip}\nLook.\n:::\n\nEnd.\n::::\n"
    )


@pytest.mark.parametrize("dialect", ["eleventy", "astro", "hugo"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("> [!NOTE]\n> Hot\n> oil.", ":::{note}\nHot\noil.\n:::"),
        ("> [!NOTE]\nHot > oil.\n  Mind it.", ":::{note}\nHot > oil.\nMind it.\n:::"),
        ("> [!NOTE]\n  > Hot.\n>\n   > Mind\nit.", ":::{note}\nHot.\n\nMind\nit.\n:::"),
        ("> [!TIP]\n> Hot.\n# Oil", ":::{tip}\nHot.\n:::\n\n(oil)=\n## Oil"),
        ("- a\n\n  > [!NOTE]\n  > Hot\noil.", "- a\n\n  :::{note}\n  Hot\n  oil.\n  :::"),
        ("> [!WARNING] Mind *it*", ":::{warning} Mind *it*\n:class: warning\n:::"),
        ("> [!NOTE]\n>", ""),
        ("> a\n> [!NOTE]\n> b", "> a\n> [!NOTE]\n> b"),
    ],
)
def test_an_alert_has_all_lines_of_its_quotation(
    written: str, expected: str, dialect: str, article: Callable
) -> None:
    text, result = article(f"---\ntitle: Stars\n---\n\nA.\n\n{written}\n\nB.\n", dialect)
    lines = "\n\n".join(filter(None, ["\nA.", expected, "B.\n"]))
    assert re.sub(r"\n{3,}", "\n\n", text).endswith(lines)
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


def test_blocks_are_in_the_order_of_the_home_page(imported: Callable) -> None:
    files = {f"{name}/_block.json": f'{{"title": "{name}"}}' for name in ("a", "b", "c")}
    files |= {f"{name}/x/index.md": "A.\n" for name in ("a", "b", "c")}
    home = "<a href='/c/'>C</a> <a href='/a/x/'>A</a>"
    result = imported({"eleventy.config.js": "", "index.njk": home, **files}, project=True)
    index = result.read("index.md")
    assert index.index("/c/x") < index.index("/a/x") < index.index("/b/x")


def test_a_formula_may_have_dollars_of_its_own(article: Callable) -> None:
    text, _ = article(
        "---\ntitle: Stars\n---\nA $$d = 1 \\text{ if $x$ is far}$$.\n", "tufte-jekyll"
    )
    assert text.endswith("A {math}`d = 1 \\text{ if $x$ is far}`.\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            '<pre class="l"><code class="language-js">a &lt; <span class="k">b</span>\n\n{{ c }}</code></pre>',
            "```js\na < b\n\n{{ c }}\n```",
        ),
        ("<pre>Far\n  *off*</pre>", "```\nFar\n  *off*\n```"),
        ("- A reed\n\n  <pre>of ```\n  wood</pre>", "- A reed\n\n  ````\n  of ```\n  wood\n  ````"),
        ("<pre>Far <b>off</b></pre>", "<pre>Far <b>off</b></pre>"),
    ],
)
def test_code_in_html_without_other_markup_is_a_block_of_code(
    written: str, expected: str, article: Callable
) -> None:
    text, _ = article(f"---\ntitle: Stars\n---\n{written}\n", "eleventy")
    assert text.rstrip().endswith(expected)


@pytest.mark.parametrize("note", ["[]{.aside}", "[ ]{.sidenote}"])
def test_a_note_without_words_is_left_out(note: str, article: Callable) -> None:
    text, _ = article(f"---\ntitle: Stars\n---\nA reed{note} bends.\n", "quarto")
    assert re.search(r"^A reed *bends\.$", text, re.MULTILINE)


@pytest.mark.parametrize("dialect", ["eleventy", "tufte-jekyll", "hugo"])
def test_no_formula_is_read_in_an_element_of_code(dialect: str, article: Callable) -> None:
    code = '<pre class="lamp"><code>\nre("\\\\[a\\\\]") $b$ $$c$$ \\\\(d\\\\)\n</code></pre>'
    written = f"---\ntitle: Stars\n---\n{code}\n\nA <code>\\\\(e\\\\)</code> and `<pre>` $$f$$.\n"
    text, _ = article(written, dialect)
    assert '```\nre("\\\\[a\\\\]") $b$ $$c$$ \\\\(d\\\\)\n```' in text
    assert "<code>\\\\(e\\\\)</code> and `<pre>`" in text
    assert re.search(r"[$`]\n?f\n?[$`]", text)


@pytest.mark.parametrize("dialect", ["eleventy", "obsidian", "hugo", "quarto"])
@pytest.mark.parametrize("block", ["### Lamps", "- Lamps"])
def test_a_backquote_that_is_not_closed_ends_with_its_block(
    block: str, dialect: str, article: Callable
) -> None:
    text, _ = article(f"---\ntitle: Stars\n---\n\n- One `open\n{block}\n- Two `a*`\n", dialect)
    assert text.endswith("## Lamps\n- Two `a*`\n" if "#" in block else f"{block}\n- Two `a*`\n")


@pytest.mark.parametrize("dialect", ["eleventy", "astro", "hugo"])
def test_tags_around_sections_are_those_of_sphinx(dialect: str, article: Callable) -> None:
    written = (
        "---\ntitle: Stars\n---\n\n<article>\n\n# Stars\n\n<section>\n\nA.\n\n</section>\n\n"
        "```html\n<section>\n```\n\n</article>\n"
    )
    text, _ = article(written, dialect)
    assert text.endswith("# Stars\n\nA.\n\n```html\n<section>\n```\n")


def test_a_note_beside_a_figure_that_a_script_draws_is_a_note(imported: Callable) -> None:
    page = """\
<html><head><title>Lamps</title><link rel="stylesheet" href="tufte.css"></head><body><article>
<h1>Lamps</h1><p>A lamp.</p>
<figure><label for="a" class="margin-toggle">⊕</label><input type="checkbox" id="a" class="margin-toggle"/>
<span class="marginnote">Drawn by a script.</span><div id="plot"></div></figure>
</article></body></html>
"""
    result = imported({"lamps.html": page})
    text = result.read("lamps.md")
    assert ":::{marginnote}\nDrawn by a script.\n:::\n\n<div" in text
    assert "<figure>" not in text
    assert "html" in {entry.kind for entry in result.report.entries}


EPIGRAPHS = """\
<div class="epigraph">

> <p>The sea is not a lamp.</p>
>
> <footer>Ada Marsh, <cite>Tides</cite></footer>

> No lamp is a *sea*.
>
> <footer>Bo Reed</footer>

</div>
"""


@pytest.mark.parametrize("dialect", ["eleventy", "astro", "hugo"])
def test_each_quotation_of_an_epigraph_has_its_own_author(dialect: str, article: Callable) -> None:
    text, result = article(f"---\ntitle: Stars\n---\n{EPIGRAPHS}", dialect)
    assert (
        ":::{epigraph}\nThe sea is not a lamp.\n\n-- Ada Marsh, *Tides*\n:::\n\n"
        ":::{epigraph}\nNo lamp is a *sea*.\n\n-- Bo Reed\n:::\n"
    ) in text
    assert "html" not in {entry.kind for entry in result.report.entries}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- One\n\n  ```{sidebar} Hint\n  Look.\n  ```\n",
            "  ```{admonition} Hint\n  Look.\n  ```\n",
        ),
        (":::{note}\n```{sidebar}\nLook.\n```\n:::\n", ":::{note}\n```{note}\nLook.\n```\n:::\n"),
        ("```{sidebar} Hint\nLook.\n```\n", "```{sidebar} Hint\nLook.\n```\n"),
        (
            "```{bibliography} ../works.bib\n:style: unsrt\n```\n",
            "```{bibliography}\n:style: unsrt\n",
        ),
    ],
)
def test_directives_of_myst_that_sphinx_would_refuse(
    text: str, expected: str, article: Callable
) -> None:
    assert expected in article(f"# Stars\n\n{text}", "myst")[0]


# Bibliographies

BROKEN = "@book{a1, title = {A}, title = {B}}\n\n@book{b2, author = {Reed, A.}, title = {C}}\n"


def test_a_broken_entry_does_not_empty_the_bibliography(imported: Callable) -> None:
    text = "---\ntitle: Moon\n---\n{% cite b2 %}\n"
    files = {"_bibliography/references.bib": BROKEN, "_posts/2021-01-02-moon.md": text}
    result = imported({"_config.yml": "title: x\n", **files})
    assert "{cite:p}`b2`" in result.read("posts/moon.md")
    assert BROKEN in result.read("references.bib")


def test_a_page_of_distill_names_a_bibliography(imported: Callable) -> None:
    head = "---\ntitle: Moon\nbibliography: moon.bib\n---\n"
    entry = "@book{%s, author = {Reed, A.}, title = {C}}\n"
    files = {
        "_bibliography/references.bib": entry % "a1",
        "assets/moon.bib": entry % "b2",
        "_posts/2021-01-02-moon.md": head + '<d-cite key="a1,b2"></d-cite>\n',
    }
    result = imported({"_config.yml": "title: x\n", **files})
    assert "{cite:p}`a1,b2`" in result.read("posts/moon.md")


# The Makefile


def test_sources_of_another_site_are_built_beside_the_book() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^SITE\s+= \$\(if \$\(filter docs,.*_site-\$\(notdir", makefile, re.MULTILINE)


@pytest.mark.parametrize("tag", ['<div class="box">', '<div class="box" markdown="1">'])
@pytest.mark.parametrize(
    "below", ["```sh\nls\n\npwd\n```", "~~~sh\nls\n\npwd\n~~~", "High *water*."]
)
def test_what_follows_an_element_of_kramdown_is_not_part_of_it(
    tag: str, below: str, article: Callable
) -> None:
    written = f"{tag}\nLow.\n</div>\n{below}\n\n## Tides\n\nEnd.\n"
    text, _ = article(f"---\ntitle: Stars\n---\n{written}", "tufte-jekyll")
    assert f"</div>\n\n{below}\n\n(tides)=\n## Tides" in text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{: .note }\nHigh *water*.", ":::{note}\nHigh *water*.\n:::"),
        ("High\nwater.\n{: .warning}", ":::{warning}\nHigh\nwater.\n:::"),
        ("> High.\n>\n> - water\n{: .prompt-tip }", ":::{tip}\nHigh.\n\n- water\n:::"),
        ("{: .important }\n> High.\nwater.", ":::{important}\nHigh.\nwater.\n:::"),
        ("{: .info #sea }\nHigh.", ":::{admonition} Info\n:class: note\n\nHigh.\n:::"),
        ("{: .note }\n## High", "(high)=\n## High"),
    ],
)
def test_a_callout_of_kramdown_is_its_class(written: str, expected: str, article: Callable) -> None:
    head = "---\ntitle: Stars\n---\n\nA.\n\n"
    text, result = article(f"{head}{written}\n\nB.\n", "tufte-jekyll")
    assert text.endswith(f"A.\n\n{expected}\n\nB.\n")
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


@pytest.mark.parametrize("dialect", ["eleventy", "hugo", "quarto"])
def test_a_first_heading_in_other_letters_than_the_title_is_no_loss(
    dialect: str, article: Callable
) -> None:
    _, result = article("---\ntitle: High Water\n---\n\n# High water\n\nA.\n", dialect)
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


def test_the_definition_of_a_link_by_a_tag_shows_no_words(article: Callable) -> None:
    written = "---\ntitle: Stars\n---\n\nSee [it].\n\n[it]: {% link lamps.md %}\n"
    text, result = article(written, "tufte-jekyll")
    assert "{%" not in text
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


def test_a_post_in_html_keeps_its_tags(imported: Callable) -> None:
    tag = '{%% include figure.html path="/a.png" caption="%s" %%}'
    written = f"<p>A.</p>\n\n{tag % 'Low_tide'}\n\n<p>Between.</p>\n\n{tag % 'High'}\n<p>B_c.</p>\n"
    post = {"_posts/2021-01-02-moon.html": f"---\ntitle: Moon\n---\n{written}", "a.png": ""}
    new = imported({"_config.yml": "title: x\n", **post})
    text = new.read("posts/moon.md")
    assert text.count(":::{figure} ") == 2
    assert [w for w in ("A.", "Low_tide", "Between.", "High", "B\\_c.") if w not in text] == []
    assert "lost-words" not in {entry.kind for entry in new.report.entries}


@pytest.mark.parametrize("dialect", ["eleventy", "tufte-jekyll"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("```sh\n{% raw %}\n{{ sea }}\n{%- endraw -%}\n```", "```sh\n{{ sea }}\n```"),
        ("```sh\na {% raw %}{{ sea }}{% endraw %}\n```", "```sh\na {{ sea }}\n```"),
        ("- A\n\n  ```sh\n  {% raw %}\n  {{ sea }}\n  {% endraw %}\n  ```",
         "- A\n\n  ```sh\n  {{ sea }}\n  ```"),
        ("A `{% raw %}{{ sea }}{% endraw %}`.", "A `{{ sea }}`."),
        ("A `{% raw %}`.", "A `{% raw %}`."),
    ],
)  # fmt: skip
def test_the_tags_around_raw_code_are_not_shown(
    dialect: str, written: str, expected: str, article: Callable
) -> None:
    text, result = article(f"---\ntitle: Stars\n---\n\n{written}\n", dialect)
    assert text.endswith(f"# Stars\n\n{expected}\n")
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


def test_a_comment_in_a_page_of_html_is_no_text(imported: Callable) -> None:
    page = (
        '<html><body><h1>Lamps</h1><p>One<span class="sidenote">A note.</span></p>\n'
        "<!-- Much that nobody ever saw\n of any lamp at all -->\n<p>Two.</p></body></html>\n"
    )
    result = imported({"lamps.html": page})
    assert [str(entry) for entry in result.report.entries if entry.kind == "lost-words"] == []
