"""The bundled sample: invented, whole, fresh at every import."""

import json
import re
from collections import Counter
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest

ROWS = [
    json.loads(line)
    for line in files("jaring.sample").joinpath("lombok-barat.jsonl").read_text(encoding="utf-8").splitlines()
]
BY_ID = {row["id"]: row for row in ROWS}
FIELDS = {
    "id", "age_h", "channel", "source", "source_key", "author", "title", "text", "url", "parent", "lat", "lon",
    "engagement",
}  # fmt: skip
DISTRICTS = (
    "Gerung", "Kediri", "Narmada", "Sekotong", "Labuapi", "Gunungsari", "Lingsar", "Lembar", "Batulayar", "Kuripan",
)  # fmt: skip
REPOSTS = {"s0460", "s0461", "s0462", "s0463"}
NIK = re.compile(r"\b52\d{14}\b")
RESERVED = (".invalid", ".example")


def words(row: dict[str, Any]) -> str:
    return f"{row['title'] or ''}\n{row['text']}"


def found(pattern: str, flags: int = 0) -> set[str]:
    return {row["id"] for row in ROWS if re.search(pattern, row["text"], flags)}


def test_rows_are_many_whole_and_unique() -> None:
    assert len(ROWS) >= 580
    assert len(BY_ID) == len(ROWS)
    assert all(set(row) == FIELDS for row in ROWS)
    assert all(row["text"].strip() == row["text"] != "" for row in ROWS)
    assert all(row["title"] for row in ROWS if row["channel"] in ("web", "surat"))


def test_every_channel_has_its_share() -> None:
    count = Counter(row["channel"] for row in ROWS)
    least = {
        "web": 60, "komentar": 90, "x": 100, "facebook": 60, "telegram": 50, "instagram": 8, "youtube": 6,
        "formulir": 95, "telepon": 45, "whatsapp": 45, "surat": 8, "tatap_muka": 6,
    }  # fmt: skip
    assert set(count) == set(least)
    assert {channel: n for channel, n in count.items() if n < least[channel]} == {}


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_district_is_named(district: str) -> None:
    assert sum(bool(re.search(rf"\b{district}\b", words(row), re.IGNORECASE)) for row in ROWS) >= 25


def test_ages_are_relative_and_within_sixty_days() -> None:
    assert all(0.2 <= row["age_h"] <= 60 * 24 for row in ROWS)
    weeks = Counter(int(row["age_h"] // (7 * 24)) for row in ROWS)
    assert min(weeks[week] for week in range(8)) >= 30
    assert weeks[0] > 2 * weeks[6]


def test_parents_exist_and_are_older() -> None:
    children = [row for row in ROWS if row["parent"]]
    assert len(children) >= 95
    assert {row["id"] for row in children} >= {row["id"] for row in ROWS if row["channel"] == "komentar"}
    for row in children:
        assert BY_ID[row["parent"]]["age_h"] > row["age_h"], row["id"]


def test_addresses_stand_in_reserved_domains_only() -> None:
    urls = [row["url"] for row in ROWS if row["url"]]
    assert len(set(urls)) == len(urls)
    assert {urlsplit(url).hostname for url in urls} == {"contoh.invalid"}
    hosts = [host for row in ROWS for host in re.findall(r"https?://([^/\s]+)", words(row))]
    mails = [host for row in ROWS for host in re.findall(r"\w@([\w-]+(?:\.[\w-]+)+)", words(row))]
    assert hosts
    assert mails
    assert [host for host in hosts + mails if not host.rstrip(".").endswith(RESERVED)] == []


def test_only_the_meant_reposts_repeat_a_text() -> None:
    count = Counter(words(row) for row in ROWS)
    assert {row["id"] for row in ROWS if count[words(row)] > 1} == REPOSTS


def test_the_landslide_stands_out() -> None:
    days = Counter(int(row["age_h"] // 24) for row in ROWS if re.search(r"longsor|tebing", words(row), re.IGNORECASE))
    peak, _ = days.most_common(1)[0]
    assert 9 <= peak <= 12
    assert days[peak] >= 5 * max(days[day] for day in range(20, 60))


def test_personal_data_of_every_kind_is_there_to_be_masked() -> None:
    kinds = {
        "nik or kk": found(r"\b52\d{14}\b"),
        "phone": found(r"(?<!\d)(?:\+62|08)[\d .-]{8,14}\d"),
        "wa.me": found(r"wa\.me/62\d{9,}"),
        "e-mail": found(r"\w@\w+\.\w"),
        "plate": found(r"\bDR \d{4} [A-Z]{1,2}\b"),
        "account": found(r"\b(?:rek|rekening) (?:BRI|BSI)(?: \w+)? [\d-]{10,}", re.IGNORECASE),
    }
    least = {"nik or kk": 14, "phone": 20, "wa.me": 2, "e-mail": 4, "plate": 12, "account": 4}
    assert {kind: len(ids) for kind, ids in kinds.items() if len(ids) < least[kind]} == {}
    assert len(set().union(*kinds.values())) >= 45


def test_every_nik_is_well_formed() -> None:
    for row in ROWS:
        for nik in NIK.findall(row["text"].replace(".", "")):
            assert nik.startswith("5201")
            assert int(nik[6:8]) % 40 in range(1, 32), row["id"]
            assert int(nik[8:10]) in range(1, 13), row["id"]


def test_look_alikes_are_there_to_be_left_alone() -> None:
    for pattern in (
        r"\bRp \d{1,3}(?:\.\d{3})+", r"\b\d+rb\b", r"\bRT \d\d\b", r"\bRW \d\d\b", r"\bkm \d", r"kode pos 83\d{3}",
        r"pukul \d\d\.\d\d", r"\b\d{1,2} Maret\b",
    ):  # fmt: skip
        assert found(pattern), pattern


def test_pins_lie_in_lombok_barat() -> None:
    pins = [(row["lat"], row["lon"]) for row in ROWS if row["lat"] is not None]
    assert len(pins) >= 40
    assert all(-8.93 < lat < -8.40 and 115.80 < lon < 116.35 for lat, lon in pins)
