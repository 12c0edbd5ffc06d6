"""Paywalls in shapes that real ones have: what pays, what is chosen, what is neither."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.naming import offer_name
from payaudit.perceive.scene import Scene, read_scene
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

STYLE = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:16px sans-serif}
.s{position:fixed;left:0;right:0;bottom:0;height:560px;background:#fff;padding:16px;box-sizing:border-box}
.r{display:block;box-sizing:border-box;width:100%;height:64px;margin:6px 0;border:1px solid #ccc}
.p{display:block;width:100%;height:50px;background:#e02020;color:#fff;border:0}
.w{width:250px} .f{font-size:12px;display:flex;gap:12px} i{font-style:normal}
.b{display:inline-block;width:18px;height:18px;border:1px solid #888;font-size:12px;line-height:18px}
</style><p>第 1 集</p>"""

TILES = f"""{STYLE}<div class=s><h3>余额不足</h3>
<button class=r>80看点 ¥0.80</button><button class=r>800看点 ¥8.00</button>
<button class=p>请选择</button></div>"""
CHOSEN = TILES.replace("请选择", "确认支付 ¥8.00")
NAMED = f"""{STYLE}<div class=s><h3>第13集为付费内容</h3>
<button class=r>本剧买断 28元</button><button class=r>30天会员，到期不自动续费，全站剧集随便看 19.9元</button>
<button class=p>支付宝支付 28元</button></div>"""
TOTAL = f"""{STYLE}<div class=s><h3>8화부터는 유료예요</h3>
<label class=r><input type=radio name=a checked>월 정기이용권 ₩9,900</label>
<label class=r><input type=radio name=a>1회 이용권 ₩590</label>
<label class=r><input type=checkbox checked>광고 제거 30일 +₩1,900</label>
<button class=p>₩11,800 결제하기</button></div>"""
WEEKLY = f"""{STYLE}<div class=s><h3>Continue no episódio 9</h3>
<button class=r><b style="font-size:30px">R$ 2,31/semana</b><br>Plano anual R$ 119,90 cobrados hoje</button>
<button class=r><b>R$ 29,90</b> Plano mensal</button><button class=p>Pagar</button></div>"""
FOOT = f"""{STYLE}<h2>Menantu Miskin</h2><p>Episode 9–72 masing-masing 70 koin.</p>
<div class=f><a href=/a>Ketentuan Layanan</a><a href=/b>Paket Langganan</a><a href=/c>Privasi</a></div>"""
REMARK = f"""{STYLE}<div class=s><h3>第 10 集起為付費內容</h3>
<p>第 10 集 NT$3・第 10–66 集共 57 集，全部買下 NT$171</p>
<button class=r>30 天通行證 NT$99</button>
<p>活動至 2027/01/31，結束後恢復 NT$396，見價格紀錄。</p><button class=p>付款 NT$99</button></div>"""
TICKS = f"""{STYLE}<div class=s><h3>解锁第9集 9.9元</h3>
<div class=r onclick="1"><i class=b style="background:#e02020;color:#fff">✓</i> 自动解锁下一集</div>
<div class=r onclick="1"><i class=b style="color:#fff">✓</i> 余额足够自动购买</div>
<button class=p>立即支付</button></div>"""
FINGERS = f"""{STYLE}<div class=s><h3>解锁</h3>
<div class=r id=a>月卡 19.9元</div><div class=r id=b>周卡 9.9元</div>
<div class=p id=c>确认支付</div></div>
<script>for (const n of 'abc') document.getElementById(n).addEventListener('touchend', () => 1)</script>"""

TERMS = f"""{STYLE}<div class=s><h3>Desbloquear el episodio 9</h3><p>4,99 €</p>
<button class=p>Aceptar condiciones y pagar</button></div>"""

