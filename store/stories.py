"""Which story a case belongs to: decided once, inside the transaction that stores it, and undone only by people.

A story is named by its first case in a region. New cases are compared with first cases only, so a chain of
small changes cannot drag unlike posts into one story, and two stories are never merged.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select

from domain.stories import BANDS, LOOK_BACK, SAME_STORY, similarity
from store.database import among, pour
from store.rows import pack, unpack
from store.tables import cases, story_bands, story_heads, story_links

SAID: Final = "catat"  # who linked a case whose recorder said that it is the same
_FORGET: Final = 2_000  # heads of one write transaction
_MOST_COMPARED: Final = 40  # heads that share most bands; bounds the work on floods of half-alike texts


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A case that needs a story: it is new, or its words were revised."""

    case_id: str
    region: str
    near: Sequence[int]
    published_at: datetime
    revised: bool = False
    same: str | None = None  # a case that, a person says, tells of the same


@dataclass(eq=False, slots=True)
class _Head:
    case_id: str
    region: str
    near: Sequence[int]
    published_at: datetime
    keys: Sequence[int] = field(default=())


@dataclass(frozen=True, slots=True)
class Plan:
    """The story of each newcomer, and what to write once the cases themselves are stored."""

    stories: Mapping[str, str]
    heads: Sequence[_Head]
    links: Sequence[Mapping[str, Any]]

    def keep(self, connection: Connection, now: datetime) -> None:
        """Write heads, bands and links."""
        _keep_heads(connection, self.heads, now)
        if self.links:
            connection.execute(insert(story_links), [{**link, "linked_at": now} for link in self.links])


def plan(connection: Connection, newcomers: Sequence[Newcomer]) -> Plan:
    """Find the story of each newcomer among the stored ones and among each other, in the order given.

    A revised case that nobody joined is decided anew; one that others joined stays the head of its story.
    """
    _hold_back_others(connection, {n.region for n in newcomers})
    joined = _as_said(connection, newcomers)
    told = [n for n in newcomers if n.near and n.case_id not in joined]
    stories = {n.case_id: joined.get(n.case_id, n.case_id) for n in newcomers}
    fixed = _forget_revised(connection, [n.case_id for n in newcomers if n.revised])
    keys = {n.case_id: _keys(n.region, n.near) for n in told}
    by_band = _known(connection, {key for own in keys.values() for key in own})
    heads: list[_Head] = []
    links: list[dict[str, Any]] = [
        {"case_id": case_id, "story": head, "similarity": 1.0, "by": SAID} for case_id, head in joined.items()
    ]
    for newcomer in told:
        own = keys[newcomer.case_id]
        head, like = (None, 0.0) if newcomer.case_id in fixed else _best(newcomer, own, by_band)
        if head is None:
            head = _Head(newcomer.case_id, newcomer.region, newcomer.near, newcomer.published_at, own)
            heads.append(head)
            for key in own:
                by_band.setdefault(key, []).append(head)
        else:
            stories[newcomer.case_id] = head.case_id
            links.append({"case_id": newcomer.case_id, "story": head.case_id, "similarity": like, "by": None})
    return Plan(stories, heads, links)


def _as_said(connection: Connection, newcomers: Sequence[Newcomer]) -> dict[str, str]:
    """The first case of the story that a person put a newcomer to, where that story is there in its region."""
    named = {n.case_id: n.same for n in newcomers if n.same and n.same != n.case_id and not n.revised}
    if not named:
        return {}
    rows = connection.execute(
        select(cases.c.id, cases.c.region, story_links.c.story)
        .join_from(cases, story_links, story_links.c.case_id == cases.c.id, isouter=True)
        .where(cases.c.id.in_(sorted(set(named.values()))), cases.c.gone_at.is_(None))
    )
    heads = {row.id: (row.region, row.story or row.id) for row in rows}
    regions = {n.case_id: n.region for n in newcomers}
    return {
        case_id: heads[same][1]
        for case_id, same in named.items()
        if same in heads and heads[same][0] == regions[case_id]
    }


