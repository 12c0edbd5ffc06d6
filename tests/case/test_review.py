"""Decisions on findings: appended, chained, signed, and what of that still holds."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from rich.cells import cell_len

from payaudit.case.bundle import bundle
from payaudit.case.keys import Signer, load
from payaudit.case.listing import render
from payaudit.case.opened import Case, open_case
from payaudit.case.readme import README, SUMS
from payaudit.case.review import Words, decide, find, read_review
from payaudit.case.standing import reviewed, standings
from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.keys import generate
from payaudit.evidence.seal.sidecar import write_seal
from payaudit.evidence.seal.stamp import stamp
from payaudit.model.report import EvidenceV1
from payaudit.report.json import to_json
from payaudit.report.refs import refs
from tests.commands import payaudit
from tests.evidence.evidence_walks import packed
from tests.report.test_report_build import BAD, report
from tests.tsa import authority

AT = datetime(2026, 11, 29, 8, 30, 5, 999, tzinfo=UTC)
CONFIRM = Words("confirm", "看过截图", None, "李明")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with evidence of three steps and a report that names it."""
    case = tmp_path / "case"
    case.mkdir()
    with Evidence.open(packed(case)) as evidence:
        known = EvidenceV1(name="evidence.wacz", sha256=evidence.sha256)
    (case / "report.json").write_bytes(to_json(report(BAD).model_copy(update={"evidence": known})))
    return case


@pytest.fixture
def li() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


@pytest.fixture
def wang() -> Signer:
    return Signer(Ed25519PrivateKey.generate())


def ids(case: Case) -> list[str]:
    return list(case.findings)


def test_a_decision_leaves_report_and_evidence_as_they_are(folder: Path, li: Signer) -> None:
    kept = {file.name: hashlib.sha256(file.read_bytes()).digest() for file in folder.iterdir()}
    case = open_case(folder)
    made = decide(case, ids(case)[0], CONFIRM, li, AT)
    assert made.at == AT.replace(microsecond=0)
    assert {name: hashlib.sha256((folder / name).read_bytes()).digest() for name in kept} == kept
    assert sorted(file.name for file in folder.iterdir()) == ["evidence.wacz", "report.json", "review.jsonl"]
    assert read_review(case) == ((made,), ())


def test_the_last_word_of_each_key_counts(folder: Path, li: Signer, wang: Signer) -> None:
    case = open_case(folder)
    ref = ids(case)[0]

    def state() -> tuple[str, int]:
        stand = next(s for s in standings(case, read_review(case).decisions) if s.id == ref)
        return stand.state, stand.reviewers

    assert state() == ("open", 0)
    decide(case, ref, CONFIRM, li, AT)
    assert state() == ("confirmed", 1)
    decide(case, ref, CONFIRM, li, AT)
    assert state() == ("confirmed", 1)  # the same key twice is one pair of eyes
    decide(case, ref, Words("reject", "it is the app's", None, "Wang"), wang, AT)
    assert state() == ("disputed", 2)
    decide(case, ref, Words("needs_more", "ask", "we will look", "Wang"), wang, AT)
    assert state() == ("needs_more", 1)
    decide(case, ref, Words("confirm", "seen", None, " 李明"), wang, AT)
    assert state() == ("confirmed", 1)  # two keys of one name are one reviewer


def flip(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b'"confirm"', b'"reject"'), *lines[1:]]


def other_name(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1].replace("李明".encode(), b"Zhao")]


def other_key(lines: list[bytes]) -> list[bytes]:
    value = json.loads(lines[0])
    value["key"] = Signer(Ed25519PrivateKey.generate()).public
    return [json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), *lines[1:]]


