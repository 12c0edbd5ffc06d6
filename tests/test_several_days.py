"""A site audited on several days: what only they tell, in the report of the last one, in both languages."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from payaudit.audit import judge_evidence
from payaudit.evidence.read import Evidence
from payaudit.report.csv import findings_csv
from payaudit.report.json import to_json
from payaudit.serve import serving
from tests.commands import NO_BROWSER, Done, payaudit
from tests.days import moved

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = Path(__file__).with_name("paywall_of_days.html")
BEFORE = (-8, -7, -5, -3, -2)  # days before the last audit that also have one
TOLD = {
    "uncharged-reference-price": {
        "en": "recordings on 6 days over 8 days never show that as a price charged",
        "zh": "8 日间 6 个日期的记录中，该价格从未作为实际售价出现",
    },
    "standing-scarcity": {
        "en": "showed the same number at every visit on 6 days",
        "zh": "在 6 个日期的每次访问中数字均相同",
    },
}


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The evidence of two real audits, the first put on each of the earlier days; the last one is judged."""
    folder = tmp_path_factory.mktemp("days")
    (folder / "site").mkdir()
    (folder / "site/index.html").write_bytes(PAGE.read_bytes())

    def walk(name: str) -> Done:
        return payaudit("audit", f"{address}/", "-o", folder / name, "--quick", "--persona", "wechat-iphone")

    with serving(folder, None) as address, ThreadPoolExecutor(2) as pool:
        for done in pool.map(walk, ("first", "last")):
            assert done.code in {0, 4, 10}, done.err
    first = folder / "first/evidence.wacz"
    days = [moved(first, folder / f"day{day}.wacz", day) for day in BEFORE]
    return [folder / "last/evidence.wacz", *days]


def judged(walks: list[Path], *more: object, lang: str = "en") -> Done:
    along = [part for path in walks[1:] for part in ("--earlier", path)]
    return payaudit("judge", walks[0], *along, *more, env={**NO_BROWSER, "PAYAUDIT_LANG": lang})


def test_evidence_of_another_day_verifies(walks: list[Path]) -> None:
    for path in walks:
        with Evidence.open(path) as evidence:
            assert evidence.problems == ()
    with Evidence.open(walks[0]) as last, Evidence.open(walks[1]) as first:
        assert (last.audit.started.date() - first.audit.started.date()).days == 8


def test_the_last_day_alone_tells_neither(walks: list[Path]) -> None:
    report = judge_evidence(walks[0]).report
    assert not TOLD.keys() & {f.rule for f in report.findings}
    assert report.earlier == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_six_days_tell_it_in_words(walks: list[Path], lang: str) -> None:
    text = judged(walks, lang=lang).out
    read = ("" if lang == "zh" else " ").join(line.strip() for line in text.splitlines())
    for rule, words in TOLD.items():
        assert f"[{rule}]" in read
        assert words[lang] in read
    assert ("leans on: earlier-1.wacz (" if lang == "en" else "依托：earlier-1.wacz (") in text


def test_every_place_is_in_a_file_that_the_report_names(walks: list[Path], tmp_path: Path) -> None:
    done = judged(walks, "-o", tmp_path, "--format", "json")
    assert done.code == 10, done.err
    report = json.loads(done.out)
    files = {}
    for path in walks:
        with Evidence.open(path) as evidence:
            files[evidence.sha256] = (
                {(s.run, s.number) for s in evidence.steps},
                evidence.audit.started.date(),
            )
    assert [each["sha256"] for each in report["earlier"]] == list(files)[1:]
    for finding in report["findings"]:
        assert (finding["at"]["run"], finding["at"]["step"]) in files[report["evidence"]["sha256"]][0]
        leans = finding["leans_on"]
        if finding["rule"] in TOLD and finding["verdict"] == "violation":
            assert [lean["captured"] for lean in leans] == [each["captured"] for each in report["earlier"]]
        for lean in leans:
            steps, day = files[lean["sha256"]]
            assert (lean["at"]["run"], lean["at"]["step"]) in steps
            assert lean["captured"] == day.isoformat()
    table = findings_csv(judge_evidence(walks[0], earlier=walks[1:]).report).decode()
    assert f"earlier-1.wacz {report['earlier'][0]['captured']} run 1 step " in table
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Leans on earlier evidence" in page
    assert "依托的更早证据" in page
    assert all(each["sha256"] in page for each in report["earlier"])
    assert "--earlier earlier-1.wacz --earlier earlier-2.wacz" in page


def test_the_order_of_the_files_changes_no_byte(walks: list[Path]) -> None:
    one = judge_evidence(walks[0], earlier=walks[1:])
    other = judge_evidence(walks[0], earlier=walks[:0:-1])
    assert to_json(one.report) == to_json(other.report)


def test_too_few_days_are_unclear(walks: list[Path]) -> None:
    report = judge_evidence(walks[0], earlier=walks[1:2]).report
    told = {f.rule: f for f in report.findings if f.rule in TOLD}
    assert told["uncharged-reference-price"].verdict == "unclear"
    assert "standing-scarcity" not in told


def test_what_a_catalogue_remembers_is_left_out_where_it_cannot_be_earlier(walks: list[Path]) -> None:
    last, first = (judge_evidence(path).recording for path in walks[:2])
    assert last is not None
    assert first is not None
    later = last.model_copy(update={"started": last.started + timedelta(hours=1)})
    elsewhere = first.model_copy(update={"target": "https://elsewhere.example/"})
    report = judge_evidence(walks[0], earlier=[later, first, elsewhere, last, first]).report
    assert [each.sha256 for each in report.earlier] == [first.sha256]
    assert to_json(report) == to_json(judge_evidence(walks[0], earlier=[walks[1]]).report)


def test_what_cannot_be_earlier_is_one_line(walks: list[Path]) -> None:
    last, first, *_ = walks
    for pair, said in (
        ([last, last], "the same walk is handed along twice"),
        ([last, first, first], "the same walk is handed along twice"),
        ([first, last], "made after the evidence that is judged"),
    ):
        done = judged(pair)
        assert done.code == 2
        assert len(done.errors) == 1
        assert said in done.errors[0]
    other = Path(__file__).parent.parent / "fixtures/recorded/daodao.wacz"
    done = judged([last, other])
    assert done.code == 2
    (line,) = done.errors
    assert "daodao.wacz: a recording of " in line
    assert judged([last, other], lang="zh").err.count("请提交同一目标的记录") == 1
