from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Box
from payaudit.model.facts import Coverage, Disclosure, Rung, Source
from payaudit.report.html.page import to_html
from payaudit.report.html.plots import ladder_plot
from payaudit.report.html.words import words
from payaudit.report.refs import refs
from tests.evidence.evidence_walks import T0
from tests.judge.worlds import FAINT, LOUD, facts
from tests.report.html_worlds import AT, Page, bad_facts, bad_page, picture, walk
from tests.report.test_report_build import report


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return bad_page(tmp_path_factory.mktemp("bad"))


@pytest.fixture(scope="module")
def page(bad: Page) -> BeautifulSoup:
    return BeautifulSoup(bad.html(), "lxml")


def test_same_evidence_same_bytes(bad: Page, tmp_path: Path) -> None:
    assert bad.html() == bad.html()
    copy = tmp_path / "another name.wacz"
    copy.write_bytes(bad.evidence.read_bytes())
    assert Page(bad.report, bad.facts, copy).html() == bad.html()


def test_nothing_points_outside_the_file(page: BeautifulSoup) -> None:
    for tag in page.select("*"):
        for name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
            value = str(tag.get(name, "#"))
            assert value.startswith(("#", "data:image/jpeg;base64,")), (tag.name, name, value[:80])
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], tag.name
    assert len(page.find_all("script")) == len(page.find_all("style")) == 1


