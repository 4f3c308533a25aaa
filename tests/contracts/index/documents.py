"""Documents made for tests, and the plain model of search that every engine must agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from domain.cases import OpdCandidate, ResolvedPlace
from domain.documents import PostDocument
from domain.ids import case_id, post_id
from domain.labels import Authority, Channel, DateTrust, Intent, Language, Sentiment, Urgency
from domain.query import fields_of, matches, parse_query
from domain.scope import Scope
from domain.search import Filters, SearchQuery
from domain.text.tokens import tokenize

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REGIONS = ("lombok-barat", "lombok-timur")
EVERYWHERE = Scope(regions=frozenset(REGIONS), may_oversee=True)


def make_document(number: int | str, text: str = "jalan rusak", **changes: object) -> PostDocument:
    """Return a document; the same number is the same post. `changes` are fields of PostDocument."""
    region = str(changes.get("region", "lombok-barat"))
    post = post_id("web", f"https://example.test/{number}")
    published = changes.get("published_at", NOW)
    assert isinstance(published, datetime)
    topic = str(changes.get("topic", "jalan.rusak"))
    plain: dict[str, object] = {
        "id": case_id(post, region),
        "post_id": post,
        "region": region,
        "rev": 1,
        "month": "2026-11",
        "source": "kabar-barat",
        "channel": Channel.WEB,
        "text": text,
        "published_at": published,
        "date_trust": DateTrust.EXACT,
        "ingested_at": NOW,
        "local_date": (published + timedelta(hours=8)).date(),
        "language": Language.INDONESIAN,
        "intent": Intent.COMPLAINT,
        "topic": topic,
        "topic_main": topic.partition(".")[0],
        "urusan": "pekerjaan_umum",
        "sentiment": Sentiment.NEGATIVE,
        "urgency": Urgency.ORDINARY,
        "relevance": 0.9,
        "authority": Authority.REGENCY,
        "opd": "PUTR",
        "opd_p": 0.8,
        "opds": (OpdCandidate(kode="PUTR", name="Dinas PUTR", p=0.8, evidence=("jalan",)),),
        "story": case_id(post, region),
        "why": "jalan kabupaten",
    }
    return PostDocument.model_validate(plain | changes)


def place(kode: str, name: str = "Labuapi") -> ResolvedPlace:
    """Return an area by its code."""
    level = {1: "kabupaten", 2: "kecamatan", 3: "desa"}[kode.count(".")]
    return ResolvedPlace(kode=kode, name=name, level=level, why="disebut")


def newest_first(documents: Iterable[PostDocument]) -> list[PostDocument]:
    """Return documents in the order of Order.NEWEST."""
    return sorted(documents, key=lambda x: (-x.published_at.timestamp(), x.id))


def found(documents: Iterable[PostDocument], query: SearchQuery, scope: Scope = EVERYWHERE) -> list[PostDocument]:
    """Return what a search must find, newest first, not folded."""
    node = parse_query(query.q)
    return newest_first(
        x
        for x in documents
        if scope.allows(x) and passes(x, query.filters) and matches(node, tokenize(x.words), fields_of(x))
    )


def folded(documents: Iterable[PostDocument]) -> list[tuple[PostDocument, int]]:
    """Return the first document of each story with the number of its documents, in the given order."""
    listed = list(documents)
    sizes = Counter(x.story for x in listed)
    firsts: dict[str, PostDocument] = {}
    for document in listed:
        firsts.setdefault(document.story, document)
    return [(x, sizes[x.story]) for x in firsts.values()]


def passes(document: PostDocument, filters: Filters) -> bool:
    """Say whether a document fulfils every filter."""
    if filters.since is not None and document.published_at < filters.since:
        return False
    if filters.until is not None and document.published_at >= filters.until:
        return False
    if filters.oversight is not None and document.oversight != filters.oversight:
        return False
    if filters.topic and not {document.topic, document.topic_main} & set(filters.topic):
        return False
    plain = set(Filters.model_fields) - {"since", "until", "oversight", "topic"}
    return all(not getattr(filters, x) or getattr(document, x) in getattr(filters, x) for x in plain)


def counted(documents: Iterable[PostDocument], field: str) -> dict[str, int]:
    """Return how many documents carry each value of a field."""
    return dict(Counter(str(value) for x in documents if (value := getattr(x, field)) is not None))
