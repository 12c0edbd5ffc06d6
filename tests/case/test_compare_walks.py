"""A site walked, changed, and walked again: the comparison states the changes, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from payaudit.walk.browser import find_browser, launch_args
from tests.case.conftest import CANARY
from tests.commands import Done, payaudit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


class Walks(NamedTuple):
    """The folders of both walks, and what ``compare`` said of them as text."""

    before: Path
    after: Path
    done: Done
    page: Path


@pytest.fixture(scope="module")
def walks(before: Path, after: Path) -> Walks:
    page = before / "compared.html"
    return Walks(before, after, payaudit("compare", before, after, "--html", page), page)


def test_exactly_the_changes_are_stated(walks: Walks) -> None:
    done = payaudit("compare", walks.before, walks.after, "--format", "json")
    made = json.loads(done.out)
    stated = {
        each["before"]["name"]: [(c["field"], c["before"], c["after"]) for c in each["changes"]]
        for each in made["offers"]
    }
    priced = {
        name: {change for change in changed if change[0] in {"price", "renewal_price"}}
        for name, changed in stated.items()
    }
    assert priced == {
        "全集解锁": {("price", "CNY 39.90", "CNY 49.90")},
        "年度会员 /年": {("price", "CNY 168", "CNY 198")},
        "连续包月会员 /月": set(),
    }
    others = {c[0] for changed in stated.values() for c in changed} - {"price", "name"}
    assert others == set()
    assert made["offer_counts"] | {"same": 1, "repriced": 2} == made["offer_counts"]
    assert sum(made["offer_counts"].values()) == 3
    assert made["episodes"] == []
    found = {each["rule"]: each["change"] for each in made["findings"]}
    assert found["preticked-renewal"] == "remedied"
    assert "new" not in found.values()
    assert done.code == 0


def test_a_comparison_of_its_own_making_is_valid(walks: Walks, tmp_path: Path) -> None:
    file = tmp_path / "compared.json"
    file.write_text(payaudit("compare", walks.before, walks.before, "--format", "json").out, "utf-8")
    assert payaudit("validate", file).code == 0


def test_the_page_shows_both_screens_and_runs_nothing(walks: Walks) -> None:
    assert walks.done.err == f"written: {walks.page}\n"
    seen = _opened(walks.page)
    assert seen["title"].startswith("payaudit")
    assert seen["errors"] == []
    assert seen["asked"] == [walks.page.as_uri()]
    assert CANARY in seen["text"]
    assert seen["pictures"] >= 4
    assert "调价" in seen["chinese"]
    assert "repriced" in seen["text"]
    assert "repriced" not in seen["chinese"]


def _opened(page: Path) -> dict[str, Any]:
    """What a reader meets in a real browser, and what the page asked for."""
    browser = find_browser()
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(browser.path), args=launch_args(browser))
        tab = chromium.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        errors: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: errors.append(message.text))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(page.as_uri())
        seen = {
            "title": tab.title(),
            "text": tab.inner_text("body"),
            "pictures": tab.locator("figure svg").count(),
            "wide": tab.evaluate("document.documentElement.scrollWidth"),
        }
        tab.get_by_label("中文").check()
        seen["chinese"] = tab.inner_text("body")
        chromium.close()
    asked = [url for url in asked if not url.startswith("data:")]
    assert seen["wide"] == 390
    return {**seen, "asked": asked, "errors": errors}
