"""A region's own past dispositions, as `jaring train --region` left them in JARING_HOME, handed to the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from desk.routing import Experience, agency_names, fold
from desk.thresholds import careful_default
from domain.quality.calibration import Calibration
from domain.regions import RegionProfile
from nlp.linear.dispositions import Dispositions, complaint, load_dispositions
from store import Store


class PastDispositions:
    """Ranks a region's agencies by code. Names that the region's profile does not know are left out."""

    def __init__(self, dispositions: Dispositions, profile: RegionProfile) -> None:
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


def experience_of(home: Path, profiles: Iterable[RegionProfile]) -> dict[str, Experience]:
    """What was learnt for each region, where anything was. Raises CatalogueError for a file that cannot be read."""
    learnt: dict[str, Experience] = {}
    for profile in profiles:
        file = file_of(home, profile.slug)
        if file.is_file():
            learnt[profile.slug] = PastDispositions(load_dispositions(file), profile)
    return learnt
