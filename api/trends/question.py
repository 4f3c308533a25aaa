"""What a panel may ask: index and truth, under one reader's scope and one filter. What two panels ask is asked once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

from api.parts import Parts
from api.trends.asked import Stretch, TrendAsked
from api.trends.tickets import TicketFilter, ticket_filter
from domain.ports import SourceSpec
from domain.scope import Scope
from domain.search import EmergingTerm, Interval, TermsQuery, TrendQuery, TrendSeries
from store.sourcedays import SourceDay
from store.ticketboard import BoardBy, BoardRow

Values = Mapping[str, tuple[str, ...]]  # of fields, to narrow a question further
NO_VALUES: Final[Values] = {}
MOST_VALUES: Final = 1_000  # of a field: more areas, topics or sources than any region has
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Question:
    """One reader's question. Answers count only what his scope allows."""

    parts: Parts
    scope: Scope
    asked: TrendAsked
    stretch: Stretch
    zone: ZoneInfo
    now: datetime
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def before(self) -> Stretch | None:
        """The days to compare with; None where nobody wants to."""
        return self.stretch.before if self.asked.compare else None

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions asked for that the reader may see, else all that he may."""
        wanted = self.asked.asked.values.get("region", ())
        return tuple(s for s in self.parts.profiles if s in self.scope.regions and (not wanted or s in wanted))

    @property
    def tickets(self) -> TicketFilter:
        """What of the filter holds for tickets."""
        return ticket_filter(self.asked, self.regions)

    def series(
        self,
        stretch: Stretch,
        interval: Interval,
        *,
        split: str | None = None,
        stories: bool = True,
        values: Values = NO_VALUES,
    ) -> TrendSeries:
        """How many stories, or posts, over time."""
        query = TrendQuery(
            q=self.asked.asked.q,
            filters=self.asked.filters(stretch, self.zone, **values),
            interval=interval,
            timezone=self.zone.key,
            split=split,
            distinct_stories=stories,
        )
        return self.once(query, lambda: self.parts.index.aggregate(query, self.scope))

    def moods(self, stretch: Stretch) -> TrendSeries:
        """The stories of some days by sentiment, in the bars that the period is drawn with."""
        return self.series(stretch, self.stretch.interval, split="sentiment")

    def stories(self, stretch: Stretch, values: Values = NO_VALUES) -> int:
        """How many different stories there are."""
        series = self.series(stretch, self.stretch.interval, values=values) if values else self.moods(stretch)
        return series.total

    def top(self, name: str, stretch: Stretch, values: Values = NO_VALUES) -> Mapping[str, int]:
        """How many posts carry each value of a field, the most frequent first."""
        filters = self.asked.filters(stretch, self.zone, **values)
        query = TermsQuery(q=self.asked.asked.q, filters=filters, field=name, size=MOST_VALUES)
        found = self.once(query, lambda: self.parts.index.top_terms(query, self.scope))
        return {value.value: value.count for value in found}

    def emerging(self, size: int) -> Sequence[EmergingTerm]:
        """The words that these days use more than the days before."""
        filters = self.asked.filters(self.stretch, self.zone)
        return self.parts.index.emerging(TermsQuery(q=self.asked.asked.q, filters=filters, size=size), self.scope)

    def board(self, by: BoardBy, stretch: Stretch | None = None) -> Sequence[BoardRow]:
        """How offices or areas answer, the most overdue first; see `tickets` for what of the filter holds."""
        stretch = stretch or self.stretch
        return self.once(
            ("board", by, stretch),
            lambda: self.parts.store.tickets.board(
                by,
                self.scope,
                since=stretch.since(self.zone),
                until=stretch.until(self.zone),
                now=self.now,
                only=self.tickets.query(),
            ),
        )

    def specs(self) -> Sequence[SourceSpec]:
        """All sources that there are."""
        return self.once("specs", self.parts.store.sources.specs)

    def source_days(self) -> Sequence[SourceDay]:
        """How the crawls of sources went in these days and the days before."""
        first, last = self.stretch.before.first, self.stretch.last
        return self.once(
            ("days", first), lambda: self.parts.store.sources.days(first, Stretch(last, last).until(self.zone).date())
        )

    def once(self, key: Hashable, asks: Callable[[], Kept]) -> Kept:
        """What was asked before, or is asked now."""
        if key not in self._kept:
            self._kept[key] = asks()
        return cast("Kept", self._kept[key])
