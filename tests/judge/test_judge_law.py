from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from payaudit.errors import RuleError
from payaudit.judge.law import choose, load_law
from payaudit.judge.rules import load_rules
from payaudit.model.law import covers
from payaudit.model.rule import Rule

# Duties that no practice of the catalogue rests on; here so that a forgotten one is noticed.
UNUSED = frozenset({"CN-ECL-53", "CN-PMF-13", "EU-DFA", "IN-DP-2023-TRICK-WORDING", "US-CA-2426"})

PROVISION = """\
- id: XX-1
  jurisdiction: XX
  instrument: {original: o, en: e}
  article: {en: art 1, zh: 第1条}
  in_force: {from: 2025-01-01, until: 2025-12-31}
  paraphrase: {en: p, zh: p}
  source: here
  verification: verified
"""


def test_only_what_was_in_force_is_cited() -> None:
    law = load_law()
    ids = ("CN-NRTA16-40", "CN-PMF-19-6", "CN-NTM-18")
    assert choose(law, ids, ("CN",), date(2026, 8, 31)) == (("CN-PMF-19-6",), ("CN-NTM-18",))
    assert choose(law, ids, ("CN",), date(2026, 9, 1))[0] == ("CN-NRTA16-40", "CN-PMF-19-6")
    assert choose(law, ("CN-NRTA-CAMP24",), ("CN",), date(2026, 1, 1)) == ((), ())


def test_a_country_stands_for_its_parts() -> None:
    law = load_law()
    ids = ("US-CA-ARL", "US-ROSCA", "CN-PMF-9")
    for place in ("US", "US-CA"):
        assert choose(law, ids, (place,), date(2026, 1, 1)) == (("US-CA-ARL",), ("US-ROSCA",))
    assert choose(law, ids, ("EU",), date(2026, 1, 1)) == ((), ())
    assert choose(law, ids, (), date(2026, 1, 1)) == ((), ())
    assert covers("US", "US-CA")
    assert not covers("US-NY", "US-CA")


def test_ends_of_a_provision_belong_to_it(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text(PROVISION, "utf-8")
    law = load_law(tmp_path)
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [choose(law, ("XX-1",), ("XX",), day)[0] for day in days] == [(), ("XX-1",), ("XX-1",), ()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PROVISION + PROVISION, ":9: 1.id: XX-1 stands in xx.yaml already"),
        (PROVISION.replace("id: XX-1", "id: YY-1"), "should begin with 'XX'"),
        (PROVISION.replace("verified", "sure"), "0.verification"),
        (PROVISION.replace("paraphrase", "paraphrases"), "did you mean 'paraphrase'?"),
        ("id: XX-1", "write a list of provisions"),
    ],
)
def test_errors_name_the_entry(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "xx.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        load_law(tmp_path)
    assert says in caught.value.en


def test_every_duty_is_referred_to() -> None:
    law, book = load_law(), load_rules(law=load_law())
    referred = {name for each in (*book.rules, *book.practices) for name in each.provisions}
    duties = {provision.id for provision in law.provisions if provision.use == "duty"}
    assert duties - referred <= UNUSED
    assert not UNUSED & referred
    assert referred <= {provision.id for provision in law.provisions}


@pytest.mark.parametrize("rule", load_rules().rules, ids=lambda rule: rule.id)
def test_a_rule_bears_on_some_duty(rule: Rule) -> None:
    law = load_law()
    found = [law.get(name) for name in rule.provisions]
    assert any(each is not None and each.use == "duty" and each.nature != "proposal" for each in found)


def test_what_is_not_checked_is_never_a_findings_basis() -> None:
    law = load_law()
    for place in ("CN", "US", "EU", "UK", "KR", "JP", "IN", "SG", "TW", "HK", "DE"):
        for day in (date(2024, 1, 1), date(2026, 11, 22)):
            cited, annex = choose(law, [each.id for each in law.provisions], (place,), day)
            for name in cited:
                provision = law.get(name, day)
                assert provision is not None
                assert provision.verification != "unverified", name
                assert provision.on(day), name
            assert not set(cited) & set(annex)


def test_a_reworded_provision_is_told_as_it_read_on_the_day() -> None:
    law = load_law()
    old, new = law.get("CN-NTM-18", date(2025, 3, 17)), law.get("CN-NTM-18", date(2025, 3, 18))
    assert old is not None
    assert new is not None
    assert "five days" in old.paraphrase.en
    assert "five days" not in new.paraphrase.en
    assert law.get("CN-NTM-18") == new


def test_a_proposal_is_in_force_on_no_day_and_stands_in_the_annex_with_its_note() -> None:
    law = load_law()
    for name, place in (("UK-DMCC-SUB", "UK"), ("US-NOR", "US"), ("EU-DFA", "EU")):
        found = law.get(name)
        assert found is not None
        assert found.status_note is not None
        assert not found.on(date(2026, 11, 22))
        assert choose(law, (name,), (place,), date(2026, 11, 22)) == ((), (name,))


def test_a_member_state_has_the_unions_law_too() -> None:
    law = load_law()
    ids = ("EU-CRD-11A", "DE-312K")
    assert choose(law, ids, ("DE",), date(2026, 11, 22)) == (("EU-CRD-11A",), ("DE-312K",))
    assert choose(law, ids, ("EU",), date(2026, 11, 22)) == (("EU-CRD-11A",), ())
    assert choose(law, ids, ("EU",), date(2026, 6, 18)) == ((), ())


def test_provisions_of_ones_own_add_and_override(tmp_path: Path) -> None:
    mine = PROVISION + PROVISION.replace("XX-1", "CN-NTM-18").replace("jurisdiction: XX", "jurisdiction: CN")
    (tmp_path / "mine.yaml").write_text(mine, "utf-8")
    law, bundled = load_law(None, tmp_path), load_law()
    assert len(law.provisions) == len(bundled.provisions)  # one more, and one for two wordings
    assert law.sha256 != bundled.sha256
    assert load_law(None, tmp_path / "nowhere") == bundled


def test_every_source_is_listed() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    listed = set(re.findall(r"^\| (S\d+) \|", text, re.MULTILINE))
    for provision in load_law().provisions:
        keys = set(re.findall(r"\bS\d+\b", provision.source.en))
        assert keys <= listed, provision.id
        assert keys == set(re.findall(r"S\d+", provision.source.zh)), provision.id
        assert keys or "not checked against any text" in provision.source.en, provision.id


def test_what_was_compared_with_no_text_is_not_cited() -> None:
    for provision in load_law().provisions:
        if (
            "not checked against any text" in provision.source.en
            and "details from memory" not in provision.source
        ):
            assert provision.verification == "unverified", provision.id
