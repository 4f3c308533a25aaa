"""`jaring up`: everything on one machine. Prepares what is missing, then watches over one process per room."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from urllib.error import URLError

import structlog

from domain.errors import IndexUnavailable, SettingsError
from jaring.bundled import REGION, probe, sample_posts, sample_sources
from jaring.console import progress, words
from jaring.rebuilding import rebuild_index
from jaring.settings import Settings
from jaring.wiring import Hall, hall
from jaring.work import belt_turn, drain

ROOMS = ("api", "nlp", "desk", "indexer")
INTAKE_BATCH = 200
ANSWER_SECONDS = 60  # how long the web server may take to answer first
STOP_SECONDS = 10  # how long a room may take to finish its batch when asked to stop
RESTART_SECONDS = 2.0  # pause before a room that died is started again, doubled up to a minute
MAX_RESTART_SECONDS = 60.0
FIRST_ADMIN = "admin"

log = structlog.get_logger("jaring.up")


def start_all(settings: Settings, *, sample: bool) -> None:
    """Prepare and serve until stopped. Raises SettingsError in one sentence for what the operator must mend."""
    refuse_taken_port(settings.host, settings.port)
    with hall(settings) as opened:
        password = prepare(opened, sample=sample)
    rooms = (*ROOMS, "crawlers") if settings.crawl else ROOMS
    watch = Watch(settings, rooms)
    watch.start()
    try:
        wait_for_answer(settings, watch.alive)
        address = settings.base_url or f"http://{settings.host}:{settings.port}"
        words.print(f"\nJaring siap di [bold]{address}[/bold]")
        if password:
            words.print(f"Masuk sebagai [bold]{FIRST_ADMIN}[/bold] dengan sandi sekali pakai [bold]{password}[/bold]")
            words.print("Sandi ini hanya ditampilkan sekali; gantilah setelah masuk.")
        words.print("Ctrl+C untuk berhenti.\n", style="dim")
        watch.keep()
    finally:
        watch.stop()


def prepare(opened: Hall, *, sample: bool) -> str | None:
    """Bring database, sources, sample and index to where a reader expects them; return a new admin's password."""
    with words.status("Menyiapkan basis data dan wilayah ..."):
        store = opened.store
        store.sources.sync(opened.source_specs)
        index = opened.index
    if sample and REGION in opened.profiles and not store.sources.knows(probe()):
        load_sample(opened)
    clear(opened, "read", "Membaca kiriman", "nlp")
    clear(opened, "decide", "Memutuskan kiriman", "desk")
    if opened.proposer.waiting():
        with progress("Mengusulkan tiket", None) as advance:  # each ticket calls the comments on its posts
            drain(opened.proposer.turn, advance)
    try:
        if index.outdated():
            rebuild_index(opened)
        clear(opened, "index", "Mengindeks kiriman", "indexer")
        index.refresh()
    except IndexUnavailable as failure:
        words.print(f"[yellow]Pencarian belum dapat dipakai[/yellow]: {failure} Kiriman menunggu; yang lain berjalan.")
    if store.accounts.has_users():
        return None
    password = secrets.token_urlsafe(9)
    store.accounts.create_user(
        FIRST_ADMIN, display="Admin", role="admin", password=password, may_oversee=True, must_change=True
    )
    return password


def clear(opened: Hall, belt: str, title: str, room: str) -> None:
    """Work a belt until nothing waits on it; a room that has nothing to do is not loaded."""
    total = opened.store.belts.depth()[belt].waiting
    if total:
        with progress(title, total) as advance:
            drain(belt_turn(room, opened), advance)


def load_sample(opened: Hall) -> None:
    """Hand the bundled sample in, in batches; the same door as every other post."""
    known = {spec.key for spec, _ in opened.store.sources.all()}
    for spec in sample_sources():
        if spec.key not in known:
            opened.store.sources.add(spec)
    posts = list(sample_posts(datetime.now(UTC)))
    with progress("Memuat contoh Lombok Barat", len(posts)) as advance:
        for start in range(0, len(posts), INTAKE_BATCH):
            batch = posts[start : start + INTAKE_BATCH]
            opened.store.intake.accept(batch)
            advance(len(batch))


def refuse_taken_port(host: str, port: int) -> None:
    """Raise SettingsError when nothing can listen there."""
    with socket.socket() as probe_socket:
        probe_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe_socket.bind((host, port))
        except OSError as cause:
            raise SettingsError(
                f"Porta {port} di {host} tidak dapat dipakai ({cause.strerror}). "
                f"Pilih yang lain: make up PORT={port + 1}"
            ) from cause


def wait_for_answer(settings: Settings, alive: Callable[[], bool]) -> None:
    """Wait until the web server answers. Raises SettingsError when it died or is silent for too long."""
    url = f"http://{settings.host}:{settings.port}/healthz"
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline and alive():
        with contextlib.suppress(URLError, OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:  # noqa: PLR2004  HTTP OK
                return
        time.sleep(0.2)
    raise SettingsError(f"Server web tidak menjawab di {url}; pesannya ada di atas.")


class Watch:
    """Starts one process per room, starts again what dies, ends all when told to."""

    def __init__(self, settings: Settings, rooms: tuple[str, ...]) -> None:
        self._settings = settings
        self._rooms = rooms
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._pause: dict[str, float] = dict.fromkeys(rooms, RESTART_SECONDS)
        self._due: dict[str, float] = {}
        self._stopping = False

    def start(self) -> None:
        """Start every room."""
        signal.signal(signal.SIGTERM, self._halt)
        signal.signal(signal.SIGINT, self._halt)
        for room in self._rooms:
            self._launch(room)

    def alive(self) -> bool:
        """Whether the web server's process runs."""
        return self._running["api"].poll() is None

    def keep(self) -> None:
        """Watch until stopped."""
        while not self._stopping:
            now = time.monotonic()
            for room, process in self._running.items():
                if process.poll() is None:
                    continue
                if room not in self._due:
                    log.warning("ruang berhenti", room=room, exit=process.returncode)
                    self._due[room] = now + self._pause[room]
                    self._pause[room] = min(self._pause[room] * 2, MAX_RESTART_SECONDS)
                elif now >= self._due[room]:
                    del self._due[room]
                    self._launch(room)
                    break
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask every room to stop, then make sure."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, room: str) -> None:
        environment = {**os.environ, "JARING_HOME": str(self._settings.home), "JARING_PORT": str(self._settings.port)}
        self._running[room] = subprocess.Popen([sys.executable, "-m", "jaring", "run", room], env=environment)

    def _halt(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
