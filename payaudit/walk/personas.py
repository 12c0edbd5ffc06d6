"""The personas a walk can take: device, host app and language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payaudit.errors import UsageError
from payaudit.model.persona import Persona

if TYPE_CHECKING:
    from playwright.async_api import Playwright

# Host apps append themselves to the system WebView's agent; the version numbers are
# of releases in use in 2026 and change nothing in what sites look for.
_WECHAT_IOS = " MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN"
_WECHAT_ANDROID = (
    " MMWEBID/1 MicroMessenger/8.0.50.2701(0x28003253) WeChat/arm64 Weixin NetType/WIFI"
    " Language/zh_CN ABI/arm64"
)
_DOUYIN_ANDROID = " aweme_310200 JsSdk/1.0 NetType/WIFI AppName/aweme app_version/31.2.0"

PERSONAS: dict[str, Persona] = {
    p.name: p
    for p in (
        Persona(name="iphone", playwright_device="iPhone 14", host="browser"),
        Persona(name="android", playwright_device="Pixel 7", host="browser"),
        Persona(
            name="wechat-iphone",
            playwright_device="iPhone 14",
            host="wechat",
            user_agent_suffix=_WECHAT_IOS,
        ),
        Persona(
            name="wechat-android",
            playwright_device="Pixel 7",
            host="wechat",
            user_agent_suffix=_WECHAT_ANDROID,
        ),
        Persona(
            name="douyin-android",
            playwright_device="Pixel 7",
            host="douyin",
            user_agent_suffix=_DOUYIN_ANDROID,
        ),
        Persona(name="desktop", playwright_device="Desktop Chrome", host="browser"),
    )
}


def persona(name: str) -> Persona:
    """Look one up; raises ``UsageError`` naming those there are."""
    if name not in PERSONAS:
        known = ", ".join(PERSONAS)
        raise UsageError(f"no persona {name!r}; choose one of {known}", f"没有角色 {name!r}；可选：{known}")
    return PERSONAS[name]


def context_options(who: Persona, playwright: Playwright) -> dict[str, Any]:
    """Arguments of ``browser.new_context`` for the persona."""
    options = dict(playwright.devices[who.playwright_device])
    options.pop("default_browser_type", None)
    agent = who.user_agent or str(options["user_agent"])
    options["user_agent"] = agent + who.user_agent_suffix
    options["locale"] = who.locale
    options["timezone_id"] = who.timezone
    options["ignore_https_errors"] = False
    return options
