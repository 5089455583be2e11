"""Articles of Eleventy and Tufte-Jekyll as Hypothesis strategies, each with what a reader sees of it.

Nothing here knows the importer. Beside the source it makes, a strategy says which words and signs the
old site showed for it, in order, and which notes, so that a test can look for them in the new page.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hypothesis.strategies import DrawFn, SearchStrategy

DIALECTS = ("eleventy", "tufte-jekyll")

#: A line's end in the string of a tag; in a quote it is a blank.
SOFT = "\x1f"
#: Where the number of a footnote goes.
NUMBER = "\x1e"

WORDS = (
    "moon tide clock garden orbit meridian lens compass lantern almanac Ångström naïve λόγος 東京 "
    "перигелий O’Brien tide's x86 3.14 e.g. (so) so; why? now! “here” «there» half-moon"
).split()
#: Source that means the same whatever stands around it, and what Markdown shows of it.
ODD = {
    **{
        sign: sign
        for sign in (
            "\"quoted\" 'single' -- ... 5% % R&D; AT&T snake_case_word {x} { } {.class} [sic] "
            "[^nowhere] (name)= :role: :: x^2^ H~2~O @someone #tag C# +1 x>y == ==marked== ++ /path/ "
            "c:\\temp http://example.org/a_b_c a\u00a0b \u200b 🌙 \ue000 \ufffd %} }} #}"
        ).split(" ")
    },
    "&amp;": "&",
    "&eacute;": "é",
    "&#64;": "@",
    "<https://example.org/x>": "https://example.org/x",
    **{f"\\{sign}": sign for sign in "*_[]()`${}\\<#|"},
    "\\*x\\*": "*x*",
    "\\[x](y)": "[x](y)",
    "\\`x\\`": "`x`",
    "\\<b>": "<b>",
}
SAME = [sign for sign, shown in ODD.items() if sign == shown]
#: Signs that may become markup with others: one of these stands among plain words only.
LONELY = "* ** _ ` ``` ~~ ~ $ $5 5$ $$ [ ] ![ ]( < <5 & ! \\ ^ a*b x_ y` ::: {: {}".split()
#: What only MyST takes for something at the beginning of a line.
MYST_LINES = (
    "% percent",
    "+++ plus",
    "::: colons",
    ":::{note} braces",
    "(label)=",
    ":::{tip}",
    "%",
    "+++",
)
CODE = (
    "x = 1", "{{ x }}", "$x$", "<b>&amp;", "a*b*c", "\\alpha", "{sidenote}", ":::", "[x](y)", "-->", "%", "$$",
    "{% sidenote 'x' %}", "{# no #}", "{% raw %}", "<details>", "\\", '"',
)  # fmt: skip
CODE_LINES = (
    *CODE,
    "",
    "    four",
    "\ttab",
    "# no title",
    "> no quote",
    "- no list",
    "~~~",
    "% no",
    "---",
)
LANGUAGES = (
    "",
    "",
    "python",
    "js",
    "text",
    "no-such-language",
    "{note}",
    "c++",
    "python title=x",
    "{.python}",
)
TEX = (
    "x",
    "x^2",
    "\\alpha",
    "a_i",
    "\\frac{a}{b}",
    "{a}",
    "a < b",
    "\\text{moon}",
    "x_{1}^{2}",
    "50\\%",
    "a'",
    "[0,1)",
)
LONG = " ".join(["The moon pulls the water and the water follows it, late, by an hour or so."] * 5)
ADDRESSES = (
    "/clocks/tides/", "/clocks/tides/#the-end", "/tides/", "tides/", "#here", "/nowhere/", "/images/moon.png",
    "/x%20y/", "../../../..", "<a b>", "mailto:a@example.org", "https://example.org/a?b=c&d", "//example.org", "x:y",
)  # fmt: skip
KEYS = ("li2020", "wu-2021", "O:2022")
PICTURES = ("/images/moon.png", "https://example.org/x.png")
MISSING = ("/images/none.png", "../../../../outside.png")


@dataclass(frozen=True)
class Sample:
    """A piece of an article, and what a reader of the old site saw of it."""

    source: str = ""
    #: Words and signs, parted by blanks.
    shown: str = ""
    #: What is shown of each note, in the order of their places.
    notes: tuple[str, ...] = ()
    #: What has to follow at the end of the article.
    after: tuple[str, ...] = ()
    #: What the report counts.
    counts: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            self.source + other.source,
            self.shown + other.shown,
            self.notes + other.notes,
            self.after + other.after,
            self.counts + other.counts,
        )

    def within(self, before: str, after: str = "") -> Sample:
        """Return the same words in other markup."""
        return replace(self, source=f"{before}{self.source}{after}")


def plain(text: str) -> Sample:
    """Return text that is shown as it is written."""
    return Sample(text, text)


def joined(pieces: Iterable[Sample], between: str = " ") -> Sample:
    """Return pieces with something between them, which shows as a blank."""
    whole = Sample()
    for number, piece in enumerate(pieces):
        whole += Sample(between, " ") + piece if number else piece
    return whole


def prefixed(block: Sample, first: str, rest: str) -> Sample:
    """Return a block as part of a list or a quote."""
    source = block.source.replace(SOFT, " ") if ">" in rest else block.source
    head, *lines = source.split("\n")
    text = "\n".join([first + head, *(rest + line if line else rest.rstrip() for line in lines)])
    return replace(block, source=text)


# --- within a line ---

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join).map(plain)
odd = st.sampled_from(sorted(ODD)).map(lambda sign: Sample(sign, ODD[sign]))
code = st.sampled_from(CODE).map(lambda text: Sample(f"`{text}`", text)) | st.just(
    Sample("``a`b``", "a`b")
)
signs = st.sampled_from(("*", "**", "***", "_", "__"))
emphasis = st.builds(lambda text, sign: text.within(sign, sign), words, signs)
links = st.builds(
    lambda text, address, title: text.within("[", f"]({address}{title})"),
    words | emphasis | code,
    st.sampled_from(ADDRESSES),
    st.sampled_from(("", "", ' "a title"', " 'a title'")),
)
descriptions = words.map(lambda text: text.source)
images = st.one_of(
    st.builds(
        lambda path, alt: Sample(f"![{alt}]({path})"),
        st.sampled_from(PICTURES),
        descriptions,
    ),
    # Instead of an image that is missing a reader sees its description.
    st.builds(
        lambda path, alt: Sample(f"![{alt}]({path})", alt),
        st.sampled_from(MISSING),
        descriptions,
    ),
)
elements = st.sampled_from(
    ("b", "em", "sub", "kbd", "span class='x'", "code", "mark", 'a href="/tides/"')
)
html = st.one_of(
    st.builds(lambda text, tag: text.within(f"<{tag}>", f"</{tag.split()[0]}>"), words, elements),
    st.sampled_from(("<!-- hidden -->", "<wbr>", "<span id=here></span>")).map(Sample),
    st.just(Sample("<br>", " ")),
)
footnotes = words.map(
    lambda text: Sample(
        f"moon[^fn-{NUMBER}]", "moon", (text.shown,), (f"[^fn-{NUMBER}]: {text.source}",)
    )
)


@cache
def math(dialect: str) -> SearchStrategy[Sample]:
    """Return formulas in a sentence."""
    signs = [("$", "$")] if dialect == "eleventy" else [("$$", "$$"), ("{% m %}", "{% em %}")]
    return st.builds(
        lambda tex, sign: plain(tex).within(*sign), st.sampled_from(TEX), st.sampled_from(signs)
    )


@cache
def held(dialect: str) -> SearchStrategy[Sample]:
    """Return text of one line, as tags and captions hold it."""
    pieces = st.one_of(words, odd, emphasis, code, math(dialect), links, html)
    if dialect == "tufte-jekyll":
        # It would end the tag: Liquid knows no strings.
        pieces = pieces.filter(lambda piece: "%}" not in piece.source)
    return st.lists(pieces, max_size=3).map(lambda found: joined([plain("moon"), *found]))


def nunjucks(text: str, quote: str) -> str:
    """Return *text* as a string of Nunjucks."""
    return quote + text.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def shell(text: str, quote: str) -> str:
    """Return *text* as a word of a shell; what a single quote cannot hold is in double ones."""
    if quote == "'" and "'" not in text:
        return f"'{text}'"
    return '"' + re.sub(r'([\\"$`])', r"\\\1", text) + '"'


@st.composite
def tag(draw: DrawFn, dialect: str, name: str, *arguments: str) -> str:
    """Return a tag with its arguments, in one of the ways to write it."""
    quote = draw(st.sampled_from("\"'"))
    written = [(nunjucks if dialect == "eleventy" else shell)(text, quote) for text in arguments]
    between = draw(st.sampled_from((" ", ", "))) if dialect == "eleventy" else " "
    before, after = draw(st.sampled_from((("{% ", " %}"), ("{%- ", " -%}"), ("{%  ", "%}"))))
    return f"{before}{name} {between.join(written)}{after}"


@st.composite
def notes(draw: DrawFn, dialect: str) -> Sample:
    """Return a note with its tag."""
    name = draw(st.sampled_from(("sidenote", "marginnote")))
    text = draw(held(dialect))
    if dialect == "eleventy" and draw(st.integers(0, 5)) == 5:
        # The old site printed the tag as it stood; the importer makes it the citation it meant.
        key = draw(st.sampled_from(KEYS))
        text += Sample(f' {{% cite "{key}" %}}', f" {key}", counts=Counter(citations=1))
    if draw(st.integers(0, 9)) == 9:
        text += plain(f" {LONG}")
    if draw(st.booleans()):
        text = replace(text, source=text.source.replace("moon ", f"moon{SOFT}", 1))
    first = ("sn-1",) if dialect == "tufte-jekyll" else ()
    source = draw(tag(dialect, name, *first, text.source))
    return Sample(source, "", (text.shown,), (), Counter({f"{name}s": 1}) + text.counts)


@st.composite
def citations(draw: DrawFn, dialect: str) -> Sample:
    """Return a citation; of a work that nobody knows the tag is shown."""
    key = draw(st.sampled_from((*KEYS, "nobody1999")))
    source = draw(tag(dialect, "cite", key)) if dialect == "eleventy" else f"{{% cite {key} %}}"
    if key == "nobody1999":
        return Sample(source, f" {source} ")
    return Sample(source, f" {key} ", counts=Counter(citations=1))


@cache
def unknown(dialect: str) -> SearchStrategy[Sample]:
    """Return what no rule knows, so that it is shown as it is; around words, only these may be."""
    kept = [
        "{{ page.title }}",
        '{{ "}" | upper }}',
        '{% gallery "a" %}',
        "{% set x = 3 %}",
        "{% include x.html %}",
    ]
    kept += ["{# a comment #}"] if dialect == "eleventy" else ["{% include x.html y='z' %}"]
    raw = st.sampled_from(("{{ x }}", '{% cite "x" %}', "{# x #}", "{% x"))
    return st.one_of(
        st.sampled_from(kept).map(plain),
        words.map(lambda text: text.within("{% mark %}", "{% endmark %}")),
        raw.map(plain).map(
            lambda text: text.within("{% raw %}", " moon{% endraw %}") + Sample("", " moon")
        ),
    )


@cache
def pieces(dialect: str) -> SearchStrategy[Sample]:
    """Return all that stands within a line."""
    noted = [notes(dialect)] * 3
    tags = [*noted, citations(dialect), unknown(dialect)]
    tags += [held(dialect).flatmap(_newthought)] if dialect == "tufte-jekyll" else []
    return st.one_of(
        words, odd, emphasis, code, math(dialect), links, html, images, footnotes, *tags
    )


def _newthought(text: Sample) -> SearchStrategy[Sample]:
    return tag("tufte-jekyll", "newthought", text.source).map(
        lambda source: replace(text, source=source)
    )


GAPS = st.sampled_from((" ", " ", " ", "\n", ", ", "  \n", "\\\n"))


@cache
def sentences(dialect: str, *, broken: bool = True) -> SearchStrategy[Sample]:
    """Return text that begins with a word.

    :param broken: it may be of several lines
    """
    gaps = GAPS if broken else st.sampled_from((" ", ", "))
    return st.lists(st.tuples(pieces(dialect), gaps), min_size=1, max_size=5).map(_sentence)


def _sentence(found: list[tuple[Sample, str]]) -> Sample:
    whole = plain("moon")
    for piece, gap in found:
        if piece.notes and piece.source.startswith("{%") and gap == " ":
            gap = ""  # a note stands at its word
        elif "\n" in gap and not piece.source[:1].isalpha():
            gap = " "  # a sign could begin a list or the like
        whole += Sample(gap, gap.rstrip("\\\n") + " ") + piece
    return whole


# --- blocks ---

paragraphs = st.one_of(
    st.builds(
        lambda before, sign, after: joined([before, plain(sign), after]),
        words,
        st.sampled_from(LONELY),
        words,
    ),
    st.builds(
        lambda line, text: joined([plain(line), text], "\n"), st.sampled_from(MYST_LINES), words
    ),
    st.builds(
        lambda text, line: joined([text, plain(line)], "\n"), words, st.sampled_from(MYST_LINES)
    ),
)


@st.composite
def headings(draw: DrawFn, dialect: str) -> Sample:
    """Return a heading."""
    text = draw(sentences(dialect, broken=False))
    text = replace(text, source=text.source.replace(SOFT, " "))
    before, after = draw(
        st.sampled_from((("## ", ""), ("### ", ""), ("##### ", " ##"), ("", "\n---"), ("# ", "")))
    )
    return text.within(before, after)


@st.composite
def fences(draw: DrawFn) -> Sample:
    """Return a block of code between fences."""
    fence = draw(st.sampled_from(("```", "````", "~~~~")))
    lines = draw(st.lists(st.sampled_from(CODE_LINES), max_size=4))
    return plain("\n".join(lines)).within(
        f"{fence}{draw(st.sampled_from(LANGUAGES))}\n", f"\n{fence}"
    )


def indented(text: Sample, lines: list[str]) -> Sample:
    """Return a block of indented code behind a paragraph, where no list can take it in."""
    shown = "\n".join(lines).strip("\n")
    return text + Sample("\n\n", " ") + prefixed(plain(shown or "x"), "    ", "    ")


@st.composite
def tables(draw: DrawFn, dialect: str) -> Sample:
    """Return a table of two columns."""
    bar = st.just(Sample("a\\|b", "a|b"))
    cells = st.one_of(
        words, emphasis, code, math(dialect), links, bar, notes(dialect), citations(dialect)
    )
    rows = draw(st.lists(st.tuples(cells, cells), min_size=1, max_size=3))
    written = [joined(row, " | ").within("| ", " |") for row in rows]
    line = draw(st.sampled_from(("| --- | --- |", "|:--|--:|", "|:-:|---|")))
    head = written[0] + Sample(f"\n{line}", " ")
    return replace(
        joined([head, *written[1:]], "\n"),
        source=joined([head, *written[1:]], "\n").source.replace(SOFT, " "),
    )


@st.composite
def lists(draw: DrawFn, inner: SearchStrategy[Sample]) -> Sample:
    """Return a list whose items hold one or two blocks."""
    marker = draw(st.sampled_from(("- ", "* ", "+ ", "1. ", "10) ")))
    items = draw(st.lists(st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=3))
    blocks = (joined(item, "\n\n") for item in items)
    return joined(
        [prefixed(block, marker, " " * len(marker)) for block in blocks],
        draw(st.sampled_from(("\n", "\n\n"))),
    )


@st.composite
def details(draw: DrawFn, dialect: str, inner: SearchStrategy[Sample]) -> Sample:
    """Return a question, or what is folded away; the summary is HTML, in which `*` is a sign."""
    pause = draw(st.booleans())
    summary = draw(
        st.lists(st.one_of(words, html, citations(dialect), st.just(plain("*moon*"))), max_size=2)
    )
    text = joined([plain("Why"), *summary])
    label = draw(st.sampled_from(("", "Pause and think: ", "Pause and think — "))) if pause else ""
    attributes = draw(
        st.sampled_from((' class="pause-and-think"', " open class='pause-and-think big'"))
        if pause
        else st.sampled_from(("", " open"))
    )
    attributes += ' markdown="1"' if dialect == "tufte-jekyll" else ""
    between = draw(st.sampled_from(("", "\n", "\n  ")))
    head = text.within(f"<details{attributes}>{between}<summary>{label}", "</summary>\n\n")
    body = joined(draw(st.lists(inner, min_size=1, max_size=2)), "\n\n")
    counts = Counter(pauses=1) if pause else Counter()
    return head + Sample("", " ") + body + Sample("\n\n</details>", " ", counts=counts)


@st.composite
def figures(draw: DrawFn, dialect: str) -> Sample:
    """Return a figure in HTML or in Markdown; the caption is shown, of a missing image also the text."""
    path, alt = draw(st.sampled_from((*PICTURES, *MISSING))), draw(descriptions)
    known = path in PICTURES
    counts = Counter(figures=1) if known else Counter()
    sample = Sample("", "" if known else f"{alt} ", counts=counts)
    if draw(st.booleans()):
        caption = draw(
            st.lists(st.one_of(words, html, citations(dialect), notes(dialect)), max_size=3)
        )
        text = joined([plain("Moon"), *caption])
        between = draw(st.sampled_from(("", "\n", "\n  ")))
        source = f'<figure>{between}<img src="{path}" alt="{alt}">{between}<figcaption>'
        return sample + text.within(source, f"</figcaption>{between.rstrip(' ')}</figure>")
    formula = plain("\\alpha_i").within("$", "$")
    caption = joined(
        draw(st.lists(st.one_of(words, emphasis, st.just(formula)), min_size=1, max_size=2))
    )
    return sample + caption.within(f'![{alt}]({path} "', '")')


raw_html = st.one_of(
    st.builds(lambda text: text.within('<div class="x">\n<p>', "</p>\n</div>"), words),
    st.builds(lambda text: text.within("<table><tr><td>", "</td></tr></table>"), words),
    st.builds(lambda text: text.within("<pre>", "</pre>"), words),
    st.builds(lambda text: text.within("<h3 id='x'>", "</h3>"), words),
    st.builds(lambda text: text.within("<p>", "</p>"), words),
    st.sampled_from(
        (
            "<!-- hidden -->",
            "<!--\nhidden\n\nhidden\n-->",
            "<hr>",
            '<iframe src="https://example.org/"></iframe>',
            "<script>\nhidden()\n</script>",
            "<style>\n.hidden {}\n</style>",
            '<p><img src="/images/moon.png" alt="x"></p>',
        )
    ).map(Sample),
)


@st.composite
def boxes(draw: DrawFn, inner: SearchStrategy[Sample]) -> Sample:
    """Return blocks within a tag that no rule knows; what it says behind its name is shown."""
    title = draw(st.sampled_from(("", '"a title" ', "a=1 ")))
    body = joined(draw(st.lists(inner, min_size=1, max_size=2)), "\n\n")
    gap = draw(st.sampled_from(("\n", "\n\n")))
    return (
        Sample(f"{{% box {title}%}}{gap}", f"{title} ") + body + Sample(f"{gap}{{% endbox %}}", " ")
    )


@st.composite
def jekyll_blocks(draw: DrawFn) -> Sample:
    """Return a block of Tufte-Jekyll's own."""
    text = draw(held("tufte-jekyll"))
    kind = draw(
        st.sampled_from(
            ("epigraph", "maincolumn", "fullwidth", "math", "highlight", "class", "marginfigure")
        )
    )
    match kind:
        case "epigraph":
            source = draw(tag("tufte-jekyll", "epigraph", text.source, "A. Clock", "On gardens"))
            return Sample(source, f"{text.shown} A. Clock, On gardens")
        case "maincolumn" | "fullwidth":
            source = draw(tag("tufte-jekyll", kind, "images/moon.png", text.source))
            return Sample(source, text.shown, counts=Counter(figures=1))
        case "marginfigure":
            source = draw(tag("tufte-jekyll", kind, "mf-1", "images/moon.png", text.source))
            return Sample(f"moon{source}", "moon", (text.shown,), counts=Counter(figures=1))
        case "math":
            return plain(draw(st.sampled_from(TEX))).within("{% math %}", "{% endmath %}")
        case "highlight":
            lines = plain(
                "\n".join(draw(st.lists(st.sampled_from(CODE_LINES), min_size=1, max_size=3)))
            )
            return lines.within("{% highlight python linenos %}\n", "\n{% endhighlight %}")
        case _:
            return text + Sample("\n{:.class #name}")


