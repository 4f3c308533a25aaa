"""The crawlers' room says what is to be said at the doors and fetches what people sent, whatever the platforms do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from crawlers.answering.line import MOST_BYTES
from jaring.answering import Answering
from jaring.settings import Settings
from jaring.wiring import Hall
from store.replies import MOST_TRIES
from store.tables import door_replies, photos
from store.talks_values import Door, Said, TakenIn
from tests.api.pictures import CAMERA, photo
from tests.jaring.chat_platforms import BOT, TOKEN, Platforms, graph, platforms

REGION = "lombok-barat"
NUMBER, LINE = "6281234567890", "106540352242922"


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def far() -> Iterator[Platforms]:
    with platforms() as running:
        running.files = {"foto1": photo(), "surat": b"%PDF-1.7 bukan foto"}
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(tmp_path: Path, far: Platforms, clock: Clock) -> Iterator[Hall]:
    roots = {"telegram-bot": far.url, "whatsapp": far.url}
    opened = Hall(Settings(home=tmp_path, regions=(REGION,), api_roots=roots))
    opened.store.credentials.put("telegram-bot", BOT, "admin", clock())
    opened.store.credentials.put("whatsapp", TOKEN, "admin", clock())
    yield opened
    opened.close()


@pytest.fixture
def answering(hall: Hall, clock: Clock) -> Iterator[Answering]:
    worker = Answering(hall, clock)
    yield worker
    worker.end()


def write(hall: Hall, clock: Clock, *, answered: bool = True, **more: Any) -> TakenIn:
    """Somebody writes by WhatsApp."""
    fields: dict[str, Any] = {
        "door": Door.WHATSAPP, "region": REGION, "prefix": "LB", "id": "wamid.1", "text": "Jalan rusak", "at": clock(),
        "person": NUMBER, "answer_to": {"to": NUMBER, "phone_number_id": LINE},
    }  # fmt: skip
    answer = (lambda taken: f"Kodenya: {taken.code}") if answered else None
    return hall.store.talks.take_in(Said(**(fields | more)), clock(), answer)


def states(hall: Hall) -> list[tuple[str, str | None]]:
    with hall.store.database.read() as connection:
        found = connection.execute(select(door_replies.c.state, door_replies.c.message).order_by(door_replies.c.id))
        return [(state, message) for state, message in found]


def kept(hall: Hall) -> list[bytes]:
    with hall.store.database.read() as connection:
        return list(connection.execute(select(photos.c.body)).scalars())


def test_an_answer_goes_out_once_to_who_wrote(hall: Hall, clock: Clock, far: Platforms, answering: Answering) -> None:
    taken = write(hall, clock)
    assert answering.work() == 1
    assert answering.work() == 0
    (sent,) = far.sent
    assert (sent["to"], sent["line"], sent["type"]) == (NUMBER, LINE, "text")
    assert sent["text"]["body"] == f"Kodenya: {taken.code}"
    assert states(hall) == [("selesai", None)]
    with hall.store.database.read() as connection:
        assert connection.execute(select(door_replies.c.sealed)).scalar_one() is None, "the number is let go of"


@pytest.mark.parametrize("door", [Door.TELEGRAM, Door.WHATSAPP])
def test_a_photo_is_fetched_cleaned_and_kept_with_its_report(
    hall: Hall, clock: Clock, answering: Answering, door: Door
) -> None:
    write(hall, clock, answered=False, door=door, files=("foto1",))
    assert answering.work() == 1
    (body,) = kept(hall)
    assert Image.open(BytesIO(body)).size == (1600, 1200)
    assert CAMERA.encode() not in body
    assert states(hall) == [("selesai", None)]


@pytest.mark.parametrize("door", [Door.TELEGRAM, Door.WHATSAPP])
def test_what_is_no_photo_too_large_or_gone_is_let_go_with_its_reason(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering, door: Door
) -> None:
    far.files["besar"] = b"\xff\xd8" + bytes(MOST_BYTES)
    write(hall, clock, answered=False, door=door, files=("surat", "besar", "tidak-ada"))
    assert answering.work() == 3
    assert [state for state, _ in states(hall)] == ["gagal"] * 3
    reasons = [str(why) for _, why in states(hall)]
    assert "bukan foto" in reasons[0]
    assert "melebihi 10 MB" in reasons[1]
    assert kept(hall) == []


def test_a_platform_that_fails_or_asks_for_a_pause_is_asked_again_later(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering
) -> None:
    write(hall, clock)
    far.first = [(500, b"<html>"), graph(429, 130429, "Rate limit hit"), graph(500, 131000, "Something went wrong")]
    for _ in range(3):
        assert answering.work() == 1
        assert answering.work() == 0, "it waits"
        clock.now += timedelta(hours=1)
    assert answering.work() == 1
    assert len(far.sent) == 1


def test_telegrams_own_pause_is_kept(hall: Hall, clock: Clock, far: Platforms, answering: Answering) -> None:
    write(hall, clock, answered=False, door=Door.TELEGRAM, files=("foto1",))
    told = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 600}}
    far.first = [(429, told)]
    answering.work()
    clock.now += timedelta(seconds=599)
    assert answering.work() == 0
    clock.now += timedelta(seconds=2)
    assert answering.work() == 1
    assert len(kept(hall)) == 1


def test_what_is_never_taken_is_not_repeated(hall: Hall, clock: Clock, far: Platforms, answering: Answering) -> None:
    write(hall, clock)
    far.first = [graph(400, 131047, "Re-engagement message")]
    answering.work()
    assert states(hall)[0][0] == "gagal"
    assert "131047" in str(states(hall)[0][1])


def test_what_never_answers_is_given_up_in_the_end(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering
) -> None:
    write(hall, clock)
    far.first = [(502, b"") for _ in range(MOST_TRIES)]
    for _ in range(MOST_TRIES):
        answering.work()
        clock.now += timedelta(hours=2)
    assert states(hall)[0][0] == "gagal"
    assert far.sent == []


@pytest.mark.parametrize(("door", "key"), [(Door.TELEGRAM, "telegram-bot"), (Door.WHATSAPP, "whatsapp")])
def test_a_refused_key_is_told_and_nothing_is_lost(
    hall: Hall, clock: Clock, answering: Answering, door: Door, key: str
) -> None:
    hall.store.credentials.put(key, "kunci-lama", "admin", clock())
    write(hall, clock, answered=False, door=door, files=("foto1",))
    for _ in range(MOST_TRIES + 1):
        answering.work()
        clock.now += timedelta(minutes=11)
    (note,) = [one for one in hall.store.credentials.names() if one.name == key]
    assert note.refused_at is not None
    hall.store.credentials.put(key, BOT if door is Door.TELEGRAM else TOKEN, "admin", clock())
    answering.work()
    assert len(kept(hall)) == 1


def test_without_a_key_everything_waits(hall: Hall, clock: Clock, far: Platforms, answering: Answering) -> None:
    hall.store.credentials.remove("whatsapp", "admin", clock())
    write(hall, clock)
    answering.work()
    assert far.asked == []
    hall.store.credentials.put("whatsapp", TOKEN, "admin", clock())
    clock.now += timedelta(minutes=11)
    answering.work()
    assert len(far.sent) == 1


def test_a_key_goes_to_nobody_but_meta(hall: Hall, clock: Clock, far: Platforms, answering: Answering) -> None:
    write(hall, clock, answered=False, files=("foto1",))
    far.first = [(200, {"url": "http://127.0.0.1:9/foto", "id": "foto1", "file_size": 10})]
    answering.work()
    assert "bukan milik Meta" in str(states(hall)[0][1])


def test_tokens_stand_in_no_log_and_in_no_reason(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    write(hall, clock, answered=False, door=Door.TELEGRAM, files=("foto1", "tidak-ada"))
    far.first = [(500, b"")]
    answering.work()
    write(hall, clock, id="wamid.2", person="1")
    answering.work()
    secret = caplog.text + str(states(hall)) + str(hall.store.replies.failures())
    assert BOT not in secret
    assert BOT.partition(":")[2] not in secret
    assert TOKEN not in secret


def test_a_turn_does_what_waits_beside_the_crawls(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering
) -> None:
    write(hall, clock)
    begun = answering.turn()
    assert begun.result(timeout=30) == 1
    assert len(far.sent) == 1


def test_what_does_not_open_without_the_installations_key_ends_no_room(
    hall: Hall, clock: Clock, far: Platforms, answering: Answering
) -> None:
    write(hall, clock)
    with hall.store.database.write() as connection:
        connection.execute(update(door_replies).values(key_id="0099"))
    wait([answering.turn()])
    answering.turn().result(timeout=30)
    assert far.sent == []
    assert states(hall) == [("menunggu", None)]
