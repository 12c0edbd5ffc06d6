"""Pages that listen on the document alone: nothing on a card, tick or link says that it can be pressed."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.agreements import agreement_links
from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.intents import best
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.naming import offer_name
from payaudit.perceive.scene import read_scene
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

HEAD = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:16px sans-serif}
.s{position:fixed;left:0;right:0;bottom:0;height:520px;background:#fff;padding:16px}
.g{display:grid;grid-template-columns:1fr 1fr;gap:8px}.g p{margin:0}.g div{border:2px solid #eee;height:84px}
.g .k{border-color:#e8323c;background:#fff4f3}
.x{position:absolute;top:10px;right:10px;width:20px;height:20px;background:url(data:image/gif;base64,R0lGODlhAQABAAAAACw=)}
.t{display:inline-block;width:16px;height:16px;background:url(data:image/gif;base64,R0lGODlhAQABAAAAACw=)}
.p{height:48px;background:#0a0;color:#fff;text-align:center} u{color:#47b;text-decoration:none}
</style><script>document.addEventListener('click', () => 1)</script><p>正在播放 第 11 集</p>
<div style="height:420px"></div><p>下一集预告</p><p>猜你喜欢</p>"""
CARDS = """<div class=g><div class={0}><b>连续包月会员</b><p>¥9.9</div><div><b>全集畅看卡</b><p>¥39.9</div>
<div><b>2990剧豆</b><p>¥29.9</div><div><b>990剧豆</b><p>¥9.9</div></div>"""
SHEET = f"""{HEAD}<div class=s><div><b>第11集需88剧豆</b> 余额0剧豆</div>
<div class=x></div>{CARDS.format("k")}
<div>应付：¥9.9（连续包月会员）</div><div class=p>微信支付</div>
<div style="display:flex"><i class=t></i><span>我已阅读并同意</span
><u>《充值协议》</u><u>《自动续费服务协议》</u></div>
<div style="font-size:10px">首月9.9元，次月起按49元/月自动续费</div></div>"""
ENGLISH = f"""{HEAD}<div class=s>{CARDS.format("")}<div class=p>Pay now</div>
<div>By paying you agree to our <u>Terms of Service</u> and <u>Privacy Policy</u>.</div></div>"""


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([SHEET, ENGLISH]))


@pytest.mark.browser
def test_heads_and_sums_around_the_cards_are_no_offers(drawn: dict[str, Screen]) -> None:
    scene = read_scene(drawn[SHEET], bundled())
    assert scene.kind == "paywall"
    names = [offer_name(card, bundled()) for card in scene.cards]
    assert names == ["连续包月会员", "全集畅看卡", "2990剧豆", "990剧豆"]


@pytest.mark.browser
def test_the_card_drawn_otherwise_stands_chosen(drawn: dict[str, Screen]) -> None:
    assert [card.chosen for card in read_scene(drawn[SHEET], bundled()).cards] == [True, False, False, False]
    assert not any(card.chosen for card in read_scene(drawn[ENGLISH], bundled()).cards)


@pytest.mark.browser
def test_a_mark_in_the_corner_closes_whatever_stands_beside_it(drawn: dict[str, Screen]) -> None:
    found = best("close", drawn[SHEET], bundled())
    assert [control.words.strip() for control, _ in found] == ["x"]


@pytest.mark.browser
def test_a_mark_before_i_agree_is_a_tick(drawn: dict[str, Screen]) -> None:
    (box,) = consent_boxes(drawn[SHEET], bundled())
    assert (box.kind, box.control.state) == ("renewal", None)
    assert box.label.replace(" ", "") == "我已阅读并同意《充值协议》《自动续费服务协议》"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "titles"),
    [(SHEET, {"《充值协议》", "《自动续费服务协议》"}), (ENGLISH, {"Terms of Service", "Privacy Policy"})],
)
def test_each_agreement_in_a_sentence_can_be_pressed(
    page: str, titles: set[str], drawn: dict[str, Screen]
) -> None:
    screen = drawn[page]
    links = agreement_links(screen, read_scene(screen, bundled()), bundled())
    assert titles <= {link.label for link in links}
