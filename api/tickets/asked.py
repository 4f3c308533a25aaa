"""A list of tickets as a page's address says it: read forgivingly, written back exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from api.asked import MAX_VALUES, NEWEST, OLDEST, midnight
from domain.labels import Intent, Urgency
from domain.tickets import TicketState
from store.ticketlists import TicketOrder, TicketQuery, TicketView

PATH: Final = "/tiket"
VIEWS: Final[tuple[TicketView, ...]] = (
    "terbuka", "terlambat", "hari_ini", "usulan", "dikembalikan", "selesai", "semua",
)  # fmt: skip
ORDERS: Final[tuple[TicketOrder, ...]] = ("tenggat", "terbaru", "terlama")
CLOSED: Final[Mapping[str, frozenset[str]]] = {
    "state": frozenset(TicketState),
    "urgency": frozenset(Urgency),
    "intent": frozenset(Intent),
}
FIELDS: Final = ("opd", "state", "area", "topic", "urgency", "intent", "region")
SINGLE: Final = frozenset({"area"})  # the last one given holds
PAGE_SIZE: Final = 25  # keeps the page under 60 KB
MAX_LENGTH: Final = 200  # of `q`: a code, or words of a title
MAX_VALUE: Final = 80
MAX_CURSOR: Final = 400


@dataclass(frozen=True, slots=True)
class TicketAsked:
    """One list of tickets. `first` and `last` are local days of opening, both included. OPDs are "region/CODE"."""

    view: TicketView = VIEWS[0]
    q: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oversight: bool = False
    first: date | None = None
    last: date | None = None
    order: TicketOrder = ORDERS[0]
    after: str | None = None
    pick: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the view restricts the list."""
        return bool(self.q or self.values or self.oversight or self.first or self.last)

    def changed(self, **changes: Any) -> TicketAsked:
        """The same list with something else, from its first page and with nothing picked."""
        return replace(self, **{"after": None, "pick": None, **changes})

    def with_value(self, name: str, value: str) -> TicketAsked:
        """With one more value of a field."""
        held = () if name in SINGLE else tuple(v for v in self.values.get(name, ()) if v != value)
        return self.changed(values={**self.values, name: (*held, value)})

    def without_value(self, name: str, value: str) -> TicketAsked:
        """Without one value of a field."""
        left = tuple(v for v in self.values.get(name, ()) if v != value)
        rest = {k: v for k, v in self.values.items() if k != name}
        return self.changed(values={**rest, name: left} if left else rest)

    def pairs(self) -> list[tuple[str, str]]:
        """The address as names and values; what is usual is left out."""
        told: list[tuple[str, str]] = [("lihat", self.view)] if self.view != VIEWS[0] else []
        told += [("q", self.q)] if self.q else []
        told += [(name, value) for name in FIELDS for value in self.values.get(name, ())]
        for name, value in (
            ("pengawasan", "1" if self.oversight else ""),
            ("dari", self.first.isoformat() if self.first else ""),
            ("sampai", self.last.isoformat() if self.last else ""),
            ("urut", self.order if self.order != ORDERS[0] else ""),
            ("setelah", self.after or ""),
            ("pilih", self.pick or ""),
        ):
            told += [(name, value)] if value else []
        return told

    def href(self, path: str = PATH) -> str:
        """The address of this list."""
        told = self.pairs()
        return f"{path}?{urlencode(told)}" if told else path

    def window(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The half-open stretch of opening asked for; None where it is open."""
        return (
            midnight(self.first, zone) if self.first else None,
            midnight(self.last + timedelta(days=1), zone) if self.last else None,
        )

    def query(self, zone: ZoneInfo, *, size: int = PAGE_SIZE) -> TicketQuery:
        """What the store is asked."""
        since, until = self.window(zone)
        held = self.values.get
        return TicketQuery(
            view=self.view,
            state=tuple(TicketState(value) for value in held("state", ())),
            opd=tuple(held("opd", ())),
            region=tuple(held("region", ())),
            area=next(iter(held("area", ())), None),
            topic=tuple(held("topic", ())),
            urgency=tuple(Urgency(value) for value in held("urgency", ())),
            intent=tuple(Intent(value) for value in held("intent", ())),
            oversight=True if self.oversight else None,
            since=since,
            until=until,
            q=self.q,
            order=self.order,
            after=self.after,
            size=size,
        )


def read_ticket_asked(params: QueryParams) -> TicketAsked:
    """Read an address. What cannot be used is left out: an old bookmark still finds something."""
    values: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        given = [v for v in dict.fromkeys(params.getlist(name)) if v and len(v) <= MAX_VALUE and v.isprintable()]
        known = [v for v in given if v in CLOSED[name]] if name in CLOSED else given
        if known:
            values[name] = tuple(known[-1:] if name in SINGLE else known[:MAX_VALUES])
    view, order = params.get("lihat", ""), params.get("urut", "")
    return TicketAsked(
        view=next((known for known in VIEWS if known == view), VIEWS[0]),
        q=" ".join("".join(c if c.isprintable() else " " for c in params.get("q", "")).split())[:MAX_LENGTH],
        values=values,
        oversight=params.get("pengawasan") == "1",
        first=_day(params.get("dari")),
        last=_day(params.get("sampai")),
        order=next((known for known in ORDERS if known == order), ORDERS[0]),
        after=params.get("setelah", "")[:MAX_CURSOR] or None,
        pick=params.get("pilih", "")[:MAX_VALUE] or None,
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if OLDEST <= day < NEWEST else None
