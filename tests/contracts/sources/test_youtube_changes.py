"""YouTube: what is edited, deleted or moves while it is read."""

from __future__ import annotations

import json
from datetime import timedelta

from domain.ids import post_id
from domain.labels import SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import JSON, Got, Reply, Server
from tests.contracts.sources.youtube_double import Film, Tube, fault
from tests.contracts.sources.youtube_scene import HOUR, crowd, everything, stored


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


def test_a_video_taken_down_is_gone_with_its_comments_and_is_not_looked_at_again(
    channel: Listener, tube: Tube, film: Film, server: Server
) -> None:
    other = tube.film("Pasar Gerung", NOW - HOUR)
    channel.crawl()
    film.public = False
    channel.crawl()
    assert stored(channel) == everything(other), "what nobody can read there any longer is not shown here"
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
    assert stored(channel) == set()


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
