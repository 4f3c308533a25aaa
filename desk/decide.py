"""The desk's decision: which regions a post concerns, and what it means in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.authority import NO_MATTER
from desk.places import Located, chosen, locate
from desk.relevance import CONCERNS, relevance
from desk.routing import Experience, Router, Routing
from domain.cases import Case, CaseStatus, OpdCandidate, ResolvedPlace
from domain.errors import NotFound
from domain.ids import case_id
from domain.labels import Authority, LabelTask
from domain.posts import RawPost
from domain.quality.calibration import Calibration
from domain.reading import Reading, TopicScore
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy

RULES_VERSION = "meja-2"  # grows when the same reading and profile may be decided otherwise
SAID_BY_PERSON = "ditetapkan petugas"


class Desk:
    """Decides for all regions served. Implements `domain.ports.CaseDecider`; pure, safe to share between threads."""

    def __init__(
        self,
        profiles: Mapping[str, RegionProfile],
        taxonomy: Taxonomy,
        *,
        experience: Mapping[str, Experience] | None = None,
        calibrations: Mapping[str, Calibration] | None = None,
    ) -> None:
        self.taxonomy = taxonomy
        self._profiles = dict(profiles)
        learnt, fitted = experience or {}, calibrations or {}
        self._routers = {
            slug: Router(profile, taxonomy, learnt.get(slug), fitted.get(slug)) for slug, profile in profiles.items()
        }
        self._rules = {
            slug: "/".join((RULES_VERSION, profile.version, *((fitted[slug].name,) if slug in fitted else ())))
            for slug, profile in profiles.items()
        }

    def decide(self, post: RawPost, reading: Reading, statuses: dict[str, CaseStatus]) -> Sequence[Case]:
        """Return one case per region concerned. A person's word on relevance opens or closes a case."""
        cases = []
        for slug in self._profiles:
            status = statuses.get(slug, CaseStatus())
            case = self.decide_for(post, reading, slug, status)
            said = status.said(LabelTask.RELEVANCE)
            concerns = case.relevance >= CONCERNS if said is None else float(said) >= CONCERNS
            if concerns or status.labels:
                cases.append(case)
        return cases

    def decide_for(self, post: RawPost, reading: Reading, slug: str, status: CaseStatus | None = None) -> Case:
        """Decide for one region, whether it is concerned or not. Raises NotFound for a region that is not served."""
        profile = self._profiles.get(slug)
        if profile is None:
            raise NotFound(f"Wilayah {slug} tidak dilayani di sini.")
        status = status or CaseStatus()
        router = self._routers[slug]
        on = post.published_at.astimezone(profile.tz).date()
        reading = _as_said(reading, status)
        located = locate(reading.places, profile, hint=post.hints.place)
        if post.hints.spot:
            located = chosen(located, post.hints.spot, profile)
        located = _place_as_said(located, status, profile)
        routed = router.route(reading, post.words, located, on=on, place=post.hints.place)
        routing = _opd_as_said(routed, status, profile)
        said_relevance = status.said(LabelTask.RELEVANCE)
        return Case(
            id=case_id(post.id, slug),
            post_id=post.id,
            revision=post.revision,
            region=slug,
            relevance=float(said_relevance)
            if said_relevance is not None
            else relevance(located, listened=slug in post.regions, public_matter=reading.topic != NO_MATTER),
            places=located.places
            if reading.topic != NO_MATTER or status.said(LabelTask.PLACE) or post.hints.spot
            else (),
            authority=Authority(status.said(LabelTask.AUTHORITY) or routing.authority),
            opd=routing.candidates,
            why=routing.why,
            accused_opd=routing.accused,
            local_date=on,
            decided_by=self._rules[slug],
        )


def _as_said(reading: Reading, status: CaseStatus) -> Reading:
    """A person's topic replaces the machine's candidates."""
    topic = status.said(LabelTask.TOPIC)
    if topic is None:
        return reading
    evidence = next((t.evidence for t in reading.topics if t.code == topic), ())
    return reading.model_copy(update={"topics": (TopicScore(code=topic, p=1.0, evidence=evidence),)})


def _place_as_said(located: Located, status: CaseStatus, profile: RegionProfile) -> Located:
    kode = status.said(LabelTask.PLACE)
    if kode is None:
        return located
    area = profile.areas.get(kode)
    if area is None:
        return replace(located, places=())
    level = "kabupaten" if area.level == "kota" else area.level
    place = ResolvedPlace(kode=kode, name=area.name, level=level, why=SAID_BY_PERSON)
    return replace(located, places=(place,), here=True, elsewhere=False, doubtful=False)


def _opd_as_said(routing: Routing, status: CaseStatus, profile: RegionProfile) -> Routing:
    code = status.said(LabelTask.OPD)
    if code is None:
        return routing
    agency = profile.agencies.get(code)
    if agency is None:
        return routing
    rest = tuple(c.model_copy(update={"p": 0.0}) for c in routing.candidates if c.kode != code)
    first = OpdCandidate(kode=code, name=agency.name, p=1.0, evidence=(SAID_BY_PERSON,))
    return Routing((first, *rest), routing.authority, f"Karena: {SAID_BY_PERSON}.", routing.accused)
