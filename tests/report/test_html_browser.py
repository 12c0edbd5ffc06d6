"""report.html in a real browser: hostile content, accessibility, phones, no scripts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from tests.report.html_worlds import BOX, bad_page

pytestmark = [pytest.mark.browser]

AXE = Path(__file__).parents[2] / "fixtures/kits/node_modules/axe-core/axe.min.js"
CANARY = "globalThis.canary = 1"
ATTACKS = (
    f"<script>{CANARY}</script><img src=x onerror='{CANARY}'><svg onload='{CANARY}'>",
    f"\"'><script>{CANARY}</script><a href='javascript:{CANARY}'>x</a>",
    f"</style></script></title></textarea>--><script>{CANARY}</script>",
    "{{ 7 * 7 }}{% raw %}${7*7}<%= 7*7 %>",
    "取消\u202e费续\u202c \u2066隐\u2069藏\u200b\u2060\ufeff字\x00\x08",
    '=HYPERLINK("http://x.example","点")',
    "长" * 1_000_000,
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.path, args=launch_args(found), chromium_sandbox=can_sandbox(found)
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "report.html").write_bytes(bad_page(folder).html())
    return folder / "report.html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every word of the page is an attack; which one goes round."""
    folder, turn = tmp_path_factory.mktemp("hostile"), iter(range(10**6))

    def text(_: str) -> str:
        return ATTACKS[next(turn) % len(ATTACKS)]

    (folder / "report.html").write_bytes(bad_page(folder, text).html())
    return folder / "report.html"


def opened(browser: Browser, path: Path, **options: Any) -> Page:  # noqa: ANN401 - what a context can be told
    """The page, with what it asked for and complained of in ``page.asked`` and ``page.said``."""
    page = browser.new_context(
        **{"locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options
    ).new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.said = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.said.append(str(error)))  # type: ignore[attr-defined]
    page.goto(path.as_uri())
    return page


def asked(page: Page) -> list[str]:
    """What went further than the file and its own pictures."""
    return [url for url in page.asked if not url.startswith(("file:", "data:"))]  # type: ignore[attr-defined]


def test_hostile_content_is_text_and_nothing_else(browser: Browser, hostile: Path) -> None:
    page = opened(browser, hostile)
    assert page.evaluate("typeof globalThis.canary") == "undefined"
    assert page.evaluate("document.scripts.length") == 1
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, object, embed, form, base, link').length") == 0
    )
    assert page.evaluate(
        "[...document.querySelectorAll('a')].every(a => a.getAttribute('href').startsWith('#'))"
    )
    assert asked(page) == []
    assert page.said == []  # type: ignore[attr-defined]
    text = page.inner_text("body")
    assert f"<script>{CANARY}</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert "取消[U+202E]费续[U+202C]" in text
    assert "藏[U+200B][U+2060][U+FEFF]字[U+0000][U+0008]" in text
    assert not set(text) & set("\u202e\u2066\u200b\u2060\ufeff")
    assert "… [+" in text
    assert hostile.stat().st_size < 5_000_000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_its_policy_the_page_is_as_harmless(browser: Browser, hostile: Path, tmp_path: Path) -> None:
    html = hostile.read_text("utf-8")
    bare = tmp_path / "bare.html"
    bare.write_text(html.replace("Content-Security-Policy", "x-nothing"), "utf-8")
    page = opened(browser, bare)
    page.wait_for_timeout(200)
    assert page.evaluate("typeof globalThis.canary") == "undefined"
    # That the canary sings at all: the same attack, not escaped.
    bare.write_text(f"<body>{ATTACKS[0]}", "utf-8")
    page.goto(bare.as_uri())
    page.wait_for_timeout(200)
    assert page.evaluate("globalThis.canary") == 1


