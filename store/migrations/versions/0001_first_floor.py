"""The first floor: posts, readings, cases, stories, belts, sources, people, secrets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key, Serial, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", Key, nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("role", Key, nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("opds", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("may_reveal", sa.Boolean(), nullable=False),
        sa.Column("may_oversee", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("password_at", UtcTime(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "audit",
        sa.Column("id", Serial, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", Key, nullable=False),
        sa.Column("action", Key, nullable=False),
        sa.Column("subject", Key, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject_at"), "audit", ["subject", "at"], unique=False)

    op.create_table(
        "leases",
        sa.Column("name", Key, nullable=False),
        sa.Column("owner", Key, nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", Serial, nullable=False),
        sa.Column("name", Key, nullable=False),
        sa.Column("address", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index(op.f("ix_login_attempts_address_at"), "login_attempts", ["address", "at"], unique=False)
    op.create_index(op.f("ix_login_attempts_name_at"), "login_attempts", ["name", "at"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", Key, nullable=False),
        sa.Column("namespace", Key, nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("source", Key, nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("channel", Key, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("author", Key, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pii", sa.Text(), nullable=True),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.Column("date_trust", Key, nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("parent", Key, nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("engagement", sa.Text(), nullable=True),
        sa.Column("wire", sa.Text(), nullable=True),
        sa.Column("hints", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fingerprint", Key, nullable=False),
        sa.Column("ingested_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", Serial, nullable=False),
        sa.Column("belt", Key, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("belt", "key", name=op.f("uq_quarantine_belt_key")),
    )
    op.create_table(
        "sources",
        sa.Column("key", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("added_by", Key, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("last_attempt_at", UtcTime(), nullable=True),
        sa.Column("last_ok_at", UtcTime(), nullable=True),
        sa.Column("last_new_at", UtcTime(), nullable=True),
        sa.Column("newest_post_at", UtcTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("posts_total", sa.Integer(), nullable=False),
        sa.Column("next_due_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_table(
        "story_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", Serial, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "head", name=op.f("pk_story_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "work",
        sa.Column("belt", Key, nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=True),
        sa.Column("holder", Key, nullable=True),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("queued_at", UtcTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("belt", "key", name=op.f("pk_work")),
    )
    op.create_index(op.f("ix_work_belt_due_at"), "work", ["belt", "due_at"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", Key, nullable=False),
        sa.Column("post_id", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("month", Key, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("opd", Key, nullable=True),
        sa.Column("oversight", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", Key, nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.Column("gone_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_cases_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_post_id"), "cases", ["post_id"], unique=False)
    op.create_index(op.f("ix_cases_region_month_id"), "cases", ["region", "month", "id"], unique=False)

    op.create_table(
        "crawls",
        sa.Column("id", Serial, nullable=False),
        sa.Column("source", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_crawls_source"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_index(op.f("ix_crawls_source_at"), "crawls", ["source", "at"], unique=False)

    op.create_table(
        "post_revisions",
        sa.Column("post_id", Key, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pii", sa.Text(), nullable=True),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("replaced_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_revisions_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "revision", name=op.f("pk_post_revisions")),
    )
    op.create_table(
        "readings",
        sa.Column("post_id", Key, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("near", sa.LargeBinary(), nullable=True),
        sa.Column("norm_version", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_readings_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_readings")),
    )
    op.create_table(
        "secret_marks",
        sa.Column("blind", Key, nullable=False),
        sa.Column("post_id", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_secret_marks_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("blind", "post_id", "kind", name=op.f("pk_secret_marks")),
    )
    op.create_index(op.f("ix_secret_marks_post_id"), "secret_marks", ["post_id"], unique=False)

    op.create_table(
        "secrets",
        sa.Column("post_id", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("key_id", Key, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_secrets_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "kind", name=op.f("pk_secrets")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", Key, nullable=False),
        sa.Column("account", Key, nullable=False),
        sa.Column("csrf", Key, nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_sessions_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", Key, nullable=False),
        sa.Column("account", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", Key, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_tokens_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_account"), "tokens", ["account"], unique=False)

    op.create_table(
        "labels",
        sa.Column("id", Serial, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("task", Key, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_labels_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_case_id"), "labels", ["case_id"], unique=False)

    op.create_table(
        "story_heads",
        sa.Column("id", Serial, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("near", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_story_heads_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_heads")),
        sa.UniqueConstraint("case_id", name=op.f("uq_story_heads_case_id")),
    )
    op.create_index(op.f("ix_story_heads_stored_at"), "story_heads", ["stored_at"], unique=False)

    op.create_table(
        "story_links",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("story", Key, nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("linked_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_story_links_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_story_links")),
    )
    op.create_index(op.f("ix_story_links_story"), "story_links", ["story"], unique=False)


def downgrade() -> None:

    op.drop_table("story_links")
    op.drop_table("story_heads")
    op.drop_table("labels")
    op.drop_table("tokens")
    op.drop_table("sessions")
    op.drop_table("secrets")
    op.drop_table("secret_marks")
    op.drop_table("readings")
    op.drop_table("post_revisions")
    op.drop_table("crawls")
    op.drop_table("cases")
    op.drop_table("work")
    op.drop_table("story_bands")
    op.drop_table("sources")
    op.drop_table("quarantine")
    op.drop_table("posts")
    op.drop_table("login_attempts")
    op.drop_table("leases")
    op.drop_table("audit")
    op.drop_table("accounts")
