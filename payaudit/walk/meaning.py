"""What a press means that was not chosen by us: an investigator's, or a journey's."""

from __future__ import annotations

from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.controls import Control
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name
from payaudit.perceive.paint import area, contains
from payaudit.perceive.prices import amounts
from payaudit.perceive.scene import Scene
from payaudit.perceive.screen import Screen

BY_HAND = "by hand"
_LEAST = 0.6  # of a guess; a weaker one says nothing of an act that was not ours
_HARMLESS = frozenset(
    {"close", "decline", "back", "fold", "agreement_link", "agree", "login", "reject_cookies", "age_gate"}
)
_MONEY = frozenset({"pay", "choose", "unlock"})


def control_at(screen: Screen, x: float, y: float) -> Control | None:
    """The control that a press at a point meets; None where it meets a bare place."""
    tree, hit = screen.tree, screen.paint.hit(x, y)
    holding = [c for c in screen.controls if hit is not None and tree.inside(hit, c.node)]
    if holding:
        return max(holding, key=lambda c: (c.strong, c.node))
    around = [c for c in screen.controls if c.reach == "now" and contains(c.box, x, y)]
    return min(around, key=lambda c: (area(c.box), c.node), default=None)


def meaning(
    screen: Screen, scene: Scene, control: Control | None, lexicon: Lexicon
) -> tuple[str, str | None]:
    """The intent of pressing a control, and the offer that it is for."""
    if control is None:
        return BY_HAND, None
    sale = _on_sale(screen, scene, control, lexicon)
    if sale is not None:
        return sale
    if any(box.control.node == control.node for box in consent_boxes(screen, lexicon)):
        return "agree", None
    if any(cell.control.node == control.node for cell in episode_grid(screen)):
        return "episode", None
    said = [g for g in guesses(control, screen, lexicon).values() if g.score >= _LEAST]
    return (max(said, key=lambda g: g.score).intent if said else BY_HAND), None


def _on_sale(
    screen: Screen, scene: Scene, control: Control, lexicon: Lexicon
) -> tuple[str, str | None] | None:
    """How a control serves to buy, and what."""
    for card in scene.cards:
        if card.button is not None and card.button.node == control.node:
            return "pay", offer_name(card, lexicon)
    if any(c.node == control.node for c in scene.pays):
        chosen = next((c for c in scene.cards if c.chosen), None)
        return "pay", offer_name(chosen, lexicon) if chosen is not None else None
    for card in scene.cards:
        node = card.chooser.node if card.chooser is not None else None
        if node is not None and (node == control.node or screen.tree.inside(control.node, node)):
            return "choose", offer_name(card, lexicon)
    return None


def may_pay(scene: Scene, intent: str) -> bool:
    """Whether the press may be one for money: known to be, or unknown in a place that sells."""
    return intent in _MONEY or (scene.kind in {"paywall", "plea"} and intent not in _HARMLESS)


def spends_balance(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """Whether pressing it would spend what an account holds: it unlocks or buys for coins, not for money."""
    said = amounts(control.label)
    if any(a.money is not None for a in said) or lexicon.has("topup", control.label):
        return False
    buys = {"unlock", "pay"} & {i for i, g in guesses(control, screen, lexicon).items() if g.score >= _LEAST}
    if any(a.coins is not None for a in said):
        return bool(buys) or control.strong
    if not buys:
        return False
    sight = [a for t in screen.front for a in amounts(t.text)]
    coins = any(a.coins is not None for a in sight)
    return coins and ("unlock" in buys or not any(a.money is not None for a in sight))
