"""From cases to the ticket that is to be opened of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from desk.working import WorkClock
from domain.documents import PostDocument
from domain.errors import Conflict, NotFound, Refused
from domain.labels import Urgency
from domain.regions import RegionProfile
from domain.text.mask import mask
from domain.tickets import Clock, ClockKind, TicketState
from store.ticketopening import TicketDraft

T = TypeVar("T")

MAX_TITLE: Final = 200
_HEADLINE: Final = 110  # characters of a post without a title: one line of a list
_URGENCY: Final = (Urgency.ORDINARY, Urgency.PRESSING, Urgency.EMERGENCY)  # least first


def draft_of(  # noqa: PLR0913  the cases, their region's rules, and what a person said
    documents: Sequence[PostDocument],
    profile: RegionProfile,
    work: WorkClock,
    *,
    now: datetime,
    state: TicketState,
    title: str | None = None,
) -> TicketDraft:
    """A ticket of cases: the oldest gives the words, most of them the topic, the most pressing the urgency.

    Raises: Refused without cases or of several regions, Conflict where some are with oversight and others not: who
        may not know of the one would learn of it by the others.
    """
    told = sorted(documents, key=lambda document: (document.published_at, document.id))
    if not told:
        raise Refused("Tiket memerlukan sedikitnya satu kasus.")
    if {document.region for document in told} != {profile.slug}:
        raise Refused("Satu tiket hanya untuk kasus dari satu wilayah.")
    if len({document.oversight for document in told}) > 1:
        raise Conflict("Yang berkadar pengawasan dan yang bukan tidak dapat menjadi satu tiket: buka dua tiket.")
    first = told[0]
    accused = tuple(dict.fromkeys(code for document in told for code in document.accused_opd))
    placed = max(told, key=lambda document: len(_area(document)))
    pointed = next((document for document in told if document.lat is not None and document.lon is not None), first)
    return TicketDraft(
        region=profile.slug,
        prefix=profile.ticket_prefix,
        day=now.astimezone(profile.tz).date(),
        title=heading(title) if title else _headline(first),
        topic=_most(document.topic for document in told),
        intent=_most(document.intent for document in told),
        urgency=max((document.urgency for document in told), key=_URGENCY.index),
        sentiment=_most(document.sentiment for document in told),
        published_at=first.published_at,
        state=state,
        proposed=_office(told, accused, profile, now),
        oversight=first.oversight,
        accused_opd=accused,
        area=_area(placed) or None,
        place=place_name(profile, _area(placed)) or (placed.places[0].name if placed.places else None),
        lat=pointed.lat,
        lon=pointed.lon,
        clock=verify_clock(work, profile, now),
    )


def verify_clock(work: WorkClock, profile: RegionProfile, start: datetime) -> Clock:
    """The clock of a ticket that is with the center since then."""
    due = work.due(ClockKind.VERIFY, start, profile.sla.verify)
    return Clock(kind=ClockKind.VERIFY, at=due.at, why=due.why)


def heading(title: str) -> str:
    """A title as a person wrote it, masked. Refused when it is empty or too long for a line."""
    words = mask(" ".join(title.split())).text
    if not words or len(words) > MAX_TITLE:
        raise Refused(f"Judul tiket harus berisi 1 sampai {MAX_TITLE} huruf.")
    return words


def place_name(profile: RegionProfile, area: str) -> str | None:
    """Where an area is, in words: "Sesela, Gunungsari"."""
    inside = [one.name for one in profile.lineage(area) if one.level in {"desa", "kecamatan"}]
    if inside:
        return ", ".join(inside)
    known = profile.areas.get(area)
    return known.name if known else None


def _office(told: Sequence[PostDocument], accused: Sequence[str], profile: RegionProfile, now: datetime) -> str | None:
    """Whom the cases would go to; an accusation goes to those who oversee."""
    if told[0].oversight:
        try:
            return profile.oversight_agency(now.astimezone(profile.tz).date()).code
        except NotFound:
            return None
    named = [document.opd for document in told if document.opd is not None and document.opd not in accused]
    return _most(named) if named else None


def _headline(document: PostDocument) -> str:
    words = " ".join((document.title or document.text).split())
    if len(words) <= _HEADLINE:
        return words or "Tanpa judul"
    return words[: _HEADLINE + 1].rpartition(" ")[0][:_HEADLINE].rstrip(" ,.;:") + "…"


def _area(document: PostDocument) -> str:
    return document.places[0].kode if document.places else ""


def _most(values: Iterable[T]) -> T:
    """The value that comes most often; of equals the first."""
    return Counter(values).most_common(1)[0][0]
