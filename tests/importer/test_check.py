"""The check after a conversion: whatever was lost or stayed literal is reported, with its line."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marginalia_import import check, importer, visible_text
from marginalia_import.check import check_article
from marginalia_import.convert import convert_article
from marginalia_import.importer import Options, import_site
from tests.importer.articles import DIALECTS, WORDS, sites
from tests.importer.test_sites import SAMPLES, SITES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from marginalia_import.report import Entry
    from tests.importer.articles import Site

HEAD = "---\ntitle: Stars\n---\n"
SENTENCE = "Herons wade where the water is shallow"


def lost(source: str, result: str) -> list[tuple[int, str]]:
    found = check_article(source, result)
    return [(finding.line, finding.message) for finding in found if finding.is_loss]


def reported(result: object, kind: str) -> list[str]:
    """Return the entries of a kind about the article to try, with its line and message."""
    entries = result.report.lines()  # type: ignore[attr-defined]
    return [f"{e.line} {e.message}" for e in entries if e.kind == kind and "stars" in e.file]


# Words


def test_a_word_that_is_gone_is_found_with_its_line() -> None:
    assert lost("The moon\n\nis *very* far.", "The moon\n\nis far.") == [(3, "very")]


def test_a_word_is_missed_where_its_neighbours_are() -> None:
    source = "A tide rises.\n\nA slow tide falls.\n\nA tide turns."
    assert lost(source, source.replace("slow tide", "slow")) == [(3, "tide")]


def test_a_sentence_is_missed_whose_words_all_occur_elsewhere() -> None:
    more = "\n\nshallow is water the where wade Herons shallow is water the where wade Herons"
    assert lost(f"{SENTENCE}.{more}", more) == [(1, SENTENCE)]


def test_code_of_html_may_be_written_with_entities() -> None:
    assert lost('<code>&lt;label for="one"&gt;</code> two', '`<label for="one">` two') == []


def test_a_note_may_move() -> None:
    source = f'It rises{{% sidenote "{SENTENCE}." %}} and it falls.'
    assert lost(source, f"It rises[^note-1] and it falls.\n\n[^note-1]: {SENTENCE}.") == []


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("[sky](/a/ 'b c') ![d e](f.png)", '[sky](../a.md "b c") ![d e](img/f.png)'),
        ("[sky]({{ site.baseurl }}{% link a.md %})", "[sky](#a)"),
        ("[sky][1]\n\n[1]: /a/b/c", "[sky](c.md)"),
        ("## Two views {#views}\n\n*Near*{:.big}", "(two-views)=\n## Two views\n\n*Near*"),
        ("{% sidenote 'sn-1' 'One [two](/a/)' %}", "{sidenote}`One [two](a.md)`"),
        ('{% sidenote "It\'s.\\n\\nTrue" %}', "[^note-1]\n\n[^note-1]: It's.\n\n    True"),
        ("{% maincolumn 'a/b.png' 'Two views' %}", ":::{figure} b.png\n:alt: x\n\nTwo views\n:::"),
        ("{% highlight python %}\nx = 1\n{% endhighlight %}", "```python\nx = 1\n```"),
        ("<style>p { color: red }</style>R&amp;D caf&eacute;", "R&amp;D café"),
    ],
)  # fmt: skip
def test_markup_is_no_word(source: str, result: str) -> None:
    assert lost(source, result) == []


SCANNERS = {
    f"{module.__name__}.{name}": value
    for module in (check, visible_text)
    for name, value in vars(module).items()
    if isinstance(value, visible_text.Scanner)
}
#: What markup consists of.
PIECES = (
    "\n", "\n\n", "\n> ", "\n- ", "\n1. ", "\n    ", "\t", " ", "moon", "Table: ", "x=1", ":", ":::",
    "::: {.a}", "```", "```{r}", "~~~ {.b c='d'}", "`", "``", "$", "$$", "\\", "\\begin{align}",
    "\\end{align}", "\\@ref(a)", "\\label{b}", "(\\#eq:a)", "(ref:a)", "@fig-a", "-@fig-b", "@key",
    "[", "]", "](", ")", "][", "[^1]:", "[^a]", "^[", "[[a|", "![[a.png", "]]", "[!NOTE]", "*[AB]: ",
    "[a]: /b", "{", "}", "{.a}", "{#b}", "{%", "%}", "{% end %}", "{% note 'a b' %}", "{{", "}}",
    "{% image 'a' 'b' %}", "<", ">", "<p>", "</p>", "<!--", "-->", "<!x>", "<script>", "</script>",
    "<pre>", "</pre>", "<summary>Pause and think", "<aside>", "<d-x>", "<Tag>", "==a b==", "%%a%%",
    "alt='c'", "Alt: d", ":alt: e", "#| fig-cap: f", "include_graphics('g')", "(a)=", "{ref}`h`",
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_a_pattern_is_found_where_a_search_would_find_it(text: str) -> None:
    for name, scanner in SCANNERS.items():
        found = [(match.span(), match.groups()) for match in scanner.find(text)]
        searched = [(match.span(), match.groups()) for match in scanner.pattern.finditer(text)]
        assert (name, found) == (name, searched)


# Every dialect


LOSS = '<figure><img src="/x.png" title="Text of it"><figcaption>A map</figcaption></figure>\n'


@pytest.mark.parametrize("dialect", DIALECTS)
def test_words_that_a_converter_drops_are_reported(dialect: str, article: Callable) -> None:
    _, result = article(HEAD + LOSS, dialect)
    (entry,) = reported(result, "lost-words")
    assert entry == "4 Text of it"
    assert result.report.open_problems


def test_words_after_an_open_angle_are_not_lost_in_silence(article: Callable) -> None:
    text, result = article(f"{HEAD}![if rope < 0 then A else if rope > 4 then](images/map.png)\n")
    assert "0 then A" in text or reported(result, "lost-words")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sites_of_the_tests_lose_no_word(name: str) -> None:
    report = import_site(Options(SITES / name, SITES.parent / "none", dry_run=True))
    assert [str(entry) for entry in report.lines() if entry.kind == "lost-words"] == []


# Every generated site


class Sabotage:
    """A conversion that changes its result, and what it did to which article."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change

    def __call__(self, *arguments: Any, **options: Any) -> str:
        return self.change(convert_article(*arguments, **options))


