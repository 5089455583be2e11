"""Two whole sites, `sites/eleventy` and `sites/tufte-jekyll`, imported and built as anybody would.

Each site holds every form of its dialect that the importer promises to read. Beside it lies what the
importer has to say of it: `report.txt`, as it is printed.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_file

from marginalia_import.pages import front_page, index_entry
from marginalia_import.sites.site import SiteFacts
from tests.importer.conftest import run_program
from tests.importer.words import OldSite, files_of, of_article, of_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITES = Path(__file__).parent / "sites"


class Sample(NamedTuple):
    """A site, and what is to become of it."""

    #: What the command is given besides the site.
    options: tuple[str, ...]
    #: The counts of the report.
    counts: dict[str, int]
    #: The document that each article becomes.
    articles: dict[str, str]
    #: The titles in the table of contents, and the documents under each.
    contents: list[tuple[str, list[str]]]
    #: How to find each form of the dialect in the articles.
    forms: dict[str, str]


ELEVENTY = Sample(
    options=("--key-ideas",),
    counts={
        "articles": 11,
        "sidenotes": 24,
        "marginnotes": 9,
        "citations": 18,
        "pauses": 4,
        "figures": 5,
        "links": 19,
        "glossary_terms": 8,
        "unresolved": 6,
        "unknown": 9,
    },
    articles={
        "src/topics/clocks/logical-clocks/index.md": "clocks/logical-clocks/index",
        "src/topics/clocks/longitude/index.md": "clocks/longitude/index",
        "src/topics/clocks/pendulum/index.md": "clocks/pendulum/index",
        "src/topics/garden-sundial/index.md": "garden-sundial/index",
        "src/topics/leap-years/index.md": "leap-years/index",
        "src/topics/maps/contour-lines/index.md": "maps/contour-lines/index",
        "src/topics/maps/mercator/index.md": "maps/mercator/index",
        "src/topics/maps/triangulation/index.md": "maps/triangulation/index",
        "src/topics/sky/moon-phases/index.md": "sky/moon-phases/index",
        "src/topics/sky/parallax/index.md": "sky/parallax/index",
        "src/topics/sky/standard-candles/index.md": "sky/standard-candles/index",
    },
    contents=[
        ("The sky", ["sky/parallax/index", "sky/moon-phases/index", "sky/standard-candles/index"]),
        ("Maps", ["maps/mercator/index", "maps/triangulation/index", "maps/contour-lines/index"]),
        (
            "Clocks",
            ["clocks/pendulum/index", "clocks/longitude/index", "clocks/logical-clocks/index"],
        ),
        ("Articles", ["leap-years/index", "garden-sundial/index"]),
        ("Reference", ["bibliography", "glossary"]),
    ],
    forms={
        "a note in double quotes": r'\{% sidenote "',
        "a note in single quotes": r"\{% marginnote '",
        "control of blanks": r'\{%- cite "\w+" -%\}',
        "an escaped backslash": r'\{% sidenote "[^"]*\$\\\\alpha\$',
        "an escaped quote": r'\{% sidenote "[^{]* \\"',
        "the end of a tag in a string": r'\{%- sidenote "[^"]* %\} only',
        "several notes at a word": r"%\}\{% sidenote",
        "Markdown in a note": r"\{% sidenote \"[^\"]*\*all the time\*",
        "a formula in a note": r"\{% sidenote '[^']*\$",
        "HTML in a note": r"\{% sidenote '[^']*<a href=",
        "paragraphs in a note": r'\{% sidenote "[^"]*\\n\\n- ',
        "a citation in a note": r'\{% sidenote "[^{]*\{% cite \\"',
        "a note in a list": r"^[ ]*- .*\{% sidenote",
        "a note in a nested list": r"^ +- .*\{% marginnote",
        "a note in a quote": r"^> .*\{% sidenote",
        "a note in a table": r"^\| .*\{% sidenote",
        "a note in a caption": r"<figcaption>.*\{% sidenote",
        "raw text": r"\{% raw %\}",
        "a comment": r"\{# TODO",
        "an expression": r"\{\{ page\.url \}\}",
        "an unknown tag": r"\{% gallery",
        "an unknown tag around blocks": r"\{% callout (?s:.*)\{% endcallout",
        "a pause": r'<details class="pause-and-think">\s*<summary>Pause and think: ',
        "a pause in a list": r'^   <details class="pause-and-think">',
        "other details": r"\n<details>",
        "details in a quote": r"\n> <details>",
        "a prerequisite": r"prerequisites:\n  - title: .*\n    url: /",
        "a glossary": r"glossary:\n  - term: .*\n    definition: ",
        "a link to an article": r"\]\(/topics/\w+/\)",
        "a link to a heading": r"\]\(/topics/\w+/#",
        "a link to nowhere": r"\]\(/topics/gazetteer/\)",
        "a path out of the site": r"\]\((?:\.\./)+field-book",
        "an image with a caption": r"!\[[^]]+\]\(/topics/\w+/images/\w+\.svg \"",
        "a figure in HTML": r"<figure[^>]*>\s*<img[^>]*>\s*<figcaption>",
        "a quote that defines a term": r"\n> \*\*Baseline:\*\* ",
        "a formula": r" \$p\$",
        "a formula of its own lines": r"\n\$\$\n[^$]+\n\$\$\n",
        "code with a language": r"\n```python\n",
        "a tag in a span of code": r"`\{% sidenote \"text\" %\}`",
        "a table": r"\n\|:-",
        "a block of HTML": r"\n<div ",
    },
)

TUFTE_JEKYLL = Sample(
    options=("--rules", str(SITES / "tufte-jekyll" / "rules.toml")),
    counts={
        "articles": 4,
        "sidenotes": 9,
        "marginnotes": 4,
        "citations": 5,
        "pauses": 4,
        "figures": 3,
        "links": 5,
        "glossary_terms": 0,
        "unresolved": 1,
        "unknown": 6,
    },
    articles={
        "_essays/a-bed-of-herbs.md": "essays/a-bed-of-herbs",
        "_essays/small-multiples.md": "essays/small-multiples",
        "_posts/2021-03-20-the-equinox.md": "posts/the-equinox",
        "_posts/2021-06-21-long-days.markdown": "posts/long-days",
    },
    contents=[
        ("Essays", ["essays/a-bed-of-herbs", "essays/small-multiples"]),
        ("Posts", ["posts/the-equinox", "posts/long-days"]),
        ("Reference", ["bibliography"]),
    ],
    forms={
        "a sidenote": r"\{% sidenote 'sn-\w+' '",
        "a sidenote in double quotes": r"\{% sidenote \"sn-\w+\" \"It's",
        "a name without quotes": r"\{% sidenote sn-\w+ '",
        "quotes joined as in a shell": r"sea'\"'\"'s",
        "a margin note": r"\{% marginnote 'mn-\w+' '",
        "a figure in the margin": r"\{% marginfigure 'mf-\w+' 'assets/",
        "a figure": r"\{% maincolumn 'assets/",
        "a wide figure": r"\{% fullwidth 'assets/",
        "a new thought": r"\{% newthought '",
        "an epigraph": r"\{% epigraph '[^']*' '[^']*' '",
        "a formula of its own lines": r"\{% math %\}\n",
        "a formula": r"\{% m %\}\w*.*?\{% em %\}",
        "a formula of kramdown": r" \$\$h\$\$ ",
        "a formula of kramdown of its own line": r"\n\n\$\$.*\$\$\n\n",
        "a formula in a note": r"\{% sidenote '[^']*' '[^']*\$\$",
        "attributes of a block": r"\n\{:\.lead\}",
        "attributes in a sentence": r"\*\{:\.smallcaps\}",
        "highlighted code": r"\{% highlight python",
        "an include": r"\{% include ",
        "the base of the site": r"\]\(\{\{ site\.baseurl \}\}/articles/",
        "a post by its name": r"\{% post_url 2021-",
        "a citation": r"\{% cite meeus1998 %\}",
        "a citation of two works": r"\{% cite tufte1990 tufte2001 %\}",
        "a citation with a page": r"\{% cite \w+ --locator ",
        "a list of works": r"\{% bibliography --cited %\}",
        "blocks of its own in each other": r"\{% stopandthink %\}(?s:.*)\{% question %\}(?s:.*)\{% hidden %\}",
        "a block of its own in a list": r"\n   \{% question %\}",
        "a block of its own in a nested list": r"\n    \{% stopandthink %\}",
        "a block of its own in a quote": r"\n> \{% question %\}",
        "a tag of its own in a sentence": r" \{% unit ",
        "a wrapper": r"\{% wide %\}",
        "an unknown block": r"\{% exercise %\}",
        "a tag in a span of code": r"`\{% sidenote 'id' 'text' %\}`",
        "a tag in a fence": r"```liquid\n\{% ",
    },
)

SAMPLES = {"eleventy": ELEVENTY, "tufte-jekyll": TUFTE_JEKYLL}
BUILDERS = ("html", "epub", "latex")
each_site = pytest.mark.parametrize("name", SAMPLES)
each_article = pytest.mark.parametrize(
    ("name", "source"), [(name, path) for name, site in SAMPLES.items() for path in site.articles]
)


class Imported(NamedTuple):
    """What the command left behind."""

    code: int
    #: Its output.
    output: str
    #: The JSON report.
    record: dict[str, Any]
    folder: Path


class Built(NamedTuple):
    """What Sphinx left behind."""

    code: int
    #: Its warnings.
    output: str
    folder: Path


def import_site(name: str, folder: Path) -> Imported:
    """Import a site as a user does."""
    report = folder / "report.json"
    target = folder / "docs"
    arguments = [SITES / name, target, "--project", "--report", report, *SAMPLES[name].options]
    result = run_program("marginalia-import", *arguments)
    return Imported(result.code, result.out, json.loads(report.read_text(encoding="utf-8")), target)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Imported]:
    """Return what a site became; it is imported once."""
    done: dict[str, Imported] = {}

    def get(name: str) -> Imported:
        if name not in done:
            done[name] = import_site(name, tmp_path_factory.mktemp(name))
        return done[name]

    return get


@pytest.fixture(scope="session")
def built(
    imported: Callable[[str], Imported], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Built]:
    """Return what Sphinx made of a site; each builder runs once, and all are of one reading."""
    done: dict[tuple[str, str], Built] = {}
    root = tmp_path_factory.mktemp("built")

    def get(name: str, builder: str) -> Built:
        if (name, builder) not in done:
            folder = root / name / builder
            options = ["-W", "-q", "-b", builder, "-d", root / name / "doctrees"]
            result = run_program("sphinx", *options, imported(name).folder, folder)
            done[name, builder] = Built(result.code, result.err, folder)
        return done[name, builder]

    return get


def page_of(site: Built, document: str) -> str:
    return (site.folder / f"{document}.html").read_text(encoding="utf-8")


def old_site(name: str) -> OldSite:
    """Return what the judge has to know of a site."""
    root = SITES / name
    if name == "eleventy":
        works = json.loads((root / "src/_data/references.json").read_text(encoding="utf-8"))
        titles = {key: work["title"] for key, work in works.items()}
        return OldSite(name, titles, files_of(root))
    works = parse_file(str(root / "_bibliography/references.bib")).entries
    return OldSite(
        name,
        {key: work.fields["title"] for key, work in works.items()},
        files_of(root),
        inline={"unit": "{} {}"},
        blocks={"stopandthink": "", "question": "Question", "hidden": "Answer", "wide": ""},
    )


# The sites


@each_site
def test_a_site_holds_every_form_of_its_dialect(name: str) -> None:
    sample = SAMPLES[name]
    text = "\n".join((SITES / name / path).read_text(encoding="utf-8") for path in sample.articles)
    missing = [
        form for form, there in sample.forms.items() if not re.search(there, text, re.MULTILINE)
    ]
    assert missing == []


# What the importer says


@each_site
def test_every_thing_is_counted(name: str, imported: Callable[[str], Imported]) -> None:
    site = imported(name)
    assert (site.code, site.record["dialect"]) == (0, name)
    assert site.record["counts"] == SAMPLES[name].counts


@each_site
def test_the_report_is_as_expected(name: str, imported: Callable[[str], Imported]) -> None:
    expected = (SITES / name / "report.txt").read_text(encoding="utf-8")
    assert imported(name).output.splitlines() == expected.splitlines()


# What the importer writes


def written(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@each_site
def test_importing_again_gives_the_same_bytes(
    name: str, imported: Callable[[str], Imported], tmp_path: Path
) -> None:
    again = import_site(name, tmp_path)
    assert again.record == imported(name).record
    assert written(again.folder) == written(imported(name).folder)


@each_site
def test_each_article_is_a_document_beside_the_files_it_needs(
    name: str, imported: Callable[[str], Imported]
) -> None:
    paths = {path for path in written(imported(name).folder) if not path.startswith("_static/")}
    taken = {
        "eleventy": """bibliography.md clocks/_block.yaml clocks/pendulum/images/swing.svg conf.py
            glossary.md index.md redirects.json maps/_block.yaml maps/mercator/images/stretch.svg
            maps/triangulation/bearings.csv maps/triangulation/images/chain.png references.bib
            sky/_block.yaml sky/moon-phases/images/orbit.png sky/parallax/images/triangle.svg""",
        "tufte-jekyll": """assets/bed.csv assets/img/day-length.png assets/img/leaves.png
            assets/img/sunrise.svg bibliography.md conf.py index.md redirects.json references.bib""",
    }
    articles = {f"{document}.md" for document in SAMPLES[name].articles.values()}
    assert paths == articles | {*taken[name].split()}


def test_references_in_json_become_bibtex(imported: Callable[[str], Imported]) -> None:
    works = parse_file(str(imported("eleventy").folder / "references.bib")).entries
    assert {key: work.type for key, work in works.items()} == {
        "bessel1838": "article",
        "gaia2016": "article",
        "leavitt1912": "misc",
        "hubble1929": "article",
        "abbott2016": "article",
        "snyder1987": "misc",
        "tufte2001": "book",
        "shannon1948": "article",
        "sobel1995": "misc",
        "lamport1978": "article",
        "knuth1984": "article",
        "vaswani2017": "inproceedings",
    }
    authors = {
        key: [str(author) for author in work.persons["author"]] for key, work in works.items()
    }
    assert [authors[key] for key in ("leavitt1912", "hubble1929", "abbott2016", "gaia2016")] == [
        ["Leavitt, Henrietta S.", "Pickering, Edward C."],
        ["Hubble, E."],
        ["Abbott, B. P.", "Abbott, R.", "Abbott, T. D.", "others"],
        ["{Gaia Collaboration}", "Prusti, T.", "de Bruijne, J. H. J.", "others"],
    ]
    assert works["bessel1838"].fields["title"] == "On the {Parallax} of 61 {Cygni}"


def test_the_bibliography_in_bibtex_is_copied(imported: Callable[[str], Imported]) -> None:
    theirs = SITES / "tufte-jekyll" / "_bibliography" / "references.bib"
    assert (imported("tufte-jekyll").folder / "references.bib").read_bytes() == theirs.read_bytes()


# What Sphinx makes of it


def documents(out: Path, builder: str) -> Iterator[str]:
    """Yield the documents that are in the output of a builder."""
    if builder == "html":
        for path in out.rglob("*.html"):
            yield path.relative_to(out).with_suffix("").as_posix()
    elif builder == "epub":
        (book,) = out.glob("*.epub")
        for path in zipfile.ZipFile(book).namelist():
            yield path.removesuffix(".xhtml")
    else:
        (tex,) = out.glob("*.tex")
        yield from re.findall(r"\\label\{\\detokenize\{([^:}]+):", tex.read_text(encoding="utf-8"))


@pytest.mark.parametrize("builder", BUILDERS)
@each_site
def test_a_site_builds_without_a_warning(
    name: str, builder: str, built: Callable[[str, str], Built]
) -> None:
    site = built(name, builder)
    assert (site.output, site.code) == ("", 0)
    assert set(SAMPLES[name].articles.values()) - set(documents(site.folder, builder)) == set()


@each_site
def test_the_contents_follow_the_blocks_and_their_order(
    name: str, built: Callable[[str, str], Built]
) -> None:
    page = BeautifulSoup(page_of(built(name, "html"), "index"), "html.parser")
    contents = [
        (
            block.get_text(),
            [link["href"].removesuffix(".html") for link in block.find_next("ul").select("li a")],
        )
        for block in page.select('[role="main"] .caption-text, [role="main"] .rubric')
    ]
    assert contents == SAMPLES[name].contents


def test_the_front_page_says_what_each_article_is_about(
    built: Callable[[str, str], Built],
) -> None:
    page = BeautifulSoup(page_of(built("eleventy", "html"), "index"), "html.parser")
    items = page.select('[role="main"] .rubric + ul > li')
    assert "Contour lines How a flat sheet shows a hill." in [
        " ".join(item.get_text(" ").split()) for item in items
    ]


def test_an_article_is_listed_with_its_description_unless_it_is_that_of_the_site() -> None:
    facts = SiteFacts(description="Tides")
    site: Any = SimpleNamespace(contents=SimpleNamespace(facts=facts))
    entries = [
        index_entry(name, {"description": text})
        for name, text in {"home": "Tides ", "moon": "Tides of the moon"}.items()
    ]
    page = front_page(site, "Sea", entries, {}, [])
    assert page.count("Tides\n") == 1
    assert page.count("Tides of the moon\n") == 1


@each_article
def test_no_word_is_lost(name: str, source: str, built: Callable[[str, str], Built]) -> None:
    site = old_site(name)
    text = (SITES / name / source).read_text(encoding="utf-8")
    page = page_of(built(name, "html"), SAMPLES[name].articles[source])
    before, after = of_article(text, site), of_page(page, site)
    assert after.text == before.text
    assert after.sidenotes == before.sidenotes
    assert after.marginnotes == before.marginnotes
    assert after.code == before.code
    assert after.pictures == before.pictures


# The judge

ARTICLE = """\
---
title: Lamps
---
A lamp looks faint.{% sidenote "From *afar*." %} Half of $x$ is {% cite "a1" %}{% marginnote "beside" %}.

    x = 1