def test_the_policy_allows_this_style_and_this_script_alone(page: BeautifulSoup) -> None:
    told = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert told is not None
    policy = dict(part.strip().split(" ", 1) for part in str(told["content"]).split(";"))
    for name in ("script", "style"):
        tag = page.find(name)
        assert tag is not None
        digest = base64.b64encode(hashlib.sha256(tag.get_text().encode()).digest()).decode()
        assert policy[f"{name}-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"


def test_every_finding_is_there_with_all_that_it_rests_on(bad: Page, page: BeautifulSoup) -> None:
    told = [f for f in bad.report.findings if f.verdict in ("violation", "unclear")]
    articles = page.select("article.finding")
    assert len(articles) == len(told) >= 5
    ids = dict(zip(bad.report.findings, refs(bad.report.findings), strict=True))
    for finding in told:
        article = next(a for a in articles if finding.sentence.zh in a.get_text())
        text = article.get_text()
        assert finding.sentence.en in text
        assert ids[finding] in text
        for test in finding.because:
            assert test.name.en in text
            if test.threshold_source:
                assert test.threshold_source.zh in text
        if finding.verdict == "violation":
            for provision in (*finding.provisions, *finding.annex_provisions):
                assert provision.paraphrase.zh in text
                assert words().name("verification", provision.verification).en in text
            for check in (*finding.harbours, *finding.false_positives):
                assert check.says.en in text
        for missing in finding.not_seen:
            assert missing.zh in text
    unclear = page.select("#unclear article")
    assert len(unclear) == sum(f.verdict == "unclear" for f in told) > 0
    assert not page.select("#findings article.grade-unclear")


def test_a_measurement_keeps_its_unit_and_its_limit(page: BeautifulSoup) -> None:
    rows = [
        [" ".join(c.get_text(" ").split()) for c in row.find_all("td")] for row in page.select(".measures tr")
    ]
    font = next(
        row for row in rows if row and row[0].startswith("font size of the text that states the renewal")
    )
    assert font[1].startswith("9 px")
    assert "under 12 px" in font[2]
    assert "低于 12 px" in font[2]
    assert "screening heuristic" in font[2]


def test_the_mark_lies_where_the_box_is(page: BeautifulSoup) -> None:
    drawn = page.select_one("article.finding .cut svg")
    assert drawn is not None
    view = [float(number) for number in str(drawn["viewbox"]).split()]
    mark = drawn.select_one(".mark")
    assert mark is not None
    assert (float(mark["x"]), float(mark["y"])) == (AT.box.x - 5, AT.box.y - 5)  # type: ignore[union-attr,arg-type]
    assert view[1] < AT.box.y < AT.box.y + AT.box.height < view[1] + view[3]  # type: ignore[union-attr]
    assert page.select_one("article.finding .whole .dim") is not None


def test_where_no_picture_or_region_is_the_page_says_so(tmp_path: Path) -> None:
    seen = bad_facts()
    none = Page(report(seen), seen, walk(tmp_path / "none", screen=lambda _: None)).html().decode()
    assert words().words["no_picture"].zh in none
    broken = Page(
        report(seen), seen, walk(tmp_path / "broken", screen=lambda _: b"\x89PNG\r\n\x1a\nno")
    ).html()
    assert words().words["no_picture"].en in broken.decode()
    below = AT.model_copy(update={"box": Box(x=0, y=2000, width=50, height=20)})
    moved = bad_facts().model_copy(
        update={"offers": tuple(o.model_copy(update={"at": below}) for o in seen.offers)}
    )
    text = Page(report(moved), moved, walk(tmp_path / "below")).html().decode()
    assert "2000 px" in text
    assert "844 px" in text


def test_a_walk_that_reached_nothing_says_so(tmp_path: Path) -> None:
    seen = facts(
        offers=(),
        consents=(),
        payment_calls=(),
        leaving=(),
        coverage=Coverage(paywall_seen=False, walk_ended=False),
    )
    text = Page(report(seen), seen, walk(tmp_path, steps=1)).html().decode()
    for key in ("reached_not", "cut_off", "nothing_found", "no_offers"):
        assert words().words[key].en in text, key
        assert words().words[key].zh in text, key


def test_the_same_screen_is_kept_once(tmp_path: Path) -> None:
    seen = bad_facts()
    path = walk(tmp_path, steps=30, screen=lambda number: picture(number % 3))
    with Evidence.open(path) as opened:
        html = to_html(report(seen), seen, opened).decode()
    assert len(re.findall(r'<image id="pic-', html)) == 3


def test_the_market_decides_what_is_shown_first_unless_told(bad: Page) -> None:
    def first(html: bytes) -> str:
        chosen = BeautifulSoup(html, "lxml").select_one("input[name=language][checked]")
        assert chosen is not None
        return str(chosen["value"])

    assert first(bad.html()) == "zh"
    assert first(bad.html("en")) == "en"


def test_every_word_exists_in_both_languages() -> None:
    known = words()
    for text in (*known.words.values(), *(t for kind in known.values.values() for t in kind.values())):
        assert text.en.strip()
        assert text.zh.strip()
        assert sorted(re.findall(r"\{\w+\}", text.en)) == sorted(re.findall(r"\{\w+\}", text.zh)), text.en


@pytest.mark.parametrize("phrase", ["illegal", "unlawful", "violates the law", "违法", "非法"])
def test_no_verdict_of_law_is_spoken(bad: Page, phrase: str) -> None:
    own = BeautifulSoup(bad.html(), "lxml").get_text()
    assert phrase not in own


def test_the_text_that_was_measured_is_shown_where_it_stands(tmp_path: Path) -> None:
    """It may be folded on one screen and not on another; its measures tell that it is the same."""
    seen = bad_facts()
    elsewhere = Source(
        run=1, step=3, node=8, text="次月起¥39.9/月", box=Box(x=20, y=700, width=200, height=14)
    )
    told = Disclosure(
        kind="renewal",
        text=elsewhere.text,
        legibility=FAINT.model_copy(update={"folded": True}),
        at=elsewhere,
    )
    other = told.model_copy(update={"legibility": LOUD})
    for disclosures, count in (((told,), 1), ((other,), 0)):
        with_it = seen.model_copy(update={"disclosures": disclosures})
        made = Page(report(with_it), with_it, walk(tmp_path / str(count))).html()
        article = next(
            a
            for a in BeautifulSoup(made, "lxml").select("article.finding")
            if "hidden-renewal" in a.get_text()
        )
        assert article.get_text().count(words().words["measured_text"].zh) == count


def test_the_summary_cites_provisions_as_a_lawyer_does(bad: Page, page: BeautifulSoup) -> None:
    summary = page.select_one("#summary .list")
    assert summary is not None
    text = summary.get_text()
    cited = [p for f in bad.report.findings if f.verdict == "violation" for p in f.provisions]
    assert cited
    for provision in cited:
        assert provision.instrument.original in text
        assert provision.article.zh in text
        assert provision.id not in text


def test_a_provision_that_is_not_checked_yet_is_not_said_to_be_none(bad: Page) -> None:
    """What the law holds is not told by what has been read of it so far."""
    first, *others = bad.report.findings
    assert first.verdict == "violation"
    some = (*first.provisions, *first.annex_provisions)
    assert some
    for annex, expected in ((some, f"待核实条款 {len(some)} 条"), ((), "本工具条款库中未列")):
        moved = first.model_copy(update={"provisions": (), "annex_provisions": annex})
        made = bad.report.model_copy(update={"findings": (moved, *others)})
        with Evidence.open(bad.evidence) as opened:
            page = BeautifulSoup(to_html(made, bad.facts, opened), "lxml")
        row = page.select_one("#summary tbody tr")
        assert row is not None
        assert expected in row.get_text()
        assert "无现行条款" not in page.get_text()


def test_no_path_of_a_field_is_put_before_a_reader(page: BeautifulSoup) -> None:
    for article in page.select("article.finding"):
        assert not re.search(r"\b[a-z_]+\.[a-z_]+ (is|lt|lte|gt|gte|in|matches) ", article.get_text())


def test_an_open_question_is_about_something_that_has_a_name(page: BeautifulSoup) -> None:
    open_ones = page.select_one("#unclear").get_text()  # type: ignore[union-attr]
    assert "第 11 至 60 集的价格无法判断" in open_ones
    assert "Unclear for the prices of episodes 11 to 60" in open_ones
    assert "11-60" not in open_ones
    headings = [heading.get_text() for heading in page.select("#unclear h3")]
    assert headings
    assert all("待查：" in heading and "To be looked into: " in heading for heading in headings)
    assert not [heading for heading in page.select("#findings h3") if "待查" in heading.get_text()]


def test_two_prices_beside_each_other_do_not_cover_each_other() -> None:
    seen = bad_facts()
    assert seen.ladder is not None
    close = seen.ladder.model_copy(
        update={"rungs": tuple(Rung(number=n, value=Decimal(51), at=AT) for n in (9, 10, 82))}
    )
    drawn = ladder_plot(seen.model_copy(update={"ladder": close}))
    assert drawn is not None
    assert [point.labelled for point in drawn.points] == [True, False, True]


def test_the_time_is_told_by_beijing_too(page: BeautifulSoup) -> None:
    begun = T0.astimezone(timezone(timedelta(hours=8)))
    assert f"北京时间 {begun.month}月{begun.day}日 {begun:%H:%M}" in page.select_one(".cover").get_text()  # type: ignore[union-attr]
