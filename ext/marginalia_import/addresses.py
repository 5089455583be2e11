"""Addresses in an article: split, join, compare and encode them. Pure text, no files."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, count
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
#: The schemes MyST links to as they are. It reads any other as the name of a target.
MYST_SCHEMES = re.compile(r"^(?:https?|mailto|ftp):", re.IGNORECASE)
#: ``{{ site.baseurl }}`` and the like are the root of the site.
ROOT_EXPRESSION = re.compile(r"^site\.(?:baseurl|url)(?:\s*\|\s*\w+)*$")
#: ``{{ '/x' | relative_url }}`` is the path in quotes.
PATH_EXPRESSION = re.compile(
    r"""^(["'])(?P<path>[^"']*)\1(?:\s*\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.\w+))*$"""
)


def expression_value(body: str) -> str | None:
    """Return the value of ``{{ body }}`` in an address, or None if only the old site knows it.

    >>> expression_value("'/css/x.css' | relative_url")
    '/css/x.css'
    """
    if ROOT_EXPRESSION.match(body):
        return ""
    match = PATH_EXPRESSION.match(body)
    return match["path"] if match else None


def is_external(address: str) -> bool:
    """Whether an address is not a path within the site: it names a scheme or a host."""
    return bool(SCHEME.match(address)) or address.startswith("//")


def split_address(address: str) -> tuple[str, str]:
    """Return the decoded path and fragment of an address. A static site ignores the query."""
    path, _, fragment = address.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def first_unused(name: str, is_used: Callable[[str], bool], suffix: str = "") -> str:
    """Return *name* with *suffix*, numbered if that is in use.

    >>> first_unused("map", {"map.png", "map-2.png"}.__contains__, ".png")
    'map-3.png'
    """
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(name + suffix for name in names if not is_used(name + suffix))


def plain_path(path: str) -> str:
    """Return a path whose address needs no encoding; letters that are not Latin become a hyphen.

    >>> plain_path("été d'or/图.png")
    "ete-d'or/file.png"
    """
    plain = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", path))
    return re.sub(r"(^|/)-+(?=\.|/|$)", r"\1file", re.sub(r"(?:[^!-~]|[%#?])+", "-", plain))


def page_key(path: str) -> str:
    """Return the path of a page without its optional parts, so that spellings compare equal.

    >>> page_key("/topics/superposition/index.html")
    'topics/superposition'
    """
    path = path.strip("/")
    path = re.sub(r"(?:^|/)index(?:\.(?:html?|md|markdown|[qR]md))?$", "", path)
    return re.sub(r"\.(?:html?|md|markdown|[qR]md)$", "", path)


def permalink_key(pattern: str, date: str, names: Mapping[str, str]) -> str:
    """Return the key of a page by the pattern of its address, as Jekyll and Hugo have them.

    >>> permalink_key("/:section/:year/:slug/", "2021-05-02", {"section": "", "slug": "sun"})
    '2021/sun'
    """
    year, month, day = [*date.split("-"), "", "", ""][:3]
    short = {"short_year": year[2:], "i_month": month.lstrip("0"), "i_day": day.lstrip("0")}
    values = {"year": year, "month": month, "day": day, **short, **names}
    url = re.sub(r":(\w+)", lambda match: values.get(match[1], ""), pattern)
    return page_key(re.sub(r"/{2,}", "/", url))


def site_address(url: str) -> str:
    """Return an address as browsers ask for it: from the root, a page without suffix as a folder.

    >>> site_address("topics/parallax")
    '/topics/parallax/'
    """
    return f"/{url}" if not url or re.search(r"\.\w+$|/$", url) else f"/{url}/"


def join_inside(folder: str, path: str) -> str | None:
    """Return *path* resolved from *folder*, both relative to the site; None if it leaves the site.

    >>> join_inside("a/b", "../c.png")
    'a/c.png'
    """
    joined = normpath(f"{folder}/{path}" if folder else path)
    return None if joined == ".." or joined.startswith(("../", "/")) else joined


def encode(address: str) -> str:
    """Return an address as a Markdown link needs it: in angle brackets if it contains spaces."""
    address = re.sub(r"[\x00-\x1f\x7f]", lambda match: f"%{ord(match[0]):02X}", address)
    if re.search(r"[\s()]", address):
        return f"<{address.replace('<', '%3C').replace('>', '%3E')}>"
    return address


def format_title(text: str) -> str:
    """Return the title of a link or image as Markdown writes it after the address."""
    return ' "' + text.replace('"', r"\"") + '"' if text.strip() else ""


PUNCTUATION = re.compile(r"[^\w\s-]")
NO_WORD = re.compile(r"[\W_]+")


def anchor_variants(text: str) -> list[str]:
    """Return the anchors that generators make of a heading, to compare a link's fragment with.

    Some replace punctuation by a hyphen, others drop it; kramdown also drops everything before the
    first letter.

    >>> anchor_variants("1.1 What's new?")
    ['1-1-what-s-new', '1-1-whats-new', '11-whats-new', 'whats-new']
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    words = PUNCTUATION.sub("", text)
    variants = [text, re.sub(r"['’‘`]", "", text), words, re.sub(r"^[\W\d_]+", "", words)]
    anchors = (NO_WORD.sub("-", variant).strip("-") for variant in dict.fromkeys(variants))
    return list(dict.fromkeys(anchors))


def label_for(text: str) -> str:
    """Return a MyST label, ``[a-z][a-z0-9-]*``, for a heading; empty if it has no Latin letter.

    >>> label_for("3 Über uns!")
    'uber-uns'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", plain)).strip("-")
