"""Lists, counts and boards of tickets: what a scope hides is in no row, no total and no sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest
from sqlalchemy import event

from domain.errors import Refused
from domain.labels import Intent, Urgency
from domain.scope import Scope
from domain.tickets import Action, Clock, Ticket, TicketState
from store import Store
from store.ticketboard import BoardRow
from store.ticketlists import TicketQuery, TicketView
from tests.store.line import ALL, NOW, OTHER, REGION, Shelf, incoming, run_line
from tests.store.tickets import due, lay_down, moment, opened, stored_cases, ticket, to

REGIONS = frozenset({REGION, OTHER})
CENTER = Scope(regions=REGIONS)
SCOPES = {
    "all": ALL,
    "center": CENTER,
    "one region": Scope(regions=frozenset({REGION}), may_oversee=True),
    "no region": Scope(regions=frozenset()),
    "agency": Scope(regions=REGIONS, opds=frozenset({f"{REGION}/PUTR"})),
    "agency that oversees": Scope(regions=REGIONS, opds=frozenset({f"{REGION}/PUTR"}), may_oversee=True),
    "two agencies": Scope(regions=REGIONS, opds=frozenset({f"{REGION}/PUTR", f"{OTHER}/DLH"}), may_oversee=True),
    "no agency": Scope(regions=REGIONS, opds=frozenset(), may_oversee=True),
    "inspectorate": Scope(regions=REGIONS, opds=frozenset({f"{REGION}/INSPEKTORAT"}), may_oversee=True),
    "desa": Scope(regions=REGIONS, areas=frozenset({"52.01.06.2003"})),
    "kecamatan": Scope(regions=REGIONS, areas=frozenset({"52.01.06", "17.71.01"}), may_oversee=True),
    "no area": Scope(regions=REGIONS, areas=frozenset()),
    "agency of a desa": Scope(regions=REGIONS, opds=frozenset({f"{REGION}/DLH"}), areas=frozenset({"52.01.06.2003"})),
}
CODES = {REGION: "LB", OTHER: "BKL"}


def many(count: int = 90) -> list[Ticket]:
    """Tickets of every kind."""
    chance = Random(5)
    made = []
    for number in range(count):
        region = chance.choice([REGION, REGION, OTHER])
        state = chance.choice(list(TicketState))
        with_office = state not in {TicketState.NEW, TicketState.VERIFIED, TicketState.REFUSED}
        oversight = chance.random() < 0.3
        disposed = moment(-chance.uniform(1, 200)) if with_office else None
        answered = (
            disposed + timedelta(minutes=chance.randrange(1, 9_000)) if disposed and chance.random() < 0.7 else None
        )
        made.append(
            ticket(
                number,
                code=f"{CODES[region]}-2026-11-{number:04d}",
                region=region,
                state=state,
                opd=chance.choice(["PUTR", "DLH", "INSPEKTORAT", "P_TR"]) if with_office else None,
                oversight=oversight,
                accused_opd=chance.choice([("PUTR",), ("DLH", "PUTR"), ("P_TR",), ()]) if oversight else (),
                area=chance.choice([None, "52.01", "52.01.06", "52.01.06.2003", "52.01.06.20031", "17.71.01.1001"]),
                topic=chance.choice(["jalan.rusak", "jalan.jembatan", "jalanan.lain", "sampah.angkut"]),
                urgency=chance.choice(list(Urgency)),
                intent=chance.choice(list(Intent)),
                clock=due(chance.uniform(-30, 60)) if with_office and state is not TicketState.DONE else Clock(),
                opened_at=moment(-chance.uniform(1, 400)),
                disposed_at=disposed,
                first_disposed_at=disposed or chance.choice([None, moment(-300)]),
                answered_at=answered,
                response_due=disposed + timedelta(days=5) if disposed else None,
                done_at=moment(-chance.uniform(0, 50)) if state is TicketState.DONE else None,
                resolve_due=moment(-20) if disposed else None,
            )
        )
    return made


def queries() -> Iterator[TicketQuery]:
    views: tuple[TicketView, ...] = ("semua", "terbuka", "terlambat", "hari_ini", "dikembalikan", "usulan", "selesai")
    yield from (TicketQuery(view=view) for view in views)
    yield TicketQuery(state=(TicketState.DISPOSED, TicketState.DONE), order="terbaru")
    yield TicketQuery(opd=(f"{REGION}/PUTR", f"{OTHER}/DLH"), order="terlama")
    yield TicketQuery(opd=(f"{REGION}/", f"{OTHER}/DLH"))
    yield TicketQuery(opd=(f"{OTHER}/",), view="terbuka")
    yield TicketQuery(region=(OTHER,), area="17.71")
    yield TicketQuery(area="52.01.06.2003")
    yield TicketQuery(topic=("jalan",), urgency=(Urgency.EMERGENCY,))
    yield TicketQuery(topic=("jalan.rusak", "sampah"), intent=(Intent.COMPLAINT, Intent.ASPIRATION))
    yield TicketQuery(oversight=True)
    yield TicketQuery(since=moment(-200), until=moment(-50))
    yield TicketQuery(q="JALAN nomor 1")
    yield TicketQuery(q="lb-2026-11-01")
    yield TicketQuery(q="50%_/")


def wanted(one: Ticket, query: TicketQuery) -> bool:
    """What `queries` ask for, said once more in plain words."""
    views = {
        "semua": True,
        "terbuka": one.is_open,
        "terlambat": one.is_overdue(NOW),
        "hari_ini": one.is_open and one.clock.at is not None and NOW < one.clock.at < moment(13),  # 11.00 to 24.00 WITA
        "dikembalikan": one.state is TicketState.VERIFIED and one.first_disposed_at is not None,
        "usulan": one.state is TicketState.NEW,
        "selesai": one.state is TicketState.DONE,
    }
    words = query.q.lower().split()
    return all(
        (
            views[query.view],
            not query.state or one.state in query.state,
            not query.opd or f"{one.region}/{one.opd or ''}" in query.opd,
            not query.region or one.region in query.region,
            query.area is None or f"{one.area}.".startswith(f"{query.area}."),
            not query.topic or any(f"{one.topic}.".startswith(f"{topic}.") for topic in query.topic),
            not query.urgency or one.urgency in query.urgency,
            not query.intent or one.intent in query.intent,
            query.oversight is None or one.oversight is query.oversight,
            query.since is None or one.opened_at >= query.since,
            query.until is None or one.opened_at < query.until,
            all(one.code.lower().startswith(w) if w.count("-") > 1 else w in one.title.lower() for w in words),
        )
    )


def ordered(found: list[Ticket], query: TicketQuery) -> list[str]:
    """Codes in the order that a query asks for."""
    if query.order == "tenggat":
        return [t.code for t in sorted(found, key=lambda t: (t.clock.at is None, t.clock.at or NOW, t.code))]
    return [t.code for t in sorted(found, key=lambda t: (t.opened_at, t.code), reverse=query.order == "terbaru")]


@pytest.fixture
def all_kinds(store: Store) -> list[Ticket]:
    made = many()
    lay_down(store, *made)
    return made


def test_pages_totals_and_counts_are_of_exactly_what_a_reader_may_see(store: Store, all_kinds: list[Ticket]) -> None:
    for reader, scope in SCOPES.items():
        seen = [one for one in all_kinds if scope.allows(one)]
        for query in queries():
            expected = [one for one in seen if wanted(one, query)]
            assert pages(store, query, scope, len(expected)) == ordered(expected, query), (reader, query)
            assert_counted(
                store, query, scope, [one for one in seen if wanted(one, replace(query, view="semua", state=()))]
            )


def pages(store: Store, query: TicketQuery, scope: Scope, total: int) -> list[str]:
    """The codes of all pages, read one after the other."""
    found: list[str] = []
    after, size = None, 30
    while True:
        page = store.tickets.list(replace(query, after=after, size=size), scope, now=NOW)
        assert page.total == total
        found += [one.code for one in page.items]
        after = page.next
        if after is None:
            return found
        assert len(page.items) == size


def assert_counted(store: Store, query: TicketQuery, scope: Scope, expected: list[Ticket]) -> None:
    counts = store.tickets.counts(query, scope, now=NOW)
    assert dict(counts.by_state) == {state: sum(one.state is state for one in expected) for state in TicketState}
    for number, view in (
        (counts.open, "terbuka"), (counts.overdue, "terlambat"), (counts.due_today, "hari_ini"),
        (counts.returned, "dikembalikan"), (counts.proposed, "usulan"),
    ):  # fmt: skip
        assert number == sum(wanted(one, TicketQuery(view=view)) for one in expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["opd", "kecamatan", "desa"])
def test_a_board_sums_exactly_what_a_reader_may_see(store: Store, all_kinds: list[Ticket], by: Any) -> None:
    since, until = moment(-300), moment(-30)
    for reader, scope in SCOPES.items():
        seen = [one for one in all_kinds if scope.allows(one)]
        rows = {(r.region, r.key): r for r in store.tickets.board(by, scope, since=since, until=until, now=NOW)}
        assert rows.keys() == {key_of(one, by) for one in seen if one.is_open or since <= one.opened_at < until}, reader
        for place, row in rows.items():
            own = [one for one in seen if key_of(one, by) == place]
            assert_summed(row, own, [one for one in own if since <= one.opened_at < until])


def key_of(one: Ticket, by: str) -> tuple[str, str]:
    area = one.area or ""
    if by == "opd":
        return one.region, one.opd or ""
    if by == "kecamatan":
        return one.region, area[:8] if len(area) >= 8 else ""
    return one.region, area if len(area) > 8 else ""


def assert_summed(row: BoardRow, own: list[Ticket], period: list[Ticket]) -> None:
    answers = [one for one in period if one.answered_at is not None]
    done = [one for one in period if one.done_at is not None]
    assert row.opened == len(period)
    assert row.open == sum(one.is_open for one in own)
    assert row.overdue == sum(one.is_overdue(NOW) for one in own)
    assert row.answered == len(answers)
    assert row.answered_late == sum(later(one.answered_at, one.response_due) for one in answers)
    assert row.done == len(done)
    assert row.done_late == sum(later(one.done_at, one.resolve_due) for one in done)
    assert row.oldest_due == min((one.clock.at for one in own if one.is_open and one.clock.at), default=None)
    minutes = [
        (o.answered_at - o.disposed_at) / timedelta(minutes=1) for o in answers if o.answered_at and o.disposed_at
    ]
    assert (row.response_median_minutes is None) is (not minutes)
    if row.response_median_minutes is not None:
        assert abs(row.response_median_minutes - median(minutes)) <= 1


def later(moment: datetime | None, due: datetime | None) -> bool:
    return moment is not None and due is not None and moment > due


def test_a_board_puts_who_is_late_most_first_and_keeps_to_its_region(store: Store, all_kinds: list[Ticket]) -> None:
    rows = store.tickets.board("opd", ALL, since=None, until=None, now=NOW, region=REGION)
    assert {row.region for row in rows} == {REGION}
    assert [row.overdue for row in rows] == sorted((row.overdue for row in rows), reverse=True)
    assert sum(row.opened for row in rows) == sum(one.region == REGION for one in all_kinds)


def test_the_accused_learns_of_a_ticket_by_no_door(store: Store) -> None:
    store.intake.accept([incoming("p", "Ada pungli di kantor PUTR, jalan rusak dibiarkan")])
    run_line(store, Shelf())
    accusing = store.cases.document(f"{incoming('p').id}.{REGION}", ALL)
    made = opened(store, accusing, oversight=True, accused_opd=("PUTR",))
    store.tickets.change(made.code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR"), now=NOW)  # by mistake
    accused = SCOPES["agency that oversees"]
    assert not accused.allows(store.tickets.ticket(made.code, ALL))
    assert store.tickets.list(TicketQuery(), accused, now=NOW).total == 0
    assert store.tickets.counts(TicketQuery(), accused, now=NOW).open == 0
    assert store.tickets.board("opd", accused, since=None, until=None, now=NOW) == []
    assert store.tickets.board("desa", accused, since=None, until=None, now=NOW) == []
    assert store.tickets.same_issue(REGION, made.topic, made.area, None, None, NOW, accused) == []


def test_a_history_names_no_ticket_that_its_reader_may_not_know(store: Store) -> None:
    one, two, three = stored_cases(store)
    mine, theirs, fourth = opened(store, one), opened(store, two), opened(store, three)
    store.tickets.absorb(mine.code, theirs.code, ALL, "sari", NOW)
    store.tickets.absorb(mine.code, fourth.code, ALL, "sari", NOW)
    for code, changes in ((mine.code, {}), (fourth.code, {"oversight": True})):
        store.tickets.change(code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR", **changes), now=NOW)
    whole = store.tickets.history(mine.code, ALL)
    assert [line.detail.get("tiket") for line in whole] == [None, theirs.code, fourth.code, None]
    agency = store.tickets.history(mine.code, SCOPES["agency"])
    assert [line.detail for line in agency] == [{}, {"kasus": "1"}, {}], "no word of the one with oversight"


def test_the_office_that_has_a_ticket_reads_its_cases_even_if_one_was_routed_elsewhere(store: Store) -> None:
    one, two, _ = stored_cases(store)
    made = opened(store, one, two)
    store.tickets.change(made.code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="DLH"), now=NOW)
    dlh = Scope(regions=REGIONS, opds=frozenset({f"{REGION}/DLH"}))
    assert len(store.tickets.cases(made.code, dlh)) == 2
    assert len(store.tickets.cases(made.code, dlh, limit=1)) == 1
    assert store.cases.documents([one.id], dlh) == []


@pytest.mark.parametrize(
    ("changes", "asked", "met"),
    [
        ({}, {}, True),  # the same desa
        ({"area": "52.01.06"}, {"area": "52.01.06"}, False),  # a kecamatan is no spot
        ({"area": None}, {"area": None}, False),  # without a place, none
        ({"area": "52.01.06.2004"}, {}, False),
        ({"topic": "jalan.jembatan"}, {}, False),
        ({"region": OTHER}, {}, False),
        ({"state": TicketState.DONE, "clock": Clock()}, {}, False),
        ({"opened_at": moment(-24 * 9), "published_at": moment(-24 * 9)}, {}, False),
        ({"opened_at": moment(-1), "published_at": moment(-24 * 9)}, {}, True),  # told long ago, opened now
        ({"lat": -8.5, "lon": 116.1}, {"lat": -8.5003, "lon": 116.1}, True),  # 33 m
        ({"lat": -8.5, "lon": 116.1}, {"lat": -8.51, "lon": 116.1}, False),  # 1.1 km, in one desa
        ({"lat": -8.5, "lon": 116.1, "area": "52.01.06.2004"}, {"lat": -8.5, "lon": 116.1003}, True),  # over the border
        ({}, {"lat": -8.5, "lon": 116.1}, True),  # only one of them has a point
        ({"oversight": True}, {}, False),
    ],
)
def test_the_same_issue_is_of_one_topic_one_week_and_one_spot(
    store: Store, changes: dict[str, Any], asked: dict[str, Any], met: bool
) -> None:
    lay_down(store, ticket(1, **({"opened_at": moment(-5), "published_at": moment(-6)} | changes)))
    where = {"area": "52.01.06.2003", "lat": None, "lon": None} | asked
    found = store.tickets.same_issue(REGION, "jalan.rusak", where["area"], where["lat"], where["lon"], NOW, CENTER)
    assert bool(found) is met


def test_a_mark_that_no_page_gave_is_refused(store: Store) -> None:
    for mark in ("x", "W10", "bukan penanda!", "WyJhIiwiYiJd"):
        with pytest.raises(Refused, match="halaman pertama"):
            store.tickets.list(TicketQuery(after=mark), ALL, now=NOW)


def test_every_list_count_and_board_is_answered_from_an_index(
    store: Store, all_kinds: list[Ticket], engine: str
) -> None:
    if engine != "sqlite":
        pytest.skip("plans are told by SQLite")
    asked: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", remember)
    for scope in SCOPES.values():
        for query in queries():
            store.tickets.list(query, scope, now=NOW)
            store.tickets.counts(query, scope, now=NOW)
        for since in (None, moment(-100)):
            store.tickets.board("opd", scope, since=since, until=NOW, now=NOW)
            store.tickets.board("desa", scope, since=since, until=NOW, now=NOW)
        store.tickets.same_issue(REGION, "jalan.rusak", "52.01.06.2003", -8.5, 116.1, NOW, scope)
    event.remove(store.database.engine, "before_cursor_execute", remember)
    with store.database.read() as connection:
        for statement, parameters in asked:
            if not statement.startswith("SELECT"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            for step in (row.detail for row in plan if "tickets" in row.detail):
                assert step.startswith("SEARCH"), (step, statement)
                assert "INDEX" in step, (step, statement)
