"""Logging in and out, passwords, and what guards them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, log_in, logged_in, served
from tests.api.told import REGION


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    """A client that nobody is logged in with."""
    with httpx.Client(base_url=address) as client:
        yield client


def test_pages_lead_to_the_login_and_back(browser: httpx.Client) -> None:
    answer = browser.get("/cari?q=jalan&topic=air")
    assert answer.headers["location"] == "/masuk?lanjut=/cari%3Fq%3Djalan%26topic%3Dair"
    page = browser.get(answer.headers["location"]).text
    assert 'name="lanjut" value="/cari?q=jalan&amp;topic=air"' in page
    assert log_in(browser, "ratna", PASSWORD, lanjut="/cari?q=jalan").headers["location"] == "/cari?q=jalan"


def test_a_form_sent_after_the_login_ended_leads_back_to_its_page(browser: httpx.Client) -> None:
    for path, page in (("/kiriman/x/label", "/kiriman/x"), ("/keluar", "/")):
        assert browser.post(path).headers["location"] == f"/masuk?lanjut={page}"


@pytest.mark.parametrize(
    "where", ["//contoh.invalid", "https://contoh.invalid", "/\\contoh.invalid", "javascript:1", ""]
)
def test_a_login_never_leads_to_another_site(browser: httpx.Client, where: str) -> None:
    assert log_in(browser, "ratna", PASSWORD, lanjut=where).headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "page"),
    [("admin", "/meja"), ("ratna", "/meja"), ("putr", "/tiket"), ("bupati", "/tren"), ("kepala", "/tren")],
)
def test_the_first_page_is_what_the_reader_opens_every_morning(
    place: Installation, browser: httpx.Client, name: str, page: str
) -> None:
    if name == "kepala":
        place.store.accounts.create_user(
            name, display="Kepala Desa", role="kades", password=PASSWORD, regions=(REGION,), areas=("52.01.01.2001",)
        )
    first = log_in(browser, name, PASSWORD, lanjut="").headers["location"]
    answer = browser.get(first)
    assert answer.headers["location"] == page
    assert browser.get(page).status_code == 200


def test_an_unknown_name_and_a_wrong_password_are_told_alike(browser: httpx.Client) -> None:
    pages = []
    for name, password in (("ratna", "bukan-sandinya"), ("tidakada", PASSWORD)):
        answer = log_in(browser, name, password)
        assert answer.status_code == 401
        guard = answer.text.partition('name="pintu" value="')[2].partition('"')[0]
        pages.append(answer.text.replace(guard, "").replace(name, ""))
    assert pages[0] == pages[1]


def test_too_many_failures_make_a_name_wait_even_with_the_right_password(
    place: Installation, browser: httpx.Client
) -> None:
    for _ in range(8):
        assert log_in(browser, "ratna", "salah-terus").status_code == 401
    blocked = log_in(browser, "ratna", PASSWORD)
    assert blocked.status_code == 429
    assert "Tunggu 15 menit" in blocked.text
    assert log_in(browser, "bupati", PASSWORD).status_code == 303
    place.clock.advance(minutes=16)
    assert log_in(browser, "ratna", PASSWORD).status_code == 303


def test_guesses_all_at_once_do_not_outrun_the_limit(address: str) -> None:
    def guess(_n: int) -> int:
        with httpx.Client(base_url=address, timeout=30) as client:
            return log_in(client, "ratna", "salah-terus").status_code

    with ThreadPoolExecutor(12) as pool:
        told = sorted(pool.map(guess, range(12)))
    assert told == [401] * 8 + [429] * 4


def test_a_login_form_from_elsewhere_is_refused(browser: httpx.Client) -> None:
    fields = {"nama": "ratna", "sandi": PASSWORD, "pintu": "karangan"}
    assert browser.post("/masuk", data=fields).status_code == 403


def test_the_cookie_is_closed_to_script_and_secure_under_https(place: Installation, browser: httpx.Client) -> None:
    cookie = next(c for c in log_in(browser, "ratna", PASSWORD).headers.get_list("set-cookie") if "jaring_sesi" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_logging_out_ends_the_session_on_the_server(address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client:
        cookie = client.cookies["jaring_sesi"]
        assert client.post("/keluar", data={"csrf": "salah"}).status_code == 403
        client.post("/keluar", data={"csrf": csrf_of(client.get("/cari").text)})
        answer = httpx.get(f"{address}/cari", cookies={"jaring_sesi": cookie})
        assert answer.status_code == 303


def test_a_login_ends_after_a_working_day_of_silence(place: Installation, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client:
        place.clock.advance(hours=11)
        assert client.get("/cari").status_code == 200
        place.clock.advance(hours=13)
        assert client.get("/cari").status_code == 303


def test_a_one_time_password_must_be_changed_before_anything_else(place: Installation, address: str) -> None:
    with logged_in(address, "baru", PASSWORD) as client:
        assert client.get("/cari").headers["location"] == "/sandi"
        csrf = csrf_of(client.get("/sandi").text)
        fields = {"csrf": csrf, "sekarang": PASSWORD, "baru": "kalimat baru saya", "ulang": "kalimat baru saya"}
        for wrong, words in (
            ({"sekarang": "bukan ini"}, "Sandi sekarang tidak cocok."),
            ({"ulang": "lain"}, "Kedua sandi baru tidak sama."),
            ({"baru": "pendek", "ulang": "pendek"}, "Sandi harus 10"),
            ({"baru": PASSWORD, "ulang": PASSWORD}, "Pilih sandi yang lain"),
        ):
            answer = client.post("/sandi", data={**fields, **wrong})
            assert answer.status_code == 422
            assert words in answer.text
        assert client.post("/sandi", data=fields).headers["location"] == "/"
        assert client.get("/cari").status_code == 200
    assert place.store.accounts.verify("baru", "kalimat baru saya") is not None


def test_every_answer_carries_the_security_headers(address: str) -> None:
    for path in ("/masuk", "/tidak-ada", "/api/v1/posts", "/healthz"):
        headers = httpx.get(f"{address}{path}").headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"


def test_an_installation_under_https_marks_cookies_and_asks_for_tls(place: Installation) -> None:
    from api.app import create_app  # noqa: PLC0415  one application with other settings
    from api.settings import ApiSettings  # noqa: PLC0415

    parts = place.app.state.parts
    app = create_app(
        index=place.index, store=place.store, profiles=parts.profiles, taxonomy=parts.taxonomy,
        settings=ApiSettings(base_url="https://jaring.contoh.go.id"), clock=place.clock,
    )  # fmt: skip
    with served(app) as address:
        answer = httpx.get(f"{address}/masuk")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]
