"""``payaudit law`` and ``payaudit rules`` as a user meets them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from payaudit.data import rules_folder
from payaudit.model.rule import Subject
from tests.commands import payaudit

RULE = yaml.safe_load((rules_folder() / "retention-layers.yaml").read_text("utf-8"))
PROVISION = """\
- id: NZ-FTA-9
  jurisdiction: NZ
  instrument: {original: Fair Trading Act 1986, en: Fair Trading Act 1986}
  article: {en: section 9, zh: 第9条}
  in_force: {from: 1987-03-01}
  paraphrase: {en: Conduct in trade may not mislead., zh: 商业行为不得误导。}
  source: from memory
  verification: unverified
"""


def written(folder: Path, **changes: object) -> Path:
    rule = {**RULE, **changes}
    (folder / f"{rule['id']}.yaml").write_text(yaml.safe_dump(rule, allow_unicode=True), "utf-8")
    return folder


def test_law_list_of_a_day_and_place() -> None:
    before = payaudit("law", "list", "--on", "2026-08-31", "--jurisdiction", "cn", env={"COLUMNS": "200"})
    after = payaudit("law", "list", "--on", "2026-09-01", "--jurisdiction", "cn", env={"COLUMNS": "200"})
    assert "CN-NRTA35 " in before.out
    assert "CN-NRTA16-40 " not in before.out
    assert "CN-NRTA16-40 " in after.out
    assert "CN-NRTA35 " not in after.out
    assert "US-ROSCA" not in after.out
    assert "unverified (annex only); register " in after.out


def test_law_show_tells_the_wording_of_the_day_in_both_languages() -> None:
    old = payaudit("law", "show", "cn-ntm-18", "--on", "2024-01-01").out
    assert "five days before each renewal" in old
    assert "unverified: never a finding's basis" in old
    assert "R01 hidden-renewal" in old
    now = payaudit("law", "show", "CN-NTM-18", "--on", "2026-01-01", "--lang", "zh").out
    assert "第18条（2025年文本）" in now
    assert "每次续费前五日" not in now
    assert payaudit("law", "show", "CN-NTM-18").out.count("CN-NTM-18 · ") == 2
    assert "not in force on 2026-11-22" in payaudit("law", "show", "UK-DMCC-SUB", "--on", "2026-11-22").out


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("law", "show", "CN-NTM-81"), "no provision 'CN-NTM-81'; did you mean 'CN-NTM-"),
        (("law", "list", "--on", "soon"), "'soon' is no date; write it as 2026-09-01"),
        (
            ("law", "list", "--jurisdiction", "CN,EUR"),
            "no jurisdiction 'EUR'; did you mean 'EU'?; there are: ",
        ),
        (("judge", "x.wacz", "--jurisdiction", "QQ"), "no jurisdiction 'QQ'; there are: AT, "),
        (("audit", "x.example", "--jurisdiction", "QQ"), "no jurisdiction 'QQ'; there are: AT, "),
        (("rules", "show", "hiden-renewal"), "no rule 'hiden-renewal'; did you mean 'hidden-renewal'?"),
        (("rules", "new", "Hidden Fee"), "'Hidden Fee' is no id; write small letters"),
        (("rules", "new", "fee", "--subject", "ofer"), "no kind of fact 'ofer'; did you mean 'offer'?"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(command: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = payaudit(*command, env={"HOME": str(tmp_path)})
    assert done.code == 2
    assert done.err.startswith(f"error: {says}")
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_rules_of_ones_own_add_and_override(tmp_path: Path) -> None:
    written(tmp_path, severity="high")
    mine = {**RULE, "id": "my-layers", "catalogue": "X01"}
    (tmp_path / "my-layers.yaml").write_text(yaml.safe_dump(mine, allow_unicode=True), "utf-8")
    listed = payaudit("rules", "list", "--rules", tmp_path, env={"COLUMNS": "200"}).out
    lines = {line.split()[1]: line.split() for line in listed.splitlines() if line}
    assert lines["retention-layers"][2] == "high"
    assert lines["my-layers"][0] == "X01"
    assert "hidden-renewal" in lines
    shown = payaudit("rules", "show", "retention-layers", "--rules", tmp_path).out
    assert "severity: high" in shown
    assert payaudit("rules", "check", tmp_path).code == 0


def test_provisions_of_ones_own_come_with_the_rules(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "nz.yaml").write_text(PROVISION, "utf-8")
    assert "Fair Trading Act 1986" in payaudit("law", "show", "NZ-FTA-9", "--rules", tmp_path).out
    written(tmp_path, provisions=["NZ-FTA-9"])
    assert payaudit("rules", "check", tmp_path).code == 0
    only = payaudit("law", "list", "--rules", tmp_path, "--jurisdiction", "NZ").out
    assert "1 provisions" in only


def test_every_practice_is_accounted_for() -> None:
    text = payaudit("rules", "check").out
    told = re.search(r"44 practices: (\d+) judged, (\d+) waiting for facts \(", text)
    assert told is not None
    assert int(told[1]) + int(told[2]) == 44
    waits = payaudit("rules", "show", "R31").out
    assert waits.startswith("id: price-by-device\n")
    assert "# R31 Price differs by device or person: not told by one walk." in waits


def test_a_forgotten_practice_is_told(tmp_path: Path) -> None:
    written(tmp_path, status="retired", retired_because={"en": "superseded", "zh": "已被取代"})
    done = payaudit("rules", "check", tmp_path)
    assert done.code == 2
    assert done.err.startswith("error: R37: has no rule and does not say what it waits for")


def test_a_new_rule_reads_and_its_examples_fail_until_it_is_written(tmp_path: Path) -> None:
    kinds = get_args(Subject)
    for kind in kinds:
        done = payaudit("rules", "new", f"my-{kind.replace('_', '-')}", "--subject", kind, "--dir", tmp_path)
        assert done.code == 0, done.err
    done = payaudit("rules", "check", tmp_path)
    assert done.code == 2
    for kind in kinds:
        name = f"my-{kind.replace('_', '-')}"
        assert (
            f"error: {name} · the plainest case: the verdict: expected violation, the rule says compliant"
            in done.err
        )
    again = payaudit("rules", "new", "my-offer", "--dir", tmp_path)
    assert (again.code, "exists already" in again.err) == (2, True)


def test_a_template_filled_in_passes(tmp_path: Path) -> None:
    payaudit("rules", "new", "dear-episode", "--dir", tmp_path)
    path = tmp_path / "dear-episode.yaml"
    text = path.read_text("utf-8").replace("violates: []", "violates: {auto_renews: true}")
    for name, value in (("plainest case", "true"), ("honest page", "false")):
        head, mark, tail = text.partition(name)
        text = head + mark + tail.replace("{name: example}", f"{{name: VIP, auto_renews: {value}}}", 1)
    path.write_text(text, "utf-8")
    assert payaudit("rules", "check", tmp_path).code == 0
