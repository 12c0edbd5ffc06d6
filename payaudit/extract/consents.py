"""Boxes and switches as they stood before any touch, and whether their links lead anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from payaudit.extract.ticks import ticked
from payaudit.extract.walked import Seen, Walked
from payaudit.model.evidence import Box
from payaudit.model.facts import Consent, ConsentKind, KnownBy
from payaudit.perceive.agreements import title
from payaudit.perceive.consents import ConsentBox, consent_boxes
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.texts import Text

Key = tuple[ConsentKind, str]
State = tuple[bool | None, KnownBy | None]
"""Whether a box is on, and how that is known."""

_FURTHER: tuple[tuple[str, ConsentKind], ...] = (
    ("agreement_link", "agreement"), ("renewal", "renewal"), ("autobuy", "autobuy"),
)  # fmt: skip
_ORDER: dict[ConsentKind, int] = {"renewal": 1, "autobuy": 2, "passwordless": 3}
"""How many of these a box of a kind may also be: its words are looked through in this order."""
_SENTENCE = 200  # characters; a longer one is no caption of a consent
_HOLDERS = 5  # ancestors in which a sentence in boxes is looked for
_WORSE = 400  # HTTP statuses from here are errors
_PLACE_PX = 60.0  # by which lines above a box may have moved it since it was pressed
_SIZE_PX = 8.0


def consents(walked: Walked) -> tuple[Consent, ...]:
    """One for each box that stood on an untouched selling screen."""
    untouched: dict[Key, list[tuple[Seen, ConsentBox]]] = {}
    touched: dict[Key, list[tuple[Seen, ConsentBox]]] = {}
    for number in walked.runs:
        told: set[Key] = set()
        for seen, box in _boxes(walked, number):
            key = (box.kind, box.label)
            if key not in told:
                told.add(key)
                (touched if _touched(walked, seen, box) else untouched).setdefault(key, []).append(
                    (seen, box)
                )
    first = {key: (*found[0], [_state(walked, *one) for one in found]) for key, found in untouched.items()}
    # A box that was ticked for one offer may ask for the renewal when another is chosen.
    renewals = [key for key in touched if key[0] == "renewal"]
    if renewals and not any(kind == "renewal" for kind, _ in untouched):
        first[renewals[0]] = (*touched[renewals[0]][0], [(None, None)])
    links = _links(walked)
    found = []
    for seen, box, states in first.values():
        made = _consent(seen, box, states, links)
        found.append(made)
        # One box for several things agrees to each of them.
        found += [made.model_copy(update={"kind": kind}) for kind in _also(box, walked.lexicon)]
    return (
        *found,
        *_by_continuing(walked, links, has_box=any(map(_asks, found))),
    )


def _asks(consent: Consent) -> bool:
    """Whether somebody has to act to agree: a renewal that stands switched on asks nobody."""
    return consent.kind == "agreement" or (consent.kind == "renewal" and consent.checked is not True)


def _also(box: ConsentBox, lexicon: Lexicon) -> Iterator[ConsentKind]:
    """What a box agrees to beside the first thing that its words name."""
    said = {kind: lexicon.has(group, box.label) for group, kind in _FURTHER[: _ORDER.get(box.kind, 0)]}
    yield from (kind for kind, named in said.items() if named and kind != box.kind)


def _boxes(walked: Walked, number: int) -> Iterator[tuple[Seen, ConsentBox]]:
    """What a run shows of boxes that have to do with paying."""
    for seen in walked.run(number):
        if seen.step.action.intent == "agreement_link" or seen.step.goal in {"ladder", "cancel"}:
            continue
        selling = seen.scene.kind in {"paywall", "plea"}
        for box in consent_boxes(seen.screen, walked.lexicon):
            # A box elsewhere is for a login or a newsletter.
            if (selling or box.kind in {"autobuy", "passwordless"}) and _counts(seen, box):
                yield seen, box


def _counts(seen: Seen, box: ConsentBox) -> bool:
    """Whether something is for sale beside what a box adds: what is ticked may be the only offer itself."""
    if box.kind != "addon":
        return True
    tree, node = seen.screen.tree, box.control.node
    costs = {a.money for a in amounts(box.label) if a.money is not None and a.role in ASKED}
    return (
        bool(costs)
        and bool(seen.scene.cards)
        and not any(
            (card.main is None and tree.inside(node, card.node))
            or tree.inside(card.node, node)
            or (card.main is not None and card.main.amount.money in costs)
            for card in seen.scene.cards
        )
    )


def _touched(walked: Walked, seen: Seen, box: ConsentBox) -> bool:
    """Whether the walk itself had pressed this box, or its words, earlier in the run."""
    return any(
        s.step.number <= seen.step.number
        and s.step.action.target is not None
        and s.step.action.target.label
        and s.step.action.intent in {"agree", "choose"}
        and (
            s.step.action.target.label in box.label
            or box.label in s.step.action.target.label
            or _same_place(s.step.action.target.box, box)
        )
        for s in walked.run(seen.step.run)
    )


def _same_place(pressed: Box | None, box: ConsentBox) -> bool:
    """Whether a press ticked what stands here, whose words may have changed with the offer chosen since."""
    if pressed is None:
        return False
    x, y, width, height = box.control.box
    alike = abs(pressed.width - width) <= _SIZE_PX and abs(pressed.height - height) <= _SIZE_PX
    down = abs(pressed.y + pressed.height / 2 - y - height / 2)
    return alike and abs(pressed.x - x) <= _SIZE_PX and down <= _PLACE_PX


def _state(walked: Walked, seen: Seen, box: ConsentBox) -> State:
    """As the page tells it, else as the picture of the box shows it."""
    control = box.control
    if control.state is not None:
        return control.state, control.state_known_by
    shot = walked.evidence.screenshot(seen.step) if control.reach == "now" else None
    shown = ticked(shot, control.box, seen.screen.width) if shot else None
    return (None, control.state_known_by) if shown is None else (shown, "pixels")


def _consent(seen: Seen, box: ConsentBox, states: list[State], links: dict[str, bool]) -> Consent:
    mine = _named_in(box.label, links)
    return Consent(
        kind=box.kind,
        label=box.label,
        checked=states[0][0],
        known_by=states[0][1],
        seen_runs=len(states),
        checked_runs=sum(state is True for state, _ in states),
        # Every link beside it was pressed while the paywall was read: none pressed, none there.
        links=len(mine),
        dead_links=sum(not alive for alive in mine.values()),
        at=seen.source(box.control.node, box.label, box.control.box),
    )


def _links(walked: Walked) -> dict[str, bool]:
    """Agreement links that were pressed, and whether something readable came of it."""
    found: dict[str, bool] = {}
    for number in walked.runs:
        steps = walked.run(number)
        for before, after in pairwise(steps):
            action = after.step.action
            if action.intent != "agreement_link" or action.target is None:
                continue
            found.setdefault(action.target.label, _alive(walked, before, after))
    return found


def _alive(walked: Walked, before: Seen, after: Seen) -> bool:
    for exchange in walked.evidence.exchanges(after.step.run, after.step.number):
        if exchange.resource_type == "Document" and exchange.status >= _WORSE:
            return False
    words = len(after.screen.words) + sum(len(t.text) for t in after.screen.texts if t.sight == "off_screen")
    return after.scene.key == before.scene.key or words > 20  # noqa: PLR2004 - characters; fewer is an empty page


def _named_in(words: str, links: dict[str, bool]) -> dict[str, bool]:
    """The links that words name; one whose caption is a part of another's is not named by that one."""
    mine: dict[str, bool] = {}
    for label in sorted(links, key=len, reverse=True):
        name = title(label)
        if name and name in words:
            mine[label] = links[label]
            words = words.replace(name, " ")
    return mine


