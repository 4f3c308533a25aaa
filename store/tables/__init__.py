"""The tables of truth, as SQLAlchemy Core sees them. Migrations make them; a test holds both together."""

from __future__ import annotations

from store.tables.base import metadata
from store.tables.belts import leases, quarantine, work
from store.tables.line import cases, labels, post_revisions, posts, readings
from store.tables.people import accounts, audit, login_attempts, sessions, tokens
from store.tables.secrets import secret_marks, secrets
from store.tables.sources import crawls, sources
from store.tables.stories import story_bands, story_heads, story_links

__all__ = [
    "accounts",
    "audit",
    "cases",
    "crawls",
    "labels",
    "leases",
    "login_attempts",
    "metadata",
    "post_revisions",
    "posts",
    "quarantine",
    "readings",
    "secret_marks",
    "secrets",
    "sessions",
    "sources",
    "story_bands",
    "story_heads",
    "story_links",
    "tokens",
    "work",
]
