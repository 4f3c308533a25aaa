"""`/api/v1/watches` and `/api/v1/alerts`: saved searches, what they tell, and what is done with it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query

from api.alerts.page import alert_desk, reader_of
from api.parts import Rooms
from api.problems import responses
from api.v1.alerts_answers import (
    AlertAnswer,
    AlertChange,
    AlertList,
    NewWatch,
    WatchAnswer,
    WatchChange,
    WatchList,
)
from api.v1.bodies import json_body
from api.visitors import ApiKeeper, ApiReader, Visitor
from desk.alerts_telling import Alert, AlertState
from domain.errors import NotFound, Refused
from domain.watches import Watch
from store.watches import KeptWatch

router = APIRouter(tags=["alerts"])
PAGE: Final = 20
MAX_PAGE: Final = 50  # samples and reasons of each are read from truth
WatchId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="Id of a saved search.")]
AlertId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}\.[crl]-[0-9a-z]{1,40}$", description="Id of an alert.")]


@router.get("/watches", responses=responses(401, 403, 503))
def list_watches(visitor: ApiReader, parts: Rooms) -> WatchList:
    """The caller's saved searches, then those that others share with the center he belongs to."""
    items = tuple(WatchAnswer.of(kept) for kept in alert_desk(parts).watches(reader_of(visitor)))
    return WatchList(total=len(items), items=items)


@router.post(
    "/watches",
    status_code=201,
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def save_watch(visitor: ApiKeeper, parts: Rooms, wish: NewWatch) -> WatchAnswer:
    """Save a search of a region. It tells of posts that come in from now on."""
    saved = alert_desk(parts).save(
        reader_of(visitor), wish.wish(), region=wish.region, q=wish.q, filters=wish.filters.filters()
    )
    return _answer(visitor, saved)


@router.get("/watches/{watch_id}", responses=responses(401, 403, 404, 422, 503))
def read_watch(visitor: ApiReader, parts: Rooms, watch_id: WatchId) -> WatchAnswer:
    """One saved search, one's own or shared. Absent and hidden are told alike."""
    for kept in alert_desk(parts).watches(reader_of(visitor)):
        if kept.watch.id == watch_id:
            return WatchAnswer.of(kept)
    raise NotFound("Pantauan itu tidak ada.")


@router.put(
    "/watches/{watch_id}",
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def change_watch(visitor: ApiKeeper, parts: Rooms, watch_id: WatchId, wish: WatchChange) -> WatchAnswer:
    """Change one's own saved search. What came in while it did not speak stays untold."""
    return _answer(visitor, alert_desk(parts).change(reader_of(visitor), watch_id, wish.wish()))


@router.delete("/watches/{watch_id}", responses=responses(401, 403, 404, 422, 503))
def delete_watch(visitor: ApiKeeper, parts: Rooms, watch_id: WatchId) -> WatchAnswer:
    """Forget one's own saved search with all its alerts; answers what it was."""
    desk, reader = alert_desk(parts), reader_of(visitor)
    watch = desk.own(reader, watch_id)
    desk.delete(reader, watch_id)
    return _answer(visitor, watch)


@router.get("/alerts", responses=responses(401, 403, 422, 503))
def list_alerts(
    visitor: ApiReader,
    parts: Rooms,
    state: Annotated[AlertState, Query()] = AlertState.NEW,
    size: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
    after: Annotated[str | None, Query(max_length=120, description="`next` of the page before.")] = None,
) -> AlertList:
    """Alerts of the last 30 days in one state, newest first, each with its reason and samples."""
    desk, reader = alert_desk(parts), reader_of(visitor)
    chosen = [alert for alert in desk.alerts(reader) if alert.state is state]
    rest = [alert for alert in chosen if after is None or _place(alert) > _read_place(after)]
    told = desk.tell(reader, rest[:size])
    following = _cursor(rest[size - 1]) if len(rest) > size else None
    return AlertList(total=len(chosen), items=tuple(AlertAnswer.of(one) for one in told), next=following)


@router.put(
    "/alerts/{alert_id}/state",
    responses=responses(400, 401, 403, 404, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def answer_alert(visitor: ApiKeeper, parts: Rooms, alert_id: AlertId, wish: AlertChange) -> AlertAnswer:
    """Mark an alert as seen, snooze it, or make it new again. Another reader of the same watch is not affected."""
    desk, reader = alert_desk(parts), reader_of(visitor)
    changed = desk.answer(reader, [alert_id], wish.state, until=wish.until)
    for told in desk.tell(reader, changed):
        return AlertAnswer.of(told)
    raise NotFound("Peringatan itu tidak ada.")


def _answer(visitor: Visitor, watch: Watch) -> WatchAnswer:
    return WatchAnswer.of(KeptWatch(watch, visitor.user))


def _place(alert: Alert) -> tuple[int, str]:
    """Where an alert stands in the list."""
    return -int(alert.at.timestamp() * 1_000_000), alert.id


def _cursor(alert: Alert) -> str:
    at, name = _place(alert)
    return f"{-at}_{name}"


def _read_place(cursor: str) -> tuple[int, str]:
    at, _, name = cursor.partition("_")
    if not (at.isascii() and at.isdecimal() and name):
        raise Refused("Penanda halaman ini tidak berasal dari jawaban sebelumnya. Mulai lagi tanpa after.")
    return -int(at), name
