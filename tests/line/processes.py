"""An installation of its own whose processes a test starts and kills, and the proof that it came to rest whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SETTLE_SECONDS = 150


class Line:
    """One installation whose processes can be started and killed; `slots` are the commands they run."""

    def __init__(self, home: Path, database_url: str | None, slots: dict[str, tuple[str, ...]]) -> None:
        self.home = home
        self.slots = slots
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("JARING_")}
        self.env |= {"JARING_HOME": str(home), "JARING_REGIONS": "lombok-barat", "JARING_CRAWL": "0"}
        if database_url:
            self.env["JARING_DATABASE_URL"] = database_url
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, slot: str) -> None:
        self.running[slot] = subprocess.Popen(
            [sys.executable, "-m", "jaring", *self.slots[slot]],
            env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self, slot: str) -> None:
        process = self.running.pop(slot)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jaring", *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json"))
        return found

    def rest(self) -> dict[str, Any]:
        """Wait until nothing waits on any belt; the status then."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            status = self.status()
            if all(belt["waiting"] == 0 and belt["leased"] == 0 for belt in status["belts"].values()):
                return status
            time.sleep(1)
        pytest.fail(f"the line did not come to rest: {self.status()}")

    def assert_whole(self, posts: int) -> None:
        """Every post is one case, none is set aside, and the index holds exactly the cases, each at its version."""
        status = self.rest()
        assert (status["posts"], status["cases"], status["quarantine"]) == (posts, posts, 0)
        report = json.loads(self.run("index", "reconcile", "--json"))
        assert (report["missing"], report["extra"], report["stale"]) == (0, 0, 0)
        assert json.loads(self.run("index", "status", "--json"))["documents"] == posts

    def stop(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()
