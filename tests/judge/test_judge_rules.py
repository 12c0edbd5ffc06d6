from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.judge.check import check_rules
from payaudit.judge.compiled import compile_rule
from payaudit.judge.law import load_law
from payaudit.judge.rules import leaves, load_rules
from payaudit.model.rule import Threshold

SMALL = """\
id: small-print
catalogue: X01
title: {en: Small print, zh: 小字}
explanation: {en: Too small., zh: 太小。}
severity: low
status: experimental
subject: offer
when: {auto_renews: true}
thresholds:
  small: {default: 12, source: {en: heuristic, zh: 经验值}}
violates: {renewal.font_px|lt: $small}
sentence: {en: "Observed: {name}, {because}.", zh: "观察到：{name}，{because}。"}
provisions: [CN-PMF-9]
remedy: {en: Larger., zh: 放大。}
examples:
  - {name: nine, verdict: violation, fact: {name: VIP, auto_renews: true, renewal: {font_px: 9}}}
"""


def write(folder: Path, text: str, name: str = "small-print.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> RuleError:
    with pytest.raises(RuleError) as caught:
        load_rules(folder, load_law())
    return caught.value


def test_a_folder_of_ones_own_uses_the_bundled_names(tmp_path: Path) -> None:
    rules = load_rules(write(tmp_path, SMALL), load_law())
    assert [rule.id for rule in rules.rules] == ["small-print"]
    assert [checked.problem for checked in check_rules(rules) if checked.rule == "small-print"] == [None]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: small-print", "id: small_print", ":1: id: is 'small_print', but the file is"),
        ("auto_renews: true}\nthr", "auto_renew: true}\nthr", ":8: when.auto_renew: Offer has no field"),
        ("severity: low", "severety: low", "severety: unknown field; did you mean 'severity'?"),
        ("severity: low\n", "", "severity: is missing; write it"),
        ("font_px|lt: $small", "font_px|lt: 12", ":10: thresholds.small: is used by no condition"),
        ("{name}, {because}.", "{nam}, {because}.", "sentence.en: unknown {nam}; did you mean 'name'?"),
        ("CN-PMF-9", "CN-PMF-99", "provisions.0: no provision 'CN-PMF-99'; did you mean"),
        ("default: 12", "default: true", "a threshold is a number"),
        ("status: experimental", "status: stable", "a stable rule needs an example of 'compliant'"),
        (
            "severity: low",
            "severity: low\nseverity: high",
            ":6: is no YAML: key 'severity' stands here twice",
        ),
        ("subject: offer", "subject: offer: x", "is no YAML"),
    ],
)
def test_errors_name_file_line_and_field(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SMALL
    error = refused(write(tmp_path, SMALL.replace(old, new)))
    assert says in error.en
    assert "small-print.yaml" in error.en
    assert "small-print.yaml" in error.zh


def test_a_field_without_a_plain_name_is_refused(tmp_path: Path) -> None:
    shutil.copytree(rules_folder() / "shared", tmp_path / "shared")
    words = tmp_path / "shared" / "fields.yaml"
    words.write_text(words.read_text("utf-8").replace("  font_px:", "  font_size:"), "utf-8")
    assert "field legibility.font_px has no plain name" in refused(write(tmp_path, SMALL)).en


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert "holds no *.yaml" in refused(tmp_path).en


def test_a_wrong_example_is_told(tmp_path: Path) -> None:
    rules = load_rules(write(tmp_path, SMALL.replace("verdict: violation", "verdict: compliant")))
    (checked,) = (each for each in check_rules(rules) if each.rule == "small-print")
    assert checked.problem is not None
    assert checked.problem.en == "the verdict: expected compliant, the rule says violation"
    rules = load_rules(write(tmp_path, SMALL.replace("{font_px: 9}", "{font: 9}")))
    (checked,) = (each for each in check_rules(rules) if each.rule == "small-print")
    assert checked.problem is not None
    assert "fact.renewal.font" in checked.problem.en


def test_thresholds_differ_by_place_and_day() -> None:
    threshold = Threshold.model_validate(
        yaml.safe_load(
            """
            default: 12
            source: {en: heuristic, zh: 经验值}
            CN: [{value: 14, from: 2026-01-01}, {value: 13, until: 2025-12-31}]
            KR: 11
            US: {value: 16, from: 2027-01-01, source: {en: statute, zh: 法规}}
            """
        )
    )
    told = {
        (place, day): threshold.of(place, date.fromisoformat(day))[0]
        for place in ("CN", "KR", "US-CA", "JP")
        for day in ("2025-06-01", "2026-06-01", "2027-06-01")
    }
    assert told["CN", "2025-06-01"] == Decimal(13)
    assert told["CN", "2026-06-01"] == Decimal(14)
    assert told["KR", "2026-06-01"] == Decimal(11)
    assert told["US-CA", "2026-06-01"] == Decimal(12)
    assert told["US-CA", "2027-06-01"] == Decimal(16)
    assert told["JP", "2026-06-01"] == Decimal(12)
    assert threshold.of("US", date(2027, 6, 1))[1].en == "statute"
    assert threshold.of(None, None) == (Decimal(12), threshold.source)


def test_a_threshold_of_a_place_reaches_the_condition(tmp_path: Path) -> None:
    text = SMALL.replace("default: 12,", "default: 12, KR: 20,")
    rules = load_rules(write(tmp_path, text))
    korea = compile_rule(rules.rules[0], rules.standards, "KR")
    assert [test.expected for test in leaves(korea.violates)] == [Decimal(20)]


def test_the_hash_follows_the_content_only(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    first = load_rules(write(tmp_path / "a", SMALL)).sha256
    windows = tmp_path / "b" / "small-print.yaml"
    windows.write_bytes(SMALL.replace("\n", "\r\n").encode())
    assert load_rules(tmp_path / "b").sha256 == first
    assert load_rules(write(tmp_path / "c", SMALL.replace("12", "13"))).sha256 != first
