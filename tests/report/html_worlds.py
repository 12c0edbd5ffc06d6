"""Walks with pictures, made by hand, and the reports on them: honest ones and hostile ones."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw

from payaudit.evidence.read import Evidence
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Action, Box, Candidate, Event, Outcome, Step, Target
from payaudit.model.facts import Countdown, Facts, Ladder, Rung, Source, Visit
from payaudit.model.report import ReportV1
from payaudit.model.text import Language
from payaudit.report.html.page import to_html
from tests.evidence.evidence_walks import T0, audit, run_info
from tests.judge.worlds import FAINT, call, cny, consent, facts, leaving, offer
from tests.report.test_report_build import report

WIDTH, HEIGHT, SCALE = 390, 844, 3
BOX = Box(x=40, y=500, width=180, height=40)
AT = Source(
    run=1, step=2, node=7, text="首月¥9.9", box=BOX, screenshot="payaudit/run-01-step-0002-screen.png"
)
RED = (200, 16, 46)


@dataclass(frozen=True)
class Page:
    """A report on a made walk, as it is written."""

    report: ReportV1
    facts: Facts
    evidence: Path

    def html(self, language: Language | None = None) -> bytes:
        with Evidence.open(self.evidence) as opened:
            return to_html(self.report, self.facts, opened, language)


def picture(shade: int = 0) -> bytes:
    """A screen of the phone in its own pixels, with one green box where ``BOX`` is."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), (240, 240, 250 - shade % 200))
    green = [BOX.x, BOX.y, BOX.x + BOX.width - 1, BOX.y + BOX.height - 1]
    ImageDraw.Draw(image).rectangle([round(edge * SCALE) for edge in green], fill=(0, 160, 60))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def walk(
    folder: Path,
    steps: int = 4,
    text: Callable[[str], str] = str,
    screen: Callable[[int], bytes | None] = picture,
) -> Path:
    """A recorded walk of one run; ``text`` is what the page makes of each of its words."""
    writer = EvidenceWriter.create(folder / "evidence.wacz.partial", audit())
    writer.begin_run(run_info(1))
    for number in range(1, steps + 1):
        paid = Event(
            kind="payment_call",
            at=T0,
            data={
                "channel": "wechat",
                "api": text("requestPayment"),
                "url": text("https://pay.example/go"),
                "wall": "page",
                "arguments": {text("timeStamp"): text("1750212345"), "nested": [text("x"), None, 1.5]},
            },
        )
        step = Step(
            run=1,
            number=number,
            goal="offers" if number > 1 else "enter",
            started=T0 + timedelta(seconds=number),
            captured=T0 + timedelta(seconds=number + 1),
            action=Action(
                verb="tap" if number > 1 else "open",
                goal="offers" if number > 1 else "enter",
                why=text("to choose the offer “连续包月”"),
                target=Target(node=7, label=text("立即支付"), role="button", box=BOX) if number > 1 else None,
                candidates=(
                    Candidate(label=text("关闭"), role="button", intent="close", score=0.5, why=text("它")),
                ),
            ),
            events=(paid,) if number == steps else (),
            outcome=Outcome(changed=True, url=text("https://drama.example/")),
            title=text("短剧"),
            url=text("https://drama.example/"),
            scene="paywall" if number > 1 else "other",
        )
        writer.add_step(step, json.dumps({"documents": [], "strings": []}).encode(), screen(number))
    return writer.finish(folder / "evidence.wacz")


def bad_facts(text: Callable[[str], str] = str, steps: int = 4) -> Facts:
    """A paywall with much to say about it; ``text`` as above."""
    last = Source(run=1, step=steps, node=9, text=text("立即支付"), box=BOX)
    at = AT.model_copy(update={"text": text(AT.text)})
    return facts(
        target=text("https://drama.example/ep/11"),
        title=text("雪夜归人"),
        offers=(
            offer(
                name=text("连续包月"),
                price=cny("9.9"),
                first_price=cny("9.9"),
                renewal_price=cny("39.9"),
                renewal_period="month",
                renewal_ratio=Decimal("4.03"),
                renewal=FAINT,
                at=at,
            ),
            offer(name=text("年卡"), renewal=None, at=at),
            offer(
                name=text("100币"),
                kind="pack",
                price=cny("10"),
                coins=Decimal(1000),
                at=at,
                auto_renews=False,
            ),
            offer(
                name=text("30币"),
                kind="pack",
                price=cny("6"),
                coins=Decimal(300),
                bonus_coins=Decimal(30),
                at=at,
                auto_renews=False,
            ),
        ),
        consents=(consent(label=text("我已阅读"), checked=True, checked_runs=3, at=at),),
        payment_calls=(call(offer=text("连续包月"), tapped_label=text("立即支付"), at=last),),
        leaving=(leaving(layers=2, layer_texts=(text("真的要走吗"), text("再看看")), at=at),),
        ladder=Ladder(
            unit="coins",
            rungs=tuple(Rung(number=n, value=Decimal(40 + n), at=at) for n in (11, 12, 30, 60)),
            priced=4,
            first_number=11,
            last_number=60,
            lowest=Decimal(51),
            highest=Decimal(100),
            at=at,
        ),
        countdowns=(
            Countdown(
                text=text("优惠剩余 09:58"),
                first=Decimal(598),
                visits=tuple(Visit(after_s=Decimal(s), value=Decimal(598), at=at) for s in (0, 70)),
                at=at,
            ),
        ),
    )


def bad_page(folder: Path, text: Callable[[str], str] = str, steps: int = 4) -> Page:
    """A report with findings on a walk of so many steps."""
    seen = bad_facts(text, steps)
    return Page(report(seen), seen, walk(folder, steps, text))
