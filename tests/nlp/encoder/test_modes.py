"""The reading modes through the whole pipeline: what is encoded, who is said to answer, what a site may choose."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import CatalogueError
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.reading import Reading
from nlp.components.encoder import WINDOW
from nlp.deciders import Task
from nlp.linear.decider import load_decider
from nlp.pipeline import Choices, Mode, build_language, build_reader
from tests.nlp.encoder import tiny

NOW = datetime(2026, 11, 20, 1, 2, tzinfo=UTC)
SURE = "Jalan berlubang di depan pasar rusak parah, tolong segera diperbaiki, kami kecewa sekali"
UNSURE = "itu kemarin ramai di sana ya"
BOTH = f"{load_decider().name}+{tiny.NAME}"
RANKED = ("intent", "topic", "sentiment")


def post(text: str, number: int = 1) -> RawPost:
    return RawPost(
        id=f"{number:026d}", namespace="uji", native_id=str(number), source="uji", channel=Channel.FORM,
        text=text, published_at=NOW, date_trust=DateTrust.EXACT, fetched_at=NOW,
    )  # fmt: skip


def read(choices: Choices, *texts: str) -> list[Reading]:
    return list(build_reader({}, choices).read([post(x, n) for n, x in enumerate(texts, 1)]))


@pytest.fixture(scope="session")
def sure_from_half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights whose plan lets the linear decider answer nearly always."""
    folder = tiny.make(tmp_path_factory.mktemp("bobot"))
    (folder / "cascade.toml").write_text(tiny.plan_text(load_decider().name, tiny.NAME, sure=0.5), encoding="utf-8")
    return folder


def test_fast_needs_no_encoder(tmp_path: Path) -> None:
    (reading,) = read(Choices(mode=Mode.FAST, weights=tmp_path), UNSURE)
    assert reading.vector is None
    assert {reading.decided_by[task] for task in RANKED} == {load_decider().name}


@pytest.mark.parametrize("mode", [Mode.CASCADE, Mode.BEST])
def test_the_others_say_what_to_do_without_one(tmp_path: Path, mode: Mode) -> None:
    with pytest.raises(CatalogueError, match="JARING_READ_MODE=fast"):
        build_reader({}, Choices(mode=mode, weights=tmp_path))


def test_the_cascade_encodes_only_what_the_linear_decider_is_unsure_of(sure_from_half: Path) -> None:
    sure, unsure = read(Choices(mode=Mode.CASCADE, weights=sure_from_half), SURE, UNSURE)
    assert sure.vector is None
    assert unsure.vector is not None
    assert {sure.decided_by[task] for task in RANKED} == {load_decider().name}
    assert {unsure.decided_by[task] for task in RANKED} == {BOTH}
    assert unsure.decided_by["encoding"] == unsure.vector.model == tiny.NAME
    assert "encoding" not in sure.decided_by


def test_best_encodes_all(weights: Path) -> None:
    readings = read(Choices(mode=Mode.BEST, weights=weights), SURE, UNSURE, "", "😡")
    assert all(x.vector is not None for x in readings)
    assert {x.decided_by[task] for x in readings for task in RANKED} == {BOTH}


def test_with_meaning_the_cascade_encodes_all(sure_from_half: Path) -> None:
    choices = Choices(mode=Mode.CASCADE, meaning=True, weights=sure_from_half)
    assert read(choices, SURE, UNSURE) == read(Choices(mode=Mode.BEST, weights=sure_from_half), SURE, UNSURE)


def test_meaning_and_fast_contradict_each_other() -> None:
    with pytest.raises(CatalogueError, match="cascade or best"):
        build_reader({}, Choices(meaning=True))


def test_a_post_reads_the_same_alone_and_in_company(weights: Path) -> None:
    reader = build_reader({}, Choices(mode=Mode.CASCADE, weights=weights))
    texts = [SURE, UNSURE, "", "sampah menumpuk", "terima kasih pak", "air mati 3 hari"]
    posts = [post(f"{x} {n}", n) for n, x in enumerate(texts * (WINDOW // len(texts) + 2))]
    for alone, together in zip((next(reader.read([p])) for p in posts[:40]), reader.read(posts), strict=False):
        assert (alone.topic, alone.intent, alone.sentiment) == (together.topic, together.intent, together.sentiment)
        assert alone.intent_p == pytest.approx(together.intent_p, abs=1e-4)
        assert (alone.vector is None) == (together.vector is None)


def test_readings_come_out_in_the_order_of_the_posts(weights: Path) -> None:
    reader = build_reader({}, Choices(mode=Mode.BEST, weights=weights))
    posts = [post(UNSURE if n % 3 else SURE, n) for n in range(2 * WINDOW + 9)]
    readings = list(reader.read(posts))
    assert [x.post_id for x in readings] == [p.id for p in posts]
    assert {x.topic for n, x in enumerate(readings) if not n % 3} == {"jalan.rusak"}


@pytest.mark.parametrize("mode", list(Mode))
def test_what_each_component_needs_an_earlier_one_gives(weights: Path, mode: Mode) -> None:
    analysis = build_language({}, Choices(mode=mode, weights=weights)).analyze_pipes()
    assert analysis is not None
    assert {name: needs for name, needs in analysis["problems"].items() if needs} == {}


def test_components_by_rules_find_the_encoders_probabilities(weights: Path) -> None:
    language = build_language({}, Choices(mode=Mode.BEST, weights=weights))
    assert language("ada pungli")._.encoding.yes(Task.OVERSIGHT) > 0.9
    assert build_language({})("ada pungli")._.encoding is None


def test_a_site_chooses_who_answers_a_task_in_one_line(weights: Path, tmp_path: Path) -> None:
    site = tmp_path / "pipeline.toml"
    site.write_text('[backends]\nsentiment = "linear"\ntopic = "encoder"\n', encoding="utf-8")
    (reading,) = read(Choices(mode=Mode.CASCADE, weights=weights, site=site), SURE)
    assert reading.decided_by["sentiment"] == load_decider().name
    assert reading.decided_by["topic"] == tiny.NAME
    assert reading.decided_by["intent"] == BOTH
    assert reading.vector is not None


def test_a_task_given_to_the_linear_decider_calls_no_encoder(weights: Path, tmp_path: Path) -> None:
    site = tmp_path / "pipeline.toml"
    site.write_text("[backends]\n" + "".join(f'{task} = "linear"\n' for task in RANKED), encoding="utf-8")
    (reading,) = read(Choices(mode=Mode.CASCADE, weights=weights, site=site), UNSURE)
    assert reading.vector is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('sentiment = "peta"', "no backend 'peta'"),
        ('sentiment = "transformers:"', "no backend"),
        ('urgency = "linear"', "'urgency' is none of"),
        ('cuaca = "linear"', "'cuaca' is none of"),
        ("sentiment = 5", "cannot be read"),
        ("sentiment = ", "cannot be read"),
        ("sentiment = { labels = {} }", "model"),
    ],
)
def test_a_choice_that_cannot_be_is_told(weights: Path, tmp_path: Path, line: str, told: str) -> None:
    site = tmp_path / "pipeline.toml"
    site.write_text(f"[backends]\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        build_language({}, Choices(mode=Mode.CASCADE, weights=weights, site=site))
