"""Invented cases by the hundred thousand: words by Zipf's law, comments and articles, reposts, places, agencies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate

from domain.cases import OpdCandidate, ResolvedPlace
from domain.documents import PostDocument
from domain.ids import case_id, post_id
from domain.labels import Authority, Channel, DateTrust, Intent, Language, Sentiment, Urgency

REGIONS = ("lombok-barat", "lombok-timur")
NEWEST = datetime(2026, 11, 20, tzinfo=UTC)
YEARS = 2  # that the cases spread over
_ZIPF = 0.9
_ARTICLES = 0.15  # share of long texts; the others are comments and complaints
_REPOSTS = 0.25  # share that belongs to the story of an earlier case
_TOPICS = tuple(f"{main}.{leaf}" for main in "abcdefghijklmnopqrstuvwxyz" for leaf in ("satu", "dua", "tiga", "lain"))
_OPDS = tuple(f"OPD{n}" for n in range(30))


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return words and their cumulative weights, the most frequent first."""
    words = [x for x in (files("domain.text") / "roots.txt").read_text().split() if len(x) > 3]
    random.Random(1).shuffle(words)
    return tuple(words), tuple(accumulate(1 / (n + 1) ** _ZIPF for n in range(len(words))))


def cases(count: int, *, seed: int = 1) -> Iterator[PostDocument]:
    """Yield cases in the order they arrive, oldest first. The same seed yields the same cases."""
    chance = random.Random(seed)
    words, weights = vocabulary()
    stories: list[str] = []
    step = timedelta(days=365 * YEARS) / count
    for number in range(count):
        long = chance.random() < _ARTICLES
        size = chance.randint(120, 300) if long else chance.randint(15, 60)
        post = post_id("bench", f"{seed}-{number}")
        region = chance.choice(REGIONS)
        case = case_id(post, region)
        published = NEWEST - step * (count - number)
        kecamatan = f"52.0{1 + REGIONS.index(region)}.{chance.randint(1, 20):02d}"
        desa = f"{kecamatan}.20{chance.randint(1, 12):02d}"
        opd, topic = chance.choice(_OPDS), chance.choice(_TOPICS)
        if not stories or chance.random() > _REPOSTS:
            stories.append(case)
        yield PostDocument(
            id=case,
            post_id=post,
            region=region,
            rev=1,
            month=f"{published:%Y-%m}",
            source=f"sumber-{chance.randint(1, 40)}",
            channel=chance.choice(tuple(Channel)),
            title=" ".join(chance.choices(words, cum_weights=weights, k=8)) if long else None,
            text=" ".join(chance.choices(words, cum_weights=weights, k=size)),
            published_at=published,
            date_trust=DateTrust.EXACT,
            ingested_at=published + timedelta(minutes=5),
            local_date=published.date(),
            language=Language.INDONESIAN,
            intent=chance.choice(tuple(Intent)),
            topic=topic,
            topic_main=topic.partition(".")[0],
            urusan=topic[:1],
            sentiment=chance.choice(tuple(Sentiment)),
            urgency=chance.choice(tuple(Urgency)),
            oversight=chance.random() < 0.02,
            relevance=0.9,
            authority=Authority.REGENCY,
            opd=opd,
            opd_p=0.7,
            opds=(OpdCandidate(kode=opd, name=f"Dinas {opd}", p=0.7),),
            places=(
                ResolvedPlace(kode=desa, name="Desa", level="desa", why="disebut"),
                ResolvedPlace(kode=kecamatan, name="Kecamatan", level="kecamatan", why="di atas desa"),
            ),
            kecamatan=kecamatan,
            desa=desa,
            story=chance.choice(stories[-500:]),
        )
