"""Run the program: ``python -m sphinx_marginalia.permalinks``."""

from __future__ import annotations

import sys

from sphinx_marginalia.permalinks.cli import main

if __name__ == "__main__":
    sys.exit(main())
