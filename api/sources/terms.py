"""From a kind's own words to its sources' pages: which key, what price, what budget, what may be set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.contexts.source_terms import BudgetView, KeyView, KeyWarning, SettingView, TermsView
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.doors import KindFacts, Period, Spent
from domain.errors import JaringError, Refused
from domain.ports import SourceSpec
from domain.sourcekeys import KeyNote, KeyNotice, key_name, lasting, users_of

PROFILE: Final = frozenset({"profile", "overlay"})
LONGEST: Final = 500  # characters of a setting
# State -> word, shape, tone.
STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "there": (N_("ada"), "good", "ok"),
    "missing": (N_("belum ada"), "dashed", "due"),
    "soon": (N_("segera habis"), "wedge", "due"),
    "ended": (N_("habis masanya"), "cross", "late"),
    "refused": (N_("ditolak"), "cross", "late"),
}
PERIODS: Final[Mapping[Period, str]] = {
    Period.ROLLING_DAY: N_("dalam 24 jam terakhir"),
    Period.DAY: N_("pada hari ini"),
    Period.MONTH: N_("pada bulan ini"),
}


def key_views(parts: Parts, visitor: Visitor, says: Speech) -> tuple[KeyView, ...]:
    """Every key that there is, or that a source or a kind asks for; those that need somebody first."""
    specs = parts.store.sources.specs()
    notes = {note.name: note for note in parts.store.credentials.names()}
    told = _notices(parts)
    asked = {facts.need.name: facts for facts in reversed(list(parts.kinds.values())) if facts.need}
    for spec in specs:
        facts = parts.kinds.get(spec.kind)
        if facts and (name := key_name(spec, facts)):
            asked.setdefault(name, facts)
    views = [
        _key(parts, visitor, name, asked.get(name), notes.get(name), told.get(name), says)
        for name in sorted({*notes, *asked})
    ]
    order = {"refused": 0, "ended": 1, "soon": 2, "missing": 3, "there": 4}
    return tuple(sorted(views, key=lambda one: (order[one.state], not one.used_by, one.name)))


def key_warnings(parts: Parts, visitor: Visitor, says: Speech) -> tuple[KeyWarning, ...]:
    """Keys that ended or soon will, for those who keep sources that need them."""
    specs = [spec for spec in parts.store.sources.specs() if visitor.scope.regions.intersection(spec.regions)]
    mine = {key_name(spec, parts.kinds.get(spec.kind)) for spec in specs}
    shown = [one for one in _notices(parts).values() if one.note.name in mine or visitor.user.role == "admin"]
    return tuple(KeyWarning(_warning(one, parts.zone(visitor.scope), says), _tone(one)) for one in shown)


def terms_of(parts: Parts, visitor: Visitor, spec: SourceSpec, says: Speech, *, may_act: bool) -> TermsView | None:
    """What a source's platform asks and allows; None for a kind that asks nothing and has nothing to set."""
    facts = parts.kinds.get(spec.kind)
    if facts is None or not (facts.need or facts.price or facts.allowed or facts.options):
        return None
    name = key_name(spec, facts)
    key = next((one for one in key_views(parts, visitor, says) if one.name == name), None)
    fixed = spec.added_by in PROFILE
    budget, trouble = _budget(parts, visitor, spec, says)
    return TermsView(
        key=key,
        price=facts.price or "",
        paid=facts.paid,
        allowed=facts.allowed or "",
        budget=budget,
        trouble=trouble,
        settings=tuple(SettingView(n, about, spec.option(n) or "") for n, about in facts.options),
        fixed=fixed,
        waits_for_yes=waits_for_yes(parts, spec),
        may_agree=visitor.user.role == "admin" and may_act and not fixed,
        may_key=visitor.user.role == "admin",
        may_set=may_act and not fixed and may_set(parts, visitor, spec),
    )


def chosen_settings(facts: KindFacts, typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The settings that a form holds; empty ones fall away. Refused for one that is too long."""
    chosen = [(name, " ".join(typed.get(f"setelan.{name}", "").split())) for name, _ in facts.options]
    if any(len(value) > LONGEST for _, value in chosen):
        raise Refused(N_("Setelan paling panjang 500 huruf."))
    return tuple((name, value) for name, value in chosen if value)


def last_day(typed: str, today: date, zone: ZoneInfo) -> datetime | None:
    """The end of the day on which a key ends; None where nobody said. Refused for what is no day to come."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
        ends = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)
    except ValueError as cause:
        raise Refused(N_("Tanggal berakhirnya kunci tidak terbaca.")) from cause
    if day < today:
        raise Refused(N_("Tanggal berakhirnya kunci sudah lewat."))
    return ends


