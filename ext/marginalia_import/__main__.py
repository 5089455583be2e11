"""Run the importer: ``python -m marginalia_import``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; say what to install where a library of the importer is missing."""
    try:
        from marginalia_import import cli  # noqa: PLC0415  (it needs those libraries)
    except ModuleNotFoundError as error:
        print(
            f"error: the importer needs {error.name}:"
            ' pip install "sphinx-marginalia[import] @ git+https://github.com/sphinx-marginalia/'
            'sphinx-marginalia"',
            file=sys.stderr,
        )
        return 2
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
