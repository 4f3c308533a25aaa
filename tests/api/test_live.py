"""An open page is told the counts of its reader's own lists, and nothing once the login has ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from api.live import Shared, pulse
from api.visitors import GRANTS, WRITE, Visitor
from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Party
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import logged_in
from tests.api.told import OTHER, REGION

EVERYTHING = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True)
CENTER = Actor("admin", EVERYTHING, Party.CENTER)


@contextmanager
def listening(client: httpx.Client) -> Iterator[Iterator[tuple[str, dict[str, dict[str, int]]]]]:
    """The events of a stream as they come: name and what it holds."""
    with client.stream("GET", "/langsung", timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, dict[str, int]]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def visitor(place: Installation, name: str) -> Visitor:
    user = place.store.accounts.user(name)
    return Visitor(user, place.store.accounts.scope_of(user, frozenset({REGION, OTHER})), GRANTS[WRITE])


def test_a_stream_tells_at_once_and_again_when_a_ticket_is_made(place: Installation, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client, listening(client) as events:
        name, told = next(events)
        assert name == "hitungan"
        before = told["tiket"]["terbuka"]
        place.app.state.parts.desk.tickets.open([case("kubangan")], CENTER, opd="PUTR")
        _, after = next(events)
        assert after["tiket"]["terbuka"] == before + 1


def test_each_is_told_of_his_own(place: Installation) -> None:
    desk = place.app.state.parts.desk.tickets
    desk.open([case("kubangan")], CENTER, opd="PUTR")
    desk.open([case("truk")], CENTER, opd="DISHUB")
    desk.open([case("kades")], CENTER, opd="PUTR")
    shared, parts = Shared(), place.app.state.parts
    told = {name: pulse(parts, visitor(place, name), shared) for name in ("putr", "ratna", "bengkulu", "admin")}
    assert {name: one["tiket"]["terbuka"] for name, one in told.items()} == {
        "putr": 1, "ratna": 2, "bengkulu": 0, "admin": 3,
    }  # fmt: skip
    assert "meja" in told["ratna"]
    assert "meja" not in told["putr"]


def test_a_stream_ends_with_the_login_and_keeps_none_alive(place: Installation, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client, listening(client) as events:
        assert next(events)[0] == "hitungan"
        place.clock.advance(hours=13)
        assert next(events)[0] == "keluar"


def test_nobody_listens_without_a_login(address: str) -> None:
    assert httpx.get(f"{address}/langsung").status_code == 303
