"""The filters of the queue: what may be chosen, and what is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.contexts.post import Option
from api.contexts.triage import FilterSelect
from api.names import FIELDS
from api.parts import Parts
from api.speech import Speech
from api.triage.asked import DeskAsked


def filters_of(parts: Parts, asked: DeskAsked, regions: Sequence[str], says: Speech) -> tuple[FilterSelect, ...]:
    """Region where there are several, kecamatan, main topic."""
    filters = []
    if len(regions) > 1:
        slugs = (Option(slug, parts.names.of("region", slug, says)) for slug in regions)
        filters.append(_select("region", "region", asked.region, says.say("Semua wilayah"), slugs, says))
    shown = [asked.region] if asked.region in regions else regions
    profiles = [profile for slug in shown if (profile := parts.profile(slug)) is not None]
    several = len(profiles) > 1
    areas = (
        Option(area.kode, area.name, profile.short if several else "")
        for profile in profiles
        for area in profile.areas.values()
        if area.level == "kecamatan"
    )
    filters.append(_select("area", "kecamatan", asked.area, says.say("Semua kecamatan"), areas, says))
    mains = (Option(main.code, parts.names.topic(main.code, says)) for main in parts.taxonomy.main)
    filters.append(_select("topic", "topic", asked.topic, says.say("Semua topik"), mains, says))
    return tuple(filters)


def _select(  # noqa: PLR0913  what a select is made of
    name: str, field: str, value: str, everything: str, options: Iterable[Option], says: Speech
) -> FilterSelect:
    return FilterSelect(name, says.say(FIELDS[field]), value, (Option("", everything), *options))
