"""The parts of a region's data that a page may correct: their forms, and what a sent form changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from api.contexts.region_settings import EntryForm, EntryRow, Field
from api.contexts.settings import Choice
from api.speech import N_, Speech
from domain.errors import NotFound, Refused
from domain.regions import RegionEdit, RegionProfile
from domain.regions.edits import WHOLE
from domain.regions.worktime import ClassName, Kind

OWNERS: Final = {
    "desa": N_("desa"), "kabupaten": N_("kabupaten"), "kota": N_("kota"), "provinsi": N_("provinsi"),
    "nasional": N_("nasional"),
}  # fmt: skip
DAYS: Final = {"holidays": N_("libur"), "workdays": N_("hari kerja pengganti")}
KINDS: Final = {
    "permintaan_informasi": N_("permintaan informasi"), "aspirasi": N_("aspirasi"), "pengaduan": N_("pengaduan"),
    "pengawasan": N_("pengaduan berkadar pengawasan"),
}  # fmt: skip
CLASSES: Final = {
    "biasa": N_("topik biasa"), "cepat": N_("topik cepat"), "darurat": N_("topik darurat"),
    "pengawasan": N_("topik pengawasan"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spec:
    """A field of an entry: how it is typed, and how it is read back."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the profile. `entries` gives (key, title, about) of all; `read` turns one into its fields."""

    key: str
    title: str
    about: str
    fields: tuple[Spec, ...]
    entries: Callable[[RegionProfile, Speech], list[tuple[str, str, str]]]
    value: Callable[[RegionProfile, str], Mapping[str, Any]]
    addable: bool = True

    def has(self, profile: RegionProfile, key: str) -> bool:
        """Whether an entry is there."""
        return any(key == entry[0] for entry in self.entries(profile, _SILENT))


def part_of(name: str) -> Part:
    """The part of that name. NotFound for another."""
    if name not in PARTS:
        raise NotFound(N_("Bagian itu tidak ada."))
    return PARTS[name]


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
            said[spec.name] if said is not None and spec.name in said else _shown(standing.get(spec.name)),
            says.say(spec.hint) if spec.hint else "",
            _options(spec, profile, str(standing.get(spec.name) or ""), says),
            spec.required,
        )
        for spec in part.fields
    )
    return EntryForm(key, known.get(key, ""), fields, bool(key) and part.addable, back)


def edit_of(part: Part, profile: RegionProfile, key: str, said: Mapping[str, str], by: str) -> RegionEdit | None:
    """What a sent form changes; None when it changes nothing. Refused for what cannot be read."""
    typed = {spec.name: _typed(spec, said.get(spec.name, ""), profile) for spec in part.fields}
    if part.key == "calendar":
        return RegionEdit("calendar", f"{typed['list']}/{typed['day']}", {"name": typed["name"]})
    if part.key == "sla":
        return _sla_edit(profile, typed)
    standing = part.value(profile, key) if key else {}
    changed = {name: value for name, value in typed.items() if value != _plain(standing.get(name))}
    if not changed:
        return None
    if key:
        return RegionEdit(part.key, key, changed)
    new = _new_key(str(typed["name"]), {entry[0] for entry in part.entries(profile, _SILENT)})
    given = {name: value for name, value in changed.items() if value is not None}
    return RegionEdit(part.key, new, {**given, "source": f"ditambah {by}", "verified": True})


def _sla_edit(profile: RegionProfile, typed: Mapping[str, Any]) -> RegionEdit | None:
    fields: dict[str, Any] = {}
    was = part_of("sla").value(profile, WHOLE)
    for name, value in typed.items():
        if value == was[name]:
            continue
        table, _, rest = name.partition(".")
        if not rest:
            fields[name] = value
        elif table == "kind":
            fields.setdefault("kind", {})[rest] = value
        else:
            topic_class, _, days = rest.partition(".")
            fields.setdefault("classes", {}).setdefault(topic_class, {})[days] = value
    return RegionEdit("sla", WHOLE, _with_standing(profile, fields)) if fields else None


