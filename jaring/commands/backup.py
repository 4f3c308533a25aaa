"""`jaring backup` and `jaring restore`: truth in one file, without the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jaring.console import words
from jaring.settings import load_settings
from jaring.wiring import hall, make_home


def attach(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command()
    def backup(file: Annotated[Path, typer.Argument(help="Berkas tujuan.")]) -> None:
        """Cadangkan basis data selagi berjalan. Folder kunci (JARING_HOME/keys) disimpan terpisah."""
        with hall() as opened, words.status("Mencadangkan ..."):
            size = opened.store.backup(file)
        words.print(
            f"{file}: {size // 1024} KB. Simpan juga {load_settings().keys.resolve()} di tempat lain.", soft_wrap=True
        )

    @app.command()
    def restore(
        file: Annotated[Path, typer.Argument(help="Berkas cadangan.")],
        *,
        force: Annotated[bool, typer.Option("--force", help="Ganti basis data yang berisi.")] = False,
    ) -> None:
        """Pulihkan basis data dari cadangan, lalu bangun indeks lagi."""
        from store.backup import restore as bring_back  # noqa: PLC0415  only here

        settings = load_settings()
        make_home(settings.home)
        with words.status("Memulihkan ..."):
            bring_back(file, settings.truth_url, force=force)
        words.print("Dipulihkan. Jalankan: jaring index rebuild")
