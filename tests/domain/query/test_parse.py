"""What expressions mean, and how those that cannot be read are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import QueryRefused
from domain.query import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term, parse_query

JALAN, RUSAK, AIR = Term("jalan"), Term("rusak"), Term("air")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \n ", Everything()),
        ("jalan", JALAN),
        ("jalan rusak", And((JALAN, RUSAK))),
        ("jalan AND rusak AND air", And((JALAN, RUSAK, AIR))),
        ("jalan rusak OR air", Or((And((JALAN, RUSAK)), AIR))),
        ("air OR jalan AND rusak", Or((AIR, And((JALAN, RUSAK))))),
        ("air OR jalan rusak", Or((AIR, And((JALAN, RUSAK))))),
        ("jalan (rusak OR air)", And((JALAN, Or((RUSAK, AIR))))),
        ("NOT jalan", Not(JALAN)),
        ("NOT jalan rusak", And((Not(JALAN), RUSAK))),
        ("NOT NOT jalan", Not(Not(JALAN))),
        ("jalan -rusak", And((JALAN, Not(RUSAK)))),
        ("jalan - rusak, air!", And((JALAN, RUSAK, AIR))),
        ('-"jalan rusak" +air', And((Not(Phrase(("jalan", "rusak"))), AIR))),
        ("“jalan rusak”", Phrase(("jalan", "rusak"))),
        ("jl.raya", Phrase(("jalan", "raya"))),
        ("perbaik*", Prefix("perbaik")),
        ("jalan NEAR/5 rusak", Near(("jalan",), ("rusak",), 5)),
        ('air NEAR "jalan rusak"', Near(("air",), ("jalan", "rusak"), 10)),
        ("NOT jalan NEAR/2 rusak OR air", Or((Not(Near(("jalan",), ("rusak",), 2)), AIR))),
        ("topic:jalan.rusak", FieldIs("topic", "jalan.rusak")),
        ("OPD:PUTR", FieldIs("opd", "putr")),
        ("desa:52.01.06.2003", FieldIs("desa", "52.01.06.2003")),
        ('kecamatan:"Batu  Layar"', FieldIs("kecamatan", "batu layar")),
        ("topic:(jalan OR air)", Or((FieldIs("topic", "jalan"), FieldIs("topic", "air")))),
        ("-sentiment:negatif air", And((Not(FieldIs("sentiment", "negatif")), AIR))),
        ("yang", Term("yang", Stream.EXACT)),
        ("kapan diperbaiki?", And((Term("kapan", Stream.EXACT), Term("baik")))),
    ],
)
def test_an_expression_means(text: str, tree: Node) -> None:
    assert parse_query(text) == tree


def test_plain_words_are_looked_up_by_their_root() -> None:
    assert parse_query("perbaikan") == parse_query("diperbaiki")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('jalan "rusak', 6),
        ("😀 (jalan", 2),
        ("jalan) rusak", 5),
        ("jalan ()", 6),
        ("jalan OR", 8),
        ("OR jalan", 0),
        ("jalan AND OR rusak", 10),
        ("(jalan OR) rusak", 9),
        ("NOT", 3),
        ("*lan", 0),
        ("?lan", 0),
        ("jal*n", 3),
        ("j?lan", 1),
        ("j*", 0),
        ('"jalan rus*"', 10),
        ("warna:merah", 0),
        ("sentiment:marah", 10),
        ("topic:", 6),
        ("topic:jal*", 6),
        ("topic:(opd:PUTR)", 7),
        ("jalan NEAR", 6),
        ("NEAR jalan", 0),
        ("NEAR/5", 0),
        ("jalan NEAR/ rusak", 11),
        ("jalan NEAR/0 rusak", 11),
        ("jalan NEAR/999 rusak", 11),
        ("jalan NEAR/5 rusak NEAR/5 air", 19),
        ("(jalan OR air) NEAR rusak", 15),
        ("jal* NEAR rusak", 5),
        ("jalan NEAR jalan", 0),
        ("jalan~", 5),
        ("jalan~2", 5),
        ('"jalan rusak"~3', 13),
        ("jalan^2", 5),
        ("[a TO b]", 0),
        (">5", 0),
        ("/ja.*n/", 0),
        ("jalan && rusak", 6),
        ("jalan || rusak", 6),
        ("air " * 65, 256),
        ("日本", 0),
        ("!!!", 0),
        ('""', 0),
        ("(" * 40 + "a" + ")" * 40, 33),
        ("a" * 2_001, 2_000),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(QueryRefused) as refused:
        parse_query(text)
    assert refused.value.position == position
    assert str(refused.value).endswith(".")


@given(st.text() | st.text(alphabet='ab*?:()"~^-+/ NEARODT510[]', max_size=40))
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    try:
        parse_query(text)
    except QueryRefused as refused:
        position = refused.position
    else:
        position = 0
    assert 0 <= position <= len(text)


def test_many_threads_read_at_once() -> None:
    texts = [f"jalan{i} OR (air AND NOT rusak{i}) listrik NEAR/{i % 9 + 1} padam" for i in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse_query, texts)) == [parse_query(text) for text in texts]
