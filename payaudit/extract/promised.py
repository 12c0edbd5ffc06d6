"""What was promised on the way in, held against what was for sale behind it."""

from __future__ import annotations

import re
from decimal import Decimal

from payaudit.extract.walked import Walked
from payaudit.model.facts import Claim, Offer
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts

_RATIO = Decimal("0.01")
# A part is what is free: the first so many, one, a range, a look at it.
_LIMIT = re.compile(
    r"前\s*[\d一二三四五六七八九十两几]+|首\s*[\d一二三四五六七八九十两]*\s*[集話话]|第\s*\d+|\d+\s*[-–~至到]\s*\d+|[\d几]+\s*[集話话]\s*免[费費]"
    r"|免[费費](?:试看|試看|试读|领|領|体验|體驗)|部分|试看|試看|起付费|看广告|看廣告|广告"
    r"|first|episodes? \d|eps?\.? ?\d|\d+ (?:free|episodes free)|trial|preview|sample"
    r"|with ads|ad-supported|watch an? ad"
    r"|第?\d+話|無料お試し|体験|最初|처음|\d+화|체험|folgen? \d"
    r"|ersten|probe|primer|primeir|premier|pertama|coba"
    r"|anúncio|anuncio|publicité|werbung|iklan|광고|広告",
    re.IGNORECASE,
)


def promised(
    walked: Walked, made: tuple[Claim, ...], offers: tuple[Offer, ...], *, whole: bool
) -> tuple[Claim, ...]:
    """The same claims with whether they are limited, and the cheapest that was for sale."""
    if not made:
        return made
    ads = any(walked.lexicon.has("watch_ad", t.text) for s in walked.seen for t in s.screen.front)
    paid = any(o.price is not None or o.coin_price is not None for o in offers)
    return tuple(
        claim.model_copy(
            update={
                "qualified": bool(_LIMIT.search(claim.text)) or ads,
                "paid_after": paid or (False if whole else None),
                "best_ratio": _best_ratio(claim, offers, walked.lexicon) if whole else None,
            }
        )
        for claim in made
    )


def _best_ratio(claim: Claim, offers: tuple[Offer, ...], lexicon: Lexicon) -> Decimal | None:
    """None where no price was promised, or none in its currency was seen.

    A price for the whole is held against what is no trial, no episode and not narrower by its own words.
    """
    if claim.price is None or not claim.price.amount:
        return None
    sold = [o for o in offers if o.price is not None and o.price.currency == claim.price.currency]
    if any(lexicon.has("all_episodes", line) and amounts(line) for line in claim.text.split(" / ")):
        sold = [o for o in sold if not _part(o, lexicon)] or sold
    asked = [o.price.amount for o in sold if o.price is not None]
    return (min(asked) / claim.price.amount).quantize(_RATIO) if asked else None


def _part(offer: Offer, lexicon: Lexicon) -> bool:
    return bool(offer.trial or offer.scope_narrower or offer.kind == "episode") or any(
        lexicon.has(group, offer.name) for group in ("trial", "first_time", "this_episode")
    )
