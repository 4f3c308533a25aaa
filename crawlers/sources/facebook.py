"""Facebook: a page of one's own by the Graph API: its posts, what people post on it, and all comments."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

from crawlers.asking import Ask
from crawlers.graph import LIMIT, Graph
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Memory, SourceKind, by_address
from crawlers.ownpages import Dialect, OwnPage
from crawlers.parsing.facebook import COMMENT_FIELDS, POST_FIELDS, POSTS, parse_comments, parse_top
from domain.doors import Need
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

ROOT = "https://graph.facebook.com"
VERSION = "v25.0"
_NEED = Need("facebook", "token halaman Facebook", lasts=timedelta(days=60))
_HOSTS = frozenset({"facebook.com", "web.facebook.com", "m.facebook.com", "id-id.facebook.com", "fb.com"})
_PAGE = re.compile(r"[A-Za-z0-9.]{3,}(?:-[A-Za-z0-9.-]+)?")
_NO_PAGES = frozenset(
    "ads business events gaming groups hashtag help home.php login login.php marketplace messages pages people "
    "permalink.php photo photo.php plugins policies privacy profile.php public reel reels search settings share "
    "sharer story.php stories terms video videos watch".split()
)


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Memory) -> AsyncIterator[Found]:
    """Posts and comments that are new, edited or gone."""
    page = quote(page_of(job.spec), safe="")
    graph = Graph(ask, job, platform="Facebook", root=ROOT, need=_NEED)
    dialect = Dialect(
        namespace=POSTS,
        posts=f"/{VERSION}/{page}/feed",
        post_query={"fields": POST_FIELDS, "limit": job.limit or LIMIT},
        comments=lambda post: f"/{VERSION}/{post}/comments",
        comment_query={
            "fields": COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological", "limit": LIMIT,
        },
        top=parse_top,
        under=parse_comments,
        more=lambda _: None,  # one stream holds replies, too
        more_query={},
        lookup=lambda native: f"/{VERSION}/{native}",
        newest_first=True,
    )  # fmt: skip
    async for found in OwnPage(graph, job, notes, knows, dialect).read():
        yield found


def page_of(spec: SourceSpec) -> str:
    """The number or the name by which the API knows the page. SourceUnavailable where neither is told."""
    page = (spec.option("id") or "").strip() or _named(spec.url)
    if not page:
        raise SourceUnavailable("Alamat ini bukan halaman Facebook: isi setelan id dengan nomor halamannya.")
    return page


def owns(url: str) -> str | None:
    """The address of a page, in one writing; None for groups, people's posts and everything else."""
    page = _named(url)
    return f"https://www.facebook.com/{page}" if page else None


def _named(url: str) -> str | None:
    parts = urlsplit(url.strip())
    if (parts.hostname or "").removeprefix("www.") not in _HOSTS:
        return None
    pieces = [piece for piece in parts.path.split("/") if piece]
    if pieces == ["profile.php"]:
        number = parse_qs(parts.query).get("id", [""])[0]
        return number if number.isdecimal() else None
    if len(pieces) == 3 and pieces[0] in {"people", "pages"} and pieces[2].isdecimal():  # noqa: PLR2004  /people/name/number
        return pieces[2]
    if len(pieces) != 1 or pieces[0].lower() in _NO_PAGES or not _PAGE.fullmatch(pieces[0]):
        return None
    return pieces[0]


KIND = SourceKind(
    key="facebook",
    title="Facebook (halaman sendiri)",
    rank=62,
    detect=by_address,
    collect=collect,
    owns=owns,
    host="graph.facebook.com",
    need=_NEED,
    price=(
        "Gratis menurut dokumentasi Graph API per 2026; yang dibatasi banyaknya pertanyaan per jam "
        "menurut ramainya halaman. Jaring berhenti sendiri pada 90% batas itu."
    ),
    allowed=(
        "Hanya halaman yang dikelola sendiri, dengan izin pages_read_engagement dan pages_read_user_content yang "
        "lolos tinjauan Meta. Grup dan profil orang tidak punya pintu resmi: masukkan dari berkas, atau catat "
        "dengan tangan."
    ),
    options=(
        ("id", "nomor halaman, bila namanya di alamat tidak dikenal API"),
        ("watch_days", "umur kiriman yang komentarnya dilihat pada setiap perayapan (bawaan 14 hari)"),
        ("key", "nama kunci lain daripada “facebook”"),
    ),
)
