"""What a source deletes is hidden here, too: the words go, what the post counts for stays.

Gone are title, text, earlier versions, what masks hid, author, address, media and photos, and of reading, cases and
tickets whatever quotes the words. Labels, places, offices, counts and the ticket itself stay.
Locks are taken as intake takes them, and behind the post in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, delete, select, update

from domain.cases import Case
from domain.errors import NotFound
from domain.posts import Hints
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, Ticket
from store import vault
from store.labelwork import hold_cases
from store.projection import UrusanOf, refresh
from store.rows import dump, reading_body, reading_of
from store.tables import cases, photos, post_revisions, posts, quarantine, readings, ticket_cases, verdicts
from store.ticketwork import Change, hold_ticket, show_again, write_ticket
from store.types import AnyRow
from store.vectors import drop_vectors
from store.work import DECIDE, READ, enqueue, touch

MACHINE: Final = "sistem"  # as history names who acts when nobody does
_MORE: Final = "…"  # at the end of a title that was cut from longer words


def withdraw(
    connection: Connection, post_ids: Sequence[str], at: datetime, urusan_of: UrusanOf, *, now: datetime
) -> list[str]:
    """Take the words of posts away, sealed ones and earlier ones too; returns the ids that had not been yet.

    `at` is when their source was seen without them. Readings and cases stay: what was complained of is still counted,
    and its ticket goes on, with a line that says so.
    """
    standing = select(posts).where(posts.c.id.in_(sorted(set(post_ids))), posts.c.withdrawn_at.is_(None))
    found = connection.execute(standing.order_by(posts.c.id).with_for_update()).all()
    gone = [row.id for row in found]
    if not gone:
        return gone
    # Who reads or decides one of them just now does so with the words: let him do it again, without.
    touch(connection, READ, gone)
    enqueue(connection, DECIDE, gone, now)
    said = _said(connection, found)
    _empty(connection, found, at)
    shown = connection.execute(select(cases.c.id).where(cases.c.post_id.in_(gone)).order_by(cases.c.id)).scalars().all()
    hold_cases(connection, shown, now)
    _quote_nothing(connection, shown)
    _tell_tickets(connection, shown, said, now)
    refresh(connection, shown, now, urusan_of)
    return gone


def reinstate(connection: Connection, post_ids: Collection[str], now: datetime) -> None:
    """Leave a line in the history of tickets whose withdrawn posts their source shows again. The words are intake's."""
    shown = connection.execute(
        select(cases.c.id).where(cases.c.post_id.in_(sorted(post_ids))).order_by(cases.c.id)
    ).scalars()
    case_ids = shown.all()
    hold_cases(connection, case_ids, now)
    told = _tickets_of(connection, case_ids)
    held = {code: hold_ticket(connection, code, None) for code in sorted(told)}
    show_again(connection, held, now)
    for code, ticket in held.items():
        detail = {"kasus": str(len(told[code]))}
        line = Change(ticket=ticket, action=Action.SHOWN_AGAIN, by=MACHINE, detail=detail)
        write_ticket(connection, ticket, line, now)


def strip_readings(connection: Connection, post_ids: Collection[str]) -> None:
    """Keep of readings what does not quote: for posts that were withdrawn, also while they were read."""
    query = select(readings.c.post_id, readings.c.body).where(readings.c.post_id.in_(sorted(post_ids)))
    for row in connection.execute(query).all():
        body = reading_body(reading_of(row.body, None).without_words())
        if body != row.body:
            changed = update(readings).where(readings.c.post_id == row.post_id).values(body=body, near=None)
            connection.execute(changed)


def is_quoted(title: str, words: Collection[str]) -> bool:
    """Whether a title was made of these words: it is one of them, or a cut one's beginning."""
    beginning = title.removesuffix(_MORE).rstrip()
    return any(title == one or (title.endswith(_MORE) and beginning and one.startswith(beginning)) for one in words)


def plain_title(ticket: Ticket) -> str:
    """A title that quotes nobody: what the ticket is about, and where."""
    try:
        topic = load_taxonomy().topic(ticket.topic).name
    except NotFound:
        topic = ticket.topic
    return f"{topic}, {ticket.place}" if ticket.place else topic


