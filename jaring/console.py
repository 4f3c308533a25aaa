"""How commands speak: JSON alone on standard output, words and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

UNFOLDED = 2_000  # columns of a table that no terminal shows

words = Console(stderr=True, highlight=False)
paper = Console(highlight=False)


class Advance(Protocol):
    """Reports progress: `done` more steps of work."""

    def __call__(self, done: int = 1, of: int | None = None) -> None: ...


def emit(document: object) -> None:
    """Print one JSON document on standard output, and nothing else."""
    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")
    sys.stdout.flush()


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Advance]:
    """A progress bar on standard error; `total` is None where the end is not known."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=words,
    ) as bar:
        task = bar.add_task(title, total=total)

        def advance(done: int = 1, of: int | None = None) -> None:
            bar.update(task, advance=done, total=of)

        yield advance


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str | None = None) -> None:
    """Print a table for people: whole in a pipe, folded to a terminal's width, the first column never cut."""
    sheet = Table(title=title, box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        sheet.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        sheet.add_row(*map(Text, row))
    out = paper if paper.is_terminal else Console(highlight=False, width=UNFOLDED)
    out.print(sheet)


def pairs(title: str, values: Mapping[str, object]) -> None:
    """Print named values for people."""
    table((title, ""), [(name, str(value)) for name, value in values.items()])
