"""From a region's data and the center's changes of it to the page that shows and corrects both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from api.administration.agencies import FIELDS
from api.administration.region_frame import frame_of
from api.administration.regions.forms import form_of, rows_of
from api.administration.regions.parts import PARTS, part_of
from api.contexts.region_settings import EditRow, EntryForm, RegionDataView
from api.contexts.settings import Tab
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.regions import RegionProfile
from domain.regions.worktime import WEEKDAYS
from store.region_edits import EditLine

PATH: Final = "/pengaturan/wilayah"
MOST_ENTRIES: Final = 40
HISTORY: Final = 20
WORDS: Final[Mapping[str, str]] = {
    **{spec.name: spec.label for part in PARTS.values() for spec in part.fields if part.key != "sla"},
    **FIELDS,
    "verify": N_("verifikasi"),
    "response": N_("tanggapan"),
    "auto_close": N_("selesai sendiri"),
    "classes": N_("kelas topik"),
    "url": N_("alamat"),
}
OTHERS: Final[Mapping[str, str]] = {"agencies": N_("OPD"), "sources": N_("Sumber")}


def region_data_view(  # noqa: PLR0913  what the page shows
    parts: Parts,
    visitor: Visitor,
    profile: RegionProfile,
    says: Speech,
    *,
    part: str,
    q: str = "",
    edit: str | None = None,
    said: Mapping[str, str] | None = None,
    before: int | None = None,
    notice: str = "",
    fault: str = "",
) -> RegionDataView:
    """A part of the data. `edit` is the key of the entry whose form is open, empty for a new one."""
    chosen = part_of(part)
    current = parts.store.region_edits.current(profile.slug)
    edited = frozenset(one.key for one in current if one.part == part)
    rows = rows_of(chosen, profile, edited, q, says) if part != "sla" else []
    left = parts.profiles.left_out.get(profile.slug, ())
    lines = parts.store.region_edits.history(profile.slug, before=before, limit=HISTORY + 1)
    return RegionDataView(
        frame=frame_of(parts, visitor, profile, PATH, says, notice=notice, fault=fault),
        parts=tuple(Tab(_href(profile, p.key), says.say(p.title), p.key == part) for p in PARTS.values()),
        part=part,
        title=says.say(chosen.title),
        about=says.say(chosen.about),
        q=q,
        total=len(rows),
        entries=tuple(rows[:MOST_ENTRIES]),
        shown=min(len(rows), MOST_ENTRIES),
        form=_form(profile, part, edit, said, says),
        add_href=f"{_href(profile, part)}&ubah=#ubah" if chosen.addable else "",
        history=_history(parts, profile, lines[:HISTORY], says),
        history_href=f"{_href(profile, part)}&sebelum={lines[HISTORY - 1].id}#riwayat" if len(lines) > HISTORY else "",
        left_out=tuple(f"{_part_word(one.part, says)}: {one.key}" for one in left),
        days=_hours(profile, says) if part == "calendar" else (),
    )


def _href(profile: RegionProfile, part: str) -> str:
    return f"{PATH}?{urlencode({'wilayah': profile.slug, 'bagian': part})}"


def _form(
    profile: RegionProfile, part: str, edit: str | None, said: Mapping[str, str] | None, says: Speech
) -> EntryForm | None:
    key = "sla" if part == "sla" else edit
    if key is None:
        return None
    return form_of(part_of(part), profile, key, says, back=_href(profile, part), said=said)


def _history(parts: Parts, profile: RegionProfile, lines: Sequence[EditLine], says: Speech) -> tuple[EditRow, ...]:
    moments: dict[tuple[object, str], list[int]] = {}
    for line in lines:
        if line.newest and not _is_undo(line):
            moments.setdefault((line.at, line.by), []).append(line.id)
    rows = []
    for line in lines:
        same = moments.get((line.at, line.by), [])
        rows.append(
            EditRow(
                id=line.id,
                when=says.ago(line.at, parts.clock(), profile.tz),
                by=line.by,
                part=_part_word(line.part, says),
                entry=line.key,
                told=_told(line, says),
                note=line.note or "",
                may_undo=line.newest and not _is_undo(line),
                batch=tuple(same) if len(same) > 1 and line.id == same[0] else (),
            )
        )
    return tuple(rows)


def _is_undo(line: EditLine) -> bool:
    """A line that took everything back: there is nothing left of it to undo."""
    return line.fields is None


def _told(line: EditLine, says: Speech) -> str:
    if line.fields is None:
        return says.say("kembali seperti data bawaan")
    if line.fields.get("remove") is True:
        return says.say("dihapus")
    shown = {name: value for name, value in line.fields.items() if name not in {"source", "verified"}}
    return "; ".join(f"{says.say(WORDS.get(name, name))}: {_value(name, value, says)}" for name, value in shown.items())


def _value(name: str, value: object, says: Speech) -> str:
    if value is None or value == []:
        return "—"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{inner} {_value(inner, held, says)}" for inner, held in value.items())
    if name == "valid_to":  # the profile keeps the day after the last one
        return says.day(date.fromisoformat(str(value)) - timedelta(days=1))
    return str(value)


def _part_word(part: str, says: Speech) -> str:
    return says.say(PARTS[part].title if part in PARTS else OTHERS.get(part, part))


def _hours(profile: RegionProfile, says: Speech) -> tuple[str, ...]:
    rows = []
    for day in WEEKDAYS:
        spans = profile.calendar.hours.get(day, ())
        if spans:
            told = ", ".join(f"{span.start:%H.%M}–{span.end:%H.%M}" for span in spans)
            rows.append(f"{says.say(day.capitalize())} {told}")
    return tuple(rows)
