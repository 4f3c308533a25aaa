"""The desk decides from spans and codes: each test gives it a reading and asks who must answer, where, and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.decide import Desk
from domain.cases import CaseStatus, Label
from domain.errors import NotFound
from domain.ids import post_id
from domain.labels import Authority, Channel, DateTrust, Intent, LabelTask, Language, Sentiment, Urgency
from domain.posts import Hints, RawPost
from domain.reading import Oversight, PlaceMention, Reading, Span, TopicScore
from domain.regions import RegionProfile, load_regions
from domain.taxonomy import load_taxonomy

LOBAR = "lombok-barat"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def profiles() -> dict[str, RegionProfile]:
    return load_regions((LOBAR, "lombok-timur", "kota-bengkulu", "provinsi-bengkulu"))


@pytest.fixture(scope="module")
def desk(profiles: dict[str, RegionProfile]) -> Desk:
    return Desk(profiles, load_taxonomy())


def a_post(
    text: str, *, regions: tuple[str, ...] = (LOBAR,), published_at: datetime = NOON, place: str | None = None
) -> RawPost:
    return RawPost(
        id=post_id("uji", text),
        namespace="uji",
        native_id=text,
        source="uji",
        regions=regions,
        channel=Channel.FORM,
        text=text,
        published_at=published_at,
        date_trust=DateTrust.EXACT,
        fetched_at=published_at,
        hints=Hints(place=place),
    )


def a_reading(
    post: RawPost,
    topic: str = "jalan.rusak",
    *,
    places: tuple[PlaceMention, ...] = (),
    oversight: Oversight | None = None,
    agencies: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        post_id=post.id,
        revision=1,
        language=Language.INDONESIAN,
        intent=Intent.COMPLAINT,
        intent_p=0.9,
        topics=(TopicScore(code=topic, p=0.9, evidence=(Span(start=0, end=5, text="bukti"),)),),
        sentiment=Sentiment.NEGATIVE,
        sentiment_p=0.9,
        urgency=Urgency.ORDINARY,
        oversight=oversight,
        places=places,
        agencies=tuple(Span(start=0, end=len(a), text=a) for a in agencies),
        norm_version=1,
        decided_by={},
    )


def a_mention(name: str, *candidates: str, cue: str | None = None) -> PlaceMention:
    return PlaceMention(span=Span(start=0, end=len(name), text=name), name=name, candidates=candidates, cue=cue)


def code_of(profile: RegionProfile, name: str, level: str) -> str:
    return profile.areas_by_name(name, level)[0].kode


def test_a_damaged_road_goes_to_public_works_with_its_reason(desk: Desk) -> None:
    post = a_post("Jalan rusak parah")
    case = desk.decide_for(post, a_reading(post), LOBAR)
    assert case.opd[0].kode == "PUTR"
    assert case.authority is Authority.REGENCY
    assert "jalan rusak" in case.why
    assert "bukti" in case.opd[0].evidence


def test_the_writer_who_says_provincial_road_is_believed(desk: Desk) -> None:
    post = a_post("jalan provinsi di depan pasar berlubang")
    case = desk.decide_for(post, a_reading(post), LOBAR)
    assert (case.authority, case.opd[0].kode) == (Authority.PROVINCE, "PUPR_NTB")
    assert "jalan provinsi" in case.why


def test_upper_secondary_schools_belong_to_the_province(desk: Desk) -> None:
    post = a_post("Atap kelas SMKN 1 bocor")
    case = desk.decide_for(post, a_reading(post, "pendidikan.sarana"), LOBAR)
    assert (case.authority, case.opd[0].kode) == (Authority.PROVINCE, "DIKBUD_NTB")


def test_a_village_is_preferred_to_the_kecamatan_that_holds_it(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    lobar = profiles[LOBAR]
    desa, kecamatan = code_of(lobar, "Telagawaru", "desa"), code_of(lobar, "Labuapi", "kecamatan")
    post = a_post("Telagawaru Labuapi")
    case = desk.decide_for(
        post, a_reading(post, places=(a_mention("Telagawaru", desa), a_mention("Labuapi", kecamatan))), LOBAR
    )
    assert [p.kode for p in case.places] == [desa]
    assert (case.desa, case.kecamatan) == (desa, kecamatan)


def test_a_persons_name_is_not_a_place(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    gerung = code_of(profiles[LOBAR], "Gerung", "kecamatan")
    post = a_post("terima kasih pak Gerung")
    assert desk.decide_for(post, a_reading(post, places=(a_mention("Gerung", gerung, cue="pak"),)), LOBAR).places == ()


def test_a_name_that_lies_elsewhere_makes_no_case_here(desk: Desk) -> None:
    post = a_post("banjir di Surabaya", regions=())
    mention = a_mention("Surabaya", "35.78")
    assert desk.decide(post, a_reading(post, places=(mention,)), {}) == []


def test_an_ambiguous_name_beside_a_strangers_is_the_strangers(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    kediri = code_of(profiles[LOBAR], "Kediri", "kecamatan")
    post = a_post("Kediri Jawa Timur")
    mentions = (a_mention("Kediri", kediri, "35.06", "35.71"), a_mention("Jawa Timur", "35"))
    case = desk.decide_for(post, a_reading(post, places=mentions), LOBAR)
    assert case.places == ()
    assert case.relevance < 0.5


def test_a_post_without_a_place_concerns_the_region_whose_source_brought_it(desk: Desk) -> None:
    post = a_post("lampu jalan mati")
    assert [c.region for c in desk.decide(post, a_reading(post, "penerangan.pju"), {})] == [LOBAR]


def test_the_senders_address_places_a_post_whose_words_do_not(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    post = a_post("got mampet", place="Jl. Raya, Telagawaru")
    case = desk.decide_for(post, a_reading(post, "drainase.saluran"), LOBAR)
    assert case.desa == code_of(profiles[LOBAR], "Telagawaru", "desa")


@pytest.mark.parametrize(
    ("address", "name", "level"),
    [
        ("Kelurahan Kediri, Kecamatan Kediri", "Kediri", "desa"),
        ("Kec. Kediri", "Kediri", "kecamatan"),
        ("Kediri", "Kediri", "kecamatan"),
        ("Jl. Raya 3, Desa Labuapi, Kecamatan Labuapi", "Labuapi", "desa"),
    ],
)
def test_an_address_says_which_of_two_levels_a_shared_name_means(
    desk: Desk, profiles: dict[str, RegionProfile], address: str, name: str, level: str
) -> None:
    post = a_post("got mampet", place=address)
    (place,) = desk.decide_for(post, a_reading(post, "drainase.saluran"), LOBAR).places
    assert place.kode == code_of(profiles[LOBAR], name, level)


@pytest.mark.parametrize(("cue", "where"), [("jl", "Telagawaru"), ("desa", "Kuripan")])
def test_a_street_bears_a_name_but_the_address_says_where(
    desk: Desk, profiles: dict[str, RegionProfile], cue: str, where: str
) -> None:
    kuripan = code_of(profiles[LOBAR], "Kuripan", "desa")
    post = a_post("Jl. Kuripan gelap", place="Desa Telagawaru, Kecamatan Labuapi")
    case = desk.decide_for(post, a_reading(post, places=(a_mention("kuripan", kuripan, cue=cue),)), LOBAR)
    assert case.desa == code_of(profiles[LOBAR], where, "desa")


def test_a_report_against_a_village_head_goes_to_the_inspectorate_and_is_hidden_from_the_village(desk: Desk) -> None:
    post = a_post("kades memakai dana desa untuk pribadi")
    oversight = Oversight(p=0.9, accused=("kades",), evidence=(Span(start=0, end=5, text="kades"),))
    case = desk.decide_for(post, a_reading(post, "desa.dana", oversight=oversight), LOBAR)
    assert case.opd[0].kode == "INSPEKTORAT"
    assert "PEMDES" in case.accused_opd
    assert "INSPEKTORAT" not in case.accused_opd


def test_an_agency_that_the_writer_names_is_believed_in_part(desk: Desk) -> None:
    post = a_post("Yth. Dinas Perhubungan, pohon menutup rambu")
    without = desk.decide_for(post, a_reading(post, "lingkungan.pohon"), LOBAR)
    named = desk.decide_for(post, a_reading(post, "lingkungan.pohon", agencies=("Dinas Perhubungan",)), LOBAR)
    assert "DISHUB" not in [c.kode for c in without.opd]
    assert "DISHUB" in [c.kode for c in named.opd]


def test_spam_needs_no_agency(desk: Desk) -> None:
    post = a_post("jual cepat motor")
    assert desk.decide_for(post, a_reading(post, "lainnya.umum"), LOBAR).opd == ()


def test_the_local_date_is_that_of_the_regions_zone(desk: Desk) -> None:
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    post = a_post("jalan rusak", published_at=late)
    assert desk.decide_for(post, a_reading(post), LOBAR).local_date.isoformat() == "2026-11-21"


def test_what_a_person_said_wins_over_every_rule(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    post = a_post("jalan rusak")
    gerung = code_of(profiles[LOBAR], "Gerung", "kecamatan")
    said = CaseStatus(
        labels=tuple(
            Label(case_id=f"{post.id}.{LOBAR}", task=task, value=value, by="ratna", at=NOON)
            for task, value in (
                (LabelTask.OPD, "DLH"), (LabelTask.PLACE, gerung),
                (LabelTask.AUTHORITY, "desa"), (LabelTask.RELEVANCE, "0"),
            )
        )
    )  # fmt: skip
    case = desk.decide_for(post, a_reading(post), LOBAR, said)
    assert (case.opd[0].kode, case.opd[0].p) == ("DLH", 1.0)
    assert case.kecamatan == gerung
    assert case.authority is Authority.VILLAGE
    assert case.relevance == 0.0


def test_a_region_that_is_not_served_is_refused(desk: Desk) -> None:
    post = a_post("jalan")
    with pytest.raises(NotFound):
        desk.decide_for(post, a_reading(post), "antah-berantah")


def test_a_bare_name_that_a_kecamatan_and_its_village_share_is_the_kecamatans(
    desk: Desk, profiles: dict[str, RegionProfile]
) -> None:
    kecamatan, village = (code_of(profiles[LOBAR], "Kuripan", level) for level in ("kecamatan", "desa"))
    post = a_post("saluran di Kuripan")
    assert (
        desk.decide_for(post, a_reading(post, places=(a_mention("Kuripan", kecamatan, village),)), LOBAR).desa is None
    )
    said = a_mention("Kuripan", kecamatan, village, cue="desa")
    assert desk.decide_for(post, a_reading(post, places=(said,)), LOBAR).desa == village


def test_the_town_a_news_item_is_filed_from_is_no_place_but_tells_the_region(
    desk: Desk, profiles: dict[str, RegionProfile]
) -> None:
    gerung = a_mention("Gerung", code_of(profiles[LOBAR], "Gerung", "kecamatan"), cue="titimangsa")
    post = a_post("GERUNG - pejabat dilantik", regions=())
    case = desk.decide_for(post, a_reading(post, "pelayanan.asn", places=(gerung,)), LOBAR)
    assert case.places == ()
    assert case.relevance > 0.9


def test_a_hospital_answers_for_itself_and_its_owner_is_told(desk: Desk) -> None:
    post = a_post("IGD RSUD M Yunus penuh", regions=("provinsi-bengkulu",))
    hospital = a_mention("RSUD dr. M. Yunus", "point:provinsi-bengkulu/rsud-dr-m-yunus")
    case = desk.decide_for(post, a_reading(post, "kesehatan.rs", places=(hospital,)), "provinsi-bengkulu")
    assert (case.opd[0].kode, case.authority, case.places) == ("RSUD_M_YUNUS", Authority.PROVINCE, ())


def test_a_landslide_on_a_provincial_road_is_the_road_owners(desk: Desk) -> None:
    post = a_post("longsor menutup jalan provinsi")
    assert desk.decide_for(post, a_reading(post, "bencana.alam"), LOBAR).opd[0].kode == "PUPR_NTB"


def test_a_street_named_after_the_state_is_no_national_road(desk: Desk) -> None:
    post = a_post("Jalan Setia Negara berlubang", regions=("kota-bengkulu",))
    assert desk.decide_for(post, a_reading(post), "kota-bengkulu").authority is Authority.CITY


def test_what_is_no_matter_of_government_has_no_place(desk: Desk, profiles: dict[str, RegionProfile]) -> None:
    post = a_post("jual motor posisi Gerung")
    gerung = a_mention("Gerung", code_of(profiles[LOBAR], "Gerung", "kecamatan"))
    assert desk.decide_for(post, a_reading(post, "lainnya.umum", places=(gerung,)), LOBAR).places == ()


class Remembered:
    """Past dispositions that all went to one agency."""

    def rank(self, words: str, place: str | None) -> list[tuple[str, float]]:  # noqa: ARG002
        return [("DISHUB", 0.9), ("TIDAK_ADA", 0.1)]


def test_a_regions_own_past_dispositions_weigh_in(profiles: dict[str, RegionProfile]) -> None:
    desk = Desk(profiles, load_taxonomy(), experience={LOBAR: Remembered()})
    post = a_post("jalan rusak")
    case = desk.decide_for(post, a_reading(post), LOBAR)
    shares = {c.kode: c for c in case.opd}
    assert set(shares) >= {"PUTR", "DISHUB"}
    assert "TIDAK_ADA" not in shares
    assert "disposisi serupa" in shares["DISHUB"].evidence[0]