"""
PAGE = """\
<div role="main"><h1>Lamps</h1><p>A lamp looks
faint.<sup><a class="marginalia-note-mark" href="#s">1</a></sup><span id="s" class="marginalia-sidenote">
<a class="marginalia-note-backlink">1</a>From <em>afar</em>.</span> Half of <span class="math">\\(x\\)</span> is
<span class="bibtex-citation">(<a title="Ada. A Work. 1990">Ada 1990</a>)</span><a
class="marginalia-note-mark" href="#m">⊕</a><span id="m" class="marginalia-marginnote">beside</span>.</p>
<pre>x = 1\n</pre></div>
"""
CHANGES = {
    "a word is lost": ("lamp looks", "lamp"),
    "a word is twice": ("lamp looks", "lamp looks looks"),
    "words change places": ("lamp looks", "looks lamp"),
    "a word of a note is lost": ("From <em>afar</em>", "From"),
    "a note stands in the text": (' class="marginalia-marginnote"', ""),
    "a note is of the other kind": ("marginalia-marginnote", "marginalia-sidenote"),
    "a note stands at another word": ("faint.<sup>", "<sup>"),
    "a formula is another": ("(x\\)", "(y\\)"),
    "a citation is lost": ("A Work.", "Another Work."),
    "code is not to the letter": ("x = 1", "x  = 1"),
    "a word falls apart": ("faint", "fa int"),
}


def judged(page: str) -> bool:
    site = OldSite("eleventy", {"a1": "A Work"}, set())
    return of_article(ARTICLE, site) == of_page(page, site)


def test_the_judge_finds_the_words_of_a_faithful_page() -> None:
    assert judged(PAGE)


@pytest.mark.parametrize("change", CHANGES)
def test_the_judge_sees_it_if(change: str) -> None:
    old, new = CHANGES[change]
    assert old in PAGE
    assert not judged(PAGE.replace(old, new))
