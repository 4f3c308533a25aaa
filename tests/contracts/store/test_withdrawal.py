"""What its source deletes: the words go everywhere, what they count for stays; on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from domain.cases import Case, CaseStatus
from domain.documents import PostDocument
from domain.errors import NotFound
from domain.labels import Channel, LabelTask, PiiKind
from domain.posts import Hints, Incoming, Media, RawPost
from domain.reading import PlaceMention, Reading, Span
from domain.tickets import Action, TicketState
from store import Store
from store.photos import Picture
from store.tables import metadata, readings
from tests.contracts.store.conftest import Opener
from tests.contracts.store.test_kill import die_at, in_child
from tests.store.line import ALL, NOW, REGION, Clock, PureDecider, PureReader, Shelf, incoming, reading_of
from tests.store.tickets import opened, to

WORDS = "Jalan Sesela berlubang parah, hubungi 081234567890"
TELLING = ("berlubang", "Berlubang", "Jalan Sesela", "081234567890")  # no table may hold any of these afterwards
SINCE = NOW + timedelta(hours=1)  # when the source was seen without it


def said(text: str = WORDS, **changes: Any) -> Incoming:
    return incoming(
        1, text, author="warga", media=(Media(kind="image", url="https://contoh.id/berlubang.jpg"),),
        hints=Hints(place="Jalan Sesela 5"), url="https://contoh.id/jalan-sesela-berlubang", **changes,
    )  # fmt: skip


POST = said()
CASE = f"{POST.id}.{REGION}"


class QuotingReader(PureReader):
    """A reader whose every label quotes the words that spoke for it."""

    def read(self, posts: Any) -> Any:
        for post in posts:
            yield quoting(post)


def quoting(post: RawPost) -> Reading:
    reading = reading_of(post)
    span = Span(start=0, end=len(post.words), text=post.words)
    scored = reading.topics[0].model_copy(update={"evidence": (span,)})
    place = PlaceMention(span=span, name="Sesela", candidates=("52.01.06.2003",), cue="jalan")
    return reading.model_copy(
        update={
            "topics": (scored,), "urgency_cue": span, "places": (place,), "addresses": (span,), "agencies": (span,),
        }
    )  # fmt: skip


class QuotingDecider(PureDecider):
    """A decider whose every reason quotes."""

    def decide(self, post: RawPost, reading: Reading, statuses: dict[str, CaseStatus]) -> list[Case]:
        return [
            case.model_copy(
                update={
                    "why": f"Karena “{post.words}”.",
                    "places": tuple(p.model_copy(update={"why": f"“{post.words}”"}) for p in case.places),
                    "opd": tuple(o.model_copy(update={"evidence": (post.words,)}) for o in case.opd),
                }
            )
            for case in super().decide(post, reading, statuses)
        ]


def work(store: Store, shelf: Shelf) -> None:
    belts, reader, decider = store.belts, QuotingReader(), QuotingDecider()
    while belts.step_read(reader) or belts.step_decide(decider) or belts.step_index(shelf.upsert):
        pass


def everything(store: Store) -> str:
    """All that truth holds, as one text."""
    with store.database.read() as connection:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))


@pytest.fixture
def shelf(store: Store) -> Shelf:
    """A post that was edited once, read, decided and indexed."""
    shelf = Shelf()
    store.intake.accept([said("Berlubang parah di Jalan Sesela")])
    work(store, shelf)
    store.intake.accept([POST])
    work(store, shelf)
    return shelf


def document(shelf: Shelf) -> PostDocument:
    held = shelf.held[CASE]
    assert isinstance(held, PostDocument)
    return held


def test_nothing_in_truth_quotes_a_withdrawn_post(store: Store, shelf: Shelf) -> None:
    store.photos.hold("formulir-nomor-satu", Picture("image/jpeg", 9, 9, b"b", b"s"), _somebody(store), NOW)
    store.photos.attach("formulir-nomor-satu", POST.id, "sari")
    assert all(word in everything(store) for word in TELLING[:3])
    assert store.intake.withdraw([POST.id], SINCE) == 1
    work(store, shelf)
    left = everything(store)
    assert [word for word in TELLING if word in left] == []
    assert store.photos.of_post(POST.id, ALL) == []
    found = store.cases.detail(CASE, ALL)
    assert (found.document.words, found.document.url, found.document.author) == ("", None, None)
    assert found.document.withdrawn_at == found.post.withdrawn_at == SINCE
    assert (found.post.media, found.revisions, found.document.addresses) == ((), (), ())


def test_what_it_counts_for_stays(store: Store, shelf: Shelf) -> None:
    before = document(shelf)
    store.intake.withdraw([POST.id], SINCE)
    work(store, shelf)
    after = document(shelf)
    assert after.rev > before.rev
    assert after.words == ""
    counted = ("topic", "intent", "sentiment", "urgency", "opd", "desa", "story", "published_at", "month", "relevance")
    assert [getattr(after, name) for name in counted] == [getattr(before, name) for name in counted]
    assert [place.kode for place in after.places] == [place.kode for place in before.places]
    assert store.cases.count(REGION) == 1


def test_the_same_withdrawal_again_and_unknown_ids_change_nothing(store: Store, shelf: Shelf) -> None:
    store.intake.withdraw([POST.id, POST.id, "a" * 26], SINCE)
    work(store, shelf)
    truth, handed = everything(store), shelf.handed
    assert store.intake.withdraw([POST.id, "a" * 26], SINCE + timedelta(days=1)) == 0
    assert store.intake.withdraw([], SINCE) == 0
    work(store, shelf)
    assert (everything(store), shelf.handed) == (truth, handed)


def test_reading_and_deciding_all_again_brings_no_word_back_and_loses_no_case(store: Store, shelf: Shelf) -> None:
    store.intake.withdraw([POST.id], SINCE)
    work(store, shelf)
    rev = document(shelf).rev
    for belt in ("read", "decide", "index"):
        store.belts.requeue_all(belt)
    work(store, shelf)
    while store.belts.step_read_decide(QuotingReader(), QuotingDecider()):
        pass
    assert document(shelf).rev == rev
    assert [word for word in TELLING if word in everything(store)] == []


def test_who_reads_or_decides_it_just_then_brings_no_word_back(store: Store, clock: Clock) -> None:
    shelf = Shelf()

    class Meanwhile(QuotingReader):
        def read(self, posts: Any) -> Any:
            found = list(super().read(posts))
            store.intake.withdraw([POST.id], SINCE)
            return iter(found)

    store.intake.accept([POST])
    store.belts.step_read_decide(Meanwhile(), QuotingDecider())
    clock.advance(minutes=30)
    work(store, shelf)
    assert [word for word in TELLING if word in everything(store)] == []
    assert shelf.held == {}

    class MeanwhileDecider(QuotingDecider):
        def decide(self, post: RawPost, reading: Reading, statuses: dict[str, CaseStatus]) -> list[Case]:
            found = super().decide(post, reading, statuses)
            store.intake.withdraw([post.id], SINCE)
            return found

    other = incoming(2, WORDS)
    store.intake.accept([other])
    store.belts.step_read(QuotingReader())
    store.belts.step_decide(MeanwhileDecider())
    clock.advance(minutes=30)
    work(store, shelf)
    assert [word for word in TELLING if word in everything(store)] == []
    assert store.cases.count(REGION) == 1


def test_a_post_that_was_never_read_is_never_read(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([POST])
    store.intake.withdraw([POST.id], SINCE)
    work(store, shelf)
    assert shelf.held == {}
    with store.database.read() as connection:
        assert connection.execute(select(readings.c.post_id)).all() == []
    assert store.belts.depth()["read"].waiting == 0


def test_another_door_does_not_bring_the_words_back(store: Store, shelf: Shelf) -> None:
    store.intake.withdraw([POST.id], SINCE)
    later = {"fetched_at": SINCE + timedelta(hours=1)}
    report = store.intake.accept([said(**later).model_copy(update={"source": "lain"})])
    assert (report.added, report.revised, report.unchanged) == (0, 0, 1)
    longer = said(WORDS * 3, **later).model_copy(update={"source": "lain", "channel": Channel.WEB})
    assert store.intake.accept([longer]).unchanged == 1
    work(store, shelf)
    assert document(shelf).words == ""
    assert [word for word in TELLING if word in everything(store)] == []


def test_what_its_source_was_seen_with_before_does_not_bring_the_words_back(store: Store, shelf: Shelf) -> None:
    store.intake.withdraw([POST.id], SINCE)
    assert store.intake.accept([said(), said(fetched_at=SINCE)]).unchanged == 2
    work(store, shelf)
    assert document(shelf).words == ""


@pytest.mark.parametrize("words", [WORDS, "Jalan Sesela sudah ditambal"])
def test_its_own_source_shows_it_again_as_a_new_revision(store: Store, shelf: Shelf, words: str) -> None:
    before = store.cases.detail(CASE, ALL).post.revision
    store.intake.withdraw([POST.id], SINCE)
    work(store, shelf)
    report = store.intake.accept([said(words, fetched_at=SINCE + timedelta(hours=1))])
    assert report.revised == 1
    work(store, shelf)
    found = store.cases.detail(CASE, ALL)
    assert found.post.withdrawn_at is None
    assert found.document.text.startswith("Jalan Sesela")
    assert found.post.revision == before + 1
    assert found.revisions == ()
    assert found.document.url == POST.url
    assert store.intake.accept([said(words, fetched_at=SINCE + timedelta(hours=2))]).unchanged == 1
    assert store.intake.withdraw([POST.id], SINCE + timedelta(hours=3)) == 1


def test_an_older_sight_never_replaces_newer_words(store: Store) -> None:
    store.intake.accept([said("Jalan Sesela sudah ditambal", fetched_at=SINCE)])
    assert store.intake.accept([said(fetched_at=NOW)]).unchanged == 1
    assert store.intake.accept([said(fetched_at=SINCE)]).revised == 1


def test_what_people_say_still_wins(store: Store, shelf: Shelf) -> None:
    store.labels.say(CASE, LabelTask.TOPIC, "sampah.angkut", "sari", ALL)
    store.intake.withdraw([POST.id], SINCE)
    work(store, shelf)
    assert document(shelf).topic == "sampah.angkut"
    store.labels.say(CASE, LabelTask.OPD, "DLH", "sari", ALL)
    work(store, shelf)
    after = document(shelf)
    assert (after.opd, after.topic, after.words) == ("DLH", "sampah.angkut", "")
    assert after.story
    assert [word for word in TELLING if word in everything(store)] == []


def test_its_ticket_goes_on_with_a_line_and_without_its_words(store: Store, shelf: Shelf) -> None:
    cut = "Jalan Sesela berlubang…"
    ticket = opened(store, store.cases.document(CASE, ALL), title=cut, place="Sesela, Gunungsari")
    store.tickets.change(ticket.code, ALL, to(TicketState.DISPOSED, opd="PUTR"), now=NOW)
    store.intake.withdraw([POST.id], SINCE)
    after = store.tickets.ticket(ticket.code, ALL)
    assert (after.state, after.opd, after.cases) == (TicketState.DISPOSED, "PUTR", 1)
    assert after.title == "Jalan rusak, Sesela, Gunungsari"
    line = store.tickets.history(ticket.code, ALL)[-1]
    assert (line.action, line.by, line.at, line.note) == (Action.WITHDRAWN, "sistem", NOW, None)
    assert [one.text for one in store.tickets.cases(ticket.code, ALL)] == [""]
    work(store, shelf)
    assert document(shelf).ticket == ticket.code
    store.intake.withdraw([POST.id], SINCE)
    assert len(store.tickets.history(ticket.code, ALL)) == 3
    store.intake.accept([said(fetched_at=SINCE + timedelta(hours=1))])
    assert store.tickets.history(ticket.code, ALL)[-1].action is Action.SHOWN_AGAIN


def test_a_title_that_a_person_wrote_stays(store: Store, shelf: Shelf) -> None:
    ticket = opened(store, store.cases.document(CASE, ALL), title="Tambal jalan di Sesela")
    store.intake.withdraw([POST.id], SINCE)
    assert store.tickets.ticket(ticket.code, ALL).title == "Tambal jalan di Sesela"


def test_it_waits_for_nobody_at_the_desk(store: Store, shelf: Shelf) -> None:
    assert store.triage.counts(ALL, "sari", NOW)["semua"] == 1
    store.intake.withdraw([POST.id], SINCE)
    assert store.triage.counts(ALL, "sari", NOW)["semua"] == 0
    assert store.verdicts.unsorted({REGION: None}, 9) == []  # type: ignore[dict-item]


def test_there_is_nothing_left_to_open(store: Store, shelf: Shelf) -> None:
    assert store.secrets.holds(POST.id, ALL)
    store.intake.withdraw([POST.id], SINCE)
    assert not store.secrets.holds(POST.id, ALL)
    with pytest.raises(NotFound):
        store.secrets.reveal(POST.id, ALL, "sari")
    assert store.secrets.find_same(PiiKind.PHONE, "081234567890", ALL) == []


def test_labels_and_alerts_outlive_an_edit_and_nothing_is_told_twice(store: Store, shelf: Shelf) -> None:
    ticket = opened(store, store.cases.document(CASE, ALL), title="Jalan rusak")
    store.labels.say(CASE, LabelTask.TOPIC, "sampah.angkut", "sari", ALL)
    work(store, shelf)
    assert store.intake.accept([said("Jalan Sesela sudah ditambal", fetched_at=SINCE)]).revised == 1
    work(store, shelf)
    after = document(shelf)
    assert (after.text, after.topic, after.ticket) == ("Jalan Sesela sudah ditambal", "sampah.angkut", ticket.code)
    assert store.triage.counts(ALL, "sari", NOW)["semua"] == 1  # as a proposal, as before
    assert [line.action for line in store.tickets.history(ticket.code, ALL)] == [Action.OPEN]


def test_killed_before_any_statement_it_is_done_whole_or_not_at_all(store: Store, shelf: Shelf, opener: Opener) -> None:
    opened(store, store.cases.document(CASE, ALL), title="Jalan Sesela berlubang…")
    work(store, shelf)
    truth = everything(store)
    store.database.close()  # no connection is shared with a child

    def dying(moment: int) -> None:
        other = opener()
        die_at(other, moment)
        other.intake.withdraw([POST.id], SINCE)

    moment = next(n for n in range(1, 500) if not _killed(store, truth, partial(dying, n)))
    assert moment > 15, "it was killed in every step"
    work(store, shelf)
    assert document(shelf).words == ""
    assert [word for word in TELLING if word in everything(store)] == []


def _killed(store: Store, truth: str, deed: Callable[[], None]) -> bool:
    """Do something in a process that may be killed at it; then nothing of it is there, unless all was done."""
    if in_child(deed):
        return False
    left = everything(store)
    store.database.close()
    assert left == truth or all(word not in left for word in TELLING)
    return True


def _somebody(store: Store) -> str:
    store.accounts.create_user("sari", display="sari", role="analis", password="sandi-uji-yang-panjang")
    return "sari"
