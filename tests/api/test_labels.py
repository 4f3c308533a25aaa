"""Corrections through the API."""

from __future__ import annotations

import pytest

from tests.api.conftest import Caller
from tests.api.installation import Installation, case


def test_a_corrected_label_is_found_once_it_is_indexed(place: Installation, calls: Caller) -> None:
    client, path = calls(), f"/posts/{case('truk')}"
    answer = client.post(f"{path}/labels", json={"task": "topic", "value": "jalan.desa", "note": "soal jalannya"})
    assert answer.status_code == 201
    assert answer.json()["state"] == "ditinjau"
    assert [(label["task"], label["value"], label["by"]) for label in answer.json()["labels"]] == [
        ("topic", "jalan.desa", "ratna")
    ]
    place.work()
    found = client.get("/posts", params={"topic": "jalan.desa"}).json()
    assert [item["id"] for item in found["items"]] == [case("truk")]
    assert found["items"][0]["corrected"] == ["topic"]


def test_a_place_can_be_named_or_coded(place: Installation, calls: Caller) -> None:
    client, path = calls(), f"/posts/{case('tanya')}/labels"
    assert (
        client.post(path, json={"task": "place", "value": "Banyumulek"}).json()["labels"][-1]["value"]
        == "52.01.02.2006"
    )
    assert (
        client.post(path, json={"task": "place", "value": "Kediri (kecamatan)"}).json()["labels"][-1]["value"]
        == "52.01.02"
    )
    place.work()
    assert client.get(f"/posts/{case('tanya')}").json()["post"]["kecamatan"] == "52.01.02"


@pytest.mark.parametrize(
    ("task", "value", "hint"),
    [
        ("sentiment", "marah", "negatif"),
        ("topic", "jalan.berdebu", "/api/v1/topics"),
        ("opd", "DINASBARU", "DINASBARU"),
        ("place", "Atlantis", "Atlantis"),
        ("place", "Kediri", "52.01.02"),
        ("relevance", "mungkin", "1"),
    ],
)
def test_a_value_that_means_nothing_is_refused_with_what_would_do(
    calls: Caller, task: str, value: str, hint: str
) -> None:
    answer = calls().post(f"/posts/{case('kubangan')}/labels", json={"task": task, "value": value})
    assert answer.status_code == 422
    assert hint in answer.json()["detail"]


def test_the_newest_word_wins_and_all_are_kept(place: Installation, calls: Caller) -> None:
    client, path = calls(), f"/posts/{case('kubangan')}"
    for value in ("mendesak", "darurat"):
        client.post(f"{path}/labels", json={"task": "urgency", "value": value})
    place.work()
    detail = client.get(path).json()
    assert detail["post"]["urgency"] == "darurat"
    assert [label["value"] for label in detail["labels"]] == ["mendesak", "darurat"]
