"""Searches and counts on both engines, Elasticsearch's beside what its node takes for the same question, bare."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benches.corpus import NEWEST
from benches.figures import Figure
from benches.index import EVERYTHING, ROUNDS, best_of, percentile, searches
from benches.typical import Answers, Typical, ask_in_turns, typical
from domain.ports import PostIndex
from domain.query import parse_query
from domain.scope import Scope
from domain.search import FACET_FIELDS, Filters, Interval, Order, SearchQuery, TermsQuery, TrendQuery
from indexer.elasticsearch import ElasticIndex
from indexer.elasticsearch.conditions import asked, scored
from indexer.elasticsearch.folding import STORIES
from indexer.elasticsearch.search import MOST_VALUES

OVERHEAD = 10  # ms


def searching(engines: dict[str, PostIndex], rounds: int) -> list[Answers]:
    """Ask the typical searches of engines and, beside Elasticsearch, of its bare node."""
    answers = []
    for one in typical():
        who: dict[str, Callable[[], object]] = {}
        for name, engine in engines.items():
            who[name] = asking(engine, one)
            if isinstance(engine, ElasticIndex):
                who["bare"] = bare(engine, one)
        answers.append(Answers(one, ask_in_turns(who, rounds)))
    return answers


def asking(index: PostIndex, one: Typical) -> Callable[[], object]:
    """Return the question to an engine through the port."""
    query = one.query
    if one.second:
        query = query.model_copy(update={"after": index.search(query, one.scope).next})
    return partial(index.search, query, one.scope)


def bare(elastic: ElasticIndex, one: Typical) -> Callable[[], object]:
    """Return the same question in one call of the engine's own, as `bare_body` has it."""
    body = bare_body(one.query, one.scope)
    if one.second:
        body["from"] = one.query.size
    ask = elastic.home.client.perform_request
    path, headers = f"/{elastic.home.alias}/_search", {"accept": "application/json", "content-type": "application/json"}
    return partial(ask, "POST", path, headers=headers, body=body)


def bare_body(query: SearchQuery, scope: Scope) -> dict[str, Any]:
    """Return a page folded by the engine itself, with its totals and facets: what it may only do for first pages."""
    clause = asked(parse_query(query.q), query.filters, scope)
    best = query.order is Order.BEST
    faces = {x: {"terms": {"field": x, "size": MOST_VALUES}} for x in query.facets}
    return {
        "query": scored(clause, parse_query(query.q)) if best else clause,
        "sort": ["_score"] if best else [{"find.published": "desc"}],
        "track_total_hits": True,
        "size": query.size,
        "collapse": {"field": "story"},
        "aggs": {"stories": STORIES} | faces,
    }


def varied(elastic: ElasticIndex) -> list[Figure]:
    """Return percentiles over a hundred different searches, the best of a few times of each, and the node's own work.

    The work, in time of its processors, is what other programs on the machine change least.
    """
    found: dict[str, tuple[list[float], list[float]]] = {"cari": ([], []), "cari dengan semua faset": ([], [])}
    works: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in found}
    processes = _processes(elastic)
    for one in searches():
        for name, facets in zip(found, ((), FACET_FIELDS), strict=True):
            query = one.query.model_copy(update={"facets": facets})
            whole = Typical(name, query, one.scope)
            for times, work, ask in zip(
                found[name], works[name], (asking(elastic, whole), bare(elastic, whole)), strict=True
            ):
                before = _worked(processes)
                times.append(best_of(ask))
                work.append((_worked(processes) - before) / ROUNDS)
    figures = []
    for name, (ours, engines) in found.items():
        for share in (0.5, 0.95):
            value, limit = percentile(ours, share), percentile(engines, share)
            title, aim = f"{name}, {len(ours)} macam, p{share * 100:.0f}", f"≤ mesin + {OVERHEAD} ms"
            figures.append(Figure(title, value, "ms", limit, value / limit, aim, value <= limit + OVERHEAD))
        value, limit = (sum(work) / len(work) for work in works[name])
        if limit:
            title = f"{name}, kerja simpul rata-rata"
            figures.append(Figure(title, value, "ms CPU", limit, value / limit, "–", met=True))
    return figures


def counting(whose: str, index: PostIndex) -> list[Figure]:
    """Return what counts take."""
    week = Filters(since=NEWEST - timedelta(days=7), until=NEWEST)
    zone = "Asia/Makassar"
    hours = TrendQuery(filters=week, interval=Interval.HOUR, split="topic", timezone=zone)
    questions: dict[str, Callable[[], object]] = {
        "hari × sentimen": lambda: index.aggregate(TrendQuery(split="sentiment", timezone=zone), EVERYTHING),
        "jam × topik, seminggu": lambda: index.aggregate(hours, EVERYTHING),
        "cerita per hari": lambda: index.aggregate(TrendQuery(distinct_stories=True, timezone=zone), EVERYTHING),
        "nilai teratas": lambda: index.top_terms(TermsQuery(field="desa"), EVERYTHING),
        "kata menonjol, seminggu": lambda: index.emerging(TermsQuery(filters=week), EVERYTHING),
        "digest semua bulan": index.digests,
        "keadaan indeks": index.status,
    }
    return [Figure(f"{whose}{name}", best_of(ask), "ms", None, None, "–", met=True) for name, ask in questions.items()]


def memory_of(elastic: ElasticIndex) -> list[Figure]:
    """Return what the node uses: of its heap, and in all where it runs on this machine."""
    client = elastic.home.client
    heap = client.nodes.stats(metric="jvm", filter_path="nodes.*.jvm.mem.heap_used_in_bytes").body["nodes"].values()
    used = sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in heap)
    figures = [Figure("heap simpul yang terpakai", used / 1e6, "MB", None, None, "–", met=True)]
    resident = sum(_resident(process) for process in _processes(elastic))
    ours = _resident("self")
    figures.append(Figure("memori simpul seluruhnya", resident / 1e6, "MB", None, None, "–", met=True))
    figures.append(Figure("memori proses yang mengindeks dan mencari", ours / 1e6, "MB", None, None, "–", met=True))
    return figures


def size_of(elastic: ElasticIndex) -> int:
    """Return the bytes of what is searched now: what is on disk only for searches that still go on is not counted."""
    told = elastic.home.client.indices.segments(index=elastic.home.alias).body["indices"].values()
    copies = [copy for index in told for shard in index["shards"].values() for copy in shard]
    return sum(segment["size_in_bytes"] for copy in copies for segment in copy["segments"].values())


def _processes(elastic: ElasticIndex) -> list[int]:
    told = elastic.home.client.nodes.info(metric="process", filter_path="nodes.*.process.id").body["nodes"].values()
    return [node["process"]["id"] for node in told]


def _worked(processes: Sequence[int]) -> float:
    """Return the processor time that processes on this machine have had, in ms; 0 where they are elsewhere."""
    threads = [thread for process in processes for thread in Path(f"/proc/{process}/task").glob("*/schedstat")]
    spent = 0
    for thread in threads:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            spent += int(thread.read_text().split()[0])
    return spent / 1e6


def _resident(process: int | str) -> int:
    try:
        told = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(told.partition("VmRSS:")[2].split()[0]) * 1_024
