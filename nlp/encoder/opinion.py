"""The encoder's opinion on which agency a region's complaint belongs to: one layer on what it sees in a text.

It is learnt with a region's dispositions and kept in the same file, under names that a reader of the linear weights
alone passes over. It means something only to the encoder that it was learnt with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from domain.errors import CatalogueError
from domain.vectors import DIMENSIONS
from nlp.deciders import Task
from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import LEAST_SHARE, Kind, Pool
from nlp.linear.decider import softmax
from nlp.linear.dispositions import without_addressee
from nlp.linear.weights import pack, unpack

Floats = npt.NDArray[np.float64]

_PART = "opinion."
# Six times a direction and a third of logarithms down to -9: place and topics then weigh about alike in the layer.
_PLACE, _TOPICS = 6.0, 1 / 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """A layer over a region's agencies: `weight` is what is seen x labels, `centre` the mean of what is seen.

    `pool` mixes its probabilities with the linear ones; what the linear model answers from `sure` on stands unmixed.
    """

    encoder: str
    labels: tuple[str, ...]
    centre: Floats
    weight: Floats
    bias: Floats
    pool: Pool
    sure: float

    def shares(self, seen: Floats) -> Floats:
        """Return the probabilities of the labels, texts x labels, of what `seen_by` returned."""
        return np.asarray(softmax(read(seen, self.centre) @ self.weight + self.bias), np.float64)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return its parts by name, to be kept beside linear weights."""
        parts = {
            "encoder": pack([self.encoder]),
            "labels": pack(self.labels),
            "centre": self.centre.astype(np.float32),
            "weight": self.weight.astype(np.float32),
            "bias": self.bias.astype(np.float32),
            "mixing": np.array([self.pool.linear, self.pool.temperature, self.sure]),
        }
        return {_PART + name: array for name, array in parts.items()}


def seen_by(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """Return what an encoder sees in masked texts, a row each: the place in meaning, then the topics' logarithms.

    The agency that a writer addresses is blank, as it is to the linear model.
    """
    encoded = encoder.encode([without_addressee(text) for text in texts])
    topics = softmax(encoded.logits[Task.TOPIC].astype(np.float64) / encoder.card.heads[Task.TOPIC].temperature)
    return np.concatenate([encoded.vectors, np.log(np.maximum(topics, LEAST_SHARE))], axis=1)


def read(seen: Floats, centre: Floats) -> Floats:
    """Return what the layer reads: what tells a text from the mean of all, its place as a direction."""
    away = seen - centre
    place, topics = away[:, :DIMENSIONS], away[:, DIMENSIONS:]
    length = np.maximum(np.linalg.norm(place, axis=1, keepdims=True), 1e-9)
    return np.concatenate([place / length * _PLACE, topics * _TOPICS], axis=1)


def load_opinion(path: Path) -> Opinion | None:
    """Read the opinion that stands in a file of dispositions; None where there is none.

    Raises:
        CatalogueError: the file cannot be read, or its parts do not fit together.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if _PART + "encoder" not in arrays:
                return None
            linear, temperature, sure = arrays[_PART + "mixing"].tolist()
            opinion = Opinion(
                encoder=unpack(arrays[_PART + "encoder"])[0],
                labels=unpack(arrays[_PART + "labels"]),
                centre=arrays[_PART + "centre"].astype(np.float64),
                weight=arrays[_PART + "weight"].astype(np.float64),
                bias=arrays[_PART + "bias"].astype(np.float64),
                pool=Pool(Kind.LOG, linear, temperature),
                sure=sure,
            )
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as cause:
        raise CatalogueError(f"{path}: the encoder's part cannot be read ({cause}); train again") from cause
    many = len(opinion.labels)
    if opinion.bias.shape != (many,) or opinion.weight.shape != (*opinion.centre.shape, many):
        raise CatalogueError(f"{path}: the encoder's parts do not fit together; train again")
    return opinion
