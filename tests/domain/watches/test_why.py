"""Why an alert is told: what its posts have in common."""

from __future__ import annotations

from domain.watches.why import why
from tests.contracts.index.documents import make_document


def test_words_asked_for_come_first_then_those_that_stories_share() -> None:
    posts = [make_document(n, f"lampu jalan padam {n}", story=f"c{n}") for n in range(2)]
    told = why("padam", posts)
    assert (told.posts, told.stories) == (2, 2)
    assert told.terms == ("padam", "jalan", "lampu")


def test_what_a_search_found_is_told_even_when_nobody_can_read_it_any_more() -> None:
    told = why("jalan AND (", [make_document(1, "lampu jalan padam")])
    assert (told.posts, told.terms) == (1, ())
