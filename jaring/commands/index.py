"""`jaring index`, `jaring reanalyze`: keep the projection in step with truth."""

from __future__ import annotations

from typing import Annotated

import typer

from jaring.console import emit, pairs, progress, words
from jaring.wiring import REBUILD_CHUNK, hall
from jaring.work import drain, turn_of


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Indeks pencarian: bayangan dari basis data, boleh dihapus dan dibangun lagi."
    )
    app.add_typer(group, name="index")

    @group.command()
    def rebuild() -> None:
        """Bangun indeks dari awal; yang lama tetap melayani sampai yang baru penuh."""
        from indexer.rebuild import rebuild as build  # noqa: PLC0415  only here

        with hall() as opened:
            total = opened.store.counts().cases
            with progress("Membangun indeks", total) as advance:
                written = build(opened.index, opened.store.cases.everything(), batch=REBUILD_CHUNK, progress=advance)
            drain(turn_of("indexer", opened))
            words.print(f"{written} kasus diindeks.")

    @group.command()
    def reconcile(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Bandingkan indeks dengan basis data dan perbaiki selisihnya."""
        from indexer.reconcile import reconcile as compare  # noqa: PLC0415  only here

        with hall() as opened:
            report = compare(opened.index, opened.store.cases)
        values = {
            "checked": report.checked, "missing": report.missing, "extra": report.extra, "stale": report.stale,
            "repaired": report.repaired,
        }  # fmt: skip
        emit(values) if json else pairs("Indeks", values)

    @group.command()
    def status(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Keadaan indeks."""
        with hall() as opened:
            document = opened.index.status().model_dump(mode="json")
        emit(document) if json else pairs("Indeks", document)

    @app.command()
    def reanalyze(
        region: Annotated[
            str | None, typer.Option("--region", help="Hanya kiriman yang menyangkut wilayah ini.")
        ] = None,
        *,
        wait: Annotated[bool, typer.Option("--wait/--queue", help="Kerjakan sekarang, atau hanya antrekan.")] = True,
    ) -> None:
        """Baca ulang semua kiriman; label dari orang tetap menang."""
        with hall() as opened:
            queued = opened.store.belts.requeue_all("read", region=region)
            if not wait:
                words.print(f"{queued} kiriman diantrekan.")
                return
            for room, title in (("nlp", "Membaca"), ("desk", "Memutuskan"), ("indexer", "Mengindeks")):
                with progress(title, None if room == "indexer" else queued) as advance:
                    drain(turn_of(room, opened), advance)