DIAL = f"""{STYLE}<style>.h{{position:absolute;opacity:0}}</style><h3>第13集付费，选一种看法</h3>
<input class=h type=radio name=w id=w1><label class=r for=w1>只看本集 ¥0.50</label>
<input class=h type=radio name=w id=w2><label class=r for=w2>整部买断 ¥29.90</label><p>还没选</p>"""
ADDED = f"""{STYLE}<h2>Order summary</h2><div class=f><b class=w>Trial Pass, 3 days</b>$0.99</div>
<div class=f><label class=w><input type=checkbox checked>Behind-the-Scenes Extras</label>$2.99</div>
<div class=f><b class=w>Total due today</b>$3.98</div><button class=p>Pay $3.98 with PayPal</button>"""

STACKED = f"""{STYLE}<div class=s><dl><dt>Un episodio<dd style="font-size:28px">0,49 €
<dd>Tutti uguali: 50 episodi, 24,50 € in tutto.<dd><button class=p>Scegli un episodio</button>
<dt>Al mese<dd style="font-size:28px">6,99 €<dd>Si rinnova ogni mese
<dd><button class=p>Scegli abbonamento</button>
</dl></div>"""
BEHIND = f"""{STYLE}<style>.z{{display:flex}}.z::after{{content:" €"}}</style><div class=s>
<div class=r><div class=z><b>0</b><sup>,49</sup></div><button class=p>Acquista</button></div></div>"""
BELOW = f"""{STYLE}<div class=s><h3>選擇方案</h3>
<label class=r style="height:110px"><input type=radio name=p><span>月訂閱（自動續訂）<br>
<strong>首月 NT$99</strong><br><strong>第 2 個月起每月 NT$199 自動續訂</strong></span></label>
<label class=r><input type=radio name=p><span>90 天方案<br>NT$399</span></label>
<button class=p>下一步</button></div>"""
LINKED = f"""{STYLE}<div class=s><h3>解锁第9集 9.9元</h3>
<div style="display:flex;font-size:14px"><label><input type=checkbox checked>已阅读并同意</label>
<a href=/a>《付费服务协议》</a><a href=/b>《自动续费协议》</a></div><button class=p>立即支付</button></div>"""
FREE = f"""{STYLE}<div class=s><h3>Unlock every episode</h3>
<button class=r style="height:90px"><b>7 days free</b><br>Then $9.99/week</button>
<button class=r><b>Yearly</b> $79.99</button><p>Your 7-day free trial turns into $9.99/week.</p>
<button class=p>Continue</button></div>"""
LISTED = STYLE + "".join(
    f"<button class=r>Tập {n} {'Miễn phí' if n < 4 else '50 xu'}</button>" for n in range(1, 8)
)

Drawn = tuple[Screen, Scene]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Drawn]:
    pages = (TILES, CHOSEN, NAMED, TOTAL, WEEKLY, FOOT, REMARK, TICKS, FINGERS, TERMS)
    pages += (STACKED, BEHIND, BELOW, LINKED, LISTED, FREE, DIAL, ADDED)
    found = asyncio.run(screens(pages))
    return {page: (screen, read_scene(screen, bundled())) for page, screen in found.items()}


def called(one: Drawn) -> list[str]:
    return [offer_name(card, bundled()) for card in one[1].cards]


def pays(one: Drawn) -> list[str]:
    return [c.label for c in one[1].pays]


def prices(one: Drawn) -> list[Decimal]:
    return [c.main.amount.money.amount for c in one[1].cards if c.main and c.main.amount.money]


@pytest.mark.browser
class TestWhatPays:
    def test_prices_in_a_row_are_chosen_where_a_button_waits(self, drawn: dict[str, Drawn]) -> None:
        assert pays(drawn[TILES]) == ["请选择"]
        assert prices(drawn[TILES]) == [Decimal("0.80"), Decimal("8.00")]

    def test_and_where_it_names_the_chosen_one(self, drawn: dict[str, Drawn]) -> None:
        assert pays(drawn[CHOSEN]) == ["确认支付 ¥8.00"]

    def test_a_choice_that_is_named_by_buying(self, drawn: dict[str, Drawn]) -> None:
        assert pays(drawn[NAMED]) == ["支付宝支付 28元"]
        assert prices(drawn[NAMED]) == [Decimal(28), Decimal("19.9")]

    def test_a_button_that_adds_what_is_ticked(self, drawn: dict[str, Drawn]) -> None:
        assert prices(drawn[TOTAL]) == [Decimal(9900), Decimal(590)]

    def test_a_button_that_accepts_and_pays(self, drawn: dict[str, Drawn]) -> None:
        assert pays(drawn[TERMS]) == ["Aceptar condiciones y pagar"]

    def test_links_at_the_foot(self, drawn: dict[str, Drawn]) -> None:
        assert pays(drawn[FOOT]) == []
        assert drawn[FOOT][1].kind == "other"


