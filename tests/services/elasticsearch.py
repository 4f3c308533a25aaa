"""An Elasticsearch of our own for tests: the node that `tools/elasticsearch-node` runs, on free ports of loopback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools/elasticsearch-node"
_numbers = count(1)


class Cluster:
    """Nodes that run. Their data go with them."""

    def __init__(self, home: Path, nodes: int) -> None:
        self.home = home
        self.nodes = nodes
        self.addresses: list[str] = []

    def start(self) -> None:
        """Start the nodes that do not run, and wait until all is green."""
        done = _tool("start", "--home", str(self.home), "--nodes", str(self.nodes), "--port", "0", "--brief")
        self.addresses = done.strip().split(",")

    def kill(self, number: int = 1) -> None:
        """Kill a node, as a power cut would."""
        os.kill(int((self.home / f"node-{number}/pid").read_text()), signal.SIGKILL)

    def stop(self) -> None:
        """End all nodes."""
        _tool("stop", "--home", str(self.home))

    def new_url(self) -> str:
        """Return an address, as `JARING_SEARCH_URL` takes it, of an index that nobody else uses."""
        return f"{','.join(self.addresses)}#uji{next(_numbers)}"


def required() -> bool:
    """Whether REQUIRE_BACKENDS says that tests must not do without it."""
    return "elasticsearch" in os.environ.get("REQUIRE_BACKENDS", "").split(",")


@contextmanager
def running(nodes: int = 1) -> Iterator[Cluster]:
    """A cluster for the length of a block. Skips, or fails when required, where it cannot be had."""
    if not required() and not _at_hand():
        pytest.skip("Elasticsearch is not at hand (make services)")
    home = Path(tempfile.mkdtemp(prefix="jaring-elasticsearch-"))
    cluster = Cluster(home, nodes)
    try:
        try:
            cluster.start()
        except subprocess.CalledProcessError as failure:
            pytest.fail(f"Elasticsearch did not start:\n{failure.stderr[-2000:]}")
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def _at_hand() -> bool:
    """Whether the server was fetched and there is a Java for it."""
    return subprocess.run([TOOL, "look"], capture_output=True, check=False).returncode == 0


def _tool(*arguments: str) -> str:
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=True).stdout
