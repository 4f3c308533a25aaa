"""`/api/v1/watches` and `/api/v1/alerts`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx

from api.live import Shared, pulse
from tests.api.alerting import desk_of, heard, reader, watch
from tests.api.installation import Installation, case
from tests.api.test_live import visitor
from tests.api.told import OTHER, REGION, Told

Caller = Callable[..., httpx.Client]
ROADS = {"name": "Jalan rusak", "region": REGION, "q": "kubangan OR berlubang", "filters": {"topic": ["jalan"]}}


def bring(place: Installation, key: str, text: str, **more: object) -> None:
    """Let a post come in now."""
    told = Told(key, text, "jalan.rusak", 0.1, **more)  # type: ignore[arg-type]
    place.store.intake.accept([told.incoming()])
    place.work()


def test_a_search_is_saved_read_changed_and_deleted(place: Installation, calls: Caller) -> None:
    client = calls("ratna")
    made = client.post("/watches", json=ROADS)
    assert made.status_code == 201
    saved = made.json()
    assert {**ROADS, "filters": saved["filters"]}.items() <= saved.items()
    assert saved["filters"]["topic"] == ["jalan"]
    assert (saved["owner"], saved["kind"], saved["hour"], saved["shared"]) == ("ratna", "each", 7, False)
    address = f"/watches/{saved['id']}"
    assert client.get(address).json() == saved
    changed = client.put(address, json={"name": "Jalan", "kind": "digest", "hour": 16, "shared": True})
    assert (changed.json()["name"], changed.json()["kind"], changed.json()["hour"]) == ("Jalan", "digest", 16)
    assert client.get("/watches").json()["total"] == 1
    assert calls("admin").get(address).json()["owner"] == "ratna", "shared with the center"
    assert calls("putr").get(address).status_code == 404
    for other in ("admin", "putr"):
        assert calls(other).put(address, json={"name": "Punya saya"}).status_code == 404
        assert calls(other).delete(address).status_code == 404
    assert client.delete(address).json()["name"] == "Jalan"
    assert client.get(address).status_code == 404


def test_what_cannot_be_saved_is_told(calls: Caller) -> None:
    client = calls("ratna")
    assert client.post("/watches", json=ROADS).status_code == 201
    for body, status in (
        (ROADS, 409),
        ({**ROADS, "name": "Lain", "q": "jalan AND"}, 400),
        ({"name": "Semua", "region": REGION}, 422),
        ({**ROADS, "name": "Lain", "region": OTHER}, 404),
        ({**ROADS, "name": "Lain", "hour": 24}, 422),
        ({**ROADS, "name": "Lain", "q": "081917222333"}, 422),
        ({**ROADS, "name": "Lain", "filters": {"since": "2026-01-01"}}, 422),
    ):
        assert client.post("/watches", json=body).status_code == status, body
    only_reads = calls("ratna", "read")
    assert only_reads.get("/watches").status_code == 200
    assert only_reads.post("/watches", json={**ROADS, "name": "Lain"}).status_code == 403


def test_an_alert_says_why_and_is_answered(place: Installation, calls: Caller) -> None:
    client = calls("ratna")
    client.post("/watches", json=ROADS)
    place.clock.advance(minutes=1)
    bring(place, "baru-1", "Jalan depan pasar Gerung berlubang parah", source="suara-lobar")
    found = client.get("/alerts").json()
    assert found["total"] == 1
    (alert,) = found["items"]
    assert (alert["kind"], alert["state"], alert["stories"], alert["name"]) == ("each", "new", 1, "Jalan rusak")
    assert alert["terms"][0] == "berlubang"
    assert alert["sources"] == ["suara-lobar"]
    assert [post["id"] for post in alert["samples"]] == [case("baru-1")]
    address = f"/alerts/{alert['id']}/state"
    until = (place.clock() + timedelta(hours=2)).isoformat()
    for _ in range(2):
        snoozed = client.put(address, json={"state": "snoozed", "until": until})
        assert snoozed.json()["state"] == "snoozed"
    assert client.get("/alerts").json()["total"] == 0
    assert client.get("/alerts?state=snoozed").json()["total"] == 1
    assert client.put(address, json={"state": "snoozed"}).status_code == 422
    assert client.put(address, json={"state": "seen"}).json()["state"] == "seen"
    assert calls("admin").put(address, json={"state": "seen"}).status_code == 404
    absent = address.replace(alert["id"], f"{'0' * 16}.c-{'0' * 20}")
    assert client.put(absent, json={"state": "seen"}).status_code == 404


def test_alerts_come_page_by_page(place: Installation, calls: Caller) -> None:
    watch(place, "admin", "NOT entah", name="semua yang bukan entah")
    heard(place)
    client, seen, after = calls("admin"), list[str](), ""
    while True:
        page = client.get(f"/alerts?size=3{after}").json()
        seen += [alert["id"] for alert in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == page["total"]
    assert page["total"] > 6
    assert client.get("/alerts?after=ngawur").status_code == 422


def test_an_open_page_is_told_how_many_alerts_its_reader_has(place: Installation) -> None:
    watch(place, "admin", "pungli OR kubangan", shared=True)
    heard(place)
    shared, parts = Shared(), place.app.state.parts
    told = {
        name: pulse(parts, visitor(place, name), shared)["peringatan"]["baru"] for name in ("admin", "ratna", "putr")
    }
    assert told == {"admin": 2, "ratna": 1, "putr": 0}
    assert desk_of(place).count_new(reader(place, "ratna")) == 1
