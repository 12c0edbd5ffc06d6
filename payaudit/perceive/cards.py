"""Offers as they stand on a screen: which price belongs to which thing.

No markup is assumed. Prices are found in the texts in front, and the tree is
parted where subtrees that hold prices stand side by side: each is a card. A
button that only repeats a card's price is the pay control, not a card.
"""

from __future__ import annotations

from dataclasses import replace

from payaudit.perceive.bare_coins import with_bare_coins
from payaudit.perceive.bill import Bill, bill_of
from payaudit.perceive.card import Card, stands_apart
from payaudit.perceive.chosen import with_chosen
from payaudit.perceive.columns import column_cards
from payaudit.perceive.controls import Control
from payaudit.perceive.echoes import (
    is_ticked,
    without_echoes,
    without_extras,
    without_notes,
    without_plain_lines,
)
from payaudit.perceive.free_trial import free_for
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.own_buttons import with_own_buttons
from payaudit.perceive.parting import Part, in_one_text, part
from payaudit.perceive.pay_controls import asks_price, main_button, pay_controls
from payaudit.perceive.placed import Placed, currency_around, is_rate, placed, placed_in, value_of
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.stacked import stacked_cards
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Tree

_PROSE = 120  # characters; a longer text tells of prices and sells nothing by itself
_LARGE = 0.4  # share of a card that a control fills to choose it
_ONE_OF_SEVERAL = frozenset({"radio", "option", "tab"})


def cards(screen: Screen, lexicon: Lexicon, currency: str | None = None) -> tuple[Card, ...]:
    """The offers in scope, in screen order."""
    anchors = [
        p
        for p in placed(screen, currency)
        if p.asked and len(p.text.text) <= _PROSE and not is_rate(p.text.text) and p.amount.coins != 0
    ]
    anchors += _after_free_trials(screen, lexicon, anchors, currency)
    if not anchors:
        return ()
    pays = pay_controls(screen, lexicon, reachable=False)
    bill = bill_of(screen, pays, lexicon)
    sums = bill.sums if bill is not None else frozenset()
    anchors = [a for a in anchors if a.amount.money not in sums] or anchors
    columns = column_cards(screen, anchors)
    if columns:
        return with_chosen(screen, columns, pays)
    stacked = stacked_cards(screen, anchors, pays)
    if stacked:
        return stacked
    parts = part(screen, screen.scope, anchors)
    found = [_card(screen, one, parts, pays, lexicon) for one in parts]
    if bill is not None:
        found = [replace(c, placed=tuple(p for p in c.placed if p.amount.money not in sums)) for c in found]
        found = _as_billed(found, bill, screen)
    found = with_own_buttons(found, screen, lexicon)
    kept = without_notes(without_echoes(found, screen, lexicon), screen, pays)
    kept = without_plain_lines(kept, screen, pays)
    kept = with_own_buttons(without_extras(kept, screen, lexicon), screen, lexicon)
    kept = with_bare_coins(kept, screen)
    if len(kept) > 1 and _paid_apart(screen, pays, kept, lexicon):
        kept = [_chosen_not_paid(c, screen.tree) for c in kept]
    return with_chosen(screen, tuple(kept), pays)


def _as_billed(found: list[Card], bill: Bill, screen: Screen) -> list[Card]:
    """Without cards that name what the bill sums up, whose row says what is due today, and without extras."""
    row = next((c for c in found if bill.bought in c.placed), None)
    if row is None:
        return found
    _, y, _, height = bill.bought.text.box
    named = {t.text.strip() for t in row.texts if y <= t.box[1] + t.box[3] / 2 <= y + height}
    # A head over the bill is no name of what is bought.
    billed = replace(row, texts=tuple(t for t in row.texts if t.box[1] + t.box[3] / 2 >= y))
    others = [
        c
        for c in found
        if c is not row
        and not is_ticked(screen, c)
        and not named & {t.text.strip() for t in c.texts}
        and not _says_what(c, row, screen.tree)
    ]
    return [*others, billed]


def _says_what(card: Card, row: Card, tree: Tree) -> bool:
    """Whether a row of a bill only names the coins that its price buys (Item: 3,000 coins)."""
    coins = all(p.amount.money is None for p in card.placed)
    pressed = card.chooser is not None and card.chooser.strong
    return coins and not pressed and tree.of_one_list(card.node, row.node)


