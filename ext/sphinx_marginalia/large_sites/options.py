"""The options of large sites in ``conf.py``."""

from __future__ import annotations

from sphinx_marginalia.core.options import Option

SIDEBAR = Option(
    "large_sites_sidebar",
    default=True,
    rebuild="html",
    help="Show only the branch of the page in the sidebar, instead of every page of the site.",
)
SIDEBAR_LIMIT = Option(
    "large_sites_sidebar_limit",
    default=50,
    rebuild="html",
    minimum=1,
    help="The most entries that one list of the sidebar shows. A site with no more documents than "
    "that keeps the sidebar of its theme.",
)
PICTURE_SIZES = Option(
    "large_sites_picture_sizes",
    default=True,
    rebuild="html",
    help="Write the width and height of pictures into the page, and load those below the first "
    "screen when a reader comes near them.",
)
GC_TUNING = Option(
    "large_sites_gc_tuning",
    default=True,
    rebuild="",
    help="Run Python's garbage collector less often during a build.",
)
PARTS = Option(
    "large_sites_parts",
    default=True,
    rebuild="",
    help="Make a part of a PDF from each toctree with a caption, and leave documents out of it "
    "that begin another PDF.",
)

OPTIONS = (SIDEBAR, SIDEBAR_LIMIT, PICTURE_SIZES, GC_TUNING, PARTS)
