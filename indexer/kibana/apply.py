"""Make Kibana hold what is defined, and say how it differs: space, roles, data views, dashboards, in that order.

Kibana brings what it imports up to date, so what it exports is never quite what it was sent. What it made of each
object is therefore kept, with a hash of what was sent: what differs from that later, a person changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import orjson

from domain.errors import Refused
from indexer.kibana.compare import Change, changes, digest, lost, plain
from indexer.kibana.door import Kibana
from indexer.kibana.objects import PREFIX, TYPES, Definitions, Saved, definitions, key_of
from indexer.kibana.space import SPACE, SPACE_BODY, roles
from indexer.kibana.views import Aliases

_LEFT_TO_PEOPLE = ("imageUrl", "solution")  # of a space: a picture, and which menu it has


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent last, as hashes, and what Kibana made of it, by type and id."""

    sent: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Saved] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that stands otherwise in Kibana. Without changes it is not there, or is not known here."""

    what: str
    about: str
    changes: tuple[Change, ...] = ()


def apply(kibana: Kibana, aliases: Aliases, kept: Kept) -> tuple[list[str], Kept]:
    """Write what differs, and read it back. Returns what was written, and what to keep.

    Raises: SettingsError, Unavailable, Conflict, Refused; what was written until then stays, and a second run goes on.
    """
    written = [*_put_space(kibana), *_put_roles(kibana, aliases)]
    wanted = definitions(aliases)
    found = _found(kibana)
    for some in (wanted.views, wanted.rest):
        stale = [one for one in some if _must_be_sent(one, found.get(key_of(one)), kept)]
        if stale:
            kibana.load(SPACE, stale)
            written += [key_of(one) for one in stale]
    if written:
        found = _found(kibana)
    return written, _read_back(wanted, found)


def differences(kibana: Kibana, aliases: Aliases, kept: Kept) -> list[Difference]:
    """Return how Kibana differs from what is defined, without writing. Raises as `apply`."""
    space = kibana.get(f"/api/spaces/space/{SPACE}")
    if space is None:
        return [Difference(f"space/{SPACE}", "belum ada: jalankan jaring kibana apply")]
    told = [Difference(f"space/{SPACE}", "diubah di Kibana", tuple(lost(SPACE_BODY, space)))]
    for name, role in roles(aliases).items():
        there = kibana.get(f"/api/security/role/{quote(name)}")
        about = "belum ada" if there is None else "diubah di Kibana"
        told.append(Difference(f"role/{name}", about, tuple(lost(role, there or {}))))
    told = [one for one in told if one.changes]
    wanted, found = definitions(aliases), _found(kibana)
    for one in wanted.all:
        told += _object(one, found.get(key_of(one)), kept)
    known = {key_of(one) for one in wanted.all}
    told += [Difference(key, "tidak (lagi) didefinisikan Jaring") for key in sorted(_ours(found) - known)]
    return told


def read_kept(path: Path) -> Kept:
    """Read what was kept; nothing where there is no such file, or one that cannot be read."""
    try:
        told = orjson.loads(path.read_bytes())
        return Kept(told["sent"], told["made"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return Kept()


def write_kept(path: Path, kept: Kept) -> None:
    """Write what is to be kept, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".baru")
    fresh.write_bytes(orjson.dumps({"sent": kept.sent, "made": kept.made}))
    fresh.replace(path)


def _put_space(kibana: Kibana) -> Iterator[str]:
    there = kibana.get(f"/api/spaces/space/{SPACE}")
    if there is None:
        kibana.send("POST", "/api/spaces/space", SPACE_BODY)
    elif any(lost(SPACE_BODY, there)):
        theirs = {name: there[name] for name in _LEFT_TO_PEOPLE if there.get(name)}
        kibana.send("PUT", f"/api/spaces/space/{SPACE}", theirs | SPACE_BODY)
    else:
        return
    yield f"space/{SPACE}"


def _put_roles(kibana: Kibana, aliases: Aliases) -> Iterator[str]:
    for name, role in roles(aliases).items():
        path = f"/api/security/role/{quote(name)}"
        there = kibana.get(path)
        if there is None or any(lost(role, there)):
            kibana.send("PUT", path, role)
            yield f"role/{name}"


def _found(kibana: Kibana) -> dict[str, Saved]:
    return {key_of(one): one for one in kibana.export(SPACE, TYPES)}


def _must_be_sent(one: Saved, there: Saved | None, kept: Kept) -> bool:
    key = key_of(one)
    return there is None or kept.sent.get(key) != digest(one) or kept.made.get(key) != plain(there)


def _read_back(wanted: Definitions, found: Mapping[str, Saved]) -> Kept:
    """Return what to keep. Raises: Refused where Kibana does not hold what it was sent."""
    missing = [key_of(one) for one in wanted.all if key_of(one) not in found]
    if missing:
        raise Refused(f"Kibana tidak menyimpan {missing[0]} ({len(missing)} yang hilang).")
    for one in wanted.all:
        there = found[key_of(one)]
        if broken := [*lost(_targets(one), _targets(there))]:
            raise Refused(f"Kibana menyimpan {key_of(one)} dengan rujukan lain: {broken[0].before}.")
    made = {key_of(one): plain(found[key_of(one)]) for one in wanted.all}
    return Kept({key_of(one): digest(one) for one in wanted.all}, made)


def _targets(saved: Saved) -> list[str]:
    return sorted({f"{x['type']}/{x['id']}" for x in saved.get("references", [])})


def _object(one: Saved, there: Saved | None, kept: Kept) -> Iterator[Difference]:
    key = key_of(one)
    if there is None:
        yield Difference(key, "belum ada, atau dihapus di Kibana")
        return
    made = kept.made.get(key)
    told: Sequence[Change] = list(changes(made, plain(there)) if made else lost(plain(one), plain(there)))
    if told:
        yield Difference(key, "diubah di Kibana" if made else "lain dari definisinya", tuple(told))
    if made and kept.sent.get(key) != digest(one):
        yield Difference(key, "definisinya berubah sejak diterapkan: jalankan jaring kibana apply")


def _ours(found: Mapping[str, Saved]) -> set[str]:
    return {key for key, one in found.items() if str(one["id"]).startswith(PREFIX)}
