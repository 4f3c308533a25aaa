"""Several questions in one call: each is asked again where the cluster says that it may pass."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from elasticsearch import ApiError

from indexer.elasticsearch.connection import TRIES, Address, connect, is_missing
from indexer.elasticsearch.snapshot import Question, Snapshot

FOUND: dict[str, Any] = {"status": 200, "hits": {"hits": []}, "pit_id": "baru"}


def failing(status: int, kind: str = "shards") -> dict[str, Any]:
    return {"status": status, "error": {"type": kind, "reason": "begitu"}}


@contextmanager
def cluster(calls: list[list[dict[str, Any]]]) -> Iterator[tuple[Snapshot, list[int]]]:
    """A cluster that answers each call with the next of these, the last one for ever; and how many questions came."""
    asked: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            lines = self.rfile.read(int(self.headers["Content-Length"])).splitlines()
            asked.append(len(lines) // 2)
            body = json.dumps({"responses": calls[min(len(asked), len(calls)) - 1]}).encode()
            self.send_response(200)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = connect(Address((f"http://127.0.0.1:{server.server_port}",)))
        try:
            yield Snapshot(client, "lama"), asked
        finally:
            client.close()
            server.shutdown()
            thread.join()


BOTH = [Question({"size": 1}), Question({"size": 0})]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_may_pass_is_asked_again_all_together(status: int) -> None:
    with cluster([[FOUND, failing(status)], [FOUND, FOUND]]) as (snapshot, asked):
        assert snapshot.ask_all(BOTH) == [FOUND, FOUND]
        assert asked == [2, 2]
        assert snapshot.name == "baru"


def test_patience_ends() -> None:
    with cluster([[failing(503), FOUND]]) as (snapshot, asked):
        with pytest.raises(ApiError) as refused:
            snapshot.ask_all(BOTH)
        assert refused.value.status_code == 503
        assert len(asked) == TRIES


def test_what_is_gone_is_told_at_once_as_the_client_tells_it() -> None:
    with cluster([[FOUND, failing(404, "index_not_found_exception")]]) as (snapshot, asked):
        with pytest.raises(ApiError) as refused:
            snapshot.ask_all(BOTH)
        assert is_missing(refused.value)
        assert len(asked) == 1
