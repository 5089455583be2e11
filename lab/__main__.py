"""Train every model, measure every experiment and write the results: ``python -m lab [NAME …]``."""

from __future__ import annotations

import os

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # small matrices: threads cost more than they give

import importlib
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from lab import results

#: The modules with experiments.  Each has ``measure()``, which returns its results.
EXPERIMENTS: tuple[str, ...] = ()


def run(name: str) -> tuple[str, float]:
    """Measure one module, write its results, and return what to print: its name and CPU seconds."""
    start = time.process_time()
    for result in importlib.import_module(f"lab.{name}").measure():
        results.write(result)
    return name, time.process_time() - start


def main(names: list[str]) -> int:
    """Measure the named modules, or all of them, on two processors."""
    unknown = sorted(set(names) - set(EXPERIMENTS))
    if unknown:
        print(f"error: no experiment {', '.join(unknown)}; there are {', '.join(EXPERIMENTS)}")
        return 2
    with ProcessPoolExecutor(max_workers=2) as pool:
        for name, seconds in pool.map(run, names or EXPERIMENTS):
            print(f"{name}: {seconds:.1f} s of CPU time")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
