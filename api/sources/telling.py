"""From truth to the pages of sources: who may see and change which, and what they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from api.contexts.sources import (
    Count,
    CrawlRow,
    Pick,
    SourceRow,
    SourcesView,
    SourceView,
    StateView,
)
from api.parts import Parts
from api.sources.errands import errand_view, errand_words, open_proofs, proof_link
from api.sources.finds import finds_view
from api.sources.terms import PROFILE, key_warnings, terms_of
from api.sources.volume import PAST, day_rows, draw
from api.sources.words import ORDER, kind_word, state_view
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.errors import Forbidden, NotFound
from domain.ports import SourceMemory, SourceSpec
from store.errands import Errand
from store.pacing import overdue
from store.sourcedays import SourceDay

KEEPERS: Final = frozenset({"admin", "analis"})
PERIODS: Final = (14, 30)
ERRAND_DAYS: Final = timedelta(days=14)
CRAWL_DAYS: Final = timedelta(days=7)
CRAWLS: Final = 20
OFFERED: Final = timedelta(days=7)  # a gap's usual length
NOT_ALL_YOURS: Final = N_("Sumber ini juga didengarkan wilayah lain: hanya yang memegang semuanya boleh mengubahnya.")


@dataclass(frozen=True, slots=True)
class Known:
    """A source with all that its line needs."""

    spec: SourceSpec
    memory: SourceMemory
    paused: bool

    @property
    def off(self) -> bool:
        """Switched off in its profile, not by a person."""
        return not self.spec.enabled and not self.paused

    @property
    def rank(self) -> tuple[int, str]:
        """Those that somebody should look at come first, those that rest last."""
        resting = self.paused or self.off
        return (len(ORDER) if resting else ORDER[self.memory.state], self.spec.name.lower())


def must_keep(visitor: Visitor) -> None:
    """Raise Forbidden for those who do not keep the sources."""
    if visitor.user.role not in KEEPERS:
        raise Forbidden(N_("Halaman ini untuk admin dan analis yang menjaga sumber."))


def visible(parts: Parts, visitor: Visitor) -> list[Known]:
    """The sources that listen for the visitor's regions."""
    paused = parts.store.sources.paused()
    return [
        Known(spec, memory, spec.key in paused)
        for spec, memory in parts.store.sources.all()
        if visitor.scope.regions.intersection(spec.regions)
    ]


def found(parts: Parts, visitor: Visitor, key: str) -> Known:
    """One of them. NotFound alike for one that is not there and one that listens elsewhere."""
    for known in visible(parts, visitor):
        if known.spec.key == key:
            return known
    raise NotFound(N_("Sumber itu tidak ada."))


def changeable(parts: Parts, visitor: Visitor, key: str) -> Known:
    """One that the visitor may change. Forbidden when it listens for others too."""
    known = found(parts, visitor, key)
    if not may_change(visitor, known.spec):
        raise Forbidden(NOT_ALL_YOURS)
    return known


def may_change(visitor: Visitor, spec: SourceSpec) -> bool:
    """Whether all that the source listens for is the visitor's. Regions that are no longer served do not count."""
    return (visitor.user.role == "admin" and not visitor.user.regions) or visitor.scope.regions.issuperset(spec.regions)


def may_ask_inside(visitor: Visitor) -> bool:
    """Whoever runs the installation may listen inside its own network, as from the command line; others may not."""
    return visitor.user.role == "admin"


def may_open_answers(visitor: Visitor) -> bool:
    """Raw answers hold what masks hide elsewhere."""
    return visitor.user.role == "admin" and visitor.scope.may_reveal


def sources_view(  # noqa: PLR0913  what the page shows
    parts: Parts, visitor: Visitor, says: Speech, *, days: int, notice: str = "", fault: str = "", typed: str = ""
) -> SourcesView:
    """The list."""
    now = parts.clock()
    listed = sorted(visible(parts, visitor), key=lambda known: known.rank)
    errands = parts.store.errands.recent([known.spec.key for known in listed], now - ERRAND_DAYS)
    volumes = _days(parts, now.date())
    words = [known_state(parts, known, says) for known in listed]
    counts = Counter(word.word for word in words)
    return SourcesView(
        counts=tuple(Count(word, counts[word.word]) for word in dict.fromkeys(words)),
        periods=tuple(
            Pick(str(n), says.say("%(n)s hari", n=n), n == days, f"/sumber?hari={n}" if n != PERIODS[-1] else "/sumber")
            for n in PERIODS
        ),
        rows=tuple(_row(parts, visitor, known, errands, volumes, days, says) for known in listed),
        regions=tuple(
            Pick(slug, profile.short) for slug, profile in parts.profiles.items() if slug in visitor.scope.regions
        ),
        proofs=tuple(proof_link(parts, visitor, errand, says) for errand in open_proofs(parts, visitor, now)),
        days=days,
        finds=finds_view(parts, visitor, says),
        warnings=key_warnings(parts, visitor, says),
        may_key=visitor.user.role == "admin",
        notice=notice,
        fault=fault,
        typed=typed,
    )


