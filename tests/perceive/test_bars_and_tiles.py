"""High bars under a list, boxes hidden behind their labels, tiles over one button, drawers and tab bars."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.grid import episode_grid
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.naming import offer_name
from payaudit.perceive.scene import read_scene
from payaudit.perceive.screen import Screen
from payaudit.perceive.tab_bar import tab_bar
from tests.perceive.drawn import screens

BASE = "<!doctype html><meta charset=utf-8><style>*{box-sizing:border-box}body{margin:0;font:16px sans-serif}"
STORE = (
    BASE
    + """.p{position:fixed;inset:0;background:#111;color:#fff;overflow:auto;padding:16px 16px 300px}
.o{border:2px solid #555;border-radius:12px;padding:16px;margin:12px 0;height:110px}
.f{position:fixed;left:0;right:0;bottom:0;background:#222;padding:16px}
.f button{display:block;width:100%;height:48px;margin:8px 0;background:#e11d48;color:#fff;border:0}
</style><p>10 episodes free</p><p>Home</p>
<div class=p><h2>Store</h2>
<div role=radio aria-checked=true class=o><b>Weekly VIP</b><div>3 days for $0.99</div></div>
<div role=radio aria-checked=false class=o><b>Yearly VIP</b><div>$199.99/year</div></div>
<div role=radio aria-checked=false class=o><b>500 coins</b><div>$4.99</div></div>
<div role=radio aria-checked=false class=o><b>1,000 coins</b><div>$9.99</div></div>
<div class=f><button>Start trial · $0.99</button><button>PayPal</button><button>Pay</button>
<small>By continuing you agree to our Terms</small></div></div>"""
)
HIDDEN_RADIOS = (
    BASE
    + """.r{position:absolute;clip:rect(0,0,0,0);pointer-events:none}
.l{display:block;border:2px solid #ccc;border-radius:8px;padding:16px;margin:12px;cursor:pointer}
button{width:90%;height:48px;margin:12px;background:#c00;color:#fff}</style>
<input type=radio class=r id=a name=p><label class=l for=a>VIP month<br><b>$9.99</b></label>
<input type=radio class=r id=b name=p><label class=l for=b>VIP year<br><b>$59.99</b></label>
<button>Continue</button>"""
)
TILES = (
    BASE
    + """.g{display:grid;grid-template-columns:1fr 1fr;gap:12px;padding:12px}
.w>div{border:1px solid #ccc;height:110px;cursor:pointer;padding:20px}
.b{position:fixed;left:10px;right:10px;bottom:10px;height:48px;background:#e60606;color:#fff;text-align:center}
</style><p>余额：0金币</p><div class=g>
<div class=w><div onclick=1>¥2<p>200金币</p></div></div>
<div class=w><div onclick=1>¥9.9<p>990+送200</p></div></div>
<div class=w><div onclick=1>¥19.9<p>解锁观看全站1天</p></div></div>
<div class=w><div onclick=1>¥30<p>解锁观看全站2天</p></div></div></div>
<div role=button class=b onclick=1>¥2</div>"""
)
BARE = (
    BASE
    + """.t{border:1px solid #ccc;height:90px;margin:10px;padding:16px;cursor:pointer}</style>
<h3>支持作者创作，解锁后继续观看</h3>
<div class=t onclick=1>9.90元<br>990积分</div><div class=t onclick=1>29.90元<br>2990积分</div>
<div class=t onclick=1>39.90/月<br>全站短剧免费看<br>开通会员</div>"""
)
FEW = (
    BASE
    + """a{display:inline-block;width:90px;height:60px;margin:8px;background:#fee}</style><h3>全部选集</h3>
<a href=#1>1<br>可看</a><a href=#2>2<br>锁定</a><a href=#3>3<br>锁定</a>"""
)
APP = (
    BASE
    + """nav{position:fixed;left:0;right:0;bottom:0;display:flex;height:52px;border-top:1px solid #ccc}
nav a{flex:1;text-align:center}</style><p>福利</p>
<nav><a href=/a>福利</a><a href=/b>剧场</a><a href=/c>我的</a></nav>"""
)


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([STORE, HIDDEN_RADIOS, TILES, BARE, FEW, APP]))


def sold(screen: Screen) -> list[str]:
    return [offer_name(card, bundled()) for card in read_scene(screen, bundled()).cards]


@pytest.mark.browser
def test_a_high_bar_with_three_ways_to_pay_is_no_layer(drawn: dict[str, Screen]) -> None:
    assert sold(drawn[STORE]) == ["Weekly VIP", "Yearly VIP", "500 coins", "1,000 coins"]


@pytest.mark.browser
def test_a_box_hidden_behind_a_drawing_is_pressed_by_its_label(drawn: dict[str, Screen]) -> None:
    radios = [c for c in drawn[HIDDEN_RADIOS].controls if c.role == "radio"]
    assert [c.tap is not None and c.box[3] < 20 for c in radios] == [True, True]


@pytest.mark.browser
def test_tiles_in_wrappers_are_chosen_and_the_button_below_pays(drawn: dict[str, Screen]) -> None:
    scene = read_scene(drawn[TILES], bundled())
    assert [card.button for card in scene.cards] == [None] * 4
    assert scene.pays[0].label == "¥2"
    assert [int(p.amount.coins) for p in scene.cards[1].placed if p.amount.coins] == [990, 200]


@pytest.mark.browser
def test_a_price_without_a_sign_is_in_the_currency_around_it(drawn: dict[str, Screen]) -> None:
    last = read_scene(drawn[BARE], bundled()).cards[-1]
    assert last.main is not None
    assert str(last.main.amount.money) == "CNY 39.90"
    assert last.main.amount.per == "month"


@pytest.mark.browser
def test_two_or_three_episodes_that_tell_their_locks_are_a_list(drawn: dict[str, Screen]) -> None:
    assert [cell.number for cell in episode_grid(drawn[FEW])] == [1, 2, 3]


@pytest.mark.browser
def test_the_bar_of_an_app_is_known_by_its_place(drawn: dict[str, Screen]) -> None:
    assert [c.label for c in tab_bar(drawn[APP])] == ["福利", "剧场", "我的"]
    assert not tab_bar(drawn[TILES])
