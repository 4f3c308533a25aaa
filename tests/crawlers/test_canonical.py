"""One article has one identity, however its address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.canonical import canonical_url, host_of, plain_url

SAME = "https://contoh.id/2026/11/jalan-rusak"


@pytest.mark.parametrize(
    "url",
    [
        "http://contoh.id/2026/11/jalan-rusak",
        "https://www.Contoh.ID/2026/11/jalan-rusak/",
        "https://contoh.id:443/2026/11/jalan-rusak#komentar",
        "https://contoh.id/2026/11/jalan-rusak/amp/",
        "https://contoh.id/2026/11/jalan-rusak?amp=1",
        "https://contoh.id/2026/11/jalan-rusak?utm_source=rss&utm_medium=feed",
        "https://contoh.id/2026/11/jalan-rusak/?fbclid=abc#respond",
        "https://contoh.id/2026/11//jalan-rusak/comment-page-2/#comment-7",
        "https://contoh.id/2026/11/jalan-rusak?page=all",
        " https://contoh.id/2026/11/jalan-rusak \n",
    ],
)
def test_spellings_of_one_address_are_one(url: str) -> None:
    assert canonical_url(url) == SAME


@pytest.mark.parametrize(
    "url",
    [
        "https://contoh.id/2026/11/jalan-rusak-2",
        "https://contoh.id/?p=12",
        "https://contoh.id/2026/11/jalan-rusak?id=3",
        "https://contoh.id/2026/11/jalan-rusak?page=2",
        "https://blog.contoh.id/2026/11/jalan-rusak",
        "https://contoh.id:8443/2026/11/jalan-rusak",
        "https://contoh.id/2026/11/Jalan-Rusak",
    ],
)
def test_other_addresses_stay_apart(url: str) -> None:
    assert canonical_url(url) != SAME


@pytest.mark.parametrize(
    "url", ["", "berita/1", "mailto:a@b.id", "javascript:void(0)", "ftp://contoh.id/a", "https://"]
)
def test_what_is_no_web_address_has_no_identity(url: str) -> None:
    assert canonical_url(url) == ""


def test_the_order_of_a_query_does_not_matter() -> None:
    assert canonical_url("https://a.id/x?b=2&a=1") == canonical_url("https://a.id/x?a=1&b=2")


def test_an_address_to_link_to_keeps_its_spelling_without_tracking() -> None:
    assert plain_url("http://www.contoh.id/A/?p=1&utm_source=x#y") == "http://www.contoh.id/A/?p=1"


def test_comments_are_told_apart_by_host_and_unusual_port() -> None:
    assert host_of("http://www.Contoh.id/a#comment-1") == "contoh.id"
    assert host_of("http://127.0.0.1:8081/a") == "127.0.0.1:8081"


@given(st.text(max_size=60))
def test_an_identity_is_its_own_identity(path: str) -> None:
    once = canonical_url("http://contoh.id/" + path.replace("\\", ""))
    assert canonical_url(once) == once