@contextmanager
def imports(change: Callable[[str], str], factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder to import in, with a converter whose results are changed."""
    root = factory.mktemp("example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importer, "convert_article", Sabotage(change))
        yield root
    shutil.rmtree(root)


any_site = st.sampled_from(DIALECTS).flatmap(sites)
every_site = settings(
    max_examples=60, phases=[Phase.generate], derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
PLAIN = re.compile(
    r"(?<![^\W_])(?<!&)(?:" + "|".join(word for word in WORDS if word.isalpha()) + r")(?![^\W_])"
)
#: A line that shows no words of the text: the title, the description of an image, a label.
NO_TEXT = re.compile(r"[ \t>]*(?:# |:[\w-]+:|\([\w-]+\)=$|%)")


def sentences(text: str) -> list[int]:
    """Return the lines of an article on which there are three words or more."""
    body = text.index("\n# ")
    lines = text.split("\n")
    first = text.count("\n", 0, body) + 2
    return [
        number
        for number in range(first, len(lines))
        if len(PLAIN.findall(lines[number])) > 2 and not NO_TEXT.match(lines[number])
    ]


def places(entry: Entry) -> range:
    """Return the lines that an entry names."""
    last = re.search(r"\(to line (\d+)\)$", entry.message)
    return range(entry.line, int(last[1]) + 1 if last else entry.line + 1)


@pytest.mark.slow
@every_site
@given(site=any_site, data=st.data())
def test_a_sentence_that_is_lost_is_named_with_its_line(
    site: Site, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dropped: list[str] = []

    def drop(text: str) -> str:
        lines = text.split("\n")
        if not dropped and (numbers := sentences(text)):
            number = data.draw(st.sampled_from(numbers))
            dropped.extend(re.findall(r"[^\W_]+", lines[number]))
            lines[number] = ""
        return "\n".join(lines)

    with imports(drop, tmp_path_factory) as root:
        report = import_site(Options(site.write(root / "old"), root / "new", dry_run=True))
        entries = [entry for entry in report.lines() if entry.kind == "lost-words"]
        assert bool(entries) == bool(dropped)
        named = " ".join(entry.message for entry in entries).split()
        assert not dropped or {*dropped} & {*named}
        for entry in entries:
            source = (root / "old" / entry.file).read_text(encoding="utf-8").split("\n")
            shown = " ".join(source[number - 1] for number in places(entry))
            assert {*PLAIN.findall(entry.message)} <= {*PLAIN.findall(shown)}


CONSTRUCTS = (
    "^[a note]", "::: seasons", "[[moon|tide]]", "==bright==", "\\\\@ref(fig:map)", "*[HTML]: Hypertext",
    '<d-unknown class="x">moon</d-unknown>', "<aside>moon", "{% unheard of %}", "{{ unheard }}",
    "> [!NOTE]", "*moon*{.big}", '<span class="odd">moon</span>', "<iframe src='/x'></iframe>",
)  # fmt: skip
#: What shows that a construct stayed as it was.
SIGNS = re.compile(
    r"\^\[|(?<!:):::[ ]seasons|\[\[moon|==bright|@ref\(|\*\[HTML|<d-unknown|<aside|\{%|\{\{"
    r"|\[!NOTE|\{\.big|class=\"odd|<iframe"
)


@pytest.mark.slow
@every_site
@given(site=any_site, data=st.data())
def test_a_construct_that_stays_is_named(
    site: Site, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    article = data.draw(st.sampled_from(site.articles))
    construct = data.draw(st.sampled_from(CONSTRUCTS))
    with imports(str, tmp_path_factory) as root:
        site.write(root / "old")
        file = root / "old" / article.path
        clean = article.source.replace("\r\n", "\n").rstrip("\n")
        file.write_text(f"{clean}\n\n{construct}\n", encoding="utf-8")
        report = import_site(Options(root / "old", root / "new"))
        last = clean.count("\n") + 3
        result = (root / "new" / f"{article.docname}.md").read_text(encoding="utf-8")
        stays = SIGNS.search(result.replace("\\", "").rstrip("\n").rpartition("\n\n")[2])
        named = [e for e in report.entries if e.file == article.path and last in places(e)]
        assert named or not stays


# Markup that stays literal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It rises^[by a yard] again.", "inline note"),
        ("::: warning\nMind the step.\n:::", "container"),
        ("> [!NOTE]\n> Mind the step.", "callout"),
        ("See [[tides|the tides]].", "wiki link"),
        ("A ==bright== star.", "highlight"),
        ("*[HTML]: Hypertext", "abbreviation"),
        ("See \\@ref(fig:map).", "reference"),
        ("It shines [@leavitt1912, p. 3].", "citation"),
        ("As @leavitt1912 says.", "key"),
        ("*Near*{.big} it is.", "attributes"),
        ('Far<d-cite key="leavitt1912"></d-cite> it is.', "<d-cite>"),
        ('Far<span class="sidenote">A note.</span> it is.', "<span>"),
        ("H<sub>2</sub>O", "<sub>"),
    ],
)
def test_markup_of_another_dialect_that_stays_is_found(text: str, name: str) -> None:
    source = f"{HEAD}\n{text}\n"
    (first, *_) = check_article(source, text.replace(":::", "\\:::"), {"leavitt1912"})
    assert (first.line, first.is_loss) == (5, False)
    assert first.message.startswith(f"{name} stays as it is: ")


@pytest.mark.parametrize(
    "text",
    [
        "A ==bright== star.",
        "*[HTML]: Hypertext",
        "See [[tides|the tides]].",
        "As @leavitt1912 says.",
        "*Near*{.big} it is.",
        "A <del>far</del> star.",
    ],
)
def test_markup_that_is_not_converted_is_reported(text: str, article: Callable) -> None:
    _, result = article(f"{HEAD}\n{text}\n")
    assert [line.partition(" ")[0] for line in reported(result, "literal")] == ["5"]


@pytest.mark.parametrize(
    "text",
    [
        "`^[a]` and\n\n```\n::: x\n<aside>\n```",
        "Write to ada@example.org or [@ada](https://example.org/@ada).",
        "As @nobody says, x > y.",
        '{% sidenote "A note of *two* words." %}',
        "<details><summary>More</summary>\n\nText.\n\n</details>",
    ],
)
def test_code_names_and_what_was_converted_are_not_literal(text: str, article: Callable) -> None:
    _, result = article(f"{HEAD}\nMoon {text}\n")
    assert reported(result, "literal") == []
