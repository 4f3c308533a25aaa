"""Kinds are found by being there; a lost one stops the program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.asking import Answer
from crawlers.detection import detect, source_key
from crawlers.kinds import Evidence, load_kinds
from crawlers.manners import is_this_machine, leads_inside, user_agent
from crawlers.wires import wire_credit
from domain.errors import CatalogueError

GOOD = (
    "from crawlers.kinds import SourceKind\n"
    "async def collect(ask, job, notes, knows):\n    yield\n"
    "KIND = SourceKind(key='uji', title='Uji', rank=1, detect=lambda e: None, collect=collect)\n"
)
ROBOTS = "https://kabar.id/robots.txt"
FEED = b'<rss version="2.0"><channel><title>K</title></channel></rss>'


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "sumber_uji"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    sys.path.insert(0, str(tmp_path))
    yield folder
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "sumber_uji"]:
        del sys.modules[name]


def test_the_shipped_kinds_are_these() -> None:
    # Whatever a page shows itself to be comes first, then what an address alone shows.
    assert list(load_kinds()) == [
        "wordpress", "rss", "sitemap", "youtube", "telegram", "x", "threads", "facebook", "instagram", "imap",
    ]  # fmt: skip


def test_a_new_module_is_a_new_kind(package: Path) -> None:
    (package / "satu.py").write_text(GOOD)
    assert list(load_kinds("sumber_uji")) == ["uji"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"satu.py": "import tidak_ada_modul_ini\n"}, "cannot be imported"),
        ({"satu.py": "pass\n"}, "no value KIND"),
        ({"dua.py": GOOD, "satu.py": GOOD}, "repeats the kind uji"),
    ],
)
def test_a_plug_in_that_is_lost_stops_the_program(package: Path, files: dict[str, str], said: str) -> None:
    for name, code in files.items():
        (package / name).write_text(code)
    with pytest.raises(CatalogueError, match=said):
        load_kinds("sumber_uji")


def a_page(html: str) -> Answer:
    return Answer("https://kabar.id/", 200, html.encode(), {"content-type": "text/html"})


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (Evidence("https://kabar.id/f", Answer("https://kabar.id/f", 200, FEED)), ("rss", "https://kabar.id/f")),
        (
            Evidence("https://kabar.id/", a_page('<link rel="https://api.w.org/" href="https://kabar.id/wp-json/">')),
            ("wordpress", "https://kabar.id/"),
        ),
        (
            Evidence(
                "https://kabar.id/",
                a_page('<link rel="alternate" type="application/rss+xml" href="/rss">'),
                Answer("https://kabar.id/wp-json/wp/v2/posts?per_page=1", 404, b"{}"),
            ),
            ("rss", "https://kabar.id/rss"),
        ),
        (
            Evidence(
                "https://kabar.id/",
                a_page("<p>x"),
                None,
                Answer("https://kabar.id/robots.txt", 200, b"Sitemap: /s.xml"),
            ),
            ("sitemap", "https://kabar.id/"),
        ),
        (Evidence("https://kabar.id/", a_page("<p>x")), None),
        (Evidence("https://kabar.id/", Answer("https://kabar.id/", 404, b"")), None),
    ],
)
def test_a_site_is_known_by_what_it_shows(evidence: Evidence, found: tuple[str, str] | None) -> None:
    assert detect(load_kinds(), evidence) == found


def test_a_key_is_the_host_and_a_number_where_that_is_taken() -> None:
    assert source_key("https://www.Kabar-Lombok.id/feed", frozenset()) == "kabar-lombok-id"
    assert source_key("https://kabar.id/", frozenset({"kabar-id", "kabar-id-2"})) == "kabar-id-3"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1"])
def test_private_addresses_lead_inside(host: str) -> None:
    assert leads_inside(host)


def test_a_public_address_does_not_lead_inside() -> None:
    assert not leads_inside("93.184.216.34")


def test_only_loopback_is_this_machine() -> None:
    assert is_this_machine("http://127.0.0.1:8081/feed")
    assert is_this_machine("http://localhost/")
    assert not is_this_machine("https://kabar.id/")


def test_the_agent_names_the_operator() -> None:
    assert user_agent("1.0", "posko@contoh.id") == "Jaring/1.0 (+posko@contoh.id)"
    assert user_agent("1.0", "") == "Jaring/1.0"


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("Mataram (ANTARA) - Warga", "antara"),
        ("MATARAM, KBRN - Warga", "rri"),
        ("Jakarta (Ant) Warga", "antara"),
        ("Jalan antara Gerung dan Labuapi rusak", None),
        ("antara lain jalan", None),
    ],
)
def test_a_wire_credit_is_told_from_the_word(text: str, wire: str | None) -> None:
    assert wire_credit(text) == wire
