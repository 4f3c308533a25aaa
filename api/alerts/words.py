"""Alerts and watches in words."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Why an alert is told, in one or two sentences."""
    alert, why = told.alert, told.why
    zone = parts.zone_of(alert.kept.watch.region)
    match alert.kind:
        case WatchKind.SPIKE:
            hour = alert.hour or alert.at
            first = says.say(
                "%(n)s cerita terbit antara pukul %(first)s dan %(last)s; pada jam itu biasanya %(usual)s.",
                n=says.number(len(alert.stories)),
                first=says.clock(hour, zone),
                last=says.clock(hour + timedelta(hours=1), zone),
                usual=says.number(round(alert.usual or 0, 1)),
            )
        case WatchKind.DIGEST:
            first = says.say("%(n)s cerita baru sejak ringkasan sebelumnya.", n=says.number(len(alert.stories)))
        case _:
            first = says.say("Cocok dengan pantauan: %(n)s kiriman tentang satu cerita.", n=says.number(why.posts))
    return " ".join(sentence for sentence in (first, _common(parts, why, says)) if sentence)


def _common(parts: Parts, why: Why, says: Speech) -> str:
    """What the posts have in common: "Kata: a, b. Sumber: c. Tempat: d"."""
    facts = (
        (says.say("Kata"), [f"“{term}”" for term in why.terms]),
        (says.say("Sumber"), [parts.names.source(key) for key in why.sources]),
        (says.say("Tempat"), [parts.names.area(kode) for kode in why.places]),
    )
    return "; ".join(f"{title}: {', '.join(values)}" for title, values in facts if values)


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
