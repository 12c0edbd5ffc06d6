"""Chinese and English are equals: what a report says of itself is Chinese, on walks of three markets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from payaudit.audit import judge_evidence
from payaudit.evidence.read import Evidence
from payaudit.model.called import channels
from payaudit.report.html.page import to_html

RECORDED = sorted((Path(__file__).parents[2] / "fixtures" / "recorded").glob("*.wacz"))
# What is no word of ours: quotations of the page and titles, addresses, options and commands, citations.
OTHERS = re.compile(
    r"“.*?”|\[.*?\]|《.*?》|https?://[!-~]+|--[a-z-]+|\b[\w-]+\.(?:json|html|wacz|page|gov\.cn|ca\.gov)\b|§.*"
)
# Names that Chinese uses as they are; so it does codes in capitals.
NAMES = {
    "iPhone", "Android", "App", "px", "payaudit", "record", "judge", "verify", "headless", "shell",
    "Chromium", "ReplayWeb", "LawRefBook", "Laws", "cookie",
    *(word for name in channels().values() for word in re.findall("[A-Za-z]+", name.zh)),
}  # fmt: skip


@pytest.fixture(scope="module", params=RECORDED, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest) -> BeautifulSoup:
    judged = judge_evidence(request.param)
    with Evidence.open(request.param) as opened:
        return BeautifulSoup(to_html(judged.report, judged.facts, opened), "lxml")


def said(page: BeautifulSoup, language: str) -> list[str]:
    """What the report says in a language, without names of statutes and the page's words in drawings."""
    for cited in page.select("svg, cite, .bears, .q, .mono, .provisions b, .provisions .soft"):
        cited.extract()
    return [" ".join(e.get_text().split()) for e in page.select(f'.t[lang="{language}"]')]


def test_there_are_walks_to_look_at() -> None:
    assert len(RECORDED) >= 3


def test_the_chinese_report_has_no_english_words(page: BeautifulSoup) -> None:
    texts = said(page, "zh")
    assert len(texts) > 200
    words = {text: re.findall("[A-Za-z]*[a-z][A-Za-z]*", OTHERS.sub("", text)) for text in texts}
    wrong = {text: strange for text, found in words.items() if (strange := set(found) - NAMES)}
    assert not wrong
