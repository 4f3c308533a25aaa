"""A parser that went blind is told from a source that says less."""

from __future__ import annotations

import pytest

from crawlers.yields import CRAWLS, USED_TO, Listing, Usual, Yield, blindness, learnt, stored_usual

URL = "https://contoh.id/feed/"


def listing(posts: int, size: int = 40_000) -> Yield:
    return Yield([Listing(URL, size, posts)], good=posts)


def used_to(found: Yield, crawls: int = CRAWLS) -> Usual:
    usual = Usual()
    for _ in range(crawls):
        usual = learnt(found, usual)
    return usual


@pytest.mark.parametrize("posts", [0, 1, 9])
def test_an_answer_as_long_as_ever_with_nothing_or_less_than_half_in_it_is_blindness(posts: int) -> None:
    blind = blindness(listing(posts), used_to(listing(20)), failures=0)
    assert blind is not None
    assert blind.url == URL
    assert "biasanya 20 kiriman" in blind.message


@pytest.mark.parametrize(
    ("now", "usual"),
    [
        (listing(10), used_to(listing(20))),  # half
        (listing(0, size=900), used_to(listing(20))),  # the feed was emptied, and is as short
        (listing(8, size=16_000), used_to(listing(20))),  # it lists fewer, and is shorter by that
        (listing(0), used_to(listing(20), CRAWLS - 1)),  # too little is known
        (listing(0), Usual()),  # a first crawl
        (listing(0, size=900), used_to(listing(0, size=900), 9)),  # it was always empty
        (listing(1, size=5_000), used_to(listing(3, size=5_000))),  # it was always short
        (Yield(), used_to(listing(20))),  # only what is new was asked for, and there is none
        (listing(90, size=400_000), used_to(listing(20))),
    ],
)
def test_a_source_that_says_less_is_not_blindness(now: Yield, usual: Usual) -> None:
    assert blindness(now, usual, failures=0) is None


def test_what_cannot_be_read_is_blindness_where_it_usually_could() -> None:
    usual = used_to(Yield(good=5))
    assert blindness(Yield(good=2, bad=3), usual, failures=0) is not None
    assert blindness(Yield(good=0, bad=3), usual, failures=99) is not None
    assert blindness(Yield(good=3, bad=3), usual, failures=0) is None
    assert blindness(Yield(good=0, bad=2), usual, failures=0) is None, "a broken entry or two are no broken parser"
    assert blindness(Yield(good=0, bad=9), Usual(), failures=0) is None
    assert blindness(Yield(good=1, bad=9), used_to(Yield(good=5, bad=5)), failures=0) is None, "it was always so"


def test_a_site_that_came_to_list_fewer_is_taken_as_it_is_in_the_end_but_never_one_that_shows_nothing() -> None:
    usual = used_to(listing(20))
    assert blindness(listing(8), usual, failures=USED_TO - 1) is not None
    assert blindness(listing(8), usual, failures=USED_TO) is None
    assert blindness(listing(0), usual, failures=99) is not None


def test_what_is_usual_follows_the_site_and_survives_its_cursor() -> None:
    usual = learnt(listing(10), used_to(listing(20)))
    assert usual.posts == pytest.approx(17)
    assert stored_usual({"yield": usual.as_cursor(), "pace": {}}) == usual
    for spoilt in ({}, {"yield": 3}, {"yield": {"size": "x"}}, {"yield": {"another": 1}}):
        assert stored_usual(spoilt) == Usual()
