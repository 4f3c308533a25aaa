"""`jaring analyze`: a pure filter from texts to labels; no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal, TextIO

import orjson
import typer

from domain.errors import Refused
from jaring.console import words
from jaring.lines import Line, parse_line
from jaring.wiring import Hall, choices_of

BATCH = 256  # lines read together: enough to vectorise, little enough to answer while more are typed


def attach(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def analyze(
        region: Annotated[str, typer.Option("--region", help="Slug of the region to decide for.")],
        source: Annotated[Path | None, typer.Option("--in", help="JSONL file; standard input without it.")] = None,
        target: Annotated[Path | None, typer.Option("--out", help="JSONL file; standard output without it.")] = None,
        *,
        fast: Annotated[bool, typer.Option("--fast", help="Only the linear deciders.")] = False,
        best: Annotated[bool, typer.Option("--best", help="Linear deciders and encoder for every post.")] = False,
    ) -> None:
        """Baca teks (satu objek JSON sebaris) dan tulis labelnya; tanpa basis data."""
        if fast and best:
            raise typer.BadParameter("pilih salah satu: --fast atau --best")
        from jaring.analysis import Analysis  # noqa: PLC0415  spaCy takes a second to load

        hall = Hall()
        mode = "fast" if fast else "best" if best else None
        analysis = Analysis.for_region(region, hall.settings.overlays, choices_of(hall.settings, mode))
        refused = 0
        with ExitStack() as files:
            lines: TextIO = files.enter_context(open_text(source)) if source else sys.stdin
            out: TextIO = files.enter_context(open_text(target, "w")) if target else sys.stdout
            for batch in batches(lines):
                good = [line for line in batch if isinstance(line, Line)]
                for bad in batch:
                    if not isinstance(bad, Line):
                        refused += 1
                        words.print(f"jaring: {bad}", style="red", markup=False, soft_wrap=True)
                out.writelines(orjson.dumps(labels).decode() + "\n" for labels in analysis.label(good))
                out.flush()
        if refused:
            raise Refused(f"{refused} baris tidak dapat dibaca dan dilewati; lihat alasannya di atas.")


def open_text(path: Path, mode: Literal["r", "w"] = "r") -> TextIO:
    """Open a file of lines. Raises Refused in one sentence when it cannot be."""
    try:
        return path.open("w", encoding="utf-8") if mode == "w" else path.open(encoding="utf-8-sig")
    except OSError as cause:
        raise Refused(f"{path} tidak dapat dibuka: {cause.strerror}.") from cause


def batches(lines: TextIO) -> Iterator[list[Line | Refused]]:
    """Read lines in batches; a line that cannot be used comes out as the reason why. Refused for what is no text."""
    batch: list[Line | Refused] = []
    for number, raw in enumerate(decoded(lines), start=1):
        if not raw.strip():
            continue
        try:
            batch.append(parse_line(raw, number))
        except Refused as reason:
            batch.append(reason)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def decoded(lines: TextIO) -> Iterator[str]:
    """Lines as they come. Refused when they are not UTF-8."""
    try:
        yield from lines
    except UnicodeDecodeError as cause:
        raise Refused("Masukan bukan teks UTF-8: simpan sebagai JSONL berkode UTF-8.") from cause
