"""The way to stop a renewal, and the way into it for comparison."""

from __future__ import annotations

from urllib.parse import urljoin

from payaudit.extract.cancel_contact import by_contact
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Cancelling
from payaudit.perceive.controls import Control
from payaudit.perceive.intents import best
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.menu_rows import menu_rows

_TO_PAYWALL = frozenset({"enter", "paywall"})
_ABOUT = frozenset({"settings", "help"})  # pages, beside the account's, where a way out would stand
_OWN_PAGES = frozenset({"account", "settings", "manage_renewal", "menu", "row", "again"})
_ENTRY = 0.5  # share of a short caption that its word fills where it leads somewhere
_CAPTION = 28  # characters of one
_ICON_PX = 72.0  # a mark without words is no larger
_SENTENCE = 160  # characters kept of words that say how to cancel


def cancelling(walked: Walked, *, renews: bool | None) -> Cancelling | None:
    """From the runs made for it; None where it was not looked for. ``renews``: something on sale does."""
    runs = {r.number for r in walked.evidence.runs if r.purpose == "cancel"}
    looked = [s for s in walked.seen if s.step.run in runs and s.step.goal in {"enter", "cancel"}]
    if not looked:
        return None
    found = next((s for s in reversed(looked) if _points_out(s)), None)
    contact = by_contact(walked.seen, walked.lexicon) if found is None and _ended(walked) else None
    at = found or (contact[0] if contact else looked[-1])
    target = found.step.action.target if found is not None else None
    presses = int(found.step.action.value or 0) if found is not None else None
    sign_up = sign_up_steps(walked)
    return Cancelling(
        found=True if found is not None else None,
        label=target.label if target is not None else "",
        steps=presses,
        sign_up_steps=sign_up,
        further_steps=presses - sign_up if presses is not None and sign_up is not None else None,
        pages_seen=len({s.scene.key for s in looked}),
        behind_login=any(best("login", s.screen, walked.lexicon, 0.6) for s in looked) or None,
        by_contact=False if found is not None else True if contact is not None else None,
        told=contact[1][:_SENTENCE] if contact is not None else _told(walked, looked),
        renews=renews,
        nowhere=_nowhere(walked, looked, found),
        at=at.source(target.node if target else None, target.label if target else ""),
    )


def sign_up_steps(walked: Walked) -> int | None:
    """Fewest presses from the first page to a payment call, gates not counted; None without a call."""
    counted = [n for run in walked.runs if (n := _to_call(walked.run(run))) is not None]
    # A call without a press came from the page by itself, or the way to it was not understood.
    return min((n for n in counted if n > 0), default=None)


def _to_call(steps: tuple[Seen, ...]) -> int | None:
    """In one run: the presses to the paywall, and those for the first offer that came to its call."""
    call = next((s for s in steps if s.events("payment_call") and not s.apart), None)
    if call is None:
        return None
    offer = call.step.action.offer
    reached = next((s.step.number for s in steps if s.scene.kind == "paywall"), call.step.number)
    return sum(
        _an_act(s)
        and s.step.action.intent != "gate"
        and not _idle(s)
        and (
            # Whatever a run was made for, its way to the paywall is the viewer's too.
            s.step.number <= reached
            or s.step.goal in _TO_PAYWALL
            or (s.step.goal == "offers" and s.step.action.offer in {offer, None})
        )
        for s in steps
        if s.step.number <= call.step.number
    )


def _an_act(seen: Seen) -> bool:
    """A press, or a swipe that led on in a feed; one that moved nothing only tried."""
    verb = seen.step.action.verb
    return verb == "tap" or (verb == "swipe" and seen.step.outcome.changed)


def _idle(seen: Seen) -> bool:
    """Whether a press chose what stands chosen, which a viewer need not do."""
    return seen.step.action.intent == "choose" and not seen.step.outcome.changed


