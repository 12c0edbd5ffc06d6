"""A redacted copy: of planted secrets none is left, and all else is byte for byte the same."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from PIL import Image

from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence.members import gunzip, members
from payaudit.evidence.read import Evidence
from payaudit.model.redaction import Redactions
from payaudit.redact.walk_copy import redact
from tests.commands import invalid_wacz, payaudit
from tests.redact.corpus import INNOCENT, PHONE_BOX, PRICE_BOX, READ_BOX, SECRETS, planted

TOOL = "payaudit/test"
STEP = "payaudit/run-01-step-0001-"
CHANGE = {
    "datapackage.json",
    "datapackage-digest.json",
    "payaudit/redactions.json",
}  # they say that it is a copy
COUNTED_ANEW = (*CHANGE, "chain.json", "index.cdx", ".png")  # digests, offsets, pixels


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Redactions]:
    folder = tmp_path_factory.mktemp("planted")
    original = planted(folder)
    return original, folder / "copy.wacz", redact(original, folder / "copy.wacz", tool=TOOL)


def pieces(path: Path) -> dict[str, bytes]:
    """Every member unpacked, the WARC record by record, packed bodies unpacked."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(".warc.gz"):
                for number, record in enumerate(members(io.BytesIO(data))):
                    found[f"{name}#{number}"] = record.data
                    at = record.data.find(b"\x1f\x8b\x08")
                    if at >= 0:
                        found[f"{name}#{number} unpacked"] = gunzip(record.data[at:].rstrip(b"\r\n"), 10**7)
            else:
                found[name] = gunzip(data, 10**8) if name.endswith(".gz") else data
    return found


def readings(data: bytes) -> Iterator[bytes]:
    yield data
    yield unquote_to_bytes(data)
    yield unquote_to_bytes(unquote_to_bytes(data))
    yield re.sub(rb"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), data)
    yield data.replace(b"\\/", b"/").replace(b"\\", b"")
    for blob in re.findall(rb"[A-Za-z0-9+/_-]{24,}={0,2}", data):
        raw = blob.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        try:
            yield base64.b64decode(raw + b"=" * (-len(raw) % 4))
        except ValueError:
            continue


def left(path: Path, secrets: dict[str, str]) -> list[tuple[str, str]]:
    wanted = {name: (value.encode(), unquote_to_bytes(value)) for name, value in secrets.items()}
    return [
        (name, where)
        for where, data in pieces(path).items()
        for reading in readings(data)
        for name, forms in wanted.items()
        if any(form in reading for form in forms)
    ]


def test_the_corpus_holds_every_secret(pair: tuple[Path, Path, Redactions]) -> None:
    planted_names = {name for name, _ in left(pair[0], SECRETS)}
    assert planted_names == set(SECRETS)
    assert len(left(pair[0], SECRETS)) > 80


def test_none_is_left(pair: tuple[Path, Path, Redactions]) -> None:
    assert left(pair[1], SECRETS) == []


def test_all_else_is_byte_for_byte_the_same(pair: tuple[Path, Path, Redactions]) -> None:
    """Every changed byte stood in a planted secret; links, digests and lengths alone are computed anew."""
    before, after = pieces(pair[0]), pieces(pair[1])
    assert set(after) == set(before) | {"payaudit/redactions.json"}
    forms = [form for value in SECRETS.values() for form in _forms(value)]
    for name, old in before.items():
        new = after[name]
        if new == old or name in CHANGE or name.endswith(("chain.json", "screen.png", "index.cdx")):
            continue
        if "unpacked" in name:
            assert len(new) == len(old), name
        if b"\x1f\x8b\x08" in old and "#" in name:
            continue  # compared unpacked
        assert len(new) == len(old), name
        held = bytearray(len(old))
        for form in forms:
            for found in re.finditer(re.escape(form), old):
                held[found.start() : found.end()] = b"\1" * len(form)
        for digest in re.finditer(rb"WARC-\w+-Digest: [^\r]+", old):
            held[digest.start() : digest.end()] = b"\1" * len(digest[0])
        wrong = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b and not held[i]]
        assert not wrong, (
            name,
            old[max(0, wrong[0] - 60) : wrong[0] + 60],
            new[max(0, wrong[0] - 60) : wrong[0] + 60],
        )


