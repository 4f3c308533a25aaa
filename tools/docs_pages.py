"""Take the pictures of README and docs: the bundled sample after ten days of work, at one fixed moment, in Chromium.

`python tools/docs_pages.py` writes docs/pages: each page in light, in dark and on a phone, the faces that it has when
there is nothing, nothing new, nothing allowed or nothing that answers, and the README that shows them all. Everything
else lives in a temporary folder and ends with the run. `python tools/docs_pages.py meja` takes only what begins so.
"""

from __future__ import annotations

import io
import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn
from docs_scene import ANSWERED_REPORT, MOMENT, NEW_REPORT, Scene, scene
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jaring.bundled import REGION

PAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "pages"
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--lang=id"]
MAX_BYTES: Final = 300_000  # of one picture: a clone stays small
COLOURS: Final = 128  # of one picture: calm pages need few
DESK, PHONE, SMALL = (1440, 900), (412, 915), (1100, 520)
LOOKS: Final = (("light", "light", DESK), ("dark", "dark", DESK), ("phone", "light", PHONE))
FAR: Final = timedelta(hours=9)  # without a new post: stale


@dataclass(frozen=True)
class Shot:
    """One page: the name of its files, what it is, who opens it, where; `clicks` leads on from there."""

    name: str
    words: str
    page: str
    user: str = "ratna"
    clicks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Face:
    """A page in a state of its own. `state`: what is arranged before it is opened."""

    name: str
    words: str
    page: str
    user: str = "ratna"
    state: str = ""  # away | stale | waiting


SHOTS: Final = (
    Shot("masuk", "Masuk", "/masuk", ""),
    Shot("meja", "Meja kerja: cerita yang menunggu putusan", "/meja", clicks=(".story:nth-child(5) > a",)),
    Shot("cari", "Cari", "/cari?q=jalan"),
    Shot("kiriman", "Kiriman", "/cari?q=longsor&urut=best", clicks=(".hit:has(.same) h3 a",)),
    Shot("tiket", "Tiket", "/tiket"),
    Shot(
        "tiket-satu", "Satu tiket", "/tiket?lihat=semua&state=dikerjakan&urut=terlama", clicks=("tr.ticket .matter a",)
    ),
    Shot("tiket-opd", "Tiket sebuah OPD", "/tiket", "putr"),
    Shot("peringatan", "Peringatan", "/peringatan"),
    Shot("peringatan-pantauan", "Simpan dan pantau pencarian", "/peringatan/baru?q=jalan+rusak&topic=jalan"),
    Shot("tren", "Tren", "/tren?hari=7&lengkap=1", "bupati"),
    Shot("catat", "Catat", "/catat"),
    Shot("sumber", "Sumber", "/sumber", "admin"),
    Shot("sumber-satu", "Satu sumber", "/sumber", "admin", ("tbody tr:first-child a",)),
    Shot("lapor", "Formulir warga", f"/lapor/{REGION}", ""),
    Shot("lapor-terkirim", "Laporan yang baru dikirim", f"/lapor/{NEW_REPORT}?baru=1", ""),
    Shot("lapor-kode", "Kelanjutan sebuah laporan", f"/lapor/{ANSWERED_REPORT}", ""),
    Shot("pengaturan-orang", "Pengaturan: orang", "/pengaturan/orang", "admin"),
    Shot("pengaturan-token", "Pengaturan: token", "/pengaturan/token", "admin"),
    Shot("pengaturan-opd", "Pengaturan: OPD", "/pengaturan/opd", "admin"),
    Shot("pengaturan-wilayah", "Pengaturan: data wilayah", "/pengaturan/wilayah?bagian=points", "admin"),
    Shot("pengaturan-mode", "Pengaturan: cara tiket dibuat", "/pengaturan/mode", "admin"),
    Shot("pengaturan-audit", "Pengaturan: jejak audit", "/pengaturan/audit", "admin"),
)
FACES: Final = (
    Face("cari-kosong", "Tidak ada yang cocok", "/cari?q=zzz"),
    Face("cari-ditolak", "Pencarian yang tidak terbaca", "/cari?q=jalan+AND"),
    Face("cari-basi", "Tidak ada kiriman baru", "/cari?q=jalan", state="stale"),
    Face("cari-gagal", "Mesin pencari tidak menjawab", "/cari?q=jalan", state="away"),
    Face("cari-terlarang", "Belum diberi OPD", "/cari", "baru"),
    Face("meja-kosong", "Tidak ada cerita di sini", "/meja?lihat=saya"),
    Face("meja-basi", "Tidak ada kiriman baru", "/meja", state="stale"),
    Face("meja-gagal", "Basis data tidak menjawab", "/meja", state="away"),
    Face("meja-terlarang", "Bukan untuk penghubung", "/meja", "putr"),
    Face("tiket-kosong", "Tidak ada tiket di sini", "/tiket?q=zzz"),
    Face("tiket-gagal", "Basis data tidak menjawab", "/tiket", state="away"),
    Face("tiket-terlarang", "Belum diberi OPD", "/tiket", "baru"),
    Face("tiket-tersembunyi", "Tiket yang tidak ada atau tersembunyi", "/tiket/LB-2026-11-9999", "putr"),
    Face("peringatan-kosong", "Tidak ada peringatan", "/peringatan", "bupati"),
    Face("peringatan-basi", "Tidak ada kiriman baru", "/peringatan", state="stale"),
    Face("peringatan-gagal", "Basis data tidak menjawab", "/peringatan", state="away"),
    Face("peringatan-terlarang", "Belum diberi OPD", "/peringatan", "baru"),
    Face("tren-kosong", "Tidak ada apa pun pada hari-hari ini", "/tren?dari=2020-01-01&sampai=2020-01-07", "bupati"),
    Face("tren-memuat", "Panel yang masih dihitung", "/tren?hari=7", "bupati", "waiting"),
    Face("tren-basi", "Tidak ada kiriman baru", "/tren?hari=7&lengkap=1", "bupati", "stale"),
    Face("tren-gagal", "Mesin pencari tidak menjawab", "/tren", "bupati", "away"),
    Face("pengaturan-terlarang", "Hanya untuk admin", "/pengaturan/orang", "bupati"),
)


