"""The shelf of raw answers: what goes in comes out, sealed in between, whatever happened while it was written."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.answers import KeptAnswer, KeptCrawl
from domain.errors import Conflict, NotFound
from domain.labels import SourceState
from domain.ports import SourceMemory, SourceSpec
from store import answers
from store.answers import MOST, Shelf
from store.keys import KeyRing, add_key

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SPEC = SourceSpec("kabar", "Kabar", "rss", "https://contoh.id/feed/", ("lombok-barat",), options=(("halaman", "2"),))
MEMORY = SourceMemory(
    "kabar", SourceState.OK, etag='"1"', cursor='{"floor":"x"}', last_ok_at=NOW, newest_post_at=NOW, posts_total=7
)
CRAWL = KeptCrawl(SPEC, MEMORY, NOW, since=NOW - timedelta(days=3), root="http://proxy")
HEADERS = {"etag": '"2"', "set-cookie": "sesi=rahasia", "Authorization": "Bearer rahasia"}
SAID = b"hubungi Budi 081234567890" * 40
ANSWERS = (
    KeptAnswer("https://contoh.id/feed", NOW, "https://contoh.id/feed/", 200, HEADERS, SAID, "https://contoh.id/feed/"),
    KeptAnswer("https://contoh.id/lama", NOW, fault="robots.txt melarang", blocked=True),
    KeptAnswer("https://contoh.id/feed", NOW, "https://contoh.id/feed/", 304, {"etag": '"2"'}),
)


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "keys", create=True)


@pytest.fixture
def shelf(tmp_path: Path, keys: KeyRing) -> Shelf:
    return Shelf(tmp_path / "answers", keys, days=14)


def keep(shelf: Shelf, crawl: KeptCrawl = CRAWL, *some: KeptAnswer) -> list[str | None]:
    log = shelf.begin(crawl)
    ids = [log.add(one) for one in some or ANSWERS]
    log.close()
    return ids


def file_of(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "answers").glob("*/*/*")
    return path


def test_a_crawl_and_its_answers_come_back_in_their_order(shelf: Shelf) -> None:
    ids = keep(shelf)
    (name,) = shelf.crawls("kabar")
    crawl, found = shelf.read(name)
    assert crawl == CRAWL
    first, second, third = found
    assert (first.asked, first.url, first.status, first.body) == (
        ANSWERS[0].asked, ANSWERS[0].url, 200, SAID,
    )  # fmt: skip
    assert (first.moved_to, dict(first.headers)) == (ANSWERS[0].moved_to, {"etag": '"2"'})
    assert (second, third) == ANSWERS[1:]
    assert [shelf.answer(one or "").status for one in ids] == [200, 0, 304]


def test_nothing_of_it_stands_there_in_the_clear_and_nobody_else_may_read_it(shelf: Shelf, tmp_path: Path) -> None:
    keep(shelf)
    path = file_of(tmp_path)
    stands = path.read_bytes()
    for words in (b"Budi", b"0812", b"contoh.id", b"etag", b"rahasia"):
        assert words not in stands
    assert len(stands) < len(SAID) + 1_500
    assert path.stat().st_mode & 0o077 == 0


def test_secret_headers_are_on_no_shelf(shelf: Shelf) -> None:
    keep(shelf)
    _, found = shelf.read(shelf.crawls("kabar")[0])
    assert "rahasia" not in "".join(str(dict(one.headers)) for one in found)


@pytest.mark.parametrize("lost", [1, 3, 30])
def test_what_was_cut_off_while_it_was_written_is_not_there_and_the_rest_is(
    shelf: Shelf, tmp_path: Path, lost: int
) -> None:
    keep(shelf)
    path = file_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])
    _, found = shelf.read(shelf.crawls("kabar")[0])
    assert [one.status for one in found] == [200, 0]


def test_a_file_that_was_cut_off_before_its_first_answer_is_none(shelf: Shelf, tmp_path: Path) -> None:
    keep(shelf)
    path = file_of(tmp_path)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(NotFound):
        shelf.read(shelf.crawls("kabar")[0])


def test_a_record_that_was_moved_does_not_open(shelf: Shelf, tmp_path: Path) -> None:
    keep(shelf)
    path = file_of(tmp_path)
    other = path.with_name("040000000000-0a0a0a0a")
    shutil.copy(path, other)
    with pytest.raises(Conflict):
        shelf.read(f"kabar/2026-11-20/{other.name}")


def test_answers_open_after_a_new_key_was_made(shelf: Shelf, tmp_path: Path) -> None:
    keep(shelf)
    add_key(tmp_path / "keys")
    later = Shelf(tmp_path / "answers", KeyRing.open(tmp_path / "keys"), days=14)
    keep(later, KeptCrawl(SPEC, MEMORY, NOW + timedelta(hours=1)))
    assert [len(list(later.read(name)[1])) for name in later.crawls("kabar")] == [3, 3]


def test_a_body_that_is_too_long_is_left_out_and_said_to_be(shelf: Shelf) -> None:
    keep(shelf, CRAWL, KeptAnswer("a", NOW, "a", 200, {}, b"x" * (MOST + 1)), ANSWERS[0])
    _, found = shelf.read(shelf.crawls("kabar")[0])
    long, usual = found
    assert (long.too_long, long.body) == (True, b"")
    assert not usual.too_long


def test_crawls_are_found_newest_first_from_a_time_on_and_only_of_their_source(shelf: Shelf) -> None:
    for hours in (0, 30, 60):
        keep(shelf, KeptCrawl(SPEC, MEMORY, NOW + timedelta(hours=hours)))
    found = shelf.crawls("kabar")
    assert [shelf.read(name)[0].at for name in found] == [NOW + timedelta(hours=hours) for hours in (60, 30, 0)]
    assert shelf.crawls("kabar", NOW + timedelta(hours=30)) == found[:2]
    assert shelf.crawls("lain") == []


def test_days_that_are_over_go_and_all_go_when_nothing_is_to_be_kept(
    shelf: Shelf, tmp_path: Path, keys: KeyRing
) -> None:
    keep(shelf)
    assert shelf.forget_old(NOW + timedelta(days=14)) == 0
    assert shelf.size() > 0
    assert shelf.forget_old(NOW + timedelta(days=15)) == 1
    assert shelf.size() == 0
    keep(shelf)
    assert Shelf(tmp_path / "answers", keys, days=0).forget_old(NOW) == 1


def test_who_keeps_an_answer_sweeps_once_a_day(shelf: Shelf) -> None:
    keep(shelf)
    keep(shelf, KeptCrawl(SPEC, MEMORY, NOW + timedelta(days=20)))
    assert len(shelf.crawls("kabar")) == 1


@pytest.mark.parametrize("name", ["../keys/0001.key", "kabar/2026-11-20/../../x", "kabar/2026-11-20/1#1", ""])
def test_a_name_that_is_none_opens_nothing(shelf: Shelf, name: str) -> None:
    with pytest.raises(NotFound):
        shelf.answer(name)
    with pytest.raises(NotFound):
        shelf.read(name)


def test_a_disk_that_is_nearly_full_stops_nothing_and_is_told_of(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LEAST_FREE", 2**62)
    log = shelf.begin(CRAWL)
    assert log.add(ANSWERS[0]) is None
    assert log.add(ANSWERS[1]) is None
    assert "disk hampir penuh" in (log.trouble or "")
    assert shelf.crawls("kabar") == []
    log.close()


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path, keys: KeyRing) -> None:
    (tmp_path / "answers").write_text("bukan folder")
    log = Shelf(tmp_path / "answers", keys, days=14).begin(CRAWL)
    assert log.add(ANSWERS[0]) is None
    assert log.trouble
