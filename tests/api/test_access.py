"""Who may see and do what. What is hidden is as absent as what is not there."""

from __future__ import annotations

import httpx
import pytest

from tests.api.conftest import Caller
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER

READS = ("/posts", "/posts/" + case("kubangan"), "/trends", "/sources", "/regions", "/topics")


@pytest.mark.parametrize("path", READS)
def test_nothing_is_read_without_a_login_or_a_token(quiet_address: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer jaring_salah"}):
        answer = httpx.get(f"{quiet_address}/api/v1{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["type"] == "urn:jaring:problem:not-logged-in"


def test_a_token_for_intake_reads_nothing(reads: Caller) -> None:
    assert reads(scope="intake").get("/posts").status_code == 403


@pytest.mark.parametrize(
    ("user", "key", "region"),
    [("ratna", "bengkulu", OTHER), ("ratna", "kades", "lombok-barat"), ("putr", "longsor", "lombok-barat"),
     ("bengkulu", "kubangan", "lombok-barat"), ("kosong", "kubangan", "lombok-barat")],
)  # fmt: skip
def test_a_hidden_case_is_told_like_an_absent_one(reads: Caller, user: str, key: str, region: str) -> None:
    client = reads(user)
    hidden, absent = case(key, region), case("tidak-pernah-ada", region)
    told, missing = client.get(f"/posts/{hidden}"), client.get(f"/posts/{absent}")
    assert told.status_code == missing.status_code == 404
    assert told.text.replace(hidden, "X") == missing.text.replace(absent, "X")
    assert reads("admin").get(f"/posts/{hidden}").status_code == 200


def test_an_agency_sees_and_counts_only_its_own(reads: Caller) -> None:
    client = reads("putr")
    page = client.get("/posts", params={"facets": "opd", "size": 100}).json()
    assert {item["opd"] for item in page["items"]} == {"PUTR"}
    assert [value["value"] for value in page["facets"]["opd"]] == ["PUTR"]
    assert client.get("/trends").json()["total"] == page["total"] == 14


def test_oversight_is_hidden_from_lists_and_counts(reads: Caller) -> None:
    params = {"q": "pungli"}
    assert reads("ratna").get("/posts", params=params).json()["total"] == 0
    assert reads("admin").get("/posts", params=params).json()["total"] == 1


def test_a_case_that_left_the_scope_leaves_the_hits_before_the_index_knows(place: Installation, calls: Caller) -> None:
    client = calls("putr")
    before = [item["id"] for item in client.get("/posts").json()["items"]]
    assert case("hotmix") in before
    calls("ratna").post(f"/posts/{case('hotmix')}/labels", json={"task": "opd", "value": "DLH"})
    place.store.belts.step_decide(place.desk)
    after = [item["id"] for item in client.get("/posts").json()["items"]]
    assert case("hotmix") not in after


def test_a_login_reads_the_api_and_needs_the_csrf_token_to_change_things(address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client:
        assert client.get("/api/v1/posts").status_code == 200
        path, wish = f"/api/v1/posts/{case('kubangan')}/labels", {"task": "urgency", "value": "mendesak"}
        assert client.post(path, json=wish).status_code == 403
        assert client.post(path, json=wish, headers={"X-CSRF-Token": "salah"}).status_code == 403
        token = csrf_of(client.get("/cari").text)
        assert client.post(path, json=wish, headers={"X-CSRF-Token": token}).status_code == 201


def test_who_must_change_the_password_first_reads_nothing(address: str) -> None:
    with logged_in(address, "baru", PASSWORD) as client:
        assert client.get("/api/v1/posts").status_code == 403
        assert client.get("/cari").headers["location"] == "/sandi"


@pytest.mark.parametrize("user", ["bupati", "kosong"])
def test_leaders_and_people_without_scope_correct_nothing(calls: Caller, user: str) -> None:
    answer = calls(user).post(f"/posts/{case('kubangan')}/labels", json={"task": "urgency", "value": "mendesak"})
    assert answer.status_code in {403, 404}


def test_a_token_to_read_corrects_nothing(calls: Caller) -> None:
    wish = {"task": "urgency", "value": "mendesak"}
    assert calls(scope="read").post(f"/posts/{case('kubangan')}/labels", json=wish).status_code == 403
