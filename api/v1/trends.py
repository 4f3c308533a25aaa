"""`/api/v1/trends`: how many over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.parts import Rooms
from api.problems import responses
from api.v1.asking import TrendParams
from api.visitors import ApiReader
from domain.search import TrendSeries

router = APIRouter(tags=["trends"])


@router.get("/trends", responses=responses(400, 401, 403, 422, 503))
def read_trend(visitor: ApiReader, parts: Rooms, asked: Annotated[TrendParams, Query()]) -> TrendSeries:
    """A histogram without gaps, in the zone of the region asked for, counting only what the caller may see."""
    zone = parts.zone(visitor.scope, tuple(asked.region))
    return parts.index.aggregate(asked.query(zone, parts.clock()), visitor.scope)
