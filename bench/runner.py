"""Run a module of Python, and write down the CPU seconds of the garbage collector.

    python bench/runner.py FILE MODULE [ARGUMENT …]

When the garbage collector runs depends on how many objects were made before, and how long it takes
on how many there are: in a large build that is more than all else, and a few objects more or less
let it fall on another moment. Both variants of a contest are run by this: it costs both the same.

With ``--without-gc`` before FILE it never runs: in a profile its time would be that of whatever
function makes an object just then.
"""

from __future__ import annotations

import gc
import runpy
import sys
from pathlib import Path
from time import process_time

WITHOUT_GC = "--without-gc"


class Collector:
    """The time that the garbage collector took."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._start = 0.0

    def __call__(self, phase: str, _info: dict[str, int]) -> None:
        """Note that a collection starts or stops (``gc.callbacks``)."""
        if phase == "start":
            self._start = process_time()
        else:
            self.seconds += process_time() - self._start


def main() -> None:
    """Run the module; what it ends with is what this ends with."""
    if without_gc := sys.argv[1] == WITHOUT_GC:
        gc.disable()
    file, module, *arguments = sys.argv[1 + without_gc :]
    # A script's own folder comes first, where a module of the benchmark could hide another one.
    sys.path[0] = ""
    sys.argv[1:] = arguments
    collector = Collector()
    gc.callbacks.append(collector)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        Path(file).write_text(repr(collector.seconds), encoding="utf-8")


if __name__ == "__main__":
    main()
