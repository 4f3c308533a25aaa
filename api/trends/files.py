"""A panel as a file: its numbers as CSV, its picture as SVG or PNG. The same answer, the same scope as on the page."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

import vl_convert

from api.exports import harmless
from api.parts import Parts
from api.speech import Speech
from api.trends.asked import TrendAsked
from api.trends.choices import chips_of
from api.trends.keep import Keep
from api.trends.page import question_of, teller_of
from api.trends.panel import Panel
from api.trends.svg import as_file
from api.trends.teller import Teller
from api.visitors import Visitor

SCALE: Final = 2.0  # of a PNG: sharp on paper and on dense screens
TYPES: Final = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


def panel_file(  # noqa: PLR0913  what is asked, by whom, in which form
    parts: Parts, visitor: Visitor, asked: TrendAsked, says: Speech, panel: Panel[Any], suffix: str, keep: Keep
) -> tuple[bytes, str]:
    """A panel's file and its name. Leaves an audit line.

    Raises:
        QueryRefused, Refused: the filter cannot be used.
        Unavailable: index or truth does not answer.
    """
    question = question_of(parts, visitor, asked)
    teller = teller_of(question, says)
    answer = keep.answer(panel, question).answer
    table = panel.table(answer, teller)
    if suffix == "csv":
        body = _csv([list(row) for row in table.plain()])
    else:
        notes = tuple(note.text for note in panel.notes(answer, teller))
        picture = as_file(
            panel.draws(answer, teller),
            title=says.say(panel.title),
            about=_about(panel, question.regions, parts, teller),
            notes=notes if table.rows else (says.say(panel.empty), *notes),
            foot=says.say("Jaring, dihitung %(at)s", at=says.moment(question.now, question.zone)),
        )
        body = picture.encode() if suffix == "svg" else vl_convert.svg_to_png(picture, scale=SCALE)
    detail = {"panel": panel.key, "search": asked.href(), "format": suffix}
    parts.store.audit.write(visitor.user.name, "export", "trends", detail, question.now)
    stretch = question.stretch
    return body, f"jaring-{panel.key}-{stretch.first:%Y%m%d}-{stretch.last:%Y%m%d}.{suffix}"


def _about(panel: Panel[Any], regions: tuple[str, ...], parts: Parts, teller: Teller) -> str:
    """Where, when and under which conditions."""
    told = [", ".join(parts.profiles[slug].short for slug in regions), teller.days(teller.stretch)]
    told += [chip.label for chip in chips_of(teller.asked, teller.names, teller.says)]
    if teller.asked.compare:
        told.append(teller.say("dibanding %(days)s", days=teller.days(teller.stretch.before)))
    return " · ".join(one for one in (*told, teller.say(panel.about)) if one)


def _csv(rows: list[list[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read it; no cell can run as a formula."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode()
