"""The rows of a part, the form of one of its entries, and what a form that was sent changes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.administration.regions import deadlines
from api.administration.regions.fields import choices, read, shown
from api.administration.regions.parts import Part
from api.contexts.region_settings import EntryForm, EntryRow, Field
from api.speech import N_, Speech
from domain.errors import NotFound
from domain.regions import RegionEdit, RegionProfile


def rows_of(part: Part, profile: RegionProfile, edited: frozenset[str], q: str, says: Speech) -> list[EntryRow]:
    """The entries whose key or name holds `q`."""
    wanted = q.lower().strip()
    return [
        EntryRow(key, title, about, key in edited, f"?wilayah={profile.slug}&bagian={part.key}&ubah={key}#ubah")
        for key, title, about in part.entries(profile, says)
        if wanted in f"{key} {title} {about}".lower()
    ]


def form_of(  # noqa: PLR0913  what the form shows
    part: Part, profile: RegionProfile, key: str, says: Speech, *, back: str, said: Mapping[str, str] | None = None
) -> EntryForm:
    """The form of an entry as it stands, or as it was typed. NotFound for an entry that is not there."""
    known = {entry[0]: entry[1] for entry in part.entries(profile, says)}
    if key and key not in known:
        raise NotFound(N_("Entri itu tidak ada."))
    standing = part.value(profile, key) if key else {}
    fields = tuple(
        Field(
            spec.name,
            says.say(spec.label),
            spec.kind,
            said[spec.name] if said is not None and spec.name in said else shown(standing.get(spec.name)),
            says.say(spec.hint) if spec.hint else "",
            choices(spec, profile, str(standing.get(spec.name) or ""), says),
            spec.required,
        )
        for spec in part.fields
    )
    return EntryForm(key, known.get(key, ""), fields, bool(key) and part.addable, back)


def edit_of(part: Part, profile: RegionProfile, key: str, said: Mapping[str, str], by: str) -> RegionEdit | None:
    """What a sent form changes; None when it changes nothing. Refused for what cannot be read."""
    typed = {spec.name: read(spec, said.get(spec.name, ""), profile) for spec in part.fields}
    if part.key == "calendar":
        return RegionEdit("calendar", f"{typed['list']}/{typed['day']}", {"name": typed["name"]})
    if part.key == "sla":
        return deadlines.edit(profile, typed)
    standing = part.value(profile, key) if key else {}
    changed = {name: value for name, value in typed.items() if value != _plain(standing.get(name))}
    if not changed:
        return None
    if key:
        return RegionEdit(part.key, key, changed)
    new = _new_key(str(typed["name"]), part.keys(profile))
    given = {name: value for name, value in changed.items() if value is not None}
    return RegionEdit(part.key, new, {**given, "source": f"ditambah {by}", "verified": True})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _new_key(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "entri"
    number, key = 2, base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
