"""Offers drawn in pictures are read, pressed and never more than probable."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from payaudit.audit import Judged, judge_evidence
from payaudit.serve import serving
from payaudit.walk.options import Options
from payaudit.walk.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
CANVAS = (Path(__file__).parent / "canvas_paywall.html").read_text("utf-8")
IMAGES = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Her Secret Billionaire</title>
<body style="margin:0;background:#0b0b10;color:#eee;font:16px sans-serif">
<h2>Her Secret Billionaire</h2><p>Episode 1 of 48</p>
<a id="next" style="display:block;padding:14px;background:#333" onclick="show()">Next episode</a>
<dialog id="d" style="width:340px;border:0;border-radius:14px"><p>Unlock all episodes</p>
<a onclick="go(0)"><img id="a" width="300" height="70" src="{0}"></a>
<a onclick="go(1)"><img id="b" width="300" height="70" src="{1}"></a>
<button onclick="d.close()">Not now</button></dialog>
<script>const d=document.getElementById('d');function show(){{d.showModal()}}
async function go(i){{const r=await fetch('/api/order',{{method:'POST',body:JSON.stringify({{i}})}});
const o=await r.json();location.href=o.url}}</script></body></html>"""


def picture(line: str, colour: str) -> str:
    """A button as an image, as a data URL."""
    sheet = Image.new("RGB", (600, 140), colour)
    ImageDraw.Draw(sheet).text((40, 44), line, font=ImageFont.truetype(FONT, 46), fill="white")
    kept = io.BytesIO()
    sheet.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


async def audited(tmp_path: Path, html: str, order: str, persona: str) -> Judged:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(html, "utf-8")
    (tmp_path / "api.json").write_text(order, "utf-8")
    with serving(tmp_path, None) as address:
        done = await walk(f"{address}/", tmp_path / "e.wacz", Options(persona=persona), lambda *_: None)
    return judge_evidence(done.evidence)


async def test_offers_on_a_canvas(tmp_path: Path) -> None:
    order = '[{"method":"POST","path":"/api/order","json":{"id":"wx1","total_fee":990}}]'
    judged = await audited(tmp_path, CANVAS, order, "wechat-android")
    prices = {offer.price.amount for offer in judged.facts.offers if offer.price}
    assert {Decimal("9.90"), Decimal("19.90")} <= prices
    assert judged.facts.payment_calls
    # What rests on pixels names no node, and no finding from it is certain.
    assert all(o.at.node is None for o in judged.facts.offers if o.price)
    from_pixels = [f for f in judged.report.findings if f.at.node is None and f.verdict == "violation"]
    assert all(f.confidence != "confirmed" for f in from_pixels)


@pytest.mark.sweep
async def test_buttons_that_are_images(tmp_path: Path) -> None:
    urls = [picture("Weekly VIP $4.99/week", "#a02060"), picture("All episodes $12.99", "#204080")]
    order = '[{"method":"POST","path":"/api/order","json":{"url":"https://checkout.stripe.com/c/pay/cs_1"}}]'
    judged = await audited(tmp_path, IMAGES.format(*urls), order, "iphone")
    prices = {str(offer.price.amount): offer for offer in judged.facts.offers if offer.price}
    assert set(prices) == {"4.99", "12.99"}
    assert prices["4.99"].period == "week"
    assert judged.facts.payment_calls


@pytest.mark.sweep
async def test_the_same_file_is_judged_alike_without_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = '[{"method":"POST","path":"/api/order","json":{"id":"wx1","total_fee":990}}]'
    first = await audited(tmp_path, CANVAS, order, "wechat-android")
    monkeypatch.setitem(__import__("sys").modules, "rapidocr_onnxruntime", None)
    assert judge_evidence(tmp_path / "e.wacz").report == first.report
