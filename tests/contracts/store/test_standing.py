"""What of a source is stored and still shown: against this a complete listing is held, to see what was deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.labels import Channel
from domain.posts import Incoming
from store import Store

AT = datetime(2026, 8, 1, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(number: int, *, source: str = "kanal", parent: str | None = None) -> Incoming:
    return Incoming(
        namespace="youtube", native_id=f"k{number}", source=source, channel=Channel.YOUTUBE, parent=parent,
        text=f"Jalan di RT {number} rusak", published_at=AT + number * HOUR, fetched_at=AT + 99 * HOUR,
    )  # fmt: skip


@pytest.fixture
def thread(store: Store) -> list[Incoming]:
    """Two comments of a source; the first has an answer, as has the same one from another source."""
    first = said(1)
    made = [first, said(2), said(3, parent=first.id), said(4, parent=first.id, source="lain")]
    store.intake.accept(made)
    return made


def test_what_a_source_said_in_a_time_stands_the_end_left_out(store: Store, thread: list[Incoming]) -> None:
    found = store.sources.standing("kanal", AT + HOUR, AT + 3 * HOUR)
    assert found == {post.id: post.native_id for post in thread[:2]}


def test_what_stands_under_a_post_is_asked_for_alone(store: Store, thread: list[Incoming]) -> None:
    assert store.sources.standing("kanal", AT, AT + 9 * HOUR, parent=thread[0].id) == {thread[2].id: "k3"}
    assert store.sources.standing("kanal", AT, AT + 3 * HOUR, parent=thread[0].id) == {}


def test_what_was_withdrawn_stands_no_longer(store: Store, thread: list[Incoming]) -> None:
    store.intake.withdraw([thread[2].id, thread[1].id], AT + 9 * HOUR)
    assert store.sources.standing("kanal", AT, AT + 9 * HOUR) == {thread[0].id: "k1"}
    assert store.sources.standing("kanal", AT, AT + 9 * HOUR, parent=thread[0].id) == {}
