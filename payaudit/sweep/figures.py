"""What a sweep came to, in figures, each with the audits that it counts. Rates are over titles reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from payaudit.errors import UsageError
from payaudit.sweep.catalogue import Catalogue
from payaudit.sweep.rows import Row

_AUDITS = """
SELECT audit_id, target, title, platform, persona, captured, status, failure, error_en, error_zh, reached,
       violations, unclear, page
FROM audits WHERE sweep = :sweep ORDER BY platform, target, audit_id
"""
_FINDINGS = """
SELECT f.audit_id, f.rule, f.severity, f.title_en, f.title_zh
FROM findings f JOIN audits a ON a.audit_id = f.audit_id
WHERE a.sweep = :sweep AND f.verdict = 'violation' AND a.reached IS TRUE ORDER BY f.rule, f.audit_id
"""
_OFFERS = """
SELECT o.audit_id, o.price, o.currency, o.period
FROM offers o JOIN audits a ON a.audit_id = o.audit_id
WHERE a.sweep = :sweep AND o.price IS NOT NULL ORDER BY o.audit_id, o.number
"""
_MONTHS = """
SELECT SUBSTR(captured, 1, 7) AS month, platform, target,
       MAX(CASE WHEN violations > 0 THEN 1 ELSE 0 END) AS found
FROM audits WHERE status = 'ok' AND reached IS TRUE
GROUP BY SUBSTR(captured, 1, 7), platform, target ORDER BY month, platform, target
"""


@dataclass(frozen=True)
class Figure:
    """A number of titles, the audits that it counts, and what it is a share of."""

    name: str
    audits: tuple[str, ...]
    titles: int
    of: int | None = None
    en: str = ""
    zh: str = ""
    severity: str = ""

    @property
    def percent(self) -> Decimal | None:
        """Share in per cent, one digit; ``None`` where there is nothing to be a share of."""
        return None if not self.of else round(Decimal(100 * self.titles) / self.of, 1)


@dataclass(frozen=True)
class Prices:
    """Prices asked for a period, in one currency."""

    currency: str
    period: str
    least: Decimal
    middle: Decimal
    most: Decimal
    figure: Figure


@dataclass(frozen=True)
class Month:
    """A month of the whole catalogue: titles reached, and those with findings; also by platform."""

    month: str
    reached: int
    found: int
    platforms: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Figures:
    """All that the page of a sweep shows."""

    sweep: Row
    frame: tuple[tuple[str, int], ...]  # targets by fate
    totals: tuple[Figure, ...]
    failures: tuple[Figure, ...]
    practices: tuple[Figure, ...]
    platforms: tuple[tuple[Figure, Figure], ...]  # reached, and with findings
    prices: tuple[Prices, ...]
    months: tuple[Month, ...]
    audits: tuple[Row, ...]

    def all(self) -> Iterable[Figure]:
        """Every figure that has audits to link to."""
        yield from (*self.totals, *self.failures, *self.practices)
        for pair in self.platforms:
            yield from pair
        yield from (each.figure for each in self.prices)


def figures(book: Catalogue, name: str) -> Figures:
    """Count a sweep. Raises ``UsageError`` where there is none of the name."""
    sweep = book.sweep(name)
    if sweep is None:
        known = ", ".join(book.sweeps()) or "-"
        raise UsageError(f"no sweep {name!r}; there are: {known}", f"没有巡查 {name!r}；现有：{known}")
    audits = _rows(book, _AUDITS, name)
    findings, offers = _rows(book, _FINDINGS, name), _rows(book, _OFFERS, name)
    by_id = {row["audit_id"]: row for row in audits}

    def figure(key: str, chosen: Iterable[Row], of: int | None = None, **words: str) -> Figure:
        ids = tuple(dict.fromkeys(row["audit_id"] for row in chosen))
        return Figure(key, ids, len({by_id[each]["target"] for each in ids}), of, **words)

    ok = [row for row in audits if row["status"] == "ok"]
    reached = [row for row in ok if row["reached"]]
    total = figure("reached", reached)
    failed = Counter(row["failure"] for row in audits if row["status"] != "ok")
    fates = book.ask(
        "SELECT fate, COUNT(*) FROM targets WHERE sweep = :sweep GROUP BY fate ORDER BY fate", {"sweep": name}
    )
    return Figures(
        sweep=sweep,
        frame=tuple((row[0], row[1]) for row in fates.rows),
        totals=(
            figure("audited", ok),
            total,
            figure("no-paywall", (row for row in ok if not row["reached"])),
            figure("with-findings", (row for row in reached if row["violations"]), total.titles),
            figure(
                "only-unclear",
                (row for row in reached if not row["violations"] and row["unclear"]),
                total.titles,
            ),
            figure("failed", (row for row in audits if row["status"] != "ok")),
        ),
        failures=tuple(
            figure(
                f"failure-{kind}", (row for row in audits if row["failure"] == kind and row["status"] != "ok")
            )
            for kind, _ in failed.most_common()
        ),
        practices=_practices(findings, total.titles, figure),
        platforms=_platforms(reached, figure),
        prices=_prices(offers, figure),
        months=_months(book),
        audits=tuple(audits),
    )


def _rows(book: Catalogue, sql: str, sweep: str) -> list[Row]:
    answer = book.ask(sql, {"sweep": sweep})
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _practices(findings: list[Row], of: int, figure: Any) -> tuple[Figure, ...]:  # noqa: ANN401 - the closure above
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in findings:
        by_rule[row["rule"]].append(row)
    counted = [
        figure(
            f"rule-{rule}",
            rows,
            of,
            en=rows[0]["title_en"],
            zh=rows[0]["title_zh"],
            severity=rows[0]["severity"],
        )
        for rule, rows in by_rule.items()
    ]
    return tuple(sorted(counted, key=lambda each: (-each.titles, each.name)))


def _platforms(reached: list[Row], figure: Any) -> tuple[tuple[Figure, Figure], ...]:  # noqa: ANN401 - the closure above
    by_platform: dict[str, list[Row]] = defaultdict(list)
    for row in reached:
        by_platform[row["platform"]].append(row)
    pairs = []
    for platform, rows in sorted(by_platform.items()):
        there = figure(f"platform-{platform}", rows, en=platform, zh=platform)
        found = figure(
            f"found-{platform}", (r for r in rows if r["violations"]), there.titles, en=platform, zh=platform
        )
        pairs.append((there, found))
    return tuple(pairs)


def _prices(offers: list[Row], figure: Any) -> tuple[Prices, ...]:  # noqa: ANN401 - the closure above
    by_kind: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in offers:
        by_kind[row["currency"], row["period"] or ""].append(row)
    return tuple(
        Prices(
            currency,
            period,
            min(row["price"] for row in rows),
            round(Decimal(median(row["price"] for row in rows)), 2),
            max(row["price"] for row in rows),
            figure(f"price-{currency}-{period or 'once'}", rows),
        )
        for (currency, period), rows in sorted(by_kind.items())
    )


def _months(book: Catalogue) -> tuple[Month, ...]:
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for month, platform, _, any_found in book.ask(_MONTHS, {}).rows:
        found[month][platform].append(any_found)
    return tuple(
        Month(
            month,
            sum(map(len, platforms.values())),
            sum(map(sum, platforms.values())),
            tuple((name, len(titles), sum(titles)) for name, titles in sorted(platforms.items())),
        )
        for month, platforms in sorted(found.items())
    )
