"""How fast posts are read on one core, and what the desk adds.

Measured in seconds of the processor, which other programs on the machine do not take away.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from benches.figures import Figure
from benches.line import texts
from desk.decide import Desk
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.regions import load_regions
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from jaring.work import settle
from nlp.pipeline import build_reader

POSTS = 3_000
TOKENS = 40  # a post of ordinary length
AIM_PER_SECOND = 1_000.0


def main() -> list[Figure]:
    """Read POSTS posts of TOKENS words on one core; return posts per second."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    profiles = load_regions(("lombok-barat",))
    reader, desk = build_reader(profiles), Desk(profiles, load_taxonomy())
    now = datetime.now(UTC)
    posts = [_post(n, text, now) for n, text in enumerate(_of_length(POSTS))]
    list(reader.read(posts[:500]))  # caches and lazy tables
    settle()  # as the reading process does
    began = time.process_time()
    readings = list(reader.read(posts))
    read = POSTS / (time.process_time() - began)
    began = time.process_time()
    for post, reading in zip(posts, readings, strict=True):
        desk.decide(post, reading, {})
    decided = POSTS / (time.process_time() - began)
    began = time.process_time()
    for post in posts:
        tokenize(post.text)
    tokenised = POSTS / (time.process_time() - began)
    return [
        Figure(
            "membaca, 1 inti, 40 token",
            read,
            "kiriman/dtk",
            tokenised,
            read / tokenised,
            f"≥ {AIM_PER_SECOND:.0f}/dtk (batas: tokenisasi saja)",
            read >= AIM_PER_SECOND,
        ),
        Figure(
            "memutuskan, 1 inti",
            decided,
            "kiriman/dtk",
            None,
            None,
            f"≥ {AIM_PER_SECOND:.0f}/dtk",
            decided >= AIM_PER_SECOND,
        ),
    ]


def _of_length(count: int) -> list[str]:
    words = " ".join(texts(count * 2)).split()
    return [" ".join(words[n * TOKENS : (n + 1) * TOKENS]) for n in range(count)]


def _post(n: int, text: str, now: datetime) -> RawPost:
    return RawPost(
        id=post_id("bench", str(n)), namespace="bench", native_id=str(n), source="bench", regions=("lombok-barat",),
        channel=Channel.FORM, text=text, published_at=now, date_trust=DateTrust.EXACT, fetched_at=now,
    )  # fmt: skip
