"""YouTube: what it refuses, how it fails, what a day's quota allows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from domain.doors import Credential
from domain.labels import SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import JSON, Got, Reply, Server
from tests.contracts.sources.youtube_double import KEY, Film, Tube, fault
from tests.contracts.sources.youtube_scene import DAY, HOUR, crowd, everything, listening, spent, stored


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
