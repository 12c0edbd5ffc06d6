"""What a catalogue remembers of a target, and hands along to its later audits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from fixtures import recorded
from payaudit.audit import judge_evidence
from payaudit.sweep import catalogue, tables
from payaudit.sweep.catalogue import Catalogue
from payaudit.sweep.past import BACK_DAYS, earlier, made_by, pack, unpack
from payaudit.sweep.versions import Versions
from tests.sweep.filled import SWEEP
from tests.sweep.test_sweep_catalogue import HERE, audit

NEWER = Versions("payaudit/2", "3.11", "rules", "law", "data")
TARGET = "https://drama.example/1"


@pytest.mark.parametrize("name", recorded.names())
def test_a_recording_is_the_same_when_it_comes_back(name: str) -> None:
    made = judge_evidence(recorded.FOLDER / f"{name}.wacz").recording
    assert made is not None
    assert made.offers
    packed = pack(made)
    assert unpack([packed]) == (made,)
    assert len(packed) < 20_000  # a month of nights goes along with every job


class Filled:
    """A catalogue into which audits are put by the days since they were made."""

    def __init__(self, folder: Path) -> None:
        self.book = Catalogue(f"sqlite:///{folder / 'c.db'}", create=True)
        self.book.begin({**SWEEP, "sweep": "s"}, [])

    def put(self, name: str, days: int, versions: Versions = HERE, **said: object) -> None:
        when = datetime.now(UTC) - timedelta(days=days)
        row = audit("ok", audit_id=f"s/{name}", target_id=name, target=TARGET, persona="iphone")
        row |= {"captured": when.date().isoformat(), "day": when.date().toordinal(), **said}
        row["audited_at"] = said.get("audited_at", when.isoformat())
        kept = {"made_by": made_by(versions), "recording": name.encode()}
        self.book.save(row, b"{}", {"recordings": [kept]})

    def found(self) -> list[str]:
        return [packed.decode() for packed in earlier(self.book.engine, TARGET, HERE)]


def test_the_last_audit_of_each_day_and_persona_is_remembered(tmp_path: Path) -> None:
    it = Filled(tmp_path)
    it.put("first", 2, audited_at="2026-01-01T08:00:00+00:00")
    it.put("second", 2, audited_at="2026-01-01T09:00:00+00:00")
    it.put("before", 3, audited_at="2026-01-01T07:00:00+00:00")
    it.put("desktop", 3, persona="desktop", audited_at="2026-01-01T06:00:00+00:00")
    assert it.found() == ["second", "before", "desktop"]


@pytest.mark.parametrize(
    "said",
    [
        {"target": f"{TARGET}0"},
        {"reached": False},
        {"status": "error"},
        {"versions": NEWER},
        {"days": BACK_DAYS + 1},
    ],
)
def test_what_tells_nothing_of_the_target_is_left_out(tmp_path: Path, said: dict[str, object]) -> None:
    it = Filled(tmp_path)
    it.put("one", 1)
    it.put("other", **{"days": 2, **said})  # type: ignore[arg-type]
    assert it.found() == ["one"]


def test_a_catalogue_of_before_is_brought_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c.db'}"
    book = Catalogue(url, create=True)
    config = Config()
    config.set_main_option("script_location", str(Path(catalogue.__file__).with_name("migrations")))
    with book.engine.begin() as link:
        config.attributes["connection"] = link
        command.downgrade(config, "0001")
    book.close()
    again = Catalogue(url)
    assert again.ask(f"SELECT COUNT(*) FROM {tables.recordings.name}").rows == [(0,)]
    again.close()
