"""The stories that wait, as SQL: one row each, made of the waiting cases that a reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    null,
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
from store.types import AnySelect, micros, moment_of

TOO_LONG: Final = timedelta(hours=48)  # two working days, reckoned by the clock on the wall
PRESSING_TOO_LONG: Final = timedelta(hours=4)
INTENT_UNSURE: Final = 0.6  # below it the reading of what is wanted is wrong about as often as an office

_RANK = case((cases.c.urgency == Urgency.EMERGENCY.value, 2), (cases.c.urgency == Urgency.PRESSING.value, 1), else_=0)


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


def waiting_stories(scope: Scope, query: TriageQuery, *, story: str | None = None) -> CTE:
    """Every story that waits, or one of them, with what the views and the order ask of it."""
    chosen = select(
        cases.c.story,
        func.min(cases.c.region).label("region"),  # a story is of one region
        func.max(_RANK).label("rank"),
        func.max(cases.c.published_at).label("last"),
        func.min(cases.c.born_at).label("born"),
        func.min(case((_RANK > 0, cases.c.born_at), else_=null()), type_=cases.c.born_at.type).label("pressing"),
        func.max(cases.c.opd_p).label("opd_p"),
        func.max(cases.c.intent_p).label("intent_p"),
        func.max(case((cases.c.area.is_not(None), 1), else_=0)).label("placed"),
        func.max(case((cases.c.oversight == true(), 1), else_=0)).label("oversight"),
    ).where(that_wait(scope), *_narrowed(query))
    if story is not None:
        chosen = chosen.where(cases.c.story == story)
    return chosen.group_by(cases.c.region, cases.c.story).cte("stories")


def in_view(view: str, stories: CTE, seat: Seat) -> ColumnElement[bool]:
    """Whether a story belongs to a view. Refused for a view that does not exist."""
    if view not in VIEWS:
        raise Refused(f"Tidak ada tampilan {view!r}; pilihannya: {', '.join(VIEWS)}.")
    match view:
        case "baru":
            return true() if seat.looked_at is None else stories.c.born > seat.looked_at
        case "saya":
            return stories.c.story.in_(list(seat.mine))
        case "ragu":
            return or_(stories.c.opd_p < _sure(stories, seat.sure), stories.c.intent_p < INTENT_UNSURE)
        case "tanpa_tempat":
            return stories.c.placed == 0
        case "pengawasan":
            return stories.c.oversight == 1
        case "lama":
            return or_(stories.c.born < seat.now - TOO_LONG, stories.c.pressing < seat.now - PRESSING_TOO_LONG)
        case _:
            return true()


def counts_of(stories: CTE, seat: Seat) -> AnySelect:
    """How many stories each view has, in one scan."""
    return select(
        *(func.coalesce(func.sum(case((in_view(view, stories, seat), 1), else_=0)), 0).label(view) for view in VIEWS)
    ).select_from(stories)


def page_of(stories: CTE, query: TriageQuery, seat: Seat) -> AnySelect:
    """One page of a view with the view's total: the most pressing first, then the newest; the old view oldest first."""
    found = select(*stories.c, func.count().over().label("total")).where(in_view(query.view, stories, seat)).subquery()
    page: AnySelect = select(found)
    if query.after is not None:
        page = page.where(_behind(query, found))
    if query.view == "lama":
        return page.order_by(found.c.born, found.c.story).limit(query.size)
    return page.order_by(found.c.rank.desc(), found.c.last.desc(), found.c.story).limit(query.size)


def total_of(stories: CTE, query: TriageQuery, seat: Seat) -> Select[int]:
    """How many stories a view has."""
    return select(func.count()).select_from(stories).where(in_view(query.view, stories, seat))


def cursor_of(query: TriageQuery, row: Any) -> str:
    """Where a page ended."""
    return f"{row.rank}.{micros(row.born if query.view == 'lama' else row.last)}.{row.story}"


def heads_of(stories: Sequence[str], scope: Scope) -> AnySelect:
    """The case that speaks for each story: of those that wait the most pressing, then the newest."""
    place = func.row_number().over(
        partition_by=cases.c.story, order_by=(_RANK.desc(), cases.c.published_at.desc(), cases.c.id)
    )
    ranked = select(cases.c.id, place.label("place")).where(cases.c.story.in_(stories), that_wait(scope)).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def _behind(query: TriageQuery, found: Subquery) -> ColumnElement[bool]:
    try:
        rank, moment, story = (query.after or "").split(".")
        at, pressing = moment_of(int(moment)), int(rank)
    except (ValueError, OverflowError) as cause:
        raise Refused("Penanda halaman tidak terbaca: mulai dari halaman pertama.") from cause
    if query.view == "lama":
        return or_(found.c.born > at, and_(found.c.born == at, found.c.story > story))
    return or_(
        found.c.rank < pressing,
        and_(found.c.rank == pressing, found.c.last < at),
        and_(found.c.rank == pressing, found.c.last == at, found.c.story > story),
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


def _sure(stories: CTE, sure: Mapping[str, float]) -> ColumnElement[float]:
    particular = [(stories.c.region == region, p) for region, p in sorted(sure.items()) if p != USUAL_SURE]
    return case(*particular, else_=USUAL_SURE) if particular else case((true(), USUAL_SURE))
