"""Where a text stands in the encoder's space of meaning: 384 numbers as signed bytes with one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict, Field

from domain.posts import Frozen

DIMENSIONS = 384
_LARGEST = 127


class Vector(Frozen):
    """A unit vector, rounded to a byte a number: the cosine of two is off by less than .01.

    Vectors of different models say nothing of each other and are never compared; `model` keeps them apart.
    Posts are encoded as passages, what people search for as queries.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    model: str  # name and version of the encoder
    scale: float = Field(gt=0)  # one step in the unit vector
    steps: bytes = Field(min_length=DIMENSIONS, max_length=DIMENSIONS)  # int8 each

    @classmethod
    def of(cls, numbers: Sequence[float] | npt.NDArray[np.floating], model: str) -> Self:
        """Round a vector of `DIMENSIONS` numbers, whatever its length. ValueError for one that points nowhere."""
        unit = np.asarray(numbers, dtype=np.float32)
        length = float(np.linalg.norm(unit))
        if not np.isfinite(length) or length == 0:
            raise ValueError("a vector must be finite and not null")
        unit = unit / length
        scale = float(np.abs(unit).max()) / _LARGEST
        return cls(model=model, scale=scale, steps=np.rint(unit / scale).astype(np.int8).tobytes())

    @property
    def numbers(self) -> npt.NDArray[np.float32]:
        """The vector as float32[384], of length 1."""
        steps = np.frombuffer(self.steps, np.int8).astype(np.float32)
        unit: npt.NDArray[np.float32] = steps / np.linalg.norm(steps)
        return unit

    def cosine(self, other: Vector) -> float:
        """How near two texts are in meaning, -1 to 1. ValueError for vectors of two models."""
        if self.model != other.model:
            raise ValueError(f"vectors of {self.model} and {other.model} cannot be compared")
        return float(self.numbers @ other.numbers)
