"""The desk: tickets and their history, triage, photos, what a center changes of its region; cases told in columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key, Serial, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Cases stored before have `story` empty: `store.facts.fill` tells them when truth is opened next.
    epoch = sa.text("'epoch'" if op.get_bind().dialect.name == "postgresql" else "0")
    op.create_table(
        "handovers",
        sa.Column("id", Serial, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_by", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_region_at"), "handovers", ["region", "at"], unique=False)

    op.create_table(
        "region_edits",
        sa.Column("id", Serial, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("part", Key, nullable=False),
        sa.Column("key", Key, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_edits")),
    )
    op.create_index(op.f("ix_region_edits_region"), "region_edits", ["region"], unique=False)

    op.create_table(
        "source_errands",
        sa.Column("id", Serial, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("source", Key, nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("region", Key, nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("since", UtcTime(), nullable=True),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_errands")),
    )
    op.create_index(op.f("ix_source_errands_state_id"), "source_errands", ["state", "id"], unique=False)
    op.create_index(op.f("ix_source_errands_source_id"), "source_errands", ["source", "id"], unique=False)

    op.create_table(
        "region_modes",
        sa.Column("region", Key, nullable=False),
        sa.Column("mode", Key, nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=False),
        sa.Column("sure", sa.Double(), nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_region_modes")),
    )
    op.create_table(
        "ticket_numbers",
        sa.Column("region", Key, nullable=False),
        sa.Column("period", Key, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "period", name=op.f("pk_ticket_numbers")),
    )
    op.create_table(
        "tickets",
        sa.Column("code", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opd", Key, nullable=True),
        sa.Column("proposed", Key, nullable=True),
        sa.Column("topic", Key, nullable=False),
        sa.Column("intent", Key, nullable=False),
        sa.Column("urgency", Key, nullable=False),
        sa.Column("sentiment", Key, nullable=False),
        sa.Column("oversight", sa.Boolean(), nullable=False),
        sa.Column("accused", sa.Text(), nullable=True),
        sa.Column("area", Key, nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("origin", Key, nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("opened_by", Key, nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.Column("disposed_at", UtcTime(), nullable=True),
        sa.Column("first_disposed_at", UtcTime(), nullable=True),
        sa.Column("accepted_at", UtcTime(), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("response_due", UtcTime(), nullable=True),
        sa.Column("resolve_due", UtcTime(), nullable=True),
        sa.Column("resolve_why", sa.Text(), nullable=False),
        sa.Column("clock_kind", Key, nullable=True),
        sa.Column("clock_at", UtcTime(), nullable=True),
        sa.Column("clock_why", sa.Text(), nullable=False),
        sa.Column("clock_left", sa.Integer(), nullable=True),
        sa.Column("paused_from", Key, nullable=True),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tickets")),
    )
    op.create_index(
        "ix_tickets_offices",
        "tickets",
        [
            "region", "opd", "opened_at", "state", "clock_at", "code", "oversight", "accused", "area", "topic",
            "urgency", "intent", "first_disposed_at", "disposed_at", "answered_at", "response_due", "done_at",
            "resolve_due",
        ],
        unique=False,
    )  # fmt: skip
    op.create_index(
        "ix_tickets_areas",
        "tickets",
        [
            "region", "area", "opened_at", "state", "clock_at", "opd", "oversight", "accused", "topic", "urgency",
            "intent", "disposed_at", "answered_at", "response_due", "done_at", "resolve_due",
        ],
        unique=False,
    )  # fmt: skip
    op.create_index(
        "ix_tickets_shown",
        "tickets",
        [
            "region", "state", "clock_at", "code", "opd", "oversight", "accused", "area", "topic", "urgency", "intent",
            "opened_at", "first_disposed_at", "title",
        ],
        unique=False,
    )  # fmt: skip
    op.create_index(
        "ix_tickets_opened",
        "tickets",
        [
            "region", "opened_at", "code", "state", "opd", "oversight", "accused", "area", "topic", "urgency", "intent",
            "disposed_at", "answered_at", "response_due", "done_at", "resolve_due",
        ],
        unique=False,
    )  # fmt: skip
    op.create_index(
        op.f("ix_tickets_region_topic_area_opened_at"),
        "tickets",
        ["region", "topic", "area", "opened_at"],
        unique=False,
    )

    op.create_table(
        "verdicts",
        sa.Column("id", Serial, nullable=False),
        sa.Column("story", Key, nullable=False, server_default=""),
        sa.Column("region", Key, nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("undone_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_by_at"), "verdicts", ["by", "at"], unique=False)
    op.create_index(op.f("ix_verdicts_story"), "verdicts", ["story"], unique=False)

    op.create_table(
        "claims",
        sa.Column("story", Key, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.name"], name=op.f("fk_claims_by"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_by"), "claims", ["by"], unique=False)

    op.create_table(
        "looks",
        sa.Column("account", Key, nullable=False),
        sa.Column("page", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_looks_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", "page", name=op.f("pk_looks")),
    )
    op.create_table(
        "photos",
        sa.Column("id", Key, nullable=False),
        sa.Column("post_id", Key, nullable=False),
        sa.Column("media_type", Key, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_photos_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "post_id", name=op.f("pk_photos")),
    )
    op.create_index(op.f("ix_photos_post_id"), "photos", ["post_id"], unique=False)

    op.create_table(
        "photo_drafts",
        sa.Column("draft", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("media_type", Key, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["accounts.name"], name=op.f("fk_photo_drafts_by"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft", "id", "by", name=op.f("pk_photo_drafts")),
    )
    op.create_index(op.f("ix_photo_drafts_added_at"), "photo_drafts", ["added_at"], unique=False)
    op.create_index(op.f("ix_photo_drafts_by"), "photo_drafts", ["by"], unique=False)

    op.create_table(
        "source_days",
        sa.Column("source", Key, nullable=False),
        sa.Column("day", Key, nullable=False),
        sa.Column("crawls", sa.Integer(), nullable=False),
        sa.Column("healthy", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_source_days_source"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_source_days")),
    )
    op.create_index(op.f("ix_source_days_day"), "source_days", ["day"], unique=False)

    op.create_table(
        "ticket_events",
        sa.Column("id", Serial, nullable=False),
        sa.Column("code", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("action", Key, nullable=False),
        sa.Column("before", Key, nullable=True),
        sa.Column("after", Key, nullable=False),
        sa.Column("opd", Key, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["tickets.code"], name=op.f("fk_ticket_events_code"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_events")),
    )
    op.create_index(op.f("ix_ticket_events_at"), "ticket_events", ["at"], unique=False)
    op.create_index(op.f("ix_ticket_events_code"), "ticket_events", ["code"], unique=False)

    op.create_table(
        "ticket_cases",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("ticket", Key, nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ticket_cases_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.code"], name=op.f("fk_ticket_cases_ticket"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_ticket_cases")),
    )
    op.create_index(op.f("ix_ticket_cases_ticket"), "ticket_cases", ["ticket"], unique=False)

    op.add_column("cases", sa.Column("story", Key, nullable=False))
    op.add_column("cases", sa.Column("born_at", UtcTime(), nullable=False, server_default=epoch))
    op.add_column("cases", sa.Column("published_at", UtcTime(), nullable=False, server_default=epoch))
    op.add_column("cases", sa.Column("intent", Key, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("topic", Key, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("urgency", Key, nullable=False, server_default=""))
    op.add_column("cases", sa.Column("area", Key, nullable=True))
    op.add_column("cases", sa.Column("opd_p", sa.Double(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("intent_p", sa.Double(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("accused", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("unsorted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_cases_story"), "cases", ["story"], unique=False)
    op.create_index(op.f("ix_posts_parent"), "posts", ["parent"], unique=False)
    op.create_index(
        "ix_cases_waiting",
        "cases",
        [
            "region", "story", "published_at", "born_at", "urgency", "opd_p", "intent_p", "oversight", "area", "topic",
            "opd", "accused", "waiting", "gone_at",
        ],
        unique=False,
        sqlite_where=sa.text("waiting = 1 AND gone_at IS NULL"),
        postgresql_where=sa.text("waiting AND gone_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_cases_unsorted",
        "cases",
        ["region", "story"],
        unique=False,
        sqlite_where=sa.text("unsorted = 1 AND gone_at IS NULL"),
        postgresql_where=sa.text("unsorted AND gone_at IS NULL"),
    )


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(
        "ix_cases_unsorted",
        "cases",
        sqlite_where=sa.text("unsorted = 1 AND gone_at IS NULL"),
        postgresql_where=sa.text("unsorted AND gone_at IS NULL"),
    )
    op.drop_index(
        "ix_cases_waiting",
        "cases",
        sqlite_where=sa.text("waiting = 1 AND gone_at IS NULL"),
        postgresql_where=sa.text("waiting AND gone_at IS NULL"),
    )
    op.drop_index(op.f("ix_posts_parent"), "posts")
    op.drop_index(op.f("ix_cases_story"), "cases")
    op.drop_column("cases", "unsorted")
    op.drop_column("cases", "waiting")
    op.drop_column("cases", "accused")
    op.drop_column("cases", "intent_p")
    op.drop_column("cases", "opd_p")
    op.drop_column("cases", "area")
    op.drop_column("cases", "urgency")
    op.drop_column("cases", "topic")
    op.drop_column("cases", "intent")
    op.drop_column("cases", "published_at")
    op.drop_column("cases", "born_at")
    op.drop_column("cases", "story")

    op.drop_index(op.f("ix_ticket_cases_ticket"), "ticket_cases")

    op.drop_table("ticket_cases")
    op.drop_index(op.f("ix_ticket_events_code"), "ticket_events")
    op.drop_index(op.f("ix_ticket_events_at"), "ticket_events")

    op.drop_table("ticket_events")
    op.drop_index(op.f("ix_source_days_day"), "source_days")

    op.drop_table("source_days")
    op.drop_index(op.f("ix_photo_drafts_by"), "photo_drafts")
    op.drop_index(op.f("ix_photo_drafts_added_at"), "photo_drafts")

    op.drop_table("photo_drafts")
    op.drop_index(op.f("ix_photos_post_id"), "photos")

    op.drop_table("photos")
    op.drop_table("looks")
    op.drop_index(op.f("ix_claims_by"), "claims")

    op.drop_table("claims")
    op.drop_index(op.f("ix_verdicts_story"), "verdicts")
    op.drop_index(op.f("ix_verdicts_by_at"), "verdicts")

    op.drop_table("verdicts")
    op.drop_index(op.f("ix_tickets_region_topic_area_opened_at"), "tickets")
    op.drop_index("ix_tickets_shown", "tickets")
    op.drop_index("ix_tickets_opened", "tickets")
    op.drop_index("ix_tickets_areas", "tickets")
    op.drop_index("ix_tickets_offices", "tickets")

    op.drop_table("tickets")
    op.drop_table("ticket_numbers")
    op.drop_table("region_modes")
    op.drop_index(op.f("ix_source_errands_source_id"), "source_errands")
    op.drop_index(op.f("ix_source_errands_state_id"), "source_errands")

    op.drop_table("source_errands")
    op.drop_index(op.f("ix_region_edits_region"), "region_edits")

    op.drop_table("region_edits")
    op.drop_index(op.f("ix_handovers_region_at"), "handovers")

    op.drop_table("handovers")
