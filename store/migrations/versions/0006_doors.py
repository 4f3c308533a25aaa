"""Doors: keys and purses of platforms, turns at hosts, what people write to us, what sources delete."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key, Serial, UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("options", sa.Text(), server_default="[]", nullable=False))
    op.add_column("sources", sa.Column("interval_minutes", sa.Integer(), nullable=True))
    op.add_column("sources", sa.Column("answer", sa.Text(), nullable=True))
    op.add_column("posts", sa.Column("withdrawn_at", UtcTime(), nullable=True))
    op.create_index(op.f("ix_posts_source_published_at"), "posts", ["source", "published_at"])
    _keys_and_turns()
    _conversations()


def downgrade() -> None:
    for name in ("door_replies", "door_messages", "door_talks", "door_people"):
        op.drop_table(name)
    for name in ("source_finds", "host_turns", "purse_hours", "purses", "credentials"):
        op.drop_table(name)
    op.drop_index(op.f("ix_posts_source_published_at"), table_name="posts")
    op.drop_column("posts", "withdrawn_at")
    op.drop_column("sources", "answer")
    op.drop_column("sources", "interval_minutes")
    op.drop_column("sources", "options")


def _keys_and_turns() -> None:
    op.create_table(
        "credentials",
        sa.Column("name", Key, nullable=False),
        sa.Column("key_id", Key, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mark", Key, nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("added_by", Key, nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("refused_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_credentials")),
    )
    op.create_table(
        "purses",
        sa.Column("account", Key, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_purses")),
    )
    op.create_table(
        "purse_hours",
        sa.Column("account", Key, nullable=False),
        sa.Column("hour", UtcTime(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["purses.account"], name=op.f("fk_purse_hours_account_purses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account", "hour", name=op.f("pk_purse_hours")),
    )
    op.create_table(
        "host_turns",
        sa.Column("host", Key, nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_turns")),
    )
    op.create_table(
        "source_finds",
        sa.Column("id", Serial, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("url", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_finds")),
    )
    op.create_index(op.f("ix_source_finds_region_url"), "source_finds", ["region", "url"], unique=True)


def _conversations() -> None:
    op.create_table(
        "door_people",
        sa.Column("door", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.PrimaryKeyConstraint("door", "person", name=op.f("pk_door_people")),
    )
    op.create_table(
        "door_talks",
        sa.Column("id", Serial, nullable=False),
        sa.Column("door", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("post_id", Key, nullable=False),
        sa.Column("code", Key, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_talks")),
    )
    op.create_index(op.f("ix_door_talks_door_person_last_at"), "door_talks", ["door", "person", "last_at"])
    op.create_index(op.f("ix_door_talks_code"), "door_talks", ["code"], unique=True)
    op.create_index(op.f("ix_door_talks_post_id"), "door_talks", ["post_id"])
    op.create_table(
        "door_messages",
        sa.Column("door", Key, nullable=False),
        sa.Column("message", Key, nullable=False),
        sa.Column("talk", Serial, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", Key, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["talk"], ["door_talks.id"], name=op.f("fk_door_messages_talk_door_talks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("door", "message", name=op.f("pk_door_messages")),
    )
    op.create_index(op.f("ix_door_messages_talk_number"), "door_messages", ["talk", "number"])
    op.create_index(op.f("ix_door_messages_at"), "door_messages", ["at"])
    op.create_table(
        "door_replies",
        sa.Column("id", Serial, nullable=False),
        sa.Column("door", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("talk", Serial, nullable=True),
        sa.Column("key_id", Key, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("what", Key, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["talk"], ["door_talks.id"], name=op.f("fk_door_replies_talk_door_talks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_replies")),
    )
    op.create_index(op.f("ix_door_replies_talk"), "door_replies", ["talk"])
    op.create_index(op.f("ix_door_replies_state_due_at"), "door_replies", ["state", "due_at"])
