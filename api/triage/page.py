"""Builds the triage desk: asks truth, and gives the page one of its faces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any, Final

from api.contexts.post import Option
from api.contexts.search import AgencyShare
from api.contexts.triage import HandoverView, StoryRow, StoryView, Tab, Told, TriageView
from api.parts import Parts
from api.pieces import said
from api.speech import N_, Speech
from api.telling import TONES, is_unsure, language_tag, local, place_of
from api.triage.asked import MAX_TICKED, USUAL, VIEWS, DeskAsked
from api.triage.filters import filters_of
from api.triage.story import story_view
from api.visitors import Visitor
from domain.errors import NotFound, Refused, Unavailable
from domain.labels import Urgency
from store.triage import StoryItem, TriagePage

ROW_LENGTH: Final = 150  # code points of a story in the queue: two lines
REASONS: Final = (
    N_("Bukan urusan pemerintah daerah"),
    N_("Promosi atau spam"),
    N_("Kabar atau pendapat saja"),
    N_("Sudah selesai"),
    N_("Tidak jelas maksudnya"),
)  # why a story is no complaint: one key each
Who = Callable[[str], str]


def triage_view(  # noqa: PLR0913  how the queue is looked at, by whom, and what just happened
    parts: Parts,
    visitor: Visitor,
    asked: DeskAsked,
    says: Speech,
    *,
    told: Told | None = None,
    then: Sequence[str] = (),
) -> TriageView:
    """The page for a person at the desk. Where none is asked for, `then` are the stories to choose from, in order."""
    scope = visitor.scope
    if not scope.regions or scope.opds == frozenset() or scope.areas == frozenset():
        return TriageView(face="forbidden", status=403)
    try:
        return replace(_queue(parts, visitor, asked, says, then), told=told)
    except Unavailable:
        return TriageView(face="failing", status=503, told=told)


def _queue(parts: Parts, visitor: Visitor, asked: DeskAsked, says: Speech, then: Sequence[str]) -> TriageView:
    scope, me, now = visitor.scope, visitor.user.name, parts.clock()
    who = names_of_people(parts)
    asked, page = _page(parts, visitor, asked)
    counts = parts.store.triage.counts(scope, me, now)
    item = _picked(parts, page.items, visitor, asked.pick, then)
    picked = item.story if item else None
    regions = tuple(slug for slug in parts.profiles if slug in scope.regions)
    here = asked.picking(picked)
    view = TriageView(
        face="queue",
        status=200,
        tabs=_tabs(counts, asked, says, oversees=scope.may_oversee),
        filters=filters_of(parts, asked, regions, says),
        view=asked.view,
        here=here.query_string(),
        href=here.href(),
        clear_href=asked.wider().href() if asked.is_narrowed else None,
        handovers=_handovers(parts, visitor, who, says),
        regions=tuple(Option(slug, parts.names.of("region", slug, says)) for slug in regions),
        reasons=REASONS,
        total=page.total,
        most=MAX_TICKED,
        ticked=asked.ticked,
        chosen=_chosen(parts, page.items, item, visitor, who, then, says) if item else None,
        **_freshness(parts, visitor, says),
    )
    if not page.items:
        return replace(view, face="narrow" if asked.is_narrowed or counts.get(USUAL) else "empty")
    return replace(
        view,
        rows=tuple(_row(parts, one, asked, me, who, says, picked=one.story == picked) for one in page.items),
        place=next((n for n, one in enumerate(page.items, 1) if one.story == picked), 0),
        next_href=asked.changed(after=page.next).href() if page.next else None,
        start_href=asked.changed().href() if asked.after else None,
    )


def _page(parts: Parts, visitor: Visitor, asked: DeskAsked) -> tuple[DeskAsked, TriagePage]:
    """The page asked for; the first one where what stood behind that point is done, or the address is an old one."""
    me, now = visitor.user.name, parts.clock()
    if asked.after:
        with suppress(Refused):
            page = parts.store.triage.queue(asked.query(), visitor.scope, me=me, now=now)
            if page.items:
                return asked, page
        asked = asked.changed(pick=asked.pick)
    return asked, parts.store.triage.queue(asked.query(), visitor.scope, me=me, now=now)


def names_of_people(parts: Parts) -> Who:
    """How people are called, each asked for once."""

    @cache
    def who(name: str) -> str:
        try:
            return parts.store.accounts.user(name).display
        except NotFound:
            return name

    return who


def following_of(items: Sequence[StoryItem], story: str, me: str, then: Sequence[str]) -> tuple[str, ...]:
    """The stories to go on with: those behind the chosen one, then those before it, none that others work on.

    One that is not among them (it was corrected, and left this look) is followed by what was to follow it: `then`.
    """
    free = [item.story for item in items if item.story != story and item.claimed_by in {None, me}]
    at = next((n for n, item in enumerate(items) if item.story == story), None)
    if at is None:
        return tuple(dict.fromkeys((*(one for one in then if one in free), *free)))
    before = {item.story for item in items[:at]}
    return tuple(sorted(free, key=lambda one: one in before))


def _picked(
    parts: Parts, items: Sequence[StoryItem], visitor: Visitor, asked: str | None, then: Sequence[str]
) -> StoryItem | None:
    """The story asked for, on this page or not; else the first of `then`, or of all, that nobody else works on."""
    me, by_story = visitor.user.name, {item.story: item for item in items}
    if asked in by_story:
        return by_story[asked]
    if asked:
        with suppress(NotFound):
            return parts.store.triage.story(asked, visitor.scope, me=me, now=parts.clock())
    wanted = (*(by_story[story] for story in then if story in by_story), *items)
    return next((item for item in wanted if item.claimed_by in {None, me}), items[0] if items else None)


def _chosen(  # noqa: PLR0913  the queue, what is picked of it, and who reads
    parts: Parts,
    items: Sequence[StoryItem],
    item: StoryItem,
    visitor: Visitor,
    who: Who,
    then: Sequence[str],
    says: Speech,
) -> StoryView | None:
    following = following_of(items, item.story, visitor.user.name, then)
    held_by = who(item.claimed_by) if item.claimed_by else None
    try:
        return story_view(parts, item, visitor, says, held_by=held_by, following=following)
    except NotFound:  # gone since the queue was read
        return None


def _row(  # noqa: PLR0913  a story, how the queue is looked at, and by whom
    parts: Parts, item: StoryItem, asked: DeskAsked, me: str, who: Who, says: Speech, *, picked: bool
) -> StoryRow:
    head, names = item.head, parts.names
    zone = parts.zone_of(head.region)
    best = head.opds[0] if head.opds else None
    words = " ".join((head.title or head.text).split())
    return StoryRow(
        story=item.story,
        href=asked.picking(item.story).href(),
        tone=TONES[head.sentiment],
        words=said(head, words, says, limit=ROW_LENGTH),
        lang=language_tag(head),
        ago=says.ago(item.last_at, parts.clock(), zone),
        when=says.moment(item.last_at, zone),
        iso=item.last_at.isoformat(),
        posts=says.say("%(n)s kiriman", n=says.number(item.cases)) if item.cases > 1 else "",
        agency=AgencyShare(
            names.short_agency(best.kode), names.agency(head.region, best.kode), says.share(best.p), round(best.p * 100)
        )
        if best
        else None,
        unsure=is_unsure(head),
        place=place_of(head, names),
        urgent=None if head.urgency is Urgency.ORDINARY else names.of("urgency", head.urgency, says),
        oversight=head.oversight,
        is_new=item.is_new,
        same=bool(item.same),
        held_by=who(item.claimed_by) if item.claimed_by and item.claimed_by != me else None,
        mine=item.claimed_by == me,
        picked=picked,
        ticked=item.story in asked.ticked,
    )


def _tabs(counts: Mapping[str, int], asked: DeskAsked, says: Speech, *, oversees: bool) -> tuple[Tab, ...]:
    return tuple(
        Tab(says.say(label), asked.changed(view=view).href(), counts.get(view, 0), view == asked.view, view)
        for view, label in VIEWS.items()
        if view != "pengawasan" or oversees
    )


def _handovers(parts: Parts, visitor: Visitor, who: Who, says: Speech) -> tuple[HandoverView, ...]:
    several = len(visitor.scope.regions) > 1
    return tuple(
        HandoverView(
            id=note.id,
            text=note.text,
            by=who(note.by),
            when=local(parts, note.region, note.at, says),
            region=parts.names.of("region", note.region, says) if several else "",
        )
        for note in parts.store.triage.handovers(None, visitor.scope)
    )


def _freshness(parts: Parts, visitor: Visitor, says: Speech) -> dict[str, Any]:
    """How new the newest post is; nothing where the index does not answer: the desk works without it."""
    try:
        newest, now = parts.index.status().newest, parts.clock()
    except Unavailable:
        return {}
    if newest is None:
        return {}
    told = says.ago(newest, now, parts.zone(visitor.scope))
    return {"stale": told} if now - newest > parts.settings.stale_after else {"updated": told}
