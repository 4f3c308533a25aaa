"""What sources do to a trend: days on which some were not heard, and changes that come from them alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.trends.asked import Stretch
from api.trends.question import Question
from domain.ports import SourceSpec

DAILY: Final = 24 * 60  # minutes: a source that is asked less often may have a day without a crawl
NOTABLE: Final = 0.10  # a change below a tenth is not worth an explanation
FEWEST: Final = 5  # stories: a change of fewer is chance
LOOK_BACK: Final = 90  # days without a post that make a source new
SILENT_FROM: Final = 3  # posts before: who brought fewer may just have had nothing to say
HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class SourceEffect:
    """A change, and what is left of it without the sources that were new or silent in one of the two periods."""

    now: int
    before: int
    rest_now: int
    rest_before: int
    new: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """Whether nothing notable is left, or the contrary."""
        changed, rest = self.now - self.before, self.rest_now - self.rest_before
        return not notable(self.rest_now, self.rest_before) or (changed > 0) != (rest > 0)


def notable(now: int, before: int) -> bool:
    """Whether a change is more than chance and habit."""
    return abs(now - before) >= max(FEWEST, NOTABLE * before)


def unheard(question: Question) -> Mapping[date, tuple[str, ...]]:
    """The days of both periods on which sources that usually bring posts were not heard: which ones."""
    return question.once("unheard", lambda: _unheard(question))


def effect(question: Question) -> SourceEffect | None:
    """What new and silent sources did to the number of stories; None where the change is small or not theirs."""
    if question.before is None or question.asked.asked.values.get("source"):
        return None
    stretch, before = question.stretch, question.before
    now_count, before_count = question.stories(stretch), question.stories(before)
    if not notable(now_count, before_count):
        return None
    now, past = question.top("source", stretch), question.top("source", before)
    deaf, deaf_before = _mostly_unheard(question, stretch), _mostly_unheard(question, before)
    new = {s for s in now if s not in past or s in deaf_before}
    if new:
        earlier = Stretch(before.first - timedelta(days=LOOK_BACK), before.first - timedelta(days=1))
        new -= question.top("source", earlier).keys() - deaf_before
    silent = {s for s, n in past.items() if (s not in now and n >= SILENT_FROM) or s in deaf}
    if not new and not silent:
        return None
    rest = tuple(sorted((now.keys() | past.keys()) - new - silent))
    return SourceEffect(
        now=now_count,
        before=before_count,
        rest_now=question.stories(stretch, {"source": rest}) if rest else 0,
        rest_before=question.stories(before, {"source": rest}) if rest else 0,
        new=tuple(sorted(new, key=lambda s: (-now[s], s))),
        silent=tuple(sorted(silent, key=lambda s: (-past[s], s))),
    )


def heard_sources(question: Question) -> tuple[SourceSpec, ...]:
    """The sources of the regions asked for, and of these the ones asked for, by name."""
    wanted = question.asked.asked.values.get("source", ())
    kept = (s for s in question.specs() if set(s.regions) & set(question.regions) and (not wanted or s.key in wanted))
    return tuple(sorted(kept, key=lambda s: (s.name, s.key)))


def health(question: Question) -> Mapping[str, Mapping[date, str]]:
    """How each source answered on each day of both periods: ok | part | bad | none. A day nobody knows of is absent.

    Days are those of UTC: `none` says that a source was due and nobody asked it, `part` that half of the crawls or
    more were answered, `bad` that fewer were.
    """
    return question.once("health", lambda: _health(question))


def _health(question: Question) -> Mapping[str, Mapping[date, str]]:
    today = question.now.astimezone(question.zone).date()
    known: dict[str, dict[date, str]] = {}
    for one in question.source_days():
        state = "ok" if one.healthy == one.crawls else "part" if one.healthy * 2 >= one.crawls else "bad"
        known.setdefault(one.source, {})[one.day] = state
    for spec in heard_sources(question):
        days = known.get(spec.key)
        if not days or not spec.enabled or spec.every_minutes > DAILY:
            continue
        day = min(days)
        while day < today and day <= question.stretch.last:  # today is not over
            days.setdefault(day, "none")
            day += timedelta(days=1)
    return known


def gaps(question: Question) -> Mapping[date, tuple[str, ...]]:
    """The days of the period on which sources were not heard that usually bring a tenth of the posts or more."""
    usual = _usual(question)
    whole = sum(usual.values())
    return {
        day: keys
        for day, keys in unheard(question).items()
        if question.stretch.first <= day <= question.stretch.last
        and sum(usual.get(key, 0) for key in keys) >= NOTABLE * whole
    }


def _usual(question: Question) -> Mapping[str, int]:
    """How many posts each source brought in both periods."""
    now, past = question.top("source", question.stretch), question.top("source", question.stretch.before)
    return {key: now.get(key, 0) + past.get(key, 0) for key in now.keys() | past.keys()}


def _unheard(question: Question) -> Mapping[date, tuple[str, ...]]:
    usual = _usual(question)
    found: dict[date, list[str]] = {}
    for spec in heard_sources(question):
        if spec.key in usual:
            for day, state in health(question).get(spec.key, {}).items():
                if state in {"bad", "none"}:
                    found.setdefault(day, []).append(spec.key)
    return {day: tuple(keys) for day, keys in found.items()}


def _mostly_unheard(question: Question, stretch: Stretch) -> frozenset[str]:
    """The sources that were not heard on half of the days of a stretch, or more."""
    lost: dict[str, int] = {}
    for day, keys in unheard(question).items():
        if stretch.first <= day <= stretch.last:
            for key in keys:
                lost[key] = lost.get(key, 0) + 1
    return frozenset(key for key, days in lost.items() if days >= stretch.days * HALF)
