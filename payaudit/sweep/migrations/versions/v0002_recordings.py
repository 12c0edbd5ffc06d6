"""What an audit shows of prices and counts is kept, for audits of later days to look back on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from payaudit.sweep.tables import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To the newer schema."""
    op.create_table(
        "recordings",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("recording", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_recordings_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id"),
    )


def downgrade() -> None:
    """And back."""
    op.drop_table("recordings")
