"""Accounts: who may come in, with what password, and what they may see."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from pwdlib import PasswordHash
from sqlalchemy import Connection, and_, func, insert, select, update

from domain.errors import Conflict, NotFound, Refused
from domain.scope import Scope
from store.database import Database
from store.keys import KeyRing
from store.logins import Logins, user_of
from store.people import Role, User, scope_of
from store.rows import dump
from store.tables import accounts

_SHORTEST: Final = 10  # code points; length is what resists guessing
_LONGEST: Final = 200  # more only makes the hash dear


class Accounts(Logins):
    """People and their passwords (Argon2id). Names are compared in lower case."""

    def __init__(
        self, database: Database, keys: KeyRing, *, clock: Callable[[], datetime], hasher: PasswordHash | None = None
    ) -> None:
        super().__init__(database, keys)
        self._clock = clock
        self._hasher = hasher or PasswordHash.recommended()

    def create_user(  # noqa: PLR0913  one parameter per property of an account
        self,
        name: str,
        *,
        role: Role | str,
        password: str,
        display: str | None = None,
        regions: Iterable[str] = (),
        opds: Iterable[str] = (),
        areas: Iterable[str] = (),
        may_reveal: bool = False,
        may_oversee: bool = False,
        must_change: bool = False,
        now: datetime | None = None,
    ) -> User:
        """Add a person. Conflict when the name is taken, Refused for an unknown role or a weak password."""
        row = {
            "name": _name(name),
            "display": display or name,
            "role": _role(role).value,
            "regions": dump(sorted(set(regions))),
            "opds": dump(sorted(set(opds))),
            "areas": dump(sorted(set(areas))),
            "may_reveal": may_reveal,
            "may_oversee": may_oversee,
            "active": True,
            "must_change": must_change,
            "password": self._hasher.hash(_password(password)),
            "password_at": now or self._clock(),
            "created_at": now or self._clock(),
        }
        with self._database.write() as connection:
            if connection.execute(select(accounts.c.name).where(accounts.c.name == row["name"])).first():
                raise Conflict(f"Pengguna {name} sudah ada.")
            connection.execute(insert(accounts).values(row))
        return self.user(name)

    def change_user(self, name: str, **changes: Any) -> User:
        """Change display, role, regions, opds, areas, may_reveal or may_oversee.

        NotFound for an unknown name, Conflict when nobody would be left who runs the installation.
        """
        columns: dict[str, Any] = {}
        for field, value in changes.items():
            match field:
                case "role":
                    columns[field] = _role(value).value
                case "regions" | "opds" | "areas":
                    columns[field] = dump(sorted(set(value)))
                case "display" | "may_reveal" | "may_oversee":
                    columns[field] = value
                case _:
                    raise Refused(f"{field} tidak dapat diubah di sini.")
        self._update(name, columns)
        return self.user(name)

    def set_active(self, name: str, *, active: bool) -> None:
        """Open or close an account; closing ends its sessions.

        NotFound for an unknown name, Conflict when nobody would be left who runs the installation.
        """
        self._update(name, {"active": active})
        if not active:
            self.end_all(_name(name))

    def set_password(self, name: str, password: str, *, must_change: bool = False, now: datetime | None = None) -> None:
        """Give a new password; all sessions of the person end. NotFound for an unknown name, Refused for a weak one."""
        hashed = self._hasher.hash(_password(password))
        self._update(name, {"password": hashed, "password_at": now or self._clock(), "must_change": must_change})
        self.end_all(_name(name))

    def verify(self, name: str, password: str) -> User | None:
        """The person whose name and password these are. Takes as long for a name that nobody has."""
        wanted = _normal(name)
        with self._database.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == wanted)).first()
        known = row.password if row is not None else self._nobody
        good, better = self._hasher.verify_and_update(password[:_LONGEST], known)
        if not good or row is None or not row.active:
            return None
        if better is not None:
            self._update(wanted, {"password": better})
        return user_of(row)

    def user(self, name: str) -> User:
        """One person. NotFound for an unknown name."""
        with self._database.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == _normal(name))).first()
        if row is None:
            raise NotFound(f"Pengguna {name} tidak ada.")
        return user_of(row)

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return [user_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]

    def has_users(self) -> bool:
        """Whether anybody can ever log in."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(accounts)).scalar_one() > 0

    def scope_of(self, user: User, all_regions: Iterable[str]) -> Scope:
        """What of truth a person may see."""
        return scope_of(user, all_regions)

    def _update(self, name: str, columns: dict[str, Any]) -> None:
        with self._database.write() as connection:
            if not columns:
                return
            admins = _admins(connection)
            changed = connection.execute(update(accounts).where(accounts.c.name == _normal(name)).values(columns))
            if not changed.rowcount:
                raise NotFound(f"Pengguna {name} tidak ada.")
            if admins and not _admins(connection):
                raise Conflict(f"{name} satu-satunya admin yang aktif: jadikan orang lain admin dahulu.")

    @cached_property
    def _nobody(self) -> str:
        """A hash that no password has: checking it costs what checking a real one costs."""
        return self._hasher.hash(secrets.token_urlsafe(16))


def _admins(connection: Connection) -> list[str]:
    """Who runs the installation; locked, so that the last two cannot close each other at once."""
    running = and_(accounts.c.role == Role.ADMIN.value, accounts.c.active.is_(True))
    query = select(accounts.c.name).where(running).order_by(accounts.c.name).with_for_update()
    return list(connection.execute(query).scalars())


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()


def _name(name: str) -> str:
    normal = _normal(name)
    if not normal or len(normal) > 60 or any(c.isspace() or not c.isprintable() for c in normal):  # noqa: PLR2004
        raise Refused("Nama pengguna berisi 1 sampai 60 huruf tanpa spasi.")
    return normal


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as cause:
        raise Refused(f"Peran harus salah satu dari {', '.join(Role)}.") from cause


def _password(password: str) -> str:
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise Refused(f"Sandi harus {_SHORTEST} sampai {_LONGEST} huruf.")
    return password
