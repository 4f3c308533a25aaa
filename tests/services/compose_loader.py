"""Compose files as Docker reads them, by the specification's own library (Go), where there is no Docker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent / "compose"
BUILD_SECONDS = 280


def build(folder: Path) -> Path:
    """Build the loader. Skips, or fails when required, where there is no Go."""
    if shutil.which("go") is None:
        if "compose" in os.environ.get("REQUIRE_BACKENDS", "").split(","):
            pytest.fail("REQUIRE_BACKENDS names compose, and there is no Go to build its loader with")
        pytest.skip("no Go: docker-compose.yml is not read by the reference loader")
    loader = folder / "compose-loader"
    command = ["go", "build", "-mod=readonly", "-o", str(loader), "."]
    built = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS)
    assert built.returncode == 0, built.stderr
    return loader


def load(loader: Path, file: Path, profile: str, variables: dict[str, str]) -> dict[str, Any]:
    """Return the project as Docker would see it. Raises: ValueError with what the loader says."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(Path.home()), "COMPOSE_PROFILES": profile, **variables}
    told = subprocess.run([loader, file], env=environment, capture_output=True, text=True, check=False)
    if told.returncode:
        raise ValueError(told.stderr)
    found: dict[str, Any] = json.loads(told.stdout)
    return found
