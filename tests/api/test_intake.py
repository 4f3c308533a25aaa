"""Handing posts in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.api.installation import Installation
from tests.api.told import OTHER, REGION

POST: dict[str, Any] = {
    "id": "A-1", "text": "Jembatan di Gerung ambruk, hubungi saya 081234567890", "region": REGION,
    "author": "Pak Budi", "contact": "budi@contoh.invalid", "published_at": "2026-11-21T01:00:00+08:00",
}  # fmt: skip


def test_the_same_post_twice_is_one_post(place: Installation, calls: Caller) -> None:
    client = calls("ratna", "intake")
    first, second = (client.post("/intake/telepon", json=POST) for _ in range(2))
    assert (first.status_code, first.json()["outcome"]) == (201, "added")
    assert (second.status_code, second.json()["outcome"]) == (200, "unchanged")
    assert first.json()["post_id"] == second.json()["post_id"]
    place.work()
    found = calls("ratna", "read").get("/posts", params={"q": "jembatan"}).json()
    assert found["total"] == 1
    assert found["items"][0]["channel"] == "telepon"
    assert "[telepon]" in found["items"][0]["text"]


def test_other_words_under_the_same_id_are_a_revision(place: Installation, calls: Caller) -> None:
    client = calls("ratna", "intake")
    client.post("/intake/surat", json=POST)
    answer = client.post("/intake/surat", json={**POST, "text": "Jembatan di Gerung sudah diperbaiki"})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "revised")
    place.work()
    case = f"{answer.json()['post_id']}.{REGION}"
    detail = calls("ratna", "read").get(f"/posts/{case}").json()
    assert [revision["revision"] for revision in detail["revisions"]] == [1]


def test_two_senders_may_use_the_same_id(calls: Caller) -> None:
    ids = {calls(user, "intake").post("/intake/formulir", json=POST).json()["post_id"] for user in ("ratna", "admin")}
    assert len(ids) == 2


@pytest.mark.parametrize(("user", "scope"), [("ratna", "read"), ("ratna", "write"), ("bengkulu", "intake")])
def test_only_a_token_for_intake_of_that_region_hands_in(calls: Caller, user: str, scope: str) -> None:
    assert calls(user, scope).post("/intake/telepon", json=POST).status_code == 403


@pytest.mark.parametrize(
    "change",
    [{"text": "  "}, {"id": ""}, {"id": "a\x00b"}, {"url": "https://contoh.invalid/a b"},
     {"text": "x" * 50_001}, {"lat": 91}, {"kolom": 1}, {"published_at": "2026-11-21"},
     {"published_at": 1_700_000_000},
     {"url": "javascript:alert(1)"}, {"text": None}],
)  # fmt: skip
def test_a_post_that_cannot_be_used_is_told_why(calls: Caller, change: dict[str, Any]) -> None:
    answer = calls("ratna", "intake").post("/intake/telepon", json={**POST, **change})
    assert answer.status_code == 422
    assert next(iter(change)) in answer.json()["detail"]


def test_the_region_may_be_left_out_by_who_serves_only_one(place: Installation, calls: Caller) -> None:
    unsaid = {key: value for key, value in POST.items() if key != "region"}
    answer = calls("ratna", "intake").post("/intake/telepon", json=unsaid)
    assert (answer.status_code, answer.json()["outcome"]) == (201, "added")
    place.work()
    case = f"{answer.json()['post_id']}.{REGION}"
    assert calls("ratna", "read").get(f"/posts/{case}").status_code == 200
    refused = calls("admin", "intake").post("/intake/telepon", json=unsaid)
    assert refused.status_code == 422
    assert f"{OTHER}, {REGION}" in refused.json()["detail"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_senseless_date_becomes_the_time_of_intake(place: Installation, calls: Caller, moment: str) -> None:
    answer = calls("ratna", "intake").post("/intake/telepon", json={**POST, "published_at": moment})
    assert answer.status_code == 201
    place.work()
    case = f"{answer.json()['post_id']}.{REGION}"
    post = calls("ratna", "read").get(f"/posts/{case}").json()["post"]
    assert (post["published_at"], post["date_trust"]) == ("2026-11-21T06:32:00Z", "saat_diambil")


def test_an_unknown_channel_is_refused(calls: Caller) -> None:
    assert calls("ratna", "intake").post("/intake/merpati", json=POST).status_code == 422


def test_odd_characters_are_stored_and_do_no_harm(calls: Caller) -> None:
    client = calls("ratna", "intake")
    answer = client.post("/intake/telepon", json={**POST, "id": "aneh", "text": "jalan \x00 rusak \U0001f525 \u202e"})
    assert answer.status_code == 201
