"""Regions as data: one folder per region gives a frozen `RegionProfile`. Pure, but for the overlays handed in."""

from domain.regions.profile import load_regions, package_regions
from domain.regions.records import Agency, Area, Road, ServicePoint, Source
from domain.regions.region import BoundingBox, Point, Population, RegionProfile, UrusanMap, fold_name
from domain.regions.worktime import DayOff, Sla, SlaClass, Span, WorkCalendar

__all__ = [
    "Agency",
    "Area",
    "BoundingBox",
    "DayOff",
    "Point",
    "Population",
    "RegionProfile",
    "Road",
    "ServicePoint",
    "Sla",
    "SlaClass",
    "Source",
    "Span",
    "UrusanMap",
    "WorkCalendar",
    "fold_name",
    "load_regions",
    "package_regions",
]
