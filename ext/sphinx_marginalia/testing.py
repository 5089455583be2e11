r"""Build a small project in a test, and look at what came out.

For the tests of this package and of projects that use it. Nothing here imports pytest::

    built = build({"index.md": "# Title\n\nText.{sidenote}`A note.`"}, tmp_path)
    assert built.warnings == ""
    assert "A note." in built.page("index")
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.docutils import docutils_namespace, patch_docutils

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docutils import nodes
    from jinja2.bccache import Bucket

EXTENSIONS = ("myst_parser", "sphinx_marginalia")
CONFIG: Mapping[str, Any] = {
    "project": "Test",
    "author": "Author",
    "html_theme": "basic",
    "myst_enable_extensions": ["colon_fence", "dollarmath", "deflist"],
    "smartquotes": False,
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class _CompiledTemplates(BytecodeCache):
    """Compile each template once a process: nearly half the time of a small build goes there."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED_TEMPLATES = _CompiledTemplates()


@dataclass(frozen=True)
class Built:
    """What a build left behind."""

    app: Sphinx
    #: Where the output is.
    out: Path
    #: Every warning, as a reader sees them, without colours.
    warnings: str
    #: What the build ended with, where that was asked for.
    error: SphinxError | None = None
    #: The status with which ``sphinx-build`` would exit: 1 after a build with errors.
    status: int = 0

    def page(self, docname: str = "index") -> str:
        """Return the output of one document: an HTML page, a text file."""
        builder: Any = self.app.builder
        if hasattr(builder, "get_outfilename"):
            return Path(builder.get_outfilename(docname)).read_text(encoding="utf-8")
        return (self.out / f"{docname}{builder.out_suffix}").read_text(encoding="utf-8")

    def doctree(self, docname: str = "index") -> nodes.document:
        """Return the document tree as the builder sees it before its own transforms."""
        return self.app.env.get_doctree(docname)

    def read(self, pattern: str) -> str:
        """Return the text of the one file in the output whose name matches *pattern*.

        :raises FileNotFoundError: none does, or more than one.
        """
        files = sorted(self.out.glob(pattern))
        if len(files) != 1:
            message = f"{len(files)} files match {pattern!r} in {self.out}"
            raise FileNotFoundError(message)
        return files[0].read_text(encoding="utf-8")


def build(
    files: Mapping[str, str | bytes],
    folder: Path,
    builder: str = "html",
    *,
    extensions: Sequence[str] = EXTENSIONS,
    jobs: int = 1,
    fresh: bool = True,
    may_fail: bool = False,
    **config: Any,
) -> Built:
    """Write *files* into ``folder/source`` and build them with *builder*.

    :param files: text by path, as ``{"index.md": "# Title"}``
    :param extensions: what ``conf.py`` would list
    :param jobs: the number of processes
    :param fresh: read everything again, instead of what changed since the last build in *folder*
    :param may_fail: return what there is when the build ends with an error, with the error
    :param config: values that ``conf.py`` would hold
    :raises sphinx.errors.SphinxError: the build stopped, and *may_fail* is not set
    """
    _write_sources(folder / "source", files)
    warnings = io.StringIO()
    # Sphinx caches the words of the last language for a process; here many builds share one.
    locale.translators.clear()
    error = None
    with patch_docutils(), docutils_namespace():
        app = _app(
            folder, builder, {"extensions": list(extensions), **config}, warnings, fresh, jobs
        )
        try:
            app.build()
        except SphinxError as raised:
            if not may_fail:
                raise
            error = raised
    status = 2 if error else app.statuscode
    return Built(app, folder / builder, ANSI.sub("", warnings.getvalue()), error, status)


def _app(
    folder: Path,
    builder: str,
    config: Mapping[str, Any],
    warnings: io.StringIO,
    fresh: bool,
    jobs: int,
) -> Sphinx:
    """Return an application for the sources in *folder*."""
    app = Sphinx(
        srcdir=folder / "source",
        confdir=None,
        outdir=folder / builder,
        doctreedir=folder / "doctrees" / builder,
        buildername=builder,
        # A list of its own: themes append to Sphinx's default, which every build here would share.
        confoverrides={"templates_path": [], **CONFIG, **config},
        status=None,
        warning=warnings,
        freshenv=fresh,
        parallel=jobs,
    )
    templates = getattr(app.builder, "templates", None)
    if isinstance(templates, BuiltinTemplateLoader):
        templates.environment.bytecode_cache = _COMPILED_TEMPLATES
    return app


def _write_sources(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files that have changed: the time of the others tells Sphinx to skip them."""
    for name, text in files.items():
        file, content = folder / name, text if isinstance(text, bytes) else text.encode()
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
