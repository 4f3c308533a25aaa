"""`jaring region`: list, make and check region folders; how far the machine may go in each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.thresholds import may_route
from domain.errors import Refused
from domain.regions import load_regions
from domain.regions.check import check_region
from domain.regions.scaffold import new_region
from domain.taxonomy import load_taxonomy
from domain.text.mask import mask
from domain.tickets import RoutingMode
from jaring.commands.imports import served
from jaring.commands.people import operator
from jaring.console import emit, pairs, paper, table, words
from jaring.settings import Settings, load_settings
from jaring.wiring import hall, make_home, overlay_folders
from store.backup import holds_something


def attach(app: typer.Typer) -> None:  # noqa: C901  a command each
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Wilayah: profil, kerangka baru, pemeriksaan.")
    app.add_typer(group, name="region")

    @group.command("list")
    def list_(
        *,
        topics: Annotated[bool, typer.Option("--topics", help="Cetak daftar topik.")] = False,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Daftar wilayah yang dikenal, atau topik taksonomi."""
        if topics:
            rows = [t.model_dump() for t in load_taxonomy().topics]
            if json:
                emit(rows)
            else:
                table(
                    ("kode", "nama", "urusan", "kewenangan"),
                    [(t["code"], t["name"], t["urusan"], t["authority"]) for t in rows],
                )
            return
        settings = load_settings()
        profiles = load_regions(None, overlays=overlay_folders(settings.overlays))
        listed = [
            {"slug": p.slug, "name": p.name, "kode": p.kode, "level": p.level, "zone": p.zone_label,
             "areas": len(p.areas), "agencies": len(p.agencies), "served": p.slug in settings.regions}
            for p in profiles.values()
        ]  # fmt: skip
        if json:
            emit(listed)
        else:
            table(
                ("slug", "nama", "kode", "zona", "dilayani"),
                [
                    (str(r["slug"]), str(r["name"]), str(r["kode"]), str(r["zone"]), "ya" if r["served"] else "")
                    for r in listed
                ],
            )

    @group.command()
    def new(
        slug: Annotated[str, typer.Argument(help="Nama folder, misalnya lombok-utara.")],
        kode: Annotated[str, typer.Option("--kode", help="Kode Kemendagri, misalnya 52.08.")],
        into: Annotated[Path | None, typer.Option("--into", help="Folder induk; bawaan: JARING_HOME/regions.")] = None,
    ) -> None:
        """Buat kerangka wilayah baru dari daftar kode nasional."""
        settings = load_settings()
        if into is None:
            make_home(settings.home)
        parent = into or settings.overlays
        parent.mkdir(parents=True, exist_ok=True)
        folder = new_region(slug, kode, parent)
        words.print(f"Kerangka dibuat di {folder}. Layani dengan JARING_REGIONS=...,{slug}", soft_wrap=True)

    @group.command()
    def check(
        folder: Annotated[
            Path | None, typer.Argument(help="Folder wilayah; kosong berarti semua di JARING_HOME/regions.")
        ] = None,
    ) -> None:
        """Periksa folder wilayah dan tunjukkan baris yang salah; tanpa folder, perubahan dari aplikasi juga."""
        settings = load_settings()
        folders = [a_folder(folder)] if folder else sorted(p for p in settings.overlays.glob("*") if p.is_dir())
        findings = [finding for one in folders for finding in check_region(one)]
        told = [f"{finding.file}:{finding.line}: {finding.message}" for finding in findings]
        edits, misfits = (0, []) if folder or told else edits_of(settings)
        for line in (*told, *misfits):
            paper.print(line, soft_wrap=True, markup=False)
        if told or misfits:
            raise Refused(f"{len(told) + len(misfits)} kesalahan.")
        words.print(f"{len(folders)} folder baik.")
        if edits:
            words.print(f"{edits} perubahan dari aplikasi cocok.")

    attach_mode(group)


def attach_mode(group: typer.Typer) -> None:
    """Add `jaring region mode`."""

    @group.command()
    def mode(
        slug: Annotated[str, typer.Argument(help="Wilayah yang dilayani, misalnya lombok-barat.")],
        mode: Annotated[
            RoutingMode | None,
            typer.Argument(help="usulan: tiket menunggu satu klik; otomatis: yang pasti diteruskan."),
        ] = None,
        cap: Annotated[int | None, typer.Option("--cap", help="Paling banyak tiket dari mesin dalam sehari.")] = None,
        sure: Annotated[
            float | None, typer.Option("--sure", help="Peluang OPD, sejak mana mesin boleh meneruskan sendiri.")
        ] = None,
        reason: Annotated[
            str, typer.Option("--reason", help="Alasan menyalakan otomatis walau ketepatannya belum terukur cukup.")
        ] = "",
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Lihat atau atur seberapa jauh mesin boleh membuat tiket di satu wilayah."""
        with hall() as opened:
            served(opened, slug)
            modes = opened.store.modes
            if mode is None and cap is None and sure is None:
                stands = modes.mode(slug)
            else:
                before = modes.mode(slug)
                may_route(opened.store, before, mode or before.mode, before.sure if sure is None else sure, reason)
                stands = modes.set(
                    slug, mode=mode, daily_cap=cap, sure=sure, by=f"cli:{operator()}", now=datetime.now(UTC),
                    reason=mask(reason.strip()).text,
                )  # fmt: skip
        told = {"region": slug, "mode": stands.mode.value, "daily_cap": stands.daily_cap, "sure": stands.sure}
        if json:
            emit({**told, "by": stands.by, "at": stands.at})
        else:
            pairs("mode", told)


def edits_of(settings: Settings) -> tuple[int, list[str]]:
    """How many edits were made in the app for the regions served, and which of them no longer fit, in words."""
    if not holds_something(settings.truth_url):
        return 0, []
    with hall(settings) as opened:
        book = opened.profiles
        made = sum(len(opened.store.region_edits.current(slug)) for slug in book)
        left = [(slug, edit) for slug, edits in book.left_out.items() for edit in edits]
    misfits = [
        f"{slug}/{edit.part}/{edit.key}: perubahan dari aplikasi tidak cocok lagi dengan data di bawahnya; "
        "urungkan di halaman Pengaturan"
        for slug, edit in left
    ]
    return made, misfits


def a_folder(path: Path) -> Path:
    """The path. Refused when it is no folder."""
    if not path.is_dir():
        raise Refused(f"{path} bukan folder wilayah.")
    return path
