"""The client: where the cluster is, how long to wait for it, and its errors turned into ours."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, TransportError, UnsupportedProductError

from domain.errors import IndexUnavailable, Refused, SettingsError

PASSING = (429, 502, 503, 504)  # statuses that may pass by themselves
NAME = "posts"  # of the indices, where the address names no other
_TIMEOUT_SECONDS = 20.0
TRIES = 3  # of a read: as many nodes as a small cluster has
_MOST_TOLD = 200  # characters of a foreign message


@dataclass(frozen=True, slots=True)
class Address:
    """Nodes of one cluster, how to log in there, and the name that our indices begin with."""

    nodes: tuple[str, ...]
    login: tuple[str, str] | None = None
    name: str = NAME


def read_address(text: str) -> Address:
    """Read JARING_SEARCH_URL: `http://[user:password@]host:port[,http://...][#name]`. Raises: SettingsError."""
    listed, _, name = text.partition("#")
    nodes: list[str] = []
    login: tuple[str, str] | None = None
    for part in listed.split(","):
        try:
            url = urlsplit(part.strip())
            port = url.port or (443 if url.scheme == "https" else 9200)
        except ValueError as cause:
            raise _not_an_address() from cause
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise _not_an_address()
        if url.username:
            login = (unquote(url.username), unquote(url.password or ""))
        host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
        nodes.append(f"{url.scheme}://{host}:{port}{url.path.rstrip('/')}")
    if not (name or NAME).replace("-", "").isalnum() or (name or NAME) != (name or NAME).lower():
        raise SettingsError("JARING_SEARCH_URL: nama indeks sesudah # hanya huruf kecil, angka, dan tanda hubung.")
    return Address(tuple(nodes), login, name or NAME)


def _not_an_address() -> SettingsError:
    return SettingsError(
        "JARING_SEARCH_URL bukan alamat Elasticsearch. Contoh: http://127.0.0.1:9200, beberapa simpul dipisah koma."
    )


def connect(address: Address, *, authority: Path | None = None) -> Elasticsearch:
    """Return a client. Nothing is asked of the cluster yet: it may be away.

    `authority` is the certificate authority's file that https is checked by, instead of the public ones.
    Raises: SettingsError where it cannot be read.
    """
    https: dict[str, Any] = {} if authority is None else {"ca_certs": _readable(authority)}
    return Elasticsearch(
        list(address.nodes),
        basic_auth=address.login,
        **https,
        serializer=OrjsonSerializer(),
        request_timeout=_TIMEOUT_SECONDS,
        max_retries=TRIES - 1,
        retry_on_status=PASSING[1:],  # 429 asks for patience, which only writers have
        retry_backoff_base=0.1,
        retry_backoff_cap=1.0,
    )


def _readable(authority: Path) -> str:
    try:
        ssl.create_default_context(cafile=authority)
    except OSError as cause:  # absent, closed, or no certificate: ssl's own errors are among these
        raise SettingsError(f"JARING_SEARCH_CA tidak dapat dipakai: {authority} ({cause.strerror}).") from cause
    return str(authority)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client's errors into ours."""
    try:
        yield
    except UnsupportedProductError as cause:
        raise IndexUnavailable("Yang menjawab di JARING_SEARCH_URL bukan Elasticsearch.") from cause
    except ApiError as cause:
        raise _ours(cause) from cause
    except TransportError as cause:
        raise IndexUnavailable(f"Elasticsearch tidak menjawab: {told(cause)}") from cause


def is_missing(cause: ApiError) -> bool:
    """Say whether an index or alias is not there."""
    return cause.status_code == 404 and "index_not_found" in cause.message  # noqa: PLR2004  HTTP


def told(cause: Exception) -> str:
    """Return a foreign message, shortened: it may quote what was sent."""
    return str(getattr(cause, "message", None) or cause)[:_MOST_TOLD]


def _ours(cause: ApiError) -> Exception:
    if "too_many_buckets" in str(cause.body):
        return Refused("Terlalu banyak batang dan nilai sekaligus. Perpendek waktunya atau perlebar jaraknya.")
    if cause.status_code in {401, 403}:
        return IndexUnavailable("Elasticsearch menolak nama atau sandinya. Periksa JARING_SEARCH_URL.")
    if cause.status_code in PASSING:
        return IndexUnavailable(f"Elasticsearch belum dapat melayani: {told(cause)}")
    if is_missing(cause):
        return IndexUnavailable("Indeks tidak ada di Elasticsearch. Jalankan: jaring index rebuild")
    return cause  # our own mistake, not the cluster's
