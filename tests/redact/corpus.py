"""A walk with private values in every kind of place, and with much that looks like them and is none."""

from __future__ import annotations

import base64
import gzip
import io
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from payaudit.evidence.exchange import Frame, WebSocketLog
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Action, Box, Event
from payaudit.model.readings import Reading, Readings
from payaudit.perceive.style import STYLES
from tests.evidence.evidence_walks import SITE, T0, audit, exchange, run_info, step

HEADER = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
CLAIMS = base64.urlsafe_b64encode(b'{"sub":"88120034","exp":1790000000}').rstrip(b"=").decode()

SECRETS = {
    "jwt": f"{HEADER}.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "bearer": "AbCdEf0123456789._~zz==",
    "session cookie": "s%3Aq8Zt7LmN3kP0vXyWb2",
    "short cookie": "k9f3",
    "token in an address": "tk_7f3a9c1d2e5b8a6044",
    "token in an answer": "8f14e45fceea167a5a36dedd4bea2543",
    "csrf": "Zx81kq0TTmPdw93bYsLr",
    "phone": "13812345678",
    "phone in groups": "139 1234 5679",
    "phone abroad": "+49 151 23456789",
    "phone in a field": "15900001111",
    "e-mail": "zhang.san+drama@qq-mail.com",
    "id card": "11010519491231002X",
    "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
    "unionid": "o6_bmasdasdsad6_2sgVt7hMZOPfL",
    "user number": "7700123456",
    "prepay id": "wx271530284514532b8f34f2fd0e8f560000",
    "pay sign": "oR9d8PuhnIc+YZ8cBHFCwfgpaK9gd7vaRvkYD7rthRAZX9BbkFQO3WbzGd==",
    "client secret": "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH",
    "cashier link": "0BUzz41zz9",
    "card": "6222021234567890128",
    "password": "Gu7!dragon",
    "texted code": "739104",
    "device": "86a7c1f0-9d34-4b0e-8a51-77d3c2f0aa19",
    "login code": "021AbcGa1xyz9D0abcGa1Qwer2AbcGa5",
}
S = SECRETS

# Nothing of this may be touched: what judging rests on, and what only looks private.
INNOCENT = [
    '"total_fee": 990', '"amount": "19.90"', '"price":2500', "首月 ¥9.9，次月起 ¥25/月自动续费",
    '"order_no":"D202605010001"', "客服电话 400-820-6611", "京ICP备12345678号-1",
    "91110108MA01ABCD2X", "(总局)网微剧备字(2026)第00123号", '"ts":1777600000000',
    '"created":1777600000', "0.13912345678", "a13912345678f", "logo@2x.png",
    "@media (max-width: 390px)", "wx0123456789abcdef", '"episodes":80', "2026-05-01 08:00:00",
    'placeholder="请输入手机号"', '"password":"密码"', '"token":"登录后可用"',
    "function token(a){return a.token=b(a)}", "11010519491231003", "6222021234567890129",
    '"sku":"vip_m"', "vue@3.4.1/dist/vue.global.prod.js", '"currency":"CNY"', "会员 128元/年",
    "1990", '"uid_required":true',
]  # fmt: skip
PAGE = "<!doctype html><title>短剧</title><body>" + "".join(f"<p>{each}</p>" for each in INNOCENT) + "</body>"


