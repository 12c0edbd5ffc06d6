# ruff: noqa: E501 - the data stands in lines
"""Payment calls: hosts in every spelling, schemes, bridges, amounts, renewals, and files with mistakes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.perceive.call_values import money
from payaudit.perceive.calls import Calls

CALLS = Calls.load(rules_folder() / "calls")

PAYMENTS = {
    "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1": "wechat",
    "https://WX.Tenpay.COM./cgi": "wechat",
    "https://wx.tenpay.com:8443/cgi": "wechat",
    "https://shop.test:pw@wx.tenpay.com/": "wechat",
    "https://shop.test@wx.tenpay.com/": "wechat",
    "https:\\\\wx.tenpay.com\\cgi": "wechat",
    "https://wx.tenpay.com\\@shop.test/": "wechat",
    "https:wx.tenpay.com/cgi": "wechat",
    "  https://wx.ten\tpay.com/cgi\n": "wechat",
    "https://wx%2Etenpay.com/": "wechat",
    "https://wx。tenpay.com/": "wechat",
    "https://ｗｘ．ｔｅｎｐａｙ．ｃｏｍ/": "wechat",
    "https://wx.ten\u00adpay.com/": "wechat",
    "wss://wx.tenpay.com/socket": "wechat",
    "https://deep.below.wx.tenpay.com/": "wechat",
    "https://openapi.alipay.com/gateway.do?method=alipay.trade.wap.pay": "alipay",
    "https://cashier.douyinpay.com/x": "douyin",
    "https://checkout.stripe.com/c/pay/cs_test": "stripe",
    "https://www.paypal.com/checkoutnow?token=1": "paypal",
    "https://www.paypal.com/webapps/billing/subscriptions?ba_token=1": "paypal",
    "https://pay.google.com/gp/p/ui/pay": "google-pay",
    "https://www.google.com/pay": "google-pay",
    "weixin://wap/pay?prepayid=1": "wechat",
    "WEIXIN://WAP/PAY?prepayid=1": "wechat",
    "alipays://platformapi/startapp?appId=20000067": "alipay",
    "intent://platformapi/startapp?x=1#Intent;scheme=alipays;package=com.eg.android.AlipayGphone;end": "alipay",
    "upwrp://uppayservice/?style=token": "unionpay",
}

HARMLESS = (
    "https://eviltenpay.com/",
    "https://wx.tenpay.com.shop.test/",
    "https://shop.test/wx.tenpay.com",
    "https://shop.test/?to=https://wx.tenpay.com/",
    "https://shop.test#@wx.tenpay.com/",
    "https://js.stripe.com/v3/",
    "https://www.paypal.com/sdk/js?client-id=x",
    "https://pay.google.com/gp/p/js/pay.js",
    "https://pay.weixin.qq.com/wiki/doc/api/index.html",
    "https://www.google.com/search?q=pay",
    "https://res.wx.qq.com/open/js/jweixin-1.6.0.js",
    "https://gw.alipayobjects.com/as/g/h5-lib/alipayjsapi/3.1.1/alipayjsapi.inc.min.js",
    "weixin://dl/business/?t=abc",
    "tel:10086",
    "https://[::1]:80/",
    "https://1.2.3.4/",
    "https://",
    "garbage",
    "",
)

ENDPOINTS = {
    ("POST", "https://a.test/api/v1/pay/confirm"): ("balance", "debit"),
    ("POST", "https://a.test/api/balance/pay.json"): ("balance", "debit"),
    ("POST", "https://a.test/api/episode/unlock"): ("merchant", "order"),
    ("POST", "https://a.test/unlockEpisode"): ("merchant", "order"),
    ("POST", "https://a.test/api/withhold;jsessionid=1"): ("balance", "debit"),
    ("POST", "https://a.test/contract/sign/confirm"): ("balance", "debit"),
    ("POST", "https://a.test/index.php?s=/api/coin/deduct"): ("balance", "debit"),
    ("GET", "https://a.test/api/deductCoins"): ("balance", "debit"),
    ("POST", "https://a.test/api/order/create"): ("merchant", "order"),
    ("post", "https://a.test/createOrder"): ("merchant", "order"),
    ("POST", "https://a.test/api/prepay"): ("merchant", "order"),
    ("POST", "https://a.test/pay/unifiedorder"): ("merchant", "order"),
    ("POST", "https://a.test/checkout"): ("merchant", "order"),
    ("POST", "https://a.test/create-payment-intent"): ("merchant", "order"),
    ("GET", "https://a.test/api/order/create?sku=1"): ("merchant", "order"),
    ("GET", "https://a.test/api/order/list"): None,
    ("GET", "https://a.test/checkout"): None,
    ("GET", "https://a.test/pay/confirm"): None,
    ("POST", "https://a.test/api/unlock/status"): None,
    ("POST", "https://a.test/api/consumer"): None,
    ("POST", "https://a.test/api/user/info"): None,
    ("POST", "https://a.test/api/orders/query"): None,
    ("POST", "https://a.test/report/payment_page_view"): None,
}

AMOUNTS: tuple[tuple[str, dict[str, Any], bytes | None, str | None], ...] = (
    ("tt.pay", {"orderInfo": {"total_amount": 990}}, None, "CNY 9.90"),
    ("wx.requestVirtualPayment", {"signData": '{"goodsPrice": 100}'}, None, "CNY 1.00"),
    ("wx.requestPayment", {"package": "prepay_id=1"}, None, None),
    ("wx.requestPayment", {"total_fee": 0}, None, "CNY 0.00"),
    ("wx.requestPayment", {"total_fee": True}, None, None),
    ("wx.requestPayment", {"total_fee": "NaN"}, None, None),
    ("wx.requestPayment", {"total_fee": "-5"}, None, None),
    ("Stripe().confirmPayment", {"amount": 500, "currency": "jpy"}, None, "JPY 500"),
    ("Stripe().confirmPayment", {"amount": 1234, "currency": "kwd"}, None, "KWD 1.234"),
    ("Stripe().confirmPayment", {"amount": 500}, None, None),
    ("PaymentRequest.show", {"details": {"total": {"amount": {"value": "9.90", "currency": "usd"}}}}, None, "USD 9.90"),
    ("ApplePaySession.begin", {"request": {"total": {"amount": "1,299.00"}, "currencyCode": "CNY"}}, None, "CNY 1299.00"),
    ("https://wx.tenpay.com/?total_fee=990", {}, None, "CNY 9.90"),
    ("https://wx.tenpay.com/", {}, b"total_fee=990&x=1", "CNY 9.90"),
    ("https://wx.tenpay.com/", {}, b'{"amount":{"total":19,"currency":"HKD"}}', "HKD 0.19"),
    ("https://wx.tenpay.com/", {}, b"\xff\xfe{", None),
    ("https://openapi.alipay.com/gateway.do?biz_content=%7B%22total_amount%22%3A%2225.00%22%7D", {}, None, "CNY 25.00"),
)  # fmt: skip

RENEWALS: tuple[tuple[str, dict[str, Any], bool | None], ...] = (
    ("tt.createSignOrder", {}, True),
    ("wx.requestSubscribeSign", {}, True),
    ("tt.pay", {}, None),
    ("wx.requestVirtualPayment", {"signContractInfo": {"id": 1}}, True),
    ("wx.requestVirtualPayment", {"signContractInfo": {}}, None),
    ("https://api.mch.weixin.qq.com/pay/contractorder", {}, True),
    ("https://api.mch.weixin.qq.com/papay/entrustweb?x=1", {}, True),
    ("https://openapi.alipay.com/gateway.do?method=alipay.user.agreement.page.sign", {}, True),
    ("https://openapi.alipay.com/gateway.do", {"biz_content": '{"agreement_sign_params":{"a":1}}'}, True),
    ("https://checkout.stripe.com/c?mode=subscription", {}, True),
    ("https://checkout.stripe.com/c?mode=payment", {}, False),
    ("https://checkout.stripe.com/c?mode=payment&setup_future_usage=off_session", {}, True),
    ("https://checkout.stripe.com/c", {}, None),
    ("https://www.paypal.com/smart/buttons?vault=true", {}, True),
    ("https://www.paypal.com/webapps/billing/subscriptions", {}, True),
    ("ApplePaySession.begin", {"request": {"recurringPaymentRequest": {"a": 1}}}, True),
    ("ApplePaySession.begin", {"request": {"total": {"paymentTiming": "immediate"}}}, False),
    ("PaymentRequest.show", {"methods": [{"data": {"recurringPaymentRequest": {"a": 1}}}]}, True),
)


@pytest.mark.parametrize("url", PAYMENTS)
def test_payment_urls(url: str) -> None:
    match = CALLS.match_url("GET", url)
    assert match is not None
    assert (match.channel, match.kind) == (PAYMENTS[url], "payment")


@pytest.mark.parametrize("url", HARMLESS)
def test_harmless_urls(url: str) -> None:
    assert CALLS.match_url("GET", url) is None


@pytest.mark.parametrize(("method", "url"), ENDPOINTS)
def test_merchant_endpoints(method: str, url: str) -> None:
    match = CALLS.match_url(method, url)
    assert (match and (match.channel, match.kind)) == ENDPOINTS[method, url]


def test_whole_hosts_only_for_a_connect() -> None:
    assert CALLS.match_host("WX.TENPAY.COM.") is not None
    assert CALLS.match_host("www.paypal.com") is None  # shared: the wire sees its paths


@pytest.mark.parametrize(
    ("api", "channel"),
    [
        ("WeixinJSBridge.invoke:getBrandWCPayRequest", "wechat"),
        ("WeixinJSBridge.invoke:getNetworkType", None),
        ("Stripe().confirmCardPayment", "stripe"),
        ("Stripe().elements", None),
        ("AlipayJSBridge.call:tradePay", "alipay"),
        ("ToutiaoJSBridge.call:ttcjpay.pay", "douyin"),
        ("tt.login", None),
    ],
)
def test_bridges(api: str, channel: str | None) -> None:
    match = CALLS.match_bridge(api)
    assert (match and match.channel) == channel


def _match(where: str) -> Any:  # noqa: ANN401 - a match, asserted to be one
    match = CALLS.match_url("GET", where) if "://" in where else CALLS.match_bridge(where)
    assert match is not None
    return match


@pytest.mark.parametrize(("where", "arguments", "body", "amount"), AMOUNTS)
def test_amounts(where: str, arguments: dict[str, Any], body: bytes | None, amount: str | None) -> None:
    found = CALLS.amount_of(_match(where), where, arguments, body)
    assert (found and str(found)) == amount


@pytest.mark.parametrize(("where", "arguments", "renews"), RENEWALS)
def test_renewals(where: str, arguments: dict[str, Any], renews: bool | None) -> None:  # noqa: FBT001 - a value
    assert CALLS.recurring_of(_match(where), where, arguments) is renews


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("hostz: [a.test]", "did you mean 'hosts'"),
        ("amount: [{at: a, unit: minor, currenzy: CNY}]", "did you mean 'currency'"),
        ("amount: [{at: a, unit: minor}]", "currency or currency_at"),
        ("amount: [{at: a, unit: cents, currency: CNY}]", "'minor', 'major' or 'hundredth'"),
        ("shared: [{host: a.test}]", "refuse or allow"),
        ("shared: [{host: a.test, refuse: ['(']}]", "regular expression"),
        ("recurring: [{api: x, at: y}]", "exactly one"),
        ("bridges: {", "no YAML"),
    ],
)
def test_mistakes_are_named(change: str, says: str, tmp_path: Path) -> None:
    head = "id: x\nchannel: x\nabout: {en: x, zh: x}\nwallet_confirms: true\nsource: none\n"
    (tmp_path / "x.yaml").write_text(head + change + "\n", "utf-8")
    with pytest.raises(RuleError) as error:
        Calls.load(tmp_path)
    assert says in error.value.en
    assert "x.yaml" in error.value.en
    assert "x.yaml" in error.value.zh


def test_no_signatures_no_walk(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="nothing may be walked"):
        Calls.load(tmp_path)


def test_name_is_id(tmp_path: Path) -> None:
    text = "id: x\nchannel: x\nabout: {en: x, zh: x}\nwallet_confirms: true\nsource: none\n"
    (tmp_path / "y.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleError, match="must be 'y'"):
        Calls.load(tmp_path)


def test_every_listed_bridge_and_host_matches_its_own_channel() -> None:
    for signature in CALLS.signatures:
        for api in signature.bridges:
            match = CALLS.match_bridge(api.replace("*", "x"))
            assert match is not None
            assert match.channel == signature.channel, api
        for host in signature.hosts:
            match = CALLS.match_host(host)
            assert match is not None
            assert match.channel == signature.channel, host


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (990, "9.90"), ("990", "9.90"), (990.0, "9.90"), ("9.90", "9.90"), (9.9, "9.9"),
        (19.99 * 100, "19.99"), ("1998.9999999999998", "19.99"),
    ],
)  # fmt: skip
def test_cents_are_told_from_whole_units_and_from_the_noise_of_reckoning(value: object, amount: str) -> None:
    found = money(value, "EUR", "minor")
    assert found is not None
    assert found.amount == Decimal(amount)
