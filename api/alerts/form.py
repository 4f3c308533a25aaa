"""The form of a saved search: what it shows, and what it brings back."""

from __future__ import annotations

from typing import Final

from api.alerts.links import PATH, filters_of, search_of, search_text, watch_asked
from api.alerts.page import alert_desk, reader_of
from api.alerts.words import KINDS, hour_words
from api.asked import Asked
from api.contexts.alerts import WatchForm
from api.contexts.post import Option
from api.contexts.search import Choice, Fault
from api.facets import chips_of
from api.parts import Parts
from api.speech import ZONE_LABELS, Speech
from api.visitors import Visitor
from desk.alerts import LONGEST_NAME, WatchWish
from domain.errors import Forbidden, JaringError, QueryRefused, Refused
from domain.query import parse_query
from domain.watches import Watch, WatchKind

USUAL_HOUR: Final = 7


def new_form(  # noqa: PLR0913  a search, who saves it, and what just happened
    parts: Parts, visitor: Visitor, asked: Asked, says: Speech, *, sent: WatchWish | None = None,
    region: str = "", failure: JaringError | None = None,
) -> WatchForm:  # fmt: skip
    """The form that saves a search. Forbidden for somebody who sees nothing yet."""
    if reader_of(visitor).sees_nothing:
        raise Forbidden("Akun Anda belum diberi wilayah, OPD, atau desa.")
    chosen = region or next(iter(asked.values.get("region", ())), "")
    regions = [slug for slug in parts.profiles if slug in visitor.scope.regions]
    wish = sent or WatchWish(_proposed(parts, asked, says), WatchKind.EACH, USUAL_HOUR)
    region = chosen if chosen in regions else regions[0]
    return _form(parts, asked, wish, says, region=region, regions=regions, failure=failure or _unreadable(asked))


def kept_form(  # noqa: PLR0913  a watch, whose it is, and what just happened
    parts: Parts, visitor: Visitor, watch_id: str, says: Speech, *, sent: WatchWish | None = None,
    failure: JaringError | None = None,
) -> WatchForm:  # fmt: skip
    """The form of one's own watch. NotFound for another's."""
    watch = alert_desk(parts).own(reader_of(visitor), watch_id)
    kept = WatchWish(watch.name, watch.kind, watch.hour, watch.shared, watch.paused)
    asked = watch_asked(watch, region=False)
    return _form(
        parts, asked, sent or kept, says, region=watch.region, regions=[watch.region], failure=failure, watch=watch
    )


def save_new(parts: Parts, visitor: Visitor, search: str, region: str, wish: WatchWish) -> Watch:
    """Keep the search that a form brought."""
    asked = search_of(search)
    return alert_desk(parts).save(reader_of(visitor), wish, region=region, q=asked.q, filters=filters_of(asked))


def read_wish(*, name: str, kind: str, hour: str, shared: str, paused: str = "") -> WatchWish:
    """What a form asks. Refused for a kind or an hour that no form of ours sends."""
    if kind not in set(WatchKind) or not hour.isdecimal():
        raise Refused("Pilih cara memberi tahu dari daftar.")
    return WatchWish(name, WatchKind(kind), int(hour[:3]), shared == "1", paused == "1")


def _form(  # noqa: PLR0913  what the form is made of
    parts: Parts, asked: Asked, wish: WatchWish, says: Speech, *, region: str, regions: list[str],
    failure: JaringError | None, watch: Watch | None = None,
) -> WatchForm:  # fmt: skip
    zone = parts.zone_of(region)
    fault = None
    if isinstance(failure, QueryRefused):
        fault = Fault(asked.q[: failure.position], asked.q[failure.position :], says.say(str(failure)))
    return WatchForm(
        watch=watch.id if watch else "",
        action=f"{PATH}/pantauan/{watch.id}" if watch else f"{PATH}/pantauan",
        name=wish.name,
        kind=wish.kind.value,
        kinds=tuple(Option(kind.value, says.say(word)) for kind, word in KINDS.items()),
        hour=wish.hour,
        hours=tuple(Option(str(hour), hour_words(hour, says)) for hour in range(24)),
        shared=wish.shared,
        paused=wish.paused,
        region=region,
        regions=tuple(Option(slug, parts.names.of("region", slug, says)) for slug in regions),
        search=search_text(asked),
        words=asked.q,
        chips=tuple(chip.label for chip in chips_of(_conditions(asked), parts.names, says)),
        back=Choice(says.say("Kembali ke pencarian"), watch_asked(watch).href() if watch else asked.href()),
        zone=ZONE_LABELS.get(zone.key, zone.key),
        refused=says.say(str(failure)) if failure is not None and fault is None else "",
        fault=fault,
    )


def _conditions(asked: Asked) -> Asked:
    """What of a search a watch keeps."""
    return asked.without_value("region").changed(first=None, last=None)


def _proposed(parts: Parts, asked: Asked, says: Speech) -> str:
    """A name for a search: its words, else its filters."""
    chips = (chip.label for chip in chips_of(_conditions(asked), parts.names, says))
    return " · ".join(part for part in (asked.q, *chips) if part)[:LONGEST_NAME]


def _unreadable(asked: Asked) -> QueryRefused | None:
    try:
        parse_query(asked.q)
    except QueryRefused as refused:
        return refused
    return None
