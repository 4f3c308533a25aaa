"""`jaring eval --corrections` and `jaring train --corrections`: what people said is compared, and learnt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from domain.ids import post_id
from domain.labels import LabelTask
from domain.posts import Incoming
from domain.scope import Scope
from jaring.settings import Settings
from jaring.wiring import Hall
from jaring.work import drain, turn_of
from tests.api.told import NOW

REGION = "lombok-barat"
ROADS = ("Jalan berlubang dan rusak parah", "Aspal mengelupas di tikungan", "Lubang besar di jalan kampung")
BINS = ("Sampah menumpuk di pinggir jalan", "Bak sampah penuh tidak diangkut", "Truk sampah tidak pernah datang")
OTHERS = (
    "dekat pasar masjid sekolah kantor rumah warung sawah sungai bukit pagi siang malam sore kemarin lusa pekan bulan "
    "anak ibu bapak kakek nenek guru petani sopir pedagang tetangga merah biru hijau putih besar kecil jauh"
).split()  # so that no report is like another
Run = Callable[..., str]


def furnish(home: Path, count: int) -> None:
    """Posts about roads and refuse; people send all refuse to an office that the map does not name."""
    hall = Hall(Settings(home=home))
    try:
        words = [(ROADS if n % 2 else BINS)[n % 3] for n in range(count)]
        hall.store.intake.accept(
            Incoming(
                namespace="uji", native_id=str(n), source="uji", regions=(REGION,), published_at=NOW, fetched_at=NOW,
                text=f"{said} di Labuapi {' '.join(Random(n).sample(OTHERS, 12))}",
            )
            for n, said in enumerate(words)
        )  # fmt: skip
        for room in ("nlp", "desk"):
            drain(turn_of(room, hall))
        scope = Scope(regions=frozenset({REGION}))
        for n in range(count):
            case = f"{post_id('uji', str(n))}.{REGION}"
            hall.store.labels.say(case, LabelTask.OPD, "PUTR" if n % 2 else "PERKIM", "ratna", scope)
    finally:
        hall.close()


def test_without_any_answer_there_is_nothing_to_compare_and_too_little_to_learn(run: Run) -> None:
    assert json.loads(run("eval", "--corrections", "--json")) == {"tasks": []}
    assert "200 are needed" in run("train", "--region", REGION, "--corrections", code=1)
    assert "--region" in run("train", "--region", REGION, code=2)
    assert "--corrections" in run("eval", "--region", REGION, code=2)
    assert "tidak dilayani" in run("eval", "--corrections", "--region", "tiada", code=1)


@pytest.mark.slow
def test_a_region_learns_from_its_own_tickets_and_is_calibrated_by_them(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    furnish(home, 240)
    (before,) = json.loads(run("eval", "--corrections", "--region", REGION, "--json"))["tasks"]
    assert (before["task"], before["learnt"]) == ("opd", 0)
    assert before["known"] == before["n"] >= 200
    assert before["agreed_now"] == before["agreed_then"], "the same models say the same"
    assert before["mended"] == before["broken"] == 0

    run("train", "--region", REGION, "--corrections")
    assert (home / "dispositions" / f"{REGION}.npz").is_file()
    (after,) = json.loads(run("eval", "--corrections", "--region", REGION, "--json"))["tasks"]
    assert after["learnt"] == after["n"], "and it is told that these were learnt from"
    assert after["mended"] > before["n"] / 4
    assert after["broken"] == 0
    hall = Hall(Settings(home=home))
    try:
        fit = hall.store.calibrations.newest([REGION])[REGION]
        assert len(fit.pairs) >= 200
        assert fit.error_after <= fit.error_before
        assert hall.store.audit.list(action="region.calibration")[0].actor.startswith("cli:")
    finally:
        hall.close()
