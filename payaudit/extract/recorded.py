"""A walk and its facts as a recording that later ones may look back on."""

from __future__ import annotations

from payaudit.extract.persona_offers import device_told
from payaudit.extract.walked import Walked
from payaudit.model.evidence import Audit
from payaudit.model.facts import Facts
from payaudit.model.recording import Asked, Recording

# The options of a walk under which it may show somebody's own account.
_OWN = ("stored_session", "attached", "by_hand", "devtools")


def recorded(walked: Walked, facts: Facts, sha256: str | None) -> Recording:
    """What of a walk takes other days or personas to tell."""
    audit = walked.evidence.audit
    first = next(iter(walked.untouched()), None)
    return Recording(
        sha256=sha256,
        target=facts.target,
        persona=facts.persona,
        captured=facts.captured,
        started=audit.started,
        ended=audit.ended,
        imported=audit.imported,
        replay=audit.options.get("replay_of") is not None,
        customer=_may_be_a_customer(audit),
        paywall_at=first.step.captured if first is not None else None,
        device_told=device_told((first,)) if first is not None else None,
        offers=facts.offers,
        asked=tuple(Asked(amount=c.amount, at=c.at) for c in facts.payment_calls if c.amount is not None),
        persona_offers=facts.persona_offers,
        scarcities=facts.scarcities,
        episodes=facts.episodes,
        ladder=facts.ladder,
    )


def _may_be_a_customer(audit: Audit) -> bool:
    """Whether an account that has bought may have been seen: the tool's own fresh visits have none."""
    return audit.imported or any(audit.options.get(name) for name in _OWN)
