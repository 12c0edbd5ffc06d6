"""What the simulated host lacks is told, and what may well be empty is not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.walk.miniprogram.phone import phone, written

pytestmark = [pytest.mark.browser]

GAPS = {
    "api": ("<view>a</view>", "Page({ onLoad() { wx.createTCPSocket(); } });"),
    "component": ("<price-tag fen='990' />", "Page({});"),
    "syntax": ("<view>{{ 1 + }}</view>", "Page({});"),
    "error": ("<view>a</view>", "Page({ onLoad() { nothing.there(); } });"),
    "module": ("<view>a</view>", "require('./gone'); Page({});"),
    "empty_text": ("<view>¥{{price}}</view>", "Page({});"),
}


async def test_each_kind_of_gap_is_told(tmp_path: Path) -> None:
    pages = ["pages/home/home", *(f"pages/{kind}/{kind}" for kind in GAPS)]
    files = {"app.json": json.dumps({"pages": pages})}
    files |= {"pages/home/home.wxml": "<view>home</view>", "pages/home/home.js": "Page({});"}
    for kind, (wxml, script) in GAPS.items():
        files |= {f"pages/{kind}/{kind}.wxml": wxml, f"pages/{kind}/{kind}.js": script}
    async with phone(written(tmp_path, files)) as it:
        # A template that does not parse is told whether its page was opened or not.
        assert {g["kind"] for g in it.of("runtime_gap")} <= {"syntax"}
        for kind in GAPS:
            await it.page.goto(f"http://mp.payaudit.invalid/pages/{kind}/{kind}")
            assert await it.comes("runtime_gap", kind=kind), kind


async def test_what_may_be_empty_is_no_gap(tmp_path: Path) -> None:
    page = {
        "pages/a/a.wxml": "<view wx:for='{{list}}' wx:key='n'>{{item.n}}<text>{{item.badge}}</text></view>"
        "<view>{{late}}</view>",
        "pages/a/a.js": "Page({ data: { list: [{ n: 1 }, { n: 2, badge: '热' }], late: '' } });",
    }
    async with phone(written(tmp_path, page)) as it:
        await asyncio.sleep(1)
        assert it.of("runtime_gap") == []
        assert "热" in await it.page.inner_text("#mp-pages")


async def test_a_text_that_is_filled_later_is_no_gap(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text('[{"path": "/price", "json": {"yuan": "9.9"}, "delay_ms": 900}]')
    page = {
        "pages/a/a.wxml": "<view id='p'>¥{{price}}</view>",
        "pages/a/a.js": "Page({ onLoad() { wx.request({ url: 'https://a.example/price',"
        " success: (r) => this.setData({ price: r.data.yuan }) }); } });",
    }
    async with phone(written(tmp_path / "package", page), backend=str(tmp_path / "api.json")) as it:
        await it.page.wait_for_function("document.getElementById('p')?.innerText === '¥9.9'")
        assert it.of("runtime_gap") == []


async def test_a_component_that_app_json_names_is_found_among_npm_packages(tmp_path: Path) -> None:
    at = "miniprogram_npm/@kit/ui/price/index"
    files = {
        "app.json": json.dumps(
            {"pages": ["pages/a/a"], "usingComponents": {"kit-price": "@kit/ui/price/index"}}
        ),
        "pages/a/a.wxml": "<kit-price yuan='9.9' />",
        "pages/a/a.js": "Page({});",
        f"{at}.json": '{"component": true}',
        f"{at}.wxml": "<view>¥{{yuan}}</view>",
        f"{at}.js": "Component({ properties: { yuan: String } });",
    }
    async with phone(written(tmp_path, files)) as it:
        assert await it.page.inner_text("#mp-pages") == "¥9.9"
        assert it.of("runtime_gap") == []


async def test_ready_is_called_of_components_and_their_behaviors(tmp_path: Path) -> None:
    files = {
        "pages/a/a.json": '{"usingComponents": {"c": "/c/c"}}',
        "pages/a/a.wxml": "<c/>",
        "pages/a/a.js": "Page({});",
        "c/c.json": '{"component": true}',
        "c/c.wxml": "<view>{{said}}</view>",
        "c/c.js": "const add = (it, word) => it.setData({ said: `${it.data.said} ${word}`.trim() });"
        " const b = Behavior({ data: { said: '' }, attached() { add(this, 'b-in'); },"
        " ready() { add(this, 'b'); } });"
        " Component({ behaviors: [b], lifetimes: { attached() { add(this, 'in'); },"
        " ready() { add(this, 'own'); } } });",
    }
    async with phone(written(tmp_path, files)) as it:
        await it.page.wait_for_function("document.getElementById('mp-pages').innerText === 'b-in in b own'")
        assert it.of("runtime_gap") == []
