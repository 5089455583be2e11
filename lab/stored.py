"""Store weights for pages: float16 in a JSON file, and answers to check another program with.

``README.md`` describes the files.  They hold the Lab-2L of `SEED`, whose data the results show.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from lab import model, results, tasks
from lab.training import trained

if TYPE_CHECKING:
    from pathlib import Path

    from lab.model import Parameters
    from lab.results import Result

WEIGHTS = results.ROOT / "lab" / "weights"
SEED = 0
LAB_2L, CHECK = WEIGHTS / f"lab-2l-{SEED}.json", WEIGHTS / "lab-2l-check.json"
CHECKED_INPUTS = 200

SIZES = {
    "layers": model.LAYERS,
    "heads": model.HEADS,
    "width": model.WIDTH,
    "head_width": model.HEAD_WIDTH,
    "hidden": model.HIDDEN,
    "length": model.LENGTH,
}
GROUPS = {
    "special": tasks.SPECIAL,
    "harmless": tasks.HARMLESS,
    "weak": tasks.WEAK,
    "hurt": tasks.HURT,
    "cheat": tasks.CHEAT,
    "names": tasks.NAMES,
}


def store(parameters: Parameters, path: Path, about: dict[str, Any]) -> None:
    """Write parameters as float16 in base64, with their names, shapes and ``about``."""
    data, tensors = b"", {}
    for name, value in parameters.items():
        tensors[name] = {"shape": list(value.shape), "offset": len(data) // 2}
        data += value.astype("<f2").tobytes()
    numbers = base64.b64encode(data).decode("ascii")
    write_lines(path, about | {"tensors": tensors, "data": numbers})


def write_lines(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object with one line for each entry, so that a change is one line of a diff."""
    lines = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def load(path: Path) -> Parameters:
    """Return the parameters that `store` wrote, as float32."""
    content = json.loads(path.read_text("utf-8"))
    numbers = np.frombuffer(base64.b64decode(content["data"]), "<f2").astype(np.float32)
    return {
        name: numbers[tensor["offset"] :][: int(np.prod(tensor["shape"]))].reshape(tensor["shape"])
        for name, tensor in content["tensors"].items()
    }


def store_lab_2l() -> None:
    """Write the weights of Lab-2L with all that a program needs to know about it."""
    about = {"model": "Lab-2L", "seed": SEED, "sizes": SIZES, "groups": GROUPS}
    store(trained(SEED), LAB_2L, about | {"vocabulary": tasks.VOCABULARY})


def store_check() -> None:
    """Write inputs and their logits, computed with double precision from the stored weights."""
    random = np.random.default_rng(6000)
    half = CHECKED_INPUTS // 2
    tokens = np.concatenate([tasks.requests(half, random)[0], tasks.names(half, random)[0]])
    logits = exact_logits(load(LAB_2L), tokens)
    write_lines(CHECK, {"tokens": tokens.tolist(), "logits": logits.round(5).tolist()})


def exact_logits(parameters: Parameters, tokens: Any) -> Any:
    """Return the logits that exact arithmetic would give, nearly."""
    double: Any = {name: value.astype(np.float64) for name, value in parameters.items()}
    return model.run(double, tokens).logits


def measure() -> list[Result]:
    """Write both files. They are no results, so none are returned."""
    store_lab_2l()
    store_check()
    return []
