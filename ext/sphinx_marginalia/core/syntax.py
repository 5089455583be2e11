"""Register directives and roles, and report the mistakes that a parser accepts without a word.

Markdown closes an open fence where its container ends. So a directive without its last line takes
the rest of the page, and one that begins with as few colons as a directive within it ends where
that one should. Both are valid Markdown, and never what an author wants of our directives. The text
of each document that has one is searched for them before it is parsed.

What only looks like a directive or a role, such as one with two colons, is reported too. Where a
name is misspelt, the warning of the parser says which name was meant.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx.util.logging import NAMESPACE

from sphinx_marginalia.core.diagnostics import CoreProblem, Diagnostic, did_you_mean, warn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from markdown_it.token import Token
    from sphinx.application import Sphinx
    from sphinx.config import Config

    #: Returns the blocks of a Markdown text.
    Parse = Callable[[str], Sequence[Token]]

EVENT = "marginalia-syntax"
#: The types of source files, as in ``source_suffix``, that contain Markdown.
MARKDOWN = frozenset({"markdown", "myst", "myst-nb"})
NAME = re.compile(r"\s*\{([^}\s]+)\}")
#: A line that would begin a directive if its title had no backquote.
BACKQUOTE_IN_TITLE = re.compile(r"^`{3,}\{([\w-]+)\}.*`", re.MULTILINE)
#: What may begin a directive in a paragraph, where it is text.
COLONS = re.compile(r"^(?:(:{1,2})\{([\w-]+)\}(?!`)|:{3,}[ \t]*\{?([\w-]+))", re.MULTILINE)
#: A role with a blank before its text.
BLANK = re.compile(r"\{([\w-]+)\}[ \t]+`")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
#: Where one of the three may be. Directives with three colons need an extension of MyST.
LOOKALIKE = re.compile(rf"(?<!:)(?::{{1,2}}\{{([\w-]+)\}}(?!`)|:::+[ \t]*([\w-]+))|{BLANK.pattern}")
#: The end of a text in reStructuredText that should have ended before a role.
GLUED_ROLE = re.compile(r"\w:([\w-]+):\Z")
#: The marker of a fence, and what follows it on its line.
MARKER = re.compile(r"(:{3,}|`{3,}|~{3,})(.*)")
#: Directives whose content is not Markdown: fences in it are text.
LITERAL = frozenset(
    "code code-block sourcecode code-cell csv-table eval-rst graphviz jupyter-execute "
    "literalinclude math mermaid parsed-literal raw timeline".split()
)
#: What docutils and MyST say of an unknown name.
UNKNOWN = re.compile(r"Unknown (directive type|interpreted text role):? ['\"](?P<name>[\w-]+)['\"]")
NO_COLON_FENCE = "::: begins no directive; add colon_fence to myst_enable_extensions in conf.py"
#: How alike two names must be, from 0 to 1.
LIKENESS = 0.75


def add_syntax(
    app: Sphinx, directives: Mapping[str, type[Any]], roles: Mapping[str, Any] | None = None
) -> None:
    """Register directives and roles with Sphinx, and have mistakes with them reported."""
    for name, directive in directives.items():
        app.add_directive(name, directive)
    for name, role in (roles or {}).items():
        app.add_role(name, role)
    if EVENT not in app.events.events:
        app.add_event(EVENT)
        # When the handlers that show warnings are there.
        app.connect("builder-inited", _explain_unknown_names)
        # After other extensions, which may change the text.
        app.connect("source-read", _check_source, priority=900)
        app.connect("doctree-read", _check_glued_roles)
    app.connect(EVENT, lambda _app: ({*directives}, {*(roles or ())}))


class _Hints(logging.Filter):
    """Adds what was meant to a warning about an unknown directive or role."""

    def __init__(self, names: Set[str]) -> None:
        super().__init__()
        self.names = names

    def filter(self, record: logging.LogRecord) -> bool:
        # Without its location, which Sphinx's own records put before it.
        message = logging.LogRecord.getMessage(record)
        if (unknown := UNKNOWN.match(message)) and "did you mean" not in message:
            hint = did_you_mean(unknown["name"], self.names, cutoff=LIKENESS)
            if hint:
                first = unknown[0]
                record.msg, record.args = f"{first}; {hint}{message[len(first) :]}", ()
        return True


def _explain_unknown_names(app: Sphinx) -> None:
    names = frozenset().union(*(name for both in app.emit(EVENT) for name in both))
    for handler in logging.getLogger(NAMESPACE).handlers:
        handler.addFilter(_Hints(names))


def is_markdown(config: Config, path: Path) -> bool:
    """Return whether the document at *path* is a text in Markdown."""
    return config.source_suffix.get(path.suffix) in MARKDOWN and path.suffix != ".ipynb"


def _check_source(app: Sphinx, docname: str, content: list[str]) -> None:
    """Report open fences and lookalikes in a Markdown document that has a directive of ours."""
    directives, roles = (set().union(*names) for names in zip(*app.emit(EVENT), strict=True))
    text = content[0]
    if not any(name in text for name in directives | roles):
        return
    # Another parser of Markdown may read the file.
    config = getattr(app.env, "myst_config", None)
    if config is None or not is_markdown(app.config, app.env.doc2path(docname)):
        return
    if _is_simple(text, directives | roles, config.enable_extensions):
        return
    diagnostics = [*check_markdown(text, _parser(app, text), directives, roles)]
    # What is wrong with the whole page is said once.
    repeated = [one for one in diagnostics if one.message == NO_COLON_FENCE][1:]
    for one in diagnostics:
        if one not in repeated:
            warn(one.problem, one.message, location=(docname, one.line))


def _is_simple(text: str, names: Set[str], extensions: Set[str]) -> bool:
    """Return whether *text* need not be parsed: its lines show that nothing is wrong."""
    if ":::{" in text and "colon_fence" not in extensions:
        return False
    is_like = any(not names.isdisjoint(match.groups()) for match in LOOKALIKE.finditer(text))
    return not is_like and closes_all(text)


def _check_glued_roles(app: Sphinx, document: nodes.document) -> None:
    """Report roles in reStructuredText that follow a letter, and so are text."""
    if is_markdown(app.config, Path(document["source"])):
        return
    roles: set[str] = set().union(*(roles for _directives, roles in app.emit(EVENT)))
    for text in document.findall(nodes.Text):
        match = GLUED_ROLE.search(text) if text.endswith(":") else None
        if match and match[1] in roles and text.next_node(descend=False, siblings=True):
            role = f":{match[1]}:"
            message = f"{role} is no role after a letter; write a backslash and a blank before it"
            warn(CoreProblem.LOOKALIKE, message, location=text.parent)


def _parser(app: Sphinx, text: str) -> Parse:
    # Imported here because a project may not have the packages.
    from markdown_it.renderer import RendererHTML  # noqa: PLC0415
    from myst_parser.config.main import (  # noqa: PLC0415
        TopmatterReadError,
        merge_file_level,
        read_topmatter,
    )
    from myst_parser.parsers.mdit import create_md_parser  # noqa: PLC0415

    config = app.env.myst_config  # type: ignore[attr-defined]
    with suppress(TopmatterReadError):
        # MyST reports what is wrong there.
        config = merge_file_level(config, read_topmatter(text) or {}, lambda *_: None)
    parser = create_md_parser(config, RendererHTML)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser.parse


class Fence(NamedTuple):
    """A block between two lines of colons, backquotes or tildes."""

    #: The name of its directive; empty for code and for a block without a name.
    name: str
    #: The line it begins on, counted from 1.
    line: int
    #: The characters it begins with, such as ``:::``.
    marker: str
    is_closed: bool
    #: The text in it, unless that is code.
    text: str


def closes_all(text: str) -> bool:
    """Return whether *text* is so simple that its lines show that every fence is closed.

    Most documents are, and need not be parsed: each fence begins and ends at the margin, and is
    longer than those of its kind within it.
    """
    markers: list[str] = []
    for match in MARKER.finditer(text):
        marker, info = match.groups()
        is_indented = match.start() > 0 and text[match.start() - 1] != "\n"
        if is_indented or (marker[0] == "`" and "`" in info):
            return False
        is_last_line = not info.strip() and bool(markers) and _ends(marker, markers[-1])
        if is_last_line:
            markers.pop()
        if any(_ends(marker, outer) for outer in markers):
            return False
        if not is_last_line:
            markers.append(marker)
    return not markers


def _ends(marker: str, opening: str) -> bool:
    return marker[0] == opening[0] and len(marker) >= len(opening)


def check_markdown(
    text: str,
    parse: Parse,
    names: Set[str],
    roles: Set[str] = frozenset(),
    line: int = 1,
    outer: Fence | None = None,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with directives and roles in *text*.

    These are fences that are not closed and have to do with the directives *names*, and text that
    looks like one of *names* or *roles*.

    :param line: the line the text begins on
    :param outer: the fence that it is the text of
    """
    for token in parse(text):
        if token.map is None:
            continue
        start = line + token.map[0]
        if token.type == "inline":
            yield from _titles(token.content, names, start)
            yield from _lookalikes(token.content, parse, names, roles, start)
        if token.type in {"fence", "colon_fence"}:
            fence = _fence(token, start)
            word = next(iter(token.info.split()), "")
            if token.type == "colon_fence" and word in names:
                message = f"{token.markup}{word} is no directive; write {token.markup}{{{word}}}"
                yield Diagnostic(CoreProblem.LOOKALIKE, message, line=start)
            is_ours = any(f"{{{name}}}" in f"{{{fence.name}}}{fence.text}" for name in names)
            is_ours = is_ours or (outer is not None and outer.name in names)
            # One without a name is the last line of a fence that ended before, and reported there.
            if is_ours and not fence.is_closed and fence.name and (outer is None or outer.name):
                yield Diagnostic(CoreProblem.OPEN_FENCE, _message(fence, outer), line=start)
            if fence.text:
                yield from check_markdown(fence.text, parse, names, roles, start + 1, fence)


