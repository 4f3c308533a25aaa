"""The line to a platform: one question at a time, bounded in time and size, failures told by their fate.

Not through Scrapy: there is no page to be polite to, and what is said must be posted. No redirect is followed: a key
goes to the address asked and nowhere else. Addresses may hold a bot's token: they stand in no error and no log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Self

import httpx

from crawlers.asking import Answer
from domain.errors import Refused, SourceUnavailable

TIMEOUT = 20.0  # seconds of silence
MOST_BYTES = 10_000_000  # of a photo
MOST_TOLD = 1_000_000  # of any other answer


class Line:
    """Asks platforms over HTTP. Close it when the process ends."""

    def __init__(self, agent: str) -> None:
        for name in ("httpx", "httpcore"):  # they log every address, and a bot's address holds its token
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = httpx.Client(headers={"User-Agent": agent}, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, url: str, *, secret: Mapping[str, str] | None = None, most: int = MOST_TOLD) -> Answer:
        """Fetch an address. Refused for an answer of more than `most` bytes, SourceUnavailable for none."""
        return self._ask("GET", url, secret, None, most)

    def post(self, url: str, body: Mapping[str, Any], *, secret: Mapping[str, str] | None = None) -> Answer:
        """Post JSON."""
        return self._ask("POST", url, secret, body, MOST_TOLD)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _ask(
        self, method: str, url: str, secret: Mapping[str, str] | None, body: Mapping[str, Any] | None, most: int
    ) -> Answer:
        told = bytearray()
        try:
            with self._client.stream(method, url, headers=dict(secret or {}), json=body) as answer:
                for piece in answer.iter_bytes():
                    told += piece
                    if len(told) > most:
                        raise Refused(f"Berkas melebihi {most // 1_000_000} MB.")
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Answer("", answer.status_code, bytes(told), headers)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as cause:
            fault = type(cause).__name__  # its words repeat the address, and a bot's address holds its token
            raise SourceUnavailable(f"Platform tidak terjawab ({fault}).") from None
