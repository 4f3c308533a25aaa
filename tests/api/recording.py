"""Catat as tests use it: a filled form, and what became of it."""

from __future__ import annotations

import html
import re

import httpx

from domain.ids import case_id, post_id
from domain.scope import Scope
from tests.api.serving import csrf_of
from tests.api.told import REGION

TEXT = "Selokan di depan SD Inpres tersumbat sampah plastik, air meluap ke kelas setiap hujan"
EVERYTHING = Scope(regions=frozenset({REGION}), may_oversee=True, may_reveal=True)
TELAGAWARU = "52.01.08.2004"


def form(client: httpx.Client, **changed: str) -> dict[str, str]:
    """The fields of a fresh form, filled in."""
    page = client.get("/catat").text
    return {
        "csrf": csrf_of(page), "nomor": hidden(page, "nomor"), "isi": TEXT, "kanal": "telepon",
        "tanggal": "2026-11-21", "jam": "14:00", "wilayah": REGION, **changed,
    }  # fmt: skip


def hidden(page: str, name: str) -> str:
    """The value of a field, as the page has it."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def saved(answer: httpx.Response) -> str:
    """The number of the form that was saved."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/catat/")


def case_of(draft: str, user: str = "ratna") -> str:
    return case_id(post_id("catat", f"{user}:{draft}"), REGION)