def _by_continuing(walked: Walked, links: dict[str, bool], *, has_box: bool) -> list[Consent]:
    """Consent by going on ("开通即同意…"): a text with links and no box."""
    if has_box or not links:
        return []
    # The page where the order is placed may follow on the one where it was chosen.
    for seen in (*walked.untouched(), *walked.selling()):
        for text in seen.screen.in_scope:
            words = _paragraph(seen, text)
            if walked.lexicon.has("consent", text.text) and _agrees(words, walked.lexicon):
                mine = {
                    label: alive
                    for label, alive in links.items()
                    if title(label) in words or title(words) in label
                } or links
                renews = any(walked.lexicon.has(group, words) for group in ("renewal", "renewal_sign"))
                kind: ConsentKind = "renewal" if renews else "agreement"
                return [
                    Consent(
                        kind=kind,
                        label=words,
                        links=len(mine),
                        dead_links=sum(not alive for alive in mine.values()),
                        at=seen.source(text.node, text.text, text.box),
                    )
                ]
    return []


def _agrees(words: str, lexicon: Lexicon) -> bool:
    """Whether some act is said to be consent: the names of agreements alone are there to be read."""
    names = lexicon.find("agreement_link", words)
    return any(
        not any(n.start <= hit.start and hit.end <= n.end for n in names)
        for hit in lexicon.find("consent", words)
    )


def _paragraph(seen: Seen, text: Text) -> str:
    """The sentence around a text that links break; the text alone where much else stands with it."""
    tree = seen.screen.tree
    around = tree.nodes[text.node].parent
    parts = [t.text for t in seen.screen.in_scope if tree.inside(t.node, around)]
    words = " ".join(" ".join(parts).split())
    if len(words) > _SENTENCE:
        return text.text.strip()
    # Where each link is a box of its own, the sentence is what begins with these words higher up.
    for above in tree.ancestors(around)[1:_HOLDERS]:
        held = [t for t in seen.screen.in_scope if tree.inside(t.node, above)]
        longer = " ".join(" ".join(t.text for t in held).split())
        if held[0] is not text or len(longer) > _SENTENCE:
            break
        words = longer
    return words
