"""keygen, seal, verify and case: what an investigator types and reads."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from payaudit.cli import app
from payaudit.errors import RuleError
from payaudit.evidence.seal.keys import Keys, generate, load, private_pem, public_pem
from payaudit.sealing import load_case, source_sha256, without_secrets
from tests.commands import invalid_wacz
from tests.evidence.evidence_walks import packed
from tests.evidence.signed_walk import signed_walk
from tests.tsa import Tsa, authority

PASSWORD = "correct horse battery"  # noqa: S105 - of a key made here
CHINESE = re.compile("[\u4e00-\u9fff]")


def run(*words: object, password: str | None = PASSWORD) -> Result:
    env = {"PAYAUDIT_KEY_PASSWORD": password, "PAYAUDIT_TRUST": None, "PAYAUDIT_TSA_ROOT": None}
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


@pytest.fixture(scope="module")
def keys() -> Keys:
    return generate()


@pytest.fixture
def walk(tmp_path: Path, keys: Keys) -> Path:
    return signed_walk(tmp_path, keys)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tsa]:
    with authority(tmp_path_factory.mktemp("tsa") / "plain") as running:
        yield running


def test_keygen_writes_a_locked_key_once(tmp_path: Path) -> None:
    told = run("keygen", tmp_path / "li")
    assert told.exit_code == 0, told.output
    private, public = tmp_path / "li.pem", tmp_path / "li.pub.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert private.read_bytes().count(b"BEGIN ENCRYPTED PRIVATE KEY") == 2
    assert public.read_bytes().count(b"BEGIN PUBLIC KEY") == 2
    keys = load(private, PASSWORD.encode)
    assert public.read_bytes() == public_pem(keys)
    assert keys.id in told.output
    again = run("keygen", tmp_path / "li")
    assert again.exit_code == 2
    assert "there already" in again.output
    assert load(private, PASSWORD.encode).id == keys.id


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "shorter than 10"), ("", "shorter than 10"), (None, "needs its password")],
)
def test_keygen_wants_a_password(tmp_path: Path, password: str | None, said: str) -> None:
    told = run("keygen", tmp_path / "li", password=password)
    assert told.exit_code == 2
    assert said in told.output
    assert list(tmp_path.iterdir()) == []


def test_a_password_file_and_a_wrong_password(tmp_path: Path, walk: Path, keys: Keys) -> None:
    key, right, wrong = tmp_path / "k.pem", tmp_path / "right", tmp_path / "wrong"
    key.write_bytes(private_pem(keys, PASSWORD.encode()))
    right.write_text(PASSWORD + "\n")
    wrong.write_text("something else\n")
    told = run("seal", walk, "--key", key, "--key-password-file", wrong, password=None)
    assert told.exit_code == 2
    assert "password is another" in told.output
    told = run("seal", walk, "--key", key, "--key-password-file", right, password=None)
    assert told.exit_code == 0, told.output
    assert (tmp_path / "evidence.wacz.ed25519.json").exists()


def test_seal_and_verify(tmp_path: Path, walk: Path, keys: Keys, tsa: Tsa) -> None:
    (tmp_path / "k.pem").write_bytes(private_pem(keys, PASSWORD.encode()))
    (tmp_path / "us.pub.pem").write_bytes(public_pem(keys))
    for _ in range(2):  # the same key seals once; a further time stamp is a further time
        told = run("seal", walk, "--key", tmp_path / "k.pem", "--tsa", tsa.url)
        assert told.exit_code == 0, told.output
    beside = {path.name.removeprefix(walk.name) for path in tmp_path.iterdir() if path != walk}
    assert beside >= {".ed25519.json", ".tsr", ".tsq", ".2.tsr", ".2.tsq"}
    assert ".2.ed25519.json" not in beside
    told = run("verify", walk, "--trust", tmp_path / "us.pub.pem", "--tsa-root", tsa.root)
    assert told.exit_code == 0, told.output
    states = [line.split(" ")[0] for line in told.output.splitlines()[2:-1]]
    assert set(states) == {"holds"}
    assert "by the clock of C=CN,CN=Test Time Stamping, under a root that you trust" in told.output
    assert invalid_wacz(walk) == ""
    as_json = json.loads(run("verify", walk, "--format", "json").output)
    assert as_json["format"] == "payaudit-verification/1"
    assert as_json["holds"] is True
    assert {line["state"] for line in as_json["lines"]} == {"holds", "unknown"}
    assert all(CHINESE.search(line["zh"]) and not CHINESE.search(line["en"]) for line in as_json["lines"])
    assert {line["key"] for line in as_json["lines"]} >= {keys.id, keys.ecdsa_id}


def test_a_token_with_its_chain_unsorted(tmp_path: Path, walk: Path) -> None:
    """``rfc3161-client`` will not read it; ``openssl ts`` does."""
    with authority(tmp_path / "chain", chain=True) as other:
        assert run("seal", walk, "--tsa", other.url).exit_code == 0
        told = run("verify", walk, "--tsa-root", other.root)
    assert told.exit_code == 0, told.output
    assert "under a root that you trust" in told.output


def test_a_root_that_is_not_theirs(tmp_path: Path, walk: Path, tsa: Tsa) -> None:
    assert run("seal", walk, "--tsa", tsa.url).exit_code == 0
    with authority(tmp_path / "other") as other:
        told = run("verify", walk, "--tsa-root", other.root)
    assert told.exit_code == 11
    assert "not signed under a root that you trust" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to seal with"),
        (("--tsa", "tsa.example"), "is no address"),
        (("--tsa", "http://me:secret@tsa.example/"), "a name and a password"),
        (("--key", "none.pem"), "cannot read none.pem"),
    ],
)
def test_seal_says_what_is_wrong(walk: Path, words: tuple[str, ...], said: str) -> None:
    told = run("seal", walk, *words)
    assert told.exit_code == 2
    assert said in told.output
    assert "secret" not in told.output


def test_an_authority_that_does_not_answer(walk: Path) -> None:
    told = run("seal", walk, "--tsa", "http://127.0.0.1:9/")
    assert told.exit_code == 1
    assert "gave no time stamp" in told.output
    assert sorted(path.name for path in walk.parent.iterdir()) == [walk.name]


def test_verify_of_what_is_not_there(tmp_path: Path) -> None:
    assert run("verify", tmp_path / "none.wacz").exit_code == 2
    broken = tmp_path / "a.wacz"
    broken.write_bytes(b"PK\x03\x04 half")
    told = run("verify", broken)
    assert told.exit_code == 11
    assert "not all there" in told.output
    told = run("verify", broken, "--trust", broken)
    assert told.exit_code == 2
    assert "holds no public key" in told.output


def test_unsigned_evidence_says_so(tmp_path: Path, keys: Keys) -> None:
    told = run("verify", packed(tmp_path))
    assert told.exit_code == 0
    assert "The steps are not signed." in told.output
    (tmp_path / "us.pub.pem").write_bytes(public_pem(keys))
    told = run("verify", tmp_path / "evidence.wacz", "--trust", tmp_path / "us.pub.pem")
    assert told.exit_code == 11
    assert "No key that you trust has signed this file." in told.output


def test_an_older_file_keeps_its_sidecars(tmp_path: Path, keys: Keys, walk: Path, tsa: Tsa) -> None:
    """A new walk under the same name: seals of the old one do not speak of it."""
    assert run("seal", walk, "--tsa", tsa.url).exit_code == 0
    signed_walk(tmp_path, keys, runs=1)
    assert sorted(path.name for path in tmp_path.glob("*.ts?")) == [
        "evidence-1.wacz.tsq",
        "evidence-1.wacz.tsr",
    ]
    for name in ("evidence.wacz", "evidence-1.wacz"):
        assert run("verify", tmp_path / name).exit_code == 0


def test_case_template_is_a_case(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    assert run("case", "new", path).exit_code == 0
    assert load_case(path).officers == ()
    assert run("case", "new", path).exit_code == 2


def test_case_fields(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "number: 202617\nofficers: [李 0815, 王 0816]\nexit_ip: 2001:db8::1\nretention_until: 2031-12-31\n"
    )
    case = load_case(path)
    assert (case.number, len(case.officers), str(case.exit_ip)) == ("202617", 2, "2001:db8::1")
    for text, said in (
        ("oficers: [x]\n", "did you mean 'officers'?"),
        ("exit_ip: home\n", "exit_ip"),
        ("exit_country: China\n", "exit_country"),
        ("- x\n", "holds no fields"),
        ("retention_until: someday\n", "retention_until"),
    ):
        path.write_text(text)
        with pytest.raises(RuleError) as error:
            load_case(path)
        assert said in error.value.en
        assert str(path) in error.value.en
        assert error.value.zh


def test_no_secret_of_the_command_line_is_kept() -> None:
    told = (
        "payaudit",
        "audit",
        "https://me:pw@drama.example/?a=1",
        "--cdp=http://u:pw@127.0.0.1:9222",
        "-o",
        "x",
    )
    kept = without_secrets(told)
    assert "pw" not in " ".join(kept)
    assert kept[2] == "https://…@drama.example/?a=1"
    assert kept[4:] == ("-o", "x")


def test_the_source_has_one_hash() -> None:
    assert source_sha256() == source_sha256()
    assert re.fullmatch("[0-9a-f]{64}", source_sha256())
