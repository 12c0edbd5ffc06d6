"""Signs of an advertisement: its own mark, and the ids by which a channel is paid for a visitor."""

from __future__ import annotations

import re

from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.urls import address

# Names of query fields by which ad networks and distributors know whom a visit came through.
_CHANNEL = re.compile(
    r"^(?:utm_\w+|[a-z]{1,3}clid|clickid|click_id|qz_gdt|bd_vid|gdt_vid|callback|promotion_?id|promo_?id|"
    r"ad_?id|adgroup_?id|aid|cid|creative_?id|campaign(?:_?id)?|channel(?:_?id)?|chn|qd|source(?:_?id)?|src|"
    r"from|tf_?id|link_?id|ttclid|tt_clickid|aff(?:_?id)?|affiliate|partner(?:_?id)?|agent(?:_?id)?|"
    r"distributor(?:_?id)?|dist_?id|pid|sub_?id|subid\d*|ref(?:errer)?|sid|trackid|track_?id|spm)$",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"^(?:utm_\w+|[a-z]{1,3}clid|.*click_?id|qz_gdt|\w+_vid|ttclid|promotion_?id|ad_?id)$", re.IGNORECASE
)
# A page that was made to be come to from an advertisement is filed as one.
_FILED = re.compile(
    r"/(?:ads?|advert\w*|landing\w*|lp|ld|promo|tuiguang|toufang|campaign)(?:[-_.][\w.-]*)?(?:/|$)",
    re.IGNORECASE,
)
_MARK = 0.5  # share of a text that the mark fills; a longer text is prose, or the caption of another's banner


def channel_ids(url: str) -> tuple[tuple[str, str], ...]:
    """Fields of a URL, its fragment's too, that name a channel; in the order of the URL."""
    fragment = url.partition("#")[2]
    pairs = [*address(url).query, *(address(f"https://x/{fragment}").query if "?" in fragment else ())]
    return tuple((name, value) for name, value in pairs if _CHANNEL.match(name) and value)


def is_ad(screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a page says it is an advertisement, was come to as from one or is filed as one."""
    url = screen.tree.url
    if any(_PAID.match(name) for name, _ in channel_ids(url)) or _FILED.search(address(url).path):
        return True
    return any(marked(t.text, lexicon) for t in screen.front)


def marked(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is little more than the mark of an advertisement."""
    told = text.strip()
    hits = lexicon.find("ad_mark", told)
    return bool(hits) and sum(h.end - h.start for h in hits) >= _MARK * len(told)
