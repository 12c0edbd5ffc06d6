"""What a journey may say, and what stays out of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from payaudit.errors import UsageError
from payaudit.evidence.exchange import Exchange
from payaudit.walk.journey import load
from payaudit.walk.secret import HIDDEN, Secrets, filled, placeholder, without_passwords

CHINESE = re.compile("[\u4e00-\u9fff]")


def read(text: str, folder: Path) -> None:
    file = folder / "way.yaml"
    file.write_text(f"steps:\n- swipe: up\n- {text}\n", "utf-8")
    load(file)


@pytest.mark.parametrize(
    "text",
    [
        "tap: 第9集",
        "tap: {text: 第9集, nth: 2, answer: accept}",
        'tap: {at: "0.5,0.9"}',
        'swipe: {from: "0.5,0.8", to: "0.5,0.2"}',
        'swipe: {at: "0.5,0.5", by: -320}',
        "type: {into: 搜索, text: 夜航, then: enter}",
        "type: {then: enter}",
        "pay: {}",
        "open: https://example.test/",
        "back:",
    ],
)
def test_what_a_journey_may_say(text: str, tmp_path: Path) -> None:
    read(text, tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tapp: x", ("no verb 'tapp'", "did you mean 'tap'?")),
        ("tap: {txt: x}", ("tap has no field 'txt'", "did you mean 'text'?")),
        ("tap: {colour: red}", ("tap has no field 'colour'", "its fields are text, nth, at, answer")),
        ("tap: {}", ("tap needs text or at",)),
        ("tap: {nth: 2}", ("tap needs text or at",)),
        ("tap: {text: x, nth: 0}", ("nth is a number from 1, not '0'",)),
        ("tap: {text: x, answer: yes please}", ("answer is accept or dismiss",)),
        ('tap: {at: "0.5"}', ("at is two shares of the view such as 0.5,0.9, not '0.5'",)),
        ("swipe: left", ("swipe goes up or down, not 'left'",)),
        ('swipe: {from: "0.5,0.5"}', ("from and to belong together",)),
        ("type: {text: x}", ("type needs into or then",)),
        ("type: hello", ("type needs into or then",)),
        ("type: {into: 密码, text: '${password}'}", ("set PAYAUDIT_PASSWORD",)),
        ("wait_for: {}", ("wait_for needs text",)),
        ("leave: now", ("leave takes no bare value",)),
    ],
)
def test_what_it_may_not(
    text: str, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAYAUDIT_PASSWORD", raising=False)
    with pytest.raises(UsageError) as raised:
        read(text, tmp_path)
    assert raised.value.exit_code == 2
    assert "step 2" in raised.value.en
    assert all(word in raised.value.en for word in words), raised.value.en
    assert "第 2 步" in raised.value.zh
    assert CHINESE.search(raised.value.zh.partition("第 2 步")[2])


def test_placeholders_are_filled_from_the_environment() -> None:
    assert filled("${phone}/${password}", {"PAYAUDIT_PHONE": "1", "PAYAUDIT_PASSWORD": "2"}) == "1/2"
    assert filled("$5 {x}", {}) == "$5 {x}"


@pytest.mark.parametrize(
    ("value", "kind", "auto", "shown"),
    [
        ("夜航", "text", "", "夜航"),
        ("x", "password", "", "${password}"),
        ("x", "text", "current-password", "${password}"),
        ("138 0013 8000", "text", "", "${phone}"),
        ("x", "tel", "", "${phone}"),
        ("a@b.cn", "text", "", "${email}"),
        ("1234", "text", "one-time-code", "${code}"),
        ("12", "number", "", "12"),
    ],
)
def test_what_stands_for_what_was_typed(value: str, kind: str, auto: str, shown: str) -> None:
    assert placeholder(value, kind, auto, secret=False) == shown
    assert placeholder(value, kind, auto, secret=True) == "${password}"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"a": 1990, "secret": "1990", "deep": {"p": "1990"}}),
        "user=1&secret=1990&x=19900",
        'form-data; name="secret"\r\n\r\n1990\r\n--',
    ],
)
def test_a_typed_password_is_kept_out_of_traffic(body: str) -> None:
    secrets = Secrets()
    sent = _sent(body)
    assert secrets.exchange(sent) is sent
    secrets.add("1990")
    kept = secrets.exchange(sent).request_body.decode()
    assert HIDDEN in kept
    for whole in ('"1990"', "=1990&", "\n1990\r"):
        assert whole not in kept
    assert ("1990" in kept) == ("19900" in body or '"a": 1990' in body)  # other numbers stay as they are


def test_a_password_with_signs_is_kept_out_in_each_spelling() -> None:
    secrets = Secrets()
    secrets.add('a&b "ü')
    for body in (
        json.dumps({"p": 'a&b "ü'}),
        json.dumps({"p": 'a&b "ü'}, ensure_ascii=False),
        "p=a%26b+%22%C3%BC",
    ):
        assert HIDDEN.encode() in secrets.without(body.encode())


def _sent(body: str) -> Exchange:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Exchange(
        "POST", "http://x/", (), body.encode(), 200, "OK", (), b"", None, "XHR", now, 1, 1
    )  # fmt: skip


def test_password_fields_are_blank_in_snapshots() -> None:
    strings = ["INPUT", "type", "password", "value", "geheim", "text", "P", "¥9"]
    nodes = {
        "attributes": [[1, 2, 3, 4], [1, 5, 3, 7]],
        "inputValue": {"index": [0, 1], "value": [4, 7]},
    }
    snapshot = {"strings": strings, "documents": [{"nodes": nodes}]}
    without_passwords(snapshot)
    assert "geheim" not in strings
    assert strings[nodes["inputValue"]["value"][0]] == HIDDEN
    assert strings[nodes["inputValue"]["value"][1]] == "¥9"
