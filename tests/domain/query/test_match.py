"""What a query tree finds, and what it marks."""

from __future__ import annotations

import pytest

from domain.query import highlight, matches, parse_query
from domain.text.tokens import tokenize

POST = "Jln raya Labuapi rusak parah, sudah 3 bulan tidak diperbaiki. Hubungi [telepon] segera"
FIELDS = {"topic": frozenset({"jalan", "jalan.rusak"}), "sentiment": frozenset({"negatif"})}


def found(query: str, text: str = POST) -> bool:
    return matches(parse_query(query), tokenize(text), FIELDS)


@pytest.mark.parametrize(
    "query",
    [
        "", "jalan", "perbaikan", '"raya labuapi"', "diperbai*", "labuapi NEAR/1 parah", "parah NEAR/1 labuapi",
        'bulan NEAR/4 "rusak parah"', '"labuapi rusak" NEAR/1 "rusak parah"', "topic:jalan", "topic:jalan.rusak",
        "banjir OR rusak", "NOT banjir", "NOT (banjir rusak)", "-sentiment:positif jalan", '"hubungi segera"', "3",
    ],
)  # fmt: skip
def test_finds(query: str) -> None:
    assert found(query)


@pytest.mark.parametrize(
    "query",
    [
        "banjir", '"rusak raya"', '"perbaikan"', "perbaiki*", "jalan NEAR/1 parah", "topic:air", "NOT jalan",
        "jalan NOT rusak", "jalan banjir", "telepon", '"diperbaiki"  "baik"',
    ],
)  # fmt: skip
def test_does_not_find(query: str) -> None:
    assert not found(query)


def marked(query: str, text: str = POST) -> list[str]:
    spans = highlight(parse_query(query), text)
    assert all(text[s.start : s.end] == s.text for s in spans)
    assert [s.start for s in spans] == sorted(s.start for s in spans)
    return [s.text for s in spans]


def test_words_are_marked_as_the_writer_wrote_them() -> None:
    assert marked("jalan perbaikan") == ["Jln", "diperbaiki"]


def test_a_phrase_is_one_stretch_and_near_two() -> None:
    assert marked('"rusak parah" OR jalan NEAR/6 bulan') == ["Jln", "rusak parah", "bulan"]


def test_stretches_that_overlap_are_one() -> None:
    assert marked('"rusak parah" parah* rusak') == ["rusak parah"]


def test_words_under_not_are_not_marked_and_double_not_is_none() -> None:
    assert marked("NOT rusak") == []
    assert marked("NOT (banjir AND NOT rusak)") == ["rusak"]


def test_offsets_are_code_points_of_the_text_with_emoji_and_accents() -> None:
    assert marked("jalan rusak", "😀😀 jálan 🇮🇩 ruuusak!") == ["jálan", "ruuusak"]


def test_nothing_asked_marks_nothing() -> None:
    assert marked("") == []
    assert marked("topic:jalan") == []
