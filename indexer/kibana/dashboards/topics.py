"""Topik dan tempat: what is said of which places."""

from __future__ import annotations

from indexer.kibana.panels import Dashboard, Grid, Is, Kind, Lacks, Metric, Over, Panel, Top
from indexer.kibana.views import CASES

_POSTS = (Metric("Kiriman"),)
_STORIES = (Metric("Cerita", "unique_count", "story"),)
_BOTH = (*_POSTS, *_STORIES)

TOPICS = Dashboard(
    key="topik-dan-tempat",
    title="Topik dan tempat",
    about="Apa yang dibicarakan, dan tentang tempat yang mana. Yang berkadar pengawasan tidak termasuk.",
    panels=(
        Panel(
            "Topik yang disebut", Kind.NUMBER, CASES, (Metric("Topik", "unique_count", "topic"),), Grid(0, 0, 12, 6)
        ),
        Panel(
            "Kecamatan yang disebut", Kind.NUMBER, CASES, (Metric("Kecamatan", "unique_count", "kecamatan"),),
            Grid(12, 0, 12, 6),
        ),
        Panel("Tanpa kecamatan", Kind.NUMBER, CASES, _POSTS, Grid(24, 0, 12, 6), only=(Lacks("kecamatan"),)),
        Panel("Tanpa OPD", Kind.NUMBER, CASES, _POSTS, Grid(36, 0, 12, 6), only=(Lacks("opd"),)),
        Panel("Topik terbanyak", Kind.RANKING, CASES, _STORIES, Grid(0, 6, 24, 16), by=Top("topic", 15)),
        Panel(
            "Bidang per hari", Kind.AREA, CASES, _POSTS, Grid(24, 6, 24, 16), by=Over("@timestamp"),
            split=Top("topic_main", 8, rest=True),
        ),
        Panel(
            "Bidang di tiap kecamatan", Kind.HEAT, CASES, _STORIES, Grid(0, 22, 32, 16), by=Top("kecamatan_name", 15),
            split=Top("topic_main", 12),
        ),
        Panel("Urusan pemerintahan", Kind.RING, CASES, _POSTS, Grid(32, 22, 16, 16), by=Top("urusan", 10, rest=True)),
        Panel("Tempat terbanyak", Kind.TABLE, CASES, _BOTH, Grid(0, 38, 24, 14), by=Top("place", 25)),
        Panel(
            "Kewenangan atas aduan", Kind.RANKING, CASES, _POSTS, Grid(24, 38, 24, 14), by=Top("authority", 7),
            only=(Is("intent", ("pengaduan",)),),
        ),
    ),
)  # fmt: skip
