"""`jaring analyze` as somebody who scripts against it: lines in, lines out, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {
    "id", "language", "intent", "topic", "topic_main", "urusan", "sentiment", "urgency", "oversight", "abuse",
    "relevance", "places", "authority", "opd", "pii", "text_masked", "tokens", "decided_by",
}  # fmt: skip
POSTS = [
    {"id": "a", "text": "Jalan di Telagawaru rusak parah, tolong diperbaiki. Hubungi 081936512345"},
    {"id": 7, "title": "Longsor", "text": "Rumah warga di Sekotong tertimbun longsor, butuh evakuasi segera!"},
    {"text": ""},
    {"id": "e", "text": "😀😀😀"},
    {"id": "l", "text": "air " * 3000},
]


def analyze(home: Path, given: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jaring", "analyze", "--region", "lombok-barat", *arguments],
        input=given, capture_output=True, text=True, check=False, env={**os.environ, "JARING_HOME": str(home)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    home = tmp_path_factory.mktemp("home")
    done = analyze(home, "\n".join(json.dumps(post) for post in POSTS) + "\n")
    assert done.returncode == 0, done.stderr
    assert not list(home.iterdir()), "a pure filter leaves nothing behind"
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_is_answered_in_order_with_all_labels(labelled: list[dict[str, object]]) -> None:
    assert [line["id"] for line in labelled] == ["a", 7, "3", "e", "l"]
    assert all(set(line) == KEYS for line in labelled)


def test_a_damaged_road_is_routed_with_its_evidence(labelled: list[dict[str, object]]) -> None:
    road = labelled[0]
    assert (road["topic"], road["intent"], road["sentiment"]) == ("jalan.rusak", "pengaduan", "negatif")
    places, opd = road["places"], road["opd"]
    assert isinstance(places, list)
    assert isinstance(opd, list)
    assert places[0] == {"kode": "52.01.08.2004", "name": "Telagawaru", "level": "desa"}
    assert opd[0]["kode"] == "PUTR"
    assert opd[0]["evidence"]


def test_personal_data_is_masked_and_its_place_told(labelled: list[dict[str, object]]) -> None:
    text, pii = labelled[0]["text_masked"], labelled[0]["pii"]
    assert isinstance(text, str)
    assert isinstance(pii, list)
    assert "081936512345" not in json.dumps(labelled)
    assert text[pii[0]["start"] : pii[0]["end"]] == "[telepon]"


def test_people_in_danger_are_an_emergency(labelled: list[dict[str, object]]) -> None:
    assert labelled[1]["urgency"] == "darurat"


def test_a_line_that_cannot_be_read_is_told_and_the_rest_answered(tmp_path: Path) -> None:
    done = analyze(tmp_path, '{"id":"x","text":"air mati"}\nbukan json\n{"id":"y"}\n')
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["x"]
    assert "baris 2" in done.stderr
    assert "baris 3: text" in done.stderr


def test_an_unknown_region_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jaring", "analyze", "--region", "antah"],
        input="", capture_output=True, text=True, check=False, env={**os.environ, "JARING_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "antah" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_use_is_exit_two(tmp_path: Path) -> None:
    assert analyze(tmp_path, "", "--tanpa-arti").returncode == 2
    assert analyze(tmp_path, "", "--fast", "--best").returncode == 2


def test_files_may_be_named_instead_of_streams(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id":"x","text":"sampah menumpuk di Gerung"}\n', encoding="utf-8")
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    assert analyze(tmp_path / "home", "", "--in", str(source), "--out", str(target)).returncode == 0
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "x"
