"""Write what a person said about cases in the transaction of a larger deed: a ticket disposed, a story judged.

Locks are taken in one order by all who write: the belt of decisions, cases by id, numbers, tickets, the belt of the
index. So `hold_cases` comes first in such a deed, and names what else will be written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from domain.ids import post_of_case
from domain.labels import CaseState, LabelTask
from store.machine import keep_answers
from store.tables import cases, labels
from store.work import DECIDE, enqueue


def hold_cases(
    connection: Connection, case_ids: Collection[str], now: datetime, *, relabel: bool = False
) -> frozenset[str]:
    """Lock cases until the transaction ends, and return the living ones. With `relabel` they are decided again."""
    if relabel:
        enqueue(connection, DECIDE, [post_of_case(case_id) for case_id in case_ids], now)
    held = connection.execute(
        select(cases.c.id, cases.c.gone_at)
        .where(cases.c.id.in_(sorted(case_ids)))
        .order_by(cases.c.id)
        .with_for_update(key_share=True)
    )
    return frozenset(row.id for row in held if row.gone_at is None)


def say_of(  # noqa: PLR0913  who says what about what, when and why
    connection: Connection,
    case_ids: Collection[str],
    task: LabelTask,
    value: str,
    *,
    by: str,
    now: datetime,
    note: str | None = None,
) -> None:
    """Add a label to cases that `hold_cases` holds; they count as reviewed. `refresh` is left to the caller.

    What the machine had said is kept beside it.
    """
    if not case_ids:
        return
    wanted = sorted(case_ids)
    keep_answers(connection, wanted, task, now)
    connection.execute(
        insert(labels),
        [
            {"case_id": case_id, "task": task.value, "value": value, "by": by, "at": now, "note": note}
            for case_id in wanted
        ],
    )
    connection.execute(
        update(cases)
        .where(cases.c.id.in_(wanted), cases.c.state == CaseState.NEW.value)
        .values(state=CaseState.REVIEWED.value)
    )
