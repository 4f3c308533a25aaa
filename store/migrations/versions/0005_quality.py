"""Quality: what the machine had said beside what people say, and how each region's probabilities are bent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key, Serial, UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine_answers",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("task", Key, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("p", sa.Double(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("guided", sa.Boolean(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_machine_answers_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "task", name=op.f("pk_machine_answers")),
    )
    op.create_table(
        "calibrations",
        sa.Column("id", Serial, nullable=False),
        sa.Column("region", Key, nullable=False),
        sa.Column("name", Key, nullable=False),
        sa.Column("slope", sa.Double(), nullable=False),
        sa.Column("shift", sa.Double(), nullable=False),
        sa.Column("error_before", sa.Double(), nullable=False),
        sa.Column("error_after", sa.Double(), nullable=False),
        sa.Column("pairs", sa.Text(), nullable=False),
        sa.Column("by", Key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_calibrations_region_name")),
    )


def downgrade() -> None:
    op.drop_table("calibrations")
    op.drop_table("machine_answers")
