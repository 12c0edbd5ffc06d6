"""The catalogue: what all sweeps found, in SQLite or PostgreSQL.

The row in ``audits`` is the commit point of an audit. The first writer wins: a row with status
``ok`` is final, one with ``error`` gives way to a later attempt.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from payaudit.errors import PayauditError, UsageError
from payaudit.model.report import ReportV1
from payaudit.report.json import from_json
from payaudit.sweep import tables
from payaudit.sweep.rows import Row, Rows

FILE = "catalogue.db"
HEAD = "0002"  # the newest migration
_MIGRATIONS = Path(__file__).with_name("migrations")
_CHUNK = 500
_SQLITE = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
_ALONE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(7061796175646974)"}


def in_folder(folder: Path) -> str:
    """The address of the catalogue that lies in a folder of sweeps."""
    return f"sqlite:///{folder / FILE}"


@dataclass(frozen=True)
class Answer:
    """A table: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Catalogue:
    """One open catalogue; ``UsageError`` where it cannot be opened, ``PayauditError`` where not written."""

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.url = url
        try:
            self.engine = _engine(url)
            with self.engine.connect() as link:
                version = _version(link)
        except (SQLAlchemyError, ImportError) as error:
            raise _unreadable(url, error) from error
        if version == HEAD:
            return
        if version is None and not create:
            raise UsageError(
                f"{_shown(url)} holds no catalogue; name the folder of a sweep, "
                "or begin one with `payaudit sweep`",
                f"{_shown(url)} 中没有目录库；请指定巡查结果文件夹，或先运行 payaudit sweep",
            )
        migrate(self.engine)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def begin(self, row: Row, fates: Iterable[Row]) -> None:
        """Put down a sweep with its frame. One that was begun before stays as it is."""
        with self.engine.begin() as link:
            known = link.scalar(sa.select(tables.sweeps.c.sweep).where(tables.sweeps.c.sweep == row["sweep"]))
            if known is None:
                link.execute(sa.insert(tables.sweeps), row)
                for some in _chunks(fates):
                    link.execute(sa.insert(tables.targets), some)

    def sweep(self, name: str) -> Row | None:
        """A sweep's own row."""
        with self.engine.connect() as link:
            found = (
                link.execute(sa.select(tables.sweeps).where(tables.sweeps.c.sweep == name)).mappings().first()
            )
        return None if found is None else dict(found)

    def sweeps(self) -> list[str]:
        """The names of all sweeps, latest first."""
        with self.engine.connect() as link:
            return list(
                link.scalars(sa.select(tables.sweeps.c.sweep).order_by(tables.sweeps.c.started.desc()))
            )

    def end(self, name: str, ended: str) -> None:
        """Put down when a sweep was through."""
        with self.engine.begin() as link:
            link.execute(sa.update(tables.sweeps).where(tables.sweeps.c.sweep == name).values(ended=ended))

    def done(self, sweep: str) -> set[str]:
        """The targets of a sweep whose row is final."""
        audits = tables.audits.c
        with self.engine.connect() as link:
            return set(
                link.scalars(sa.select(audits.target_id).where(audits.sweep == sweep, audits.status == "ok"))
            )

    def save(self, audit: Row, report: bytes | None = None, rows: Rows | None = None) -> bool:
        """Store one audit with all that hangs on it, or nothing; whether it was the first."""
        own = {**(rows or {}), "reports": [] if report is None else [{"report": zlib.compress(report)}]}
        insert = self._insert(tables.audits)
        taken = {name: insert.excluded[name] for name in audit}
        statement = (
            insert.values(**audit)
            .on_conflict_do_update(
                index_elements=["audit_id"], set_=taken, where=tables.audits.c.status == "error"
            )
            # Rows counted by the driver include the refused ones; what is returned does not.
            .returning(tables.audits.c.audit_id)
        )
        try:
            with self.engine.begin() as link:
                if link.execute(statement).first() is None:
                    return False
                self._save_rows(link, str(audit["audit_id"]), own)
        except SQLAlchemyError as error:
            raise PayauditError(
                f"{_shown(self.url)}: an audit could not be stored ({_first_line(error)}); "
                "mend it and run the same command again: it goes on where it stopped",
                f"{_shown(self.url)}：无法保存审计结果（{_first_line(error)}）；处理后重新运行同一命令即可续跑",
            ) from error
        return True

    def report(self, audit_id: str) -> ReportV1 | None:
        """A stored report; ``None`` where there is none."""
        with self.engine.connect() as link:
            data = link.scalar(
                sa.select(tables.reports.c.report).where(tables.reports.c.audit_id == audit_id)
            )
        return None if data is None else from_json(zlib.decompress(data))

    def ask(self, sql: str, values: Mapping[str, str] | None = None) -> Answer:
        """Answer a question with named ``:values``, or plain SQL; it cannot write.

        Raises ``UsageError`` for what is no question.
        """
        try:
            with self.engine.connect() as link:
                self._read_only(link)
                try:
                    found = (
                        link.exec_driver_sql(sql)
                        if values is None
                        else link.execute(sa.text(sql), dict(values))
                    )
                    if not found.returns_rows:
                        raise UsageError(
                            "this asks for nothing; write a SELECT", "此语句不是查询；请写 SELECT"
                        )
                    return Answer(tuple(found.keys()), [tuple(map(_exact, row)) for row in found])
                finally:
                    link.rollback()
                    if self.engine.dialect.name == "sqlite":
                        link.exec_driver_sql("PRAGMA query_only=OFF")
        except SQLAlchemyError as error:
            raise UsageError(
                f"the question cannot be answered: {_first_line(error)}",
                f"查询无法执行：{_first_line(error)}",
            ) from error

    def _read_only(self, link: sa.Connection) -> None:
        if self.engine.dialect.name == "sqlite":
            link.exec_driver_sql("PRAGMA query_only=ON")
        else:
            link.exec_driver_sql("SET TRANSACTION READ ONLY")

    def _save_rows(self, link: sa.Connection, audit_id: str, rows: Rows) -> None:
        for table in tables.SHARED:
            if shared := rows.get(table.name):
                link.execute(self._insert(table).on_conflict_do_nothing(), shared)
        for table in tables.CHILDREN:
            if own := rows.get(table.name):
                link.execute(sa.insert(table), [{"audit_id": audit_id, **row} for row in own])

    def _insert(self, table: sa.Table) -> Any:  # noqa: ANN401 - both dialects' inserts have on_conflict, under no common type
        return {"sqlite": sqlite, "postgresql": postgresql}[self.engine.dialect.name].insert(table)


