"""The settings: people, tokens, the audit trail. For admins only; what is told once is told once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, log_in, logged_in
from tests.api.told import OTHER, REGION

PAGES = ("orang", "token", "opd", "wilayah", "mode", "audit")


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "admin", PASSWORD) as client:
        yield client


def send(client: httpx.Client, path: str, **fields: str | list[str]) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_of(client.get("/pengaturan/orang").text), **fields})


def secret_of(page: str) -> str:
    """What a page tells once."""
    return re.search(r'class="panel secret".*?<code>([^<]+)</code>', page, re.DOTALL).group(1)  # type: ignore[union-attr]


def lines(place: Installation, action: str) -> list[tuple[str, str, str]]:
    return [(line.actor, line.action, line.subject) for line in place.store.audit.list(action=action)]


def test_only_admins_open_the_settings(place: Installation, address: str) -> None:
    for name in ("ratna", "putr", "bupati"):
        with logged_in(address, name, PASSWORD) as client:
            assert 'href="/pengaturan"' not in client.get("/cari").text
            for page in PAGES:
                answer = client.get(f"/pengaturan/{page}")
                assert (answer.status_code, "hanya untuk admin" in answer.text) == (403, True), page
            csrf = csrf_of(client.get("/cari").text)
            for path in (
                "orang", "orang/putr", "orang/putr/sandi", "orang/putr/aktif", "token", "token/cabut", "opd", "wilayah",
                "wilayah/urung", "mode",
            ):  # fmt: skip
                assert client.post(f"/pengaturan/{path}", data={"csrf": csrf}).status_code == 403, path
            assert client.get("/pengaturan/audit/unduh.csv").status_code == 403
    assert httpx.get(f"{address}/pengaturan/orang").status_code == 303


def test_forms_without_the_sessions_token_change_nothing(place: Installation, admin: httpx.Client) -> None:
    for path in ("orang", "orang/putr", "orang/putr/sandi", "token", "opd", "wilayah", "mode"):
        assert admin.post(f"/pengaturan/{path}", data={"csrf": "salah", "nama": "x"}).status_code == 403, path
    assert lines(place, "user.") == []


def test_an_admin_of_one_region_keeps_its_data_but_not_the_installation(place: Installation, address: str) -> None:
    place.store.accounts.create_user("lobar", role="admin", password=PASSWORD, regions=(REGION,))
    with logged_in(address, "lobar", PASSWORD) as client:
        for page in ("orang", "token", "audit"):
            assert client.get(f"/pengaturan/{page}").status_code == 403
        assert client.get("/pengaturan").headers["location"] == "/pengaturan/opd"
        for page in ("opd", "wilayah", "mode"):
            assert client.get(f"/pengaturan/{page}").status_code == 200
            assert "Kota Bengkulu" not in client.get(f"/pengaturan/{page}").text
        assert client.get(f"/pengaturan/opd?wilayah={OTHER}").status_code == 404
        csrf = csrf_of(client.get("/pengaturan/mode").text)
        refused = client.post("/pengaturan/mode", data={"csrf": csrf, "wilayah": OTHER, "mode": "otomatis"})
        assert refused.status_code == 404


def test_a_person_is_added_with_a_password_told_once(place: Installation, admin: httpx.Client, address: str) -> None:
    answer = send(
        admin, "/pengaturan/orang", nama="Sari", tampilan="Sari Dewi", peran="penghubung", wilayah=[REGION],
        opd=[f"{REGION}/DLH", f"{REGION}/PUTR"], pengawasan="1",
    )  # fmt: skip
    assert answer.status_code == 200
    password = secret_of(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert password not in admin.get("/pengaturan/orang").text
    sari = place.store.accounts.user("sari")
    assert (sari.opds, sari.may_oversee, sari.must_change) == ((f"{REGION}/DLH", f"{REGION}/PUTR"), True, True)
    with httpx.Client(base_url=address) as client:
        assert log_in(client, "sari", password).headers["location"] == "/sandi"
    (line,) = place.store.audit.list(action="user.add")
    assert (line.actor, line.subject, line.detail["role"]) == ("admin", "sari", "penghubung")
    assert password not in str(line.detail)


NO_ACCOUNTS: Final[tuple[Any, ...]] = (
    ({"nama": "dua kata", "peran": "analis"}, "tanpa spasi"),
    ({"nama": "ratna", "peran": "analis"}, "sudah ada"),
    ({"nama": "baru1", "peran": "raja"}, "Peran harus"),
    ({"nama": "baru1", "peran": "penghubung"}, "harus punya OPD"),
    ({"nama": "baru1", "peran": "kades"}, "harus punya desa"),
    ({"nama": "baru1", "peran": "kades", "desa": "Atlantis"}, "Atlantis tidak ada"),
    ({"nama": "baru1", "peran": "penghubung", "opd": "lombok-barat/XYZ"}, "OPD XYZ tidak ada"),
)


def test_an_account_that_would_not_work_is_refused_and_kept_in_the_form(
    place: Installation, admin: httpx.Client
) -> None:
    for fields, said in NO_ACCOUNTS:
        before = len(place.store.accounts.users())
        answer = send(admin, "/pengaturan/orang", **fields)
        assert answer.status_code in {409, 422}
        assert said in answer.text
        assert f'value="{fields["nama"]}"' in answer.text
        assert len(place.store.accounts.users()) == before


def test_a_change_holds_from_the_next_page_on(place: Installation, admin: httpx.Client, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as ratna:
        assert ratna.get("/sumber").status_code == 200
        answer = send(
            admin, "/pengaturan/orang/ratna", tampilan="Baiq Ratna", peran="kades", desa="Dasan Geres", wilayah=[REGION]
        )
        assert answer.headers["location"] == "/pengaturan/orang/ratna?kabar=ubah"
        assert ratna.get("/sumber").status_code == 403
    assert place.store.accounts.user("ratna").areas == ("52.01.01.1004",)
    (line,) = place.store.audit.list(action="user.change")
    assert line.detail == {"role": "kades", "areas": "52.01.01.1004"}


def test_a_new_password_ends_the_persons_sessions(place: Installation, admin: httpx.Client, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as ratna:
        assert "127.0.0.1" in admin.get("/pengaturan/orang/ratna").text
        password = secret_of(send(admin, "/pengaturan/orang/ratna/sandi").text)
        assert ratna.get("/cari").status_code == 303
        assert log_in(ratna, "ratna", password).headers["location"] == "/sandi"
    assert lines(place, "user.") == [("admin", "user.password", "ratna")]


def test_an_account_is_closed_and_opened_but_never_the_own_or_the_last(
    place: Installation, admin: httpx.Client, address: str
) -> None:
    assert send(admin, "/pengaturan/orang/ratna/aktif").status_code == 303
    with httpx.Client(base_url=address) as client:
        assert log_in(client, "ratna", PASSWORD).status_code == 401
    assert send(admin, "/pengaturan/orang/ratna/aktif", aktif="1").status_code == 303
    assert place.store.accounts.user("ratna").active
    own = send(admin, "/pengaturan/orang/admin/aktif")
    assert (own.status_code, "diri sendiri" in own.text) == (409, True)
    last = send(admin, "/pengaturan/orang/admin", peran="analis")
    assert (last.status_code, "satu-satunya admin" in last.text) == (409, True)
    assert [action for _, action, _ in lines(place, "user.")] == ["user.enable", "user.disable"]
    assert admin.get("/pengaturan/orang/tidak-ada").status_code == 404


def test_people_are_found_by_name_and_agency(admin: httpx.Client) -> None:
    page = admin.get("/pengaturan/orang?q=putr").text
    assert re.findall(r'<a href="/pengaturan/orang/(\w+)">', page) == ["putr"]
    assert "tidak melihat apa pun" in admin.get("/pengaturan/orang?q=kosong").text
    assert "Tidak ada yang cocok dengan “&lt;b&gt;”" in admin.get("/pengaturan/orang?q=<b>").text


def test_a_token_is_told_once_works_and_is_revoked(place: Installation, admin: httpx.Client, address: str) -> None:
    answer = send(admin, "/pengaturan/token", orang="ratna", lingkup="read", untuk="catatan", hari="30")
    plain = secret_of(answer.text)
    page = admin.get("/pengaturan/token").text
    assert plain not in page
    headers = {"Authorization": f"Bearer {plain}"}
    assert httpx.get(f"{address}/api/v1/posts", headers=headers).status_code == 200
    (token,) = re.findall(r'name="token" value="(\w+)"', page)
    assert send(admin, "/pengaturan/token/cabut", token=token).status_code == 303
    assert httpx.get(f"{address}/api/v1/posts", headers=headers).status_code == 401
    assert send(admin, "/pengaturan/token/cabut", token=token).status_code == 404
    assert [action for _, action, _ in lines(place, "token.")] == ["token.revoke", "token.add"]


NO_TOKENS: Final[tuple[Any, ...]] = (
    {"orang": "tidak-ada", "lingkup": "read"},
    {"orang": "ratna", "lingkup": "semua"},
    {"orang": "ratna", "lingkup": "read", "hari": "selamanya"},
)


def test_a_token_that_would_not_work_is_refused(
    place: Installation,
    admin: httpx.Client,
) -> None:
    for fields in NO_TOKENS:
        assert send(admin, "/pengaturan/token", **fields).status_code in {404, 422}
        assert place.store.accounts.tokens() == []


def test_the_trail_is_filtered_paged_and_exported(place: Installation, admin: httpx.Client) -> None:
    for number in range(130):
        place.store.audit.write("sari", "user.change", f"orang-{number}", {"role": "analis"}, place.clock())
    place.clock.advance(hours=10)
    place.store.audit.write("budi", "token.add", "=1+1", {}, place.clock())
    first = admin.get("/pengaturan/audit?pelaku=sari").text
    assert len(re.findall(r'<th scope="row"', first)) == 100
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    second = admin.get(older).text
    assert len(re.findall(r'<th scope="row"', second)) == 30
    assert "orang-0<" in second
    kinds = admin.get("/pengaturan/audit?tindakan=token.").text
    assert "token dibuat" in kinds
    assert "orang diubah" not in kinds.partition("<table")[2]
    assert "Tidak ada yang cocok" in admin.get("/pengaturan/audit?dari=2030-01-01&sebelum=x&objek=%00").text
    day = place.clock().date().isoformat()
    answer = admin.get(f"/pengaturan/audit/unduh.csv?dari={day}&tindakan=token.")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["pelaku"], row["arti"], row["objek"]) == ("budi", "token dibuat", "'=1+1")
    assert place.store.audit.list(action="export", actor="admin")[0].subject == "audit"


def test_pages_are_light_and_speak_english(admin: httpx.Client) -> None:
    for page in PAGES:
        assert len(admin.get(f"/pengaturan/{page}").content) < 60_000, page
    admin.get("/pengaturan/orang?lang=en")
    assert "Add a person" in admin.get("/pengaturan/orang").text
    assert "Who did what" in admin.get("/pengaturan/audit").text
