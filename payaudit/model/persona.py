"""Who walks: a device, the browser or host app on it, and its language."""

from __future__ import annotations

from typing import Literal

from payaudit.model.base import Frozen

Host = Literal["browser", "wechat", "douyin"]


class Persona(Frozen):
    """What a site is told about its viewer. ``playwright_device`` is one of Playwright's descriptors."""

    name: str
    playwright_device: str
    host: Host
    user_agent_suffix: str = ""
    user_agent: str | None = None
    locale: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
