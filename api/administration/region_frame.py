"""The frame of settings that concern one region: which region is meant, and which may be chosen."""

from __future__ import annotations

from urllib.parse import urlencode

from api.administration.words import tabs
from api.contexts.region_settings import RegionFrame
from api.contexts.settings import Tab
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.errors import NotFound
from domain.regions import RegionProfile


def region_of(parts: Parts, visitor: Visitor, slug: str) -> RegionProfile:
    """The region asked for, else the first visible one. NotFound for one that is not the visitor's."""
    for known, profile in parts.profiles.items():
        if known in visitor.scope.regions and slug in {"", known}:
            return profile
    raise NotFound(N_("Wilayah itu tidak ada."))


def frame_of(  # noqa: PLR0913  what stands around the page
    parts: Parts, visitor: Visitor, profile: RegionProfile, path: str, says: Speech, *, notice: str = "",
    fault: str = "",
) -> RegionFrame:  # fmt: skip
    """The frame around a region's page."""
    seen = [p for slug, p in parts.profiles.items() if slug in visitor.scope.regions]
    links = tuple(Tab(f"{path}?{urlencode({'wilayah': p.slug})}", p.short, p.slug == profile.slug) for p in seen)
    return RegionFrame(
        tabs=tabs(parts, visitor, path.partition("?")[0], says),
        regions=links if len(links) > 1 else (),
        slug=profile.slug,
        name=profile.name,
        notice=notice,
        fault=fault,
    )
