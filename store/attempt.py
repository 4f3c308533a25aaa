"""Hand a batch to a room and sort what comes back: results, failures, things to set aside. Knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from domain.errors import CatalogueError, PostQuarantined, PostRejected, SettingsError, Unavailable

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Outcome(Generic[T, R]):
    """What became of a batch. Things in none of the lists were dropped: nobody wants them."""

    done: list[tuple[T, R]] = field(default_factory=list)
    failed: list[tuple[T, str]] = field(default_factory=list)
    set_aside: list[tuple[T, str]] = field(default_factory=list)
    unavailable: str | None = None  # nothing was done: the whole batch waits


def attempt(batch: Sequence[T], handle: Callable[[Sequence[T]], Iterable[R]]) -> Outcome[T, R]:
    """Run `handle` over a batch, one result each in order; where that fails, over one thing at a time.

    Raises CatalogueError and SettingsError: then the program itself is wrong and must stop.
    """
    outcome: Outcome[T, R] = Outcome()
    if not batch:
        return outcome
    try:
        outcome.done = _matched(batch, handle)
    except Unavailable as cause:
        outcome.unavailable = str(cause)
    except (CatalogueError, SettingsError):
        raise
    except Exception:  # noqa: BLE001  whatever one post provokes must not stop the others
        for thing in batch:
            _one(thing, handle, outcome)
            if outcome.unavailable is not None:
                return Outcome(unavailable=outcome.unavailable)
    return outcome


def _one(thing: T, handle: Callable[[Sequence[T]], Iterable[R]], outcome: Outcome[T, R]) -> None:
    try:
        outcome.done.extend(_matched([thing], handle))
    except PostRejected:
        return
    except PostQuarantined as cause:
        outcome.set_aside.append((thing, reason_of(cause)))
    except Unavailable as cause:
        outcome.unavailable = str(cause)
    except (CatalogueError, SettingsError):
        raise
    except Exception as cause:  # noqa: BLE001  counted, and set aside with this reason when it goes on
        outcome.failed.append((thing, reason_of(cause)))


def reason_of(cause: BaseException) -> str:
    """Name an error for people: its class and its first words. Pydantic's repeat the input, so they are cut."""
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"[:300]


def _matched(batch: Sequence[T], handle: Callable[[Sequence[T]], Iterable[R]]) -> list[tuple[T, R]]:
    return list(zip(batch, handle(batch), strict=True))
