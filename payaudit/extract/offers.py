"""What the paywall sells: one fact for each offer, from its untouched screen and its own steps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from payaudit.extract.figures import bonus, card_period, coins, money_beside, price_in_coins, reference
from payaudit.extract.measured import Measured
from payaudit.extract.preselected import preselected
from payaudit.extract.renewal import (
    auto_renews,
    denied_for_all,
    denied_when_chosen,
    loose_price,
    may_tell,
    price_later,
    renewal_period,
    statements,
    told_in_agreements,
)
from payaudit.extract.scope import scope_of
from payaudit.extract.sightings import Sighting, sightings
from payaudit.extract.terms import Renewal
from payaudit.extract.trial import days_of_trial, is_trial, says_trial
from payaudit.extract.walked import Walked
from payaudit.model.facts import Offer, OfferKind, PaymentCall
from payaudit.model.money import Money, Period
from payaudit.perceive.card import Card
from payaudit.perceive.episodes import episode_count, episode_range
from payaudit.perceive.free_trial import free_for
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name
from payaudit.perceive.placed import Placed
from payaudit.perceive.prices import Amount

_RATIO = Decimal("0.01")  # to which ratios are rounded


def offers(
    walked: Walked, calls: tuple[PaymentCall, ...], *, whole: bool, total: int | None
) -> tuple[Offer, ...]:
    """All offers; ``whole``: the paywall was seen to its end; ``total``: episodes of the drama."""
    found = sightings(walked)
    built = [_offer(walked, s, found, calls, whole=whole, total=total) for s in found]
    # What a viewer could take in a renewing plan's place: all that is bought once opens episodes, packs too.
    one_off = {o.name for o in built if o.auto_renews is False}
    return tuple(
        o.model_copy(
            update={"one_off_alternative": bool(one_off - {o.name}) if whole or one_off - {o.name} else None}
        )
        for o in built
    )


def _offer(  # noqa: PLR0913 - everything one offer is read from
    walked: Walked,
    sighting: Sighting,
    others: tuple[Sighting, ...],
    calls: tuple[PaymentCall, ...],
    *,
    whole: bool,
    total: int | None,
) -> Offer:
    lexicon = walked.lexicon
    sighting, stated = _with_statements(walked, sighting, others)
    seen, card = sighting.decision
    main = card.main or sighting.card.main
    assert main is not None  # noqa: S101 - sightings() keeps priced cards only; narrows the type
    call = next((c for c in calls if c.offer == sighting.name), None)
    period = card_period(card, main, lexicon)
    renews, known_by = auto_renews(card, stated, call, period, lexicon, whole=whole)
    if renews is None and (
        denied_for_all(walked, sighting, others) or denied_when_chosen(walked, sighting, others)
    ):
        renews, known_by = False, "text"
    days = days_of_trial(card, lexicon)
    worth = price_in_coins(main)
    price = main.amount.money if worth is None else None
    on_paywall = price_later(stated, card, main, others)
    if price is not None and _free_now(card, price, on_paywall, call, lexicon):
        on_paywall, price = price, Money(amount=Decimal(0), currency=price.currency)
    later, later_period, elsewhere = on_paywall, None, None
    if renews and on_paywall is None:
        elsewhere = told_in_agreements(walked, sighting, others, price, days)
        if elsewhere is not None:
            later, later_period = elsewhere.money, _period_of(elsewhere)
        elif call is not None:
            later, later_period = call.renewal_amount, call.renewal_period
    first_price = price if _first(main, price, later, renews=renews) else None
    called_trial = says_trial(card, lexicon)
    for_the_first = called_trial or any(lexicon.has("first_time", t.text) for t in card.texts)
    renewal_price = None
    if renews is not False:
        # Without another price, a plain one is what each period costs.
        each = price if renews and main.amount.role == "price" and not for_the_first else None
        renewal_price = later or each
    trial = is_trial(price, renewal_price, called=called_trial, days=days, renews=renews)
    if trial and main.amount.per is None and days is not None:
        period = None
    elif period is None and renews and not trial:
        period = renewal_period(stated, None)
    # Words that may tell of it and were not understood are a doubt.
    told_whole = whole and (any(s.fact for s in stated) or not may_tell(walked, sighting))
    view = Measured(seen, card, main, stated, pressed_on=sighting.pressed_on, unfolded=walked.unfolded)
    scope = scope_of(walked, sighting, others, total)
    held = coins(card)
    chosen, chosen_by = preselected(walked, sighting)
    return Offer(
        name=sighting.name,
        kind=_kind(card, period, held, lexicon),
        price=price,
        coins=held.amount.coins if held and price is not None else None,
        bonus_coins=bonus(card),
        coin_name=held.amount.coin_name if held else None,
        coin_price=_coin_price(worth or main) if price is None else None,
        period=period,
        auto_renews=renews,
        auto_renews_known_by=known_by,
        first_price=first_price,
        renewal_price=renewal_price,
        renewal_period=(renewal_period(stated, period) or later_period) if renews else None,
        trial=trial,
        trial_days=days if trial else None,
        preselected=chosen,
        preselected_known_by=chosen_by,
        reference_price=reference(card, price),
        reference_told=reference(card, price) is not None,
        renewal=view.weakest() if renews else None,
        renewal_stated=_told(any(s.fact for s in stated), renews, whole=told_whole),
        renewal_price_stated=_told(
            on_paywall is not None or (renewal_price is not None and renewal_price == price),
            renews,
            # A price that stands apart and that no offer could be given may be this one's.
            whole=told_whole and not loose_price(walked, sighting),
        ),
        renewal_price_in_terms=_told(elsewhere is not None, renews and on_paywall is None, whole=whole),
        renewal_period_stated=_told(
            any(s.period for s in stated) or period is not None, renews, whole=told_whole
        ),
        renewal_price_legibility=view.of_price() if renews else None,
        renewal_ratio=_ratio(renewal_price, first_price),
        trial_length_stated=_told(days is not None, trial, whole=whole),
        after_trial=view.of_price() if trial and renews else None,
        money_equivalent=money_beside(seen, card) if price is None else None,
        claims_all=scope.claims_all,
        claim_text=scope.claim,
        scope_narrower=scope.narrower,
        excludes_some=scope.excludes,
        scope_text=scope.text,
        charged=call.amount if call else None,
        at=seen.source(main.runs[0].node, main.text.text, main.text.box),
    )


def _with_statements(
    walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]
) -> tuple[Sighting, list[Renewal]]:
    """What is said of its renewal where it would be paid, or in the shop before a bill that leaves it out."""
    stated = statements(walked, sighting, others)
    if sighting.chosen_at is None or any(s.price for s in stated):
        return sighting, stated
    shop = replace(sighting, chosen_at=None)
    told = statements(walked, shop, others)
    return (shop, told) if any(s.price for s in told) else (sighting, stated)


def _period_of(amount: Amount | None) -> Period | None:
    return amount.per if amount is not None and amount.per is not None and amount.per != "episode" else None


def _first(main: Placed, price: Money | None, later: Money | None, *, renews: bool | None) -> bool:
    """Whether the price is that of the first period only."""
    if later is None:
        return False
    return main.amount.role == "first" or (bool(renews) and later != price)


def _free_now(
    card: Card, price: Money, later: Money | None, call: PaymentCall | None, lexicon: Lexicon
) -> bool:
    """Whether nothing is charged today: some days are free, and the only price is that of the time after."""
    if later not in {None, price} or not price.amount or (call is not None and call.amount == price):
        return False
    return any(free_for(t.text, lexicon) is not None for t in card.texts)


def _coin_price(priced: Placed) -> Decimal | None:
    return Decimal(priced.amount.coins) if priced.amount.coins is not None else None


def _told(yes: bool, applies: bool | None, *, whole: bool) -> bool | None:  # noqa: FBT001 - a truth, handed through
    """True when stated; False only where the place was seen whole; None else, or where it does not apply."""
    if not applies:
        return None
    return True if yes else (False if whole else None)


def _kind(card: Card, period: Period | None, held: Placed | None, lexicon: Lexicon) -> OfferKind:
    if period is not None:
        return "membership"
    if held is not None and card.main is not None and card.main.amount.money is not None:
        return "pack"
    name = offer_name(card, lexicon)
    if lexicon.has("tab_subscription", name) and not lexicon.has("all_episodes", name):
        return "membership"  # of whatever length: an introduction of three days to all dramas is no series
    some = episode_range(card.words)
    if lexicon.has("all_episodes", card.words) or some is not None or (episode_count(card.words) or 1) > 1:
        return "series"
    if lexicon.has("unlock", card.words):
        return "episode"
    return "unknown"


def _ratio(renewal: Money | None, first: Money | None) -> Decimal | None:
    if renewal is None or first is None or renewal.currency != first.currency or not first.amount:
        return None
    return (renewal.amount / first.amount).quantize(_RATIO)