def forget_old(connection: Connection, now: datetime) -> int:
    """Drop heads that are too old to be joined, with their bands. Returns how many; links stay."""
    rows = connection.execute(
        select(story_heads.c.id, story_heads.c.region, story_heads.c.near)
        .where(story_heads.c.stored_at < now - LOOK_BACK)
        .limit(_FORGET)
    ).all()
    _drop(connection, [(row.id, row.region, row.near) for row in rows])
    return len(rows)


def _best(newcomer: Newcomer, own: Iterable[int], by_band: dict[int, list[_Head]]) -> tuple[_Head | None, float]:
    shared = Counter(head for key in own for head in by_band.get(key, ()))
    best, likest = None, SAME_STORY
    for head, _ in shared.most_common(_MOST_COMPARED):
        if head.region != newcomer.region or abs(head.published_at - newcomer.published_at) > LOOK_BACK:
            continue
        like = similarity(newcomer.near, head.near)
        if like > likest or (like == likest and (best is None or head.case_id < best.case_id)):
            best, likest = head, like
    return best, likest


def _known(connection: Connection, keys: Collection[int]) -> dict[int, list[_Head]]:
    """The stored heads that have any of these bands."""
    if not keys:
        return {}
    shared = select(story_bands.c.band, story_bands.c.head).where(among(connection, story_bands.c.band, sorted(keys)))
    pairs = connection.execute(shared).all()
    met = among(connection, story_heads.c.id, sorted({head for _, head in pairs}))
    heads = {
        row.id: _Head(row.case_id, row.region, unpack(row.near), row.published_at)
        for row in connection.execute(select(story_heads).where(met))
    }
    by_band: dict[int, list[_Head]] = {}
    for band, head in pairs:
        if head in heads:
            by_band.setdefault(band, []).append(heads[head])
    return by_band


def _keep_heads(connection: Connection, heads: Sequence[_Head], now: datetime) -> None:
    if not heads:
        return
    rows = [
        {
            "case_id": head.case_id, "region": head.region, "near": pack(head.near),
            "published_at": head.published_at, "stored_at": now,
        }
        for head in heads
    ]  # fmt: skip
    stored = connection.execute(insert(story_heads).returning(story_heads.c.id, story_heads.c.case_id), rows)
    numbers = {row.case_id: row.id for row in stored}
    pour(connection, story_bands, [(key, numbers[head.case_id]) for head in heads for key in sorted(set(head.keys))])


def _forget_revised(connection: Connection, case_ids: Sequence[str]) -> frozenset[str]:
    """Free revised cases of what the machine decided before. Returns those that others have joined."""
    if not case_ids:
        return frozenset()
    heads = connection.execute(
        select(story_heads.c.id, story_heads.c.region, story_heads.c.near).where(story_heads.c.case_id.in_(case_ids))
    ).all()
    _drop(connection, [(row.id, row.region, row.near) for row in heads])
    connection.execute(delete(story_links).where(story_links.c.case_id.in_(case_ids), story_links.c.by.is_(None)))
    joined = connection.execute(select(story_links.c.story).distinct().where(story_links.c.story.in_(case_ids)))
    return frozenset(joined.scalars())


def _drop(connection: Connection, heads: Sequence[tuple[int, str, bytes]]) -> None:
    pairs = [{"b": key, "h": number} for number, region, near in heads for key in _keys(region, unpack(near))]
    if pairs:
        mine = and_(story_bands.c.band == bindparam("b"), story_bands.c.head == bindparam("h"))
        connection.execute(delete(story_bands).where(mine), pairs)
    numbers = [number for number, _, _ in heads]
    connection.execute(delete(story_heads).where(among(connection, story_heads.c.id, numbers)))


def _hold_back_others(connection: Connection, regions: Collection[str]) -> None:
    """Let one transaction at a time decide stories of a region: two copies at once would make two stories."""
    if connection.dialect.name != "postgresql":
        return
    for region in sorted(regions):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"jaring story {region}", 0))))


def _keys(region: str, near: Sequence[int]) -> list[int]:
    """The bands of `domain.stories.bands` as numbers, in a region of their own; straight from the packed rows."""
    packed = pack(near) or b""
    width = len(packed) // BANDS
    return [
        int.from_bytes(
            hashlib.blake2b(f"{n} {region} ".encode() + packed[n * width : (n + 1) * width], digest_size=8).digest(),
            "big",
            signed=True,
        )
        for n in range(BANDS)
    ]
