"""Every command of the guides, as a newcomer would type it, one after the other in a folder of their own.

Where a guide asks for a drama on the network, a small one on loopback stands for it, and the walk
is kept short. Commands that need somebody at a window, or a browser that runs already, are held
against the command line here; test_record.py and test_behind_a_login.py carry them out.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from payaudit.cli import app
from payaudit.serve import serving
from tests.case.conftest import BEFORE, NOTE, TITLE
from tests.case.shop import shop
from tests.commands import PAYAUDIT, environment

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("first-audit.md", "reading-a-report.md", "evidence-in-court.md", "adding-a-rule.md", "report.md")
# Two that audit and compare several times over.
LONG = {"reading-a-report.md", "evidence-in-court.md"}
BY_HAND = ("behind-a-login.md",)
IN_TWO_FILES = ("mini-programs", "sweeps")
LIVE = "https://example.com/drama"
FOUND = {0, 3, 4, 10}
ENDS = {"refused": {2}}
CHINESE = re.compile("[\u4e00-\u9fff]")


def blocks(guide: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a guide: what is said of the block, and its lines."""
    text = (DOCS / guide).read_text("utf-8")
    for found in re.finditer(r"^```sh *(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE):
        yield found[1], found[2].splitlines()


def written(guide: str, folder: Path) -> None:
    """Leave the file that the guide shows."""
    text = (DOCS / guide).read_text("utf-8")
    for name, content in re.findall(r"^```yaml (\S+)\n((?:.*\n)*?)```$", text, re.MULTILINE):
        (folder / name).write_text(content, "utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    served = shop(tmp_path_factory.mktemp("served"), *BEFORE, note=NOTE, ticked=True, title=TITLE)
    with serving(served) as there:
        yield there + "/"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("all_walks", [False, pytest.param(True, marks=pytest.mark.sweep)])
@pytest.mark.parametrize(
    "guide", [pytest.param(g, marks=pytest.mark.sweep if g in LONG else ()) for g in GUIDES]
)
def test_the_commands_of_a_guide_do_what_it_says(
    guide: str, *, all_walks: bool, address: str, before: Path, tmp_path: Path
) -> None:
    """The first walk of a guide is made in every run, those that only show options under ``sweep``."""
    if guide != "first-audit.md":
        (tmp_path / "case").mkdir()
        for name in ("report.json", "evidence.wacz"):
            shutil.copy(before / name, tmp_path / "case" / name)
    ran = 0
    walked = False
    for said, lines in blocks(guide):
        if said == "with-rule":
            written(guide, tmp_path / "my-rules")
        for line in lines:
            walks = line.startswith("payaudit audit")
            if walks and walked and not all_walks:
                _parsed(line)
                continue
            walked = walked or walks
            code, out = _typed(line, address, tmp_path)
            finding = re.match("payaudit (audit|judge|compare)", line)
            ends = ENDS.get(said) or (FOUND if finding else {0})
            assert code in ends, f"{line}\n{out}"
            ran += 1
    assert ran


def _typed(line: str, address: str, folder: Path) -> tuple[int, str]:
    """How a line ends that is typed into a shell."""
    if line.startswith("payaudit audit"):
        line = line.replace(LIVE, address) + " --quick --max-steps 5 -q"
    env = environment()
    env["PATH"] = f"{PAYAUDIT.parent}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("guide", BY_HAND)
def test_commands_by_hand_are_commands(guide: str) -> None:
    lines = [line for _, lines in blocks(guide) for line in lines]
    assert lines
    for line in lines:
        _parsed(line)


def _parsed(line: str) -> None:
    """Hold a line against the command line, without carrying it out."""
    program, name, *words = shlex.split(line, comments=True)
    assert program == "payaudit"
    group = typer.main.get_command(app)
    context = group.make_context("payaudit", [name])
    command = group.get_command(context, name)
    assert command is not None, line
    command.make_context(name, words, parent=context)


def _indented(page: Path) -> list[str]:
    """The commands of a page that shows them without a fence."""
    return re.findall(r"^    (payaudit .+)$", page.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("guide", IN_TWO_FILES)
def test_a_guide_in_two_files_has_the_same_commands_in_both(guide: str) -> None:
    """The words behind a command are in its page's language; what stands for a path is, too."""
    english, chinese = _indented(DOCS / f"{guide}.md"), _indented(DOCS / f"{guide}.zh.md")
    assert len(english) == len(chinese) >= 4
    for ours, theirs in zip(english, chinese, strict=True):
        _parsed(ours)
        _parsed(theirs)
        assert _options(ours) == _options(theirs)


def _options(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    return words[:2] + [word for word in words if word.startswith("-")]


@pytest.mark.parametrize("guide", IN_TWO_FILES)
def test_a_guide_in_two_files_has_the_same_chapters_in_both(guide: str) -> None:
    chapters = [
        re.findall(r"^(#+) ", (DOCS / name).read_text("utf-8"), re.MULTILINE)
        for name in (f"{guide}.md", f"{guide}.zh.md")
    ]
    assert chapters[0] == chapters[1]
    assert len(CHINESE.findall((DOCS / f"{guide}.zh.md").read_text("utf-8"))) > 500


def test_every_guide_is_in_the_list_of_guides() -> None:
    listed = set(re.findall(r"\]\(([^)]+)\)", (DOCS / "README.md").read_text("utf-8")))
    two = [f"{guide}{end}" for guide in IN_TWO_FILES for end in (".md", ".zh.md")]
    assert {*GUIDES, *BY_HAND, *two} <= listed


def test_commands_of_the_readme_are_commands() -> None:
    lines = _indented(DOCS.parent / "README.md")
    assert len(lines) >= 5
    for line in lines:
        _parsed(line)


def test_setting_up_is_as_the_guide_says() -> None:
    (block,) = re.findall(
        r"^```setup\n((?:.*\n)*?)```$", (DOCS / "first-audit.md").read_text("utf-8"), re.MULTILINE
    )
    made, activated = block.splitlines()
    assert re.search(
        rf"^{made.removeprefix('make ')}:", (DOCS.parent / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    assert activated == "source .venv/bin/activate"
    assert "virtual environment .venv" in (DOCS.parent / "scripts/setup.sh").read_text("utf-8")


@pytest.mark.parametrize("guide", [*GUIDES, *BY_HAND])
def test_a_guide_speaks_both_languages(guide: str) -> None:
    text = re.sub(r"```.*?```|<!-- from here.*", "", (DOCS / guide).read_text("utf-8"), flags=re.DOTALL)
    chinese = len(CHINESE.findall(text))
    english = len(re.findall(r"[A-Za-z]{2,}", text))
    assert english / 3 < chinese < english * 4


def test_links_between_guides_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (DOCS / target).exists(), (page.name, target)
