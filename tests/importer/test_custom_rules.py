"""Rules for a site's own tags: from a file, from packages, and what is reported about invalid ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from marginalia_import.placeholders import Inline
from marginalia_import.report import InputError
from marginalia_import.rules import Rule, TagForm
from marginalia_import.rules import custom as custom_rules
from marginalia_import.rules.custom import ENTRY_POINT_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = "---\ntitle: Stars\n---\n"


@pytest.fixture
def rules_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Write a file of rules."""

    def write(text: str | bytes) -> Path:
        file = tmp_path / "rules.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


@pytest.fixture
def body(article: Callable, rules_file: Callable) -> Callable[..., str]:
    """Return what becomes of an article with rules of a file."""

    def convert(text: str, rules: str, dialect: str = "eleventy") -> str:
        made, _ = article(
            HEAD + text, dialect, rules=tuple(custom_rules.read_rules(rules_file(rules)))
        )
        return made.partition("# Stars\n\n")[2]

    return convert


# What a rule says


@pytest.mark.parametrize(
    ("rule", "form"),
    [
        ('block = "note"', TagForm.WRAPPER),
        ('block = ""', TagForm.WRAPPER),
        ('block = "note"\nargument = "{1}"', TagForm.WRAPPER),
        ('block = "note"\nargument = "{first}"', TagForm.PAIRED),
        ('block = "note"\nalone = true', TagForm.SINGLE),
        ('inline = "{1}"', TagForm.SINGLE),
        ('inline = "{content}"', TagForm.PAIRED),
    ],
)
def test_the_texts_of_a_rule_imply_the_form_of_its_tag(
    rule: str, form: TagForm, rules_file: Callable
) -> None:
    (made,) = custom_rules.read_rules(rules_file(f"[tag]\n{rule}\n"))
    assert (made.tag, made.form, made.end_tag) == ("tag", form, "endtag")


def test_rules_are_in_the_order_of_the_file(rules_file: Callable) -> None:
    made = custom_rules.read_rules(
        rules_file('[b]\ninline = ""\n[a-b]\nblock = "note"\nend = "stop"\n')
    )
    assert [(rule.tag, rule.end_tag) for rule in made] == [("b", "endb"), ("a-b", "stop")]


@pytest.mark.parametrize(
    ("rule", "text", "made"),
    [
        ('inline = "{kbd}`{1}`"', '{% tag "x" %}', "{kbd}`x`\n"),
        ('inline = "**{1}** ({2})"', '{% tag "a*b", "*c*" %}', "**a*b** (*c*)\n"),
        ('inline = "{arguments}"', "{% tag *one* two %}", "\\*one\\* two\n"),
        ('inline = ""', "One {% tag %} two.", "One  two.\n"),
        ('inline = "{content}"', '{% tag %}*a* {% cite "leavitt1912" %}{% endtag %}', "*a* {cite:p}`leavitt1912`\n"),
        ('block = "tip"\noptions = {class = "{1}"}', '{% tag "x" %}\na\n{% endtag %}', ":::{tip}\n:class: x\n\na\n:::\n"),
        ('block = "tip"\nargument = "A: {content}"', "{% tag %}*a*{% endtag %}", ":::{tip} A: *a*\n:::\n"),
        ('block = "tip"\nargument = "{first}"', "{% tag %}\na\n\n- b\n{% endtag %}", ":::{tip} a\n- b\n:::\n"),
        ('block = "tip"\nalone = true', "a {% tag %} b", "a\n\n:::{tip}\n:::\n\nb\n"),
        ('block = "sphinx:tip.x"', "{% tag %}\na\n{% endtag %}", ":::{sphinx:tip.x}\na\n:::\n"),
    ],
)  # fmt: skip
def test_a_tag_becomes(rule: str, text: str, made: str, body: Callable) -> None:
    assert re.sub(" +", " ", body(f"{text}\n", f"[tag]\n{rule}\n")) == re.sub(" +", " ", made)


def test_arguments_are_split_as_the_dialect_does(body: Callable) -> None:
    assert body("{% tag a 'b c' %}\n", '[tag]\ninline = "{2}"\n', "tufte-jekyll") == "b c\n"


