"""Tickets as tests of the pages use them: made of told posts, read from a page, acted on by its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Party, Ticket
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import logged_in
from tests.api.told import OTHER, REGION

CENTER = Actor("ratna", Scope(frozenset({REGION, OTHER}), may_oversee=True), Party.CENTER)


def opened(place: Installation, *keys: str, opd: str | None = "PUTR") -> Ticket:
    """A ticket of told posts."""
    return place.app.state.parts.desk.tickets.open([case(key) for key in keys], CENTER, opd=opd)  # type: ignore[no-any-return]


def rows(page: str) -> list[str]:
    """The codes of a list's rows, in order."""
    return re.findall(r'<tr class="ticket[^"]*" data-key="([^"]+)"', page)


def tab(page: str, view: str) -> int:
    """The number that a tab of the list tells."""
    found = re.search(rf"<b[^>]*>([\d.]+)</b> {view}<", page)
    assert found, view
    return int(found.group(1))


def field(page: str, name: str) -> str:
    """A hidden field of the page's first form that has it."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def hits_of(client: httpx.Client, q: str) -> str:
    """The list of a search, without the panel beside it."""
    return (
        client.get("/cari", params={"q": q, "hari": 0})
        .text.partition('class="panel hits"')[2]
        .partition("</section>")[0]
    )


@contextmanager
def at(address: str, user: str = "ratna") -> Iterator[httpx.Client]:
    with logged_in(address, user, PASSWORD) as client:
        yield client


def act(client: httpx.Client, code: str, action: str, **more: str) -> httpx.Response:
    """Send a form of a ticket's page as the page shows it."""
    page = client.get(f"/tiket/{code}").text
    fields = {name: field(page, name) for name in ("csrf", "rev", "dilihat")}
    return client.post(f"/tiket/{code}/tindakan", data={**fields, "tindakan": action, **more})
