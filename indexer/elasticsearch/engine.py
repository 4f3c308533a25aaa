"""The grown-up engine as the port knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from domain.documents import PostDocument
from domain.scope import Scope
from domain.search import (
    BulkItem,
    CaseVersion,
    DayDigest,
    EmergingTerm,
    FacetValue,
    IndexStatus,
    Mode,
    SearchPage,
    SearchQuery,
    TermsQuery,
    Tombstone,
    TrendQuery,
    TrendSeries,
)
from domain.tickets import Ticket
from indexer.elasticsearch import holdings
from indexer.elasticsearch.bulk import POISON, WRITTEN, BulkWriter
from indexer.elasticsearch.connection import connect, read_address, translated
from indexer.elasticsearch.families import shows
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.meaning import search_by_meaning
from indexer.elasticsearch.search import search
from indexer.elasticsearch.shown import shown_body
from indexer.elasticsearch.terms import emerging, similar, top_terms
from indexer.elasticsearch.tickets import TicketEntry, ticket_body
from indexer.elasticsearch.trends import aggregate
from indexer.ranking import Kept


def open_index(url: str, *, kibana: bool = False, authority: Path | None = None) -> ElasticIndex:
    """Return the index at an address, see `read_address`. The cluster may be away: each call says so by itself.

    With `kibana` an index that is made holds what Kibana is shown, too; for `authority` see `connect`.
    Raises: SettingsError for what is no address.
    """
    address = read_address(url)
    return ElasticIndex(Home(connect(address, authority=authority), address.name, kibana=kibana))


class ElasticIndex:
    """`domain.ports.PostIndex` on Elasticsearch. Safe among threads, processes and machines."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._writer = BulkWriter(home.client)
        self._ready = False
        self._kept = Kept()

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> Sequence[BulkItem]:
        if not documents:
            return []
        # Asked for every batch: a rebuild that began meanwhile must miss none.
        fates = [self.write_to(generation, documents) for generation in self.home.usable_state().targets]
        return fates[0]

    def write_to(self, generation: str, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        """Write to one generation only: how a rebuild fills the one that nobody reads yet."""
        fates = []
        if shows(generation):  # first, so that what stands among the cases stands here, too
            fates = self._writer.write_as(documents, partial(self.home.shown.index_of, generation), shown_body)
        written = self._writer.write(documents, lambda month: self.home.index_of(generation, month))
        return [_worse(one, other) for one, other in zip(written, fates, strict=True)] if fates else written

    def upsert_tickets(self, tickets: Sequence[Ticket | Tombstone]) -> Sequence[BulkItem]:
        """Write tickets for Kibana; where nothing is shown to it, they count as written."""
        fates = [BulkItem(id=_named(ticket), fate=WRITTEN) for ticket in tickets]
        for generation in self.home.usable_state().targets if tickets else ():
            fates = self.write_tickets_to(generation, tickets) or fates
        return fates

    def write_tickets_to(self, generation: str, tickets: Sequence[Ticket | Tombstone]) -> list[BulkItem]:
        """Write tickets to one generation only; none where it shows nothing to Kibana."""
        if not shows(generation):
            return []
        entries = [x if isinstance(x, Tombstone) else TicketEntry(x) for x in tickets]
        return self._writer.write_as(entries, partial(self.home.tickets.index_of, generation), ticket_body)

    @contextmanager
    def rebuilding(self) -> Iterator[Building]:
        """Build new indices beside those that are read, see `indexer.rebuild.Rebuildable`."""
        with self.home.building() as (generation, resumed):
            for some in holdings.buried(self.home):
                self.write_to(generation, [Tombstone(id=case, rev=rev, month=month) for case, rev, month in some])
            yield Building(self, generation, resumed=resumed)
        self._ready = False

    def outdated(self) -> bool:
        """Say whether this program would make the index otherwise: then it must be rebuilt."""
        read = self.home.state().read
        return not read.current or shows(read.generation) != self.home.kibana

    def search(self, query: SearchQuery, scope: Scope) -> SearchPage:
        if query.mode is Mode.TEXT:
            return search(self._usable(), query, scope)
        return search_by_meaning(self._usable(), self._kept, query, scope)

    def aggregate(self, query: TrendQuery, scope: Scope) -> TrendSeries:
        return aggregate(self._usable(), query, scope)

    def top_terms(self, query: TermsQuery, scope: Scope) -> Sequence[FacetValue]:
        return top_terms(self._usable(), query, scope)

    def emerging(self, query: TermsQuery, scope: Scope) -> Sequence[EmergingTerm]:
        return emerging(self._usable(), query, scope)

    def similar(self, case_id: str, scope: Scope, *, size: int = 10) -> SearchPage:
        return similar(self._usable(), case_id, scope, size)

    def digests(self) -> Sequence[DayDigest]:
        self.refresh()
        return holdings.digests(self.home)

    def versions(self, region: str, month: str) -> Iterator[CaseVersion]:
        return holdings.versions(self._usable(), region, month)

    def refresh(self) -> None:
        with translated():
            home = self._usable()
            aliases = [home.alias, home.shown.alias, home.tickets.alias]
            home.client.indices.refresh(index=aliases, ignore_unavailable=True)
        home.latest.forget()

    def shown_otherwise(self) -> Sequence[tuple[str, str]]:
        """Return the regions and months of which Kibana is shown other cases than it should be."""
        self.refresh()
        return holdings.shown_otherwise(self.home) if shows(self._usable().state().read.generation) else []

    def ticket_versions(self) -> Iterator[CaseVersion]:
        """Yield the tickets that Kibana is shown, by their codes, and what hides others."""
        return holdings.ticket_versions(self._usable())

    def holds_tickets(self) -> bool:
        """Say whether there is a place for tickets: whether Kibana is shown anything."""
        return shows(self._usable().state().read.generation)

    def clear(self) -> None:
        self.home.clear()

    def status(self) -> IndexStatus:
        return holdings.status(self.home, self.home.usable_state())

    def close(self) -> None:
        self.home.close()

    def _usable(self) -> Home:
        """Make sure, once, that there is an index and that it is of this version."""
        if not self._ready:
            self.home.usable_state()
            self._ready = True
        return self.home


@dataclass(slots=True)
class Building:
    """The generation that a rebuild fills. One that a killed rebuild left is gone on with: what stands is skipped."""

    index: ElasticIndex
    generation: str
    resumed: bool = False
    _heard: float = field(default=0.0)

    def write(self, documents: list[PostDocument]) -> list[BulkItem]:
        """Write a batch; what the usual door already brought in a newer state is stale."""
        self._heard = self.index.home.hear(self._heard)
        standing = self._standing(documents) if self.resumed else {}
        missing = [x for x in documents if standing.get(x.id) != x.rev]
        fates = {x.id: x for x in self.index.write_to(self.generation, missing)}
        return [fates.get(x.id) or BulkItem(id=x.id, fate=WRITTEN) for x in documents]

    def write_tickets(self, tickets: list[Ticket]) -> list[BulkItem]:
        """Write tickets, all of them: they are few."""
        self._heard = self.index.home.hear(self._heard)
        return self.index.write_tickets_to(self.generation, tickets)

    def _standing(self, documents: list[PostDocument]) -> dict[str, int]:
        """Return the revs of those documents that stand already."""
        wanted = [{"_index": self.index.home.index_of(self.generation, x.month), "_id": x.id} for x in documents]
        with translated():
            answer = self.index.home.client.mget(docs=wanted, source_includes=["rev"]).body
        return {x["_id"]: x["_source"]["rev"] for x in answer["docs"] if x.get("found")}


def _worse(one: BulkItem, other: BulkItem) -> BulkItem:
    """Return the fate of what went to two indices: poison where one of them refused it."""
    return other if other.fate == POISON else one


def _named(ticket: Ticket | Tombstone) -> str:
    return ticket.id if isinstance(ticket, Tombstone) else ticket.code
