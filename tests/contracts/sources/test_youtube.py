"""What YouTube sources bring, against a double that is shaped on the API's documentation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crawlers.kinds import load_kinds
from crawlers.youtube.addresses import owns
from domain.ids import post_id
from domain.labels import Channel, DateTrust, SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Server
from tests.contracts.sources.youtube_double import CHANNEL, Film, Tube, fault
from tests.contracts.sources.youtube_scene import DAY, HOUR, crowd, everything, listening, spent, stored


def test_a_channel_brings_its_videos_with_their_comments_and_replies(channel: Listener, film: Film) -> None:
    outcome = channel.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 5
    video = channel.sink.posts[post_id("youtube", film.id)]
    assert (video.title, video.text) == (film.title, film.description)
    assert (video.channel, video.author, video.engagement.views) == (Channel.YOUTUBE, CHANNEL, 120)
    top = channel.sink.posts[post_id("youtube", film.threads[0].id)]
    assert top.text == "Kapan diperbaiki?\nSudah setahun."
    assert (top.published_at, top.date_trust) == (NOW - 20 * HOUR, DateTrust.EXACT)
    assert top.url == f"https://www.youtube.com/watch?v={film.id}&lc={film.threads[0].id}"
    assert (top.parent, top.engagement.replies, top.author) == (video.id, 1, "UCpenontonpenontonpenonto")
    answer = channel.sink.posts[post_id("youtube", film.threads[0].replies[0].id)]
    assert (answer.parent, answer.text) == (top.id, "Kata PUPR bulan depan")


@pytest.mark.parametrize("url", [f"https://www.youtube.com/channel/{CHANNEL}", "https://www.youtube.com/watch?v={}"])
def test_a_channel_is_found_by_its_id_and_a_video_by_its_own(tube: Tube, film: Film, url: str) -> None:
    listener = listening(tube, url.format(film.id))
    assert listener.crawl().report.added == 5


def test_a_second_crawl_brings_nothing_and_asks_for_no_comments(channel: Listener, film: Film, server: Server) -> None:
    channel.crawl()
    server.got.clear()
    outcome = channel.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert (outcome.report.added, outcome.report.revised) == (0, 0)
    assert server.paths() == ["/playlistItems", "/videos"]
    assert film.id in stored(channel)


def test_the_search_that_costs_a_hundred_is_never_used(channel: Listener, film: Film, server: Server) -> None:
    channel.crawl()
    assert film.public
    assert "/search" not in server.paths()


def test_new_comments_and_replies_are_found_with_a_page_or_two(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    crowd(tube, film, 450)
    channel.crawl()
    server.got.clear()
    tube.say(film, "Baru sekarang saya lihat", NOW + HOUR)
    tube.reply(film.threads[-2], "Sama, di tempat kami juga", NOW + HOUR)
    outcome = channel.crawl()

    assert outcome.report.added == 2
    assert tube.calls("commentThreads") == 1


def test_a_reply_to_an_old_comment_is_found_though_it_stands_many_pages_down(
    channel: Listener, tube: Tube, film: Film
) -> None:
    crowd(tube, film, 450)
    channel.crawl()
    tube.reply(film.threads[2], "Akhirnya ditambal hari ini", NOW + HOUR)

    assert channel.crawl().report.added == 1
    assert stored(channel) == everything(film)


def test_all_replies_of_a_long_thread_are_fetched(channel: Listener, tube: Tube, film: Film) -> None:
    for number in range(230):
        tube.reply(film.threads[1], f"Balasan {number}", NOW - 9 * HOUR + timedelta(minutes=number))
    channel.crawl()
    assert stored(channel) == everything(film)
    spent_before = spent(channel)
    channel.crawl()
    assert spent(channel) - spent_before == 2


def test_a_walk_back_brings_older_uploads_and_can_be_broken_off(tube: Tube, film: Film) -> None:
    old = [tube.film(f"Berita {number}", NOW - (number + 2) * DAY) for number in range(120)]
    for each in old:
        tube.say(each, "Komentar lama", each.at + HOUR)
    channel = listening(tube, budget=100)
    channel.crawl()
    assert len(stored(channel)) == len(everything(film, *old[:49]))
    channel.now += DAY
    since = NOW - 110 * DAY
    outcome = channel.crawl(since=since)
    for _ in range(5):
        if outcome.rest_until is None:
            break
        channel.now = outcome.rest_until + timedelta(minutes=1)
        outcome = channel.crawl()
    assert stored(channel) == everything(film, *(each for each in old if each.at >= since))
    assert "since" not in json.loads(channel.memory.cursor or "{}")


def test_a_walk_back_that_a_spent_quota_keeps_from_beginning_is_made_later(tube: Tube, film: Film) -> None:
    old = [tube.film(f"Berita {number}", NOW - (number + 2) * DAY) for number in range(60)]
    channel = listening(tube)
    channel.crawl()
    tube.refuse = fault(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
    assert channel.crawl(since=NOW - 110 * DAY).rest_until is not None
    tube.refuse = None
    channel.crawl()
    assert stored(channel) == everything(film, *old)


def test_only_so_many_videos_are_watched(tube: Tube) -> None:
    films = [tube.film(f"Berita {number}", NOW - number * HOUR) for number in range(230)]
    channel = listening(tube)
    channel.crawl(since=NOW - 30 * DAY)
    assert stored(channel) == everything(*films)
    assert len(json.loads(channel.memory.cursor or "{}")["videos"]) == 200
    assert len(channel.memory.cursor or "") < 40_000


def test_quiet_videos_are_looked_at_less_and_less_often(channel: Listener, tube: Tube, server: Server) -> None:
    quiet = tube.film("Lama", NOW - 40 * DAY)
    lively = tube.film("Baru", NOW - HOUR)
    channel.crawl()
    server.got.clear()
    channel.crawl()
    assert [got.query["id"] for got in server.got if got.path == "/videos"] == [lively.id]
    channel.now += 8 * DAY
    server.got.clear()
    channel.crawl()
    assert quiet.id in next(got.query["id"] for got in server.got if got.path == "/videos")


def test_another_address_begins_anew(channel: Listener, tube: Tube, film: Film) -> None:
    channel.crawl()
    channel.spec = replace(channel.spec, url=f"https://www.youtube.com/watch?v={film.id}")
    tube.say(film, "Masih ada", NOW)
    assert channel.crawl().report.added == 1


def test_a_channel_that_does_not_exist_is_a_failure_in_words(tube: Tube) -> None:
    outcome = listening(tube, "https://www.youtube.com/@tidakada").crawl()
    assert outcome.state is SourceState.FAILED
    assert "periksa alamatnya" in (outcome.message or "")


def test_a_channel_without_videos_is_empty(channel: Listener) -> None:
    assert channel.crawl().state is SourceState.EMPTY


def test_a_proof_stops_after_the_posts_it_wants(channel: Listener, film: Film) -> None:
    assert film.public
    channel.crawl(limit=2)
    assert len(channel.sink.posts) == 2
    assert "videos" not in json.loads(channel.memory.cursor or "{}")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://youtube.com/@KabarLombok/videos", "https://www.youtube.com/@KabarLombok"),
        (f"https://m.youtube.com/channel/{CHANNEL}?view=0", f"https://www.youtube.com/channel/{CHANNEL}"),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/feed/trending", None),
        ("https://example.org/@KabarLombok", None),
    ],
)
def test_addresses_of_youtube_are_known_by_themselves(url: str, kept: str | None) -> None:
    assert owns(url) == kept
    assert load_kinds()["youtube"].owns is not None
