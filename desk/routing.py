"""Which agency must answer, how sure that is, and why.

Topic probabilities flow through the region's urusan map; an agency that the writer names gets a share of the belief;
a report that accuses someone in office goes to the inspectorate, whatever it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from desk.authority import NO_MATTER, Ownership, owner
from desk.places import Located
from domain.cases import OpdCandidate
from domain.errors import NotFound
from domain.labels import Authority
from domain.quality.calibration import Calibration
from domain.reading import Reading, TopicScore
from domain.regions import Agency, RegionProfile, ServicePoint
from domain.taxonomy import Taxonomy, Topic

NAMED_SHARE = 0.35  # belief that moves to the agencies which the writer names himself
EXPERIENCE_SHARE = 0.5  # what the region's own past dispositions weigh beside topic and urusan map
PAST_DISPOSITIONS = "disposisi serupa di masa lalu"
OVERSIGHT_SURE = 0.5  # from here on a report goes to the inspectorate first
DISASTER, DAMAGED_ROAD = "bencana.alam", "jalan.rusak"
ROAD_OWNERS = frozenset({Authority.PROVINCE, Authority.CENTRE})
RUN_FOR = {  # kind of service point -> main topic in which the one who runs it answers
    "rumah sakit": "kesehatan",
    "pelabuhan": "perhubungan",
    "bandara": "perhubungan",
    "terminal": "perhubungan",
    "tpa": "sampah",
    "wisata": "pariwisata",
    "bendungan": "drainase",
}
WHOLE_GOVERNMENTS = ("PEMPROV", "PEMKAB")  # "tolong pemprov" says who owns it, not which office answers
MAX_CANDIDATES = 5
LEAST = 0.01  # candidates below this are noise on the page


@dataclass(frozen=True, slots=True)
class Routing:
    """The ranked answer for one region."""

    candidates: tuple[OpdCandidate, ...]
    authority: Authority
    why: str
    accused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Matter:
    """What routing asks about a post besides its topics.

    `words` are lower case; `holder` is the level of the area named, for a province.
    """

    words: str
    located: Located
    holder: str | None
    on: date


@dataclass(frozen=True, slots=True)
class _Responsible:
    """A topic as it is decided here: who owns the matter, and the agency, if any."""

    topic: Topic
    ownership: Ownership
    agency: Agency | None


class Experience(Protocol):
    """What a region's own past dispositions teach: agency codes with probabilities, best first."""

    def rank(self, words: str, place: str | None) -> Sequence[tuple[str, float]]: ...


