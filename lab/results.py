"""Write what an experiment measured: numbers with their spread over the seeds, and data to draw.

A file of results says which code made it, so that a result that is older than its code is noticed::

    {
      "experiment": "refusal-ablation",
      "about": "Remove one direction from every activation, and count refusals.",
      "seeds": [0, 1, 2],
      "code": {"lab/model.py": "5d41402a…", "lab/refusal.py": "7d793037…"},
      "numbers": {
        "refused_after": {"mean": 0.01, "low": 0.0, "high": 0.02, "values": [0.0, 0.01, 0.02]}
      },
      "data": {"alpha": [0.0, 0.5, 1.0], "refused": [0.0, 0.14, 1.0]}
    }

``numbers`` are what the text quotes.  ``data`` is what figures and their tables show.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "lab" / "results"
#: More digits than a page shows, and fewer than two processors agree on.
SIGNIFICANT_DIGITS = 4


@dataclass(frozen=True)
class Result:
    """What one experiment found with several seeds.

    ``numbers`` has one value a seed under each name; ``modules`` are the files below ``lab/`` that
    the values depend on.
    """

    experiment: str
    about: str
    seeds: Sequence[int]
    modules: Sequence[str]
    numbers: Mapping[str, Sequence[float]]
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the result as it is written, rounded to `SIGNIFICANT_DIGITS`."""
        return {
            "experiment": self.experiment,
            "about": self.about,
            "seeds": list(self.seeds),
            "code": {name: digest(ROOT / name) for name in sorted(self.modules)},
            "numbers": {name: spread(values) for name, values in sorted(self.numbers.items())},
            "data": rounded(dict(self.data)),
        }


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return mean, lowest and highest of the values, and the values themselves."""
    kept = [rounded(float(value)) for value in values]
    return {
        "mean": rounded(sum(kept) / len(kept)),
        "low": min(kept),
        "high": max(kept),
        "values": kept,
    }


def rounded(value: Any) -> Any:
    """Return the value with `SIGNIFICANT_DIGITS`, and with lists where it had arrays."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(part) for part in value]
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if isinstance(value, float) else value


def digest(module: Path) -> str:
    """Sixteen hexadecimal digits that change with the code of a module, not with its comments."""
    lines = (line.rstrip() for line in module.read_text("utf-8").splitlines())
    code = "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def write(result: Result, folder: Path = RESULTS) -> Path:
    """Write ``EXPERIMENT.json`` and return its path."""
    path = folder / f"{result.experiment}.json"
    path.write_text(json.dumps(result.as_json(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def outdated(folder: Path = RESULTS) -> list[str]:
    """Return a sentence for each file of results that is older than its code."""
    sentences = []
    for path in sorted(folder.glob("*.json")):
        for name, known in json.loads(path.read_text("utf-8")).get("code", {}).items():
            module = ROOT / name
            if not module.exists() or digest(module) != known:
                sentences.append(f"{path.name}: {name} has changed since; run `make lab`")
    return sentences
