"""What the routes work with: the parts handed to the application, and what was made of them once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from api.maps import Maps
from api.names import Names
from api.settings import ApiSettings
from desk.profiles import ProfileBook
from desk.services import DeskServices
from domain.answers import KeptAnswer
from domain.doors import Budget, KindFacts
from domain.ports import PostIndex, QueryEncoder, SourceSpec
from domain.regions import RegionProfile
from domain.scope import Scope
from domain.taxonomy import Taxonomy
from store import Store

if TYPE_CHECKING:
    from api.metrics import Metrics
    from api.render import Pages


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a route may ask. Lives as long as the application."""

    index: PostIndex
    store: Store
    profiles: ProfileBook
    taxonomy: Taxonomy
    settings: ApiSettings
    clock: Callable[[], datetime]
    names: Names
    maps: Maps
    desk: DeskServices
    pages: Pages
    metrics: Metrics
    encoder: QueryEncoder | None = None  # None: posts are found by their words only
    kinds: Mapping[str, KindFacts] = field(default_factory=dict)  # what kinds of sources tell of themselves
    budget_of: Callable[[SourceSpec], Budget | None] = lambda _: None  # what a source may spend
    answer_of: Callable[[str], KeptAnswer] | None = None  # raw answers of sources, where this machine keeps some

    def zone(self, scope: Scope, regions: tuple[str, ...] = ()) -> ZoneInfo:
        """The zone that days are counted in: of the first region asked for, else of the first one visible."""
        for slug in (*regions, *self.profiles):
            if slug in scope.regions and slug in self.profiles:
                return self.profiles[slug].tz
        return ZoneInfo("Asia/Jakarta")

    def zone_of(self, region: str) -> ZoneInfo:
        """The zone of a region's own clocks."""
        profile = self.profiles.get(region)
        return profile.tz if profile else ZoneInfo("Asia/Jakarta")

    def profile(self, region: str) -> RegionProfile | None:
        """The profile of a region, None for one that is no longer served."""
        return self.profiles.get(region)


def parts_of(request: Request) -> Parts:
    """The application's parts."""
    parts: Parts = request.app.state.parts
    return parts


Rooms = Annotated[Parts, Depends(parts_of)]
