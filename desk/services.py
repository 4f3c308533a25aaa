"""What people do at the desk, as one value for those who serve them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.tickets import TicketDesk
from desk.triage import Triage
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy
from store import Store


@dataclass(frozen=True, slots=True)
class DeskServices:
    """The desk's parts that pages and API call. Safe to share between threads."""

    tickets: TicketDesk
    triage: Triage


def desk_services(
    store: Store, profiles: Mapping[str, RegionProfile], taxonomy: Taxonomy, clock: Callable[[], datetime]
) -> DeskServices:
    """The desk on these parts. It owns nothing that it is handed."""
    tickets = TicketDesk(store, profiles, taxonomy, clock)
    return DeskServices(tickets=tickets, triage=Triage(store, tickets, profiles, clock))
