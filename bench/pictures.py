"""How well prices in pictures are read: 60 paywalls drawn anew, in three languages at three scales.

    bench/pictures.py            all of them
    bench/pictures.py --keep DIR also leaves the pictures there

A price token is right when an amount with its currency is read as it was drawn; what is read and
was not drawn counts as made up. Ends with 1 below the goal, with 2 where OCR is not installed.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.model.money import Money
from payaudit.perceive.pictured import Picture
from payaudit.perceive.prices import amounts
from payaudit.walk.eyes import Eyes

GOAL = 0.97
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
)
WIDTH, HEIGHT = 375, 520  # CSS px of one paywall
PALETTES = (
    ("#ffffff", "#222222", "#e4393c"), ("#141418", "#f4f0e6", "#f2c14e"), ("#fff6ea", "#5a2d0c", "#c2410c"),
    ("#2b1055", "#ffffff", "#ffd166"), ("#f5f5f7", "#8a8a8e", "#0a7d3b"),
)  # fmt: skip
ZH = (
    "连续包月 首月{p}", "次月起{p}/月自动续费", "全集解锁 {p}", "单集 {p}/集", "年卡会员 {p}",
    "原价{p} 限时优惠", "新人专享{p}", "充值{p}送100看点", "立即支付 {p}",
)  # fmt: skip
EN = (
    "Weekly VIP {p}/week", "then {p}/week, auto-renews", "500 coins {p}", "Unlock all episodes {p}",
    "was {p}", "Yearly pass {p} billed once", "Pay {p} now", "First week {p}",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One drawn paywall and the amounts on it."""

    language: str
    scale: int
    png: bytes
    drawn: tuple[Money, ...]


def _price(dice: random.Random, language: str) -> tuple[str, Money]:
    cents = dice.choice([90, 99, 190, 490, 990, 999, 1290, 1799, 1990, 2500, 2999, 4999, 6800, 9999, 19999])
    text = f"{cents / 100:.2f}"
    if language == "zh":
        return dice.choice([f"¥{text}", f"￥{text}", f"{text}元"]), Money(amount=text, currency="CNY")
    return f"${text}", Money(amount=text, currency="USD")


def sheet(number: int) -> Sheet:
    """The same number draws the same paywall."""
    dice = random.Random(number)  # noqa: S311 - pictures, not secrets
    language = ("zh", "en", "mixed")[number % 3]
    scale = (1, 2, 3)[number // 3 % 3]
    ground, ink, accent = dice.choice(PALETTES)
    image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), ground)
    pen = ImageDraw.Draw(image)
    drawn: list[Money] = []
    y = 24
    for row in range(6):
        tongue = language if language != "mixed" else ("zh", "en")[row % 2]
        price, money = _price(dice, tongue)
        words = dice.choice(ZH if tongue == "zh" else EN).format(p=price)
        size = dice.choice([13, 14, 16, 18, 22])
        font = ImageFont.truetype(FONTS[row % 2], size * scale)
        left = dice.choice([16, 24, 40])
        pen.text((left * scale, y * scale), words, font=font, fill=accent if row % 2 else ink)
        drawn.append(money)
        y += size + dice.choice([28, 36, 52])
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return Sheet(language, scale, kept.getvalue(), tuple(drawn))


async def read(eyes: Eyes, paywall: Sheet) -> Counter[Money]:
    """The amounts that are read off one paywall."""
    whole = (Picture(1, 0, (0.0, 0.0, float(WIDTH), float(HEIGHT))),)
    eyes.spent = 0.0  # the patience of one walk is not what is measured
    readings = await eyes.read(paywall.png, float(paywall.scale), whole)
    lines = readings.lines if readings is not None else ()
    return Counter(a.money for line in lines for a in amounts(line.text) if a.money is not None)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    eyes = Eyes()
    if not eyes.available:
        print("error: OCR is not installed; pip install 'payaudit[ocr]'", file=sys.stderr)
        return 2
    table = Table(title="Prices in pictures", title_justify="left")
    for name in ("language", "scale", "drawn", "right", "made up", "share", "s each"):
        table.add_column(name, justify="left" if name == "language" else "right")
    marks: dict[tuple[str, int], list[tuple[int, int, int, float]]] = {}
    for number in range(options.count):
        paywall = sheet(number)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number:02}-{paywall.language}@{paywall.scale}x.png").write_bytes(paywall.png)
        began = time.process_time()
        found, stated = asyncio.run(read(eyes, paywall)), Counter(paywall.drawn)
        right = (found & stated).total()
        key = (paywall.language, paywall.scale)
        marks.setdefault(key, []).append(
            (stated.total(), right, found.total() - right, time.process_time() - began)
        )
        for missed in stated - found:
            print(f"{number:02} missed {missed}; made up {[str(m) for m in found - stated]}", file=sys.stderr)
    for (language, scale), rows in sorted(marks.items()):
        of, right, made_up = (sum(row[i] for row in rows) for i in range(3))
        seconds = sum(row[3] for row in rows) / len(rows)
        cells = (
            language,
            f"@{scale}x",
            str(of),
            str(right),
            str(made_up),
            f"{right / of:.3f}",
            f"{seconds:.1f}",
        )
        table.add_row(*cells)
    everything = [row for rows in marks.values() for row in rows]
    of, right, made_up = (sum(row[i] for row in everything) for i in range(3))
    table.add_section()
    table.add_row("all", "", str(of), str(right), str(made_up), f"{right / of:.3f}", f"goal {GOAL}")
    Console(width=100).print(table)
    return int(right / of < GOAL)


if __name__ == "__main__":
    sys.exit(main())
