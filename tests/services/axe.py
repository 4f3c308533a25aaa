"""axe-core, as `tools/axe-core` fetched it: the checks that a browser runs inside a page."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "axe-core"


def required() -> bool:
    """Whether REQUIRE_BACKENDS says that tests must not do without it."""
    return "axe" in os.environ.get("REQUIRE_BACKENDS", "").split(",")


@cache
def script() -> str:
    """Its source. Skips, or fails when required, where it was not fetched."""
    done = subprocess.run([TOOL, "look"], capture_output=True, text=True, check=False)
    if done.returncode:
        if required():
            pytest.fail(f"axe-core is required: {done.stderr.strip()}")
        pytest.skip("axe-core is not at hand (make services)")
    return Path(done.stdout.strip()).read_text(encoding="utf-8")
