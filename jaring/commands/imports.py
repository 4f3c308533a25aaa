"""`jaring import`: a file of complaints in, by a column map."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from crawlers.importers.chat_heads import Order
from crawlers.importers.chat_names import Discretion
from crawlers.importers.mapping import load_map
from crawlers.importers.run import ImportReport, Progress, import_file
from domain.errors import Refused
from domain.regions import RegionProfile
from jaring.console import emit, progress, words
from jaring.wiring import Hall, hall
from jaring.work import drain, turn_of

WORK = (("nlp", "read", "Membaca"), ("desk", "decide", "Memutuskan"), ("indexer", "index", "Mengindeks"))


def attach(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="Berkas CSV, XLSX, JSONL, atau obrolan WhatsApp (.txt).")],
        map_: Annotated[
            str,
            typer.Option(
                "--map", help="Peta kolom: umum, sp4n, surabaya, pendengar, whatsapp, atau berkas TOML sendiri."
            ),
        ],
        region: Annotated[str, typer.Option("--region", help="Slug wilayah yang menerima kiriman ini.")],
        source: Annotated[
            str | None, typer.Option("--source", help="Kunci sumber; bawaan: yang ada di peta kolom.")
        ] = None,
        dates: Annotated[
            Order | None,
            typer.Option(
                "--dates", help="Obrolan WhatsApp: hari dahulu (dmy) atau bulan dahulu (mdy), bila berkasnya meragukan."
            ),
        ] = None,
        *,
        work: Annotated[
            bool,
            typer.Option("--work/--no-work", help="Baca dan indeks sekarang juga; bawaan: oleh proses yang berjalan."),
        ] = False,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Masukkan berkas aduan; baris yang rusak disisihkan ke berkas karantina, sisanya masuk."""
        column_map = load_map(map_)
        with hall() as opened:
            profile = served(opened, region)
            with meter(f"Mengimpor {file.name}") as tell:
                report = import_file(
                    file,
                    column_map,
                    opened.store.intake,
                    region=profile.slug,
                    zone=profile.zone,
                    quarantine=opened.settings.home / "quarantine",
                    now=datetime.now(UTC),
                    discretion=discretion(opened, profile),
                    order=dates,
                    source=source,
                    progress=tell,
                )
            if work:
                work_now(opened)
        emit(report.as_dict()) if json else say(report)


def served(opened: Hall, region: str) -> RegionProfile:
    """The profile of a region that this installation serves. Refused names those that it does."""
    try:
        return opened.profiles[region]
    except KeyError as cause:
        raise Refused(
            f"Wilayah {region} tidak dilayani di sini; yang dilayani: {', '.join(opened.profiles)}. "
            "Tambahkan pada JARING_REGIONS, atau buat dengan `jaring region new`."
        ) from cause


def discretion(opened: Hall, profile: RegionProfile) -> Discretion:
    """How chats are read here: marked by this installation's keys, with the region's places left as they are."""
    named = [(place.name, place.aliases) for place in profile.areas.values()]
    named += [(place.name, place.aliases) for place in profile.roads.values()]
    named += [(place.name, place.aliases) for place in profile.points.values()]
    spare = frozenset(word.lower() for name, aliases in named for word in (name, *aliases))
    return Discretion(mark=lambda words: opened.store.keys.fingerprint(None, words), spare=spare)


@contextmanager
def meter(title: str) -> Iterator[Progress]:
    """A bar on standard error of how much of a file is read, and how long the rest will take."""
    with Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=words,
    ) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, size: int) -> None:
            bar.update(task, completed=done, total=size)

        yield tell


def work_now(opened: Hall) -> None:
    """Read, decide and index what waits, in this process."""
    for room, belt, title in WORK:
        with progress(title, opened.store.belts.depth()[belt].waiting or None) as advance:
            drain(turn_of(room, opened), advance)
    opened.index.refresh()


def say(report: ImportReport) -> None:
    """Tell people what an import came to."""
    words.print(
        f"{report.read} baris dibaca: {report.added} baru, {report.revised} berubah, {report.unchanged} sudah ada, "
        f"{report.quarantined} disisihkan."
    )
    if report.skipped:
        words.print(f"{report.skipped} baris tanpa kata orang dilewati: pesan sistem, gambar, dan pesan yang dihapus.")
    if report.quarantine:
        words.print(f"Yang disisihkan beserta alasannya: {report.quarantine}", soft_wrap=True)
