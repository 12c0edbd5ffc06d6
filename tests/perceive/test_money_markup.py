"""Prices as pages draw them, in a real browser: one amount however many elements set it."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.prices import amounts
from tests.perceive.drawn import screens

STYLE = "<meta charset=utf-8><style>body{font:20px sans-serif} .s{font-size:11px} .b{font-size:32px}</style>"
DRAWN = {
    "<p>$9<sup class=s>99</sup></p>": "9.99 USD",
    "<p><i class=s>$</i><b class=b>19</b><sup class=s>99</sup><i class=s>/week</i></p>": "19.99 USD week",
    "<p><span class=s>￥</span><span class=b>9</span><span class=s>.9</span></p>": "9.9 CNY",
    "<p><i class=s>¥</i><b class=b>19</b><i class=s>.90</i><i class=s>/月</i></p>": "19.90 CNY month",
    "<p style='display:flex;align-items:flex-start'><b class=b>€4</b><span class=s>99</span></p>": "4.99 EUR",
    "<p><b class=b>9</b><sup class=s>99</sup> €</p>": "9.99 EUR",
    "<p style='display:flex'><span>R$</span><b class=b>&thinsp;29</b><span>,90</span></p>": "29.90 BRL",
    "<p><span>9</span><span>.</span><span>9</span><span>元</span></p>": "9.9 CNY",
    "<p>₩<b>5</b>,<b>900</b></p>": "5900 KRW",
    "<p>¥<b class=b>30</b><span class=s>30天</span></p>": "30 CNY",
    "<p>$12<span class=s>50% off</span></p>": "12 USD",
}


async def read() -> dict[str, list[str]]:
    drawn = await screens(STYLE + each for each in DRAWN)
    return {
        page.removeprefix(STYLE): [
            " ".join(filter(None, [str(one.money.amount), one.money.currency, one.per]))
            for text in screen.texts
            for one in amounts(text.text)
            if one.money
        ]
        for page, screen in drawn.items()
    }


@pytest.mark.browser
def test_a_price_is_one_amount_however_it_is_drawn() -> None:
    assert asyncio.run(read()) == {drawn: [said] for drawn, said in DRAWN.items()}
