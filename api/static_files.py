"""The pages' own files, served under a name that holds their hash: cached for ever, never stale."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from domain.errors import NotFound

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
HASH_LENGTH = 10  # 40 bits: enough to tell versions of one file apart
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is served. Pages themselves are never packed: they hold secrets beside what a stranger sent."""

    href: str
    body: bytes
    packed: bytes
    media_type: str


def load_assets() -> dict[str, Asset]:
    """The files of `api/static` by their plain name."""
    assets = {}
    for file in files("api").joinpath("static").iterdir():
        stem, _, suffix = file.name.rpartition(".")
        if suffix in TYPES:
            body = file.read_bytes()
            digest = hashlib.sha256(body).hexdigest()[:HASH_LENGTH]
            href = f"/static/{stem}.{digest}.{suffix}"
            assets[file.name] = Asset(href, body, gzip.compress(body, mtime=0), TYPES[suffix])
    return assets


def static_routes(assets: Mapping[str, Asset]) -> APIRouter:
    """Serve the assets by their hashed name, and nothing else."""
    by_name = {asset.href.rpartition("/")[2]: asset for asset in assets.values()}
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        if name not in by_name:
            raise NotFound("Berkas itu tidak ada.")
        asset = by_name[name]
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    return router
