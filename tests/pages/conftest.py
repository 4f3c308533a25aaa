"""A browser: Debian's Chromium, driven over loopback. Every page is watched for errors and foreign requests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.api.installation import PASSWORD, Installation, installed
from tests.api.serving import served
from tests.pages.everything import Furnished, furnished

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
DESK, PHONE = (1440, 900), (412, 915)


@dataclass
class Watched:
    """A page and what went wrong on it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note script errors, policy violations and requests to other hosts."""
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on(
            "request", lambda r: None if r.url.startswith(self.address) else self.faults.append(f"asked {r.url}")
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium for the whole session."""
    if not shutil.which(CHROMIUM):
        reason = "chromium is not installed: apt-get install chromium"
        if "chromium" in os.environ.get("REQUIRE_BACKENDS", ""):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str]]:
    """An installation that is served, for tests that only look."""
    with installed(tmp_path_factory.mktemp("halaman")) as place, served(place.app) as address:
        yield place, address


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[Installation, str]]:
    """An installation of its own, for tests that change something."""
    with installed(tmp_path, more=0) as place, served(place.app) as address:
        yield place, address


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """An installation with something on every page, for tests that look at all of them."""
    with furnished(tmp_path_factory.mktemp("semua")) as everything:
        yield everything


Opener = Callable[..., Watched]


@pytest.fixture
def opens(browser: Browser) -> Iterator[Opener]:
    """Opens pages: logged in or not, on a desk or a phone, with script or without."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(
        address: str,
        user: str | None = "ratna",
        *,
        size: tuple[int, int] = DESK,
        script: bool = True,
        dark: bool = False,
    ) -> Watched:
        context = browser.new_context(
            base_url=address, viewport={"width": size[0], "height": size[1]}, java_script_enabled=script,
            color_scheme="dark" if dark else "light", accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        one = Watched(context.new_page(), address)
        one.watch()
        watched.append(one)
        if user:
            one.page.goto("/masuk?lanjut=/cari")
            one.page.get_by_label("Nama").fill(user)
            one.page.get_by_label("Sandi").fill(PASSWORD)
            one.page.get_by_role("button", name="Masuk").click()
            one.page.wait_for_url("**/cari")
        return one

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for one in watched for fault in one.faults] == []