SPOILED: list[Callable[[list[bytes]], list[bytes]]] = [
    flip,
    other_name,
    other_key,
    lambda lines: lines[1:],
    lambda lines: [lines[0], lines[2]],
    lambda lines: [lines[1], lines[0], lines[2]],
    lambda lines: [*lines, lines[0]],
    lambda lines: [lines[0].replace(b",", b", ", 1), *lines[1:]],
    lambda lines: [*lines, b"no decision"],
    lambda lines: [*lines[:2], lines[2][:-9]],
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_what_was_altered_is_told_and_never_built_upon(
    spoil: Callable[[list[bytes]], list[bytes]], folder: Path, li: Signer
) -> None:
    case = open_case(folder)
    for ref in (ids(case) * 3)[:3]:
        decide(case, ref, CONFIRM, li, AT)
    file = folder / "review.jsonl"
    lines = spoil(file.read_bytes().splitlines())
    file.write_bytes(b"\n".join(lines) + b"\n")
    held = file.read_bytes()
    assert read_review(case).problems
    with pytest.raises(EvidenceError, match="does not hold"):
        decide(case, ids(case)[0], CONFIRM, li, AT)
    with pytest.raises(EvidenceError, match="does not hold"):
        bundle(folder, folder / "case.zip")
    assert file.read_bytes() == held
    done = payaudit("review", folder, "--list") if spoil is flip else None
    if done is not None:
        assert done.code == 2
        assert "SIGNATURE DOES NOT HOLD" in " ".join(done.out.split())


def test_a_line_that_was_cut_off_is_told(folder: Path, li: Signer) -> None:
    case = open_case(folder)
    decide(case, ids(case)[0], CONFIRM, li, AT)
    file = folder / "review.jsonl"
    file.write_bytes(file.read_bytes() + b'{"format":')
    assert any("cut off" in problem.en for problem in read_review(case).problems)


def test_decisions_of_another_case_are_told(folder: Path, li: Signer) -> None:
    case = open_case(folder)
    decide(case, ids(case)[0], CONFIRM, li, AT)
    assert read_review(case._replace(evidence_sha256="0" * 64)).problems


def test_an_id_survives_another_judging() -> None:
    made = report(BAD)
    told = dict(zip(refs(made.findings), made.findings, strict=True))
    graver = [
        f.model_copy(update={"severity": "low", "title": f.remedy, "because": ()}) for f in made.findings
    ]
    assert refs(graver) == refs(made.findings)
    assert len(told) == len(made.findings)
    assert set(refs(made.findings[1:])) <= set(told)


def test_a_finding_is_named_by_id_beginning_or_rule(folder: Path) -> None:
    case = open_case(folder)
    ref = ids(case)[0]
    assert find(case, ref) == find(case, ref[:5]) == ref
    assert find(case, "preticked-renewal") in ids(case)
    for wrong in ("", "nothing", "hidden"):
        with pytest.raises(UsageError, match="--list"):
            find(case, wrong)


@pytest.mark.parametrize("width", [40, 80])
def test_the_list_keeps_to_the_terminal(width: int, folder: Path, li: Signer) -> None:
    case = open_case(folder)
    decide(case, ids(case)[0], CONFIRM._replace(reason="长" * 200, reply="\x1b[31m再\u202e见"), li, AT)
    for language in ("en", "zh"):
        text = render(reviewed(case, read_review(case)), language, width).plain
        assert all(cell_len(line) <= width for line in text.splitlines())
        assert "\x1b" not in text
        assert "<U+202E>" in text


class Files(NamedTuple):
    """What a zip holds."""

    names: list[str]
    bytes: dict[str, bytes]


def opened(path: Path) -> Files:
    with ZipFile(path) as file:
        return Files(file.namelist(), {name: file.read(name) for name in file.namelist()})


def test_a_bundle_holds_the_case_and_how_to_check_it(folder: Path, li: Signer, tmp_path: Path) -> None:
    case = open_case(folder)
    decide(case, ids(case)[0], CONFIRM._replace(reply="会改正"), li, AT)
    (folder / "report.html").write_bytes(b"<!doctype html>")
    with authority(tmp_path / "tsa") as tsa:
        made = folder / "evidence.wacz"
        for _ in range(2):
            stamp(made, case.evidence_sha256, tsa.url)
    write_seal(made, case.evidence_sha256, made.stat().st_size, AT, generate())
    (folder / "notes.txt").write_text("private", "utf-8")
    names = bundle(folder, tmp_path / "a.zip")
    files = opened(tmp_path / "a.zip")
    assert list(names) == files.names
    assert set(files.names) == {
        README, SUMS, "report.html", "report.json", "evidence.wacz", "evidence.wacz.ed25519.json",
        "evidence.wacz.tsr", "evidence.wacz.2.tsr", "evidence.wacz.tsq", "evidence.wacz.2.tsq",
        "review.jsonl",
    }  # fmt: skip
    sums = dict(line.split("  ")[::-1] for line in files.bytes[SUMS].decode().splitlines())
    assert sums == {n: hashlib.sha256(d).hexdigest() for n, d in files.bytes.items() if n != SUMS}
    text = files.bytes[README].decode("utf-8-sig")
    for word in (
        "sha256sum -c SHA256SUMS",
        ids(case)[0],
        "confirmed",
        "已确认",
        "会改正",
        case.evidence_sha256,
    ):
        assert word in text
    for name in files.names:
        assert name in text or name == README


def test_the_same_case_gives_the_same_zip(folder: Path, tmp_path: Path) -> None:
    bundle(folder, tmp_path / "a.zip")
    other = tmp_path / "copied"
    shutil.copytree(folder, other)
    for file in other.iterdir():
        file.touch()
    bundle(other, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_takes_no_other_files_place(folder: Path, tmp_path: Path) -> None:
    there = tmp_path / "case.zip"
    there.write_bytes(b"mine")
    with pytest.raises(UsageError, match="there already"):
        bundle(folder, there)
    assert there.read_bytes() == b"mine"
    with pytest.raises(UsageError, match="cannot write"):
        bundle(folder, folder / "report.json" / "case.zip")


def test_what_does_not_belong_together_is_refused(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    whole = (folder / "report.json").read_bytes()
    value = json.loads(whole)
    value["evidence"]["sha256"] = "0" * 64
    (folder / "report.json").write_text(json.dumps(value), "utf-8")
    done = payaudit("bundle", folder, "-o", target)
    assert done.code == 2
    assert done.err.startswith("error: report.json is about other evidence: it names 000000000000…")
    value = json.loads(whole)
    value["counts"]["by_verdict"]["violation"] += 1
    (folder / "report.json").write_text(json.dumps(value), "utf-8")
    with pytest.raises(UsageError, match=r"not valid: \$\.counts\.by_verdict\.violation"):
        bundle(folder, target)
    (folder / "report.json").write_bytes(whole)
    (folder / "earlier-1.wacz").write_bytes(b"another")
    with pytest.raises(UsageError, match="not the earlier evidence"):
        bundle(folder, target)
    (folder / "earlier-1.wacz").unlink()
    evidence = folder / "evidence.wacz"
    evidence.write_bytes(evidence.read_bytes()[:-1])
    with pytest.raises(UsageError, match="other evidence"):
        bundle(folder, target)
    evidence.unlink()
    with pytest.raises(UsageError, match=r"holds no evidence\.wacz"):
        bundle(folder, target)
    assert not list(tmp_path.glob("*.zip*"))
    assert not list(tmp_path.glob(".*"))


def test_four_eyes(folder: Path, li: Signer, wang: Signer, tmp_path: Path) -> None:
    case = open_case(folder)
    grave = [ref for ref, f in case.findings.items() if f.severity in {"critical", "high"}]
    assert grave
    target = tmp_path / "case.zip"
    for ref in grave:
        decide(case, ref, CONFIRM, li, AT)
    with pytest.raises(UsageError, match="four eyes") as refused:
        bundle(folder, target, four_eyes=True)
    assert all(ref in refused.value.en and ref in refused.value.zh for ref in grave)
    for ref in grave[1:]:
        decide(case, ref, Words("reject", "no", None, "Wang"), wang, AT)
    with pytest.raises(UsageError, match=grave[0]):
        bundle(folder, target, four_eyes=True)
    decide(case, grave[0], Words("needs_more", "?", None, "Wang"), wang, AT)
    with pytest.raises(UsageError, match=grave[0]):
        bundle(folder, target, four_eyes=True)
    decide(case, grave[0], Words("confirm", "yes", None, "Wang"), wang, AT)
    bundle(folder, target, four_eyes=True)
    assert "Four eyes: two reviewers" in opened(target).bytes[README].decode("utf-8-sig")


def pem(path: Path, password: bytes | None = None) -> Path:
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    return path


def test_a_locked_key_asks_for_its_password(tmp_path: Path) -> None:
    plain, locked = pem(tmp_path / "a.pem"), pem(tmp_path / "b.pem", b"secret")
    assert load(plain, lambda: pytest.fail("asked")).sign(b"x")
    assert load(locked, lambda: b"secret").sign(b"x")
    with pytest.raises(UsageError, match="password is another"):
        load(locked, lambda: b"wrong")
    (tmp_path / "c.pem").write_text("no key", "utf-8")
    with pytest.raises(UsageError, match="no Ed25519 private key"):
        load(tmp_path / "c.pem", lambda: b"")


def test_the_command_decides_and_lists(folder: Path, tmp_path: Path) -> None:
    key = pem(tmp_path / "me.pem", b"secret")
    said = ("--finding", "preticked-renewal", "--reason", "seen", "--reviewer", "Li", "--key", key)
    done = payaudit("review", folder, *said, "--decision", "confirm", env={"PAYAUDIT_KEY_PASSWORD": "secret"})
    assert (done.code, done.err) == (0, "appended: decision 1\n")
    assert "signature holds" in " ".join(done.out.split())
    assert done.out.rstrip().endswith("all signatures hold")
    told = json.loads(payaudit("review", folder, "--list", "--format", "json").out)
    assert told["holds"] is True
    assert [len(f["decisions"]) for f in told["findings"] if f["rule"] == "preticked-renewal"] == [1]


REST = ("--reason", "r", "--reviewer", "a", "--key", "k")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--decision", "confirm"), "a decision needs --finding, --reason, --reviewer, --key too"),
        (("--finding", "x", "--decision", "maybe", *REST), "no decision"),
        (("--finding", "x", "--decision", "reject", *REST), "none has the"),
    ],
)
def test_what_a_decision_lacks_is_said_in_one_line(given: tuple[str, ...], words: str, folder: Path) -> None:
    done = payaudit("review", folder, *given)
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert not (folder / "review.jsonl").exists()