def display(tex: str, form: tuple[str, str]) -> Sample:
    """Return a formula on lines of its own."""
    return plain(tex).within(*form)


@cache
def blocks(dialect: str) -> SearchStrategy[Sample]:
    """Return blocks, nested in each other."""
    rule = st.sampled_from(("***", "___")).map(Sample)
    formulas = st.builds(
        display, st.sampled_from(TEX), st.sampled_from((("$$\n", "\n$$"), ("$$", "$$")))
    )
    leaves = [
        sentences(dialect), sentences(dialect), paragraphs, headings(dialect), fences(), tables(dialect),
        st.builds(indented, words, st.lists(st.sampled_from(CODE_LINES), min_size=1, max_size=3)),
        figures(dialect), raw_html, rule, formulas,
    ]  # fmt: skip
    own = [jekyll_blocks()] if dialect == "tufte-jekyll" else []

    def nested(inner: SearchStrategy[Sample]) -> SearchStrategy[Sample]:
        quotes = st.lists(inner, min_size=1, max_size=2).map(
            lambda found: prefixed(joined(found, "\n\n"), "> ", "> ")
        )
        return st.one_of(lists(inner), quotes, details(dialect, inner), boxes(inner))

    return st.recursive(st.one_of(*leaves, *own), nested, max_leaves=4)