def _fence(token: Token, line: int) -> Fence:
    assert token.map is not None
    match = NAME.match(token.info)
    name = match[1] if match else ""
    is_text = token.type == "colon_fence" if match is None else name not in LITERAL
    # An open fence ends with its last line of content.
    is_closed = token.map[1] - token.map[0] > 1 + len(token.content.splitlines())
    return Fence(name, line, token.markup, is_closed, token.content if is_text else "")


def _message(fence: Fence, outer: Fence | None) -> str:
    """Return what is wrong with an open *fence*, and what to write instead."""
    if outer is None:
        what = f"{{{fence.name}}} is not closed: what follows is in it, to the end of the block"
        return f"{what}; write {fence.marker} on a line after its last one"
    where = f"{{{outer.name}}} of line {outer.line}"
    what = f"{{{fence.name}}} is not closed within {where}"
    if fence.marker[0] != outer.marker[0] or len(fence.marker) < len(outer.marker):
        return f"{what}; write {fence.marker} on a line after its last one"
    more = fence.marker + fence.marker[0]
    return f"{what}, which ends at the first {outer.marker}; begin and end {where} with {more}"


def _titles(text: str, names: Set[str], line: int) -> Iterator[Diagnostic]:
    """Yield the lines that cannot begin a directive (CommonMark 0.31, section 4.5)."""
    for match in BACKQUOTE_IN_TITLE.finditer(text):
        if match[1] in names:
            message = (
                f"the line of {{{match[1]}}} begins with ``` and contains another `, so it begins "
                "no directive; begin and end it with ::: or ~~~"
            )
            number = line + text.count("\n", 0, match.start())
            yield Diagnostic(CoreProblem.OPEN_FENCE, message, line=number)


