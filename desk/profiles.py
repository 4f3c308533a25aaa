"""The profiles in force: package and overlay as they were at the start, with what the center changed since laid over.

A `ProfileBook` is the mapping of profiles that every room is handed. It looks at truth for new edits at most every few
seconds, so that a correction made on a page holds in every process without a restart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from domain.errors import CatalogueError, NotFound, Refused, Unavailable
from domain.regions import RegionEdit, RegionFiles, RegionProfile, build_profile, build_profiles, edited, grown
from store.region_edits import RegionEdits

LOOK_SECONDS: Final = 2.0  # how long a change may take to be noticed elsewhere: one small query in so many seconds

log = structlog.get_logger("jaring.profiles")


class ProfileBook(Mapping[str, RegionProfile]):
    """Profiles by slug, always the newest. Safe to share between threads; a profile got from it never changes."""

    def __init__(
        self,
        below: Mapping[str, RegionFiles],
        edits: RegionEdits,
        *,
        every: float = LOOK_SECONDS,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """CatalogueError when package and overlay do not hold together by themselves."""
        self._below = dict(below)
        self._edits = edits
        self._every, self._tick = every, tick
        self._lock = threading.Lock()
        self._profiles = build_profiles(self._below)
        self._left_out: dict[str, tuple[RegionEdit, ...]] = {}
        self._seen, self._next = 0, 0.0
        self.look(now=True)

    def __getitem__(self, slug: str) -> RegionProfile:
        self.look()
        return self._profiles[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)

    @property
    def version(self) -> int:
        """A number that changes whenever any profile may have: what is made of profiles is made anew then."""
        self.look()
        return self._seen

    @property
    def left_out(self) -> Mapping[str, tuple[RegionEdit, ...]]:
        """Edits by region that no longer fit what lies below them, and therefore do not count."""
        self.look()
        return self._left_out

    def look(self, *, now: bool = False) -> None:
        """Take in what was changed since the last look. While truth does not answer, what is known holds."""
        if not now and self._tick() < self._next:
            return
        if not self._lock.acquire(blocking=now):
            return  # another thread looks
        try:
            self._next = self._tick() + self._every
            version = self._edits.version()
            if version != self._seen:
                merged = {slug: self._merged(slug, self._edits.current(slug)) for slug in self._below}
                self._profiles = {slug: profile for slug, (profile, _) in merged.items()}
                self._left_out = {slug: left for slug, (_, left) in merged.items() if left}
                self._seen = version
        except Unavailable as failure:
            log.warning("perubahan wilayah belum terbaca", reason=str(failure))
        finally:
            self._lock.release()

    def below(self, region: str) -> RegionProfile:
        """The profile of a region without any edit. NotFound for one that is not served."""
        return build_profile(region, self._files(region))

    def tried(self, region: str, edits: Sequence[RegionEdit]) -> RegionProfile:
        """What a region would be with exactly these edits. Refused, with the reason, when it would not hold."""
        try:
            return build_profile(region, edited(self._files(region), edits))
        except CatalogueError as cause:
            raise Refused(f"Perubahan ini tidak dapat dipakai: {_reason(cause, region)}.") from cause

    def tried_with(self, region: str, edits: Sequence[RegionEdit]) -> RegionProfile:
        """What a region would be with these edits over those that stand. Refused when it would not hold."""
        return self.tried(region, list(grown(self._edits.current(region), edits).values()))

    def change(
        self, region: str, edits: Sequence[RegionEdit], by: str, now: datetime, *, note: str | None = None
    ) -> None:
        """Change entries of a region. Refused, with the reason, when the profile would not hold together."""
        self._edits.change(region, edits, by, now, note=note, check=lambda all_: self._must_hold(region, all_))
        self.look(now=True)

    def undo(self, region: str, ids: Sequence[int], by: str, now: datetime) -> None:
        """Take changes back. Refused when what is left would not hold; Conflict when a later change replaced one."""
        self._edits.undo(region, ids, by, now, check=lambda all_: self._must_hold(region, all_))
        self.look(now=True)

    def _must_hold(self, region: str, edits: Sequence[RegionEdit]) -> None:
        self.tried(region, edits)

    def _files(self, region: str) -> RegionFiles:
        if region not in self._below:
            raise NotFound(f"Wilayah {region} tidak dilayani di sini.")
        return self._below[region]

    def _merged(self, region: str, edits: list[RegionEdit]) -> tuple[RegionProfile, tuple[RegionEdit, ...]]:
        """The profile with all edits; where a newer package no longer takes them all, with those that it takes."""
        try:
            return self.tried(region, edits), ()
        except Refused as cause:
            log.warning("perubahan wilayah tidak cocok lagi", region=region, reason=str(cause))
        kept: list[RegionEdit] = []
        waiting, before = edits, len(edits) + 1
        while waiting and len(waiting) < before:  # one edit may need another that comes later
            before = len(waiting)
            waiting = [edit for edit in waiting if not self._takes(region, kept, edit)]
        return self.tried(region, kept), tuple(waiting)

    def _takes(self, region: str, kept: list[RegionEdit], edit: RegionEdit) -> bool:
        try:
            self.tried(region, [*kept, edit])
        except Refused:
            return False
        kept.append(edit)
        return True


def _reason(cause: CatalogueError, region: str) -> str:
    """The fault in words, without the names of region and file."""
    said = str(cause).removeprefix(f"Wilayah {region}: ")
    return said.partition(": ")[2] if said.startswith(f"{region}/") else said
