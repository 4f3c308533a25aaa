"""Somebody who writes at a door, and what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from store import Store
from store.tables import posts
from store.talks_values import Door, Said, TakenIn
from tests.store.line import NOW, REGION

NUMBER = "6281234567890"


def said(text: str = "Jalan di Gerung rusak parah", id: str = "1", **more: Any) -> Said:  # noqa: A002  as the door names it
    """A WhatsApp message of the same person."""
    fields: dict[str, Any] = {
        "door": Door.WHATSAPP, "region": REGION, "prefix": "LB", "id": f"wamid.{id}", "text": text, "at": NOW,
        "person": NUMBER, "contact": f"+{NUMBER}", "answer_to": {"to": NUMBER},
    }  # fmt: skip
    return Said(**(fields | more))


def thanks(taken: TakenIn) -> str:
    return f"Kode laporan: {taken.code}"


def words_of(store: Store, post_id: str) -> str:
    with store.database.read() as connection:
        return str(connection.execute(select(posts.c.text).where(posts.c.id == post_id)).scalar_one())


def rows(store: Store, table: Any) -> int:
    with store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
