"""The pure rules of the store: retries, attempts, seals, second sights, what a source remembers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SettingsError, Unavailable
from domain.posts import Engagement
from store.attempt import attempt
from store.keys import KeyRing
from store.merge import merge
from store.retry import backoff
from store.rows import pack, unpack
from store.seal import SealedPost, seal, unmask
from tests.store.line import NOW, incoming

KEYS = KeyRing({"0001": bytes(range(32))})


@given(st.integers(1, 100), st.floats(0, 1))
def test_waits_double_up_to_a_bound_and_are_spread(tries: int, jitter: float) -> None:
    wait = backoff(tries, jitter=jitter)
    assert timedelta(seconds=2) < wait <= timedelta(minutes=10)
    assert backoff(tries, jitter=0) <= wait <= backoff(tries, jitter=1)
    assert backoff(tries + 1, jitter=1) >= backoff(tries, jitter=1)


def test_a_batch_that_fails_is_tried_one_by_one() -> None:
    def halve(numbers: Sequence[int]) -> Iterator[float]:
        for number in numbers:
            yield 1 / number

    outcome = attempt([1, 0, 2], halve)
    assert outcome.done == [(1, 1.0), (2, 0.5)]
    assert outcome.failed == [(0, "ZeroDivisionError: division by zero")]


def test_a_room_that_gives_too_few_answers_has_failed() -> None:
    assert [number for number, _ in attempt([1, 2], lambda batch: batch[:1]).failed] == []
    assert [number for number, _ in attempt([1, 2], lambda _: []).failed] == [1, 2]


def test_when_something_outside_goes_away_in_the_middle_nothing_counts_as_done() -> None:
    def going(numbers: Iterable[int]) -> Iterator[int]:
        for number in numbers:
            if number == 2:
                raise Unavailable("mati")
            if number == 1 and numbers != [1]:
                raise ValueError
            yield number

    outcome = attempt([1, 2], going)
    assert (outcome.done, outcome.unavailable) == ([], "mati")


def test_a_wrong_program_stops() -> None:
    def wrong(_: Sequence[int]) -> list[int]:
        raise SettingsError("tidak ada model")

    with pytest.raises(SettingsError):
        attempt([1], wrong)


@given(st.text(max_size=60), st.text(max_size=200))
def test_what_was_masked_goes_back_where_it_stood(title: str, text: str) -> None:
    text = f"{text} telp 081234567890 {title}"
    sealed = seal(incoming(1, text, title=title), KEYS)
    whole = unmask(sealed.post.words, sealed.post.pii, tuple(value for _, value in sealed.originals))
    clean = title.replace("\0", "")
    assert "081234567890" not in sealed.post.words
    assert whole == (f"{clean}\n\n" if clean else "") + text.replace("\0", "")


@given(st.lists(st.integers(0, 2**32 - 1), max_size=64))
def test_signatures_survive_packing(signature: list[int]) -> None:
    assert list(unpack(pack(signature))) == signature


def sealed(**changes: object) -> SealedPost:
    return seal(incoming(1, "Jalan rusak di Sesela", **changes), KEYS)


def test_an_engagement_that_is_no_longer_told_is_not_unsaid() -> None:
    before = sealed(engagement=Engagement(likes=3, views=9)).post
    merged = merge(before, incoming(1, engagement=Engagement(likes=4)), None, None)
    assert merged.post.engagement == Engagement(likes=4, views=9)
    assert (merged.revised, merged.decide, merged.changed) == (False, False, True)


def test_another_listening_region_is_added_and_decided() -> None:
    merged = merge(sealed().post, incoming(1, regions=("kota-bengkulu",), source="lain"), None, None)
    assert merged.post.regions == ("lombok-barat", "kota-bengkulu")
    assert (merged.decide, merged.revised) == (True, False)


def test_another_door_moves_neither_words_nor_date_of_the_first() -> None:
    before = sealed().post
    other = incoming(1, "Jalan rusak", source="lain", published_at=NOW - timedelta(days=3))
    merged = merge(before, other, seal(other, KEYS), None)
    assert merged.post == before
    assert not merged.changed
