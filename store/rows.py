"""Between rows and values: the one place that knows how a post and a reading lie in their columns."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import BaseModel

from domain.posts import Engagement, Hints, RawPost
from domain.reading import Reading
from store.types import AnyRow

_SIGNATURE = "I"  # unsigned 32-bit
_NO_ENGAGEMENT = Engagement()
_NO_HINTS = Hints()


def post_row(post: RawPost) -> dict[str, Any]:
    """The columns that a `RawPost` fills."""
    return {
        "id": post.id,
        "namespace": post.namespace,
        "native_id": post.native_id,
        "source": post.source,
        "regions": dump(list(post.regions)),
        "channel": post.channel.value,
        "url": post.url,
        "author": post.author,
        "title": post.title,
        "text": post.text,
        "pii": _many(post.pii),
        "published_at": post.published_at,
        "date_trust": post.date_trust.value,
        "fetched_at": post.fetched_at,
        "parent": post.parent,
        "media": _many(post.media),
        "lat": post.lat,
        "lon": post.lon,
        "engagement": None if post.engagement == _NO_ENGAGEMENT else post.engagement.model_dump_json(exclude_none=True),
        "wire": post.wire,
        "hints": None if post.hints == _NO_HINTS else post.hints.model_dump_json(exclude_none=True),
        "revision": post.revision,
        "withdrawn_at": post.withdrawn_at,
    }


def post_of(row: AnyRow) -> RawPost:
    """The post that a row holds."""
    return RawPost.model_validate(
        {
            "id": row.id,
            "namespace": row.namespace,
            "native_id": row.native_id,
            "source": row.source,
            "regions": orjson.loads(row.regions),
            "channel": row.channel,
            "url": row.url,
            "author": row.author,
            "title": row.title,
            "text": row.text,
            "pii": orjson.loads(row.pii or "[]"),
            "published_at": row.published_at,
            "date_trust": row.date_trust,
            "fetched_at": row.fetched_at,
            "parent": row.parent,
            "media": orjson.loads(row.media or "[]"),
            "lat": row.lat,
            "lon": row.lon,
            "engagement": orjson.loads(row.engagement) if row.engagement else _NO_ENGAGEMENT,
            "wire": row.wire,
            "hints": orjson.loads(row.hints) if row.hints else _NO_HINTS,
            "revision": row.revision,
            "withdrawn_at": row.withdrawn_at,
        }
    )


def reading_body(reading: Reading) -> str:
    """A reading as JSON without its signature, which lies in a column of its own."""
    return reading.model_dump_json(exclude={"near"}, exclude_defaults=True)


def reading_of(body: str, near: bytes | None) -> Reading:
    """The reading that a row holds."""
    fields = orjson.loads(body)
    fields["near"] = unpack(near)
    return Reading.model_validate(fields)


def pack(signature: Sequence[int]) -> bytes | None:
    """A MinHash signature as bytes; None for an empty one."""
    return array(_SIGNATURE, signature).tobytes() if signature else None


def unpack(packed: bytes | None) -> tuple[int, ...]:
    """The signature that `pack` packed."""
    return tuple(array(_SIGNATURE, packed)) if packed else ()


def dump(value: object) -> str:
    """Write plain values as JSON text."""
    return orjson.dumps(value).decode()


def _many(values: Sequence[BaseModel]) -> str | None:
    return dump([value.model_dump(mode="json") for value in values]) if values else None
