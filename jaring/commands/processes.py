"""`jaring run ROOM` and `jaring up`: the processes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from jaring.console import words
from jaring.logs import configure_logs
from jaring.settings import load_settings
from jaring.wiring import hall


class Room(StrEnum):
    """The rooms that run as processes of their own."""

    CRAWLERS = "crawlers"
    NLP = "nlp"
    DESK = "desk"
    INDEXER = "indexer"
    API = "api"


def attach(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command()
    def run(
        room: Annotated[Room, typer.Argument(help="Ruang yang dijalankan.")],
        port: Annotated[int | None, typer.Option("--port", help="Porta server web (hanya api).")] = None,
    ) -> None:
        """Jalankan satu ruang sampai dihentikan (layanan di docker-compose.yml)."""
        settings = load_settings()
        configure_logs(settings)
        if port is not None:
            settings = settings.model_copy(update={"port": port})
        with hall(settings) as opened:
            if room is Room.API:
                from jaring.serve import serve  # noqa: PLC0415  only this process needs the web parts

                serve(opened)
            elif room is Room.CRAWLERS:
                from jaring.schedule import crawl_on_schedule  # noqa: PLC0415  Twisted's reactor is installed on import

                crawl_on_schedule(opened)
            else:
                from jaring.work import run_until_stopped  # noqa: PLC0415  as above

                run_until_stopped(room.value, opened)

    @app.command()
    def setup() -> None:
        """Siapkan basis data, sumber, dan admin pertama, lalu selesai (layanan sekali jalan di docker-compose.yml)."""
        from jaring.up import FIRST_ADMIN, prepare  # noqa: PLC0415  as above

        settings = load_settings()
        configure_logs(settings)
        with hall(settings) as opened:
            password = prepare(opened, sample=False)
        if password:
            words.print(f"Masuk sebagai {FIRST_ADMIN} dengan sandi sekali pakai {password}", markup=False)

    @app.command()
    def up(
        port: Annotated[int | None, typer.Option("--port", help="Porta server web.")] = None,
        *,
        sample: Annotated[
            bool, typer.Option("--sample", help="Muat contoh bawaan bila basis data masih kosong.")
        ] = False,
    ) -> None:
        """Jalankan semuanya di satu mesin: basis data, pembaca, meja, indeks, perayap, dan halaman."""
        from jaring.up import start_all  # noqa: PLC0415  as above

        settings = load_settings()
        configure_logs(settings)
        if port is not None:
            settings = settings.model_copy(update={"port": port})
        start_all(settings, sample=sample)
