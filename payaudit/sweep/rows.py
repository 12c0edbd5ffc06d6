"""A report and its facts as rows of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from payaudit.model.facts import Facts
from payaudit.model.money import Money
from payaudit.model.report import FindingV1, ProvisionV1, ReportV1

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by the name of their table; ``audit_id`` is added when they are stored."""


def rows(report: ReportV1, facts: Facts) -> Rows:
    """What one audit adds to each table beside its own row in ``audits``."""
    bearing = [(n, p, annex) for n, f in enumerate(report.findings, 1) for p, annex in _provisions(f)]
    merchants = {row["merchant"]: row for row in _merchants(facts)}
    return {
        "findings": [_finding(number, each) for number, each in enumerate(report.findings, 1)],
        "provisions": list({p.id: _provision(p) for _, p, _ in bearing}.values()),
        "finding_provisions": [
            {"number": n, "provision": name, "annex": annex}
            for (n, name), annex in {(n, p.id): annex for n, p, annex in reversed(bearing)}.items()
        ],
        "offers": [_offer(number, facts) for number in range(1, len(facts.offers) + 1)],
        "persona_offers": [
            _persona_offer(number, facts) for number in range(1, len(facts.persona_offers) + 1)
        ],
        "episode_prices": list({row["number"]: row for row in _episodes(facts)}.values()),
        "payment_calls": [_call(number, facts) for number in range(1, len(facts.payment_calls) + 1)],
        "counters": list(_counters(facts)),
        "merchants": list(merchants.values()),
        "audit_merchants": [{"merchant": name} for name in merchants],
    }


def head(report: ReportV1, facts: Facts) -> Row:
    """What the row in ``audits`` says of the report."""
    companies = facts.merchant.companies if facts.merchant else ()
    return {
        "title": report.title,
        "merchant": companies[0] if len(companies) == 1 else None,
        "captured": report.captured,
        "day": date.fromisoformat(report.captured).toordinal(),
        "reached": facts.coverage.paywall_seen,
        "violations": report.counts.by_verdict.get("violation", 0),
        "unclear": report.counts.by_verdict.get("unclear", 0),
        "tool": report.versions.tool,
        "rules": report.versions.rules,
        "law": report.versions.law,
    }


def _finding(number: int, each: FindingV1) -> Row:
    return {
        "number": number,
        "rule": each.rule,
        "catalogue": each.catalogue,
        "verdict": each.verdict,
        "severity": each.severity,
        "confidence": each.confidence,
        "status": each.status,
        "subject": each.subject,
        "title_en": each.title.en,
        "title_zh": each.title.zh,
        "sentence_en": each.sentence.en,
        "sentence_zh": each.sentence.zh,
        "run": each.at.run,
        "step": each.at.step,
    }


def _provisions(finding: FindingV1) -> Iterator[tuple[ProvisionV1, bool]]:
    yield from ((each, False) for each in finding.provisions)
    yield from ((each, True) for each in finding.annex_provisions)


def _provision(each: ProvisionV1) -> Row:
    return {
        "provision": each.id,
        "jurisdiction": each.jurisdiction,
        "instrument": each.instrument.original,
        "instrument_en": each.instrument.en,
        "article_en": each.article.en,
        "article_zh": each.article.zh,
        "source": each.source.en,
        "verification": each.verification,
    }


def _offer(number: int, facts: Facts) -> Row:
    offer = facts.offers[number - 1]
    return {
        "number": number,
        "name": offer.name,
        "kind": offer.kind,
        "price": _amount(offer.price),
        "currency": offer.price.currency if offer.price else None,
        "coin_price": offer.coin_price,
        "coins": offer.coins,
        "period": offer.period,
        "auto_renews": offer.auto_renews,
        "renewal_stated": offer.renewal_stated,
        "first_price": _amount(offer.first_price),
        "renewal_price": _amount(offer.renewal_price),
        "renewal_currency": offer.renewal_price.currency if offer.renewal_price else None,
        "renewal_period": offer.renewal_period,
        "trial": offer.trial,
        "preselected": offer.preselected,
        "reference_price": _amount(offer.reference_price),
        "charged": _amount(offer.charged),
        "run": offer.at.run,
        "step": offer.at.step,
    }


def _persona_offer(number: int, facts: Facts) -> Row:
    offer = facts.persona_offers[number - 1]
    return {
        "number": number,
        "persona": offer.persona,
        "name": offer.name,
        "price": _amount(offer.price),
        "currency": offer.price.currency if offer.price else None,
        "coins": offer.coins,
        "same_as_main": offer.same_as_main,
    }


def _episodes(facts: Facts) -> Iterator[Row]:
    for episode in facts.episodes:
        if episode.coins is not None:
            yield {"number": episode.number, "price": episode.coins, "unit": "coins"}
        elif episode.price is not None:
            yield {"number": episode.number, "price": episode.price.amount, "unit": episode.price.currency}
    for rung in facts.ladder.rungs if facts.ladder else ():
        yield {"number": rung.number, "price": rung.value, "unit": facts.ladder.unit if facts.ladder else ""}


def _call(number: int, facts: Facts) -> Row:
    call = facts.payment_calls[number - 1]
    return {
        "number": number,
        "channel": call.channel,
        "api": call.api,
        "amount": _amount(call.amount),
        "currency": call.currency,
        "recurring": call.recurring,
        "offer": call.offer,
        "shown_amount": _amount(call.shown_amount),
        "over_shown": call.over_shown,
        "run": call.at.run,
        "step": call.at.step,
    }


def _counters(facts: Facts) -> Iterator[Row]:
    seen = [("countdown", each.text, each.first) for each in facts.countdowns]
    seen += [("scarcity", each.text, each.first) for each in facts.scarcities]
    for number, (kind, text, first) in enumerate(seen, 1):
        yield {"number": number, "kind": kind, "text": text, "first": first}


def _merchants(facts: Facts) -> Iterator[Row]:
    told = [(each.kind, each.value) for each in facts.identities]
    told += [("company", name) for name in (facts.merchant.companies if facts.merchant else ())]
    for kind, value in told:
        plain = " ".join(value.split())
        yield {"merchant": f"{kind}:{plain}", "kind": kind, "value": plain}


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount
