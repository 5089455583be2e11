"""Run the importer: ``python -m marginalia_import``."""

from __future__ import annotations

import os
import sys

#: The exit status of a program that Ctrl-C has ended: 128 and the number of SIGINT.
INTERRUPTED = 130


def main() -> int:
    """Run the command line, and return its exit status.

    A missing library is named with the command that installs it. Ctrl-C ends in one line, also
    while the libraries are imported.
    """
    try:
        from marginalia_import import cli  # noqa: PLC0415  (it needs those libraries)

        status = cli.main()
        print(end="", flush=True)
        return status
    except ModuleNotFoundError as error:
        print(
            f"error: the importer needs {error.name}:"
            ' pip install "sphinx-marginalia[import] @ git+https://github.com/sphinx-marginalia/'
            'sphinx-marginalia"',
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        # Nobody reads on, as with ``| head``. Python would report it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"error: the report cannot be printed: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
