"""Where the ``link`` of a milestone leads: out of the project, to a document, to a label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SUFFIX = re.compile(r"\.(?:md|rst|html)$")


def link_to(env: BuildEnvironment, link: str, part: nodes.Element) -> nodes.Element:
    """Return *part* as the text of a link.

    Sphinx resolves what is no address, and warns of what leads nowhere.
    """
    if ADDRESS.match(link):
        return nodes.reference("", "", part, refuri=link)
    name = SUFFIX.sub("", link)
    document = docname_join(env.docname, name)
    is_document = not link.startswith("#") and document in env.found_docs
    kind, target = ("doc", f"/{document}") if is_document else ("ref", link.lstrip("#").lower())
    return addnodes.pending_xref(
        "",
        part,
        refdomain="std",
        reftype=kind,
        reftarget=target,
        refdoc=env.docname,
        refexplicit=True,
        refwarn=True,
    )