def _forms(value: str) -> set[bytes]:
    plain = {value, quote(value, safe=""), quote(value), value.replace("/", "\\/"), json.dumps(value)[1:-1]}
    blob = base64.b64encode(json.dumps({"token": value, "n": 1}).encode()).decode()
    return {form.encode() for form in plain | {blob}} | {unquote_to_bytes(value)}


def test_members_without_secrets_are_the_same_bytes(pair: tuple[Path, Path, Redactions]) -> None:
    original, copy, told = pair
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(copy) as new:
        same = {
            name for name in old.namelist() if name in new.namelist() and old.read(name) == new.read(name)
        }
        clean = {"payaudit/run-01.json", "payaudit/run-02.json"}
        clean |= {
            f"payaudit/run-01-step-0002-{file}" for file in ("step.json", "screen.png", "snapshot.json.gz")
        }
        assert clean <= same
        assert set(told.unchanged) == {
            name for name in same if name not in {"indexes/index.cdx", "pages/pages.jsonl"}
        }
        records = [
            [data[r.offset : r.offset + r.length] for r in members(io.BytesIO(data))]
            for data in (archive.read("archive/data.warc.gz") for archive in (old, new))
        ]
    film, page = (
        [r for r in records[i] if b"/film.mp4" in gzip.decompress(r) or b"/clean" in gzip.decompress(r)]
        for i in (0, 1)
    )
    assert len(film) == 4
    assert film == page


def test_prices_amounts_and_what_only_looks_private_stay(pair: tuple[Path, Path, Redactions]) -> None:
    before, after = pieces(pair[0]), pieces(pair[1])
    for text in (
        *INNOCENT,
        "990",
        "¥9.9",
        "19.90",
        "Path=/; HttpOnly",
        "requestPayment",
        "HTTP/1.1 200 OK",
    ):
        for form in {
            text.encode(),
            json.dumps(text)[1:-1].encode(),
            json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        }:
            # "990" alone may stand in a digest, an offset or a packed picture by chance.
            edge = rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" if text.isdecimal() else rb"%s"
            whole = re.compile(edge % re.escape(form))
            counts = [
                sum(
                    len(whole.findall(data)) for name, data in each.items() if not name.endswith(COUNTED_ANEW)
                )
                for each in (before, after)
            ]
            assert counts[0] or "\\" in form.decode(), text  # escaped, where the corpus holds it so
            assert counts[0] == counts[1], text


def test_the_copy_verifies_and_says_that_it_is_one(pair: tuple[Path, Path, Redactions]) -> None:
    original, copy, told = pair
    assert invalid_wacz(copy) == ""
    with Evidence.open(copy) as evidence, Evidence.open(original) as old:
        assert evidence.problems == ()
        assert evidence.redactions == told
        assert told.original_sha256 == old.sha256
        assert old.redactions is None
        assert [(s.run, s.number) for s in evidence.steps] == [(s.run, s.number) for s in old.steps]
        assert len(list(evidence.exchanges())) == len(list(old.exchanges()))
        assert len(evidence.missing()) == len(old.missing())
        gone = next(e for e in evidence.exchanges() if e.url.endswith("data.gz"))
    assert json.loads(gzip.decompress(gone.response_body))["price"] == 990
    assert set(told.by_kind) >= {
        "jwt",
        "cookie",
        "token",
        "phone",
        "email",
        "id-card",
        "openid",
        "payment-session",
        "bank-card",
    }
    places = {
        place.part.partition(": ")[2]
        for each in told.removed
        for place in each.places
        if "warc" in place.member
    }
    assert {"head", "body", "address"} <= places
    assert all(each.hash is None or len(each.hash) == 64 for each in told.removed)


