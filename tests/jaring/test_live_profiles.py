"""A correction made in one process holds in another's reader and desk, and is asked by `jaring region check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.actors import Actor
from domain.regions import RegionEdit
from domain.tickets import Party
from jaring.__main__ import main
from jaring.analysis import as_post
from jaring.lines import Line
from jaring.settings import Settings
from jaring.wiring import Hall, sees_all
from jaring.work import Housekeeping
from tests.store.tickets import stored_cases

REGION, VILLAGE = "lombok-barat", "52.01.01.1004"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, regions=(REGION,))


@pytest.fixture
def hall(settings: Settings) -> Iterator[Hall]:
    opened = Hall(settings)
    yield opened
    opened.close()


def places(hall: Hall) -> list[str]:
    post = as_post(Line(id="1", text="Jalan rusak parah di Kampung Zamrud, tolong diperbaiki"), REGION)
    (reading,) = hall.reader.read([post])
    return [place.kode for place in hall.desk.decide_for(post, reading, REGION).places]


def test_a_nickname_is_read_and_placed_by_another_process(settings: Settings, hall: Hall) -> None:
    assert places(hall) == []
    reader, desk = hall.reader, hall.desk
    elsewhere = Hall(settings)
    edit = RegionEdit("areas", VILLAGE, {"aliases": ["Kampung Zamrud"]})
    elsewhere.profiles.change(REGION, [edit], "admin", NOW)
    elsewhere.close()
    hall.profiles.look(now=True)
    assert places(hall) == [VILLAGE]
    assert (hall.reader is reader, hall.desk is desk) == (False, False)
    assert (hall.reader is hall.reader, hall.desk is hall.desk) == (True, True)


def test_the_options_of_a_profiles_source_reach_its_crawl(settings: Settings, hall: Hall) -> None:
    (settings.overlays / REGION).mkdir(parents=True)
    (settings.overlays / REGION / "sources.toml").write_text(
        '[[source]]\nkey = "humas"\nname = "Humas"\nkind = "youtube"\nurl = "https://www.youtube.com/@contoh"\n'
        'options = { budget = "5000" }\n'
    )
    hall.store.sources.sync(hall.source_specs)
    assert hall.store.sources.get("humas")[0].option("budget") == "5000"


def test_the_desks_housekeeping_passes_tickets_on(hall: Hall) -> None:
    scope = sees_all([REGION])
    case = stored_cases(hall.store, 1)[0]
    ticket = hall.desk_services.tickets.open([case.id], Actor("sari", scope, Party.CENTER), opd="PUTR")
    housekeeping = Housekeeping(hall)
    housekeeping.look()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    edit = RegionEdit("agencies", "PUTR", {"valid_to": yesterday, "successor": "PERKIM"})
    hall.profiles.change(REGION, [edit], "admin", NOW)
    housekeeping.look()
    assert hall.store.tickets.ticket(ticket.code, scope).opd == "PERKIM"


def test_region_check_names_an_edit_that_fits_no_longer(
    hall: Hall, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JARING_HOME", str(settings.home))
    monkeypatch.chdir(settings.home)
    for name in ("JARING_REGIONS", "JARING_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["jaring", "region", "check"])

    def said() -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code or 0, " ".join((told.out + told.err).split())

    hall.profiles.change(REGION, [RegionEdit("areas", VILLAGE, {"population": 4_000})], "admin", NOW)
    code, words = said()
    assert (code, "1 perubahan dari aplikasi cocok" in words) == (0, True)
    misfit = RegionEdit("points", "pos-lama", {"name": "Pos", "kind": "pos", "agency": "HILANG", "source": "uji"})
    hall.store.region_edits.change(REGION, [misfit], "admin", NOW, check=lambda _edits: None)
    code, words = said()
    assert (code, f"{REGION}/points/pos-lama" in words) == (1, True)
