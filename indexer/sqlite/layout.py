"""How a document becomes a row of numbers: the columns that searches filter and count by."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.documents import PostDocument
from domain.query.fields import area_values, normal_value

# int64
WIDE = ("published", "ingested", "story", "author", "id_head", "id_next", "born")
# int32; all but `length` are codes into a dictionary of texts, 0 is "none"
CODED = (
    "topic", "topic_main", "urusan", "sentiment", "intent", "urgency", "opd", "source", "channel", "language", "state",
    "region", "authority", "kecamatan", "desa", "kecamatan_is", "desa_is", "areas", "accused", "oversight",
)  # fmt: skip
RECORD = np.dtype([(name, "<i8") for name in WIDE] + [("length", "<i4")] + [(name, "<i4") for name in CODED])
_PACK = struct.Struct(f"<{len(WIDE)}q{1 + len(CODED)}i")
BORN_AT = WIDE.index("born")

SEVERAL = "\x1f"  # joins the values of a field that has several; stands in no code or name
YES = "ya"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """Return the moment of microseconds since 1970, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def number_of(text: str | None) -> int:
    """Return 63 bits that stand for a text among millions: compared, never turned back. 0 for None."""
    if text is None:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def id_numbers(case: str) -> tuple[int, int]:
    """Return the first sixteen characters of an id as two numbers that sort as the id does."""
    head = case.encode("ascii", "replace")[:16].ljust(16, b"\0")
    return int.from_bytes(head[:8], "big"), int.from_bytes(head[8:], "big")


def pack(document: PostDocument, *, length: int, born: int, code: Callable[[str, str | None], int]) -> bytes:
    """Return a document's row. `code(field, text)` gives a text's number, `length` counts exact tokens."""
    return _PACK.pack(
        microseconds(document.published_at),
        microseconds(document.ingested_at),
        number_of(document.story),
        number_of(None if document.author is None else normal_value(document.author)),
        *id_numbers(document.id),
        born,
        length,
        code("topic", document.topic),
        code("topic_main", document.topic_main),
        code("urusan", document.urusan),
        code("sentiment", document.sentiment),
        code("intent", document.intent),
        code("urgency", document.urgency),
        code("opd", document.opd),
        code("source", document.source),
        code("channel", document.channel),
        code("language", document.language),
        code("state", document.state),
        code("region", document.region),
        code("authority", document.authority),
        code("kecamatan", document.kecamatan),
        code("desa", document.desa),
        code("kecamatan_is", _joined(sorted(area_values(document, document.kecamatan)))),
        code("desa_is", _joined(sorted(area_values(document, document.desa)))),
        code("areas", _joined(sorted(document.area_codes))),
        code("accused", _joined(sorted(document.accused_opd))),
        code("oversight", YES if document.oversight else None),
    )


def _joined(values: list[str]) -> str | None:
    return SEVERAL.join(values) or None
