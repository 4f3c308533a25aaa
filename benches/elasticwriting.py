"""Writes: the port beside a bare loop of bulks that were encoded beforehand, and what the client alone costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter, process_time

import orjson

from benches.figures import Figure
from domain.documents import PostDocument
from indexer.elasticsearch import ElasticIndex
from indexer.elasticsearch.bulk import BulkWriter
from indexer.elasticsearch.layout import body_of
from indexer.sqlite import SqliteIndex

BATCH = 2_000
BARE_BULK = 1_000  # documents of a bare bulk
COMPARED_EVERY = 10  # batches: the bare loops write copies, which would otherwise triple the index
WRITE_SHARE = 0.5
CLIENT_SHARE = 0.15  # of a core


@dataclass(slots=True)
class Work:
    """Documents, the seconds that they took, and the seconds of this process among them."""

    count: int = 0
    seconds: float = 0.0
    busy: float = 0.0

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.count / self.seconds if self.seconds else 0.0

    @property
    def micros(self) -> float:
        """Of this process for one document."""
        return self.busy / self.count * 1e6 if self.count else 0.0

    def timed(self, some: Sequence[object], before: tuple[float, float]) -> None:
        """Add a batch that began at `before`."""
        self.count += len(some)
        self.seconds += perf_counter() - before[0]
        self.busy += process_time() - before[1]


@dataclass(slots=True)
class Rates:
    """Documents a second of each engine since the last stop."""

    elastic: float = 0.0
    sqlite: float = 0.0


@dataclass
class Writing:
    """Fills both engines, turn by turn."""

    elastic: ElasticIndex
    sqlite: SqliteIndex
    since: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        self._generation = self.elastic.home.state().read.generation
        self._bare, self._ready, self._beside, self._all = Work(), Work(), Work(), Work()
        self._written = 0

    def up_to(self, stop: int, documents: Iterator[PostDocument]) -> None:
        """Write until so many stand. Every few batches go to the bare loops first."""
        elastic, sqlite = Work(), Work()
        number = 0
        while some := list(islice(documents, min(BATCH, stop - self._written))):
            compared = number % COMPARED_EVERY == 0
            if compared:
                self._compare(some)
            before = _now()
            fates = self.elastic.upsert(some)
            elastic.timed(some, before)
            if compared:
                self._beside.timed(some, before)
            self._all.timed(some, before)
            refused = [fate for fate in fates if fate.fate != "written"]
            if refused:
                raise RuntimeError(f"not written: {refused[0]}")
            before = _now()
            self.sqlite.upsert(some)
            sqlite.timed(some, before)
            self._written += len(some)
            number += 1
        self.since = Rates(elastic.rate, sqlite.rate)
        self.elastic.home.client.options(ignore_status=404).indices.delete(
            index=[self._index("bare"), self._index("ready")]
        )

    def _compare(self, some: Sequence[PostDocument]) -> None:
        bodies = {x.id: body_of(x) for x in some}
        target = self._index("bare")
        lines = [(orjson.dumps({"index": {"_index": target, "_id": x.id}}), bodies[x.id]) for x in some]
        bulks = [[part for line in lines[n : n + BARE_BULK] for part in line] for n in range(0, len(lines), BARE_BULK)]
        before = _now()
        for bulk in bulks:
            self.elastic.home.client.bulk(operations=bulk, filter_path="errors")  # type: ignore[arg-type]  # as they are
        self._bare.timed(some, before)
        writer = BulkWriter(self.elastic.home.client)
        writer.pace.documents = BARE_BULK
        before = _now()
        writer.write_as(some, lambda _: self._index("ready"), lambda x: bodies[x.id])
        self._ready.timed(some, before)

    def _index(self, what: str) -> str:
        return f"{self.elastic.home.name}-{self._generation}-{what}"

    def figures(self) -> list[Figure]:
        """Return what was measured since the beginning."""
        ours, bare = self._beside.rate, self._bare.rate
        share = self._ready.micros * ours / 1e6
        aim = f"≥ {WRITE_SHARE} × telanjang"
        return [
            Figure("tulis; bulk siap kirim", ours, "kasus/s", bare, ours / bare, aim, ours >= WRITE_SHARE * bare),
            Figure(
                "klien pada laju itu", share * 100, "% inti", None, None, f"≤ {CLIENT_SHARE:.0%}", share <= CLIENT_SHARE
            ),
            Figure(
                "klien per kasus, dokumen siap kirim", self._ready.micros, "µs", self._bare.micros, None, "–", met=True
            ),
            Figure("klien dan pembuatan dokumen per kasus", self._all.micros, "µs", None, None, "–", met=True),
            Figure(
                "SQLite: tulis (sejak perhentian terakhir)", self.since.sqlite, "kasus/s", None, None, "–", met=True
            ),
        ]


def _now() -> tuple[float, float]:
    return perf_counter(), process_time()
