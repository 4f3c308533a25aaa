"""Write what the desk decided: new cases, changed ones, and tombstones of those that are no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.cases import Case, CaseStatus
from domain.ids import case_id
from domain.ports import CaseDecider
from domain.posts import RawPost
from domain.reading import Reading
from store import stories
from store.facts import facts
from store.machine import GUIDES
from store.projection import Parts, UrusanOf, digest, labels_of, status_of, ticket_of
from store.rows import post_of, reading_of
from store.shield import shield
from store.tables import cases, posts, readings, story_links, ticket_cases, tickets
from store.types import AnyRow, AnySelect
from store.work import INDEX, enqueue


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post with its reading and, by region, what people said about its cases so far: what the desk is asked."""

    post: RawPost
    reading: Reading
    ingested_at: datetime
    statuses: dict[str, CaseStatus]
    standing: tuple[Case, ...] = ()  # of a withdrawn post: what was decided while its words were there


@dataclass(frozen=True, slots=True)
class Decided:
    """A post and the cases it makes."""

    read: ReadPost
    cases: Sequence[Case]


def read_posts(connection: Connection, post_ids: Sequence[str]) -> list[ReadPost]:
    """Load posts whose reading is of their present revision; others are being read again and will come back."""
    rows = connection.execute(
        select(*posts.c, readings.c.body, readings.c.near)
        .join_from(posts, readings, readings.c.post_id == posts.c.id)
        .where(posts.c.id.in_(post_ids), readings.c.revision == posts.c.revision)
        .order_by(posts.c.published_at, posts.c.id)
    ).all()
    statuses = statuses_of(connection, post_ids)
    standing = _standing(connection, [row.id for row in rows if row.withdrawn_at is not None])
    return [
        ReadPost(
            post_of(row),
            reading_of(row.body, row.near),
            row.ingested_at,
            statuses.get(row.id, {}),
            tuple(standing.get(row.id, ())),
        )
        for row in rows
    ]


def decided_anew(read: ReadPost, decider: CaseDecider) -> Decided:
    """What the desk makes of a post. Of a withdrawn one only what people say changes: the rest stands, unquoted."""
    if read.post.withdrawn_at is None:
        return Decided(read, decider.decide(read.post, read.reading, read.statuses))
    told = {region for region, status in read.statuses.items() if any(status.said(task) for task in GUIDES)}
    kept = [case.without_words() for case in read.standing if case.region not in told]
    if not told:
        return Decided(read, kept)
    anew = decider.decide(read.post, read.reading.without_words(), read.statuses)
    return Decided(read, [*kept, *(case.without_words() for case in anew if case.region in told)])


