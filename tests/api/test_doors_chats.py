"""What Telegram and WhatsApp hand in, shaped on their documentation: known by a secret, taken in and answered once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.doors.words import asked_in
from domain.labels import Channel
from domain.scope import Scope
from store.replies import PHOTO, REPLY, Reply
from tests.api.installation import Installation
from tests.api.told import OTHER, REGION
from tests.api.writing import decided, how_many, newest, open_house

EVERYTHING = Scope(frozenset({REGION, OTHER}), may_oversee=True, may_reveal=True)
TELEGRAM, WHATSAPP = f"/pintu/telegram/{REGION}", f"/pintu/whatsapp/{REGION}"
SECRET, APP = "rahasia-webhook", "rahasia-aplikasi"
NUMBER, LINE = "6281234567890", "106540352242922"
CHAT = 5550123
CHOSEN = {"type": "button_reply", "button_reply": {"id": "1", "title": "Drainase"}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, httpx.Client]]:
    with open_house(tmp_path_factory.mktemp("obrolan")) as (place, client):
        for name, value in (
            ("telegram-webhook", SECRET), ("whatsapp-app", APP), ("whatsapp-verify", "kata-sandi-verifikasi"),
        ):  # fmt: skip
            place.store.credentials.put(name, value, "admin", place.clock())
        yield place, client


@pytest.fixture
def place(house: tuple[Installation, httpx.Client]) -> Installation:
    """An hour after the last test: every conversation is over, and nothing waits to be said."""
    house[0].clock.advance(hours=1)
    for reply in house[0].store.replies.take(house[0].clock(), 100):
        house[0].store.replies.done(reply.id)
    return house[0]


@pytest.fixture
def client(house: tuple[Installation, httpx.Client]) -> httpx.Client:
    return house[1]


class Chats:
    """Both platforms, as they call."""

    def __init__(self, place: Installation, client: httpx.Client) -> None:
        self._place, self._client = place, client

    def telegram(
        self, text: str | None = None, number: int = 1, *, secret: str = SECRET, **more: Any
    ) -> httpx.Response:
        """An update with a message of a private chat; `edited` makes it an edit."""
        edited = more.pop("edited", False)
        at = int(self._place.clock().timestamp())
        sender = {"id": CHAT, "is_bot": False, "first_name": "Lalu", "username": "lalu_m", "language_code": "id"}
        message = {
            "message_id": number, "date": at, "chat": {"id": CHAT, "type": "private", "first_name": "Lalu"},
            "from": sender, **({"text": text} if text is not None else {}), **more,
        }  # fmt: skip
        update = {"update_id": 900 + number, ("edited_message" if edited else "message"): message}
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return self._client.post(TELEGRAM, json=update, headers=headers)

    def whatsapp(self, *messages: dict[str, Any], key: str = APP, **value: Any) -> httpx.Response:
        """A call with messages of one person."""
        told = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": LINE},
            "contacts": [{"profile": {"name": "Siti Aminah"}, "wa_id": NUMBER}],
            **({"messages": [self.shaped(one) for one in messages]} if messages else {}),
            **value,
        }
        call = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"value": told, "field": "messages"}]}],
        }
        return self.signed(json.dumps(call).encode(), key)

    def shaped(self, message: dict[str, Any]) -> dict[str, Any]:
        at = str(int(self._place.clock().timestamp()))
        return {"from": NUMBER, "timestamp": at, **message}

    def signed(self, body: bytes, key: str = APP) -> httpx.Response:
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        return self._client.post(WHATSAPP, content=body, headers=headers)

    def waiting(self) -> list[Reply]:
        return self._place.store.replies.take(self._place.clock(), 100)


@pytest.fixture
def chats(place: Installation, client: httpx.Client) -> Chats:
    return Chats(place, client)


def text(words: str, id: str = "wamid.A1") -> dict[str, Any]:  # noqa: A002  as the platform names it
    return {"id": id, "type": "text", "text": {"body": words}}


def fresh(name: str) -> str:
    """A message id that no other test has sent."""
    return f"wamid.{name}"


def test_a_telegram_message_is_a_report_and_its_answer_holds_the_code(place: Installation, chats: Chats) -> None:
    answer = chats.telegram("Jalan Telagawaru rusak, hubungi 0812 3456 7890", 10)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["method"], said["chat_id"]) == ("sendMessage", CHAT)
    assert "Kodenya: LB-" in said["text"]
    post = newest(place)
    assert (post.channel, post.source, post.regions) == (Channel.TELEGRAM, "pintu-telegram", (REGION,))
    assert "3456" not in post.text
    assert post.author is not None
    decided(place)
    assert place.store.secrets.reveal(post.id, EVERYTHING, "uji").contact == f"Lalu · @lalu_m · Telegram {CHAT}"
    assert chats.waiting() == [], "the answer needs no call of ours"


def test_additions_photos_places_and_edits_grow_the_same_report(place: Installation, chats: Chats) -> None:
    before = how_many(place)
    code = chats.telegram("Jembatan Gerung rusk", 20).json()["text"].partition("Kodenya: ")[2][:12]
    assert code in chats.telegram("Sejak hujan kemarin", 21).json()["text"]
    sizes = [
        {"file_id": "kecil", "file_size": 900, "width": 90},
        {"file_id": "besar", "file_size": 90_000, "width": 900},
    ]
    chats.telegram(None, 22, photo=sizes, caption="Ini fotonya")
    chats.telegram(None, 23, location={"latitude": -8.65, "longitude": 116.12})
    chats.telegram(None, 24, voice={"file_id": "v", "duration": 3})
    edit = chats.telegram("Jembatan Gerung rusak", 20, edited=True)
    assert edit.content == b""
    post = newest(place)
    assert how_many(place) == before + 1
    assert post.text == (
        "Jembatan Gerung rusak\n\nSejak hujan kemarin\n\nIni fotonya\n\n(lampiran tidak disimpan: suara)"
    )
    assert (post.lat, post.lon) == (-8.65, 116.12)
    assert [(one.what, one.body) for one in chats.waiting()] == [(PHOTO, "besar")]


def test_the_same_update_again_changes_nothing(place: Installation, chats: Chats) -> None:
    first = chats.telegram("Lampu jalan mati", 30)
    before = how_many(place)
    again = chats.telegram("Lampu jalan mati", 30)
    assert first.status_code == again.status_code == 200
    assert how_many(place) == before
    assert newest(place).revision == 1


def test_commands_are_answered_and_reported_nowhere(place: Installation, chats: Chats) -> None:
    before = how_many(place)
    for number, command in enumerate(("/start", "/bantuan", "/bantuan@LobarBot", "/status", "/status LB-0000-0000")):
        assert chats.telegram(command, 40 + number).json()["method"] == "sendMessage"
    assert how_many(place) == before
    code = chats.telegram("Pasar Gerung becek", 46).json()["text"].partition("Kodenya: ")[2][:12]
    assert "Sudah diterima" in chats.telegram(f"/status {code.lower()}", 47).json()["text"]
    assert "laporan baru" in chats.telegram("/baru", 48).json()["text"]
    assert code not in chats.telegram("Sampah menumpuk", 49).json()["text"]


def test_codes_cannot_be_guessed_in_a_chat(chats: Chats) -> None:
    told = [chats.telegram(f"/status LB-{n:04d}-0000", 100 + n).json()["text"] for n in range(10)]
    assert sum("tidak ditemukan" in one for one in told) == 8
    assert "Terlalu banyak percobaan" in told[-1]


@pytest.mark.parametrize(
    "more",
    [
        {"chat": {"id": -100, "type": "supergroup"}},
        {"chat": {"id": -100, "type": "channel"}},
        {"new_chat_members": []},
    ],
)
def test_only_what_a_person_says_in_private_is_heard(place: Installation, chats: Chats, more: dict[str, Any]) -> None:
    before = how_many(place)
    answer = chats.telegram(None if "new_chat_members" in more else "Halo semua", 200, **more)
    assert (answer.status_code, answer.content) == (200, b"")
    assert how_many(place) == before


def test_who_does_not_know_the_secret_is_not_heard(place: Installation, chats: Chats, client: httpx.Client) -> None:
    before = how_many(place)
    assert chats.telegram("Palsu", 300, secret="salah").status_code == 403
    assert client.post(TELEGRAM, json={"update_id": 1}).status_code == 403
    assert chats.whatsapp(text("Palsu", fresh("palsu")), key="salah").status_code == 403
    assert client.post(WHATSAPP, json={}).status_code == 403
    assert how_many(place) == before


def test_a_door_without_a_secret_or_a_region_is_not_there(quiet_address: str, client: httpx.Client) -> None:
    for door in ("telegram", "whatsapp"):
        assert httpx.post(f"{quiet_address}/pintu/{door}/{REGION}", json={}).status_code == 404
        assert client.post(f"/pintu/{door}/tidak-ada", json={}).status_code == 404


def test_meta_proves_the_address_by_the_word_agreed(client: httpx.Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata-sandi-verifikasi", "hub.challenge": "1158201444"}
    answer = client.get(WHATSAPP, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert client.get(WHATSAPP, params=asked | {"hub.verify_token": "lain"}).status_code == 403


def test_a_whatsapp_message_is_a_report_and_the_answer_waits(place: Installation, chats: Chats) -> None:
    assert chats.whatsapp(text("Air PDAM mati di Labuapi", fresh("a"))).status_code == 200
    post = newest(place)
    assert (post.channel, post.text) == (Channel.WHATSAPP, "Air PDAM mati di Labuapi")
    (reply,) = chats.waiting()
    assert (reply.what, dict(reply.to)) == (REPLY, {"to": NUMBER, "phone_number_id": LINE})
    assert "Kodenya: LB-" in reply.body
    decided(place)
    assert place.store.secrets.reveal(post.id, EVERYTHING, "uji").contact == f"Siti Aminah · +{NUMBER}"
    assert chats.whatsapp(text("Air PDAM mati di Labuapi", fresh("a"))).status_code == 200
    assert chats.waiting() == []
    assert newest(place).id == post.id


def test_every_kind_of_message_says_what_it_holds(place: Installation, chats: Chats) -> None:
    chats.whatsapp(
        {"id": fresh("k1"), "type": "image", "image": {"id": "m-1", "mime_type": "image/jpeg", "caption": "Selokan"}},
        {"id": fresh("k2"), "type": "location", "location": {"latitude": -8.6, "longitude": 116.1, "name": "Pasar"}},
        {"id": fresh("k3"), "type": "interactive", "interactive": CHOSEN},
        {"id": fresh("k4"), "type": "audio", "audio": {"id": "m-2", "voice": True}},
        {"id": fresh("k5"), "type": "reaction", "reaction": {"message_id": "x", "emoji": "x"}},
        {"id": fresh("k6"), "type": "document", "document": {"id": "m-3", "caption": "surat warga"}},
    )  # fmt: skip
    post = newest(place)
    assert post.text == (
        "Selokan\n\nDrainase\n\n(lampiran tidak disimpan: suara)\n\nsurat warga\n(lampiran tidak disimpan: berkas)"
    )
    assert (post.lat, post.hints.place) == (-8.6, "Pasar")
    assert [one.body for one in chats.waiting() if one.what == PHOTO] == ["m-1"]


def test_who_hides_the_number_is_heard_and_answered_too(place: Installation, chats: Chats) -> None:
    hidden = {"from": "", "from_user_id": "ID.9988", **text("Jalan rusak di Narmada", fresh("bsuid"))}
    chats.whatsapp(hidden, contacts=[{"profile": {"name": "Siti"}, "user_id": "ID.9988"}])
    (reply,) = chats.waiting()
    assert dict(reply.to) == {"recipient": "ID.9988", "phone_number_id": LINE}
    decided(place)
    assert place.store.secrets.reveal(newest(place).id, EVERYTHING, "uji").contact == "Siti · WhatsApp ID.9988"


def test_words_that_ask_are_answered_once(place: Installation, chats: Chats) -> None:
    before = how_many(place)
    for _ in range(2):
        chats.whatsapp(text("Bantuan", fresh("tanya")))
    (reply,) = chats.waiting()
    assert "Ini pintu laporan" in reply.body
    assert reply.post_id is None
    assert how_many(place) == before


def test_an_account_that_opened_too_many_reports_today_is_told_what_to_do(
    place: Installation, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.talks.MOST_OPENED", 0)
    before, aside = how_many(place), place.store.quarantine.counts().get("pintu", 0)
    told = chats.telegram("Jalan rusak lagi", 500).json()["text"]
    assert told.startswith("Pesan ini belum diterima")
    assert "Kirim lagi setelah 24 jam" in told
    for _ in range(2):
        assert chats.whatsapp(text("Air mati lagi", fresh("banyak"))).status_code == 200
    (reply,) = chats.waiting()
    assert reply.body == told
    assert chats.telegram("Jalan rusak lagi di Gerung", 500, edited=True).content == b""
    assert (how_many(place), place.store.quarantine.counts().get("pintu", 0)) == (before, aside)
    monkeypatch.setattr("store.talks.MOST_OPENED", 30)
    later = chats.telegram("Jalan rusak lagi di Gerung, dekat pasar", 500, edited=True).json()["text"]
    assert "Kodenya: " in later, "what was refused and edited later is a report with a code"
    assert how_many(place) == before + 1


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("status LB-7K2M-9QXD", "status"), ("STATUS  lb7k2m9qxd", "status"), ("baru", "baru"), ("Menu", "bantuan"),
        ("status jalan ini bagaimana pak, sudah lama rusak dan belum ada yang datang", None),
        ("status jalan rusak", None), ("Status RT 05 banjir", None), ("status LB 7K2M 9QXD", "status"),
        ("status lb-abcd-efgh", "status"), ("status LB7K2M9QX", "status"), ("bantuan beras belum sampai", None),
        ("Jalan baru", None), ("status", None),
    ],
)  # fmt: skip
def test_a_report_that_begins_like_a_command_is_a_report(words: str, what: str | None) -> None:
    asked = asked_in(words, slash=False)
    assert (asked.what if asked else None) == what


def test_statuses_say_nothing_and_what_cannot_be_read_is_set_aside(place: Installation, chats: Chats) -> None:
    before, aside = how_many(place), place.store.quarantine.counts().get("pintu", 0)
    assert chats.whatsapp(statuses=[{"id": "wamid.X", "status": "read"}]).status_code == 200
    assert chats.whatsapp(
        {"id": fresh("r1"), "type": "text", "timestamp": "kemarin"}, text("Yang ini terbaca", fresh("r2"))
    ).status_code == 200  # fmt: skip
    assert chats.signed(b"{bukan json").status_code == 200
    assert chats.telegram(None, 400, location={"latitude": 999, "longitude": 0}).status_code == 200
    assert how_many(place) == before + 1
    assert newest(place).text == "Yang ini terbaca"
    assert place.store.quarantine.counts()["pintu"] == aside + 3
    kept = str(place.store.quarantine.list("pintu"))
    assert NUMBER not in kept
    assert "Lalu" not in kept
