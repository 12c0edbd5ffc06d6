"""Many machines: Dask distributed over mutual TLS, as an engine like any other.

Whoever reaches a port of Dask can run code there, so there is no cluster without certificates.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from payaudit.errors import PayauditError, UsageError
from payaudit.sweep.certs import CA, CERTIFICATE, KEY
from payaudit.sweep.job import AuditOne, Failure, Job, Outcome
from payaudit.sweep.task import rules_here
from payaudit.sweep.versions import Versions, versions

if TYPE_CHECKING:
    from distributed import Client, Security

_CONNECT_S = 30
_AWAY_S = 900  # that a scheduler may be away
_LEAVES_S = 60  # that a worker may take to go
_LOST_AT_MOST = 20  # schedulers, during one attempt

SETTINGS: Mapping[str, str] = {
    "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true",
    "DASK_DISTRIBUTED__COMM__TLS__MIN_VERSION": "1.2",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "5",  # workers that one audit may take down
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "60s",  # a frozen worker's audits begin elsewhere after it
    "DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING": "false",  # a started audit is never moved
    "DASK_DISTRIBUTED__WORKER__DAEMON": "false",  # a worker starts processes that judge
}
"""What every program of the cluster is started with."""


def needs_dask() -> None:
    """Raise ``UsageError`` where the extra is not installed."""
    try:
        import distributed  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            'a cluster needs Dask: pip install "payaudit[cluster]"',
            '集群需要 Dask：pip install "payaudit[cluster]"',
        ) from error


def security(certs: Path) -> Security:
    """Mutual TLS with the files that ``payaudit cluster certs`` wrote. Raises ``UsageError``."""
    from distributed import Security  # noqa: PLC0415 - an extra

    ca, certificate, key = (str(certs / name) for name in (CA, CERTIFICATE, KEY))
    check_certs(certs)
    roles = {f"tls_{role}_{part}": file for role in ("client", "scheduler", "worker")
             for part, file in (("cert", certificate), ("key", key))}  # fmt: skip
    return Security(tls_ca_file=ca, require_encryption=True, **roles)


def check_certs(certs: Path) -> None:
    """Raise ``UsageError`` where a certificate is missing."""
    missing = [name for name in (CA, CERTIFICATE, KEY) if not (certs / name).is_file()]
    if missing:
        raise UsageError(
            f"{certs}: no {', '.join(missing)}; make them once with `payaudit cluster certs {certs}`, "
            "and copy the folder to every machine",
            f"{certs}：缺少 {'、'.join(missing)}；请先运行 payaudit cluster certs {certs}，再复制到每台机器",
        )


def check_address(address: str) -> None:
    """Raise ``UsageError`` for anything but ``tls://HOST:PORT``."""
    if not address.startswith("tls://") or ":" not in address.removeprefix("tls://"):
        raise UsageError(
            f"{address}: a cluster's address is tls://HOST:8786; without TLS there is none",
            f"{address}：集群地址形如 tls://主机:8786；不支持无 TLS 的连接",
        )


