"""Photos of reports: kept with a form until it is saved, then with its post, shown to who may see a case of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from domain.errors import NotFound, Refused
from domain.scope import Scope
from store.database import Database, insert
from store.projection import PARTS, UrusanOf, join
from store.tables import cases, photo_drafts, photos, posts

MOST: Final = 6  # photos of one report
HELD: Final = timedelta(days=1)  # a form that is not saved by then was given up
_ID_LENGTH: Final = 26  # base32 of 130 bits, as other ids here


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo fit to be kept: decoded and encoded anew by whoever hands it in, so that nothing rides along."""

    media_type: str
    width: int
    height: int
    body: bytes
    small: bytes

    @property
    def id(self) -> str:
        """The name of just these pixels: the same photo twice is one."""
        return base64.b32encode(hashlib.sha256(self.body).digest()).decode().lower()[:_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class PhotoNote:
    """A photo without its bytes."""

    id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo's bytes, or its thumbnail's."""

    media_type: str
    body: bytes


class Photos:
    """Implements the keeping of photos. A draft is the form's own number; only who sent it sees what it holds."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf) -> None:
        self._database = database
        self._urusan_of = urusan_of

    def hold(self, draft: str, picture: Picture, by: str, now: datetime) -> None:
        """Keep a photo with a form. The same one twice is one; Refused beyond so many."""
        with self._database.write() as connection:
            held = {note.id for note in _held(connection, draft, by)}
            if picture.id in held:
                return
            if len(held) >= MOST:
                raise Refused("Foto laporan ini sudah sebanyak yang dapat disimpan.")
            row = {
                "draft": draft, "id": picture.id, "by": by, "media_type": picture.media_type,
                "width": picture.width, "height": picture.height, "body": picture.body, "small": picture.small,
                "added_at": now,
            }  # fmt: skip
            connection.execute(insert(connection, photo_drafts).values(row).on_conflict_do_nothing())

    def held(self, draft: str, by: str) -> list[PhotoNote]:
        """What a form holds, in the order it came."""
        with self._database.read() as connection:
            return _held(connection, draft, by)

    def held_small(self, draft: str, photo: str, by: str) -> ShownPhoto:
        """The thumbnail of a photo that a form holds. NotFound for another's form."""
        query = select(photo_drafts.c.media_type, photo_drafts.c.small).where(
            _mine(draft, by), photo_drafts.c.id == photo
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise _absent()
        return ShownPhoto(row.media_type, row.small)

    def drop(self, draft: str, photo: str, by: str) -> None:
        """Take a photo back from a form; one that is not there stays absent."""
        with self._database.write() as connection:
            connection.execute(delete(photo_drafts).where(_mine(draft, by), photo_drafts.c.id == photo))

    def move(self, draft: str, to: str, by: str) -> None:
        """Give what a form holds to another form of the same person."""
        with self._database.write() as connection:
            connection.execute(update(photo_drafts).where(_mine(draft, by)).values(draft=to))

    def attach(self, draft: str, post_id: str, by: str) -> int:
        """Give what a form holds to its stored post. Twice changes nothing. Returns how many the post got."""
        kept = ("id", "media_type", "width", "height", "body", "small", "added_at")
        with self._database.write() as connection:
            query = select(*(photo_drafts.c[name] for name in kept)).where(_mine(draft, by))
            rows = [dict(row._mapping) | {"post_id": post_id} for row in connection.execute(query)]  # noqa: SLF001
            if rows:
                connection.execute(insert(connection, photos).on_conflict_do_nothing(), rows)
                connection.execute(delete(photo_drafts).where(_mine(draft, by)))
        return len(rows)

    def keep(self, post_id: str, picture: Picture, now: datetime) -> bool:
        """Give a stored post a photo that came after it. The same one twice is one; False beyond so many."""
        with self._database.write() as connection:
            return add_picture(connection, post_id, picture, now)

    def of_post(self, post_id: str, scope: Scope) -> list[PhotoNote]:
        """A post's photos in the order they came; none for a reader who sees no case of it."""
        query = (
            select(photos.c.id, photos.c.width, photos.c.height)
            .where(photos.c.post_id == post_id)
            .order_by(photos.c.added_at, photos.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            seen = bool(rows) and self._visible(connection, [post_id], scope)
        return [PhotoNote(row.id, row.width, row.height) for row in rows] if seen else []

    def shown(self, photo: str, scope: Scope, *, small: bool = False) -> ShownPhoto:
        """A photo for a reader who may see a case of a post that has it. NotFound alike for hidden and absent."""
        query = select(photos.c.post_id).where(photos.c.id == photo)
        body = photos.c.small if small else photos.c.body
        with self._database.read() as connection:
            if not self._visible(connection, connection.execute(query).scalars().all(), scope):
                raise _absent()
            row = connection.execute(
                select(photos.c.media_type, body.label("body")).where(photos.c.id == photo).limit(1)
            ).one()
        return ShownPhoto(row.media_type, row.body)

    def forget_old(self, now: datetime) -> int:
        """Drop what was held for forms that nobody saved. For a daily timer."""
        old = photo_drafts.c.added_at < now - HELD
        with self._database.write() as connection:
            count = connection.execute(select(func.count()).select_from(photo_drafts).where(old)).scalar_one()
            connection.execute(delete(photo_drafts).where(old))
        return count

    def _visible(self, connection: Connection, post_ids: Sequence[str], scope: Scope) -> bool:
        rows = connection.execute(PARTS.where(cases.c.post_id.in_(sorted(post_ids)))).all()
        return any(scope.allows(one.document(self._urusan_of)) for one in join(connection, rows))


def add_picture(connection: Connection, post_id: str, picture: Picture, now: datetime) -> bool:
    """Give a post a photo; see `Photos.keep`. One whose words were withdrawn gets none."""
    query = select(posts.c.withdrawn_at).where(posts.c.id == post_id).with_for_update(key_share=True)
    post = connection.execute(query).first()
    kept = set(connection.execute(select(photos.c.id).where(photos.c.post_id == post_id)).scalars())
    if post is None or post.withdrawn_at is not None or (picture.id not in kept and len(kept) >= MOST):
        return False
    row = {
        "id": picture.id, "post_id": post_id, "media_type": picture.media_type, "width": picture.width,
        "height": picture.height, "body": picture.body, "small": picture.small, "added_at": now,
    }  # fmt: skip
    connection.execute(insert(connection, photos).values(row).on_conflict_do_nothing())
    return True


def _held(connection: Connection, draft: str, by: str) -> list[PhotoNote]:
    query = (
        select(photo_drafts.c.id, photo_drafts.c.width, photo_drafts.c.height)
        .where(_mine(draft, by))
        .order_by(photo_drafts.c.added_at, photo_drafts.c.id)
    )
    return [PhotoNote(row.id, row.width, row.height) for row in connection.execute(query)]


def _mine(draft: str, by: str) -> ColumnElement[bool]:
    return (photo_drafts.c.draft == draft) & (photo_drafts.c.by == by)


def _absent() -> NotFound:
    return NotFound("Foto itu tidak ada, atau tidak boleh Anda lihat.")
