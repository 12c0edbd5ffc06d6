"""What a viewer could read as a text: the selling screens, and every agreement that a link led to.

An agreement is the page that opened, or the PDF that was answered; its text is
taken whole, whatever part of it was in view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from payaudit.extract.walked import Seen, Walked
from payaudit.perceive import agreements
from payaudit.perceive.pdf import pdf_text

MOST_CHARS = 4_000_000  # of one document; a longer one is cut, as none is meant to be read
_MOST_PAGES = 400
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Document:
    """A text with where it was seen. ``title`` is the caption of the link; empty: the paywall."""

    title: str
    text: str
    seen: Seen
    on_paywall: bool


def documents(walked: Walked) -> tuple[Document, ...]:
    """Each text once, agreements in the order of opening, then what stands on selling screens."""
    found: dict[str, Document] = {}
    for seen in walked.agreements():
        target = seen.step.action.target
        title = agreements.title(target.label) if target is not None else ""
        tree, scope = seen.screen.tree, seen.screen.scope
        inside = (t for t in seen.screen.texts if t.sight != "hidden" and tree.inside(t.node, scope))
        page = "\n".join(t.text.strip() for t in inside)
        for text in (page, *_pdfs(walked, seen)):
            if text.strip():
                found.setdefault(text, Document(title or "?", text[:MOST_CHARS], seen, on_paywall=False))
    for seen in walked.selling():
        for part in seen.screen.in_scope:
            text = part.text.strip()
            if text:
                found.setdefault(text, Document("", text, seen, on_paywall=True))
    return tuple(found.values())


def _pdfs(walked: Walked, seen: Seen) -> Iterator[str]:
    for exchange in walked.evidence.exchanges(seen.step.run, seen.step.number):
        if exchange.response_body.startswith(_PDF):
            yield pdf_text(exchange.response_body, _MOST_PAGES)