def _empty(connection: Connection, found: Sequence[AnyRow], at: datetime) -> None:
    gone = [row.id for row in found]
    nothing: dict[str, Any] = {
        "title": None, "text": "", "pii": None, "media": None, "author": None, "url": None,
        "fingerprint": "",  # it tells whether somebody guessed the words
        "withdrawn_at": at,
    }  # fmt: skip
    connection.execute(update(posts).where(posts.c.id.in_(gone)).values(nothing))
    for row in found:
        if row.hints:  # an address in words; what a person chose quotes nobody
            hinted = Hints.model_validate_json(row.hints)
            kept = Hints(spot=hinted.spot, same=hinted.same)
            hints = None if kept == Hints() else kept.model_dump_json(exclude_none=True)
            connection.execute(update(posts).where(posts.c.id == row.id).values(hints=hints))
    connection.execute(delete(post_revisions).where(post_revisions.c.post_id.in_(gone)))
    connection.execute(delete(photos).where(photos.c.post_id.in_(gone)))
    connection.execute(
        update(quarantine).where(quarantine.c.belt.in_((READ, DECIDE)), quarantine.c.key.in_(gone)).values(payload="")
    )
    vault.forget(connection, gone)
    drop_vectors(connection, gone)
    strip_readings(connection, gone)


def _quote_nothing(connection: Connection, case_ids: Sequence[str]) -> None:
    for row in connection.execute(select(cases.c.id, cases.c.body).where(cases.c.id.in_(case_ids))).all():
        body = Case.model_validate_json(row.body).without_words().model_dump_json(exclude_defaults=True)
        # Nobody can judge what cannot be read: the machine proposes no ticket of it either.
        connection.execute(update(cases).where(cases.c.id == row.id).values(body=body, unsorted=False))


def _said(connection: Connection, found: Sequence[AnyRow]) -> dict[str, frozenset[str]]:
    """The words of posts on one line, by post: a title of a ticket may have been made of these, or of earlier ones."""
    gone = [row.id for row in found]
    earlier = select(post_revisions.c.post_id.label("id"), post_revisions.c.title, post_revisions.c.text)
    rows = [*found, *connection.execute(earlier.where(post_revisions.c.post_id.in_(gone))).all()]
    said: dict[str, set[str]] = {post_id: set() for post_id in gone}
    for row in rows:
        said[row.id].add(" ".join((row.title or row.text).split()))
    return {post_id: frozenset(words) for post_id, words in said.items()}


def _tickets_of(connection: Connection, case_ids: Sequence[str]) -> dict[str, set[str]]:
    """The posts that tickets tell of by these cases, by ticket."""
    query = (
        select(ticket_cases.c.ticket, cases.c.post_id)
        .join_from(ticket_cases, cases, cases.c.id == ticket_cases.c.case_id)
        .where(ticket_cases.c.case_id.in_(case_ids))
    )
    told: dict[str, set[str]] = {}
    for row in connection.execute(query).all():
        told.setdefault(row.ticket, set()).add(row.post_id)
    return told


def _tell_tickets(
    connection: Connection, case_ids: Sequence[str], said: Mapping[str, frozenset[str]], now: datetime
) -> None:
    """Leave a line in the history of their tickets, and take titles away that the machine made of the words."""
    told = _tickets_of(connection, case_ids)
    held = {code: hold_ticket(connection, code, None) for code in sorted(told)}
    show_again(connection, held, now)
    for code, ticket in held.items():
        words = frozenset().union(*(said[post_id] for post_id in told[code]))
        title = plain_title(ticket) if is_quoted(ticket.title, words) else ticket.title
        after = ticket.model_copy(update={"title": title})
        line = Change(ticket=after, action=Action.WITHDRAWN, by=MACHINE, detail={"kasus": str(len(told[code]))})
        write_ticket(connection, ticket, line, now)
        _untitle_verdicts(connection, ticket, words, title)


def _untitle_verdicts(connection: Connection, ticket: Ticket, words: Collection[str], title: str) -> None:
    """What a click at the desk remembers of a ticket must not bring the words back when it is undone."""
    inside = select(ticket_cases.c.case_id).where(ticket_cases.c.ticket == ticket.code)
    stories = select(cases.c.story).where(cases.c.id.in_(inside))
    for row in connection.execute(select(verdicts.c.id, verdicts.c.body).where(verdicts.c.story.in_(stories))).all():
        body = orjson.loads(row.body)
        changed = False
        for step in body.get("steps", ()):
            before = orjson.loads(step["before"]) if isinstance(step.get("before"), str) else {}
            if before.get("code") == ticket.code and is_quoted(before.get("title", ""), words):
                step["before"] = dump(before | {"title": title})
                changed = True
        if changed:
            connection.execute(update(verdicts).where(verdicts.c.id == row.id).values(body=dump(body)))
