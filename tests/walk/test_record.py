"""Walks that an investigator shows, in a real window: held, captured, refused, and walked again."""

from __future__ import annotations

import asyncio
import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import Done, end, invalid_wacz, payaudit, started
from tests.walk.person import Person, screen, somebody
from tests.walk.walled_site import Walled, walled

pytestmark = pytest.mark.browser

PHONE, PASSWORD = "13800138000", "mei-hua-5"
WAY = ["POST /api/enter", "/api/log?reel", "/api/log?sheet", "/api/log?confirmed", "/api/log?stopped"]


@pytest.fixture(scope="module")
def site() -> Iterator[Walled]:
    with walled() as site:
        yield site


@pytest.fixture(scope="module")
def display() -> Iterator[dict[str, str]]:
    with screen() as env:
        yield env


async def shown(me: Person) -> None:
    """The way: log in, draw the reel, look at another page, press a locked episode, pay."""
    await me.captured(1)
    await me.press("手机号")
    await me.type(PHONE)
    await me.press("密码")
    await me.type(PASSWORD)
    await me.enter()
    await me.find("上滑换一集")
    await me.draw((200, 140), (200, 20))
    await me.press("会员中心")
    await me.find("尚未解锁")
    await me.close_tab()
    await me.press_inside("iframe", 150, 25)
    paying = asyncio.ensure_future(me.press("立即支付"))
    await me.answer(accept=True)
    await paying
    await me.close()


@dataclass(frozen=True)
class Recorded:
    """What a recording left and what the site was asked for meanwhile."""

    done: Done
    folder: Path
    asked: list[str]

    def steps(self) -> list[dict[str, Any]]:
        """All steps, in order."""
        with zipfile.ZipFile(self.folder / "evidence.wacz") as file:
            names = sorted(n for n in file.namelist() if n.endswith("step.json"))
            return [json.loads(file.read(name)) for name in names]

    def all_bytes(self) -> bytes:
        """Everything that was left, unpacked."""
        found = [(self.folder / "report.json").read_bytes(), (self.folder / "journey.yaml").read_bytes()]
        with zipfile.ZipFile(self.folder / "evidence.wacz") as file:
            for name in file.namelist():
                data = file.read(name)
                found.append(gzip.decompress(data) if name.endswith(".gz") else data)
        return b"\n".join(found)


@pytest.fixture(scope="module")
def recorded(site: Walled, display: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("record") / "out"
    site.forget()
    with started("record", f"{site.address}/", "-o", folder, "-q", env=display) as process:
        try:

            async def whole() -> None:
                async with somebody(process.pid, folder) as me:
                    await shown(me)

            asyncio.run(whole())
            out, err = process.communicate(timeout=60)
        finally:
            end(process)
    return Recorded(Done(process.returncode, out, err), folder, site.forget())


def test_the_page_gets_every_act_as_a_finger_would_make_it(recorded: Recorded) -> None:
    assert recorded.asked == WAY  # "/api/log?mouse" would tell of a mouse


def test_evidence_is_whole_and_says_who_walked(recorded: Recorded) -> None:
    assert recorded.done.code in {0, 4, 10}, recorded.done.err
    assert recorded.done.errors == []
    assert invalid_wacz(recorded.folder / "evidence.wacz") == ""
    with zipfile.ZipFile(recorded.folder / "evidence.wacz") as file:
        audit = json.loads(file.read("payaudit/audit.json"))
        run = json.loads(file.read("payaudit/run-01.json"))
    assert audit["end_reason"] == "done"
    assert (audit["options"]["by_hand"], audit["options"]["orders"]) == (True, "none")
    assert "driven by hand" in run["interventions"]


def test_each_press_is_a_step_with_its_control(recorded: Recorded) -> None:
    taps = [
        (s["action"]["target"] or {}).get("label") for s in recorded.steps() if s["action"]["verb"] == "tap"
    ]
    assert taps[-3:] == ["会员中心", "第9集", "立即支付"]
    verbs = [s["action"]["verb"] for s in recorded.steps()]
    assert verbs[0] == "open"
    assert {"type", "swipe", "back"} <= set(verbs)


def test_nothing_is_paid(recorded: Recorded) -> None:
    assert not any("order" in each for each in recorded.asked)
    paid = recorded.steps()[-1] if recorded.steps()[-1]["action"]["intent"] == "pay" else recorded.steps()[-2]
    events = {e["kind"]: e["data"] for e in paid["events"]}
    assert events["payment_call"]["channel"] == "wechat"
    assert events["dialog"]["answer"] == "accept"
    assert any(e["data"].get("url", "").endswith("/api/order/create") for e in paid["events"])


def test_a_password_is_nowhere(recorded: Recorded, site: Walled) -> None:
    assert PASSWORD in site.posted[0]  # the page itself has had it
    left = recorded.all_bytes()
    assert PASSWORD.encode() not in left
    assert b"13800138000" not in (recorded.folder / "journey.yaml").read_bytes()


def test_the_journey_names_what_was_pressed(recorded: Recorded) -> None:
    steps = yaml.safe_load((recorded.folder / "journey.yaml").read_text("utf-8"))["steps"]
    assert steps[:2] == [
        {"type": {"into": "手机号", "text": "${phone}"}},
        {"type": {"into": "密码", "text": "${password}", "then": "enter"}},
    ]
    assert list(steps[2]) == ["swipe"]
    assert steps[3:] == [
        {"tap": {"text": "会员中心"}},
        {"back": {}},
        {"tap": {"text": "第9集"}},
        {"tap": {"text": "立即支付", "answer": "accept"}},
    ]


def test_the_journey_walks_the_same_way(recorded: Recorded, site: Walled, tmp_path: Path) -> None:
    journey = recorded.folder / "journey.yaml"
    site.forget()
    secrets = {"PAYAUDIT_PHONE": PHONE, "PAYAUDIT_PASSWORD": PASSWORD}
    done = payaudit(
        "audit", f"{site.address}/", "-o", tmp_path, "-q", "--no-orders", "--journey", journey, env=secrets
    )
    assert done.code == recorded.done.code, done.err
    assert site.forget() == WAY
    again = Recorded(done, tmp_path, [])
    (tmp_path / "journey.yaml").write_text("")
    assert PASSWORD.encode() not in again.all_bytes()
    kinds = {e["kind"] for s in again.steps() for e in s["events"]}
    assert "payment_call" in kinds