class Router:
    """Routes for one region; keeps what never changes between two posts."""

    def __init__(
        self,
        profile: RegionProfile,
        taxonomy: Taxonomy,
        experience: Experience | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._profile = profile
        self._experience = experience
        self._calibration = calibration
        self._topics = {t.code: t for t in taxonomy.topics}
        self._urusan = {u.code: u.name for u in taxonomy.urusan}
        self._names = agency_names(profile)
        self._changes = any(a.valid_from or a.valid_to for a in profile.agencies.values())
        self._answers: dict[tuple[str, str, date | None], Agency | None] = {}

    def topic(self, code: str) -> Topic:
        """The topic of a code."""
        return self._topics[code]

    def route(self, reading: Reading, words: str, located: Located, *, on: date, place: str | None = None) -> Routing:
        """Rank the agencies that may have to answer on a day. `place` is the sender's own address, if any."""
        matter = _Matter(words.lower(), located, self._holder(located), on)
        first = self._responsible(reading.topic, matter)
        if reading.topic == NO_MATTER and not reading.oversight:
            return Routing((), first.ownership.authority, "Tidak menyangkut urusan pemerintah.", ())
        belief, evidence = self._by_topics(reading.topics, matter)
        if self._experience is not None:
            belief = self._with_experience(belief, evidence, self._experience.rank(words, place))
        named = self._named(reading)
        share = NAMED_SHARE if named else 0.0
        belief = {code: p * (1 - share) for code, p in belief.items()}
        for code, said in named.items():
            belief[code] = belief.get(code, 0.0) + share / len(named)
            evidence[code] = (*evidence.get(code, ()), said)
        usual = max(belief, key=lambda c: belief[c], default=None)
        if first.ownership.why and usual is not None:
            evidence[usual] = (*evidence.get(usual, ()), first.ownership.why)
        accused = self._accused(reading, named, usual)
        why = self._because(first, usual)
        if reading.oversight and reading.oversight.p >= OVERSIGHT_SURE:
            belief, why = self._to_oversight(reading, belief, evidence, on)
        else:
            belief = self._calibrated(belief)
        return Routing(self._rank(belief, evidence, on), first.ownership.authority, why, accused)

    def _by_topics(
        self, topics: Sequence[TopicScore], matter: _Matter
    ) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
        belief: dict[str, float] = {}
        evidence: dict[str, tuple[str, ...]] = {}
        for scored in topics:
            agency = None if scored.code == NO_MATTER else self._responsible(scored.code, matter).agency
            if agency is None:
                continue
            belief[agency.code] = belief.get(agency.code, 0.0) + scored.p
            said = tuple(span.text for span in scored.evidence)
            evidence[agency.code] = tuple(dict.fromkeys((*evidence.get(agency.code, ()), *said)))
        return belief, evidence

    def _with_experience(
        self, belief: dict[str, float], evidence: dict[str, tuple[str, ...]], ranked: Sequence[tuple[str, float]]
    ) -> dict[str, float]:
        mixed = {code: p * (1 - EXPERIENCE_SHARE) for code, p in belief.items()}
        for code, p in ranked:
            if code in self._profile.agencies:
                mixed[code] = mixed.get(code, 0.0) + p * EXPERIENCE_SHARE
                evidence.setdefault(code, (PAST_DISPOSITIONS,))
        return mixed

    def _calibrated(self, belief: dict[str, float]) -> dict[str, float]:
        """Beliefs as they hold here. Their order stays; together they are no more than certain."""
        if self._calibration is None or not belief:
            return belief
        held = {code: self._calibration.of(min(1.0, p)) for code, p in belief.items() if p >= LEAST}
        first = max(held, key=lambda code: (held[code], belief[code]), default="")
        rest = sum(p for code, p in held.items() if code != first)
        if first and rest > 1 - held[first]:
            fits = (1 - held[first]) / rest
            held = {code: p if code == first else p * fits for code, p in held.items()}
        return held

    def _responsible(self, code: str, matter: _Matter) -> _Responsible:
        """Who owns a topic's matter here and who answers for it: the one who runs a named place, else by the map."""
        topic = self._topics[code]
        for point in matter.located.points:
            if point.agency is not None and RUN_FOR.get(point.kind) == topic.main:
                keeper = self._profile.agency(point.agency)
                return _Responsible(topic, self._kept_by(keeper, point, topic, matter), keeper)
        owned = owner(topic, matter.words, matter.located.roads, self._profile, matter.holder)
        if topic.code == DISASTER and owned.authority in ROAD_OWNERS and owned.why:
            topic = self._topics[DAMAGED_ROAD]  # a landslide on somebody else's road is cleared by the road's owner
        first = next((code for code in owned.agencies if code in self._profile.agencies), None)
        if first is not None:
            return _Responsible(topic, owned, self._in_office(first, matter.on))
        return _Responsible(topic, owned, self._agency(topic.code, owned.authority, matter.on))

    def _kept_by(self, keeper: Agency, point: ServicePoint, topic: Topic, matter: _Matter) -> Ownership:
        """Whose a matter at a service point is: its keeper's, unless the words tell what another level decides."""
        owned = owner(topic, matter.words, (), self._profile, matter.holder)
        kept = f"{point.name}: {keeper.name}"
        if owned.said and owned.authority is Authority.CENTRE:
            return Ownership(owned.authority, f"{kept}; {owned.why}", said=owned.said)
        return Ownership(Authority(keeper.level), kept)

    def _in_office(self, code: str, on: date) -> Agency | None:
        try:
            return self._profile.agency(code, on)
        except NotFound:
            return None

    def _agency(self, topic: str, authority: Authority, on: date) -> Agency | None:
        asked = (topic, authority.value, on if self._changes else None)
        if asked not in self._answers:
            try:
                self._answers[asked] = self._profile.agency_for(topic, authority.value, on)
            except NotFound:
                self._answers[asked] = None
        return self._answers[asked]

    def _named(self, reading: Reading) -> dict[str, str]:
        """Agencies that the writer names, with the words that do."""
        named: dict[str, str] = {}
        for span in reading.agencies:
            code = self._names.get(fold(span.text))
            if code is not None and not code.startswith(WHOLE_GOVERNMENTS):
                named.setdefault(code, span.text)
        return named

    def _accused(self, reading: Reading, named: Mapping[str, str], usual: str | None) -> tuple[str, ...]:
        """Agencies that must not see the post: the named ones, else the one whose people are accused."""
        if reading.oversight is None:
            return ()
        watchers = {self._profile.urusan.oversight}
        codes = [c for c in named if c not in watchers]
        if "kades" in reading.oversight.accused and "PEMDES" in self._profile.agencies:
            codes.append("PEMDES")
        if not codes and usual is not None and usual not in watchers:
            codes.append(usual)
        return tuple(dict.fromkeys(codes))

    def _to_oversight(
        self, reading: Reading, belief: dict[str, float], evidence: dict[str, tuple[str, ...]], on: date
    ) -> tuple[dict[str, float], str]:
        assert reading.oversight is not None  # noqa: S101  the caller asked
        agency = self._profile.oversight_agency(on)
        p = reading.oversight.p
        moved = {code: value * (1 - p) for code, value in belief.items()}
        moved[agency.code] = moved.get(agency.code, 0.0) + p
        cues = tuple(span.text for span in reading.oversight.evidence)
        evidence[agency.code] = (*cues, *evidence.get(agency.code, ()))
        return moved, f"Karena: berkadar pengawasan (ada pejabat atau petugas yang diadukan) → {agency.name}."

    def _because(self, first: _Responsible, code: str | None) -> str:
        topic, ownership = first.topic, first.ownership
        if code is None:
            return f"Topik {topic.name.lower()}, tetapi tidak ada OPD yang menanganinya di {self._profile.name}."
        name = self._profile.agencies[code].name
        because = f"Karena: topik {topic.name.lower()} → urusan {self._urusan[topic.urusan].lower()} → {name}"
        return f"{because}; {ownership.why}." if ownership.why else f"{because}."

    def _rank(
        self, belief: Mapping[str, float], evidence: Mapping[str, tuple[str, ...]], on: date
    ) -> tuple[OpdCandidate, ...]:
        ranked = sorted(belief.items(), key=lambda kv: (-kv[1], kv[0]))[:MAX_CANDIDATES]
        return tuple(
            OpdCandidate(
                kode=code,
                name=self._profile.agency(code, on).name,
                p=min(1.0, p),
                evidence=tuple(dict.fromkeys(evidence.get(code, ()))),
            )
            for code, p in ranked
            if p >= LEAST
        )

    def _holder(self, located: Located) -> str | None:
        """Level of the regency or city that holds the place, for a province; None elsewhere or unknown."""
        if self._profile.level != "provinsi" or not located.places:
            return None
        area = self._profile.areas.get(located.places[0].kode[:5])
        return area.level if area is not None else None


def fold(name: str) -> str:
    """An agency's name as it is compared: letters and digits only, lower case."""
    return "".join(c for c in name.casefold() if c.isalnum())


def agency_names(profile: RegionProfile) -> dict[str, str]:
    """Code of each agency by every name of it, folded; its own region's name at the end may be left out."""
    names: dict[str, str] = {}
    for agency in profile.agencies.values():
        for name in (agency.code, agency.name, *agency.aliases):
            names.setdefault(fold(name), agency.code)
            own = name.casefold().removesuffix(profile.name.casefold()).strip()
            names.setdefault(fold(own), agency.code)
    return names
