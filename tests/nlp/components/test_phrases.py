"""Phrases are found at word boundaries in one pass."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.phrases import Match, Phrases, longest

WORDS = st.lists(st.sampled_from(["a", "ab", "b", "c"]), max_size=12)


def stream(words: list[str]) -> str:
    return f" {' '.join(words)} "


def test_a_phrase_is_no_part_of_a_word() -> None:
    assert Phrases([(["jalan"], 1)]).find(" jalanan jalan ") == [Match(1, 2, 1)]


def test_the_longest_phrase_wins_where_they_overlap() -> None:
    found = Phrases([(["dinas"], 1), (["dinas", "pu"], 2), (["pu", "kota"], 3)]).find(" dinas pu kota ")
    assert longest(found) == [Match(0, 2, 2)]


def test_no_phrases_find_nothing() -> None:
    assert Phrases[int]([]).find(" apa saja ") == []


@given(WORDS, st.lists(st.lists(st.sampled_from(["a", "ab", "b", "c"]), min_size=1, max_size=3), max_size=5))
def test_it_finds_what_a_naive_search_finds(words: list[str], phrases: list[list[str]]) -> None:
    naive = {(n, n + len(p)) for p in phrases for n in range(len(words) - len(p) + 1) if words[n : n + len(p)] == p}
    found = Phrases((p, None) for p in phrases).find(stream(words))
    assert {(m.first, m.after) for m in found} == naive
