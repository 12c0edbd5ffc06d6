"""What a paywall asks in coins for the episode in front, where no offer of its own carries that price."""

from __future__ import annotations

from decimal import Decimal

from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Offer
from payaudit.perceive.episode_price import EpisodePrice, episode_price
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.prices import amounts

_GOALS = frozenset({"paywall", "read", "offers", "ladder", "again"})
_NAME = 40
_EDGE = " \u3000:：,，(（-·•|"
_ABOUT = "=＝≈≒约"
_NEAR_PX = 30.0  # how far from the price its worth in money may stand


def asked_offers(walked: Walked, sold: tuple[Offer, ...], *, whole: bool) -> tuple[Offer, ...]:
    """One offer of a single episode: packs are bought by a control, the episode is then paid with coins."""
    if any(o.coin_price is not None or o.kind == "episode" for o in sold):
        return ()
    for seen in walked.seen:
        if seen.step.goal not in _GOALS or seen.scene.kind != "paywall" or episode_grid(seen.screen):
            continue
        asked = episode_price(seen.screen, seen.scene, walked.lexicon)
        if asked is None or asked.amount.coins is None:
            continue
        if any(o.coins == asked.amount.coins and o.price is not None for o in sold):
            return ()  # a pack of just as many says what that is in money
        worth = _worth_beside(seen, asked)
        return (
            Offer(
                name=_name(asked),
                kind="episode",
                coin_price=Decimal(asked.amount.coins),
                coin_name=asked.amount.coin_name,
                auto_renews=False,
                auto_renews_known_by="text",
                claims_all=False,
                money_equivalent=True if worth else (False if whole else None),
                at=seen.source(asked.node, asked.text, asked.box),
            ),
        )
    return ()


def _name(asked: EpisodePrice) -> str:
    """The words that lead to the price, else the whole text."""
    before = asked.text[: asked.amount.start].strip(_EDGE)
    return (before or asked.text.strip())[:_NAME]


def _worth_beside(seen: Seen, asked: EpisodePrice) -> bool:
    """Whether money stands with the price, or a rate of coins anywhere in the view."""
    if any(a.money is not None for a in amounts(asked.text)):
        return True
    for text in seen.screen.in_scope:
        found = amounts(text.text)
        money = any(a.money is not None for a in found)
        rate = money and any(a.coins is not None for a in found)
        if rate and any(sign in text.text for sign in _ABOUT):
            return True
        near = asked.box is not None and abs(text.box[1] - asked.box[1]) < _NEAR_PX
        if near and money and any(sign in text.text for sign in _ABOUT):
            return True
    return False
