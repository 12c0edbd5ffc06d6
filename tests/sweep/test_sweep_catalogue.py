"""The catalogue: first writer wins, migrations make what the tables say, both databases answer alike."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from payaudit.errors import UsageError
from payaudit.sweep import tables
from payaudit.sweep.catalogue import Answer, Catalogue
from payaudit.sweep.copy import copy
from payaudit.sweep.past import earlier, made_by
from payaudit.sweep.questions import Question, questions
from payaudit.sweep.versions import Versions
from tests.commands import payaudit
from tests.sweep.filled import SWEEP, fill
from tests.sweep.postgres import postgres, programs

TOLD = {
    "target": "https://p3.example/3", "provision": "CN-PMF-19-6", "sweep": "filled",
    "platform": "p3.example", "since": "2026-03-01",
}  # fmt: skip
ALLOWED_S = 0.2
TODAY = datetime.now(UTC).date().toordinal()
HERE = Versions("payaudit/1", "3.11", "rules", "law", "data")


def told(asked: Question, *, narrow: bool) -> dict[str, str]:
    """Values for a question; the narrow ones name a platform and a day too."""
    needed = {name for name, each in asked.parameters.items() if each.default is None}
    return asked.values(f"{n}={TOLD[n]}" for n in asked.parameters if n in needed or (narrow and n in TOLD))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    book = Catalogue(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'catalogue.db'}", create=True)
    fill(book, 1000)
    yield book
    book.close()


def audit(status: str, **changes: object) -> dict[str, object]:
    """A row of ``audits``."""
    row = dict.fromkeys(tables.audits.c.keys())
    texts = {c.name: "x" for c in tables.audits.c if not c.nullable and isinstance(c.type, sa.Text)}
    numbers = {"reached": True, "attempts": 1, "seconds": 1.0, "violations": 0, "unclear": 0}
    row |= {**texts, **numbers, "audit_id": "s/1", "sweep": "s", "status": status, **changes}
    return row


def test_the_first_ok_row_is_final(tmp_path: Path) -> None:
    book = Catalogue(f"sqlite:///{tmp_path / 'c.db'}", create=True)
    book.begin({**SWEEP, "sweep": "s"}, [])
    rows = {"counters": [{"number": 1, "kind": "scarcity", "text": "3 left", "first": 3}]}
    assert book.save(audit("error", error_en="first"))
    assert book.done("s") == set()
    assert book.save(audit("error", error_en="second"))
    assert book.save(audit("ok", title="winner"), b"{}", rows)
    assert not book.save(audit("ok", title="late"), b"{}", rows)
    assert not book.save(audit("error", error_en="late"))
    assert book.ask("SELECT status, title, error_en FROM audits").rows == [("ok", "winner", None)]
    assert book.ask("SELECT COUNT(*) FROM counters").rows == [(1,)]
    book.close()


def test_migrations_make_the_tables(filled: Catalogue) -> None:
    with filled.engine.connect() as link:
        assert compare_metadata(MigrationContext.configure(link), tables.metadata) == []


def test_a_catalogue_of_a_newer_payaudit_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c.db'}"
    book = Catalogue(url, create=True)
    with book.engine.begin() as link:
        link.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    book.close()
    with pytest.raises(UsageError, match="newer payaudit"):
        Catalogue(url)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM audits", "cannot be answered"),
        ("DROP TABLE audits", "cannot be answered"),
        ("SELECT nothing FROM nowhere", "cannot be answered"),
        ("PRAGMA query_only=OFF", "asks for nothing"),
    ],
)
def test_a_question_changes_nothing(filled: Catalogue, sql: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        filled.ask(sql)
    assert filled.ask("SELECT COUNT(*) FROM audits").rows == [(1000,)]


@pytest.mark.parametrize("name", questions())
def test_every_question_has_answers(filled: Catalogue, name: str) -> None:
    asked = questions()[name]
    answer = filled.ask(asked.sql, told(asked, narrow=False))
    assert "audit_id" in answer.columns or name in {"practices-by-month", "operators"}
    assert answer.rows or name == "not-reached"  # all were reached or not chosen
    assert all(each.en and each.zh for each in asked.parameters.values())


def test_rates_are_over_titles_reached(filled: Catalogue) -> None:
    answer = filled.ask(questions()["practices-by-month"].sql, {"platform": "p3.example"})
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    month, rule = rows[0]["month"], rows[0]["rule"]
    where = f"platform = 'p3.example' AND captured LIKE '{month}%' AND reached IS TRUE"
    ((reached,),) = filled.ask(f"SELECT COUNT(DISTINCT target) FROM audits WHERE {where}").rows
    seen = f"audit_id IN (SELECT audit_id FROM findings WHERE rule = '{rule}' AND verdict = 'violation')"
    ((titles,),) = filled.ask(f"SELECT COUNT(DISTINCT target) FROM audits WHERE {where} AND {seen}").rows
    assert (rows[0]["titles"], rows[0]["reached"]) == (titles, reached)
    assert float(rows[0]["percent"]) == pytest.approx(100 * titles / reached, abs=0.05)


def test_the_command_answers(filled: Catalogue, tmp_path: Path) -> None:
    place = filled.engine.url.database
    done = payaudit("query", "price-history", f"target={TOLD['target']}", "--from", place, "--format", "json")
    assert done.code == 0, done.err
    rows = json.loads(done.out)
    assert len(rows) == 15
    assert rows[1]["price_before"] == rows[0]["price"]
    csv_file = tmp_path / "answer.csv"
    done = payaudit("query", "operators", "--from", place, "--format", "csv", "-o", csv_file)
    assert done.code == 0, done.err
    assert len(list(csv.DictReader(csv_file.open(encoding="utf-8-sig")))) == 40


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("no-such",), "no question 'no-such'"),
        (("price-history",), "needs target="),
        (("operators", "what=1"), "NAME=VALUE"),
        (("--sql", "SELECT 1; DROP TABLE audits"), "cannot be answered"),
        (("operators", "--format", "xls"), "no format"),
        (("operators", "--format", "parquet"), "-o"),
    ],
)
def test_bad_questions_are_one_line(filled: Catalogue, args: tuple[str, ...], said: str) -> None:
    done = payaudit("query", *args, "--from", filled.engine.url.database)
    assert done.code == 2
    assert len(done.errors) == 1
    assert said in done.errors[0]
    assert "Traceback" not in done.err


def test_a_copy_answers_alike(filled: Catalogue, tmp_path: Path) -> None:
    assert copy(filled, tmp_path / "copy.db") == 1000
    other = Catalogue(f"sqlite:///{tmp_path / 'copy.db'}")
    for asked in questions().values():
        values = told(asked, narrow=True)
        assert other.ask(asked.sql, values) == filled.ask(asked.sql, values)
    other.close()
    with pytest.raises(UsageError, match="there already"):
        copy(filled, tmp_path / "copy.db")


@pytest.mark.sweep
@pytest.mark.timeout(600)
def test_ten_thousand_reports_on_both_databases(tmp_path: Path) -> None:
    assert programs(), "PostgreSQL is not installed; as root: apt-get install postgresql"
    small = Catalogue(f"sqlite:///{tmp_path / 'c.db'}", create=True)
    fill(small, 10_000)
    with postgres() as url:
        large = Catalogue(url, create=True)
        fill(large, 10_000)
        with large.engine.connect() as link:
            assert compare_metadata(MigrationContext.configure(link), tables.metadata) == []
        for name, asked in questions().items():
            for narrow in (False, True):
                values = told(asked, narrow=narrow)
                answer, took = timed(small, asked, values)
                assert large.ask(asked.sql, values) == answer, name
                kind = "narrow" if narrow else "all"
                print(f"{name:20} {kind:7} {len(answer.rows):5} rows {took * 1000:6.1f} ms")
                assert took <= ALLOWED_S, name
        assert not large.save(audit("ok", sweep="filled", audit_id="filled/000001"))
        with pytest.raises(UsageError, match="cannot be answered"):
            large.ask("DELETE FROM counters")
        for book in (small, large):
            row = audit("ok", sweep="filled", audit_id="filled/today", target="x", day=TODAY)
            kept = {"made_by": made_by(HERE), "recording": b"kept"}
            assert book.save(row, b"{}", {"recordings": [kept]})
            assert earlier(book.engine, "x", HERE) == (b"kept",)
        large.close()
    small.close()


def timed(book: Catalogue, asked: Question, values: dict[str, str]) -> tuple[Answer, float]:
    """The answer and the least processor time of three: what it costs, not what else the machine does.

    SQLite works inside this process and all of it is in memory, so that this is what an idle machine takes.
    """
    times = []
    for _ in range(3):
        begun = time.process_time()
        answer = book.ask(asked.sql, values)
        times.append(time.process_time() - begun)
    return answer, min(times)
