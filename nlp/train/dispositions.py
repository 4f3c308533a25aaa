"""Learns a region's own dispositions: from an export of its complaints with the agency each was sent to.

The map is the importers' column map (`[columns]` with `text`, `agency`, and where there are any `title`, `place`,
`published_at`), with an optional `[agencies]` table that joins or renames agencies; a name may hold `*`:
`"Kelurahan *" = "KELURAHAN"`.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from domain.errors import Refused
from domain.posts import words
from domain.text.mask import mask
from nlp.encoder.opinion import Opinion
from nlp.linear.dispositions import HEAD, complaint
from nlp.linear.weights import Weights, save_weights
from nlp.train.fit import Lesson, fit_heads

SEED = 20_260_101
KEEP = 60_000
LEAST_ROWS = 200  # fewer teach nothing that the region's urusan map does not say better
_LEAST_OF_CLASS = 2  # an agency seen once cannot be checked against an unseen complaint
_STRENGTH = 1.0
_BALANCE = 1.0  # catch-all agencies get many complaints and deserve few


@dataclass(frozen=True, slots=True)
class Disposition:
    """One past complaint and the agency that it was sent to. `day` is ISO or empty.

    `weight` is what it counts against a row of an export; those of a `group` are copies of one.
    """

    text: str
    agency: str
    place: str = ""
    day: str = ""
    weight: float = 1.0
    group: str = ""


@dataclass(frozen=True, slots=True)
class ExportMap:
    """Which columns hold what, and how agencies are joined."""

    columns: Mapping[str, str]
    agencies: Mapping[str, str]

    def agency(self, name: str) -> str:
        """The agency's code, or its name where the map does not speak of it."""
        named = name.strip()
        return next((code for pattern, code in self.agencies.items() if fnmatchcase(named, pattern)), named)


def read_map(path: Path) -> ExportMap:
    """Read a map.

    Raises:
        Refused: it cannot be read, or does not name the columns of text and agency.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise Refused(f"{path}: cannot be used as a map: {cause}") from cause
    columns = table.get("columns", {})
    if missing := {"text", "agency"} - set(columns):
        raise Refused(f"{path}: [columns] must name the column of {' and '.join(sorted(missing))}")
    return ExportMap(columns, table.get("agencies", {}))


def read_export(path: Path, export: ExportMap) -> Iterator[Disposition]:
    """Yield the complaints of a CSV export that have a text and an agency, personal data masked.

    Raises:
        Refused: the file cannot be read or has not the columns of the map.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            absent = set(export.columns.values()) - set(reader.fieldnames or ())
            if absent:
                raise Refused(f"{path}: has no column {', '.join(sorted(absent))}")
            for row in reader:
                cell = {what: (row[column] or "").strip() for what, column in export.columns.items()}
                if cell["text"] and cell["agency"]:
                    yield Disposition(
                        mask(words(cell.get("title") or None, cell["text"])).text,
                        export.agency(cell["agency"]),
                        mask(cell.get("place", "")).text,
                        _iso_day(cell.get("published_at", "")),
                    )
    except OSError as cause:
        raise Refused(f"{path}: cannot be read ({cause.strerror})") from cause


def fit(
    rows: Iterable[Disposition],
    *,
    seed: int = SEED,
    say: Callable[[str], None] = lambda _: None,
    least: int = LEAST_ROWS,
) -> Weights:
    """Return the weights of a region's dispositions.

    Raises:
        Refused: there are fewer than `least` complaints, or they all went to one agency.
    """
    known = usable(list(rows), least)
    texts = [complaint(x.text, x.place) for x in known]
    lesson = lesson_of(known, balance=_BALANCE)
    vocabulary, idf, heads = fit_heads(texts, [lesson], keep=KEEP, seed=seed, say=say)
    return Weights(f"dispositions-{date.today():%Y.%m}", vocabulary, idf, heads)  # noqa: DTZ011  a name, not a moment


def lesson_of(known: Sequence[Disposition], *, balance: float) -> Lesson:
    """Return what a head learns from complaints, a text each, in their order."""
    return Lesson(
        HEAD,
        np.arange(len(known)),
        np.array([x.agency for x in known], dtype=object),
        np.array([x.weight for x in known]),
        np.array([x.group or x.text for x in known], dtype=object),
        _STRENGTH,
        balance=balance,
        chars=False,
    )


def write_dispositions(
    weights: Weights, into: Path, *, opinion: Opinion | None = None, say: Callable[[str], None] = print
) -> int:
    """Write a region's weights to a file that a running process may be reading; return its size in bytes.

    The encoder's opinion, where there is one, stands in the same file.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    part = into.with_name(into.name + ".part")
    size = save_weights(weights, part, beside=opinion.arrays() if opinion is not None else None)
    part.replace(into)
    say(f"{into}: {size / 1e6:.2f} MB")
    return size


def _iso_day(told: str) -> str:
    """The day of a moment as ISO has it; empty where it is told otherwise: days are put in order as text."""
    try:
        return date.fromisoformat(told[:10]).isoformat()
    except ValueError:
        return ""


def usable(rows: Sequence[Disposition], least: int) -> list[Disposition]:
    """Return the complaints of agencies that got at least two.

    Raises:
        Refused: they are fewer than `least`, or all went to one agency.
    """
    count = Counter(x.agency for x in rows)
    known = [x for x in rows if count[x.agency] >= _LEAST_OF_CLASS]
    if len(known) < least or len({x.agency for x in known}) < 2:  # noqa: PLR2004  a choice needs two
        raise Refused(f"{len(known)} complaints of {len(count)} agencies are too few to learn from; {least} are needed")
    return known
