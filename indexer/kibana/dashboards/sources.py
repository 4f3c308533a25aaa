"""Kesehatan sumber: what each source brought, day by day, and how late. What brings nothing is told on page Sumber."""

from __future__ import annotations

from indexer.kibana.panels import Dashboard, Grid, Is, Kind, Metric, Over, Panel, Top
from indexer.kibana.views import ARRIVALS

_POSTS = (Metric("Kiriman"),)
_STORIES = Metric("Cerita", "unique_count", "story")
_LATE = Metric("Median jam terlambat", "median", "late_hours", digits=1)
_LATEST = Metric("Jam terlambat, persentil 95", "percentile", "late_hours", rank=95, digits=1)
_DAYS = Over("ingested_at")
_SURE = (Is("date_trust", ("pasti",)),)  # only a date that is sure tells how late something came

SOURCES = Dashboard(
    key="kesehatan-sumber",
    title="Kesehatan sumber",
    about="Apa yang dibawa tiap sumber dari hari ke hari, dan seberapa terlambat, dihitung dari kiriman yang masuk. "
    "Sumber yang tidak membawa apa-apa tidak tampak di sini: lihat halaman Sumber.",
    panels=(
        Panel(
            "Sumber yang membawa kiriman", Kind.NUMBER, ARRIVALS, (Metric("Sumber", "unique_count", "source"),),
            Grid(0, 0, 12, 6),
        ),
        Panel("Kiriman masuk", Kind.NUMBER, ARRIVALS, _POSTS, Grid(12, 0, 12, 6)),
        Panel("Jam terlambat", Kind.NUMBER, ARRIVALS, (_LATE,), Grid(24, 0, 12, 6), only=_SURE),
        Panel("Jam terlambat, persentil 95", Kind.NUMBER, ARRIVALS, (_LATEST,), Grid(36, 0, 12, 6), only=_SURE),
        Panel(
            "Kiriman per hari dari tiap sumber", Kind.BARS, ARRIVALS, _POSTS, Grid(0, 6, 48, 14), by=_DAYS,
            split=Top("source", 15, rest=True),
        ),
        Panel(
            "Sumber dan hari", Kind.HEAT, ARRIVALS, _POSTS, Grid(0, 20, 32, 16), by=_DAYS, split=Top("source", 25)
        ),
        Panel("Kepastian tanggal", Kind.RING, ARRIVALS, _POSTS, Grid(32, 20, 16, 16), by=Top("date_trust", 4)),
        Panel(
            "Tiap sumber", Kind.TABLE, ARRIVALS, (*_POSTS, _STORIES, _LATE, _LATEST), Grid(0, 36, 28, 15),
            by=Top("source", 100),
        ),
        Panel(
            "Jam terlambat per hari menurut saluran", Kind.LINE, ARRIVALS, (_LATE,), Grid(28, 36, 20, 15), by=_DAYS,
            split=Top("channel", 6), only=_SURE,
        ),
    ),
)  # fmt: skip
