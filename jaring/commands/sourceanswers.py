"""`jaring sources answer`: the raw answer that a source failed on, for whoever mends its parser."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Refused
from jaring.console import words
from jaring.wiring import hall


def attach(group: typer.Typer) -> None:
    """Add the command to those about sources."""

    @group.command()
    def answer(
        key: Annotated[str, typer.Argument(help="Kunci sumber.")],
        out: Annotated[Path | None, typer.Option("--out", help="Tulis ke berkas baru; bawaan: keluaran baku.")] = None,
    ) -> None:
        """Tampilkan jawaban mentah tempat sumber gagal. Isinya dapat memuat data pribadi; pembukaannya tercatat."""
        from jaring.replays import failed_answer  # noqa: PLC0415  Scrapy takes a second to load

        with hall() as opened:
            kept = failed_answer(opened, key, getpass.getuser())
        words.print(f"{kept.url} menjawab HTTP {kept.status}, {len(kept.body)} bita, {kept.at:%Y-%m-%d %H:%M} UTC.")
        if out is None:
            sys.stdout.buffer.write(kept.body)
            sys.stdout.buffer.flush()
            return
        try:
            with out.open("xb") as file:
                out.chmod(0o600)
                file.write(kept.body)
        except OSError as cause:
            raise Refused(f"{out} tidak dapat ditulis: {cause.strerror}.") from cause
