"""Sessions, API tokens and failed attempts: what stands between a request and an account."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from domain.errors import Conflict, NotFound, Refused
from store.database import Database
from store.keys import KeyRing
from store.people import SESSION_IDLE, SESSION_LONGEST, ApiToken, Role, Session, TokenScope, User
from store.tables import accounts, login_attempts, sessions, tokens
from store.types import AnyRow

WINDOW: Final = timedelta(minutes=15)
MAX_PER_NAME: Final = 8  # failures in a window: guessing is hopeless, forgetting is not punished for long
MAX_PER_ADDRESS: Final = 40  # an office shares one address
_SEEN_STEP: Final = timedelta(minutes=1)  # a session is written at most this often
_SECRET_BYTES: Final = 32
_TOKEN_PREFIX: Final = "jaring_"  # noqa: S105  lets scanners find leaked tokens
_MAX_AGENT: Final = 200


class Logins:
    """The part of accounts that every request asks."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def start_session(self, user: User, now: datetime, *, address: str | None = None, agent: str | None = None) -> str:
        """Open a session and return the text for its cookie; only a hash of it is kept."""
        plain = secrets.token_urlsafe(_SECRET_BYTES)
        with self._database.write() as connection:
            connection.execute(
                insert(sessions).values(
                    id=_hashed(plain), account=user.name, csrf=secrets.token_urlsafe(_SECRET_BYTES),
                    address=address, agent=agent[:_MAX_AGENT] if agent else None, created_at=now, seen_at=now,
                )
            )  # fmt: skip
        return plain

    def session(self, token: str, now: datetime, *, used: bool = True) -> Session | None:
        """The session of a cookie; None when unknown, too long unused, too old, or its account is closed.

        `used` says that a person did something: a page that only stands open must not keep a login alive.
        """
        with self._database.read() as connection:
            row = connection.execute(_session_query().where(sessions.c.id == _hashed(token))).first()
        if row is None or not _lives(row, now):
            return None
        if used and now - row.seen_at >= _SEEN_STEP:
            with self._database.write() as connection:
                connection.execute(update(sessions).where(sessions.c.id == row.id).values(seen_at=now))
        return _session(row)

    def sessions(self, name: str, now: datetime) -> list[Session]:
        """The living sessions of a person, last used first."""
        query = _session_query().where(sessions.c.account == name).order_by(sessions.c.seen_at.desc())
        with self._database.read() as connection:
            return [_session(row) for row in connection.execute(query) if _lives(row, now)]

    def end_session(self, token: str) -> None:
        """Log out: the cookie opens nothing any more."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == _hashed(token)))

    def end_all(self, name: str, *, but: str | None = None) -> None:
        """End all sessions of a person, `but` the one of this cookie."""
        ended = sessions.c.account == name
        with self._database.write() as connection:
            connection.execute(
                delete(sessions).where(ended if but is None else and_(ended, sessions.c.id != _hashed(but)))
            )

    def create_token(
        self, user: User | str, scope: TokenScope | str, name: str, expires: datetime | None, now: datetime
    ) -> str:
        """Make an API token and return its text, told only once. NotFound for no account, Conflict for a closed one."""
        account = user.name if isinstance(user, User) else user
        plain = _TOKEN_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        with self._database.write() as connection:
            there = connection.execute(select(accounts.c.active).where(accounts.c.name == account)).first()
            if there is None:
                raise NotFound(f"Pengguna {account} tidak ada.")
            if not there.active:
                raise Conflict(f"Pengguna {account} nonaktif: tokennya tidak akan berlaku.")
            connection.execute(
                insert(tokens).values(
                    id=_hashed(plain), account=account, name=name, scope=token_scope(scope).value,
                    created_at=now, expires_at=expires,
                )
            )  # fmt: skip
        return plain

    def token(self, plain: str, now: datetime) -> ApiToken | None:
        """The token of a text; None when unknown, run out, or its account is closed."""
        with self._database.read() as connection:
            row = connection.execute(_token_query().where(tokens.c.id == _hashed(plain))).first()
        if row is None or not row.active or (row.expires_at is not None and row.expires_at <= now):
            return None
        if row.used_at is None or now - row.used_at >= _SEEN_STEP:
            with self._database.write() as connection:
                connection.execute(update(tokens).where(tokens.c.id == row.id).values(used_at=now))
        return _token(row)

    def tokens(self, name: str | None = None) -> Sequence[ApiToken]:
        """The tokens of a person, or all, newest first."""
        query = _token_query().order_by(tokens.c.created_at.desc(), tokens.c.id)
        if name is not None:
            query = query.where(tokens.c.account == name)
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(query)]

    def revoke_token(self, token_id: str) -> None:
        """Take a token away by its id. NotFound for an unknown one."""
        with self._database.write() as connection:
            if not connection.execute(delete(tokens).where(tokens.c.id == token_id)).rowcount:
                raise NotFound("Token itu tidak ada.")

    def login_blocked(self, name: str, address: str, now: datetime) -> bool:
        """Whether too many logins failed for this name, or from this address, in the last quarter of an hour."""
        with self._database.read() as connection:
            return self._tried_too_often(connection, name, address, now)

    def may_try(self, name: str, address: str, now: datetime) -> bool:
        """Count an attempt as failed before it is made, so that many at once cannot outrun the limit.

        False when there were too many. A good attempt is forgiven by `note_attempt` afterwards.
        """
        with self._database.write() as connection:
            if self._tried_too_often(connection, name, address, now):
                return False
            connection.execute(insert(login_attempts).values(name=self._hash(name), address=address, at=now))
        return True

    def note_attempt(self, name: str, address: str, now: datetime, *, ok: bool) -> None:
        """Note a login. A good one forgives the name its failures, not the address."""
        mine = login_attempts.c.name == self._hash(name)
        with self._database.write() as connection:
            if ok:
                connection.execute(delete(login_attempts).where(mine))
            else:
                connection.execute(insert(login_attempts).values(name=self._hash(name), address=address, at=now))

    def forget_old(self, now: datetime) -> None:
        """Drop sessions that ended by themselves and attempts that count no more."""
        with self._database.write() as connection:
            connection.execute(delete(login_attempts).where(login_attempts.c.at <= now - WINDOW))
            connection.execute(
                delete(sessions).where(
                    (sessions.c.seen_at <= now - SESSION_IDLE) | (sessions.c.created_at <= now - SESSION_LONGEST)
                )
            )

    def _tried_too_often(self, connection: Connection, name: str, address: str, now: datetime) -> bool:
        recent = login_attempts.c.at > now - WINDOW
        query = select(func.count()).select_from(login_attempts)
        by_name = query.where(login_attempts.c.name == self._hash(name), recent)
        by_address = query.where(login_attempts.c.address == address, recent)
        return bool(
            connection.execute(by_name).scalar_one() >= MAX_PER_NAME
            or connection.execute(by_address).scalar_one() >= MAX_PER_ADDRESS
        )

    def _hash(self, name: str) -> str:
        """However a name is written, it is counted as one: with the letters that an account is found by."""
        return self._keys.blind("login", unicodedata.normalize("NFKC", name))


def user_of(row: AnyRow) -> User:
    """The person that a row of accounts holds."""
    return User(
        name=row.name,
        display=row.display,
        role=Role(row.role),
        regions=tuple(orjson.loads(row.regions)),
        opds=tuple(orjson.loads(row.opds)),
        areas=tuple(orjson.loads(row.areas)),
        may_reveal=row.may_reveal,
        may_oversee=row.may_oversee,
        active=row.active,
        must_change=row.must_change,
    )


def token_scope(scope: TokenScope | str) -> TokenScope:
    """The scope of that name. Refused for another."""
    try:
        return TokenScope(scope)
    except ValueError as cause:
        raise Refused(f"Lingkup token harus {', '.join(TokenScope)}.") from cause


_PERSON: Final = tuple(column for column in accounts.c if column.name not in {"password", "password_at", "created_at"})


def _session_query() -> Any:
    own = (sessions.c.id, sessions.c.csrf, sessions.c.created_at, sessions.c.seen_at, sessions.c.address)
    return select(*own, sessions.c.agent, *_PERSON).join_from(sessions, accounts)


def _token_query() -> Any:
    own = (tokens.c.id, tokens.c.name.label("token_name"), tokens.c.scope, tokens.c.created_at, tokens.c.expires_at)
    return select(*own, tokens.c.used_at, *_PERSON).join_from(tokens, accounts)


def _lives(row: AnyRow, now: datetime) -> bool:
    return bool(row.active and now - row.seen_at < SESSION_IDLE and now - row.created_at < SESSION_LONGEST)


def _session(row: AnyRow) -> Session:
    return Session(row.id, user_of(row), row.csrf, row.created_at, row.seen_at, row.address, row.agent)


def _token(row: AnyRow) -> ApiToken:
    return ApiToken(
        row.id, user_of(row), row.token_name, TokenScope(row.scope), row.created_at, row.expires_at, row.used_at
    )


def _hashed(plain: str) -> str:
    """Random texts of 256 bits need no slow hash: nobody guesses them."""
    return hashlib.sha256(plain.encode()).hexdigest()
