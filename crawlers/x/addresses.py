"""Addresses of searches on X, and the query that each stands for."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

LONGEST_QUERY = 512  # characters, as the platform counts them


def owns(url: str) -> str | None:
    """The address of a search on X, in one writing; None for everything else."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
    query = " ".join(parse_qs(parts.query).get("q", [""])[0].split())
    if host not in {"x.com", "twitter.com"} or parts.path.rstrip("/") != "/search" or not query:
        return None
    return f"https://x.com/search?q={quote(query, safe='')}"


def query_of(spec: SourceSpec) -> str:
    """What a source searches for. SourceUnavailable, in words for people, when X would not take it."""
    query = " ".join(parse_qs(urlsplit(spec.url).query).get("q", [""])[0].split())
    if not query:
        raise SourceUnavailable("Alamat ini tidak memuat kata pencarian: https://x.com/search?q=…")
    if "is:retweet" not in query:
        query = f"({query}) -is:retweet" if " OR " in query else f"{query} -is:retweet"
    if len(query) > LONGEST_QUERY:
        over = len(query) - LONGEST_QUERY
        raise SourceUnavailable(
            f"Pencarian ini {len(query)} karakter (dengan -is:retweet), X menerima paling banyak {LONGEST_QUERY}: "
            f"kurangi {over} karakter, atau bagi menjadi dua sumber."
        )
    return query
