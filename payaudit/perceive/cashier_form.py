"""What a page sends when it is left for a cashier, to tell the same form sent twice."""

from __future__ import annotations

from payaudit.model.evidence import Event


def cashier_form(event: Event) -> str | None:
    """Address and fields of a payment that the page was left for; None for any other event."""
    if event.kind != "payment_call" or event.data.get("resource_type") != "Document":
        return None
    return repr((event.data.get("url"), sorted((event.data.get("arguments") or {}).items(), key=repr)))
