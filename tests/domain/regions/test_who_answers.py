"""Who answers for a topic, on a day, at a level of authority; and names of places."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.regions import RegionProfile, load_regions

DAY = date(2026, 11, 2)
PROFILES = load_regions()

OLD_AND_NEW = """
[[agency]]
code = "PUTR"
name = "Dinas Pekerjaan Umum dan Penataan Ruang"
level = "kabupaten"
valid_from = 2017-01-01
valid_to = 2027-01-01
successor = "PUPRPKP"
source = "perda"

[[agency]]
code = "PUPRPKP"
name = "Dinas Pekerjaan Umum, Perumahan dan Permukiman"
level = "kabupaten"
valid_from = 2027-01-01
source = "perda"
"""


@pytest.fixture
def reorganised(tmp_path: Path) -> RegionProfile:
    """Lombok Barat whose public-works office is renamed at the turn of 2027."""
    (tmp_path / "lombok-barat").mkdir()
    (tmp_path / "lombok-barat" / "agencies.toml").write_text(OLD_AND_NEW, encoding="utf-8")
    return load_regions(["lombok-barat"], [tmp_path])["lombok-barat"]


@pytest.mark.parametrize(
    ("slug", "topic", "authority", "code"),
    [
        ("lombok-barat", "jalan.rusak", None, "PUTR"),
        ("lombok-barat", "jalan.rusak", "daerah", "PUTR"),
        ("lombok-barat", "jalan.desa", None, "PEMDES"),
        ("lombok-barat", "perhubungan.pelabuhan", None, "KSOP"),
        ("lombok-barat", "perhubungan.pelabuhan", "kabupaten", "DISHUB"),
        ("lombok-barat", "perhubungan.pelabuhan", "bumn", "ASDP"),
        ("lombok-barat", "jalan.rusak", "kabupaten", "PUTR"),
        ("lombok-barat", "jalan.rusak", "provinsi", "PUPR_NTB"),
        ("lombok-barat", "jalan.rusak", "pusat", "BPJN"),
        ("lombok-barat", "drainase.sungai", "pusat", "BWS"),
        ("lombok-barat", "jalan.desa", "desa", "PEMDES"),
        ("lombok-barat", "desa.dana", "desa", "DPMD"),
        ("lombok-barat", "pendidikan.menengah", "provinsi", "DIKBUD_NTB"),
        ("lombok-barat", "pendidikan.guru", "pusat", "KEMENAG"),
        ("lombok-barat", "air.pdam", "bumd", "PTAM"),
        ("lombok-barat", "penerangan.listrik", "bumn", "PLN"),
        ("lombok-barat", "adminduk.ktp", "provinsi", "PEMPROV_NTB"),
        ("lombok-timur", "pertanian.ternak", None, "DISNAKESWAN"),
        ("kota-bengkulu", "penerangan.pju", "kota", "DISHUB"),
        ("kota-bengkulu", "desa.perangkat", "desa", "KECAMATAN"),
        ("provinsi-bengkulu", "jalan.rusak", "provinsi", "PUPR"),
        ("provinsi-bengkulu", "jalan.rusak", "kabupaten", "PEMKAB"),
        ("provinsi-bengkulu", "kesehatan.rs", "provinsi", "RSUD_M_YUNUS"),
        ("provinsi-bengkulu", "kesehatan.rs", "kabupaten", "PEMKAB"),
        ("provinsi-bengkulu", "desa.dana", "desa", "PEMDES"),
    ],
)
def test_the_owner_of_a_matter_decides_its_agency(slug: str, topic: str, authority: str | None, code: str) -> None:
    assert PROFILES[slug].agency_for(topic, authority, DAY).code == code


def test_reports_that_accuse_go_to_the_inspectorate() -> None:
    assert {p.oversight_agency(DAY).code for p in PROFILES.values()} == {"INSPEKTORAT"}


def test_an_agency_outside_is_named_by_region_and_code() -> None:
    assert PROFILES["lombok-barat"].agency_key("PUTR") == "lombok-barat/PUTR"


def test_an_unknown_agency_or_topic_is_not_found() -> None:
    with pytest.raises(NotFound, match="lombok-barat tidak mempunyai OPD NASA"):
        PROFILES["lombok-barat"].agency("NASA")
    with pytest.raises(NotFound):
        PROFILES["lombok-barat"].agency_for("jalan.terbang")


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 12, 31), "PUTR"), (date(2027, 1, 1), "PUPRPKP"), (date(2030, 1, 1), "PUPRPKP")]
)
def test_the_successor_takes_over_on_its_first_day(reorganised: RegionProfile, day: date, code: str) -> None:
    assert reorganised.agency_for("jalan.rusak", on=day).code == code
    assert reorganised.agency("PUTR", day).code == code


def test_before_its_time_an_office_is_held_by_its_predecessor(reorganised: RegionProfile) -> None:
    assert reorganised.agency("PUPRPKP", date(2026, 6, 1)).code == "PUTR"


def test_nobody_holds_an_office_before_the_first_of_its_line(reorganised: RegionProfile) -> None:
    with pytest.raises(NotFound, match="tidak ada yang memegang tugas PUTR"):
        reorganised.agency("PUTR", date(2016, 1, 1))


def test_without_a_day_the_entry_itself_answers(reorganised: RegionProfile) -> None:
    assert reorganised.agency("PUTR").successor == "PUPRPKP"


@pytest.mark.parametrize("name", ["Sukamakmur", "desa suka makmur", "SUKA-MAKMUR", "Ds. Suka Makmur"])
def test_an_area_is_found_however_it_is_spelt(name: str) -> None:
    assert [area.kode for area in PROFILES["lombok-barat"].areas_by_name(name)] == ["52.01.01.2005"]


def test_an_alias_finds_its_area_and_a_level_narrows_the_name() -> None:
    profile = PROFILES["lombok-barat"]
    assert [area.name for area in profile.areas_by_name("Gili Gede")] == ["Gili Gede Indah"]
    assert {area.level for area in profile.areas_by_name("Kediri")} == {"kecamatan", "desa"}
    assert [area.kode for area in profile.areas_by_name("Kediri", "kecamatan")] == ["52.01.02"]
    assert profile.areas_by_name("Surabaya") == ()


def test_the_same_name_is_another_place_in_another_region() -> None:
    assert [a.kode for a in PROFILES["kota-bengkulu"].areas_by_name("Surabaya")] == ["17.71.08.1006"]
    assert [a.kode for a in PROFILES["lombok-timur"].areas_by_name("Surabaya")] == ["52.03.18.2002"]


def test_an_area_knows_what_holds_it_and_what_it_holds() -> None:
    province = PROFILES["provinsi-bengkulu"]
    names = [area.name for area in province.lineage("17.71.08.1006")]
    assert names == ["Surabaya", "Sungai Serut", "Kota Bengkulu"]
    assert len(PROFILES["lombok-barat"].children("52.01")) == 10
    assert province.lineage("52.01.01") == ()


def test_a_region_holds_codes_under_its_own() -> None:
    profile = PROFILES["lombok-barat"]
    assert profile.holds("52.01.99.2001")
    assert not profile.holds("52.03.01")


def test_a_profile_travels_to_another_process_whole() -> None:
    profile = PROFILES["kota-bengkulu"]
    travelled = pickle.loads(pickle.dumps(profile))  # noqa: S301 - our own bytes
    assert travelled == profile
    assert travelled.areas_by_name("Surabaya") == profile.areas_by_name("Surabaya")
