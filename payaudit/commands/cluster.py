"""``payaudit cluster``: certificates, scheduler and workers for sweeps on many machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import CERTS, Certs, Lang, RulesDir
from payaudit.terminal import reported, say

cluster_app = typer.Typer(no_args_is_help=True)


@cluster_app.command(help=say("Make the certificates of a cluster, once.", "生成集群证书（只需一次）。"))
def certs(
    folder: Annotated[Path, typer.Argument(help=say("to write them to", "写入的文件夹"))] = CERTS,
    *,
    days: Annotated[int, typer.Option(min=1, help=say("that they hold", "有效天数"))] = 365,
    _lang: Lang = None,
) -> None:
    """Whoever has the folder can run programs on every machine of the cluster."""
    from payaudit.sweep.certs import make_certs

    with reported():
        until = make_certs(folder, days)
        terminal.remark(
            f"written: {folder}, good until {until:%Y-%m-%d}; copy it to every machine by a safe way: "
            "whoever has it can run programs there",
            f"已写入：{folder}，有效至 {until:%Y-%m-%d}；请以安全方式复制到每台机器：持有者可在其上运行程序",
        )


@cluster_app.command(help=say("Start the scheduler; Ctrl-C ends it.", "启动调度器；Ctrl-C 结束。"))
def scheduler(
    *,
    certs: Certs = CERTS,
    host: Annotated[str, typer.Option(help=say("address to listen at", "监听地址"))] = "0.0.0.0",  # noqa: S104 - other machines are to reach it, with a certificate
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8786,
    _lang: Lang = None,
) -> None:
    """Mutual TLS, no dashboard."""
    from payaudit.sweep.cluster import needs_dask, program, tls_arguments

    with reported():
        needs_dask()
        told = ("--host", f"tls://{host}", "--port", str(port), "--no-dashboard", "--no-show")
        _become(*program("dask_scheduler", *told, *tls_arguments(certs)))


@cluster_app.command(help=say("Start a worker; Ctrl-C ends it.", "启动 worker；Ctrl-C 结束。"))
def worker(
    address: Annotated[
        str, typer.Argument(help=say("of the scheduler, tls://HOST:8786", "调度器地址 tls://主机:8786"))
    ],
    *,
    certs: Certs = CERTS,
    parallel: Annotated[
        int | None,
        typer.Option(
            min=1, help=say("audits at once; as many as processors", "同时审计数；默认等于处理器数")
        ),
    ] = None,
    ports: Annotated[
        str,
        typer.Option(
            metavar="FIRST:LAST", help=say("ports that the scheduler reaches it by", "供调度器连接的端口范围")
        ),
    ] = "40000:40100",
    rules: RulesDir = None,
    _lang: Lang = None,
) -> None:
    """It ends when the scheduler is gone; let the system start it again (docs/sweeps.md)."""
    import os

    from payaudit.sweep.cluster import check_address, needs_dask, program, tls_arguments
    from payaudit.sweep.task import RULES_HERE
    from payaudit.sweep.versions import versions

    with reported():
        needs_dask()
        check_address(address)
        versions(rules)  # rules that cannot be read are said now, not by every audit
        slots = str(parallel or os.cpu_count() or 1)
        told = (
            "--nthreads",
            slots,
            "--no-nanny",
            "--memory-limit",
            "0",
            "--no-dashboard",
            "--worker-port",
            ports,
        )
        command, environment = program("dask_worker", address, *told, *tls_arguments(certs))
        _become(command, environment | ({RULES_HERE: str(rules.resolve())} if rules else {}))


def _become(command: list[str], environment: dict[str, str]) -> None:
    """Hand this process over, so that signals and the exit code are the program's own."""
    import os
    import sys

    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)  # noqa: S606 - the arguments are a list, no shell reads them
