"""A double of an audit, for tests of the engine: it visits one address and brings what it was told."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from payaudit.sweep.job import Failure, Job, Outcome
from payaudit.sweep.task import limited


async def visit(job: Job) -> Outcome:
    """In place of ``audit_target``: the same time limit around it."""
    return await limited(_visit, job)


async def _visit(job: Job) -> Outcome:
    parts = urlsplit(job.target)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET {parts.path} HTTP/1.0\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if b" 500 " in head:
        return Outcome(Failure("failed", "the site failed", "网站出错"))
    if job.work is not None:
        job.work.mkdir(parents=True, exist_ok=True)
        (job.work / "evidence.wacz").write_bytes(body)
    told = {"reached": True, "violations": 1, "unclear": 0, "captured": "2026-11-29"}
    return Outcome(
        report=b"{}",
        head=told,
        rows={"merchants": [{"merchant": "company:x", "kind": "company", "value": "x"}],
              "audit_merchants": [{"merchant": "company:x"}]},
        evidence=body if job.work is None else job.work / "evidence.wacz",
    )  # fmt: skip
