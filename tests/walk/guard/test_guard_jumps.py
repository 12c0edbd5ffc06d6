# ruff: noqa: E501 - the jumps stand in lines
"""Jumps to an app: recorded, cancelled, and the page takes taps afterwards."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from playwright.async_api import Page

from payaudit.walk.guard.echoes import Twins
from payaudit.walk.guard.jumps import Jumps
from tests.walk.guard.harness import both_in_a_sweep, guarded, speaks_of, until
from tests.walk.guard.standin import shop

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta name=viewport content="width=device-width"><body style="margin:0">
<button id=t style="display:block;height:80px;width:200px">tap</button>
<a id=a href="weixin://wap/pay?x=1" style="display:block;height:40px">wx</a>
<a id=b target=_blank href="alipays://platformapi/startapp?x=1" style="display:block;height:40px">ali</a>
<form id=f action="weixin://wap/pay"><input name=q value=1 hidden><button id=c style="height:40px">f</button></form>
<script>var taps=0;t.onclick=()=>{taps++}</script>"""

JUMPS = {
    "location": "location.href='weixin://wap/pay?x=1'",
    "assign": "location.assign('alipays://platformapi/startapp')",
    "replace": "location.replace('weixin://wap/pay')",
    "intent": "location.href='intent://platformapi/startapp?x=1#Intent;scheme=alipays;package=p;end'",
    "iframe": "const i=document.createElement('iframe');i.src='weixin://wap/pay';document.body.append(i)",
    "iframe written": "const d=document.createElement('div');d.innerHTML='<iframe src=weixin://wap/pay>';document.body.append(d)",
    "open": "window.open('weixin://wap/pay')",
    "popup": "window.open('about:blank').location='weixin://wap/pay'",
    "click": "a.click()",
    "click blank": "b.click()",
    "submit": "f.action='weixin://wap/pay';f.submit()",
    "request submit": "f.action='weixin://wap/pay';f.requestSubmit()",
    "redirect": "location.href='/go?weixin://wap/pay'",
    "redirect in iframe": "const i=document.createElement('iframe');i.src='/go?weixin://wap/pay';document.body.append(i)",
    "top": "const i=document.createElement('iframe');i.srcdoc='<script>top.location=\"weixin://wap/pay\"</script>';document.body.append(i)",
    "meta": "document.head.innerHTML+='<meta http-equiv=refresh content=\"0;url=weixin://wap/pay\">';document.querySelector('meta[http-equiv]').replaceWith(Object.assign(document.createElement('meta'),{httpEquiv:'refresh',content:'0;url=weixin://wap/pay'}))",
    "twice": "location.href='weixin://wap/pay?1';setTimeout(()=>location.href='weixin://wap/pay?2',80)",
    "mail": "location.href='mailto:a@b.test'",
}  # fmt: skip
TAPPED = {"tapped link": "#a", "tapped blank link": "#b", "tapped form": "#c"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def _takes_taps(page: Page) -> int:
    for _ in range(3):
        await asyncio.wait_for(page.touchscreen.tap(50, 30), 5)
    return int(await page.evaluate("taps"))


@both_in_a_sweep
async def test_a_jump_is_recorded_and_freezes_nothing(binary: str) -> None:
    async with shop({"/": ("text/html", PAGE)}) as site, guarded(binary) as ours:
        for number, name in enumerate([*JUMPS, *TAPPED]):
            page = await ours.page(site.url, **PHONE)
            ours.events.clear()
            if name in JUMPS:
                await page.evaluate(f"()=>{{{JUMPS[name].replace('wap/pay', f'wap/pay{number}')}}}")
            else:
                await page.tap(TAPPED[name])
            wanted = "mailto:" if name == "mail" else "://"
            found = await until(partial(speaks_of, ours.events, wanted), 20)
            await asyncio.sleep(0.3)
            assert await _takes_taps(page) == 3, name
            assert found, f"{name}: no event"
            kinds = {event.kind for event in ours.events}
            assert kinds == ({"blocked"} if name == "mail" else {"payment_call"}), name
            counted = [event for event in ours.events if not event.data.get("echo")]
            assert len(counted) == (2 if name == "twice" else 1), (name, counted)
            await page.context.close()


def test_stand_ins_answer_for_the_desktop() -> None:
    jumps = Jumps()
    env = jumps.env({"PATH": "/nowhere:/bin:/usr/bin"})
    said = subprocess.run(
        ["sh", "-c", "xdg-settings check x y"], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout == "yes\n"
    assert subprocess.run(["sh", "-c", "xdg-open weixin://x"], env=env, check=True).returncode == 0
    jumps.close()


def test_a_navigation_that_two_clients_tell_of_counts_once() -> None:
    at, twins = datetime(2026, 5, 1, tzinfo=UTC), Twins()
    assert twins.new(at, "wire", "weixin://a")
    assert not twins.new(at + timedelta(seconds=1), "driver", "weixin://a")
    assert twins.new(at + timedelta(seconds=2), "driver", "weixin://a")
    assert twins.new(at + timedelta(seconds=9), "wire", "weixin://a")
