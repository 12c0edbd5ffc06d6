"""What the single episode in front costs.

The price of a pack, of a membership or of the whole series is none of one
episode, and neither is the viewer's balance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from payaudit.perceive.card import Card
from payaudit.perceive.episodes import episode_count, episode_range
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import Placed, is_rate, placed
from payaudit.perceive.prices import Amount, amounts, period_in
from payaudit.perceive.scene import Scene
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Tree

_ABOVE_PX = 8.0  # how far above an amount the name of what it buys stands on the same line
_LEAST = 2  # score from which an amount is taken for the episode's price
_SIDE = 3  # characters beside an amount in which a rate has its sign
_BY_NUMBER = re.compile(r"第\s*\d{1,3}\s*[集话話回화회]")
# 62 locked episodes · 65 coins each
_EACH = re.compile(
    r" ?(?:each|apiece|je(?:weils)?|chacun|cada un[oa]|c/u|cada|masing-masing|ciascuno|tanesi|mỗi tập)(?!\w)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\d\s?[集话話回화회]|\d.{0,12}\b(?:episod\w*|chapters?|folgen|épisodes?|cap[ií]tulos?|puntate)",
    re.IGNORECASE,
)
_APART = re.compile(r"[·|,，;；\n]|\s{2,}")  # 60 Coins to unlock   Balance: 0
_SPAN = re.compile(r"第?\s*\d{1,3}\s*[集话話回화회]?\s*[-~〜～–—至到]\s*第?\s*\d{1,3}\s*[集话話回화회]?")


@dataclass(frozen=True, slots=True)
class EpisodePrice:
    """An amount asked for one episode, where it stands."""

    amount: Amount
    text: str
    node: int | None = None
    box: tuple[float, float, float, float] | None = None


def episode_price(screen: Screen, scene: Scene, lexicon: Lexicon) -> EpisodePrice | None:
    """The price of the one episode that a screen asks to pay for; None where none is told."""
    ranked: list[tuple[int, int, Placed]] = []
    for order, found in enumerate(placed(screen)):
        score = _score(found, screen, scene, lexicon)
        if score >= _LEAST:
            ranked.append((-score, order, found))
    if not ranked:
        only = _only_one(screen, scene, lexicon)
        return None if only is None else _told(only)
    return _told(min(ranked, key=lambda r: (r[0], r[1]))[2])


def asked_in(message: str) -> EpisodePrice | None:
    """The price that a native question asks for."""
    for amount in amounts(message):
        if amount.role in {"price", "first"} and not amount.bonus:
            return EpisodePrice(amount, message)
    return None


def _told(found: Placed) -> EpisodePrice:
    return EpisodePrice(found.amount, found.text.text.strip(), found.runs[0].node, found.text.box)


def _score(found: Placed, screen: Screen, scene: Scene, lexicon: Lexicon) -> int:
    said = found.text.text
    if not _may_be(found, lexicon):
        return 0
    # What each costs on average says less than what is asked for the one.
    if found.amount.per == "episode":
        score = 2
    else:
        score = 3 if _names_one(said, lexicon) else 0
        score += 3 if found.amount.coins is not None and lexicon.has("needed", _lead(found)) else 0
        behind = said[found.amount.end :]
        # 65 coins each · 54 locked episodes
        score += 3 if _EACH.match(behind) and _speaks_of_episodes(_lead(found), behind, lexicon) else 0
    if lexicon.has("unlock", said):
        score += 2
    card = next((c for c in scene.cards if screen.tree.inside(found.text.node, c.node)), None)
    if card is not None:
        both = any(p.amount.money is not None for p in card.placed) and any(
            p.amount.coins is not None for p in card.placed
        )
        other = lexicon.has("all_episodes", card.words) or period_in(card.words) is not None
        if (both or other) and not _names_one(card.words, lexicon):
            return 0
        if not _names_one(said, lexicon) and _beside_membership(found, card, lexicon):
            return 0
        if not card.costs(found.key) and _several(card.words, lexicon):
            return 0  # what each of them comes to
        if card.main is found or card.costs(found.key):
            one = _names_one(card.words, lexicon) and not _several(card.words, lexicon)
            score += 3 if one else 0
            score += 1 if lexicon.has("unlock", card.words) else 0
    return score


def _speaks_of_episodes(lead: str, behind: str, lexicon: Lexicon) -> bool:
    """Whether episodes stand before the amount, or counted behind what sets it apart."""
    counted = (part for part in _APART.split(behind) if any(letter.isdigit() for letter in part))
    return lexicon.has("episodes", lead) or any(_COUNTED.search(part) for part in counted)


def _names_one(words: str, lexicon: Lexicon) -> bool:
    """Whether one episode is named, and not the ends of a span of them."""
    return lexicon.has("this_episode", _SPAN.sub(" ", words))


def _several(words: str, lexicon: Lexicon) -> bool:
    """Whether more than one episode is sold."""
    # 第 11 集 is one by number.
    many = episode_range(words) is not None or (episode_count(_BY_NUMBER.sub(" ", words)) or 1) > 1
    return many or lexicon.has("all_episodes", words)


def _lead(found: Placed) -> str:
    """The words before an amount, from the amount before it on, with the amount."""
    said, own = found.text.text, found.amount
    before = max((a.end for a in amounts(said) if a.end <= own.start), default=0)
    return said[before : own.end]


def _clause(found: Placed) -> str:
    """The words that speak of this amount, and not those that lead to the next one."""
    said, own = found.text.text, found.amount
    behind = any(a.start >= own.end for a in amounts(said))
    return _lead(found) if behind else _lead(found) + _APART.split(said[own.end :], maxsplit=1)[0]


def _beside_membership(found: Placed, card: Card, lexicon: Lexicon) -> bool:
    """Whether the words on the amount's own line name something that is bought by time."""
    y, height = found.text.box[1], found.text.box[3]
    line = " ".join(
        t.text for t in card.texts if t.box[1] < y + height and t.box[1] + t.box[3] > y - _ABOVE_PX
    )
    timed = period_in(line) is not None or lexicon.has("tab_subscription", line)
    return timed and not _names_one(line, lexicon)


