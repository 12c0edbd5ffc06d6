"""Code of a package reaches nothing but by the recorded call; pictures and films come through the guard."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from playwright.async_api import Error

from tests.walk.guard.standin import payment_host
from tests.walk.guard.ways import WAYS, way
from tests.walk.miniprogram.phone import ELSEWHERE, phone, written

pytestmark = [pytest.mark.browser]

# Pictures, films and fonts lie on the package's own servers: they are read, through guard and recording.
_RELAY = "!\x12\xa4B"  # the magic cookie of STUN and TURN, RFC 8489
READ_ONLY = {"image", "image_srcset", "css_url", "font", "video", "svg_use", "track", "favicon"}
PAGE = {
    "pages/a/a.wxml": "<view id='said'>{{said}}</view>",
    "pages/a/a.js": "Page({ data: { said: '' }, onLoad() { this.setData({ said: [typeof window, typeof fetch,"
    " typeof document, typeof XMLHttpRequest, typeof localStorage].join(' ') }); } });",
}


async def test_no_way_out_but_the_call(tmp_path: Path) -> None:
    async with payment_host() as counted, phone(written(tmp_path, PAGE)) as it:
        target = f"http://{ELSEWHERE}:{counted.port}"
        for name in sorted(set(WAYS) - READ_ONLY):
            with contextlib.suppress(Error):
                await it.page.evaluate(way(name, target))
            await asyncio.sleep(0.12)
            assert it.page.url.startswith("http://mp.payaudit.invalid/"), name
        await asyncio.sleep(1)
    # A connection that says nothing carries nothing; a frame of the page's own may show a picture.
    # A relay's greeting still gets out where a script of the page, which a package's is not, opens WebRTC.
    said = [n for n in counted.lines if n and n.split()[1:2] != ["/srcdoc"] and _RELAY not in n]
    assert said == [], [line[:40] for line in said]


async def test_a_picture_is_read_and_recorded(tmp_path: Path) -> None:
    async with payment_host() as counted, phone(written(tmp_path, PAGE)) as it:
        url = f"http://{ELSEWHERE}:{counted.port}/cover.png"
        await it.page.evaluate(f"new Image().src = '{url}'")
        await asyncio.sleep(1)
        assert counted.reached == 1
        assert url in {e.url for e in it.exchanges}


async def test_scripts_do_not_see_the_browser(tmp_path: Path) -> None:
    async with phone(written(tmp_path, PAGE)) as it:
        assert await it.page.inner_text("#said") == " ".join(["undefined"] * 5)


async def test_files_of_the_machine_are_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("not of the package")
    package = written(tmp_path / "package", PAGE)
    (package / "link.txt").symlink_to(tmp_path / "secret.txt")
    asked = (
        "async (u) => { try { const r = await fetch(u); return [r.status, await r.text()]; }"
        " catch { return null; } }"
    )
    async with phone(package) as it:
        for url in ("file:///etc/hostname", "/../secret.txt", "/%2e%2e/secret.txt", "/link.txt"):
            answer = await it.page.evaluate(asked, url)
            assert answer is None or answer == [404, "not in the package"], url


async def test_only_an_announced_frame_opens(tmp_path: Path) -> None:
    async with payment_host() as counted:
        there = f"http://{ELSEWHERE}:{counted.port}/h5"
        page = {"pages/a/a.wxml": f"<web-view src='{there}' />", "pages/a/a.js": "Page({})"}
        async with phone(written(tmp_path, page)) as it:
            assert await it.comes("host_call", name="web-view")
            await asyncio.sleep(0.5)
            assert [line.split()[1] for line in counted.lines] == ["/h5"]
            await it.page.evaluate(
                "document.body.append(Object.assign(document.createElement('iframe'),"
                " { src: 'http://nobody.example/' }))"
            )
            assert await it.comes("blocked", reason="a frame that no web-view announced")
