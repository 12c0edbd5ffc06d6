"""``payaudit setup``: what is fetched from elsewhere, once."""

from __future__ import annotations

from payaudit import terminal
from payaudit.options import Lang, Quiet
from payaudit.terminal import reported


def setup(*, quiet: Quiet = False, _lang: Lang = None) -> None:
    """Fetch by npm what a mini-program runs on; ends with 1 where that fails, and does nothing twice."""
    from payaudit.walk.miniprogram.runtime import fetch_runtime, versions

    with reported():
        with terminal.progress(quiet=quiet) as tell:
            tell("fetching what a mini-program runs on", "正在获取运行小程序所需的组件")
            runtime = fetch_runtime()
        told = ", ".join(f"{name} {version}" for name, version in versions().items())
        terminal.remark(
            f"mini-programs: ready ({told}) in {runtime.folder}",
            f"小程序：就绪（{told}），位于 {runtime.folder}",
        )
