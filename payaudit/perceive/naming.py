"""What an offer is called: the words beside its price that are not themselves a price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.periods import period_in
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.roles import says_only_role
from payaudit.perceive.texts import Text

_LETTER = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"\s+")
_NAME_CHARS = 40
_NEAR_PX = 120.0  # from the price; what stands further off on a card that fills a page names it less
_FAR = 0.004  # weight lost by each px beyond
_ROLE_ONLY = 1.2  # weight lost by words that only say what the amount beside them is, or what comes later
_EDGE = " ·|:：,，。.-–—/（）()[]【】￥¥$€£"
_NOT_NAMING = ("urgency", "saving", "reference", "cancel", "consent", "refund")
_NAMING = ("all_episodes", "unlock", "one_off", "renewal", "trial", "first_time", "topup")


def offer_name(card: Card, lexicon: Lexicon) -> str:
    """A stable name: the caption that tells this card from its neighbours.

    Reckoned once: every offer is held against every card of its name, two hundred against two hundred.
    """
    known: dict[Lexicon, str] = vars(card).setdefault("_names", {})
    if lexicon not in known:
        known[lexicon] = _name(card, lexicon)
    return known[lexicon]


def _name(card: Card, lexicon: Lexicon) -> str:
    pack = _pack_name(card)
    if pack:
        return pack[:_NAME_CHARS]
    plain: list[tuple[float, str]] = []
    top = card.main.text.box[1] if card.main is not None else 0.0
    parts = [(position, line) for position, text in enumerate(card.texts) for line in _lines(text)]
    for position, text in parts:
        if text.sight == "hidden":
            continue
        words = without_amounts(_loudest(text))
        if not _LETTER.search(words):
            continue
        whole = words == clean(_loudest(text)) and not amounts(text.text)
        size = max(r.font_px for r in text.runs) / 16 if whole else 0.6
        weight = size + (0.2 if text.runs[0].bold else 0.0) - position * 0.05
        if period_in(words) is not None:
            weight += 0.6
        weight += sum(0.3 for group in _NAMING if lexicon.has(group, words))
        weight -= sum(0.6 for group in _NOT_NAMING if lexicon.has(group, words))
        weight += 0.4 if whole else 0.0
        beside = amounts(text.text)
        later = bool(beside) and all(a.role not in ASKED for a in beside)
        weight -= _ROLE_ONLY if later or (not whole and says_only_role(words)) else 0.0
        weight -= max(0, len(words) - 12) * 0.06
        weight -= _FAR * max(0.0, abs(text.box[1] - top) - _NEAR_PX)
        plain.append((weight, words))
    if not plain:
        return clean(card.words)[:_NAME_CHARS]
    return max(plain, key=lambda pair: pair[0])[1][:_NAME_CHARS]


def _lines(text: Text) -> Iterator[Text]:
    """A text cut where its element breaks the line: a caption with its prices below it."""
    if "\n" not in text.text:
        yield text
        return
    for line in re.finditer(r"[^\n]*\S[^\n]*", text.text):
        runs = text.runs_at(line.start(), line.end())
        if runs:
            moved = tuple(replace(run, start=run.start - line.start()) for run in runs)
            yield replace(text, text=line.group(), runs=moved)


def _pack_name(card: Card) -> str | None:
    """A pack of coins is called by what it holds."""
    money = any(p.amount.money is not None for p in card.placed)
    for placed in card.placed:
        text = placed.text.text
        alone = not any(a.money is not None for a in amounts(text))
        if money and alone and placed.amount.coins and not placed.amount.bonus and placed.role != "other":
            name = clean(text[placed.amount.start : placed.amount.end])
            # A bare number stands over its coin's name, which is told beside it.
            return name if _LETTER.search(name) else f"{name} {placed.amount.coin_name or ''}".strip()
    return None


def _loudest(text: Text) -> str:
    """The largest runs of a text, its first line: a badge beside a caption is not part of it."""
    top = max(r.font_px for r in text.runs)
    said = "".join(r.text for r in text.runs if r.font_px > 0.85 * top)
    lines = [line for line in said.split("\n") if _LETTER.search(line)]
    return lines[0] if lines else said


def clean(text: str) -> str:
    """One line, single spaces."""
    return _SPACES.sub(" ", text).strip()


def without_amounts(text: str) -> str:
    """The text with every amount cut out."""
    rest, last = [], 0
    for amount in amounts(text):
        rest.append(text[last : amount.start])
        last = amount.end
    rest.append(text[last:])
    whole = clean(" ".join(rest))
    bare = whole.strip(_EDGE)
    for opening, closing in ("（）", "()", "[]", "【】"):
        if bare.count(opening) > bare.count(closing) and f"{bare}{closing}" in whole:
            return f"{bare}{closing}"
    return bare
