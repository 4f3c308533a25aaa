from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import Refused
from jaring.evaluation import read_floors
from jaring.floors import raised, with_figures
from jaring.goldposts import GOLD, blind_figures, gold_figures, reading_figures
from nlp.eval.gold import Figure, Labels, read_gold, score

POST = Labels(
    intent="pengaduan",
    topics=("jalan.rusak",),
    sentiment="negatif",
    urgency="biasa",
    authority="kabupaten",
    opd=("PUTR", "DISHUB"),
    places=("52.01.01.2003",),
    relevant=True,
    oversight=False,
    abuse=False,
    language="id",
    pii=("0812",),
)
ELSEWHERE = replace(POST, opd=(), places=(), relevant=False, pii=())


def figures(said: list[Labels]) -> dict[str, float]:
    return {x.name: x.value for x in score([POST, ELSEWHERE], said)}


def test_right_answers_score_one() -> None:
    assert set(figures([POST, ELSEWHERE]).values()) == {1.0}


def test_an_agency_that_may_answer_too_is_right() -> None:
    assert figures([replace(POST, opd=("DISHUB",)), ELSEWHERE])["opd.top1"] == 1.0
    assert figures([replace(POST, opd=("DLH", "PUTR")), ELSEWHERE])["opd.top1"] == 0.5


def test_an_agency_or_place_where_there_is_none_is_wrong() -> None:
    found = figures([POST, replace(ELSEWHERE, opd=("PUTR",), places=("52.01",))])
    assert (found["opd.top1"], found["place.accuracy"]) == (0.5, 0.5)


def test_personal_data_is_scored_by_what_was_found_and_missed() -> None:
    found = figures([replace(POST, pii=("0812", "17")), ELSEWHERE])
    assert (found["pii.precision"], found["pii.recall"]) == (0.5, 1.0)
    assert figures([replace(POST, pii=()), ELSEWHERE])["pii.recall"] == 0.0


def test_there_are_enough_gold_posts_over_all_regions() -> None:
    gold = read_gold(sorted(GOLD.glob("*-test.jsonl")))
    assert len(gold) >= 400
    assert {x.region for x in gold} == {"lombok-barat", "lombok-timur", "kota-bengkulu", "provinsi-bengkulu"}
    assert len({x.id for x in gold}) == len(gold)


def test_the_blind_posts_cover_all_regions_and_accuse_often() -> None:
    blind = read_gold(sorted(GOLD.glob("*-blind.jsonl")))
    assert len(blind) >= 120
    assert {x.region for x in blind} == {"lombok-barat", "lombok-timur", "kota-bengkulu", "provinsi-bengkulu"}
    assert sum(x.labels.oversight for x in blind) >= 30


def test_the_reading_and_the_desk_keep_their_floors_on_the_gold_posts() -> None:
    floors = read_floors()
    measured = {x.name: x.value for x in gold_figures() + blind_figures() + reading_figures()}
    assert {name: value for name, value in measured.items() if value < floors.get(name, 0.0)} == {}


def test_a_floor_rises_with_what_was_measured_and_sinks_only_when_asked() -> None:
    assert raised({"a": 0.5, "b": 0.9}, {"a": 0.7205}) == {"a": 0.7, "b": 0.9}
    assert raised({"a": 0.7}, {"a": 0.701}) == {"a": 0.7}
    with pytest.raises(Refused, match="--allow-lower"):
        raised({"a": 0.7}, {"a": 0.6})
    assert raised({"a": 0.7}, {"a": 0.6}, allow_lower=True)["a"] < 0.6


def test_the_card_keeps_its_facts_when_figures_are_written_again() -> None:
    once = with_figures("name = 'x'\n", [Figure("a", 0.5, 10)])
    assert with_figures(once, [Figure("a", 0.7, 10)]) == "name = 'x'\n\n[figures]\n\"a\" = 0.7000\n"
