"""Between watches and the addresses of searches."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from api.asked import PAGE_FIELDS, Asked, read_asked
from api.parts import Parts
from api.speech import N_
from api.v1.alerts_answers import WatchFilters
from desk.alerts_telling import Alert
from domain.errors import Refused
from domain.search import Filters
from domain.watches import Watch, WatchKind

PATH: Final = "/peringatan"
MAX_SEARCH: Final = 4_000


def watch_asked(watch: Watch, *, region: bool = True) -> Asked:
    """The search of a watch, of the usual days."""
    held = {name: getattr(watch.filters, name) for name in PAGE_FIELDS if getattr(watch.filters, name)}
    if region:
        held["region"] = (watch.region,)
    return Asked(q=watch.q, values=held, oversight=bool(watch.filters.oversight))


def all_of(parts: Parts, alert: Alert) -> Asked:
    """The search that finds what an alert tells of."""
    watch = alert.kept.watch
    if alert.kind is WatchKind.EACH:
        return Asked(values={"story": alert.stories, "region": (watch.region,)}, days=0)
    zone = parts.zone_of(watch.region)
    last = (alert.hour or alert.at).astimezone(zone).date()
    return watch_asked(watch).on_days(last - timedelta(days=alert.kind is WatchKind.DIGEST), last)


def search_of(text: str) -> Asked:
    """The search of a query string that a form brought along."""
    return read_asked(QueryParams(parse_qsl(text[:MAX_SEARCH], keep_blank_values=False)))


def search_text(asked: Asked) -> str:
    """A search as a form brings it along: without days, which a watch does not hold."""
    return urlsplit(asked.changed(days=30, first=None, last=None).href()).query


def filters_of(asked: Asked) -> Filters:
    """The filters of a search that a watch holds. Refused for values that the API could not tell either."""
    values: dict[str, object] = {name: list(some) for name, some in asked.values.items() if name != "region"}
    if asked.oversight:
        values["oversight"] = True
    try:
        return WatchFilters.model_validate(values).filters()
    except ValidationError as cause:
        raise Refused(N_("Saringan di alamat ini tidak dapat dipakai.")) from cause
