"""`make env`: strong passwords once, never changed afterwards, for their owner only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools/make_env.py"


def make(file: Path) -> str:
    done = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True, check=True)
    return done.stdout


def read(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def test_it_makes_every_password_strong_and_each_another(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    told = make(file)
    made = read(file)
    assert len(set(made.values())) == len(made) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9]{40}", value) for value in made.values())
    assert not any(value in told for value in made.values())
    assert all(name in told for name in made)


def test_only_the_owner_may_read_it_even_when_it_was_open_before(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    old = os.umask(0)
    try:
        file.write_text("HTTP_PORT=8000\n")
        make(file)
    finally:
        os.umask(old)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    make(file)
    before = file.read_bytes()
    assert "tidak ada yang diubah" in make(file)
    assert file.read_bytes() == before


def test_what_stands_there_stays_and_what_is_missing_or_empty_is_added(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("POSTGRES_PASSWORD=lama\nELASTIC_PASSWORD=\n# KIBANA_KEY=bukan\nHTTP_PORT=8001")
    make(file)
    made = read(file)
    assert (made["POSTGRES_PASSWORD"], made["HTTP_PORT"]) == ("lama", "8001")
    assert len(made["ELASTIC_PASSWORD"]) == len(made["KIBANA_KEY"]) == 40


def test_the_example_names_what_is_made(tmp_path: Path) -> None:
    make(tmp_path / ".env")
    example = read(ROOT / ".env.example")
    assert {name for name in example if not name.startswith("#")} == set(read(tmp_path / ".env"))


def test_git_and_docker_builds_leave_it_alone() -> None:
    for file in (".gitignore", ".dockerignore"):
        assert ".env" in (ROOT / file).read_text().splitlines()