def migrate(engine: sa.Engine) -> None:
    """Bring a database to the newest schema. Raises ``UsageError`` for one made by a newer payaudit."""
    from alembic import command  # noqa: PLC0415 - takes a second, and is needed once per catalogue
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    try:
        with engine.begin() as link:
            # two programs may open a new catalogue at once: the second waits here and finds the schema made
            link.exec_driver_sql(_ALONE[engine.dialect.name])
            config.attributes["connection"] = link
            command.upgrade(config, "head")
    except CommandError as error:
        raise UsageError(
            f"this catalogue was made by a newer payaudit ({_first_line(error)}); update payaudit",
            f"此目录库由更新版本的 payaudit 创建（{_first_line(error)}）；请升级 payaudit",
        ) from error


def _engine(url: str) -> sa.Engine:
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.partition("://")[2]
    engine = sa.create_engine(url)
    if engine.dialect.name not in {"sqlite", "postgresql"}:
        raise ArgumentError(f"{engine.dialect.name} is neither SQLite nor PostgreSQL")
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up)
    return engine


def _set_up(link: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    for pragma in _SQLITE:
        link.execute(f"PRAGMA {pragma}")


def _version(link: sa.Connection) -> str | None:
    if not sa.inspect(link).has_table("alembic_version"):
        return None
    version: str | None = link.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _exact(cell: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Numbers as both databases would write them: a decimal without the zeros that say nothing."""
    if not isinstance(cell, float | Decimal):
        return cell
    plain = Decimal(str(cell)).normalize()
    return plain if plain.as_tuple().exponent in range(-99, 1) else plain.quantize(Decimal(1))


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, _CHUNK)):
        yield some


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__


def _shown(url: str) -> str:
    """The address without a password."""
    try:
        return sa.engine.make_url(url).render_as_string(hide_password=True).removeprefix("sqlite:///")
    except ArgumentError:
        return url


def _unreadable(url: str, error: Exception) -> UsageError:
    if isinstance(error, ImportError):
        return UsageError(
            'PostgreSQL needs its driver: pip install "payaudit[postgres]"',
            'PostgreSQL 需要驱动：pip install "payaudit[postgres]"',
        )
    if isinstance(error, NoSuchModuleError | ArgumentError):
        return UsageError(
            f"{_shown(url)}: no catalogue's address; give sqlite:///FILE or postgresql://USER@HOST/NAME",
            f"{_shown(url)}：不是目录库地址；请使用 sqlite:///文件 或 postgresql://用户@主机/库名",
        )
    return UsageError(
        f"{_shown(url)}: cannot be opened ({_first_line(error)})",
        f"{_shown(url)}：无法打开（{_first_line(error)}）",
    )


def options_text(options: Mapping[str, Any]) -> str:
    """Options as one spelling of JSON, to be compared."""
    return json.dumps(dict(options), sort_keys=True, ensure_ascii=False)
