"""Every fixture site, walked in a real browser, comes out as its truth says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fixtures import truth
from payaudit.audit import facts_of
from payaudit.errors import BrowserMissing
from payaudit.judge.rules import load_rules
from payaudit.report.validate import departures
from payaudit.serve import serving
from payaudit.walk.browser import find_browser
from tests.commands import NO_BROWSER, Done, invalid_wacz, payaudit
from tests.crew import ahead, asked_for

Audited = tuple[str, str]  # a site and the browser build that walks it

# Walked in full Chromium each time: closed shadow roots and touch.
FULL = ("shadow-closed",)
# Walked in every run in the smaller build, as the demo is by its own command; all else under `sweep`.
EVERY = ("native-dialogs", "uniapp-dom")
ALL = [
    pytest.param((site, build), marks=() if site in chosen else pytest.mark.sweep, id=f"{site} {build}")
    for build, chosen in (("headless-shell", EVERY), ("chromium", FULL))
    for site in truth.names()
]

WALK_S = 600  # far more than any takes: a walk ends by itself

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(WALK_S)]
STABLE = {rule.catalogue for rule in load_rules().rules if rule.status == "stable"}
each = pytest.mark.parametrize("audited", ALL)


@dataclass(frozen=True)
class Seen:
    """An audit of a site, and what judging its evidence again came to."""

    site: str
    done: Done
    folder: Path
    report: dict[str, Any]
    facts: dict[str, Any]
    again: list[Done]
    reports: list[bytes]  # the audit's own, then those of judging again


@pytest.fixture(scope="session")
def audits(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Audited, Future[Seen]]]:
    """All audits that the selected tests look at, under way."""
    base = tmp_path_factory.mktemp("audits")

    def audit(audited: Audited) -> Seen:
        site, build = audited
        folder = base / f"{site}-{build}"
        persona = truth.load(site)["persona"]
        with serving(truth.SITES / site, truth.KITS) as address:
            options = ("-q", "--quick", "--persona", persona, "--browser", build)
            done = payaudit("audit", f"{address}{truth.start(site)}", "-o", folder, *options, seconds=WALK_S)
        return _seen(site, done, folder)

    builds = [build for build in ("headless-shell", "chromium") if not missing(build)]
    with ahead(audit, [a for a in asked_for(request.session, "audited") if a[1] in builds]) as audits:
        yield audits


def _seen(site: str, done: Done, folder: Path) -> Seen:
    assert done.errors == [], done.err
    alone = {**NO_BROWSER, "HOME": str(folder)}
    again, reports = [], [(folder / "report.json").read_bytes()]
    for number in (1, 2):
        judged = folder.with_name(f"{folder.name}-again-{number}")
        again.append(payaudit("judge", folder, "-o", judged, env=alone))
        reports.append((judged / "report.json").read_bytes())
    facts = facts_of(folder / "evidence.wacz").model_dump(mode="json")
    return Seen(site, done, folder, json.loads(reports[0]), facts, again, reports)


def missing(build: str) -> str | None:
    """Why a build cannot be used."""
    try:
        find_browser(build)
    except BrowserMissing as error:
        return error.en
    return None


@pytest.fixture
def seen(audited: Audited, audits: dict[Audited, Future[Seen]]) -> Seen:
    """The audit that a test looks at."""
    if audited not in audits:
        pytest.skip(f"{audited[1]}: {missing(audited[1])}")
    return audits[audited].result()


@each
def test_practices(seen: Seen) -> None:
    marks = truth.practices(seen.site, seen.report, quick=True)
    # An experimental rule may still miss what is there; to accuse wrongly is allowed to none.
    wrong = [mark for mark in marks if not mark.right and (mark.found or mark.what in STABLE)]
    assert wrong == []


@each
def test_offers(seen: Seen) -> None:
    marks = truth.offers(seen.site, seen.facts)
    essential = [mark for mark in marks if mark.what.rpartition(".")[2] in truth.ESSENTIAL]
    assert [mark for mark in essential if not mark.right] == []


@each
def test_no_offer_is_made_up(seen: Seen) -> None:
    stated = Counter(Decimal(offer["price"]) for offer in truth.load(seen.site)["offers"] if offer["price"])
    found = Counter(Decimal(offer["price"]["amount"]) for offer in seen.facts["offers"] if offer["price"])
    assert found - stated == Counter()


@each
def test_evidence_is_valid(seen: Seen) -> None:
    assert invalid_wacz(seen.folder / "evidence.wacz") == ""


@each
def test_the_report_follows_its_schema(seen: Seen) -> None:
    assert departures(seen.reports[0]) == ()


@each
def test_judging_again_gives_the_same_report(seen: Seen) -> None:
    assert [done.code for done in seen.again] == [seen.done.code] * 2
    assert seen.reports[1] == seen.reports[0]
    assert seen.reports[2] == seen.reports[0]
