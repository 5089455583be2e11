"""Write the new Sphinx project: whole or not at all, and nothing outside its folder.

Around the articles it needs ``conf.py``, an index, a bibliography and a glossary.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from marginalia_import import pages
from marginalia_import.addresses import first_unused, site_address
from marginalia_import.frontmatter import dump
from marginalia_import.myst import Directive, directive_block
from marginalia_import.report import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from marginalia_import.sites.site import Article, Site

#: A licence as sites write it, ``CC BY-SA 4.0``; with hyphens it is an identifier of SPDX.
CREATIVE_COMMONS = re.compile(r"CC[ -]BY(-NC)?(-SA|-ND)?[ -]\d\.\d", re.IGNORECASE)
#: The extensions of Markdown that articles use; the ``conf.py`` of another project needs them too.
MYST_EXTENSIONS = ("amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath")
#: The settings for works, in the template of ``conf.py``.
WORKS = re.compile(r'\n# Citations\n.*?(?=\n# HTML)|    "\S+(?:bibtex|incomplete)",\n', re.DOTALL)


# Files


def check_target(source: Path, target: Path, *, force: bool) -> None:
    """Refuse a target in which something would be lost.

    :param force: accept a folder that is not empty
    :raises InputError: the target is not empty, not a folder, or part of the source
    """
    new, old = target.resolve(), source.resolve()
    if new == old or (source.is_dir() and new.is_relative_to(old)):
        raise InputError(f"{target} is in {source}, which is only read: name a folder outside")
    if old.is_relative_to(new):
        raise InputError(f"{target} contains {source}, which is only read: name another folder")
    existing = next((parent for parent in new.parents if parent.exists()), new)
    if not existing.is_dir():
        raise InputError(f"{target} cannot be written: Not a directory")
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} is a file: name a folder")
    if target.is_dir() and any(target.iterdir()) and not force:
        raise InputError(f"{target} is not empty: name another folder, or add --force")


@contextmanager
def project_folder(
    target: Path, on_backup: Callable[[Path], None] = lambda _: None
) -> Iterator[Path]:
    """Provide a temporary folder to write to, which replaces *target* if nothing was raised.

    The contents of *target* are moved to the first free of ``target.old``, ``target.old-2``.

    :param on_backup: receives the folder to which they were moved
    :raises InputError: the folder cannot be created
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100  (keeps symbolic links)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = target.with_name(f".{target.name}.importing")
        # One that was left behind: a killed program cannot remove it.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}") from error
    try:
        yield folder
        mask = os.umask(0)  # it can only be read by setting it
        os.umask(mask)
        folder.chmod(0o777 & ~mask)
        _replace(folder, target, on_backup)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(folder: Path, target: Path, on_backup: Callable[[Path], None]) -> None:
    """Rename *folder* to *target*; an interruption leaves the old or the new one there."""
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    if not target.exists():
        folder.rename(target)
        return
    backup = Path(first_unused(f"{target}.old", os.path.exists))
    try:
        target.rename(backup)
        folder.rename(target)
    except BaseException:
        if backup.exists() and not target.exists():
            backup.rename(target)
        raise
    on_backup(backup)


def write_file(folder: Path, path: str, text: str) -> None:
    """Write a text file into the project."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def copy_file(source: Path, folder: Path, path: str) -> None:
    """Copy a file into the project."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, file)


def write_atomically(file: Path, text: str) -> None:
    """Write a text file under a temporary name, then rename it, so that it is never incomplete."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        write_file(temporary.parent, temporary.name, text)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


# The pages around the articles


def project_files(
    site: Site, entries: list[pages.IndexEntry], blocks: dict[str, dict[str, Any]]
) -> dict[str, str]:
    """Return the files of the project besides the articles: the text by the path.

    :param blocks: the settings of each block by its folder
    """
    title = site.contents.title or site.root.resolve().name
    files = {"_static/imported.css": Path(__file__).with_name("imported.css").read_text("utf-8")}
    docnames = {entry.docname for entry in entries}
    if site.citation_keys and not site.contents.facts.has_bibliography:
        listing = directive_block(Directive("bibliography"))
        files["bibliography.md"] = f"(bibliography)=\n# Bibliography\n\n{listing}\n"
    if site.terms:
        files["glossary.md"] = pages.glossary(site)
    names = (path.removesuffix(".md") for path in files if path.endswith(".md"))
    reference = [name for name in names if name not in docnames]
    root = "index" if "index" not in docnames else first_unused("contents", docnames.__contains__)
    files[f"{root}.md"] = pages.front_page(site, title, entries, blocks, reference)
    if site.contents.facts.authors:
        files["CITATION.cff"] = _citation_file(site, title)
    files["conf.py"] = _conf(site, title, root)
    files["redirects.json"] = redirects(site.contents.articles, site.contents.facts.redirects)
    return {path: text for path, text in files.items() if path.removesuffix(".md") not in docnames}


def _citation_file(site: Site, title: str) -> str:
    """Return a ``CITATION.cff`` with what the site says of itself."""
    facts = site.contents.facts
    licence = CREATIVE_COMMONS.fullmatch(facts.licence)
    values: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you cite this work, please use these metadata.",
        "title": title,
        "authors": [_cff_person(name) for name in facts.authors],
        "abstract": facts.description,
        "license": "-".join(licence[0].upper().split()) if licence else "",
        "url": next((base for base in site.contents.bases if base.startswith("http")), ""),
    }
    return dump({key: value for key, value in values.items() if value})


def _cff_person(name: str) -> dict[str, str]:
    """Return an author as a person, or as an organization if the name is one word."""
    given, _, family = name.strip().rpartition(" ")
    return {"family-names": family, "given-names": given} if given else {"name": family}


def redirects(articles: Iterable[Article], others: Mapping[str, str]) -> str:
    """Return a redirect from the old address of each article, in the form that Read the Docs takes.

    A browser does not send what follows ``#``, so these are pages; the report has the sections.
    """
    pairs = ((site_address(article.url), f"/{article.docname}.html") for article in articles)
    more = ((old, f"/{docname}.html") for old, docname in others.items())
    records = [
        {"from_url": old, "to_url": new, "type": "page"}
        for old, new in chain(pairs, more)
        if old != new
    ]
    return json.dumps(records, indent=2, ensure_ascii=False) + "\n"


def _conf(site: Site, title: str, root: str) -> str:
    facts = site.contents.facts
    template = Path(__file__).with_name("conf.py.template").read_text("utf-8")
    if not site.citation_keys:
        template = WORKS.sub("", template)
    if "myst_nb" in facts.extensions:
        template = template.replace('    "myst_parser",\n', "")
    literal = partial(json.dumps, ensure_ascii=False)  # a string of JSON is one of Python
    return Template(template).substitute(
        title=literal(title),
        author=literal(site.contents.author or title),
        extensions="".join(f"\n    {literal(name)}," for name in facts.extensions),
        root=literal(root),
        markdown=literal([*MYST_EXTENSIONS, *facts.markdown]),
        typographer=site.syntax.typographer,
        settings="".join(f"\n{name} = {value!r}" for name, value in facts.settings.items()),
    )