def _after_free_trials(
    screen: Screen, lexicon: Lexicon, asked: list[Placed], currency: str | None
) -> list[Placed]:
    """What is charged after a trial for nothing, where that is the only price: 7 days free, then $9.99.

    Only on something that is pressed: a note says it again.
    """
    tree = screen.tree
    found = []
    for later in placed(screen, currency):
        if later.role != "renewal" or later.amount.money is None or len(later.text.text) > _PROSE:
            continue
        root = _root(screen, later.text.node, [a.text.node for a in asked])
        texts = [t for t in screen.in_scope if tree.inside(t.node, root)]
        pressed = any(
            c.strong and c.href is None and (tree.inside(c.node, root) or tree.inside(root, c.node))
            for c in screen.controls
        )
        if pressed and any(free_for(t.text, lexicon) is not None for t in texts):
            found.append(later)
    return found


def _paid_apart(screen: Screen, pays: list[Control], found: list[Card], lexicon: Lexicon) -> bool:
    """Whether a pay control stands outside all cards: then cards are chosen, not paid."""
    tree = screen.tree
    if any(c.strong and stands_apart(tree, c, found) and lexicon.has("pay", c.label) for c in pays):
        return True
    return any(
        main_button(screen, control, lexicon)
        and stands_apart(tree, control, found)
        and any(card.costs(value_of(a)) for card in found for a in amounts(control.label))
        for control in screen.controls
    )


def _chosen_not_paid(card: Card, tree: Tree) -> Card:
    """A card whose whole face is its button is chosen by it where another control pays."""
    whole = card.button is not None and tree.inside(card.node, card.button.node)
    return replace(card, chooser=card.chooser or card.button, button=None) if whole else card


def _card(screen: Screen, mine: Part, parts: list[Part], pays: list[Control], lexicon: Lexicon) -> Card:
    """The card of one part: as much around its amounts as holds none of another part."""
    tree = screen.tree
    node, anchors = mine
    others = [a.runs[0].node for _, group in parts if group is not anchors for a in group]
    root = _root(screen, node, others)
    texts = _texts(screen, root, anchors, others)
    inside = [c for c in screen.controls if tree.inside(c.node, root)]
    around = [c for c in screen.controls if c.strong and c.node != root and _wraps(screen, c, root)]
    button = next((c for c in pays if c.strong and (tree.inside(c.node, root) or c in around[-1:])), None)
    # Where a list listens for all, the text that says to pay this price is the button.
    button = button or next((c for c in pays if tree.inside(c.node, root) and asks_price(c, lexicon)), None)
    if len(parts) == 1 and button is None and pays:
        button = max(pays, key=lambda c: (c.strong, c.box[1]))
    chooser = _chooser(tree, root, inside, around[-1:], button, anchors)
    if chooser is None and len(parts) > 1 and button is None:
        chooser = next((c for c in inside if c.role == "text"), None)
    if chooser is button:
        chooser = None
    told = tuple(placed_in(texts, currency_around(screen)))
    return Card(root, texts, told, chooser, button, None, None)


def _wraps(screen: Screen, control: Control, root: int) -> bool:
    """Whether a control lies around a card and nothing else that is pressed; one that holds more does not."""
    tree = screen.tree
    return tree.inside(root, control.node) and not any(
        c.strong and tree.inside(c.node, control.node) and not tree.inside(c.node, root) and c is not control
        for c in screen.controls
        if not tree.inside(root, c.node)
    )


def _root(screen: Screen, node: int, others: list[int]) -> int:
    """The highest node in scope above ``node`` that holds none of the others."""
    root = node
    for above in screen.tree.ancestors(node):
        if above < screen.scope or any(screen.tree.inside(o, above) for o in others):
            break
        root = above
    return root


def _texts(screen: Screen, root: int, anchors: list[Placed], others: list[int]) -> tuple[Text, ...]:
    """All texts of a card; only its own where it shares its node with other cards."""
    if in_one_text(anchors) and any(screen.tree.inside(o, root) for o in others):
        return (anchors[0].text,)
    return tuple(t for t in screen.in_scope if screen.tree.inside(t.runs[0].node, root))


def _chooser(  # noqa: PLR0913, PLR0917 - what a card is made of
    tree: Tree,
    root: int,
    inside: list[Control],
    around: list[Control],
    button: Control | None,
    anchors: list[Placed],
) -> Control | None:
    """What to press to choose a card: a radio in it, itself, what lies around it, or most of its face."""
    radios = [c for c in inside if c.role in _ONE_OF_SEVERAL]
    if len(radios) > 1:
        # A card that fills a page holds the tabs or choices of the whole page.
        radios = [c for c in radios if any(tree.inside(p.runs[0].node, c.node) for p in anchors)]
    itself = [c for c in inside if c.node == root and c.strong]
    face = [
        c
        for c in inside
        if c.strong and c is not button and c.role in {"button", "link", "label"} and _large(c, tree, root)
    ]
    return next(iter(radios or itself or around or face), None)


def _large(control: Control, tree: Tree, root: int) -> bool:
    box = tree.nodes[root].box
    return box is not None and control.box[2] * control.box[3] > _LARGE * box[2] * box[3]
