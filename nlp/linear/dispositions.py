"""A region's own dispositions at run time: which agency its past complaints of this wording were sent to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from domain.reading import Span
from domain.text.tokens import tokenize
from nlp.deciders import Heard, Ranking
from nlp.linear.decider import LinearModel
from nlp.linear.weights import Weights, load_weights

HEAD = "agency"

# "Yth. Dinas X" names the agency that the writer thinks of. It is evidence of its own for the desk; a model that
# learnt it would repeat the address and not read the complaint.
_ADDRESSED = re.compile(
    r"\b(?:kepada\s+)?(?:yth\b\.?|yang terhormat)[\s:.,]*(?:bapak|ibu|bpk|pak|bu)?[\s.,/]*(?:kepala\s+|ka\.?\s*)?"
    r"(?:dinas|kantor|badan|bagian|satpol|kelurahan|kecamatan|camat|lurah|rsud|pdam|dis[a-z]{2,12}|din[a-z]{2,8}|dlh|bpbd|bap[a-z]{2,8})"
    r"[^\n.,;:]{0,60}",
    re.IGNORECASE,
)


def without_addressee(words: str) -> str:
    """Return a text in which "Yth. Dinas ..." is blank. Offsets stay as they were."""
    return _ADDRESSED.sub(lambda found: " " * len(found[0]), words)


def complaint(words: str, place: str | None = None) -> Heard:
    """Make what the model reads of masked words and the place named beside them."""
    read = without_addressee(words)
    return Heard(words, tokenize(read), tokenize(place) if place else ())


class Dispositions:
    """Ranks a region's agencies by its own past dispositions, with calibrated probabilities and evidence."""

    def __init__(self, weights: Weights) -> None:
        self._model = LinearModel(weights, explained={HEAD})

    @property
    def name(self) -> str:
        """Which training answers."""
        return self._model.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The agencies in the order of `Ranking.shares`."""
        return self._model.heads[HEAD]

    def rank(self, complaints: Sequence[Heard]) -> list[Ranking]:
        """Return the agencies of each complaint, best first: codes or names as the training's map gave them."""
        return [answered[HEAD] for answered in self._model.rank(complaints)]

    def explain(self, complaints: Sequence[Heard], agencies: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return, for each complaint, the words that speak for an agency."""
        return self._model.explain(HEAD, complaints, agencies)


def load_dispositions(path: Path) -> Dispositions:
    """Read a region's dispositions.

    Raises:
        CatalogueError: the weights cannot be read.
    """
    return Dispositions(load_weights(path))
