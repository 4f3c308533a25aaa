"""Months invented for the panels of Tren: an index filled straight, and sources with a past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.datastructures import QueryParams

from api.parts import Parts
from api.speech import speech
from api.trends.asked import read_trend_asked
from api.trends.page import question_of, teller_of
from api.trends.question import Question
from api.trends.teller import Teller
from api.visitors import GRANTS, WRITE, Visitor
from domain.documents import PostDocument
from domain.labels import Sentiment, SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.scope import Scope
from store.people import Role, User
from tests.api.installation import Installation, installed
from tests.api.told import NOW, OTHER, REGION
from tests.contracts.index.documents import make_document

EVERYTHING = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True)
MOODS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE, Sentiment.POSITIVE)
PLACES = ("52.01.08.2004", "52.01.08.2009", "52.01.07.2003", "52.01.03")
TOPICS = ("jalan.rusak", "sampah.angkut", "air.pdam")
OFFICES = {"jalan.rusak": "PUTR", "sampah.angkut": "DLH", "air.pdam": "PDAM"}


@dataclass
class Scene:
    """An installation whose index holds a month of somebody's making."""

    place: Installation

    @property
    def parts(self) -> Parts:
        """What the pages ask."""
        parts: Parts = self.place.app.state.parts
        return parts

    def fill(
        self, per_day: Callable[[int], int], *, days: int = 60, source: str = "info-lobar", mark: str = ""
    ) -> None:
        """Posts of each of the last days, the last one today; `per_day` is given how many days ago."""
        documents = [
            post(f"{mark}{source}-{ago}-{n}", ago, n, source=source) for ago in range(days) for n in range(per_day(ago))
        ]
        for start in range(0, len(documents), 500):
            self.place.index.upsert(documents[start : start + 500])
        self.place.index.refresh()

    def crawled(self, source: str, healthy: Callable[[int], bool | None], *, days: int = 60) -> None:
        """A source's crawls, one a day: answered, failed, or none at all."""
        for ago in range(days - 1, -1, -1):
            answered = healthy(ago)
            if answered is not None:
                state = SourceState.OK if answered else SourceState.FAILED
                self.place.store.sources.record(CrawlOutcome(source, state, NOW - timedelta(days=ago)))

    def source(self, key: str, name: str) -> None:
        """One more source."""
        spec = SourceSpec(key=key, name=name, kind="rss", url=f"https://contoh.invalid/{key}", regions=(REGION,))
        self.place.store.sources.add(spec)

    def question(self, address: str = "", scope: Scope = EVERYTHING) -> Question:
        """What a reader of that scope asks by an address."""
        visitor = Visitor(User("uji", "Uji", Role.LEADER), scope, GRANTS[WRITE])
        return question_of(self.parts, visitor, read_trend_asked(QueryParams(address)))

    def teller(self, question: Question, lang: str = "id") -> Teller:
        """Who says the answer."""
        return teller_of(question, speech(lang))


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    """An empty scene."""
    with installed(home, more=0, told=()) as place:
        yield Scene(place)


def post(key: str, ago: int, n: int, *, source: str = "info-lobar", **changes: Any) -> PostDocument:
    """One post of a day, a story of its own."""
    at = NOW - timedelta(days=ago, minutes=n)
    topic, area = TOPICS[n % 3], PLACES[n % 4]
    kecamatan = area[:8]
    plain: dict[str, Any] = {
        "published_at": at, "ingested_at": at, "local_date": (at + timedelta(hours=8)).date(), "source": source,
        "month": f"{at:%Y-%m}", "topic": topic, "sentiment": MOODS[n % 4], "opd": OFFICES[topic],
        "kecamatan": kecamatan, "desa": area if len(area) > len(kecamatan) else None,
        "places": ({"kode": area, "name": "Tempat", "level": "desa", "why": "disebut"},),
    }  # fmt: skip
    return make_document(key, f"jalan {source} rusak {key}", **(plain | changes))
