"""A post that its source deleted: every page that showed its words says so instead, and quotes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from api.alerts.page import alert_desk
from desk.alerts import Reader, WatchWish
from domain.ids import post_of_case
from domain.search import Filters
from domain.watches import WatchKind
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.serving import csrf_of, logged_in, served
from tests.api.ticketing import CENTER
from tests.api.told import NOW, POSTS, REGION

GONE = "Kiriman ini dihapus di sumbernya"
QUOTES = (
    "seperti kubangan",
    "motor jatuh",
    "Karang Bongkot sudah",
    "contoh.invalid/kubangan",
    "Truk tanah",
    "Keluhkan Ruas",
)
KEYS = ("kubangan", "truk", "berita")
SEEN = NOW + timedelta(minutes=5)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    told = [one for one in POSTS if one.key != "kubangan-2"]
    with installed(tmp_path, more=0, told=told) as place:
        yield place


@pytest.fixture
def ticket(place: Installation) -> str:
    """A ticket of posts that are withdrawn afterwards; alerts were told of them before."""
    place.store.intake.withdraw([], SEEN)
    opened = place.app.state.parts.desk.tickets.open([case("kubangan")], CENTER, opd="PUTR")
    place.work()
    assert "kubangan" in opened.title
    return str(opened.code)


def withdraw(place: Installation) -> None:
    place.clock.advance(minutes=10)
    assert place.store.intake.withdraw([post_of_case(case(key)) for key in KEYS], SEEN) == len(KEYS)
    place.work()


def test_no_page_quotes_it_and_those_that_showed_it_say_why(place: Installation, ticket: str) -> None:
    withdraw(place)
    says = {
        "/cari?hari=0", f"/cari?hari=0&pilih={case('kubangan')}", f"/kiriman/{case('kubangan')}",
        f"/kiriman/{case('berita')}", f"/tiket/{ticket}", f"/tiket?pilih={ticket}",
    }  # fmt: skip
    silent = {
        "/meja", "/tren", "/tiket", "/peringatan", "/cari?hari=0&q=kubangan", "/mutu", f"/api/v1/tickets/{ticket}",
        f"/api/v1/posts/{case('kubangan')}", "/api/v1/posts", "/cari/unduh.csv?hari=0",
    }  # fmt: skip
    with served(place.app) as address, logged_in(address, "admin", PASSWORD) as client:
        for path in sorted(says | silent):
            answer = client.get(path, follow_redirects=True)
            page = unescape(answer.text)
            quoted = [words for words in QUOTES if words in page]
            assert (path, answer.status_code, quoted) == (path, 200, [])
            assert path in silent or GONE in page, path


def test_it_says_so_in_the_readers_language(place: Installation) -> None:
    withdraw(place)
    with served(place.app) as address, logged_in(address, "ratna", PASSWORD) as client:
        client.get("/cari?lang=en", follow_redirects=True)
        page = client.get(f"/kiriman/{case('kubangan')}").text
        assert "This post was deleted at its source" in page
        assert 'lang="en"' in page


def test_its_page_tells_since_when_and_offers_nothing_to_open(place: Installation) -> None:
    with served(place.app) as address, logged_in(address, "admin", PASSWORD) as client:
        before = client.get(f"/kiriman/{case('truk')}").text
        assert "Buka data pribadi" in before
        withdraw(place)
        page = client.get(f"/kiriman/{case('truk')}").text
        assert "Diketahui" in page
        assert "14.37" in page
        assert "Buka data pribadi" not in page
        assert "Buka asal" not in page
        opened = client.post(f"/kiriman/{case('truk')}/buka", data={"csrf": csrf_of(before)})
        assert opened.status_code == 404
        assert "081917222333" not in opened.text


def test_its_ticket_goes_on_and_says_what_happened(place: Installation, ticket: str) -> None:
    withdraw(place)
    with served(place.app) as address, logged_in(address, "putr", PASSWORD) as client:
        page = client.get(f"/tiket/{ticket}").text
        assert "menyembunyikan kiriman yang dihapus di sumbernya" in page
        assert "didisposisikan" in page
        assert '<h1 lang="id">Jalan rusak' in page


def test_the_api_tells_when(place: Installation) -> None:
    token = place.token("ratna", "read")
    with served(place.app) as address, logged_in(address, "ratna", PASSWORD) as client:
        head = {"Authorization": f"Bearer {token}"}
        assert client.get(f"/api/v1/posts/{case('kubangan')}", headers=head).json()["post"]["withdrawn_at"] is None
        withdraw(place)
        told = client.get(f"/api/v1/posts/{case('kubangan')}", headers=head).json()
        assert told["post"]["withdrawn_at"] == "2026-11-21T06:37:00Z"
        assert (told["post"]["text"], told["post"]["title"], told["post"]["url"], told["revisions"]) == (
            "",
            None,
            None,
            [],
        )
        found = client.get("/api/v1/posts", params={"q": "kubangan"}, headers=head).json()
        assert found["items"] == []


def test_an_alert_of_it_quotes_nothing_and_an_edit_fires_none_again(place: Installation) -> None:
    desk = place.app.state.parts
    with served(place.app) as address, logged_in(address, "ratna", PASSWORD) as client:
        user = place.store.accounts.user("ratna")
        reader = Reader(user, place.store.accounts.scope_of(user, (REGION,)))
        alert_desk(desk).save(
            reader, WatchWish("kubangan di jalan", WatchKind.EACH), region=REGION, q="kubangan", filters=Filters()
        )
        place.clock.advance(minutes=1)
        post = (
            POSTS[0]
            .incoming()
            .model_copy(update={"native_id": "baru", "published_at": NOW, "text": "kubangan dalam di Gerung"})
        )
        place.store.intake.accept([post])
        place.work()
        assert "dalam di Gerung" in unescape(client.get("/peringatan").text)
        edited = post.model_copy(
            update={"text": "kubangan dalam di Gerung sekali", "fetched_at": NOW + timedelta(minutes=2)}
        )
        assert place.store.intake.accept([edited]).revised == 1
        place.work()
        assert len(alert_desk(desk).alerts(reader)) == 1
        place.store.intake.withdraw([post.id], SEEN)
        place.work()
        page = unescape(client.get("/peringatan").text)
        assert "dalam di Gerung" not in page
        assert GONE in page
