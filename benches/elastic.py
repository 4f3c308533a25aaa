"""Elasticsearch through the port against the bare node: bulks and searches. Run by `make bench-search`.

The node is JARING_SEARCH_URL's, or one that is started for the bench on this machine and stopped after it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import orjson

from benches.corpus import NEWEST, cases
from benches.figures import Figure, show
from benches.index import EVERYTHING, best_of, percentile, searches
from domain.documents import PostDocument
from domain.query import parse_query
from domain.search import FACET_FIELDS, Filters, Interval, Order, TermsQuery, TrendQuery
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.elasticsearch.conditions import asked, scored
from indexer.elasticsearch.layout import body_of
from indexer.elasticsearch.search import MOST_VALUES, STORIES

CASES = 100_000
BATCH = 2_000
BARE_BULK = 1_000  # documents of a bare bulk
WRITE_SHARE = 0.5
OVERHEAD = 10  # ms
TOOL = Path(__file__).parents[1] / "tools/elasticsearch-node"


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benches.elastic", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--out", type=Path, help="write the figures as JSON here")
    given = parser.parse_args()
    with _node() as url:
        index = open_index(f"{url}#bench")
        index.clear()
        figures = _writes(index, cases(given.cases)) + _searching(index) + _counting(index) + _weight(index)
        index.clear()
        index.close()
    show(figures, given.out)


@contextmanager
def _node() -> Iterator[str]:
    if url := os.environ.get("JARING_SEARCH_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="jaring-bench-") as home:
        command = [str(TOOL), "start", "--home", home, "--port", "0", "--heap", "1g"]
        try:
            yield subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        finally:
            subprocess.run([TOOL, "stop", "--home", home], check=True)


def _writes(index: ElasticIndex, documents: Iterator[PostDocument]) -> list[Figure]:
    """Write turn by turn, so that both meet the same disturbances; the bare bulks are encoded beforehand."""
    client, home = index.home.client, index.home
    generation = home.state().read.generation
    bare_index = f"{home.name}-{generation}-bare"
    count, bare_time, our_time, our_work = 0, 0.0, 0.0, 0.0
    while batch := list(islice(documents, BATCH)):
        lines = [(orjson.dumps({"index": {"_index": bare_index, "_id": x.id}}), body_of(x)) for x in batch]
        bulks = [[part for line in lines[n : n + BARE_BULK] for part in line] for n in range(0, len(lines), BARE_BULK)]
        started = perf_counter()
        for bulk in bulks:
            client.bulk(operations=bulk, filter_path="errors")  # type: ignore[arg-type]  # lines are taken as they are
        between, worked = perf_counter(), process_time()
        index.upsert(batch)
        ended = perf_counter()
        our_work += process_time() - worked
        count, bare_time, our_time = count + len(batch), bare_time + between - started, our_time + ended - between
    client.indices.delete(index=bare_index)
    index.refresh()
    ours, bare = count / our_time, count / bare_time
    aim = f"≥ {WRITE_SHARE} × telanjang"
    return [
        Figure("tulis; bulk siap kirim", ours, "kasus/s", bare, ours / bare, aim, ours >= WRITE_SHARE * bare),
        Figure("kerja penulis per kasus", our_work / count * 1e6, "µs", None, None, "–", met=True),
    ]


def _searching(index: ElasticIndex) -> list[Figure]:
    ours: list[float] = []
    faceted: list[float] = []
    bare: list[float] = []
    bare_faceted: list[float] = []
    for one in searches():
        clause = asked(parse_query(one.query.q), one.query.filters, one.scope)
        best = one.query.order is Order.BEST
        body: dict[str, Any] = {"query": scored(clause, parse_query(one.query.q)) if best else clause}
        body |= {"sort": ["_score"] if best else [{"find.published": "desc"}], "track_total_hits": True}
        body |= {"size": one.query.size, "collapse": {"field": "story"}}  # the engine's own: for a first page it may
        faces: dict[str, Any] = {x: {"terms": {"field": x, "size": MOST_VALUES}} for x in FACET_FIELDS}
        for facets, mine, engines in (((), ours, bare), (FACET_FIELDS, faceted, bare_faceted)):
            aggs = {"stories": STORIES} | (faces if facets else {})
            engines.append(best_of(partial(index.home.client.search, index=index.home.alias, aggs=aggs, **body)))
            query = one.query.model_copy(update={"facets": facets})
            mine.append(best_of(partial(index.search, query, one.scope)))
    return [
        *(_beside("cari: halaman, jumlah, lipatan", ours, bare, share) for share in (0.5, 0.95)),
        *(_beside("cari dengan semua faset", faceted, bare_faceted, share) for share in (0.5, 0.95)),
    ]


def _beside(name: str, ours: Sequence[float], engine: Sequence[float], share: float) -> Figure:
    value, limit = percentile(ours, share), percentile(engine, share)
    aim, met = f"≤ mesin + {OVERHEAD} ms", value <= limit + OVERHEAD
    return Figure(f"{name}, p{share * 100:.0f}", value, "ms", limit, value / limit, aim, met)


def _counting(index: ElasticIndex) -> list[Figure]:
    week = Filters(since=NEWEST - timedelta(days=7), until=NEWEST)
    zone = "Asia/Makassar"
    questions = {
        "hari × sentimen, setahun": lambda: index.aggregate(TrendQuery(split="sentiment", timezone=zone), EVERYTHING),
        "jam × topik, seminggu": lambda: index.aggregate(
            TrendQuery(filters=week, interval=Interval.HOUR, split="topic", timezone=zone), EVERYTHING
        ),
        "cerita per hari": lambda: index.aggregate(TrendQuery(distinct_stories=True, timezone=zone), EVERYTHING),
        "nilai teratas": lambda: index.top_terms(TermsQuery(field="desa"), EVERYTHING),
        "kata menonjol, seminggu": lambda: index.emerging(TermsQuery(filters=week), EVERYTHING),
        "digest semua bulan": index.digests,
        "keadaan indeks": index.status,
    }
    return [Figure(name, best_of(ask), "ms", None, None, "–", met=True) for name, ask in questions.items()]


def _weight(index: ElasticIndex) -> list[Figure]:
    patient = index.home.client.options(request_timeout=600)
    patient.indices.forcemerge(index=index.home.alias, max_num_segments=1)
    status = index.status()
    size = (status.size_bytes or 0) / max(status.documents, 1)
    return [Figure("tempat di disk per kasus", size, "byte", None, None, "–", met=True)]


if __name__ == "__main__":
    main()
