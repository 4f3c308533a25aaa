"""Histograms, top values, emerging words and similar cases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.errors import NotFound, QueryRefused, Refused
from domain.ports import PostIndex
from domain.search import Filters, Interval, SearchQuery, TermsQuery, TrendQuery
from tests.contracts.index.documents import EVERYWHERE, NOW, counted, found, make_document
from tests.contracts.index.strategies import documents, expressions, filters, no_filters

ZONES = ("UTC", "Asia/Makassar", "Asia/Jakarta", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns")


def fill(index: PostIndex, corpus: list[PostDocument]) -> None:
    index.clear()
    index.upsert(corpus)
    index.refresh()


def bar_of(moment: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    """Return the start of the bar that a moment belongs to, worked out case by case."""
    local = moment.astimezone(zone)
    if interval is Interval.HOUR:
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (moment - into).astimezone(zone)
    day = local.date()
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    if interval is Interval.MONTH:
        day = day.replace(day=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


@settings(max_examples=80, deadline=None)
@given(
    corpus=documents(),
    q=expressions,
    wanted=filters | no_filters,
    interval=st.sampled_from(Interval),
    zone=st.sampled_from(ZONES),
    stories=st.booleans(),
)
def test_any_histogram_agrees_with_counting_case_by_case(
    engine: PostIndex, corpus: list[PostDocument], q: str, wanted: Filters, interval: Interval, zone: str, stories: bool
) -> None:
    fill(engine, corpus)
    query = TrendQuery(q=q, filters=wanted, interval=interval, timezone=zone, split="topic", distinct_stories=stories)
    series = engine.aggregate(query, EVERYWHERE)
    matching = found(corpus, SearchQuery(q=q, filters=wanted))
    in_zone = ZoneInfo(zone)
    facts = [(bar_of(x.published_at, interval, in_zone).astimezone(UTC), x.story, x.topic) for x in matching]
    bars = Counter(bar for bar, _, _ in ({(b, s, "") for b, s, _ in facts} if stories else facts))
    cells = Counter((bar, topic) for bar, _, topic in (set(facts) if stories else facts))
    assert {x.start.astimezone(UTC): x.count for x in series.points if x.count} == bars
    assert {(x.start.astimezone(UTC), topic): n for x in series.points for topic, n in x.split.items()} == cells
    assert series.total == (len({x.story for x in matching}) if stories else len(matching))
    starts = [x.start for x in series.points]
    for earlier, later in pairwise(starts):  # no gaps: each bar begins where the one before ends
        assert bar_of(later.astimezone(UTC) - timedelta(microseconds=1), interval, in_zone) == earlier


def test_bars_stand_for_the_whole_asked_time_even_where_nothing_happened(index: PostIndex) -> None:
    fill(index, [make_document(1, published_at=datetime(2026, 11, 10, 20, 0, tzinfo=UTC))])
    window = Filters(since=datetime(2026, 11, 8, 16, tzinfo=UTC), until=datetime(2026, 11, 12, 16, tzinfo=UTC))
    series = index.aggregate(TrendQuery(filters=window, timezone="Asia/Makassar"), EVERYWHERE)
    assert [(x.start.isoformat(), x.count) for x in series.points] == [
        ("2026-11-09T00:00:00+08:00", 0),
        ("2026-11-10T00:00:00+08:00", 0),
        ("2026-11-11T00:00:00+08:00", 1),
        ("2026-11-12T00:00:00+08:00", 0),
    ]


def test_the_hour_that_comes_twice_is_two_bars_and_the_short_day_one(index: PostIndex) -> None:
    doubled = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
    fill(index, [make_document(n, published_at=at) for n, at in enumerate(doubled)])
    hours = index.aggregate(TrendQuery(interval=Interval.HOUR, timezone="Europe/Berlin"), EVERYWHERE)
    assert [x.start.isoformat() for x in hours.points] == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]
    days = index.aggregate(TrendQuery(timezone="Europe/Berlin"), EVERYWHERE)
    assert [x.count for x in days.points] == [2]


def test_nothing_found_and_no_time_asked_is_an_empty_series(index: PostIndex) -> None:
    series = index.aggregate(TrendQuery(), EVERYWHERE)
    assert (series.points, series.total) == ((), 0)


def test_a_histogram_that_cannot_be_drawn_is_refused(index: PostIndex) -> None:
    long = Filters(since=datetime(1990, 1, 1, tzinfo=UTC), until=NOW)
    for query in (
        TrendQuery(timezone="Mars/Olympus"),
        TrendQuery(timezone="../../etc/passwd"),
        TrendQuery(split="text"),
        TrendQuery(filters=long, interval=Interval.HOUR),
    ):
        with pytest.raises(Refused):
            index.aggregate(query, EVERYWHERE)
    with pytest.raises(QueryRefused):
        index.aggregate(TrendQuery(q="("), EVERYWHERE)


@settings(max_examples=40, deadline=None)
@given(
    corpus=documents(),
    q=expressions,
    field=st.sampled_from(("topic", "topic_main", "opd", "desa")),
    size=st.integers(1, 3),
)
def test_top_terms_are_the_most_frequent_values(
    engine: PostIndex, corpus: list[PostDocument], q: str, field: str, size: int
) -> None:
    fill(engine, corpus)
    counts = counted(found(corpus, SearchQuery(q=q)), field)
    expected = sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:size]
    top = engine.top_terms(TermsQuery(q=q, field=field, size=size), EVERYWHERE)
    assert [(x.value, x.count) for x in top] == expected


def test_top_terms_of_what_is_no_field_are_refused(index: PostIndex) -> None:
    with pytest.raises(Refused):
        index.top_terms(TermsQuery(field="text"), EVERYWHERE)


DAY = timedelta(days=1)
TODAY = Filters(since=NOW - DAY, until=NOW)


def test_words_emerge_that_today_uses_more_than_yesterday(index: PostIndex) -> None:
    today, yesterday = NOW - timedelta(hours=3), NOW - timedelta(hours=27)
    corpus = [make_document(f"t{n}", "yang longsor longsor di jalan 2026", published_at=today) for n in range(6)]
    corpus += [make_document(f"b{n}", "banjir", published_at=today) for n in range(2)]
    corpus += [make_document(f"y{n}", "yang di jalan", published_at=yesterday) for n in range(6)]
    corpus += [make_document("l", "longsor", published_at=yesterday)]
    corpus += [make_document(f"o{n}", "longsor", published_at=NOW - 3 * DAY) for n in range(9)]
    fill(index, corpus)
    found_terms = list(index.emerging(TermsQuery(filters=TODAY), EVERYWHERE))
    assert [(x.term, x.count, x.before) for x in found_terms] == [("longsor", 6, 1)]
    assert found_terms[0].score == pytest.approx(5.989, abs=0.001)


def test_emerging_words_need_both_ends_of_the_time(index: PostIndex) -> None:
    for half in (Filters(), Filters(since=NOW), Filters(until=NOW), Filters(since=NOW, until=NOW - DAY)):
        with pytest.raises(Refused):
            index.emerging(TermsQuery(filters=half), EVERYWHERE)


def test_emerging_words_of_a_first_day_have_nothing_before(index: PostIndex) -> None:
    fill(index, [make_document(n, "jembatan putus", published_at=NOW - timedelta(hours=n)) for n in range(1, 5)])
    assert {(x.term, x.before) for x in index.emerging(TermsQuery(filters=TODAY), EVERYWHERE)} <= {
        ("jembatan", 0),
        ("putus", 0),
    }


def test_similar_cases_share_rare_words_and_are_of_other_stories(index: PostIndex) -> None:
    asked = make_document("x", "jembatan gantung putus di desa kami", story="s")
    corpus = [asked, make_document("y", "jembatan gantung putus lagi di desa", story="s")]
    corpus += [make_document("near", "jembatan gantung hampir putus", story="n")]
    corpus += [make_document("copy", "jembatan gantung", story="n"), make_document("far", "air mati di desa")]
    corpus += [make_document(n, f"desa nomor {n}") for n in range(9)]
    fill(index, corpus)
    page = index.similar(asked.id, EVERYWHERE, size=2)
    assert page.items[0].document.text == "jembatan gantung hampir putus"
    assert page.items[0].story_size == 2
    assert len(page.items) == 2
    assert {x.document.story for x in index.similar(asked.id, EVERYWHERE).items}.isdisjoint({"s"})


def test_a_case_like_no_other_has_no_similar_ones(index: PostIndex) -> None:
    fill(index, [make_document(1, "unik sekali"), make_document(2, ""), make_document(3, "berbeda")])
    assert [index.similar(make_document(n).id, EVERYWHERE).items for n in (1, 2)] == [(), ()]


def test_similar_to_what_is_not_there_is_not_found(index: PostIndex) -> None:
    with pytest.raises(NotFound):
        index.similar("tidak-ada", EVERYWHERE)
