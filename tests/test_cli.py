"""The commands one by one, on the evidence of one walk of the demo site."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from payaudit.data import rules_folder
from tests.commands import Done, payaudit

ROOT = Path(__file__).parent.parent
RULES = sorted(path.stem for path in rules_folder().glob("*.yaml"))
CHINESE = re.compile("[\u4e00-\u9fff]")
COLOUR = re.compile("\x1b\\[[0-9;]*3[0-9]")
VERDICT = re.compile("(?i)illegal|unlawful|violates the law|against the law|违法|非法|不合法")
WALK_S = 600  # far more than the demo takes, also on a busy machine: its visits are a minute apart
TERMINAL = {"TERM": "xterm-256color", "FORCE_COLOR": "1"}

pytestmark = pytest.mark.timeout(WALK_S)


@dataclass(frozen=True)
class Demo:
    """What ``payaudit demo`` said and left."""

    done: Done
    folder: Path

    @property
    def report(self) -> bytes:
        """The report as it lies on the disk."""
        return (self.folder / "report.json").read_bytes()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "out"
    return Demo(payaudit("demo", "-o", folder, seconds=WALK_S), folder)


def told(*args: object, **env: str) -> str:
    """What a command that must succeed prints."""
    done = payaudit(*args, env=env)
    assert done.code == 0, done.err
    assert done.err == ""
    return done.out


@pytest.mark.parametrize("asked", [(), ("--help",)])
def test_help_names_the_commands_and_the_exit_codes(asked: tuple[str, ...]) -> None:
    done = payaudit(*asked)
    text = done.out or done.err  # without a command it is told what to type, on stderr
    for command in (
        *("audit", "record", "login", "judge", "facts", "explain", "compare", "validate", "review", "bundle"),
        *("rules", "law", "doctor", "schema", "demo", "report", "replay", "verify", "redact", "attach"),
    ):
        assert re.search(rf"^  {command} ", text, re.MULTILINE), command
    for code in (
        "0 nothing",
        "1 the tool",
        "2 usage",
        "3 no",
        "4 only",
        "10 findings",
        "11 verification",
        "130 interrupted",
    ):
        assert code in re.sub(r"\s+", " ", text)


def test_help_teaches() -> None:
    text = told("--help")
    for title in ("Examples", "Walk and judge", "Review and hand over", "Exit codes"):
        assert re.search(rf"^{title}:$", text, re.MULTILINE), title
    assert len(re.findall(r"^  payaudit ", text, re.MULTILINE)) >= 3
    assert "More:" not in text
    assert "..." not in text.replace("[ARGS]...", "")
    assert "巡查与判断" in told("--lang", "zh", "--help")


@pytest.mark.parametrize(
    "command",
    [
        *("audit", "record", "login", "judge", "facts", "explain", "report", "doctor", "demo"),
        *("sweep", "sweep-report", "query", "export", "serve"),
        *("cluster", "cluster certs", "cluster scheduler", "cluster worker"),
        *("rules", "rules list", "rules show", "rules check", "rules new"),
        *("law", "law list", "law show"),
        *("keygen", "seal", "verify", "case", "case new"),
        *("compare", "validate", "review", "bundle"),
    ],
)
def test_help_speaks_chinese(command: str) -> None:
    assert CHINESE.search(told(*command.split(), "--help", PAYAUDIT_LANG="zh"))
    assert not CHINESE.search(told(*command.split(), "--help"))


@pytest.mark.slow  # the demo's own visits are a minute apart: this file begins early
def test_a_walk_is_signed_and_tells_its_custody(demo: Demo) -> None:
    text = told("verify", demo.folder)
    assert re.search(r"unknown  (\d+) of \1 steps signed while walking", text)
    assert "unknown  The packed file is signed (WACZ auth 0.1.0, ECDSA)" in text
    assert "FAILS" not in text
    custody = json.loads(demo.report)["custody"]
    assert custody["signer"] in {"machine", "once"}
    assert custody["command"][:2] == ["payaudit", "demo"]
    assert re.fullmatch("[0-9a-f]{64}", custody["tool_sha256"])
    assert custody["rules_at_capture"] == json.loads(demo.report)["versions"]["rules"]
    assert [clock["kind"] for clock in custody["clocks"]] == ["http_date"]
    assert {order["host"] for order in custody["orders"]} == {"127.0.0.1"}
    assert all(order["number"] for order in custody["orders"])


def test_rules_list_names_every_rule() -> None:
    text = told("rules", "list")
    for rule in RULES:
        assert re.search(rf"^R\d+ +{rule} ", text, re.MULTILINE), rule


def test_rules_list_speaks_chinese() -> None:
    rules = (yaml.safe_load(path.read_text("utf-8")) for path in rules_folder().glob("*.yaml"))
    text = re.sub(r"\s", "", told("rules", "list", "--lang", "zh"))
    for rule in rules:
        assert rule["title"]["zh"][:6] in text


def test_rules_show_prints_the_file() -> None:
    assert told("rules", "show", RULES[0]) == (rules_folder() / f"{RULES[0]}.yaml").read_text("utf-8")


def test_rules_show_knows_catalogue_numbers() -> None:
    shown = list(yaml.safe_load_all(told("rules", "show", "R37")))
    assert [rule["catalogue"] for rule in shown] == ["R37"]


def test_rules_show_of_an_unknown_rule() -> None:
    done = payaudit("rules", "show", "no-such-rule")
    assert done.code == 2
    assert done.err.startswith("error: no rule 'no-such-rule'; `payaudit rules list`")


def test_rules_check_counts_what_it_read() -> None:
    assert re.match(rf"{len(RULES)} rules, \d+ examples, 0 wrong\n44 practices: ", told("rules", "check"))


def test_rules_check_names_an_example_that_comes_out_wrong(tmp_path: Path) -> None:
    rule = yaml.safe_load((rules_folder() / f"{RULES[0]}.yaml").read_text("utf-8"))
    example = next(each for each in rule["examples"] if each["verdict"] == "violation")
    example["verdict"] = "compliant"
    rule["status"] = "experimental"
    (tmp_path / f"{RULES[0]}.yaml").write_text(yaml.safe_dump(rule, allow_unicode=True), "utf-8")
    done = payaudit("rules", "check", tmp_path)
    assert done.code == 2
    assert re.match(rf"error: {RULES[0]} · {re.escape(example['name'])}: ", done.err)
    assert "1 wrong" in done.out


def test_schema_is_the_published_one() -> None:
    assert told("schema").encode() == (ROOT / "docs/schema/report-v1.json").read_bytes()
    assert told("schema", "--comparison").encode() == (ROOT / "docs/schema/comparison-v1.json").read_bytes()


def test_help_loads_nothing_that_it_does_not_need() -> None:
    heavy = ("pydantic", "rich", "jinja2", "jsonschema", "cryptography", "playwright", "yaml", "PIL", "lxml")
    ask = f"import sys, payaudit.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.browser
def test_doctor_says_that_all_is_there() -> None:
    text = told("doctor")
    assert re.search(r"^ok +browser: .+ starts$", text, re.MULTILINE)
    assert not re.search("^missing", text, re.MULTILINE)


def test_doctor_says_that_a_browser_is_missing() -> None:
    done = payaudit("doctor", "--browser", "netscape")
    assert done.code == 1
    assert re.search("^missing +browser: none\n +→ netscape is no program", done.out, re.MULTILINE)


@pytest.mark.browser
def test_demo_finds_what_its_truth_says(demo: Demo) -> None:
    assert demo.done.code == 0, demo.done.err
    assert demo.done.errors == []
    assert "every practice that the site's truth states was found, and nothing more\n" in demo.done.err
    assert demo.done.err.endswith(f"read it: {(demo.folder / 'report.html').as_uri()}\n")


@pytest.mark.browser
def test_demo_prints_its_report(demo: Demo) -> None:
    for finding in json.loads(demo.report)["findings"]:
        if finding["verdict"] == "violation":
            assert f"{finding['severity']}[{finding['rule']}]: " in demo.done.out


@pytest.mark.browser
def test_judge_prints_json(demo: Demo) -> None:
    done = payaudit("judge", demo.folder, "--format", "json")
    assert done.code == 10
    assert done.err == ""
    assert done.out.encode() == demo.report


@pytest.mark.browser
def test_judge_leaves_a_report_where_it_is_told(demo: Demo, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = payaudit("judge", demo.folder / "evidence.wacz", "-o", out)
    page = out / "report.html"
    assert done.err == f"written: {out / 'report.json'}\nread it: {page.as_uri()}\n"
    assert sorted(file.name for file in out.iterdir()) == ["report.html", "report.json"]
    assert (out / "report.json").read_bytes() == demo.report
    assert page.read_bytes() == (demo.folder / "report.html").read_bytes()


@pytest.mark.browser
def test_report_writes_the_other_forms_of_the_same_report(demo: Demo, tmp_path: Path) -> None:
    done = payaudit("report", demo.folder, "-o", tmp_path, "--pdf", "--csv", "--sarif")
    assert done.code == 0, done.err
    assert done.out == ""
    names = ["findings.csv", "offers.csv", "report.html", "report.json", "report.pdf", "report.sarif"]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    for name in ("report.json", "report.html"):
        assert (tmp_path / name).read_bytes() == (demo.folder / name).read_bytes()
    assert "Audit of payment practices" in PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    assert f"read it: {(tmp_path / 'report.html').as_uri()}" in done.err


@pytest.mark.browser
def test_the_paper_speaks_the_language_of_the_market_unless_one_is_asked_for(
    demo: Demo, tmp_path: Path
) -> None:
    done = payaudit("report", demo.folder, "-o", tmp_path, "--pdf", env={"PAYAUDIT_LANG": None})
    assert done.code == 0, done.err
    cover = PdfReader(tmp_path / "report.pdf").pages[0].extract_text()
    assert "付费做法" in cover
    assert "Audit of payment practices" not in cover


@pytest.mark.browser
def test_report_refuses_a_report_on_other_evidence(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "evidence.wacz").write_bytes((demo.folder / "evidence.wacz").read_bytes())
    other = re.sub(rb'("sha256": ")[0-9a-f]{8}', rb"\g<1>00000000", demo.report)
    (tmp_path / "report.json").write_bytes(other)
    done = payaudit("report", tmp_path)
    assert done.code == 2
    assert re.fullmatch(r"error: .*report\.json is about another evidence file; name .*\n", done.err)


@pytest.mark.browser
@pytest.mark.parametrize("how", ["option", "environment"])
def test_judge_speaks_chinese(how: str, demo: Demo) -> None:
    if how == "option":
        text = payaudit("judge", demo.folder, "--lang", "zh").out
    else:
        text = payaudit("judge", demo.folder, env={"PAYAUDIT_LANG": None, "LC_ALL": "zh_CN.UTF-8"}).out
    for finding in json.loads(demo.report)["findings"]:
        if finding["verdict"] == "violation":
            assert f"[{finding['rule']}]：{finding['title']['zh']}" in text
    for english in ("Observed", "bears on", "confidence", "help:"):
        assert english not in text


@pytest.mark.browser
def test_judge_heeds_the_jurisdiction(demo: Demo) -> None:
    done = payaudit("judge", demo.folder, "--format", "json", "--jurisdiction", "us-ca")
    assert json.loads(done.out)["jurisdiction"]["list"] == ["US-CA"]


@pytest.mark.browser
def test_colours_on_a_terminal(demo: Demo) -> None:
    assert COLOUR.search(payaudit("judge", demo.folder, env=TERMINAL).out)


@pytest.mark.browser
def test_no_colours_where_they_are_not_wanted(demo: Demo) -> None:
    assert not COLOUR.search(payaudit("judge", demo.folder, env={**TERMINAL, "NO_COLOR": "1"}).out)


@pytest.mark.browser
def test_no_report_passes_judgment(demo: Demo) -> None:
    for text in (demo.done.out, payaudit("judge", demo.folder, "--lang", "zh").out, demo.report.decode()):
        assert not VERDICT.search(text)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "word"), [("en", "suspected"), ("zh", "涉嫌")])
def test_a_report_only_suspects(language: str, word: str, demo: Demo) -> None:
    assert word in payaudit("judge", demo.folder, "--lang", language).out.casefold()


FACTS = {
    "offers": {
        "name", "price", "coins", "period", "auto_renews", "first_price", "renewal_price", "renewal_period",
        "trial_days", "preselected", "reference_price", "at",
    },
    "episodes": {"number", "state", "price"},
    "payment_calls": {"channel", "amount", "currency", "recurring", "offer", "at"},
    "consents": set(),
    "disclosures": set(),
    "exits": set(),
}  # fmt: skip


@pytest.fixture(scope="session")
def facts(demo: Demo) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(told("facts", demo.folder))
    return shown


@pytest.mark.browser
@pytest.mark.parametrize("kind", FACTS)
def test_facts_state(kind: str, facts: dict[str, Any]) -> None:
    assert facts[kind]
    for fact in facts[kind]:
        assert set(fact) >= FACTS[kind]


@pytest.mark.browser
def test_facts_state_money_with_its_currency(facts: dict[str, Any]) -> None:
    for offer in facts["offers"]:
        assert set(offer["price"]) == {"amount", "currency"}
        assert offer["price"]["currency"] == "CNY"


@pytest.mark.browser
def test_facts_say_how_far_the_walk_came(facts: dict[str, Any]) -> None:
    assert "licence" in facts
    assert facts["coverage"]["paywall_seen"] is True
