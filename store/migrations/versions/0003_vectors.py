"""Vectors: where posts stand in an encoder's space of meaning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.types import Key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("post_id", Key, nullable=False),
        sa.Column("model", Key, nullable=False),
        sa.Column("scale", sa.Double(), nullable=False),
        sa.Column("steps", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_vectors_post_id_posts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "model", name=op.f("pk_vectors")),
    )


def downgrade() -> None:
    op.drop_table("vectors")
