"""A catalogue with many made-up audits: so many titles, each audited on several days under two personas."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from payaudit.sweep import tables
from payaudit.sweep.catalogue import Catalogue
from payaudit.sweep.rows import Row

RULES = ("hidden-renewal", "preticked-renewal", "partial-whole", "retention-layers", "restarting-countdown")
PERIODS = ("week", "month", "year")
AUDITS_OF_A_TITLE = 5
DAYS = (0, 1, 2, 2, 4)  # on one day under both personas
FIRST_DAY = date(2026, 1, 5)
SWEEP = {
    "sweep": "filled", "started": "2026-01-05", "ended": "2026-11-01", "frame_name": "made-up.csv",
    "frame_sha256": "0", "frame_rows": 0, "repeated_rows": 0, "sample": None, "seed": "0", "options": "{}",
    "tool": "t", "rules": "r", "law": "l",
}  # fmt: skip
PROVISION = {
    "provision": "CN-PMF-19-6", "jurisdiction": "CN", "instrument": "x", "instrument_en": "x",
    "article_en": "19", "article_zh": "19", "source": "x", "verification": "verified",
}  # fmt: skip


def fill(book: Catalogue, count: int) -> None:
    """Put ``count`` audits in, the same every time."""
    chance = random.Random(7)
    filler = zlib.compress(random.Random(1).randbytes(12_000))  # what a report of 25 kB comes to
    with book.engine.begin() as link:
        link.execute(sa.insert(tables.sweeps), SWEEP)
        link.execute(sa.insert(tables.provisions), PROVISION)
        companies = [{"merchant": f"company:c{n}", "kind": "company", "value": f"c{n}"} for n in range(40)]
        link.execute(sa.insert(tables.merchants), companies)
        for begin in range(0, count, 1000):
            found: dict[str, list[Row]] = {}
            for number in range(begin, min(begin + 1000, count)):
                for name, row in _audit(number, chance, filler):
                    found.setdefault(name, []).append(row)
            for table in (tables.audits, *tables.CHILDREN):
                if rows := found.get(table.name):
                    link.execute(sa.insert(table), rows)


def _audit(number: int, chance: random.Random, filler: bytes) -> Iterator[tuple[str, Row]]:
    title, turn = divmod(number, AUDITS_OF_A_TITLE)
    day = FIRST_DAY + timedelta(days=DAYS[turn] + title % 250)
    audit_id = f"filled/{number:06}"
    violations = [rule for rule in RULES if chance.random() < 0.3]
    yield "audits", {
        "audit_id": audit_id, "sweep": "filled", "target_id": f"{number:06}",
        "target": f"https://p{title % 12}.example/{title}", "platform": f"p{title % 12}.example",
        "host": f"p{title % 12}.example", "persona": ("iphone", "android")[turn % 2], "tags": "",
        "title": f"剧{title}", "merchant": f"c{title % 40}", "captured": day.isoformat(),
        "day": day.toordinal(),
        "audited_at": f"{day.isoformat()}T08:00:00Z", "status": "ok", "failure": None, "error_en": None,
        "error_zh": None, "reached": chance.random() < 0.9, "attempts": 1, "seconds": 60.0,
        "violations": len(violations), "unclear": 1, "evidence": f"evidence/{audit_id}.wacz",
        "evidence_sha256": "0", "page": f"reports/{audit_id}/report.html", "tool": "t",
        "rules": "r", "law": "l",
    }  # fmt: skip
    yield "reports", {"audit_id": audit_id, "report": filler}
    yield "audit_merchants", {"audit_id": audit_id, "merchant": f"company:c{title % 40}"}
    yield "counters", {
        "audit_id": audit_id, "number": 1, "kind": "countdown", "text": "10:00",
        "first": Decimal(600 - title % 2 * turn),
    }  # fmt: skip
    for place, period in enumerate(PERIODS, 1):
        price = Decimal(chance.randrange(500, 3000)) / 100
        yield "offers", {
            "audit_id": audit_id, "number": place, "name": f"vip {period}", "kind": "membership",
            "price": price,
            "currency": "CNY", "coin_price": None, "coins": None, "period": period, "auto_renews": place < 3,
            "renewal_stated": True, "first_price": price, "renewal_price": price * 2,
            "renewal_currency": "CNY",
            "renewal_period": period, "trial": False, "preselected": place == 1,
            "reference_price": price + 20 if place == 2 else None, "charged": None, "run": 1, "step": 3,
        }  # fmt: skip
    for place, rule in enumerate(RULES, 1):
        verdict = "violation" if rule in violations else "compliant"
        yield "findings", {
            "audit_id": audit_id, "number": place, "rule": rule, "catalogue": f"R0{place}",
            "verdict": verdict, "severity": "high", "confidence": "confirmed", "status": "stable",
            "subject": "vip month",
            "title_en": rule, "title_zh": rule, "sentence_en": f"Observed: {rule}.",
            "sentence_zh": f"观察到：{rule}。",
            "run": 1, "step": 3,
        }  # fmt: skip
    bearing = {"audit_id": audit_id, "number": 1, "provision": "CN-PMF-19-6", "annex": False}
    yield "finding_provisions", bearing
