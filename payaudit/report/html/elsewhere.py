"""Where a text stands that a finding measured, when that is not the place the finding points at."""

from __future__ import annotations

from payaudit.model.facts import Facts, Legibility, Source
from payaudit.model.report import FindingV1

_MEASURES = ("font_px", "contrast", "opacity", "size_ratio", "contrast_ratio")


def measured_texts(finding: FindingV1, facts: Facts) -> list[Source]:
    """The texts whose legibility an offer's finding measured, as ``renewal.font_px``; each has an extent."""
    at = (finding.at.run, finding.at.step, finding.at.node)
    same = [o for o in facts.offers if (o.at.run, o.at.step, o.at.node) == at]
    if not same:
        return []
    heads = dict.fromkeys(test.field.partition(".")[0] for test in finding.because if "." in test.field)
    found: dict[Source, None] = {}
    for head in heads:
        legibility = getattr(same[0], head, None)
        if isinstance(legibility, Legibility):
            texts = [d.at for d in facts.disclosures if _same(d.legibility, legibility) and _extent(d.at)]
            found |= dict.fromkeys(texts[:1])
    return [text for text in found if (text.run, text.step, text.node) != at]


def _same(one: Legibility, other: Legibility) -> bool:
    """The same text by its measures; whether it is folded or in view depends on the step it was seen at."""
    return all(getattr(one, name) == getattr(other, name) for name in _MEASURES)


def _extent(at: Source) -> bool:
    return at.box is not None and at.box.width > 0 and at.box.height > 0
