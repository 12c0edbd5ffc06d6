"""What answers may be nothing, something else, too old, or gone: one line, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from fixtures.miniprograms.truths import HERE
from payaudit.evidence.read import Evidence
from payaudit.serve import serving
from tests.commands import Done, invalid_wacz, payaudit
from tests.walk.devtools.double import devtools

USAGE, NO_PAYWALL = 2, 3
PROGRAM = HERE / "wx-source"


async def audited(address: object, out: Path, *more: object, zh: bool = False) -> Done:
    """The command, with this loop going on."""
    given = ("audit", "--devtools", address, "-o", out, "-q", "--quick", "--max-seconds", 60, *more)
    return await asyncio.to_thread(payaudit, *given, env={"PAYAUDIT_LANG": "zh"} if zh else None)


def said(done: Done, *parts: str) -> None:
    """One line with these words, and no traceback."""
    lines = [line for line in done.err.splitlines() if line.strip()]
    assert len(lines) == 1, done.err
    assert all(part in lines[0] for part in parts), lines[0]


@asynccontextmanager
async def answering(result: dict[str, Any]) -> AsyncIterator[str]:
    """Something that gives every request the same answer."""

    async def speak(connection: ServerConnection) -> None:
        async for text in connection:
            await connection.send(json.dumps({"id": json.loads(text)["id"], "result": result}))

    async with serve(speak, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_nothing_listens(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"ws://127.0.0.1:{probe.getsockname()[1]}"
        done = await audited(address, tmp_path / "out")
        assert done.code == USAGE
        said(done, "nothing answers at", address, "cli auto")
        said(await audited(address, tmp_path / "out", zh=True), "没有应答", "cli auto")
    assert not (tmp_path / "out" / "evidence.wacz").exists()


async def test_it_is_a_web_server(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        done = await audited(address.replace("http", "ws"), tmp_path / "out")
    assert done.code == USAGE
    said(done, "is not the automation port of WeChat DevTools")


async def test_it_is_another_socket(tmp_path: Path) -> None:
    async with answering({"product": "Chrome"}) as address:
        done = await audited(address, tmp_path / "out")
    assert done.code == USAGE
    said(done, "is not the automation port of WeChat DevTools")


async def test_the_base_library_is_too_old(tmp_path: Path) -> None:
    async with answering({"SDKVersion": "2.7.1"}) as address:
        done = await audited(address, tmp_path / "out")
    assert done.code == USAGE
    said(done, "2.7.1", "2.7.3")


async def test_no_mini_program_runs(tmp_path: Path) -> None:
    async with answering({"SDKVersion": "3.6.0"}) as address:
        done = await audited(address, tmp_path / "out")
    assert done.code == USAGE
    said(done, "no mini-program runs")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--devtools", "http://127.0.0.1:9420"), "no automation address"),
        (("https://example.org/", "--devtools", "ws://127.0.0.1:9"), "leave 'https://example.org/' out"),
        (("--devtools", "ws://127.0.0.1:9", "--cdp", "http://127.0.0.1:9222"), "--cdp has no meaning"),
        ((), "give what to audit"),
    ],
)
def test_the_command_line_is_wrong(tmp_path: Path, given: tuple[str, ...], says: str) -> None:
    done = payaudit("audit", *given, "-o", tmp_path / "out")
    assert done.code == USAGE
    said(done, says)


@pytest.mark.browser
@pytest.mark.slow
async def test_a_payment_that_cannot_be_replaced_forbids_pressing(tmp_path: Path) -> None:
    refused = frozenset({"requestVirtualPayment"})
    async with devtools(PROGRAM / "package", PROGRAM / "api.json", unmockable=refused) as double:
        done = await audited(double.address, tmp_path / "out")
        assert not any(name.startswith("Element.tap") for name, _ in double.asked)
    assert done.code == NO_PAYWALL
    (line,) = done.errors
    assert "wx.requestVirtualPayment could not be replaced" in line
    assert "nothing may be pressed" in line


@pytest.mark.browser
@pytest.mark.slow
async def test_a_mini_program_that_starts_anew_is_pressed_no_more(tmp_path: Path) -> None:
    async with devtools(PROGRAM / "package", PROGRAM / "api.json", anew_after=2) as double:
        done = await audited(double.address, tmp_path / "out")
        taps = sum(name == "Element.tap" for name, _ in double.asked)
    assert taps == 2
    (line,) = done.errors
    assert "started anew" in line


@pytest.mark.browser
@pytest.mark.slow
async def test_a_lost_connection_keeps_what_was_seen(tmp_path: Path) -> None:
    async with devtools(PROGRAM / "package", PROGRAM / "api.json", lost_after=2) as double:
        done = await audited(double.address, tmp_path / "out")
    assert done.code == NO_PAYWALL
    (line,) = done.errors
    assert "the connection to WeChat DevTools was lost" in line
    kept = tmp_path / "out" / "evidence.wacz"
    assert invalid_wacz(kept) == ""
    with Evidence.open(kept) as evidence:
        assert evidence.audit.end_reason == "cut"
        assert len(evidence.steps) > 1
