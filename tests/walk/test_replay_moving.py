"""A page that moves all the time looks the same in every replay, however busy the machine is."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from payaudit.evidence.read import Evidence
from payaudit.replayed import replayed
from payaudit.serve import serving
from payaudit.walk.journey import parse
from payaudit.walk.walk import Options, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>雪</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<style>@keyframes drift{from{transform:scale(1.02)}to{transform:scale(1.2)}}
#sky{animation:drift 3s infinite alternate;height:120px;background:linear-gradient(#fff,#036)}
a{display:block;font-size:30px}</style></head><body><div id="sky"></div>
<canvas width="360" height="200"></canvas><p id="frame"></p><p>第%N%集</p><a href="/%NEXT%.html">下一集</a>
<script>
const x = document.querySelector('canvas').getContext('2d'), snow = [];
for (let i = 0; i < 40; i++) snow.push([Math.random() * 360, Math.random() * 200, Math.random() * 2 + .6]);
let n = 0;
(function fall() {
  x.clearRect(0, 0, 360, 200);
  for (const p of snow) {
    p[1] = (p[1] + p[2]) % 200; x.beginPath(); x.arc(p[0], p[1], p[2], 0, 7); x.fill(); }
  document.getElementById('frame').textContent = `画面 ${++n}`;
  requestAnimationFrame(fall);
})();
</script><script src="/late.js"></script></body></html>"""
LATE = "document.body.insertAdjacentHTML('beforeend', `<p>画面 ${n} 时载入</p>`);"
EPISODES = 4
WAY = "steps:\n" + "- tap: {text: 下一集}\n- capture: still\n" * EPISODES


@contextlib.contextmanager
def busy_machine() -> Iterator[None]:
    """Four programs that only count."""
    programs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def silent(_en: str, _zh: str) -> None:
    """Say nothing."""


def looks(folder: Path) -> list[bytes | None]:
    with Evidence.open(folder) as evidence:
        return [evidence.screenshot(step) for step in evidence.steps]


def test_the_same_pictures_on_a_busy_machine(tmp_path: Path) -> None:
    site = tmp_path / "served" / "site"
    site.mkdir(parents=True)
    (site / "late.js").write_text(LATE, "utf-8")
    for number in range(EPISODES + 1):
        page = PAGE.replace("%N%", str(number + 1)).replace("%NEXT%", str(number + 1))
        (site / f"{number}.html").write_text(page, "utf-8")
    live = tmp_path / "evidence.wacz"
    with serving(site.parent) as address:
        options = Options(journey=parse(WAY, "way.yaml"), read_pictures=False)
        asyncio.run(walk(f"{address}/0.html", live, options, silent))
    calm = asyncio.run(replayed(live, tmp_path / "calm", None, silent))
    with busy_machine():
        busy = asyncio.run(replayed(live, tmp_path / "busy", None, silent))
    assert calm.same, calm.told()
    assert busy.same, busy.told()
    shown = looks(tmp_path / "calm")
    assert len(shown) == 1 + 2 * EPISODES
    assert None not in shown
    assert [a == b for a, b in zip(shown, looks(tmp_path / "busy"), strict=True)] == [True] * len(shown)
    reports = {(tmp_path / name / "report.json").read_bytes() for name in ("calm", "busy")}
    assert len(reports) == 1
