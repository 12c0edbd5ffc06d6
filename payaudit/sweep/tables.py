"""The catalogue's tables: one schema for SQLite and PostgreSQL.

Days and times are ISO 8601 texts in UTC, so that both sort and cut them alike. A null is what was
*not seen*. ``audits`` is the middle: its row is the commit point of an audit, all else hangs on it.
"""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


class Amount(sa.types.TypeDecorator[Decimal]):
    """An amount in major units: NUMERIC in PostgreSQL, REAL in SQLite.

    A double gives back every decimal of 15 digits as it was written, and no price has more.
    """

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Decimal]:
        """How each database keeps it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Float(asdecimal=True))
        return dialect.type_descriptor(sa.Numeric(18, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | float | None:
        """To the database."""
        return float(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | float | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - signature of the base class
        """And back."""
        return None if value is None else Decimal(str(value)).normalize() + Decimal(0)


# Texts sort by their bytes in both databases, whatever the language of the machine.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *args: sa.ForeignKey, required: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, *args, nullable=not (required or key), primary_key=key)


def _audit() -> sa.Column[str]:
    return _text("audit_id", sa.ForeignKey("audits.audit_id", ondelete="CASCADE"), key=True)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=False)


sweeps = sa.Table(
    "sweeps",
    metadata,
    _text("sweep", key=True),
    _text("started", required=True),
    _text("ended"),  # null: under way, or cut off
    _text("frame_name", required=True),
    _text("frame_sha256", required=True),
    sa.Column("frame_rows", sa.Integer, nullable=False),
    sa.Column("repeated_rows", sa.Integer, nullable=False),
    sa.Column("sample", sa.Integer),  # null: all
    _text("seed", required=True),
    _text("options", required=True),  # JSON
    _text("tool", required=True),
    _text("rules", required=True),
    _text("law", required=True),
)

targets = sa.Table(
    "targets",
    metadata,
    _text("sweep", sa.ForeignKey("sweeps.sweep", ondelete="CASCADE"), key=True),
    _text("target_id", key=True),
    sa.Column("row", sa.Integer, nullable=False),
    _text("target", required=True),
    _text("platform", required=True),
    _text("persona", required=True),
    _text("tags", required=True),
    _text("fate", required=True),  # chosen, excluded, not_sampled, unreadable
    _text("reason", required=True),
)

audits = sa.Table(
    "audits",
    metadata,
    _text("audit_id", key=True),  # SWEEP/TARGET_ID
    _text("sweep", sa.ForeignKey("sweeps.sweep"), required=True),
    _text("target_id", required=True),
    _text("target", required=True),
    _text("platform", required=True),
    _text("host", required=True),
    _text("persona", required=True),
    _text("tags", required=True),
    _text("title"),
    _text("merchant"),
    _text("captured"),  # day of the walk
    sa.Column("day", sa.Integer),  # the same as a number of days, to count with
    _text("audited_at", required=True),
    _text("status", required=True),  # ok, error
    _text("failure"),  # timeout, unreachable, …
    _text("error_en"),
    _text("error_zh"),
    sa.Column("reached", sa.Boolean, nullable=False),  # a paywall was seen
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("violations", sa.Integer, nullable=False),
    sa.Column("unclear", sa.Integer, nullable=False),
    _text("evidence"),  # a path below the folder of the sweeps, or an address of an object
    _text("evidence_sha256"),
    _text("page"),  # report.html, or report.json where there is none
    _text("tool"),
    _text("rules"),
    _text("law"),
    sa.Index("ix_audits_platform_captured", "platform", "captured"),
    sa.Index("ix_audits_target_captured", "target", "captured"),
    sa.Index("ix_audits_sweep_status", "sweep", "status"),
)

# Apart from ``audits``, which would be ten times as long to read through with them.
reports = sa.Table(
    "reports",
    metadata,
    _audit(),
    sa.Column("report", sa.LargeBinary, nullable=False),  # report.json, deflated by zlib
)

# What audits of later days look back on; see ``payaudit.sweep.past``.
recordings = sa.Table(
    "recordings",
    metadata,
    _audit(),
    _text("made_by", required=True),  # version and data that read the evidence
    sa.Column("recording", sa.LargeBinary, nullable=False),  # a Recording as JSON, deflated by zlib
)

findings = sa.Table(
    "findings",
    metadata,
    _audit(),
    _number(),
    _text("rule", required=True),
    _text("catalogue", required=True),
    _text("verdict", required=True),
    _text("severity", required=True),
    _text("confidence", required=True),
    _text("status", required=True),
    _text("subject", required=True),
    _text("title_en", required=True),
    _text("title_zh", required=True),
    _text("sentence_en", required=True),
    _text("sentence_zh", required=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Index("ix_findings_rule_verdict", "rule", "verdict"),
)

provisions = sa.Table(
    "provisions",
    metadata,
    _text("provision", key=True),
    _text("jurisdiction", required=True),
    _text("instrument", required=True),
    _text("instrument_en", required=True),
    _text("article_en", required=True),
    _text("article_zh", required=True),
    _text("source", required=True),
    _text("verification", required=True),
)

finding_provisions = sa.Table(
    "finding_provisions",
    metadata,
    _text("audit_id", key=True),
    _number(),
    _text("provision", sa.ForeignKey("provisions.provision"), key=True),
    sa.Column("annex", sa.Boolean, nullable=False),  # still to be checked, never a finding's basis
    sa.ForeignKeyConstraint(
        ["audit_id", "number"], ["findings.audit_id", "findings.number"], ondelete="CASCADE"
    ),
    sa.Index("ix_finding_provisions_provision", "provision"),
)

offers = sa.Table(
    "offers",
    metadata,
    _audit(),
    _number(),
    _text("name", required=True),
    _text("kind", required=True),
    sa.Column("price", Amount),
    _text("currency"),
    sa.Column("coin_price", Amount),
    sa.Column("coins", Amount),
    _text("period"),
    sa.Column("auto_renews", sa.Boolean),
    sa.Column("renewal_stated", sa.Boolean),
    sa.Column("first_price", Amount),
    sa.Column("renewal_price", Amount),
    _text("renewal_currency"),
    _text("renewal_period"),
    sa.Column("trial", sa.Boolean),
    sa.Column("preselected", sa.Boolean),
    sa.Column("reference_price", Amount),
    sa.Column("charged", Amount),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
)

persona_offers = sa.Table(
    "persona_offers",
    metadata,
    _audit(),
    _number(),
    _text("persona", required=True),
    _text("name", required=True),
    sa.Column("price", Amount),
    _text("currency"),
    sa.Column("coins", Amount),
    sa.Column("same_as_main", sa.Boolean),
)

episode_prices = sa.Table(
    "episode_prices",
    metadata,
    _audit(),
    _number(),  # of the episode
    sa.Column("price", Amount, nullable=False),
    _text("unit", required=True),  # "coins", or an ISO currency
)

payment_calls = sa.Table(
    "payment_calls",
    metadata,
    _audit(),
    _number(),
    _text("channel", required=True),
    _text("api", required=True),
    sa.Column("amount", Amount),
    _text("currency"),
    sa.Column("recurring", sa.Boolean),
    _text("offer"),
    sa.Column("shown_amount", Amount),
    sa.Column("over_shown", Amount),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    _audit(),
    _number(),
    _text("kind", required=True),  # countdown (seconds left), scarcity (what is said to be left)
    _text("text", required=True),
    sa.Column("first", Amount, nullable=False),  # at the first sight of the first visit
)

merchants = sa.Table(
    "merchants",
    metadata,
    _text("merchant", key=True),  # KIND:VALUE
    _text("kind", required=True),  # company, credit_code, icp, registration, contact, payee
    _text("value", required=True),
)

audit_merchants = sa.Table(
    "audit_merchants",
    metadata,
    _audit(),
    _text("merchant", sa.ForeignKey("merchants.merchant"), key=True),
    sa.Index("ix_audit_merchants_merchant", "merchant"),
)

SHARED = (provisions, merchants)  # the same row for many audits
CHILDREN = (
    reports, recordings, findings, finding_provisions, offers, persona_offers,
    episode_prices, payment_calls, counters, audit_merchants,
)  # fmt: skip
