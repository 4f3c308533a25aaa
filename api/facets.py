"""Facets and chips: the found values with counts, each a link that narrows or widens the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.asked import Asked
from api.contexts.search import Choice, Facet, FacetEntry
from api.names import FIELDS, Names
from api.speech import Speech
from domain.search import FacetValue

# Field and how many of its values are shown at once; the next ones stand behind "lainnya".
SHOWN: Final = (
    ("topic", 7), ("kecamatan", 6), ("opd", 6), ("sentiment", 3), ("intent", 5), ("urgency", 3),
    ("channel", 5), ("source", 5), ("language", 3), ("state", 3), ("region", 6),
)  # fmt: skip
MORE: Final = 8
FACET_FIELDS: Final = tuple(field for field, _ in SHOWN)
TONES: Final = {"negatif": "neg", "netral": "neu", "positif": "pos"}


def facets_of(
    found: Mapping[str, Sequence[FacetValue]], asked: Asked, names: Names, says: Speech, *, regions: int
) -> tuple[Facet, ...]:
    """The facets of a search. A field with one value only and none chosen tells nothing and is left out."""
    facets = []
    for field, shown in SHOWN:
        if field == "region" and regions < 2:  # noqa: PLR2004  one region needs no choice
            continue
        entries = _entries(field, found.get(field, ()), asked, names, says)
        if entries:
            clear = asked.without_value(field).href() if asked.values.get(field) else None
            facets.append(Facet(field, says.say(FIELDS[field]), entries[:shown], entries[shown : shown + MORE], clear))
    return tuple(facets)


def chips_of(asked: Asked, names: Names, says: Speech) -> tuple[Choice, ...]:
    """The conditions in force, each with the address of the search without it."""
    chips = []
    if asked.has_days:
        days = [says.short_day(day) for day in dict.fromkeys((asked.first, asked.last)) if day]
        words = " – ".join(days)
        if asked.first is None:
            words = says.say("sampai %(day)s", day=words)
        elif asked.last is None:
            words = says.say("sejak %(day)s", day=words)
        chips.append(Choice(words, asked.on_days(None, None).href()))
    for field, values in asked.values.items():
        for value in values:
            label = says.say("cerita yang sama") if field == "story" else names.of(field, value, says)
            chips.append(Choice(label, asked.without_value(field, value).href()))
    if asked.oversight:
        chips.append(Choice(says.say("berkadar pengawasan"), asked.changed(oversight=False).href()))
    return tuple(chips)


def _entries(
    field: str, found: Sequence[FacetValue], asked: Asked, names: Names, says: Speech
) -> tuple[FacetEntry, ...]:
    chosen = asked.values.get(field, ())
    counts = {value.value: value.count for value in found}
    for value in chosen:
        counts.setdefault(value, 0)
    longest = max(counts.values(), default=0) or 1
    ordered = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
    return tuple(
        FacetEntry(
            label=names.of(field, value, says),
            count=counts[value],
            width=round(counts[value] / longest * 100),
            href=(asked.without_value if value in chosen else asked.with_value)(field, value).href(),
            chosen=value in chosen,
            tone=TONES.get(value, "") if field == "sentiment" else "",
        )
        for value in ordered
    )
