"""tools/compose-smoke against a real installation, with a stand-in for Docker that does its commands here."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SMOKE = Path(__file__).parents[2] / "tools/compose-smoke"
DOCKER = '''#!{python}
"""Takes `docker compose` and does on this machine what its containers would do."""
import os, pathlib, signal, subprocess, sys, time
here = pathlib.Path({folder!r})
words = sys.argv[sys.argv.index("--profile") + 2:]
with (here / "calls").open("a") as calls:
    calls.write(" ".join(words) + "\\n")
jaring = [sys.executable, "-m", "jaring"]
environment = {{**os.environ, "JARING_HOME": str(here / "home"), "JARING_CRAWL": "0"}}
if words[0] == "up":
    log = (here / "log").open("w")
    command = [*jaring, "up", "--port", os.environ["HTTP_PORT"]]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    (here / "pid").write_text(str(process.pid))
    while "Ctrl+C" not in (here / "log").read_text():
        if process.poll() is not None:
            sys.exit((here / "log").read_text())
        time.sleep(0.2)
elif words[0] == "logs":
    print((here / "log").read_text())
elif words[:2] == ["exec", "-T"]:
    command = jaring + words[4:] if words[3] == "jaring" else words[3:]
    sys.exit(subprocess.run([x.replace("/tmp/asap", str(here) + "/asap") for x in command], env=environment).returncode)
elif words[0] == "down":
    os.kill(int((here / "pid").read_text()), signal.SIGTERM)
'''


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "docker"
    folder.mkdir()
    (folder / "docker").write_text(DOCKER.format(python=sys.executable, folder=str(folder)))
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    yield folder
    _wait_for_end(int((folder / "pid").read_text()))


def _wait_for_end(pid: int) -> None:
    """Wait until what was told to stop has stopped: its new parent, or nobody, holds it."""
    descriptor = None
    try:
        descriptor = os.pidfd_open(pid)
        assert select.select([descriptor], [], [], 60)[0], "the installation did not stop"
    except ProcessLookupError:
        pass
    finally:
        if descriptor is not None:
            os.close(descriptor)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_every_step_is_walked_and_all_is_removed_at_the_end(docker: Path) -> None:
    command = [sys.executable, str(SMOKE), "--profile", "small", "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        [step, "baik"] for step in ("naik", "masuk", "impor", "cari", "dasbor")
    ]
    calls = (docker / "calls").read_text().splitlines()
    assert calls[0] == "config --quiet"
    assert calls[-1] == "down --volumes --remove-orphans"
