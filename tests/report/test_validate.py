"""What the schema of a report refuses, and how it says so."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payaudit.errors import UsageError
from payaudit.model.base import Frozen
from payaudit.model.comparison import ComparisonV1
from payaudit.model.report import ReportV1
from payaudit.report import fields
from payaudit.report.compare.build import Side, compare
from payaudit.report.json import to_json
from payaudit.report.validate import departures
from scripts.report_page import DOCS, text
from tests.commands import payaudit
from tests.judge.worlds import facts, offer
from tests.report.test_report_build import BAD, report

CHINESE = re.compile("[\u4e00-\u9fff]")
GOOD: dict[str, Any] = json.loads(to_json(report(BAD)))


def _first(value: dict[str, Any], verdict: str = "violation") -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in value["findings"] if f["verdict"] == verdict)
    return found


def _set(path: str, new: object) -> Callable[[dict[str, Any]], None]:
    def change(value: dict[str, Any]) -> None:
        here: Any = value
        *way, last = re.findall(r"[^.\[\]]+", path)
        for part in way:
            here = here[int(part) if part.isdigit() else part]
        here[int(last) if last.isdigit() else last] = new

    return change


def _drop(path: str) -> Callable[[dict[str, Any]], None]:
    def change(value: dict[str, Any]) -> None:
        here: Any = value
        *way, last = re.findall(r"[^.\[\]]+", path)
        for part in way:
            here = here[int(part) if part.isdigit() else part]
        del here[last]

    return change


BOX = {"x": 1, "y": 1, "width": 1, "height": 1}
BROKEN: list[tuple[Callable[[dict[str, Any]], None], str, str]] = [
    (_set("format", "payaudit/2"), "$.format", "is not payaudit/1"),
    (_drop("format"), "$.format", "is not payaudit/1"),
    (_set("colour", "red"), "$", 'unknown field "colour"'),
    (_drop("target"), "$", 'lacks the field "target"'),
    (_set("target", ""), "$.target", "is empty"),
    (_set("title", 5), "$.title", "is 5, and has to be a text"),
    (_set("captured", "22/11/2026"), "$.captured", "has not the form"),
    (_set("captured", "2026-13-22"), "$.captured", "is no date"),
    (_set("captured", None), "$.captured", "is null, and has to be a text"),
    (_set("jurisdiction.list", "CN"), "$.jurisdiction.list", "has to be a list"),
    (_set("jurisdiction.list", ["CN", 5]), "$.jurisdiction.list[1]", "has to be a text"),
    (_drop("notice.zh"), "$.notice", 'lacks the field "zh"'),
    (_set("notice.fr", "avis"), "$.notice", 'unknown field "fr"'),
    (_set("counts.by_verdict.guilty", 0), "$.counts.by_verdict", '"guilty", and has to be one of violation'),
    (_set("counts.by_verdict.violation", -1), "$.counts.by_verdict.violation", "has to be 0 or more"),
    (_set("counts.by_severity.high", "2"), "$.counts.by_severity.high", "has to be a whole number"),
    (_drop("counts.by_severity.info"), "$.counts.by_severity", 'lacks the field "info"'),
    (_set("findings", {}), "$.findings", "has to be a list"),
    (_set("findings[0]", None), "$.findings[0]", "is null, and has to be an object"),
    (_set("findings[0].verdict", "guilty"), "$.findings[0].verdict", 'is "guilty", and has to be one of'),
    (_set("findings[0].severity", "grave"), "$.findings[0].severity", 'is "grave", and has to be one of'),
    (_set("findings[0].confidence", "certain"), "$.findings[0].confidence", "has to be one of confirmed"),
    (_set("findings[0].status", "draft"), "$.findings[0].status", "has to be one of experimental"),
    (_set("findings[0].at.run", -1), "$.findings[0].at.run", "has to be 0 or more"),
    (_set("findings[0].at.step", 1.5), "$.findings[0].at.step", "has to be a whole number"),
    (_set("findings[0].at.box", {**BOX, "z": 1}), "$.findings[0].at.box", 'unknown field "z"'),
    (_set("findings[0].at.box", {**BOX, "x": "1"}), "$.findings[0].at.box.x", "has to be a number"),
    (_set("findings[0].held", {"runs": 1}), "$.findings[0].held", 'lacks the field "of"'),
    (_set("findings[0].because[0].held", "yes"), "$.findings[0].because[0].held", "has to be true or false"),
    (_set("findings[0].because[0].field", ""), "$.findings[0].because[0].field", "is empty"),
    (_set("findings[0].not_seen", ["price"]), "$.findings[0].not_seen[0]", "has to be an object"),
    (_set("rules_judged[0].state", "passed"), "$.rules_judged[0].state", "has to be one of judged"),
    (_set("rules_judged[0].reason", "none"), "$.rules_judged[0].reason", "has to be an object"),
    (_set("coverage.walk_ended", 1), "$.coverage.walk_ended", "has to be true or false"),
    (_set("coverage.goals[0].goal", "wander"), "$.coverage.goals[0].goal", 'is "wander", and has to be one'),
    (_set("coverage.goals[0].state", "done"), "$.coverage.goals[0].state", "has to be one of reached"),
    (_set("evidence.sha256", "0" * 63), "$.evidence.sha256", "has not the form"),
    (_set("evidence.sha256", "G" * 64), "$.evidence.sha256", "has not the form"),
    (_set("earlier", [{"name": "a.wacz"}]), "$.earlier[0]", 'lacks the field "sha256"'),
    (_set("versions.rules", "latest"), "$.versions.rules", "has not the form"),
    # What has the form and disagrees with itself:
    (_set("counts.by_verdict.violation", 99), "$.counts.by_verdict.violation", "is 99, but the findings"),
    (_set("counts.by_severity.low", 7), "$.counts.by_severity.low", "is 7, but the findings come to 0"),
    (_set("findings[0].rule", "no-such-rule"), "$.findings[0].rule", "not among rules_judged"),
    (_set("findings[0].held", {"runs": 3, "of": 2}), "$.findings[0].held", "more runs than there were"),
]  # fmt: skip


def test_a_report_is_valid() -> None:
    assert departures(to_json(report(BAD))) == ()
    assert departures(to_json(report(facts()))) == ()


@pytest.mark.parametrize(("breaks", "path", "reason"), BROKEN)
def test_a_broken_report_is_refused_with_path_and_reason(
    breaks: Callable[[dict[str, Any]], None], path: str, reason: str
) -> None:
    value = copy.deepcopy(GOOD)
    breaks(value)
    told = departures(json.dumps(value).encode())
    assert any(each.path == path and reason in each.reason.en for each in told), told
    for each in told:
        assert CHINESE.search(each.reason.zh), each
        assert "\n" not in each.reason.en + each.reason.zh


def test_there_are_thirty_broken_variants_and_more() -> None:
    assert len({(path, reason) for _, path, reason in BROKEN}) >= 30


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this is no JSON"),
        (b'{"format": "payaudit/1", "format": "payaudit/1"}', "'format' stands twice"),
        (b'{"format": NaN}', "NaN is no number"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00", "this is no JSON"),
    ],
)
def test_what_is_no_json_is_said_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        departures(data)


def test_a_long_or_hostile_value_stays_on_its_line() -> None:
    value = copy.deepcopy(GOOD)
    value["title"] = ["\x1b[31m\u202e\n" * 500]
    (told,) = departures(json.dumps(value).encode())
    assert len(told.reason.en) < 120
    assert told.reason.en.isprintable()


def test_the_command_says_valid_or_each_reason(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(to_json(report(BAD)))
    done = payaudit("validate", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{file}: valid\n"
    value = copy.deepcopy(GOOD)
    _first(value)["severity"] = "grave"
    del value["notice"]
    file.write_text(json.dumps(value), "utf-8")
    done = payaudit("validate", file)
    assert done.code == 2
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == ["$", "$.findings[0].severity"]
    assert done.errors == [f"error: {file}: 2 things are not as the schema has them"]
    assert CHINESE.search(payaudit("validate", file, "--lang", "zh").out)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = payaudit("validate", tmp_path / "report.json")
    assert done.code == 2
    assert len(done.errors) == 1
    assert len(done.err.splitlines()) == 1


def test_a_comparison_is_valid_and_a_broken_one_is_not() -> None:
    before, after = facts(), facts(offers=(offer(price={"amount": Decimal(30), "currency": "CNY"}),))
    made = compare(Side(report(before), before), Side(report(after), after))
    data = json.loads(made.model_dump_json())
    assert departures(json.dumps(data).encode()) == ()
    data["offers"][0]["change"] = "cheaper"
    (told,) = departures(json.dumps(data).encode())
    assert told.path == "$.offers[0].change"


@pytest.mark.parametrize("root", [ReportV1, ComparisonV1])
def test_every_field_has_its_line_in_both_languages(root: type[Frozen]) -> None:
    for kind in fields.types_of(root):
        assert set(fields.fields().get(kind.__name__, {})) >= set(fields.written(kind)), kind.__name__
        for name, said in fields.fields()[kind.__name__].items():
            assert said.en.strip(), (kind.__name__, name)
            assert CHINESE.search(said.zh), (kind.__name__, name)


def test_the_page_of_fields_is_current() -> None:
    assert (DOCS / "report.md").read_text("utf-8") == text()
