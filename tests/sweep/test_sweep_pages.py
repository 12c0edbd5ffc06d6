"""What people look at: the page of a sweep, and Datasette in a real browser."""

from __future__ import annotations

import csv
import io
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from payaudit.sweep import tables
from payaudit.sweep.catalogue import Catalogue, in_folder
from payaudit.sweep.figures import figures
from payaudit.sweep.page import to_html
from payaudit.walk.browser import find_browser, launch_args
from tests.commands import end, payaudit, started
from tests.sweep.filled import fill

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep of 300 audits, one of a title that means harm."""
    folder = tmp_path_factory.mktemp("swept")
    book = Catalogue(in_folder(folder), create=True)
    fill(book, 300)
    with book.engine.begin() as link:
        first = tables.audits.c.audit_id == "filled/000000"
        link.execute(sa.update(tables.audits).where(first).values(title=HOSTILE))
        failed = {"status": "error", "failure": "timeout", "error_en": "not done", "error_zh": "未完成"}
        link.execute(
            sa.update(tables.audits).where(tables.audits.c.audit_id == "filled/000009").values(**failed)
        )
    for (audit_id,) in book.ask("SELECT audit_id FROM audits").rows:
        page = folder / "reports" / audit_id / "report.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<h1>the report of {audit_id}</h1>")
    book.close()
    return folder


def test_every_number_leads_to_its_audits(folder: Path) -> None:
    done = payaudit("sweep-report", "--from", folder)
    assert done.code == 0, done.err
    page = (folder / "filled.html").read_text("utf-8")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets
    assert set(targets) <= set(ids)
    for path in re.findall(r'href="(reports/[^"]+)"', page):
        assert (folder / path).is_file()
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in re.sub(r"(?s)<body>.*", "", page)  # loads nothing


def test_figures_count_titles_reached(folder: Path) -> None:
    book = Catalogue(in_folder(folder))
    found = figures(book, "filled")
    total = {each.name: each for each in found.totals}
    sql = "SELECT COUNT(DISTINCT target) FROM audits WHERE status = 'ok' AND reached IS TRUE"
    assert [(total["reached"].titles,)] == book.ask(sql).rows
    assert total["failed"].titles == 1
    for practice in found.practices:
        assert practice.of == total["reached"].titles
        assert practice.titles <= practice.of
        told = {"rule": practice.name.removeprefix("rule-")}
        rows = book.ask(
            "SELECT f.audit_id FROM findings f JOIN audits a ON a.audit_id = f.audit_id "
            "WHERE f.rule = :rule AND f.verdict = 'violation' AND a.reached IS TRUE",
            told,
        ).rows
        assert {row[0] for row in rows} == set(practice.audits)
    assert "到达付费墙" in to_html(found, "zh")
    book.close()


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = started("serve", "--from", folder, "--port", port)
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < until
                time.sleep(0.3)
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        end(process)


@pytest.mark.browser
def test_a_question_is_asked_in_a_browser(served: str) -> None:
    found = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found.path), args=launch_args(found))
        page = browser.new_page()
        page.goto(f"{served}/catalogue/hidden-renewals")
        page.fill("input[name=platform]", "p3.example")
        page.fill("input[name=since]", "2026-01-01")
        page.fill("input[name=rule]", "hidden-renewal")
        page.click("input[type=submit]")
        rows = page.locator("table.rows-and-columns tbody tr")
        rows.first.wait_for(timeout=20_000)
        shown = rows.count()
        assert shown > 0
        assert set(page.locator("td.col-platform").all_inner_texts()) == {"p3.example"}
        export = page.locator("a", has_text="CSV").first.get_attribute("href") or ""
        text = page.request.get(f"{served}{export}" if export.startswith("/") else export).text()
        table = list(csv.DictReader(io.StringIO(text)))
        assert len(table) == shown
        assert {row["platform"] for row in table} == {"p3.example"}
        name = table[0]["audit_id"]
        page.click(f"td.col-audit_id a:has-text('{name}')")
        assert page.inner_text("h1") == f"the report of {name}"
        refused = page.request.get(f"{served}/catalogue.json?sql=delete+from+audits")
        assert refused.status == 400
        browser.close()
