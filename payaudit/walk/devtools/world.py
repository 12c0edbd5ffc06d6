"""A walk in WeChat DevTools: connected, walled in, and each run begun on the first page anew."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from payaudit.errors import UsageError
from payaudit.model.evidence import Goal, RunInfo
from payaudit.model.text import Text
from payaudit.perceive.calls import Calls
from payaudit.walk.devtools.protocol import Automation, Refused
from payaudit.walk.devtools.run import DevToolsRun
from payaudit.walk.devtools.walls import Walls
from payaudit.walk.devtools.window import Device, Window
from payaudit.walk.guard import Guard
from payaudit.walk.guard.policy import Orders
from payaudit.walk.miniprogram.policy import host_policy
from payaudit.walk.world import World

if TYPE_CHECKING:
    from payaudit.walk.run import Run

OURS = (
    "driven through WeChat DevTools",
    "payments replaced in WeChat DevTools",
    "questions of the host drawn by us",
)
"""What of ours every run has."""
CONNECTION_LOST = (
    (
        "the connection to WeChat DevTools was lost before the walk was done; what it saw is kept:"
        " open the project again and repeat the audit"
    ),
    "巡查未完成时与微信开发者工具的连接已断开；已看到的内容已保存：请重新打开项目并再次审计",
)
SEEN_IN_DEVTOOLS = Text(
    en="the mini-program ran in WeChat DevTools, not in WeChat on a phone: what was seen is at most probable"
    " until the same is seen on a device; payments were replaced in it, its network was DevTools' own",
    zh="小程序在微信开发者工具中运行，而非手机微信：所见内容在真机核实前至多为“很可能”；"
    "支付接口已被替换，网络请求由开发者工具自行发出",
)
NOT_FRESH = Text(
    en="all runs shared the storage and the account of WeChat DevTools; none of them was a fresh visitor's",
    zh="各次巡查共用开发者工具的存储与账号，并非全新访客",
)


@dataclass(frozen=True)
class DevTools:
    """A DevTools that answers: what it runs, and on which page a walk of it begins."""

    automation: Automation
    device: Device
    entry: str

    @property
    def target(self) -> str:
        """The address of the first page, as the evidence names it."""
        return f"https://{self.device.app_id or 'unknown'}.weapp.invalid/{self.entry}"

    @property
    def build(self) -> str:
        """What shows the pages."""
        return f"WeChat DevTools, base library {self.automation.sdk}"

    @property
    def persona(self) -> str:
        """The persona whose phone DevTools plays."""
        return "wechat-iphone" if self.device.system.lower().startswith("ios") else "wechat-android"

    def told(self) -> dict[str, Any]:
        """What the evidence keeps of it."""
        return {
            "address": self.automation.address,
            "sdk_version": self.automation.sdk,
            "app_id": self.device.app_id,
            "version": self.device.version,
            "system": self.device.system,
            "model": self.device.model,
            "entry": self.entry,
        }


async def reach(address: str) -> DevTools:
    """Connect, and ask what runs there. Raises ``UsageError``."""
    automation = await Automation.connect(address)
    try:
        account = await automation.wx("getAccountInfoSync")
        system = await automation.wx("getSystemInfoSync")
        stack = (await automation.send("App.getPageStack"))["pageStack"]
        device = Device.of(account if isinstance(account, dict) else {}, system)
        first = stack[0]
        query = "&".join(f"{k}={v}" for k, v in (first.get("query") or {}).items())
        return DevTools(automation, device, str(first["path"]) + (f"?{query}" if query else ""))
    except (Refused, KeyError, IndexError, TypeError, ValueError) as problem:
        await automation.close()
        raise UsageError(
            f"no mini-program runs in the DevTools at {address}: open its project and let it compile first",
            f"{address} 的开发者工具中没有运行中的小程序：请先打开项目并等待编译完成",
        ) from problem


class Unwired(Guard):
    """The guard where no browser is ours: its policy and its record; the walls stand in DevTools."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(Calls.bundled(), "wechat", orders, record=False)

    def arm(self, page: str | None = None) -> None:
        """A pay-like control is about to be pressed."""
        self.policy.armed = True
        if page is not None:
            self.policy.press(page)

    def disarm(self) -> None:
        """The tap is over."""
        self.policy.armed = False

    async def ready(self) -> None:
        """The walls ask the policy each time."""

    async def settle(self, seconds: float = 5.0) -> None:
        """Nothing is on its way here."""


@dataclass
class DevToolsWorld(World):
    """The runs of one walk: each goes back to the first page of the same window."""

    devtools: DevTools
    window: Window
    runs: int = 0

    @contextlib.asynccontextmanager
    async def run(self, purpose: Goal, under: str | None = None) -> AsyncIterator[Run]:
        """A run in the window, begun by closing all of its pages; ``under`` names no other phone here."""
        device = self.devtools.device
        self.runs += 1
        self.crew.clock.begin_run(self.runs)
        info = RunInfo(
            number=self.runs,
            persona=under or self.errand.options.persona,
            purpose=purpose,
            started=self.crew.clock.now(),
            browser=self.build,
            user_agent=f"WeChat DevTools, {device.model}, {device.system}".strip(", "),
            viewport=(round(device.width), round(device.height)),
            device_scale=device.density,
            locale=device.language,
            timezone="Asia/Shanghai",
            interventions=self.errand.interventions,
        )
        self.crew.writer.begin_run(info)
        self.crew.guard.set_step(info.number, 0)
        if not self.window.walls.up:
            await self.window.walls.put_up()
        run = DevToolsRun(info, self.window, self.crew)
        await run.start()
        yield run


def world_of(base: World, devtools: DevTools) -> DevToolsWorld:
    """The world of a walk in this DevTools."""
    walls = Walls(devtools.automation, base.crew.guard, host_policy())
    window = Window(devtools.automation, walls, devtools.device)
    return DevToolsWorld(base.errand, base.crew, base.build, devtools, window)
