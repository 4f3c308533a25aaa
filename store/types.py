"""Column types that mean the same on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, Dialect, Integer, Row, Select, String
from sqlalchemy.types import TypeDecorator, TypeEngine

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970 in UTC. ValueError for a naive time, OverflowError off UTC's ends."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment!r}")
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    """The time that `micros` made a number of."""
    return _EPOCH + value * _MICROSECOND


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: microseconds as INTEGER on SQLite, `timestamptz` on PostgreSQL. Naive times are refused."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite keeps numbers: they sort and compare as times do."""
        return dialect.type_descriptor(
            TIMESTAMP(timezone=True) if dialect.name == "postgresql" else BigInteger(),
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn a time into what the engine keeps."""
        if value is None:
            return None
        number = micros(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else number

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        """Turn what the engine keeps into a time in UTC."""
        if value is None:
            return None
        return moment_of(value) if isinstance(value, int) else value.astimezone(UTC)


# Ids compare by bytes on both engines: a locale's order would make digests and key-set paging differ.
Key = String().with_variant(String(collation="C"), "postgresql")

# SQLite counts rows up only in an INTEGER primary key.
Serial = BigInteger().with_variant(Integer(), "sqlite")
