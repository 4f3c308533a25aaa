"""Instagram: an account of one's own by the official API: its media, and all comments with their replies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

from crawlers.asking import Ask
from crawlers.graph import LIMIT, Graph
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Memory, SourceKind, by_address
from crawlers.ownpages import Dialect, OwnPage
from crawlers.parsing.instagram import (
    COMMENT_FIELDS,
    MEDIA,
    MEDIA_FIELDS,
    REPLY_FIELDS,
    parse_comments,
    parse_top,
    replies_left,
)
from domain.doors import Need
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

ROOT = "https://graph.instagram.com"  # keys of Instagram's own login
FACEBOOK_ROOT = "https://graph.facebook.com"  # keys of Facebook's login
VERSION = "v25.0"
COMMENTS = 50  # of one page, the platform's own most
_NEED = Need("instagram", "token akun Instagram", lasts=timedelta(days=60))
_NAME = re.compile(r"[A-Za-z0-9._]{1,30}")
_NO_ACCOUNTS = frozenset("accounts about direct explore p reel reels stories tv web".split())


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Memory) -> AsyncIterator[Found]:
    """Media and comments that are new, edited or gone."""
    account, root = account_of(job.spec)
    graph = Graph(ask, job, platform="Instagram", root=root, need=_NEED)
    dialect = Dialect(
        namespace=MEDIA,
        posts=f"/{VERSION}/{account}/media",
        post_query={"fields": MEDIA_FIELDS, "limit": job.limit or LIMIT},
        comments=lambda media: f"/{VERSION}/{media}/comments",
        comment_query={"fields": COMMENT_FIELDS, "limit": COMMENTS},
        top=parse_top,
        under=parse_comments,
        more=_replies,
        more_query={"fields": REPLY_FIELDS, "limit": COMMENTS},
        lookup=lambda native: f"/{VERSION}/{native}",
        newest_first=False,  # a reply stands under its comment, however old that is
    )
    async for found in OwnPage(graph, job, notes, knows, dialect).read():
        yield found


def account_of(spec: SourceSpec) -> tuple[str, str]:
    """By what the API knows the account, and where it is asked. SourceUnavailable where that cannot be told."""
    number = (spec.option("id") or "").strip()
    if number and not number.isdecimal():
        raise SourceUnavailable(f"Setelan id harus nomor akun Instagram, bukan “{number}”.")
    if (spec.option("login") or "").strip().lower() != "facebook":
        return number or "me", ROOT
    if not number:
        raise SourceUnavailable("Untuk token dari login Facebook, isi setelan id dengan nomor akun Instagram.")
    return number, FACEBOOK_ROOT


def owns(url: str) -> str | None:
    """The address of an account, in one writing; None for single pictures and everything else."""
    parts = urlsplit(url.strip())
    pieces = [piece for piece in parts.path.split("/") if piece]
    if (parts.hostname or "").removeprefix("www.").removeprefix("m.") != "instagram.com" or len(pieces) != 1:
        return None
    name = pieces[0].removeprefix("@").lower()
    return f"https://www.instagram.com/{name}/" if _NAME.fullmatch(name) and name not in _NO_ACCOUNTS else None


def _replies(raw: object) -> str | None:
    comment = replies_left(raw)
    return f"/{VERSION}/{comment}/replies" if comment is not None else None


KIND = SourceKind(
    key="instagram",
    title="Instagram (akun sendiri)",
    rank=63,
    detect=by_address,
    collect=collect,
    owns=owns,
    host="graph.instagram.com",
    need=_NEED,
    price=(
        "Gratis menurut dokumentasi Instagram API per 2026; yang dibatasi banyaknya pertanyaan per 24 "
        "jam menurut ramainya akun. Jaring berhenti sendiri pada 90% batas itu."
    ),
    allowed=(
        "Hanya akun profesional (bisnis atau kreator) yang dikelola sendiri, dengan izin membaca komentar yang lolos "
        "tinjauan Meta. Akun orang lain, tagar dan cerita tidak diambil."
    ),
    options=(
        ("id", "nomor akun Instagram; wajib untuk token dari login Facebook"),
        ("login", "“facebook” bila tokennya dari login Facebook; selain itu dari login Instagram"),
        ("watch_days", "umur kiriman yang komentarnya dilihat pada setiap perayapan (bawaan 14 hari)"),
        ("key", "nama kunci lain daripada “instagram”"),
    ),
)