def test_the_policy_stops_a_script_that_got_in(browser: Browser, bad: Path, tmp_path: Path) -> None:
    html = bad.read_text("utf-8")
    pierced = tmp_path / "pierced.html"
    attack = (
        ATTACKS[0]
        + "<img src='http://127.0.0.1:9/pixel'><link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
    )
    pierced.write_text(html.replace("<main", attack + "<main", 1), "utf-8")
    page = opened(browser, pierced)
    page.wait_for_timeout(200)
    assert page.evaluate("typeof globalThis.canary") == "undefined"
    assert len(page.said) >= 3  # type: ignore[attr-defined] # each breach is reported


@pytest.mark.parametrize("which", ["bad", "hostile"])
@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 1280), ("en-GB", 390)])
def test_axe_finds_nothing_serious(
    browser: Browser, request: pytest.FixtureRequest, which: str, locale: str, width: int
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not there; scripts/kits.sh fetches it")
    page = opened(
        browser, request.getfixturevalue(which), locale=locale, viewport={"width": width, "height": 844}
    )
    cdp = page.context.new_cdp_session(page)
    cdp.send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.add_style_tag(
        content="* { content-visibility: visible !important }"
    )  # else it sees the first screen only
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [
        f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary'][:200]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert grave == []


@pytest.mark.parametrize("scripts", ["with", "without"])
def test_the_language_can_be_changed_with_and_without_scripts(
    browser: Browser, bad: Path, scripts: str
) -> None:
    page = opened(browser, bad, java_script_enabled=scripts == "with", locale="zh-CN")
    title = page.locator("#summary-title")
    assert title.inner_text() == "一分钟概览"
    page.get_by_text("English", exact=True).click()
    assert title.inner_text() == "In a minute"
    assert page.get_by_text("Several layers in the way of leaving").first.is_visible()
    page.get_by_text("中文", exact=True).click()
    assert title.inner_text() == "一分钟概览"


def test_it_fits_a_phone_and_the_mark_lies_on_what_it_marks(browser: Browser, bad: Path) -> None:
    page = opened(browser, bad, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for selector in (".cut svg", ".whole svg"):
        drawn = page.locator(f"article.finding {selector}").first
        view = [float(n) for n in (drawn.get_attribute("viewBox") or "").split()]
        outer, mark = drawn.bounding_box(), drawn.locator(".mark").bounding_box()
        assert outer is not None
        assert mark is not None
        scale = outer["width"] / view[2]
        assert mark["x"] + mark["width"] / 2 == pytest.approx(
            outer["x"] + (BOX.x + BOX.width / 2 - view[0]) * scale, abs=2
        )
        assert mark["y"] + mark["height"] / 2 == pytest.approx(
            outer["y"] + (BOX.y + BOX.height / 2 - view[1]) * scale, abs=2
        )


def test_the_picture_under_the_mark_is_the_marked_thing(browser: Browser, bad: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - here alone

    page = opened(browser, bad)
    shot = page.locator("article.finding .cut svg").first.screenshot()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    view = page.locator("article.finding .cut svg").first.get_attribute("viewBox") or ""
    left, top, width, _ = map(float, view.split())
    scale = image.width / width
    inside = image.getpixel((round((BOX.x + 90 - left) * scale), round((BOX.y + 20 - top) * scale)))
    outside = image.getpixel((round((BOX.x + 250 - left) * scale), round((BOX.y + 20 - top) * scale)))
    assert isinstance(inside, tuple)
    assert isinstance(outside, tuple)
    assert inside[1] > 120 > inside[0]  # the green box of the screenshot
    assert min(outside) > 180


def test_a_step_is_enlarged_by_its_link_and_put_back(browser: Browser, bad: Path) -> None:
    page = opened(browser, bad)
    step = page.locator("#step-1-2")
    small = step.bounding_box()
    page.locator("#step-1-2 .open").click()
    large = step.bounding_box()
    assert small is not None
    assert large is not None
    assert large["width"] > 2 * small["width"]
    page.keyboard.press("Escape")
    assert page.url.endswith("#run-1")
