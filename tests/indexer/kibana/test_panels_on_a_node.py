"""Every panel's question, asked of a real Elasticsearch: it is understood, and there is something in each group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import pytest

from domain.documents import PostDocument
from domain.labels import Authority, Channel, DateTrust, Intent, Sentiment, Urgency
from domain.tickets import Clock, ClockKind, TicketState
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.kibana.dashboards import DASHBOARDS
from indexer.kibana.objects import lens_id
from indexer.kibana.panels import Dashboard, Panel, Search, clauses
from indexer.kibana.questions import question
from indexer.kibana.searches import SEARCHES
from indexer.kibana.views import Aliases
from tests.contracts.index.documents import make_document, place
from tests.indexer.elasticsearch.test_shown import make_ticket
from tests.services.elasticsearch import Cluster

NOW = datetime.now(UTC).replace(microsecond=0)
CASES = 120
PANELS = [(dashboard, panel) for dashboard in DASHBOARDS for panel in dashboard.panels]


@pytest.fixture(scope="module")
def index(elasticsearch: Cluster) -> Iterator[ElasticIndex]:
    """An index that Kibana would read, with some weeks in it."""
    opened = open_index(elasticsearch.new_url(), kibana=True)
    opened.upsert(list(islice(_cases(), CASES)))
    opened.upsert_tickets([make_ticket(n, **changes) for n, changes in enumerate(_tickets(), 1)])
    opened.refresh()
    yield opened
    opened.clear()
    opened.close()


def _cases() -> Iterator[PostDocument]:
    values = zip(
        cycle(Sentiment), cycle(Urgency), cycle(Intent), cycle(Channel), cycle(Authority), cycle(("PUTR", None, "DLH")),
        cycle(("jalan.rusak", "sampah.angkut", "air.mati", "jalan.lampu")), cycle(DateTrust),
        cycle((0, 3, 100, 30, 5)), strict=False,
    )  # fmt: skip
    for number, (sentiment, urgency, intent, channel, authority, opd, topic, trust, late) in enumerate(values):
        arrived = NOW - timedelta(hours=number * 5)
        somewhere = number % 4 > 0
        yield make_document(
            number,
            sentiment=sentiment, urgency=urgency, intent=intent, channel=channel, authority=authority, opd=opd,
            topic=topic, urusan=topic.partition(".")[0], date_trust=trust, source=f"sumber-{number % 7}",
            ingested_at=arrived,
            published_at=arrived - timedelta(hours=late), month=f"{arrived:%Y-%m}",
            kecamatan=f"52.01.0{number % 3 + 1}" if somewhere else None,
            places=(place(f"52.01.0{number % 3 + 1}.2001", f"Desa {number % 5}"),) if somewhere else (),
        )  # fmt: skip


def _tickets() -> Iterator[dict[str, Any]]:
    states = (TicketState.DISPOSED, TicketState.IN_PROGRESS, TicketState.DONE, TicketState.VERIFIED)
    for number, (state, opd) in enumerate(
        islice(zip(cycle(states), cycle(("PUTR", "DLH", "DISHUB")), strict=False), 40)
    ):
        opened = NOW - timedelta(days=number + 1)
        done = opened + timedelta(days=number % 5 + 1) if state is TicketState.DONE else None
        yield {
            "code": f"LB-{opened:%Y-%m}-{number + 1:04d}", "state": state, "opd": opd, "opened_at": opened,
            "published_at": opened, "first_disposed_at": opened + timedelta(hours=3),
            "disposed_at": opened + timedelta(hours=3), "answered_at": opened + timedelta(hours=5 + number % 9),
            "response_due": opened + timedelta(hours=9), "done_at": done, "resolve_due": opened + timedelta(days=3),
            "topic": ("jalan.rusak", "sampah.angkut")[number % 2], "urgency": list(Urgency)[number % 3],
            "area": f"52.01.0{number % 3 + 1}.2001",
            "clock": Clock(kind=ClockKind.RESOLVE, at=NOW + timedelta(days=1 - number % 3)),
        }  # fmt: skip


def ask(index: ElasticIndex, alias: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = index.home.client.search(index=alias, **body).body
    assert answer["_shards"]["failed"] == 0
    return answer


def numbers(found: dict[str, Any], panel: Panel) -> Iterator[float | None]:
    """Every number that the panel would draw, group by group."""
    for _ in panel.buckets[:1]:
        inner = Panel(panel.title, panel.kind, panel.view, panel.metrics, panel.grid)
        name = panel.buckets[0][0]
        rest = panel.buckets[1:]
        for bucket in found[name]["buckets"]:
            if rest:
                for deeper in bucket[rest[0][0]]["buckets"]:
                    yield from numbers(deeper, inner)
            else:
                yield from numbers(bucket, inner)
        return
    for place_, metric in enumerate(panel.metrics):
        told = found.get(f"ukuran{place_}", {})
        if metric.how == "count":
            yield found["doc_count"]
        elif "values" in told:
            yield next(iter(told["values"].values()))
        else:
            yield told["value"]


@pytest.mark.parametrize(("dashboard", "panel"), PANELS, ids=[lens_id(*one) for one in PANELS])
def test_a_panel_asks_what_the_node_can_answer(index: ElasticIndex, dashboard: Dashboard, panel: Panel) -> None:
    alias = Aliases.of(index.home.name)[panel.view.index]
    answer = ask(index, alias, question(panel, dashboard.since, zone="Asia/Makassar"))
    total = answer["hits"]["total"]["value"]
    assert total > 0
    told = list(numbers({"doc_count": total, **answer.get("aggregations", {})}, panel))
    assert any(number for number in told), "there is something to draw"
    if panel.buckets:
        assert len(answer["aggregations"][panel.buckets[0][0]]["buckets"]) >= 2


@pytest.mark.parametrize("search", SEARCHES, ids=[one.key for one in SEARCHES])
def test_a_saved_search_finds_something_with_its_columns(index: ElasticIndex, search: Search) -> None:
    alias = Aliases.of(index.home.name)[search.view.index]
    body = {"query": {"bool": {"filter": clauses(search.only)}}, "sort": [{search.view.time: "desc"}], "size": 100}
    hits = ask(index, alias, body)["hits"]["hits"]
    assert hits
    assert {name for hit in hits for name in hit["_source"]} >= set(search.columns)


def test_the_figures_of_an_office_are_those_of_its_tickets(index: ElasticIndex) -> None:
    (dashboard, panel) = next(one for one in PANELS if one[1].title == "Tiap OPD")
    alias = Aliases.of(index.home.name).tickets
    buckets = ask(index, alias, question(panel, dashboard.since))["aggregations"]["by"]["buckets"]
    offices = {bucket["key"]: bucket for bucket in buckets}
    assert {key: bucket["doc_count"] for key, bucket in offices.items()} == {"PUTR": 14, "DLH": 13, "DISHUB": 13}
    answered = [5 + number % 9 for number in range(40) if number % 3 == 0]
    share = sum(hours <= 9 for hours in answered) / len(answered)
    assert offices["PUTR"]["ukuran3"]["value"] == pytest.approx(share)
