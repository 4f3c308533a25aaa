"""Weights on disk: one `.npz` that holds numbers and UTF-8 bytes only, read with `allow_pickle=False`.

Each weight is an int8 with one scale per class; most are zero, so the file packs well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from domain.errors import CatalogueError
from nlp.linear.features import Floats

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Head:
    """One task's classes: `weight` is features x classes; probabilities are softmax(score / temperature)."""

    task: str
    labels: tuple[str, ...]
    weight: Floats
    bias: Floats
    temperature: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A vocabulary with the heads that read it. `name` tells which training they come from."""

    name: str
    vocabulary: tuple[str, ...]
    idf: Floats
    heads: tuple[Head, ...]


def save_weights(weights: Weights, path: Path, *, beside: Mapping[str, np.ndarray] | None = None) -> int:
    """Write weights to a file and return its size in bytes.

    `beside` are arrays of another reader of the same file; whoever reads the weights passes over them.
    """
    arrays: dict[str, np.ndarray] = {
        **(beside or {}),
        "format": np.array([FORMAT], np.int32),
        "name": pack([weights.name]),
        "vocabulary": pack(weights.vocabulary),
        "idf": weights.idf.astype(np.float16),
        "tasks": pack([head.task for head in weights.heads]),
    }
    for head in weights.heads:
        scale = np.maximum(np.abs(head.weight).max(axis=0), 1e-9) / 127
        arrays[f"{head.task}.labels"] = pack(head.labels)
        arrays[f"{head.task}.weight"] = np.rint(head.weight / scale).astype(np.int8).T.copy()
        arrays[f"{head.task}.scale"] = scale.astype(np.float32)
        arrays[f"{head.task}.bias"] = head.bias.astype(np.float32)
        arrays[f"{head.task}.temperature"] = np.array([head.temperature], np.float32)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    return path.stat().st_size


def load_weights(path: Path) -> Weights:
    """Read weights from a file.

    Raises:
        CatalogueError: the file is absent, is not such a file, or its parts do not fit together.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if int(arrays["format"][0]) != FORMAT:
                raise CatalogueError(f"{path}: written in another format; train again")
            vocabulary = unpack(arrays["vocabulary"])
            heads = []
            for task in unpack(arrays["tasks"]):
                scale = arrays[f"{task}.scale"]
                heads.append(
                    Head(
                        task=task,
                        labels=unpack(arrays[f"{task}.labels"]),
                        weight=np.ascontiguousarray(arrays[f"{task}.weight"].T.astype(np.float32) * scale),
                        bias=arrays[f"{task}.bias"],
                        temperature=float(arrays[f"{task}.temperature"][0]),
                    )
                )
            weights = Weights(unpack(arrays["name"])[0], vocabulary, arrays["idf"].astype(np.float32), tuple(heads))
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as cause:
        raise CatalogueError(f"{path}: these weights cannot be read ({cause}); train again") from cause
    for head in weights.heads:
        if head.weight.shape != (len(vocabulary), len(head.labels)) or weights.idf.shape != (len(vocabulary),):
            raise CatalogueError(f"{path}: the parts of head {head.task!r} do not fit together; train again")
    return weights


def pack(texts: list[str] | tuple[str, ...]) -> np.ndarray:
    """Return texts without line breaks as bytes, so that a file of numbers holds them."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def unpack(packed: np.ndarray) -> tuple[str, ...]:
    """Return the texts of `pack`."""
    return tuple(packed.tobytes().decode().split("\n"))
