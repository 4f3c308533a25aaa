"""The pipeline as a whole: its order holds, and every post gets its reading."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from spacy.language import Language

from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.reading import Reading
from domain.regions import load_regions
from domain.text.tokens import NORM_VERSION
from nlp.asking import BATCH
from nlp.pipeline import build_language, build_reader, component_names
from nlp.reader import PostReader

NOW = datetime(2026, 11, 20, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def language() -> Language:
    return build_language(load_regions(["lombok-barat"]))


@pytest.fixture(scope="module")
def reader(language: Language) -> PostReader:
    return PostReader(language)


def post(text: str, *, title: str | None = None, number: int = 1) -> RawPost:
    return RawPost(
        id=f"{number:026d}", namespace="uji", native_id=str(number), source="uji", channel=Channel.FORM, title=title,
        text=text, published_at=NOW, date_trust=DateTrust.EXACT, fetched_at=NOW, revision=number,
    )  # fmt: skip


def read(reader: PostReader, text: str, *, title: str | None = None) -> Reading:
    (reading,) = reader.read([post(text, title=title)])
    return reading


def test_the_components_are_these() -> None:
    assert component_names() == (
        "normaliser", "language", "places", "addresses", "agencies", "encoder", "urgency", "oversight", "abuse", "near",
        "intent", "topic", "sentiment",
    )  # fmt: skip


def test_what_each_component_needs_an_earlier_one_gives(language: Language) -> None:
    analysis = language.analyze_pipes()
    assert analysis is not None
    assert {name: needs for name, needs in analysis["problems"].items() if needs} == {}
    assert all(summary["assigns"] for summary in analysis["summary"].values())


def test_a_complaint_is_read_whole(reader: PostReader) -> None:
    words = "Air PDAM di Banyumulek mati sudah 6 hari, tolong Dinas PU pak"
    reading = read(reader, words)
    assert reading.language == "id"
    assert reading.urgency == "mendesak"
    assert [m.span.text for m in reading.places] == ["Banyumulek"]
    assert [s.text for s in reading.agencies] == ["PDAM", "Dinas PU"]
    assert reading.oversight is None
    assert not reading.abuse
    assert len(reading.near) == 64
    assert reading.topics
    assert reading.norm_version == NORM_VERSION


def test_every_task_says_who_answered(reader: PostReader) -> None:
    tasks = {"language", "places", "agencies", "urgency", "oversight", "abuse", "intent", "topic", "sentiment"}
    assert tasks <= set(read(reader, "jalan rusak").decided_by)


def test_offsets_count_from_the_title(reader: PostReader) -> None:
    reading = read(reader, "Warga terjebak, tolong kirim perahu", title="Banjir di Banyumulek")
    words = post("Warga terjebak, tolong kirim perahu", title="Banjir di Banyumulek").words
    spans = [m.span for m in reading.places] + [reading.urgency_cue]
    assert len(spans) == 2
    assert all(s is not None and words[s.start : s.end] == s.text for s in spans)


@pytest.mark.parametrize(
    "text", ["", " \n ", "😡😡🙏", "!!!", "[nik] [telepon]", "١٢٣", "a" * 10_000, "jalan rusak " * 4_000]
)
def test_strange_posts_are_read_too(reader: PostReader, text: str) -> None:
    assert read(reader, text).topics


def test_posts_come_out_in_order_as_a_stream(reader: PostReader) -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield post(f"jalan rusak nomor {taken}", number=taken)

    readings = reader.read(endless())  # type: ignore[arg-type]
    first = [next(readings) for _ in range(BATCH + 5)]
    assert [r.revision for r in first] == list(range(1, BATCH + 6))
    assert taken <= 2 * BATCH


def test_the_same_post_reads_the_same_alone_and_in_company(reader: PostReader) -> None:
    posts = [post(f"jalan di Gerung rusak {n} meter, tolong", number=n) for n in range(1, 40)]
    assert list(reader.read(posts)) == [next(reader.read([p])) for p in posts]


def test_a_reader_can_be_built_without_regions() -> None:
    (reading,) = build_reader({}).read([post("macet di Kota Surabaya")])
    assert [m.candidates for m in reading.places] == [("35.78",)]
