"""Facts that rest on what answers to a tap, where that was guessed: WeChat DevTools does not tell."""

from __future__ import annotations

from payaudit.extract.walked import Walked
from payaudit.model.facts import Exit, Leaving

_OF_AN_EXIT = (
    "width",
    "height",
    "delay_s",
    "accept_beside",
    "accept_label",
    "accept_area_ratio",
    "accept_contrast",
)


def taps_told(walked: Walked) -> bool:
    """Whether the screens say by themselves what can be pressed."""
    return not any(
        e.data.get("kind") == "devtools" and e.data.get("name") == "tap_handlers"
        for seen in walked.seen
        for e in seen.events("runtime_gap")
    )


def doubted_exits(walked: Walked, exits: tuple[Exit, ...]) -> tuple[Exit, ...]:
    """Ways out whose size, lateness and neighbours are not known where taps are guessed."""
    if taps_told(walked):
        return exits
    unknown = dict.fromkeys(_OF_AN_EXIT)
    return tuple(each.model_copy(update=unknown) for each in exits)


def doubted_leavings(walked: Walked, leavings: tuple[Leaving, ...]) -> tuple[Leaving, ...]:
    """The same of each run that set out to leave; that no mark closes is not known either."""
    if taps_told(walked):
        return leavings
    unknown: dict[str, object] = {n: None for n in Leaving.model_fields if n.startswith("close_")}
    return tuple(each.model_copy(update=unknown) for each in leavings)
