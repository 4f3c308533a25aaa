"""What people say about cases: appended, never overwritten, and it wins over every machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, insert, select, update

from domain.cases import CaseStatus
from domain.errors import NotFound, Refused
from domain.ids import post_of_case
from domain.labels import Authority, CaseState, Intent, LabelTask, Sentiment, Urgency
from domain.scope import Scope
from store.audit import record
from store.database import Database
from store.machine import keep_answers
from store.projection import Parts, UrusanOf, load, refresh
from store.tables import cases, labels
from store.work import DECIDE, enqueue

_VALUES: Final[dict[LabelTask, type[StrEnum]]] = {
    LabelTask.INTENT: Intent,
    LabelTask.SENTIMENT: Sentiment,
    LabelTask.URGENCY: Urgency,
    LabelTask.AUTHORITY: Authority,
}
_MAX_VALUE: Final = 200


class Labels:
    """Corrections and triage states. Each is one transaction: the word, the new rev, the work that follows."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._urusan_of = urusan_of
        self._clock = clock

    def say(  # noqa: PLR0913  who says what about what, when and why
        self,
        case_id: str,
        task: LabelTask,
        value: str,
        by: str,
        scope: Scope,
        note: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Add a label; the case counts as reviewed and is decided again.

        Raises: NotFound outside the scope, Refused for a value that the task does not have.
        """
        self.check(task, value)
        now = now or self._clock()
        with self._database.write() as connection:
            # The belt before the case, as those who decide do it: else each could hold what the other waits for.
            enqueue(connection, DECIDE, [post_of_case(case_id)], now)
            parts = self._visible(connection, case_id, scope)
            keep_answers(connection, [case_id], task, now)
            connection.execute(
                insert(labels).values(case_id=case_id, task=task.value, value=value, by=by, at=now, note=note)
            )
            if parts.status.state is CaseState.NEW:
                connection.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.REVIEWED.value))
            refresh(connection, [case_id], now, self._urusan_of)

    def set_state(  # noqa: PLR0913  who puts what where, when and why
        self,
        case_id: str,
        state: CaseState,
        by: str,
        scope: Scope,
        note: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """Put a case into a state, with a line in the audit trail. NotFound outside the scope."""
        now = now or self._clock()
        with self._database.write() as connection:
            parts = self._visible(connection, case_id, scope)
            if parts.status.state is state:
                return
            connection.execute(update(cases).where(cases.c.id == case_id).values(state=state.value))
            detail = {"from": parts.status.state.value, "to": state.value} | ({"note": note} if note else {})
            record(connection, by, "case.state", case_id, detail, now)
            refresh(connection, [case_id], now, self._urusan_of)

    def status(self, case_id: str, scope: Scope) -> CaseStatus:
        """Where a case stands and what was said about it. NotFound outside the scope."""
        with self._database.read() as connection:
            return self._visible(connection, case_id, scope).status

    def _visible(self, connection: Connection, case_id: str, scope: Scope) -> Parts:
        connection.execute(select(cases.c.id).where(cases.c.id == case_id).with_for_update(key_share=True))
        parts = load(connection, [case_id]).get(case_id)
        if parts is None or not scope.allows(parts.document(self._urusan_of)):
            raise NotFound(f"Kasus {case_id} tidak ditemukan.")
        return parts

    def check(self, task: LabelTask, value: str) -> None:
        """Refused, with what would do, for a value that a task does not have."""
        allowed = _VALUES.get(task)
        if allowed is not None and value not in list(allowed):
            raise Refused(f"{task.value} tidak mengenal {value!r}; pilihannya: {', '.join(allowed)}.")
        if task is LabelTask.TOPIC and not self._urusan_of(value):
            raise Refused(f"Tidak ada topik {value!r}.")
        if task is LabelTask.RELEVANCE and not _is_share(value):
            raise Refused("Relevansi adalah angka 0 sampai 1.")
        if not value or len(value) > _MAX_VALUE:
            raise Refused(f"Nilai {task.value} harus berisi 1 sampai {_MAX_VALUE} huruf.")


def _is_share(value: str) -> bool:
    try:
        return 0 <= float(value) <= 1
    except ValueError:
        return False
