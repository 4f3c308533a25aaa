"""The secret table's writing and reading: what masks hide goes in sealed, with keyed marks to find it by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import orjson
from sqlalchemy import Connection, delete, insert, select

from domain.labels import PiiKind
from domain.text.mask import mask
from store.keys import KeyRing, Sealed
from store.seal import SealedPost
from store.tables import secret_marks, secrets

ORIGINAL: Final = "original"
CONTACT: Final = "contact"


def put(connection: Connection, keys: KeyRing, sealed: Sequence[SealedPost], *, revised: Collection[str] = ()) -> None:
    """Write what posts hide. Originals of revised posts replace the old ones; a contact stays until a new one comes."""
    told = [one.post.id for one in sealed if one.contact and one.post.id in revised]
    _forget(connection, ORIGINAL, sorted(revised))
    _forget(connection, CONTACT, sorted(told))
    rows, marks = [], set()
    for one in sealed:
        post_id = one.post.id
        if one.originals:
            plain = orjson.dumps([[kind.value, value] for kind, value in one.originals])
            rows.append(_row(post_id, ORIGINAL, keys.seal(plain, about=about(post_id, ORIGINAL))))
            marks |= {(keys.blind(kind, value), post_id, ORIGINAL) for kind, value in one.originals}
        if one.contact:
            plain = one.contact.encode()
            rows.append(_row(post_id, CONTACT, keys.seal(plain, about=about(post_id, CONTACT))))
            marks |= {(keys.blind(kind, value), post_id, CONTACT) for kind, value in _found_in(one.contact)}
    if rows:
        connection.execute(insert(secrets), sorted(rows, key=lambda row: (str(row["post_id"]), str(row["kind"]))))
    if marks:
        connection.execute(
            insert(secret_marks),
            [{"blind": blind, "post_id": post_id, "kind": kind} for blind, post_id, kind in sorted(marks)],
        )


def take(connection: Connection, keys: KeyRing, post_id: str) -> tuple[tuple[tuple[PiiKind, str], ...], str | None]:
    """What a post hides, in the order of its masks, and the reporter's contact."""
    plain = {
        row.kind: keys.unseal(Sealed(row.key_id, row.sealed), about=about(post_id, row.kind))
        for row in connection.execute(select(secrets).where(secrets.c.post_id == post_id))
    }
    originals = tuple((PiiKind(kind), value) for kind, value in orjson.loads(plain.get(ORIGINAL, b"[]")))
    return originals, plain[CONTACT].decode() if CONTACT in plain else None


def holds(connection: Connection, post_id: str) -> bool:
    """Whether anything of a post is sealed."""
    query = select(secrets.c.post_id).where(secrets.c.post_id == post_id).limit(1)
    return connection.execute(query).first() is not None


def forget(connection: Connection, post_ids: Sequence[str]) -> None:
    """Drop everything that is sealed of posts."""
    for kind in (ORIGINAL, CONTACT):
        _forget(connection, kind, post_ids)


def about(post_id: str, kind: str) -> str:
    """What a sealed value is bound to: moved to another post, it does not open."""
    return f"{post_id} {kind}"


def _found_in(contact: str) -> tuple[tuple[PiiKind, str], ...]:
    """The numbers and addresses by which a contact is found again: a name may stand beside them."""
    return mask(contact).originals or ((contact_kind(contact), contact),)


def contact_kind(contact: str) -> PiiKind:
    """A contact is an e-mail address or a telephone number."""
    return PiiKind.EMAIL if "@" in contact else PiiKind.PHONE


def _row(post_id: str, kind: str, value: Sealed) -> dict[str, object]:
    return {"post_id": post_id, "kind": kind, "key_id": value.key_id, "sealed": value.sealed}


def _forget(connection: Connection, kind: str, post_ids: Sequence[str]) -> None:
    for table in (secrets, secret_marks):
        if post_ids:
            connection.execute(delete(table).where(table.c.post_id.in_(post_ids), table.c.kind == kind))