PAUSES = """
[around]
block = "pause-and-think"
argument = "{1}"

[first]
block = "pause-and-think"
argument = "{first}"

[tip]
block = "tip"
argument = "{first}"
"""


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ('{% around "How far?" %}\nFar.\n{% endaround %}', 1),
        ("{% first %}\nHow far?\n\nFar.\n{% endfirst %}", 1),
        ("{% first %}\nA\n\n{% first %}\nB\n{% endfirst %}\n{% endfirst %}", 2),
        ("{% tip %}\nA\n{% endtip %}", 0),
        ("{% first %}{% endfirst %}", 0),
    ],
)
def test_tags_that_become_pauses_are_counted_as_such(
    text: str, pauses: int, article: Callable, rules_file: Callable
) -> None:
    _, result = article(f"{HEAD}{text}\n", rules=tuple(custom_rules.read_rules(rules_file(PAUSES))))
    assert result.report.counts["pauses"] == pauses


def test_the_first_paragraph_is_converted_once(article: Callable, rules_file: Callable) -> None:
    rules = custom_rules.read_rules(
        rules_file('[tag]\nblock = "tip"\nargument = "{first} ({first})"\n')
    )
    text = HEAD + '{% tag %}\nA {% cite "leavitt1912" %} or {{ b }}\n\nC\n{% endtag %}\n'
    made, result = article(text, rules=tuple(rules))
    assert (
        ":::{tip} A {cite:p}`leavitt1912` or `{{ b }}` (A {cite:p}`leavitt1912` or `{{ b }}`)"
        in made
    )
    assert (result.report.counts["citations"], result.report.counts["unknown"]) == (1, 1)


# What is wrong with a file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('tag = "note"', "tag is not a table; write [tag]"),
        ('[tag]\nblok = "note"', "[tag] has an unknown key 'blok'; did you mean 'block'?"),
        ('[tag]\noption = {}\nblock = "a"', "[tag] has an unknown key 'option'; did you mean 'options'?"),
        ('[tag]\nxyz = 1', "[tag] has an unknown key 'xyz'; the keys are block, inline, argument, options, body, defaults, alone, end"),
        ("[tag]", "[tag] needs either 'block' or 'inline'"),
        ('[tag]\nblock = "a"\ninline = "b"', "[tag] needs either 'block' or 'inline'"),
        ("[tag]\nblock = 5", "[tag] 'block', 'inline', 'argument', 'body' and 'end' must be strings"),
        ('[tag]\nblock = "a"\nargument = ["b"]', "[tag] 'block', 'inline', 'argument', 'body' and 'end' must be strings"),
        ('[tag]\nblock = "a"\nend = true', "[tag] 'block', 'inline', 'argument', 'body' and 'end' must be strings"),
        ('[tag]\nblock = "a"\noptions = "b"', "[tag] 'options' must be a table of names and strings"),
        ('[tag]\nblock = "a b"', "[tag] 'a b' is not the name of a directive"),
        ('[tag]\nblock = "{note}"', "[tag] '{note}' is not the name of a directive"),
        ('[tag]\nblock = "a"\nalone = "no"', "[tag] 'alone' must be true or false"),
        ("[tag", "Expected ']'"),
        (b"[tag]\nblock = '\xff'", "is not UTF-8"),
    ],
)  # fmt: skip
def test_an_invalid_file_of_rules_is_reported(
    text: str | bytes, message: str, rules_file: Callable
) -> None:
    file = rules_file(text)
    with pytest.raises(InputError) as refused:
        custom_rules.read_rules(file)
    assert str(refused.value).startswith(f"{file}")
    assert message in str(refused.value)


def test_a_missing_file_of_rules_is_reported(tmp_path: Path, command: Callable) -> None:
    missing = tmp_path / "rules.toml"
    result = command(tmp_path, tmp_path / "new", "--rules", missing)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: {missing}: No such file or directory: name a file of rules\n"


# Rules of packages


