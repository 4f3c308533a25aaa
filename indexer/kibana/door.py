"""Kibana's HTTP API as far as Jaring needs it, with its errors turned into ours. Nothing is asked while it is built."""

from __future__ import annotations

import base64
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson

from domain.errors import Conflict, Refused, SettingsError, Unavailable
from indexer.kibana.objects import Saved, ndjson

_TIMEOUT = 30.0  # seconds of one request: an import of all takes a few
_PAUSE = 2.0  # seconds between two looks at a Kibana that is still starting
_BUSY = (429, 502, 503, 504)  # statuses that may pass by themselves
_BOUNDARY = "jaring-ndjson"
_MOST_TOLD = 200  # characters of a foreign message
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409
_STRANGERS = (401, 403)


@dataclass(frozen=True, slots=True)
class Address:
    """Where Kibana is, without its account, and the account as a header."""

    url: str
    authorization: str | None = None


def read_address(text: str) -> Address:
    """Read JARING_KIBANA_URL: `http://[user:password@]host:port[/path]`. Raises: SettingsError."""
    try:
        url = urlsplit(text.strip())
        port = f":{url.port}" if url.port else ""
    except ValueError as cause:
        raise _not_an_address() from cause
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise _not_an_address()
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    login = None
    if url.username:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        login = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return Address(f"{url.scheme}://{host}{port}{url.path.rstrip('/')}", login)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the account must not go where somebody points."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Kibana:
    """One Kibana. `patience` is how many seconds it may take to be ready."""

    address: Address
    patience: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    )

    def get(self, path: str) -> Any:
        """Return what stands at a path, None where nothing does."""
        status, body = self._ask("GET", path)
        return None if status == _NOT_FOUND else orjson.loads(body)

    def send(self, method: str, path: str, body: object) -> bytes:
        """Send a JSON body. Raises: Conflict where it is there already, Refused for what cannot be."""
        status, answer = self._ask(method, path, orjson.dumps(body), "application/json")
        if status == _NOT_FOUND:
            raise Refused(f"Kibana tidak mengenal {path}: {_told(answer)}")
        return answer

    def export(self, space: str, types: Iterable[str]) -> list[Saved]:
        """Return all saved objects of some types in a space. Raises: Refused where the space is not there."""
        body = {"type": list(types), "excludeExportDetails": True, "includeReferencesDeep": False}
        answer = self.send("POST", f"/s/{quote(space)}/api/saved_objects/_export", body)
        return [orjson.loads(line) for line in answer.splitlines() if line.strip()]

    def load(self, space: str, objects: Iterable[Saved]) -> None:
        """Import saved objects over those that are there. Raises: Refused that names the first that was not taken."""
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="jaring.ndjson"\r\n'
            "Content-Type: application/ndjson\r\n\r\n"
        )
        body = head.encode() + ndjson(objects) + f"\r\n--{_BOUNDARY}--\r\n".encode()
        path = f"/s/{quote(space)}/api/saved_objects/_import?overwrite=true"
        status, answer = self._ask("POST", path, body, f"multipart/form-data; boundary={_BOUNDARY}")
        if status == _NOT_FOUND:
            raise Refused(f"Ruang {space} tidak ada di Kibana.")
        told = orjson.loads(answer)
        if not told.get("success"):
            faults = told.get("errors") or [{}]
            first, more = faults[0], len(faults) - 1
            why = first.get("error", {})
            reason = f"{first.get('type')} {first.get('id')}: {why.get('message') or why.get('type') or 'tanpa alasan'}"
            also = f", dan {more} lainnya" if more else ""
            raise Refused(f"Kibana tidak menerima {reason[:_MOST_TOLD]}{also}.")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        left = self.patience
        while True:
            try:
                status, answer = self._once(method, path, body, kind)
            except (OSError, HTTPException) as cause:
                status, answer, why = 0, b"", _plain(cause)
            else:
                why = _told(answer)
            if status and status not in _BUSY:
                return _understood(status, answer, path)
            if left <= 0:
                raise Unavailable(f"Kibana di {self.address.url} belum dapat melayani: {why}")
            self.sleep(_PAUSE)
            left -= _PAUSE

    def _once(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, bytes]:
        headers = {"kbn-xsrf": "jaring", "Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        if self.address.authorization:
            headers["Authorization"] = self.address.authorization
        request = urllib.request.Request(self.address.url + path, data=body, headers=headers, method=method)  # noqa: S310  read_address lets only http and https through
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                return int(answer.status), bytes(answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read()


def _understood(status: int, answer: bytes, path: str) -> tuple[int, bytes]:
    if status < 300 or status == _NOT_FOUND:  # noqa: PLR2004  HTTP: done
        return status, answer
    if status in _STRANGERS:
        raise SettingsError("Kibana menolak nama atau sandinya. Periksa JARING_KIBANA_URL.")
    if status == _CONFLICT:
        raise Conflict(f"Kibana: {_told(answer)}")
    if status < 400:  # noqa: PLR2004  HTTP: elsewhere
        raise SettingsError(f"Kibana ada di alamat lain ({status} untuk {path}). Periksa JARING_KIBANA_URL.")
    raise Refused(f"Kibana menolak {path} ({status}): {_told(answer)}")


def _told(answer: bytes) -> str:
    try:
        told = orjson.loads(answer)
        words = told.get("message") or told.get("error")
    except (orjson.JSONDecodeError, AttributeError):
        words = None
    return str(words or answer.decode(errors="replace"))[:_MOST_TOLD]


def _plain(cause: Exception) -> str:
    return str(getattr(cause, "reason", None) or cause or type(cause).__name__)[:_MOST_TOLD]


def _not_an_address() -> SettingsError:
    return SettingsError("JARING_KIBANA_URL bukan alamat Kibana. Contoh: http://elastic:sandi@127.0.0.1:5601")
