"""Kinerja OPD: how tickets fare at each office. Hours are by the clock, nights and holidays with them."""

from __future__ import annotations

from indexer.kibana.panels import Dashboard, Grid, Is, Kind, Metric, Over, Panel, Past, Top
from indexer.kibana.views import TICKETS

_COUNT = (Metric("Tiket"),)
_ANSWER = Metric("Median jam sampai dijawab", "median", "hours_to_answer", digits=1)
_DONE = Metric("Median jam sampai selesai", "median", "hours_to_done", digits=1)
_OPEN = Is("open", (True,))
_LATE = (_OPEN, Past("clock_at"))

OFFICES = Dashboard(
    key="kinerja-opd",
    title="Kinerja OPD",
    about="Bagaimana tiket berjalan di tiap OPD. Jam dihitung menurut jam dinding, dengan malam dan hari libur; "
    "tepat waktu diukur pada tenggat hari kerja. Tiket yang berkadar pengawasan tidak termasuk.",
    since="now-90d",
    panels=(
        Panel("Tiket dibuka", Kind.NUMBER, TICKETS, _COUNT, Grid(0, 0, 12, 6)),
        Panel("Masih terbuka", Kind.NUMBER, TICKETS, _COUNT, Grid(12, 0, 12, 6), only=(_OPEN,)),
        Panel("Lewat tenggat", Kind.NUMBER, TICKETS, _COUNT, Grid(24, 0, 12, 6), only=_LATE),
        Panel("Jam sampai dijawab", Kind.NUMBER, TICKETS, (_ANSWER,), Grid(36, 0, 12, 6)),
        Panel(
            "Tiap OPD", Kind.TABLE, TICKETS,
            (
                *_COUNT,
                Metric("Median jam sampai didisposisikan", "median", "hours_to_dispose", digits=1),
                _ANSWER,
                Metric("Dijawab tepat waktu", "average", "answered_in_time", percent=True),
                _DONE,
                Metric("Selesai tepat waktu", "average", "done_in_time", percent=True),
            ),
            Grid(0, 6, 48, 15), by=Top("opd", 50),
        ),
        Panel(
            "Keadaan tiket di tiap OPD", Kind.RANKING, TICKETS, _COUNT, Grid(0, 21, 24, 15), by=Top("opd", 15),
            split=Top("state", 10),
        ),
        Panel(
            "Lewat tenggat di tiap OPD", Kind.RANKING, TICKETS, _COUNT, Grid(24, 21, 24, 15), by=Top("opd", 15),
            split=Top("clock_kind", 3), only=_LATE,
        ),
        Panel(
            "Tiket dibuka per minggu", Kind.BARS, TICKETS, _COUNT, Grid(0, 36, 24, 12), by=Over("@timestamp", "1w"),
            split=Top("urgency", 3),
        ),
        Panel(
            "Jam sampai dijawab dan selesai, per minggu", Kind.LINE, TICKETS, (_ANSWER, _DONE), Grid(24, 36, 24, 12),
            by=Over("@timestamp", "1w"),
        ),
        Panel(
            "Bidang di tiap OPD", Kind.HEAT, TICKETS, _COUNT, Grid(0, 48, 32, 15), by=Top("opd", 15),
            split=Top("topic_main", 12),
        ),
        Panel(
            "Tiket di tiap kecamatan", Kind.RANKING, TICKETS, _COUNT, Grid(32, 48, 16, 15),
            by=Top("kecamatan_name", 20),
        ),
    ),
)  # fmt: skip
