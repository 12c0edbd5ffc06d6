"""Evidence to facts: pure, without a browser, the same for the same file."""

from __future__ import annotations

from decimal import Decimal

from payaudit.evidence.read import Evidence
from payaudit.extract.asked import asked_offers
from payaudit.extract.beside import beside
from payaudit.extract.bills import bills
from payaudit.extract.calls import payment_calls
from payaudit.extract.cancelling import cancelling
from payaudit.extract.claims import claims
from payaudit.extract.clauses import clauses
from payaudit.extract.coin_plan import coin_plan
from payaudit.extract.coin_scope import coin_scope
from payaudit.extract.consents import consents
from payaudit.extract.countdowns import countdowns, crowd_counts, scarcities
from payaudit.extract.coverage import coverage
from payaudit.extract.dialogs import dialog_offers, dialogs
from payaudit.extract.disclosures import disclosures
from payaudit.extract.documents import documents
from payaudit.extract.episodes import episodes, total_episodes
from payaudit.extract.fees import with_fees
from payaudit.extract.ladder import ladder
from payaudit.extract.leaving import exits, leavings
from payaudit.extract.licences import licence
from payaudit.extract.merchant import identities, merchant
from payaudit.extract.offers import offers
from payaudit.extract.persona_offers import persona_offers
from payaudit.extract.pressure import minor_guard, urgencies
from payaudit.extract.promised import promised
from payaudit.extract.references import compared
from payaudit.extract.reminders import reminded
from payaudit.extract.series_cost import series_cost
from payaudit.extract.unpriced import told_by_calls, unpriced_offers
from payaudit.extract.unseen import unseen
from payaudit.extract.untold import doubted_exits, doubted_leavings
from payaudit.extract.walked import Walked
from payaudit.model.evidence import IMPORTED
from payaudit.model.facts import Coverage, Facts, Offer
from payaudit.perceive.at_home import at_home
from payaudit.perceive.calls import Calls
from payaudit.perceive.lexicon import Lexicon, bundled

_CJK = ("\u4e00", "\u9fff")
_KANA = ("\u3040", "\u30ff")
_HANGUL = ("\uac00", "\ud7af")


def extract(evidence: Evidence, lexicon: Lexicon | None = None, calls: Calls | None = None) -> Facts:
    """All facts of one evidence file. Raises ``EvidenceError`` when a snapshot is unreadable."""
    return of_walk(Walked(evidence, lexicon or bundled()), calls)


def of_runs(walked: Walked, calls: Calls | None = None) -> tuple[Facts, ...]:
    """The facts of each run that reached the paywall, from that run alone, in order."""
    return tuple(of_walk(walked.part(seen.step.run), calls) for seen in walked.untouched())


def of_walk(walked: Walked, calls: Calls | None = None) -> Facts:
    """All facts of the steps that were read; of what others recorded, no more than that can show."""
    with at_home(walked.home):
        facts = _facts(walked, calls)
    audit = walked.evidence.audit
    if not audit.imported:
        return facts
    told = audit.options.get(IMPORTED)
    return unseen(facts, sent=isinstance(told, dict) and told.get("kind") != "HTML")


def _facts(walked: Walked, calls: Calls | None) -> Facts:
    audit = walked.evidence.audit
    every = payment_calls(walked, calls or Calls.bundled())
    apart = {(s.step.run, s.step.number) for s in walked.seen if s.apart}
    made = tuple(c for c in every if (c.at.run, c.at.step) not in apart)
    made = with_fees(walked, made)
    total = total_episodes(walked)
    seen = coverage(walked)
    whole = seen.paywall_seen_whole
    sold = (
        *told_by_calls(offers(walked, made, whole=whole, total=total), made),
        *dialog_offers(walked, made, whole=whole),
        *unpriced_offers(walked, made),
    )
    on_sale = len(sold)  # the episode itself is paid with what these bring
    sold = (*sold, *asked_offers(walked, sold, whole=whole))
    sold = beside(walked, sold)
    listed = episodes(walked, every)
    sold = coin_scope(walked, sold, listed)
    read = documents(walked)
    sold = reminded(sold, read, walked.lexicon, whole=whole)
    sold = compared(sold, read, walked.lexicon, whole=whole)
    known = identities(walked, read)
    climbed = ladder(walked, every, whole=whole)
    return Facts(
        target=audit.target,
        persona=audit.persona,
        captured=audit.started.date().isoformat(),
        languages=_languages(walked),
        host=_host(audit.persona),
        simulated_host=bool(audit.options.get("miniprogram")),
        seen_in_devtools=bool(audit.options.get("devtools")),
        title=next((s.step.title for s in walked.seen if s.step.title), None),
        offers=sold,
        episodes=listed,
        ladder=climbed,
        cancel=cancelling(walked, renews=any(o.auto_renews for o in sold) or None),
        countdowns=countdowns(walked),
        scarcities=scarcities(walked),
        crowds=crowd_counts(walked),
        persona_offers=persona_offers(walked, sold),
        payment_calls=(*made, *bills(walked.evidence, sold, walked.lexicon)),
        consents=consents(walked),
        disclosures=disclosures(walked),
        exits=doubted_exits(walked, exits(walked)),
        leaving=doubted_leavings(walked, leavings(walked)),
        dialogs=dialogs(walked),
        claims=promised(walked, claims(walked), sold, whole=whole),
        licence=licence(walked, seen),
        clauses=clauses(read, walked.lexicon, _coin_names(sold), whole=whole),
        identities=known,
        merchant=merchant(walked, known, read, whole=whole and _looked_about(seen)),
        coin_plan=coin_plan(walked, sold, listed, whole=whole),
        series_cost=series_cost(walked, sold, listed, climbed, whole=whole),
        urgencies=urgencies(walked, whole=whole),
        minor_guard=minor_guard(walked, read, whole=whole),
        coverage=seen.model_copy(
            update={"offers_seen": on_sale, "offers_tried": len({c.offer for c in made if c.offer})}
        ),
    )


def _looked_about(seen: Coverage) -> bool:
    """Whether account, help and legal pages were looked for, where sellers name themselves."""
    return any(g.goal == "cancel" and g.state in {"reached", "failed"} for g in seen.goals)


def _host(persona: str) -> str:
    for host in ("wechat", "douyin"):
        if persona.startswith(host):
            return host
    return "browser"


def _coin_names(sold: tuple[Offer, ...]) -> frozenset[str]:
    """What offers call their coins; a single Latin letter names nothing."""
    names = {o.coin_name for o in sold if o.coin_name}
    return frozenset(name for name in names if len(name) > 1 or not name.isascii())


def _languages(walked: Walked) -> tuple[str, ...]:
    """Languages that the walk's screens are written in, the commonest first."""
    words = "".join(t.text for s in walked.seen for t in s.screen.front)
    letters = [c for c in words if c.isalpha()]
    if not letters:
        return ()
    share = {
        "zh": sum(_CJK[0] <= c <= _CJK[1] for c in letters),
        "ja": sum(_KANA[0] <= c <= _KANA[1] for c in letters) * 3,
        "ko": sum(_HANGUL[0] <= c <= _HANGUL[1] for c in letters) * 2,
        "en": sum(c.isascii() for c in letters) * 0.35,
    }
    floor = Decimal("0.15") * len(letters)
    return tuple(k for k, n in sorted(share.items(), key=lambda kv: -kv[1]) if Decimal(n) > floor)
