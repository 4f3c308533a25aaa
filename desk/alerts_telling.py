"""From the hits of watches to alerts: which stories make one, whether it is new, and why it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from desk.alerts_spikes import hour_of, scope_mark
from domain.documents import PostDocument
from domain.scope import Scope
from domain.watches import WatchKind
from domain.watches.why import Why, why
from store import Store
from store.watches import KeptWatch
from store.watches_alerts import DIGEST, HOUR, STORY, Told
from store.watches_marks import Mark

STORIES: Final = 12  # of one alert that are looked at for its reason: the newest
CASES: Final = 4  # of one story
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class AlertState(StrEnum):
    """What its reader did with an alert. A snoozed one is new again when its time is over."""

    NEW = "new"
    SNOOZED = "snoozed"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a watch tells one reader: a story, a day's stories, or an hour out of the usual."""

    kept: KeptWatch
    key: str  # which of the watch's alerts
    kind: WatchKind
    at: datetime
    stories: tuple[str, ...]  # newest first; those of a digest are looked up when it is told
    count: int  # of stories
    state: AlertState = AlertState.NEW
    until: datetime | None = None  # snoozed until then
    usual: float | None = None  # stories that such an hour usually brings
    hour: datetime | None = None  # of a spike: when it began

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{self.kept.watch.id}.{self.key}"


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert with its reason and the newest post of each of its newest stories."""

    alert: Alert
    why: Why
    samples: tuple[PostDocument, ...]


def alerts_for(store: Store, kept: Sequence[KeptWatch], account: str, scope: Scope, now: datetime) -> list[Alert]:
    """The alerts of watches for a reader, newest first."""
    by_id = {one.watch.id: one for one in kept}
    if not by_id:
        return []
    found = [*_of_stories(by_id, store.alerts.told(by_id, scope, now))]
    found += _of_hours(store, by_id, account, scope, now)
    marks = store.alert_marks.marks(account, by_id)
    marked = [_marked(one, marks.get((one.kept.watch.id, one.key)), now) for one in found]
    return sorted(marked, key=lambda one: (-one.at.timestamp(), one.id))


def tell(store: Store, alerts: Sequence[Alert], scope: Scope) -> list[ToldAlert]:
    """Why these alerts are told. Posts are read from truth again, under the reader's scope."""
    digests = {(one.kept.watch.id, one.at) for one in alerts if one.kind is WatchKind.DIGEST}
    held = store.alerts.in_digests(digests, scope, most=STORIES)
    listed = [(one, one.stories[:STORIES] or held.get((one.kept.watch.id, one.at), ())) for one in alerts]
    named = {(one.kept.watch.id, story) for one, stories in listed for story in stories}
    ids = store.alerts.cases_of(named, scope, most=CASES)
    read = {one.id: one for one in store.cases.documents({id_ for some in ids.values() for id_ in some}, scope)}
    told = []
    for alert, stories in listed:
        posts = [[read[id_] for id_ in ids.get((alert.kept.watch.id, story), ()) if id_ in read] for story in stories]
        shown = [documents for documents in posts if documents]
        if shown:
            together = [document for documents in shown for document in documents]
            samples = tuple(documents[0] for documents in shown)
            told.append(ToldAlert(alert, why(alert.kept.watch.q, together), samples))
    return told


def _of_stories(kept: Mapping[str, KeptWatch], told: Iterable[Told]) -> Iterable[Alert]:
    for one in told:
        watch = kept[one.watch]
        if one.story:
            yield Alert(watch, f"{STORY}{one.story}", WatchKind.EACH, one.due_at, (one.story,), 1)
        else:
            yield Alert(watch, f"{DIGEST}{_seconds(one.due_at)}", WatchKind.DIGEST, one.due_at, (), one.stories)


def _of_hours(
    store: Store, kept: Mapping[str, KeptWatch], account: str, scope: Scope, now: datetime
) -> Iterable[Alert]:
    """The spikes that still are ones for this reader: counted anew from what he sees now."""
    spikes = [one for one in store.spikes.kept(account, kept, now) if one.scope == scope_mark(scope)]
    if not spikes:
        return
    stories: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for told in store.spikes.in_spikes(spikes, scope):
        stories[told.watch, hour_of(told.first_at)].append(told.story)
    for one in spikes:
        its = stories[one.watch, one.hour]
        if len(its) >= one.least:
            key = f"{HOUR}{_seconds(one.hour)}"
            yield Alert(
                kept[one.watch], key, WatchKind.SPIKE, one.found_at, tuple(its), len(its), usual=one.usual,
                hour=one.hour,
            )  # fmt: skip


def _marked(alert: Alert, mark: Mark | None, now: datetime) -> Alert:
    if mark is None or (mark.until is not None and mark.until <= now):
        return alert
    state = AlertState.SEEN if mark.until is None else AlertState.SNOOZED
    return replace(alert, state=state, until=mark.until)


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())
