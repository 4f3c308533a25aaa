"""`jaring eval` and `jaring train`: how good the reading is, and making it better."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import SettingsError
from jaring.console import progress, words
from jaring.settings import load_settings

STEPS_OF_TRAINING = 18  # what the training says, one step each: for the bar only
STEPS_OF_DISPOSITIONS = 6


@contextmanager
def steps(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar that advances with each thing the training says."""
    with progress(title, total) as advance:

        def say(step: str) -> None:
            words.print(step)
            advance()

        yield say


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

    @app.command("train")
    def train(
        data: Annotated[Path, typer.Option("--data", help="Folder data latih, atau ekspor CSV aduan suatu wilayah.")],
        *,
        map_file: Annotated[Path | None, typer.Option("--map", help="Peta kolom (TOML) ekspor itu.")] = None,
        region: Annotated[str | None, typer.Option("--region", help="Wilayah pemilik ekspor.")] = None,
    ) -> None:
        """Latih model pembacaan; dengan --map dan --region: pelajari disposisi sebuah wilayah dari ekspornya."""
        try:
            from nlp.train.dispositions import train_dispositions  # noqa: PLC0415  needs the extra `train`
            from nlp.train.main import main  # noqa: PLC0415  as above
        except ImportError as cause:
            raise SettingsError("Pelatihan butuh scikit-learn: pip install 'jaring[train]'.") from cause
        if (map_file is None) != (region is None):
            raise typer.BadParameter("--map dan --region dipakai bersama.")
        if map_file is not None and region is not None:
            into = load_settings().home / "dispositions" / f"{region}.npz"
            with steps("Belajar disposisi", STEPS_OF_DISPOSITIONS) as say:
                train_dispositions(data, map_file, into, say=say)
        else:
            with steps("Melatih", STEPS_OF_TRAINING) as say:
                main(data, say=say)