def main() -> None:
    """Take all pictures. Fails in one sentence where Chromium is absent or a picture grew too large."""
    if not os.access(CHROMIUM, os.X_OK):
        sys.exit("Chromium tidak ada. Jalankan: sudo apt-get install chromium")
    PAGES.mkdir(parents=True, exist_ok=True)
    start, password = (sys.argv[1:] or [""])[0], secrets.token_urlsafe(12)
    with (
        TemporaryDirectory(prefix="jaring-gambar-") as folder,
        scene(Path(folder), password) as made,
        served(made.app) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        people = Cookies(browser, address, password)
        for shot in (one for one in SHOTS if one.name.startswith(start)):
            for look, scheme, size in LOOKS:
                with people.context(shot.user, scheme, size) as context:
                    save(opened(context, shot), f"{shot.name}-{look}")
        for face in (one for one in FACES if one.name.startswith(start)):
            with people.context(face.user, "light", SMALL) as context, arranged(made, face.state):
                save(shown(context, face), f"{face.name}")
        browser.close()
    (PAGES / "README.md").write_text("\n".join(readme()) + "\n", encoding="utf-8")


class Cookies:
    """Each person logs in once."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self._browser, self._address, self._password = browser, address, password
        self._kept: dict[str, object] = {}

    @contextmanager
    def context(self, user: str, scheme: str, size: tuple[int, int]) -> Iterator[BrowserContext]:
        """A browser window of a person; of nobody without a name."""
        if user and user not in self._kept:
            with self._window("light", DESK) as door:
                log_in(door.new_page(), user, self._password)
                self._kept[user] = door.storage_state()
        with self._window(scheme, size, self._kept.get(user)) as context:
            yield context

    @contextmanager
    def _window(self, scheme: str, size: tuple[int, int], state: object = None) -> Iterator[BrowserContext]:
        context = self._browser.new_context(
            base_url=self._address, viewport={"width": size[0], "height": size[1]}, locale="id-ID",
            color_scheme=scheme, reduced_motion="reduce", storage_state=state,
        )  # fmt: skip
        yield context
        context.close()


@contextmanager
def arranged(made: Scene, state: str) -> Iterator[None]:
    """What a face needs."""
    if state == "stale":
        made.now = MOMENT + FAR
    with made.engines_away() if state == "away" else nullcontext():
        yield
    made.now = MOMENT


def opened(context: BrowserContext, shot: Shot) -> Page:
    """A page as it is looked at."""
    page = context.new_page()
    page.goto(shot.page)
    for click in shot.clicks:
        page.goto(page.locator(click).first.get_attribute("href") or "")
    return page


def shown(context: BrowserContext, face: Face) -> Page:
    """A page with this face."""
    page = context.new_page()
    if face.state == "waiting":
        page.route("**/tren/panel/**", lambda _route: None)  # the answer never comes
    page.goto(face.page)
    if face.state == "waiting":
        page.locator("[data-late]").first.scroll_into_view_if_needed()
    return page


def save(page: Page, name: str) -> None:
    """Write one picture, with as few colours as it needs."""
    page.evaluate("document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(PAGES / f"{name}.png", optimize=True)
    size = (PAGES / f"{name}.png").stat().st_size
    print(f"{name}.png {size // 1000} kB")
    if size > MAX_BYTES:
        sys.exit(f"{name}.png lebih besar daripada {MAX_BYTES // 1000} kB.")


def readme() -> Iterator[str]:
    """What docs/pages shows, in words and pictures."""
    yield "# Halaman-halaman Jaring"
    yield ""
    yield "Dibuat oleh `make docs` dari contoh bawaan sesudah sepuluh hari kerja. Semuanya rekaan."
    for shot in SHOTS:
        yield from ("", f"## {shot.words}", "")
        yield "| terang | gelap | ponsel |"
        yield "|---|---|---|"
        cells = (f"![{shot.words}, {word}]({shot.name}-{look}.png)" for look, word in zip(
            ("light", "dark", "phone"), ("terang", "gelap", "ponsel"), strict=True
        ))  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    yield from ("", "## Bila tidak ada yang dapat ditampilkan", "")
    for face in FACES:
        yield f"- `{face.page}`, {face.words[0].lower()}{face.words[1:]}:<br>![{face.words}]({face.name}.png)"


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a free port of this machine; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def log_in(page: Page, user: str, password: str) -> None:
    """Come in through the login page."""
    page.goto("/masuk?lanjut=/cari")
    page.get_by_label("Nama").fill(user)
    page.get_by_label("Sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/cari")


if __name__ == "__main__":
    main()
