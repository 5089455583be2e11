"""Run the importer: ``python -m sphinx_marginalia.importer``."""

import sys

from sphinx_marginalia.importer.cli import main

if __name__ == "__main__":
    sys.exit(main())
