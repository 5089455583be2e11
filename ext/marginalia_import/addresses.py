"""Addresses in an article, before it is known where they lead. Pure text, no files."""

from __future__ import annotations

import re
import unicodedata
from posixpath import normpath, relpath
from urllib.parse import unquote

SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
#: The schemes of MyST's own links; any other is taken for the name of a target.
KNOWN_SCHEMES = re.compile(r"^(?:https?|mailto|ftp):", re.IGNORECASE)
#: ``{{ site.baseurl }}`` and the like stand for the root of the site.
ROOT_EXPRESSION = re.compile(r"^site\.(?:baseurl|url)(?:\s*\|\s*\w+)*$")
#: ``{{ '/x' | relative_url }}`` stands for its text.
TEXT_EXPRESSION = re.compile(
    r"""^(["'])(?P<path>[^"']*)\1(?:\s*\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.\w+))*$"""
)


def expression_value(body: str) -> str | None:
    """Return what ``{{ body }}`` is in an address, if that can be told.

    >>> expression_value("'/css/x.css' | relative_url")
    '/css/x.css'
    """
    if ROOT_EXPRESSION.match(body):
        return ""
    match = TEXT_EXPRESSION.match(body)
    return match["path"] if match else None


def is_external(address: str) -> bool:
    """Whether an address leads to another site, or is no path at all."""
    return bool(SCHEME.match(address)) or address.startswith("//")


def split(address: str) -> tuple[str, str]:
    """Return the path of an address and its fragment; a query has no meaning here."""
    path, _, fragment = address.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def page_key(path: str) -> str:
    """Return the path of a page without what may be left out: slashes, ``index.html``.

    >>> page_key("/topics/superposition/index.html")
    'topics/superposition'
    """
    path = path.strip("/")
    path = re.sub(r"(?:^|/)index(?:\.(?:html?|md|markdown))?$", "", path)
    return re.sub(r"\.(?:html?|md|markdown)$", "", path)


def within(folder: str, path: str) -> str | None:
    """Return *path* as seen from *folder*, both relative to the site; None where it leaves it."""
    joined = normpath(f"{folder}/{path}" if folder else path)
    return None if joined == ".." or joined.startswith(("../", "/")) else joined


def relative(target: str, folder: str) -> str:
    """Return the path from *folder* to *target*, both relative to the sources."""
    return relpath(target, folder or ".")


def encoded(address: str) -> str:
    """Return an address as Markdown takes it in a link: in angles where it holds blanks."""
    address = re.sub(r"[\x00-\x1f\x7f]", lambda match: f"%{ord(match[0]):02X}", address)
    if re.search(r"[\s()]", address):
        return f"<{address.replace('<', '%3C').replace('>', '%3E')}>"
    return address


def title(text: str) -> str:
    """Return the title of a link or an image as it stands behind the address."""
    return ' "' + text.replace('"', r"\"") + '"' if text.strip() else ""


def anchor_forms(text: str) -> list[str]:
    """Return what generators make of a heading or an anchor, for comparison; the first is a name.

    Some put a hyphen for a sign, others drop it; kramdown drops what is before the first letter.

    >>> anchor_forms("1.1 What's new?")
    ['1-1-what-s-new', '1-1-whats-new', '11-whats-new', 'whats-new']
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    dropped = re.sub(r"[^\w\s-]", "", text)
    forms = [text, re.sub(r"['’‘`]", "", text), dropped, re.sub(r"^[\W\d_]+", "", dropped)]
    plain = (re.sub(r"[\W_]+", "-", form).strip("-") for form in forms)
    return list(dict.fromkeys(plain))


def name_for(text: str) -> str:
    """Return a name for ``(name)=``: ``[a-z][a-z0-9-]*``, or nothing where no letter is left.

    >>> name_for("3 Über uns!")
    'uber-uns'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", plain)).strip("-")
