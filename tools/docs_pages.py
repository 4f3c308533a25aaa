"""Take the pictures of README and docs: the bundled sample, read and indexed at one fixed moment, in Chromium.

`python tools/docs_pages.py` writes docs/pages/*.png. Everything lives in a temporary folder and ends with the run.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.settings import ApiSettings
from desk.decide import Desk
from desk.profiles import ProfileBook
from domain.regions import load_files
from domain.taxonomy import load_taxonomy
from indexer.sqlite import open_index
from jaring.bundled import REGION, sample_posts, sample_sources
from jaring.work import drain
from nlp.pipeline import build_reader
from store import KeyRing, Store, open_store

PAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "pages"
MOMENT: Final = datetime(2026, 11, 21, 6, 32, tzinfo=UTC)  # every run shows the same day: 14.32 WITA
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
MAX_BYTES: Final = 300_000  # of one picture: a clone stays small
DESK, PHONE = (1440, 900), (412, 915)
SEARCH: Final = "/cari?q=jalan"
STORY: Final = "/cari?q=longsor&urut=best"  # its best hits are told by several sources
PERSON: Final = "ratna"


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page it shows, on what screen. A page of a post is reached through `STORY`."""

    name: str
    page: str
    size: tuple[int, int] = DESK
    dark: bool = False


SHOTS: Final = (
    Shot("masuk-light", "/masuk"),
    Shot("cari-light", SEARCH),
    Shot("cari-dark", SEARCH, dark=True),
    Shot("cari-phone", SEARCH, size=PHONE),
    Shot("kiriman-light", "/kiriman"),
    Shot("kiriman-phone", "/kiriman", size=PHONE),
)


def main() -> None:
    """Take all pictures. Fails in one sentence where Chromium is absent or a picture grew too large."""
    if not os.access(CHROMIUM, os.X_OK):
        sys.exit("Chromium tidak ada. Jalankan: sudo apt-get install chromium")
    PAGES.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(12)
    with (
        TemporaryDirectory(prefix="jaring-gambar-") as folder,
        installation(Path(folder), password) as app,
        served(app) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for shot in SHOTS:
            size = take(browser, address, password, shot)
            print(f"{shot.name}.png {size // 1000} kB")
            if size > MAX_BYTES:
                sys.exit(f"{shot.name}.png lebih besar daripada {MAX_BYTES // 1000} kB.")
        browser.close()


@contextmanager
def installation(home: Path, password: str) -> Iterator[FastAPI]:
    """An application on the sample, read, decided and indexed as `jaring up --sample` does it."""
    taxonomy = load_taxonomy()
    keys = KeyRing.open(home / "keys", create=True)
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=keys, create=True, clock=now)
    profiles = ProfileBook(load_files((REGION,)), store.region_edits)
    index = open_index(home / "index.sqlite")
    try:
        fill(store)
        reader, desk = build_reader(profiles), Desk(profiles, taxonomy)
        drain(lambda: store.belts.step_read(reader))
        drain(lambda: store.belts.step_decide(desk))
        drain(lambda: store.belts.step_index(index.upsert))
        index.refresh()
        store.accounts.create_user(PERSON, display="Baiq Ratna", role="analis", password=password, regions=(REGION,))
        yield create_app(
            index=index, store=store, profiles=profiles, taxonomy=taxonomy, settings=ApiSettings(), clock=now
        )
    finally:
        index.close()
        store.close()


def fill(store: Store) -> None:
    """The sample's sources and posts."""
    for spec in sample_sources():
        store.sources.add(spec)
    store.intake.accept(list(sample_posts(MOMENT)))


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


def take(browser: Browser, address: str, password: str, shot: Shot) -> int:
    """Write one picture; returns its size in bytes."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if shot.dark else "light",
    )
    page = context.new_page()
    if shot.page != "/masuk":
        log_in(page, password)
    if shot.page == "/kiriman":
        page.goto(STORY)
        page.goto(page.locator(".hit:has(.same) h3 a").first.get_attribute("href") or "")
    else:
        page.goto(shot.page)
    page.evaluate("document.activeElement.blur()")
    picture = page.screenshot(path=PAGES / f"{shot.name}.png", animations="disabled", caret="hide")
    context.close()
    return len(picture)


def log_in(page: Page, password: str) -> None:
    """Come in through the login page."""
    page.goto("/masuk")
    page.get_by_label("Nama").fill(PERSON)
    page.get_by_label("Sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url("**/cari")


def now() -> datetime:
    """The moment of all pictures."""
    return MOMENT


if __name__ == "__main__":
    main()
