"""The filter of a trend as tickets know it: they have a place, a topic and an office, but no words and no source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.trends.asked import TrendAsked
from domain.labels import Intent, Urgency
from store.ticketlists import TicketQuery

SHARED: Final = ("topic", "urgency", "intent")  # fields that posts and tickets carry alike
CLOSED: Final[Mapping[str, frozenset[str]]] = {"urgency": frozenset(Urgency), "intent": frozenset(Intent)}


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What of a trend's filter holds for tickets too, as fields of their list's address, and what does not."""

    values: Mapping[str, tuple[str, ...]]
    oversight: bool
    ignored: tuple[str, ...]  # fields; "q" for words

    def query(self) -> TicketQuery:
        """The filter as the store takes it."""
        values = self.values
        return TicketQuery(
            region=values.get("region", ()),
            opd=values.get("opd", ()),
            area=next(iter(values.get("area", ())), None),
            topic=values.get("topic", ()),
            urgency=tuple(Urgency(value) for value in values.get("urgency", ())),
            intent=tuple(Intent(value) for value in values.get("intent", ())),
            oversight=True if self.oversight else None,
        )


def ticket_filter(asked: TrendAsked, regions: Sequence[str]) -> TicketFilter:
    """What tickets are to be counted. An office is one of each region asked for."""
    given = asked.asked.values
    values = {name: given[name] for name in SHARED if name in given}
    for name, known in CLOSED.items():
        if name in values:
            values[name] = tuple(value for value in values[name] if value in known)
    if "region" in given:
        values["region"] = given["region"]
    if "opd" in given:
        slugs = tuple(regions) or given.get("region", ())
        values["opd"] = tuple(f"{region}/{code}" for region in slugs for code in given["opd"])
    areas = given.get("desa") or given.get("kecamatan") or ()
    if len(areas) == 1:
        values["area"] = areas
    used = {*SHARED, "region", "opd", *(("desa", "kecamatan") if len(areas) == 1 else ())}
    ignored = tuple(name for name in given if name not in used)
    return TicketFilter(values, asked.asked.oversight, (*(("q",) if asked.asked.q else ()), *ignored))
