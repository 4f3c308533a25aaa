"""The picture of a panel whose table leads: the same rows, drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from api.trends.drawing import Drawing, Mark, Rect, Shape, Words, percent
from api.trends.svg import LETTER, WIDTH
from api.trends.table import Cell, Column, Table
from api.trends.teller import Teller

Answer = TypeVar("Answer")
ROW: Final = 27
TEXT: Final = 12
BAR: Final = 7
SPARK: Final = 20
GAP: Final = 0.012  # between columns, of the width


def drawn_table(table: Table) -> Drawing:
    """Draw a table: words on the left, numbers on the right of their columns, strips as they are."""
    drawn = [(n, column) for n, column in enumerate(table.columns) if column.drawn]
    whole = sum(column.weight for _, column in drawn) or 1
    marks: list[Mark] = []
    x = 0.0
    for n, column in drawn:
        width = column.weight / whole
        marks.append(Mark((_told(column.title, column, x, width, 14, "ink3"),)))
        for row, cells in enumerate(table.rows, 1):
            marks.append(Mark(_cell(cells[n], column, x, width, row * ROW)))
        x += width
    lines = [Mark((Rect("0%", n * ROW + 21 - ROW, "100%", 1, "grid"),)) for n in range(1, len(table.rows) + 1)]
    return Drawing((len(table.rows) + 1) * ROW, (*lines, *marks))


def _cell(cell: Cell, column: Column, x: float, width: float, y: float) -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    at, whole = x, width - GAP
    for part in cell.strip:
        shapes.append(Rect(percent(at), y + 6, percent(max(whole * part.share / 100 - 0.0006, 0.0006)), BAR, part.tone))
        at += whole * part.share / 100
    for n, height in enumerate(cell.spark):
        step, tall = whole / len(cell.spark), max(0.5, height * SPARK)
        shapes.append(Rect(percent(x + n * step), round(y + 18 - tall, 1), percent(step * 0.8), round(tall, 1), "net"))
    if cell.text and not cell.strip and not cell.spark:
        tone = {"": "ink", "quiet": "ink3"}.get(cell.tone, cell.tone)
        shapes.append(_told(cell.text, column, x, width, y + 14, tone))
    return tuple(shapes)


def _told(  # noqa: PLR0913  words and where they stand
    text: str, column: Column, x: float, width: float, y: float, tone: str
) -> Words:
    most = max(4, int((width - GAP) * WIDTH / LETTER))
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    if column.number:
        return Words(percent(x + width - GAP), y, text, tone, TEXT, "end")
    return Words(percent(x), y, text, tone, TEXT)


def draws_table(table: Callable[[Answer, Teller], Table]) -> Callable[[Answer, Teller], Drawing]:
    """Make the `draws` of a panel from its `table`."""
    return lambda answer, teller: drawn_table(table(answer, teller))
