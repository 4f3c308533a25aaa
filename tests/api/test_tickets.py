"""Tickets through the API: made, read, acted on, and hidden from whom they do not concern."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from domain.scope import Scope
from tests.api.conftest import Caller
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION


def make(
    client: httpx.Client, *keys: str, opd: str | None = "PUTR", region: str = REGION, **more: str
) -> dict[str, Any]:
    """Make a ticket of told posts; what the API answers."""
    wish = {"cases": [case(key, region) for key in keys], "opd": opd, **more}
    answer = client.post("/tickets", json={name: value for name, value in wish.items() if value is not None})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def act(client: httpx.Client, code: str, action: str, **more: object) -> httpx.Response:
    return client.post(f"/tickets/{code}/actions", json={"action": action, **more})


def codes(client: httpx.Client, **asked: object) -> list[str]:
    answer = client.get("/tickets", params={"size": 100, **asked})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


def test_a_ticket_made_of_cases_has_their_words_a_deadline_with_its_reason_and_a_history(calls: Caller) -> None:
    body = make(calls(), "kubangan", "kubangan-2", note="Mohon dicek, hp 081917222333")
    ticket = body["ticket"]
    assert ticket["code"] == "LB-2026-11-0001"
    assert (ticket["state"], ticket["opd"], ticket["cases"]) == ("didisposisikan", "PUTR", 2)
    assert ticket["clock"]["kind"] == "tanggapan"
    assert "hari kerja" in ticket["clock"]["why"]
    assert [line["action"] for line in body["history"]] == ["buka", "disposisi"]
    assert [post["id"] for post in body["cases"]] == [case("kubangan"), case("kubangan-2")]
    assert "081917222333" not in str(body)


def test_a_ticket_goes_its_way_from_the_center_to_the_office_and_back(calls: Caller) -> None:
    center, office = calls(), calls("putr")
    code = make(center, "kubangan")["ticket"]["code"]
    for client, action, more, state in (
        (office, "terima", {}, "dikerjakan"),
        (office, "jawab", {"note": "Tim ke lapangan besok."}, "dikerjakan"),
        (office, "ajukan_selesai", {"note": "Sudah ditambal."}, "menunggu_verifikasi"),
        (center, "kembalikan", {"note": "Fotonya belum ada."}, "dikerjakan"),
        (office, "ajukan_selesai", {"note": "Foto terlampir."}, "menunggu_verifikasi"),
        (center, "setujui", {}, "selesai"),
    ):
        answer = act(client, code, action, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == state
    told = center.get(f"/tickets/{code}").json()["history"]
    assert [line["action"] for line in told][-1] == "setujui"
    assert {line["by"] for line in told} == {"ratna", "putr"}


def test_what_an_office_returns_leaves_its_sight_and_waits_at_the_center_with_the_office_it_suggests(
    calls: Caller,
) -> None:
    center, office = calls(), calls("putr")
    code = make(center, "kubangan")["ticket"]["code"]
    answer = act(office, code, "bukan_wewenang", note="Ini jalan provinsi.", opd="DISHUB")
    assert answer.status_code == 200
    assert (answer.json()["opd"], answer.json()["proposed"]) == (None, "DISHUB")
    assert office.get(f"/tickets/{code}").status_code == 404
    assert codes(center, view="dikembalikan") == [code]
    assert codes(office) == []


def test_a_move_that_the_table_does_not_have_is_a_conflict_that_names_ticket_and_state(calls: Caller) -> None:
    center = calls()
    code = make(center, "kubangan")["ticket"]["code"]
    answer = act(center, code, "setujui")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:jaring:problem:conflict"
    assert code in answer.json()["detail"]
    assert "didisposisikan" in answer.json()["detail"]


def test_who_acts_on_what_is_no_longer_so_is_told_and_changes_nothing(calls: Caller) -> None:
    center = calls()
    ticket = make(center, "kubangan")["ticket"]
    code, seen = ticket["code"], ticket["rev"]
    assert act(calls("putr"), code, "terima", rev=seen).status_code == 200
    answer = act(center, code, "tunda", note="Menunggu alat.", rev=seen)
    assert answer.status_code == 409
    assert center.get(f"/tickets/{code}").json()["ticket"]["state"] == "dikerjakan"


@pytest.mark.parametrize(
    ("wish", "status"),
    [({"action": "tunda"}, 422), ({"action": "disposisi"}, 422), ({"action": "disposisi", "opd": "TAK_ADA"}, 422),
     ({"action": "buka"}, 422), ({"action": "gabung"}, 422), ({"action": "catatan", "note": "   "}, 422),
     ({"action": "catatan", "note": "x", "lain": 1}, 422), ({"action": "catatan", "note": "x" * 5000}, 422)],
)  # fmt: skip
def test_an_action_without_what_it_needs_is_refused(calls: Caller, wish: dict[str, object], status: int) -> None:
    center = calls()
    code = make(center, "kubangan")["ticket"]["code"]
    answer = center.post(f"/tickets/{code}/actions", json=wish)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_case_tells_of_one_ticket_only_and_an_unknown_one_of_none(calls: Caller) -> None:
    center = calls()
    make(center, "kubangan")
    again = center.post("/tickets", json={"cases": [case("kubangan")]})
    assert again.status_code == 409
    assert center.post("/tickets", json={"cases": [case("tidak-ada")]}).status_code == 404
    assert center.post("/tickets", json={"cases": [case("bengkulu", OTHER)]}).status_code == 404
    assert center.post("/tickets", json={"cases": []}).status_code == 422


def test_an_office_sees_lists_and_changes_only_its_own(calls: Caller) -> None:
    center, office = calls(), calls("putr")
    mine = make(center, "kubangan")["ticket"]["code"]
    other = make(center, "rumus", opd="DLH")["ticket"]["code"]
    waiting = make(center, "truk", opd=None)["ticket"]["code"]
    page = office.get("/tickets").json()
    assert ([item["code"] for item in page["items"]], page["total"]) == ([mine], 1)
    absent = "LB-2026-11-9999"
    for hidden in (other, waiting):
        told, missing = office.get(f"/tickets/{hidden}"), office.get(f"/tickets/{absent}")
        assert told.status_code == missing.status_code == 404
        assert told.text.replace(hidden, "X") == missing.text.replace(absent, "X")
        assert act(office, hidden, "catatan", note="x").status_code == 404
    assert codes(office, opd="DLH") == codes(office, q=other) == []
    assert office.post("/tickets", json={"cases": [case("hotmix")]}).status_code == 403


def test_what_accuses_somebody_goes_to_those_who_oversee_and_is_known_to_nobody_else(
    place: Installation, calls: Caller
) -> None:
    people = place.store.accounts
    people.create_user(
        "auditor", role="penghubung", password=PASSWORD, regions=(REGION,), opds=("INSPEKTORAT",), may_oversee=True
    )
    body = make(calls("admin"), "kades", opd="DPMD")
    code = body["ticket"]["code"]
    assert body["ticket"]["opd"] == "INSPEKTORAT"
    assert codes(calls("auditor")) == [code]
    for user in ("ratna", "putr", "bupati", "bengkulu"):
        client = calls(user)
        assert client.get(f"/tickets/{code}").status_code == 404
        assert client.get("/tickets").json()["total"] == 0
        assert codes(client, oversight=True, q=code) == []


def test_the_accused_office_never_knows_even_where_it_may_oversee(place: Installation, calls: Caller) -> None:
    admin = calls("admin")
    code = make(admin, "kades")["ticket"]["code"]
    accused = place.store.tickets.ticket(code, Scope(frozenset({REGION}), may_oversee=True)).accused_opd
    assert accused
    for opd in accused:
        place.store.accounts.create_user(
            f"unit-{opd.lower()}", role="penghubung", password=PASSWORD, regions=(REGION,), opds=(opd, "INSPEKTORAT"),
            may_oversee=True,
        )  # fmt: skip
        assert codes(calls(f"unit-{opd.lower()}")) == []


@pytest.mark.parametrize("user", ["bupati", "desa"])
def test_leaders_and_village_heads_read_and_change_nothing(place: Installation, calls: Caller, user: str) -> None:
    place.store.accounts.create_user(
        "desa", role="kades", password=PASSWORD, regions=(REGION,), areas=("52.01.08.2004",)
    )
    code = make(calls(), "kubangan")["ticket"]["code"]
    make(calls(), "longsor", opd="BPBD")
    reader = calls(user)
    assert code in codes(reader)
    assert len(codes(reader)) == (1 if user == "desa" else 2)
    assert act(reader, code, "catatan", note="x").status_code == 403
    assert reader.post("/tickets", json={"cases": [case("hotmix")]}).status_code == 403


def test_a_token_to_read_changes_no_ticket_and_a_login_needs_its_csrf_token(calls: Caller, address: str) -> None:
    code = make(calls(), "kubangan")["ticket"]["code"]
    assert act(calls(scope="read"), code, "catatan", note="x").status_code == 403
    with logged_in(address, "ratna", PASSWORD) as client:
        path, wish = f"/api/v1/tickets/{code}/actions", {"action": "catatan", "note": "x"}
        assert client.post(path, json=wish).status_code == 403
        token = csrf_of(client.get("/cari").text)
        assert client.post(path, json=wish, headers={"X-CSRF-Token": token}).status_code == 200


def test_filters_narrow_and_pages_go_on_where_the_last_one_ended(place: Installation, calls: Caller) -> None:
    center = calls()
    kubangan = make(center, "kubangan")["ticket"]["code"]
    longsor = make(center, "longsor", opd="BPBD")["ticket"]["code"]
    waiting = make(center, "truk", opd=None)["ticket"]["code"]
    place.clock.advance(days=1)
    late = make(center, "rumus", opd="DLH")["ticket"]["code"]
    everything = {kubangan, longsor, waiting, late}
    assert set(codes(center)) == everything
    assert codes(center, state="terverifikasi") == [waiting]
    assert codes(center, opd=f"{REGION}/BPBD") == codes(center, opd="BPBD") == [longsor]
    assert codes(center, topic="jalan") == [kubangan]
    assert codes(center, urgency="darurat") == [longsor]
    assert codes(center, area="52.01.07") == [longsor]
    assert codes(center, q="telagawaru") == codes(center, q=kubangan.lower()) == [kubangan]
    assert codes(center, since="2026-11-22T00:00:00+08:00") == [late]
    assert codes(center, order="terbaru")[0] == late
    for order in ("tenggat", "terbaru", "terlama"):
        seen, after = [], None
        while True:
            params = {"order": order, "size": 1, **({"after": after} if after else {})}
            page = center.get("/tickets", params=params).json()
            assert page["total"] == 4
            seen += [item["code"] for item in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert len(seen) == 4
        assert set(seen) == everything
    assert center.get("/tickets", params={"after": "ngawur"}).status_code == 422


def test_what_is_past_its_deadline_says_so_and_comes_first(place: Installation, calls: Caller) -> None:
    center = calls()
    urgent = make(center, "longsor", opd="BPBD")["ticket"]
    make(center, "kubangan")
    assert codes(center, view="terlambat") == []
    place.clock.advance(days=4)
    assert codes(center, view="terlambat") == [urgent["code"]]
    first = center.get("/tickets").json()["items"][0]
    assert (first["code"], first["clock"]["overdue"]) == (urgent["code"], True)
