# ruff: noqa: E501 - the data stands in lines
"""One call of each channel, and cashiers that no file knows: the tables are data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from payaudit.data import rules_folder
from payaudit.perceive.calls import Calls

CALLS = Calls.load(rules_folder() / "calls")
HERE = Path(__file__).parent
CHANNELS: list[dict[str, Any]] = yaml.safe_load((HERE / "channels.yaml").read_text("utf-8"))

# Loaded when a page is set up: no payment call.
SCRIPTS = (
    "https://checkoutshopper-live.adyen.com/checkoutshopper/sdk/5.1.0/adyen.js",
    "https://api.braintreegateway.com/merchants/x/client_api/v1/configuration",
    "https://checkout.razorpay.com/v1/checkout.js",
    "https://sdk.mercadopago.com/js/v2",
    "https://api.mercadopago.com/v1/payment_methods",
    "https://www.mercadopago.com.br/developers/pt",
    "https://js.tosspayments.com/v2/standard",
    "https://js.tappaysdk.com/sdk/tpdirect/v5.17.0",
    "https://stdpay.inicis.com/stdjs/INIStdPay.js",
    "https://app.midtrans.com/snap/snap.js",
    "https://api.stripe.com/v1/elements/sessions?type=payment",
    "https://checkout-service.paddle.com/pricing-preview",
    "https://js.mollie.com/v1/mollie.js",
    "https://www.mollie.com/en/about",
    "https://js.klarna.com/web-sdk/v1/klarna.js",
    "https://nsp.pay.naver.com/sdk/js/naverpay.min.js",
)

UNKNOWN = {
    ("https://kasse.zahlgut.test/start", ""): True,
    ("https://x7.test/realizarPago", ""): True,
    ("https://x7.test/thanh-toan/5", ""): True,
    ("https://x7.test/結帳/支付", ""): True,
    ("https://securepay.x7.test/w/1", ""): True,
    ("https://x7.test/r/a8?order_id=1&amount=590", ""): True,
    ("https://x7.test/gw", "MerchantTradeNo=1&CheckMacValue=AB"): True,
    ("https://x7.test/gw", "Ds_MerchantParameters=eyJhIjoxfQ&Ds_Signature=x"): True,
    ("https://x7.test/gw", "importe=5&comercio=3"): True,
    ("https://x7.test/gw", '{"order":{"no":"1"},"montant":3}'): True,
    ("https://x7.test/gw", "data=eyJhbW91bnQiOiA1OTAsICJvcmRlcl9pZCI6ICIxIn0="): True,
    ("https://x7.test/", ""): False,
    ("https://x7.test/faq/how-to-pay", ""): False,
    ("https://x7.test/payment-methods", ""): False,
    ("https://x7.test/blog/why-we-pay-our-authors", ""): False,
    ("https://x7.test/list?price=low", ""): False,
    ("https://play.x7.test/store/apps/details?id=a", ""): False,
    ("https://display.x7.test/a", ""): False,
    ("https://x7.test/search", "q=drama&page=2"): False,
}

BODIES = {
    '{"operationName":"DeductCoins","query":"mutation DeductCoins($n:Int!){ deductCoins(n:$n){ok} }"}': "debit",
    '{"query":"mutation { pay: unlockEpisodeWithCoins(id: 1) { ok } }"}': "debit",
    '{"query":"mutation M($i: In = {a: 1}) { confirmPayment(input: $i) { id } }"}': "debit",
    '[{"query":"query A { me { id } }"},{"query":"mutation B { createOrder(sku: \\"x\\") { id } }"}]': "order",
    '{"operationName":"CreateSubscription","extensions":{"persistedQuery":{"sha256Hash":"a"}}}': "order",
    '{"jsonrpc":"2.0","method":"wallet.debitBalance","id":1}': "debit",
    '{"query":"query CreateOrderPage { createOrderPage { price } }"}': None,
    '{"query":"{ deductCoins }"}': None,
    '{"query":"mutation { likeEpisode(id: 1) { ok } }"}': None,
    '{"query":"query Q { a(text: \\"mutation { deductCoins }\\") { b } }"}': None,
    '{"query":"deductCoins"}': None,
    "not json": None,
}


def _named(case: dict[str, Any]) -> str:
    return str(case.get("api") or case["url"])[:60]


@pytest.mark.parametrize("case", CHANNELS, ids=_named)
def test_a_call_of_each_channel(case: dict[str, Any]) -> None:
    url, api = case.get("url"), case.get("api")
    match = CALLS.match_url("POST", url) if url else CALLS.match_bridge(str(api))
    assert match is not None
    assert (match.channel, match.kind) == (case["channel"], "payment")
    body = case["body"].encode() if "body" in case else None
    amount = CALLS.amount_of(match, url or str(api), case.get("arguments", {}), body)
    assert (amount and str(amount)) == case["amount"]
    recurring = CALLS.recurring_of(match, url or str(api), case.get("arguments", {}), body)
    assert recurring is case["recurring"]


@pytest.mark.parametrize("url", SCRIPTS)
def test_setting_a_page_up_is_no_payment(url: str) -> None:
    assert CALLS.match_url("GET", url) is None


@pytest.mark.parametrize(("url", "body"), UNKNOWN)
def test_an_unknown_cashier_by_its_signs(url: str, body: str) -> None:
    match = CALLS.match_cashier(url, body.encode())
    assert (match is not None) is UNKNOWN[url, body]
    assert match is None or (match.channel, match.wallet_confirms) == ("unknown", None)


@pytest.mark.parametrize("body", BODIES)
def test_operations_in_a_body(body: str) -> None:
    match = CALLS.match_body("https://a.test/graphql", body.encode())
    assert (match and match.kind) == BODIES[body]
