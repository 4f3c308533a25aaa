"""What was masked, encrypted; and keyed hashes by which the same number is found again."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Named, Table, TypedColumns

from store.tables.base import metadata
from store.types import Key


class SecretColumns(TypedColumns):
    """One sealed value of a post: `original` (what the masks hide) or `contact` (the reporter's)."""

    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    kind: Named[str] = Column(Key, primary_key=True)
    key_id: Named[str] = Column(Key)
    sealed: Named[bytes] = Column(LargeBinary)


secrets = Table("secrets", metadata, SecretColumns)


class SecretMarkColumns(TypedColumns):
    """The blind index: a keyed hash of one piece of personal data, and the post that holds it."""

    blind: Named[str] = Column(Key, primary_key=True)
    post_id: Named[str] = Column(Key, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Named[str] = Column(Key, primary_key=True)


secret_marks = Table("secret_marks", metadata, SecretMarkColumns)
