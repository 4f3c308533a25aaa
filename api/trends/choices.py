"""The conditions of a trend: what can be chosen in the form, and what is chosen, each with the way out of it."""

from __future__ import annotations

from api.contexts.search import Choice
from api.contexts.trends import SelectView
from api.names import FIELDS, Names
from api.speech import N_, Speech
from api.trends.asked import TrendAsked
from api.trends.question import Question
from domain.regions import RegionProfile
from domain.scope import within

ALL = N_("semua")


def selects_of(question: Question, says: Speech) -> tuple[SelectView, ...]:
    """The form's lists: only what the reader may see is offered."""
    parts, regions = question.parts, question.regions
    visible = tuple(slug for slug in parts.profiles if slug in question.scope.regions)
    held = question.asked.asked.values
    offered: list[tuple[str, list[tuple[str, str]]]] = []
    if len(visible) > 1:
        offered.append(("region", [(slug, parts.profiles[slug].short) for slug in visible]))
    profile = parts.profiles[regions[0]] if len(regions) == 1 else None  # areas and offices are a region's own
    if profile is not None:
        offered.append(("kecamatan", _areas(profile, "kecamatan", None, question)))
        if len(chosen := held.get("kecamatan", ())) == 1:
            offered.append(("desa", _areas(profile, "desa", chosen[0], question)))
    offered.append(("topic", [(main.code, parts.names.topic(main.code, says)) for main in parts.taxonomy.main]))
    if profile is not None and question.scope.opds is None:
        offered.append(("opd", sorted((a.code, parts.names.short_agency(a.code)) for a in profile.agencies.values())))
    selects = (_select(name, options, question.asked, says) for name, options in offered)
    return tuple(select for select in selects if len(select.options) > 1)


def chips_of(asked: TrendAsked, names: Names, says: Speech) -> tuple[Choice, ...]:
    """The conditions in force besides the days, each with the address of the trend without it."""
    chips = []
    if asked.asked.q:
        chips.append(Choice(f"“{asked.asked.q}”", asked.changed(q="").href()))
    for field, values in asked.asked.values.items():
        for value in values:
            label = says.say("cerita yang sama") if field == "story" else names.of(field, value, says)
            left = TrendAsked(asked.asked.without_value(field, value), asked.compare)
            if field == "kecamatan":
                left = TrendAsked(left.asked.without_value("desa"), asked.compare)
            chips.append(Choice(label, left.href()))
    if asked.asked.oversight:
        chips.append(Choice(says.say("berkadar pengawasan"), asked.changed(oversight=False).href()))
    return tuple(chips)


def _select(name: str, options: list[tuple[str, str]], asked: TrendAsked, says: Speech) -> SelectView:
    held = asked.asked.values.get(name, ())
    chosen = held[0] if len(held) == 1 else ""
    if chosen and chosen not in dict(options):  # a leaf of a topic, say: chosen elsewhere, kept here
        options = [*options, (chosen, chosen)]
    return SelectView(name, says.say(FIELDS[name]), (("", says.say(ALL)), *options), chosen)


def _areas(profile: RegionProfile, level: str, parent: str | None, question: Question) -> list[tuple[str, str]]:
    seen = question.scope.areas
    return [
        (area.kode, area.name)
        for area in profile.areas.values()
        if area.level == level
        and (parent is None or within(area.kode, parent))
        and (seen is None or any(within(area.kode, a) or within(a, area.kode) for a in seen))
    ]
