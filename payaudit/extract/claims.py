"""What an advertisement, or the page that one comes to first, promises before anything is sold."""

from __future__ import annotations

import re

from payaudit.extract.terms import sentences
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Claim
from payaudit.perceive.ads import channel_ids, is_ad
from payaudit.perceive.gates import gate_of
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.texts import Text
from payaudit.perceive.urls import address

_PAGES = 4  # from the first address to the drama; more is browsing
_LINE = 80  # characters; a longer text is prose
_SELLS = ("all_episodes", "unlock", "pay", "first_time", "trial")  # groups of words of a sentence that sells
_NAME = 60
_BEFORE = " \t\u3000:：·|｜-–—,，"
_ENDS = re.compile(r"\s*[\n\u3000|｜·•;；，,]|\s{2,}")


def claims(walked: Walked) -> tuple[Claim, ...]:
    """One for each page before the paywall that promises something, in order."""
    found: list[Claim] = []
    hops: list[str] = []
    routes: set[tuple[str | None, str]] = set()
    for seen in walked.run(1):
        hops += _hops(seen)
        here = address(seen.step.url)
        if seen.scene.kind == "plea" and not routes:
            continue  # a layer over the first page: what that promises stands beneath
        if seen.scene.kind in {"paywall", "plea"} or len(routes) >= _PAGES:
            break
        if (here.host, here.path) in routes and not _promises(seen, walked.lexicon):
            continue
        ad = is_ad(seen.screen, walked.lexicon)
        if not (ad or not routes) or gate_of(seen.screen, walked.lexicon) is not None:
            continue
        if (here.host, here.path) in routes and found:
            continue
        routes.add((here.host, here.path))
        claim = _claim(seen, walked.lexicon, tuple(hops), ad=ad)
        if claim is not None:
            found.append(claim)
    return tuple(found)


def _hops(seen: Seen) -> list[str]:
    """Addresses that handed the visitor on to this page."""
    told = [e.data for e in seen.events("navigation")]
    return [str(d["url"]) for d in told if d.get("to")]


def _claim(seen: Seen, lexicon: Lexicon, hops: tuple[str, ...], *, ad: bool) -> Claim | None:
    lines = _promises(seen, lexicon)
    advertiser = _named(seen, lexicon, "advertiser") if ad else None
    distributor = _named(seen, lexicon, "distributor") if ad else None
    if not lines and not (advertiser or distributor):
        return None
    words = " / ".join(dict.fromkeys(t.text.strip() for t in lines))[:300]
    price = next(
        (a.money for t in lines for a in amounts(t.text) if a.money is not None and a.role in ASKED), None
    )
    first = lines[0] if lines else None
    ids = tuple(dict.fromkeys(f"{k}={v}" for url in (*hops, seen.step.url) for k, v in channel_ids(url)))
    return Claim(
        made_by="ad" if ad else "page",
        text=words,
        price=price,
        free=any(lexicon.has("free", t.text) for t in lines) if lines else None,
        claims_all=any(lexicon.has("all_episodes", t.text) for t in lines) if lines else None,
        advertiser=advertiser,
        distributor=distributor,
        channel=ids,
        hops=hops,
        at=seen.source(first.node if first else None, words, first.box if first else None),
    )


def _promises(seen: Seen, lexicon: Lexicon) -> list[Text]:
    """Lines that say free, or name a price, in the order of the screen."""
    ad = is_ad(seen.screen, lexicon)
    found = []
    for text in seen.screen.front:
        if len(text.text.strip()) <= _LINE:
            found += [text] if lexicon.has("free", text.text) or _priced(text) else []
        elif ad:
            # In an advertisement's prose the sentence that sells; the story's own sums are no price.
            found += [
                part
                for part in sentences(text)
                if len(part.text.strip()) <= _LINE
                and _priced(part)
                and any(lexicon.has(group, part.text) for group in _SELLS)
            ]
    return found


def _priced(text: Text) -> bool:
    return any(a.money is not None and a.role in ASKED for a in amounts(text.text))


def _named(seen: Seen, lexicon: Lexicon, group: str) -> str | None:
    """What stands behind a word such as 广告主： in its own line, or in the text after it."""
    front = seen.screen.front
    for position, text in enumerate(front):
        hits = lexicon.find(group, text.text) if len(text.text) <= _LINE * 2 else ()
        for hit in hits:
            rest = _ENDS.split(text.text[hit.end :].strip(_BEFORE))[0].strip(_BEFORE)
            if not rest and position + 1 < len(front):
                rest = front[position + 1].text.strip().splitlines()[0]
            if 1 < len(rest) <= _NAME:
                return rest
    return None
