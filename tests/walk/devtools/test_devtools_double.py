"""The double of DevTools is what WeChat's own client takes for one."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from fixtures.miniprograms.truths import HERE as PROGRAMS
from payaudit.perceive.screen import build
from payaudit.walk.devtools.walls import Walls
from payaudit.walk.devtools.window import Window
from payaudit.walk.devtools.world import Unwired, reach
from payaudit.walk.miniprogram.policy import host_policy
from tests.walk.devtools.double import SDK, devtools

NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
SCRIPT = Path(__file__).with_name("real_client.js")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_page_reads_the_same_where_there_is_no_selector_for_all() -> None:
    program = PROGRAMS / "wx-source"
    async with devtools(program / "package", program / "api.json") as double:
        there = await reach(double.address)
        walls = Walls(there.automation, Unwired("few"), host_policy())
        await walls.put_up()
        await there.automation.wx("reLaunch", {"url": "/vip/pages/shop/shop"})
        read = []
        for double.all_selector in (True, False):
            window = Window(there.automation, walls, there.device)
            rested = await window.rest(1.0)
            screen = build(json.loads(rested.snapshot))
            read.append([(text.text, text.box) for text in screen.texts])
            assert not window.unplaced
        await there.automation.close()
    assert read[0] == read[1]
    assert {"连续包月会员", "本剧全集", "会员年卡"} <= {text for text, _ in read[0]}


async def test_the_real_npm_client_drives_the_double() -> None:
    assert NODE, "npm brings node; run scripts/kits.sh"
    program = PROGRAMS / "wx-source"
    async with devtools(program / "package", program / "api.json") as double:
        client = await asyncio.create_subprocess_exec(
            NODE,
            str(SCRIPT),
            double.address,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(client.communicate(), 90)
        assert client.returncode == 0, err.decode()
    seen = json.loads(out)
    assert (seen["path"], seen["stack"], seen["data"]) == ("pages/home/home", 1, 60)
    assert "共60集 · 前6集免费" in seen["texts"]
    assert seen["button"]["tag"] == "button"
    assert (seen["button"]["text"], seen["button"]["class"]) == ("立即观看", "go")
    assert seen["button"]["size"]["height"] > 20
    assert seen["button"]["offset"]["top"] > 20
    assert seen["button"]["colour"].startswith("rgb")
    assert seen["button"]["wxml"].startswith('<button class="go"')
    assert seen["missing"] is None
    assert seen["tapped"] == "pages/play/play"
    assert [c["kind"] for c in seen["components"]] == ["CustomElement"] * 3
    assert [c["data"] for c in seen["components"]] == [660, 1990, 9800]
    assert seen["components"][1]["inner"] == "本剧全集"
    assert seen["across"] == 0  # a page's selector stops at its components
    assert (seen["chosen"], seen["ticked"]) == ("series", False)
    assert (seen["mocked"], seen["heard"]) == ("origin", ["你好"])
    assert seen["info"] == {"mocked": True}
    assert seen["restored"] == SDK
    assert seen["sum"] == 5
    assert seen["scrolled"][1] == 390
    assert seen["picture"] > 5000