# --- articles and sites ---


@dataclass(frozen=True)
class Article:
    """An article, and what a reader of the old site saw of it."""

    #: Its file in the old site, and its document in the new.
    path: str
    docname: str
    source: str
    shown: str
    notes: tuple[str, ...]
    counts: Counter[str]


@dataclass(frozen=True)
class Site:
    """A site with what it needs."""

    dialect: str
    articles: tuple[Article, ...]
    files: dict[str, str]

    def write(self, root: Path, *, backwards: bool = False) -> Path:
        """Write the site to a folder, the last file first if *backwards*."""
        texts = {**self.files, **{article.path: article.source for article in self.articles}}
        for path in sorted(texts, reverse=backwards):
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(texts[path], encoding="utf-8", newline="")
        return root


WORKS = {
    key: {"title": "On tides", "authors": "Li, A.", "year": 2020, "venue": "Nature"} for key in KEYS
}
FILES = {
    "eleventy": {
        "eleventy.config.js": 'export default () => ({ markdownTemplateEngine: "njk" });\n',
        "references.json": json.dumps(WORKS),
        "clocks/_block.json": '{"title": "Clocks", "order": 1}',
        "clocks/tides/index.md": "---\ntitle: Tides\n---\n\nTides.\n\n## The end\n",
        "images/moon.png": "",
    },
    "tufte-jekyll": {
        "_config.yml": "title: Clocks\nbaseurl: /base\n",
        "_bibliography/references.bib": "".join(
            f"@misc{{{key}, title = {{On tides}}}}\n" for key in KEYS
        ),
        "_includes/head.html": "<script>inlineMath: [['$','$']]</script>",
        "clocks/tides.md": "---\ntitle: Tides\n---\n\nTides.\n\n## The end\n",
        "images/moon.png": "",
    },
}
PLACES = {
    "eleventy": [
        ("clocks/{}/index.md", "clocks/{}/index"),
        ("{}/index.md", "{}/index"),
        ("{}.md", "{}"),
    ],
    "tufte-jekyll": [
        ("_posts/2020-01-02-{}.md", "posts/{}"),
        ("{}.md", "{}"),
        ("clocks/{}.markdown", "clocks/{}"),
    ],
}
NAMES = ("moon", "garden", "the-end", "Ångström", "a b", "index2")