class Point:
    """An entry point, as a package that is installed offers one."""

    def __init__(self, name: str, offered: Any) -> None:
        self.name = name
        self.value = f"package:{name}"
        self.offered = offered

    def load(self) -> Any:
        if isinstance(self.offered, Exception):
            raise self.offered
        return self.offered


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have packages offer rules."""

    def offer(**offered: Any) -> None:
        points = {ENTRY_POINT_GROUP: [Point(name, thing) for name, thing in offered.items()]}
        monkeypatch.setattr(custom_rules, "entry_points", lambda group: points[group])

    return offer


def lamp(tag: str, text: str) -> Rule:
    """Return a rule that makes *text* of a tag."""
    return Rule(tag, lambda tag, page: [Inline(f"{text} {page.inline(tag.arguments[0])}")])


def test_a_package_offers_a_rule_or_several(install: Callable, article: Callable) -> None:
    install(b=[lamp("one", "first"), lamp("two", "second")], a=lamp("three", "third"))
    rules = tuple(custom_rules.load_rules(None))
    text, _ = article(HEAD + '{% one "*a*" %} {% two "b" %} {% three "c" %}\n', rules=rules)
    assert [rule.tag for rule in rules] == ["three", "one", "two"]
    assert text.endswith("\nfirst *a* second b third c\n")


def test_a_rule_of_the_file_takes_precedence_over_a_package(
    install: Callable, article: Callable, rules_file: Callable
) -> None:
    install(a=[lamp("one", "package"), lamp("cite", "package")])
    file = rules_file('[one]\ninline = "file {1}"\n')
    text, _ = article(
        HEAD + '{% one "a" %} {% cite "b" %}\n', rules=tuple(custom_rules.load_rules(file))
    )
    assert text.endswith("\nfile a package b\n")


@pytest.mark.parametrize("offered", ["no rule", [lamp("one", "a"), None]])
def test_an_entry_point_that_is_not_a_rule_is_reported(
    offered: Any, install: Callable, command: Callable, tmp_path: Path
) -> None:
    install(moon=offered)
    result = command(tmp_path, tmp_path / "new")
    assert result.code == 2
    assert result.err == "error: the entry point moon (package:moon) is not a Rule\n"


def test_a_package_that_cannot_be_loaded_is_reported(
    install: Callable, command: Callable, tmp_path: Path
) -> None:
    install(moon=ImportError("no module named 'moon'"))
    result = command(tmp_path, tmp_path / "new")
    assert result.code == 2
    assert result.err.startswith("error: the entry point moon (package:moon)")
    assert "no module named 'moon'" in result.err


PICTURE_RULE = """
["include picture.html"]
block = "figure"
argument = "{path}"
body = "{caption}"

