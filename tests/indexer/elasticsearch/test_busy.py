"""A busy cluster is given time, an overloaded one smaller bulks; one bad document is set aside alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.documents import PostDocument
from domain.errors import IndexUnavailable, SettingsError
from indexer.elasticsearch.bulk import TRIES, BulkWriter
from indexer.elasticsearch.connection import Address, connect, read_address
from indexer.elasticsearch.pace import FIRST, LEAST, Pace
from tests.contracts.index.documents import make_document

Fate = Callable[[int, str], int]  # the number of a bulk and an id -> status


@contextmanager
def cluster(
    answers: Fate, *, whole: dict[int, int] | None = None, silent: int = 0
) -> Iterator[tuple[BulkWriter, list[list[str]]]]:
    """A server that answers bulks as told, one by one; `whole` are bulks refused as such, by their number.

    To the first `silent` bulks it says nothing, for longer than the client waits.
    """
    bulks: list[list[str]] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            lines = self.rfile.read(int(self.headers["Content-Length"])).splitlines()[::2]
            ids = [json.loads(line)["index"]["_id"] for line in lines]
            bulks.append(ids)
            number = len(bulks) - 1
            if number < silent:
                over.wait()
                self.close_connection = True
                return
            status = (whole or {}).get(number, 200)
            items = [{"index": {"status": answers(number, x), "error": {"reason": "begitu"}}} for x in ids]
            body = json.dumps({"items": items} if status == 200 else {"error": {"type": "sibuk", "reason": "sibuk"}})
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_PUT  # noqa: N815  the name that the server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = connect(Address((f"http://127.0.0.1:{server.server_port}",)))
        if silent:
            client = client.options(request_timeout=0.2)
        try:
            yield BulkWriter(client, sleep=lambda _: None, chance=lambda: 0.5), bulks
        finally:
            client.close()
            over.set()
            server.shutdown()
            thread.join()


def write(writer: BulkWriter, documents: list[PostDocument]) -> list[str]:
    return [x.fate for x in writer.write(documents, lambda month: f"posts-{month}")]


def test_only_what_was_refused_for_now_is_sent_again() -> None:
    documents = [make_document(n) for n in range(4)]
    busy = {documents[1].id, documents[3].id}
    with cluster(lambda number, x: 429 if number == 0 and x in busy else 201) as (writer, bulks):
        assert write(writer, documents) == ["written"] * 4
        assert bulks == [[x.id for x in documents], [documents[1].id, documents[3].id]]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_bulk_refused_for_now_is_sent_again(status: int) -> None:
    with cluster(lambda *_: 200, whole={0: status, 1: status}) as (writer, bulks):
        assert write(writer, [make_document(1)]) == ["written"]
        assert len(bulks) == 3


def test_patience_ends_and_everything_may_come_again() -> None:
    with cluster(lambda *_: 429) as (writer, bulks):
        with pytest.raises(IndexUnavailable):
            write(writer, [make_document(1)])
        assert len(bulks) == TRIES


def test_a_bulk_that_the_cluster_cannot_finish_in_time_is_sent_again_and_the_next_are_smaller() -> None:
    with cluster(lambda *_: 200, silent=1) as (writer, bulks):
        assert write(writer, [make_document(1)]) == ["written"]
        assert len(bulks) == 2
        assert writer.pace.documents < FIRST


def test_a_batch_goes_in_parts_so_that_one_is_prepared_while_another_is_on_its_way() -> None:
    documents = [make_document(n) for n in range(2 * LEAST)]
    with cluster(lambda *_: 200) as (writer, bulks):
        assert write(writer, documents) == ["written"] * len(documents)
        assert [len(bulk) for bulk in bulks] == [LEAST, LEAST]


def test_a_conflict_is_stale_and_a_bad_document_is_poison_alone() -> None:
    documents = [make_document(n) for n in range(3)]
    statuses = dict(zip([x.id for x in documents], (409, 400, 200), strict=True))
    with cluster(lambda _, x: statuses[x]) as (writer, bulks):
        assert write(writer, documents) == ["stale", "poison", "written"]
        assert len(bulks) == 1


def test_a_refusal_that_is_nobodys_fault_is_told() -> None:
    with cluster(lambda *_: 403) as (writer, _), pytest.raises(IndexUnavailable, match="403"):
        write(writer, [make_document(1)])


def test_many_documents_go_in_several_bulks_and_keep_their_places() -> None:
    documents = [make_document(n) for n in range(7)]
    with cluster(lambda _, x: 409 if x == documents[4].id else 201) as (writer, bulks):
        writer.pace.documents = 2
        assert write(writer, documents)[4] == "stale"
        assert sorted(x for bulk in bulks for x in bulk) == sorted(x.id for x in documents)
        assert len(bulks) > 1


def test_bulks_shrink_by_half_when_the_cluster_is_too_busy_and_grow_slowly() -> None:
    pace = Pace()
    pace.slower()
    assert pace.documents == FIRST // 2
    for _ in range(9):
        pace.slower()
    assert pace.documents == LEAST
    pace.faster()
    assert LEAST < pace.documents < FIRST


def test_an_address_names_nodes_login_and_indices() -> None:
    read = read_address("https://jaring:s%40ndi@a.test:9200,https://jaring:s%40ndi@b.test:9201/es#lobar")
    assert read == Address(("https://a.test:9200", "https://b.test:9201/es"), ("jaring", "s@ndi"), "lobar")
    assert read_address("http://[::1]:9200") == Address(("http://[::1]:9200",))


@pytest.mark.parametrize("text", ["http://", "ftp://a", "http://a:port", "http://a#Besar", "http://a,"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match="JARING_SEARCH_URL"):
        read_address(text)


def test_a_cluster_that_is_away_is_told_and_not_before_it_is_asked() -> None:
    writer = BulkWriter(connect(Address(("http://127.0.0.1:1",))), sleep=lambda _: None)
    with pytest.raises(IndexUnavailable):
        write(writer, [make_document(1)])
