"""A stand-in for Kibana on loopback, shaped on the documentation of its API: what it answers and how it refuses."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

USER, PASSWORD = "elastic", "s4ndi:rahasia"
KNOWN = {"index-pattern", "lens", "search", "dashboard"}

Answer = tuple[int, Any]


@dataclass
class Double:
    """What a Kibana holds. Tests set `starting` (answers still to come before it is ready) and change what it holds."""

    spaces: dict[str, dict[str, Any]] = field(default_factory=lambda: {"default": {"id": "default", "name": "Default"}})
    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # space -> type/id -> object
    asked: list[str] = field(default_factory=list)
    starting: int = 0
    refuses: dict[str, dict[str, Any]] = field(default_factory=dict)  # type/id -> the error of its import
    forgets: set[str] = field(default_factory=set)  # type/id that it says it took and did not
    url: str = ""

    @property
    def written(self) -> list[str]:
        """The requests that changed something, in their order."""
        return [one for one in self.asked if not one.startswith("GET") and "_export" not in one]

    def answer(self, method: str, path: str, body: bytes, headers: Any) -> Answer:
        """Answer one request."""
        self.asked.append(f"{method} {path}")
        if self.starting:
            self.starting -= 1
            return 503, "Kibana server is not ready yet"
        if method != "GET" and not headers.get("kbn-xsrf"):
            return _error(400, "Request must contain a kbn-xsrf header.")
        login = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("Authorization") != login:
            return _error(401, "[security_exception] unable to authenticate user")
        url = urlsplit(path)
        if found := re.fullmatch(r"/api/spaces/space(?:/([^/]+))?", url.path):
            return self._space(method, found[1], json.loads(body or b"{}"))
        if found := re.fullmatch(r"/api/security/role/([^/]+)", url.path):
            return self._role(method, unquote(found[1]), json.loads(body or b"{}"))
        if found := re.fullmatch(r"/s/([^/]+)/api/saved_objects/_(import|export)", url.path):
            if found[1] not in self.spaces:
                return _error(404, f"Saved object [space/{found[1]}] not found")
            if found[2] == "export":
                return self._export(found[1], json.loads(body))
            return self._import(found[1], body, headers, overwrite="true" in parse_qs(url.query).get("overwrite", []))
        return _error(404, "Not Found")

    def _space(self, method: str, name: str | None, body: dict[str, Any]) -> Answer:
        if method == "POST":
            if body["id"] in self.spaces:
                return _error(409, f"A space with the identifier {body['id']} already exists.")
            self.spaces[body["id"]] = {"imageUrl": "", **body}
            return 200, self.spaces[body["id"]]
        if name not in self.spaces:
            return _error(404, "Not Found")
        if method == "PUT":
            self.spaces[name] = {"imageUrl": "", **body}
        return 200, self.spaces[name]

    def _role(self, method: str, name: str, body: dict[str, Any]) -> Answer:
        if method == "PUT":
            unknown = body.keys() - {"description", "metadata", "elasticsearch", "kibana"}
            if unknown:
                return _error(400, f"[request body.{min(unknown)}]: definition for this key is missing")
            indices = [{**x, "allow_restricted_indices": False} for x in body["elasticsearch"]["indices"]]
            elastic = {**body["elasticsearch"], "indices": indices}
            self.roles[name] = {**body, "name": name, "elasticsearch": elastic, "_transform_error": []}
            return 204, None
        return (200, self.roles[name]) if name in self.roles else _error(404, "Not Found")

    def _import(self, space: str, body: bytes, headers: Any, *, overwrite: bool) -> Answer:
        form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + body)
        (part,) = form.iter_parts()
        if part.get_param("name", header="content-disposition") != "file" or "." not in str(part.get_filename()):
            return _error(400, "[request body.file]: expected value of type [Stream]")
        sent = [json.loads(line) for line in part.get_payload(decode=True).splitlines() if line.strip()]
        held = self.objects.setdefault(space, {})
        coming = held.keys() | {f"{x['type']}/{x['id']}" for x in sent}
        errors = [x | {"error": why} for x in sent if (why := self._refusal(x, held, coming, overwrite=overwrite))]
        bad = {f"{x['type']}/{x['id']}" for x in errors}
        for one in sent:
            key = f"{one['type']}/{one['id']}"
            if key not in bad | self.forgets:
                held[key] = brought_up_to_date(one)
        told = [{"type": x["type"], "id": x["id"], "meta": {}, "error": x["error"]} for x in errors]
        answer = {"success": not told, "successCount": len(sent) - len(told), "warnings": []}
        return 200, answer | ({"errors": told} if told else {})

    def _refusal(
        self, one: dict[str, Any], held: dict[str, Any], coming: set[str], *, overwrite: bool
    ) -> dict[str, Any] | None:
        key = f"{one['type']}/{one['id']}"
        if one["type"] not in KNOWN:
            return {"type": "unsupported_type"}
        missing = [x for x in one["references"] if f"{x['type']}/{x['id']}" not in coming]
        if missing:
            return {"type": "missing_references", "references": missing}
        if key in held and not overwrite:
            return {"type": "conflict"}
        return self.refuses.get(key)

    def _export(self, space: str, body: dict[str, Any]) -> Answer:
        found = [x for x in self.objects.get(space, {}).values() if x["type"] in body["type"]]
        lines = [json.dumps(x) for x in found]
        if not body.get("excludeExportDetails"):
            lines.append(json.dumps({"exportedCount": len(found), "missingRefCount": 0, "missingReferences": []}))
        return 200, "\n".join(lines)


def brought_up_to_date(one: dict[str, Any]) -> dict[str, Any]:
    """What Kibana makes of an object of an older version: more defaults, its texts in another order, its own notes."""
    attributes = dict(one["attributes"])
    for name, value in attributes.items():
        if name.endswith("JSON"):
            opened = json.loads(value)
            attributes[name] = json.dumps(dict(reversed(opened.items())) if isinstance(opened, dict) else opened)
    if one["type"] == "dashboard":
        attributes["panelsJSON"] = json.dumps(
            [{**panel, "version": "9.5.0", "gridData": {**panel["gridData"], "sectionId": None}}
             for panel in json.loads(attributes["panelsJSON"])]
        )  # fmt: skip
    if one["type"] == "lens":
        attributes["version"] = 2
    noted = {"created_at": "2026-11-22T00:00:00Z", "updated_at": "2026-11-22T00:00:00Z", "version": "WzEsMV0="}
    return {**one, **noted, "attributes": attributes, "managed": False, "typeMigrationVersion": "10.3.0"}


@contextmanager
def running() -> Iterator[Double]:
    """A stand-in that listens for the length of a block."""
    double = Double()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, told = double.answer(self.command, self.path, body, self.headers)
            answer = b"" if told is None else (told if isinstance(told, str) else json.dumps(told)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815  the names that http.server asks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        double.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield double
        finally:
            server.shutdown()
            thread.join()


def _error(status: int, message: str) -> Answer:
    return status, {"statusCode": status, "error": "Error", "message": message}
