"""One package under audit: its host, its private address and its backend, begun afresh for each run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from payaudit.errors import UsageError
from payaudit.model.persona import Persona
from payaudit.model.text import Text
from payaudit.walk.miniprogram.backend import Backend, Mocked, Real, load_routes
from payaudit.walk.miniprogram.host import INTERVENTION, Ads, SimulatedHost
from payaudit.walk.miniprogram.origin import ORIGIN, PrivateOrigin
from payaudit.walk.miniprogram.package import Package
from payaudit.walk.miniprogram.policy import host_policy
from payaudit.walk.miniprogram.runtime import Runtime, find_runtime, versions

if TYPE_CHECKING:
    from playwright.async_api import Playwright

    from payaudit.walk.guard import Guard

SIMULATED = Text(
    en="the mini-program ran in a simulated host in a browser, not in the app: what was seen is at most"
    " probable until the same is seen on a device, and what was not seen may be there",
    zh="小程序在浏览器内的模拟宿主中运行，而非在 App 内：所见内容在真机核实前至多为“很可能”，"
    "未见内容不代表不存在",
)
_MOCKED = Text(
    en="the answers of its servers came from a file of the investigator, not from the servers",
    zh="其服务器的应答来自调查人员提供的文件，而非真实服务器",
)
_ELSEWHERE = Text(
    en="its requests were sent to another address than the package names",
    zh="其请求被发往与代码包所写不同的地址",
)
# Versions in use in 2026; packages compare them with the least that a feature needs.
_APP_VERSION = {"wx": "8.0.50", "tt": "31.2.0", "ks": "12.8.0"}
_SDK_VERSION = {"wx": "3.6.0", "tt": "3.42.0", "ks": "1.120.0"}


@dataclass(frozen=True)
class Staging:
    """A package and how it is to be walked.

    ``backend`` is an address, a file of answers, or None for the package's own servers.
    """

    package: Package
    backend: str | None = None
    ads: Ads = "watched"

    @property
    def address(self) -> str:
        """Where the walk begins."""
        return f"{ORIGIN}/"

    @property
    def mocked(self) -> Path | None:
        """The file of answers."""
        return (
            Path(self.backend)
            if self.backend and urlsplit(self.backend).scheme not in {"http", "https"}
            else None
        )

    def told(self) -> dict[str, Any]:
        """What the evidence keeps of it."""
        mocked = self.mocked
        return {
            **self.package.told(),
            "runtime": versions(),
            "backend": mocked.name if mocked else self.backend,
            "ads": self.ads,
        }

    @property
    def interventions(self) -> tuple[str, ...]:
        """What of ours every run has beside a viewer's own."""
        more = (
            ("answers from a file",) if self.mocked else ("requests sent elsewhere",) if self.backend else ()
        )
        return (INTERVENTION, *more)

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What of the way of walking a reader has to know."""
        more = (_MOCKED,) if self.mocked else (_ELSEWHERE,) if self.backend else ()
        return (SIMULATED, *more)

    def check(self) -> Runtime:
        """What must hold before anything is recorded. Raises ``RuntimeMissing`` and ``UsageError``."""
        if self.mocked is not None:
            load_routes(self.mocked)
        if self.ads not in ("watched", "closed"):
            raise UsageError(
                f"--ads is watched or closed, not {self.ads!r}",
                f"--ads 只能是 watched 或 closed，不是 {self.ads!r}",
            )
        return find_runtime()


@dataclass
class MiniProgram:
    """The package put up in one browser."""

    origin: PrivateOrigin
    backend: Backend

    async def begin(self, who: Persona, user_agent: str) -> None:
        """A fresh run under a persona."""
        self.origin.system = _device(who, self.origin.host.package)
        self.origin.host.fresh()
        if isinstance(self.backend, Real):
            self.backend.user_agent = user_agent
        await self.backend.fresh()

    async def close(self) -> None:
        """End what was open to servers."""
        await self.backend.close()


def put_up(staging: Staging, guard: Guard, playwright: Playwright) -> MiniProgram:
    """Make the package reachable to the pages of the guard's browser, before the first of them."""
    runtime = staging.check()
    mocked = staging.mocked
    backend: Backend = (
        Mocked(guard, load_routes(mocked), mocked.name)
        if mocked
        else Real(guard, playwright, "", staging.backend)
    )
    host = SimulatedHost(staging.package, host_policy(), guard, backend, staging.ads)
    origin = PrivateOrigin(host, runtime)
    guard.wire.origin = origin
    return MiniProgram(origin, backend)


def _device(who: Persona, package: Package) -> dict[str, Any]:
    """What the host says of the phone."""
    apple = "iphone" in who.name
    return {
        "brand": "Apple" if apple else "Google",
        "model": "iPhone 14" if apple else "Pixel 7",
        "system": "iOS 17.5" if apple else "Android 14",
        "platform": "ios" if apple else "android",
        "version": _APP_VERSION[package.dialect],
        "SDKVersion": _SDK_VERSION[package.dialect],
        "appName": {"wx": "WeChat", "tt": "Douyin", "ks": "kwai"}[package.dialect],
    }
