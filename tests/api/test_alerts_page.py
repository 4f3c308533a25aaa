"""`/peringatan` and the form that saves a search: what they show, to whom, and that all of it works without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from domain.watches import WatchKind
from tests.api.alerting import desk_of, heard, reader, watch
from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, logged_in
from tests.api.told import REGION


def told(page: str) -> list[str]:
    """The names of the alerts on a page."""
    return re.findall(r'<h2 id="p-\d+"><a href="[^"]+">([^<]+)</a>', page)


def tabs(page: str) -> list[int]:
    """The numbers of the views."""
    found = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert found is not None
    return [int(n) for n in re.findall(r"<b[^>]*>(\d+)</b>", found[0])]


def sent(client: httpx.Client, path: str, page: str, **fields: object) -> httpx.Response:
    """Send a form of a page."""
    return client.post(path, data={"csrf": csrf_of(page), **fields})


def test_a_search_becomes_a_watch_by_a_link_and_a_form(place: Installation, ratna: httpx.Client) -> None:
    search = ratna.get("/cari?q=kubangan&topic=jalan&hari=0").text
    door = re.search(r'<a class="btn" href="(/peringatan/baru[^"]*)"', search)
    assert door is not None
    form = ratna.get(door[1].replace("&amp;", "&")).text
    assert "<code>kubangan</code>" in form
    hidden = re.search(r'name="cari" value="([^"]*)"', form)
    assert hidden is not None
    fields = {"cari": hidden[1].replace("&amp;", "&"), "wilayah": REGION, "nama": "Kubangan", "jenis": "digest"}
    answer = sent(ratna, "/peringatan/pantauan", form, **fields, jam="16", bagi="1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/peringatan?kabar=simpan")
    page = ratna.get("/peringatan?kabar=simpan").text
    assert "Pencarian tersimpan." in page
    assert "ringkasan pukul 16.00" in page
    (kept,) = desk_of(place).watches(reader(place, "ratna"))
    assert (kept.watch.q, kept.watch.filters.topic, kept.watch.hour) == ("kubangan", ("jalan",), 16)
    assert (kept.watch.kind, kept.watch.shared, kept.watch.filters.since) == (WatchKind.DIGEST, True, None)
    again = sent(ratna, "/peringatan/pantauan", form, **fields)
    assert again.status_code == 409
    assert "dengan nama itu" in again.text
    assert 'value="Kubangan"' in again.text, "nothing that was typed is lost"


def test_a_search_that_cannot_be_read_or_watched_says_what_to_do(ratna: httpx.Client) -> None:
    unread = ratna.get("/peringatan/baru?q=jalan+AND")
    assert unread.status_code == 422
    assert "Perbaiki di pencarian" in unread.text
    form = ratna.get("/peringatan/baru").text
    refused = sent(ratna, "/peringatan/pantauan", form, cari="", wilayah=REGION, nama="Semua", jenis="each")
    assert refused.status_code == 422
    assert "membutuhkan kata atau saringan" in refused.text
    assert sent(ratna, "/peringatan/pantauan", form, nama="x", jenis="lain", cari="q=jalan").status_code == 422
    private = sent(ratna, "/peringatan/pantauan", form, nama="x", cari="q=081917222333", wilayah=REGION)
    assert "data pribadi" in private.text


def test_an_alert_is_read_snoozed_and_made_new_again(place: Installation, ratna: httpx.Client) -> None:
    watch(place, "ratna", "kubangan", name="Kubangan")
    watch(place, "ratna", "truk", name="Truk")
    heard(place)
    page = ratna.get("/peringatan").text
    assert sorted(told(page)) == ["Kubangan", "Truk"]
    assert tabs(page) == [2, 0, 0]
    assert "<mark>kubangan</mark>" in page
    assert "2 kiriman tentang satu cerita; memuat “kubangan”; dari Info Lobar, Suara Lobar; di Telagawaru." in page
    assert "081917222333" not in page
    ids = re.findall(r'data-key="([^"]+)"', page)
    first = sent(ratna, "/peringatan/tandai", page, peringatan=ids[0], tindakan="tunda-4")
    assert first.headers["location"] == "/peringatan?kabar=tunda"
    page = ratna.get("/peringatan").text
    assert tabs(page) == [1, 1, 0]
    assert "ditunda sampai 21 Nov 2026 18.32 WITA" in ratna.get("/peringatan?lihat=ditunda").text
    sent(ratna, "/peringatan/tandai", page, peringatan=ids[1], tindakan="dibaca")
    place.clock.advance(hours=4)
    page = ratna.get("/peringatan").text
    assert tabs(page) == [1, 0, 1]
    sent(ratna, "/peringatan/tandai", page, peringatan=ids, tindakan="dibaca")
    assert tabs(ratna.get("/peringatan").text) == [0, 0, 2]
    back = sent(ratna, "/peringatan/tandai", page, peringatan=ids[0], tindakan="baru", lihat="dibaca")
    assert back.headers["location"] == "/peringatan?lihat=dibaca&kabar=baru"
    assert tabs(ratna.get("/peringatan").text) == [1, 0, 1]
    gone = sent(ratna, "/peringatan/tandai", page, peringatan="0" * 16 + ".c-x", tindakan="dibaca")
    assert (gone.status_code, "sudah tidak ada" in gone.text) == (404, True)
    assert sent(ratna, "/peringatan/tandai", page, peringatan=ids[0], tindakan="tunda-9").status_code == 422
    assert sent(ratna, "/peringatan/tandai", page, tindakan="tunda-9", lihat="entah").status_code == 422


def test_every_number_of_an_alert_leads_to_its_posts(place: Installation, ratna: httpx.Client) -> None:
    watch(place, "ratna", "kubangan", name="Kubangan")
    heard(place)
    page = ratna.get("/peringatan").text
    everything = re.search(r'<a class="all" href="([^"]+)"', page)
    assert everything is not None
    found = ratna.get(everything[1].replace("&amp;", "&") + "&lipat=0").text
    assert "2 kiriman" in found
    sample = re.search(r'<li class="neg"><a href="([^"]+)"', page)
    assert sample is not None
    assert ratna.get(sample[1]).status_code == 200


def test_a_watch_is_changed_and_deleted_only_by_its_owner(
    place: Installation, ratna: httpx.Client, address: str
) -> None:
    kept = watch(place, "ratna", "kubangan", name="Kubangan", shared=True)
    heard(place)
    path = f"/peringatan/pantauan/{kept.id}"
    form = ratna.get(path).text
    assert 'value="Kubangan"' in form
    with logged_in(address, "admin", PASSWORD) as other:
        page = other.get("/peringatan").text
        assert told(page) == ["Kubangan"]
        assert "dari Baiq Ratna" in page
        assert path not in page
        for one in (path, f"{path}/hapus"):
            assert other.post(one, data={"csrf": csrf_of(page), "nama": "x"}).status_code == 404
        assert other.get(path).status_code == 404
    sent(ratna, path, form, nama="Jalan kubangan", jenis="each", jam="7", jeda="1")
    page = ratna.get("/peringatan").text
    assert told(page) == ["Jalan kubangan"]
    assert "<b>dijeda</b>" in page
    assert ratna.post(f"{path}/hapus").status_code == 403, "a form without its token does nothing"
    assert sent(ratna, f"{path}/hapus", form).headers["location"] == "/peringatan?kabar=hapus"
    assert told(ratna.get("/peringatan").text) == []


@pytest.mark.parametrize("search", ["sentiment=entah", "authority=x", f"opd={'x' * 61}"])
def test_a_filter_that_is_none_is_not_saved(
    ratna: httpx.Client, calls: Callable[..., httpx.Client], search: str
) -> None:
    form = ratna.get("/peringatan/baru?q=jalan").text
    fields = {"nama": "Jalan", "jenis": "each", "wilayah": REGION, "cari": f"q=jalan&{search}"}
    answer = sent(ratna, "/peringatan/pantauan", form, **fields)
    assert (calls().get("/watches").status_code, answer.status_code) == (200, 422)
    assert "Saringan di alamat ini tidak dapat dipakai." in answer.text
    assert calls().get("/watches").json()["total"] == 0


@pytest.mark.parametrize(
    "query", ["lihat=x", "hal=0", "hal=x", "hal=999", "kabar=x", "lihat=dibaca&hal=2", "lihat=ditunda"]
)
def test_odd_addresses_show_a_page(place: Installation, ratna: httpx.Client, query: str) -> None:
    watch(place, "ratna", "kubangan")
    assert ratna.get(f"/peringatan?{query}").status_code == 200


def test_more_alerts_than_a_page_holds_are_on_the_next(place: Installation, address: str) -> None:
    for n in range(3):
        watch(place, "admin", f"NOT entah{n}", name=f"Semua {n}")
    heard(place)
    with logged_in(address, "admin", PASSWORD) as client:
        page, names = client.get("/peringatan").text, list[str]()
        while True:
            names += told(page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            if following is None:
                break
            page = client.get(following[1].replace("&amp;", "&")).text
        assert len(names) == tabs(page)[0] == desk_of(place).count_new(reader(place, "admin")) > 15


def test_the_page_has_its_other_faces(place: Installation, address: str, ratna: httpx.Client) -> None:
    assert "tekan Pantau di samping kotak cari" in ratna.get("/peringatan").text
    watch(place, "ratna", "tidak pernah")
    assert "Pantauan berjalan terus" in ratna.get("/peringatan").text
    place.clock.advance(hours=9)
    assert "Tidak ada kiriman baru sejak" in ratna.get("/peringatan").text
    with logged_in(address, "kosong", PASSWORD) as nobody:
        hidden = nobody.get("/peringatan")
        assert hidden.status_code == 403
        assert "Minta pengelola" in hidden.text
        assert nobody.get("/peringatan/baru?q=jalan").status_code == 403
    assert httpx.get(f"{address}/peringatan").status_code == 303


def test_the_page_speaks_english(place: Installation, ratna: httpx.Client) -> None:
    watch(place, "ratna", "kubangan")
    heard(place)
    page = ratna.get("/peringatan?lang=en", follow_redirects=True).text
    assert "2 posts about one story; with “kubangan”; from Info Lobar, Suara Lobar; in Telagawaru." in page