def _nowhere(walked: Walked, looked: list[Seen], found: Seen | None) -> bool | None:
    """True where nothing tells how to cancel and all was looked at where it would stand.

    That is the account's page and those of help or settings; or, where no screen of the walk shows an
    entry to any of these, the agreements.
    """
    if found is not None or _told_anywhere(walked):
        return False
    opened = {s.step.action.intent for s in looked if s.step.action.verb == "tap" and s.step.outcome.changed}
    login = any(best("login", s.screen, walked.lexicon, 0.6) for s in looked)
    managed = any(_manages(c, walked.lexicon) for s in looked for c in s.screen.controls)
    own = "account" in opened and bool(opened & _ABOUT)
    nothing_else = not own and bool(walked.agreements()) and not _entries(walked)
    whole = (
        _ended(walked)
        and not _may_tell(walked, looked)
        and (own or nothing_else)
        and not login
        and not managed
        and not _unopened(looked, walked)
        # What a host lacks or does not tell of, a bar of tabs perhaps, may be the way.
        and not any(s.events("runtime_gap") for s in walked.seen)
    )
    return True if whole else None


def _unopened(looked: list[Seen], walked: Walked) -> bool:
    """Whether the viewer's own page shows entries that were not pressed: one may lead to the way out."""
    pressed = {s.step.action.target.label.strip() for s in looked if s.step.action.target is not None}
    own = [s for s in looked if s.step.action.intent == "account" and s.step.outcome.changed]
    visited = {s.step.url for s in looked}
    # Two entries may lead to one page.
    rows = {
        c.label.strip()
        for s in own
        for c in menu_rows(s.screen, walked.lexicon)
        if not c.href or urljoin(s.step.url, c.href) not in visited
    }
    return bool(rows - pressed)


def _entries(walked: Walked) -> bool:
    """Whether any screen shows an entry to the viewer's own pages, or a mark that may be one."""
    return any(
        _may_lead_to_own(c, walked.lexicon)
        for seen in walked.seen
        for c in seen.screen.controls
        if c.reach != "blocked"
    )


def _may_lead_to_own(control: Control, lexicon: Lexicon) -> bool:
    label = control.label.strip()
    if not label:
        return control.strong and control.side > 0 and max(control.box[2:]) <= _ICON_PX
    return len(label) <= _CAPTION and any(
        sum(h.end - h.start for h in lexicon.find(group, label)) >= _ENTRY * len(label)
        for group in ("account", "settings", "help", "menu")
    )


def _manages(control: Control, lexicon: Lexicon) -> bool:
    """Whether it leads to one's renewals: opened or not, what stands there for a subscriber was not seen."""
    label = control.label.strip()
    if not label or len(label) > _CAPTION or lexicon.has("agreement_link", label):
        return False  # what the rules of a renewal say can be read by anybody
    return sum(h.end - h.start for h in lexicon.find("manage_renewal", label)) >= _ENTRY * len(label)


def _ended(walked: Walked) -> bool:
    """Whether all was looked at that led on, and no control was met."""
    return any(g.goal == "cancel" and g.state == "failed" for g in walked.evidence.audit.agenda)


def _told_anywhere(walked: Walked) -> bool:
    """Whether any screen or agreement of the walk speaks of cancelling."""
    return any(
        text.sight != "hidden" and walked.lexicon.has("cancel", text.text)
        for seen in walked.seen
        for text in seen.screen.texts
    )


def _may_tell(walked: Walked, looked: list[Seen]) -> bool:
    """Whether a caption on the viewer's own pages may name the end of a renewal in words of its own."""
    lexicon = walked.lexicon
    return any(
        len(said) <= _CAPTION
        and any(h.end - h.start + 1 < len(said) for h in lexicon.find("cancel_sign", said))
        and not lexicon.has("account_end", said)
        for seen in looked
        if seen.scene.kind != "paywall" and seen.step.action.intent in _OWN_PAGES
        for said in (t.text.strip() for t in seen.screen.texts if t.sight != "hidden")
    )


def _points_out(seen: Seen) -> bool:
    return seen.step.action.verb == "capture" and seen.step.action.intent == "cancel"


def _told(walked: Walked, looked: list[Seen]) -> str | None:
    """Words on a page beyond the paywall that speak of cancelling."""
    for seen in looked:
        if seen.scene.kind == "paywall":
            continue
        for text in seen.screen.texts:
            if text.sight in {"visible", "off_screen", "clipped"} and walked.lexicon.has("cancel", text.text):
                return text.text.strip()[:_SENTENCE]
    return None
