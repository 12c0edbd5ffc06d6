"""An order summed up before it is paid, and prices to choose from that happen to add up."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from payaudit.perceive.bill import Bill, bill_of
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.naming import offer_name
from payaudit.perceive.pay_controls import pay_controls
from payaudit.perceive.scene import read_scene
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

HEAD = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:16px sans-serif;padding:16px}
.r{display:flex;justify-content:space-between;margin:8px 0} button{display:block;width:100%;height:48px}
.c{height:60px;border:1px solid #999}</style><h2>Order</h2>"""


def rows(*pairs: tuple[str, str]) -> str:
    return "".join(f"<div class=r><span>{name}</span><span>{price}</span></div>" for name, price in pairs)


FEE = HEAD + rows(("VIP Mingguan", "Rp9.900"), ("Biaya layanan", "Rp2.500"), ("Total", "Rp12.400"))
FEE += "<button>Bayar Rp12.400</button>"
TRIAL = HEAD + rows(("Annual plan", "£0.00"), ("Priority Streaming", "£1.99"), ("Due today", "£1.99"))
TRIAL += "<button>Continue</button>"
THREE = (
    HEAD + rows(("月卡", "¥20"), ("手续费", "¥1"), ("税", "¥2"), ("合计", "¥23")) + "<button>确认</button>"
)
BILLS = {FEE: "9900", TRIAL: "0.00", THREE: "20"}
CARDS = (
    HEAD
    + "".join(f"<button class=c>{n} coins ${n}</button>" for n in (10, 20, 30))
    + "<button>Pay $30</button>"
)
LISTED = HEAD + rows(("Week", "$10"), ("Month", "$20"), ("Quarter", "$30")) + "<button>Choose</button>"
WRONG = HEAD + rows(("VIP", "$10"), ("Fee", "$2"), ("Total", "$13")) + "<button>Pay $13</button>"


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([*BILLS, CARDS, LISTED, WRONG]))


def bill(screen: Screen) -> Bill | None:
    return bill_of(screen, pay_controls(screen, bundled()), bundled())


@pytest.mark.browser
@pytest.mark.parametrize(("page", "bought"), BILLS.items())
def test_the_first_row_is_bought_and_the_last_is_due(
    page: str, bought: str, drawn: dict[str, Screen]
) -> None:
    found = bill(drawn[page])
    assert found is not None
    assert found.bought.amount.money is not None
    assert found.bought.amount.money.amount == Decimal(bought)


@pytest.mark.browser
@pytest.mark.parametrize("page", [CARDS, LISTED, WRONG])
def test_prices_to_choose_from_and_sums_that_are_off_are_no_bill(page: str, drawn: dict[str, Screen]) -> None:
    assert bill(drawn[page]) is None


@pytest.mark.browser
def test_only_what_is_bought_is_an_offer(drawn: dict[str, Screen]) -> None:
    for page, name in ((FEE, "VIP Mingguan"), (TRIAL, "Annual plan")):
        scene = read_scene(drawn[page], bundled())
        assert scene.kind == "paywall"
        (card,) = scene.cards
        assert offer_name(card, bundled()) == name
