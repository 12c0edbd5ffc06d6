"""An evidence file opens in ReplayWeb.page, in a real browser, and shows the paywall.

Walks the whole demo first, so it runs with ``pytest -m sweep`` only.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.async_api import Frame, Page, async_playwright

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Step
from payaudit.perceive.screen import build
from payaudit.serve import serving
from payaudit.walk.browser import can_sandbox, find_browser
from tests.commands import invalid_wacz, payaudit

PACKAGE = Path(__file__).parents[2] / "fixtures/kits/node_modules/replaywebpage"
SECONDS = 90
SIGNATURE = """name => new Promise(done => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => {
        const held = asked.result.transaction("verification").objectStore("verification").get("signature");
        held.onsuccess = () => done(held.result?.matched === true);
    };
})"""

pytestmark = [pytest.mark.sweep, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    done = payaudit("demo", "-o", out, "--quiet", seconds=800)
    assert done.code == 0, done.err
    return out / "evidence.wacz"


@pytest.mark.skipif(not PACKAGE.is_dir(), reason="replaywebpage is not there: scripts/kits.sh fetches it")
async def test_the_paywall_is_shown(evidence: Path, tmp_path: Path) -> None:
    assert invalid_wacz(evidence) == ""
    with Evidence.open(evidence) as opened:
        step = next(each for each in opened.steps if each.scene == "paywall")
        prices = _prices(opened, step)
    assert prices
    site = tmp_path / "replay" / "site"
    site.mkdir(parents=True)
    for name in ("index.html", "ui.js", "sw.js"):
        shutil.copy(PACKAGE / name, site)
    shutil.copy(evidence, site / "evidence.wacz")
    with serving(site.parent) as address:
        async with async_playwright() as playwright:
            found = find_browser(None)
            browser = await playwright.chromium.launch(
                executable_path=str(found.path), chromium_sandbox=can_sandbox(found)
            )
            page = await browser.new_page()
            source = urlencode({"source": f"{address}/evidence.wacz"})
            where = urlencode({"view": "pages", "url": step.url})
            await page.goto(f"{address}/index.html?{source}#{where}")
            text, signed = await _replayed(page, prices)
            await browser.close()
    assert [price for price in prices if price not in text] == []
    assert signed


def _prices(opened: Evidence, step: Step) -> list[str]:
    """What of the recorded paywall is a price, as it stood there."""
    screen = build(opened.snapshot(step), opened.readings(step))
    found = {text.text.strip() for text in screen.front}
    return sorted(text for text in found if text.startswith("¥") and text[1:].strip())


async def _replayed(page: Page, wanted: list[str]) -> tuple[str, bool]:
    """The text of the replayed page once all that is wanted stands there; whether the signature held."""
    text = ""
    async with asyncio.timeout(SECONDS):
        while not all(each in text for each in wanted):
            await asyncio.sleep(0.5)
            frames = [frame for frame in page.frames if "/w/" in frame.url]
            text = " ".join([await _text(frame) for frame in frames])
    collection = frames[0].url.partition("/w/")[2].partition("/")[0]
    return text, bool(await page.evaluate(SIGNATURE, f"db:{collection}"))


async def _text(frame: Frame) -> str:
    return str(await frame.evaluate("document.body ? document.body.innerText : ''"))
