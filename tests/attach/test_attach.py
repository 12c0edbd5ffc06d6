"""What people collected by hand: a new file, each attachment once, read where it can be."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from payaudit.attaching import Tags, attach
from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.keys import generate
from payaudit.evidence.seal.trust import Trust
from payaudit.evidence.vouched import original_digest
from payaudit.extract.bills import bills
from payaudit.judge.confidence import confidence
from payaudit.model.attachment import Attachment
from payaudit.model.facts import ATTACHED_RUN, Offer, PaymentCall, Source
from payaudit.model.money import Money
from payaudit.perceive.lexicon import bundled
from payaudit.redact.walk_copy import redact
from payaudit.report.attached import attachments
from tests.commands import invalid_wacz, payaudit
from tests.evidence.evidence_walks import packed
from tests.evidence.signed_walk import signed_walk

TAGS = Tags(
    "Zhang San 0123",
    "Huawei P60",
    datetime(2026, 5, 2, 9, 30, tzinfo=UTC),
    "after-purchase",
    "second test purchase",
)
SMS = "【某银行】您尾号1234的卡于5月2日扣款25.00元，如有疑问致电95555，预留手机13812345678"
needs_eyes = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr_onnxruntime") is None, reason="reading pictures is not installed"
)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return packed(tmp_path)


def _file(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_new_file_holds_them_and_the_old_one_is_as_it_was(evidence: Path, tmp_path: Path) -> None:
    before = evidence.read_bytes()
    film = _file(tmp_path, "screen.mp4", b"\0\0\0 ftypisom" + bytes(5000))
    sms = _file(tmp_path, "sms.txt", SMS)
    done = attach([sms, film], evidence, TAGS)
    assert evidence.read_bytes() == before
    assert done.out == tmp_path / "evidence-attached.wacz"
    assert invalid_wacz(done.out) == ""
    with Evidence.open(done.out) as new, Evidence.open(evidence) as old:
        assert new.problems == ()
        assert [new.link(s) for s in new.steps] == [old.link(s) for s in old.steps]
        told = attachments(new.attachments)
        assert [(a.name, a.who, a.device, a.when, a.place, a.note) for a in told] == [
            (
                name,
                "Zhang San 0123",
                "Huawei P60",
                "2026-05-02T09:30:00Z",
                "after-purchase",
                "second test purchase",
            )
            for name in ("sms.txt", "screen.mp4")
        ]
        assert told[0].lines == (SMS,)
        assert told[1].unread is not None
        assert "look at" in told[1].unread.en
    with zipfile.ZipFile(done.out) as archive:
        for item, path in zip(told, (sms, film), strict=True):
            assert archive.read(item.member) == path.read_bytes()
            assert item.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (
            json.loads(archive.read(layout.ATTACHMENTS))["original_sha256"]
            == hashlib.sha256(before).hexdigest()
        )


def test_what_vouched_for_the_walk_still_does(evidence: Path, tmp_path: Path) -> None:
    once = attach([_file(tmp_path, "a.txt", "a")], evidence, TAGS).out
    assert once is not None
    twice = attach([_file(tmp_path, "b.txt", "b")], once, TAGS).out
    assert twice == tmp_path / "evidence-attached-2.wacz"
    for path in (once, twice):
        container = Container.open(path)
        hashes = {name: container.digest(name)[0] for name in container.names}
        with zipfile.ZipFile(evidence) as old:
            assert original_digest(container, hashes) == old.read(layout.DIGEST)
        changed = {**hashes, "payaudit/run-01-step-0001-step.json": "0" * 64}
        assert original_digest(container, changed) is None
        assert (
            original_digest(container, {n: h for n, h in hashes.items() if n != "pages/pages.jsonl"}) is None
        )
        container.close()
    with Evidence.open(twice) as opened:
        assert [item.name for item in opened.attachments] == ["a.txt", "b.txt"]


def test_the_same_file_twice_is_one_attachment(evidence: Path, tmp_path: Path) -> None:
    sms, again = _file(tmp_path, "sms.txt", SMS), _file(tmp_path, "copy of sms.txt", SMS)
    done = attach([sms, again], evidence, TAGS)
    assert [item.name for item in done.added] == ["sms.txt"]
    assert done.known == ("copy of sms.txt",)
    assert done.out is not None
    nothing = attach([again], done.out, TAGS)
    assert nothing.out is None
    assert sorted(path.name for path in tmp_path.glob("*.wacz")) == [
        "evidence-attached.wacz",
        "evidence.wacz",
    ]


def test_the_command_and_its_refusals(evidence: Path, tmp_path: Path) -> None:
    sms = _file(tmp_path, "sms.txt", SMS)
    told = {
        "--to": evidence,
        "--who": "Zhang",
        "--device": "P60",
        "--when": "2026-05-02T17:30+08:00",
        "--place": "refund",
    }

    def run(**changes: object) -> tuple[int, str, str]:
        words = [word for pair in (told | {f"--{k}": v for k, v in changes.items()}).items() for word in pair]
        done = payaudit("attach", sms, *words)
        assert "Traceback" not in done.err
        return done.code, done.out, done.err

    code, out, err = run()
    assert code == 0, err
    assert hashlib.sha256(SMS.encode()).hexdigest() in out
    assert "evidence-attached.wacz" in err
    assert run(when="2026-05-02")[::2] == (2, run(when="2026-05-02")[2])
    assert "after-purchase" in run(place="nowhere")[2]


def _offer(name: str, price: str, renewal: str | None = None) -> Offer:
    money = Money(amount=Decimal(price), currency="CNY")
    later = Money(amount=Decimal(renewal), currency="CNY") if renewal else None
    return Offer(name=name, price=money, first_price=money, renewal_price=later, at=Source(run=1, step=1))


SOLD = (_offer("连续包月", "9.9", "25"), _offer("全集", "29.9"))


class _With:
    """Evidence that is asked for nothing but its attachments."""

    def __init__(self, **changes: object) -> None:
        fields: dict[str, object] = {
            "member": "payaudit/attachment-1.txt", "name": "bill.txt", "sha256": "0" * 64, "bytes": 1,
            "media_type": "text/plain",
            "who": "x", "device": "y", "when": TAGS.when, "place": "after-purchase", "added": TAGS.when,
        }  # fmt: skip
        self.attachments = (Attachment.model_validate({**fields, **changes}),)


def _paid(**changes: object) -> list[PaymentCall]:
    return list(bills(_With(**changes), SOLD, bundled()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "offer", "amount", "bought", "over"),
    [
        ("支付成功\n-25.00\n商品 会员", None, "25.00", "连续包月", "0"),  # the price of a later period
        ("实付金额 ¥29.90\n原价 ¥59.90", None, "29.90", "全集", "0"),
        ("实付金额 ¥35.00", "全集", "35.00", "全集", "5.1"),
        ("Amount paid: ¥12.00", None, "12.00", None, None),
    ],
)
def test_a_bill_is_a_payment(
    text: str, offer: str | None, amount: str, bought: str | None, over: str | None
) -> None:
    (call,) = _paid(text=text, offer=offer)
    assert call.amount == Money(amount=Decimal(amount), currency="CNY")
    assert call.offer == bought
    assert call.over_shown == (None if over is None else Decimal(over))
    assert call.at.run == ATTACHED_RUN
    assert confidence(call, ["over_shown"], "confirmed", on_screen=False) == "probable"


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "支付成功 ¥9.90\n支付成功 ¥25.00"},  # two charges: which one?
        {"text": "会员 ¥25.00"},  # no word of a charge
        {"text": "实付金额 ¥25.00", "place": "before-purchase"},
        {"text": "实付金额 ¥25.00", "place": "refund"},
        {"text": None, "unread": {"en": "x", "zh": "x"}},
    ],
)
def test_a_doubtful_bill_is_none(changes: dict[str, object]) -> None:
    assert _paid(**changes) == []


def _bill() -> bytes:
    fonts = sorted(Path("/usr/share/fonts").rglob("NotoSansCJK*"))
    if not fonts:
        pytest.skip("no Chinese font to draw a bill with")
    image = Image.new("RGB", (720, 700), "white")
    draw = ImageDraw.Draw(image)
    for y, words, size in (
        (40, "账单详情", 36),
        (150, "-25.00", 64),
        (300, "支付成功", 32),
        (400, "手机 13812345678", 32),
    ):
        draw.text((60, y), words, font=ImageFont.truetype(str(fonts[0]), size), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@needs_eyes
@pytest.mark.slow
def test_a_picture_is_read_and_its_private_words_are_blacked_out(evidence: Path, tmp_path: Path) -> None:
    done = attach([_file(tmp_path, "bill.png", _bill())], evidence, TAGS)
    assert done.out is not None
    assert any("13812345678" in line for line in done.added[0].lines)
    with Evidence.open(done.out) as opened:
        (call,) = bills(opened, SOLD, bundled())
    assert call.amount == Money(amount=Decimal("25.00"), currency="CNY")
    told = redact(done.out, tmp_path / "copy.wacz", tool="payaudit/test")
    assert told.by_kind["phone"] >= 2
    with Evidence.open(tmp_path / "copy.wacz") as copy, zipfile.ZipFile(tmp_path / "copy.wacz") as archive:
        (item,) = copy.attachments
        data = archive.read(item.member)
    assert item.redacted
    assert item.sha256 == hashlib.sha256(data).hexdigest()
    assert not any("13812345678" in line for line in item.lines)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.convert("RGB").getpixel((250, 424)) == (0, 0, 0)
        assert picture.convert("RGB").getpixel((10, 10)) == (255, 255, 255)


def test_without_an_engine_it_says_so(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payaudit.walk.eyes.find_spec", lambda _: None)
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    done = attach(
        [_file(tmp_path, "shot.png", out.getvalue()), _file(tmp_path, "cut.png", b"\x89PNG")], evidence, TAGS
    )
    assert [item.unread.en.partition(":")[2][:12] for item in done.added if item.unread] == [
        " reading pic",
        " the picture",
    ]


def test_the_signature_of_a_walk_outlives_attaching_but_not_redacting(tmp_path: Path) -> None:
    keys = generate()
    signed, trust = signed_walk(tmp_path, keys), Trust({keys.id: "me", keys.ecdsa_id: "me"})
    done = attach([_file(tmp_path, "sms.txt", SMS)], signed, TAGS)
    assert done.out is not None
    with Evidence.open(done.out, trust=trust) as opened:
        states = {line.what: line.state for line in opened.lines}
        custody = opened.audit.custody
    assert states["wacz_signature"] == states["steps_signed"] == "holds"
    assert states["attachments"] == "unknown"
    told = redact(done.out, tmp_path / "copy.wacz", tool="payaudit/test")
    with Evidence.open(tmp_path / "copy.wacz") as copy:
        assert {line.state for line in copy.lines} <= {"holds", "absent"}
        assert copy.audit.custody is None
    assert custody is not None
    assert told.custody is not None
    assert told.custody["key"] == custody.key
