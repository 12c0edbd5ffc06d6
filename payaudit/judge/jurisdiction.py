"""Whose law to look at: guessed from what was seen, with the reason; or told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from payaudit.errors import UsageError
from payaudit.judge.field import suggestion
from payaudit.model.facts import Facts
from payaudit.model.law import Jurisdictions, Law
from payaudit.model.money import Money
from payaudit.model.text import Text

_CURRENCY = {
    "CNY": "CN",
    "USD": "US",
    "EUR": "EU",
    "GBP": "UK",
    "KRW": "KR",
    "JPY": "JP",
    "INR": "IN",
    "SGD": "SG",
    "TWD": "TW",
    "HKD": "HK",
}
_ALIASES = {"GB": "UK", "USA": "US", "PRC": "CN"}
_HOST = {"wechat": "CN", "douyin": "CN", "kuaishou": "CN"}
_HOST_EN = {"wechat": "WeChat", "douyin": "Douyin", "kuaishou": "Kuaishou"}
_HOST_ZH = {"wechat": "微信", "douyin": "抖音", "kuaishou": "快手"}
_DOMAIN = {
    "cn": "CN",
    "us": "US",
    "eu": "EU",
    "de": "EU",
    "fr": "EU",
    "it": "EU",
    "es": "EU",
    "nl": "EU",
    "uk": "UK",
    "kr": "KR",
    "jp": "JP",
    "in": "IN",
    "sg": "SG",
    "tw": "TW",
    "hk": "HK",
}
# Languages that one market speaks; English, Spanish or plain "zh" tell too little.
_LANGUAGE = {"zh-cn": "CN", "zh-hans": "CN", "zh-hans-cn": "CN", "ko": "KR", "ja": "JP"}


def guess(facts: Facts, told: Sequence[str] = ()) -> Jurisdictions:
    """The jurisdictions of a target: those told, else by money and host, else by address and language.

    Money and the app it runs in say who is meant to pay; an address or a
    language is only asked when neither was seen.
    """
    if told:
        ids = tuple(sorted(set(told)))
        named = ", ".join(ids)
        return Jurisdictions(
            ids=ids,
            reason=Text(en=f"named by the investigator: {named}", zh=f"由调查人员指定：{named}"),
        )
    for signals in (sorted(set(_paying(facts))), sorted(set(_speaking(facts)))):
        if signals:
            en = "; ".join(f"{en} → {place}" for place, en, _ in signals)
            zh = "；".join(f"{zh} → {place}" for place, _, zh in signals)
            return Jurisdictions(
                ids=tuple(sorted({place for place, _, _ in signals})),
                reason=Text(en=f"guessed from what was seen: {en}", zh=f"依据所见推断：{zh}"),
            )
    return Jurisdictions(
        ids=(),
        reason=Text(
            en="nothing seen tells the market; name the jurisdiction to have provisions listed",
            zh="所见内容不足以判断面向哪个市场；请指定法域，以便列出条款",
        ),
    )


def named(ids: Sequence[str], law: Law) -> tuple[str, ...]:
    """Jurisdictions as an investigator writes them; raises ``UsageError`` for an unknown one.

    A part of a known country is known: federal law is looked at for ``US-NY``.
    """
    found = []
    for written in ids:
        place = _ALIASES.get(written, written)
        if place.partition("-")[0] not in law.jurisdictions:
            en, zh = suggestion(place, law.jurisdictions)
            known = ", ".join(law.jurisdictions)
            raise UsageError(
                f"no jurisdiction {written!r}{en}; there are: {known}",
                f"没有法域 {written!r}{zh}；可用：{known}",
            )
        found.append(place)
    return tuple(dict.fromkeys(found))


def _paying(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for currency in _currencies(facts):
        if currency in _CURRENCY:
            yield _CURRENCY[currency], f"prices in {currency}", f"标价币种 {currency}"
    if facts.host in _HOST:
        yield _HOST[facts.host], f"runs in {_HOST_EN[facts.host]}", f"运行于{_HOST_ZH[facts.host]}"


def _currencies(facts: Facts) -> set[str]:
    amounts: list[Money | None] = [call.amount for call in facts.payment_calls]
    for offer in facts.offers:
        amounts += [offer.price, offer.first_price, offer.renewal_price, offer.charged]
    amounts += [episode.price for episode in facts.episodes]
    return {amount.currency for amount in amounts if amount is not None}


def _speaking(facts: Facts) -> Iterator[tuple[str, str, str]]:
    host = urlsplit(facts.target if "//" in facts.target else f"//{facts.target}").hostname or ""
    end = host.rpartition(".")[2]
    if end in _DOMAIN and "." in host:
        yield _DOMAIN[end], f"address ends in .{end}", f"域名以 .{end} 结尾"
    for language in facts.languages:
        if (key := language.lower()) in _LANGUAGE:
            yield _LANGUAGE[key], f"language {language}", f"语言 {language}"
        elif key.partition("-")[0] in ("ko", "ja"):
            yield _LANGUAGE[key.partition("-")[0]], f"language {language}", f"语言 {language}"