def bodies() -> list[
    tuple[str, str, str, tuple[tuple[str, str], ...], bytes, tuple[tuple[str, str], ...], bytes]
]:
    """Method, address, resource type, headers and body sent, headers and body answered."""
    js, form = ("Content-Type", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")
    html = ("content-type", "text/html; charset=utf-8")
    answer = {
        "code": 0,
        "total_fee": 990,
        "data": {
            "accessToken": S["token in an answer"],
            "openid": S["openid"],
            "union_id": S["unionid"],
            "user_id": int(S["user number"]),
            "mobile": S["phone"],
            "pay": json.dumps(
                {"package": f"prepay_id={S['prepay id']}", "paySign": S["pay sign"], "amount": "19.90"}
            ),
        },
    }
    page = (
        f'<html><head><meta name="csrf-token" content="{S["csrf"]}"></head>'
        f'<body data-device-id="{S["device"]}">'
        f'<script>window.__INIT__={{userInfo:{{phone:"{S["phone"]}",email:"{S["e-mail"]}"}},price:2500}};'
        f"var token='{S['token in an address']}';</script>"
        f'<form><input type="hidden" name="session_id" value="{S["token in an answer"]}"></form>'
        f"<p>尾号用户 {S['phone in groups']}，身份证 {S['id card']}</p><p>银行卡 {S['card']}</p>"
        f"<p>【短剧】验证码：{S['texted code']}，5分钟内有效</p><p>¥9.9</p></body></html>"
    )
    multipart = (
        f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{S["password"]}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="amount"\r\n\r\n990\r\n--b--\r\n'
    )
    blob = base64.b64encode(json.dumps({"token": S["token in an answer"], "n": 1}).encode()).decode()
    return [
        (
            "GET",
            f"{SITE}/play?token={S['token in an address']}&ep=12&price=990",
            "Document",
            (
                ("Cookie", f"sid={S['session cookie']}; k={S['short cookie']}"),
                ("Referer", f"{SITE}/?code={S['login code']}&state=9"),
            ),
            b"",
            (html, ("set-cookie", f"sid={S['session cookie']}; Path=/; HttpOnly")),
            page.encode(),
        ),
        (
            "POST",
            f"{SITE}/api/order",
            "XHR",
            (js, ("Authorization", f"Bearer {S['bearer']}"), ("X-Token", S["token in an answer"])),
            json.dumps({"sku": "vip_m", "openid": S["openid"]}).encode(),
            (js,),
            json.dumps(answer).encode(),
        ),
        (
            "POST",
            f"{SITE}/api/login",
            "XHR",
            (form,),
            (
                f"phone={S['phone']}&password={quote(S['password'])}"
                f"&email={quote(S['e-mail'], safe='')}&amount=990"
            ).encode(),
            (js,),
            json.dumps({"jwt": S["jwt"], "url": f"{SITE}\\/u"}).replace("/", "\\/").encode(),
        ),
        (
            "POST",
            f"{SITE}/api/form",
            "XHR",
            (("Content-Type", "multipart/form-data; boundary=b"),),
            multipart.encode(),
            (js,),
            b"{}",
        ),
        (
            "GET",
            f"{SITE}/api/q?data={quote(json.dumps({'unionid': S['unionid'], 'price': 990}))}",
            "XHR",
            (),
            b"",
            (js,),
            json.dumps({"msg": "手机号 " + S["phone"], "clientSecret": S["client secret"]}).encode("ascii"),
        ),
        (
            "GET",
            f"{SITE}/data.gz",
            "XHR",
            (),
            b"",
            (("content-type", "application/gzip"),),
            gzip.compress(json.dumps({"id_card": S["id card"], "price": 990}).encode(), mtime=0),
        ),
        (
            "GET",
            f"{SITE}/app.js",
            "Script",
            (),
            b"",
            (("content-type", "text/javascript"),),
            (
                f'var cfg={{"blob":"{blob}","qr":"weixin://wxpay/bizpayurl?pr={S["cashier link"]}"}};'
                "var amount=990;"
            ).encode(),
        ),
        ("GET", f"{SITE}/clean", "Document", (("Accept", "*/*"),), b"", (html,), PAGE.encode()),
        (
            "GET",
            f"{SITE}/film.mp4",
            "Media",
            (),
            b"",
            (("content-type", "video/mp4"),),
            b"\0\0\0 ftypisom" + bytes(range(256)) * 40,
        ),
    ]


def snapshot(
    texts: list[tuple[str, tuple[int, int, int, int]]],
    fields: list[tuple[dict[str, str], str]],
    url: str = f"{SITE}/play?token={S['token in an address']}",
) -> bytes:
    """A placed snapshot: a paragraph for each text, an input for each of ``fields`` with what was typed."""
    strings: list[str] = []

    def put(text: str) -> int:
        if text not in strings:
            strings.append(text)
        return strings.index(text)

    style = {
        "display": "block",
        "visibility": "visible",
        "opacity": "1",
        "color": "rgb(0, 0, 0)",
        "background-color": "rgba(0, 0, 0, 0)",
        "background-image": "none",
        "font-size": "16px",
        "font-weight": "400",
        "text-decoration-line": "none",
        "position": "static",
        "overflow-x": "visible",
        "overflow-y": "visible",
    }
    row = [put(style.get(name, "")) for name in STYLES]
    parents, kinds, names, values, attributes = (
        [-1, 0, 1],
        [9, 1, 1],
        ["#document", "HTML", "BODY"],
        [-1, -1, -1],
        [[], [], []],
    )
    boxes: dict[int, tuple[float, ...]] = {1: (0, 0, 390, 844), 2: (0, 0, 390, 844)}
    painted: dict[int, int] = {}
    typed: dict[int, int] = {}
    for text, box in texts:
        parents += [2, len(parents)]
        kinds += [1, 3]
        names += ["P", "#text"]
        values += [-1, put(text)]
        attributes += [[], []]
        boxes |= {len(kinds) - 2: box, len(kinds) - 1: box}
        painted[len(kinds) - 1] = put(text)
    for number, (attrs, value) in enumerate(fields):
        parents.append(2)
        kinds.append(1)
        names.append("INPUT")
        values.append(-1)
        attributes.append([put(part) for pair in attrs.items() for part in pair])
        boxes[len(kinds) - 1] = (10, 500 + 40 * number, 200, 30)
        typed[len(kinds) - 1] = put(value)
    nodes = {
        "parentIndex": parents,
        "nodeType": kinds,
        "nodeName": [put(n) for n in names],
        "nodeValue": values,
        "attributes": attributes,
        "backendNodeId": list(range(1, len(kinds) + 1)),
        "isClickable": {"index": []},
        "inputValue": {"index": list(typed), "value": list(typed.values())},
        "inputChecked": {"index": []},
        "optionSelected": {"index": []},
        "contentDocumentIndex": {"index": [], "value": []},
    }
    order = sorted(boxes)
    layout = {
        "nodeIndex": order,
        "bounds": [list(boxes[i]) for i in order],
        "text": [painted.get(i, -1) for i in order],
        "paintOrders": list(range(1, len(order) + 1)),
        "styles": [row for _ in order],
        "scrollRects": [[] for _ in order],
        "clientRects": [[] for _ in order],
        "offsetRects": [[] for _ in order],
    }
    raw = {
        "format": "payaudit-snapshot/1",
        "url": url,
        "title": "短剧",
        "viewport": {"width": 390, "height": 844, "scale": 1},
        "trees": [
            {
                "owner": None,
                "parent": None,
                "snapshot": {"documents": [{"nodes": nodes, "layout": layout}], "strings": strings},
            }
        ],
    }
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()


def picture() -> bytes:
    """A white screen at two pixels to one."""
    out = io.BytesIO()
    Image.new("RGB", (780, 1688), "white").save(out, "PNG")
    return out.getvalue()


PHONE_BOX, PRICE_BOX, READ_BOX = (20, 100, 200, 24), (20, 200, 200, 24), (20, 300, 200, 24)


def planted(folder: Path) -> Path:
    """Two steps full of private values and one without any, as evidence."""
    head = audit(
        target=f"{SITE}/play?token={S['token in an address']}",
        options={"entry": {"hops": [f"{SITE}/?code={S['login code']}"]}},
    )
    with EvidenceWriter.create(folder / "evidence.wacz.partial", head) as writer:
        writer.begin_run(run_info(1))
        for number, (method, url, kind, sent, body, answered, data) in enumerate(bodies()):
            writer.add_exchange(
                exchange(
                    url,
                    1,
                    1 if number < 7 else 2,
                    method=method,
                    resource_type=kind,
                    request_headers=sent,
                    request_body=body,
                    response_headers=answered,
                    response_body=data,
                    at=T0 + timedelta(seconds=number),
                )
            )
        writer.add_websocket(
            WebSocketLog(
                f"wss://drama.example/live?token={S['token in an address']}",
                (Frame(T0, "out", 1, json.dumps({"auth": S["jwt"]})), Frame(T0, "in", 1, '{"price": 990}')),
                1,
                1,
            )
        )
        writer.add_missing(
            f"https://pay.example/go?session_id={S['token in an answer']}", "POST", "refused", 1, 1, at=T0
        )
        call = Event(
            kind="payment_call",
            at=T0,
            data={
                "channel": "wechat",
                "api": "requestPayment",
                "arguments": {
                    "package": f"prepay_id={S['prepay id']}",
                    "paySign": S["pay sign"],
                    "total_fee": 990,
                },
                "url": f"https://wx.tenpay.com/?prepay_id={S['prepay id']}&amount=990",
            },
        )
        said = Event(kind="dialog", at=T0, data={"message": f"已向 {S['phone abroad']} 发送，应付 ¥9.9"})
        words = [
            (f"当前账号 {S['phone']}", PHONE_BOX),
            ("首月 ¥9.9，次月起 ¥25/月自动续费", PRICE_BOX),
        ]
        fields = [
            ({"type": "tel", "name": "contact", "placeholder": "请输入手机号"}, S["phone in a field"]),
            ({"name": "amount"}, "990"),
        ]
        lines = Readings(
            engine="x",
            seconds=1,
            lines=(
                Reading(
                    text=f"ID {S['id card']}",
                    raw=f"ID {S['id card']}",
                    box=_box(READ_BOX),
                    score=0.9,
                    owner=3,
                    tree=0,
                ),
                Reading(text="¥19.9", raw="¥19.9", box=_box(PRICE_BOX), score=0.9, owner=3, tree=0),
            ),
        )
        first = step(
            1,
            1,
            events=(call, said),
            url=f"{SITE}/play?token={S['token in an address']}",
            action=Action(verb="type", goal="enter", why="登录", value=S["phone in a field"]),
        )
        extra = {"readings.json": json.dumps(lines.model_dump(mode="json"), ensure_ascii=False).encode()}
        writer.add_step(first, snapshot(words, fields), picture(), extra=extra)
        writer.add_step(
            step(1, 2),
            snapshot([(each, (10, 20 * i, 300, 18)) for i, each in enumerate(INNOCENT)], [], f"{SITE}/2"),
            picture(),
        )
        writer.begin_run(run_info(2))
        writer.add_step(step(2, 1), snapshot([(f"会员 {S['user number']}", PHONE_BOX)], []), picture())
        return writer.finish(folder / "evidence.wacz")


def _box(box: tuple[int, int, int, int]) -> Box:
    return Box(x=box[0], y=box[1], width=box[2], height=box[3])
