"""What Elasticsearch is told of a document: fields for people and Kibana, and under `find` what we search by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from domain.text.tokens import NORM_VERSION
from domain.vectors import DIMENSIONS

MAPPING_VERSION = 4  # grows with any change here or in `layout`: `jaring index migrate` then makes new indices
REFRESH = "5s"  # how soon a write is found; explicit, so that an index nobody searches is refreshed, too
REFRESH_WHILE_BUILDING = "30s"

_KEYWORD = {"type": "keyword"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}  # comes back with the document, is not asked for
_KEPT_NUMBER = {"type": "float", "index": False, "doc_values": False}
_UNREAD = {"type": "object", "enabled": False}
_COUNTED = {"type": "integer", "index": False}
_TOKENS = {"type": "text", "analyzer": "whitespace"}  # tokens are made once, in Python, for every engine
_FLAG = {"type": "boolean"}

_DOCUMENT: dict[str, dict[str, Any]] = {
    "id": _KEYWORD, "post_id": _KEYWORD, "region": _KEYWORD, "rev": {"type": "long"}, "month": _KEYWORD,
    "source": _KEYWORD, "channel": _KEYWORD, "url": _KEPT, "author": _KEYWORD, "published_at": _KEPT,
    "date_trust": _KEYWORD, "ingested_at": {"type": "date"}, "local_date": {"type": "date", "format": "strict_date"},
    "language": _KEYWORD, "intent": _KEYWORD, "topic": _KEYWORD, "topic_main": _KEYWORD, "urusan": _KEYWORD,
    "sentiment": _KEYWORD, "urgency": _KEYWORD, "oversight": _FLAG, "abuse": _FLAG,
    "relevance": {"type": "float"}, "authority": _KEYWORD, "opd": _KEYWORD, "opd_p": {"type": "float"}, "opds": _UNREAD,
    "accused_opd": _KEYWORD, "places": _UNREAD, "kecamatan": _KEYWORD, "desa": _KEYWORD, "lat": _KEPT_NUMBER,
    "lon": _KEPT_NUMBER, "state": _KEYWORD, "story": _KEYWORD, "parent": _KEPT, "why": _KEPT,
    "engagement": {"properties": {x: {"type": "long"} for x in ("likes", "replies", "shares", "views")}},
    "corrected": _KEYWORD, "ticket": _KEYWORD, "ticket_state": _KEYWORD,
}  # fmt: skip
_FIND: dict[str, dict[str, Any]] = {
    "exact": _TOKENS, "stem": _TOKENS,
    "words": _KEYWORD,  # telling words, each once: what emerges is counted by
    "is": {"type": "keyword", "doc_values": False},  # "field:value" of everything that `field:value` may ask
    "areas": {"type": "keyword", "doc_values": False},  # each area with all that it lies in
    "published": {"type": "long"},  # microseconds: a date holds milliseconds only
    "story": {"type": "long", "index": False},  # as a number: stories are counted by it in a third of the time
    "tie": {"type": "long", "index": False},  # how the id begins, as a number: sorted by in a third of the time
    "marks": {"properties": dict.fromkeys(("a", "b", "c", "d"), _COUNTED)},
}  # fmt: skip

# Where a case stands in meaning, and by which encoder: vectors of two are never compared.
_MEANING: dict[str, dict[str, Any]] = {
    "emb": {
        "type": "dense_vector", "dims": DIMENSIONS, "index": True, "similarity": "cosine",
        "index_options": {"type": "int8_hnsw"},
    },
    "emb_model": _KEYWORD,
}  # fmt: skip

# What full Elasticsearch can do beyond the core: module -> what it adds. One line each, and nothing depends on it.
EXTRA_SETTINGS: dict[str, dict[str, Any]] = {"x-pack-ilm": {"lifecycle": {"name": "jaring-posts"}}}
EXTRA_TEXT: dict[str, dict[str, Any]] = {"analysis-common": {"analyzer": "indonesian", "index": True}}  # for Discover
LIFECYCLE = {"phases": {"warm": {"min_age": "60d", "actions": {"forcemerge": {"max_num_segments": 1}}}}}


def settings(modules: Collection[str]) -> dict[str, Any]:
    """Return the settings of an index on a node that has these modules."""
    plain: dict[str, Any] = {
        "number_of_shards": 1,  # of a month: a province's 30 million posts want more, see docs/operations.md
        "auto_expand_replicas": "0-1",
        "refresh_interval": REFRESH,
        "codec": "best_compression",
        "sort.field": ["find.published", "find.tie"],
        "sort.order": ["desc", "asc"],
    }
    for module, extra in EXTRA_SETTINGS.items():
        plain |= extra if module in modules else {}
    return {"index": plain}


def mappings(modules: Collection[str]) -> dict[str, Any]:
    """Return the mapping on a node that has these modules."""
    text: dict[str, Any] = {"type": "text", "index": False}
    for module, extra in EXTRA_TEXT.items():
        text |= extra if module in modules else {}
    return {
        "dynamic": "strict",
        "_meta": {"mapping_version": MAPPING_VERSION, "norm_version": NORM_VERSION},
        "_source": {"excludes": ["find", "emb"]},  # truth is elsewhere: a rebuild makes it anew
        "properties": {
            **_DOCUMENT,
            **_MEANING,
            "title": text,
            "text": text,
            "@timestamp": {"type": "date"},
            "loc": {"type": "geo_point"},
            "gone": _FLAG,
            "find": {"properties": _FIND},
        },
    }
