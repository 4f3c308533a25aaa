"""Learns what a region's past complaints teach, for the words alone and, where there is an encoder, for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.encoder.dispositions import SecondedDispositions
from nlp.encoder.encoder import Encoder
from nlp.encoder.opinion import Opinion
from nlp.linear.dispositions import Dispositions
from nlp.linear.weights import Weights
from nlp.train.dispositions import LEAST_ROWS, Disposition, fit, read_export, read_map, write_dispositions
from nlp.train.opinion import fit_opinion


@dataclass(frozen=True, slots=True)
class Taught:
    """A region's linear weights and the encoder's opinion, where one was asked for and helps."""

    weights: Weights
    opinion: Opinion | None

    def dispositions(self, encoder: Encoder | None, *, everything: bool = False) -> Dispositions | SecondedDispositions:
        """Return who ranks agencies by it."""
        linear = Dispositions(self.weights)
        if encoder is None or self.opinion is None:
            return linear
        return SecondedDispositions(linear, encoder, self.opinion, everything=everything)


def teach(
    rows: Sequence[Disposition],
    encoder: Encoder | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
    least: int = LEAST_ROWS,
    temperature: float | None = None,
) -> Taught:
    """Learn from past complaints; without an encoder, of their words alone.

    With a `temperature`, that of an opinion which helps, there is an opinion without asking whether it does.

    Raises:
        Refused: there are fewer than `least` complaints, or they all went to one agency.
    """
    weights = fit(rows, say=say, least=least)
    if encoder is None:
        return Taught(weights, None)
    return Taught(weights, fit_opinion(rows, encoder, say=say, least=least, temperature=temperature))


def train_dispositions(
    export: Path,
    export_map: Path,
    into: Path,
    *,
    encoder: Encoder | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Learn from a region's export and write what was learnt to a file; return its size in bytes.

    Raises:
        Refused: the export or its map cannot be used.
    """
    rows = list(read_export(export, read_map(export_map)))
    say(f"{len(rows)} complaints with an agency")
    taught = teach(rows, encoder, say=say)
    return write_dispositions(taught.weights, into, opinion=taught.opinion, say=say)
