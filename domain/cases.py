"""What a post means for one region: the desk's decision, and what people said about it."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from domain.labels import Authority, CaseState, LabelTask
from domain.posts import Frozen


class ResolvedPlace(Frozen):
    """An area of the region that the post is about, most specific first in a case."""

    kode: str  # Kemendagri code, dotted ("52.01.06.2003")
    name: str
    level: str  # kabupaten | kecamatan | desa
    why: str  # in words: how it was found


class OpdCandidate(Frozen):
    """An agency that may have to answer, with a calibrated probability."""

    kode: str
    name: str
    p: float
    evidence: tuple[str, ...] = ()  # words of the post, or "jalan provinsi: ruas ..."


class Case(Frozen):
    """Post x region. `why` is the reason of the first OPD in one Indonesian sentence."""

    id: str
    post_id: str
    revision: int
    region: str
    relevance: float  # 0..1: does this concern the region
    places: tuple[ResolvedPlace, ...]
    authority: Authority
    opd: tuple[OpdCandidate, ...]  # best first; empty when nobody must answer
    why: str
    accused_opd: tuple[str, ...] = ()  # agencies that the post accuses: they never see it
    local_date: date  # of publication, in the region's zone
    decided_by: str  # "rules/profile[/calibration]", by their versions

    @property
    def kecamatan(self) -> str | None:
        """Code of the kecamatan the case is in, if known."""
        return next((p.kode[:8] for p in self.places if p.level in {"desa", "kecamatan"}), None)

    @property
    def desa(self) -> str | None:
        """Code of the desa or kelurahan, if known."""
        return next((p.kode for p in self.places if p.level == "desa"), None)

    def without_words(self) -> Case:
        """The same decision with no reason that may quote the post."""
        return self.model_copy(
            update={
                "places": tuple(place.model_copy(update={"why": ""}) for place in self.places),
                "opd": tuple(candidate.model_copy(update={"evidence": ()}) for candidate in self.opd),
                "why": "",
            }
        )


class Label(Frozen):
    """One thing a person said about a case. Append-only: the newest of a task wins over any machine."""

    case_id: str
    task: LabelTask
    value: str  # empty: what was said before is taken back, the machine decides again
    by: str  # user name
    at: AwareDatetime
    note: str | None = None


class CaseStatus(Frozen):
    """Where a case stands with the center, apart from what the machine decided."""

    state: CaseState = CaseState.NEW
    labels: tuple[Label, ...] = ()

    def said(self, task: LabelTask) -> str | None:
        """The newest value that a person gave for a task; None where nobody did, or it was taken back."""
        return next((x.value for x in reversed(self.labels) if x.task is task), None) or None
