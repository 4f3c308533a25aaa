"""Both engines on the same cases, Elasticsearch beside its bare node. Run by `make bench-search`.

The node is JARING_SEARCH_URL's, or one that is started for the bench on this machine and stopped after it. All take
turns, so that whatever else the machine does meets them alike. Answers are not cached: each search is a new one.

A large index takes long to fill and minutes to search. On a node of one's own (JARING_SEARCH_URL), `--fill` fills
Elasticsearch alone, going on where it was stopped, and `--filled` searches what stands there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import orjson

from benches.corpus import cases
from benches.elasticsearching import counting, memory_of, searching, size_of, varied
from benches.elasticwriting import BATCH, Writing
from benches.figures import Figure, machine, show
from benches.growth import Point, draw
from benches.typical import Answers, over_all
from indexer.elasticsearch import ElasticIndex
from indexer.elasticsearch import open_index as open_elastic
from indexer.sqlite import SqliteIndex
from indexer.sqlite import open_index as open_sqlite

CASES = 200_000
STOPS = (100_000, 200_000, 400_000, 700_000, 1_000_000)  # sizes at which both are searched
TABLE = 200_000  # a size with a table of its own, as the last one has
ROUNDS = 20
HEAP = "1g"
KEPT = "bench"  # the index that --fill leaves
MOST_MS = 150  # p95 of a search over a million cases on two cores
TOOL = Path(__file__).parents[1] / "tools/elasticsearch-node"


def main() -> None:
    """Measure, print tables, and keep them with a picture of the growth where asked."""
    parser = argparse.ArgumentParser(prog="python -m benches.elastic", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path, help="folder for the figures as JSON and the growth as SVG")
    parser.add_argument("--fill", action="store_true", help="fill the node of JARING_SEARCH_URL and leave it so")
    parser.add_argument("--filled", action="store_true", help="search what --fill left there")
    given = parser.parse_args()
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
    if given.fill or given.filled:
        kept = open_elastic(f"{os.environ['JARING_SEARCH_URL']}#{KEPT}")
        (fill if given.fill else measure_filled)(kept, given)
        kept.close()
        return
    with _node() as url, tempfile.TemporaryDirectory(prefix="jaring-bench-") as folder:
        elastic, sqlite = open_elastic(f"{url}#bench{os.getpid()}"), open_sqlite(Path(folder))
        try:
            measure(elastic, sqlite, given)
        finally:
            elastic.clear()
            elastic.close()
            sqlite.close()


def measure(elastic: ElasticIndex, sqlite: SqliteIndex, given: argparse.Namespace) -> None:
    """Fill both, stopping to search them as they grow; what a stop tells is kept before going on."""
    documents = cases(given.cases)
    writing = Writing(elastic, sqlite)
    points: list[Point] = []
    for stop in sorted({*(x for x in STOPS if x < given.cases), given.cases}):
        writing.up_to(stop, documents)
        _settle(elastic, sqlite)
        answers = searching({"elastic": elastic, "sqlite": sqlite}, given.rounds)
        points += [
            Point(engine, stop, over_all(answers, who, 0.5), over_all(answers, who, 0.95), rate, size / stop)
            for engine, who, rate, size in (
                ("Elasticsearch", "elastic", writing.since.elastic, size_of(elastic)),
                ("SQLite", "sqlite", writing.since.sqlite, sqlite.status().size_bytes or 0),
            )
        ]
        if stop in {TABLE, given.cases}:
            figures = [*writing.figures(), *_searches(answers, stop), *varied(elastic)]
            figures += counting("", elastic) + counting("SQLite: ", sqlite)
            figures += [_plain(f"{x.engine}: disk per kasus", x.bytes_per_case, "byte") for x in points[-2:]]
            show(figures + memory_of(elastic), given.out and given.out / f"search-{stop // 1_000}k.json")
        if given.out:
            grown = {**machine(), "points": [asdict(point) for point in points]}
            (given.out / "search-growth.json").write_bytes(orjson.dumps(grown, option=orjson.OPT_INDENT_2))
            draw(points, given.out / "search-growth.svg")


def fill(elastic: ElasticIndex, given: argparse.Namespace) -> None:
    """Write what is missing of the cases. Of months that were begun, some are written again: that changes nothing."""
    elastic.refresh()
    there = max(elastic.status().documents - BATCH, 0)  # a batch is written in parts
    documents = islice(cases(given.cases), there, None)
    while batch := list(islice(documents, BATCH)):
        elastic.upsert(batch)
    _merge(elastic)


def measure_filled(elastic: ElasticIndex, given: argparse.Namespace) -> None:
    """Search what was filled, beside the bare node; the embedded engine takes no part."""
    there = elastic.status().documents
    answers = searching({"elastic": elastic}, given.rounds)
    figures = [*_searches(answers, there), *varied(elastic), *counting("", elastic)]
    figures.append(_plain("disk per kasus", size_of(elastic) / there, "byte"))
    show(figures + memory_of(elastic), given.out and given.out / f"search-{there // 1_000}k-filled.json")


def _searches(answers: list[Answers], stop: int) -> list[Figure]:
    figures = []
    for one in answers:
        figures += [
            _beside(f"{one.typical.name}, p{share * 100:.0f}", one.at("elastic", share), one.at("bare", share))
            for share in (0.5, 0.95)
        ]
        if "sqlite" in one.times:
            figures.append(_plain(f"SQLite: {one.typical.name}, p95", one.at("sqlite", 0.95), "ms"))
    value, limit = over_all(answers, "elastic", 0.95), over_all(answers, "bare", 0.95)
    aim, met = (f"≤ {MOST_MS} ms", value <= MOST_MS) if stop >= max(STOPS) else ("–", True)
    figures.append(Figure("kedelapan pencarian, p95", value, "ms", limit, value / limit, aim, met))
    if "sqlite" in answers[0].times:
        figures.append(_plain("SQLite: kedelapan pencarian, p95", over_all(answers, "sqlite", 0.95), "ms"))
    return figures


def _settle(elastic: ElasticIndex, sqlite: SqliteIndex) -> None:
    """Bring both to where a quiet night would: merged, refreshed, old segments gone."""
    _merge(elastic)
    sqlite.refresh()


def _merge(elastic: ElasticIndex) -> None:
    patient = elastic.home.client.options(request_timeout=1_200)
    elastic.refresh()
    patient.indices.forcemerge(index=elastic.home.alias, max_num_segments=1)
    patient.indices.put_settings(index=elastic.home.alias, settings={"index.requests.cache.enable": False})
    patient.indices.flush(index=elastic.home.alias)
    elastic.refresh()


def _beside(name: str, value: float, engine: float, overhead: float = 10) -> Figure:
    aim, met = f"≤ mesin + {overhead:.0f} ms", value <= engine + overhead
    return Figure(name, value, "ms", engine, value / engine, aim, met)


def _plain(name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, None, None, "–", met=True)


@contextmanager
def _node() -> Iterator[str]:
    if url := os.environ.get("JARING_SEARCH_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="jaring-bench-") as home:
        command = [str(TOOL), "start", "--home", home, "--port", "0", "--heap", HEAP]
        try:
            yield subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        finally:
            subprocess.run([TOOL, "stop", "--home", home], check=True)


if __name__ == "__main__":
    main()
