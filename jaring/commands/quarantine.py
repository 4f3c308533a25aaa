"""`jaring quarantine`: what could not be worked on, why, and another try."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.errors import Refused
from jaring.console import emit, table, words
from jaring.wiring import hall


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Kiriman yang disisihkan beserta alasannya.")
    app.add_typer(group, name="quarantine")

    @group.command("list")
    def list_(
        belt: Annotated[str | None, typer.Option("--belt", help="Hanya antrean ini.")] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Daftar yang disisihkan."""
        with hall() as opened:
            rows = opened.store.quarantine.list(belt=belt)
        if json:
            emit([row.as_dict() for row in rows])
            return
        table(
            ("nomor", "antrean", "kunci", "sejak", "alasan"),
            [(str(r.id), r.belt, r.key, r.at.isoformat(timespec="minutes"), r.reason) for r in rows],
        )

    @group.command()
    def replay(
        ids: Annotated[list[int] | None, typer.Argument(help="Nomor; kosong berarti semua.")] = None,
        belt: Annotated[str | None, typer.Option("--belt", help="Semua dari antrean ini.")] = None,
    ) -> None:
        """Coba lagi yang disisihkan."""
        with hall() as opened:
            if ids:
                there = {row.id for row in opened.store.quarantine.list(belt=belt)}
                if unknown := [number for number in ids if number not in there]:
                    raise Refused(f"Nomor {unknown[0]} tidak ada dalam karantina; lihat `jaring quarantine list`.")
            replayed = opened.store.quarantine.replay(ids=ids or None, belt=belt)
        words.print(f"{replayed} dikembalikan ke antrean.")
