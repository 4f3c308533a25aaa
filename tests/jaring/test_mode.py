"""`jaring region mode`: how far the machine may go in a region, shown and set from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from store import KeyRing, open_store

REGION = "lombok-barat"
Run = Callable[..., str]


def test_a_region_proposes_until_it_is_told_otherwise_and_the_trail_says_by_whom(run: Run, tmp_path: Path) -> None:
    first = json.loads(run("region", "mode", REGION, "--json"))
    assert (first["mode"], first["by"]) == ("usulan", None)
    run("region", "mode", REGION, "otomatis", "--cap", "40", "--sure", "0.98")
    run("region", "mode", REGION, "--cap", "50")
    now = json.loads(run("region", "mode", REGION, "--json"))
    assert (now["mode"], now["daily_cap"], now["sure"]) == ("otomatis", 50, 0.98)
    assert now["by"].startswith("cli:")
    assert "otomatis" in run("region", "mode", REGION)
    store = open_store(
        f"sqlite:///{tmp_path / 'home' / 'jaring.sqlite'}", keys=KeyRing.open(tmp_path / "home" / "keys")
    )
    try:
        assert len(store.audit.list(action="region.mode", subject=REGION)) == 2
    finally:
        store.close()


def test_who_lets_the_machine_route_before_it_is_measured_gives_a_reason(run: Run, tmp_path: Path) -> None:
    said = run("region", "mode", REGION, "otomatis", "--sure", "0.7", code=1)
    assert "0 dari 200 jawaban" in said
    run("region", "mode", REGION, "otomatis", "--sure", "0.7", "--reason", "Uji coba sepekan, hp 081917222333.")
    store = open_store(
        f"sqlite:///{tmp_path / 'home' / 'jaring.sqlite'}", keys=KeyRing.open(tmp_path / "home" / "keys")
    )
    try:
        (line,) = store.audit.list(action="region.mode", subject=REGION)
    finally:
        store.close()
    assert line.detail["reason"].startswith("Uji coba sepekan")
    assert "0819" not in line.detail["reason"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("tiada",), 1, "tidak dilayani"),
        ((REGION, "--cap", "-1"), 1, "Batas harian"),
        ((REGION, "--sure", "1.5"), 1, "Tingkat yakin"),
        ((REGION, "sendiri"), 2, "sendiri"),
        ((REGION, "otomatis"), 1, "ambang hati-hatinya"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    assert said in run("region", "mode", *arguments, code=code)
