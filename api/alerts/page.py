"""Builds the page of alerts, with one of its faces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api.alerts.links import PATH, all_of, watch_asked
from api.alerts.words import TITLES, kind_words, watch_words, why_words
from api.contexts.alerts import AlertsView, AlertView, SampleView, WatchView
from api.contexts.post import Option
from api.contexts.tickets import Tab
from api.parts import Parts
from api.pieces import said
from api.speech import N_, Speech
from api.telling import language_tag, post_href
from api.visitors import Visitor
from desk.alerts import AlertDesk, Reader
from desk.alerts_telling import Alert, AlertState, ToldAlert
from domain.documents import PostDocument
from domain.errors import QueryRefused, Refused, Unavailable
from domain.query import highlight, parse_query
from domain.watches import Watch, WatchKind
from store.watches import KeptWatch

PAGE_SIZE: Final = 15
SAMPLES: Final = 3
GLIMPSE: Final = 170  # code points of a sample
STATES: Final[Mapping[str, tuple[AlertState, str]]] = {  # as an address names them
    "": (AlertState.NEW, N_("baru")),
    "ditunda": (AlertState.SNOOZED, N_("ditunda")),
    "dibaca": (AlertState.SEEN, N_("sudah dibaca")),
}
SNOOZES: Final = {"1": N_("1 jam"), "4": N_("4 jam"), "besok": N_("sampai besok pagi"), "pekan": N_("sepekan")}
MORNING: Final = time(7)
TONES: Final = {"negatif": "neg", "netral": "neu", "positif": "pos"}


@dataclass(frozen=True, slots=True)
class AlertsAsked:
    """Which alerts: `view` is a key of STATES, `page` counts from 1."""

    view: str = ""
    page: int = 1

    def href(self) -> str:
        """The address of this page."""
        pairs = [("lihat", self.view)] * bool(self.view) + [("hal", str(self.page))] * (self.page > 1)
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def read_alerts_asked(params: QueryParams) -> AlertsAsked:
    """Read an address. What cannot be used is left out."""
    page = params.get("hal", "")[:3]
    view = params.get("lihat", "")
    return AlertsAsked(view if view in STATES else "", max(1, int(page)) if page.isdecimal() else 1)


def alert_desk(parts: Parts) -> AlertDesk:
    """The desk of saved searches on these parts."""
    return AlertDesk(parts.store, parts.profiles, parts.clock)


def reader_of(visitor: Visitor) -> Reader:
    """The visitor as the desk of alerts knows him."""
    return Reader(visitor.user, visitor.scope)


def alerts_view(  # noqa: PLR0913  which alerts, who reads them, and what just happened
    parts: Parts, visitor: Visitor, asked: AlertsAsked, says: Speech, *, notice: str = "", bad: bool = False
) -> AlertsView:
    """The page for a reader."""
    reader, desk = reader_of(visitor), alert_desk(parts)
    if reader.sees_nothing:
        return AlertsView("forbidden", 403)
    try:
        kept, alerts = desk.watches(reader), desk.alerts(reader)
        state = STATES[asked.view][0]
        chosen = [one for one in alerts if one.state is state]
        start = (asked.page - 1) * PAGE_SIZE
        told = desk.tell(reader, chosen[start : start + PAGE_SIZE])
    except Unavailable:
        return AlertsView("failing", 503)
    several = len(visitor.scope.regions) > 1
    return AlertsView(
        face="results" if told else "empty",
        status=200,
        state=state.value,
        tabs=_tabs(alerts, asked, says),
        alerts=tuple(_alert(parts, one, visitor, says, several=several) for one in told),
        watches=tuple(_watch(parts, one, visitor, says) for one in kept),
        snoozes=tuple(Option(value, says.say(word)) for value, word in SNOOZES.items()),
        notice=notice,
        bad=bad,
        next_href=replace(asked, page=asked.page + 1).href() if len(chosen) > start + PAGE_SIZE else None,
        start_href=replace(asked, page=1).href() if asked.page > 1 else None,
        **_freshness(parts, visitor, says),
    )


def answered(parts: Parts, visitor: Visitor, ids: tuple[str, ...], deed: str) -> None:
    """Do to alerts what a form says: `dibaca`, `baru`, or `tunda-` with a name of SNOOZES. Refused for another deed."""
    desk, reader = alert_desk(parts), reader_of(visitor)
    kind, _, how = deed.partition("-")
    if kind == "dibaca":
        desk.answer(reader, ids, AlertState.SEEN)
    elif kind == "baru":
        desk.answer(reader, ids, AlertState.NEW)
    elif kind == "tunda" and how in SNOOZES:
        desk.answer(reader, ids, AlertState.SNOOZED, until=snoozed_until(parts, visitor, how))
    else:
        raise Refused(N_("Pilih apa yang dilakukan dengan peringatan itu."))


def snoozed_until(parts: Parts, visitor: Visitor, how: str) -> datetime | None:
    """When a snooze of a name in SNOOZES ends; None for another name."""
    now = parts.clock()
    zone = parts.zone(visitor.scope)
    match how:
        case "1" | "4":
            return now + timedelta(hours=int(how))
        case "besok" | "pekan":
            day = now.astimezone(zone).date() + timedelta(days=1 if how == "besok" else 7)
            return datetime.combine(day, MORNING, zone)
    return None


def _tabs(alerts: list[Alert], asked: AlertsAsked, says: Speech) -> tuple[Tab, ...]:
    counts = Counter(one.state for one in alerts)
    return tuple(
        Tab(
            says.say(word), AlertsAsked(view).href(), counts[state], chosen=view == asked.view,
            live="baru" if state is AlertState.NEW else "",
        )
        for view, (state, word) in STATES.items()
    )  # fmt: skip


def _alert(parts: Parts, told: ToldAlert, visitor: Visitor, says: Speech, *, several: bool) -> AlertView:
    alert = told.alert
    kept, watch = alert.kept, alert.kept.watch
    zone, everything = parts.zone_of(watch.region), all_of(parts, alert).href()
    shown = told.samples[:SAMPLES]
    left = (alert.count if alert.kind is not WatchKind.EACH else told.why.posts) - len(shown)
    return AlertView(
        id=alert.id,
        kind=says.say(TITLES[alert.kind]),
        urgent=alert.kind is WatchKind.SPIKE,
        name=watch.name,
        href=watch_asked(watch).href(),
        by=_shared_by(kept, visitor, says),
        region=parts.names.of("region", watch.region, says) if several else "",
        ago=says.ago(alert.at, parts.clock(), zone),
        when=says.moment(alert.at, zone),
        iso=alert.at.astimezone(zone).isoformat(timespec="minutes"),
        why=why_words(parts, told, says),
        samples=tuple(_sample(parts, watch, one, says) for one in shown),
        more=says.say("%(n)s lagi", n=says.number(left)) if left > 0 else "",
        more_href=everything,
        until=says.moment(alert.until, zone) if alert.until and alert.state is AlertState.SNOOZED else "",
    )


def _sample(parts: Parts, watch: Watch, document: PostDocument, says: Speech) -> SampleView:
    try:
        found = highlight(parse_query(watch.q), document.words)
    except QueryRefused:
        found = ()
    return SampleView(
        href=post_href(document.id),
        label=parts.names.source(document.source),
        when=says.ago(document.published_at, parts.clock(), parts.zone_of(document.region)),
        iso=document.published_at.isoformat(timespec="minutes"),
        text=said(document, document.words, says, found=found, limit=GLIMPSE),
        lang=language_tag(document),
        tone=TONES[document.sentiment],
    )


def _watch(parts: Parts, kept: KeptWatch, visitor: Visitor, says: Speech) -> WatchView:
    watch = kept.watch
    mine = kept.owner.name == visitor.user.name
    return WatchView(
        name=watch.name,
        href=watch_asked(watch).href(),
        about=kind_words(watch, says),
        words=watch_words(parts, watch, says),
        state=says.say("dijeda") if watch.paused else "",
        shared=_shared_by(kept, visitor, says) or (says.say("dibagikan") if watch.shared else ""),
        edit_href=f"{PATH}/pantauan/{watch.id}" if mine else "",
    )


def _shared_by(kept: KeptWatch, visitor: Visitor, says: Speech) -> str:
    if kept.owner.name == visitor.user.name:
        return ""
    return says.say("dari %(name)s", name=kept.owner.display)


def _freshness(parts: Parts, visitor: Visitor, says: Speech) -> dict[str, Any]:
    try:
        newest = parts.index.status().newest
    except Unavailable:
        return {"waiting": True}
    if newest is None:
        return {}
    now = parts.clock()
    told = says.ago(newest, now, parts.zone(visitor.scope))
    return {"stale": told} if now - newest > parts.settings.stale_after else {"updated": told}
