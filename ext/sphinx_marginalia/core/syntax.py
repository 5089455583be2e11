"""Register directives and roles, and report mistakes with them.

Some mistakes are valid in Markdown and reStructuredText: an open fence, a directive with two
colons, a role directly after a word. The text of each document that has a name of ours is
searched for them before it is parsed. A name that is misspelt is read as the one that was meant,
because Sphinx would leave its text out. A file that is not UTF-8 would end the build, and is read
in the encoding that it most likely has.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives as docutils_directives
from docutils.parsers.rst import roles as docutils_roles
from docutils.parsers.rst.languages import get_language
from docutils.utils import new_document

from sphinx_marginalia.core.diagnostics import CoreProblem, closest, warn
from sphinx_marginalia.core.fences import NO_COLON_FENCE, check_markdown
from sphinx_marginalia.core.located import unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinx_marginalia.core.fences import Parse

EVENT = "marginalia-syntax"
#: The types of source files, as in ``source_suffix``, that contain Markdown.
MARKDOWN = frozenset({"markdown", "myst", "myst-nb"})
#: The end of a text in reStructuredText that should have ended before a role.
GLUED_ROLE = re.compile(r":([\w-]+):\Z")
#: What may be the name of a directive or a role.
POSSIBLE_NAME = re.compile(r"[{:. ]([\w-]+)(?:\}|::|:`)")
#: How alike two names must be, from 0 to 1.
LIKENESS = 0.75
#: The name of an encoding: UTF-8, and for a file that is not, the one that Windows writes.
ANY_ENCODING = "marginalia_any"


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
        app.connect("env-before-read-docs", _accept_encodings)
        # After other extensions, which may change the text.
        app.connect("source-read", _accept_misspelt_names, priority=900)
        app.connect("source-read", _check_source, priority=900)
        app.connect("doctree-read", _check_glued_roles)
    app.connect(EVENT, lambda _app: (directives, roles or {}))


def _registered(app: Sphinx) -> tuple[dict[str, type[Any]], dict[str, Any]]:
    """Return the directives and the roles of all features by their names."""
    directives: dict[str, type[Any]] = {}
    roles: dict[str, Any] = {}
    for some_directives, some_roles in app.emit(EVENT):
        directives |= some_directives
        roles |= some_roles
    return directives, roles


class _AnyDecoder(codecs.IncrementalDecoder):
    """Decode a whole file."""

    def decode(self, data: Any, final: bool = False) -> str:
        try:
            return bytes(data).decode("utf-8-sig")
        except UnicodeDecodeError:
            is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            return bytes(data).decode("utf-16" if is_utf_16 else "cp1252", "replace")


UTF_8 = codecs.lookup("utf-8")
CODEC = codecs.CodecInfo(UTF_8.encode, UTF_8.decode, incrementaldecoder=_AnyDecoder)
codecs.register({ANY_ENCODING: CODEC}.get)


def _accept_encodings(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Report files that are not UTF-8, and have Sphinx read them all the same."""
    if not app.config.source_encoding.lower().startswith("utf-8"):
        return
    for docname in docnames:
        try:
            env.doc2path(docname).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            reason, line = unreadable(error)
            message = f"the file {reason}; until then it is read in the encoding of Windows"
            warn(CoreProblem.SOURCE_ENCODING, message, location=(docname, line))
            env.settings["input_encoding"] = ANY_ENCODING


def _accept_misspelt_names(app: Sphinx, _docname: str, content: list[str]) -> None:
    """Read unknown names in a document that are nearly ours as ours, and report them."""
    directives, roles = _registered(app)
    document = new_document("")
    english: Any = get_language("en")
    for name in sorted(set(POSSIBLE_NAME.findall(content[0].lower()))):
        meant = closest(name, directives, LIKENESS)
        if meant and docutils_directives.directive(name, english, document)[0] is None:
            directive = _misspelt_directive(directives[meant], meant)
            docutils_directives.register_directive(name, directive)
        meant = closest(name, roles, LIKENESS)
        if meant and docutils_roles.role(name, english, 0, document.reporter)[0] is None:
            docutils_roles.register_local_role(name, _misspelt_role(roles[meant], meant))


def _misspelt_directive(directive: type[Any], meant: str) -> type[Any]:
    def run(self: Any) -> list[nodes.Node]:
        location = (self.env.current_document.docname, self.lineno)
        _warn_of_name("directive", self.name, meant, location)
        self.name = meant
        return directive.run(self)  # type: ignore[no-any-return]

    return type(directive.__name__, (directive,), {"run": run})


def _misspelt_role(role: Any, meant: str) -> Any:
    def run(name: str, rawtext: str, text: str, lineno: int, inliner: Any, *options: Any) -> Any:
        location = (inliner.document.settings.env.current_document.docname, lineno)
        _warn_of_name("role", name, meant, location)
        return role(meant, rawtext, text, lineno, inliner, *options)

    return run


def _warn_of_name(kind: str, name: str, meant: str, location: tuple[str, int]) -> None:
    message = f"there is no {kind} {name!r}; did you mean {meant!r}?"
    warn(CoreProblem.LOOKALIKE, message, location=location)


def is_markdown(config: Config, path: Path) -> bool:
    """Return whether the document at *path* is a text in Markdown."""
    return config.source_suffix.get(path.suffix) in MARKDOWN and path.suffix != ".ipynb"


def _check_source(app: Sphinx, docname: str, content: list[str]) -> None:
    """Report open fences and lookalikes in a Markdown document that has a directive of ours."""
    directives, roles = (set(names) for names in _registered(app))
    text = content[0]
    if not any(name in text for name in directives | roles):
        return
    # Another parser of Markdown may read the file.
    config = getattr(app.env, "myst_config", None)
    if config is None or not is_markdown(app.config, app.env.doc2path(docname)):
        return
    # MyST reads these without braces too.
    directives -= {*config.fence_as_directive}
    diagnostics = [*check_markdown(text, _parser(app, text), directives, roles)]
    # What is wrong with the whole page is said once.
    repeated = [one for one in diagnostics if one.message == NO_COLON_FENCE][1:]
    for one in diagnostics:
        if one not in repeated:
            warn(one.problem, one.message, location=(docname, one.line))


def _check_glued_roles(app: Sphinx, document: nodes.document) -> None:
    """Report roles in reStructuredText that follow a word or a full stop, and so are text."""
    if is_markdown(app.config, Path(document["source"])):
        return
    _directives, roles = _registered(app)
    for text in document.findall(nodes.Text):
        match = GLUED_ROLE.search(text) if text.endswith(":") else None
        if match and match[1] in roles and text.next_node(descend=False, siblings=True):
            role = f":{match[1]}:"
            message = f"{role} is no role directly after text; write \\ and a blank before it"
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
