"""What carries a question over the network: Scrapy's own handler, but for one habit of Twisted beneath it."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class OnceOverTheWire(HTTP11DownloadHandler):
    """Sends a question once.

    Twisted sends a GET a second time by itself when a connection that was kept open ends without an answer. Nobody
    above it sees that: where questions cost, a unit would be spent that was never set aside.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
