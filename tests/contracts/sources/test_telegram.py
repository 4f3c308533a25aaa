"""What Telegram channels promise, against a double of the pages that Telegram shows of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawlers.parsing.telegram import message_id
from crawlers.sources.telegram import owns
from domain.labels import Channel, DateTrust, SourceState
from domain.posts import Media
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Got, Reply, Server
from tests.contracts.sources.telegram_double import (
    NAME,
    Board,
    Message,
    answering,
    box,
    forwarded,
    page,
    picture,
    poll,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATH = f"/s/{NAME}"


@pytest.fixture
def board(server: Server) -> Board:
    return Board(server)


@pytest.fixture
def channel(board: Board) -> Listener:
    return Listener("telegram", f"https://t.me/s/{NAME}", root=board.server.url)


def fill(board: Board, number: int, *, since: int = 1000) -> None:
    """So many messages, an hour apart."""
    begun = len(board.messages)
    for each in range(begun, begun + number):
        board.post(f"Laporan warga ke-{each}", NOW - since * HOUR + each * HOUR)


def numbers(channel: Listener) -> set[int]:
    """Messages that stand."""
    return {
        int(post.native_id.rpartition("/")[2])
        for post in channel.sink.posts.values()
        if post.id not in channel.sink.withdrawn
    }


def there(board: Board) -> set[int]:
    return {message.number for message in board.messages}


def cursor(channel: Listener) -> dict[str, object]:
    cursor = json.loads(channel.memory.cursor or "{}")
    return {name: value for name, value in cursor.items() if name not in {"pace", "yield"}}


def test_a_channel_brings_its_messages_with_what_belongs_to_them(channel: Listener, board: Board) -> None:
    board.post("Jalan Gerung putus\n\nHati-hati lewat sini & sana", NOW - 3 * HOUR, views="436.6K", extra=picture(1))
    board.post("Sudah ditangani", NOW - 2 * HOUR, extra=answering(1, "Jalan Gerung putus"))
    board.post("Imbauan cuaca", NOW - HOUR, extra=forwarded("BMKG NTB"))
    outcome = channel.crawl()

    assert outcome.state is SourceState.OK
    first, second, third = (channel.sink.posts[message_id(NAME, number)] for number in (1, 2, 3))
    assert first.text == "Jalan Gerung putus\nHati-hati lewat sini & sana"
    assert (first.published_at, first.date_trust) == (NOW - 3 * HOUR, DateTrust.EXACT)
    assert (first.channel, first.url) == (Channel.TELEGRAM, f"https://t.me/{NAME}/1")
    assert (first.engagement.views, first.author) == (436_600, NAME)
    assert first.media == (Media(kind="image", url=f"https://t.me/{NAME}/1?single"),)
    assert (second.parent, second.text) == (first.id, "Sudah ditangani")
    assert third.author == "BMKG NTB"


def test_a_poll_is_its_question_with_its_answers(channel: Listener, board: Board) -> None:
    board.post("", NOW - HOUR, extra=poll("Air PDAM hari ini?", "Lancar", "Mati"))
    channel.crawl()
    assert channel.sink.texts() == {"Air PDAM hari ini?\n– Lancar\n– Mati"}


def test_messages_without_words_and_those_of_the_service_are_no_posts(channel: Listener, board: Board) -> None:
    board.post("Channel created", NOW - 3 * HOUR, kind="service_message")
    board.post("", NOW - 2 * HOUR, extra=picture(2))
    board.post("Ada kata", NOW - HOUR)
    outcome = channel.crawl()
    assert channel.sink.texts() == {"Ada kata"}
    assert outcome.report.quarantined == 0


def test_a_second_crawl_brings_nothing(channel: Listener, board: Board) -> None:
    fill(board, 30, since=31)
    channel.crawl()
    outcome = channel.crawl()
    assert (outcome.report.added, outcome.report.revised) == (0, 0)
    assert outcome.message is None


def test_the_first_crawl_reads_the_newest_pages_and_a_walk_back_the_rest(channel: Listener, board: Board) -> None:
    fill(board, 330)
    channel.crawl()
    assert numbers(channel) == set(range(131, 331))
    outcome = channel.crawl(since=NOW - 2000 * HOUR)
    assert outcome.report.added == 130
    assert numbers(channel) == there(board)
    assert cursor(channel) == {"upto": 330}


def test_a_walk_back_goes_as_far_as_it_is_asked_to(channel: Listener, board: Board) -> None:
    fill(board, 300)
    channel.crawl()
    channel.crawl(since=NOW - 950 * HOUR)
    assert min(numbers(channel)) == 41


def test_a_walk_back_that_lost_a_page_goes_on_next_time(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 330)
    channel.crawl()
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("before") == "71" else None)
    outcome = channel.crawl(since=NOW - 2000 * HOUR)
    assert "Halaman lama" in (outcome.message or "")
    channel.crawl()
    assert numbers(channel) == there(board)


def test_a_gap_of_many_pages_is_filled_from_what_is_read_upwards(
    channel: Listener, board: Board, server: Server
) -> None:
    fill(board, 40)
    channel.crawl()
    fill(board, 200)
    server.got.clear()
    channel.crawl()

    assert numbers(channel) == there(board)
    queries = [got.query for got in server.got if got.path == PATH]
    assert queries[:4] == [{}, {"before": "221"}, {"before": "201"}, {"after": "40"}]


def test_a_page_lost_in_the_middle_is_fetched_next_time(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 40, since=250)
    channel.crawl()
    fill(board, 200, since=250)
    lost = [Reply("rusak", 502)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("after") == "80" else None)
    outcome = channel.crawl()
    assert outcome.state is SourceState.OK
    assert outcome.message is not None
    assert numbers(channel) == there(board) - set(range(81, 181))
    fill(board, 5, since=250)
    channel.crawl()
    assert numbers(channel) == there(board)


def test_the_second_of_the_newest_pages_lost_is_made_up_for(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 40)
    channel.crawl()
    fill(board, 60)
    lost = [Reply("rusak", 502)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("before") == "81" else None)
    channel.crawl()
    assert numbers(channel) == there(board)


def test_a_gap_in_which_all_is_deleted_is_no_gap(channel: Listener, board: Board) -> None:
    fill(board, 40)
    channel.crawl()
    fill(board, 200)
    board.messages = [one for one in board.messages if one.number <= 40 or one.number > 180]
    channel.crawl()
    assert numbers(channel) == there(board)
    assert cursor(channel)["upto"] == 240


def test_an_edit_is_a_revision_and_a_count_of_views_is_none(channel: Listener, board: Board) -> None:
    fill(board, 50)
    channel.crawl()
    for message in board.messages:
        message.views = "1.2K"
    board.messages[5].text, board.messages[5].edited = "Ralat: jalan sudah dibuka", True
    outcome = channel.crawl()

    assert (outcome.report.added, outcome.report.revised) == (0, 1)
    assert "Ralat: jalan sudah dibuka" in channel.sink.texts()
    assert channel.sink.posts[message_id(NAME, 50)].engagement.views == 1200


def test_a_deleted_message_is_gone_its_neighbours_stay(channel: Listener, board: Board) -> None:
    fill(board, 50)
    channel.crawl()
    board.delete(board.messages[20])
    channel.crawl()
    assert channel.sink.withdrawn == {message_id(NAME, 21)}


def test_the_newest_message_deleted_is_gone_when_its_own_place_is_empty(channel: Listener, board: Board) -> None:
    fill(board, 30)
    channel.crawl()
    board.delete(board.messages[-1])
    channel.crawl()
    assert channel.sink.withdrawn == {message_id(NAME, 30)}


def test_an_old_copy_of_the_newest_page_deletes_nothing(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 30)
    old = page(board.messages[8:28])
    channel.crawl()
    server.routes.insert(0, lambda got: Reply(old) if got.target == PATH else None)
    channel.crawl()
    assert channel.sink.withdrawn == set()


def test_what_lies_beyond_the_newest_pages_is_not_called_deleted(channel: Listener, board: Board) -> None:
    fill(board, 150)
    channel.crawl()
    board.messages = board.messages[40:]
    channel.crawl()
    assert channel.sink.withdrawn == set()


def test_a_channel_without_a_preview_is_blocked_with_what_to_do(channel: Listener, board: Board) -> None:
    board.preview = False
    outcome = channel.crawl()
    assert outcome.state is SourceState.BLOCKED
    assert "pratinjau" in (outcome.message or "")
    assert "ekspor" in (outcome.message or "")


def test_a_preview_that_opens_again_leaves_no_gap(channel: Listener, board: Board) -> None:
    fill(board, 40)
    channel.crawl()
    board.preview = False
    channel.crawl()
    fill(board, 120)
    board.preview = True
    channel.crawl()
    assert numbers(channel) == there(board)


def test_a_page_that_is_something_else_is_a_failure(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 3)
    server.always(PATH, Reply("<html><body>Sedang dirawat</body></html>"))
    assert channel.crawl().state is SourceState.FAILED


def test_a_page_whose_marks_have_changed_is_a_failure_not_silence(
    channel: Listener, board: Board, server: Server
) -> None:
    fill(board, 20, since=30)
    for _ in range(4):
        channel.crawl()
    changed = page(board.messages).replace("tgme_widget_message js", "tg_message js")
    changed = changed.replace('class="tgme_widget_message ', 'class="tg_message ')
    server.always(PATH, Reply(changed))
    outcome = channel.crawl()
    assert outcome.state is SourceState.FAILED
    assert "tidak terbaca lagi" in (outcome.message or "")


def test_malformed_entries_are_set_aside_and_the_rest_goes_in(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 3)
    broken = '<div class="tgme_widget_message" data-post="tanpa-nomor"><div class="js-message_text">?</div></div>'
    timeless = box(Message(9, "Tanpa waktu", NOW)).replace("<time datetime", "<time data-x")
    server.always(PATH, Reply(page(board.messages).replace("</section>", f"{broken}{timeless}</section>")))
    outcome = channel.crawl()
    assert outcome.report.added == 3
    assert outcome.report.quarantined == len(channel.sink.aside) == 2


def test_a_walk_back_that_a_pause_keeps_from_beginning_is_made_later(
    channel: Listener, board: Board, server: Server
) -> None:
    fill(board, 100)
    channel.crawl()
    channel.sink.posts.clear()
    server.first(PATH, Reply("pelan", 429, {"Retry-After": "3600"}))
    assert channel.crawl(since=NOW - 2000 * HOUR).rest_until is not None
    channel.crawl()
    assert numbers(channel) == there(board)
    assert "asked" not in json.loads(channel.memory.cursor or "{}")


def test_a_pause_that_is_asked_for_is_kept(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 3)
    server.first(PATH, Reply("pelan", 429, {"Retry-After": "3600"}))
    outcome = channel.crawl()
    assert outcome.rest_until is not None
    assert NOW + timedelta(minutes=59) < outcome.rest_until < NOW + timedelta(minutes=62)
    channel.crawl()
    assert numbers(channel) == there(board)


def test_a_server_error_is_a_failure_and_the_next_crawl_makes_up_for_it(
    channel: Listener, board: Board, server: Server
) -> None:
    fill(board, 3)
    broken = Reply("rusak", 502)
    server.first(PATH, broken, broken, broken)
    assert channel.crawl().state is SourceState.FAILED
    channel.crawl()
    assert numbers(channel) == there(board)


def test_robots_are_obeyed(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 3)
    server.always("/robots.txt", Reply("User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"}))
    assert channel.crawl().state is SourceState.BLOCKED


def test_a_date_in_the_future_hides_neither_silence_nor_what_comes_later(channel: Listener, board: Board) -> None:
    fill(board, 5, since=100)
    board.post("Jam server salah", NOW + 300 * DAY)
    outcome = channel.crawl()
    assert outcome.newest_post_at == NOW - 96 * HOUR
    board.post("Sesudahnya", NOW)
    channel.crawl()
    assert numbers(channel) == there(board)


def test_an_empty_channel_is_empty(channel: Listener) -> None:
    assert channel.crawl().state is SourceState.EMPTY


def test_a_proof_reads_one_page(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 80)
    channel.crawl(limit=3)
    assert len(channel.sink.posts) == 3
    assert [got.target for got in server.got if got.path == PATH] == [PATH]


def test_pages_that_do_not_move_back_end_the_walk(channel: Listener, board: Board, server: Server) -> None:
    fill(board, 20)
    stuck = page(board.messages)

    def always_the_same(got: Got) -> Reply | None:
        return Reply(stuck) if got.path == PATH else None

    server.routes.insert(0, always_the_same)
    channel.crawl(since=NOW - 9000 * DAY)
    assert numbers(channel) == there(board)
    assert "before" not in cursor(channel)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://t.me/KabarGerung", "https://t.me/s/KabarGerung"),
        ("https://t.me/s/KabarGerung", "https://t.me/s/KabarGerung"),
        ("https://telegram.me/KabarGerung/123", "https://t.me/s/KabarGerung"),
        ("https://t.me/joinchat/AAAA", None),
        ("https://t.me/joinchat", None),
        ("https://t.me/+abcdef", None),
        ("https://t.me/c/123456/7", None),
        ("https://example.org/s/KabarGerung", None),
    ],
)
def test_addresses_of_channels_are_known_by_themselves(url: str, kept: str | None) -> None:
    assert owns(url) == kept
