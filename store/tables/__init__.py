"""The tables of truth, as SQLAlchemy Core sees them. Migrations make them; a test holds both together."""

from __future__ import annotations

from store.tables.base import metadata
from store.tables.belts import leases, quarantine, work
from store.tables.desk import claims, handovers, looks, photo_drafts, photos, verdicts
from store.tables.doors import door_messages, door_people, door_replies, door_talks
from store.tables.line import cases, labels, post_revisions, posts, readings, vectors
from store.tables.people import accounts, audit, login_attempts, sessions, tokens
from store.tables.quality import calibrations, machine_answers
from store.tables.regions import region_edits, region_modes
from store.tables.secrets import secret_marks, secrets
from store.tables.sources import (
    crawls,
    credentials,
    host_turns,
    purse_hours,
    purses,
    source_days,
    source_errands,
    source_finds,
    sources,
)
from store.tables.stories import story_bands, story_heads, story_links
from store.tables.tickets import ticket_cases, ticket_events, ticket_numbers, tickets
from store.tables.watches import watch_hits, watch_marks, watch_spikes, watches

__all__ = [
    "accounts",
    "audit",
    "calibrations",
    "cases",
    "claims",
    "crawls",
    "credentials",
    "door_messages",
    "door_people",
    "door_replies",
    "door_talks",
    "handovers",
    "host_turns",
    "labels",
    "leases",
    "login_attempts",
    "looks",
    "machine_answers",
    "metadata",
    "photo_drafts",
    "photos",
    "post_revisions",
    "posts",
    "purse_hours",
    "purses",
    "quarantine",
    "readings",
    "region_edits",
    "region_modes",
    "secret_marks",
    "secrets",
    "sessions",
    "source_days",
    "source_errands",
    "source_finds",
    "sources",
    "story_bands",
    "story_heads",
    "story_links",
    "ticket_cases",
    "ticket_events",
    "ticket_numbers",
    "tickets",
    "tokens",
    "vectors",
    "verdicts",
    "watch_hits",
    "watch_marks",
    "watch_spikes",
    "watches",
    "work",
]