def test_json_stays_json_and_every_mention_of_a_value_is_the_same(
    pair: tuple[Path, Path, Redactions],
) -> None:
    with Evidence.open(pair[1]) as evidence:
        answers = [json.loads(e.response_body) for e in evidence.exchanges() if e.url.endswith("/api/order")]
        asked = [json.loads(e.request_body) for e in evidence.exchanges() if e.url.endswith("/api/order")]
        step = evidence.steps[0]
    data = answers[0]["data"]
    assert isinstance(data["user_id"], int)
    assert data["openid"] == asked[0]["openid"]
    assert data["openid"].startswith("redacted-openid-")
    assert json.loads(data["pay"])["amount"] == "19.90"
    assert json.loads(data["pay"])["paySign"] == step.events[0].data["arguments"]["paySign"]
    assert step.events[0].data["arguments"]["total_fee"] == 990


def test_pictures_are_black_where_they_show_something_private(pair: tuple[Path, Path, Redactions]) -> None:
    with Evidence.open(pair[1]) as evidence:
        with Image.open(io.BytesIO(evidence.screenshot(evidence.steps[0]) or b"")) as shot:
            for box, dark in (
                (PHONE_BOX, True),
                (READ_BOX, True),
                (PRICE_BOX, False),
                ((10, 500, 200, 30), True),
            ):
                x, y = (box[0] + box[2] / 2) * 2, (box[1] + box[3] / 2) * 2
                assert (shot.convert("RGB").getpixel((int(x), int(y))) == (0, 0, 0)) is dark, box
        with Image.open(io.BytesIO(evidence.screenshot(evidence.steps[2]) or b"")) as shot:
            assert shot.convert("RGB").getpixel((240, 224)) == (0, 0, 0)


def test_again_gives_the_same_bytes_and_finds_nothing_more(
    pair: tuple[Path, Path, Redactions], tmp_path: Path
) -> None:
    original, copy, told = pair
    assert redact(original, tmp_path / "again.wacz", tool=TOOL) == told
    assert (tmp_path / "again.wacz").read_bytes() == copy.read_bytes()
    twice = redact(copy, tmp_path / "twice.wacz", tool=TOOL)
    assert [(r.kind, r.places) for r in twice.removed] == []


def test_more_can_be_named(pair: tuple[Path, Path, Redactions], tmp_path: Path) -> None:
    told = redact(pair[0], tmp_path / "more.wacz", ["D2026[0-9]+", "尾号(用户)"], tool=TOOL)
    assert told.by_kind["also"] >= 2
    assert left(tmp_path / "more.wacz", {"order": "D202605010001", "words": "尾号用户", **SECRETS}) == []
    for wrong, why in (("[", "expression"), (".*", "everything")):
        with pytest.raises(UsageError, match=why):
            redact(pair[0], tmp_path / "x.wacz", [wrong], tool=TOOL)


def test_nothing_is_replaced_and_what_does_not_hold_is_not_copied(
    pair: tuple[Path, Path, Redactions], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="never changed"):
        redact(pair[0], pair[0], tool=TOOL)
    with pytest.raises(UsageError, match="there already"):
        redact(pair[0], pair[1], tool=TOOL)
    cut = tmp_path / "cut.wacz"
    cut.write_bytes(pair[0].read_bytes()[:-100])
    with pytest.raises(EvidenceError):
        redact(cut, tmp_path / "y.wacz", tool=TOOL)
    assert not list(tmp_path.glob("*y.wacz*"))


def test_the_command_judges_both(pair: tuple[Path, Path, Redactions], tmp_path: Path) -> None:
    done = payaudit("redact", pair[0], "-o", tmp_path / "c.wacz")
    assert done.code == 0, done.err
    assert "the copy leads to the same" in done.err
    assert "jwt" in done.out
    assert not any(value in done.out + done.err for value in SECRETS.values())
