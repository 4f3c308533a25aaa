"""What YouTube sources promise, against a double that is shaped on the API's documentation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crawlers.kinds import load_kinds
from crawlers.youtube.addresses import owns
from domain.doors import Credential
from domain.ids import post_id
from domain.labels import Channel, DateTrust, SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import JSON, Got, Reply, Server
from tests.contracts.sources.youtube_double import CHANNEL, HANDLE, KEY, Film, Tube, fault

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tube(server: Server) -> Tube:
    return Tube(server)


@pytest.fixture
def film(tube: Tube) -> Film:
    """A video of yesterday with three comments, one of them answered."""
    made = tube.film("Jalan Gerung–Kuripan rusak", NOW - DAY, "Liputan di lapangan.\nBagian pertama.")
    first = tube.say(made, "Kapan diperbaiki?\nSudah setahun.", NOW - 20 * HOUR)
    tube.reply(first, "Kata PUPR bulan depan", NOW - 19 * HOUR)
    tube.say(made, "Di Kuripan juga berlubang", NOW - 10 * HOUR)
    tube.say(made, "Terima kasih liputannya", NOW - 5 * HOUR)
    return made


@pytest.fixture
def channel(tube: Tube) -> Listener:
    return listening(tube)


def listening(tube: Tube, url: str = f"https://www.youtube.com/{HANDLE}", budget: int | None = None) -> Listener:
    options = (("budget", str(budget)),) if budget is not None else ()
    return Listener("youtube", url, root=tube.server.url, key=KEY, options=options)


def stored(listener: Listener) -> set[str]:
    """Native ids of the posts that stand."""
    gone = listener.sink.withdrawn
    return {post.native_id for post in listener.sink.posts.values() if post.id not in gone}


def everything(*films: Film) -> set[str]:
    said = {one.id for film in films for thread in film.threads for one in (thread, *thread.replies)}
    return said | {film.id for film in films}


def crowd(tube: Tube, film: Film, number: int) -> None:
    for each in range(number):
        tube.say(film, f"Komentar ke-{each} tentang jalan", film.at + timedelta(seconds=60 * each))


def spent(listener: Listener) -> int:
    return sum(listener.purse.hours.values())


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


def test_an_edited_comment_is_a_revision_of_the_same_post(channel: Listener, tube: Tube, film: Film) -> None:
    channel.crawl()
    film.threads[1].text, film.threads[1].changed = "Di Kuripan sudah ditambal", NOW
    tube.say(film, "Mantap", NOW + timedelta(minutes=10))
    outcome = channel.crawl()

    assert (outcome.report.added, outcome.report.revised) == (1, 1)
    assert "Di Kuripan sudah ditambal" in channel.sink.texts()


def test_an_edit_that_changes_no_number_is_seen_within_days(channel: Listener, film: Film) -> None:
    channel.crawl()
    film.threads[1].text = "Di Kuripan sudah ditambal"
    assert channel.crawl().report.revised == 0
    channel.now += timedelta(days=8)
    assert channel.crawl().report.revised == 1


def test_a_change_of_likes_alone_is_no_revision(channel: Listener, film: Film) -> None:
    channel.crawl()
    film.threads[1].likes = 40
    channel.now += timedelta(days=8)
    assert channel.crawl().report.revised == 0
    assert channel.sink.posts[post_id("youtube", film.threads[1].id)].engagement.likes == 40


def test_a_deleted_comment_is_gone_with_the_replies_to_it(channel: Listener, film: Film) -> None:
    channel.crawl()
    deleted = film.threads.pop(0)
    channel.crawl()

    assert channel.sink.withdrawn == {post_id("youtube", deleted.id), post_id("youtube", deleted.replies[0].id)}


def test_a_deleted_reply_is_gone_and_its_comment_stays(channel: Listener, film: Film) -> None:
    channel.crawl()
    deleted = film.threads[0].replies.pop()
    film.threads[0].replies.clear()
    channel.now += timedelta(days=8)
    channel.crawl()
    assert channel.sink.withdrawn == {post_id("youtube", deleted.id)}


def test_what_a_list_leaves_out_is_asked_for_by_its_id_before_it_counts_as_gone(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    channel.crawl()
    hidden = film.threads.pop(0)
    still = {"kind": "youtube#commentListResponse", "items": [{"id": hidden.id}]}
    server.routes.insert(
        0, lambda got: Reply(json.dumps(still), headers=JSON) if "id" in got.query and got.path == "/comments" else None
    )
    tube.say(film, "Ada yang hilang", NOW)
    channel.crawl()
    assert channel.sink.withdrawn == set()


def test_a_video_taken_down_is_gone_and_is_not_looked_at_again(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    other = tube.film("Pasar Gerung", NOW - HOUR)
    channel.crawl()
    film.public = False
    channel.crawl()
    assert channel.sink.withdrawn == {post_id("youtube", film.id)}
    server.got.clear()
    channel.crawl()
    asked = [got.query["id"] for got in server.got if got.path == "/videos"]
    assert asked == [other.id]


def test_a_video_that_goes_between_two_questions_is_gone(channel: Listener, tube: Tube, film: Film) -> None:
    channel.crawl()
    tube.say(film, "Sebelum dihapus", NOW)

    def vanish(got: Got) -> Reply | None:
        if got.path == "/commentThreads":
            film.public = False
        return None

    tube.server.routes.insert(0, vanish)
    assert channel.crawl().state is SourceState.UNCHANGED
    assert post_id("youtube", film.id) in channel.sink.withdrawn


def test_comments_that_are_switched_off_are_left_alone_until_they_are_switched_on(
    channel: Listener, tube: Tube, film: Film
) -> None:
    other = tube.film("Tanpa komentar", NOW - HOUR)
    other.shut = True
    outcome = channel.crawl()
    assert outcome.state is SourceState.OK
    assert outcome.message is None
    assert stored(channel) == everything(film, other)
    assert tube.calls("commentThreads") == 1
    other.shut = False
    tube.say(other, "Akhirnya boleh berkomentar", NOW + HOUR)
    channel.crawl()
    assert stored(channel) == everything(film, other)


def test_comments_switched_off_between_two_questions_stop_nothing(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    server.first("/commentThreads", fault(403, "commentsDisabled", "The video has disabled comments."))
    other = tube.film("Pasar Gerung", NOW - 2 * DAY)
    tube.say(other, "Becek", NOW - DAY)
    assert channel.crawl().state is SourceState.OK
    assert everything(other) <= stored(channel)
    channel.now += 7 * HOUR
    channel.crawl()
    assert stored(channel) == everything(film, other)


def test_a_page_lost_in_the_middle_is_where_the_next_crawl_goes_on(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    crowd(tube, film, 450)
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("pageToken") == "dari200" else None)
    first = channel.crawl()
    assert first.report.added == 1 + 200
    assert film.id in (first.message or "")
    server.got.clear()
    channel.crawl()

    assert stored(channel) == everything(film)
    assert next(got for got in server.got if got.path == "/commentThreads").query["pageToken"] == "dari200"


def test_a_page_that_the_platform_has_forgotten_is_no_reason_to_lose_the_rest(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    crowd(tube, film, 250)
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("pageToken") == "dari100" else None)
    channel.crawl()
    server.first("/commentThreads", fault(400, "invalidPageToken", "The request specifies an invalid page token."))
    channel.crawl()
    assert stored(channel) == everything(film)


def test_what_slips_past_the_reader_when_pages_move_is_met_the_second_time(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    crowd(tube, film, 450)

    def delete_above(got: Got) -> Reply | None:
        if got.query.get("pageToken") == "dari200" and len(film.threads) == 453:
            for _ in range(5):
                film.threads.pop()
        return None

    server.routes.insert(0, delete_above)
    channel.crawl()
    assert everything(film) <= stored(channel)
    channel.crawl()
    assert stored(channel) == everything(film)


def test_a_comment_that_comes_while_pages_are_read_is_stored_once(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    crowd(tube, film, 350)

    def say_more(got: Got) -> Reply | None:
        if got.query.get("pageToken") and len(film.threads) < 365:
            tube.say(film, f"Masih ramai {len(film.threads)}", NOW)
        return None

    server.routes.insert(0, say_more)
    for _ in range(4):
        channel.crawl()
    assert stored(channel) == everything(film)


def test_malformed_entries_are_set_aside_and_the_rest_goes_in(
    channel: Listener, film: Film, server: Server, tube: Tube
) -> None:
    film.threads[1].text = "   "
    whole = tube._route(Got(f"/commentThreads?videoId={film.id}&maxResults=100", {"x-goog-api-key": KEY}))
    assert whole is not None
    body = json.loads(whole.body)
    body["items"] += ["bukan", {"id": "tanpa-isi"}]
    server.always("/commentThreads", Reply(json.dumps(body), headers=JSON))
    outcome = channel.crawl()

    assert outcome.report.added == 4
    assert outcome.report.quarantined == len(channel.sink.aside) == 3


def test_a_list_of_uploads_that_cannot_be_read_is_set_aside_and_hides_nothing(
    channel: Listener, film: Film, server: Server
) -> None:
    channel.crawl()
    strange = {"kind": "youtube#playlistItemListResponse", "items": [{"id": "UU.x", "details": {"video": film.id}}]}
    server.always("/playlistItems", Reply(json.dumps(strange), headers=JSON))
    assert channel.crawl().report.quarantined == 1


def test_an_answer_that_is_something_else_is_a_failure(channel: Listener, film: Film, server: Server) -> None:
    assert film.public
    server.always("/playlistItems", Reply("<html>masuk dahulu</html>"))
    assert channel.crawl().state is SourceState.FAILED
    server.always("/playlistItems", Reply('{"halo": 1}', headers=JSON))
    assert channel.crawl().state is SourceState.FAILED


def test_a_server_that_stumbles_is_asked_again_each_time_for_a_unit(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    stumble = fault(503, "backendError", "Backend Error")
    for method in ("/channels", "/videos", "/commentThreads"):
        server.first(method, stumble, stumble)
    assert channel.crawl().state is SourceState.OK
    assert stored(channel) == everything(film)
    assert spent(channel) == tube.spent[KEY] + 6


def test_a_connection_that_is_cut_costs_no_unit_unseen(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    cut = [True, True]

    def cutting(got: Got) -> Reply | None:
        if got.path != "/commentThreads" or not cut:
            return None
        cut.pop()
        tube.spent[KEY] += 1
        return Reply(status=0)

    server.routes.insert(0, cutting)
    channel.crawl()
    assert stored(channel) == everything(film)
    assert spent(channel) == tube.spent[KEY] == 6


def test_a_pause_that_is_asked_for_is_kept(channel: Listener, tube: Tube, film: Film) -> None:
    tube.refuse = fault(429, "rateLimitExceeded", "Too many requests", **{"Retry-After": "7200"})
    outcome = channel.crawl()
    assert outcome.rest_until is not None
    assert NOW + timedelta(minutes=119) < outcome.rest_until < NOW + timedelta(minutes=122)
    assert tube.spent[KEY] == 1
    tube.refuse = None
    channel.crawl()
    assert stored(channel) == everything(film)


def test_a_spent_quota_rests_until_midnight_in_california(channel: Listener, tube: Tube, film: Film) -> None:
    assert film.public
    tube.refuse = fault(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
    outcome = channel.crawl()

    assert outcome.state is SourceState.UNPROVEN
    assert str(outcome.rest_until) == "2026-11-20 08:00:00+00:00"


def test_a_budget_is_never_overspent_and_what_is_left_comes_on_the_next_days(tube: Tube, film: Film) -> None:
    crowd(tube, film, 900)
    channel = listening(tube, budget=10)
    days = 0
    while stored(channel) != everything(film):
        before = tube.spent.get(KEY, 0)
        outcome = channel.crawl()
        assert tube.spent[KEY] - before <= 9
        if outcome.rest_until is not None:
            assert "Anggaran" in (outcome.message or "")
            channel.now = outcome.rest_until + timedelta(minutes=1)
        days += 1
        assert days < 6
    assert days > 1


@pytest.mark.parametrize("reason", ["accessNotConfigured", "ipRefererBlocked"])
def test_a_key_that_may_not_is_refused(channel: Listener, tube: Tube, film: Film, reason: str) -> None:
    assert film.public
    tube.refuse = fault(403, reason, "Access Not Configured.")
    assert channel.crawl().state is SourceState.AUTH_EXPIRED


def test_without_a_key_nothing_is_asked(tube: Tube, film: Film) -> None:
    assert film.public
    channel = listening(tube)
    channel.credential = None
    assert channel.crawl().state is SourceState.AUTH_EXPIRED
    assert tube.spent == {}


def test_a_key_that_is_revoked_and_replaced_leaves_no_gap(channel: Listener, tube: Tube, film: Film) -> None:
    channel.crawl()
    tube.keys = {"kunci-baru"}
    tube.say(film, "Saat kunci mati", NOW + HOUR)
    refused = channel.crawl()
    assert refused.state is SourceState.AUTH_EXPIRED
    assert KEY not in (refused.message or "")
    late = tube.film("Saat kunci mati", NOW + 2 * HOUR)
    tube.say(late, "Di sini juga", NOW + 3 * HOUR)
    channel.crawl()
    channel.now += 2 * HOUR
    channel.credential = Credential("youtube", "kunci-baru", mark="2e")
    channel.crawl()
    assert stored(channel) == everything(film, late)


def test_the_key_stands_in_no_address(channel: Listener, film: Film, server: Server) -> None:
    channel.crawl()
    assert film.public
    assert not any(KEY in got.target for got in server.got)
    assert all(got.headers["x-goog-api-key"] == KEY for got in server.got)


def test_dates_of_a_clock_that_is_ahead_do_not_hide_what_comes_later(channel: Listener, tube: Tube, film: Film) -> None:
    tube.say(film, "Dari masa depan", NOW + 400 * DAY)
    outcome = channel.crawl()
    assert outcome.newest_post_at == NOW - 5 * HOUR
    tube.say(film, "Sesudahnya", NOW + timedelta(minutes=20))
    channel.crawl()
    assert stored(channel) == everything(film)


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
