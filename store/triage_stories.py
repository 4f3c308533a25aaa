"""The stories that wait, as SQL: one row each, made of the waiting cases that a reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    false,
    func,
    or_,
    select,
    true,
)

from domain.errors import Refused
from domain.labels import Urgency
from domain.scope import Scope
from store.cases import visible
from store.modes import USUAL_SURE
from store.tables import cases
from store.triage_values import VIEWS, TriageQuery
from store.types import AnyRow, AnySelect, micros, moment_of

TOO_LONG: Final = timedelta(hours=48)  # two working days, reckoned by the clock on the wall
PRESSING_TOO_LONG: Final = timedelta(hours=4)
INTENT_UNSURE: Final = 0.6  # below it the reading of what is wanted is wrong about as often as an office

_RANK = case((cases.c.urgency == Urgency.EMERGENCY.value, 2), (cases.c.urgency == Urgency.PRESSING.value, 1), else_=0)
_BORN: Final[ColumnElement[datetime]] = func.min(cases.c.born_at)


@dataclass(frozen=True, slots=True)
class Seat:
    """What the queue is to one person at one moment."""

    now: datetime
    looked_at: datetime | None  # his last look; None: never
    mine: Sequence[str]  # stories that he works on
    sure: Mapping[str, float]  # by region: from here on an office is no guess


def that_wait(scope: Scope) -> ColumnElement[bool]:
    """Cases that wait and that a reader may see. Written so that the partial index answers it."""
    return and_(cases.c.waiting == true(), visible(scope))


@dataclass(frozen=True, slots=True)
class _View:
    """The stories that have a waiting case with something, or those that have none."""

    has: ColumnElement[bool]
    negated: bool = False


def _view(view: str, seat: Seat) -> _View | None:
    """Which stories a view holds, None for all. Refused for a view that there is not."""
    match view:
        case "semua":
            return None
        case "baru":
            return None if seat.looked_at is None else _View(cases.c.born_at <= seat.looked_at, negated=True)
        case "saya":
            return _View(cases.c.story.in_(list(seat.mine)))
        case "ragu":
            certain = and_(cases.c.opd_p >= _sure(seat.sure), cases.c.intent_p >= INTENT_UNSURE)
            return _View(certain, negated=True)
        case "tanpa_tempat":
            return _View(cases.c.area.is_not(None), negated=True)
        case "pengawasan":
            return _View(cases.c.oversight == true())
        case "lama":
            pressing = and_(_RANK > 0, cases.c.born_at < seat.now - PRESSING_TOO_LONG)
            return _View(or_(cases.c.born_at < seat.now - TOO_LONG, pressing))
        case _:
            raise Refused(f"Tidak ada tampilan {view!r}; pilihannya: {', '.join(VIEWS)}.")


def page_of(query: TriageQuery, scope: Scope, seat: Seat, size: int) -> AnySelect:
    """One page of a view: the most pressing first, then the newest; the old view oldest first."""
    last: ColumnElement[datetime] = func.max(cases.c.published_at)
    order = (_BORN, cases.c.story) if query.view == "lama" else (func.max(_RANK).desc(), last.desc(), cases.c.story)
    moment = _BORN if query.view == "lama" else last
    page = select(cases.c.story, func.max(_RANK).label("rank"), moment.label("moment"))
    page = page.where(that_wait(scope), *_narrowed(query)).group_by(cases.c.region, cases.c.story)  # along the index
    view = _view(query.view, seat)
    if view is not None and view.negated:
        page = page.having(func.max(case((view.has, 1), else_=0)) == 0)
    elif view is not None:
        page = page.where(view.has)
    if query.after is not None:
        page = page.having(_behind(query, last))
    return page.order_by(*order).limit(size)


def count_of(connection: Connection, query: TriageQuery, scope: Scope, seat: Seat) -> int:
    """How many stories a view has. Distinct names along the index: a third of what grouping costs."""
    view = _view(query.view, seat)
    stories = select(func.count(cases.c.story.distinct())).where(that_wait(scope), *_narrowed(query))
    if view is None:
        return connection.execute(stories).scalar_one()
    have = connection.execute(stories.where(view.has)).scalar_one()
    return connection.execute(stories).scalar_one() - have if view.negated else have


def cursor_of(row: AnyRow) -> str:
    """Where a page ended."""
    return f"{row.rank}.{micros(row.moment)}.{row.story}"


def heads_of(stories: Sequence[str], scope: Scope) -> AnySelect:
    """The case that speaks for each story: of those that wait the most pressing, then the newest."""
    place = func.row_number().over(
        partition_by=cases.c.story, order_by=(_RANK.desc(), cases.c.published_at.desc(), cases.c.id)
    )
    ranked = select(cases.c.id, place.label("place")).where(cases.c.story.in_(stories), that_wait(scope)).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def _behind(query: TriageQuery, last: ColumnElement[datetime]) -> ColumnElement[bool]:
    try:
        place, moment, story = (query.after or "").split(".")
        at, pressing = moment_of(int(moment)), int(place)
    except (ValueError, OverflowError) as cause:
        raise Refused("Penanda halaman tidak terbaca: mulai dari halaman pertama.") from cause
    if query.view == "lama":
        born = _BORN
        return or_(born > at, and_(born == at, cases.c.story > story))
    rank: ColumnElement[int] = func.max(_RANK)
    return or_(
        rank < pressing, and_(rank == pressing, last < at), and_(rank == pressing, last == at, cases.c.story > story)
    )


def _narrowed(query: TriageQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.region:
        conditions.append(cases.c.region.in_(sorted(query.region)))
    if query.area:
        conditions.append(or_(cases.c.area == query.area, cases.c.area.startswith(f"{query.area}.", autoescape=True)))
    if query.topic:
        main = [cases.c.topic.startswith(f"{code}.", autoescape=True) for code in query.topic if "." not in code]
        conditions.append(or_(false(), cases.c.topic.in_(sorted(query.topic)), *main))
    return conditions


def _sure(sure: Mapping[str, float]) -> ColumnElement[float] | float:
    particular = [(cases.c.region == region, p) for region, p in sorted(sure.items()) if p != USUAL_SURE]
    return case(*particular, else_=USUAL_SURE) if particular else USUAL_SURE
