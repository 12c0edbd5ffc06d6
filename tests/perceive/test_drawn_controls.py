"""Controls that only their drawing tells: floats, filled boxes, ticks that are text, rows of an own page."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.agreements import agreement_links
from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.menu_rows import menu_rows
from payaudit.perceive.scene import read_scene
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:16px sans-serif}
.s{position:fixed;left:0;right:0;top:0;height:600px;background:#fff;padding:16px;overflow:auto}
.b{width:340px;height:48px;line-height:48px;border-radius:24px;background:#e6a020;text-align:center}
.k{display:inline-block;width:16px;height:16px;line-height:16px;background:#e6a020;font-size:12px}
.r{border:1px solid #ddd;padding:12px;margin:8px 0} .r b{float:right}
.m{height:48px;line-height:48px;border-bottom:1px solid #eee}
</style><script>document.addEventListener('click', () => 1)</script>"""
CURTAIN = f"""{HEAD}<div class=s>
<div style="float:right;width:80px;height:34px">换一批</div><h2 style="margin:0;height:34px">看到这里</h2>
<div class=r>整剧通<b>59.9元</b></div><div class=r>月度通<b>19.9元</b></div>
<div><b class=k>✓</b> <span>已阅读并同意<u>《用户协议》</u><u>《通行证细目》</u></span></div>
<div class=b>就要这一份</div></div>"""
BULLETS = f"""{HEAD}<div class=s><div class=r>月度通<b>19.9元</b></div>
<div><i class=k style="border-radius:8px">✓</i> <span>全站剧集随便看</span></div>
<div><i class=k style="border-radius:8px">✓</i> <span>高清画质</span></div>
<div><i class=k style="border-radius:8px">✓</i> <span>自动续费，随时可以停</span></div>
<div class=b>就要这一份</div></div>"""
ALONE = f"""{HEAD}<div class=s><div class=r>月度通<b>19.9元</b></div>
<div><i class=k style="border-radius:8px">✓</i> <span>到期自动续费</span></div>
<div class=b>就要这一份</div></div>"""
OWN = f"""{HEAD}<h3>我的</h3><div class=m>会员那些事</div><div class=m>记录一览</div>
<div class=m>有话要说</div><div class=m>退出登录</div><p>仅此一行</p>"""
OFFER = "<section class=r><h4>{0}</h4><p>{1}</p><a class=r href=/{0}>Choose {0}</a></section>"
CUT = f"""{HEAD}<div class=s style="height:330px"><h3>Episode 7</h3>
{OFFER.format("one", "£0.49 · a single payment")}{OFFER.format("monthly", "£3.49 · renews monthly")}
{OFFER.format("yearly", "£59.88 · renews yearly")}</div>"""


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([CURTAIN, BULLETS, ALONE, OWN, CUT]))


def test_what_floats_is_met_before_a_heading_that_comes_after_it(drawn: dict[str, Screen]) -> None:
    floating = [c for c in drawn[CURTAIN].controls if c.label == "换一批"]
    assert [c.reach for c in floating] == ["now"]


def test_a_filled_box_is_the_button_of_a_page_that_listens_further_up(drawn: dict[str, Screen]) -> None:
    scene = read_scene(drawn[CURTAIN], bundled())
    assert [(c.label, c.role, round(c.box[3])) for c in scene.pays] == [("就要这一份", "button", 48)]


def test_a_tick_in_a_square_is_a_box(drawn: dict[str, Screen]) -> None:
    (box,) = consent_boxes(drawn[CURTAIN], bundled())
    assert (box.kind, box.control.state) == ("agreement", True)


def test_a_tick_in_a_list_of_benefits_is_a_bullet(drawn: dict[str, Screen]) -> None:
    assert consent_boxes(drawn[BULLETS], bundled()) == ()
    assert [(b.kind, b.control.state) for b in consent_boxes(drawn[ALONE], bundled())] == [("renewal", True)]


def test_an_agreement_is_what_a_sentence_agrees_to(drawn: dict[str, Screen]) -> None:
    screen = drawn[CURTAIN]
    links = agreement_links(screen, read_scene(screen, bundled()), bundled())
    assert {c.label for c in links} == {"《用户协议》", "《通行证细目》"}


def test_rows_of_an_own_page_that_say_nothing_known(drawn: dict[str, Screen]) -> None:
    assert [c.label for c in menu_rows(drawn[OWN], bundled())] == ["会员那些事", "记录一览", "有话要说"]


def test_offers_below_the_edge_of_their_layer_have_their_buttons(drawn: dict[str, Screen]) -> None:
    cards = read_scene(drawn[CUT], bundled()).cards
    assert [c.button and c.button.label for c in cards] == ["Choose one", "Choose monthly", "Choose yearly"]
