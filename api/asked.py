"""A search as a page's address says it: read forgivingly, written back exactly, turned into what the index is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from domain.search import Filters, Mode, Order, SearchQuery

PAGE_FIELDS: Final = (
    "topic", "kecamatan", "desa", "opd", "sentiment", "intent", "urgency", "channel", "source",
    "language", "state", "authority", "region", "story",
)  # fmt: skip
PERIODS: Final = (7, 30, 90, 365, 0)  # days back from today; 0 is all
USUAL_DAYS: Final = 30
PAGE_SIZE: Final = 20
MAX_DAYS_DIGITS: Final = 4
MAX_VALUES: Final = 20  # values of one field in one address: more comes from no page of ours
MAX_LENGTH: Final = 2_000  # of `q`, as SearchQuery has it
OLDEST, NEWEST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One search of the page. `first` and `last` are local days, both included; they stand over `days`."""

    q: str = ""
    days: int = USUAL_DAYS
    first: date | None = None
    last: date | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oversight: bool = False
    mode: Mode = Mode.TEXT
    order: Order | None = None  # None: the mode's usual one
    fold: bool = True
    after: str | None = None
    pick: str | None = None

    @property
    def has_days(self) -> bool:
        """Whether particular days are asked for."""
        return self.first is not None or self.last is not None

    @property
    def ordered(self) -> Order:
        """How the hits are ordered: by words the newest come first, by meaning what is nearest."""
        return self.order or usual_order(self.mode)

    def changed(self, **changes: Any) -> Asked:
        """The same search with something else, from its first page and with nothing picked."""
        return replace(self, **{"after": None, "pick": None, **changes})

    def with_value(self, name: str, value: str) -> Asked:
        """With one more value of a field."""
        held = self.values.get(name, ())
        return self.changed(values={**self.values, name: (*(v for v in held if v != value), value)})

    def without_value(self, name: str, value: str | None = None) -> Asked:
        """Without one value of a field, or without any."""
        left = tuple(v for v in self.values.get(name, ()) if value is not None and v != value)
        rest = {k: v for k, v in self.values.items() if k != name}
        return self.changed(values={**rest, name: left} if left else rest)

    def on_days(self, first: date | None, last: date | None) -> Asked:
        """Of particular days only."""
        return self.changed(first=first, last=last)

    def href(self, path: str = "/cari") -> str:
        """The address of this search."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        if self.first:
            pairs.append(("dari", self.first.isoformat()))
        if self.last:
            pairs.append(("sampai", self.last.isoformat()))
        if self.days != USUAL_DAYS and not self.has_days:
            pairs.append(("hari", str(self.days)))
        pairs += [(name, value) for name in PAGE_FIELDS for value in self.values.get(name, ())]
        for name, value, usual in (
            ("pengawasan", "1" if self.oversight else "", ""),
            ("mode", self.mode.value, Mode.TEXT.value),
            ("urut", self.ordered.value, usual_order(self.mode).value),
            ("lipat", "1" if self.fold else "0", "1"),
            ("setelah", self.after or "", ""),
            ("pilih", self.pick or "", ""),
        ):
            if value != usual:
                pairs.append((name, value))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def filters(self, now: datetime, zone: ZoneInfo) -> Filters:
        """The conditions that this search puts."""
        since, until = self.window(now, zone)
        return Filters(since=since, until=until, oversight=True if self.oversight else None, **dict(self.values))

    def window(self, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The half-open stretch of time asked for; None where it is open."""
        if self.has_days:
            return (
                midnight(self.first, zone) if self.first else None,
                midnight(self.last + timedelta(days=1), zone) if self.last else None,
            )
        if not self.days:
            return None, None
        today = now.astimezone(zone).date()
        return midnight(today - timedelta(days=self.days - 1), zone), None

    def query(
        self, now: datetime, zone: ZoneInfo, *, facets: tuple[str, ...] = (), size: int = PAGE_SIZE
    ) -> SearchQuery:
        """What the index is asked."""
        return SearchQuery(
            q=self.q,
            filters=self.filters(now, zone),
            order=self.ordered,
            fold=self.fold,
            facets=facets,
            size=size,
            after=self.after,
            timezone=zone.key,
            mode=self.mode,
        )


def usual_order(mode: Mode) -> Order:
    """The order of a search that names none."""
    return Order.NEWEST if mode is Mode.TEXT else Order.BEST


def read_asked(params: QueryParams) -> Asked:
    """Read an address. What cannot be used is left out: an old bookmark still finds something."""
    values = {}
    for name in PAGE_FIELDS:
        given = tuple(dict.fromkeys(v for v in params.getlist(name) if v and len(v) <= MAX_LENGTH))[:MAX_VALUES]
        if given:
            values[name] = given
    days = params.get("hari", "")[:MAX_DAYS_DIGITS]
    return Asked(
        q=" ".join(params.get("q", "").split())[:MAX_LENGTH],
        days=int(days) if days.isdecimal() and int(days) in PERIODS else USUAL_DAYS,
        first=_day(params.get("dari")),
        last=_day(params.get("sampai")),
        values=values,
        oversight=params.get("pengawasan") == "1",
        mode=Mode(params["mode"]) if params.get("mode") in list(Mode) else Mode.TEXT,
        order=Order(params["urut"]) if params.get("urut") in list(Order) else None,
        fold=params.get("lipat") != "0",
        after=params.get("setelah") or None,
        pick=params.get("pilih") or None,
    )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time.min, zone)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if OLDEST <= day < NEWEST else None
