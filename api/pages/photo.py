"""`/foto/{id}`: a photo of a report, for those who may see a case of it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from api.parts import Rooms
from api.visitors import PageReader
from store.photos import ShownPhoto

router = APIRouter()
# A picture needs nothing and runs nothing; browsers style the sheet that they show it on.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@router.get("/foto/{photo}")
def photo(visitor: PageReader, parts: Rooms, photo: str) -> Response:
    """The photo as it is kept."""
    return picture(parts.store.photos.shown(photo, visitor.scope))


@router.get("/foto/{photo}/kecil")
def thumbnail(visitor: PageReader, parts: Rooms, photo: str) -> Response:
    """The photo at the size of a thumbnail."""
    return picture(parts.store.photos.shown(photo, visitor.scope, small=True))


def picture(shown: ShownPhoto) -> Response:
    """A photo as an answer: never cached, for who may see it may change."""
    headers = {"Content-Security-Policy": POLICY, "Content-Disposition": 'inline; filename="foto.jpg"'}
    return Response(shown.body, media_type=shown.media_type, headers=headers)
