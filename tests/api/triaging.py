"""The triage desk as tests use it: what a page shows, and forms sent as the page has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION


@contextmanager
def as_user(address: str, name: str) -> Iterator[httpx.Client]:
    with logged_in(address, name, PASSWORD) as client:
        yield client


def stories(page: str) -> list[str]:
    return re.findall(r'<li class="story[^"]*" data-key="([^"]+)"', page)


def chosen(page: str) -> str:
    found = re.search(r'data-story="([^"]+)"', page)
    assert found, "nothing is chosen"
    return found[1]


def hidden(page: str, name: str) -> str:
    """A hidden field of the forms of the chosen story."""
    return page.partition('id="terpilih"')[2].partition(f'name="{name}" value="')[2].partition('"')[0]


def story_of(place: Installation, key: str, region: str = REGION) -> str:
    scope = place.store.accounts.scope_of(place.store.accounts.user("admin"), frozenset({REGION, OTHER}))
    return place.store.cases.document(case(key, region), scope).story


def click(client: httpx.Client, page: str, where: str, **fields: str) -> httpx.Response:
    """Send a form of the chosen story, as the page has it, and follow where it leads."""
    body = {
        "csrf": csrf_of(page), "cerita": chosen(page), "di": hidden(page, "di"), "lanjut": hidden(page, "lanjut"),
        **fields,
    }  # fmt: skip
    return client.post(f"/meja/{where}", data=body, follow_redirects=True)


def pick(client: httpx.Client, place: Installation, key: str) -> str:
    answer = client.get("/meja", params={"pilih": story_of(place, key)})
    assert answer.status_code == 200
    assert chosen(answer.text) == story_of(place, key)
    return answer.text