def _lookalikes(
    text: str, parse: Parse, names: Set[str], roles: Set[str], line: int
) -> Iterator[Diagnostic]:
    """Yield what looks like a directive or a role in the *text* of a paragraph."""
    messages = []
    for match in COLONS.finditer(text):
        colons, short, name = match.groups()
        if short in names:
            message = f"{colons}{{{short}}} is no directive; write :::{{{short}}}"
            messages.append((match.start(), message))
        elif name in names and not _has_colon_fence(parse):
            messages.append((match.start(), NO_COLON_FENCE))
    if BLANK.search(text):
        # Each as long and with as many lines, but without what is in it.
        text = CODE_SPAN.sub(lambda span: "`" + re.sub(r"\S", "x", span[0][1:]), text)
    for match in BLANK.finditer(text):
        if match[1] in roles:
            role = f"{{{match[1]}}}"
            messages.append((match.start(), f"{role} `…` is no role; write {role}`…`"))
    for start, message in messages:
        number = line + text.count("\n", 0, start)
        yield Diagnostic(CoreProblem.LOOKALIKE, message, line=number)


def _has_colon_fence(parse: Parse) -> bool:
    """Return whether three colons begin a directive."""
    return any(token.type == "colon_fence" for token in parse(":::{note}\n:::"))
