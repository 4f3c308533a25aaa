"""Saved searches and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key, UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", Key, nullable=False),
        sa.Column("owner", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("q", sa.Text(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("zone", Key, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.name"], name=op.f("fk_watches_owner"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_index(op.f("ix_watches_owner"), "watches", ["owner"], unique=False)

    op.create_table(
        "watch_hits",
        sa.Column("watch", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("story", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name=op.f("fk_watch_hits_watch"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_watch_hits_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("watch", "case_id", name=op.f("pk_watch_hits")),
    )
    op.create_index(op.f("ix_watch_hits_case_id"), "watch_hits", ["case_id"], unique=False)
    op.create_index(op.f("ix_watch_hits_at"), "watch_hits", ["at"], unique=False)
    op.create_index(op.f("ix_watch_hits_watch_story"), "watch_hits", ["watch", "story"], unique=False)

    op.create_table(
        "watch_spikes",
        sa.Column("watch", Key, nullable=False),
        sa.Column("account", Key, nullable=False),
        sa.Column("hour", UtcTime(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("scope", Key, nullable=False),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name=op.f("fk_watch_spikes_watch"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.name"], name=op.f("fk_watch_spikes_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch", "account", "hour", name=op.f("pk_watch_spikes")),
    )
    op.create_index(op.f("ix_watch_spikes_account"), "watch_spikes", ["account"], unique=False)

    op.create_table(
        "watch_marks",
        sa.Column("watch", Key, nullable=False),
        sa.Column("account", Key, nullable=False),
        sa.Column("alert", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name=op.f("fk_watch_marks_watch"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.name"], name=op.f("fk_watch_marks_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch", "account", "alert", name=op.f("pk_watch_marks")),
    )
    op.create_index(op.f("ix_watch_marks_account"), "watch_marks", ["account"], unique=False)


def downgrade() -> None:
    for table in ("watch_marks", "watch_spikes", "watch_hits", "watches"):
        op.drop_table(table)
