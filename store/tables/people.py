"""Accounts, their logins and tokens, failed attempts, and the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class AccountColumns(TypedColumns):
    """A person. `regions`, `opds`, `areas` are JSON lists; what an empty one means is the role's matter."""

    name: Named[str] = Column(Key, primary_key=True)
    display: Named[str] = Column(Text)
    role: Named[str] = Column(Key)
    regions: Named[str] = Column(Text)
    opds: Named[str] = Column(Text)
    areas: Named[str] = Column(Text)
    may_reveal: Named[bool]
    may_oversee: Named[bool]
    active: Named[bool]
    password: Named[str] = Column(Text)  # Argon2id
    password_at: Named[datetime] = Column(UtcTime())
    must_change: Named[bool]  # the password was made by somebody else
    created_at: Named[datetime] = Column(UtcTime())


accounts = Table("accounts", metadata, AccountColumns)


class SessionColumns(TypedColumns):
    """A login. `id` is the hash of the cookie's token, so the table opens no door."""

    id: Named[str] = Column(Key, primary_key=True)
    account: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    csrf: Named[str] = Column(Key)
    address: Named[str | None] = Column(Text)
    agent: Named[str | None] = Column(Text)
    created_at: Named[datetime] = Column(UtcTime())
    seen_at: Named[datetime] = Column(UtcTime())


sessions = Table("sessions", metadata, SessionColumns)


class TokenColumns(TypedColumns):
    """An API token, by its hash."""

    id: Named[str] = Column(Key, primary_key=True)
    account: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    name: Named[str] = Column(Text)
    scope: Named[str] = Column(Key)
    created_at: Named[datetime] = Column(UtcTime())
    expires_at: Named[datetime | None] = Column(UtcTime())
    used_at: Named[datetime | None] = Column(UtcTime())


tokens = Table("tokens", metadata, TokenColumns)


class LoginAttemptColumns(TypedColumns):
    """A failed login. `name` is a keyed hash: people type passwords into the wrong field."""

    id: Named[int] = Column(Serial, primary_key=True)
    name: Named[str] = Column(Key)
    address: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())


login_attempts = Table(
    "login_attempts", metadata, LoginAttemptColumns, Index(None, "name", "at"), Index(None, "address", "at")
)


class AuditColumns(TypedColumns):
    """Who did what to what. Rows are only ever added."""

    id: Named[int] = Column(Serial, primary_key=True)
    at: Named[datetime] = Column(UtcTime())
    actor: Named[str] = Column(Key)
    action: Named[str] = Column(Key)
    subject: Named[str] = Column(Key)
    detail: Named[str] = Column(Text)


audit = Table("audit", metadata, AuditColumns, Index(None, "subject", "at"))
