"""How well size and contrast of texts are read from a snapshot, against the pixels of a page of 200 texts.

    bench/legibility.py            the table
    bench/legibility.py --wrong    each text that is read wrong, too

Beside each text stands a bar of four em by one in the text's own colour: its length in the screenshot tells
the painted font size, its colour and the ground's the painted contrast. Over a gradient the contrast may be
told as unknown, or lie between those at the text's two ends. Ends with 1 where a text is read wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.perceive.screen import build
from payaudit.perceive.style import Colour, contrast
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.snapshot import capture

TEXTS = 200
PIXELS = 3  # device pixels in a CSS px, as a phone has them
FONT_OFF, CONTRAST_OFF = 0.5, 0.1
_ROW, _SIGHT = 64, 13 * 64  # CSS px: of a text's row, and of the window
_BAR = 4  # em; a shorter one is drawn to the next whole px
_AWAY = 24  # steps of a colour channel from which it is another colour
_KINDS = ("plain", "opacity", "alpha", "nested", "scale", "turned", "gradient")
_PAGE = """<!doctype html><meta charset=utf-8><style>
body{margin:0;font:16px sans-serif} .r{height:64px;overflow:hidden;padding:8px 0 0 12px;box-sizing:border-box}
.w{display:inline-block;white-space:nowrap;transform-origin:0 0} .t{display:inline-block}
.q{display:inline-block;width:4em;height:1em;margin:0 14px;background:currentColor}
</style>"""


@dataclass(frozen=True)
class Read:
    """One text: what the pixels say, and what was read."""

    name: str
    kind: str
    font: float
    contrasts: tuple[float, float]  # least and most over the text's width
    read_font: float
    read_contrast: float | None

    @property
    def font_right(self) -> bool:
        """Within half a px."""
        return abs(self.font - self.read_font) <= FONT_OFF

    @property
    def contrast_right(self) -> bool:
        """Within a tenth, or told as unknown."""
        low, high = self.contrasts
        told = self.read_contrast
        return told is None or low - CONTRAST_OFF <= told <= high + CONTRAST_OFF


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return (chance.randrange(256), chance.randrange(256), chance.randrange(256))


def _css(rgb: tuple[int, int, int], alpha: float = 1.0) -> str:
    return f"rgba({rgb[0]},{rgb[1]},{rgb[2]},{alpha:g})"


def _apart(chance: random.Random, ground: tuple[int, int, int]) -> tuple[int, int, int]:
    """A colour that can be told from the ground by a pixel."""
    while True:
        ink = _colour(chance)
        if max(abs(a - b) for a, b in zip(ink, ground, strict=True)) > 4 * _AWAY:
            return ink


def page(seed: int = 7) -> tuple[str, dict[str, str]]:
    """The page, and the kind of each text by its words."""
    chance = random.Random(seed)  # noqa: S311 - chance that is to be repeatable
    rows, kinds = [], {}
    for number in range(TEXTS):
        kind, name = _KINDS[number % len(_KINDS)], f"Text{number:03d}"
        ground = _colour(chance)
        ink, size = _apart(chance, ground), chance.choice((8, 9, 10.5, 11, 12, 13.3, 14, 16, 18, 20.8, 24))
        row, words = f"background:{_css(ground)}", f"color:{_css(ink)};font-size:{size}px"
        inner = ""
        match kind:
            case "opacity":
                words += f";opacity:{chance.uniform(0.4, 0.9):.2f}"
            case "alpha":
                words = f"color:{_css(ink, round(chance.uniform(0.4, 0.9), 2))};font-size:{size}px"
            case "nested":
                inner = f"background:{_css(_colour(chance), round(chance.uniform(0.1, 0.4), 2))}"
            case "scale":
                words += f";transform:scale({chance.uniform(0.6, 1.5):.2f})"
            case "turned":
                words += ";transform:rotate(180deg);transform-origin:50% 50%"
            case "gradient":
                row = f"background:linear-gradient(90deg,{_css(ground)},{_css(_colour(chance))})"
        rows.append(
            f'<div class=r style="{row}"><div style="{inner}"><div class=w style="{words}">'
            f"<span class=t>{name}</span><i class=q data-of={name}></i></div></div></div>"
        )
        kinds[name] = kind
    return _PAGE + "".join(rows), kinds


_BARS = """[...document.querySelectorAll('.q')].map(q => {
  const t = q.previousSibling.getBoundingClientRect(), b = q.getBoundingClientRect();
  return [q.dataset.of, b.x, b.y, b.width, b.height, t.x, t.y, t.width, t.height];
})"""


async def measured(seed: int = 7, browser: str | None = None) -> list[Read]:
    """Draw the page, and hold every text against its pixels."""
    drawn, kinds = page(seed)
    async with async_playwright() as playwright:
        here = find_browser(browser)
        running = await playwright.chromium.launch(
            executable_path=here.path,
            args=[each for each in launch_args(here) if each != "--headless=new"],
            chromium_sandbox=can_sandbox(here),
        )
        size = {"width": 390, "height": _SIGHT}
        sheet = await running.new_page(viewport=size, device_scale_factor=PIXELS)  # type: ignore[arg-type] # a ViewportSize
        await sheet.set_content(drawn)
        session = await sheet.context.new_cdp_session(sheet)
        screen = build(json.loads(await capture(sheet, session)))
        bars = await sheet.evaluate(_BARS)
        shots = []
        for top in range(0, _ROW * TEXTS, _SIGHT):
            await sheet.evaluate(f"scrollTo(0, {top})")
            shots.append((float(await sheet.evaluate("scrollY")), await sheet.screenshot()))
        await running.close()
    pictures = [(top, Image.open(io.BytesIO(shot)).convert("RGB")) for top, shot in shots]
    runs = {run.text.strip(): run for text in screen.texts for run in text.runs}
    return [
        _read(name, kinds[name], box, pictures, runs[name].font_px, runs[name].contrast)
        for name, *box in bars
    ]


def _read(  # noqa: PLR0913, PLR0917 - the two sides of one comparison
    name: str,
    kind: str,
    box: list[float],
    pictures: list[tuple[float, Image.Image]],
    font: float,
    told: float | None,
) -> Read:
    x, y, wide, high, text_x, _, text_wide, _ = box
    middle = y + high / 2
    top, picture = next((top, p) for top, p in pictures if top <= middle < top + _SIGHT)
    row = round((middle - top) * PIXELS)
    ink = _at(picture, round((x + wide / 2) * PIXELS), row)
    left = right = round((x + wide / 2) * PIXELS)
    while _same(_at(picture, left - 1, row), ink):
        left -= 1
    while _same(_at(picture, right + 1, row), ink):
        right += 1
    beside = [_at(picture, round(at * PIXELS), row) for at in _grounds(x, wide, text_x, text_wide)]
    # Painters round and dither: a pixel is known to one step, more than a tenth between light and dark.
    ratios = [contrast(ink, _stepped(ground, by)) for ground in beside for by in (-1, 0, 1)]
    return Read(name, kind, (right - left + 1) / PIXELS / _BAR, (min(ratios), max(ratios)), font, told)


def _grounds(x: float, wide: float, text_x: float, text_wide: float) -> tuple[float, float]:
    """Where the bare ground shows: before the text and between text and bar, whichever comes first."""
    if text_x < x:
        return max(1.0, text_x - 4), x - 5
    return x + wide + 5, text_x + text_wide + 4


def _at(picture: Image.Image, x: int, y: int) -> Colour:
    r, g, b = picture.getpixel((min(max(x, 0), picture.width - 1), y))  # type: ignore[misc] # RGB has three
    return (float(r), float(g), float(b), 1.0)


def _stepped(colour: Colour, by: int) -> Colour:
    r, g, b = (min(max(part + by, 0.0), 255.0) for part in colour[:3])
    return (r, g, b, 1.0)


def _same(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) <= _AWAY


def table(read: list[Read]) -> Table:
    """By kind of text."""
    drawn = Table(title="Texts against their pixels", title_justify="left")
    drawn.add_column("kind")
    for name in ("texts", "size within 0.5 px", "contrast within 0.1", "told as unknown"):
        drawn.add_column(name, justify="right")
    for kind in (*_KINDS, "all"):
        of = [r for r in read if kind in {r.kind, "all"}]
        known = [r for r in of if r.read_contrast is not None]
        cells = (
            len(of),
            sum(r.font_right for r in of),
            sum(r.contrast_right for r in known),
            len(of) - len(known),
        )
        drawn.add_row(
            kind, *map(str, cells), style="red" if cells[1] < len(of) or cells[2] < len(known) else ""
        )
    return drawn


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wrong", action="store_true", help="each text that is read wrong")
    parser.add_argument("--browser", help="path, command or kind of browser")
    options = parser.parse_args()
    read = asyncio.run(measured(browser=options.browser))
    console = Console() if sys.stdout.isatty() else Console(width=110)
    console.print(table(read))
    wrong = [r for r in read if not (r.font_right and r.contrast_right)]
    if options.wrong:
        for one in wrong:
            console.print(str(one), highlight=False)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
