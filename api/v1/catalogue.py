"""`/api/v1/sources`, `/regions`, `/topics`: what the values in searches mean."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.parts import Rooms
from api.problems import responses
from api.v1.listings import (
    AgencyAnswer,
    AreaAnswer,
    RegionAnswer,
    RegionList,
    SourceAnswer,
    SourceList,
    TopicAnswer,
    TopicList,
)
from api.visitors import ApiReader
from domain.ports import SourceMemory, SourceSpec
from domain.regions import RegionProfile

router = APIRouter(tags=["catalogue"])


@router.get("/sources", responses=responses(401, 403, 503))
def list_sources(visitor: ApiReader, parts: Rooms) -> SourceList:
    """The sources that listen for the caller's regions, and how they fare."""
    items = tuple(
        _source(spec, memory)
        for spec, memory in parts.store.sources.all()
        if visitor.scope.regions.intersection(spec.regions)
    )
    return SourceList(total=len(items), items=items)


@router.get("/regions", responses=responses(401, 403, 422, 503))
def list_regions(
    visitor: ApiReader,
    parts: Rooms,
    areas: Annotated[bool, Query(description="With all areas: up to some thousands.")] = False,  # noqa: FBT002  a query parameter
) -> RegionList:
    """The caller's regions with their agencies."""
    items = tuple(
        _region(profile, areas=areas) for slug, profile in parts.profiles.items() if slug in visitor.scope.regions
    )
    return RegionList(total=len(items), items=items)


@router.get("/topics", responses=responses(401, 403, 503))
def list_topics(visitor: ApiReader, parts: Rooms) -> TopicList:  # noqa: ARG001  only who is known may ask
    """The taxonomy: one for all regions."""
    items = tuple(TopicAnswer(**topic.model_dump(), main=topic.main) for topic in parts.taxonomy.topics)
    return TopicList(total=len(items), items=items, version=parts.taxonomy.version)


def _source(spec: SourceSpec, memory: SourceMemory) -> SourceAnswer:
    return SourceAnswer(
        key=spec.key,
        name=spec.name,
        kind=spec.kind,
        url=spec.url,
        regions=spec.regions,
        enabled=spec.enabled,
        state=memory.state,
        message=memory.message,
        last_attempt_at=memory.last_attempt_at,
        last_new_at=memory.last_new_at,
        newest_post_at=memory.newest_post_at,
        posts_total=memory.posts_total,
    )


def _region(profile: RegionProfile, *, areas: bool) -> RegionAnswer:
    return RegionAnswer(
        slug=profile.slug,
        name=profile.name,
        kode=profile.kode,
        level=profile.level,
        zone=profile.zone,
        version=profile.version,
        agencies=tuple(
            AgencyAnswer(kode=a.code, name=a.name, level=a.level, verified=a.verified)
            for a in profile.agencies.values()
        ),
        areas=tuple(
            AreaAnswer(kode=a.kode, name=a.name, level=a.level, parent=a.parent) for a in profile.areas.values()
        )
        if areas
        else (),
    )
