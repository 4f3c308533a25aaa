"""Where: names that lie in several regions, resolved by the region first, its kecamatan second, fame last."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.decide import Desk
from desk.places import Located, locate
from desk.relevance import CONCERNS
from domain.cases import Case
from domain.ids import post_id
from domain.labels import Channel, DateTrust, Intent, Language, Sentiment, Urgency
from domain.posts import RawPost
from domain.reading import PlaceMention, Reading, TopicScore
from domain.regions import load_regions
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from nlp.components.normaliser import folded_words
from nlp.components.places import mentions
from nlp.gazetteer import Gazetteer

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LOBAR, LOTIM, KOTA, PROV = "lombok-barat", "lombok-timur", "kota-bengkulu", "provinsi-bengkulu"
PROFILES = load_regions((LOBAR, LOTIM, KOTA, PROV))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(PROFILES)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(PROFILES, load_taxonomy())


def read(gazetteer: Gazetteer, words: str) -> tuple[PlaceMention, ...]:
    tokens = tokenize(words)
    return tuple(mentions(gazetteer, words, tokens, folded_words(words, tokens)))


def located(gazetteer: Gazetteer, words: str, region: str) -> Located:
    return locate(read(gazetteer, words), PROFILES[region])


def cases(desk: Desk, gazetteer: Gazetteer, words: str, *regions: str) -> list[Case]:
    """The cases of a post that sources of these regions brought; of any other region only where it is concerned."""
    post = RawPost(
        id=post_id("uji", words), namespace="uji", native_id=words, source="uji", regions=regions,
        channel=Channel.COMMENT, text=words, published_at=NOON, date_trust=DateTrust.EXACT, fetched_at=NOON,
    )  # fmt: skip
    reading = Reading(
        post_id=post.id,
        revision=1,
        language=Language.INDONESIAN,
        intent=Intent.COMPLAINT,
        intent_p=0.9,
        topics=(TopicScore(code="jalan.rusak", p=0.9),),
        sentiment=Sentiment.NEGATIVE,
        sentiment_p=0.9,
        urgency=Urgency.ORDINARY,
        places=read(gazetteer, words),
        norm_version=1,
        decided_by={},
    )
    return [case for case in desk.decide(post, reading, {}) if case.relevance >= CONCERNS]


@pytest.mark.parametrize(
    ("words", "region", "kode"),
    [
        ("Lampu di Surabaya mati", KOTA, "17.71.08.1006"),
        ("Lampu di Surabaya mati", LOTIM, "52.03.18.2002"),
        ("Banjir di Surabaya, Kecamatan Sungai Serut", KOTA, "17.71.08.1006"),
        ("Banjir di Surabaya, Kecamatan Sungai Serut", LOTIM, None),
        ("Desa Surabaya Sakra Timur kering", LOTIM, "52.03.18.2002"),
        ("Desa Surabaya Sakra Timur kering", KOTA, None),
        ("macet di Surabaya, Jawa Timur", KOTA, None),
        ("warga Surabaya Utara minta jembatan", LOTIM, "52.03.18.2008"),
        ("Sukaraja becek", LOTIM, "52.03.20.2002"),
        ("Sukaraja becek", PROV, "17.05.01"),
        ("Sukaraja, Jerowaru, jalannya rusak", LOTIM, "52.03.20.2002"),
        ("Sukaraja, Jerowaru, jalannya rusak", PROV, None),
        ("jalan di Kediri rusak", LOBAR, "52.01.02"),
        ("desa Kediri, Kecamatan Kediri", LOBAR, "52.01.02.2001"),
        ("macet di Kediri Jawa Timur", LOBAR, None),
        ("jalan di Kediri rusak", LOTIM, None),
        ("Narmada banjir", LOBAR, "52.01.03"),
        ("desa Narmada banjir", LOBAR, "52.01.03.2021"),
        ("Bu Narmada marah", LOBAR, None),
        ("Pak Gunung Sari belum datang", LOBAR, None),
        ("Gunung Sari banjir", LOBAR, "52.01.09"),
        ("kartu a.n. Selong hilang", LOTIM, None),
        ("Pasar Jor banjir", LOTIM, "52.03.20.2003"),
        ("warga Dasan Bantek protes", LOTIM, "52.03.17.1005"),
        ("dusun Kerandangan gelap", LOBAR, "52.01.14.2006"),
        ("Puskesmas Sedau tutup", LOBAR, "52.01.03.2007"),
        ("jalan di Banyumulekk rusak", LOBAR, "52.01.02.2006"),
    ],
)
def test_a_name_means_what_the_region_and_the_text_make_of_it(
    gazetteer: Gazetteer, words: str, region: str, kode: str | None
) -> None:
    places = located(gazetteer, words, region).places
    assert (places[0].kode if places else None) == kode


def test_a_road_that_is_named_comes_with_its_owner(gazetteer: Gazetteer) -> None:
    (road,) = located(gazetteer, "ruas Sepi–Pengantap putus", LOBAR).roads
    assert road.owner == "provinsi"


def test_a_famous_name_that_nobody_here_listens_for_is_the_famous_place(desk: Desk, gazetteer: Gazetteer) -> None:
    assert cases(desk, gazetteer, "Kemacetan di Surabaya makin parah") == []
    assert cases(desk, gazetteer, "Kemacetan di Kediri makin parah") == []


def test_the_region_whose_source_brought_a_famous_name_keeps_it_alone(desk: Desk, gazetteer: Gazetteer) -> None:
    (case,) = cases(desk, gazetteer, "Lubang besar di Surabaya", KOTA)
    assert (case.region, case.desa) == (KOTA, "17.71.08.1006")


def test_a_name_that_is_ours_alone_or_whose_kecamatan_is_told_concerns_us_whoever_brought_it(
    desk: Desk, gazetteer: Gazetteer
) -> None:
    assert [c.region for c in cases(desk, gazetteer, "Lubang besar di Narmada")] == [LOBAR]
    assert [c.region for c in cases(desk, gazetteer, "Lubang di Surabaya, Sakra Timur")] == [LOTIM]
    assert [c.region for c in cases(desk, gazetteer, "Lubang di Kediri, Lombok Barat")] == [LOBAR]
