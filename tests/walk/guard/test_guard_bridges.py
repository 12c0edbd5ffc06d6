# ruff: noqa: ANN401 - options are passed on as they are
"""The inner wall: wallet APIs record the call and answer *cancelled*, whatever the page does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.walk.guard.harness import BINARIES, Guarded, guarded, until
from tests.walk.guard.standin import shop

pytestmark = pytest.mark.browser

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
PAGE = {"/": ("text/html", "<!doctype html><title>shop</title><body>")}
ANSWERS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("bridges.yaml").read_text("utf-8")
)


async def _answer(ours: Guarded, url: str, script: str, **options: Any) -> tuple[Any, bool, list[str]]:
    page = await ours.page(url, **options)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    answer = await page.evaluate(script)
    paid = await page.evaluate("!!window.paid")
    await page.context.close()
    return answer, paid, thrown


@pytest.mark.parametrize("name", ANSWERS)
async def test_bridge_answers_cancelled(name: str) -> None:
    case = ANSWERS[name]
    api = case["api"]
    async with shop(PAGE) as site, guarded(BINARIES[0], host=case["host"]) as ours:
        answer, paid, thrown = await _answer(ours, site.url, case["script"])
        assert answer == case["answer"]
        assert not paid
        assert not thrown
        assert await until(lambda: any(call["api"] == api for call in ours.calls())), ours.calls()


async def test_arguments_carry_amount_and_renewal() -> None:
    async with shop(PAGE) as site, guarded(BINARIES[0], host="douyin") as ours:
        await _answer(
            ours, site.url, "tt.pay({orderInfo:{total_amount:990},evil:{get x(){throw 1}},f(){},success(){}})"
        )
        assert await until(ours.calls)
        call = ours.calls()[0]
        calls = ours.guard.policy.calls
        match = calls.match_bridge(call["api"])
        assert match is not None
        assert str(calls.amount_of(match, call["api"], call["arguments"])) == "CNY 9.90"
        assert (call["wall"], call["channel"], call["wallet_confirms"]) == ("page", "douyin", True)


async def test_apple_pay_only_on_an_iphone() -> None:
    script = (
        "new Promise(r=>{const s=new ApplePaySession(3,{currencyCode:'USD',total:{label:'x',amount:'9.90'},"
        "recurringPaymentRequest:{a:1}});s.oncancel=()=>r('cancelled');s.begin()})"
    )
    async with shop(PAGE) as site, guarded(BINARIES[0]) as ours:
        assert (await _answer(ours, site.url, script, user_agent=IPHONE))[0] == "cancelled"
        assert await until(ours.calls)
        call, calls = ours.calls()[0], ours.guard.policy.calls
        match = calls.match_bridge("ApplePaySession.begin")
        assert match is not None
        assert calls.recurring_of(match, call["api"], call["arguments"]) is True
        assert (await _answer(ours, site.url, "typeof ApplePaySession"))[0] == "undefined"


THROWS = (
    "JSON.stringify", "Array.prototype.find", "Array.prototype.some", "Array.prototype[Symbol.iterator]",
    "Promise.prototype.then", "Promise.resolve", "Reflect.apply", "Object.defineProperty",
    "Map.prototype.set",
    "WeakSet.prototype.has", "String.prototype.split", "String.prototype.startsWith", "RegExp.prototype.exec",
)  # fmt: skip
HOSTILE = {
    "breaks the built-ins": "=".join(THROWS) + "=()=>{throw 1}",
    "throwing global": "window.Promise=window.JSON=window.setTimeout=undefined;",
    "looks for the way back": "for(const n of Object.getOwnPropertyNames(window)){try{"
    "if(typeof window[n]==='function'&&/^_[0-9a-f]{24}$/.test(n))document.body.dataset.found=n}catch(e){}}",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_page_gets_cancelled_and_recorded(name: str) -> None:
    ask = "WeixinJSBridge.invoke('getBrandWCPayRequest',{a:1},x=>{document.title=x.err_msg})"
    html = f"<!doctype html><body><script>{HOSTILE[name]}</script><script>{ask}</script>"
    async with shop({"/": ("text/html", html)}) as site, guarded(BINARIES[0], host="wechat") as ours:
        page = await ours.page(site.url)
        assert await until(ours.calls, 15), "not recorded"  # a browser starts late on a busy machine
        assert ours.calls()[0]["arguments"] == {"a": 1}
        # Playwright's own evaluate is broken in such a page; the title is read beside it.
        assert await page.title() == "getBrandWCPayRequest:cancel"
        assert await page.locator("body[data-found]").count() == 0


async def test_frames_of_every_kind_are_dressed() -> None:
    ask = "WeixinJSBridge.invoke('getBrandWCPayRequest',{from:'KIND'},()=>0)"
    frames = "".join(
        f'<iframe {sandbox} srcdoc="<script>{ask.replace("KIND", kind)}</script>"></iframe>'
        for kind, sandbox in (("srcdoc", ""), ("sandbox", "sandbox=allow-scripts"))
    )
    blank = "const f=document.createElement('iframe');document.body.append(f);f.contentWindow." + ask
    html = f"<!doctype html><body>{frames}<script>{blank.replace('KIND', 'blank')}</script>"
    async with shop({"/": ("text/html", html)}) as site, guarded(BINARIES[0], host="wechat") as ours:
        await ours.page(site.url)
        wanted = {"srcdoc", "sandbox", "blank"}
        assert await until(lambda: {str(call["arguments"].get("from")) for call in ours.calls()} >= wanted)


async def test_no_bridge_outside_its_host() -> None:
    async with shop(PAGE) as site, guarded(BINARIES[0]) as ours:
        script = "[typeof WeixinJSBridge,typeof wx,typeof tt,typeof Stripe,typeof my]"
        assert (await _answer(ours, site.url, script))[0] == ["undefined"] * 5


async def test_ready_event_comes_and_environment_is_untouched() -> None:
    html = "<script>document.addEventListener('WeixinJSBridgeReady',()=>window.ready=1)</script>"
    async with shop({"/": ("text/html", html)}) as site, guarded(BINARIES[0], host="wechat") as ours:
        page = await ours.page(site.url)
        assert await page.evaluate("[window.ready, typeof window.__wxjs_environment]") == [1, "undefined"]
