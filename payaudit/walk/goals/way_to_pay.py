"""From one paywall to one payment call: choose, press to pay, and what is asked for before that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from payaudit.perceive.agreements import titles
from payaudit.perceive.card import Card, stands_apart
from payaudit.perceive.controls import Control
from payaudit.perceive.gates import asks_mail, gate_of
from payaudit.perceive.intents import best
from payaudit.perceive.naming import offer_name
from payaudit.perceive.urls import address
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.agreed_first import box_to_tick, place
from payaudit.walk.goals.login import pass_form
from payaudit.walk.goals.read import other_tabs
from payaudit.walk.goals.tried import Tried, called, names
from payaudit.walk.goals.which_pays import Price, Wanted, asks_the_same, which_pays
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_SEVERAL = 2
_REFUSES = 0.6  # score of a caption that refuses cookies
_LATE_S = 1.0
_BUSY_S = 2.0
_SCROLLS = 3  # screens that an offer's pay control may stand below the offer
_MOST_DECLINED = 2
_LATE_WAYS_OUT = 3
_DEPTH = 11 + _SCROLLS  # presses from the paywall to the call: pay, consents, method, confirm


class WayToPay:
    """From one paywall to one payment call."""

    def __init__(  # noqa: PLR0913, PLR0917 - where the offer stands, told whole
        self,
        run: Run,
        view: View,
        name: str,
        budget: Budget,
        through: str | None,
        there: Callable[[View], bool] | None = None,
        tab: str | None = None,
    ) -> None:
        self._run = run
        self._there = there  # where to stop short of the payment
        self._view = view
        self._name = name
        self._budget = budget
        self._through = through
        self._tab = tab
        self._tabs: dict[str, str] = {}  # of what is sold behind this offer
        self._home = set(names(view, run))
        self._path = address(view.step.url).path
        self._pressed: set[tuple[str, str]] = set()
        self._pressed_again: set[str] = set()
        self._ticked: set[str] = set()
        self._chosen = False
        self._onward = False  # a press to pay led to another screen
        self._waited = False
        self._answered = False
        self._logged_in = False
        self._scrolled = 0
        self._declined = 0  # other offers that stood in the way
        self._late = 0  # waits for such an offer's way out
        self._price: Price | None = None  # of the offer, as its card showed it last
        self._renews = False
        self._deeper: list[str] = []
        self._links: list[str] = []

    async def _open_tab(self) -> None:
        """Open the tab that the offer stands behind, once, unless it is in sight."""
        found = [c for c in self._view.screen.reachable if c.label == self._tab]
        if found and self._tab is not None and self._card(self._name) is None:
            label, self._tab = self._tab, None
            await self._press(found[0], "tab", f"“{self._name}” stands behind “{label.strip()}”", 0.8)
            self._home |= set(names(self._view, self._run))  # beside the others, not behind them

    async def go(self) -> Tried:
        """Press on until a call is refused, the wanted screen is there or nothing leads on."""
        for _ in takewhile(lambda _: not self._arrived(), range(_DEPTH)):
            if await self._past_login():
                continue
            await self._open_tab()
            card = self._card(self._name)
            if card is not None and card.main is not None:
                self._price = card.main.key
            if card is not None and not self._chosen:
                before = self._view
                card = await self._choose(card)
                if self._view is not before and called(self._view):
                    return replace(self._done(called=True), direct=True)
            card = card or (self._card(self._through) if self._through and not self._chosen else None)
            if not await self._step(card):
                if await self._further() or await self._past_a_bar() or await self._past_another_offer():
                    continue
                if self._waited:
                    break
                # A page that was just refused a payment may be busy with it for a moment.
                self._waited, self._chosen = True, False
                self._budget.spend()
                self._view = await self._run.wait(_BUSY_S, "offers", "no way on is to be seen yet")
                continue
            if called(self._view):
                return self._done(called=True)
            await self._look_deeper()
        return self._done(called=False)

    async def _choose(self, card: Card) -> Card | None:
        """Press what chooses the offer, unless it says of itself that it stands chosen; its card then.

        None where the press led on to a screen that sells none of what stood here.
        """
        self._chosen = True
        if card.chooser is None or (card.chosen and card.chosen_by in {"dom", "aria"}):
            return card
        await self._press(card.chooser, "choose", f"to choose the offer “{self._name}”", 0.8)
        self._note_links()
        self._onward = bool(self._view.scene.pays) and not self._home & set(names(self._view, self._run))
        return self._card(self._name) or (None if self._onward else card)

    async def _further(self) -> bool:
        """Scroll on, where the offer was chosen and more stands below."""
        if not self._chosen or self._scrolled >= _SCROLLS or not self._goes_on():
            return False
        self._scrolled += 1
        self._budget.spend()
        self._view = await self._run.scroll("offers", "the way to pay may stand further down")
        return True

    async def _past_login(self) -> bool:
        """Fill in the login that a press to pay led to, once: behind it the same offer is sold."""
        view = self._view
        gate = None
        if self._onward:
            gate = gate_of(view.screen, self._run.lexicon, self._run.info.locale)
            gate = gate or (None if view.scene.pays else asks_mail(view.screen, self._run.lexicon))
        if gate is None or gate.kind != "login" or not gate.fields or self._logged_in:
            return False
        self._logged_in = True
        self._view = await pass_form(self._run, view, self._budget, "offers", gate)
        return self._view.scene.key != view.scene.key

    async def _past_a_bar(self) -> bool:
        """Answer what asks about cookies beside the paywall: it may lie over the way to pay."""
        view = self._view
        if not self._run.lexicon.has("cookies", view.screen.words):
            return False
        for control, guess in best("reject_cookies", view.screen, self._run.lexicon, _REFUSES)[:1]:
            if not view.screen.tree.inside(control.node, view.screen.scope) and control.tap is not None:
                await self._press(
                    control, "reject_cookies", f"the bar may cover the way to pay: {guess.why}", 0.5
                )
                return self._view.scene.key != view.scene.key
        return False

    async def _past_another_offer(self) -> bool:
        """Decline what is offered on the way instead of what was pressed, as one who wants the latter would.

        Its way out may come late: it is waited for.
        """
        view = self._view
        cards = view.scene.cards
        if not self._onward or not cards or self._declined >= _MOST_DECLINED or self._offers_it():
            return False
        if len(cards) > 1 and self._through is None:
            return False  # a shop, where one would stay
        found = [
            *best("decline", view.screen, self._run.lexicon),
            *best("close", view.screen, self._run.lexicon),
        ]
        for control, guess in found:
            if control.tap is not None and view.screen.tree.inside(control.node, view.screen.scope):
                self._declined += 1
                self._waited = False
                await self._press(control, "decline", f"another offer stands in the way: {guess.why}", 0.8)
                await self._look_deeper()
                return self._view.scene.key != view.scene.key
        self._late += 1
        if len(cards) > 1 or self._late > _LATE_WAYS_OUT:
            return False
        self._budget.spend()
        self._view = await self._run.wait(_BUSY_S, "offers", "the way past this offer may come late")
        return True

    def _offers_it(self) -> bool:
        """Whether the screen sells what is wanted, or asks its price."""
        if self._card(self._name) is not None:
            return True
        return any(asks_the_same(card, self._price) for card in self._view.scene.cards)

    def _arrived(self) -> bool:
        return self._there is not None and self._there(self._view)

    async def _step(self, card: Card | None) -> bool:
        """One press further: the pay control, else what has to be agreed to first."""
        if card is not None and card.main is not None:
            self._price = card.main.key
        wanted = Wanted(self._name, self._price, self._chosen, self._onward, self._pressed)
        pay = which_pays(self._view, self._run.lexicon, card, wanted)
        if pay is not None:
            mark = (self._view.scene.key, pay.label)
            self._pressed.add(mark)
            before = self._view
            await self._press(pay, "pay", f"to see what “{pay.label[:30]}” would charge; it is refused", 1.5)
            if not called(self._view):
                self._budget.spend()
                self._view = await self._run.wait(_LATE_S, "offers", "to let a late answer come")
            if called(self._view) or self._view.scene.key != before.scene.key:
                self._onward = True
                return True
            if self._run.refused and pay.label not in self._pressed_again:
                # A page that was refused a payment shortly before may still be busy with that one.
                self._pressed_again.add(pay.label)
                self._pressed.discard(mark)
                self._budget.spend()
                self._view = await self._run.wait(_BUSY_S, "offers", "the page may still be busy")
                return True
        box = box_to_tick(self._view, self._run.lexicon, card, self._ticked)
        if box is None:
            return await self._answer() or pay is not None
        self._ticked.add(place(box))
        self._pressed.clear()
        await self._press(box.press, "agree", "the payment is not asked for until this is agreed to", 0.5)
        return True

    async def _press(self, control: Control, intent: str, why: str, patience_s: float) -> None:
        self._budget.spend()
        self._view = await self._run.tap(
            control, "offers", why, intent=intent, offer=self._name, patience_s=patience_s
        )
        self._run.refused = self._run.refused or called(self._view)

    def _card(self, name: str) -> Card | None:
        return next((c for c in self._view.scene.cards if offer_name(c, self._run.lexicon) == name), None)

    async def _answer(self) -> bool:
        """Choose the first of several (ways to pay, perhaps) where the payment waits and none is chosen."""
        screen = self._view.screen
        cards = self._view.scene.cards
        open_ones = [
            c
            for c in screen.reachable
            if c.role == "radio"
            and screen.tree.inside(c.node, screen.scope)
            and stands_apart(screen.tree, c, cards)
        ]
        if len(open_ones) < _SEVERAL or self._answered or any(c.state is not False for c in open_ones):
            return False
        self._answered = True
        self._pressed.clear()
        label = open_ones[0].label.strip()[:30]
        await self._press(open_ones[0], "agree", f"one of these is asked for first: “{label}”", 0.5)
        return True

    def _goes_on(self) -> bool:
        """Whether more of the screen stands below: of the layer in front, else of the page."""
        screen = self._view.screen
        return bool(screen.scrollers) or (screen.overlay is None and screen.page_scrolls)

    async def _look_deeper(self) -> None:
        """Note what is sold on a screen behind the first paywall."""
        said = (text.text for text in self._view.screen.in_scope)
        self._renews = self._renews or any(self._run.lexicon.has("renewal", text) for text in said)
        if self._view.scene.kind != "paywall":
            return
        self._note_links()
        here = names(self._view, self._run)
        cards = self._view.scene.cards
        # On a page of its own, what was not made to be pressed may be the rows of a bill.
        own_page = address(self._view.step.url).path != self._path
        choice = [
            c
            for c in cards
            if any(p is not None and (p.strong or not own_page) for p in (c.chooser, c.button))
        ]
        if (len(choice) > 1 or self._instead(choice)) and not set(here) & self._home:
            self._deeper += [n for n in here if n not in self._deeper]
            if len(choice) > 1 and self._through is None and not self._tabs:
                self._view, self._tabs = await other_tabs(self._run, self._view, self._budget)
                self._deeper += [n for n in self._tabs if n not in self._deeper]

    def _instead(self, choice: list[Card]) -> bool:
        """Whether the one offer here is for money, where coins had been asked for."""
        wanted_coins = self._price is not None and self._price[0] is None
        return (
            wanted_coins
            and len(choice) == 1
            and any(p.amount.money is not None for p in choice[0].placed if p.asked)
        )

    def _note_links(self) -> None:
        linked = titles(self._view.screen, self._view.scene, self._run.lexicon)
        self._links += [link for link in linked if link not in self._links]

    def _done(self, *, called: bool) -> Tried:
        return Tried(
            self._name,
            called,
            self._view,
            tuple(self._deeper),
            links=tuple(self._links),
            renews=self._renews,
            tabs=self._tabs,
        )
