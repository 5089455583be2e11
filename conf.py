"""The site: which extensions, which theme, who wrote it. The sources are in ``docs/``."""

import os

project = "What mechanistic interpretability can and cannot do"
author = "The sphinx-marginalia authors"
copyright = "2026, The sphinx-marginalia authors (text: CC\u00a0BY-SA\u00a04.0)"
version = release = "0.1.0"
today = "23 November 2026"  # of the release; a build must not depend on the clock
language = "en"

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
    "sphinxext.opengraph",
    "sphinx_sitemap",
    "notfound.extension",
    "sphinx_marginalia",
    "sphinx_marginalia.mathml",
    "sphinx_marginalia.large_sites",
    "sphinx_marginalia.results",
    "sphinx_marginalia.previews",
    "sphinx_marginalia.search",
]

# Sources

root_doc = "index"
exclude_patterns = ["authoring/examples/*"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# The curriculum

articles_next = False  # the theme has a link to the next page
articles_blocks = {"essay": "The essay", "methods": "Methods", "frontiers": "Frontiers"}

# A place for the reader's own answers

pauses_answers = True

# Citations: author and year, one bibliography for the book, anchors that stay

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "marginalia"
bibtex_reference_style = "marginalia"
bibtex_cite_id = "ref-{key}"
bibtex_tooltips = False  # there are previews

# Citing this book: each version stays where Read the Docs keeps it

cite_as_version_url = "https://sphinx-marginalia.readthedocs.io/en/{version}/"
cite_as_newest_url = "https://sphinx-marginalia.readthedocs.io/page/"
cite_as_key = "fieldassessment"
works_report_uncited = True

# Claims: none can have been reviewed after the release

ledger_today = "2026-11-30"

# Numbers from the laboratory

results_path = "lab/results"

# HTML

html_theme = "furo"
html_math_renderer = "mathml"
html_theme_options = {"navigation_with_keys": True}  # its colours are in docs/_static/book.css
large_sites_sidebar = False  # the book is small
html_title = "Mechanistic interpretability: a field assessment"
html_baseurl = os.environ.get(
    "READTHEDOCS_CANONICAL_URL", "https://sphinx-marginalia.readthedocs.io/en/latest/"
)
html_static_path = ["docs/_static"]
notfound_context = {
    "title": "Page not found",
    "body": "<h1>Page not found</h1><p>There is no page at this address. Press <kbd>/</kbd> to "
    f'search the book, or begin at <a href="{html_baseurl}">the front page</a>.</p>',
}
pygments_dark_style = "a11y-high-contrast-dark"  # it underlines nothing
templates_path = ["docs/_templates"]
html_css_files = ["fonts.css", "book.css", "pages.css"]
html_copy_source = False
html_show_sphinx = False
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "genindex.html", "search.html"]
ogp_site_url = html_baseurl
ogp_enable_meta_description = True
ogp_social_cards = {"enable": False}

# PDF and EPUB

latex_documents = [
    (root_doc, "book.tex", project, author, "manual"),
    ("authoring/index", "manual.tex", "sphinx-marginalia: a manual", author, "manual"),
    (
        "contributing/index",
        "contributing.tex",
        "Contributing to sphinx-marginalia",
        author,
        "manual",
    ),
]
latex_elements = {
    "papersize": "a4paper",
    "extraclassoptions": "openany,oneside",
    # Sphinx would call the contents by the caption of the first toctree.
    "tableofcontents": r"\renewcommand{\contentsname}{Contents}\sphinxtableofcontents",
    # The characters of the text that pdflatex has no letters for.
    "preamble": r"""
\DeclareUnicodeCharacter{2295}{\ensuremath{\oplus}}
\DeclareUnicodeCharacter{03A6}{\ensuremath{\Phi}}
\DeclareUnicodeCharacter{03C9}{\ensuremath{\omega}}
\DeclareUnicodeCharacter{03C2}{\ensuremath{\varsigma}}
% Narrow columns of a table are not justified: the spaces would be as wide as words.
\let\startparagraph\sphinxAtStartPar
\newcommand{\startcell}{\startparagraph\rightskip0pt plus 2em\relax}
\appto\sphinxattablestart{\let\sphinxAtStartPar\startcell}
% A column of numbers is not narrower than its numbers.
\AtBeginDocument{\setlength{\tymin}{60pt}}
""",
}
latex_show_pagerefs = False
epub_basename = "book"
epub_cover = ("_static/cover.png", "epub-cover.html")  # drawn by tools/cover.py
epub_tocscope = "includehidden"
epub_tocdepth = 2
epub_uid = epub_identifier = "sphinx-marginalia-field-assessment"  # readers want them equal
epub_title = project
epub_description = (
    "A field assessment: what the methods show, with evidence for and against each claim."
)
epub_show_urls = "no"
epub_css_files = ["book.css", "pages.css"]  # without the fonts: readers have chosen their own
epub_exclude_files = [
    "404.html",
    "_static/fonts.css",
    "_static/fonts/math-LICENSE.txt",
    "_static/fonts/math.woff2",
    "_static/fonts/serif-LICENSE.txt",
    "_static/fonts/serif-bold.woff2",
    "_static/fonts/serif-european.woff2",
    "_static/fonts/serif-italic.woff2",
    "_static/fonts/serif.woff2",
    "_static/schemas/block.json",  # for editors
    "_static/schemas/front-matter.json",
    "_static/schemas/reviews.json",
    "_static/schemas/timeline.json",
]
man_pages = [(root_doc, "field-assessment", project, author, 7)]

# make linkcheck

linkcheck_timeout = 20
