"""What tests of commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jaring.__main__ import main

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and gives what it printed; what it said when it failed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_HOME", str(tmp_path / "home"))
    for name in ("JARING_REGIONS", "JARING_DATABASE_URL", "JARING_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["jaring", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert (ended.value.code or 0) == code, told.err
        return told.err if code else told.out

    return command
