# Build the book, test it, publish it. `make` alone lists what there is.
#
#   make html SPHINXOPTS="-W"       options for Sphinx
#   make test PYTESTOPTS="-k epub"  options for pytest
#   make html PYTHON=python3.13     the Python to set up .venv with
#   make html DOCS=other            another folder of sources
#   make import SRC=site DEST=docs2 IMPORTOPTS=--strict

DOCS       = docs
# Other sources have outputs of their own, so that those of the book are not published with them.
SITE       = $(if $(filter docs,$(DOCS:/=)),_site,_site-$(notdir $(abspath $(DOCS))))
VENV       = .venv
PYTHON     =
# One more than there are cores: while Sphinx writes, one of its processes only waits for the others.
JOBS       = $(shell $(PY) -c "import os; print(os.cpu_count() + 1)")
# What tests are marked with that take long, or need more than Python.
PROGRAMS   = slow or browser or latex or java
SPHINXOPTS =
PYTESTOPTS = -n auto -m "not ($(PROGRAMS))"
BENCHOPTS  =
LIVEOPTS   =
LOCKOPTS   = --upgrade
IMPORTOPTS = --project
ANCHOROPTS =
REVIEWOPTS =
SRC        =
DEST       =

PY = $(VENV)/bin/python

# Doctrees lie beside the outputs, one folder a builder: inside, they would be published and packed
# into the EPUB; shared, one builder would find the other's and read everything again.
# Sources with a conf.py of their own, such as an imported site, are built with that.
CONF = $(if $(wildcard $(DOCS)/conf.py),$(DOCS),.)
SPHINX = $(PY) -m sphinx -c $(CONF) -b $(1) -d $(SITE)/.doctrees/$(1) -j $(JOBS) $(SPHINXOPTS) $(DOCS) $(SITE)/$(1)

.DEFAULT_GOAL := help
.PHONY: help html dirhtml singlehtml epub pdf text man gettext linkcheck live test lint bench lab figures import anchors check review lock clean venv docs

help: ## List the targets (this list)
	@echo "make TARGET, where TARGET is one of"
	@echo
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/\1|\2/p' Makefile | \
	  while IFS='|' read -r target sentence; do printf '  %-11s %s\n' "$$target" "$$sentence"; done
	@echo
	@echo "Each sets up $(VENV) first where it is missing or out of date."

html: ## Build the book as a web site, one folder of pages
dirhtml: ## Build the web site with addresses that end in a slash
singlehtml: ## Build the whole book as one web page
html dirhtml singlehtml: docs
	@$(call SPHINX,$@)
	@echo "The page is at $(SITE)/$@/index.html"

epub: ## Build the book as an EPUB for e-readers
epub: docs
	@$(call SPHINX,epub)
	@echo "The EPUB is at $$(ls $(SITE)/epub/*.epub)"