@st.composite
def bodies(draw: DrawFn, dialect: str) -> Sample:
    """Return the text of an article."""
    body = joined(draw(st.lists(blocks(dialect), min_size=1, max_size=5)), "\n\n")
    if draw(st.integers(0, 9)) == 9:
        # A tag that is never closed, behind which there is nothing more.
        body += Sample("\n\n", " ") + plain('moon {% sidenote "tide clock')
    whole = body.source + "".join(f"\n\n{text}" for text in body.after)
    return replace(body, source=_numbered(whole).replace(SOFT, "\n"))


def _numbered(text: str) -> str:
    """Return *text* with the numbers of footnotes: references first, then as many definitions."""
    count = text.count(NUMBER) // 2
    numbers = iter([*range(count), *range(count)])
    return re.sub(NUMBER, lambda _: str(next(numbers)), text)


@st.composite
def articles(draw: DrawFn, dialect: str, name: str) -> Article:
    """Return an article of that name."""
    path, docname = (pattern.format(name) for pattern in draw(st.sampled_from(PLACES[dialect])))
    title = " ".join(
        draw(st.lists(st.sampled_from((*WORDS, *LONELY, *SAME)), min_size=1, max_size=4))
    )
    body = draw(bodies(dialect))
    front = f"---\ntitle: {json.dumps(title, ensure_ascii=draw(st.booleans()))}\n---\n"
    source = f"{front}\n{body.source}\n"
    if draw(st.integers(0, 5)) == 5:
        source = source.replace("\n", "\r\n")
    return Article(path, docname, source, f"{title} {body.shown}", body.notes, body.counts)


