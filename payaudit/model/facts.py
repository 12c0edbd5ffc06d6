"""Facts: what the evidence shows, measured and not judged.

``None`` means *not seen*. What was looked for in a place seen whole and was not
there is stated as ``False``. Every fact says where it was seen: ``at``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, computed_field, field_serializer

from payaudit.model.base import Frozen
from payaudit.model.evidence import Box, GoalResult
from payaudit.model.money import Money, Period

KnownBy = Literal["dom", "aria", "class", "style", "button_price", "call", "text", "dialog", "pixels"]
OfferKind = Literal["episode", "series", "pack", "membership", "unknown"]
ConsentKind = Literal["renewal", "charge", "agreement", "autobuy", "passwordless", "addon"]
ExitKind = Literal["close", "decline", "outside", "back", "dialog"]
ExitEffect = Literal["left", "retention", "payment", "nothing"]
ATTACHED_RUN = 0
"""Run of what an attachment shows: walks count their runs from 1."""
EpisodeState = Literal["free", "locked", "unlocked", "playing"]


class Source(Frozen):
    """Where a fact was seen: run and step of the walk, node of its snapshot, text, box."""

    run: int
    step: int
    node: int | None = None
    text: str = ""
    box: Box | None = None
    screenshot: str | None = None  # path inside the evidence file


class Leaning(Frozen):
    """Something an earlier recording shows that a fact leans on: which one, of what day, where in it."""

    recording: int  # from 1, in the order in which the earlier ones were made
    captured: str  # date of that walk, ISO 8601, UTC
    tells: tuple[str, ...]  # fields of the fact that it bears upon
    at: Source


class Legibility(Frozen):
    """How well a text could be read when it mattered, relative to price and button.

    Sizes in CSS px as painted; contrast as WCAG 2 ratio; distances in CSS px.
    """

    font_px: Decimal | None = None
    contrast: Decimal | None = None  # None also where a picture or gradient lies behind
    opacity: Decimal | None = None
    in_viewport: bool | None = None
    covered: bool | None = None
    folded: bool | None = None  # only readable after opening a fold or a link
    size_ratio: Decimal | None = None  # font_px over the font_px of the price
    contrast_ratio: Decimal | None = None  # contrast over the contrast of the price
    distance: Decimal | None = None  # edge to edge, to the pay control
    distance_ratio: Decimal | None = None  # distance over the viewport's height


class Disclosure(Frozen):
    """A text that states a condition of paying, and how legible it was."""

    kind: Literal["renewal", "trial", "refund", "scope", "rate", "minor", "autobuy", "validity"]
    text: str
    states_renewal: bool = False
    states_price: bool = False
    states_period: bool = False
    states_cancel: bool = False
    offers: tuple[str, ...] = ()  # names of the offers it speaks of
    legibility: Legibility
    at: Source


class Offer(Frozen):
    """Something the paywall sells, one fact for each that could be told apart."""

    name: str
    kind: OfferKind = "unknown"
    price: Money | None = None
    coins: Decimal | None = None
    bonus_coins: Decimal | None = None
    coin_name: str | None = None
    coin_price: Decimal | None = None  # price in coins, where that is what it costs
    period: Period | None = None
    auto_renews: bool | None = None
    auto_renews_known_by: KnownBy | None = None
    first_price: Money | None = None
    renewal_price: Money | None = None
    renewal_period: Period | None = None
    trial: bool | None = None
    trial_days: int | None = None
    preselected: bool | None = None
    preselected_known_by: KnownBy | None = None
    one_off_alternative: bool | None = None  # a non-renewing offer stands beside it
    reference_price: Money | None = None
    reference_told: bool | None = None  # another price stands beside its own, for comparison
    reference_ratio: Decimal | None = None  # that price over its own
    reference_shared: int | None = None  # offers of different prices beside which the same one stands
    reference_explained: bool | None = None  # a line says when, or of what, it is the price
    reference_days: int | None = None  # from the first recording that counts to this one
    reference_recordings: int | None = None  # days on which a recording shows the offer, this one among them
    reference_was_charged: bool | None = None  # in one of them something cost as much
    renewal: Legibility | None = None  # of the most legible text that states the renewal
    renewal_stated: bool | None = None
    renewal_price_stated: bool | None = None
    renewal_price_in_terms: bool | None = (
        None  # a linked agreement tells it; False: no text that was read does
    )
    renewal_period_stated: bool | None = None
    renewal_price_legibility: Legibility | None = None
    renewal_ratio: Decimal | None = None  # renewal price over first price
    trial_length_stated: bool | None = None
    after_trial: Legibility | None = None  # of the text that states the price after the trial
    money_equivalent: bool | None = None  # coin prices only: money or a rate stands in the same view
    claims_all: bool | None = None  # calls itself the whole series or everything
    claim_text: str | None = None
    scope_narrower: bool | None = None  # its own detail covers less than the claim
    excludes_some: bool | None = None  # an agreement takes dramas or episodes out of it
    scope_text: str | None = None
    charged: Money | None = None  # asked for by its payment call
    year_cost: Money | None = None  # of twelve months at the prices told, memberships only
    dearest: bool | None = None  # costs the most at once of all that stand beside it
    median_ratio: Decimal | None = None  # price over the median of all that stand beside it
    year_ratio: Decimal | None = None  # year_cost over the least of all memberships beside it
    reminder_stated: bool | None = None  # renewing only: a text promises to tell before a charge or a change
    unit_figure: bool | None = None  # a figure per day or episode stands beside its price
    unit_figure_ratio: Decimal | None = None  # a per-day or per-episode figure's font over the price's
    unit_figure_text: str | None = None
    leans_on: tuple[Leaning, ...] = ()
    at: Source

    @property
    def priced_in(self) -> Literal["money", "coins"] | None:
        """What its price is stated in; ``None`` where no price was seen."""
        if self.price is not None:
            return "money"
        return None if self.coin_price is None else "coins"


class Consent(Frozen):
    """A box, switch or tick that agrees to something."""

    kind: ConsentKind
    label: str
    checked: bool | None = None  # before any touch
    known_by: KnownBy | None = None
    seen_runs: int = 1  # fresh runs in which it was seen untouched
    checked_runs: int = 0
    links: int | None = None
    dead_links: int | None = None  # missing, 404 or empty; None: not tried
    at: Source


class PaymentCall(Frozen):
    """A call that asked a wallet, card form or balance to pay or sign, and was refused."""

    channel: str
    api: str
    amount: Money | None = None
    amount_known_by: Literal["arguments", "order", "cashier", "bill"] | None = None
    recurring: bool | None = None
    renewal_amount: Money | None = None  # what the merchant's own order says of later debits
    renewal_period: Period | None = None
    offer: str | None = None
    tapped_label: str | None = None
    tapped_amount: Money | None = None  # what stood on the control that was tapped
    shown_amount: Money | None = None  # what was shown for the offer before the tap
    over_shown: Decimal | None = None  # amount minus shown amount, same currency
    label_has_amount: bool | None = None
    amount_shown_before: bool | None = None  # any amount for the item on a screen before the call
    first_shown: Money | None = None  # the price at the first sight of the offer
    fee: Money | None = None  # an added charge that a screen before the call names
    fee_stated_late: bool | None = None  # it was named after the price only, and the call asks for both
    by_choosing: bool = False  # the press that chose the offer was the one that paid
    wallet_confirms: bool | None = None  # the channel opens a confirmation of its own
    at: Source

    @computed_field  # type: ignore[prop-decorator] # mypy does not know pydantic's own property
    @property
    def currency(self) -> str | None:
        """ISO code of the amount, beside it in the printed facts."""
        return self.amount.currency if self.amount is not None else None

    @field_serializer("amount")
    def _plain_amount(self, amount: Money | None) -> str | None:
        return None if amount is None else str(amount.amount)


class Exit(Frozen):
    """One way out of the paywall and what it did."""

    kind: ExitKind
    label: str = ""
    width: Decimal | None = None
    height: Decimal | None = None
    contrast: Decimal | None = None
    delay_s: Decimal | None = None  # lower bound of the wait until it could be used
    accept_beside: bool | None = (
        None  # a control beside it goes on with the offer; its label, size and contrast
    )
    accept_label: str | None = None
    accept_area_ratio: Decimal | None = None  # its area over this one's
    accept_contrast: Decimal | None = None
    shaming: bool | None = (
        None  # its words make refusing look heartless or foolish (rules/lexicon/shame.yaml)
    )
    effect: ExitEffect | None = None
    at: Source


class Leaving(Frozen):
    """What leaving the paywall took, over all exits tried in one run."""

    overlay: bool | None = None  # the paywall lies over a page (else it is a page)
    left: bool | None = None
    layers: int | None = None  # further layers between the first exit and freedom
    layer_texts: tuple[str, ...] = ()
    close_found: bool | None = None
    close_width: Decimal | None = None
    close_height: Decimal | None = None
    close_side: Decimal | None = None  # the smaller of both
    close_contrast: Decimal | None = None
    close_delay_s: Decimal | None = None
    close_pays: bool | None = None  # pressing it fired a payment call
    close_worded: bool | None = None  # it is drawn as words, not as a mark; an x alone is one
    close_works: bool | None = None
    back_works: bool | None = None
    at: Source


class Episode(Frozen):
    """One episode as the list or the player shows it."""

    number: int
    state: EpisodeState | None = None
    price: Money | None = None
    coins: Decimal | None = None
    price_at: Source | None = None  # where the price was seen, if not in the list itself
    open_before: bool | None = None  # an earlier recording shows it unlocked; False without one
    leans_on: tuple[Leaning, ...] = ()
    at: Source


class Rung(Frozen):
    """What one episode costs, in the unit of its ladder."""

    number: int
    value: Decimal
    at: Source


class Ladder(Frozen):
    """Prices of several episodes, none of them bought, by number.

    ``spearman`` is the rank correlation of number and price, None where all are
    equal or fewer than three; ``ratio`` the highest price over the lowest.
    """

    unit: str  # "coins", or an ISO currency
    rungs: tuple[Rung, ...] = ()
    priced: int
    first_number: int
    last_number: int
    lowest: Decimal
    highest: Decimal
    spearman: Decimal | None = None
    ratio: Decimal | None = None
    how: Literal["shown", "after_ad"] = "shown"
    listed: bool | None = None  # later prices could be read before a later episode was opened
    bought_since: bool | None = (
        None  # episodes locked in an earlier recording are unlocked now; False without one
    )
    step_ratio: Decimal | None = None  # the lowest price now over the highest of that recording
    leans_on: tuple[Leaning, ...] = ()
    at: Source


class Cancelling(Frozen):
    """A way to stop the renewal, as far as it was looked for. ``found`` is never False: unseen is not absent.

    ``steps`` are presses from the first page to the control that stops the renewal,
    ``sign_up_steps`` those to the payment call, both with that press and without gates.
    Where a page only tells subscribers' way, ``steps`` are those to that page.
    """

    found: bool | None = None
    label: str = ""
    steps: int | None = None
    sign_up_steps: int | None = None
    further_steps: int | None = None  # steps beyond those of the sign-up
    pages_seen: int = 0
    behind_login: bool | None = None  # a page on the way asked for an account
    by_contact: bool | None = (
        None  # a text names a call or a letter as the way to stop it, none another, and no control was found
    )
    told: str | None = None  # words of a page that say how to cancel
    renews: bool | None = None  # something that renews is on sale
    nowhere: bool | None = (
        None  # account and help or settings were seen whole, and no word of cancelling in them
    )
    at: Source


class Visit(Frozen):
    """What one fresh visit to the paywall showed; ``after_s`` since the first visit."""

    after_s: Decimal
    value: Decimal
    at: Source


class Countdown(Frozen):
    """A clock on the paywall; values in seconds left, at the first sight of each fresh visit."""

    text: str
    first: Decimal
    visits: tuple[Visit, ...] = ()
    apart_s: Decimal | None = None  # the shortest time between two visits
    runs_down: bool | None = None  # it was seen to run within one visit
    restarted: bool | None = None  # it began anew for each visit, however much time had passed
    at: Source


class Scarcity(Frozen):
    """A number of what is left, or of others who look or buy, at each fresh visit."""

    text: str
    first: Decimal
    visits: tuple[Visit, ...] = ()
    apart_s: Decimal | None = None
    changed: bool | None = None
    samples: int = 1  # fresh visits that showed it
    falls_and_rises: bool | None = None  # it went up and down, as no stock that is sold does
    days: int = 1  # on which a recording shows it, this one among them
    constant: bool | None = None  # the same number at every visit of all those days
    leans_on: tuple[Leaning, ...] = ()
    at: Source


class Crowd(Frozen):
    """A number of people who look, buy or have bought, at each fresh visit.

    ``sway`` is the smaller of the largest step down and the largest step up between two visits, in square
    roots of the largest number shown: what independent people do by chance between two moments is about 1.
    """

    text: str
    first: Decimal
    visits: tuple[Visit, ...] = ()
    apart_s: Decimal | None = None
    samples: int = 1  # fresh visits that showed it
    total: bool = False  # its words say that it only adds up
    fell: bool | None = None  # a later visit showed fewer; None of a single visit
    sway: Decimal | None = None  # None of fewer than three visits
    at: Source


class PersonaOffer(Frozen):
    """An offer as another device was shown it."""

    persona: str
    name: str
    price: Money | None = None
    coins: Decimal | None = None
    same_as_main: bool | None = None  # an offer of that price was shown to the walk's own persona
    device_told: bool | None = None  # a text on either paywall gives the device as a reason of the price
    at: Source


class PersonaPair(Frozen):
    """One offer as two personas were shown it, over all pairs of visits minutes apart.

    ``gap`` is the median of (theirs - ours) / ours; of fewer than three pairs it is told where it is nought.
    """

    persona: str
    name: str
    pairs: int
    gap: Decimal | None = None
    gap_amount: Money | None = None  # the median difference, without its sign
    gap_units: Decimal | None = None  # the same as a number of its currency's units
    one_way: bool | None = None  # dearer in all pairs, or cheaper in all
    told: bool | None = None  # a text on the paywall gives the device as the reason
    leans_on: tuple[Leaning, ...] = ()
    at: Source


class Dialog(Frozen):
    """A native dialog of the browser."""

    kind: str
    message: str
    answer: str
    at: Source


class Claim(Frozen):
    """What was promised before anything was sold: by an advertisement, or by the first page.

    ``channel`` are the ids by which the visit is paid for, ``hops`` the addresses that handed it on.
    """

    made_by: Literal["ad", "page"]
    text: str
    price: Money | None = None
    free: bool | None = None  # says that it costs nothing
    claims_all: bool | None = None  # says that it covers the whole series
    qualified: bool | None = None  # its own words limit it, or advertisements are the price
    paid_after: bool | None = None  # something of the drama was for sale behind it
    best_ratio: Decimal | None = None  # the cheapest comparable offer behind it over the price promised
    advertiser: str | None = None
    distributor: str | None = None
    channel: tuple[str, ...] = ()
    hops: tuple[str, ...] = ()
    at: Source


class Licence(Frozen):
    """A drama's licence or record number as seen in text, or that none was.

    ``found`` is False only where the opening of the first episode, another episode, the paywall with its
    agreements and the first page were seen, and their pictures read.
    """

    found: bool | None = None
    number: str = ""
    form: str = ""
    confidence: Decimal = Decimal(0)
    at: Source


ClauseKind = Literal["renewal", "price_change", "cancel", "refund", "validity", "minor"]


class Clause(Frozen):
    """A sentence of a paywall or of a linked agreement that sets a condition."""

    kind: ClauseKind
    text: str
    document: str  # caption of the link that led to it; empty: the paywall itself
    on_paywall: bool
    notice: bool | None = None  # a change of price, a renewal: the words around promise to tell first
    lead_days: int | None = None  # how long before, where told
    carve_out: bool | None = None  # a refusal to refund: an exception is kept, beside it or elsewhere
    told_on_paywall: bool | None = None  # that something lapses: the paywall says so too
    of_coins: bool | None = None  # that something lapses: it names coins, if only as this shop does
    amount: Money | None = None
    at: Source


IdentityKind = Literal["company", "credit_code", "icp", "registration", "contact", "payee"]


class Identity(Frozen):
    """Who sells, as one place says it."""

    kind: IdentityKind
    value: str
    at: Source


class Merchant(Frozen):
    """What all places together say of the seller; None where the walk did not look far enough."""

    named: bool | None = None
    reachable: bool | None = None
    companies: tuple[str, ...] = ()
    several: bool = False  # more than one company is named: a contradiction, or a chain of contracts
    at: Source


class CoinPlan(Frozen):
    """Coin packs against what an episode costs."""

    unit_cost: Decimal | None = None  # coins for an episode, the commonest
    packs: int
    rate_spread: Decimal | None = None  # most over least coins per unit of money, bonus included
    least_leftover: Decimal | None = None  # of all packs, the least share of an episode that stays over
    money_purchase: bool | None = None  # an episode or the series is also sold for money without coins
    episodes_told: bool | None = None  # a pack says how many episodes it is good for
    any_amount: bool | None = None  # a sum of one's own choice can be topped up
    at: Source


class SeriesCost(Frozen):
    """What the rest of the drama costs at the prices seen, and whether the viewer is told."""

    paid_episodes: int | None = None
    count_told: bool | None = None  # how many are paid stands on the paywall or in the list
    unit_told: bool | None = None  # the price of one stands on the paywall or in the list
    total_told: bool | None = None  # of the series, or of a membership that opens it
    series_told: bool | None = None  # of the series alone
    varied: bool | None = None  # later episodes cost otherwise, which is shown only when they are opened
    by_piece: bool | None = None  # episodes or coins are sold, so that the whole is a sum of parts
    estimate: Money | None = None
    headline: Money | None = None  # the dearest price on the paywall
    estimate_ratio: Decimal | None = None  # estimate over headline
    at: Source


class Urgency(Frozen):
    """A call to decide now, and whether it says until when or for how many."""

    text: str
    bounded: bool | None = None  # an end stands on the paywall, or a number with it
    at: Source


class MinorGuard(Frozen):
    """Whether anything at the paywall or on the way to it speaks of minors."""

    seen: bool | None = None  # False only where paywall and agreements were seen whole
    text: str = ""
    at: Source


class Coverage(Frozen):
    """Which goals of the walk were reached, and what was seen whole."""

    goals: tuple[GoalResult, ...] = ()
    paywall_seen: bool = False
    paywall_seen_whole: bool = False  # scrolled to its end, folds opened, agreements read
    offers_tried: int = 0
    offers_seen: int = 0
    walk_ended: bool = True
    gaps_en: tuple[str, ...] = ()
    gaps_zh: tuple[str, ...] = ()


class Facts(Frozen):
    """All that one evidence file shows."""

    target: str
    persona: str
    captured: str  # date of the walk, ISO 8601, UTC
    languages: tuple[str, ...] = ()
    host: str = "browser"
    simulated_host: bool = False  # a mini-program ran in a host of ours: nothing here is more than probable
    seen_in_devtools: bool = (
        False  # or in that of its makers' tool: nothing here is more than probable either
    )
    title: str | None = None
    offers: tuple[Offer, ...] = ()
    episodes: tuple[Episode, ...] = ()
    ladder: Ladder | None = None
    cancel: Cancelling | None = None
    countdowns: tuple[Countdown, ...] = ()
    scarcities: tuple[Scarcity, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    persona_offers: tuple[PersonaOffer, ...] = ()
    persona_pairs: tuple[PersonaPair, ...] = ()
    payment_calls: tuple[PaymentCall, ...] = ()
    consents: tuple[Consent, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    exits: tuple[Exit, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    dialogs: tuple[Dialog, ...] = ()
    claims: tuple[Claim, ...] = ()
    licence: Licence | None = None
    clauses: tuple[Clause, ...] = ()
    identities: tuple[Identity, ...] = ()
    merchant: Merchant | None = None
    coin_plan: CoinPlan | None = None
    series_cost: SeriesCost | None = None
    urgencies: tuple[Urgency, ...] = ()
    minor_guard: MinorGuard | None = None
    coverage: Coverage = Field(default_factory=Coverage)
