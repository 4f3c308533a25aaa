"""A measured figure and how it stands to what it is compared with."""

from __future__ import annotations

import math
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from jaring.console import table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `value` in `unit`, `limit` the engine's own in the same run (or None), `aim` in words.

    A value that is no number was not measured; the aim says why.
    """

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    aim: str
    met: bool


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "commit": commit.stdout.strip() or None,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def show(figures: list[Figure], out: Path | None) -> None:
    """Print the figures as a table and write them as JSON."""
    table(
        ("ukuran", "hasil", "batas mesin", "rasio", "tujuan", ""),
        [
            (
                f.name, "–" if f.value is None or math.isnan(f.value) else f"{f.value:,.1f} {f.unit}",
                "–" if f.limit is None else f"{f.limit:,.1f} {f.unit}",
                "–" if f.ratio is None else f"{f.ratio:.2f}", f.aim, "tercapai" if f.met else "BELUM",
            )
            for f in figures
        ],
    )  # fmt: skip
    if out is not None:
        out.write_bytes(
            orjson.dumps({**machine(), "figures": [asdict(f) for f in figures]}, option=orjson.OPT_INDENT_2)
        )
