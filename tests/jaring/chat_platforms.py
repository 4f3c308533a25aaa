"""Telegram's Bot API and WhatsApp's Cloud API on loopback, as far as answers and photos need them, errors included.

Shaped on their documentation: core.telegram.org/bots/api (getFile, errors with `parameters.retry_after`) and
developers.facebook.com (messages, media by id then by its address, errors with `error.code`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOT, TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "EAAJB-token-akses"


@dataclass
class Platforms:
    """Both platforms: what files they hold, what they were told, and the answers that come before the usual ones."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    first: list[tuple[int, dict[str, Any] | bytes]] = field(default_factory=list)

    def answer(self, method: str, path: str, bearer: str, body: bytes) -> tuple[int, dict[str, Any] | bytes]:
        """Status and answer."""
        self.asked.append(path)
        if self.first:
            return self.first.pop(0)
        if path.startswith(("/bot", "/file/bot")):
            return self._telegram(path)
        if bearer != TOKEN:
            return graph(401, 190, "Error validating access token")
        if method == "POST" and path.endswith("/messages"):
            self.sent.append(json.loads(body) | {"line": path.split("/")[2]})
            return 200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.R"}]}
        if path.startswith("/medium/"):
            return 200, self.files[path.rpartition("/")[2]]
        name = path.rpartition("/")[2]
        if name not in self.files:
            return graph(400, 100, "Unsupported get request", subcode=33)
        return 200, {
            "url": f"{self.url}/medium/{name}", "mime_type": "image/jpeg", "id": name,
            "sha256": hashlib.sha256(self.files[name]).hexdigest(), "file_size": len(self.files[name]),
        }  # fmt: skip

    def _telegram(self, path: str) -> tuple[int, dict[str, Any] | bytes]:
        if f"/bot{BOT}/" not in path:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        if path.startswith("/file/"):
            return 200, self.files[path.rpartition("/")[2]]
        name = path.partition("file_id=")[2]
        if name not in self.files:
            return 400, {"ok": False, "error_code": 400, "description": "Bad Request: invalid file_id"}
        found = {"file_id": name, "file_size": len(self.files[name]), "file_path": f"photos/{name}"}
        return 200, {"ok": True, "result": found}


def graph(status: int, code: int, words: str, *, subcode: int | None = None) -> tuple[int, dict[str, Any]]:
    """An error as Graph tells it."""
    error = {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return status, {"error": error | ({"error_subcode": subcode} if subcode else {})}


@contextmanager
def platforms() -> Iterator[Platforms]:
    """Both on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell(b"")

        def do_POST(self) -> None:
            self._tell(self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _tell(self, body: bytes) -> None:
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, told = made.answer(self.command, self.path, bearer, body)
            out = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "image/jpeg" if isinstance(told, bytes) else "application/json")
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Platforms(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
