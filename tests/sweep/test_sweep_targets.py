"""Lists of targets: forms, samples, exclusions, bad rows, a hundred thousand of them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from payaudit.errors import UsageError
from payaudit.sweep.feeder import Politeness, feed
from payaudit.sweep.sample import Exclusions, fates, read_exclusions
from payaudit.sweep.targets import Frame, Target, read_targets
from tests.commands import NO_BROWSER, payaudit

ROOT = Path(__file__).parent.parent.parent
MANY = 100_000
# In a process of its own, so that what the tests hold does not count.
ACCEPT = """
import sys, time
from pathlib import Path
from payaudit.sweep.catalogue import Catalogue, in_folder
from payaudit.sweep.feeder import Politeness
from payaudit.sweep.sample import Exclusions
from payaudit.sweep.sweep import Plan, begin
from payaudit.sweep.targets import read_targets
from payaudit.sweep.versions import Versions
from payaudit.walk.options import Options
def peak():
    # Not what getrusage says: that counts the process it was forked from.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
folder = Path(sys.argv[1])
book = Catalogue(in_folder(folder), create=True)
before = peak()
begun, busy = time.perf_counter(), time.process_time()
frame = read_targets(folder / "targets.csv", "iphone")
plan = Plan("s", folder, Options(), Politeness(2), 3, 900.0, Versions("t", "p", "r", "l", "d"))
chosen = begin(plan, frame, Exclusions({}), book)
done = book.done("s")
left = [each for each in chosen if each.id not in done]
took, used = time.perf_counter() - begun, time.process_time() - busy
print(len(left), took, used, before, peak())
"""


def read(tmp_path: Path, name: str, text: str) -> Frame:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_targets(path, "iphone")


def test_a_hundred_thousand_targets(tmp_path: Path) -> None:
    with (tmp_path / "targets.csv").open("w") as file:
        file.write("target,persona,jurisdiction,tags,journey\n")
        for number in range(MANY):
            address = f"https://www.host{number % 500}.example/drama/{number}"
            file.write(f"{address},wechat-iphone,CN,week-{number % 50},\n")
    done = subprocess.run(
        [sys.executable, "-c", ACCEPT, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    count, took, used, before, megabytes = map(float, done.stdout.split())
    print(f"{took:.1f} s, {used:.1f} s of the processor, {before:.0f} + {megabytes - before:.0f} MB")
    assert count == MANY
    assert used <= 5  # what it costs, whatever else the machine does
    assert megabytes <= 150


def test_forms_say_the_same(tmp_path: Path) -> None:
    rows = [("https://a.example/1", "x,y"), ("https://b.example/2", "")]
    csv = read(tmp_path, "t.csv", 'Target,tags\nhttps://a.example/1,"x,y"\n\nhttps://b.example/2,\n')
    lines = [{"target": a, "tags": t.split(",") if t else None} for a, t in rows]
    jsonl = read(tmp_path, "t.jsonl", "\n".join(map(json.dumps, lines)))
    txt = read(tmp_path, "t.txt", "# a list\nhttps://a.example/1\n\nb.example/2\nhttps://b.example/2\n")
    assert [(t.address, t.tags) for t in csv.targets] == rows == [(t.address, t.tags) for t in jsonl.targets]
    assert [t.id for t in csv.targets] == [t.id for t in jsonl.targets] == [t.id for t in txt.targets]
    assert txt.repeated == 1
    assert csv.targets[0].platform == "a.example"


def test_a_sample_is_of_the_seed_alone(tmp_path: Path) -> None:
    lines = [f"https://a.example/{n}" for n in range(200)]
    frame = read(tmp_path, "t.txt", "\n".join(lines))
    turned = read(tmp_path, "u.txt", "\n".join(reversed(lines)))

    def drawn(frame: Frame, count: int, seed: str) -> set[str]:
        return {t.address for t, fate, _ in fates(frame, Exclusions({}), count, seed) if fate == "chosen"}

    assert len(drawn(frame, 20, "7")) == 20
    assert drawn(frame, 20, "7") == drawn(turned, 20, "7")
    assert drawn(frame, 20, "7") < drawn(frame, 40, "7")
    assert drawn(frame, 20, "7") != drawn(frame, 20, "8")


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "not.txt").write_text("b.example,asked us to\nhttps://a.example/2\n")
    frame = read(
        tmp_path, "t.txt", "https://a.example/1\nhttps://a.example/2\nhttps://www.b.example/1\nno address"
    )
    told = [
        (fate, reason) for _, fate, reason in fates(frame, read_exclusions(tmp_path / "not.txt"), None, "0")
    ]
    assert told[:3] == [("chosen", ""), ("excluded", "https://a.example/2"), ("excluded", "asked us to")]
    assert told[3][0] == "unreadable"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "url\nhttps://a.example\n", "target is needed"),
        ("t.csv", "target,who\nhttps://a.example,x\n", "who"),
        ("t.csv", "target\n", "no web address"),
        ("t.csv", "", "target is needed"),
        ("t.jsonl", '{"target": "https://a.example"}\n[1]\n', ":2: no JSON object"),
        ("t.jsonl", "nonsense\n", ":1: no JSON object"),
        ("t.txt", "not an address\n", "no web address"),
        ("t.xlsx", "https://a.example\n", ".csv, .jsonl or .txt"),
    ],
)
def test_bad_lists_are_told(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UsageError) as told:
        read(tmp_path, name, text)
    assert said in told.value.en
    assert "\n" not in told.value.en
    assert told.value.zh


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (",persona\nhttps://a.example,robot\n", "t.csv:2: no persona"),
        (",jurisdiction\nhttps://a.example,XX\n", "t.csv:2: no jurisdiction"),
        (",journey\nhttps://a.example,none.yaml\n", "t.csv:2:"),
    ],
)
def test_rows_that_cannot_be_walked_are_one_line(tmp_path: Path, rest: str, said: str) -> None:
    (tmp_path / "t.csv").write_text("target" + rest, "utf-8")
    done = payaudit("sweep", tmp_path / "t.csv", "-o", tmp_path / "out", env=NO_BROWSER)
    assert done.code == 2
    assert len(done.errors) == 1
    assert said in done.errors[0]
    assert not (tmp_path / "out").exists()


async def test_hosts_take_turns_and_share() -> None:
    order: list[str] = []

    async def run(target: Target) -> None:
        order.append(target.host)

    targets = [Target(f"{host}{n}", n, f"{host}{n}", host, "", "") for host in "abc" for n in range(3)]
    await feed(targets, run, Politeness(1, 1, 0.0))
    assert order == list("abcabcabc")


async def test_personas_of_one_address_are_audited_one_after_another() -> None:
    now: Counter[str] = Counter()
    ended: list[str] = []

    async def run(target: Target) -> None:
        now[target.address] += 1
        assert now[target.address] == 1
        await asyncio.sleep(0.01)
        now[target.address] -= 1
        ended.append(f"{target.address}{target.persona}")

    rows = [Target("", n, address, "h", "", who) for n, (address, who) in enumerate(product("ab", "123"))]
    await feed(rows, run, Politeness(4, 4, 0.0))
    assert [each for each in ended if each[0] == "a"] == ["a1", "a2", "a3"]
    assert [each for each in ended if each[0] == "b"] == ["b1", "b2", "b3"]


async def test_one_that_fails_ends_all() -> None:
    async def run(target: Target) -> None:
        if target.row == 1:
            raise UsageError("no more", "停止")

    targets = [Target(str(n), n, str(n), "a", "", "") for n in range(4)]
    with pytest.raises(UsageError, match="no more"):
        await feed(targets, run, Politeness(1, 1, 0.0))
