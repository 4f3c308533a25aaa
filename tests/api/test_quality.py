"""Mutu: what people said against the machine, for those who may judge it; the threshold that an admin takes over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.quality.calibration import Calibration, Pair
from domain.tickets import RoutingMode
from store.calibrations import Fit
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.judging import judge
from tests.api.serving import csrf_of, logged_in, served
from tests.api.told import NOW, OTHER, REGION


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str]]:
    """An installation whose people judged sixty stories."""
    with installed(tmp_path_factory.mktemp("mutu"), more=60) as place:
        judge(place, 60)
        with served(place.app) as address:
            yield place, address


def page(address: str, path: str = "/mutu", user: str = "ratna") -> httpx.Response:
    with logged_in(address, user, PASSWORD) as client:
        return client.get(path)


def answer(town: tuple[Installation, str], user: str = "ratna", **params: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {town[0].token(user, 'read')}"}
    return httpx.get(f"{town[1]}/api/v1/quality", headers=headers, params=params, timeout=30)


def test_the_page_tells_agreement_confusions_and_what_to_do(town: tuple[Installation, str]) -> None:
    told = page(town[1])
    assert told.status_code == 200
    for words in ("Sepakat dengan orang", "Yang tertukar", "Perutean otomatis", "dari 200 jawaban OPD terkumpul"):
        assert words in told.text
    links = re.findall(r'class="link" href="(/kiriman/[^"]+)"', told.text)
    assert links
    with logged_in(town[1], "ratna", PASSWORD) as client:
        assert {client.get(link).status_code for link in links[:3]} == {200}
    other = page(town[1], "/mutu?tugas=intent")
    assert "pengaduan" in other.text
    assert "masih sedikit" in other.text


def test_the_api_answers_the_same_numbers(town: tuple[Installation, str]) -> None:
    found: dict[str, Any] = answer(town).json()
    assert found["region"] == REGION
    opd = next(task for task in found["tasks"] if task["task"] == "opd")
    assert opd["agreement"]["known"] == opd["answers"] > 30
    wrong = sum(pair["n"] for pair in opd["confusions"])
    assert wrong == opd["agreement"]["known"] - opd["agreement"]["agreed"]
    assert sum(week["known"] for week in opd["weeks"]) == opd["answers"]
    assert sum(one["n"] for one in opd["calibration"]) <= opd["answers"]
    routing = found["routing"]
    assert (routing["ground"], routing["mode"], routing["stands"]) == ("umum", "usulan", 0.6)
    assert routing["points"][-1]["coverage"] == 1.0
    assert answer(town, region="tidak-ada").status_code == 404
    assert answer(town, region=OTHER).status_code == 404, "another region's analyst is told what everybody is told"


def test_what_accuses_is_counted_only_for_those_who_oversee(town: tuple[Installation, str]) -> None:
    def topics(user: str) -> list[str]:
        tasks = {task["task"]: task for task in answer(town, user).json()["tasks"]}
        return [one for pair in tasks.get("topic", {"confusions": ()})["confusions"] for one in pair["cases"]]

    assert case("kades") in topics("admin")
    assert topics("ratna") == topics("bupati") == []


@pytest.mark.parametrize(("user", "status"), [("putr", 403), ("kosong", 403), ("bupati", 200), ("admin", 200)])
def test_liaisons_have_no_business_here_and_leaders_do(town: tuple[Installation, str], user: str, status: int) -> None:
    told = page(town[1], user=user)
    assert told.status_code == status
    assert answer(town, user).status_code == status
    assert ('href="/mutu"' in page(town[1], "/cari", user).text) is (status == 200)


def test_without_any_answer_the_page_says_how_they_come(town: tuple[Installation, str]) -> None:
    told = page(town[1], user="bengkulu")
    assert told.status_code == 200
    assert "Belum ada jawaban orang" in told.text
    assert 'href="/meja"' in told.text


def test_it_speaks_english(town: tuple[Installation, str]) -> None:
    with logged_in(town[1], "ratna", PASSWORD) as client:
        told = client.get("/mutu?lang=en", follow_redirects=True).text
    assert "What can be done now" in told
    assert "Agreement with people" in told


def trained(place: Installation) -> None:
    """Let a training have measured the region well."""
    pairs = tuple(Pair(0.6 + n % 40 / 100, right=n % 40 >= 8) for n in range(400))
    bends = Calibration(f"{REGION}-uji", 0.8, -0.1)
    place.store.calibrations.add(Fit(REGION, bends, 0.2, 0.03, pairs, "cli:uji", NOW))


def test_an_admin_takes_the_measured_threshold_over_and_nobody_else(place: Installation, address: str) -> None:
    trained(place)
    with logged_in(address, "admin", PASSWORD) as admin:
        shown = admin.get("/mutu").text
        assert f"Kalibrasi {REGION}-uji dari 400 tiket" in shown
        (sure,) = re.findall(r'name="yakin" value="([^"]+)"', shown)
        fields = {"csrf": csrf_of(shown), "wilayah": REGION, "yakin": sure}
        stale = admin.post("/mutu/ambang", data={**fields, "yakin": "0.500"})
        assert stale.status_code == 409
        assert "mengubah ambangnya" in stale.text
        assert place.store.modes.mode(REGION).sure == 0.6, "it never changes by itself"
        assert admin.post("/mutu/ambang", data=fields).status_code == 303
        after = admin.get("/mutu?kabar=ambang").text
        assert "Ambang diambil alih" in after
        assert 'name="yakin"' not in after
    mode = place.store.modes.mode(REGION)
    assert (mode.sure, mode.mode, mode.by) == (float(sure), RoutingMode.PROPOSE, "admin")
    assert place.store.audit.list(action="region.mode")[0].detail["reason"] == "kurva: pelatihan"
    with logged_in(address, "ratna", PASSWORD) as ratna:
        told = ratna.get("/mutu").text
        assert 'name="yakin"' not in told
        fields["csrf"] = csrf_of(ratna.get("/sandi").text)
        assert ratna.post("/mutu/ambang", data=fields).status_code == 403


def test_automatic_is_refused_until_it_is_measured_or_somebody_gives_a_reason(
    place: Installation, address: str
) -> None:
    with logged_in(address, "admin", PASSWORD) as admin:
        shown = admin.get("/pengaturan/mode").text
        assert "Ambang hati-hati 0,9" in shown
        fields = {"csrf": csrf_of(shown), "wilayah": REGION, "mode": "otomatis", "batas": "40", "yakin": "0,85"}
        refused = admin.post("/pengaturan/mode", data=fields)
        assert refused.status_code == 422
        assert "Belum boleh otomatis mulai dari 0,85" in refused.text
        assert place.store.modes.mode(REGION).mode is RoutingMode.PROPOSE
        reason = {"alasan": "Uji coba sepekan atas perintah bupati"}
        assert admin.post("/pengaturan/mode", data={**fields, **reason}).status_code == 303
        assert place.store.audit.list(action="region.mode")[0].detail["reason"] == reason["alasan"]
        assert admin.post("/pengaturan/mode", data={**fields, "batas": "50"}).status_code == 303, "no new risk"
        assert "Perutean otomatis berjalan mulai 0,85" in admin.get("/mutu").text
        assert admin.post("/pengaturan/mode", data={**fields, "yakin": "0,8"}).status_code == 422