def source_view(  # noqa: PLR0913  what the page shows
    parts: Parts, visitor: Visitor, known: Known, says: Speech, *, notice: str = "", fault: str = ""
) -> SourceView:
    """A source's own page."""
    now, zone = parts.clock(), parts.zone(visitor.scope, known.spec.regions)
    spec, memory = known.spec, known.memory
    errands = parts.store.errands.recent([spec.key], now - ERRAND_DAYS)
    volumes = _days(parts, now.date(), spec.key)
    crawls = parts.store.sources.history(spec.key, now - CRAWL_DAYS)[-CRAWLS:][::-1]
    today = now.astimezone(zone).date()
    last = (memory.last_ok_at or now - OFFERED).astimezone(zone).date()
    due = memory.next_due_at
    return SourceView(
        row=_row(parts, visitor, known, errands, volumes, PERIODS[-1], says),
        url=spec.url,
        every=_every(spec, memory, says),
        due=says.say("segera") if due is None or due <= now else says.moment(due, zone),
        overdue=overdue(memory, spec, now),
        failed_on="" if memory.answer is None else "open" if may_open_answers(visitor) else "shut",
        withdrawn=parts.store.sources.withdrawn(spec.key),
        terms=terms_of(parts, visitor, spec, says, may_act=may_change(visitor, spec)),
        by=_adder(spec, says),
        total=memory.posts_total,
        posts_href=f"/cari?source={spec.key}&hari=0",
        days=day_rows(volumes.get(spec.key, ()), now.date(), PERIODS[-1], says),
        errands=tuple(errand_view(parts, visitor, errand, says) for errand in errands),
        crawls=tuple(
            CrawlRow(says.moment(c.at, zone), c.at.isoformat(), state_view(c.state, says), c.seen, c.added, c.revised)
            for c in crawls
        ),
        paused=known.paused,
        off=known.off,
        today=today.isoformat(),
        since=min(last, today - timedelta(days=1)).isoformat(),
        waiting=any(errand.is_open for errand in errands) or (due is not None and due <= now and spec.enabled),
        notice=notice,
        fault=fault,
    )


def _days(parts: Parts, today: date, source: str | None = None) -> Mapping[str, Sequence[SourceDay]]:
    found_days: dict[str, list[SourceDay]] = {}
    for day in parts.store.sources.days(today - PAST, today + timedelta(days=1), source):
        found_days.setdefault(day.source, []).append(day)
    return found_days


def _row(  # noqa: PLR0913  what a line is made of
    parts: Parts,
    visitor: Visitor,
    known: Known,
    errands: Sequence[Errand],
    volumes: Mapping[str, Sequence[SourceDay]],
    days: int,
    says: Speech,
) -> SourceRow:
    now, spec, memory = parts.clock(), known.spec, known.memory
    zone = parts.zone(visitor.scope, spec.regions)
    pending = next((e for e in errands if e.source == spec.key and e.is_open), None)
    shown = [parts.names.of("region", slug, says) for slug in spec.regions if slug in visitor.scope.regions]
    return SourceRow(
        key=spec.key,
        name=spec.name,
        kind=kind_word(spec.kind, says, parts.kinds),
        host=urlsplit(spec.url).netloc.removeprefix("www."),
        regions=", ".join(shown),
        state=known_state(parts, known, says),
        message=memory.message or "",
        answered=says.ago(memory.last_ok_at, now, zone) if memory.last_ok_at else says.say("belum pernah"),
        newest=says.ago(memory.newest_post_at, now, zone) if memory.newest_post_at else says.say("belum ada"),
        volume=draw(volumes.get(spec.key, ()), now.date(), days, says),
        pending=errand_words(pending, says, parts) if pending else "",
        may_act=may_change(visitor, spec),
    )


def known_state(parts: Parts, known: Known, says: Speech) -> StateView:
    """How a source fares in a word."""
    facts = parts.kinds.get(known.spec.kind)
    unagreed = known.off and facts is not None and facts.paid and known.spec.added_by not in PROFILE
    return state_view(known.memory.state, says, paused=known.paused, off=known.off, unagreed=unagreed)


def _every(spec: SourceSpec, memory: SourceMemory, says: Speech) -> str:
    """How often it is asked: as its profile says, and what its own changes make of that."""
    said = says.say("tiap %(n)s menit", n=spec.every_minutes)
    if memory.interval_minutes is None or memory.interval_minutes == spec.every_minutes:
        return said
    now = says.number(memory.interval_minutes)
    return says.say("tiap %(n)s menit menurut seringnya berubah (bawaan %(usual)s)", n=now, usual=spec.every_minutes)


def _adder(spec: SourceSpec, says: Speech) -> str:
    return says.say("profil wilayah") if spec.added_by in {"profile", "overlay"} else spec.added_by