["include box.html"]
block = "note"
body = "{title}: {text}"
"""


def test_a_rule_may_name_an_include_and_its_arguments(article: Callable, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(PICTURE_RULE, encoding="utf-8")
    rules = tuple(custom_rules.read_rules(tmp_path / "rules.toml"))
    source = (
        '{% include picture.html path="images/map.png" caption="A *map*" %}\n\n'
        '{% include box.html title="One" text="*Two*" %}\n'
    )
    text, _ = article(source, rules=rules)
    assert ":::{figure} images/map.png\n:alt: A map\n\nA *map*\n:::" in text
    assert ":::{note}\nOne: *Two*\n:::" in text


# Rules for HTML


@pytest.mark.parametrize(
    ("rule", "text", "made"),
    [
        ('["<x-lamp>"]\ninline = "**{name}**: {content}"', 'A <x-lamp name="red">*lit*</x-lamp>.', "A **red**: *lit*.\n"),
        ('["<x-lamp>"]\ninline = "lamp {name}"\ndefaults = {name = "dim"}', "A <x-lamp/> b.", "A lamp dim b.\n"),
        ('[".aside-note"]\nblock = "sidenote"', 'Far<em class="aside-note big">A *note*.</em> off.', "Far{sidenote}`A *note*.` off.\n"),
        ('["<p.warn>"]\nblock = "warning"', '<p class="warn">Hot *oil*.</p>', ":::{warning}\nHot *oil*.\n:::\n"),
        ('["<div.box>"]\nblock = "tip"\nargument = "{title}"', '<div class="box" title="One">\n\n- a\n- b\n\n</div>', ":::{tip} One\n- a\n- b\n:::\n"),
        ('["<div.box>"]\nblock = "tip"', '<div class="box"><p>One.</p><p>Two.</p></div>', ":::{tip}\nOne.\n\nTwo.\n:::\n"),
        ('["<div.box>"]\nblock = ""', 'A\n\n<div class="box">\n\n*b*\n\n</div>', "A\n\n*b*\n"),
        ('["<x-pic>"]\nblock = "figure"\nargument = "{src}"\nbody = "{content}"', '<x-pic src="images/map.png">A *map*</x-pic>', ":::{figure} images/map.png\n:alt: A map\n\nA *map*\n:::\n"),
        ('["<span>"]\ninline = "other"\n["<span.a>"]\ninline = "one"\n[".b"]\ninline = "two"', 'x <span class="b a">q</span> <span class="b">q</span> <span>q</span>', "x one two other\n"),
        ('[".aside-note"]\nblock = "sidenote"', '<ul><li>Far<i class="aside-note">A note.</i> off.</li></ul>', "- Far{sidenote}`A note.` off.\n"),
    ],
)  # fmt: skip
def test_an_element_becomes(rule: str, text: str, made: str, body: Callable) -> None:
    assert body(f"{text}\n", f"{rule}\n") == made


def test_a_rule_converts_an_element_of_a_page_of_html(imported: Callable, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[".gloss"]\nblock = "marginnote"\n', encoding="utf-8")
    rules = tuple(custom_rules.read_rules(tmp_path / "rules.toml"))
    page = '<body><h1>Lamps</h1><p>A <b class="gloss">bright</b> lamp.</p></body>'
    made = imported({"lamps.html": page}, dialect="tufte-html", rules=rules).read("lamps.md")
    assert "A{marginnote}`bright` lamp." in made


def test_a_missing_argument_has_the_default_of_the_rule(body: Callable) -> None:
    rule = '[tag]\ninline = "{1} {2}"\ndefaults = {2 = "dim"}\n'
    assert body('{% tag "a" %} {% tag "a", "b" %}\n', rule) == "a dim a b\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[a]\ninline = ""\n\n["b c"]\nblock = "x"\nblok = 1\n', "6: [b c] has an unknown key"),
        ('[a]\ninline = ""\n\n[b]\n', "4: [b] needs either"),
        ('[a]\ninline = ""\n["<b c>"]\ninline = ""\n', "3: [<b c>] is not the name of an element"),
        ('[a]\ninline = "x\n', "2: "),
        ('[a]\ninline = ""\ndefaults = 1\n', "3: [a] 'defaults' must be"),
    ],
)
def test_a_wrong_rule_is_reported_with_its_line(
    text: str, place: str, rules_file: Callable
) -> None:
    file = rules_file(text)
    with pytest.raises(InputError) as refused:
        custom_rules.read_rules(file)
    assert str(refused.value).startswith(f"{file}:{place}")


def test_a_dry_run_shows_the_first_places_of_each_rule(
    source: Path, tmp_path: Path, command: Callable
) -> None:
    lines = "\n\n".join(f'{{% unit "{number}" %}}' for number in range(7))
    (source / "topics/stars/index.md").write_text(f"{HEAD}{lines}\n\n<x-a>*b*</x-a>\n", "utf-8")
    file = tmp_path / "rules.toml"
    rules = '[unit]\ninline = "{1} m"\n["<x-a>"]\nblock = "tip"\n[rare]\ninline = "x"\n'
    file.write_text(rules, encoding="utf-8")
    out = command(source, tmp_path / "new", "--dry-run", "--rules", file).out
    assert "rule unit: 7 places\n" in out
    assert '  topics/stars/index.md:4 {% unit "0" %}\n    → 0 m\n' in out
    assert '{% unit "4" %}\n    → 4 m\n' in out
    assert '{% unit "5" %}' not in out
    assert "rule <x-a>: 1 place\n  topics/stars/index.md:18 <x-a>*b*</x-a>\n" in out
    assert "    → :::{tip}\n      *b*\n      :::\n" in out
    assert "rule rare: 0 places\n" in out
    assert "→" not in command(source, tmp_path / "new", "--rules", file).out
