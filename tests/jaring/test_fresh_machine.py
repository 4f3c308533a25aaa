"""What `make up` says first on a machine that cannot carry Jaring: one sentence that names the way out."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def looked_at() -> ModuleType:
    spec = importlib.util.spec_from_file_location("python_ok", ROOT / "tools/python_ok.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_good_machine_has_nothing_to_complain_of(looked_at: ModuleType) -> None:
    assert looked_at.complaint() is None


def test_an_old_python_is_told_with_the_command_that_would_do(
    looked_at: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    said = looked_at.complaint()
    assert "3.9" in said
    assert "make up PYTHON=" in said


def test_a_full_disk_is_told(looked_at: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000))
    assert "disk" in looked_at.complaint()


def test_a_folder_that_cannot_be_written_is_told(looked_at: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "ditulisi" in looked_at.complaint()


def test_make_ends_at_the_first_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python-lama"
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.exit(\"butuh Python yang lebih baru\")'\n")
    old.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "tools").mkdir()
    done = subprocess.run(
        ["make", "-s", "up", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "butuh Python" in done.stderr
    assert "Traceback" not in done.stderr
