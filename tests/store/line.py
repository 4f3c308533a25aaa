"""A small line for tests of the store: posts, a reader and a decider that are pure and say what they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from domain.cases import Case, CaseStatus, OpdCandidate, ResolvedPlace
from domain.documents import PostDocument
from domain.ids import case_id
from domain.labels import Authority, Intent, LabelTask, Language, Sentiment, Urgency
from domain.posts import Incoming, RawPost
from domain.reading import Oversight, Reading, TopicScore
from domain.scope import Scope
from domain.search import BulkItem, Tombstone
from domain.stories import SIGNATURE_SIZE
from store import Store
from store.watches_ack import Watcher

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REGION = "lombok-barat"
OTHER = "kota-bengkulu"
ALL = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True, may_reveal=True)


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


def incoming(number: int | str = 1, text: str | None = None, **changes: Any) -> Incoming:
    """A post of the region's own source; another number is another post."""
    fields: dict[str, Any] = {
        "namespace": "web",
        "native_id": f"https://contoh.id/{number}",
        "source": "contoh",
        "regions": (REGION,),
        "text": text if text is not None else f"Jalan di desa nomor {number} rusak parah dan belum diperbaiki",
        "published_at": NOW - timedelta(hours=1),
        "fetched_at": NOW,
    }
    return Incoming(**(fields | changes))


class PureReader:
    """Reads the same words the same way. The word `racun` makes it fail."""

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
        for post in posts:
            if "racun" in post.words:
                raise ValueError("cannot read this")
            yield reading_of(post)


def reading_of(post: RawPost) -> Reading:
    """The reading that `PureReader` gives."""
    low = post.words.lower()
    return Reading(
        post_id=post.id,
        revision=post.revision,
        language=Language.INDONESIAN,
        intent=Intent.COMPLAINT,
        intent_p=0.9,
        topics=(TopicScore(code="jalan.rusak" if "jalan" in low else "sampah.angkut", p=0.8),),
        sentiment=Sentiment.NEGATIVE,
        sentiment_p=0.7,
        urgency=Urgency.EMERGENCY if "darurat" in low else Urgency.ORDINARY,
        oversight=Oversight(p=0.9, accused=("kades",)) if "pungli" in low else None,
        near=signature(post.words),
        norm_version=1,
        decided_by={"topic": "test-1"},
    )


def signature(text: str) -> tuple[int, ...]:
    """A MinHash over words: alike texts get alike signatures."""
    words = sorted(set(text.lower().split()))
    if len(words) < 3:
        return ()
    return tuple(
        min(int.from_bytes(hashlib.blake2b(w.encode(), digest_size=4, salt=bytes([n])).digest(), "big") for w in words)
        for n in range(SIGNATURE_SIZE)
    )


class PureDecider:
    """A case per region named in the words, else per region the source listens for; none for `iklan`."""

    def decide(self, post: RawPost, reading: Reading, statuses: dict[str, CaseStatus]) -> Sequence[Case]:
        low = post.words.lower()
        if "iklan" in low:
            return []
        if "racun meja" in low:
            raise ValueError("cannot decide this")
        regions = [OTHER] if "bengkulu" in low else list(post.regions)
        return [self._case(post, reading, region, statuses.get(region, CaseStatus())) for region in regions]

    def _case(self, post: RawPost, reading: Reading, region: str, status: CaseStatus) -> Case:
        opd = status.said(LabelTask.OPD) or "PUTR"
        return Case(
            id=case_id(post.id, region),
            post_id=post.id,
            revision=post.revision,
            region=region,
            relevance=0.9,
            places=(ResolvedPlace(kode="52.01.06.2003", name="Sesela", level="desa", why="disebut"),),
            authority=Authority.REGENCY,
            opd=(OpdCandidate(kode=opd, name="PUTR", p=0.8, evidence=("jalan",)),),
            why="Karena menyebut jalan.",
            accused_opd=("PUTR",) if reading.oversight else (),
            local_date=post.published_at.date(),
            decided_by="test-1",
        )


class Shelf:
    """An index that remembers what it was handed, newest rev wins."""

    def __init__(self) -> None:
        self.held: dict[str, PostDocument | Tombstone] = {}
        self.handed = 0

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        self.handed += len(documents)
        for document in documents:
            before = self.held.get(document.id)
            if before is None or before.rev < document.rev:
                self.held[document.id] = document
        return [BulkItem(id=document.id, fate="written") for document in documents]


class Upserts(Protocol):
    """Anything that takes documents."""

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]: ...


def run_line(store: Store, shelf: Upserts, watcher: Watcher | None = None) -> None:
    """Work every belt until nothing waits."""
    reader, decider, belts = PureReader(), PureDecider(), store.belts
    while belts.step_read(reader) or belts.step_decide(decider) or belts.step_index(shelf.upsert, watcher=watcher):
        pass
