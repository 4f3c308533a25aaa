"""The fields that `field:value` may name, and which values a document has in each: one truth for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.documents import PostDocument
from domain.labels import CaseState, Channel, Intent, Language, Sentiment, Urgency

FIELDS = (
    "topic", "opd", "kecamatan", "desa", "sentiment", "intent", "urgency",
    "source", "channel", "language", "state", "region", "author",
)  # fmt: skip

# Fields whose values are a closed list: anything else is a slip of the pen, and told as such.
CLOSED: Mapping[str, type[StrEnum]] = {
    "sentiment": Sentiment,
    "intent": Intent,
    "urgency": Urgency,
    "channel": Channel,
    "language": Language,
    "state": CaseState,
}


def normal_value(value: str) -> str:
    """Return a value as fields are compared: without case, blanks made one."""
    return " ".join(value.casefold().split())


def topic_values(topic: str) -> frozenset[str]:
    """Return what a topic answers to: itself and the main topic it belongs to."""
    return frozenset({normal_value(topic), normal_value(topic.partition(".")[0])})


def area_values(document: PostDocument, kode: str | None) -> frozenset[str]:
    """Return what the area of a case answers to: its code and, where the desk named it, its name."""
    if kode is None:
        return frozenset()
    return frozenset({kode} | {normal_value(p.name) for p in document.places if p.kode == kode})


def fields_of(document: PostDocument) -> Mapping[str, frozenset[str]]:
    """Return the values that a document has in each of `FIELDS`."""

    def one(value: str | None) -> frozenset[str]:
        return frozenset() if value is None else frozenset({normal_value(value)})

    return {
        "topic": topic_values(document.topic),
        "opd": one(document.opd),
        "kecamatan": area_values(document, document.kecamatan),
        "desa": area_values(document, document.desa),
        "sentiment": one(document.sentiment),
        "intent": one(document.intent),
        "urgency": one(document.urgency),
        "source": one(document.source),
        "channel": one(document.channel),
        "language": one(document.language),
        "state": one(document.state),
        "region": one(document.region),
        "author": one(document.author),
    }
