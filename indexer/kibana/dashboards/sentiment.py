"""Sentimen dan tren: how much is said, in what mood, and how it changes."""

from __future__ import annotations

from indexer.kibana.panels import Dashboard, Grid, Is, Kind, Metric, Over, Panel, Top
from indexer.kibana.views import CASES

_POSTS = (Metric("Kiriman"),)
_STORIES = (Metric("Cerita", "unique_count", "story"),)
_DAYS = Over("@timestamp")

SENTIMENT = Dashboard(
    key="sentimen-dan-tren",
    title="Sentimen dan tren",
    about="Berapa banyak yang dibicarakan, dengan nada apa, dan bagaimana berubahnya. "
    "Yang berkadar pengawasan tidak termasuk.",
    panels=(
        Panel("Kiriman", Kind.NUMBER, CASES, _POSTS, Grid(0, 0, 12, 6)),
        Panel("Cerita", Kind.NUMBER, CASES, _STORIES, Grid(12, 0, 12, 6)),
        Panel(
            "Bernada negatif", Kind.NUMBER, CASES, _POSTS, Grid(24, 0, 12, 6), only=(Is("sentiment", ("negatif",)),)
        ),
        Panel(
            "Mendesak dan darurat", Kind.NUMBER, CASES, _POSTS, Grid(36, 0, 12, 6),
            only=(Is("urgency", ("mendesak", "darurat")),),
        ),
        Panel(
            "Kiriman per hari menurut nada", Kind.BARS, CASES, _POSTS, Grid(0, 6, 32, 13), by=_DAYS,
            split=Top("sentiment", 3),
        ),
        Panel("Nada", Kind.RING, CASES, _POSTS, Grid(32, 6, 16, 13), by=Top("sentiment", 3)),
        Panel(
            "Maksud per hari", Kind.LINE, CASES, _POSTS, Grid(0, 19, 24, 12), by=_DAYS, split=Top("intent", 5)
        ),
        Panel(
            "Mendesak dan darurat per hari", Kind.BARS, CASES, _POSTS, Grid(24, 19, 24, 12), by=_DAYS,
            split=Top("urgency", 2), only=(Is("urgency", ("mendesak", "darurat")),),
        ),
        Panel(
            "Nada menurut saluran", Kind.SHARES, CASES, _POSTS, Grid(0, 31, 24, 13), by=Top("channel"),
            split=Top("sentiment", 3),
        ),
        Panel(
            "Bidang yang paling banyak bernada negatif", Kind.RANKING, CASES, _STORIES, Grid(24, 31, 24, 13),
            by=Top("topic_main", 12), only=(Is("sentiment", ("negatif",)),),
        ),
    ),
)  # fmt: skip