def waits_for_yes(parts: Parts, spec: SourceSpec) -> bool:
    """Whether it costs and is switched off: nothing may be asked of it, whoever asks."""
    facts = parts.kinds.get(spec.kind)
    return facts is not None and facts.paid and spec.key in parts.store.sources.switched_off()


def may_set(parts: Parts, visitor: Visitor, spec: SourceSpec) -> bool:
    """Settings say how much is spent: of a source whose price was agreed to they are the agreer's."""
    facts = parts.kinds.get(spec.kind)
    return facts is None or not facts.paid or visitor.user.role == "admin" or waits_for_yes(parts, spec)


def _key(  # noqa: PLR0913  what a key's line is made of
    parts: Parts,
    visitor: Visitor,
    name: str,
    facts: KindFacts | None,
    note: KeyNote | None,
    notice: KeyNotice | None,
    says: Speech,
) -> KeyView:
    zone = parts.zone(visitor.scope)
    state = "missing" if note is None else "there"
    if note is not None and notice is not None:
        state = "refused" if note.refused_at else "ended" if notice.ended else "soon"
    word, shape, tone = STATES[state]
    users = users_of(name, parts.store.sources.specs(), parts.kinds)
    mine = [spec for spec in users if visitor.scope.regions.intersection(spec.regions)]
    if state == "missing" and not users:
        tone = "off"  # nobody waits for it
    return KeyView(
        name=name,
        what=facts.need.what if facts and facts.need else "",
        platform=facts.title if facts else "",
        state=state,
        word=says.say(word),
        shape=shape,
        tone=tone,
        about=_about(note, notice, zone, says) if note else "",
        used_by=tuple((f"/sumber/{spec.key}", spec.name) for spec in mine),
        held=note is not None,
    )


def _about(note: KeyNote, notice: KeyNotice | None, zone: ZoneInfo, says: Speech) -> str:
    said = [says.say("dibawa %(by)s, %(when)s", by=note.added_by, when=says.moment(note.added_at, zone))]
    ends = notice.ends_at if notice else note.expires_at
    if note.refused_at:
        said.append(says.say("ditolak platform sejak %(when)s", when=says.moment(note.refused_at, zone)))
    if ends:
        said.append(says.say("berlaku sampai %(day)s", day=says.day(ends.astimezone(zone).date())))
    return "; ".join(said)


def _notices(parts: Parts) -> dict[str, KeyNotice]:
    known = parts.store.sources.specs()
    found = parts.store.credentials.expiring(parts.clock(), lasting(known, parts.kinds))
    return {one.note.name: one for one in found}


def _warning(one: KeyNotice, zone: ZoneInfo, says: Speech) -> str:
    name = one.note.name
    if one.note.refused_at:
        return says.say("Kunci %(name)s ditolak platformnya: masukkan yang baru.", name=name)
    day = says.day(one.ends_at.astimezone(zone).date()) if one.ends_at else ""
    if one.ended:
        return says.say("Kunci %(name)s habis masanya %(day)s: masukkan yang baru.", name=name, day=day)
    return says.say("Kunci %(name)s habis masanya %(day)s: siapkan yang baru.", name=name, day=day)


def _tone(one: KeyNotice) -> str:
    return "late" if one.ended else "due"


def _budget(parts: Parts, visitor: Visitor, spec: SourceSpec, says: Speech) -> tuple[BudgetView | None, str]:
    """How a source's account stands, or why that cannot be told."""
    try:
        budget = parts.budget_of(spec)
    except JaringError as cause:
        return None, str(cause)
    if budget is None:
        return None, ""
    return _bar(parts.store.purse.stands(budget, parts.clock()), parts.clock(), parts.zone(visitor.scope), says), ""


def _bar(stands: Spent, now: datetime, zone: ZoneInfo, says: Speech) -> BudgetView:
    budget = stands.budget
    usable = max(1, budget.usable)
    numbers = {
        "spent": says.number(stands.spent),
        "usable": says.number(budget.usable),
        "left": says.number(stands.left),
    }
    label = says.say("%(spent)s dari %(usable)s %(unit)s terpakai", unit=budget.unit, **numbers)
    return BudgetView(
        **numbers,
        unit=budget.unit,
        period=says.say(PERIODS[budget.period]),
        more=says.moment(stands.more_at, zone) if stands.more_at > now else "",
        filled=round(min(100.0, stands.spent / usable * 100), 1),
        mark=round(min(100.0, (stands.spent + stands.left) / usable * 100), 1) if budget.paced else None,
        tone="late" if not stands.left else "ok",
        label=label,
    )
