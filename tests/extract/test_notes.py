"""A note that speaks of several offers, cut where it goes on to the next."""

from __future__ import annotations

import pytest

from payaudit.extract.terms import by_offer, sentences
from payaudit.perceive.texts import Run, Text

BOX = (0.0, 0.0, 300.0, 20.0)


def text(words: str) -> Text:
    return Text(words, (Run(0, words, 0, BOX, 12, False, False, 1.0, None, "visible"),), 0, BOX)  # noqa: FBT003 - a plain run


@pytest.mark.parametrize(
    ("words", "names", "parts"),
    [
        (
            "Weekly VIP renews at $19.99/week and Yearly VIP renews at $149.99/year.",
            ("Weekly VIP", "Yearly VIP"),
            ["Weekly VIP renews at $19.99/week and ", "Yearly VIP renews at $149.99/year."],
        ),
        ("VIP renews at $5, VIP Plus at $9", ("VIP", "VIP Plus"), ["VIP renews at $5, ", "VIP Plus at $9"]),
        (
            "连续包周9.9元/周，连续包月29元/月",
            ("连续包周", "连续包月"),
            ["连续包周9.9元/周，", "连续包月29元/月"],
        ),
        ("Weekly VIP renews at $19.99/week.", ("Weekly VIP", "Yearly VIP"), None),
        ("Weekly VIP renews. Weekly VIP can be cancelled.", ("Weekly VIP",), None),
        ("It renews at $19.99/week.", ("Weekly VIP",), None),
    ],
)
def test_cut_by_offer(words: str, names: tuple[str, ...], parts: list[str] | None) -> None:
    assert [part.text for part in by_offer(text(words), names)] == (parts or [words])


def test_sentences_keep_what_draws_them() -> None:
    parts = sentences(text("First week $7.99. Then $19.99 a week!"))
    assert [part.text for part in parts] == ["First week $7.99.", " Then $19.99 a week!"]
    assert all(part.runs for part in parts)
