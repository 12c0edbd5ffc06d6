"""Chain of custody in sentences, for the reports that a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from payaudit.model.report import CaseV1, ClockV1, CustodyV1
from payaudit.model.text import Text

_CASE = {
    "number": Text(en="case", zh="案号"),
    "title": Text(en="matter", zh="案由"),
    "mandate": Text(en="mandate", zh="检查依据"),
    "authority": Text(en="authority", zh="办案机关"),
    "officers": Text(en="officers", zh="执法人员"),
    "account_alias": Text(en="account", zh="账号代称"),
    "device": Text(en="device", zh="设备"),
    "place": Text(en="place", zh="取证地点"),
    "exit_ip": Text(en="exit address", zh="出口 IP"),
    "exit_country": Text(en="exit country", zh="出口国家或地区"),
    "retention_until": Text(en="keep until", zh="保存至"),
    "notes": Text(en="notes", zh="备注"),
}
_SIGNER = {
    "investigator": Text(en="the investigator's key", zh="调查人员密钥"),
    "machine": Text(en="this machine's key", zh="本机密钥"),
    "once": Text(en="a key made for this walk alone", zh="仅用于本次巡查的密钥"),
}


def custody_lines(custody: CustodyV1) -> Iterator[Text]:
    """Case, signer, clocks and orders: a line for each that there is."""
    if custody.case is not None and (told := _case(custody.case)):
        yield Text(en="; ".join(t.en for t in told), zh="；".join(t.zh for t in told))
    if custody.key is not None and custody.signer is not None:
        signer = _SIGNER.get(custody.signer, Text(en=custody.signer, zh=custody.signer))
        yield Text(
            en=f"signed with {signer.en} {custody.key[:16]}… (whether it holds: `payaudit verify`)",
            zh=f"签名密钥：{signer.zh} {custody.key[:16]}…（是否成立见 payaudit verify）",
        )
    source = f" · {custody.tool_sha256[:12]}" if custody.tool_sha256 else ""
    browsers = ", ".join(custody.browsers)
    ended = custody.ended
    yield Text(
        en=f"{custody.tool}{source} · {browsers} · {custody.started} to {ended or 'cut off'}",
        zh=f"{custody.tool}{source} · {browsers} · {custody.started} 至 {ended or '中断'}",
    )
    for clock in custody.clocks:
        yield _clock(clock)
    if custody.orders:
        hosts = ", ".join(dict.fromkeys(each.host for each in custody.orders))
        numbers = ", ".join(each.number for each in custody.orders if each.number) or "-"
        count = len(custody.orders)
        some = f"{count} order{'' if count == 1 else 's'}"
        yield Text(
            en=f"{some} created at {hosts}, no payment let out; numbers: {numbers}",
            zh=f"在 {hosts} 创建订单 {count} 笔，付款请求均未放行；订单号：{numbers}",
        )


def _case(case: CaseV1) -> list[Text]:
    told = []
    for name, word in _CASE.items():
        value = getattr(case, name)
        if value:
            shown = ", ".join(value) if isinstance(value, tuple) else value
            told.append(Text(en=f"{word.en} {shown}", zh=f"{word.zh} {shown}"))
    return told


def _clock(clock: ClockV1) -> Text:
    off = _off(clock.ahead_seconds)
    if clock.kind == "tsa":
        return Text(en=f"clock of {clock.url}: {off.en}", zh=f"{clock.url} 的时钟{off.zh}")
    servers = f"{clock.hosts} server{'' if clock.hosts == 1 else 's'}"
    return Text(
        en=f"clocks of {servers}: {off.en} (median of {clock.readings} replies)",
        zh=f"{clock.hosts} 台服务器的时钟{off.zh}（{clock.readings} 次应答的中位数）",
    )


def _off(ahead: str) -> Text:
    """By how much, and which way."""
    seconds = ahead.removeprefix("-")
    if not float(ahead):
        return Text(en="as this machine's", zh="与本机一致")
    en, zh = ("behind", "慢") if ahead.startswith("-") else ("ahead of", "快")
    return Text(en=f"{seconds} s {en} this machine's", zh=f"比本机{zh} {seconds} 秒")
