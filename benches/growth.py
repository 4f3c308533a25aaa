"""How an engine grows with what it holds, drawn: searches, writes, disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import altair as alt

_HEIGHT, _WIDTH = 170, 230
_COLOURS = {"Elasticsearch": "#0b6e75", "SQLite": "#b5651d"}


@dataclass(frozen=True, slots=True)
class Point:
    """One engine at one size. Times in ms, `rate` in cases written a second since the point before."""

    engine: str
    cases: int
    p50: float
    p95: float
    rate: float
    bytes_per_case: float


def draw(points: Sequence[Point], file: Path) -> None:
    """Write the picture as SVG."""
    rows = alt.Data(values=[asdict(point) for point in points])
    panels = [
        _panel(rows, "p95", "cari, p95 (ms)"),
        _panel(rows, "p50", "cari, p50 (ms)"),
        _panel(rows, "rate", "tulis (kasus/detik)"),
        _panel(rows, "bytes_per_case", "disk (byte/kasus)"),
    ]
    chart = alt.hconcat(*panels).configure_view(stroke=None).configure_axis(gridColor="#e3e6e8", domainColor="#9aa3a8")
    chart.save(file, format="svg")


def _panel(rows: alt.Data, value: str, title: str) -> alt.Chart:
    colours = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    engine = alt.Color("engine:N", scale=colours, legend=alt.Legend(title=None, orient="bottom"))
    size = alt.X("cases:Q", title="kasus di indeks", axis=alt.Axis(format="~s", tickCount=5))
    chart = alt.Chart(rows, height=_HEIGHT, width=_WIDTH, title=title)
    return chart.mark_line(point=True).encode(x=size, y=alt.Y(f"{value}:Q", title=None), color=engine)