def _with_standing(profile: RegionProfile, fields: dict[str, Any]) -> dict[str, Any]:
    """Whole tables instead of single days: a later edit of one day must not forget what an earlier one set."""
    sla = profile.sla
    if "kind" in fields:
        fields["kind"] = {**sla.kind, **fields["kind"]}
    if "classes" in fields:
        fields["classes"] = {
            name: {"response": one.response, "resolve": one.resolve, **fields["classes"].get(name, {})}
            for name, one in sla.classes.items()
        }
    return fields


def _shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _typed(spec: Spec, said: str, profile: RegionProfile) -> Any:
    said = " ".join(said.split())
    if not said:
        if spec.required:
            raise Refused(f"{spec.label} wajib diisi.")
        return [] if spec.kind in {"list", "places"} else None
    match spec.kind:
        case "list":
            return [part.strip() for part in said.split(";") if part.strip()]
        case "places":
            return [_place(part.strip(), profile) for part in said.split(";") if part.strip()]
        case "place":
            return _place(said, profile)
        case "whole":
            digits = re.sub(r"[.\s_](?=\d{3}\b)", "", said)
            if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004  no number of people or days is longer
                raise Refused(f"{spec.label}: {said} bukan bilangan bulat.")
            return int(digits)
        case "degrees":
            return _degrees(spec, said)
        case "date":
            return _day(spec, said)
    return said


def _degrees(spec: Spec, said: str) -> float:
    try:
        return float(said.replace(",", "."))
    except ValueError as cause:
        raise Refused(f"{spec.label}: {said} bukan derajat, misalnya -8,6810.") from cause


