"""The chosen story in words: what was said, how often, who should answer and why, what else is open nearby."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.asked import Asked
from api.choices import MAX_SUGGESTIONS
from api.contexts.post import Option, PlaceView
from api.contexts.triage import AgencyChoice, NearTicket, StoryView
from api.parts import Parts
from api.posting import related_view
from api.speech import Speech
from api.telling import panel_view, place_name
from api.tickets.words import STATES
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.errors import NotFound
from domain.labels import LabelTask
from domain.regions import RegionProfile
from domain.tickets import Ticket
from store.cases import CaseDetail
from store.triage import StoryItem

CHOICES: Final = 3  # agencies that have a key of their own
MAX_OTHERS: Final = 6  # posts of the story listed beside its head
FOLLOWERS: Final = 8  # stories behind the chosen one that its forms name: some may be taken meanwhile


def story_view(  # noqa: PLR0913  a story, who reads it, and what comes next
    parts: Parts, item: StoryItem, visitor: Visitor, says: Speech, *, held_by: str | None, following: tuple[str, ...]
) -> StoryView:
    """The story as the page shows it beside the queue. NotFound when its head is gone by now."""
    found = parts.store.cases.detail(item.head.id, visitor.scope)
    document = found.document
    profile = parts.profile(document.region)
    panel = panel_view(parts, found, visitor, Asked(), says)
    others = found.story_cases
    return StoryView(
        story=item.story,
        panel=replace(panel, places=_said_place(parts, found, says) or panel.places),
        posts=told_by(found, says),
        waited=says.ago(item.first_at, parts.clock(), parts.zone_of(document.region)),
        others=tuple(related_view(parts, other, says) for other in reversed(others[-MAX_OTHERS:])),
        more=max(0, len(others) - MAX_OTHERS),
        choices=_choices(parts, document, profile, says),
        agencies=() if document.oversight else _agencies(parts, profile),
        proposed=item.proposed.code if item.proposed else None,
        near=tuple(_near(parts, ticket, says) for ticket in item.same),
        topics=topic_options(parts, says),
        topic=document.topic,
        place=_typed_place(profile, found),
        areas=area_names(profile),
        held_by=held_by if held_by and item.claimed_by != visitor.user.name else None,
        mine=item.claimed_by == visitor.user.name,
        next=following[:FOLLOWERS],
    )


def area_names(profile: RegionProfile | None) -> tuple[str, ...]:
    """The names to type a place with; none for a region of thousands of areas: there a code is typed."""
    if profile is None or len(profile.areas) > MAX_SUGGESTIONS:
        return ()
    return tuple(f"{area.name} ({area.level})" for area in profile.areas.values())


def topic_options(parts: Parts, says: Speech) -> tuple[Option, ...]:
    """All topics, under their main topics."""
    return tuple(
        Option(t.code, parts.names.topic(t.code, says), parts.names.topic(t.main, says)) for t in parts.taxonomy.topics
    )


def told_by(found: CaseDetail, says: Speech) -> str:
    """How many posts tell the story, by how many people, from how many sources."""
    everyone = (found.document, *found.story_cases)
    if len(everyone) == 1:
        return says.say("1 kiriman")
    return says.say(
        "%(posts)s kiriman, %(people)s orang, %(sources)s sumber",
        posts=says.number(len(everyone)),
        people=says.number(len({d.author for d in everyone if d.author})),
        sources=says.number(len({d.source for d in everyone})),
    )


def _choices(
    parts: Parts, document: PostDocument, profile: RegionProfile | None, says: Speech
) -> tuple[AgencyChoice, ...]:
    """The best agencies; a report that accuses somebody in office has one way only."""
    candidates = document.opds[:CHOICES]
    if document.oversight and profile is not None:
        watching = profile.oversight_agency(parts.clock().astimezone(profile.tz).date()).code
        candidates = tuple(c for c in document.opds if c.kode == watching)
        if not candidates:
            return (AgencyChoice("1", watching, profile.agencies[watching].name, "", 0, ""),)
    said = LabelTask.OPD in document.corrected
    ranked = [
        (
            c.kode,
            says.say("oleh manusia") if said and n == 0 else says.share(c.p),
            round(c.p * 100),
            ", ".join(c.evidence),
        )
        for n, c in enumerate(candidates)
    ]
    heir = _by_topic(parts, document, profile)
    if heir is not None and heir not in {code for code, *_ in ranked}:
        ranked = [(heir, says.say("menurut topik"), 0, ""), *ranked][:CHOICES]
    return tuple(
        AgencyChoice(str(n), code, parts.names.agency(document.region, code), share, width, evidence)
        for n, (code, share, width, evidence) in enumerate(ranked, 1)
    )


def _by_topic(parts: Parts, document: PostDocument, profile: RegionProfile | None) -> str | None:
    """Who answers for a topic that a person has put right: the machine's own ranking follows only a moment later."""
    if profile is None or document.oversight or LabelTask.TOPIC not in document.corrected:
        return None
    today = parts.clock().astimezone(profile.tz).date()
    try:
        return profile.agency_for(document.topic, document.authority, today).code
    except NotFound:
        return None


def _agencies(parts: Parts, profile: RegionProfile | None) -> tuple[Option, ...]:
    """Everyone in office today, by name."""
    if profile is None:
        return ()
    today = parts.clock().astimezone(profile.tz).date()
    answering = (a for a in profile.agencies.values() if a.in_office(today))
    return tuple(Option(a.code, a.name) for a in sorted(answering, key=lambda a: a.name))


def _near(parts: Parts, ticket: Ticket, says: Speech) -> NearTicket:
    opd = ticket.opd or ticket.proposed
    return NearTicket(
        code=ticket.code,
        title=ticket.title,
        agency=parts.names.short_agency(opd) if opd else says.say("belum ada OPD"),
        state=says.say(STATES[ticket.state]),
        cases=says.say("%(n)s kiriman", n=says.number(ticket.cases)),
        ago=says.ago(ticket.opened_at, parts.clock(), parts.zone_of(ticket.region)),
    )


def _said_place(parts: Parts, found: CaseDetail, says: Speech) -> tuple[PlaceView, ...]:
    """Where a person says that it is, at once, though the desk has yet to decide again."""
    kode, region = found.status.said(LabelTask.PLACE), found.document.region
    profile = parts.profile(region)
    area = profile.areas.get(kode) if profile is not None and kode else None
    if area is None:
        return ()
    return (PlaceView(place_name(area.kode, area.name, area.level, parts, region), says.say("oleh manusia")),)


def _typed_place(profile: RegionProfile | None, found: CaseDetail) -> str:
    """The place as the form's field has it, so that leaving it as it is changes nothing."""
    places = found.document.places
    kode = found.status.said(LabelTask.PLACE) or (places[0].kode if places else "")
    area = profile.areas.get(kode) if profile is not None else None
    return f"{area.name} ({area.level})" if area else kode