def _may_be(found: Placed, lexicon: Lexicon) -> bool:
    said = found.text.text
    return (
        found.role in {"price", "first", "per_unit"}
        and not found.amount.bonus
        and found.amount.coins != 0
        and (found.amount.per in {None, "episode"})
        and not _of_a_rate(found, lexicon)
        and not lexicon.has("balance", _clause(found))
        and not lexicon.has("all_episodes", said)
        and found.text.sight in {"visible", "off_screen", "clipped"}
    )


def _of_a_rate(found: Placed, lexicon: Lexicon) -> bool:
    """Whether an amount is one side of a rate of exchange; a price may stand in the same line before it."""
    said, own = found.text.text, found.amount
    if not is_rate(said):
        return False
    before, behind = said[max(0, own.start - _SIDE) : own.start], said[own.end : own.end + _SIDE]
    # A colon before it may follow the episode's name: Tập 9: 40 xu.
    sided = any(mark in before + behind for mark in "=＝≈") or any(mark in behind for mark in ":：")
    return sided or not _names_one(_lead(found), lexicon)


def _only_one(screen: Screen, scene: Scene, lexicon: Lexicon) -> Placed | None:
    """Where a layer asks to unlock and names a single amount, it is that."""
    if scene.kind != "paywall" or not lexicon.has("unlock", screen.words):
        return None
    found = [p for p in placed(screen) if p.asked and not _balance(p, screen.tree, lexicon)]
    values = {p.key[:2] for p in found}
    return (
        found[0]
        if len(values) == 1 and _may_be(found[0], lexicon) and _plain(found[0], scene, lexicon)
        else None
    )


def _balance(found: Placed, tree: Tree, lexicon: Lexicon) -> bool:
    """Whether it is what the viewer has; the word may stand beside the number."""
    near = tree.nodes[found.text.node].parent
    words = " ".join(p.text for i in tree.subtree(near) for p in tree.nodes[i].pieces)
    return found.amount.coins == 0 or (len(words) < 40 and lexicon.has("balance", words))  # noqa: PLR2004 - longer is more than a caption


def _plain(found: Placed, scene: Scene, lexicon: Lexicon) -> bool:
    """Whether no membership or series is what the amount pays for."""
    return not any(
        period_in(words) is not None
        or (lexicon.has("tab_subscription", words) and not lexicon.has("this_episode", words))
        for card in scene.cards
        if card.costs(found.key)
        # An advertisement that opens this episode says nothing of what is sold beside it.
        for words in (" ".join(t.text for t in card.texts if not lexicon.has("watch_ad", t.text)),)
    )
