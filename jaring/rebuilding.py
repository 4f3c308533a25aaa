"""The index made anew from truth, by a command or when `jaring up` finds one that another version made."""

from __future__ import annotations

from domain.errors import Refused
from indexer.rebuild import rebuild
from jaring.console import progress, words
from jaring.wiring import REBUILD_CHUNK, Hall
from jaring.work import drain, turn_of


def rebuild_index(opened: Hall) -> None:
    """Make the index anew from truth. Raises Refused where it cannot hold a case."""
    with progress("Membangun indeks", opened.store.cases.count()) as bar:
        handled = 0

        def told(so_far: int) -> None:
            nonlocal handled
            bar(so_far - handled)
            handled = so_far

        cases, tickets = opened.store.cases.everything(), opened.store.tickets_to_index.everything()
        report = rebuild(opened.index, cases, tickets=tickets, batch=REBUILD_CHUNK, progress=told)
    drain(turn_of("indexer", opened))
    words.print(f"{report.written + report.stale} kasus diindeks.")
    if report.poisoned:
        raise Refused(f"{len(report.poisoned)} kasus tidak dapat diindeks: {report.poisoned[0].reason}")
