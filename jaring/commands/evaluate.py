"""`jaring eval` and `jaring train`: how good the reading is, and making it better."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import SettingsError


def attach(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("eval")
    def evaluate(
        data: Annotated[Path | None, typer.Option("--data", help="Folder data publik untuk pengukuran.")] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Ukur mutu pembacaan terhadap batas bawahnya."""
        from jaring.evaluation import run  # noqa: PLC0415  loads every model

        if not run(data if data is not None and data.is_dir() else None, json=json):
            raise SettingsError("Ada angka di bawah batasnya; lihat tabel.")