@st.composite
def sites(draw: DrawFn, dialect: str) -> Site:
    """Return a site of some articles."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return Site(dialect, tuple(draw(articles(dialect, name)) for name in names), FILES[dialect])


# --- what no author writes ---

#: What garbage is made of: every sign that means something, and signs that mean trouble.
FRAGMENTS = (
    "{% sidenote ", "{% marginnote 'a' 'b' %}", "{% cite ", "{% box %}", "{% endbox %}", "{% raw %}", "{% endraw %}",
    "{% math %}", "{% m %}", "{% em %}", "{% highlight %}", "{% newthought 'a' %}", "{% epigraph ", "{%", "%}", "{%-",
    "{{", "}}", "{{ site.baseurl }}", "{#", "#}", '"', "'", '\\"', "\\", "`", "``", "```\n", "~~~\n", "$", "$$", "$x$",
    "<details>", "</details>", '<details class="pause-and-think">', "<summary>", "</summary>", "<figure>", "</figure>",
    "<figcaption>", "<img src=", "<img src='/images/moon.png'>", "<a href='/x/'>", "</a>", "<div markdown='1'>\n",
    "<div>\n", "</div>\n", "<p>\n", "<h2>", "</h2>", "<!--", "-->", "<", ">", "<script>", "[", "](", "]", "(", ")", "![",
    "[a](/b/ 'c')", "[a]: /b/\n", "[^a]", "[^a]: ", "# ", "# a\n", "a\n===\n", "---\n", "title: x\n", "prerequisites:\n",
    "- url: /x/\n", "glossary: [{term: a, definition: b}]\n", "order: .nan\n", "date: 2020-13-45\n", "|", "| a | b |\n",
    "| --- | --- |\n", "> ", "> **a:** b\n", "- ", "1. ", ": ", "    ", "\t", "\n", "\n\n", " ", "  \n", "\r", "\r\n",
    "::: ", ":::{note}\n", "% ", "+++\n", "(a)=\n", "{:.a}", "{: #a}\n", "{a}", "*", "**", "_", "~~", "&", "&#0;", "&amp;",
    "@misc{a,", "title = {b}", "}\n", "@string(", "[box]\n", 'block = "note"\n', 'inline = "{content}"\n', 'end = "x"\n',
    '{"a": ', '{"title": "b"}', "[]", "null", "1e999", "\x00", "\x0b", "\x0c", "\x1b", "\x85", "\u2028", "\ufeff",
    "\ufdd0", "\ufdd1", "0", "\ue000", "\ue001", "\ud800", "\U0010ffff", "a", "moon", "é", "://", "https://a.b/c",
)  # fmt: skip

#: What stands in files outside of a site.
OUTSIDE = "---\ntitle: secret\n---\n\nThis is secret.\n"


@dataclass(frozen=True)
class Hostile(Site):
    """A site that tries to reach files outside of it."""

    #: Where a link of the file system stands, and where it leads.
    leads: dict[str, str] = field(default_factory=dict)

    def write(self, root: Path, *, backwards: bool = False) -> Path:
        super().write(root, backwards=backwards)
        for path, target in self.leads.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file)
            file.unlink(missing_ok=True)
            file.symlink_to(target)
        return root


@st.composite
def hostile(draw: DrawFn, dialect: str, outside: Path) -> Hostile:
    """Return a site whose addresses, settings and links lead to the folder *outside*, beside it."""
    ups = st.integers(1, 6).map(lambda count: "../" * count)
    files = st.sampled_from(("outside/moon.png", "outside/moon.md", "outside", "", "etc/passwd"))
    there = st.one_of(
        st.builds("{}{}".format, ups, files),
        st.builds("/{}{}".format, ups, files),
        st.builds("/images/{}{}".format, ups, files),
        st.builds(lambda up, file: (up + file).replace("../", "%2e%2e%2F"), ups, files),
        st.builds(lambda up, file: (up + file).replace("/", "\\"), ups, files),
        st.sampled_from(
            (
                f"{outside}/moon.png",
                f"file://{outside}/moon.png",
                f"//{outside}/moon.md",
                "/etc/passwd",
                "~",
            )
        ),
        st.sampled_from(
            (
                "/linked/moon.png",
                "/linked/moon.md",
                "/moon-link.png",
                "moon-link.png",
                "\x00",
                "a" * 300,
            )
        ),
    )
    forms = {
        "eleventy": ("[a]({})", "![a]({})", '![a]({} "b")', '<img src="{}">', '<figure><img src="{}"></figure>', "[a]: {}\n\n[a]"),
        "tufte-jekyll": ("[a]({})", "![a]({})", "{{% maincolumn '{}' 'a' %}}", "{{% marginfigure 'a' '{}' 'b' %}}",
                         "{{% link {} %}}", "{{% include {} %}}", "{{% post_url {} %}}"),
    }[dialect]  # fmt: skip
    used = draw(st.lists(st.tuples(st.sampled_from(forms), there), min_size=1, max_size=5))
    front = {
        "title": "a",
        "permalink": draw(there),
        "block": draw(there),
        "prerequisites": [draw(there)],
    }
    text = f"---\n{json.dumps(front)}\n---\n\n" + "\n\n".join(
        form.format(path) for form, path in used
    )
    path, docname = (pattern.format("moon") for pattern in PLACES[dialect][0])
    article = Article(path, docname, text, "", (), Counter())
    setting = draw(there)
    settings = {
        "eleventy": {"eleventy.config.js": f'export default () => ({{ dir: {{ input: "{setting}" }}, pathPrefix: "{setting}" }});'},
        "tufte-jekyll": {"_config.yml": json.dumps({
            "collections_dir": setting, "baseurl": setting, "permalink": f"/{setting}/:title",
            "scholar": {"source": setting, "bibliography": draw(there)}, "collections": {"posts": {}, setting: {}},
        })},
    }[dialect]  # fmt: skip
    places = ("linked", "moon-link.png", "images/link.png", "link.md", "references.json", "_bibliography/references.bib",
              "a/_block.json", "_posts/2020-01-01-link.md", "_includes", "_config.yaml", "package.json", "clocks/images")  # fmt: skip
    targets = st.sampled_from([str(outside), *(f"{outside}/{name}" for name in ("moon.md", "moon.png", "references.json", "_block.json")),
                               "..", ".", "no-such-file", "../outside/moon.md", "images/moon.png"])  # fmt: skip
    leads = draw(st.dictionaries(st.sampled_from(places), targets, max_size=3))
    chosen = settings if draw(st.booleans()) else {}
    return Hostile(dialect, (article,), {**FILES[dialect], **chosen}, leads)
