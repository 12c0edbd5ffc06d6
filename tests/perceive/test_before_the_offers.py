"""What stands before or beside offers and is none: quizzes, lists marked by a sign, bills with a tick."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.bill import bill_of
from payaudit.perceive.choices import answered, choices
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.pay_codes import shown_as_text
from payaudit.perceive.scene import read_scene
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:16px sans-serif}
.s{position:fixed;inset:0;background:#fff;padding:16px}
label,.r{display:block;height:44px;border:1px solid #ccc}
.g{display:grid;grid-template-columns:repeat(5,1fr)} .g button{height:44px} .r span{float:right}</style>"""
QUIZ = f"""{HEAD}<div class=s><p>2/4</p><h3>How old are you?</h3>
<label><input type=radio name=a>Under 18</label><label><input type=radio name=a>18–29</label>
<label><input type=radio name=a>30 or over</label></div>"""
ANSWERED = QUIZ.replace("name=a>18", "name=a checked>18").replace("</div>", "<button>Next</button></div>")
PLANS = f"""{HEAD}<div class=s><h3>Which one?</h3><label><input type=radio name=a>Week $4.99</label>
<label><input type=radio name=a>Month $9.99</label><button>Pay now</button></div>"""
CELLS = "".join(f"<button>{n}{' €' if n > 6 else ''}</button>" for n in range(1, 25))
SIGNED = f"{HEAD}<h3>Capítulos</h3><div class=g>{CELLS}</div>"
PRICES = f"{HEAD}<div class=g>{''.join(f'<button>{n} €</button>' for n in (5, 10, 20, 30, 50, 100))}</div>"
BILL = f"""{HEAD}<h3>Order</h3><div class=r>Pass<span>₹1</span></div>
<div class=r>Platform fee<span>₹5</span></div>
<label class=r><input type=checkbox checked>Donation<span>₹10</span></label>
<div class=r>Total<span>₹16</span></div>
<button style="width:300px;height:44px">Pay ₹16</button>"""
CODE = (
    "00020101021226820014BR.GOV.BCB.PIX2560api-pix.example.com/qr/v2/84f4ff7925f134dfc30b16c0c7ff7f0e-0001"
    "520458155303986540534.885802BR5908NOVELUME6009SAO PAULO62070503***630486F0"
)
FIELD = f"{HEAD}<textarea readonly>{CODE}</textarea>"
MARGIN = f"{HEAD}<p>Découverte 48h<em style='margin-left:9px;background:#fc0'>Offre limitée</em></p>"


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([QUIZ, ANSWERED, PLANS, SIGNED, PRICES, BILL, FIELD, MARGIN]))


def test_a_quiz_is_answered_but_not_for_a_minor(drawn: dict[str, Screen]) -> None:
    assert {c.label for c in choices(drawn[QUIZ], bundled())} == {"18–29", "30 or over"}
    assert not answered(drawn[QUIZ], bundled())


def test_an_answered_quiz_is_led_on_from(drawn: dict[str, Screen]) -> None:
    assert choices(drawn[ANSWERED], bundled()) == ()
    assert answered(drawn[ANSWERED], bundled())


def test_plans_with_prices_are_no_quiz(drawn: dict[str, Screen]) -> None:
    assert choices(drawn[PLANS], bundled()) == ()


def test_a_list_whose_lock_is_the_sign_of_a_currency(drawn: dict[str, Screen]) -> None:
    assert [c.number for c in episode_grid(drawn[SIGNED])] == list(range(1, 25))
    assert read_scene(drawn[SIGNED], bundled()).cards == ()
    assert episode_grid(drawn[PRICES]) == ()


def test_what_is_ticked_is_a_row_of_the_bill(drawn: dict[str, Screen]) -> None:
    scene = read_scene(drawn[BILL], bundled())
    bill = bill_of(drawn[BILL], scene.pays, bundled())
    assert bill is not None
    assert [str(p.amount.money) for p in (bill.bought, *bill.added, bill.total)] == [
        "INR 1",
        "INR 5",
        "INR 10",
        "INR 16",
    ]


def test_a_payment_code_in_a_text_field(drawn: dict[str, Screen]) -> None:
    assert shown_as_text(drawn[FIELD]) == (CODE,)


def test_a_margin_parts_words(drawn: dict[str, Screen]) -> None:
    (text,) = [t for t in drawn[MARGIN].texts if "48h" in t.text]
    assert text.text == "Découverte 48h Offre limitée"