def _day(spec: Spec, said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as cause:
        raise Refused(f"{spec.label}: {said} bukan tanggal (2027-01-31).") from cause


def _place(said: str, profile: RegionProfile) -> str:
    if said in profile.areas:
        return said
    name, _, level = said.partition("(")
    found = profile.areas_by_name(name.strip(), level.rstrip(") ").strip() or None)
    if len(found) != 1:
        choices = ", ".join(f"{area.kode} {area.name} ({area.level})" for area in found[:5])
        raise Refused(f"{said}: {f'tulis kodenya: {choices}' if found else 'tidak ada wilayah bernama itu'}.")
    return found[0].kode


def _new_key(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "entri"
    number, key = 2, base
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _options(spec: Spec, profile: RegionProfile, chosen: str, says: Speech) -> tuple[Choice, ...]:
    values: Mapping[str, str] = {}
    if spec.name == "owner":
        values = {code: says.say(word) for code, word in OWNERS.items()}
    elif spec.name == "list":
        values = {code: says.say(word) for code, word in DAYS.items()}
    elif spec.name == "agency":
        values = {"": "—"} | {agency.code: f"{agency.code} — {agency.name}" for agency in profile.agencies.values()}
    return tuple(Choice(code, word, code == chosen) for code, word in values.items())


def _areas(profile: RegionProfile, says: Speech) -> list[tuple[str, str, str]]:
    def about(kode: str) -> str:
        area = profile.areas[kode]
        holder = profile.areas.get(area.parent)
        people = says.say("%(n)s jiwa", n=says.number(area.population)) if area.population is not None else ""
        told = (area.kind, holder.name if holder else "", "; ".join(area.aliases), people)
        return " · ".join(part for part in told if part)

    return [(kode, area.name, about(kode)) for kode, area in profile.areas.items()]


def _roads(profile: RegionProfile, says: Speech) -> list[tuple[str, str, str]]:
    return [
        (road.key, road.name, " · ".join(x for x in (says.say(OWNERS[road.owner]), "; ".join(road.aliases)) if x))
        for road in profile.roads.values()
    ]


def _points(profile: RegionProfile, _says: Speech) -> list[tuple[str, str, str]]:
    def about(key: str) -> str:
        point = profile.points[key]
        area = profile.areas.get(point.area or "")
        told = (point.kind, area.name if area else "", point.agency or "", "; ".join(point.aliases))
        return " · ".join(part for part in told if part)

    return [(key, point.name, about(key)) for key, point in profile.points.items()]


def _days(profile: RegionProfile, says: Speech) -> list[tuple[str, str, str]]:
    listed = {"holidays": profile.calendar.holidays, "workdays": profile.calendar.workdays}
    return [
        (f"{name}/{one.day.isoformat()}", one.name, f"{says.weekday(one.day)} · {says.say(DAYS[name])}")
        for name, days in listed.items()
        for one in days
    ]


def _calendar_value(profile: RegionProfile, key: str) -> Mapping[str, Any]:
    name, _, day = key.partition("/")
    found = profile.calendar.holidays if name == "holidays" else profile.calendar.workdays
    return next(({"list": name, "day": day, "name": one.name} for one in found if one.day.isoformat() == day), {})


def _deadlines(_profile: RegionProfile, says: Speech) -> list[tuple[str, str, str]]:
    return [(WHOLE, says.say("Tenggat"), "")]


def _sla_value(profile: RegionProfile, _key: str) -> Mapping[str, Any]:
    sla = profile.sla
    values: dict[str, Any] = {"verify": sla.verify, "response": sla.response, "auto_close": sla.auto_close}
    values |= {f"kind.{kind}": days for kind, days in sla.kind.items()}
    for name, one in sla.classes.items():
        values |= {f"classes.{name}.response": one.response, f"classes.{name}.resolve": one.resolve}
    return values


def _sla_fields() -> tuple[Spec, ...]:
    first = (
        Spec("verify", N_("Verifikasi dan disposisi"), "whole", required=True),
        Spec("response", N_("Tanggapan pertama OPD"), "whole", required=True),
        Spec("auto_close", N_("Selesai sendiri tanpa balasan"), "whole", required=True),
    )
    kinds = (Spec(f"kind.{kind}", KINDS[kind], "whole", required=True) for kind in get_args(Kind))
    classes = (
        Spec(f"classes.{name}.{days}", CLASSES[name], "whole", hint=hint, required=True)
        for name in get_args(ClassName)
        for days, hint in (("response", N_("tanggapan")), ("resolve", N_("selesai")))
    )
    return (*first, *kinds, *classes)


NAME: Final = Spec("name", N_("Nama"), required=True)
ALIASES: Final = Spec("aliases", N_("Alias"), "list", N_("dipisah titik koma"))
PARTS: Final[Mapping[str, Part]] = {
    part.key: part
    for part in (
        Part(
            "areas", N_("Kecamatan dan desa"),
            N_("Nama lain membuat tempat dikenali dalam kiriman; jumlah penduduk dipakai peta per 1.000 jiwa."),
            (NAME, ALIASES, Spec("population", N_("Penduduk"), "whole")),
            _areas, lambda p, key: p.areas[key].model_dump(), addable=False,
        ),
        Part(
            "roads", N_("Jalan"), N_("Pemilik jalan menentukan siapa yang memperbaikinya."),
            (NAME, Spec("owner", N_("Pemilik"), "choice", required=True), ALIASES,
             Spec("areas", N_("Melewati"), "places", N_("nama atau kode, dipisah titik koma"))),
            _roads, lambda p, key: p.roads[key].model_dump(),
        ),
        Part(
            "points", N_("Titik layanan"), N_("Tempat yang disebut orang: puskesmas, pasar, pelabuhan, dusun, pantai."),
            (NAME, Spec("kind", N_("Jenis"), hint=N_("puskesmas, pasar, dusun, …"), required=True),
             Spec("area", N_("Letak"), "place", N_("nama atau kode desa")), Spec("agency", N_("Pengelola"), "choice"),
             ALIASES, Spec("lat", N_("Lintang"), "degrees"), Spec("lon", N_("Bujur"), "degrees")),
            _points, lambda p, key: p.points[key].model_dump(),
        ),
        Part(
            "calendar", N_("Hari libur"),
            N_("Libur nasional dan cuti bersama sudah ada; tulis di sini hanya yang khusus daerah ini."),
            (Spec("day", N_("Tanggal"), "date", required=True), Spec("name", N_("Nama"), required=True),
             Spec("list", N_("Jenis"), "choice", required=True)),
            _days, _calendar_value,
        ),
        Part(
            "sla", N_("Tenggat"), N_("Hari kerja. Tiket yang sudah berjalan tetap memakai tenggat yang dijanjikan."),
            _sla_fields(), _deadlines, _sla_value, addable=False,
        ),
    )
}  # fmt: skip
_SILENT: Final = Speech("id")
