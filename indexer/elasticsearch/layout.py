"""How a document becomes the JSON that Elasticsearch holds, and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
import orjson

from domain.digests import mark_of
from domain.documents import WITHDRAWN, PostDocument
from domain.query.fields import area_values, normal_value, topic_values
from domain.search import Tombstone
from domain.text.tokens import word_forms
from indexer.moments import microseconds

_MONTH = re.compile(r"\d{4}-\d{2}")
_MOST_REV = 1 << 61  # a version is four times the rev and must fit 63 bits
_PART_BITS = 16  # of a mark: sums of so small numbers stay exact in the engine's floats
MARKS = ("a", "b", "c", "d")
_TIE_BYTES = 8  # of an id; a number of the index holds 63 bits
_ONE_VALUE = (
    "opd", "sentiment", "intent", "urgency", "source", "channel", "language", "state", "region", "author",
)  # fmt: skip
_OURS = ("@timestamp", "loc", "gone", "find", "emb", "emb_model")  # of a source, but not of the document


class Versioned(Protocol):
    """What has a rev: a case, a ticket, a deletion."""

    @property
    def rev(self) -> int: ...


def body_of(item: PostDocument | Tombstone) -> bytes:
    """Return what is stored. Raises: ValueError, TypeError, OverflowError for what cannot be."""
    must_have_place(item)
    if isinstance(item, Tombstone):
        return orjson.dumps({"gone": True, "id": item.id, "rev": item.rev, "month": item.month})
    # `vars` is three times faster than pydantic's own, which asks each member of an enumeration in Python.
    body = vars(item) | _added(item)
    del body["vector"], body["addresses"], body["withdrawn_at"]  # for engines and for readers, not kept
    if item.withdrawn_at is not None:
        body["text"] = WITHDRAWN  # for those who look with Kibana; no word of it is searched
    return orjson.dumps(body, default=vars)


def must_have_place(item: PostDocument | Tombstone) -> None:
    """Check that a version and an index can be named. Raises: ValueError, OverflowError."""
    if not 0 <= item.rev < _MOST_REV:
        raise OverflowError("rev di luar batas")
    if not _MONTH.fullmatch(item.month):
        raise ValueError(f"bulan {item.month!r} bukan TTTT-BB")


def version_of(item: Versioned) -> int:
    """Return the external version: by rev, and of one rev what has a vector wins, and the deletion over both."""
    if isinstance(item, Tombstone):
        return 4 * item.rev + 3
    return 4 * item.rev + (getattr(item, "vector", None) is not None)


def document_of(source: dict[str, Any]) -> PostDocument:
    """Return the document that a source holds."""
    for name in _OURS:
        source.pop(name, None)
    if source.get("text") == WITHDRAWN:
        source["text"] = ""
    return PostDocument.model_validate(source)


def sum_of_marks(sums: Iterable[float]) -> int:
    """Return the sum of the marks whose parts have these sums."""
    return sum(int(part) << (_PART_BITS * place) for place, part in enumerate(sums))


def _added(document: PostDocument) -> dict[str, Any]:
    forms = word_forms(document.words)
    exacts, stems = zip(*forms, strict=True) if forms else ((), ())
    micros = microseconds(document.published_at)
    mark = mark_of(document.id, document.rev)
    added: dict[str, Any] = {
        "@timestamp": micros // 1_000,
        "find": {
            "exact": " ".join(exacts),
            "stem": " ".join(filter(None, stems)),
            "words": list({exact for exact, stem in set(forms) if stem and not exact.isdigit()}),
            "is": list(_answers(document)),
            "areas": sorted(set().union(*map(_lies_in, document.area_codes))),
            "published": micros,
            "story": story_number(document.story),
            "tie": tie_of(document.id),
            "marks": {name: mark >> (_PART_BITS * place) & 0xFFFF for place, name in enumerate(MARKS)},
        },
    }
    if (vector := document.vector) is not None:
        # Whole numbers: the cosine knows no length, and they are half as long to write.
        added |= {"emb": np.frombuffer(vector.steps, np.int8).tolist(), "emb_model": vector.model}
    if document.lat is not None and document.lon is not None:
        added["loc"] = {"lat": document.lat, "lon": document.lon}
    return added


def story_number(story: str) -> int:
    """Return a story as a number: of a million, two alike are not to be expected (63 bits)."""
    return int.from_bytes(blake2b(story.encode(), digest_size=8).digest()) >> 1


def tie_of(case: str) -> int:
    """Return how an id begins as a number that orders as ids do: those that begin alike have the same."""
    return int.from_bytes(case.encode("utf-8", "replace")[:_TIE_BYTES].ljust(_TIE_BYTES, b"\0")) >> 1


def _answers(document: PostDocument) -> Iterator[str]:
    """Yield "field:value" of all that `domain.query.fields_of` says, in a third of its time."""
    for field in _ONE_VALUE:
        value = getattr(document, field)
        if value is not None:
            yield _normal(field, getattr(value, "_value_", value))  # a member of an enumeration hashes slowly
    for value in topic_values(document.topic):
        yield f"topic:{value}"
    for field in ("kecamatan", "desa"):
        for value in area_values(document, getattr(document, field)):
            yield f"{field}:{value}"


@lru_cache(maxsize=20_000)
def _normal(field: str, value: str) -> str:
    return f"{field}:{normal_value(value)}"


@lru_cache(maxsize=20_000)
def _lies_in(code: str) -> tuple[str, ...]:
    """Return an area's code and those of all areas above it."""
    parts = code.split(".")
    return tuple(".".join(parts[:count]) for count in range(1, len(parts) + 1))