def _standing(connection: Connection, post_ids: Sequence[str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    if post_ids:
        living = select(cases.c.body).where(cases.c.post_id.in_(post_ids), cases.c.gone_at.is_(None))
        for body in connection.execute(living.order_by(cases.c.id)).scalars():
            case = Case.model_validate_json(body)
            found.setdefault(case.post_id, []).append(case)
    return found


def statuses_of(connection: Connection, post_ids: Sequence[str]) -> dict[str, dict[str, CaseStatus]]:
    """Where the cases of posts stand, by post id and region; tombstones keep what people said."""
    rows = connection.execute(
        select(cases.c.id, cases.c.post_id, cases.c.region, cases.c.state).where(cases.c.post_id.in_(post_ids))
    ).all()
    said = labels_of(connection, [row.id for row in rows])
    statuses: dict[str, dict[str, CaseStatus]] = {}
    for row in rows:
        statuses.setdefault(row.post_id, {})[row.region] = status_of(row.state, said.get(row.id, ()))
    return statuses


def write(
    connection: Connection,
    decided: Sequence[Decided],
    now: datetime,
    *,
    urusan_of: UrusanOf,
    story_name: Callable[[str], str],
) -> None:
    """Store the cases of posts. A document that did not change keeps its rev and is not indexed again."""
    post_ids = [one.read.post.id for one in decided]
    _hold(connection, post_ids)
    stored = {row.id: row for row in connection.execute(_stored(post_ids))}
    statuses = statuses_of(connection, post_ids) if stored else {}
    plan = stories.plan(connection, list(_newcomers(decided, stored)))
    added, changed, kept = [], [], []
    accusing: dict[str, set[str]] = {}
    for read, case in _each(decided):
        before = stored.get(case.id)
        parts = Parts(
            post=read.post,
            reading=read.reading,
            case=case,
            status=statuses.get(case.post_id, {}).get(case.region, CaseStatus()),
            story=before.story if before and case.id not in plan.stories else story_name(plan.stories[case.id]),
            rev=before.rev if before else 1,
            month=before.month if before else f"{case.local_date:%Y-%m}",
            ingested_at=read.ingested_at,
            ticket=ticket_of(before) if before else None,
        )
        row = _row(parts, urusan_of, now)
        if parts.ticket is not None and row["oversight"]:
            accusing.setdefault(parts.ticket[0], set()).update(case.accused_opd)
        if before is None:
            added.append(row | {"born_at": now})
        elif before.gone_at is not None or before.digest != row["digest"]:
            changed.append(row | {"rev": before.rev + 1})
        elif before.body != row["body"]:
            kept.append(row | {"unsorted": before.unsorted})
    alive = {case.id for _, case in _each(decided)}
    gone = [row.id for row in stored.values() if row.id not in alive and row.gone_at is None]
    if added:
        connection.execute(insert(cases), sorted(added, key=lambda row: str(row["id"])))
    _update(connection, changed + kept)
    _bury(connection, gone, now)
    shield(connection, accusing, now)
    plan.keep(connection, now)
    enqueue(connection, INDEX, [*(row["id"] for row in added + changed), *gone], now)


def _each(decided: Sequence[Decided]) -> Iterator[tuple[ReadPost, Case]]:
    return ((one.read, case) for one in decided for case in one.cases)


def _newcomers(decided: Sequence[Decided], stored: Mapping[str, AnyRow]) -> Iterator[stories.Newcomer]:
    """The cases that need a story: not those of unchanged words, nor those that a person took out of a story."""
    for read, case in _each(decided):
        before = stored.get(case.id)
        if before is None or (before.revision != case.revision and before.story_by is None):
            same = read.post.hints.same
            yield stories.Newcomer(
                case.id,
                case.region,
                read.reading.near,
                read.post.published_at,
                revised=before is not None,
                same=case_id(same, case.region) if same else None,
            )


def _hold(connection: Connection, post_ids: Sequence[str]) -> None:
    """Lock the stored cases before they are read: who makes a ticket of one meanwhile would be undone."""
    if connection.dialect.name == "postgresql":  # on SQLite one writes at a time
        locked = select(cases.c.id).where(cases.c.post_id.in_(post_ids)).order_by(cases.c.id)
        connection.execute(locked.with_for_update(key_share=True))


def _stored(post_ids: Sequence[str]) -> AnySelect:
    return (
        select(
            cases.c.id, cases.c.rev, cases.c.month, cases.c.revision, cases.c.body, cases.c.digest, cases.c.gone_at,
            cases.c.story, cases.c.unsorted, story_links.c.by.label("story_by"),
            tickets.c.code.label("ticket"), tickets.c.state.label("ticket_state"),
        )
        .join_from(cases, story_links, story_links.c.case_id == cases.c.id, isouter=True)
        .join(ticket_cases, ticket_cases.c.case_id == cases.c.id, isouter=True)
        .join(tickets, tickets.c.code == ticket_cases.c.ticket, isouter=True)
        .where(cases.c.post_id.in_(post_ids))
    )  # fmt: skip


def _row(parts: Parts, urusan_of: UrusanOf, now: datetime) -> dict[str, Any]:
    case, document = parts.case, parts.document(urusan_of)
    shown = facts(document, intent_p=parts.reading.intent_p)
    return {
        "id": case.id,
        "post_id": case.post_id,
        "region": case.region,
        "rev": parts.rev,
        "month": parts.month,
        "revision": case.revision,
        "state": parts.status.state.value,
        "opd": case.opd[0].kode if case.opd else None,
        "oversight": parts.reading.oversight is not None,
        "body": case.model_dump_json(exclude_defaults=True),
        "digest": digest(document),
        "decided_at": now,
        "gone_at": None,
        "story": parts.story,
        **shown,
        "unsorted": shown["waiting"],
    }


_DECIDED = (
    "rev", "revision", "opd", "oversight", "body", "digest", "decided_at", "gone_at", "story",
    "published_at", "intent", "topic", "urgency", "area", "opd_p", "intent_p", "accused", "waiting",
    "unsorted",
)  # fmt: skip


def _update(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(
            update(cases)
            .where(cases.c.id == bindparam("case"))
            .values({name: bindparam(f"new_{name}") for name in _DECIDED}),
            [
                {"case": row["id"], **{f"new_{name}": row[name] for name in _DECIDED}}
                for row in sorted(rows, key=lambda row: str(row["id"]))
            ],
        )


def _bury(connection: Connection, case_ids: Sequence[str], now: datetime) -> None:
    if case_ids:
        connection.execute(
            update(cases).where(cases.c.id.in_(case_ids)).values(rev=cases.c.rev + 1, gone_at=now, digest="")
        )
