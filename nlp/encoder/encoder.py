"""The encoder: one ONNX model with its tokenizer, run on as many threads as it is given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from domain.errors import CatalogueError
from domain.vectors import DIMENSIONS, Vector
from nlp.deciders import Encoding, Task
from nlp.encoder.batches import batches
from nlp.encoder.card import Card, read_card
from nlp.linear.decider import softmax

Kind = Literal["passage", "query"]
Floats = npt.NDArray[np.float32]

SHIPPED = Path(__file__).parent.parent / "weights" / "encoder"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
VECTOR = "vector"
MAX_THREADS = 4  # a run is short: more threads wait for each other, more workers read faster
_SLOW = ["SkipLayerNormFusion"]  # fused, a norm with its sum takes four times as long as the two one by one
_LETTERS = 12  # code points of a token at most, on average: what is longer than max_tokens of them is cut unread


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts as the model sees them, in their order: unit vectors, and each head's scores before any softmax."""

    vectors: Floats
    logits: Mapping[Task, Floats]


class Encoder:
    """A loaded model. Any text has an encoding, the empty one too; long ones are read to `max_tokens`.

    The model is rounded to bytes and scales each run by its largest number, so that a text's figures differ in the
    second decimal with its company.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, card: Card, threads: int) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._outputs = [VECTOR, *(f"logits_{task}" for task in card.heads)]
        self._pool = ThreadPoolExecutor(threads, "encoder") if threads > 1 else None
        self.card = card

    @classmethod
    def load(cls, folder: Path = SHIPPED, *, threads: int = 1) -> Self:
        """Load the model of a folder; `threads` batches run at the same time, 0 for one per processor up to four.

        Raises:
            CatalogueError: a file is absent, broken, or does not fit the others.
        """
        if not (folder / MODEL).is_file():
            raise CatalogueError(
                f"There is no encoder in {folder}: train one (jaring train --base), or read with JARING_READ_MODE=fast"
            )
        card = read_card(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # threads that share a batch wait for each other: twice the seconds a post
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only: warnings tell of the exporter's affairs
        try:
            session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW
            )
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as cause:  # both raise bare or private classes for whatever is wrong with a file
            raise CatalogueError(f"The encoder in {folder} cannot be loaded ({_first_line(cause)})") from cause
        tokenizer.no_padding()
        tokenizer.enable_truncation(card.max_tokens)
        _check(session, card, folder)
        return cls(session, tokenizer, card, threads or min(MAX_THREADS, _processors()))

    @property
    def name(self) -> str:
        """Name with version, as in `Vector.model`."""
        return self.card.name

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Encoded:
        """Encode texts, in their order: posts as passages, what people search for as queries."""
        numbers = self.tokens(texts, kind=kind)
        planned = list(batches([len(x) for x in numbers]))
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        logits = {task: np.empty((len(texts), len(head.labels)), np.float32) for task, head in self.card.heads.items()}
        for batch, (vector, *scores) in zip(planned, self._runs(numbers, planned), strict=True):
            vectors[batch] = vector
            for all_scores, part in zip(logits.values(), scores, strict=True):
                all_scores[batch] = part
        return Encoded(vectors, logits)

    def tokens(self, texts: Sequence[str], *, kind: Kind = "passage") -> list[list[int]]:
        """Return what the model reads of each text, as numbers of its vocabulary."""
        reach = self.card.max_tokens * _LETTERS
        return [x.ids for x in self._tokenizer.encode_batch_fast([f"{kind}: {text[:reach]}" for text in texts])]

    def encodings(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode posts and say of each what a component wants to know: its vector and calibrated probabilities."""
        encoded = self.encode(texts)
        shares = {
            task: softmax(encoded.logits[task].astype(np.float64) / head.temperature).tolist()
            for task, head in self.card.heads.items()
        }
        heads = self.card.heads.items()
        return [
            Encoding(
                self.name,
                Vector.of(vector, self.name),
                {task: dict(zip(head.labels, shares[task][n], strict=True)) for task, head in heads},
            )
            for n, vector in enumerate(encoded.vectors)
        ]

    def _runs(self, numbers: Sequence[list[int]], planned: Sequence[list[int]]) -> Iterable[list[Floats]]:
        inputs = [_padded([numbers[at] for at in batch]) for batch in planned]
        if self._pool is None or len(planned) == 1:
            return map(self._run, inputs)
        return self._pool.map(self._run, inputs)

    def _run(self, inputs: Mapping[str, npt.NDArray[np.int64]]) -> list[Floats]:
        answers: list[Floats] = self._session.run(self._outputs, inputs)
        return answers


def _padded(numbers: Sequence[list[int]]) -> dict[str, npt.NDArray[np.int64]]:
    """Texts as one rectangle; the model does not look where the mask is 0."""
    longest = max(map(len, numbers))
    ids = np.zeros((len(numbers), longest), np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(numbers):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def _check(session: onnxruntime.InferenceSession, card: Card, folder: Path) -> None:
    """Say at once that a card tells of another model, not in the middle of a batch."""
    widths = {x.name: x.shape[-1] for x in session.get_outputs()}
    if widths.get(VECTOR) != DIMENSIONS:
        raise CatalogueError(f"{folder / MODEL} gives no vector of {DIMENSIONS} numbers")
    for task, head in card.heads.items():
        if widths.get(f"logits_{task}") != len(head.labels):
            raise CatalogueError(f"{folder}: card.toml has {len(head.labels)} labels of {task}, the model has others")


def _first_line(cause: Exception) -> str:
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