@pytest.mark.browser
class TestWhatItCosts:
    def test_a_weekly_figure_of_a_yearly_price(self, drawn: dict[str, Drawn]) -> None:
        assert prices(drawn[WEEKLY]) == [Decimal("119.90"), Decimal("29.90")]

    def test_offers_written_one_under_another(self, drawn: dict[str, Drawn]) -> None:
        assert prices(drawn[STACKED]) == [Decimal("0.49"), Decimal("6.99")]
        assert called(drawn[STACKED]) == ["Un episodio", "Al mese"]
        buttons = [c.button.label for c in drawn[STACKED][1].cards if c.button]
        assert buttons == ["Scegli un episodio", "Scegli abbonamento"]
        assert drawn[STACKED][1].kind == "paywall"

    def test_a_trial_for_nothing_is_an_offer(self, drawn: dict[str, Drawn]) -> None:
        assert sorted(prices(drawn[FREE])) == [Decimal("9.99"), Decimal("79.99")]
        assert sorted(called(drawn[FREE])) == ["7 days free", "Yearly"]

    def test_a_sign_drawn_behind_the_figures(self, drawn: dict[str, Drawn]) -> None:
        assert prices(drawn[BEHIND]) == [Decimal("0.49")]

    def test_a_name_over_its_prices_in_one_caption(self, drawn: dict[str, Drawn]) -> None:
        assert called(drawn[BELOW]) == ["月訂閱（自動續訂）", "90 天方案"]
        assert [p.role for p in drawn[BELOW][1].cards[0].placed] == ["first", "renewal"]

    def test_episodes_with_prices_are_a_list(self, drawn: dict[str, Drawn]) -> None:
        screen, scene = drawn[LISTED]
        assert [c.number for c in episode_grid(screen)] == list(range(1, 8))
        assert scene.kind == "other"

    def test_a_remark_is_no_offer(self, drawn: dict[str, Drawn]) -> None:
        assert prices(drawn[REMARK]) == [Decimal(99)]


@pytest.mark.browser
class TestWhatAsks:
    def test_ticks_drawn_by_hand(self, drawn: dict[str, Drawn]) -> None:
        boxes = consent_boxes(drawn[TICKS][0], bundled())
        assert [(b.kind, b.control.state) for b in boxes] == [("autobuy", True), ("autobuy", False)]

    def test_a_tick_agrees_to_the_links_behind_it(self, drawn: dict[str, Drawn]) -> None:
        boxes = consent_boxes(drawn[LINKED][0], bundled())
        assert [(b.kind, b.label) for b in boxes] == [
            ("renewal", "已阅读并同意《付费服务协议》《自动续费协议》")
        ]

    def test_a_tick_adds_what_its_row_costs(self, drawn: dict[str, Drawn]) -> None:
        boxes = consent_boxes(drawn[ADDED][0], bundled())
        assert [(b.kind, b.label, b.control.state) for b in boxes] == [
            ("addon", "Behind-the-Scenes Extras $2.99", True)
        ]

    def test_prices_to_be_chosen_before_a_button_comes(self, drawn: dict[str, Drawn]) -> None:
        scene = drawn[DIAL][1]
        assert (scene.kind, len(scene.cards), scene.pays) == ("paywall", 2, ())

    def test_who_listens_for_fingers_alone(self, drawn: dict[str, Drawn]) -> None:
        screen, scene = drawn[FINGERS]
        strong = [c.label for c in screen.reachable if c.strong]
        assert strong == ["月卡 19.9元", "周卡 9.9元", "确认支付"]
        assert scene.kind == "paywall"
