"""A page of ours on paper: printed by the browser that walks, cut off from everything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.async_api import Error, async_playwright

from payaudit.errors import PayauditError
from payaudit.walk.browser import can_sandbox, find_browser, launch_args

_PATIENCE_MS = 120_000


async def to_pdf(page: bytes, wanted: str | None = None) -> bytes:
    """Print one self-contained HTML page; paper and margins are those of its style.

    Nothing is fetched and no script runs. Raises ``BrowserMissing``, and
    ``PayauditError`` where the browser cannot print.
    """
    browser = find_browser(wanted)
    with tempfile.TemporaryDirectory(prefix="payaudit-") as folder:
        path = Path(folder) / "report.html"
        path.write_bytes(page)
        try:
            async with async_playwright() as playwright:
                started = await playwright.chromium.launch(
                    executable_path=browser.path,
                    args=launch_args(browser),
                    chromium_sandbox=can_sandbox(browser),
                )
                context = await started.new_context(
                    offline=True, java_script_enabled=False, service_workers="block"
                )
                shown = await context.new_page()
                shown.set_default_timeout(_PATIENCE_MS)
                await shown.goto(path.as_uri(), wait_until="load", timeout=_PATIENCE_MS)
                printed = await shown.pdf(
                    prefer_css_page_size=True, print_background=True, tagged=True, outline=True
                )
                await started.close()
        except Error as failure:
            last = failure.message.splitlines()[0]
            raise PayauditError(
                f"{browser.path} could not print the report ({last});"
                " try another with --browser, or print report.html from any browser",
                f"{browser.path} 无法打印报告（{last}）；请用 --browser 另选浏览器，"
                "或在任意浏览器中打印 report.html",
            ) from failure
    return printed
