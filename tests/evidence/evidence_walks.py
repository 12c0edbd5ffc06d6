"""Small walks to record: two runs, three steps, traffic of every kind."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from payaudit.evidence.exchange import Exchange, Frame, WebSocketLog
from payaudit.evidence.seal.keys import Keys
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Action, Audit, Event, Outcome, RunInfo, Step

T0 = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
SITE = "https://drama.example"
PNG = b"\x89PNG\r\n\x1a\n"


def audit(**changes: object) -> Audit:
    fields: dict[str, Any] = {
        "target": SITE + "/",
        "persona": "iphone",
        "started": T0,
        "ended": T0 + timedelta(minutes=1),
        "end_reason": "done",
        "tool": "payaudit 0.1.0",
        "browser": "Chromium 1.2.3",
    }
    return Audit(**{**fields, **changes})


def run_info(number: int) -> RunInfo:
    return RunInfo(
        number=number,
        persona="iphone",
        purpose="enter",
        started=T0,
        browser="Chromium 1.2.3",
        user_agent="Mozilla/5.0 (iPhone)",
        viewport=(390, 844),
        device_scale=3,
        locale="zh-CN",
        timezone="Asia/Shanghai",
    )


def step(run: int, number: int, **changes: object) -> Step:
    fields: dict[str, Any] = {
        "run": run,
        "number": number,
        "goal": "paywall",
        "started": T0 + timedelta(seconds=number),
        "captured": T0 + timedelta(seconds=number + 1),
        "action": Action(verb="open", goal="enter", why="开始"),
        "outcome": Outcome(changed=True, url=SITE + "/"),
        "events": (Event(kind="dialog", at=T0, data={"message": "首月 ¥9.9"}),),
        "title": "短剧",
        "url": f"{SITE}/{number}" if number > 1 else SITE + "/",
    }
    return Step(**{**fields, **changes})


def exchange(url: str, run: int = 1, number: int = 1, **changes: object) -> Exchange:
    fields: dict[str, Any] = {
        "method": "GET",
        "url": url,
        "request_headers": (("Accept", "*/*"), ("X-商户", "短剧")),
        "request_body": b"",
        "status": 200,
        "reason": "OK",
        "response_headers": (
            ("content-type", "text/html; charset=utf-8"),
            ("content-encoding", "br"),
            ("content-length", "17"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2; note=é"),
        ),
        "response_body": b"<!doctype html><title>x</title><p>" + url.encode() * 9,
        "truncated": None,
        "resource_type": "Document",
        "at": T0 + timedelta(seconds=number),
        "run": run,
        "step": number,
    }
    return Exchange(**{**fields, **changes})


def snapshot(run: int, number: int) -> bytes:
    return json.dumps({"documents": [], "strings": ["立即支付", f"{run}/{number}"]}).encode()


def screen(run: int, number: int) -> bytes:
    return PNG + bytes([run, number]) * 40


def record(
    folder: Path, head: Audit | None = None, *, runs: int = 2, steps: int = 2, keys: Keys | None = None
) -> EvidenceWriter:
    """Record a walk and leave its folder as a kill would, once the writer is closed."""
    writer = EvidenceWriter.create(folder, head or audit(), keys)
    for run in range(1, runs + 1):
        writer.begin_run(run_info(run))
        for number in range(1, steps + 1):
            url = f"{SITE}/{number}" if number > 1 else SITE + "/"
            writer.add_exchange(exchange(url, run, number))
            pay = exchange(
                f"{SITE}/api/order?t={number}",
                run,
                number,
                method="POST",
                request_headers=(("Content-Type", "application/json"),),
                request_body=b'{"offer": "vip", "n": 1}',
                response_headers=(("Content-Type", "application/json"),),
                response_body=b'{"amount": 990}',
                resource_type="XHR",
            )
            writer.add_exchange(pay)
            writer.add_exchange(pay)  # the same again: a second order
            writer.add_missing("https://pay.example/go", "POST", "refused: payment host", run, number, at=T0)
            frames = (Frame(T0, "out", 1, "你好"), Frame(T0, "in", 2, "AAEC"))
            writer.add_websocket(WebSocketLog("wss://drama.example/live", frames, run, number))
            picture = screen(run, number) if number % 2 else None
            writer.add_step(step(run, number), snapshot(run, number), picture, extra={"ocr.json": b"{}"})
    return writer


def packed(folder: Path, name: str = "evidence.wacz", **more: int) -> Path:
    """Record a walk and finish it."""
    writer = record(folder / f"{name}.partial", **more)
    return writer.finish(folder / name)
