"""Keys to platforms: sealed like people's secrets, opened for one crawl, shown to nobody.

What is kept beside a key tells whose it is and until when it is good. The value stands in no audit line, in no
error, and in a backup only as it stands here: encrypted with a key that is not in the backup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from domain.doors import Credential
from domain.errors import NotFound, Refused
from domain.sourcekeys import KeyNote, KeyNotice, notices
from store.audit import record
from store.database import Database, insert
from store.keys import KeyRing, Sealed
from store.tables import credentials
from store.types import AnyRow

MAX_VALUE: Final = 4_096  # characters: the longest tokens that platforms hand out are half of it
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Credentials:
    """The keys of an installation, by name."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def put(self, name: str, value: str, by: str, now: datetime, expires_at: datetime | None = None) -> None:
        """Keep a key under a name; one that is there is replaced. Refused for what can be no name or no key."""
        if not _NAME.fullmatch(name):
            raise Refused("Nama kunci hanya huruf kecil, angka, titik, dan tanda hubung, paling panjang 64.")
        value = value.strip()
        if not value or len(value) > MAX_VALUE or not value.isprintable():
            raise Refused(f"Kunci {name} harus satu baris, tidak kosong, paling panjang {MAX_VALUE} huruf.")
        sealed = self._keys.seal(value.encode(), about=_about(name))
        values = {
            "name": name, "key_id": sealed.key_id, "sealed": sealed.sealed, "mark": self._keys.mark(value),
            "expires_at": expires_at, "added_by": by, "added_at": now, "refused_at": None,
        }  # fmt: skip
        with self._database.write() as connection:
            statement = insert(connection, credentials).values(values)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[credentials.c.name],
                    set_={column: statement.excluded[column] for column in values if column != "name"},
                )
            )
            told = {"expires_at": expires_at.isoformat() if expires_at else ""}
            record(connection, by, "source.key.set", name, told, now)

    def remove(self, name: str, by: str, now: datetime) -> None:
        """Forget a key. NotFound for an unknown one."""
        with self._database.write() as connection:
            if not connection.execute(delete(credentials).where(credentials.c.name == name)).rowcount:
                raise NotFound(f"Kunci {name} tidak ada.")
            record(connection, by, "source.key.removed", name, {}, now)

    def names(self) -> list[KeyNote]:
        """What may be told of each key, by name."""
        query = select(*_TOLD).order_by(credentials.c.name)
        with self._database.read() as connection:
            return [_note(row) for row in connection.execute(query)]

    def open(self, name: str) -> Credential | None:
        """A key, readable; None where none is kept. Conflict when the installation's own key is not there."""
        with self._database.read() as connection:
            row = connection.execute(select(credentials).where(credentials.c.name == name)).first()
        if row is None:
            return None
        plain = self._keys.unseal(Sealed(row.key_id, row.sealed), about=_about(name))
        return Credential(name, plain.decode(), mark=row.mark, expires_at=row.expires_at)

    def refused(self, name: str, at: datetime) -> None:
        """Note that a platform takes a key no longer; one that was brought after that time is another key."""
        mine = (credentials.c.name == name, credentials.c.added_at <= at)
        with self._database.write() as connection:
            connection.execute(update(credentials).where(*mine).values(refused_at=at))

    def accepted(self, name: str) -> None:
        """Note that a platform took a key: what was refused before was not for good."""
        mine = (credentials.c.name == name, credentials.c.refused_at.is_not(None))
        with self._database.write() as connection:
            connection.execute(update(credentials).where(*mine).values(refused_at=None))

    def expiring(self, now: datetime, lasts: Mapping[str, timedelta] | None = None) -> list[KeyNotice]:
        """The keys that somebody has to look after, see `domain.sourcekeys.notices`."""
        return notices(self.names(), now, lasts)


_TOLD: Final = (
    credentials.c.name, credentials.c.added_by, credentials.c.added_at, credentials.c.expires_at,
    credentials.c.refused_at,
)  # fmt: skip


def _note(row: AnyRow) -> KeyNote:
    return KeyNote(row.name, row.added_by, row.added_at, row.expires_at, row.refused_at)


def _about(name: str) -> str:
    return f"credential {name}"
