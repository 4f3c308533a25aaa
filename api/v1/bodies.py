"""What bodies the API reads: JSON."""

from __future__ import annotations

from fastapi import Request

from api.problems import UnsupportedBody


def json_body(request: Request) -> None:
    """Refuse a body of another type, whatever is in it."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise UnsupportedBody("Kirim isi sebagai application/json.")
