"""Regions as data: one folder per region gives a frozen `RegionProfile`. Pure, but for the overlays handed in."""

from domain.regions.boundaries import Border, area_at, borders, read_topojson
from domain.regions.check import Finding, check_region
from domain.regions.edits import RegionEdit, edited, grown, removal
from domain.regions.folder import RegionFiles
from domain.regions.national import NationalArea, national_area, read_national, regencies
from domain.regions.profile import build_profile, build_profiles, load_files, load_regions, package_regions
from domain.regions.records import Agency, Area, Road, ServicePoint, Source
from domain.regions.reference import PlaceEntry, gazetteer_entries
from domain.regions.region import BoundingBox, Point, Population, RegionProfile, UrusanMap, fold_name
from domain.regions.scaffold import new_region
from domain.regions.worktime import DayOff, Sla, SlaClass, Span, WorkCalendar

__all__ = [
    "Agency",
    "Area",
    "Border",
    "BoundingBox",
    "DayOff",
    "Finding",
    "NationalArea",
    "PlaceEntry",
    "Point",
    "Population",
    "RegionEdit",
    "RegionFiles",
    "RegionProfile",
    "Road",
    "ServicePoint",
    "Sla",
    "SlaClass",
    "Source",
    "Span",
    "UrusanMap",
    "WorkCalendar",
    "area_at",
    "borders",
    "build_profile",
    "build_profiles",
    "check_region",
    "edited",
    "fold_name",
    "gazetteer_entries",
    "grown",
    "load_files",
    "load_regions",
    "national_area",
    "new_region",
    "package_regions",
    "read_national",
    "read_topojson",
    "regencies",
    "removal",
]
