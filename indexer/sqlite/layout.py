"""How a document becomes a row of numbers: the columns that searches filter and count by."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Sequence

import numpy as np

from domain.documents import PostDocument
from domain.query.fields import area_values, normal_value
from indexer.moments import microseconds

# int64
WIDE = ("published", "story", "author", "id_head", "id_next", "born")
# int32 codes into a dictionary of texts, 0 is "none"; in groups of which a corpus holds few combinations
MATTER = ("topic", "topic_main", "urusan", "opd", "authority")
MANNER = ("sentiment", "intent", "urgency", "channel", "language", "state")
AREA = ("kecamatan", "desa", "kecamatan_is", "desa_is", "areas")
OTHER = ("source", "region", "accused", "oversight")
CODED = (*MATTER, *MANNER, *AREA, *OTHER)
RECORD = np.dtype([(name, "<i8") for name in WIDE] + [("length", "<i4")] + [(name, "<i4") for name in CODED])
_PACK = struct.Struct(f"<{len(WIDE)}q{1 + len(CODED)}i")

SEVERAL = "\x1f"  # joins the values of a field that has several; stands in no code or name
YES = "ya"


def number_of(text: str | None) -> int:
    """Return 63 bits that stand for a text among millions: compared, never turned back. 0 for None."""
    if text is None:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def id_numbers(case: str) -> tuple[int, int]:
    """Return the first sixteen characters of an id as two numbers that sort as the id does."""
    head = case.encode("ascii", "replace")[:16].ljust(16, b"\0")
    return int.from_bytes(head[:8], "big"), int.from_bytes(head[8:], "big")


def matter_of(document: PostDocument) -> tuple[str | None, ...]:
    """Return the texts of `MATTER`. Members of enumerations as plain strings: they hash slowly."""
    return (document.topic, document.topic_main, document.urusan, document.opd, document.authority._value_)


def manner_of(document: PostDocument) -> tuple[str | None, ...]:
    """Return the texts of `MANNER`."""
    return (
        document.sentiment._value_,
        document.intent._value_,
        document.urgency._value_,
        document.channel._value_,
        document.language._value_,
        document.state._value_,
    )


def area_of(document: PostDocument) -> tuple[str | None, ...]:
    """Return the texts of `AREA`."""
    return (
        document.kecamatan,
        document.desa,
        _joined(area_values(document, document.kecamatan)),
        _joined(area_values(document, document.desa)),
        _joined(document.area_codes),
    )


def others_of(document: PostDocument) -> tuple[str | None, ...]:
    """Return the texts of `OTHER`."""
    return (document.source, document.region, _joined(document.accused_opd), YES if document.oversight else None)


def pack(document: PostDocument, *, length: int, born: int, codes: Sequence[int]) -> bytes:
    """Return a document's row. `codes` are the numbers of its texts, `length` counts exact tokens."""
    return _PACK.pack(
        microseconds(document.published_at),
        number_of(document.story),
        number_of(None if document.author is None else normal_value(document.author)),
        *id_numbers(document.id),
        born,
        length,
        *codes,
    )


def _joined(values: Collection[str]) -> str | None:
    return SEVERAL.join(sorted(values)) if values else None
