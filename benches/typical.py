"""Eight searches as people ask them, for one engine or the other, and what each engine is asked bare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

from benches.corpus import NEWEST, vocabulary
from benches.index import AGENCY, EVERYTHING, percentile
from domain.scope import Scope
from domain.search import FACET_FIELDS, Filters, Order, SearchQuery

Timed = dict[str, list[float]]  # milliseconds by the name of who was asked


@dataclass(frozen=True, slots=True)
class Typical:
    """A search; with `second` the page after its first one is what is asked."""

    name: str
    query: SearchQuery
    scope: Scope = EVERYTHING
    second: bool = False


@dataclass(slots=True)
class Answers:
    """How long everybody took for one search, round by round."""

    typical: Typical
    times: Timed = field(default_factory=dict)

    def at(self, who: str, share: float) -> float:
        """The time below which a share of the rounds lies."""
        return percentile(self.times[who], share)


def typical() -> tuple[Typical, ...]:
    """Return the eight."""
    words, _ = vocabulary()
    frequent, other, middling, rare = words[4], words[9], words[200], words[4_000]
    week = Filters(since=NEWEST - timedelta(days=7))
    best = SearchQuery(q=f"{frequent} OR {middling}", order=Order.BEST)
    return (
        Typical("terbaru, tanpa kata", SearchQuery()),
        Typical("satu kata umum, terbaik", SearchQuery(q=frequent, order=Order.BEST)),
        Typical("dua kata, terbaru", SearchQuery(q=f"{frequent} {middling}")),
        Typical("frasa", SearchQuery(q=f'"{frequent} {other}"')),
        Typical("awalan kata", SearchQuery(q=f"{middling[:4]}*")),
        Typical("kata langka", SearchQuery(q=rare, order=Order.BEST)),
        Typical("seminggu, satu OPD, semua faset", SearchQuery(filters=week, facets=FACET_FIELDS), AGENCY),
        Typical("halaman kedua", best, second=True),
    )


def ask_in_turns(who: dict[str, Callable[[], object]], rounds: int) -> Timed:
    """Ask everybody, round by round: what else the machine does meets all of them alike."""
    times: Timed = {name: [] for name in who}
    for name, ask in who.items():
        ask()  # what only a first question costs is not what is asked
        times[name].clear()
    for _ in range(rounds):
        for name, ask in who.items():
            started = perf_counter()
            ask()
            times[name].append((perf_counter() - started) * 1_000)
    return times


def over_all(answers: Sequence[Answers], who: str, share: float) -> float:
    """The time below which a share of all rounds of all searches lies."""
    return percentile([time for one in answers for time in one.times[who]], share)
