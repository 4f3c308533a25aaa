"""How Jaring behaves on other people's servers: Scrapy's settings and three middlewares of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.canonical import host_of
from crawlers.spider import SourceSpider

AGENT = "Jaring"
HOST_DELAY = 1.0  # seconds between two requests to one host, at least; AutoThrottle lengthens it
MAX_DELAY = 30.0
TIMEOUT = 30  # seconds for one answer
MAX_ANSWER = 20 * 1024 * 1024  # bytes: no feed or page of words is longer
MAX_REDIRECTS = 5
MAX_PATIENCE = 60  # seconds of Retry-After that are waited out; for more the crawl ends and comes back later
MAX_CRAWL = 30 * 60  # seconds for one source
_ASKS_FOR_PATIENCE = frozenset({429, 503})


def user_agent(version: str, contact: str) -> str:
    """The name that Jaring gives itself; `contact` is the operator's e-mail or address."""
    return f"{AGENT}/{version} (+{contact})" if contact else f"{AGENT}/{version}"


def crawl_settings(agent: str, *, delay: float = HOST_DELAY) -> dict[str, Any]:
    """Scrapy's settings for one crawl. `delay` is 0 only for a host that is this machine."""
    return {
        "USER_AGENT": agent,
        "ROBOTSTXT_USER_AGENT": AGENT,
        "ROBOTSTXT_OBEY": True,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": MAX_DELAY,
        "DOWNLOAD_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "DOWNLOAD_MAXSIZE": MAX_ANSWER,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
            "http": "crawlers.wire.OnceOverTheWire",
            "https": "crawlers.wire.OnceOverTheWire",
        },
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.manners.NoSidestep": 90,
            "crawlers.manners.Patience": 540,
            "crawlers.manners.TakingTurns": 860,  # next to the wire: what is asked again queues again
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        },
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": True,
        "HTTPERROR_ALLOW_ALL": True,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "application/json,application/rss+xml,application/atom+xml,application/xml;q=0.9,"
            "text/html;q=0.8,*/*;q=0.5",
            "Accept-Language": "id,en;q=0.5",
        },
        "ITEM_PIPELINES": {"crawlers.pipeline.PostPipeline": 100},
        "CLOSESPIDER_TIMEOUT": MAX_CRAWL,
        "EXTENSIONS": {
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
            "scrapy.extensions.feedexport.FeedExporter": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "scrapy.extensions.logstats.LogStats": None,
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }


class Patience:
    """Waits when a source asks for it by Retry-After, once; what asks for too much is left for the next crawl."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask again after the pause, or pass the answer on."""
        wait = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
        repeated = request.meta.get("was_patient") or request.meta.get("dont_retry")
        if response.status not in _ASKS_FOR_PATIENCE or repeated or not wait.isdigit():
            return response
        if int(wait) > MAX_PATIENCE:
            return response
        await asyncio.sleep(int(wait))
        return request.replace(meta={**request.meta, "was_patient": True}, dont_filter=True)


class TakingTurns:
    """Waits until it is this crawl's turn at a host, whichever process asked last; robots.txt is a question too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delay = timedelta(seconds=crawler.settings.getfloat("DOWNLOAD_DELAY"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Queue, unless nobody has to be spared."""
        spider = self._crawler.spider
        turns = spider.turns if isinstance(spider, SourceSpider) else None
        if turns is None or not self._delay:
            return
        now = datetime.now(UTC)
        turn = await asyncio.to_thread(turns.take, host_of(request.url), self._delay, now)
        if turn > now:
            await asyncio.sleep((turn - now).total_seconds())


class NoSidestep:
    """Refuses to be led by a public source into a private network: only the source's own host may, if at all."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._private: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest for an address that is not http(s), or that leads inside."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            raise IgnoreRequest("bukan alamat http(s)")
        host = (parts.hostname or "").lower()
        spider = self._crawler.spider
        job = spider.job if isinstance(spider, SourceSpider) else None
        own = {urlsplit(url).hostname for url in (job.spec.url, job.root or "")} if job is not None else set()
        if job is not None and job.inside and host in own:
            return
        if host not in self._private:
            self._private[host] = await asyncio.to_thread(leads_inside, host)
        if self._private[host]:
            raise IgnoreRequest(f"{host} berada di jaringan dalam")


def leads_inside(host: str) -> bool:
    """Whether a name or address leads to this machine or a private network; False for one that leads nowhere."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def is_this_machine(url: str) -> bool:
    """Whether an address is on loopback, where nobody needs to be spared."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
