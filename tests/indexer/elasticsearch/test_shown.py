"""What Kibana is shown: cases and tickets of its own indices, with nothing in them that the center may not all read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.labels import Intent, Sentiment, Urgency
from domain.search import CaseVersion, Tombstone
from domain.tickets import Clock, ClockKind, Origin, Ticket, TicketState
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.elasticsearch.shown import shown_body, shown_mappings
from indexer.elasticsearch.tickets import TICKET_MAPPINGS, TicketEntry, ticket_body
from indexer.rebuild import rebuild
from indexer.reconcile import Truth
from indexer.shown import TrueTickets, reconcile_shown
from tests.contracts.index.documents import NOW, make_document, place

SECRET = ("author", "accused_opd", "url", "parent", "why", "oversight", "vector", "emb", "find", "opds", "places")


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """An index of an installation that has a Kibana."""
    opened = open_index(elasticsearch_url, kibana=True)
    yield opened
    opened.clear()
    opened.close()


def make_ticket(number: int = 1, **changes: Any) -> Ticket:
    fields: dict[str, Any] = {
        "code": f"LB-2026-11-{number:04d}",
        "region": "lombok-barat",
        "state": TicketState.DISPOSED,
        "title": "Jalan rusak di depan rumah Bu Sari",
        "opd": "PUTR",
        "topic": "jalan.rusak",
        "intent": Intent.COMPLAINT,
        "urgency": Urgency.ORDINARY,
        "sentiment": Sentiment.NEGATIVE,
        "area": "52.01.06.2003",
        "place": "Sesela",
        "origin": Origin.PERSON,
        "opened_at": NOW,
        "opened_by": "sari",
        "published_at": NOW - timedelta(hours=3),
        "first_disposed_at": NOW + timedelta(hours=2),
        "disposed_at": NOW + timedelta(hours=2),
        "answered_at": NOW + timedelta(hours=8),
        "response_due": NOW + timedelta(hours=5),
        "clock": Clock(kind=ClockKind.RESOLVE, at=NOW + timedelta(days=3)),
        "updated_at": NOW,
    }
    return Ticket(**(fields | changes))


def shown(index: ElasticIndex, alias: str | None = None) -> list[dict[str, Any]]:
    """What a reader of the alias finds."""
    index.refresh()
    hits = index.home.client.search(index=alias or index.home.shown.alias, ignore_unavailable=True, size=100).body
    return sorted((hit["_source"] for hit in hits["hits"]["hits"]), key=lambda x: str(x["id"]))


def tickets(index: ElasticIndex) -> list[str]:
    return [source["code"] for source in shown(index, index.home.tickets.alias)]


def test_a_case_is_shown_without_what_not_all_may_read(index: ElasticIndex) -> None:
    case = make_document(1, author="a1", url="https://x.test", places=(place("52.01.09.2001", "Sesela"),),
        kecamatan="52.01.09", lat=-8.6, lon=116.1, published_at=NOW - timedelta(hours=30))  # fmt: skip
    index.upsert([case])
    (source,) = shown(index)
    assert (source["text"], source["place"], source["late_hours"]) == ("jalan rusak", "Sesela", 30.0)
    assert source["kecamatan_name"] == "Gunungsari"
    assert not source.keys() & set(SECRET)


def test_everything_that_is_written_has_a_mapping() -> None:
    case = make_document(1, lat=-8.6, lon=116.1, places=(place("52.01.06.2003"),), ticket="LBR-1")
    assert json.loads(shown_body(case)).keys() <= shown_mappings(())["properties"].keys()
    written = json.loads(ticket_body(TicketEntry(make_ticket(lat=-8.6, lon=116.1))))
    assert written.keys() <= TICKET_MAPPINGS["properties"].keys()
    assert not (shown_mappings(())["properties"].keys() | TICKET_MAPPINGS["properties"].keys()) & set(SECRET)


def test_what_is_under_oversight_never_gets_there_and_leaves_when_it_becomes_so(index: ElasticIndex) -> None:
    index.upsert([make_document(1, "pungli di kantor", oversight=True), make_document(2, "jalan rusak")])
    assert [source["text"] for source in shown(index)] == ["jalan rusak"]
    index.upsert([make_document(2, "jalan rusak", rev=2, oversight=True)])
    index.upsert([make_document(2, "jalan rusak", rev=1)])  # a late writer
    assert shown(index) == []
    index.refresh()
    whole = index.home.client.search(index=f"{index.home.shown.base}-*", size=10).body
    assert "pungli" not in json.dumps(whole)
    assert "jalan" not in json.dumps(whole)


def test_a_deleted_case_is_shown_no_more(index: ElasticIndex) -> None:
    case = make_document(1)
    index.upsert([case])
    index.upsert([Tombstone(id=case.id, rev=2, month=case.month)])
    assert shown(index) == []


def test_a_ticket_stands_in_the_index_of_its_year_in_codes_and_figures(index: ElasticIndex) -> None:
    index.upsert_tickets([make_ticket(), make_ticket(2, code="LB-2025-12-0002")])
    (_, source) = shown(index, index.home.tickets.alias)
    assert (source["hours_to_dispose"], source["hours_to_answer"], source["hours_to_done"]) == (2.0, 6.0, None)
    assert (source["answered_in_time"], source["done_in_time"], source["open"]) == (0, None, True)
    assert source["kecamatan"] == "52.01.06"
    assert not {"title", "opened_by", "proposed", "resolve_why", "accused_opd"} & source.keys()
    assert "Sari" not in json.dumps(source)
    names = index.home.client.indices.get(index=f"{index.home.tickets.base}-*").body
    assert sorted(name.rpartition("-")[2] for name in names) == ["2025", "2026"]


def test_tickets_under_oversight_and_those_that_accuse_are_not_shown(index: ElasticIndex) -> None:
    index.upsert_tickets([make_ticket(1, oversight=True), make_ticket(2, accused_opd=("PUTR",)), make_ticket(3)])
    assert tickets(index) == ["LB-2026-11-0003"]


def test_of_two_states_of_a_ticket_the_newer_stands_in_whatever_order_they_come(index: ElasticIndex) -> None:
    done = make_ticket(rev=5, state=TicketState.DONE, done_at=NOW + timedelta(hours=9))
    assert [x.fate for x in index.upsert_tickets([done, make_ticket(rev=4)])] == ["written", "stale"]
    assert [x.fate for x in index.upsert_tickets([done])] == ["written"]
    assert shown(index, index.home.tickets.alias)[0]["state"] == "selesai"


def test_a_code_without_a_year_is_poison_and_leaves_the_others_alone(index: ElasticIndex) -> None:
    fates = index.upsert_tickets([make_ticket(code="tanpa tahun"), make_ticket(2)])
    assert [x.fate for x in fates] == ["poison", "written"]


def test_without_kibana_nothing_is_written_for_it(elasticsearch_url: str) -> None:
    plain = open_index(elasticsearch_url)
    plain.upsert([make_document(1)])
    assert [x.fate for x in plain.upsert_tickets([make_ticket()])] == ["written"]
    assert not plain.holds_tickets()
    assert (shown(plain), shown(plain, plain.home.tickets.alias)) == ([], [])
    assert len(plain.home.client.indices.get(index=f"{plain.home.name}*-*").body) == 1
    plain.clear()
    plain.close()


def test_where_kibana_comes_later_a_rebuild_fills_its_indices_and_where_it_goes_they_go(elasticsearch_url: str) -> None:
    before, after = open_index(elasticsearch_url), open_index(elasticsearch_url, kibana=True)
    before.upsert([make_document(1)])
    assert not before.outdated()
    assert after.outdated()

    def truth() -> Iterator[Any]:
        yield make_document(1)
        before.upsert([make_document(2)])  # by the usual door, of a process that knows of no Kibana yet
        before.upsert_tickets([make_ticket(1, rev=3)])

    rebuild(after, truth(), tickets=iter([make_ticket(1, rev=2), make_ticket(2)]))
    assert not after.outdated()
    assert len(shown(after)) == 2
    assert [source["rev"] for source in shown(after, after.home.tickets.alias)] == [3, 1]
    rebuild(before, iter([make_document(1)]), tickets=iter([make_ticket(1)]))
    assert (shown(before), tickets(before)) == ([], [])
    before.clear()
    for one in (before, after):
        one.close()


def test_indices_of_others_with_names_alike_are_left_alone(index: ElasticIndex) -> None:
    index.upsert([make_document(1)])
    client, theirs = index.home.client, f"{index.home.tickets.base}-2026"
    client.indices.create(index=theirs)
    rebuild(index, iter([]))
    index.clear()
    assert client.indices.exists(index=theirs)
    client.indices.delete(index=theirs)


def test_reconcile_finds_and_repairs_what_was_planted(index: ElasticIndex) -> None:
    cases = [make_document(n) for n in range(4)] + [make_document(4, oversight=True)]
    told = [make_ticket(n, rev=2) for n in range(1, 5)]
    index.upsert(cases)
    index.upsert_tickets([*told[:2], make_ticket(3, rev=1), make_ticket(9)])
    index.refresh()
    home = index.home
    client, generation = home.client, home.state().read.generation
    client.indices.delete(index=home.shown.index_of(generation, "2026-11"))
    truth = Truth(
        digests=list,
        versions=lambda *_: [CaseVersion(id=x.id, rev=x.rev) for x in cases],
        documents=lambda ids: [x for x in cases if x.id in ids],
    )
    true = TrueTickets(lambda: {x.code: x.rev for x in told}, lambda codes: [x for x in told if x.code in codes])
    report = reconcile_shown(index, truth, true)
    assert (report.months, report.missing, report.outdated, report.unknown) == (1, 1, 1, 1)
    assert len(shown(index)) == 4
    assert tickets(index) == [x.code for x in told]
    again = reconcile_shown(index, truth, true)
    assert (again.months, again.missing, again.outdated) == (0, 0, 0)
