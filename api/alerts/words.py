"""Alerts and watches in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from api.alerts.links import watch_asked
from api.facets import chips_of
from api.parts import Parts
from api.speech import N_, Speech
from desk.alerts_telling import ToldAlert
from domain.watches import Watch, WatchKind
from domain.watches.why import Why

KINDS: Final[Mapping[WatchKind, str]] = {
    WatchKind.EACH: N_("tiap cerita baru"),
    WatchKind.DIGEST: N_("ringkasan harian"),
    WatchKind.SPIKE: N_("hanya lonjakan"),
    WatchKind.SAVED: N_("simpan saja, tanpa peringatan"),
}
TITLES: Final[Mapping[WatchKind, str]] = {
    WatchKind.EACH: N_("Cerita baru"),
    WatchKind.DIGEST: N_("Ringkasan"),
    WatchKind.SPIKE: N_("Lonjakan"),
}


def why_words(parts: Parts, told: ToldAlert, says: Speech) -> str:
    """Why an alert is told, in one sentence."""
    alert = told.alert
    zone = parts.zone_of(alert.kept.watch.region)
    match alert.kind:
        case WatchKind.SPIKE:
            hour = alert.hour or alert.at
            first = says.say(
                "%(n)s cerita terbit antara pukul %(first)s dan %(last)s, biasanya %(usual)s pada jam itu",
                n=says.number(alert.count),
                first=says.clock(hour, zone),
                last=says.clock(hour + timedelta(hours=1), zone),
                usual=says.number(round(alert.usual or 0, 1)),
            )
        case WatchKind.DIGEST:
            first = says.say("%(n)s cerita baru sejak ringkasan sebelumnya", n=says.number(alert.count))
        case _ if told.why.posts > 1:
            first = says.say("%(n)s kiriman tentang satu cerita", n=says.number(told.why.posts))
        case _:
            first = says.say("Satu kiriman")
    return "; ".join((first, *_common(parts, told.why, says))) + "."


def _common(parts: Parts, why: Why, says: Speech) -> Iterator[str]:
    """What the posts have in common: words, sources, places."""
    if why.terms:
        yield says.say("memuat %(words)s", words=", ".join(f"“{term}”" for term in why.terms))
    if why.sources:
        yield says.say("dari %(name)s", name=", ".join(parts.names.source(key) for key in why.sources))
    if why.places:
        yield says.say("di %(places)s", places=", ".join(parts.names.area(kode) for kode in why.places))


def watch_words(parts: Parts, watch: Watch, says: Speech) -> str:
    """What a watch searches for: its expression and its filters."""
    chips = [chip.label for chip in chips_of(watch_asked(watch, region=False), parts.names, says)]
    return " · ".join(part for part in (watch.q, *chips) if part) or says.say("semua kiriman")


def kind_words(watch: Watch, says: Speech) -> str:
    """How a watch speaks."""
    if watch.kind is WatchKind.DIGEST:
        return says.say("ringkasan pukul %(hour)s", hour=hour_words(watch.hour, says))
    return says.say(KINDS[watch.kind])


def hour_words(hour: int, says: Speech) -> str:
    """A full hour as a clock shows it."""
    return f"{hour:02d}.00" if says.lang == "id" else f"{hour:02d}:00"
