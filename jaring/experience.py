"""A region's own past dispositions, as `jaring train --region` left them in JARING_HOME, handed to the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from desk.routing import Experience, agency_names, fold
from desk.thresholds import careful_default
from domain.quality.calibration import Calibration
from domain.regions import RegionProfile
from nlp.encoder.dispositions import SecondedDispositions
from nlp.encoder.encoder import MODEL, SHIPPED, Encoder
from nlp.encoder.opinion import load_opinion
from nlp.linear.dispositions import Dispositions, complaint, load_dispositions
from store import Store

FAST, BEST = "fast", "best"  # ways of reading, as the settings name them


class PastDispositions:
    """Ranks a region's agencies by code. Names that the region's profile does not know are left out."""

    def __init__(self, dispositions: Dispositions | SecondedDispositions, profile: RegionProfile) -> None:
        self._dispositions = dispositions
        self._codes = agency_names(profile)

    def rank(self, words: str, place: str | None) -> Sequence[tuple[str, float]]:
        """Agency codes with probabilities, best first."""
        ranking = self._dispositions.rank([complaint(words, place)])[0]
        coded = ((self._codes.get(fold(answer.label)), answer.p) for answer in ranking.answers)
        return [(code, p) for code, p in coded if code is not None]


def file_of(home: Path, region: str) -> Path:
    """Where a region's dispositions are."""
    return home / "dispositions" / f"{region}.npz"


def calibrations_of(store: Store, profiles: Iterable[RegionProfile]) -> dict[str, Calibration]:
    """How each region's probabilities are bent: by its own newest fit, else by the careful default."""
    slugs = [profile.slug for profile in profiles]
    own = store.calibrations.newest(slugs)
    return {slug: own[slug].calibration if slug in own else careful_default().calibration for slug in slugs}


def second_opinion(mode: str) -> Encoder | None:
    """The encoder that is heard about complaints beside their words; none in mode fast, or where none is there."""
    return _encoder() if mode != FAST and (SHIPPED / MODEL).is_file() else None


def experience_of(home: Path, profiles: Iterable[RegionProfile], mode: str) -> dict[str, Experience]:
    """What was learnt for each region, where anything was; `mode` is the way of reading.

    An opinion that another encoder learnt is not heard: the words alone answer until the region is trained again.

    Raises:
        CatalogueError: a file cannot be read.
    """
    learnt: dict[str, Experience] = {}
    for profile in profiles:
        file = file_of(home, profile.slug)
        if file.is_file():
            learnt[profile.slug] = PastDispositions(_dispositions(file, mode), profile)
    return learnt


def _dispositions(file: Path, mode: str) -> Dispositions | SecondedDispositions:
    words = load_dispositions(file)
    opinion = load_opinion(file) if mode != FAST else None
    encoder = second_opinion(mode) if opinion is not None else None
    if opinion is None or encoder is None or encoder.name != opinion.encoder:
        return words
    return SecondedDispositions(words, encoder, opinion, everything=mode == BEST)


@cache
def _encoder() -> Encoder:
    return Encoder.load(SHIPPED, threads=1)  # the desk asks about one complaint at a time
