r"""Addresses of links: which are allowed, and how each format writes them. Pure.

Authors write addresses in data files, where no parser of a markup language has checked them.
``javascript:`` in a link is a script in the reader's page; ``}`` or ``\`` in ``\href`` is TeX.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

#: The schemes that an author's link may have.
SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "ftps", "doi", "urn", "news", "irc"))
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
#: Browsers remove these before they look for a scheme (WHATWG, URL, "basic URL parser").
REMOVED = re.compile(r"[\x00-\x20\x7f]+")
#: What an address cannot contain (RFC 3986, section 2); ``%`` only begins an encoded byte.
ILLEGAL = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
#: The characters among these with a meaning in TeX, which ``\href`` takes with a backslash.
TEX_SPECIAL = re.compile(r"[%#&_$]")


def scheme_of(address: str) -> str:
    """Return the scheme of *address* in lower case; empty where it is relative."""
    match = SCHEME.match(REMOVED.sub("", address))
    return match[1].lower() if match else ""


def is_allowed(address: str) -> bool:
    """Return whether a link to *address* is safe: it is relative, or has one of :data:`SCHEMES`."""
    scheme = scheme_of(address)
    return not scheme or scheme in SCHEMES


@lru_cache(maxsize=256)
def encoded(address: str) -> str:
    """Return *address* with every character percent-encoded that RFC 3986 does not allow."""
    return ILLEGAL.sub(lambda match: quote(match[0], errors="replace"), address.strip())


def latex_address(address: str) -> str:
    r"""Return *address* for the first argument of ``\href``."""
    return TEX_SPECIAL.sub(r"\\\g<0>", encoded(address))