class Cluster:
    """A running scheduler and its workers. Raises ``UsageError`` and ``PayauditError`` when entered."""

    here = False

    def __init__(self, address: str, certs: Path, wanted: Versions) -> None:
        check_address(address)
        self.address, self.certs, self.wanted = address, certs, wanted
        self._client: Client
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        import dask  # noqa: PLC0415 - an extra

        dask.config.set({"distributed.comm.timeouts.connect": f"{_CONNECT_S}s"})
        logging.getLogger("distributed").setLevel(
            logging.CRITICAL
        )  # a lost worker is no news: it is made good
        self._client = await self._connect()
        try:
            await self._compare()
        except BaseException:
            await self._client.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def slots(self) -> int:
        """Audits that all workers together take at once."""
        return sum((await self._client.nthreads()).values())

    async def submit(self, audit: AuditOne, job: Job) -> Outcome:
        """Run one attempt. Dask begins it again where its worker is lost; where the scheduler is, we do."""
        lost = 0
        while lost < _LOST_AT_MOST:
            outcome = await self._once(audit, job)
            if outcome is None:
                lost += 1
                await asyncio.sleep(1)
                continue
            if outcome.failure is not None and outcome.failure.kind == "mismatch" and outcome.worker:
                # It came after the comparison: it is sent away, and the audit begins on another.
                if not await self._without(outcome.worker):
                    return outcome
                continue
            return outcome
        raise PayauditError(
            f"{self.address}: the scheduler was lost {_LOST_AT_MOST} times; "
            "mend it and run the same command again",
            f"{self.address}：调度器中断 {_LOST_AT_MOST} 次；请修复后重新运行同一命令",
        )

    async def _without(self, worker: str) -> bool:
        """Send a worker away; whether others are left. One that does not go in time counts as none."""
        try:
            async with asyncio.timeout(_LEAVES_S):
                # The last worker stays for as long as it holds an answer that the scheduler has not heard
                # to be of no more use, and is not asked again by itself.
                while worker in (left := await self._client.nthreads()):
                    await self._client.retire_workers([worker])
                    await asyncio.sleep(1)
        except TimeoutError:
            return False
        return bool(left)

    async def _once(self, audit: AuditOne, job: Job) -> Outcome | None:
        """``None`` where the scheduler, and all it knew, is gone."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra
        from distributed.client import CancelledError, FutureCancelledError  # noqa: PLC0415
        from distributed.comm import CommClosedError  # noqa: PLC0415

        future: Any = None
        try:
            await self._connected()
            key = f"{job.audit_id}#{job.attempt}"
            future = self._client.submit(audit, job, key=key, pure=False, retries=0)
            outcome: Outcome = await future
        except KilledWorker:
            said = "it took down every worker that it ran on", "每个执行它的 worker 都随之退出"
            return Outcome(Failure("failed", *said))
        # No OSError here: a time-out is one, and would be tried for ever.
        except (CancelledError, FutureCancelledError, CommClosedError):
            if future is not None and future.status == "error":
                raise
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            return None
        finally:
            if future is not None:
                future.release()
        return outcome

    async def _connect(self) -> Client:
        from distributed import Client  # noqa: PLC0415 - an extra

        try:
            return await Client(
                self.address,
                security=security(self.certs),
                asynchronous=True,
                set_as_default=False,
                timeout=_CONNECT_S,
            )
        except (OSError, TimeoutError) as error:
            raise _unreachable(self.address, error) from error

    async def _connected(self) -> None:
        """Wait for a scheduler that is away; Dask's own client gives up for good after its time-out."""
        async with self._lock:
            until = time.monotonic() + _AWAY_S
            while self._client.status != "running":
                if self._client.status in {"closing", "closed"}:
                    try:
                        self._client = await self._connect()
                    except UsageError:
                        if time.monotonic() > until:
                            raise
                await asyncio.sleep(0.2)

    async def _compare(self) -> None:
        """Refuse a cluster that would judge otherwise than this machine, before the first task."""
        if not await self._client.nthreads():
            raise UsageError(
                f"{self.address} has no worker; start one with `payaudit cluster worker {self.address}`",
                f"{self.address} 没有 worker；请运行 payaudit cluster worker {self.address}",
            )
        try:
            theirs: dict[str, Versions] = await self._client.run(versions_here)
        except (ImportError, ModuleNotFoundError, AttributeError, TypeError) as error:
            raise UsageError(
                f"{self.address}: a machine there has another payaudit, or none ({error}); install the same",
                f"{self.address}：其中某台机器的 payaudit 版本不同或未安装（{error}）；请安装相同版本",
            ) from error
        for worker, found in sorted(theirs.items()):
            if unlike := self.wanted.unlike(found):
                said = "; ".join(unlike)
                raise UsageError(
                    f"the worker {worker} is refused, it differs from this machine: {said}; "
                    "install the same payaudit there and give it the same --rules",
                    f"拒绝 worker {worker}，它与本机不一致：{said}；"
                    "请在其上安装相同的 payaudit 并指定相同的 --rules",
                )


def versions_here() -> Versions:
    """What a worker says of itself."""
    return versions(rules_here())


def program(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of one of Dask's own programs, for this Python."""
    import sys  # noqa: PLC0415 - only the commands need it

    return [sys.executable, "-m", f"distributed.cli.{module}", *arguments], {**os.environ, **SETTINGS}


def tls_arguments(certs: Path) -> list[str]:
    """How Dask's programs are told of the certificates."""
    check_certs(certs)
    pairs = (("--tls-ca-file", CA), ("--tls-cert", CERTIFICATE), ("--tls-key", KEY))
    return [part for option, name in pairs for part in (option, str((certs / name).resolve()))]


def _unreachable(address: str, error: Exception) -> UsageError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return UsageError(
        f"{address}: no scheduler answers there that knows these certificates ({why}); "
        "start it with `payaudit cluster scheduler`, and use the same folder of certificates",
        f"{address}：没有认可这些证书的调度器响应（{why}）；"
        "请运行 payaudit cluster scheduler，并使用同一证书文件夹",
    )
