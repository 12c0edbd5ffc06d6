"""A page as the protocol tells it becomes a screen: markup, places, guesses of what is pressed, questions."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from payaudit.perceive.screen import Screen, build
from payaudit.perceive.style import STYLES
from payaudit.walk.devtools.columns import Made, View, plain, with_style
from payaudit.walk.devtools.modal import LEAVE, Modal, modal_of
from payaudit.walk.devtools.placed import MORE, Placed, matched
from payaudit.walk.devtools.presses import guessed, named
from payaudit.walk.devtools.raw import snapshot_of
from payaudit.walk.devtools.wxml import Part, read_wxml

SHOP = (
    '<page><view class="head">解锁全集</view>'
    '<view class="plan on"><view class="name">月卡</view><view class="price">¥9.9</view></view>'
    '<view class="plan"><view class="name">年卡</view><view class="price">¥98</view></view>'
    '<button class="pay">立即支付</button><view class="wrap"><text class="no">暂不</text></view>'
    "<view>购买后不予退款。</view></page>"
)


def laid(parts: list[Part], styles: Mapping[str, tuple[str, ...]] | None = None) -> dict[int, Placed]:
    """Each element below the one before, 300 by 40; ``styles`` by class."""
    made = {}
    for i, part in enumerate(parts):
        if part.tag and part.tag != "page":
            looks = (styles or {}).get(part.attrs.get("class", ""), plain("block"))
            more = tuple({"z-index": "auto", "text-align": "left"}.get(name, "0px") for name in MORE)
            handle = {"elementId": f"e{i}", "pageId": 1}
            made[i] = Placed(handle, part.tag, 10.0, 40.0 * len(made), 300.0, 40.0, looks, more)
    return made


def shown(wxml: str, modal: Modal | None = None) -> tuple[Screen, Made]:
    parts = read_wxml(wxml)
    made = snapshot_of(
        parts,
        laid(parts),
        View(390, 800),
        url="https://wx1.weapp.invalid/a",
        title="",
        modal=modal,
        numbers={},
    )
    return build(json.loads(made.snapshot)), made


def test_an_inner_input_has_no_end_of_its_own() -> None:
    parts = read_wxml(
        '<page><input class="o"><div><input type="text"></div></input><view>a &amp; b</view></page>'
    )
    assert [(p.tag, p.parent) for p in parts] == [
        ("page", -1), ("input", 0), ("div", 1), ("input", 2), ("view", 0), ("", 4),
    ]  # fmt: skip
    assert parts[-1].text == "a & b"


def test_what_its_markup_hides_is_no_text() -> None:
    screen, _ = shown('<page><view style="display: none"><text>¥1</text></view><view>¥2</view></page>')
    assert [t.text for t in screen.texts] == ["¥2"]


def test_items_and_captions_are_tried_and_what_is_to_be_read_is_not() -> None:
    parts = read_wxml(SHOP)
    found = guessed(parts, laid(parts))
    assert [parts[i].attrs.get("class") for i in sorted(found)] == ["plan on", "plan", "wrap"]


def test_markup_that_names_its_handlers_is_believed() -> None:
    parts = read_wxml('<page><view bindtap="go"><text>去</text></view><view catch:tap="no">不</view></page>')
    assert [parts[i].text or parts[i].tag for i in sorted(named(parts))] == ["view", "view"]


def test_a_screen_comes_of_it() -> None:
    screen, made = shown(SHOP)
    labels = {c.label: c for c in screen.controls if c.strong}
    assert {"月卡 ¥9.9", "年卡 ¥98", "立即支付", "暂不"} <= set(labels)
    handle = made.handles[labels["立即支付"].node]
    assert isinstance(handle, dict)
    assert handle["elementId"].startswith("e")


def test_what_lies_over_the_page_covers_it() -> None:
    parts = read_wxml('<page><view class="under">¥1</view><view class="over">x</view></page>')
    white = with_style(plain("block"), "background-color", "rgb(255, 255, 255)")
    over = with_style(white, "position", "fixed")
    places = laid(parts, {"over": over})
    under = next(i for i, p in enumerate(parts) if p.attrs.get("class") == "under")
    lifted = next(i for i, p in enumerate(parts) if p.attrs.get("class") == "over")
    at = places[under]
    places[lifted] = Placed(
        places[lifted].handle, "view", at.left, at.top, at.width, at.height, over, ("5", *at.more[1:])
    )
    made = snapshot_of(parts, places, View(390, 800), url="https://a.weapp.invalid/", title="", numbers={})
    sights = {t.text: t.sight for t in build(json.loads(made.snapshot)).texts}
    assert sights == {"¥1": "covered", "x": "visible"}


def test_elements_find_their_markup_where_lists_differ() -> None:
    parts = read_wxml('<page><view class="a"/><span>raw</span><text class="b"/><view class="c"/></page>')
    found: list[Placed | None] = [p for i, p in laid(parts).items() if parts[i].tag != "span"]
    pairs = matched(parts, found, ["a", "b", "c"])
    assert [parts[i].attrs["class"] for i in pairs] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("kind", "told", "answers"),
    [
        ("showModal", {"title": "锁"}, [("取消", LEAVE), ("确定", 1)]),
        ("showModal", {"title": "锁", "showCancel": False, "confirmText": "好"}, [("好", 1)]),
        ("showActionSheet", {"itemList": ["月", "年"]}, [("月", 0), ("年", 1), ("取消", LEAVE)]),
    ],
)
def test_a_question_of_the_host(kind: str, told: dict[str, object], answers: list[tuple[str, int]]) -> None:
    screen, made = shown(SHOP, modal_of("q", kind, told))
    assert screen.overlay is not None
    assert [(c.label, made.handles[c.node]) for c in screen.reachable if c.strong] == answers


def test_looks_are_asked_in_the_order_of_a_snapshot() -> None:
    assert len(plain("block")) == len(STYLES)
