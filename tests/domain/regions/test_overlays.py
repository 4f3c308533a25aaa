"""A site's overlay: what it replaces, adds and takes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import CatalogueError
from domain.regions import RegionProfile, load_regions, new_region, read_topojson

AGENCY = '[[agency]]\ncode = "{code}"\nname = "{name}"\nlevel = "kabupaten"\nsource = "perda"\nverified = true\n'


def overlaid(place: Path, **texts: str) -> RegionProfile:
    """Lombok Barat under an overlay with these files; `agencies_toml` stands for `agencies.toml`."""
    folder = place / "lombok-barat"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return load_regions(["lombok-barat"], [place])["lombok-barat"]


def test_an_entry_with_a_known_code_replaces_the_packages(tmp_path: Path) -> None:
    profile = overlaid(tmp_path, agencies_toml=AGENCY.format(code="DLH", name="Dinas Lingkungan dan Kebersihan"))
    assert profile.agencies["DLH"].name == "Dinas Lingkungan dan Kebersihan"
    assert profile.agencies["PUTR"] == load_regions(["lombok-barat"])["lombok-barat"].agencies["PUTR"]


def test_an_entry_with_a_new_code_is_added(tmp_path: Path) -> None:
    profile = overlaid(
        tmp_path,
        agencies_toml=AGENCY.format(code="BRIDA", name="Badan Riset dan Inovasi Daerah"),
        urusan_toml='[topic]\n"pelayanan.perencanaan" = "BRIDA"\n',
    )
    assert profile.agency_for("pelayanan.perencanaan").code == "BRIDA"
    assert profile.agency_for("jalan.rusak").code == "PUTR"


def test_remove_takes_an_entry_away_and_an_empty_string_a_rule(tmp_path: Path) -> None:
    before = load_regions(["lombok-barat"])["lombok-barat"]
    profile = overlaid(
        tmp_path,
        sources_toml='[[source]]\nkey = "insidelombok"\nremove = true\n',
        urusan_toml='[topic]\n"desa.dana" = ""\n',
    )
    assert set(before.sources) - set(profile.sources) == {"insidelombok"}
    assert profile.agency_for("desa.dana", "desa").code == "PEMDES"


def test_areas_are_laid_over_by_their_code(tmp_path: Path) -> None:
    rows = "kode,name,level,kind,parent,aliases,lat,lon,remove\n"
    rows += "52.01.01.2099,Gerung Baru,desa,desa,52.01.01,Gerung Anyar,,,\n52.01.15.2006,,,,,,,,true\n"
    profile = overlaid(tmp_path, areas_csv=rows)
    assert [area.kode for area in profile.areas_by_name("gerung anyar")] == ["52.01.01.2099"]
    assert "52.01.15.2006" not in profile.areas


def test_tables_merge_key_by_key(tmp_path: Path) -> None:
    profile = overlaid(
        tmp_path,
        sla_toml="[classes]\ncepat = { response = 1, resolve = 4 }\n",
        calendar_toml='[hours]\njumat = ["08:00-11:00"]\n',
    )
    assert profile.sla.resolve_days("pengaduan", "cepat") == 4
    assert profile.sla.resolve_days("pengaduan", "biasa") == 14
    assert len(profile.calendar.hours["jumat"]) == 1
    assert len(profile.calendar.hours["senin"]) == 2


def test_the_later_overlay_wins(tmp_path: Path) -> None:
    for place, name in (("site", "Dinas Satu"), ("edits", "Dinas Dua")):
        (tmp_path / place / "lombok-barat").mkdir(parents=True)
        text = AGENCY.format(code="DLH", name=name)
        (tmp_path / place / "lombok-barat" / "agencies.toml").write_text(text, encoding="utf-8")
    profile = load_regions(["lombok-barat"], [tmp_path / "site", tmp_path / "edits"])["lombok-barat"]
    assert profile.agencies["DLH"].name == "Dinas Dua"


def test_the_version_changes_with_the_overlay_and_only_with_it(tmp_path: Path) -> None:
    plain = load_regions(["lombok-barat"])["lombok-barat"].version
    assert load_regions(["lombok-barat"], [tmp_path])["lombok-barat"].version == plain
    assert overlaid(tmp_path, sla_toml="verify = 2\n").version != plain


def test_a_region_may_live_in_an_overlay_alone(tmp_path: Path) -> None:
    new_region("sumbawa", "52.04", tmp_path)
    assert load_regions(["sumbawa"], [tmp_path])["sumbawa"].name == "Kabupaten Sumbawa"
    assert read_topojson("sumbawa", [tmp_path]) is None


def test_an_overlays_borders_come_before_the_packages(tmp_path: Path) -> None:
    (tmp_path / "lombok-barat").mkdir()
    (tmp_path / "lombok-barat" / "boundaries.topojson").write_text("{}", encoding="utf-8")
    assert read_topojson("lombok-barat", [tmp_path]) == "{}"
    assert read_topojson("lombok-timur", [tmp_path]) != "{}"


def test_an_overlay_that_breaks_the_region_stops_the_program(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"lombok-barat/urusan.toml: OPD GAIB tidak ada"):
        overlaid(tmp_path, urusan_toml='[urusan]\npupr = "GAIB"\n')


def test_an_overlay_with_broken_syntax_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"lombok-barat/sla.toml:2: sintaks"):
        overlaid(tmp_path, sla_toml="verify = 3\nresponse = = 5\n")


def test_two_regions_cannot_share_a_ticket_prefix(tmp_path: Path) -> None:
    folder = new_region("sumbawa", "52.04", tmp_path)
    head = folder / "region.toml"
    head.write_text(head.read_text(encoding="utf-8").replace('"SU"', '"LB"'), encoding="utf-8")
    with pytest.raises(CatalogueError, match="ticket_prefix LB yang sama"):
        load_regions(overlays=[tmp_path])


def test_a_source_of_a_profile_says_what_its_kind_lets_be_set(tmp_path: Path) -> None:
    source = '[[source]]\nkey = "humas"\nname = "Humas"\nkind = "youtube"\nurl = "https://www.youtube.com/@contoh"\n'
    profile = overlaid(tmp_path, sources_toml=source + 'options = { budget = "5000", posts_per_month = "100" }\n')
    assert profile.sources["humas"].options == {"budget": "5000", "posts_per_month": "100"}
