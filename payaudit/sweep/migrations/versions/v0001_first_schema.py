"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from payaudit.sweep.tables import TEXT, Amount

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Every price a title was offered at, with what the same offer cost in the audit before.
_PRICE_HISTORY = """
CREATE VIEW price_history AS
SELECT a.target, a.persona, a.title, a.platform, a.captured, a.audited_at, a.audit_id,
       o.name AS offer, o.period, o.price, o.currency, o.renewal_price,
       LAG(o.price) OVER same_offer AS price_before,
       LAG(a.captured) OVER same_offer AS captured_before
FROM offers o JOIN audits a ON a.audit_id = o.audit_id
WHERE o.price IS NOT NULL
WINDOW same_offer AS (
    PARTITION BY a.target, a.persona, o.name, o.period, o.currency ORDER BY a.audited_at, o.number
)
"""


def upgrade() -> None:
    """To the newer schema."""
    op.create_table(
        "merchants",
        sa.Column("merchant", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("merchant"),
    )
    op.create_table(
        "provisions",
        sa.Column("provision", TEXT, nullable=False),
        sa.Column("jurisdiction", TEXT, nullable=False),
        sa.Column("instrument", TEXT, nullable=False),
        sa.Column("instrument_en", TEXT, nullable=False),
        sa.Column("article_en", TEXT, nullable=False),
        sa.Column("article_zh", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("verification", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("provision"),
    )
    op.create_table(
        "sweeps",
        sa.Column("sweep", TEXT, nullable=False),
        sa.Column("started", TEXT, nullable=False),
        sa.Column("ended", TEXT, nullable=True),
        sa.Column("frame_name", TEXT, nullable=False),
        sa.Column("frame_sha256", TEXT, nullable=False),
        sa.Column("frame_rows", sa.Integer(), nullable=False),
        sa.Column("repeated_rows", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=True),
        sa.Column("seed", TEXT, nullable=False),
        sa.Column("options", TEXT, nullable=False),
        sa.Column("tool", TEXT, nullable=False),
        sa.Column("rules", TEXT, nullable=False),
        sa.Column("law", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sweep"),
    )
    op.create_table(
        "audits",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("sweep", TEXT, nullable=False),
        sa.Column("target_id", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("persona", TEXT, nullable=False),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("merchant", TEXT, nullable=True),
        sa.Column("captured", TEXT, nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("audited_at", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("failure", TEXT, nullable=True),
        sa.Column("error_en", TEXT, nullable=True),
        sa.Column("error_zh", TEXT, nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("unclear", sa.Integer(), nullable=False),
        sa.Column("evidence", TEXT, nullable=True),
        sa.Column("evidence_sha256", TEXT, nullable=True),
        sa.Column("page", TEXT, nullable=True),
        sa.Column("tool", TEXT, nullable=True),
        sa.Column("rules", TEXT, nullable=True),
        sa.Column("law", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["sweep"], ["sweeps.sweep"], name=op.f("fk_audits_sweeps")),
        sa.PrimaryKeyConstraint("audit_id"),
    )
    op.create_index("ix_audits_platform_captured", "audits", ["platform", "captured"], unique=False)
    op.create_index("ix_audits_sweep_status", "audits", ["sweep", "status"], unique=False)
    op.create_index("ix_audits_target_captured", "audits", ["target", "captured"], unique=False)
    op.create_table(
        "targets",
        sa.Column("sweep", TEXT, nullable=False),
        sa.Column("target_id", TEXT, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("persona", TEXT, nullable=False),
        sa.Column("tags", TEXT, nullable=False),
        sa.Column("fate", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["sweep"], ["sweeps.sweep"], name=op.f("fk_targets_sweeps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sweep", "target_id"),
    )
    op.create_table(
        "audit_merchants",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("merchant", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_audit_merchants_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["merchant"], ["merchants.merchant"], name=op.f("fk_audit_merchants_merchants")
        ),
        sa.PrimaryKeyConstraint("audit_id", "merchant"),
    )
    op.create_index("ix_audit_merchants_merchant", "audit_merchants", ["merchant"], unique=False)
    op.create_table(
        "reports",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name="fk_reports_audits", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id"),
    )
    op.create_table(
        "counters",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("first", Amount(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_counters_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_table(
        "episode_prices",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("price", Amount(), nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_episode_prices_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_table(
        "findings",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("catalogue", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("confidence", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("title_en", TEXT, nullable=False),
        sa.Column("title_zh", TEXT, nullable=False),
        sa.Column("sentence_en", TEXT, nullable=False),
        sa.Column("sentence_zh", TEXT, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_findings_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_index("ix_findings_rule_verdict", "findings", ["rule", "verdict"], unique=False)
    op.create_table(
        "offers",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("price", Amount(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("coin_price", Amount(), nullable=True),
        sa.Column("coins", Amount(), nullable=True),
        sa.Column("period", TEXT, nullable=True),
        sa.Column("auto_renews", sa.Boolean(), nullable=True),
        sa.Column("renewal_stated", sa.Boolean(), nullable=True),
        sa.Column("first_price", Amount(), nullable=True),
        sa.Column("renewal_price", Amount(), nullable=True),
        sa.Column("renewal_currency", TEXT, nullable=True),
        sa.Column("renewal_period", TEXT, nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=True),
        sa.Column("preselected", sa.Boolean(), nullable=True),
        sa.Column("reference_price", Amount(), nullable=True),
        sa.Column("charged", Amount(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_offers_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_table(
        "payment_calls",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("api", TEXT, nullable=False),
        sa.Column("amount", Amount(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("recurring", sa.Boolean(), nullable=True),
        sa.Column("offer", TEXT, nullable=True),
        sa.Column("shown_amount", Amount(), nullable=True),
        sa.Column("over_shown", Amount(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_payment_calls_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_table(
        "persona_offers",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("persona", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("price", Amount(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("coins", Amount(), nullable=True),
        sa.Column("same_as_main", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.audit_id"], name=op.f("fk_persona_offers_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number"),
    )
    op.create_table(
        "finding_provisions",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provision", TEXT, nullable=False),
        sa.Column("annex", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id", "number"],
            ["findings.audit_id", "findings.number"],
            name=op.f("fk_finding_provisions_findings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provision"], ["provisions.provision"], name=op.f("fk_finding_provisions_provisions")
        ),
        sa.PrimaryKeyConstraint("audit_id", "number", "provision"),
    )
    op.create_index("ix_finding_provisions_provision", "finding_provisions", ["provision"], unique=False)
    op.execute(_PRICE_HISTORY)


def downgrade() -> None:
    """And back."""
    op.execute("DROP VIEW price_history")
    op.drop_table("reports")
    op.drop_index("ix_finding_provisions_provision", table_name="finding_provisions")
    op.drop_table("finding_provisions")
    op.drop_table("persona_offers")
    op.drop_table("payment_calls")
    op.drop_table("offers")
    op.drop_index("ix_findings_rule_verdict", table_name="findings")
    op.drop_table("findings")
    op.drop_table("episode_prices")
    op.drop_table("counters")
    op.drop_index("ix_audit_merchants_merchant", table_name="audit_merchants")
    op.drop_table("audit_merchants")
    op.drop_table("targets")
    op.drop_index("ix_audits_target_captured", table_name="audits")
    op.drop_index("ix_audits_sweep_status", table_name="audits")
    op.drop_index("ix_audits_platform_captured", table_name="audits")
    op.drop_table("audits")
    op.drop_table("sweeps")
    op.drop_table("provisions")
    op.drop_table("merchants")
