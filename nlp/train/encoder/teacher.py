"""Where the base puts texts: what the trained encoder's vectors are held to, so that search by meaning survives."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from nlp.train.encoder.batches import batches
from nlp.train.encoder.lessons import Lesson
from nlp.train.encoder.network import Network

SHOWN = 11_000  # labelled texts whose place is known: a third, the rest moves with them
_EACH = 50  # batches between two signs of life


def places(
    network: Network, lessons: Sequence[Lesson], tokenizer: Tokenizer, *, seed: int, say: Callable[[str], None]
) -> dict[int, npt.NDArray[np.float32]]:
    """Return unit vectors of a sample of the labelled texts and of all unlabelled ones, by their number."""
    chance = random.Random(seed)  # noqa: S311  no secret
    told = [n for n, lesson in enumerate(lessons) if lesson.labels]
    chosen = set(chance.sample(told, min(SHOWN, len(told)))) | {n for n, x in enumerate(lessons) if not x.labels}
    order = sorted(chosen)
    found: dict[int, npt.NDArray[np.float32]] = {}
    network.eval()
    with torch.no_grad():
        for step, (rows, vectors) in enumerate(_vectors(network, [lessons[n] for n in order], tokenizer)):
            found.update(zip((order[row] for row in rows), vectors, strict=True))
            if step % _EACH == 0:
                say(f"the base reads {len(found)} of {len(order)} texts")
    return found


def _vectors(
    network: Network, lessons: Sequence[Lesson], tokenizer: Tokenizer
) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
    device = network.kind.device
    for read in batches(lessons, tokenizer, {}, seed=None):
        batch = read.to(device)
        yield batch.rows, network(batch.input_ids, batch.attention_mask).vector.cpu().numpy()


def kept_places(file: Path) -> dict[int, npt.NDArray[np.float32]] | None:
    """The places that an earlier run wrote, or None."""
    if not file.is_file():
        return None
    with np.load(file) as kept:
        return dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))


def keep_places(file: Path, places: dict[int, npt.NDArray[np.float32]]) -> None:
    """Write places, so that a killed training does not look for them again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, texts=np.array(list(places)), vectors=np.stack(list(places.values())))
