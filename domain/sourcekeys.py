"""Keys to platforms as everybody may see them: whose they are, until when they are good, which sources use them. Pure.

The keys themselves are opened by `store.credentials` alone, for one crawl.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from domain.doors import KindFacts
from domain.errors import Refused
from domain.ports import SourceSpec

KEY_OPTION: Final = "key"  # the option of a source that names another key than its kind's own
SOON: Final = timedelta(days=7)  # enough for somebody on leave to come back and fetch a new one


@dataclass(frozen=True, slots=True)
class KeyNote:
    """What is told of a key: never its value."""

    name: str
    added_by: str
    added_at: datetime
    expires_at: datetime | None = None
    refused_at: datetime | None = None  # a platform took it no longer


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """A key that somebody has to look after. `ends_at` is None for one that was refused before its end."""

    note: KeyNote
    ends_at: datetime | None
    ended: bool  # no longer good, not just soon


def key_name(spec: SourceSpec, kind: KindFacts | None) -> str | None:
    """The name of the key that a source is crawled with; None where its kind asks for none."""
    if kind is None or kind.need is None:
        return None
    return spec.option(KEY_OPTION) or kind.need.name


def refuse_password(address: str) -> None:
    """Refused for an address that holds a password: addresses are shown, logged and kept in clear."""
    try:
        password = urlsplit(address if "://" in address else f"https://{address}").password
    except ValueError:  # it will be no address to anybody
        return
    if password:
        raise Refused(
            "Alamat ini memuat sandi. Tulis tanpa sandinya; sandi kotak surel disimpan sebagai kunci “imap” "
            "di halaman Sumber."
        )


def users_of(name: str, specs: Iterable[SourceSpec], kinds: Mapping[str, KindFacts]) -> list[SourceSpec]:
    """The sources that are crawled with a key."""
    return [spec for spec in specs if key_name(spec, kinds.get(spec.kind)) == name]


def lasting(specs: Iterable[SourceSpec], kinds: Mapping[str, KindFacts]) -> dict[str, timedelta]:
    """How long each key lives by what its platform says, by name; the shortest where several kinds use it."""
    spans = {kind.need.name: kind.need.lasts for kind in kinds.values() if kind.need and kind.need.lasts}
    for spec in specs:
        name, kind = key_name(spec, kinds.get(spec.kind)), kinds.get(spec.kind)
        if name and kind and kind.need and kind.need.lasts:
            spans[name] = min(spans.get(name, kind.need.lasts), kind.need.lasts)
    return spans


def notices(notes: Iterable[KeyNote], now: datetime, lasts: Mapping[str, timedelta] | None = None) -> list[KeyNotice]:
    """The keys that were refused, have ended, or end within a week, by name.

    The end that a person gave counts; without one, `lasts` after it was added, see `lasting`.
    """
    found: list[KeyNotice] = []
    for note in notes:
        span = (lasts or {}).get(note.name)
        ends = note.expires_at or (note.added_at + span if span else None)
        if note.refused_at is not None:
            found.append(KeyNotice(note, ends, ended=True))
        elif ends is not None and ends - now <= SOON:
            found.append(KeyNotice(note, ends, ended=ends <= now))
    return found
