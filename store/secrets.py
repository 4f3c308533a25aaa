"""What masks hide, opened for those who may, with a line in the audit trail; and found again without opening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.documents import WITHDRAWN, PostDocument
from domain.errors import Forbidden, NotFound
from domain.labels import PiiKind
from domain.posts import words
from domain.scope import Scope
from store import vault
from store.audit import record
from store.database import Database
from store.keys import KeyRing
from store.projection import PARTS, Parts, UrusanOf, join
from store.seal import unmask
from store.tables import cases, secret_marks


@dataclass(frozen=True, slots=True)
class RevealedPost:
    """A post as it came, for one reader at one time. Never kept, never logged."""

    post_id: str
    words: str
    values: tuple[tuple[PiiKind, str], ...]  # in the order of the masks
    contact: str | None


class Secrets:
    """The only door to personal data."""

    def __init__(
        self, database: Database, keys: KeyRing, *, urusan_of: UrusanOf, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._urusan_of = urusan_of
        self._clock = clock

    def reveal(self, post_id: str, scope: Scope, by: str, now: datetime | None = None) -> RevealedPost:
        """Open a post. NotFound when no case of it is visible, Forbidden without the permission; audited."""
        now = now or self._clock()
        with self._database.write() as connection:
            seen = self._visible(connection, [post_id], scope)
            if not seen:
                raise NotFound(f"Kiriman {post_id} tidak ditemukan.")
            if not scope.may_reveal:
                raise Forbidden("Anda tidak berhak membuka data pribadi.")
            post = seen[0].post
            if post.withdrawn_at is not None:
                raise NotFound(f"{WITHDRAWN}: tidak ada lagi yang dapat dibuka.")
            values, contact = vault.take(connection, self._keys, post_id)
            record(connection, by, "secret.reveal", post_id, {"values": str(len(values))}, now)
        return RevealedPost(
            post_id,
            unmask(words(post.title, post.text), post.pii, tuple(value for _, value in values)),
            values,
            contact,
        )

    def holds(self, post_id: str, scope: Scope) -> bool:
        """Whether a post hides anything: masked words or a contact. False, too, for one that is not visible."""
        with self._database.read() as connection:
            return vault.holds(connection, post_id) and bool(self._visible(connection, [post_id], scope))

    def find_same(self, kind: PiiKind, value: str, scope: Scope) -> list[PostDocument]:
        """Visible cases of posts that hold the same number or address, newest first; Forbidden without permission."""
        if not scope.may_reveal:
            raise Forbidden("Anda tidak berhak mencari data pribadi.")
        with self._database.read() as connection:
            holders = select(secret_marks.c.post_id).where(secret_marks.c.blind == self._keys.blind(kind, value))
            parts = self._visible(connection, connection.execute(holders).scalars().all(), scope)
        documents = [one.document(self._urusan_of) for one in parts]
        return sorted(documents, key=lambda d: (d.published_at, d.id), reverse=True)

    def _visible(self, connection: Connection, post_ids: Sequence[str], scope: Scope) -> list[Parts]:
        rows = connection.execute(PARTS.where(cases.c.post_id.in_(post_ids))).all()
        return [one for one in join(connection, rows) if scope.allows(one.document(self._urusan_of))]
