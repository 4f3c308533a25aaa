"""How far a search has been read: nothing twice, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawlers.spans import MAX_GAPS, Reach, Span


def read(reach: Reach, span: Span, posts: list[int], page: int, pages: int) -> list[int]:
    """Read a stretch as a platform lists it, newest first, some pages of it."""
    taken: list[int] = []
    rest: Span | None = span
    while rest is not None and pages:
        found = sorted((p for p in posts if p > rest.after and (rest.before is None or p < rest.before)), reverse=True)
        reach.begin(rest)
        taken += found[:page]
        rest = reach.took(rest, found[:page], last=len(found) <= page)
        pages -= 1
    return taken


@given(
    rounds=st.lists(st.tuples(st.lists(st.integers(1, 40), max_size=12), st.integers(1, 4)), max_size=12),
    page=st.integers(1, 5),
)
def test_every_post_is_read_once_however_often_the_reading_is_cut_short(
    rounds: list[tuple[list[int], int]], page: int
) -> None:
    posts: list[int] = []
    taken: list[int] = []
    reach = Reach()
    for steps, pages in [*rounds, ([], 10_000)]:
        for step in steps:
            posts.append((posts[-1] if posts else 100) + step)
        reach = Reach.of(reach.as_cursor())
        newest = reach.newest if reach.newest is not None else 0
        for span in [Span(newest), *reach.gaps]:
            taken += read(reach, span, posts, page, pages)
    assert sorted(taken) == posts
    assert reach.gaps == []


def test_a_page_that_brings_the_end_no_nearer_is_the_last_one() -> None:
    reach = Reach(newest=10)
    assert reach.took(Span(10, 50), [50, 60], last=False) is None
    assert reach.took(Span(10, 50), [], last=False) is None


def test_of_many_gaps_the_oldest_become_one_and_nothing_of_them_is_lost() -> None:
    reach = Reach(newest=0)
    for number in range(MAX_GAPS + 5):
        reach.took(Span(number * 100), [number * 100 + 50], last=False)
    assert len(reach.gaps) == MAX_GAPS
    assert reach.gaps[-2:] == [Span(600, 650), Span(0, 550)]


def test_a_stretch_that_was_joined_with_another_goes_on_as_one() -> None:
    gaps = [Span(number * 100, number * 100 + 50) for number in range(MAX_GAPS, 0, -1)]
    reach = Reach(newest=3_000, oldest=0, gaps=list(gaps))
    rest = reach.took(Span(0, 90), [60, 80], last=False)
    assert rest == reach.gaps[-1] == Span(0, 150)


def test_what_a_platform_keeps_no_longer_is_given_up_and_named() -> None:
    reach = Reach(newest=100, gaps=[Span(60, 90), Span(30, 50), Span(5, 20)])
    assert reach.forget(40) == [Span(30, 40), Span(5, 20)]
    assert reach.gaps == [Span(60, 90), Span(40, 50)]


def test_what_is_no_mark_in_a_cursor_is_forgotten() -> None:
    cursor = {"newest": 12, "oldest": "x", "gaps": [["1", "2"], ["1"], "x", [None, "3"], ["4", 5]]}
    assert Reach.of(cursor) == Reach(gaps=[Span(1, 2)])
    assert Reach.of({"gaps": "x"}) == Reach()
