"""What Kibana is shown of cases: a projection of its own, with nothing in it that the whole center may not read.

Kibana can hide neither documents nor fields on a free licence, so what is *berkadar pengawasan* is not written here at
all: in its place stands a mark that only remembers the version, as it does for what was deleted. Who wrote a post,
whom it accuses, where it stands on the web and why the machine decided as it did are left out of every document.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import orjson

from domain.documents import PostDocument
from domain.regions.national import read_national
from domain.search import Tombstone
from indexer.elasticsearch.layout import must_have_place
from indexer.moments import microseconds

_KEYWORD = {"type": "keyword"}
_DATE = {"type": "date"}
_HOURS = {"type": "float"}
_FLAG = {"type": "boolean"}
_MARK: dict[str, dict[str, Any]] = {
    "id": _KEYWORD, "rev": {"type": "long"}, "month": _KEYWORD, "gone": _FLAG,
}  # fmt: skip
_CASE: dict[str, dict[str, Any]] = {
    "@timestamp": _DATE, "ingested_at": _DATE, "late_hours": _HOURS, "date_trust": _KEYWORD,
    "region": _KEYWORD, "source": _KEYWORD, "channel": _KEYWORD, "language": _KEYWORD, "intent": _KEYWORD,
    "topic": _KEYWORD, "topic_main": _KEYWORD, "urusan": _KEYWORD, "sentiment": _KEYWORD, "urgency": _KEYWORD,
    "abuse": _FLAG, "relevance": {"type": "float"}, "authority": _KEYWORD, "opd": _KEYWORD, "opd_p": {"type": "float"},
    "kecamatan": _KEYWORD, "kecamatan_name": _KEYWORD, "desa": _KEYWORD, "place": _KEYWORD,
    "loc": {"type": "geo_point"},
    "state": _KEYWORD, "story": _KEYWORD, "ticket": _KEYWORD, "ticket_state": _KEYWORD, "corrected": _KEYWORD,
    "engagement": {"properties": {x: {"type": "long"} for x in ("likes", "replies", "shares", "views")}},
}  # fmt: skip
_AS_IT_IS = (
    "id", "rev", "month", "date_trust", "region", "source", "channel", "title", "text", "language", "intent", "topic",
    "topic_main", "urusan", "sentiment", "urgency", "abuse", "relevance", "authority", "opd", "opd_p", "kecamatan",
    "desa", "state", "story", "ticket", "ticket_state", "corrected", "engagement",
)  # fmt: skip
_INDONESIAN = "analysis-common"  # the module that knows Indonesian stop words and affixes


def shown_mappings(modules: Collection[str]) -> dict[str, Any]:
    """Return the mapping of what is shown: words in Indonesian, and beside them as they are written."""
    text: dict[str, Any] = {"type": "text", "fields": {"std": {"type": "text", "analyzer": "standard"}}}
    if _INDONESIAN in modules:
        text["analyzer"] = "indonesian"
    return {"dynamic": "strict", "properties": {**_MARK, **_CASE, "title": text, "text": text}}


def shown_body(item: PostDocument | Tombstone) -> bytes:
    """Return what is stored. Raises: ValueError, TypeError, OverflowError for what cannot be."""
    must_have_place(item)
    if isinstance(item, Tombstone) or item.oversight:
        return mark(item.id, item.rev, item.month)
    body: dict[str, Any] = {name: getattr(item, name) for name in _AS_IT_IS}
    body["@timestamp"] = microseconds(item.published_at) // 1_000
    body["ingested_at"] = item.ingested_at
    body["late_hours"] = hours_between(microseconds(item.published_at), microseconds(item.ingested_at))
    body["place"] = item.places[0].name if item.places else None
    body["kecamatan_name"] = kecamatan_name(item.kecamatan)
    if item.lat is not None and item.lon is not None:
        body["loc"] = {"lat": item.lat, "lon": item.lon}
    return orjson.dumps(body, default=vars)


def mark(name: str, rev: int, period: str) -> bytes:
    """Return what stands for something that is not shown: it keeps an older state from coming back."""
    return orjson.dumps({"gone": True, "id": name, "rev": rev, "month": period})


def hours_between(start: int, end: int) -> float:
    """Return the hours between two moments in microseconds; 0 where the second is not later."""
    return round(max(end - start, 0) / 3_600_000_000, 3)


def kecamatan_name(kode: str | None) -> str | None:
    """Return the name of a kecamatan by its code; the code itself where the national list does not have it."""
    return None if kode is None else _kecamatan().get(kode, kode)


@cache
def _kecamatan() -> dict[str, str]:
    return {area.kode: area.name for area in read_national(villages=False) if area.level == "kecamatan"}
