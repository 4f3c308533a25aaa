"""Loading region profiles: package files, then the site's overlays, merged, checked and versioned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from domain.errors import CatalogueError, NotFound
from domain.regions.faults import faults_of
from domain.regions.folder import RegionFiles, Table, overlay, read_folder
from domain.regions.region import RegionProfile
from domain.wording import describe

HEAD = "region.toml"


def package_regions() -> dict[str, Traversable]:
    """Folders of the regions that ship with Jaring, by slug."""
    return _regions_in(files(__package__))


def load_regions(slugs: Iterable[str] | None = None, overlays: Sequence[Path] = ()) -> dict[str, RegionProfile]:
    """Profiles by slug: those asked for, or all that the package and the overlays hold.

    `overlays` are folders that hold one folder per region; later ones win. A region may live in an overlay alone.
    NotFound for a slug that is nowhere; CatalogueError when a folder cannot be used.
    """
    return build_profiles(load_files(slugs, overlays))


def load_files(slugs: Iterable[str] | None = None, overlays: Sequence[Path] = ()) -> dict[str, RegionFiles]:
    """The merged files of regions by slug, for whoever lays something over them. As `load_regions`."""
    places = [package_regions(), *(_overlay_regions(place) for place in overlays)]
    known = {slug for place in places for slug in place}
    wanted = sorted(known) if slugs is None else list(dict.fromkeys(slugs))
    if missing := [slug for slug in wanted if slug not in known]:
        raise NotFound(
            f"Wilayah {missing[0]} tidak dikenal; yang ada: {', '.join(sorted(known))}. "
            "Buat yang lain dengan `jaring region new`."
        )
    return {slug: merged_files(slug, places) for slug in wanted}


def build_profiles(files_of: Mapping[str, RegionFiles]) -> dict[str, RegionProfile]:
    """The profiles of regions that are served together. CatalogueError when one, or all of them, do not hold."""
    profiles = {slug: build_profile(slug, found) for slug, found in files_of.items()}
    _refuse_shared_prefixes(profiles)
    return profiles


def merged_files(slug: str, places: Iterable[Mapping[str, Traversable]]) -> RegionFiles:
    """The files of one region from every place that has it, later places laid over earlier ones."""
    merged = RegionFiles()
    for place in places:
        if slug in place:
            merged = overlay(merged, read_folder(place[slug]))
    return merged


def build_profile(slug: str, found: RegionFiles) -> RegionProfile:
    """A profile from merged files. CatalogueError when something is missing or does not hold together."""
    profile = validated_profile(slug, found)
    for fault in faults_of(profile):
        raise CatalogueError(f"{slug}/{fault.file}: {fault.message}")
    return profile


def validated_profile(slug: str, found: RegionFiles) -> RegionProfile:
    """A profile whose entries are valid each for itself; whether they hold together is not yet asked."""
    entries = {name: _without_remove(table) for name, table in found.entries.items()}
    try:
        return RegionProfile.model_validate(
            {
                **found.tables.get(HEAD, {}),
                "slug": slug,
                "version": _version(found),
                "agencies": entries.get("agencies.toml", {}),
                "urusan": found.tables.get("urusan.toml", {}),
                "areas": entries.get("areas.csv", {}),
                "roads": entries.get("roads.toml", {}),
                "points": entries.get("points.toml", {}),
                "sources": entries.get("sources.toml", {}),
                "calendar": found.tables.get("calendar.toml", {}),
                "sla": found.tables.get("sla.toml", {}),
            }
        )
    except ValidationError as cause:
        raise CatalogueError(f"Wilayah {slug}: {describe(cause.errors()[0])}") from cause


def _without_remove(entries: Mapping[str, Table]) -> dict[str, Table]:
    return {key: {name: value for name, value in entry.items() if name != "remove"} for key, entry in entries.items()}


def _version(found: RegionFiles) -> str:
    content = json.dumps([found.tables, found.entries], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _overlay_regions(place: Path) -> dict[str, Traversable]:
    if not place.is_dir():
        return {}
    return {folder.name: folder for folder in sorted(place.iterdir()) if folder.is_dir() and _is_slug(folder.name)}


def _regions_in(place: Traversable) -> dict[str, Traversable]:
    folders = sorted((folder for folder in place.iterdir() if folder.is_dir()), key=lambda folder: folder.name)
    return {
        folder.name: folder
        for folder in folders
        if folder.joinpath("agencies.toml").is_file() and _is_slug(folder.name)
    }


def _is_slug(name: str) -> bool:
    return name[:1] not in {"_", "."}


def _refuse_shared_prefixes(profiles: Mapping[str, RegionProfile]) -> None:
    """Ticket codes begin with a region's prefix: two regions that share one could give two tickets the same code."""
    owner: dict[str, str] = {}
    for slug, profile in profiles.items():
        first = owner.setdefault(profile.ticket_prefix, slug)
        if first != slug:
            raise CatalogueError(
                f"{first} dan {slug} memakai ticket_prefix {profile.ticket_prefix} yang sama: ubah salah satunya."
            )