pdf: ## Build the book as a PDF, and the manual of the tools as another (needs TeX)
pdf: tex docs
	@$(call SPHINX,latex)
	@$(MAKE) --no-print-directory -C $(SITE)/latex all-pdf \
	  LATEXMKOPTS="-interaction=nonstopmode -halt-on-error -silent" || \
	  { grep -m 1 -A 5 '^!' $(SITE)/latex/*.log; \
	    echo "error: LaTeX stopped (logs: $(SITE)/latex/*.log)" >&2; exit 1; }
	@mkdir -p $(SITE)/pdf && for tex in $(SITE)/latex/*.tex; do cp "$${tex%.tex}.pdf" $(SITE)/pdf; done
	@echo "The PDFs are in $(SITE)/pdf"

# Asked before Sphinx runs: a reader should not wait for a build that cannot end.
.PHONY: tex
tex:
	@command -v latexmk >/dev/null || { echo "error: latexmk is missing. On Debian and Ubuntu:" \
	  "apt install --no-install-recommends latexmk texlive-latex-recommended texlive-latex-extra" \
	  "texlive-fonts-recommended tex-gyre" >&2; exit 1; }

text: ## Build the book as plain text
man: ## Build the book as a manual page
gettext: ## Extract the sentences of the book for translators
text man gettext: docs
	@$(call SPHINX,$@)
	@echo "The files are in $(SITE)/$@"

linkcheck: ## Ask every external link whether it still answers (needs the network)
linkcheck: docs
	@$(call SPHINX,linkcheck)
	@echo "The answers are in $(SITE)/linkcheck/output.txt"

# Not into html: two builds that write one folder at once spoil each other.
live: ## Serve the web site and build it again at every change
live: docs
	@$(PY) -m sphinx_autobuild -c . -b html -d $(SITE)/.doctrees/live -j $(JOBS) \
	  --watch ext --watch conf.py --watch references.bib --re-ignore '/__pycache__/|/\.git/' \
	  $(LIVEOPTS) $(SPHINXOPTS) $(DOCS) $(SITE)/live

test: ## Run the tests that need no more than Python; all of them: make test PYTESTOPTS="-n auto"
test: venv
	@$(PY) -m pytest $(PYTESTOPTS)

SCHEMA = $(PY) -m check_jsonschema --quiet --builtin-schema

lint: ## Check style, types, spelling, workflows, and files that have a schema
lint: venv
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m codespell_lib
	@$(SCHEMA) vendor.citation-file-format CITATION.cff
	@$(SCHEMA) vendor.readthedocs .readthedocs.yaml
	@$(SCHEMA) vendor.dependabot .github/dependabot.yml
	@$(SCHEMA) vendor.github-workflows .github/workflows/*.yml
	@$(VENV)/bin/zizmor --offline --quiet --no-progress .github

bench: ## Measure the build time against plain Sphinx
bench: venv
	@$(PY) -m bench $(BENCHOPTS)

lab: ## Train the models of the book and measure them again (two minutes)
lab: venv
	@$(PY) -m lab

import: ## Import an existing site: make import SRC=site DEST=folder
import: venv
	@[ -n "$(SRC)" ] && [ -n "$(DEST)" ] || \
	  { echo "error: name both folders: make import SRC=site DEST=folder" >&2; exit 2; }
	@$(PY) -m marginalia_import $(IMPORTOPTS) -- "$(SRC)" "$(DEST)"

figures: ## Draw the figures of the book again, as SVG and PDF
figures: venv
	@for figure in $(DOCS)/figures/*.py; do $(PY) "$$figure" || exit 1; done
	@echo "The figures are in $(DOCS)/figures"

anchors: ## Label new headings and update anchors.lock.json: make anchors ANCHOROPTS=--help
anchors: docs
	@$(PY) -m sphinx_marginalia.permalinks lock $(DOCS) -c $(CONF) -d $(SITE)/.doctrees/anchors \
	  --write-names $(ANCHOROPTS)

check: ## Check every permalink of the built web site
check: docs
	@$(PY) -m sphinx_marginalia.permalinks check $(SITE)/html --lock $(CONF)/anchors.lock.json

review: ## List claims to look at again, with queries: make review REVIEWOPTS="--older 180"
review: docs
	@$(PY) -m sphinx_marginalia.ledger review $(DOCS) -c $(CONF) -d $(SITE)/.doctrees/review \
	  $(REVIEWOPTS)

COMPILE = $(VENV)/bin/uv pip compile pyproject.toml $(1) --group build --universal \
  --python-version 3.11 --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
  --quiet --custom-compile-command "make lock" $(LOCKOPTS) -o $(2)

lock: ## Refresh both locks to the newest versions that pyproject.toml allows
lock: venv
	@$(call COMPILE,--all-extras,requirements.lock)
	@$(call COMPILE,--extra docs,docs.lock)
	@echo "requirements.lock and docs.lock are fresh; the next make installs them"

clean: ## Remove what was built (the environment stays: rm -r .venv removes it)
	@rm -rf _site _site-* dist .pytest_cache .mypy_cache .ruff_cache

venv:
	@sh tools/venv.sh "$(VENV)" "$(PYTHON)"

docs:
	@sh tools/venv.sh "$(VENV)" "$(PYTHON)" docs.lock
