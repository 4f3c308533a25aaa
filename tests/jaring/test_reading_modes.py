"""The reading modes as somebody who scripts against `jaring analyze` calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import SettingsError
from jaring.settings import load_settings
from jaring.wiring import Hall, choices_of
from nlp.encoder.encoder import MODEL, SHIPPED
from nlp.linear.decider import load_decider
from nlp.pipeline import Mode
from tests.services.encoder import shipped

POSTS = [{"id": 1, "text": "Jalan di Gerung rusak parah dan berlubang"}, {"id": 2, "text": "lampu"}]
RANKED = ("intent", "topic", "sentiment")


def analyze(home: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jaring", "analyze", "--region", "lombok-barat", *options],
        input="\n".join(map(json.dumps, POSTS)), capture_output=True, text=True, check=False,
        env={**os.environ, "JARING_HOME": str(home), **settings},
    )  # fmt: skip


def deciders(done: subprocess.CompletedProcess[str]) -> list[set[str]]:
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line)["decided_by"] for line in done.stdout.splitlines()]
    return [{by[task] for task in RANKED} for by in lines]


def test_fast_is_the_linear_decider_whatever_the_settings_say(tmp_path: Path) -> None:
    done = analyze(tmp_path, "--fast", JARING_READ_MODE="best", JARING_MEANING="1")
    assert deciders(done) == [{load_decider().name}] * 2


def test_best_asks_linear_decider_and_encoder_about_every_post(tmp_path: Path) -> None:
    shipped()
    (both,), (again,) = deciders(analyze(tmp_path, "--best"))
    assert both == again
    assert both.startswith(f"{load_decider().name}+")


def test_the_cascade_asks_the_encoder_where_the_linear_decider_is_unsure(tmp_path: Path) -> None:
    shipped()
    _, (unsure,) = deciders(analyze(tmp_path, JARING_READ_MODE="cascade"))
    assert unsure.startswith(f"{load_decider().name}+")


def test_a_site_seats_another_model_by_one_line(tmp_path: Path) -> None:
    shipped()
    (tmp_path / "pipeline.toml").write_text('[backends]\nsentiment = "linear"\n', encoding="utf-8")
    lines = analyze(tmp_path, "--best").stdout.splitlines()
    assert {json.loads(line)["decided_by"]["sentiment"] for line in lines} == {load_decider().name}


def test_a_model_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    shipped()
    (tmp_path / "pipeline.toml").write_text(f'[backends]\nsentiment = "transformers:{tmp_path}"\n', encoding="utf-8")
    done = analyze(tmp_path, "--best")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"transformers:{tmp_path}" in done.stderr


def test_meaning_needs_the_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_READ_MODE", "fast")
    monkeypatch.setenv("JARING_MEANING", "1")
    with pytest.raises(SettingsError, match=r"JARING_MEANING.*cascade"):
        load_settings()


def test_words_are_encoded_for_search_only_where_meaning_is_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_READ_MODE", "best")
    assert Hall(load_settings()).query_encoder is None
    monkeypatch.setenv("JARING_MEANING", "1")
    settings = load_settings()
    assert choices_of(settings).meaning
    assert not choices_of(settings, "fast").meaning
    assert choices_of(settings, "fast").mode is Mode.FAST
    encoder = Hall(settings).query_encoder
    assert (encoder is not None) == (SHIPPED / MODEL).is_file()
    if encoder is not None:
        assert encoder.vector_of("jalan rusak").model == encoder.name
